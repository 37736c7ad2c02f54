// Documents by HTTP: in, found, read, changed, out.
#include <gtest/gtest.h>

#include "core/hash.h"
#include "storage/audit.h"
#include "storage/index_queue.h"
#include "storage/uploads.h"
#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

constexpr const char* kTwoPages = "lease\nthe rent is due in thirty days\npage two tells nothing";

class DocumentsTest : public ::testing::Test {
 protected:
  std::string path(std::int64_t id, const std::string& rest = "") {
    return "/api/v1/documents/" + std::to_string(id) + rest;
  }
  Headers if_match(std::int64_t version) {
    return {{"Content-Type", "application/merge-patch+json"}, {"If-Match", "\"" + std::to_string(version) + "\""}};
  }
  std::int64_t version_of(std::int64_t id) { return server_.get(staff_, path(id))["version"]; }
  std::size_t audited(const std::string& action) {
    auto session = server_.archive.database.read();
    storage::AuditFilter filter;
    filter.action = action;
    return storage::list_audit(session, filter, 0, 1000).size();
  }

  RunningServer server_;
  std::string staff_ = server_.person("staff", Role::staff);
};

TEST_F(DocumentsTest, WhatComesInIsFoundWithItsPage) {
  const auto accepted = server_.ask(
      staff_, "POST", "/api/v1/documents",
      multipart("lease.pdf", kTwoPages, {{"title", "Storgatan 12"}, {"document_date", "2024-01-01"}}), kMultipart);
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  const auto job = json::parse(accepted.body)["job"].get<std::int64_t>();
  server_.settle();
  EXPECT_EQ(server_.get(staff_, "/api/v1/jobs/" + std::to_string(job))["state"], "done");
  const auto found = server_.get(staff_, "/api/v1/documents?q=thirty&facets=year,language");
  ASSERT_EQ(found["total"], 1);
  const auto item = found["items"][0];
  EXPECT_EQ(item["title"], "Storgatan 12");
  EXPECT_EQ(item["title_source"], "person");
  EXPECT_EQ(item["snippets"][0]["page"], 1);
  const auto words = server_.get(staff_, path(item["id"], "/pages/1/words?q=thirty"));
  ASSERT_EQ(words["hits"].size(), 1U);
  const auto hit = words["hits"][0][0];
  EXPECT_EQ(words["lines"][hit[0].get<std::size_t>()][hit[1].get<std::size_t>()][4], "thirty");
}

TEST_F(DocumentsTest, TheSameBytesAreOneDocument) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  const auto again = server_.ask(staff_, "POST", "/api/v1/documents", multipart("b.pdf", kTwoPages), kMultipart);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(json::parse(again.body)["duplicate_of"], id);
  EXPECT_EQ(json::parse(again.body)["in_trash"], false);
  Headers headers = if_match(version_of(id));
  EXPECT_EQ(server_.ask(staff_, "DELETE", path(id), "", headers).status, 204);
  const auto trashed = server_.ask(staff_, "POST", "/api/v1/documents", multipart("b.pdf", kTwoPages), kMultipart);
  EXPECT_EQ(json::parse(trashed.body)["in_trash"], true);
  EXPECT_EQ(server_.get(staff_, "/api/v1/trash")["total"], 1);
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/restore")).status, 200);
}

TEST_F(DocumentsTest, TheSameBytesAreTwoDocumentsWhereBothAreWanted) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  const auto other = server_.ask(staff_, "POST", "/api/v1/documents",
                                 multipart("b.pdf", kTwoPages, {{"keep_duplicate", "true"}}), kMultipart);
  EXPECT_EQ(other.status, 202) << other.body;
  EXPECT_NE(json::parse(other.body)["id"], id);
}

TEST_F(DocumentsTest, RefusesBadFormsByName) {
  const auto pointer = [&](const std::string& body, const Headers& headers = kMultipart) {
    const auto response = server_.ask(staff_, "POST", "/api/v1/documents", body, headers);
    EXPECT_GE(response.status, 400);
    const auto errors = json::parse(response.body)["errors"];
    return errors.empty() ? std::to_string(response.status) : errors[0]["pointer"].get<std::string>();
  };
  EXPECT_EQ(pointer(multipart("a", "x", {{"colour", "red"}})), "/colour");
  EXPECT_EQ(pointer(multipart("a", "x", {{"document_date", "yesterday"}})), "/document_date");
  EXPECT_EQ(pointer(multipart("a", "x", {{"type", "-1"}})), "/type");
  EXPECT_EQ(pointer(multipart("a", "x", {{"keep_duplicate", "perhaps"}})), "/keep_duplicate");
  EXPECT_EQ(pointer("--BORDER\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx\r\n--BORDER--"), "/file");
  EXPECT_EQ(pointer("{}", kJson), "415");
  EXPECT_EQ(pointer(multipart("a", std::string(9 * 1024 * 1024, 'x'))), "413");
  EXPECT_EQ(server_.ask(staff_, "POST", "/api/v1/documents", multipart("a", ""), kMultipart).status, 422);
}

TEST_F(DocumentsTest, ChangesNeedTheVersionTheyAreBasedOn) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  const std::int64_t version = version_of(id);
  EXPECT_EQ(server_.ask(staff_, "PATCH", path(id), R"({"title":"x"})", kJson).status, 428);
  const auto changed =
      server_.ask(staff_, "PATCH", path(id), R"({"title":"New","document_date":"2025-02-03"})", if_match(version));
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(json::parse(changed.body)["title"], "New");
  EXPECT_EQ(changed.header("etag"), "\"" + std::to_string(json::parse(changed.body)["version"].get<int>()) + "\"");
  const auto stale = server_.ask(staff_, "PATCH", path(id), R"({"title":"y"})", if_match(version));
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.header("etag"), changed.header("etag")) << "the version that it has now";
  const auto twice = server_.ask(staff_, "PATCH", path(id), R"({"title":"y","title":"z"})", if_match(version_of(id)));
  EXPECT_EQ(twice.status, 400);
  EXPECT_EQ(json::parse(twice.body)["errors"][0]["pointer"], "/title");
  EXPECT_EQ(server_
                .ask(staff_, "POST", "/api/v1/documents", multipart("b.pdf", "b", {{"title", "b"}, {"title", "c"}}),
                     kMultipart)
                .status,
            400);
  const auto cleared = server_.ask(staff_, "PATCH", path(id), R"({"document_date":null})", if_match(version_of(id)));
  EXPECT_TRUE(json::parse(cleared.body)["document_date"].is_null());
  EXPECT_EQ(json::parse(cleared.body)["title"], "New");
  const auto unknown = server_.ask(staff_, "PATCH", path(id), R"({"titel":"y"})", if_match(version_of(id)));
  EXPECT_EQ(unknown.status, 422);
  EXPECT_EQ(json::parse(unknown.body)["errors"][0]["pointer"], "/titel");
  for (const char* field : {"type", "correspondent", "class", "folder", "tags"}) {
    const json nowhere = std::string_view(field) == "tags" ? json::array({4711}) : json(4711);
    const auto refused =
        server_.ask(staff_, "PATCH", path(id), json{{field, nowhere}}.dump(), if_match(version_of(id)));
    EXPECT_EQ(refused.status, 422) << field;
    EXPECT_EQ(json::parse(refused.body)["errors"][0]["pointer"], std::string("/") + field);
  }
  EXPECT_EQ(server_.ask(staff_, "GET", path(id), "", {{"If-None-Match", "\"" + std::to_string(version_of(id)) + "\""}})
                .status,
            304);
}

TEST_F(DocumentsTest, DownloadsAreHarmlessAndAudited) {
  const std::string bytes = "lease html\n<script>alert(1)</script>";
  const std::int64_t id = server_.add(staff_, "r\xC3\xA4kning \"1\".html", bytes);
  const auto whole = server_.ask(staff_, "GET", path(id, "/original"));
  EXPECT_EQ(whole.body, bytes);
  EXPECT_TRUE(whole.header("content-disposition").starts_with("attachment; filename="));
  EXPECT_NE(whole.header("content-disposition").find("filename*=UTF-8''r%C3%A4kning%20%221%22.html"),
            std::string::npos);
  EXPECT_EQ(whole.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(whole.header("content-type"), "application/pdf");  // as the reader found, whatever the name says
  EXPECT_EQ(whole.header("content-security-policy"), "sandbox; default-src 'none'");
  EXPECT_EQ(whole.header("cache-control"), "private, no-store");
  EXPECT_EQ(whole.header("etag"), "\"" + core::Sha256::of(bytes).hex() + "\"");
  EXPECT_EQ(audited("document.downloaded"), 1U);
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/prints"), R"({"pages":[1]})", kJson).status, 204);
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/prints"), R"({"pages":[2]})", kJson).status, 422);
  EXPECT_EQ(audited("document.printed"), 1U);

  const auto part = server_.ask(staff_, "GET", path(id, "/original"), "", {{"Range", "bytes=6-9"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "html");
  EXPECT_EQ(part.header("content-range"), "bytes 6-9/" + std::to_string(bytes.size()));
  EXPECT_EQ(server_.ask(staff_, "GET", path(id, "/original"), "", {{"Range", "bytes=9999-"}}).status, 416);
  EXPECT_EQ(server_.ask(staff_, "GET", path(id, "/original"), "", {{"If-None-Match", whole.header("etag")}}).status,
            304);
  EXPECT_EQ(
      server_.ask(staff_, "GET", path(id, "/original"), "", {{"Range", "bytes=0-0"}, {"If-Range", "\"old\""}}).status,
      200);
  EXPECT_EQ(server_.ask(staff_, "HEAD", path(id, "/original")).header("content-length"), std::to_string(bytes.size()));
}

TEST_F(DocumentsTest, LookingAtPagesIsAuditedOnceInTenMinutes) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  for (const char* rest : {"/pages/1/words", "/pages/2/words", "/pages/1/image?w=600", "/thumbnail", "/pages/1/text"}) {
    EXPECT_EQ(server_.ask(staff_, "GET", path(id, rest)).status, 200) << rest;
  }
  EXPECT_EQ(audited("document.viewed"), 1U);
  server_.archive.clock.advance(std::chrono::minutes(11));
  server_.ask(staff_, "GET", path(id, "/pages/1/words"));
  EXPECT_EQ(audited("document.viewed"), 2U);
  const std::string other = server_.person("other", Role::reader);
  server_.ask(other, "GET", path(id, "/pages/1/words"));
  EXPECT_EQ(audited("document.viewed"), 3U);
}

TEST_F(DocumentsTest, FieldsAreContentAndLeaveAnEntry) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  EXPECT_EQ(server_.ask(staff_, "GET", path(id, "/fields")).status, 200);
  EXPECT_EQ(audited("document.viewed"), 1U);
}

TEST_F(DocumentsTest, AMisspeltParameterIsRefusedByName) {
  const auto refused = server_.ask(staff_, "GET", "/api/v1/documents?sorting=title&limit=5");
  EXPECT_EQ(refused.status, 400);
  const auto problem = json::parse(refused.body);
  EXPECT_EQ(problem["errors"][0]["pointer"], "sorting");
  EXPECT_EQ(problem["errors"].size(), 1U);
  EXPECT_NE(problem["detail"].get<std::string>().find("sort"), std::string::npos);
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/documents?sort=title&f.tag=1&f.tag=-2").status, 200);
  for (const char* filter : {"f.type=abc", "f.tag=-", "f.class=-x", "f.folder=0", "f.year=abc", "f.year=-10000"}) {
    EXPECT_EQ(server_.ask(staff_, "GET", std::string("/api/v1/documents?") + filter).status, 422) << filter;
  }
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/session?verbose=1").status, 400);
  EXPECT_EQ(server_.ask("", "GET", "/healthz?from=a-balancer").status, 200);
}

TEST_F(DocumentsTest, OnlyALanguageThatIsEnabledIsTaken) {
  const auto sent =
      server_.ask(staff_, "POST", "/api/v1/documents", multipart("a.pdf", kTwoPages, {{"language", "xx"}}), kMultipart);
  EXPECT_EQ(sent.status, 422);
  EXPECT_EQ(json::parse(sent.body)["errors"][0]["pointer"], "/language");
  EXPECT_NE(sent.body.find("eng, swe"), std::string::npos) << sent.body;
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  EXPECT_EQ(server_.ask(staff_, "PATCH", path(id), R"({"language":"deu"})", if_match(version_of(id))).status, 422);
  EXPECT_EQ(server_.ask(staff_, "PATCH", path(id), R"({"language":"swe"})", if_match(version_of(id))).status, 200);
}

TEST_F(DocumentsTest, TextInAnswersToSearchesLeavesAnEntryInTenMinutes) {
  server_.add(staff_, "a.pdf", kTwoPages);
  server_.get(staff_, "/api/v1/documents?q=thirty&hl=0");
  server_.get(staff_, "/api/v1/documents?q=nowhere");
  server_.get(staff_, "/api/v1/documents");
  EXPECT_EQ(audited("search.snippets_shown"), 0U) << "nothing of a text was shown";
  server_.get(staff_, "/api/v1/documents?q=thirty");
  server_.get(staff_, "/api/v1/documents?q=rent");
  EXPECT_EQ(audited("search.snippets_shown"), 1U);
  const std::string other = server_.person("other", Role::reader);
  server_.get(other, "/api/v1/documents?q=thirty");
  server_.archive.clock.advance(std::chrono::minutes(11));
  server_.get(staff_, "/api/v1/documents?q=thirty");
  EXPECT_EQ(audited("search.snippets_shown"), 3U);
}

TEST_F(DocumentsTest, OnlyTheOwnerOfTheDirectoryIsToldWeights) {
  server_.add(staff_, "a.pdf", kTwoPages);
  const auto owner = server_.get("the-owner-of-the-directory", "/api/v1/documents?q=thirty")["items"][0];
  EXPECT_GT(owner["score"].get<double>(), 0);
  const auto person = server_.get(staff_, "/api/v1/documents?q=thirty")["items"][0];
  EXPECT_FALSE(person.contains("score")) << "it would tell how many documents have the word";
}

TEST_F(DocumentsTest, HitsAreCountedByPageAndAgreeWithTheWords) {
  const std::int64_t id = server_.add(staff_, "a.pdf", "hits\nrent and rent\nnothing\nthe rent");
  const auto all = server_.get(staff_, path(id, "/hits?q=rent"));
  EXPECT_EQ(all["items"], json::parse(R"([{"page":1,"hits":2},{"page":3,"hits":1}])"));
  EXPECT_TRUE(all["next_page"].is_null());
  EXPECT_EQ(server_.get(staff_, path(id, "/pages/1/words?q=rent"))["hits"].size(), 2U);
  const auto part = server_.get(staff_, path(id, "/hits?q=rent&from=2&limit=1"));
  EXPECT_TRUE(part["items"].empty());
  EXPECT_EQ(part["next_page"], 3);
  EXPECT_EQ(server_.ask(staff_, "GET", path(id, "/hits")).status, 422);
}

TEST_F(DocumentsTest, ACorrectionIsKeptAndFound) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  const auto corrected = server_.ask(staff_, "PUT", path(id, "/pages/2/text"),
                                     R"({"text":"page two tells everything"})", if_match(version_of(id)));
  EXPECT_EQ(corrected.status, 415);  // a merge patch is not a text
  Headers headers = kJson;
  headers.emplace_back("If-Match", "\"" + std::to_string(version_of(id)) + "\"");
  const auto kept =
      server_.ask(staff_, "PUT", path(id, "/pages/2/text"), R"({"text":"page two tells everything"})", headers);
  ASSERT_EQ(kept.status, 200) << kept.body;
  EXPECT_EQ(json::parse(kept.body)["source"], "corrected");
  server_.settle();
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=everything")["total"], 1);
}

TEST_F(DocumentsTest, AnEncryptedFileWaitsForItsPassword) {
  const std::int64_t id = server_.add(staff_, "locked.pdf", "locked encrypted\nhidden treasure");
  EXPECT_EQ(server_.get(staff_, path(id))["state"], "needs-password");
  EXPECT_EQ(server_.get(staff_, "/api/v1/quarantine")["total"], 1);
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/unlock"), R"({"password":"wrong"})", kJson).status, 409);
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/unlock"), R"({"password":"sesame"})", kJson).status, 202);
  server_.settle();
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=treasure")["total"], 1);
}

TEST_F(DocumentsTest, WhatCannotBeReadIsInQuarantineAndCanLeaveIt) {
  const auto accepted =
      server_.ask(staff_, "POST", "/api/v1/documents", multipart("broken.pdf", "broken crash\nx"), kMultipart);
  const auto id = json::parse(accepted.body)["id"].get<std::int64_t>();
  server_.settle();
  server_.archive.clock.advance(std::chrono::hours(3));
  server_.ask(staff_, "POST", path(id, "/retry"));
  server_.settle();
  const auto list = server_.get(staff_, "/api/v1/quarantine");
  ASSERT_EQ(list["total"], 1);
  EXPECT_EQ(list["items"][0]["document"]["id"], id);
  EXPECT_EQ(list["items"][0]["problem"]["code"], "bad_file");
  EXPECT_EQ(list["items"][0]["since"], core::to_rfc3339(server_.archive.clock.now())) << "not when it came in";
  EXPECT_EQ(server_.ask(staff_, "GET", path(id, "/original")).status, 200);
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/retry")).status, 202);
  server_.settle();
  EXPECT_EQ(server_.ask(staff_, "POST", path(id, "/file-without-text")).status, 200);
  EXPECT_EQ(server_.get(staff_, "/api/v1/quarantine")["total"], 0);
}

TEST_F(DocumentsTest, WhatFewerMayReadIsNotCountedWhileTheIndexIsBehind) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  const std::int64_t trashed = server_.add(staff_, "b.pdf", "memo\nthirty again");
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=thirty")["total"], 2);
  EXPECT_EQ(server_.get(staff_, "/api/v1/suggest?q=thir")["items"].size(), 1U);
  server_.indexer.stop();
  EXPECT_EQ(server_.ask(staff_, "DELETE", path(trashed), "", if_match(version_of(trashed))).status, 204);
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=thirty")["total"], 1);
  {
    auto tx = server_.archive.database.begin(kTester);
    storage::DocumentChange change;
    change.own_access_list = std::optional(storage::create_access_list(tx, "Nobody", {}));
    const auto system = storage::system_principal(tx, "test");
    storage::change_document(tx, system, id, storage::find_document(tx, system, id)->version, change);
    tx.commit();
  }
  {
    // Queued anew, as what it was, by something else: that it is not readable any more is not forgotten.
    auto tx = server_.archive.database.begin(kTester);
    storage::queue_for_indexing(tx, id);
    tx.commit();
  }
  const auto found = server_.get(staff_, "/api/v1/documents?q=thirty&facets=language");
  EXPECT_TRUE(found["items"].empty());
  EXPECT_EQ(found["total"], 0);
  EXPECT_TRUE(found["facets"]["language"].empty());
  EXPECT_TRUE(server_.get(staff_, "/api/v1/documents?q=thirtu")["did_you_mean"].is_null());
  EXPECT_TRUE(server_.get(staff_, "/api/v1/suggest?q=thir")["items"].empty());
}

TEST_F(DocumentsTest, ListsGoOnWithACursorOfTheSameQuery) {
  for (int i = 0; i < 5; ++i) {
    server_.ask(staff_, "POST", "/api/v1/documents", multipart("d.pdf", "d" + std::to_string(i) + "\ncommon words"),
                kMultipart);
  }
  server_.settle();
  std::set<std::int64_t> seen;
  std::string cursor;
  for (int pages = 0; pages < 5; ++pages) {
    const auto list = server_.get(
        staff_, "/api/v1/documents?q=common&sort=-added&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    EXPECT_EQ(list["total"], 5);
    for (const auto& item : list["items"]) seen.insert(item["id"].get<std::int64_t>());
    if (list["next"].is_null()) break;
    cursor = list["next"];
  }
  EXPECT_EQ(seen.size(), 5U);
  const auto foreign = server_.ask(staff_, "GET", "/api/v1/documents?q=other&sort=-added&limit=2&cursor=" + cursor);
  EXPECT_EQ(foreign.status, 400);
  EXPECT_EQ(json::parse(foreign.body)["code"], "cursor_invalid");
  const auto first = server_.ask(staff_, "GET", "/api/v1/documents?q=common&sort=-added&limit=2");
  const std::string next = json::parse(first.body)["next"];
  EXPECT_EQ(first.header("link"), "</api/v1/documents?q=common&sort=-added&limit=2&cursor=" + next + ">; rel=\"next\"");
  const auto second = server_.ask(staff_, "GET", "/api/v1/documents?cursor=" + next + "&q=common&sort=-added&limit=2");
  EXPECT_NE(second.header("link").find("rel=\"next\", </api/v1/documents?q=common&sort=-added&limit=2>; rel=\"prev\""),
            std::string::npos)
      << second.header("link");
  const auto last = server_.ask(staff_, "GET", "/api/v1/documents?q=common&sort=-added&limit=2&cursor=" + cursor);
  EXPECT_EQ(last.header("link").find("rel=\"next\""), std::string::npos);
  EXPECT_NE(last.header("link").find("cursor=" + next + ">; rel=\"prev\""), std::string::npos) << last.header("link");
  for (const char* name : {"a<1", "a<2"}) {
    EXPECT_EQ(server_.ask(staff_, "POST", "/api/v1/tags", json{{"name", name}}.dump(), kJson).status, 201);
  }
  EXPECT_TRUE(server_.ask(staff_, "GET", "/api/v1/tags?limit=1&q=a<")
                  .header("link")
                  .starts_with("</api/v1/tags?limit=1&q=a%3C&cursor="));
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/documents?cursor=%00").status, 400);
}

TEST_F(DocumentsTest, OddQueriesAreAnswered) {
  for (const char* query :
       {"%22", "AND", "((((", "title:", "created:9999..0", "-", "*", "%F0%9F%98%80", "%00", "%FF", "f:o:o"}) {
    EXPECT_EQ(server_.ask(staff_, "GET", std::string("/api/v1/documents?q=") + query).status, 200) << query;
  }
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/documents?sort=colour").status, 400);
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/documents?f.colour=red").status, 400);
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/documents?limit=0").status, 422);
}

TEST_F(DocumentsTest, ARepeatedRequestWithItsKeyIsDoneOnce) {
  Headers headers = kJson;
  headers.emplace_back("Idempotency-Key", "first");
  const auto made = server_.ask(staff_, "POST", "/api/v1/tags", R"({"name":"urgent"})", headers);
  EXPECT_EQ(made.status, 201);
  const auto again = server_.ask(staff_, "POST", "/api/v1/tags", R"({"name":"urgent"})", headers);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(again.header("location"), made.header("location"));
  EXPECT_EQ(server_.ask(staff_, "POST", "/api/v1/tags", R"({"name":"other"})", headers).status, 422);
  // What failed may be tried again.
  Headers second = kJson;
  second.emplace_back("Idempotency-Key", "second");
  EXPECT_EQ(server_.ask(staff_, "POST", "/api/v1/tags", R"({"name":"urgent"})", second).status, 409);
  EXPECT_EQ(server_.ask(staff_, "POST", "/api/v1/tags", R"({"name":"urgent"})", second).status, 409);
}

TEST_F(DocumentsTest, AFormThatIsSentAgainWithItsKeyIsTakenOnce) {
  const auto sent = [&](const std::string& bytes, const std::string& boundary = "BORDER") {
    std::string form = multipart("a.txt", bytes, {{"keep_duplicate", "true"}});
    for (std::size_t at = 0; (at = form.find("BORDER", at)) != std::string::npos; at += boundary.size()) {
      form.replace(at, 6, boundary);
    }
    return server_.ask(staff_, "POST", "/api/v1/documents", form,
                       {{"Content-Type", "multipart/form-data; boundary=" + boundary}, {"Idempotency-Key", "files"}});
  };
  // The answer comes in the transaction that makes the document: what would write it later is refused.
  {
    auto tx = server_.archive.database.begin(kTester);
    tx.execute(
        "CREATE TRIGGER no_second_write BEFORE UPDATE ON idempotency WHEN OLD.status <> 0 "
        "BEGIN SELECT RAISE(ABORT, 'too late'); END");
    tx.commit();
  }
  const auto first = sent("the rent of May");
  ASSERT_EQ(first.status, 202) << first.body;
  const auto again = sent("the rent of May", "ANOTHER");
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("location"), first.header("location"));
  EXPECT_EQ(sent("the rent of Mai").status, 422);
  server_.settle();
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents")["items"].size(), 1U);
}

TEST_F(DocumentsTest, WhatWasDoneBeforeItsAnswerWasKnownIsNotDoneAgain) {
  const std::int64_t id = server_.add(staff_, "a.pdf", kTwoPages);
  Headers headers = kJson;
  headers.emplace_back("Idempotency-Key", "note");
  const auto note = [&] { return server_.ask(staff_, "POST", path(id, "/notes"), R"({"text":"once"})", headers); };
  // As if the process ended between the change and its answer.
  {
    auto tx = server_.archive.database.begin(kTester);
    tx.execute(
        "CREATE TRIGGER no_answer BEFORE UPDATE ON idempotency WHEN NEW.status > 1 "
        "BEGIN SELECT RAISE(ABORT, 'ended'); END");
    tx.commit();
  }
  EXPECT_EQ(note().status, 409);
  {
    auto tx = server_.archive.database.begin(kTester);
    storage::remove_unfinished_answers(tx);
    tx.commit();
  }
  const auto again = note();
  EXPECT_EQ(again.status, 409);
  EXPECT_NE(again.body.find("was carried out"), std::string::npos) << again.body;
  EXPECT_EQ(server_.get(staff_, path(id, "/notes"))["items"].size(), 1U);
}

TEST_F(DocumentsTest, AMethodThatIsNotThereIsRefusedWithThoseThatAre) {
  const auto response = server_.ask(staff_, "PUT", "/api/v1/documents", "", kJson);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("allow"), "GET, POST");
  EXPECT_EQ(server_.ask(staff_, "GET", "/api/v1/nothing").status, 404);
}

TEST_F(DocumentsTest, ANewVersionIsFoundByItsOwnWordsAndTheOldOneIsKept) {
  const std::int64_t id = server_.add(staff_, "draft.pdf", "draft\nthe rent is zebra\nsecond page");
  const std::string path = "/api/v1/documents/" + std::to_string(id);
  const auto post = [&](const std::string& bytes, const std::string& etag) {
    Headers headers = kMultipart;
    if (!etag.empty()) headers.emplace_back("If-Match", etag);
    return server_.ask(staff_, "POST", path + "/versions", multipart("final.pdf", bytes, {{"comment", "Agreed"}}),
                       headers);
  };
  const std::string final_text = "final\nthe rent is giraffe\nsecond page";
  const std::string seen = "\"" + server_.get(staff_, path)["version"].dump() + "\"";
  EXPECT_EQ(post(final_text, "").status, 428);
  EXPECT_EQ(post(final_text, "\"1000\"").status, 412);
  EXPECT_EQ(post(final_text, seen).status, 202);
  server_.settle();
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=zebra")["total"], 0);
  EXPECT_EQ(server_.get(staff_, "/api/v1/documents?q=giraffe")["total"], 1);
  const auto versions = server_.get(staff_, path + "/versions")["items"];
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0]["comment"], "Agreed");
  EXPECT_NE(server_.ask(staff_, "GET", path + "/versions/1/original").body.find("zebra"), std::string::npos);
  EXPECT_NE(server_.ask(staff_, "GET", path + "/original").body.find("giraffe"), std::string::npos);
  EXPECT_EQ(server_.ask(staff_, "GET", path + "/versions/3/original").status, 404);
  const std::string reader = server_.person("who-compares", Role::reader);
  const std::string auditor = server_.person("who-audits", Role::admin);
  EXPECT_EQ(server_.ask(reader, "GET", path + "/versions/2/differences").status, 200);
  const auto viewed = server_.get(auditor, "/api/v1/audit?action=document.viewed")["items"];
  ASSERT_FALSE(viewed.empty()) << "it tells the text of both";
  EXPECT_EQ(viewed[0]["account"]["name"], "who-compares");
  EXPECT_EQ(viewed[0]["object_id"], id);
  const std::string now = "\"" + server_.get(staff_, path)["version"].dump() + "\"";
  const auto same = post(final_text, now);
  EXPECT_EQ(same.status, 200) << "these bytes are the current version already";
}

}  // namespace
}  // namespace muniment::testing
