// Records management once through the API: declaring, schedules, disposition, paper, packages.
#include "tests/webui/tour.h"

namespace muniment::testing {

using nlohmann::json;
using storage::Role;

namespace {

const json kTerms = {{"title", "Accounts"},      {"triggers", {{{"kind", "captured"}}}},
                     {"combine", "all"},         {"cutoff", "none"},
                     {"fiscal_start", 1},        {"period", "2 years"},
                     {"action", "destroy"},      {"kind", "minimum"},
                     {"authority", "Decision 1"}};

}  // namespace

void Tour::records() {
  json wanted = kTerms;
  wanted["code"] = "S1";
  json schedule = send("POST", "/api/v1/schedules", wanted);
  const std::string path = "/api/v1/schedules/" + id(schedule);
  get("/api/v1/schedules");
  EXPECT_EQ(get("/api/v1/schedules?open=true&q=" + wanted["code"].get<std::string>())["items"][0]["id"],
            schedule["id"]);
  EXPECT_EQ(get("/api/v1/schedules?q=there-is-none-such")["total"], 0);
  get(path);
  EXPECT_EQ(send("POST", path + "/preview", kTerms)["examined"], 0);
  json changed = kTerms;
  changed["reason"] = "A new decision";
  schedule = send("PATCH", path, changed, schedule["version"]);
  EXPECT_EQ(get(path + "/versions")["items"].size(), 2U);
  const json node = send("POST", "/api/v1/classes",
                         {{"code", "9"}, {"title", "Accounts"}, {"schedule", schedule["id"]}, {"scope_note", "All"}});
  const json folder = send("POST", "/api/v1/folders", {{"class", node["id"]}, {"title", "2026"}});

  const std::int64_t number = server_.add(admin_, "paid.pdf", "paid\nthe bill is paid\nsecond page");
  const std::string document = "/api/v1/documents/" + std::to_string(number);
  send("PATCH", document, {{"class", node["id"]}}, get(document)["version"]);
  EXPECT_EQ(send("POST", "/api/v1/records", {{"documents", {number, 999999}}})["items"][1]["declared"], false);
  EXPECT_EQ(get("/api/v1/records/not-declared")["total"], 0);
  json record = get(document + "/record");
  EXPECT_EQ(record["stage"], "active");
  EXPECT_EQ(get(document + "/retention?on=2030-01-01")["standing"], "due");
  send("POST", "/api/v1/retention-events",
       {{"name", "audited"}, {"date", "2026-01-01"}, {"documents", {number}}, {"folders", {folder["id"]}}});
  const json events = get(document + "/retention-events")["items"];
  ASSERT_EQ(events.size(), 1U);
  send("PATCH", "/api/v1/retention-events/" + id(events[0]), {{"date", nullptr}, {"reason", "It was not"}});
  EXPECT_EQ(get("/api/v1/folders/" + id(folder) + "/retention-events")["items"].size(), 1U);
  get("/api/v1/retention-event-names");
  record = send("PUT", document + "/superseded-by", {{"document", nullptr}});
  record =
      send("PUT", document + "/schedule", {{"schedule", schedule["id"]}, {"reason", "Its own"}}, record["version"]);
  send("POST", document + "/reclassify", {{"folder", folder["id"]}, {"reason", "A case"}});

  json review = kTerms;
  review["code"] = "S2";
  review["action"] = "review";
  const json reviewing = send("POST", "/api/v1/schedules", review);
  record = get(document + "/record");
  record =
      send("PUT", document + "/schedule", {{"schedule", reviewing["id"]}, {"reason", "To be seen"}}, record["version"]);
  const json beside{{"schedule", reviewing["id"]}, {"reason", "Both apply"}};
  send("PUT", "/api/v1/retention/today", {{"today", "2040-01-01"}});
  send("POST", document + "/review", {{"schedule", schedule["id"]}, {"reason", "Seen"}}, record["version"]);
  send("PUT", "/api/v1/retention/today", {{"today", nullptr}});
  send("POST", document + "/schedules-beside", beside);
  send("POST", document + "/schedules-beside/remove", beside);
  disposition(number);
}

void Tour::disposition(std::int64_t number) {
  const std::string document = "/api/v1/documents/" + std::to_string(number);
  const json me = get("/api/v1/session")["account"];
  json hold =
      send("POST", "/api/v1/holds",
           {{"title", "Dispute"}, {"reason", "A claim"}, {"custodians", {me["id"]}}, {"query", "nothing at all"}});
  const std::string held = "/api/v1/holds/" + id(hold);
  EXPECT_EQ(get("/api/v1/account/holds")["items"].size(), 1U);
  send("POST", held + "/acknowledge", {});
  hold = send("POST", held + "/documents", {{"documents", {number}}});
  const json folder = send("POST", "/api/v1/folders", {{"class", get(document)["class"]["id"]}, {"title", "2027"}});
  hold = send("POST", held + "/folders", {{"folder", folder["id"]}});
  hold = send("PUT", held, {{"title", "Dispute 7"}, {"reason", "A claim"}}, hold["version"]);
  EXPECT_EQ(get("/api/v1/holds?released=true")["items"].size(), 1U);
  EXPECT_EQ(get("/api/v1/holds?released=true&q=there-is-none-such")["total"], 0);
  get(held);
  EXPECT_EQ(get(held + "/documents")["items"].size(), 1U);
  EXPECT_EQ(get(document + "/holds")["items"].size(), 1U);
  EXPECT_EQ(server_
                .ask(admin_, "DELETE", document, "",
                     {{"If-Match", "\"" + std::to_string(get(document)["version"].get<int>()) + "\""}})
                .status,
            409);
  send("POST", held + "/release", {{"reason", "Settled"}}, hold["version"]);

  get("/api/v1/retention/today");
  send("PUT", "/api/v1/retention/today", {{"today", "2040-01-01"}});
  EXPECT_EQ(get("/api/v1/retention/due?action=destroy")["total"], 1);
  EXPECT_EQ(get("/api/v1/retention/due?overdue=true")["total"], 0) << "a minimum has no last day";
  EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/retention/due?overdue=perhaps").status, 400);
  EXPECT_EQ(get("/api/v1/retention/report")["due"], 1);
  EXPECT_EQ(get("/api/v1/retention/free")["destroy"], 1);
  EXPECT_EQ(get("/api/v1/retention/free?class=" + get(document)["class"]["id"].dump())["transfer"], 0);
  for (const char* standing : {"overdue", "unscheduled", "contradictory", "permanent"}) {
    EXPECT_EQ(get("/api/v1/retention/records?standing=" + std::string(standing))["total"], 0) << standing;
  }
  EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/retention/records?standing=lost").status, 400);
  EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/retention/records?standing=overdue&format=csv").status, 200);
  const std::string other = server_.person("another", Role::records_manager);
  const auto propose = [&] {
    return send("POST", "/api/v1/dispositions", {{"title", "2040"}, {"action", "destroy"}, {"documents", {number}}});
  };
  const auto as_other = [&](const json& batch, const std::string& what, const json& body) {
    return server_.ask(other, "POST", "/api/v1/dispositions/" + id(batch) + what, body.dump(),
                       {{"Content-Type", "application/json"},
                        {"If-Match", "\"" + std::to_string(batch["version"].get<int>()) + "\""}});
  };
  json batch = propose();
  EXPECT_EQ(as_other(batch, "/reject", {{"reason", "Wait"}}).status, 200);
  batch = propose();
  send("POST", "/api/v1/dispositions/" + id(batch) + "/withdraw", {{"reason", "Wait"}}, batch["version"]);
  batch = propose();
  const std::string removal = "/api/v1/dispositions/" + id(batch) + "/remove";
  EXPECT_EQ(server_.ask(admin_, "POST", removal, json{{"document", number}, {"reason", ""}}.dump(), kJson).status, 422);
  EXPECT_EQ(server_.ask(admin_, "POST", removal, R"({"document": 999999, "reason": "Wait"})", kJson).status, 404);
  EXPECT_EQ(send("POST", removal, {{"document", number}, {"reason", "Wait"}})["state"], "withdrawn")
      << "it was the last";
  EXPECT_EQ(server_.ask(admin_, "POST", removal, json{{"document", number}, {"reason", "Wait"}}.dump(), kJson).status,
            409);
  batch = send("POST", "/api/v1/dispositions",
               {{"title", "All of 2040"}, {"action", "destroy"}, {"all_free", json::object()}});
  EXPECT_EQ(batch["records"], 1);
  EXPECT_EQ(server_
                .ask(admin_, "POST", "/api/v1/dispositions",
                     json{{"title", "Again"}, {"action", "destroy"}, {"all_free", json::object()}}.dump(), kJson)
                .status,
            409);
  send("POST", "/api/v1/dispositions/" + id(batch) + "/withdraw", {{"reason", "Wait"}}, batch["version"]);
  batch = propose();
  const std::string path = "/api/v1/dispositions/" + id(batch);
  EXPECT_TRUE(get(path + "/check")["items"][0]["obstacle"].is_null());
  EXPECT_EQ(as_other(batch, "/approve", json::object()).status, 200);
  EXPECT_EQ(get("/api/v1/dispositions")["total"], 5);
  EXPECT_EQ(get("/api/v1/dispositions?state=proposed")["total"], 0);
  EXPECT_EQ(get("/api/v1/dispositions?state=approved")["items"][0]["id"], batch["id"]);
  EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/dispositions?state=lost").status, 400);
  send("POST", path + "/execute", {}, get(path)["version"]);
  EXPECT_EQ(get(path + "/records")["items"][0]["outcome"], "destroyed");
  EXPECT_EQ(server_.ask(admin_, "GET", document).status, 404);
  get("/api/v1/tombstones/" + std::to_string(number));
  get(path + "/certificate");
  for (const std::string& printed :
       {path + "/certificate.pdf", held + "/report.pdf", std::string("/api/v1/file-plan.pdf"),
        std::string("/api/v1/schedules.pdf?language=sv")}) {
    EXPECT_TRUE(server_.ask(admin_, "GET", printed).body.starts_with("%PDF-")) << printed;
  }
  EXPECT_TRUE(get("/api/v1/reports/years")["items"].is_array());
  EXPECT_EQ(get("/api/v1/reports/growth?months=1")["items"].size(), 1U);
  for (const char* csv : {"classes", "years", "growth"}) {
    EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/reports/" + std::string(csv) + ".csv").status, 200);
  }
  EXPECT_NE(server_.ask(admin_, "GET", held + "/report.csv").body.find("paid"), std::string::npos);
  EXPECT_EQ(get("/api/v1/audit?action=hold.report_printed")["items"].size(), 2U) << "PDF and CSV, once each";
  EXPECT_EQ(get("/api/v1/audit?action=disposition.certificate_printed")["items"].size(), 1U);
  send("POST", path + "/restore", {{"document", number}, {"reason", "Needed"}});
  EXPECT_EQ(server_.ask(admin_, "GET", document).status, 200);
  transfers(other);
  send("PUT", "/api/v1/retention/today", {{"today", nullptr}});
}

void Tour::paper() {
  const auto place = [&](const json& parent, const char* kind, const char* name) {
    return send("POST", "/api/v1/locations", {{"parent", parent}, {"kind", kind}, {"name", name}});
  };
  const json site = place(nullptr, "site", "Town hall");
  const json room = place(site["id"], "room", "Cellar");
  json box = place(room["id"], "box", "Box 1");
  const std::string boxed = "/api/v1/locations/" + id(box);
  box = send("PATCH", boxed, {{"capacity", 20}}, box["version"]);
  box = send("POST", boxed + "/move", {{"to", site["id"]}}, box["version"]);
  send("PUT", boxed + "/barcode", {{"barcode", "BOX-1"}});
  EXPECT_EQ(get("/api/v1/locations")["total"], 3);
  EXPECT_EQ(get("/api/v1/locations?parent=0")["total"], 1);
  EXPECT_EQ(get("/api/v1/locations?open=true&takes=box&parent=0")["items"][0]["below"], 2);
  EXPECT_EQ(get("/api/v1/locations?takes=site")["total"], 0);
  get(boxed);
  EXPECT_EQ(get(boxed + "/movements")["items"].size(), 2U);

  json file = send("POST", "/api/v1/paper-files", {{"title", "Personnel file"}, {"home", box["id"]}});
  const std::int64_t number = file["document"]["id"];
  const std::string document = "/api/v1/documents/" + std::to_string(number);
  EXPECT_EQ(get(document)["medium"], "physical");
  for (const char* what : {"/original", "/archive", "/thumbnail", "/pages/1/image", "/pages/1/words"}) {
    EXPECT_EQ(server_.ask(admin_, "GET", document + what).status, 404) << what;
  }
  EXPECT_EQ(server_.ask(admin_, "POST", document + "/retry", "", kJson).status, 404);
  EXPECT_EQ(server_.ask(admin_, "GET", document + "/text").body, "");
  file = send("POST", document + "/paper/move", {{"to", room["id"]}, {"home", true}}, file["version"]);
  file = send("PUT", document + "/paper/barcode", {{"barcode", ""}});
  EXPECT_EQ(get("/api/v1/barcodes?code=" + file["barcode"].get<std::string>())["document"]["id"], number);
  EXPECT_EQ(get("/api/v1/locations/" + id(room) + "/files")["total"], 1);
  EXPECT_EQ(get("/api/v1/labels")["total"], 3);
  send("POST", "/api/v1/labels", {{"documents", {number}}, {"locations", {box["id"]}}, {"start", 24}});
  EXPECT_EQ(get("/api/v1/labels")["total"], 2);

  send("POST", document + "/loan", {{"borrower", "A lawyer"}, {"due_on", "2126-12-01"}});
  send("POST", document + "/loan/renew", {{"due_on", "2127-01-01"}});
  send("POST", document + "/reservations", {});
  EXPECT_EQ(get("/api/v1/reservations")["total"], 1);
  send("POST", document + "/loan/recall", {{"by", "2126-12-24"}});
  EXPECT_EQ(get("/api/v1/loans?overdue=true")["total"], 0);
  file = send("POST", document + "/loan/return", json::object());
  const json own = get("/api/v1/account/loans");
  EXPECT_FALSE(own["reservations"][0]["available_at"].is_null());
  send("DELETE", "/api/v1/reservations/" + id(own["reservations"][0]), {});
  EXPECT_EQ(get(document + "/paper/history")["loans"].size(), 1U);

  const json inventory = send("POST", "/api/v1/inventories", {{"location", room["id"]}});
  const std::string counted = "/api/v1/inventories/" + id(inventory);
  EXPECT_EQ(send("POST", counted + "/scans", {{"codes", {"what is this"}}})["new"], 1);
  send("POST", counted + "/finish", {});
  const json findings = get(counted + "/findings");
  ASSERT_EQ(findings["total"], 2);
  EXPECT_EQ(get("/api/v1/inventories")["total"], 1);
  EXPECT_EQ(get(counted)["scanned"], 1);
  for (const json& finding : findings["items"]) {
    if (finding["kind"] == "missing") send("POST", counted + "/accept", {{"findings", {finding["id"]}}});
  }
  EXPECT_FALSE(get(document + "/paper")["missing_since"].is_null());
  end_of_paper(number, box);
}

void Tour::end_of_paper(std::int64_t number, const json& box) {
  const std::int64_t scanned = server_.add(admin_, "scan.pdf", "scan\nof what is on paper, too");
  const std::string scan = "/api/v1/documents/" + std::to_string(scanned);
  send("POST", scan + "/paper", {{"home", box["id"]}});
  EXPECT_EQ(server_.ask(admin_, "DELETE", scan + "/paper", "", kJson).status, 204);
  send("POST", scan + "/paper", {{"barcode", "KN-17"}});
  send("POST", scan + "/paper/scan-checks", {{"pages_compared", 1}, {"passed", true}});
  const json gone = send("POST", scan + "/paper/discard", {{"destroyed_on", "2020-01-01"}, {"method", "Shredded"}});
  EXPECT_EQ(gone["medium"], "digital");
  EXPECT_EQ(gone["destruction"]["method"], "Shredded");

  const std::string document = "/api/v1/documents/" + std::to_string(number);
  json wanted = kTerms;
  wanted["code"] = "P1";
  const json schedule = send("POST", "/api/v1/schedules", wanted);
  const json node =
      send("POST", "/api/v1/classes", {{"code", "8"}, {"title", "Personnel"}, {"schedule", schedule["id"]}});
  send("PATCH", document, {{"class", node["id"]}}, get(document)["version"]);
  send("POST", "/api/v1/records", {{"documents", {number}}});
  send("PUT", "/api/v1/retention/today", {{"today", "2140-01-01"}});
  const json batch =
      send("POST", "/api/v1/dispositions", {{"title", "2140"}, {"action", "destroy"}, {"documents", {number}}});
  const std::string path = "/api/v1/dispositions/" + id(batch);
  const std::string other = server_.person("a third", Role::records_manager);
  server_.ask(
      other, "POST", path + "/approve", "{}",
      {{"Content-Type", "application/json"}, {"If-Match", "\"" + std::to_string(batch["version"].get<int>()) + "\""}});
  send("POST", path + "/execute", {}, get(path)["version"]);
  EXPECT_EQ(get("/api/v1/paper-to-destroy")["items"][0]["now"], false);
  const json end{{"documents", {number}}, {"destroyed_on", "2140-01-01"}, {"method", "Shredded"}};
  EXPECT_EQ(server_.ask(admin_, "POST", "/api/v1/paper-destructions", end.dump(), kJson).status, 409);
  send("PUT", "/api/v1/retention/today", {{"today", "2140-03-01"}});
  EXPECT_EQ(get("/api/v1/paper-to-destroy")["items"][0]["now"], true);
  send("POST", "/api/v1/paper-destructions", end);
  EXPECT_EQ(get("/api/v1/paper-to-destroy")["total"], 0);
  send("PUT", "/api/v1/retention/today", {{"today", nullptr}});
}

void Tour::transfers(const std::string& other) {
  const json schedule = send("POST", "/api/v1/schedules",
                             {{"code", "T9"},
                              {"title", "To the city"},
                              {"triggers", {{{"kind", "captured"}}}},
                              {"combine", "all"},
                              {"cutoff", "none"},
                              {"fiscal_start", 1},
                              {"period", "2 years"},
                              {"action", "transfer"},
                              {"kind", "minimum"},
                              {"authority", "A decision"}});
  const json node =
      send("POST", "/api/v1/classes", {{"code", "9.9"}, {"title", "Minutes"}, {"schedule", schedule["id"]}});
  const std::int64_t number = server_.add(admin_, "minutes.txt", "What the board decided");
  const std::string document = "/api/v1/documents/" + std::to_string(number);
  send("PATCH", document, {{"class", node["id"]}}, get(document)["version"]);
  send("POST", "/api/v1/records", {{"documents", {number}}});
  const auto handed_over = [&] {
    const json batch =
        send("POST", "/api/v1/dispositions", {{"title", "Old"}, {"action", "transfer"}, {"documents", {number}}});
    server_.ask(other, "POST", "/api/v1/dispositions/" + id(batch) + "/approve", "{}",
                {{"Content-Type", "application/json"},
                 {"If-Match", "\"" + std::to_string(batch["version"].get<int>()) + "\""}});
    const std::string path = "/api/v1/dispositions/" + id(batch);
    send("POST", path + "/execute", {}, get(path)["version"]);
    return path;
  };
  const std::string cancelled = handed_over();
  send("POST", cancelled + "/cancel", {{"reason", "Wait"}}, get(cancelled)["version"]);
  const std::string path = handed_over();
  const json transfer = get(path + "/transfer");
  const std::string package = server_.ask(admin_, "GET", path + "/package").body;
  EXPECT_EQ(core::Sha256::of(package).hex(), transfer["package"]["sha256"]);
  const std::string wrong = core::Sha256::of("another").hex();
  const json statement{{"package_sha256", wrong}, {"received_by", "The City Archives"}, {"note", "By letter"}};
  const auto refused = server_.ask(admin_, "POST", path + "/receipt", statement.dump(),
                                   {{"Content-Type", "application/json"},
                                    {"If-Match", "\"" + std::to_string(get(path)["version"].get<int>()) + "\""}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find(wrong), std::string::npos);
  json right = statement;
  right["package_sha256"] = transfer["package"]["sha256"];
  EXPECT_EQ(send("POST", path + "/receipt", right, get(path)["version"])["receipt"]["received_by"],
            "The City Archives");
  EXPECT_EQ(get("/api/v1/tombstones/" + std::to_string(number))["transferred_to"], "The City Archives");

  const std::int64_t copied = server_.add(admin_, "copied.txt", "What is needed here, too");
  send("PATCH", "/api/v1/documents/" + std::to_string(copied), {{"class", node["id"]}},
       get("/api/v1/documents/" + std::to_string(copied))["version"]);
  send("POST", "/api/v1/records", {{"documents", {copied}}});
  json keeping = kTerms;
  keeping["code"] = "C9";
  const json copies = send("POST", "/api/v1/schedules", keeping);
  const json leaving =
      send("POST", "/api/v1/dispositions",
           {{"title", "Copies"}, {"action", "transfer"}, {"documents", {copied}}, {"copy_schedule", copies["id"]}});
  EXPECT_EQ(leaving["copy_schedule"]["name"], "C9");
  EXPECT_TRUE(get("/api/v1/documents/" + std::to_string(copied) + "/record")["custody"].empty());
  send("POST", "/api/v1/dispositions/" + id(leaving) + "/withdraw", {{"reason", "Wait"}}, leaving["version"]);

  const std::int64_t another = server_.add(admin_, "more.txt", "more\nWhat somebody wants a copy of");
  const auto exported =
      server_.ask(admin_, "POST", "/api/v1/exports", json{{"documents", {another}}, {"title", "A copy"}}.dump(), kJson);
  EXPECT_TRUE(exported.body.starts_with("PK"));
  const auto found =
      server_.ask(admin_, "POST", "/api/v1/exports?q=somebody", json{{"title", "All that match"}}.dump(), kJson);
  const auto holds = [&](std::int64_t one) {
    const std::string digits = std::to_string(one);
    return found.body.find(std::string(8 - digits.size(), '0') + digits) != std::string::npos;  // as it is named in it
  };
  EXPECT_TRUE(holds(another)) << found.body.substr(0, 300);
  EXPECT_FALSE(holds(copied));
  const std::string nothing = "/api/v1/exports?q=nothinglikeit";
  EXPECT_EQ(server_.ask(admin_, "POST", nothing, json{{"title", "None"}}.dump(), kJson).status, 422);
  const Headers zip{{"Content-Type", "application/zip"}};
  EXPECT_EQ(server_.ask(admin_, "POST", "/api/v1/imports", "no package", zip).status, 409);
  const auto taken = server_.ask(admin_, "POST", "/api/v1/imports", "PACKAGEa letter", zip);
  ASSERT_EQ(taken.status, 201) << taken.body;
  const json result = json::parse(taken.body);
  EXPECT_EQ(result["receipt"]["documents"][0]["outcome"], "taken-in");
  const std::string entered =
      "/api/v1/documents/" + std::to_string(result["receipt"]["documents"][0]["id"].get<std::int64_t>());
  EXPECT_EQ(get(entered)["title"], "A letter from elsewhere");
  EXPECT_TRUE(get(entered)["class"].is_null());
  EXPECT_EQ(get("/api/v1/imports")["total"], 1);
  EXPECT_EQ(get("/api/v1/imports/" + id(result) + "/receipt"), result["receipt"]);
  const auto again = server_.ask(admin_, "POST", "/api/v1/imports", "PACKAGEa letter", zip);
  EXPECT_EQ(json::parse(again.body)["receipt"]["documents"][0]["outcome"], "duplicate");
}

TEST_F(Tour, WhoMayApproveAndNothingElseReadsBatchesAndDecides) {
  json wanted = kTerms;
  wanted["code"] = "S1";
  const json schedule = send("POST", "/api/v1/schedules", wanted);
  const json node =
      send("POST", "/api/v1/classes", {{"code", "9"}, {"title", "Accounts"}, {"schedule", schedule["id"]}});
  const std::int64_t number = server_.add(admin_, "paid.pdf", "paid\nthe bill is paid");
  const std::string document = "/api/v1/documents/" + std::to_string(number);
  send("PATCH", document, {{"class", node["id"]}}, get(document)["version"]);
  send("POST", "/api/v1/records", {{"documents", {number}}});
  send("PUT", "/api/v1/retention/today", {{"today", "2140-01-01"}});
  const json proposal{{"title", "2140"}, {"action", "destroy"}, {"documents", {number}}};
  const json batch = send("POST", "/api/v1/dispositions", proposal);
  const std::string path = "/api/v1/dispositions/" + id(batch);

  send("POST", "/api/v1/roles", {{"name", "Approver"}, {"permissions", {"approve_disposition"}}});
  const json account = send("POST", "/api/v1/accounts", {{"name", "ulf"}, {"role", "Approver"}});
  std::string ulf;
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    ulf = storage::issue_token(tx, server_.archive.random, account["id"], "test", std::nullopt).secret;
    tx.commit();
  }
  const auto asked = [&](const std::string& method, const std::string& target, const json& body = nullptr) {
    Headers headers = kJson;
    headers.emplace_back("If-Match", "\"" + get(path)["version"].dump() + "\"");
    return server_.ask(ulf, method, target, body.is_null() ? "" : body.dump(), headers).status;
  };
  for (const std::string& target : {std::string("/api/v1/dispositions"), path, path + "/records", path + "/check",
                                    path + "/transfer", document + "/retention"}) {
    EXPECT_EQ(asked("GET", target), 200) << target;
  }
  EXPECT_EQ(asked("GET", "/api/v1/retention/due"), 403);
  EXPECT_EQ(asked("POST", "/api/v1/dispositions", proposal), 403);
  EXPECT_EQ(asked("POST", path + "/withdraw", {{"reason", "Wait"}}), 403);
  EXPECT_EQ(asked("POST", path + "/approve", json::object()), 200);
  EXPECT_EQ(asked("POST", path + "/execute"), 403);
  send("POST", path + "/execute", {}, get(path)["version"]);
  EXPECT_EQ(asked("GET", path + "/certificate"), 200);
  EXPECT_EQ(asked("GET", path + "/certificate.pdf"), 200);
  const std::string reader = server_.person("rolf", Role::reader);
  EXPECT_EQ(server_.ask(reader, "GET", path).status, 403);
}

}  // namespace muniment::testing
