#include "storage/access.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/access_report.h"
#include "storage/accounts.h"
#include "storage/documents.h"
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
    change_group(tx, group, 1, "Accounting", {});
    tx.commit();
  }
  EXPECT_FALSE(again(archive, ada).may_read(list));
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
