// What else the archive says of a document goes with it.
#include <gtest/gtest.h>

#include "records/disposal.h"
#include "records/events.h"
#include "records/privacy.h"
#include "storage/archive_imports.h"
#include "storage/audit.h"
#include "storage/jobs.h"
#include "storage/sealing_key.h"
#include "storage/share_links.h"
#include "storage/uploads.h"
#include "storage/workflows.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;
using testing::terms;

storage::Workflow asking_workflow(RecordsArchive& archive) {
  const storage::Principal admin = archive.add_person("admin", storage::Role::admin);
  const storage::SealingKey key(archive.data.keys(), archive.random);
  storage::WorkflowTerms terms{"Ask", true, storage::WorkflowOccasion::date};
  terms.actions.push_back({.kind = storage::WorkflowAction::Kind::approve, .account_id = archive.manager.account_id});
  auto tx = archive.database.begin(admin.actor());
  const std::int64_t id = storage::create_workflow(tx, admin, key, terms, {});
  tx.commit();
  auto session = archive.database.read();
  return storage::find_workflow(session, id).value();
}

void decide(RecordsArchive& archive, const storage::Workflow& workflow, std::int64_t document,
            const std::string& comment) {
  auto tx = archive.begin();
  storage::begin_run(tx, workflow, {document, day("2026-11-24")}, true);
  const auto run = storage::next_runs(tx, tx.now(), 1).at(0);
  EXPECT_TRUE(storage::record_step(tx, run, storage::StepOutcome::waits, "Maria is asked"));
  storage::decide_run(tx, archive.manager, run.id, true, comment);
  tx.commit();
}

TEST(Disposal, WhatLinksAndWorkflowsSaidOfItGoesToo) {
  const std::string canary = "zyqwarbleflux";
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const storage::Workflow workflow = asking_workflow(archive);
  decide(archive, workflow, id, "asked " + canary);
  {
    auto tx = archive.begin();
    storage::ShareTerms share;
    share.label = "for " + canary;
    share.expires_at = tx.now() + std::chrono::hours(24);
    storage::create_share_link(tx, archive.random, archive.manager, id, share, std::chrono::days(30));
    tx.execute("INSERT INTO workflow_event (document_id, occasion) VALUES ($1, 'changed')", id);
    storage::trash_document(tx, archive.manager, id);
    tx.commit();
  }
  archive.database.checkpoint();
  const auto in_database = [&] {
    return core::read_file(archive.data.database(), 64 * 1024 * 1024).find(canary) != std::string::npos;
  };
  EXPECT_TRUE(in_database()) << "the test would find it";
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  archive.database.checkpoint();
  EXPECT_FALSE(in_database());
  auto tx = archive.begin();
  storage::begin_run(tx, workflow, {id, day("2026-11-25")}, true);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_run"), 0) << "it was found due before it went";
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_log"), 0);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_event"), 0);
}

TEST(Disposal, WhatPeopleSaidOfItGoesWithIt) {
  const std::string canary = "zyqwarbleflux";
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  {
    auto tx = archive.begin();
    const std::int64_t other = create_schedule(tx, "S2", terms("1 year"));
    const auto version = [&] { return find_record(tx, id)->version; };
    reclassify(tx, archive.manager, id, archive.node, std::nullopt, "reclassified " + canary);
    set_own_schedule(tx, archive.manager, id, version(), other, "own " + canary);
    set_own_schedule(tx, archive.manager, id, version(), std::nullopt, "inherited " + canary);
    add_schedule_beside(tx, archive.manager, id, other, "beside " + canary);
    remove_schedule_beside(tx, archive.manager, id, other, "not beside " + canary);
    const auto event = record_event(tx, archive.manager, "event " + canary, day("2026-11-24"), {{id, {}}}).front();
    correct_event(tx, archive.manager, event, std::nullopt, "withdrawn " + canary);
    set_restricted(tx, archive.manager, id, true, "restricted " + canary);
    set_restricted(tx, archive.manager, id, false, "lifted " + canary);
    tx.commit();
  }
  const std::int64_t hold = archive.held_by_hand(id);
  {
    auto tx = archive.begin();
    release_documents(tx, archive.manager, hold, {id}, "released " + canary);
    tx.commit();
  }
  const auto first = archive.proposed({id}, kDue);
  archive.approve(first);
  archive.execute(first, kDue);
  archive.disposal.restore(archive.manager, first, id, "restored " + canary);
  const auto second = archive.proposed({id}, kDue);
  archive.approve(second);
  archive.execute(second, kDue);
  archive.database.checkpoint();
  const auto in_database = [&] {
    return core::read_file(archive.data.database(), 64 * 1024 * 1024).find(canary) != std::string::npos;
  };
  EXPECT_TRUE(in_database()) << "the test would find it";
  EXPECT_EQ(1U, archive.disposal.purge(kWindowOver));
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
  archive.database.checkpoint();
  EXPECT_FALSE(in_database());
  // And what an earlier version left there goes at the next start.
  const auto start_again_after = [&](const std::string& words) {
    auto tx = archive.begin();
    tx.audit({"disposition.restored", "document", id, "", "", words});
    tx.commit();
    archive.disposal.recover();
    archive.database.checkpoint();
  };
  start_again_after("again " + canary);
  EXPECT_FALSE(in_database());
  // All that was purged is looked at once only.
  start_again_after("later " + canary);
  EXPECT_TRUE(in_database());
}

TEST(Disposal, OnlyAnswersThatNameItAreForgottenWithIt) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const std::string number = std::to_string(id);
  {
    auto tx = archive.begin();
    const auto answered = [&](const char* key, const std::string& path, const std::string& location,
                              const std::string& body) {
      storage::reserve_answer(tx, 7, key, "hash", path);
      storage::remember_answer(tx, 7, key, {"hash", 201, location, body});
    };
    answered("by address", "/api/v1/documents/" + number + "/notes", "", R"({"id":999,"text":"quoted"})");
    answered("by location", "/api/v1/paper", "/api/v1/documents/" + number, "{}");
    answered("by body", "/api/v1/retention-events", "", R"({"documents":[)" + number + "]}");
    answered("of another", "/api/v1/documents/" + number + "5", "", R"({"id":7)" + number + "}");
    storage::reserve_answer(tx, 7, "still running", "hash", "/api/v1/documents/" + number);
    storage::trash_document(tx, archive.manager, id);
    tx.commit();
  }
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
  auto session = archive.database.read();
  for (const char* key : {"by address", "by location", "by body"}) {
    EXPECT_FALSE(storage::find_answer(session, 7, key)) << key;
  }
  for (const char* key : {"of another", "still running"}) EXPECT_TRUE(storage::find_answer(session, 7, key)) << key;
}

TEST(Disposal, WhatWasSaidWithAnOutcomeIsMissedAfterThePurgeAndGoesAtTheNextStart) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto first = archive.proposed({id}, kDue);
  archive.approve(first);
  archive.execute(first, kDue);
  archive.disposal.restore(archive.manager, first, id, "it is needed");
  const auto second = archive.proposed({id}, kDue);
  archive.approve(second);
  archive.execute(second, kDue);
  EXPECT_EQ(1U, archive.disposal.purge(kWindowOver));
  {
    auto tx = archive.begin();
    tx.execute("UPDATE disposition_item SET reason = 'what it said' WHERE batch_id = $1", first);
    tx.commit();
  }
  const auto findings = archive.disposal.verify_purged();
  ASSERT_EQ(1U, findings.size());
  EXPECT_NE(std::string::npos, findings.front().find("with outcomes")) << findings.front();
  const auto times_told = [&] {
    auto session = archive.database.read();
    return storage::list_audit(session, {"document", id, {}, "disposition.purge_verified"}, 0, 10).size();
  };
  EXPECT_EQ(archive.disposal.verify_purged(), findings);
  EXPECT_EQ(times_told(), 1U) << "nothing is new";
  archive.disposal.recover();
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
  EXPECT_EQ(times_told(), 2U);
  auto session = archive.database.read();
  EXPECT_EQ("", session.value<std::string>("SELECT reason FROM disposition_item WHERE batch_id = $1", first));
}

TEST(Disposal, TheLogSaysByWhatRuleAndWhoseApprovalItWentAlsoAfterThePurge) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t thrown_away = archive.filed();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.trash(archive.manager, thrown_away);
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1U);
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1U);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  auto session = archive.database.read();
  const auto said = [&](const char* action, std::int64_t of) {
    const auto entries = storage::list_audit(session, {"document", of, {}, action}, 0, 10);
    return entries.empty() ? std::string() : entries.front().detail;
  };
  const std::string whole = R"("after":{"batch_id":)" + std::to_string(batch) +
                            R"(,"class":"3.1","schedule":"S1","approved_by":[)" +
                            std::to_string(archive.approver.account_id) + "]}";
  for (const char* action : {"disposition.destroyed", "disposition.purged"}) {
    EXPECT_NE(said(action, id).find(whole), std::string::npos) << action << said(action, id);
  }
  EXPECT_NE(said("document.trash_emptying", thrown_away)
                .find(R"("after":{"batch_id":null,"class":"3.1","schedule":"","approved_by":[]})"),
            std::string::npos)
      << said("document.trash_emptying", thrown_away);
}

TEST(Disposal, WhatFilingLearnedOfItIsMissedAfterThePurge) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const auto execute = [&](const char* statement) {
    auto tx = archive.begin();
    tx.execute(statement, id);
    tx.commit();
  };
  execute("INSERT INTO filing_example (document_id, access_list_id, features, labels) VALUES ($1, 1, x'00', 'type 1')");
  archive.trash(archive.manager, id);
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1U);
  const auto is_verified = [&] {
    auto session = archive.database.read();
    return find_tombstone(session, archive.manager, id)->verified_at.has_value();
  };
  EXPECT_TRUE(archive.disposal.verify_purged().empty()) << "filing will come to it";
  EXPECT_FALSE(is_verified());
  execute("DELETE FROM filing_task WHERE document_id = $1");
  const auto findings = archive.disposal.verify_purged();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].find("what was learned of it"), std::string::npos) << findings[0];
  EXPECT_FALSE(is_verified());
  execute("DELETE FROM filing_example WHERE document_id = $1");
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  EXPECT_TRUE(is_verified());
}

TEST(Disposal, WhatWasMadeOfItsFilesIsMissedAfterThePurge) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed({}, "its own");
  const std::int64_t other = archive.filed({}, "its own too");
  archive.trash(archive.manager, id);
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1U);
  archive.surroundings.derived = {"its password"};
  const auto findings = archive.disposal.verify_purged();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].find("its password"), std::string::npos) << findings[0];
  EXPECT_EQ(archive.surroundings.asked_for, std::vector{core::Sha256::of("its own")}) << "not of document " << other;
  EXPECT_EQ(archive.surroundings.renditions, 2U) << "removed with it, and once more before the check";
  archive.surroundings.derived.clear();
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
}

TEST(Disposal, WhatWasSentForAnImportIsMissedAfterThePurgeUntilThatIsForgotten) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const auto who = archive.system();
  std::int64_t sent = 0, folder = 0;
  {
    auto tx = archive.begin();
    storage::ImportItem item;
    item.position = 1;
    item.path = "a.txt";
    for (const bool uploaded : {true, false}) {
      const std::int64_t import = storage::create_archive_import(tx, who, "export", "place", uploaded);
      (uploaded ? sent : folder) = import;
      storage::record_preview(tx, import, "{}", {item});
      storage::record_arrival(tx, import, 1, id, false);
    }
    storage::trash_document(tx, archive.manager, id);
    tx.commit();
  }
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
  {
    auto tx = archive.begin();
    for (const std::int64_t import : {sent, folder}) {
      EXPECT_EQ(storage::list_import_items(tx, import, "", 0, 1).at(0).path, "");
    }
    EXPECT_EQ(storage::list_import_items(tx, folder, "", 0, 1).at(0).document_id, std::nullopt);
    EXPECT_TRUE(storage::archive_imports_to_forget(tx, {}, {}).empty()) << "they are being worked on";
    for (const std::int64_t import : {sent, folder}) {
      storage::cancel_job(tx, storage::find_archive_import(tx, who, import)->job.id);
    }
    tx.commit();
  }
  EXPECT_EQ(archive.disposal.verify_purged().size(), 1u);
  {
    auto forgetting = archive.begin();
    const auto forgotten = storage::archive_imports_to_forget(forgetting, {}, {});
    ASSERT_EQ(forgotten.size(), 1u);
    EXPECT_EQ(forgotten[0].id, sent);
    storage::forget_archive_import(forgetting, sent);
    forgetting.commit();
  }
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
}

TEST(Disposal, EveryPurgedDocumentIsLookedAtOnceHoweverManyThereAre) {
  RecordsArchive archive;
  {
    auto tx = archive.begin();
    for (std::int64_t id = 1001; id <= 2001; ++id) {
      tx.execute(
          "INSERT INTO tombstone (document_id, access_list_id, class_code, captured_at, schedule_code, authority, "
          "components, executed_at, purged_at) VALUES ($1, 1, '', 0, '', '', '[]', 0, 0)",
          id);
      tx.audit({"document.changed", "document", id, "", "", "what it was"});
    }
    tx.commit();
  }
  archive.disposal.recover();
  auto session = archive.database.read();
  EXPECT_EQ(0, session.value<std::int64_t>("SELECT count(*) FROM audit_detail d JOIN audit a ON a.sequence = "
                                           "d.sequence WHERE a.action = 'document.changed'"));
}

TEST(WorkflowRuns, AreForgottenButNotThatTheirDateWasDealtWith) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const storage::Workflow workflow = asking_workflow(archive);
  decide(archive, workflow, id, "");
  auto tx = archive.begin();
  EXPECT_EQ(storage::forget_runs_before(tx, tx.now(), 10), 0U) << "it ended just now";
  tx.execute(
      "INSERT INTO workflow_run (workflow_id, document_id, cause, account_id, actions, state, retry_after, started_at, "
      "ended_at) VALUES ($1, $2, 'event 7', 1, '[]', 'done', 0, 0, 1)",
      workflow.id, id);
  const core::Time later = tx.now() + std::chrono::hours(1);
  EXPECT_EQ(storage::forget_runs_before(tx, later, 10), 2U);
  EXPECT_EQ(storage::forget_runs_before(tx, later, 10), 0U);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_log"), 0);
  EXPECT_EQ(tx.value<std::string>("SELECT cause FROM workflow_run"), "2026-11-24");
  storage::begin_run(tx, workflow, {id, day("2026-11-24")}, true);
  EXPECT_TRUE(storage::next_runs(tx, later, 10).empty()) << "that date comes once";
}

TEST(Disposal, AGuessedTitleGoesWithTheText) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  auto session = archive.database.read();
  EXPECT_EQ(find_tombstone(session, archive.manager, id)->title, "");
}

}  // namespace
}  // namespace muniment::records
