#include "server/api_operations.h"

#include <algorithm>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/commands/command.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using ::testing::HasSubstr;

const ApiOperation& operation(std::string_view id) {
  const ApiOperation* found = find_api_operation(id);
  if (found == nullptr) throw std::runtime_error("no such operation: " + std::string(id));
  return *found;
}

nlohmann::json body(std::string_view id, const std::vector<std::string>& words) {
  return nlohmann::json::parse(api_request(operation(id), words).body);
}

std::string refusal(std::string_view id, const std::vector<std::string>& words) {
  try {
    api_request(operation(id), words);
  } catch (const UsageError& error) {
    return error.message;
  }
  return "";
}

TEST(ApiOperations, EachHasANameOfItsOwn) {
  std::set<std::string> ids;
  for (const ApiOperation& one : api_operations()) EXPECT_TRUE(ids.insert(one.id).second) << one.id;
  EXPECT_GT(ids.size(), 200U);
  EXPECT_EQ(find_api_operation("events"), nullptr) << "it never ends";
  EXPECT_EQ(find_api_operation("create_upload"), nullptr) << "it takes a file in pieces";
}

TEST(ApiOperations, EveryFieldTakesSomething) {
  for (const ApiOperation& one : api_operations()) {
    for (const ApiField& field : one.fields) EXPECT_FALSE(what_it_takes(field).empty()) << one.id << " " << field.name;
  }
}

TEST(ApiOperations, WordsGoToPathQueryAndBody) {
  const auto held = api_request(operation("change_hold"),
                                {"id=7", "title=A = B", "reason=why", "confidential=true", "custodians=3, 4"});
  EXPECT_EQ(held.method, "PUT");
  EXPECT_EQ(held.path, "/api/v1/holds/7");
  EXPECT_EQ(
      nlohmann::json::parse(held.body),
      nlohmann::json::parse(R"({"title": "A = B", "reason": "why", "confidential": true, "custodians": [3, 4]})"));
  const auto listed = api_request(operation("documents"), {"q=blue & red", "limit=5"});
  EXPECT_EQ(listed.path, "/api/v1/documents?q=blue%20%26%20red&limit=5");
  EXPECT_EQ(listed.body, "");
}

TEST(ApiOperations, NothingClearsWhatMayBeNothing) {
  EXPECT_TRUE(body("change_document", {"id=1", "type="}).at("type").is_null());
  EXPECT_EQ(body("change_document", {"id=1", "type=4"}).at("type"), 4);
  EXPECT_EQ(body("change_document", {"id=1", "title=4"}).at("title"), "4");
}

TEST(ApiOperations, AListOfObjectsIsJson) {
  const auto made = body("create_schedule",
                         {"code=A", "title=B", R"(triggers=[{"kind": "captured"}])", "period=2 years", "combine=all",
                          "cutoff=none", "fiscal_start=1", "action=destroy", "kind=minimum", "authority=C"});
  EXPECT_EQ(made.at("triggers"), nlohmann::json::parse(R"([{"kind": "captured"}])"));
}

TEST(ApiOperations, AFileGivesALongValue) {
  const testing::TempDirectory directory;
  const auto file = directory.path() / "reason.txt";
  std::ofstream(file) << "a long story";
  EXPECT_EQ(body("place_hold", {"title=T", "reason=@" + file.string()}).at("reason"), "a long story");
}

TEST(ApiOperations, AFormTakesAFileAndTexts) {
  const testing::TempDirectory directory;
  const auto file = directory.path() / "new \"best\".txt";
  std::ofstream(file) << "muniment-0 is in it";
  const auto sent =
      api_request(operation("add_document_version"), {"id=5", "file=@" + file.string(), "comment=Better"});
  EXPECT_EQ(sent.path, "/api/v1/documents/5/versions");
  EXPECT_EQ(sent.content_type, "multipart/form-data; boundary=muniment-1");
  EXPECT_EQ(sent.body,
            "--muniment-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"new _best_.txt\"\r\n\r\n"
            "muniment-0 is in it\r\n"
            "--muniment-1\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nBetter\r\n--muniment-1--\r\n");
  EXPECT_THAT(refusal("add_document_version", {"id=5", "file=no"}), HasSubstr("file takes @FILE"));
}

TEST(ApiOperations, WhatIsWrongIsNamed) {
  EXPECT_THAT(refusal("place_hold", {"title=T"}), HasSubstr("place_hold needs reason="));
  EXPECT_THAT(refusal("place_hold", {"title=T", "reason=R", "colour=red"}), HasSubstr("no field \"colour\""));
  EXPECT_THAT(refusal("place_hold", {"title=T", "reason=R", "confidential=maybe"}), HasSubstr("true or false"));
  EXPECT_THAT(refusal("place_hold", {"title=T", "reason=R", "custodians=3,x"}), HasSubstr("whole numbers"));
  EXPECT_THAT(refusal("place_hold", {"title"}), HasSubstr("is not NAME=VALUE"));
}

TEST(ApiOperations, TheVersionIsThatOfWhatIsChanged) {
  EXPECT_EQ(versioned_path(operation("approve_disposition")), "/api/v1/dispositions/{id}");
  EXPECT_EQ(versioned_path(operation("change_document")), "/api/v1/documents/{id}");
  for (const ApiOperation& one : api_operations()) {
    if (!one.needs_version) continue;
    const auto& all = api_operations();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const ApiOperation& read) {
      return read.method == "GET" && read.answers_version && read.path == versioned_path(one);
    })) << one.id;
  }
}

}  // namespace
}  // namespace muniment::server
