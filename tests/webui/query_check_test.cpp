#include "webui/query_check.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "webui/openapi.h"

namespace muniment::webui {
namespace {

// What is wrong with the query; empty when nothing is.
std::string fault(const std::string& pattern, const std::string& query) {
  static const QueryCheck check{openapi_json()};
  const Router::Route route{"GET", pattern, SignedIn{}, {}};
  try {
    check.require_described(route, parse_query(query));
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::bad_request);
    return error.fields().at(0).pointer + " " + error.fields().at(0).detail;
  }
  return "";
}

TEST(QueryCheck, RefusesWhatIsSaidTwice) {
  EXPECT_EQ(fault("/api/v1/documents", "q=a&limit=3&q=b"), "q is there twice");
  EXPECT_EQ(fault("/api/v1/documents", "limit=3&limit=3"), "limit is there twice");
  EXPECT_EQ(fault("/api/v1/documents", "f.tag=1&f.tag=-2&q="), "") << "a list is said so";
}

TEST(QueryCheck, RefusesValuesThatThereAreNot) {
  EXPECT_EQ(fault("/api/v1/jobs", "kind=zz"),
            "kind must be one of read, bulk, import_preview, import, reindex, verify, backup, sweep");
  EXPECT_EQ(fault("/api/v1/jobs", "format=xml"), "format must be one of json, csv");
  EXPECT_EQ(fault("/api/v1/holds", "released="), "released must be one of true, false");
  EXPECT_EQ(fault("/api/v1/jobs", "kind=verify&state=open&format=csv"), "");
}

TEST(QueryCheck, RefusesNamesThatThereAreNot) {
  EXPECT_EQ(fault("/api/v1/jobs", "kinds=verify"), "kinds is no parameter of this operation");
  EXPECT_EQ(fault("/share/{token}", "utm_source=mail&utm_source=mail"), "") << "what carries a link adds to it";
}

}  // namespace
}  // namespace muniment::webui
