// Fields of the organisation's own, through the API: kept, searched, required, audited.
#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

class CustomFieldsApi : public ::testing::Test {
 protected:
  json send(const std::string& as, const std::string& method, const std::string& target, const json& body,
            std::int64_t version, int status) {
    Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
    if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
    const auto response = server_.ask(as, method, target, body.dump(), headers);
    EXPECT_EQ(response.status, status) << response.body;
    return json::parse(response.body, nullptr, false);
  }
  json set(const std::string& key, const json& value, int status = 200) {
    const std::string path = "/api/v1/documents/" + std::to_string(document_);
    return send(staff_, "PATCH", path, {{"custom_fields", {{{"key", key}, {"value", value}}}}},
                server_.get(staff_, path)["version"], status);
  }
  std::int64_t found(const std::string& query) {
    server_.settle();
    return server_.get(staff_, "/api/v1/documents?q=" + query)["total"];
  }

  RunningServer server_;
  std::string staff_ = server_.person("staff", Role::staff);
  std::string manager_ = server_.person("manager", Role::records_manager);
  std::int64_t document_ = server_.add(staff_, "a.pdf", "a\nThe rent is due");
};

TEST_F(CustomFieldsApi, AreKeptAndSearched) {
  for (const auto& [key, kind] : std::vector<std::pair<std::string, std::string>>{
           {"project", "text"}, {"delivery-date", "date"}, {"rent", "amount"}}) {
    send(manager_, "POST", "/api/v1/custom-fields",
         {{"key", key}, {"name", key}, {"kind", kind}, {"uses", {{{"type", nullptr}}}}}, 0, 201);
  }
  send(staff_, "POST", "/api/v1/custom-fields", {{"key", "x"}, {"name", "x"}, {"kind", "text"}}, 0, 403);
  set("project", "Apollo Eleven");
  const json document = set("delivery-date", "2026-03-31");
  ASSERT_EQ(document["custom_fields"].size(), 3U);
  EXPECT_EQ(document["custom_fields"][1]["value"], "Apollo Eleven");
  EXPECT_EQ(set("delivery-date", "soon", 422)["errors"][0]["pointer"], "/custom_fields/delivery-date");

  EXPECT_EQ(found("field.project:eleven"), 1);
  EXPECT_EQ(found("field.project:%22apollo+eleven%22"), 1);
  EXPECT_EQ(found("field.project:apo*"), 1);
  EXPECT_EQ(found("apollo"), 1) << "without naming the field too";
  EXPECT_EQ(found("field.project:rent"), 0);
  EXPECT_EQ(found("field.delivery-date:2026-03"), 1);
  EXPECT_EQ(found("field.delivery-date:2026-01..2026-06"), 1);
  EXPECT_EQ(found("field.delivery-date:2026-04.."), 0);
  EXPECT_EQ(found("field.project:2026-03"), 0);

  set("rent", "9 150,5 sek");
  EXPECT_EQ(found("field.rent:9000..9150,50"), 1);
  EXPECT_EQ(found("field.rent:9150.5"), 1);
  EXPECT_EQ(found("field.rent:..9150"), 0);
  EXPECT_EQ(found("field.rent:9000..+field.rent:sek"), 1);
  EXPECT_EQ(found("field.project:0.."), 0);

  set("project", nullptr);
  EXPECT_EQ(found("field.project:eleven"), 0);
  const json entry = server_.get(manager_, "/api/v1/audit?object=document&action=document.changed")["items"][0];
  EXPECT_EQ(entry["old"]["fields"]["project"], "Apollo Eleven") << entry;
  EXPECT_EQ(entry["new"]["fields"]["project"], nullptr);
}

TEST_F(CustomFieldsApi, SayWhatIsSuggestedForThem) {
  const json made = send(
      manager_, "POST", "/api/v1/custom-fields",
      {{"key", "iban"}, {"name", "IBAN"}, {"kind", "text"}, {"uses", {{{"type", nullptr}}}}, {"fill_from", "iban"}}, 0,
      201);
  EXPECT_EQ(made["fill_from"], "iban");
  const std::string path = "/api/v1/custom-fields/" + std::to_string(made["id"].get<std::int64_t>());
  const std::int64_t version = made["version"];
  for (const char* wrong : {"amount", "title"}) {
    EXPECT_EQ(send(manager_, "PATCH", path, {{"fill_from", wrong}}, version, 422)["errors"][0]["pointer"],
              "/fill_from");
  }
  EXPECT_EQ(send(manager_, "PATCH", path, {{"name", "Account"}}, version, 200)["fill_from"], "iban")
      << "what is not named stays";
  const json document = server_.get(staff_, "/api/v1/documents/" + std::to_string(document_));
  EXPECT_EQ(document["custom_fields"][0]["fill_from"], "iban");
  EXPECT_EQ(document["custom_fields"][0]["value"], nullptr);
  const json entry = server_.get(manager_, "/api/v1/audit?object=custom_field&action=custom_field.created")["items"][0];
  EXPECT_EQ(entry["new"]["fill_from"], "iban") << entry;
  EXPECT_EQ(send(manager_, "PATCH", path, {{"fill_from", nullptr}}, version + 1, 200)["fill_from"], nullptr);
}

TEST_F(CustomFieldsApi, ARequiredOneMustBeThereBeforeDeclaring) {
  const json schedule = send(manager_, "POST", "/api/v1/schedules",
                             {{"code", "S"},
                              {"title", "Two years"},
                              {"triggers", {{{"kind", "captured"}}}},
                              {"combine", "all"},
                              {"cutoff", "none"},
                              {"fiscal_start", 1},
                              {"period", "2 years"},
                              {"action", "destroy"},
                              {"kind", "minimum"},
                              {"authority", "Decision 1"}},
                             0, 201);
  const json node = send(manager_, "POST", "/api/v1/classes",
                         {{"code", "1"}, {"title", "Economy"}, {"schedule", schedule["id"]}}, 0, 201);
  send(manager_, "POST", "/api/v1/custom-fields",
       {{"key", "payer"}, {"name", "Payer"}, {"kind", "text"}, {"uses", {{{"type", nullptr}, {"required", true}}}}}, 0,
       201);
  const std::string path = "/api/v1/documents/" + std::to_string(document_);
  send(staff_, "PATCH", path, {{"class", node["id"]}}, server_.get(staff_, path)["version"], 200);
  const auto declare = [&] {
    return send(staff_, "POST", "/api/v1/records", {{"documents", {document_}}}, 0, 200)["items"][0];
  };
  const json refused = declare();
  EXPECT_EQ(refused["declared"], false);
  EXPECT_NE(refused["problem"].dump().find("Payer"), std::string::npos) << refused;
  set("payer", "The Harbour Board");
  EXPECT_EQ(declare()["declared"], true);
  set("payer", "Somebody else");
}

}  // namespace
}  // namespace muniment::testing
