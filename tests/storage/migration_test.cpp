// A data directory written by an older Muniment comes up with everything that was in it.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/hash.h"
#include "storage/audit.h"
#include "storage/audit_tree.h"
#include "storage/audit_verifier.h"
#include "storage/database.h"
#include "storage/internal/connection.h"
#include "storage/internal/migrations.h"
#include "storage/merkle_tree.h"
#include "storage/pages.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

constexpr int kAuditEntries = 37;

// A row or more of every table that version 1 had.
constexpr const char* kRows[] = {
    "INSERT INTO account VALUES (7, 'Anna', 'anna', 'Anna B', 'admin', 'hash', 'sv', 0, 1000, 3)",
    "INSERT INTO account VALUES (9, 'Bo', 'bo', 'Bo', 'reader', NULL, '', 1, 2000, 1)",
    "INSERT INTO account_group VALUES (3, 'Board', 'board', 2)",
    "INSERT INTO group_member VALUES (3, 7)",
    "INSERT INTO browser_session VALUES ('th', 7, 'csrf', 'client', 1, 2)",
    "INSERT INTO api_token VALUES (4, 7, 'script', 'tth', 1, NULL, 5)",
    "INSERT INTO sign_in_failure VALUES ('account:anna', 2, 3, 4)",
    "INSERT INTO access_list VALUES (5, 'Board only', 2)",
    "INSERT INTO access_entry VALUES (5, 'group', 3, 1)",
    "INSERT INTO class VALUES (2, NULL, '1', 'Board', 'open', 5, 10, 1)",
    "INSERT INTO class VALUES (4, 2, '1.1', 'Minutes', 'closed', NULL, 11, 2)",
    "INSERT INTO folder VALUES (6, 4, 'Minutes 2024', 'closed', NULL, 12, 13, 4)",
    "INSERT INTO document_type VALUES (1, 'Letter', 'letter')",
    "INSERT INTO correspondent VALUES (1, 'Acme', 'acme')",
    "INSERT INTO tag VALUES (8, 'urgent', 'urgent')",
    "INSERT INTO blob VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 12, 20, NULL)",
    "INSERT INTO document VALUES (11, 'A title', 'person', '2024-02-29', 'guessed', 1, 1, 'swe', 'guessed', 4, 6, "
    "NULL, 5,"
    " 'ready', '', '', 1, 0, 2, 'upload', 30, 7, NULL, NULL, 1, 5, 'rowhash')",
    "INSERT INTO document VALUES (12, 'Broken', 'filename', NULL, 'none', NULL, NULL, '', 'guessed', NULL, NULL, 5, 5,"
    " 'quarantined', 'corrupt', 'cannot', 0, 0, 0, 'watch', 31, NULL, 40, 7, 1, 1, 'rowhash2')",
    "INSERT INTO document_version VALUES (11, 1, 30, 7)",
    "INSERT INTO component VALUES (21, 11, 1, 1, 'a.pdf', 'application/pdf',"
    " 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 0, 1)",
    "INSERT INTO page VALUES (21, 1, 'ocr', 88, 'swe', x'0001ff', x'02', '')",
    "INSERT INTO document_tag VALUES (11, 8)",
    "INSERT INTO note VALUES (31, 11, 'call back', 50, 7)",
    "INSERT INTO date_candidate VALUES (11, 1, '2024-02-29', 1, 'dated')",
    "INSERT INTO job VALUES (41, 'read', 11, 10, 'done', '', 2, 2, 1, '{}', '{}', '', '', '', 1, 2, 7, 3)",
    "INSERT INTO index_queue VALUES (51, 11)",
    "INSERT INTO idempotency VALUES (7, 'key', 'rh', 201, '/x', '{}', 60)",
    "INSERT INTO upload VALUES ('u1', 7, 100, 40, '{}', 70, 80, NULL, NULL)",
    "INSERT INTO setting VALUES ('a', 'b')",
};

std::string sql_text(const std::string& text) {
  return "'" + text + "'";
}

void write_version_1(const std::filesystem::path& file) {
  Connection connection(file, Connection::Mode::write);
  connection.script(all_migrations()[0]);
  for (const char* row : kRows) connection.script(row);
  std::string previous;
  for (int i = 1; i <= kAuditEntries; ++i) {
    const std::string number = std::to_string(i);
    const std::string salt = "salt" + number;
    const std::string detail = R"({"client":"test","before":null,"after":{"n":)" + number + R"(},"reason":""})";
    const std::string entry = R"({"sequence":)" + number +
                              R"(,"at":"2026-11-24T08:00:00Z","account":7,"action":"tag.created","object":"tag",)" +
                              R"("object_id":)" + number + R"(,"succeeded":true,"detail_hash":")" +
                              core::Sha256::of(salt + "\n" + detail).hex() + R"("})";
    previous = core::Sha256::of(previous + "\n" + entry).hex();
    connection.script("INSERT INTO audit VALUES (" + number + ", 90, 7, 'tag.created', 'tag', " + number + ", " +
                      sql_text(entry) + ", " + sql_text(previous) + ")");
    connection.script("INSERT INTO audit_detail VALUES (" + number + ", " + sql_text(salt) + ", " + sql_text(detail) +
                      ")");
  }
  connection.script("PRAGMA user_version = 1");
}

std::vector<std::string> texts(Connection& connection, const std::string& statement) {
  const sql::Kind text[] = {sql::Kind::text};
  std::vector<std::string> result;
  for (const auto& row : connection.fetch(statement, {}, text)) result.push_back(row.at(0).text);
  return result;
}

// For each table a statement that gives every column of every row, as text.
std::map<std::string, std::string> readings_of(Connection& connection) {
  std::map<std::string, std::string> readings;
  for (const std::string& table :
       texts(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
    std::string row = "''";
    for (const std::string& column : texts(connection, "SELECT name FROM pragma_table_info('" + table + "')")) {
      row += " || quote(" + column + ") || '|'";
    }
    readings[table] = "SELECT " + row + " AS line FROM " + table + " ORDER BY line";
  }
  return readings;
}

std::map<std::string, std::vector<std::string>> contents(Connection& connection,
                                                         const std::map<std::string, std::string>& readings) {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& [table, reading] : readings) all[table] = texts(connection, reading);
  return all;
}

// What 0027 reckons anew: every record, where a fixed period that ends in destruction or transfer is in use.
TEST(Migration, RecordsAreReckonedAnewForFixedPeriods) {
  constexpr std::size_t kFixedPeriods = 26;
  const testing::TempDirectory directory;
  const auto file = directory.path() / "muniment.db";
  write_version_1(file);
  Connection connection(file, Connection::Mode::write);
  for (std::size_t step = 1; step < kFixedPeriods; ++step) connection.script(all_migrations()[step]);
  connection.script(
      "INSERT INTO record (document_id, declared_on, declared_at, declared_how, content_hash) "
      "VALUES (11, '2024-03-01', 50, 'hand', 'frozen')");
  const auto queued = [&connection](const std::string& action, const std::string& kind) {
    connection.script("INSERT INTO schedule (code) VALUES ('" + kind + ' ' + action + "')");
    connection.script("INSERT INTO schedule_version SELECT max(id), 1, 'T', '[]', 'all', 'none', 1, 3, 'years', '" +
                      action + "', '" + kind + "', 'A law', '', 60, 7 FROM schedule");
    connection.script("DELETE FROM retention_queue");
    connection.script(all_migrations()[kFixedPeriods]);
    return texts(connection, "SELECT CAST(document_id AS TEXT) FROM retention_queue");
  };
  EXPECT_TRUE(queued("destroy", "minimum").empty());
  EXPECT_TRUE(queued("review", "fixed").empty());
  EXPECT_EQ(queued("destroy", "fixed"), std::vector<std::string>{"11"});
}

TEST(Migration, ANewArchiveIsWhatAllMigrationsMakeOfAnEmptyOne) {
  const testing::TempDirectory directory;
  Connection stepwise(directory.path() / "stepwise.db", Connection::Mode::write);
  for (const std::string_view migration : all_migrations()) stepwise.script(migration);
  Connection at_once(directory.path() / "at_once.db", Connection::Mode::write);
  at_once.script("BEGIN");
  for (const std::string_view statement : newest_schema()) at_once.script(statement);
  at_once.script("COMMIT");
  const std::string schema =
      "SELECT type || ' ' || name || ' of ' || tbl_name || ': ' || coalesce(sql, '') AS line FROM sqlite_master ORDER "
      "BY line";
  EXPECT_EQ(texts(at_once, schema), texts(stepwise, schema));
  auto readings = readings_of(stepwise);
  readings["sqlite_sequence"] = "SELECT name || ' ' || seq AS line FROM sqlite_sequence ORDER BY line";
  EXPECT_EQ(contents(at_once, readings), contents(stepwise, readings));
}

TEST(Migration, CarriesEverythingOfVersion1) {
  const testing::TempDirectory directory;
  const auto file = directory.path() / "muniment.db";
  write_version_1(file);
  std::map<std::string, std::string> readings;
  std::map<std::string, std::vector<std::string>> before;
  {
    Connection connection(file, Connection::Mode::read);
    readings = readings_of(connection);
    before = contents(connection, readings);
    for (const auto& [table, rows] : before) EXPECT_FALSE(rows.empty()) << "the test has no row of " << table;
  }
  const testing::ManualClock clock;
  core::SystemRandom random;
  for (int round = 0; round < 2; ++round) {
    Database database(file, clock, random);
    EXPECT_EQ(database.schema_version(), static_cast<int>(all_migrations().size()));
    EXPECT_TRUE(database.check().sound);
    Connection connection(file, Connection::Mode::read);
    EXPECT_EQ(contents(connection, readings), before);
  }
}

TEST(Migration, GivesTheRowsOfPagesTheirHashSomeAtATime) {
  const testing::TempDirectory directory;
  const auto file = directory.path() / "muniment.db";
  write_version_1(file);
  {
    Connection connection(file, Connection::Mode::write);
    connection.script(
        "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 1300) "
        "INSERT INTO page SELECT 21, n, 'ocr', 90, 'eng', CAST('layer ' || n AS BLOB), NULL, '' FROM n");
  }
  const testing::ManualClock clock;
  core::SystemRandom random;
  Database database(file, clock, random);
  auto session = database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(DISTINCT row_hash) FROM page WHERE row_hash <> ''"), 1300);
  EXPECT_TRUE(damaged_pages(session).empty());
}

TEST(Migration, GivesTheEntriesOfVersion1TheirTree) {
  const testing::TempDirectory directory;
  const auto file = directory.path() / "muniment.db";
  write_version_1(file);
  const testing::ManualClock clock;
  core::SystemRandom random;
  Database database(file, clock, random);
  {
    auto tx = database.begin(Actor::system("test"));
    tx.audit({"thing.changed", "thing", 1});
    tx.commit();
  }
  auto session = database.read();
  EXPECT_TRUE(verify_audit(session, {}).sound());
  MerkleFrontier frontier;
  for (const AuditLine& line : audit_lines(session, 0, 1000)) {
    frontier.add(merkle_leaf(line.entry));
    EXPECT_EQ(audit_tree_head(session, line.sequence).root, frontier.root()) << line.sequence;
  }
  EXPECT_EQ(frontier.size(), kAuditEntries + 1U);
}

}  // namespace
}  // namespace muniment::storage
