#include "webui/api/list_csv.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/webui/running_server.h"
#include "webui/openapi.h"

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

namespace {

// The answer's shape, wherever it is described.
const json& answer_of(const json& api, const json& operation) {
  static const json kNone = json::object();
  const json& content =
      operation["responses"].value("200", kNone).contains("content") ? operation["responses"]["200"]["content"] : kNone;
  if (!content.contains("application/json")) return kNone;
  const json& schema = content["application/json"]["schema"];
  if (!schema.contains("$ref")) return schema;
  return api.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
}

// Answers that have items and are no lists of what is kept: devices, pages, completions, suggestions, figures.
const std::set<std::string> kNoLists{"scanners",
                                     "scans",
                                     "subjects",
                                     "pages",
                                     "hits",
                                     "suggestions",
                                     "document_fields",
                                     "same_paper",
                                     "similar_documents",
                                     "suggest",
                                     "year_report",
                                     "growth_report",
                                     "ready_made_plans",
                                     "retention_event_names",
                                     "check_disposition"};

}  // namespace

TEST(ListCsv, EveryListHasIt) {
  RunningServer server;
  const std::string admin = server.person("admin", storage::Role::admin);
  const std::string one = std::to_string(server.add(admin, "one.pdf", "=SUM(A1)\npaper"));
  const json api = json::parse(webui::openapi_json());
  int asked = 0;
  for (const auto& [path, methods] : api["paths"].items()) {
    if (!methods.contains("get") ||
        !answer_of(api, methods["get"]).value("properties", json::object()).contains("items"))
      continue;
    const std::string name = methods["get"]["operationId"];
    if (kNoLists.contains(name)) continue;
    EXPECT_TRUE(methods["get"]["responses"]["200"]["content"].contains("text/csv")) << name;
    std::string target = path;
    const auto of = target.find("/documents/{id}/");
    if (of != std::string::npos) target.replace(of + 11, 4, one);
    if (target.find('{') != std::string::npos || name == "standing_records") continue;
    ++asked;
    const auto response = server.ask(admin, "GET", target + "?format=csv");
    EXPECT_EQ(response.status, 200) << target << response.body;
    EXPECT_TRUE(response.header("content-disposition").starts_with("attachment")) << target;
  }
  EXPECT_GT(asked, 40);
  EXPECT_NE(server.ask(admin, "GET", "/api/v1/jobs?format=csv").body.find("id,kind,state"), std::string::npos);
  EXPECT_EQ(server.ask(admin, "GET", "/api/v1/jobs?format=xml").status, 400);
}

}  // namespace muniment::testing
