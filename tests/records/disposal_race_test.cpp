// Holds placed while batches are executed and purged, and executions that end anywhere: whatever comes first, nothing
// under hold is destroyed, and no outcome is unknown.
#include <atomic>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;

constexpr int kRounds = 500;

// Declared together: what is under test is what follows.
std::vector<std::int64_t> many_records(RecordsArchive& archive, int count) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < count; ++i) {
    ids.push_back(archive.add_document(archive.manager.actor(), "a.txt", "document " + std::to_string(i)));
  }
  auto tx = archive.begin();
  for (const std::int64_t id : ids) {
    storage::record_reading(tx, id, {});
    storage::DocumentChange change;
    change.class_id = archive.node;
    storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, change);
    declare(tx, archive.manager, id);
  }
  tx.commit();
  return ids;
}

bool exists(RecordsArchive& archive, std::int64_t id) {
  auto session = archive.database.read();
  return find_record(session, id).has_value();
}

bool is_held(RecordsArchive& archive, std::int64_t id) {
  auto session = archive.database.read();
  return !holds_on(session, archive.manager, id).empty();
}

TEST(DisposalRace, AHoldIsNeverOvertaken) {
  RecordsArchive archive;
  std::mt19937 random(7);
  int held = 0;
  for (const std::int64_t id : many_records(archive, kRounds)) {
    const auto batch = archive.proposed({id}, kDue);
    archive.approve(batch);
    const int spins = std::uniform_int_distribution(0, 4000)(random);
    std::jthread holder([&] {
      for (std::atomic<int> left = spins; left > 0; --left) continue;
      try {
        archive.held_by_hand(id);
      } catch (const core::Error& error) {
        // It came too late: then there is no hold, and the record may go.
        EXPECT_TRUE(error.code() == core::ErrorCode::not_found || error.code() == core::ErrorCode::conflict);
      }
    });
    archive.execute(batch, kDue);
    archive.disposal.purge(kWindowOver);
    holder.join();
    archive.disposal.purge(kWindowOver);
    ASSERT_NE(archive.item(batch, id).outcome, Outcome::pending);
    ASSERT_EQ(exists(archive, id), is_held(archive, id)) << "document " << id;
    if (is_held(archive, id)) ++held;
  }
  EXPECT_GT(held, 0);
}

TEST(DisposalRace, AnExecutionThatEndsAnywhereLeavesNoOutcomeUnknown) {
  RecordsArchive archive;
  std::mt19937 random(11);
  const auto ids = many_records(archive, kRounds);
  const auto batch = archive.proposed(ids, kDue);
  archive.approve(batch);
  int interruptions = 0;
  for (;;) {
    std::int64_t version = 0;
    {
      auto session = archive.database.read();
      const Batch now = find_batch(session, batch).value();
      if (now.state == BatchState::executed) break;
      version = now.version;
    }
    archive.disposal.begin(archive.manager, batch, version);
    int left = std::uniform_int_distribution(0, 3)(random);
    if (archive.disposal.execute(archive.manager, batch, kDue, [&] { return left-- == 0; })) break;
    ++interruptions;
    archive.disposal.recover();
    auto session = archive.database.read();
    for (const BatchItem& item : batch_items(session, archive.manager, batch, 0, 1000)) {
      const auto record = find_record(session, item.document_id);
      ASSERT_EQ(record->stage, item.outcome == Outcome::pending ? Stage::proposed : Stage::restorable);
    }
  }
  EXPECT_GT(interruptions, kRounds / 4);
}

}  // namespace
}  // namespace muniment::records
