// The audit log by HTTP: its proofs hold, and what must be in it is.
#include "storage/audit.h"

#include <gtest/gtest.h>

#include "core/base64.h"
#include "storage/audit_export.h"
#include "storage/merkle_tree.h"
#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using core::Sha256;
using nlohmann::json;
using storage::Role;

Sha256 hash_of(const json& base64) {
  const auto bytes = core::from_base64(base64.get<std::string>());
  Sha256 hash;
  EXPECT_TRUE(bytes && bytes->size() == hash.bytes.size());
  if (bytes && bytes->size() == hash.bytes.size()) std::copy(bytes->begin(), bytes->end(), hash.bytes.begin());
  return hash;
}

std::vector<Sha256> hashes_of(const json& proof) {
  std::vector<Sha256> hashes;
  for (const json& hash : proof["hashes"]) hashes.push_back(hash_of(hash));
  return hashes;
}

class AuditTest : public ::testing::Test {
 protected:
  explicit AuditTest(bool audit_searches = false) : server_(audit_searches) {}

  json post_checkpoint() { return json::parse(server_.ask(manager_, "POST", "/api/v1/audit/checkpoints").body); }
  // The newest entry with this action, and how many there are.
  std::pair<storage::AuditEntry, std::size_t> logged(const std::string& action) {
    auto session = server_.archive.database.read();
    storage::AuditFilter filter;
    filter.action = action;
    const auto entries = storage::list_audit(session, filter, 0, 1000);
    return {entries.empty() ? storage::AuditEntry{} : entries.front(), entries.size()};
  }

  RunningServer server_;
  std::string manager_ = server_.person("manager", Role::records_manager);
  std::string reader_ = server_.person("reader", Role::reader);
};

class AuditedSearchTest : public AuditTest {
 protected:
  AuditedSearchTest() : AuditTest(true) {}
};

TEST_F(AuditTest, WhatATokenDidSaysWhoseItIsAndWhoIssuedIt) {
  const auto admin = server_.archive.add_person("root", Role::admin);
  const auto ada = server_.archive.add_person("ada", Role::staff);
  storage::IssuedToken issued;
  {
    auto tx = server_.archive.database.begin(admin.actor());
    issued = storage::issue_token(tx, server_.archive.random, ada.account_id, "for ada", std::nullopt);
    tx.commit();
  }
  server_.add(issued.secret, "a.txt", "letter");
  const auto [entry, count] = logged("document.captured");
  ASSERT_EQ(count, 1U);
  EXPECT_EQ(entry.account_id, ada.account_id);
  EXPECT_NE(entry.detail.find("127.0.0.1, token " + std::to_string(issued.id) + " issued by account " +
                              std::to_string(admin.account_id)),
            std::string::npos)
      << entry.detail;
  server_.add(server_.person("bo", Role::staff), "b.txt", "another");
  EXPECT_EQ(logged("document.captured").first.detail.find("token"), std::string::npos) << "it issued its own";
}

TEST_F(AuditTest, AReaderDoesNotLearnOfHoldsFromWhatDispositionLeftAlone) {
  const std::int64_t id = server_.archive.add_document(storage::Actor::system("test"), "a.txt", "letter");
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("transfer"));
    for (const char* action : {"disposition.not_let_go", "disposition.skipped", "disposition.emptied"}) {
      tx.audit({action, "document", id, "", "", "it is under hold", false});
    }
    tx.commit();
  }
  const auto told = [&](const std::string& who) {
    const json items = server_.get(who, "/api/v1/documents/" + std::to_string(id) + "/history")["items"];
    return std::count_if(items.begin(), items.end(), [](const json& item) {
      return item["action"].get<std::string>().starts_with("disposition.");
    });
  };
  EXPECT_EQ(told(reader_), 0);
  EXPECT_EQ(told(manager_), 3);
}

TEST_F(AuditTest, TheLogTellsNothingOfWhatItsReaderMayNotRead) {
  const std::int64_t id = server_.archive.add_document(storage::Actor::system("test"), "zanzibar.txt", "letter");
  std::int64_t held = 0;
  {
    const storage::Principal system = server_.archive.system();
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    storage::DocumentChange change;
    change.own_access_list = storage::create_access_list(tx, "Nobody", {});
    storage::change_document(tx, system, id, storage::find_document(tx, system, id)->version, change);
    tx.audit({"hold.document_added", "document", id, "", "{}"});
    tx.commit();
    held = logged("hold.document_added").first.sequence;
  }
  const json entries = server_.get(manager_, "/api/v1/audit?object=document&object_id=" + std::to_string(id))["items"];
  ASSERT_FALSE(entries.empty());
  for (const json& entry : entries) {
    EXPECT_TRUE(entry["withheld"].get<bool>());
    EXPECT_TRUE(entry["old"].is_null() && entry["new"].is_null() && entry["reason"].is_null() && entry["client"] == "")
        << entry;
    EXPECT_NE(entry["action"], "hold.document_added");
  }
  EXPECT_EQ(server_.ask(manager_, "GET", "/api/v1/audit/entries/" + std::to_string(held) + "/proof").status, 404);
  const std::string exported = server_.ask(manager_, "GET", "/api/v1/audit/export").body;
  EXPECT_EQ(exported.find("zanzibar"), std::string::npos);
  EXPECT_EQ(exported.find("hold.document_added"), std::string::npos);
}

TEST_F(AuditTest, IsNarrowedToWhatWasDoneBetweenTwoMoments) {
  const auto log = [&](const std::string& action) {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    tx.audit({action, "service", 0});
    tx.commit();
    const std::string at = core::to_rfc3339(server_.archive.clock.now());
    server_.archive.clock.advance(std::chrono::minutes(1));
    return at;
  };
  log("test.first");
  const std::string second = log("test.second");
  const std::string third = log("test.third");
  const std::string path = "/api/v1/audit?object=service&since=" + second;
  EXPECT_EQ(server_.get(manager_, path)["items"].size(), 2U);
  const json between = server_.get(manager_, path + "&until=" + third)["items"];
  ASSERT_EQ(between.size(), 1U);
  EXPECT_EQ(between[0]["action"], "test.second");
  EXPECT_EQ(server_.ask(manager_, "GET", "/api/v1/audit?since=yesterday").status, 422);
}

TEST_F(AuditTest, ProofsHoldAgainstASignedCheckpoint) {
  const json first = post_checkpoint();
  server_.person("another", Role::staff);
  server_.person("and another", Role::staff);
  const json second = post_checkpoint();
  EXPECT_EQ(post_checkpoint(), second) << "nothing was added";
  const auto size = second["size"].get<std::uint64_t>();
  EXPECT_GT(size, first["size"].get<std::uint64_t>());

  const json keys = server_.get(manager_, "/api/v1/audit/keys");
  const auto key = storage::PublicKey::parse(keys["public_keys"].back().get<std::string>());
  const auto note = storage::SignedNote::parse(second["note"].get<std::string>());
  ASSERT_TRUE(key && note);
  EXPECT_EQ(note->check(*key), storage::SignedNote::Verdict::valid);
  const auto root = storage::CheckpointText::parse(note->text)->root;
  EXPECT_EQ(root, hash_of(second["root"]));

  for (std::uint64_t sequence = 1; sequence <= size; ++sequence) {
    const json proof = server_.get(
        manager_, "/api/v1/audit/entries/" + std::to_string(sequence) + "/proof?size=" + std::to_string(size));
    EXPECT_TRUE(storage::proves_inclusion(hashes_of(proof), storage::merkle_leaf(proof["entry"].get<std::string>()),
                                          sequence - 1, size, root));
  }
  const json proof =
      server_.get(manager_, "/api/v1/audit/consistency?from=" + first["size"].dump() + "&to=" + second["size"].dump());
  EXPECT_TRUE(storage::proves_consistency(hashes_of(proof), first["size"].get<std::uint64_t>(), hash_of(first["root"]),
                                          size, root));
  const json page = server_.get(manager_, "/api/v1/audit/checkpoints?limit=1");
  ASSERT_EQ(page["items"].size(), 1U);
  EXPECT_EQ(page["items"][0], second);
  const json rest =
      server_.get(manager_, "/api/v1/audit/checkpoints?limit=1&cursor=" + page["next"].get<std::string>());
  EXPECT_EQ(rest["items"][0], first);
  EXPECT_TRUE(rest["next"].is_null());
}

TEST_F(AuditTest, AProofOfWhatIsNotThereIsNotFound) {
  for (const char* target : {"/api/v1/audit/entries/99999/proof", "/api/v1/audit/entries/1/proof?size=99999",
                             "/api/v1/audit/entries/2/proof?size=1", "/api/v1/audit/consistency?from=99999",
                             "/api/v1/audit/consistency?from=2&to=1"}) {
    EXPECT_EQ(server_.ask(manager_, "GET", target).status, 404) << target;
  }
  EXPECT_EQ(server_.ask(manager_, "GET", "/api/v1/audit/consistency?from=x").status, 422);
}

TEST_F(AuditTest, AnExportVerifiesAndIsLogged) {
  const auto checkpoint = post_checkpoint();
  const auto answer = server_.ask(manager_, "GET", "/api/v1/audit/export");
  ASSERT_EQ(answer.status, 200);
  storage::AuditExportVerifier verifier(server_.checkpoints.public_keys(),
                                        {{"kept", checkpoint["note"].get<std::string>()}});
  verifier.add(answer.body);
  const auto verdict = verifier.finish();
  EXPECT_TRUE(verdict.sound()) << verdict.findings.front().what;
  EXPECT_EQ(logged("audit.exported").second, 1U);
  EXPECT_EQ(logged("audit.exported").first.sequence, verdict.entries);
}

TEST_F(AuditTest, RefusedSignInsAndChangesOfRightsAreLogged) {
  server_.password_person("Anna", Role::staff, "a good long password");
  EXPECT_EQ(
      server_.ask("", "POST", "/api/v1/session", R"({"name":"anna","password":"a wrong long password"})", kJson).status,
      401);
  EXPECT_EQ(logged("session.refused").second, 1U);
  EXPECT_GT(logged("session.refused").first.object_id, 0);
  EXPECT_EQ(json::parse(logged("session.refused").first.entry)["succeeded"], false);
  EXPECT_EQ(server_.ask("", "POST", "/api/v1/session", R"({"name":"nobody","password":"a wrong long password"})", kJson)
                .status,
            401);
  EXPECT_EQ(logged("session.refused").first.object_id, 0);

  for (const char* wrong : {"mun_1_wrong", "mun_2_wrong"}) {
    EXPECT_EQ(server_.ask(wrong, "GET", "/api/v1/documents").status, 401);
  }
  EXPECT_EQ(logged("session.refused").second, 3U) << "one for a network, for a while";
  server_.archive.clock.advance(std::chrono::minutes(11));
  EXPECT_EQ(server_.ask("mun_1_wrong", "GET", "/api/v1/documents").status, 401);
  EXPECT_EQ(logged("session.refused").second, 4U);

  auto tx = server_.archive.database.begin(storage::Actor::system("test"));
  const std::int64_t list = storage::create_access_list(tx, "Board", {});
  storage::change_access_list(tx, list, 1, "Board", {{storage::AccessEntry::Subject::everyone, 0, true}});
  storage::delete_access_list(tx, list, 2);
  tx.commit();
  for (const char* action : {"access_list.created", "access_list.changed", "access_list.deleted"}) {
    EXPECT_EQ(logged(action).second, 1U) << action;
  }
}

TEST_F(AuditTest, SearchesAreNotLoggedUnlessConfigured) {
  server_.get(reader_, "/api/v1/documents?q=kumquat");
  EXPECT_EQ(logged("search.made").second, 0U);
}

TEST_F(AuditedSearchTest, TheQueryStandsInTheDetailOnly) {
  server_.get(reader_, "/api/v1/documents?q=kumquat");
  const auto [entry, count] = logged("search.made");
  ASSERT_EQ(count, 1U);
  EXPECT_NE(entry.detail.find("kumquat"), std::string::npos);
  EXPECT_EQ(entry.entry.find("kumquat"), std::string::npos);
}

}  // namespace
}  // namespace muniment::testing
