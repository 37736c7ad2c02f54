// The page's files, as a browser asks for them.
#include "webui/static_files.h"

#include <sstream>

#include <gtest/gtest.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "tests/support/raw_client.h"
#include "tests/support/test_archive.h"
#include "webui/exchange.h"
#include "webui/http_server.h"

namespace muniment::webui {
namespace {

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    const auto root = directory_.path() / "dist";
    core::write_durably(directory_.path() / "secret.txt", "secret");
    core::create_directories_durably(root / "assets");
    core::write_durably(root / "index.html", "<!doctype html>");
    core::write_durably(root / "assets" / "app-1A2B.js", "plain();");
    core::write_durably(root / "assets" / "app-1A2B.js.gz", "GZIP");
    core::write_durably(root / "assets" / "app-1A2B.js.br", "BROTLI");
    files_ = std::make_unique<StaticFiles>(root);
    HttpOptions options;
    options.port = 0;
    server_ = std::make_unique<HttpServer>(
        options,
        [this](Exchange& exchange) {
          if (!files_->send(exchange)) throw core::Error(core::ErrorCode::not_found, "no such file");
        },
        random_, log_);
    server_->start();
  }

  testing::RawResponse get(const std::string& path, const std::string& headers = "") {
    testing::RawClient client(server_->port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    return client.receive().value_or(testing::RawResponse{});
  }

  testing::TempDirectory directory_;
  core::SystemClock clock_;
  core::SystemRandom random_;
  std::ostringstream log_text_;
  core::Log log_{clock_, log_text_};
  std::unique_ptr<StaticFiles> files_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(StaticFilesTest, NamesWithAHashAreKeptForEver) {
  const auto script = get("/assets/app-1A2B.js");
  EXPECT_EQ(script.body, "plain();");
  EXPECT_EQ(script.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/").header("cache-control"), "no-cache");
  EXPECT_EQ(get("/", "If-None-Match: " + get("/").header("etag") + "\r\n").status, 304);
}

TEST_F(StaticFilesTest, GivesTheBestCompressedForm) {
  EXPECT_EQ(get("/assets/app-1A2B.js", "Accept-Encoding: gzip, deflate, br\r\n").body, "BROTLI");
  const auto gzip = get("/assets/app-1A2B.js", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(gzip.body, "GZIP");
  EXPECT_EQ(gzip.header("content-encoding"), "gzip");
  EXPECT_EQ(gzip.header("vary"), "Accept-Encoding");
}

TEST_F(StaticFilesTest, ThePageFindsItsOwnWay) {
  EXPECT_EQ(get("/admin/accounts").body, "<!doctype html>");
  EXPECT_EQ(get("/assets/missing.js").status, 404);
}

TEST_F(StaticFilesTest, NothingOutsideIsReached) {
  for (const char* path :
       {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

}  // namespace
}  // namespace muniment::webui
