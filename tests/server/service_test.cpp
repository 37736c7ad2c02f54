// Two processes on one data directory, and what one that was killed leaves behind.
#include "server/service.h"

#include <sstream>

#include <gmock/gmock.h>

#include "core/error.h"
#include "core/files.h"
#include "server/archive.h"
#include "storage/data_directory.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using ::testing::HasSubstr;

class ServiceTest : public ::testing::Test {
 protected:
  std::unique_ptr<Service> make() {
    Settings settings = load_settings(data_.root(), {});
    settings.listen = "127.0.0.1:0";
    return std::make_unique<Service>(data_.root(), std::move(settings), log_);
  }
  std::string client_refusal() {
    try {
      Archive(data_.root(), {});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::unavailable);
      return error.message();
    }
    return "connected";
  }

  testing::TempDirectory directory_;
  const storage::DataDirectory data_{directory_.path() / "data"};
  std::ostringstream log_;
};

TEST_F(ServiceTest, TheAddressOfAKilledServiceIsNotTaken) {
  core::write_durably(data_.service_file(), R"({"url":"http://127.0.0.1:9","token":"of the dead"})", 0600);
  const auto service = make();
  EXPECT_FALSE(std::filesystem::exists(data_.service_file()));
  EXPECT_THAT(client_refusal(), HasSubstr("serves nothing yet"));
  service->start();
  EXPECT_EQ(client_refusal(), "connected");
  service->stop();
  EXPECT_FALSE(std::filesystem::exists(data_.service_file()));
}

TEST_F(ServiceTest, ASecondServiceIsRefusedAndHarmsNothing) {
  const auto service = make();
  service->start();
  try {
    make();
    FAIL() << "two services on one data directory";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::unavailable);
  }
  EXPECT_TRUE(std::filesystem::exists(data_.service_file()));
  EXPECT_EQ(client_refusal(), "connected");
}

TEST_F(ServiceTest, SaysWhenThereIsNoPage) {
  Settings settings = load_settings(data_.root(), {});
  settings.listen = "127.0.0.1:0";
  settings.page_directory = directory_.path() / "nowhere";
  Service(data_.root(), std::move(settings), log_).start();
  EXPECT_THAT(log_.str(), HasSubstr("page_missing"));
}

}  // namespace
}  // namespace muniment::server
