#include "storage/intake_folders.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/catalogue.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::kTester;
using testing::TestArchive;

struct Folders : TestArchive {
  std::int64_t create(IntakeFolderKind kind, const IntakeFolderTerms& terms) {
    auto tx = database.begin(kTester);
    const std::int64_t id = create_intake_folder(tx, kind, terms);
    tx.commit();
    return id;
  }
  core::ErrorCode refused(IntakeFolderKind kind, const std::string& name) {
    try {
      create(kind, {name});
    } catch (const core::Error& error) {
      return error.code();
    }
    ADD_FAILURE() << name << " is accepted";
    return core::ErrorCode::internal;
  }
};

TEST(IntakeFolders, AreKeptWithWhatTheirFilesGet) {
  Folders archive;
  NamedEntry type, tag;
  {
    auto tx = archive.database.begin(kTester);
    type = ensure_name(tx, Vocabulary::type, "Invoice");
    tag = ensure_name(tx, Vocabulary::tag, "post");
    tx.commit();
  }
  const std::int64_t id =
      archive.create(IntakeFolderKind::watch, {"/srv/post", true, {.type_id = type.id, .tag_ids = {tag.id, tag.id}}});
  archive.create(IntakeFolderKind::drop, {" copier ", false});
  {
    auto session = archive.database.read();
    const auto all = list_intake_folders(session);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].terms.name, "/srv/post");
    EXPECT_EQ(all[0].terms.filing.type_id, type.id);
    EXPECT_EQ(all[0].terms.filing.tag_ids, std::vector<std::int64_t>{tag.id});
    EXPECT_FALSE(find_drop_folder(session, "copier")) << "it is switched off";
    EXPECT_THROW(require_unchanged(session, all[1]), core::Error);
    EXPECT_NO_THROW(require_unchanged(session, all[0]));
  }
  auto tx = archive.database.begin(kTester);
  const IntakeFolder before = find_intake_folder(tx, id).value();
  EXPECT_THROW(change_intake_folder(tx, id, before.version + 1, before.terms), core::Error);
  change_intake_folder(tx, id, before.version, {"/srv/other"});
  EXPECT_THROW(require_unchanged(tx, before), core::Error);
  EXPECT_THROW(delete_intake_folder(tx, id, before.version), core::Error);
  delete_intake_folder(tx, id, before.version + 1);
  EXPECT_THROW(require_unchanged(tx, before), core::Error);
  tx.commit();
  auto session = archive.database.read();
  std::string actions;
  for (const auto& entry : list_audit(session, {}, 0, 10)) actions = entry.action + " " + actions;
  EXPECT_NE(actions.find("intake_folder.created intake_folder.created intake_folder.changed intake_folder.deleted"),
            std::string::npos)
      << actions;
}

TEST(IntakeFolders, NoFileIsTakenByTwo) {
  Folders archive;
  archive.create(IntakeFolderKind::watch, {"/srv/post"});
  archive.create(IntakeFolderKind::drop, {"copier"});
  for (const char* path : {"/srv/post", "/srv/post/in", "/srv", "/"}) {
    EXPECT_EQ(archive.refused(IntakeFolderKind::watch, path), core::ErrorCode::conflict) << path;
  }
  EXPECT_EQ(archive.refused(IntakeFolderKind::drop, "copier"), core::ErrorCode::conflict);
  archive.create(IntakeFolderKind::watch, {"/srv/poster"});
}

TEST(IntakeFolders, OnlySoManyAreWatched) {
  Folders archive;
  for (int i = 0; i < 50; ++i) archive.create(IntakeFolderKind::watch, {"/srv/" + std::to_string(i)});
  EXPECT_EQ(archive.refused(IntakeFolderKind::watch, "/srv/one-more"), core::ErrorCode::conflict);
  archive.create(IntakeFolderKind::drop, {"copier"});
}

TEST(IntakeFolders, NamesAreOnesThatCanBeUsed) {
  Folders archive;
  for (const char* name : {"", "..", ".hidden", "a/b", "a\\b", "a\nb"}) {
    EXPECT_EQ(archive.refused(IntakeFolderKind::drop, name), core::ErrorCode::invalid_argument) << name;
  }
  for (const char* path : {"srv/post", "/srv/\n", "/srv/\xff"}) {
    EXPECT_EQ(archive.refused(IntakeFolderKind::watch, path), core::ErrorCode::invalid_argument) << path;
  }
  try {
    archive.create(IntakeFolderKind::watch, {"/srv/post", true, {.class_id = 99}});
    ADD_FAILURE() << "there is no such class";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.fields().at(0).pointer, "/class_id");
  }
}

TEST(IntakeFolders, WhatIsRemovedIsLeftOutAndWhatIsMergedFollows) {
  Folders archive;
  NamedEntry gone, bill, invoice;
  {
    auto tx = archive.database.begin(kTester);
    gone = ensure_name(tx, Vocabulary::tag, "gone");
    bill = ensure_name(tx, Vocabulary::type, "Bill");
    invoice = ensure_name(tx, Vocabulary::type, "Invoice");
    tx.commit();
  }
  const std::int64_t id =
      archive.create(IntakeFolderKind::watch, {"/srv/post", true, {.type_id = bill.id, .tag_ids = {gone.id}}});
  auto tx = archive.database.begin(kTester);
  remove_name(tx, Vocabulary::tag, gone.id);
  merge_names(tx, Vocabulary::type, bill.id, invoice.id);
  const PresetFiling filing = find_intake_folder(tx, id)->terms.filing;
  EXPECT_EQ(filing.type_id, invoice.id);
  EXPECT_TRUE(filing.tag_ids.empty());
}

}  // namespace
}  // namespace muniment::storage
