// Watched folders that people set up: they begin, change and end while the service runs, and lead nowhere else.
#include "scanners/watch_folders.h"

#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "scanners/sources.h"
#include "storage/catalogue.h"
#include "storage/documents.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Fails after a time that no healthy machine needs.
bool comes_true(const std::function<bool()>& condition) {
  const core::Deadline deadline(std::chrono::seconds(60));
  while (!deadline.passed()) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

class WatchFoldersTest : public testing::TestArchive, public ::testing::Test {
 protected:
  WatchFoldersTest() {
    fs::create_directories(share_ / "inbox");
    fs::create_directories(outside_);
    folders_.start();
  }
  WatchFoldersOptions options() const {
    WatchFoldersOptions options;
    options.each.settle = options.each.settle_unseen = milliseconds(20);
    options.each.try_again = options.each.rescan = milliseconds(20);
    options.places = {data.root() / "incoming", {share_}, {data.root()}, {}};
    return options;
  }
  template <typename Work>
  void change(const Work& work) {
    auto tx = database.begin(admin_.actor());
    work(tx);
    tx.commit();
    folders_.wake();
  }
  std::int64_t set_up(const storage::IntakeFolderTerms& terms) {
    std::int64_t id = 0;
    change([&](storage::Transaction& tx) {
      id = storage::create_intake_folder(tx, storage::IntakeFolderKind::watch, terms);
    });
    return id;
  }
  void change_terms(std::int64_t id, const std::function<void(storage::IntakeFolderTerms&)>& how) {
    change([&](storage::Transaction& tx) {
      auto folder = storage::find_intake_folder(tx, id).value();
      how(folder.terms);
      storage::change_intake_folder(tx, id, folder.version, folder.terms);
    });
  }
  std::vector<storage::Document> documents() {
    auto session = database.read();
    const auto ids = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 100).ids;
    return storage::load_documents(session, system(), ids);
  }
  Source told() {
    const auto all = sources_.list();
    return all.empty() ? Source() : all.front();
  }
  // At once: a folder that is missing is made anew.
  static void exchange(const fs::path& one, const fs::path& other) {
    ASSERT_EQ(::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE), 0);
  }
  static void write(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }
  std::int64_t tag(std::string_view name) {
    std::int64_t id = 0;
    change([&](storage::Transaction& tx) { id = storage::ensure_name(tx, storage::Vocabulary::tag, name).id; });
    return id;
  }

  storage::Principal admin_ = add_person("admin", storage::Role::admin);
  fs::path share_ = fs::canonical(directory.path()) / "share";
  fs::path outside_ = fs::canonical(directory.path()) / "outside";
  std::ostringstream log_text_;
  core::Log log_{clock, log_text_};
  ingest::Intake intake_{database, blobs, testing::roomy_intake(), [] {}};
  WatchFolders folders_{options(), database, intake_, log_};
  ScanProgram program_{{"/no/such/program", {}}, log_};
  testing::FakeReader reader_;
  MailListening listening_{{}, database, blobs, intake_, reader_, log_};
  Sources sources_{{database, folders_, program_, listening_, {}}};
};

TEST_F(WatchFoldersTest, OneIsMadeAndItsFilesAreFiledAsItSays) {
  const std::int64_t urgent = tag("urgent");
  const std::int64_t id = set_up({(share_ / "new").string(), true, {.tag_ids = {urgent}}});
  ASSERT_TRUE(comes_true([&] { return fs::is_directory(share_ / "new"); }));
  write(share_ / "new" / "letter.txt", "a letter");
  ASSERT_TRUE(comes_true([&] { return documents().size() == 1 && fs::is_empty(share_ / "new"); }));
  const storage::Document letter = documents().front();
  EXPECT_EQ(letter.source, "watch");
  ASSERT_EQ(letter.tags.size(), 1U);
  EXPECT_EQ(letter.tags.front().id, urgent);
  EXPECT_EQ(told().intake_folder_id, id);
  EXPECT_EQ(told().arrivals.lately, 1);
  EXPECT_TRUE(comes_true([&] { return told().state == SourceState::well; }));
  // What is changed holds for what comes from then on.
  change_terms(id, [](storage::IntakeFolderTerms& terms) { terms.filing = {}; });
  write(share_ / "new" / "second.txt", "a second letter");
  ASSERT_TRUE(comes_true([&] { return documents().size() == 2; }));
  EXPECT_EQ(documents().front().tags.size() + documents().back().tags.size(), 1U);
}

TEST_F(WatchFoldersTest, OneThatIsSwitchedOffLeavesFilesWhereTheyAre) {
  const std::int64_t id = set_up({(share_ / "inbox").string()});
  write(share_ / "inbox" / "first.txt", "first");
  ASSERT_TRUE(comes_true([&] { return documents().size() == 1; }));
  change_terms(id, [](storage::IntakeFolderTerms& terms) { terms.enabled = false; });
  write(share_ / "inbox" / "second.txt", "second");
  ASSERT_TRUE(comes_true([&] { return folders_.all().empty(); }));
  EXPECT_EQ(told().state, SourceState::off);
  EXPECT_EQ(documents().size(), 1U);
  EXPECT_TRUE(fs::exists(share_ / "inbox" / "second.txt"));
  // Another one takes its place, at another path.
  change_terms(id, [&](storage::IntakeFolderTerms& terms) { terms = {(share_ / "other").string()}; });
  ASSERT_TRUE(comes_true([&] { return fs::is_directory(share_ / "other"); }));
  write(share_ / "other" / "third.txt", "third");
  ASSERT_TRUE(comes_true([&] { return documents().size() == 2; }));
  EXPECT_TRUE(fs::exists(share_ / "inbox" / "second.txt"));
  change([&](storage::Transaction& tx) {
    storage::delete_intake_folder(tx, id, storage::find_intake_folder(tx, id)->version);
  });
  EXPECT_TRUE(comes_true([&] { return folders_.all().empty(); }));
  EXPECT_TRUE(sources_.list().empty());
}

TEST_F(WatchFoldersTest, ALinkInItsPlaceIsNotFollowed) {
  set_up({(share_ / "inbox").string()});
  write(share_ / "inbox" / "first.txt", "first");
  ASSERT_TRUE(comes_true([&] { return documents().size() == 1; }));
  write(outside_ / "secret.txt", "a secret");
  fs::create_directory_symlink(outside_, share_ / "link");
  exchange(share_ / "link", share_ / "inbox");
  ASSERT_TRUE(comes_true([&] { return told().problem.find("watch.roots") != std::string::npos; }));
  EXPECT_EQ(told().state, SourceState::failing);
  EXPECT_EQ(documents().size(), 1U);
  EXPECT_TRUE(fs::exists(outside_ / "secret.txt"));
  exchange(share_ / "link", share_ / "inbox");
  write(share_ / "whole.txt", "whole");
  fs::rename(share_ / "whole.txt", share_ / "inbox" / "whole.txt");
  ASSERT_TRUE(comes_true([&] { return documents().size() == 2; })) << "it goes on by itself";
}

}  // namespace
}  // namespace muniment::scanners
