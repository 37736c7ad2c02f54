#include "storage/access.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/access_report.h"
#include "storage/accounts.h"
#include "storage/day.h"
#include "storage/documents.h"
#include "storage/roles.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using testing::kTester;
using testing::TestArchive;

Principal again(TestArchive& archive, const Principal& who) {
  auto session = archive.database.read();
  return load_principal(session, who.account_id, "test").value();
}

TEST(Access, EveryoneReadsWhatHasNoListOfItsOwn) {
  TestArchive archive;
  const Principal reader = archive.add_person("ada", Role::reader);
  const std::int64_t id = archive.add_document(kTester, "a.txt", "hello");
  auto session = archive.database.read();
  EXPECT_TRUE(find_document(session, reader, id));
}

TEST(Access, AnOwnListHidesADocumentAsIfItDidNotExist) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  const Principal bo = archive.add_person("bo", Role::staff);
  const std::int64_t id = archive.add_document(kTester, "a.txt", "hello");
  std::int64_t list = 0;
  {
    auto tx = archive.database.begin(kTester);
    list = create_access_list(tx, "Only Ada", {{AccessEntry::Subject::account, ada.account_id, true}});
    DocumentChange change;
    change.own_access_list = list;
    change_document(tx, system_principal(tx, "test"), id, 1, change);
    tx.commit();
  }
  auto session = archive.database.read();
  const Principal ada_now = again(archive, ada);
  const Principal bo_now = again(archive, bo);
  EXPECT_TRUE(find_document(session, ada_now, id));
  EXPECT_FALSE(find_document(session, bo_now, id));
  EXPECT_EQ(list_documents(session, ada_now, {}, DocumentOrder::newest_first, 0, 10).total, 1);
  EXPECT_EQ(list_documents(session, bo_now, {}, DocumentOrder::newest_first, 0, 10).total, 0);
  EXPECT_FALSE(find_duplicate(session, bo_now, core::Sha256::of("hello")));
  EXPECT_EQ(find_duplicate(session, ada_now, core::Sha256::of("hello")), id);
}

TEST(Access, GroupsGiveAndTakeAtOnce) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  std::int64_t list = 0;
  std::int64_t group = 0;
  {
    auto tx = archive.database.begin(kTester);
    group = create_group(tx, "Accounting", {ada.account_id});
    list = create_access_list(tx, "Accounts", {{AccessEntry::Subject::group, group, false}});
    tx.commit();
  }
  EXPECT_TRUE(again(archive, ada).may_read(list));
  EXPECT_FALSE(again(archive, ada).may_change(list));
  {
    auto tx = archive.database.begin(kTester);
    remove_member(tx, group, ada.account_id);
    tx.commit();
  }
  EXPECT_FALSE(again(archive, ada).may_read(list));
}

void make_today(TestArchive& archive, std::string_view iso) {
  auto tx = archive.database.begin(kTester);
  set_demonstration_day(tx, core::parse_iso_date(iso));
  tx.commit();
}

Validity from_through(std::string_view first, std::string_view last) {
  return {core::parse_iso_date(first), core::parse_iso_date(last)};
}

// What `who` may read and change of a list by each way that asks: with the set of lists, and in SQL.
struct Rights {
  bool reads = false;
  bool changes = false;
  bool operator==(const Rights&) const = default;
};
Rights rights_in(TestArchive& archive, const Principal& who, std::int64_t list) {
  const Principal now = again(archive, who);
  auto session = archive.database.read();
  const auto in_sql = [&](const std::string& condition) {
    return session
               .value<std::int64_t>("SELECT count(*) FROM access_list l WHERE " + condition + " AND l.id = $3",
                                    now.account_id, now.day, list)
               .value() > 0;
  };
  const Rights rights{in_sql(readable("l.id")), in_sql(changeable("l.id"))};
  EXPECT_EQ(now.may_read(list), rights.reads);
  EXPECT_EQ(now.may_change(list), rights.changes);
  return rights;
}

constexpr Rights kNone{}, kReads{true, false}, kChanges{true, true};

TEST(Access, AnEntryHoldsFromItsFirstDayThroughItsLast) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  const std::int64_t id = archive.add_document(kTester, "a.txt", "hello");
  std::int64_t list = 0;
  {
    auto tx = archive.database.begin(kTester);
    list = create_access_list(
        tx, "Trainees",
        {{AccessEntry::Subject::account, ada.account_id, true, "", from_through("2026-12-01", "2027-01-31")}});
    DocumentChange change;
    change.own_access_list = list;
    change_document(tx, system_principal(tx, "test"), id, 1, change);
    tx.commit();
  }
  EXPECT_EQ(rights_in(archive, ada, list), kNone) << "the clock says 2026-11-24";
  archive.clock.advance(std::chrono::days(10));
  EXPECT_EQ(rights_in(archive, ada, list), kChanges) << "the clock says 2026-12-04";
  for (const auto& [day, expected] : std::vector<std::pair<const char*, Rights>>{
           {"2026-11-30", kNone}, {"2026-12-01", kChanges}, {"2027-01-31", kChanges}, {"2027-02-01", kNone}}) {
    make_today(archive, day);
    EXPECT_EQ(rights_in(archive, ada, list), expected) << day;
    auto session = archive.database.read();
    EXPECT_EQ(find_document(session, again(archive, ada), id).has_value(), expected.reads) << day;
    EXPECT_EQ(list_documents(session, again(archive, ada), {}, DocumentOrder::newest_first, 0, 10).total,
              expected.reads ? 1 : 0);
    EXPECT_EQ(find_duplicate(session, again(archive, ada), core::Sha256::of("hello")).has_value(), expected.reads);
  }
  auto session = archive.database.read();
  const AccessEntry ended = find_access_list(session, list).value().entries.at(0);
  EXPECT_EQ(ended.validity, from_through("2026-12-01", "2027-01-31")) << "what has ended is told";
  EXPECT_EQ(ended.validity.on(core::parse_iso_date("2027-02-01").value()), Validity::State::ended);
}

TEST(Access, AMembershipEndsAndTheShorterTimeDecides) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  std::int64_t list = 0;
  std::int64_t group = 0;
  {
    auto tx = archive.database.begin(kTester);
    group = create_group(tx, "Inquiry", {});
    add_member(tx, group, ada.account_id, from_through("2026-06-01", "2026-12-31"));
    list =
        create_access_list(tx, "Inquiry",
                           {{AccessEntry::Subject::group, group, true, "", from_through("2026-09-01", "2027-06-30")},
                            {AccessEntry::Subject::everyone, 0, false, "", from_through("2027-06-01", "2027-06-30")}});
    tx.commit();
  }
  for (const auto& [day, expected] : std::vector<std::pair<const char*, Rights>>{{"2026-08-31", kNone},
                                                                                 {"2026-09-01", kChanges},
                                                                                 {"2026-12-31", kChanges},
                                                                                 {"2027-01-01", kNone},
                                                                                 {"2027-06-01", kReads},
                                                                                 {"2027-07-01", kNone}}) {
    make_today(archive, day);
    EXPECT_EQ(rights_in(archive, ada, list), expected) << day;
    auto session = archive.database.read();
    const bool is_member = std::string_view(day) <= "2026-12-31";
    EXPECT_EQ(find_account(session, ada.account_id).value().groups.size(), is_member ? 1U : 0U) << day;
  }
  auto tx = archive.database.begin(kTester);
  add_member(tx, group, ada.account_id, {std::nullopt, core::parse_iso_date("2027-12-31")});
  EXPECT_EQ(find_group(tx, group).value().members.size(), 1U) << "the same member, for longer";
  tx.commit();
  make_today(archive, "2027-05-01");
  EXPECT_EQ(rights_in(archive, ada, list), kChanges);
  EXPECT_TRUE(archive.system().may_change(list)) << "the service itself is on no list";
}

TEST(Access, DaysInTheWrongOrderAreRefused) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  auto tx = archive.database.begin(kTester);
  const Validity backwards = from_through("2027-01-02", "2027-01-01");
  EXPECT_THROW(create_access_list(tx, "Never", {{AccessEntry::Subject::everyone, 0, false, "", backwards}}), Error);
  const std::int64_t group = create_group(tx, "Never", {});
  EXPECT_THROW(add_member(tx, group, ada.account_id, backwards), Error);
}

TEST(Access, TheReportTellsWhatEndedAndWhatIsToCome) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  const Principal bo = archive.add_person("bo", Role::staff);
  auto tx = archive.database.begin(kTester);
  const std::int64_t group = create_group(tx, "Board", {ada.account_id});
  add_member(tx, group, bo.account_id, from_through("2027-01-01", "2027-12-31"));
  create_access_list(
      tx, "Secret",
      {{AccessEntry::Subject::group, group, true, "", {}},
       {AccessEntry::Subject::account, ada.account_id, false, "", from_through("2025-01-01", "2026-11-30")},
       {AccessEntry::Subject::account, bo.account_id, true, "", from_through("2025-01-01", "2026-10-31")}});
  std::vector<PersonsAccess> secret = access_report(tx);
  std::erase_if(secret, [](const PersonsAccess& one) { return one.access_list != "Secret"; });
  ASSERT_EQ(secret.size(), 3U);
  EXPECT_EQ(secret[0].account, "ada");
  EXPECT_EQ(secret[0].state, Validity::State::in_force);
  EXPECT_FALSE(secret[0].validity.is_limited()) << "the group is hers for ever";
  EXPECT_EQ(secret[1].account, "bo");
  EXPECT_EQ(secret[1].state, Validity::State::to_come);
  EXPECT_EQ(secret[1].validity, from_through("2027-01-01", "2027-12-31"));
  EXPECT_THAT(secret[1].through, ::testing::ElementsAre("Board"));
  EXPECT_EQ(secret[2].state, Validity::State::ended);
  EXPECT_EQ(secret[2].validity, from_through("2025-01-01", "2026-10-31"));
  EXPECT_TRUE(secret[2].may_change) << "as it was";
}

TEST(Access, TheReportNamesEachPersonWithTheirWayIn) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  const Principal bo = archive.add_person("bo", Role::reader);
  archive.add_person("cia", Role::staff);
  const std::int64_t id = archive.add_document(kTester, "a.txt", "hello");
  auto tx = archive.database.begin(kTester);
  const std::int64_t group = create_group(tx, "Board", {ada.account_id, bo.account_id});
  const std::int64_t list = create_access_list(
      tx, "Secret",
      {{AccessEntry::Subject::group, group, true}, {AccessEntry::Subject::account, ada.account_id, false}});
  tx.execute("UPDATE document SET access_list_id = $1 WHERE id = $2", list, id);
  std::vector<PersonsAccess> secret = access_report(tx);
  std::erase_if(secret, [](const PersonsAccess& one) { return one.access_list != "Secret"; });
  ASSERT_EQ(secret.size(), 2U);
  EXPECT_EQ(secret[0].account, "ada");
  EXPECT_EQ(secret[0].documents, 1);
  EXPECT_TRUE(secret[0].may_change);
  EXPECT_THAT(secret[0].through, ::testing::UnorderedElementsAre("account", "Board"));
  EXPECT_EQ(secret[1].account, "bo");
  EXPECT_EQ(secret[1].role, "reader");
  EXPECT_FALSE(secret[1].may_change) << "a reader changes nothing";
}

TEST(Access, AReaderRoleChangesNothingEvenWhereTheListAllows) {
  TestArchive archive;
  const Principal reader = archive.add_person("ada", Role::reader);
  const std::int64_t id = archive.add_document(kTester, "a.txt", "hello");
  auto tx = archive.database.begin(reader.actor());
  DocumentChange change;
  change.title = "Mine";
  EXPECT_THROW(change_document(tx, reader, id, 1, change), Error);
  EXPECT_THROW(trash_document(tx, reader, id), Error);
  EXPECT_THROW(reader.require(Permission::capture), Error);
}

TEST(Access, TheRightToManageAccessIsEnoughToGiveAnotherList) {
  TestArchive archive;
  Principal keeper = archive.add_person("ada", Role::records_manager);
  keeper.role = composed_of({Permission::manage_access});
  const std::int64_t id = archive.add_document(kTester, "a.txt", "hello");
  auto tx = archive.database.begin(keeper.actor());
  const std::int64_t list = create_access_list(tx, "Board", {});
  DocumentChange change;
  change.own_access_list = std::optional(list);
  change.title = "Mine";
  EXPECT_THROW(change_document(tx, keeper, id, 1, change), Error) << "no right to edit";
  change.title.reset();
  change_document(tx, keeper, id, 1, change);
  EXPECT_EQ(find_document(tx, system_principal(tx, "test"), id)->own_access_list, list);
}

TEST(Access, InheritsFromFolderThenClassThenItsParents) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const std::int64_t list = create_access_list(tx, "Board", {});
  const std::int64_t parent =
      tx.insert("INSERT INTO class (code, title, access_list_id, created_at) VALUES ('1', 'Leading', $1, 0)", list);
  const std::int64_t child =
      tx.insert("INSERT INTO class (parent_id, code, title, created_at) VALUES ($1, '1.1', 'Minutes', 0)", parent);
  const std::int64_t folder =
      tx.insert("INSERT INTO folder (class_id, title, opened_at) VALUES ($1, '2026', 0)", child);
  EXPECT_EQ(inherited_access_list(tx, std::nullopt, std::nullopt), kEveryoneList);
  EXPECT_EQ(inherited_access_list(tx, std::nullopt, child), list);
  EXPECT_EQ(inherited_access_list(tx, folder, std::nullopt), list);
  const std::int64_t other = create_access_list(tx, "Case", {});
  tx.execute("UPDATE folder SET access_list_id = $1 WHERE id = $2", other, folder);
  EXPECT_EQ(inherited_access_list(tx, folder, child), other);
}

TEST(Access, RefreshingMovesInheritingDocumentsOnly) {
  TestArchive archive;
  const std::int64_t inheriting = archive.add_document(kTester, "a.txt", "a");
  const std::int64_t own = archive.add_document(kTester, "b.txt", "b");
  auto tx = archive.database.begin(kTester);
  const Principal system = system_principal(tx, "test");
  const std::int64_t node = tx.insert("INSERT INTO class (code, title, created_at) VALUES ('1', 'X', 0)");
  DocumentChange file_it;
  file_it.class_id = node;
  change_document(tx, system, inheriting, 1, file_it);
  file_it.own_access_list = kEveryoneList;
  change_document(tx, system, own, 1, file_it);
  const std::int64_t list = create_access_list(tx, "Closed", {});
  tx.execute("UPDATE class SET access_list_id = $1 WHERE id = $2", list, node);
  refresh_inherited_access(tx);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", inheriting), list);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", own), kEveryoneList);
}

TEST(Access, AStaleChangeOfAListIsRefused) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const std::int64_t list = create_access_list(tx, "L", {});
  change_access_list(tx, list, 1, "L2", {});
  EXPECT_THROW(change_access_list(tx, list, 1, "L3", {}), Error);
  EXPECT_THROW(create_access_list(tx, "Bad", {{AccessEntry::Subject::account, 4711, false}}), Error);
}

}  // namespace
}  // namespace muniment::storage
