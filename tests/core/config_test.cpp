#include "core/config.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::core {
namespace {

std::vector<ConfigKey> keys() {
  return {{"intake.max_file_size", ConfigKey::Type::bytes, "200 MiB", "Largest file", 1},
          {"reading.languages", ConfigKey::Type::list, "eng, swe", "Languages"},
          {"sandbox.minimum", ConfigKey::Type::text, "high", "Level", 0, INT64_MAX, {"none", "high"}},
          {"watch.settle", ConfigKey::Type::duration_seconds, "5s", "Time", 1, 3600},
          {"search.audited", ConfigKey::Type::boolean, "no", "Whether", 0, INT64_MAX, {}, "audit.searches"}};
}

Config load(const std::string& text, const Config::Environment& environment = {}) {
  testing::TempDirectory directory;
  const auto file = directory.path() / "muniment.conf";
  std::ofstream(file) << text;
  return Config::load(file, true, keys(), environment);
}

std::string refusal(const std::string& text, const Config::Environment& environment = {}) {
  try {
    load(text, environment);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.message();
  }
  return "";
}

TEST(Config, HasADefaultForEverything) {
  const Config config = load("# nothing\n\n");
  EXPECT_EQ(config.integer("intake.max_file_size"), 200 * 1024 * 1024);
  EXPECT_EQ(config.list("reading.languages"), (std::vector<std::string>{"eng", "swe"}));
  EXPECT_EQ(config.integer("watch.settle"), 5);
  EXPECT_FALSE(config.boolean("search.audited"));
}

TEST(Config, TheEnvironmentWinsOverTheFile) {
  const Config config = load("watch.settle = 2min\nsearch.audited=yes", {{"MUNIMENT_WATCH_SETTLE", "7s"}});
  EXPECT_EQ(config.integer("watch.settle"), 7);
  EXPECT_TRUE(config.boolean("search.audited"));
}

TEST(Config, RefusesWithPlaceAndWhatWouldBeRight) {
  EXPECT_NE(refusal("\nwatch.setle = 5s").find("muniment.conf:2: unknown key \"watch.setle\""), std::string::npos);
  EXPECT_NE(refusal("watch.settle = soon").find("a time such as 30s"), std::string::npos);
  EXPECT_NE(refusal("watch.settle = 2h").find("at most 3600"), std::string::npos);
  EXPECT_NE(refusal("sandbox.minimum = low").find("none, high"), std::string::npos);
  EXPECT_NE(refusal("no equals sign").find(":1: expected \"key = value\""), std::string::npos);
  EXPECT_NE(refusal("", {{"MUNIMENT_SEARCH_AUDITED", "maybe"}}).find("MUNIMENT_SEARCH_AUDITED"), std::string::npos);
  EXPECT_NE(refusal("intake.max_file_size = 99999999999999 TiB").find("a size such as"), std::string::npos);
}

TEST(Config, AVariableThatReadsLikeAKeyButIsNoneIsRefused) {
  const std::string message = refusal("", {{"MUNIMENT_READING_LANGUAGE", "eng"}});
  EXPECT_NE(message.find("MUNIMENT_READING_LANGUAGE"), std::string::npos) << message;
  EXPECT_NE(message.find("MUNIMENT_READING_LANGUAGES"), std::string::npos) << message;
  EXPECT_EQ(refusal("", {{"MUNIMENT_BINARY", "/usr/bin/muniment"}, {"READING_LANGUAGE", "x"}}), "");
}

TEST(Config, AKeyThatIsGoneIsRefusedWithTheOneInItsPlace) {
  const std::string gone = "audit.searches is gone; in its place set search.audited (Whether)";
  EXPECT_NE(refusal("\naudit.searches = yes").find("muniment.conf:2: " + gone), std::string::npos);
  EXPECT_NE(refusal("", {{"MUNIMENT_AUDIT_SEARCHES", "yes"}}).find(gone), std::string::npos);
}

TEST(Config, ItsReferenceIsAccepted) {
  EXPECT_NO_THROW(load(Config::reference(keys())));
}

}  // namespace
}  // namespace muniment::core
