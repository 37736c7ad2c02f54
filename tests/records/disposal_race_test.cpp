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

// What makes a hold reach a document.
enum class By { hand, folder, query };

void hold(RecordsArchive& archive, By by, std::int64_t id) {
  if (by == By::hand) {
    archive.held_by_hand(id);
    return;
  }
  auto tx = archive.begin();
  const std::string query = by == By::query ? "number " + std::to_string(id) : "";
  const auto placed = place_hold(tx, archive.manager, {"Dispute", "A claim", query, false, {}});
  const auto folder = tx.value<std::optional<std::int64_t>>("SELECT folder_id FROM document WHERE id = $1", id);
  if (by == By::folder) {
    if (!folder) return;  // it came too late: the document is gone
    ASSERT_TRUE(*folder);
    hold_folder(tx, archive.manager, placed, folder->value());
  }
  tx.commit();
}

// Held before it was executed, it has left the batch, and that has ended.
void execute_what_is_left(RecordsArchive& archive, std::int64_t batch) {
  try {
    archive.execute(batch, kDue);
  } catch (const core::Error& error) {
    EXPECT_TRUE(error.code() == core::ErrorCode::stale || error.code() == core::ErrorCode::conflict) << error.message();
  }
}

TEST(DisposalRace, AHoldIsNeverOvertaken) {
  RecordsArchive archive;
  std::mt19937 random(7);
  std::map<By, int> held;
  const auto ids = many_records(archive, kRounds);
  // Known to the index beforehand: there a query finds its document whenever it is asked.
  for (const std::int64_t id : ids) archive.surroundings.matching["number " + std::to_string(id)] = {id};
  int round = 0;
  for (const std::int64_t id : ids) {
    // Once of each kind the hold comes first, however the threads run.
    const bool comes_first = round < 3;
    const By by = static_cast<By>(round++ % 3);
    if (by == By::folder) {
      auto tx = archive.begin();
      const auto folder = create_folder(tx, archive.node, "Case " + std::to_string(id), std::nullopt);
      reclassify(tx, archive.manager, id, std::nullopt, folder, "It is of this case");
      tx.commit();
    }
    const auto batch = archive.proposed({id}, kDue);
    archive.approve(batch);
    const int spins = std::uniform_int_distribution(0, 4000)(random);
    std::jthread holder([&] {
      for (std::atomic<int> left = spins; left > 0; --left) continue;
      try {
        hold(archive, by, id);
      } catch (const core::Error& error) {
        // It came too late: then there is no hold, and the record may go.
        EXPECT_TRUE(error.code() == core::ErrorCode::not_found || error.code() == core::ErrorCode::conflict);
      }
    });
    if (comes_first) holder.join();
    execute_what_is_left(archive, batch);
    archive.disposal.purge(kWindowOver);
    if (!comes_first) holder.join();
    // As the service does when a hold with a query was placed.
    archive.disposal.ask_holds({id});
    archive.disposal.purge(kWindowOver);
    ASSERT_NE(archive.item(batch, id).outcome, Outcome::pending);
    ASSERT_EQ(exists(archive, id), is_held(archive, id)) << "document " << id;
    if (is_held(archive, id)) ++held[by];
  }
  for (const By by : {By::hand, By::folder, By::query}) EXPECT_GT(held[by], 0);
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
