// What GET /limits tells is what is refused, one over it.
#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

class Limits : public ::testing::Test {
 protected:
  std::size_t limit(const char* name) { return server_.get(staff_, "/api/v1/limits").at(name).get<std::size_t>(); }
  int status(const std::string& method, const std::string& target, const std::string& body = "",
             const Headers& headers = kJson) {
    return server_.ask(staff_, method, target, body, headers).status;
  }
  int upload(std::size_t length, const std::string& metadata) {
    const Headers headers{
        {"Tus-Resumable", "1.0.0"}, {"Upload-Length", std::to_string(length)}, {"Upload-Metadata", metadata}};
    return server_.ask(admin_, "POST", "/api/v1/uploads", "", headers).status;
  }
  // Sent as it is: what is over these limits is no operation.
  int raw(const std::string& target, const std::string& more_headers) {
    RawClient client(server_.server->port());
    client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + more_headers + "\r\n");
    return client.receive().value().status;
  }

  RunningServer server_;
  const std::string staff_ = server_.person("anna", Role::staff);
  const std::string admin_ = server_.person("boss", Role::admin);
};

std::string nested(std::size_t depth) {
  std::string text = "1";
  for (std::size_t i = 0; i < depth; ++i) text = "{\"a\":" + text + "}";
  return text;
}

TEST_F(Limits, OfFiles) {
  EXPECT_EQ(upload(limit("max_file_size"), "filename YS50eHQ="), 201);
  EXPECT_EQ(upload(limit("max_file_size") + 1, "filename YS50eHQ="), 413);
  EXPECT_EQ(upload(limit("max_archive_size") + 1, "filename YS56aXA=,purpose YXJjaGl2ZS1pbXBvcnQ="), 413);
}

TEST_F(Limits, OfBodies) {
  const std::size_t size = limit("max_json_size");
  const std::string fits = R"({"name":"a"})" + std::string(size - 12, ' ');
  ASSERT_EQ(fits.size(), size);
  EXPECT_EQ(status("POST", "/api/v1/tags", fits), 201);
  EXPECT_EQ(status("POST", "/api/v1/tags", fits + " "), 413);
  const std::size_t depth = limit("max_json_depth");
  const auto refused = [&](std::size_t deep) {
    const auto response = server_.ask(staff_, "POST", "/api/v1/tags", nested(deep), kJson);
    return json::parse(response.body)["detail"].get<std::string>().find("nested at most") != std::string::npos;
  };
  EXPECT_FALSE(refused(depth));
  EXPECT_TRUE(refused(depth + 1));
  const std::size_t field = limit("max_form_field_size");
  EXPECT_EQ(status("POST", "/api/v1/documents", multipart("a.pdf", "a", {{"title", std::string(field + 1, 'a')}}),
                   kMultipart),
            413);
  const std::vector<std::pair<std::string, std::string>> parts(limit("max_form_parts"), {"tag", "1"});
  const auto form = server_.ask(staff_, "POST", "/api/v1/documents", multipart("a.pdf", "a", parts), kMultipart);
  EXPECT_NE(form.body.find("over 100 parts"), std::string::npos) << form.body;
}

TEST_F(Limits, OfHeaders) {
  const std::size_t target = limit("max_target_length"), value = limit("max_header_length");
  EXPECT_EQ(raw("/healthz?" + std::string(target - 100, 'a'), ""), 200);
  EXPECT_EQ(raw("/healthz?" + std::string(target, 'a'), ""), 400);
  EXPECT_EQ(raw("/healthz", "X-A: " + std::string(value - 10, 'a') + "\r\n"), 200);
  EXPECT_EQ(raw("/healthz", "X-A: " + std::string(value + 1, 'a') + "\r\n"), 400);
  std::string headers;
  for (std::size_t i = 1; i < limit("max_headers"); ++i) headers += "X-" + std::to_string(i) + ": a\r\n";
  EXPECT_EQ(raw("/healthz", headers), 200) << "with Host";
  EXPECT_EQ(raw("/healthz", headers + "X-A: a\r\nX-B: a\r\n"), 400);
}

TEST_F(Limits, OfLists) {
  const std::size_t most = limit("max_page_size");
  EXPECT_EQ(status("GET", "/api/v1/documents?limit=" + std::to_string(most)), 200);
  EXPECT_EQ(status("GET", "/api/v1/documents?limit=" + std::to_string(most + 1)), 422);
  const std::string query(limit("max_query_length") + 1, 'a');
  const std::string warnings = server_.get(staff_, "/api/v1/documents?q=" + query)["query_echo"]["warnings"].dump();
  EXPECT_NE(warnings.find("too_long"), std::string::npos) << warnings;
}

TEST_F(Limits, OfTokens) {
  const auto token_for = [&](std::size_t days) {
    const auto until = server_.archive.clock.now() + std::chrono::days(days);
    return status("POST", "/api/v1/tokens", json{{"name", "scanner"}, {"expires_at", core::to_rfc3339(until)}}.dump());
  };
  EXPECT_EQ(token_for(limit("longest_token_days")), 201);
  EXPECT_EQ(token_for(limit("longest_token_days") + 1), 422);
}

}  // namespace
}  // namespace muniment::testing
