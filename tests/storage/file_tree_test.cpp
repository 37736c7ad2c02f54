#include "storage/file_tree.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/file_locks.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;

constexpr Place kWork{Place::Kind::work_folder, kWorkingArea};

struct TreeFixture : testing::TestArchive {
  Principal ada = add_person("ada", Role::staff);
  Principal bo = add_person("bo", Role::staff);
  std::int64_t letter = add("letter.txt", "a letter", kWork);

  std::int64_t add(std::string_view name, std::string_view bytes, const Place& place) {
    const std::int64_t id = add_document(ada.actor(), name, bytes);
    auto tx = database.begin(ada.actor());
    name_new_file(tx, id, place, name);
    tx.commit();
    return id;
  }
  std::int64_t folder(std::int64_t parent, std::string_view name) {
    auto tx = database.begin(ada.actor());
    const std::int64_t id = create_work_folder(tx, parent, name);
    tx.commit();
    return id;
  }
  std::vector<std::string> names(const Principal& who, const Place& place) {
    auto session = database.read();
    std::vector<std::string> all;
    for (const FileEntry& file : files_in(session, who, place)) all.push_back(file.name);
    return all;
  }
  Document document(std::int64_t id) {
    auto session = database.read();
    return find_document(session, ada, id).value();
  }
  FileLock lock(const FileThing& thing, bool deep = false) {
    FileLock made{"urn:uuid:" + std::to_string(thing.id), thing, true, deep, "", ada.account_id, "/dav",
                  clock.now() + std::chrono::minutes(10)};
    auto tx = database.begin(ada.actor());
    add_lock(tx, made);
    tx.commit();
    return made;
  }
  bool locked(const Principal& who, std::int64_t id) {
    auto session = database.read();
    return locked_by_another(session, who, id, clock.now()).has_value();
  }
};

using Names = std::vector<std::string>;

TEST(FileTree, AMovedFileIsCalledAndLiesAsItsMoverSays) {
  TreeFixture archive;
  const std::int64_t box = archive.folder(kWorkingArea, "box");
  {
    auto tx = archive.database.begin(archive.ada.actor());
    move_file(tx, archive.ada, archive.letter, {Place::Kind::work_folder, box}, "reply.txt");
    tx.commit();
  }
  EXPECT_EQ(archive.names(archive.ada, kWork), Names{});
  EXPECT_EQ(archive.names(archive.ada, {Place::Kind::work_folder, box}), Names{"reply.txt"});
  EXPECT_EQ(archive.document(archive.letter).title, "reply");
  EXPECT_EQ(archive.document(archive.letter).components.at(0).filename, "letter.txt");
}

TEST(FileTree, AFileIsFoundByItsNameWhereverItComesToLie) {
  TreeFixture archive;
  const Place box{Place::Kind::work_folder, archive.folder(kWorkingArea, "box")};
  Place binder{Place::Kind::document_class, 0};
  {
    auto tx = archive.database.begin(archive.ada.actor());
    binder.id =
        tx.insert("INSERT INTO class (code, title, created_at) VALUES ('1', 'Binder', $1)", archive.clock.now());
    tx.commit();
  }
  const auto is_in = [&](const Place& place, std::string_view name) {
    auto session = archive.database.read();
    // The copy that is asked says the same as what it was made of.
    EXPECT_EQ(
        session.value<std::int64_t>(
            "SELECT count(*) FROM (SELECT document_id, place, place_id, name FROM file_place EXCEPT SELECT * FROM "
            "file_place_now)"),
        0);
    EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM file_place"),
              session.value<std::int64_t>("SELECT count(*) FROM file_place_now"));
    const auto found = files_in(session, archive.ada, place, name);
    return found.size() == 1 && found.front().document_id == archive.letter && found.front().name == name;
  };
  const auto move = [&](const Place& place, std::string_view name) {
    auto tx = archive.database.begin(archive.ada.actor());
    move_file(tx, archive.ada, archive.letter, place, name);
    tx.commit();
  };
  EXPECT_TRUE(is_in(kWork, "letter.txt"));
  move(box, "reply.txt");
  EXPECT_TRUE(is_in(box, "reply.txt"));
  EXPECT_FALSE(is_in(box, "letter.txt"));
  EXPECT_FALSE(is_in(kWork, "reply.txt"));
  move(binder, "reply.txt");
  EXPECT_TRUE(is_in(binder, "reply.txt"));
  EXPECT_FALSE(is_in(box, "reply.txt"));
  {
    auto tx = archive.database.begin(archive.ada.actor());
    tx.execute("DELETE FROM file_name WHERE document_id = $1", archive.letter);
    tx.commit();
  }
  EXPECT_TRUE(is_in(binder, "letter.txt"));
  archive.add_document(archive.ada.actor(), "nowhere.txt", "neither filed nor named");
  EXPECT_FALSE(is_in(kWork, "nowhere.txt"));
}

TEST(FileTree, ATitleThatAPersonGaveStays) {
  TreeFixture archive;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    DocumentChange change;
    change.title = "About the harbour";
    change_document(tx, archive.ada, archive.letter, archive.document(archive.letter).version, change);
    move_file(tx, archive.ada, archive.letter, kWork, "reply.txt");
    tx.commit();
  }
  EXPECT_EQ(archive.document(archive.letter).title, "About the harbour");
  EXPECT_EQ(archive.names(archive.bo, kWork), Names{"reply.txt"});
}

TEST(FileTree, ARemovedFolderLeavesWhatItsRemoverDidNotSeeAbove) {
  TreeFixture archive;
  const std::int64_t box = archive.folder(kWorkingArea, "box");
  archive.add("hidden.txt", "hidden", {Place::Kind::work_folder, box});
  {
    auto tx = archive.database.begin(archive.bo.actor());
    remove_work_folder(tx, box);
    tx.commit();
  }
  EXPECT_EQ(archive.names(archive.ada, kWork), (Names{"letter.txt", "hidden.txt"}));
}

TEST(FileTree, AFolderDoesNotComeToLieWithinItself) {
  TreeFixture archive;
  const std::int64_t outer = archive.folder(kWorkingArea, "outer");
  const std::int64_t inner = archive.folder(outer, "inner");
  auto tx = archive.database.begin(archive.ada.actor());
  try {
    move_work_folder(tx, outer, inner, "outer");
    FAIL() << "it was moved";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  }
}

TEST(FileTree, ANameWithoutAFileIsForgottenUnlessItIsLocked) {
  TreeFixture archive;
  FileThing locked{FileThing::Kind::announced, 0};
  {
    auto tx = archive.database.begin(archive.ada.actor());
    announce_file(tx, kWork, "left.txt");
    locked.id = announce_file(tx, kWork, "locked.txt");
    tx.commit();
  }
  archive.lock(locked);
  archive.clock.advance(std::chrono::minutes(1));
  {
    auto tx = archive.database.begin(Actor::system("maintenance"));
    forget_announced_files_before(tx, tx.now());
    tx.commit();
  }
  auto session = archive.database.read();
  EXPECT_FALSE(find_announced_file(session, archive.ada, kWork, "left.txt").has_value());
  EXPECT_TRUE(find_announced_file(session, archive.ada, kWork, "locked.txt").has_value());
}

TEST(FileLocks, ALockKeepsOthersOutUntilItExpires) {
  TreeFixture archive;
  archive.lock({FileThing::Kind::document, archive.letter});
  EXPECT_TRUE(archive.locked(archive.bo, archive.letter));
  EXPECT_FALSE(archive.locked(archive.ada, archive.letter));
  archive.clock.advance(std::chrono::minutes(10));
  EXPECT_FALSE(archive.locked(archive.bo, archive.letter));
}

TEST(FileLocks, ADeepLockOfAPlaceCountsForWhatIsInIt) {
  TreeFixture archive;
  const std::int64_t outer = archive.folder(kWorkingArea, "outer");
  const std::int64_t inner = archive.folder(outer, "inner");
  const std::int64_t file = archive.add("deep.txt", "deep", {Place::Kind::work_folder, inner});
  archive.lock({FileThing::Kind::work_folder, inner});
  EXPECT_FALSE(archive.locked(archive.bo, file));
  archive.lock({FileThing::Kind::work_folder, outer}, true);
  EXPECT_TRUE(archive.locked(archive.bo, file));
  EXPECT_FALSE(archive.locked(archive.bo, archive.letter));
}

TEST(FileLocks, AnAnnouncedFileHandsOverWhatItHad) {
  TreeFixture archive;
  const FileThing document{FileThing::Kind::document, archive.letter};
  FileThing announced{FileThing::Kind::announced, 0};
  {
    auto tx = archive.database.begin(archive.ada.actor());
    announced.id = announce_file(tx, kWork, "letter.txt");
    set_property(tx, announced, {"urn:x", "a", "<a/>"});
    tx.commit();
  }
  archive.lock(announced);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    hand_over(tx, announced, document);
    tx.commit();
  }
  auto session = archive.database.read();
  EXPECT_EQ(locks_of(session, document, archive.clock.now()).size(), 1U);
  EXPECT_TRUE(locks_of(session, announced, archive.clock.now()).empty());
  ASSERT_EQ(properties_of(session, document).size(), 1U);
  EXPECT_TRUE(properties_of(session, announced).empty());
}

}  // namespace
}  // namespace muniment::storage
