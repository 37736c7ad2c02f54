// tus 1.0.0, with connections that break.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using storage::Role;

class UploadsTest : public ::testing::Test {
 protected:
  std::string create(std::size_t length, const std::string& metadata = "filename YS5wZGY=") {
    const auto response = server_.ask(
        staff_, "POST", "/api/v1/uploads", "",
        {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", std::to_string(length)}, {"Upload-Metadata", metadata}});
    EXPECT_EQ(response.status, 201) << response.body;
    return response.header("location");
  }
  RawResponse append(const std::string& upload, std::size_t offset, const std::string& bytes, Headers more = {}) {
    Headers headers{{"Tus-Resumable", "1.0.0"},
                    {"Content-Type", "application/offset+octet-stream"},
                    {"Upload-Offset", std::to_string(offset)}};
    for (auto& header : more) headers.push_back(header);
    return server_.ask(staff_, "PATCH", upload, bytes, headers);
  }
  RawResponse state(const std::string& upload) {
    return server_.ask(staff_, "HEAD", upload, "", {{"Tus-Resumable", "1.0.0"}});
  }

  RunningServer server_;
  std::string staff_ = server_.person("staff", Role::staff);
  const std::string bytes_ = "tus\nresumable words";
};

TEST_F(UploadsTest, TakesAFileInPieces) {
  const std::string upload = create(bytes_.size());
  const auto first = append(upload, 0, bytes_.substr(0, 5));
  EXPECT_EQ(first.status, 204);
  EXPECT_EQ(first.header("upload-offset"), "5");
  EXPECT_EQ(state(upload).header("upload-offset"), "5");
  EXPECT_EQ(append(upload, 3, "xx").status, 409);
  const auto last = append(upload, 5, bytes_.substr(5));
  EXPECT_EQ(last.status, 204);
  ASSERT_FALSE(last.header("muniment-document").empty());
  server_.settle();
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=resumable")["total"], 1);
  EXPECT_EQ(state(upload).header("muniment-document"), last.header("muniment-document"));
  EXPECT_TRUE(std::filesystem::is_empty(server_.archive.data.uploads()));

  const std::string again = create(bytes_.size());
  EXPECT_EQ(append(again, 0, bytes_).header("muniment-duplicate-of"), last.header("muniment-document"));
  const std::string kept = create(bytes_.size(), "filename YS5wZGY=,keep_duplicate dHJ1ZQ==");
  const auto both = append(kept, 0, bytes_);
  EXPECT_EQ(both.header("muniment-duplicate-of"), "");
  EXPECT_NE(both.header("muniment-document"), last.header("muniment-document"));
}

TEST_F(UploadsTest, ALanguageThatIsNotEnabledIsRefusedBeforeTheFileIsSent) {
  const auto response = server_.ask(
      staff_, "POST", "/api/v1/uploads", "",
      {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "5"}, {"Upload-Metadata", "filename YS5wZGY=,language eHg="}});
  EXPECT_EQ(response.status, 422);
  EXPECT_NE(response.body.find("eng, swe"), std::string::npos) << response.body;
}

TEST_F(UploadsTest, GoesOnWhereTheConnectionBroke) {
  const std::string upload = create(bytes_.size());
  RawClient broken(server_.server->port());
  broken.send("PATCH " + upload + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + staff_ +
              "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: "
              "application/offset+octet-stream\r\nContent-Length: " +
              std::to_string(bytes_.size()) + "\r\n\r\n" + bytes_.substr(0, 7));
  // The connection hangs; who asks now takes the upload over.
  std::string offset;
  const core::Deadline deadline(std::chrono::seconds(20));
  do {
    offset = state(upload).header("upload-offset");
  } while (offset != "7" && !deadline.passed());
  ASSERT_EQ(offset, "7");
  EXPECT_EQ(append(upload, 7, bytes_.substr(7)).status, 204);
}

TEST_F(UploadsTest, RefusesBytesThatDoNotHaveTheirChecksum) {
  const std::string upload = create(5);
  EXPECT_EQ(append(upload, 0, "hello", {{"Upload-Checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="}}).status, 460);
  EXPECT_EQ(state(upload).header("upload-offset"), "0");
  EXPECT_EQ(append(upload, 0, "hello", {{"Upload-Checksum", "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00="}}).status, 204);
  EXPECT_EQ(append(create(5), 0, "hello", {{"Upload-Checksum", "md5 XUFAKrxLKna5cZ2REBfFkg=="}}).status, 422);
}

TEST_F(UploadsTest, RefusesWhatCannotEnter) {
  const Headers tus{{"Tus-Resumable", "1.0.0"}};
  const auto refused = [&](Headers headers) {
    return server_.ask(staff_, "POST", "/api/v1/uploads", "", headers).status;
  };
  EXPECT_EQ(refused({{"Upload-Length", "5"}}), 412);
  EXPECT_EQ(refused({{"Tus-Resumable", "1.0.0"}}), 422);
  EXPECT_EQ(refused({{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "-5"}}), 422);
  EXPECT_EQ(refused({{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "99999999999"}}), 413);
  EXPECT_EQ(refused({{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "5"}, {"Upload-Metadata", "type !!"}}), 422);
  EXPECT_EQ(append(create(5), 0, "longer than that").status, 413);
  const std::string upload = create(5);
  EXPECT_EQ(server_.ask(server_.person("other", Role::staff), "HEAD", upload, "", tus).status, 404);
}

TEST_F(UploadsTest, CanBeGivenUpAndExpires) {
  const std::string given_up = create(5);
  EXPECT_EQ(server_.ask(staff_, "DELETE", given_up, "", {{"Tus-Resumable", "1.0.0"}}).status, 204);
  EXPECT_EQ(state(given_up).status, 404);
  const std::string forgotten = create(5);
  server_.archive.clock.advance(std::chrono::hours(25));
  EXPECT_EQ(state(forgotten).status, 404);
}

TEST_F(UploadsTest, SaysWhatItCan) {
  const auto response = server_.ask("", "OPTIONS", "/api/v1/uploads");
  EXPECT_EQ(response.header("tus-version"), "1.0.0");
  EXPECT_EQ(response.header("tus-extension"), "creation,termination,expiration,checksum");
}

}  // namespace
}  // namespace muniment::testing
