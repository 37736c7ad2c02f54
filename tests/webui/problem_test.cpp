#include "webui/problem.h"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace muniment::webui {
namespace {

using core::ErrorCode;

TEST(Problems, EveryErrorIsAKindOfItsOwn) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const std::string_view name = core::code_name(static_cast<ErrorCode>(code));
    EXPECT_NE(find_problem_kind(name), nullptr) << name;
  }
  std::set<std::string_view> codes;
  for (const ProblemKind& kind : problem_kinds()) {
    EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
    EXPECT_GE(kind.status, 400) << kind.code;
    EXPECT_FALSE(kind.title.empty()) << kind.code;
  }
  EXPECT_EQ(status_of(ErrorCode::stale), 412);
  EXPECT_EQ(status_of(ErrorCode::bad_request), 400);
}

TEST(Problems, TellTheirKindAndWhatIsWrong) {
  const auto body = nlohmann::json::parse(problem_json("bad_request", "no", {{"/title", "is there twice"}}));
  EXPECT_EQ(body["type"], "/api/v1/problems/bad_request");
  EXPECT_EQ(body["status"], 400);
  EXPECT_EQ(body["detail"], "no");
  EXPECT_EQ(body["errors"][0]["pointer"], "/title");
  EXPECT_THROW(problem_json("unheard_of", "no"), core::Error);
}

}  // namespace
}  // namespace muniment::webui
