// An archive with workflows, and an engine that works when it is told to.
#pragma once

#include <sstream>

#include <gmock/gmock.h>

#include "core/event_stream.h"
#include "index/indexer.h"
#include "server/workflow_engine.h"
#include "storage/accounts.h"
#include "storage/catalogue.h"
#include "storage/workflows.h"
#include "tests/support/test_archive.h"

namespace muniment::server {

class WorkflowsTest : public ::testing::Test {
 protected:
  WorkflowsTest() {
    auto tx = archive.database.begin(admin.actor());
    tag = storage::ensure_name(tx, storage::Vocabulary::tag, "invoice").id;
    other_tag = storage::ensure_name(tx, storage::Vocabulary::tag, "paid").id;
    tx.commit();
    indexer.start();
  }

  std::int64_t create(const storage::WorkflowTerms& terms, const std::optional<std::string>& secret = {}) {
    auto tx = archive.database.begin(admin.actor());
    const std::int64_t id = storage::create_workflow(tx, admin, key, terms, secret);
    tx.commit();
    return id;
  }
  storage::WorkflowTerms adds_tag(storage::WorkflowOccasion occasion = storage::WorkflowOccasion::arrived) {
    storage::WorkflowTerms terms{"Tag", true, occasion};
    terms.actions.push_back({.kind = storage::WorkflowAction::Kind::set, .tag_ids = {tag}});
    return terms;
  }
  std::int64_t arrive(const std::string& name, const std::string& bytes) {
    const std::int64_t id = archive.add_document(admin.actor(), name, bytes);
    auto tx = archive.database.begin(admin.actor());
    storage::record_reading(tx, id, {});
    tx.commit();
    return id;
  }
  void settle() { settle(engine); }
  void settle(WorkflowEngine& with) {
    indexer.wait_until_idle();
    for (int round = 0; round < 20 && with.work({}); ++round) indexer.wait_until_idle();
  }
  storage::Document document(std::int64_t id) {
    auto session = archive.database.read();
    return storage::find_document(session, admin, id).value();
  }
  std::vector<storage::WorkflowRun> runs(std::int64_t workflow) {
    auto session = archive.database.read();
    return storage::list_runs(session, admin, workflow, 100);
  }
  std::vector<storage::StepRecord> log_of(const storage::WorkflowRun& run) {
    auto session = archive.database.read();
    return storage::run_log(session, run.id);
  }

  testing::TestArchive archive;
  storage::Principal admin = archive.add_person("admin", storage::Role::admin);
  storage::SealingKey key{archive.data.keys(), archive.random};
  std::ostringstream log_text;
  core::Log log{archive.clock, log_text, core::LogLevel::warning};
  core::EventStream events{100};
  index::SearchIndex index{archive.data.index(), {}};
  index::Indexer indexer{index, archive.database, events, log};
  MailSender mail{{}, archive.clock};
  WorkflowEngine engine{{"http://muniment.example", {{"127.0.0.1"}}}, archive.database, index, key, mail, log};
  std::int64_t tag = 0;
  std::int64_t other_tag = 0;
};
}  // namespace muniment::server
