#include "records/plan_csv.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using ::muniment::testing::TestArchive;

std::string exported(storage::Session& session) {
  return export_plan(session, storage::system_principal(session, "test"));
}

TEST(PlanCsv, EveryReadyMadePlanCanBeLoadedAndComesOutAsItWentIn) {
  for (const std::string& name : ready_made_plans()) {
    TestArchive archive;
    TestArchive other;
    auto tx = archive.database.begin(storage::Actor::system("test"));
    const ImportedPlan made = import_plan(tx, ready_made_plan(name));
    EXPECT_EQ(made.classes, 12) << name;
    EXPECT_EQ(made.schedules, 7) << name;
    const std::string csv = exported(tx);
    auto there = other.database.begin(storage::Actor::system("test"));
    import_plan(there, csv);
    EXPECT_EQ(exported(there), csv);
    const auto accounts = find_schedule(there, "B7").value();
    EXPECT_EQ(accounts.terms.cutoff, Cutoff::calendar_year);
    EXPECT_EQ(to_text(accounts.terms.period), "7 years");
    EXPECT_EQ(import_plan(tx, ready_made_plan(name)).classes, 0) << "again makes nothing twice";
  }
  EXPECT_THROW(ready_made_plan("general-xx"), Error);
}

TEST(PlanCsv, AClassIsExportedAfterTheOneAboveItWhateverItsCode) {
  TestArchive archive;
  TestArchive other;
  auto tx = archive.database.begin(storage::Actor::system("test"));
  const auto top = create_class(tx, {std::nullopt, "Z", "Economy"});
  create_class(tx, {create_class(tx, {top, "M", "Invoices"}), "A", "Received"});
  auto there = other.database.begin(storage::Actor::system("test"));
  EXPECT_EQ(import_plan(there, exported(tx)).classes, 3);
}

TEST(PlanCsv, NothingOfAClassIsLostAndSchedulesWithoutOneAreThere) {
  TestArchive archive;
  TestArchive other;
  const auto reader = archive.add_person("rolf", storage::Role::reader);
  auto tx = archive.database.begin(storage::Actor::system("test"));
  auto there = other.database.begin(storage::Actor::system("test"));
  NewClass open{std::nullopt, "1", "Board"};
  open.access_list = storage::create_access_list(tx, "Board", {});
  const auto board = storage::create_access_list(there, "Board", {});
  open.declares_on_filing = true;
  const auto top = create_class(tx, open);
  create_class(tx, {top, "1.1", "Minutes"});
  ClassChange close;
  close.status = Status::closed;
  change_class(tx, top, find_class(tx, top)->version, close);
  create_schedule(tx, "X1", testing::terms("3 years"));
  const std::string csv = exported(tx);
  const ImportedPlan made = import_plan(there, csv);
  EXPECT_EQ(made.classes, 2);
  EXPECT_EQ(made.schedules, 1);
  EXPECT_EQ(exported(there), csv);
  const Class copy = find_class(there, "1").value();
  EXPECT_EQ(copy.status, Status::closed);
  EXPECT_EQ(copy.access_list, board);
  EXPECT_TRUE(copy.declares_on_filing);
  const std::string numbered = export_plan(tx, reader);
  EXPECT_EQ(numbered.find(",Board,yes"), std::string::npos) << "names of lists are for those who manage them";
  TestArchive third;
  auto without = third.database.begin(storage::Actor::system("test"));
  EXPECT_THROW(import_plan(without, csv), Error) << "nobody may read more because a list is missing";
  EXPECT_THROW(import_plan(without, numbered), Error);
}

TEST(PlanCsv, WhatASchedulesTombstonesKeepAndThatItIsClosedComesAlong) {
  TestArchive archive;
  TestArchive other;
  auto tx = archive.database.begin(storage::Actor::system("test"));
  ScheduleTerms terms = testing::terms("3 years");
  terms.tombstone_fields.emplace({TombstoneField::date, TombstoneField::custom_fields});
  NewClass old{std::nullopt, "1", "Board"};
  old.schedule = create_schedule(tx, "X1", terms);
  create_class(tx, old);
  terms.tombstone_fields.emplace();
  create_schedule(tx, "X2", terms);
  create_schedule(tx, "X3", testing::terms("3 years"));
  set_schedule_status(tx, *old.schedule, find_schedule(tx, *old.schedule)->version, Status::closed);
  const std::string csv = exported(tx);
  auto there = other.database.begin(storage::Actor::system("test"));
  import_plan(there, csv);
  EXPECT_EQ(exported(there), csv);
  const Schedule copy = find_schedule(there, "X1").value();
  EXPECT_EQ(copy.status, Status::closed);
  EXPECT_EQ(copy.terms.tombstone_fields, (std::set{TombstoneField::date, TombstoneField::custom_fields}));
  EXPECT_EQ(find_schedule(there, "X2")->terms.tombstone_fields, std::set<TombstoneField>{}) << "nothing is kept";
  EXPECT_EQ(find_schedule(there, "X3")->terms.tombstone_fields, std::nullopt) << "as for all";
  EXPECT_EQ(find_schedule(there, "X3")->status, Status::open);

  TestArchive third;
  auto again = third.database.begin(storage::Actor::system("test"));
  const std::string earlier =
      "code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,"
      "authority,status,access_list,declares_on_filing\n1,,Board,,X1,,captured,,,,1 year,destroy,,Decision "
      "1,open,,no\n";
  EXPECT_EQ(import_plan(again, earlier).schedules, 1) << "as an earlier version wrote it";
  std::string wrong = csv;
  wrong.replace(wrong.find("date custom_fields"), 4, "size");
  EXPECT_THROW(import_plan(again, wrong.replace(wrong.find("X1"), 2, "X9")), Error);
}

TEST(PlanCsv, AFaultIsNamedWithItsLine) {
  TestArchive archive;
  auto tx = archive.database.begin(storage::Actor::system("test"));
  const std::string columns =
      "code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,"
      "authority\n";
  const auto message = [&](const std::string& csv) {
    try {
      import_plan(tx, csv);
    } catch (const Error& error) {
      return error.message();
    }
    return std::string("nothing wrong");
  };
  EXPECT_NE(message("code,title\n").find("line 1"), std::string::npos);
  EXPECT_NE(message("code;parent;title\n").find("semicolons"), std::string::npos);
  EXPECT_NE(message("code,parent,titel\n").find("code,parent,title,scope_note"), std::string::npos);
  EXPECT_NE(message(columns + "1,,One\n").find("line 2"), std::string::npos);
  EXPECT_NE(message(columns + "1,9,One,,,,,,,,,,,\n").find("line 2, parent"), std::string::npos);
  EXPECT_NE(message(columns + "1,,One,,S,,captured,,,,4-7 years,destroy,,Law\n").find("range"), std::string::npos);
  EXPECT_NE(message(columns + "1,,One,,S,,comet,,,,4 years,destroy,,Law\n").find("comet"), std::string::npos);
  EXPECT_NE(message(columns + "1,,\"One,,,,,,,,,,,\n").find("not closed"), std::string::npos);
  for (const char* month : {"juli", "13", "0"}) {
    const std::string line = "1,,One,,S,,captured,,fiscal-year," + std::string(month) + ",4 years,destroy,,Law\n";
    EXPECT_NE(message(columns + line).find("fiscal_start"), std::string::npos) << month;
  }
  EXPECT_EQ(message(columns + "1,,\"One, \"\"quoted\"\"\nin two lines\",,,,,,,,,,,\n"), "nothing wrong");
  EXPECT_EQ(find_class(tx, "1")->title, "One, \"quoted\" in two lines");
}

}  // namespace
}  // namespace muniment::records
