#include "records/internal/subject_columns.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "records/events.h"
#include "records/loans.h"
#include "records/privacy.h"
#include "storage/check_outs.h"
#include "storage/pages.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::PaperArchive;
using Column = std::pair<std::string, std::string>;

// A new column of text fails this until somebody has said whether a person's name may stand in it.
TEST(SubjectColumns, EveryTextOfTheDatabaseIsLookedIntoOrExemptWithAReason) {
  ::muniment::testing::TestArchive archive;
  std::set<Column> stored, covered, exempt;
  {
    auto session = archive.database.read();
    for (const auto& [table, column] : session.rows<std::string, std::string>(
             "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
             "m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND upper(c.type) NOT IN ('INTEGER', 'REAL')")) {
      stored.emplace(table, column);
    }
  }
  ASSERT_GT(stored.size(), 200u);
  for (const SubjectColumn& one : subject_columns()) covered.emplace(one.table, one.column);
  for (const ExemptColumn& one : exempt_columns()) {
    EXPECT_FALSE(one.reason.empty()) << one.table;
    std::istringstream columns{std::string(one.columns)};
    for (std::string column; columns >> column;) {
      EXPECT_FALSE(covered.contains({std::string(one.table), column})) << one.table << "." << column << " is both";
      EXPECT_TRUE(exempt.emplace(one.table, column).second) << one.table << "." << column << " is exempt twice";
    }
  }
  for (const auto& [table, column] : stored) {
    EXPECT_TRUE(covered.contains({table, column}) || exempt.contains({table, column}))
        << table << "." << column
        << " is new: look into it, or say in records/internal/subject_columns.cpp why no name can stand there";
  }
  for (const auto& listed : {covered, exempt}) {
    for (const auto& [table, column] : listed) {
      EXPECT_TRUE(stored.contains({table, column})) << table << "." << column << " is not there any more";
    }
  }
}

struct SubjectTracesTest : ::testing::Test, PaperArchive {
  std::set<std::string> fields(const storage::Principal& who, const char* text = "zelda quist") {
    auto session = database.read();
    std::set<std::string> found;
    for (const auto& place : find_traces(session, who, {text}, false).places) found.insert(place.field);
    return found;
  }
};

TEST_F(SubjectTracesTest, ANameIsFoundWhereverItWasEntered) {
  const std::int64_t id = declared_paper(box);
  const std::int64_t trashed = add_document(manager.actor(), "Zelda Quist.txt", "in the trash");
  std::int64_t folder = 0;
  {
    auto tx = begin();
    folder = create_folder(tx, node, "Case of Zelda Quist", std::nullopt);
    place_hold(tx, manager, {"Dispute", "Zelda  QUIST claims", "", false, {}});
    record_event(tx, manager, "employment ended", testing::day("2026-01-01"), {{std::nullopt, folder}});
    tx.execute("UPDATE retention_event SET corrected_at = 1, reason = 'Zelda Quist said so'");
    lend(tx, manager, id, {std::nullopt, "Zelda Quist, auditor"}, testing::kDue, testing::kToday);
    tx.execute(
        "INSERT INTO workflow (id, name, folded_name, enabled, enabled_on, account_id, occasion, date_of, date_field, "
        "days_after, query, actions) VALUES (1, 'W', 'w', 1, '2026-01-01', $1, 'arrived', '', '', 0, '', '[]')",
        manager.account_id);
    tx.execute(
        "INSERT INTO workflow_run (id, workflow_id, document_id, cause, account_id, actions, state, retry_after, "
        "started_at) VALUES (1, 1, $1, 'c', 1, '[]', 'done', 0, 0)",
        trashed);
    tx.execute(
        "INSERT INTO workflow_log (run_id, step, kind, at, outcome, message) VALUES (1, 1, 'mail', 0, 'failed', "
        "'zelda quist does not answer')");
    storage::add_note(tx, manager, trashed, "Ask Zelda\nQuist");
    storage::trash_document(tx, manager, trashed);
    tx.commit();
  }
  const auto found = fields(manager);
  for (const char* field : {"folder.title", "hold.reason", "retention_event.reason", "loan.borrower",
                            "workflow_log.message", "note.text", "document.title"}) {
    EXPECT_TRUE(found.contains(field)) << field;
  }
  auto session = database.read();
  const auto traces = find_traces(session, manager, {"Zelda Quist"}, false);
  EXPECT_EQ(traces.documents, (std::vector<std::int64_t>{id, trashed})) << "in the trash too";
  EXPECT_TRUE(fields(manager, "nobody at all").empty());
}

TEST_F(SubjectTracesTest, APersonAmongTheFieldsOfADocumentIsFoundByName) {
  const auto zelda = add_person("zelda quist", storage::Role::staff);
  const std::int64_t id = filed();
  {
    auto tx = begin();
    tx.execute("INSERT INTO custom_field (id, key, name, folded_name, kind) VALUES (1, 'owner', 'O', 'o', 'person')");
    tx.execute("INSERT INTO custom_value (document_id, field_id, value) VALUES ($1, 1, $2)", id,
               std::to_string(zelda.account_id));
    tx.commit();
  }
  EXPECT_TRUE(fields(manager).contains("custom_value.value"));
}

TEST_F(SubjectTracesTest, NothingIsToldOfWhatTheAskerMayNotRead) {
  const std::int64_t secret = filed();
  {
    auto tx = begin();
    storage::add_note(tx, manager, secret, "Zelda Quist");
    storage::DocumentChange change;
    change.own_access_list = storage::create_access_list(tx, "Board", {});
    storage::change_document(tx, manager, secret, storage::find_document(tx, manager, secret)->version, change);
    FolderChange hidden;
    hidden.access_list = change.own_access_list.value();
    const auto folder = create_folder(tx, node, "Zelda Quist", std::nullopt);
    change_folder(tx, folder, 1, hidden);
    tx.commit();
  }
  EXPECT_EQ(fields(manager), std::set<std::string>());
  auto session = database.read();
  EXPECT_THROW(find_traces(session, reader, {"Zelda Quist"}, false), core::Error);
}

}  // namespace
}  // namespace muniment::records
