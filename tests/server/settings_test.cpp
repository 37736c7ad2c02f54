#include "server/settings.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(data_ / "muniment.conf") << text; }
  std::string refusal() {
    try {
      load_settings(data_, {});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::invalid_argument);
      return error.message();
    }
    return "accepted";
  }

  testing::TempDirectory directory_;
  const std::filesystem::path data_ = directory_.path();
};

TEST_F(SettingsTest, TheFirstPublicAddressStandsInLinks) {
  EXPECT_EQ(load_settings(data_, {}).workflows.address, "http://127.0.0.1:8420");
  write("page.addresses = https://archive.example.org, http://archive:8420\n");
  const Settings settings = load_settings(data_, {});
  EXPECT_EQ(settings.workflows.address, "https://archive.example.org");
  EXPECT_EQ(settings.addresses.size(), 2U);
  write("page.addresses = archive.example.org\n");
  EXPECT_THAT(refusal(), HasSubstr("page.addresses: \"archive.example.org\" is no address; write it as https://"));
  write("workflows.address = https://archive.example.org\n");
  EXPECT_THAT(refusal(), HasSubstr("workflows.address is gone; in its place set page.addresses (Addresses that"));
}

TEST_F(SettingsTest, EverythingHasADefault) {
  const Settings settings = load_settings(data_, {});
  EXPECT_EQ(settings.listen, "127.0.0.1:8420");
  EXPECT_EQ(settings.languages, (std::vector<std::string>{"eng", "swe"}));
  EXPECT_EQ(settings.extractor.minimum_level, ingest::SandboxLevel::files);
}

TEST_F(SettingsTest, TheFileIsFollowed) {
  write(
      "listen = 0.0.0.0:80\nintake.max_file_size = 3 MiB\nintake.daily_quota = 5 GiB\nsessions.idle = "
      "1h\nreading.languages = deu\n");
  const Settings settings = load_settings(data_, {});
  EXPECT_EQ(settings.listen, "0.0.0.0:80");
  EXPECT_EQ(settings.intake.max_file_bytes, 3U << 20);
  EXPECT_EQ(settings.intake.daily_quota_bytes, 5ULL << 30);
  EXPECT_EQ(settings.sessions.idle, std::chrono::hours(1));
  EXPECT_EQ(settings.extractor.languages, std::vector<std::string>{"deu"});
}

TEST_F(SettingsTest, MistakesAreNamedWithFileAndLine) {
  write("\nintake.max_file_sise = 1\n");
  EXPECT_THAT(refusal(), HasSubstr("muniment.conf:2"));
  write("sandbox.minimum = 9\n");
  EXPECT_THAT(refusal(), HasSubstr("sandbox.minimum"));
  write("log.level = loud\n");
  EXPECT_THAT(refusal(), HasSubstr("debug"));
  write("listen = nowhere\n");
  EXPECT_THAT(refusal(), HasSubstr("127.0.0.1:8420"));
}

TEST_F(SettingsTest, AKindOfFileThatNoDocumentIsOfIsNamed) {
  write("intake.allowed_types = application/pdf, aplication/msword\n");
  EXPECT_THAT(refusal(), HasSubstr("intake.allowed_types"));
  EXPECT_THAT(refusal(), HasSubstr("\"aplication/msword\""));
  EXPECT_THAT(refusal(), HasSubstr("application/msword"));
}

TEST_F(SettingsTest, ALanguageWithoutAModelIsRefusedWithThoseThatThereAre) {
  const auto models = data_ / "models";
  std::filesystem::create_directories(models);
  for (const char* name : {"eng", "nor", "osd"}) std::ofstream(models / (std::string(name) + ".traineddata")) << "x";
  write("reading.tessdata = " + models.string() + "\nreading.languages = nor, eng\n");
  EXPECT_NO_THROW(require_models(load_settings(data_, {})));
  write("reading.tessdata = " + models.string() + "\nreading.languages = eng, xyz\n");
  try {
    require_models(load_settings(data_, {}));
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::invalid_argument);
    EXPECT_THAT(error.message(), HasSubstr("xyz.traineddata"));
    EXPECT_THAT(error.message(), HasSubstr("there are eng, nor;"));
  }
}

TEST_F(SettingsTest, AFileThatIsNamedMustBeThere) {
  EXPECT_THROW(load_settings(data_, data_ / "other.conf"), core::Error);
}

TEST(Listen, TakesAddressesAndPorts) {
  EXPECT_EQ(parse_listen("[::1]:0").address, "::1");
  EXPECT_EQ(parse_listen("127.0.0.1:65535").port, 65535);
  for (const char* wrong : {"8420", ":8420", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "127.0.0.1:-1"}) {
    EXPECT_THROW(parse_listen(wrong), core::Error) << wrong;
  }
}

TEST(Configuration, TheReferenceIsWhatTheProgramKnows) {
  std::ifstream file(std::string(MUNIMENT_SOURCES) + "/docs/configuration.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string reference = core::Config::reference(setting_keys());
  ASSERT_THAT(text.str(), HasSubstr(reference)) << "put what \"muniment config\" prints into docs/configuration.md";
}

}  // namespace
}  // namespace muniment::server
