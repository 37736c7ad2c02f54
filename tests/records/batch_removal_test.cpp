#include <functional>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/events.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;
using testing::terms;

class LeavingABatch : public ::testing::Test {
 protected:
  template <typename Change>
  void change(const Change& make) {
    auto tx = archive_.begin();
    make(tx);
    tx.commit();
  }
  std::int64_t schedule(const char* code, const ScheduleTerms& of) {
    auto tx = archive_.begin();
    const std::int64_t id = create_schedule(tx, code, of);
    tx.commit();
    return id;
  }
  void give_schedule(std::int64_t id, std::int64_t schedule) {
    const std::int64_t version = archive_.record(id).version;
    change([&](auto& tx) { set_own_schedule(tx, archive_.manager, id, version, schedule, "Decided"); });
  }
  void take_out(std::int64_t batch, std::int64_t id, const char* reason = "Wanted by a researcher") {
    change([&](auto& tx) { take_out_of_batch(tx, archive_.manager, batch, id, reason); });
  }
  BatchState state(std::int64_t batch) {
    auto session = archive_.database.read();
    return find_batch(session, batch)->state;
  }
  void expect_out(std::int64_t batch, std::int64_t id, const char* why) {
    EXPECT_EQ(archive_.item(batch, id).outcome, Outcome::skipped);
    EXPECT_EQ(archive_.item(batch, id).reason, why);
    EXPECT_EQ(archive_.record(id).stage, Stage::active);
  }
  std::int64_t audited(const char* action, std::int64_t id) {
    auto session = archive_.database.read();
    return session.value<std::int64_t>("SELECT count(*) FROM audit WHERE action = $1 AND object_id = $2", action, id)
        .value();
  }

  RecordsArchive archive_;
};

TEST_F(LeavingABatch, ALateEventTakesOutWhatIsNotDueAnyMore) {
  const auto by_event = schedule("E1", terms("1 years", Action::destroy, {{TriggerKind::event, "ended"}}));
  const std::int64_t moved = archive_.declared();
  const std::int64_t other = archive_.declared();
  give_schedule(moved, by_event);
  std::int64_t event = 0;
  change([&](auto& tx) {
    event = record_event(tx, archive_.manager, "ended", day("2027-01-01"), {{moved, {}}}).front();
  });
  const auto batch = archive_.proposed({moved, other}, kDue);
  change([&](auto& tx) { record_event(tx, archive_.manager, "read", day("2028-01-01"), {{moved, {}}}); });
  EXPECT_EQ(archive_.record(moved).stage, Stage::proposed) << "it does not count";
  archive_.approve(batch);
  change([&](auto& tx) { correct_event(tx, archive_.manager, event, day("2028-06-01"), "Ended later"); });
  expect_out(batch, moved, "it is kept through 2029-06-01");
  EXPECT_EQ(audited("disposition.skipped", moved), 1);
  EXPECT_EQ(archive_.record(other).stage, Stage::proposed);
  archive_.execute(batch, kDue);
  EXPECT_EQ(archive_.item(batch, other).outcome, Outcome::destroyed);
  EXPECT_EQ(archive_.record(moved).stage, Stage::active);
}

TEST_F(LeavingABatch, AnotherScheduleTakesItOutAlsoWhereItIsDueByThat) {
  const std::int64_t for_ever = archive_.declared();
  const std::int64_t by_another = archive_.declared();
  const auto batch = archive_.proposed({for_ever, by_another}, kDue);
  ScheduleTerms permanent = terms("1 years", Action::permanent);
  permanent.triggers.clear();
  give_schedule(for_ever, schedule("P1", permanent));
  expect_out(batch, for_ever, "it is kept permanently");
  EXPECT_EQ(state(batch), BatchState::proposed);
  give_schedule(by_another, schedule("S2", terms("1 years")));
  expect_out(batch, by_another, "another schedule decides on it now");
  EXPECT_EQ(state(batch), BatchState::withdrawn) << "nothing is left to approve";
  EXPECT_EQ(audited("disposition.emptied", batch), 1);
  EXPECT_EQ(audited("disposition.withdrawn", batch), 0) << "nobody did that";
}

TEST_F(LeavingABatch, WhatAnotherScheduleDecidesOnIsNotDestroyedBeforeTheQueueComesToIt) {
  const std::int64_t id = archive_.declared();
  const auto batch = archive_.proposed({id}, kDue);
  archive_.approve(batch);
  const auto another = schedule("S2", terms("1 years"));
  // As a change of a large class leaves it.
  change([&](auto& tx) { tx.execute("UPDATE class SET schedule_id = $1 WHERE id = $2", another, archive_.node); });
  ASSERT_EQ(archive_.record(id).stage, Stage::proposed);
  EXPECT_EQ(archive_.disposal.dry_run(archive_.manager, batch, kDue).front().obstacle,
            "another schedule decides on it now");
  archive_.execute(batch, kDue);
  expect_out(batch, id, "another schedule decides on it now");
}

TEST_F(LeavingABatch, AHoldPutsItBackAmongWhatIsDue) {
  const std::int64_t id = archive_.declared();
  const auto batch = archive_.proposed({id, archive_.declared()}, kDue);
  const auto hold = archive_.held_by_hand(id);
  expect_out(batch, id, "it is under hold");
  change([&](auto& tx) { release_documents(tx, archive_.manager, hold, {id}, "Settled"); });
  EXPECT_EQ(archive_.record(id).stage, Stage::active) << "others approve it anew";
  archive_.proposed({id}, kDue);
}

TEST_F(LeavingABatch, WhoeverMayProposeTakesOneOutWithAReason) {
  const std::int64_t wanted = archive_.declared();
  const std::int64_t other = archive_.declared();
  const auto batch = archive_.proposed({wanted, other}, kDue);
  archive_.approve(batch);
  EXPECT_THROW(take_out(batch, wanted, " "), Error);
  EXPECT_THROW(take_out(batch, 999), Error);
  take_out(batch, wanted);
  expect_out(batch, wanted, "it was taken out: Wanted by a researcher");
  EXPECT_EQ(audited("disposition.taken_out", wanted), 1);
  EXPECT_THROW(take_out(batch, wanted), Error) << "it is out already";
  EXPECT_EQ(state(batch), BatchState::approved);
  archive_.execute(batch, kDue);
  EXPECT_EQ(archive_.item(batch, other).outcome, Outcome::destroyed);
  EXPECT_EQ(archive_.item(batch, wanted).outcome, Outcome::skipped);
  EXPECT_THROW(take_out(batch, other), Error) << "it has been carried out";

  const storage::Principal clerk = archive_.add_person("carl", storage::Role::staff);
  const auto later = archive_.proposed({wanted}, kDue);
  auto tx = archive_.database.begin(clerk.actor());
  EXPECT_THROW(take_out_of_batch(tx, clerk, later, wanted, "Mine"), Error);
}

TEST_F(LeavingABatch, WithdrawingTheRestIsNoExecution) {
  const std::int64_t wanted = archive_.declared();
  const auto batch = archive_.proposed({wanted, archive_.declared()}, kDue);
  take_out(batch, wanted);
  change([&](auto& tx) {
    withdraw_batch(tx, archive_.manager, batch, find_batch(tx, batch)->version, "All of it is wanted");
  });
  EXPECT_EQ(state(batch), BatchState::withdrawn);
}

TEST_F(LeavingABatch, WhatLeavesWhileItsTurnComesIsNotDestroyed) {
  archive_.hold_what_finds("acme");
  const std::int64_t held = archive_.declared();
  const std::int64_t changed = archive_.declared();
  const auto batch = archive_.proposed({held, changed}, kDue);
  const auto kept = schedule("S9", terms("9 years"));
  archive_.approve(batch);
  archive_.surroundings.when_asked = [&] {
    const auto hold = archive_.held_by_hand(held);
    change([&](auto& tx) { release_documents(tx, archive_.manager, hold, {held}, "The wrong one"); });
    give_schedule(changed, kept);
  };
  archive_.execute(batch, kDue);
  expect_out(batch, held, "it is under hold");
  expect_out(batch, changed, "it is kept through 2035-11-24");
  EXPECT_EQ(audited("disposition.skipped", held), 1);
  EXPECT_EQ(state(batch), BatchState::executed);
}

// Of two, one is destroyed; the other leaves when its turn comes.
class LeavingWhileExecuted : public LeavingABatch {
 protected:
  LeavingWhileExecuted() {
    archive_.approve(batch_);
    auto session = archive_.database.read();
    version_ = find_batch(session, batch_)->version;
  }
  // `then` what is done before it stops.
  bool execute_one(const std::function<void()>& then) {
    archive_.disposal.begin(archive_.manager, batch_, version_);
    int asked = 0;
    return archive_.disposal.execute(archive_.manager, batch_, kDue, [&] {
      if (++asked == 1) return false;
      archive_.held_by_hand(left_);
      then();
      return true;
    });
  }
  void expect_executed() {
    EXPECT_EQ(archive_.item(batch_, destroyed_).outcome, Outcome::destroyed);
    expect_out(batch_, left_, "it is under hold");
    EXPECT_EQ(state(batch_), BatchState::executed);
  }

  const std::int64_t destroyed_ = archive_.declared();
  const std::int64_t left_ = archive_.declared();
  const std::int64_t batch_ = archive_.proposed({destroyed_, left_}, kDue);
  std::int64_t version_ = 0;
};

TEST_F(LeavingWhileExecuted, TheBatchEndsWhenTheServiceStartsAgain) {
  EXPECT_FALSE(execute_one([] {}));
  EXPECT_EQ(state(batch_), BatchState::executing);
  archive_.disposal.recover();
  expect_executed();
}

TEST_F(LeavingWhileExecuted, TheBatchEndsWhenItIsInterrupted) {
  EXPECT_THROW(execute_one([] { throw Error(core::ErrorCode::io, "the disk is gone"); }), Error);
  expect_executed();
  EXPECT_EQ(audited("disposition.interrupted", batch_), 1);
}

TEST_F(LeavingWhileExecuted, WithdrawingItDoesNotHideWhatWasDestroyed) {
  EXPECT_FALSE(execute_one([] {}));
  change([&](auto& tx) {
    tx.execute("UPDATE disposition_batch SET state = 'approved' WHERE id = $1", batch_);
    withdraw_batch(tx, archive_.manager, batch_, find_batch(tx, batch_)->version, "Not the others");
  });
  expect_executed();
}

TEST_F(LeavingABatch, WhatSomebodySaidOfItGoesWithTheRecord) {
  const std::int64_t id = archive_.declared();
  const auto first = archive_.proposed({id}, kDue);
  take_out(first, id, "Anna Berg asks for it");
  const auto batch = archive_.proposed({id}, kDue);
  archive_.approve(batch);
  archive_.execute(batch, kDue);
  EXPECT_EQ(archive_.disposal.purge(kWindowOver), 1U);
  EXPECT_TRUE(archive_.disposal.verify_purged().empty());
  EXPECT_EQ(archive_.item(first, id).reason, "");
  auto session = archive_.database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM audit_detail WHERE detail LIKE '%Berg%'"), 0);
}

}  // namespace
}  // namespace muniment::records
