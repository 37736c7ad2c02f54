#include "webui/api/list_csv.h"

#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {

using nlohmann::json;
using webui::api::Json;
using webui::api::list_as_csv;

TEST(ListCsv, NamesStandForThingsAndPartsGetColumns) {
  const Json items = Json::parse(R"([
    {"id": 1, "by": {"id": 7, "name": "Anna"}, "class": {"id": 2, "code": "3.1", "title": "Rent"}, "problem": null},
    {"id": 2, "by": null, "tags": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}], "open": true,
     "problem": {"code": "torn", "page": 3}}])");
  EXPECT_EQ(list_as_csv(items),
            "id,by,class,tags,open,problem.code,problem.page\r\n"
            "1,Anna,3.1 Rent,,,,\r\n"
            "2,,,A; B,true,torn,3\r\n");
}

TEST(ListCsv, WhatASpreadsheetWouldCalculateIsDefused) {
  const std::string csv = list_as_csv(Json::array({{{"name", "=HYPERLINK(\"http://evil\")"}}}));
  EXPECT_EQ(csv.find("\n="), std::string::npos) << csv;
  EXPECT_NE(csv.find("'=HYPERLINK"), std::string::npos) << csv;
}

// All lists go the same way; these stand for those in memory, from the database, from the log and from the index.
TEST(ListCsv, EveryListHasIt) {
  RunningServer server;
  const std::string admin = server.person("admin", storage::Role::admin);
  server.add(admin, "one.pdf", "=SUM(A1)\npaper");
  for (const char* target :
       {"/api/v1/accounts?limit=1", "/api/v1/jobs", "/api/v1/trash", "/api/v1/audit", "/api/v1/tags", "/api/v1/folders",
        "/api/v1/holds", "/api/v1/loans", "/api/v1/retention/due", "/api/v1/documents?q=paper"}) {
    const std::string all = std::string(target) + (std::string(target).find('?') == std::string::npos ? "?" : "&");
    const auto response = server.ask(admin, "GET", all + "format=csv");
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_TRUE(response.header("content-disposition").starts_with("attachment")) << target;
  }
  EXPECT_NE(server.ask(admin, "GET", "/api/v1/jobs?format=csv").body.find("id,kind,state"), std::string::npos);
  EXPECT_EQ(server.ask(admin, "GET", "/api/v1/jobs?format=xml").status, 422);
}

}  // namespace muniment::testing
