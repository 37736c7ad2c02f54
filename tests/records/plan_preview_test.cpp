#include "records/plan_preview.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::RecordsArchive;
using testing::terms;

const Date kDayOfLooking = day("2026-11-24");

struct PlanPreview : ::testing::Test, RecordsArchive {
  Preview asked(const Supposition& supposition, const PreviewPage& page = {}) {
    auto session = database.read();
    return preview_change(session, manager, supposition, kDayOfLooking, page);
  }
  std::int64_t another_schedule(const char* code, const ScheduleTerms& wanted) {
    auto tx = begin();
    const std::int64_t id = create_schedule(tx, code, wanted);
    tx.commit();
    return id;
  }
};

TEST_F(PlanPreview, OfAScheduleMovesNothingAndSaysWhatAChangeWillMove) {
  const std::int64_t id = declared();
  const Preview preview = asked(OtherTerms{schedule, terms("1 year")});
  ASSERT_TRUE(preview.figures);
  EXPECT_EQ(preview.figures->examined, 1);
  EXPECT_EQ(preview.figures->moved, 1);
  EXPECT_EQ(preview.figures->sooner, 1);
  ASSERT_EQ(preview.moves.size(), 1u);
  EXPECT_EQ(preview.moves[0].after.eligible_from, day("2027-11-25"));
  EXPECT_EQ(preview.moves[0].reason,
            "Now: Schedule S1 of class 3.1: at least 2 years from its capture. Authority: Decision 1. That began on "
            "2026-11-24. Then: Schedule S1 of class 3.1: at least 1 year from its capture. Authority: Decision 1. That "
            "began on 2026-11-24.");
  EXPECT_EQ(record(id).eligible_from, day("2028-11-25")) << "asking moves nothing";
  auto tx = begin();
  change_schedule(tx, schedule, 1, terms("1 year"), "New law");
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2027-11-25"));
  EXPECT_EQ(schedule_versions(tx, schedule).size(), 2u);
  EXPECT_THROW(tx.execute("UPDATE schedule_version SET period_count = 1"), Error);
}

TEST_F(PlanPreview, NamesEveryRecordAPageAtATime) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(declared());
  std::vector<std::int64_t> named;
  PreviewPage page{0, 2};
  for (bool more = true; more;) {
    const Preview preview = asked(OtherTerms{schedule, terms("1 year")}, page);
    EXPECT_EQ(preview.figures.has_value(), page.after == 0);
    if (preview.figures) {
      EXPECT_EQ(preview.figures->moved, 5);
    }
    for (const Move& move : preview.moves) named.push_back(move.document_id);
    ASSERT_LE(preview.moves.size(), 2u);
    page.after = named.back();
    more = preview.more;
  }
  EXPECT_EQ(named, ids);
}

TEST_F(PlanPreview, AKindAloneMovesTheDayAfterWhichSomethingIsOverdue) {
  const std::int64_t id = declared();
  ScheduleTerms fixed = terms("2 years");
  fixed.kind = RuleKind::fixed;
  const Preview preview = asked(OtherTerms{schedule, fixed});
  ASSERT_EQ(preview.moves.size(), 1u);
  EXPECT_EQ(preview.moves[0].before.deadline, std::nullopt);
  EXPECT_EQ(preview.moves[0].after.deadline, day("2028-11-24"));
  EXPECT_EQ(preview.moves[0].before.eligible_from, preview.moves[0].after.eligible_from);
  auto tx = begin();
  change_schedule(tx, schedule, 1, fixed, "Not longer either");
  const auto moved = tx.value<std::string>(
      "SELECT d.detail FROM audit_detail d JOIN audit a ON a.sequence = d.sequence WHERE d.detail LIKE '%moved%' "
      "ORDER BY d.sequence DESC LIMIT 1");
  ASSERT_TRUE(moved) << "record " << id << " is not in the audit log";
  EXPECT_NE(moved->find("2028-11-24"), std::string::npos) << *moved;
}

TEST_F(PlanPreview, OfAClassConcernsWhatInheritsFromIt) {
  const std::int64_t longer = another_schedule("S2", terms("7 years"));
  const std::int64_t inheriting = declared();
  std::int64_t own_folder = 0;
  {
    auto tx = begin();
    own_folder = create_folder(tx, node, "With its own", std::nullopt);
    FolderChange change;
    change.schedule = schedule;
    change_folder(tx, own_folder, 1, change);
    tx.commit();
  }
  const std::int64_t elsewhere = declared(own_folder);
  Preview preview = asked(OtherClassSchedule{node, longer});
  ASSERT_EQ(preview.moves.size(), 1u);
  EXPECT_EQ(preview.figures->examined, 1) << "the folder goes by its own schedule";
  EXPECT_EQ(preview.moves[0].document_id, inheriting);
  EXPECT_EQ(preview.moves[0].after.eligible_from, day("2033-11-25"));
  preview = asked(OtherClassSchedule{node, std::nullopt});
  ASSERT_EQ(preview.moves.size(), 1u);
  EXPECT_EQ(preview.moves[0].after.standing, Standing::unscheduled);
  EXPECT_NE(preview.moves[0].reason.find("Then: no retention schedule."), std::string::npos);
  preview = asked(OtherFolderSchedule{own_folder, longer});
  ASSERT_EQ(preview.moves.size(), 1u);
  EXPECT_EQ(preview.moves[0].document_id, elsewhere);
  EXPECT_EQ(asked(OtherFolderSchedule{own_folder, std::nullopt}).figures->moved, 0) << "the class says the same";
}

TEST_F(PlanPreview, OfAClassThatIsMovedConcernsWhatInheritsInTheNewPlace) {
  const std::int64_t longer = another_schedule("S2", terms("7 years"));
  std::int64_t above = 0;
  std::int64_t moved = 0;
  {
    auto tx = begin();
    NewClass other{std::nullopt, "4", "Cases"};
    other.schedule = longer;
    above = create_class(tx, other);
    moved = create_class(tx, {node, "3.1.1", "Small ones"});
    tx.commit();
  }
  const std::int64_t id = filed();
  {
    auto tx = begin();
    storage::DocumentChange change;
    change.class_id = moved;
    storage::change_document(tx, manager, id, storage::find_document(tx, manager, id)->version, change);
    declare(tx, manager, id);
    tx.commit();
  }
  declared();  // in the class that stays
  const Preview preview = asked(OtherClassPlace{moved, above});
  EXPECT_EQ(preview.figures->examined, 1);
  ASSERT_EQ(preview.moves.size(), 1U);
  EXPECT_EQ(preview.moves[0].document_id, id);
  EXPECT_EQ(preview.moves[0].after.eligible_from, day("2033-11-25"));
  EXPECT_EQ(asked(OtherClassPlace{moved, std::nullopt}).moves.at(0).after.standing, Standing::unscheduled) << "the top";
  EXPECT_EQ(asked(OtherClassPlace{moved, node}).figures->moved, 0) << "there it is";
  EXPECT_EQ(asked(OtherClassPlace{node, above}).figures->moved, 0) << "it has its own schedule";
  EXPECT_EQ(record(id).eligible_from, day("2028-11-25")) << "asking moves nothing";
  EXPECT_THROW(asked(OtherClassPlace{node, moved}), Error) << "below itself";
  EXPECT_THROW(asked(OtherClassPlace{moved, 999}), Error);
  EXPECT_THROW(asked(OtherClassPlace{999, above}), Error);
}

TEST_F(PlanPreview, SaysNothingOfWhatTheAskerMayNotRead) {
  const std::int64_t secret = filed();
  const std::int64_t open = declared();
  {
    auto tx = begin();
    storage::DocumentChange change;
    change.own_access_list = storage::create_access_list(tx, "Board", {});
    storage::change_document(tx, storage::system_principal(tx, "test"), secret,
                             storage::find_document(tx, manager, secret)->version, change);
    declare(tx, storage::system_principal(tx, "test"), secret);
    tx.commit();
  }
  const Preview preview = asked(OtherTerms{schedule, terms("1 year")});
  EXPECT_EQ(preview.figures->examined, 1);
  ASSERT_EQ(preview.moves.size(), 1u);
  EXPECT_EQ(preview.moves[0].document_id, open);
}

TEST_F(PlanPreview, RefusesWhatIsNotThere) {
  EXPECT_THROW(asked(OtherTerms{999, terms("1 year")}), Error);
  EXPECT_THROW(asked(OtherClassSchedule{999, schedule}), Error);
  EXPECT_THROW(asked(OtherClassSchedule{node, 999}), Error);
  EXPECT_THROW(asked(OtherFolderSchedule{999, schedule}), Error);
}

}  // namespace
}  // namespace muniment::records
