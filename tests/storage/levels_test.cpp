#include "storage/levels.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/access_report.h"
#include "storage/accounts.h"
#include "storage/documents.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using testing::kTester;
using testing::TestArchive;

constexpr std::int64_t kInternal = 10, kSecret = 30;

// A class that everybody is on the list of, of the highest level, with a folder and a document in it.
class Levels : public ::testing::Test {
 protected:
  Levels() {
    auto tx = archive.database.begin(kTester);
    secret = create_access_list(tx, "Secret things", kEverybody, kSecret);
    open = create_access_list(tx, "Open things", kEverybody);
    node =
        tx.insert("INSERT INTO class (code, title, access_list_id, created_at) VALUES ('1', 'Secrets', $1, 0)", secret);
    folder = tx.insert("INSERT INTO folder (class_id, title, opened_at) VALUES ($1, 'A case', 0)", node);
    elsewhere = tx.insert("INSERT INTO class (code, title, created_at) VALUES ('2', 'Others', 0)");
    tx.commit();
    id = archive.add_document(kTester, "a.txt", "hello");
    change([&](DocumentChange& wanted) { wanted.folder_id = folder; }, archive.system());
  }

  Principal as_now(const Principal& who) {
    auto session = archive.database.read();
    return load_principal(session, who.account_id, "test").value();
  }

  Principal cleared(const Principal& who, std::int64_t clearance) {
    auto tx = archive.database.begin(kTester);
    AccountChange wanted;
    wanted.clearance = clearance;
    change_account(tx, who.account_id, find_account(tx, who.account_id)->version, wanted);
    tx.commit();
    return as_now(who);
  }

  template <typename Describe>
  void change(const Describe& describe, const Principal& who) {
    auto tx = archive.database.begin(kTester);
    DocumentChange wanted;
    describe(wanted);
    change_document(tx, who, id, find_document(tx, archive.system(), id)->version, wanted);
    tx.commit();
  }

  void in_sql(const std::string& statement, std::int64_t value, std::int64_t of) {
    auto tx = archive.database.begin(kTester);
    tx.execute(statement, value, of);
    tx.commit();
  }

  template <typename Act>
  static ErrorCode refused(const Act& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "this was not refused";
    return ErrorCode::internal;
  }

  // Whether `who` finds the document, by each way that asks.
  bool sees(const Principal& who) {
    auto session = archive.database.read();
    const bool seen = find_document(session, who, id).has_value();
    EXPECT_EQ(who.may_read(secret), seen);
    EXPECT_EQ(who.may_change(secret), seen);
    EXPECT_EQ(list_documents(session, who, {}, DocumentOrder::newest_first, 0, 10).total, seen ? 1 : 0);
    EXPECT_EQ(find_duplicate(session, who, core::Sha256::of("hello")).has_value(), seen);
    const auto changes = session.value<std::int64_t>(
        "SELECT count(*) FROM document d WHERE " + changeable("d.access_list_id"), who.account_id, who.day);
    EXPECT_EQ(changes.value(), seen ? 1 : 0);
    return seen;
  }

  const std::vector<AccessEntry> kEverybody{{AccessEntry::Subject::everyone, 0, true}};
  TestArchive archive;
  std::int64_t secret = 0, open = 0, node = 0, folder = 0, elsewhere = 0, id = 0;
};

TEST_F(Levels, AListGivesNothingBeyondTheClearance) {
  for (const Role role : {Role::staff, Role::admin}) {
    const Principal person = archive.add_person(role_name(role), role);
    EXPECT_FALSE(sees(person)) << "on the list, and without a clearance";
    EXPECT_FALSE(sees(cleared(person, kInternal)));
    EXPECT_TRUE(sees(cleared(person, kSecret)));
    EXPECT_FALSE(sees(cleared(person, 0)));
  }
  EXPECT_TRUE(sees(archive.system()));
}

TEST_F(Levels, TheReportNamesOnlyWhomTheClearanceLets) {
  cleared(archive.add_person("ada", Role::staff), kSecret);
  archive.add_person("bo", Role::admin);
  auto session = archive.database.read();
  std::vector<std::string> readers;
  for (const PersonsAccess& line : access_report(session)) {
    if (line.access_list == "Secret things") readers.push_back(line.account + " " + line.level);
  }
  EXPECT_THAT(readers, ::testing::ElementsAre("ada Secret"));
}

TEST_F(Levels, NothingStandsLowerThanItsPlace) {
  const auto system = archive.system();
  EXPECT_EQ(refused([&] { change([&](auto& wanted) { wanted.own_access_list = open; }, system); }),
            ErrorCode::conflict);
  EXPECT_EQ(refused([&] { in_sql("UPDATE folder SET access_list_id = $1 WHERE id = $2", open, folder); }),
            ErrorCode::conflict);
  EXPECT_EQ(
      refused([&] { in_sql("UPDATE class SET parent_id = $1, access_list_id = 1 WHERE id = $2", node, elsewhere); }),
      ErrorCode::conflict);
  EXPECT_EQ(refused([&] {
              in_sql(
                  "INSERT INTO class (code, title, created_at, parent_id, access_list_id) VALUES ('3', '', 0, $1, $2)",
                  node, open);
            }),
            ErrorCode::conflict);
  EXPECT_EQ(refused([&] {
              in_sql("INSERT INTO folder (class_id, access_list_id, title, opened_at) VALUES ($1, $2, '', 0)", node,
                     open);
            }),
            ErrorCode::conflict);
  NewDocument arrival;
  arrival.title = "Of paper";
  arrival.class_id = node;
  arrival.access_list = open;
  EXPECT_EQ(refused([&] {
              auto tx = archive.database.begin(kTester);
              create_paper_document(tx, arrival);
            }),
            ErrorCode::conflict);
  change([&](auto& wanted) { wanted.own_access_list = secret; }, system);
}

TEST_F(Levels, APlaceIsNotRaisedOverWhatStandsInIt) {
  const auto system = archive.system();
  change([&](auto& wanted) { wanted.folder_id.emplace(), wanted.class_id = elsewhere; }, system);
  change([&](auto& wanted) { wanted.own_access_list = open; }, system);
  EXPECT_EQ(refused([&] { change([&](auto& wanted) { wanted.class_id = node; }, system); }), ErrorCode::conflict)
      << "the document itself";
  EXPECT_EQ(refused([&] { in_sql("UPDATE class SET access_list_id = $1 WHERE id = $2", secret, elsewhere); }),
            ErrorCode::conflict)
      << "the class around it";
  EXPECT_EQ(refused([&] { in_sql("UPDATE class SET parent_id = $1 WHERE id = $2", node, elsewhere); }),
            ErrorCode::conflict)
      << "the class with it";
  const auto level = [&](std::int64_t list, std::int64_t to) {
    auto tx = archive.database.begin(kTester);
    const AccessList before = find_access_list(tx, list).value();
    change_access_list(tx, list, before.version, before.name, before.entries, to);
    tx.commit();
  };
  in_sql("UPDATE class SET access_list_id = $1 WHERE id = $2", open, elsewhere);
  level(open, kInternal);
  std::int64_t other = 0;
  {
    auto tx = archive.database.begin(kTester);
    other = create_access_list(tx, "Others", kEverybody, kSecret);
    tx.commit();
  }
  change([&](auto& wanted) { wanted.own_access_list = other; }, system);
  EXPECT_EQ(refused([&] { level(other, 0); }), ErrorCode::conflict);
  EXPECT_EQ(refused([&] { level(kEveryoneList, kInternal); }), ErrorCode::conflict);
  EXPECT_EQ(refused([&] { level(other, 7); }), ErrorCode::invalid_argument) << "there is no such level";
}

TEST_F(Levels, OnlyWhoeverHasClearanceAndManagesAccessLowersALevel) {
  const Principal staff = cleared(archive.add_person("ada", Role::staff), kSecret);
  const auto move_out = [&](DocumentChange& wanted) { wanted.folder_id.emplace(), wanted.class_id = elsewhere; };
  EXPECT_EQ(refused([&] { change(move_out, staff); }), ErrorCode::forbidden);
  change([&](auto& wanted) { wanted.title = "As before"; }, staff);
  change(move_out, cleared(archive.add_person("bo", Role::records_manager), kSecret));
  const Principal manager = archive.add_person("cia", Role::records_manager);
  const Principal cleared_manager = cleared(manager, kSecret);
  auto session = archive.database.read();
  EXPECT_EQ(refused([&] { require_may_replace(session, manager, secret, open); }), ErrorCode::forbidden);
  EXPECT_EQ(refused([&] { require_may_replace(session, manager, open, secret); }), ErrorCode::forbidden)
      << "nor gives what they could not take back";
  require_may_replace(session, cleared_manager, open, secret);
}

TEST_F(Levels, ALevelInUseStays) {
  auto tx = archive.database.begin(kTester);
  name_level(tx, {15, "Restricted"});
  name_level(tx, {0, "Public"});
  EXPECT_EQ(refused([&] { name_level(tx, {15, "Secret"}); }), ErrorCode::conflict);
  EXPECT_EQ(refused([&] { name_level(tx, {1001, "Higher"}); }), ErrorCode::invalid_argument);
  std::vector<std::string> names;
  for (const Level& level : list_levels(tx)) names.push_back(level.name);
  EXPECT_THAT(names, ::testing::ElementsAre("Public", "Internal", "Restricted", "Confidential", "Secret"));
  delete_level(tx, 15);
  EXPECT_EQ(refused([&] { delete_level(tx, 15); }), ErrorCode::not_found);
  EXPECT_EQ(refused([&] { delete_level(tx, kSecret); }), ErrorCode::conflict);
  EXPECT_EQ(refused([&] { delete_level(tx, 0); }), ErrorCode::conflict);
}

}  // namespace
}  // namespace muniment::storage
