// How much one account may bring in a day, at every door.
#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

constexpr std::size_t kQuota = 10'000;

class DailyQuotaOverHttp : public ::testing::Test {
 protected:
  json limits() { return server_.get(anna_, "/api/v1/limits"); }
  std::size_t used() { return limits().at("daily_quota_used"); }
  static std::string text(std::size_t size, char of) { return std::string(size, of); }
  RawResponse send_form(const std::string& bytes) {
    return server_.ask(anna_, "POST", "/api/v1/documents", multipart("a.pdf", bytes), kMultipart);
  }
  RawResponse begin_upload(std::size_t length) {
    return server_.ask(anna_, "POST", "/api/v1/uploads", "",
                       {{"Tus-Resumable", "1.0.0"},
                        {"Upload-Length", std::to_string(length)},
                        {"Upload-Metadata", "filename YS5wZGY="}});
  }
  RawResponse send_rest(const std::string& upload, const std::string& bytes, std::size_t offset = 0) {
    return server_.ask(anna_, "PATCH", upload, bytes,
                       {{"Tus-Resumable", "1.0.0"},
                        {"Content-Type", "application/offset+octet-stream"},
                        {"Upload-Offset", std::to_string(offset)}});
  }
  // `framing` and what follows it as it is: the description has nothing of WebDAV.
  RawResponse dav(const std::string& request, const std::string& framing) {
    RawClient client(server_.server->port());
    client.send(request + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + anna_ + "\r\n" + framing);
    return client.receive().value_or(RawResponse());
  }
  RawResponse put(const std::string& path, const std::string& bytes) {
    return dav("PUT " + path, "Content-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes);
  }
  static void expect_refused(const RawResponse& response) {
    EXPECT_EQ(response.status, 507);
    const json problem = json::parse(response.body, nullptr, false);
    ASSERT_FALSE(problem.is_discarded()) << response.body;
    EXPECT_EQ(problem["code"], "quota_exceeded");
    EXPECT_EQ(problem["type"], "/api/v1/problems/quota_exceeded");
  }
  void wait_for_the_next_day() {
    const auto begins = core::parse_rfc3339(limits().at("daily_quota_renewed_at").get<std::string>()).value();
    server_.archive.clock.advance(begins - server_.archive.clock.now());
  }

  RunningServer server_{false, {}, {}, kQuota};
  const std::string anna_ = server_.person("anna", Role::admin);
};

TEST_F(DailyQuotaOverHttp, IsToldWithWhatIsUsedOfIt) {
  EXPECT_EQ(limits()["daily_quota"], kQuota);
  EXPECT_EQ(used(), 0u);
  EXPECT_EQ(send_form(text(3'000, 'a')).status, 202);
  EXPECT_EQ(send_form(text(3'000, 'a')).status, 200) << "a duplicate, which does not count";
  EXPECT_EQ(used(), 3'000u);
  EXPECT_EQ(server_.get(server_.person("bo", Role::staff), "/api/v1/limits")["daily_quota_used"], 0);
  wait_for_the_next_day();
  EXPECT_EQ(used(), 0u);
  EXPECT_EQ(send_form(text(9'000, 'b')).status, 202);
}

TEST_F(DailyQuotaOverHttp, IsHeldByFormsAndUploadsBeforeAFileIsSent) {
  EXPECT_EQ(begin_upload(kQuota).status, 201);
  expect_refused(begin_upload(kQuota + 1));
  const auto sent = send_form(text(6'000, 'a'));
  ASSERT_EQ(sent.status, 202);
  expect_refused(send_form(text(4'001, 'b')));
  expect_refused(begin_upload(4'001));
  const std::string document = "/api/v1/documents/" + std::to_string(json::parse(sent.body)["id"].get<std::int64_t>());
  server_.settle();
  const auto send_version = [&](const std::string& bytes) {
    Headers headers = kMultipart;
    headers.emplace_back("If-Match", server_.ask(anna_, "GET", document).header("etag"));
    return server_.ask(anna_, "POST", document + "/versions", multipart("a.pdf", bytes), headers);
  };
  expect_refused(send_version(text(4'001, 'c')));
  EXPECT_EQ(send_version(text(3'000, 'd')).status, 202);
  EXPECT_EQ(used(), 9'000u);
}

TEST_F(DailyQuotaOverHttp, AnUploadThatCameTooLateForTheDayComesInWithTheNextOne) {
  server_.archive.clock.advance(std::chrono::minutes(1));  // wherever this runs, no day begins just now
  const std::string first = begin_upload(6'000).header("location"), second = begin_upload(6'000).header("location");
  EXPECT_EQ(send_rest(first, text(6'000, 'a')).status, 204);
  expect_refused(send_rest(second, text(6'000, 'b')));
  EXPECT_EQ(used(), 6'000u);
  const auto ask = [&] { return server_.ask(anna_, "HEAD", second, "", {{"Tus-Resumable", "1.0.0"}}); };
  EXPECT_EQ(ask().status, 507);
  expect_refused(send_rest(second, "", 6'000));  // by which the page learns why
  wait_for_the_next_day();
  EXPECT_NE(ask().header("muniment-document"), "");
  EXPECT_EQ(used(), 6'000u);
}

TEST_F(DailyQuotaOverHttp, IsHeldByWebDavAsItsRfcHasIt) {
  EXPECT_EQ(put("/dav/work/a.txt", text(6'000, 'a')).status, 201);
  for (const char* path : {"/dav/work/a.txt", "/dav/work/b.txt", "/dav/drop/inbox/b.txt"}) {
    const auto announced = dav("PUT " + std::string(path), "Content-Length: 4001\r\n\r\n");
    EXPECT_EQ(announced.status, 507) << path << ", of which nothing was sent";
    EXPECT_NE(announced.body.find("quota-not-exceeded"), std::string::npos) << announced.body;
    const auto piecemeal = dav("PUT " + std::string(path),
                               "Transfer-Encoding: chunked\r\n\r\nfa1\r\n" + text(4'001, 'b') + "\r\n0\r\n\r\n");
    EXPECT_EQ(piecemeal.status, 507) << path;
  }
  EXPECT_EQ(dav("COPY /dav/work/a.txt", "Destination: /dav/work/c.txt\r\nContent-Length: 0\r\n\r\n").status, 201);
  EXPECT_EQ(put("/dav/work/new.txt", text(4'000, 'n')).status, 201);
  EXPECT_EQ(dav("MOVE /dav/work/new.txt", "Destination: /dav/work/a.txt\r\nContent-Length: 0\r\n\r\n").status, 204)
      << "what programs do to save";
  EXPECT_EQ(used(), kQuota);
}

}  // namespace
}  // namespace muniment::testing
