#include "index/internal/shards.h"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/test_archive.h"

// For LeakSanitizer: Xapian's compactor keeps what it had in hand when the database changes underneath, which a purge
// answers by trying again.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libxapian";
}

namespace muniment::index {
namespace {

using testing::TempDirectory;

Xapian::Document document(const std::string& word) {
  Xapian::Document made;
  made.add_posting(word, 1);
  return made;
}

std::vector<Shards::Change> changes(Xapian::docid first, Xapian::docid last) {
  std::vector<Shards::Change> all;
  for (Xapian::docid id = first; id <= last; ++id) all.push_back({id, false});
  return all;
}

void apply(Shards& shards, const std::vector<Shards::Change>& all, const std::string& word) {
  shards.apply(all, [&](std::size_t, std::size_t) { return document(word); });
}

std::size_t count(const Shards& shards, const std::string& word) {
  std::size_t total = 0;
  for (const ShardRange& shard : shards.layout().shards) {
    total += Xapian::Database((shards.directory() / shard.name).string()).get_termfreq(word);
  }
  return total;
}

TEST(Shards, EveryDocumentIsInExactlyOnePlaceWhateverTheOrder) {
  TempDirectory directory;
  Shards shards(directory.path(), 2);
  EXPECT_TRUE(shards.is_new());
  apply(shards, changes(1, 10), "a");
  apply(shards, changes(11, 4000), "a");
  apply(shards, changes(4001, 4002), "a");
  EXPECT_GT(shards.layout().shards.size(), 1u);
  EXPECT_EQ(count(shards, "a"), 4002u);
  apply(shards, changes(3990, 4010), "b");
  EXPECT_EQ(count(shards, "a"), 3989u);
  EXPECT_EQ(count(shards, "b"), 21u);
  shards.apply({{4000, true}, {7777, true}}, [](std::size_t, std::size_t) { return Xapian::Document(); });
  EXPECT_EQ(count(shards, "b"), 20u);
}

TEST(Shards, AlteredBytesOfATableAreFound) {
  TempDirectory directory;
  Shards shards(directory.path(), 2);
  apply(shards, changes(1, 500), "a");
  EXPECT_TRUE(shards.damage().empty());
  const auto table = directory.path() / shards.layout().shards.front().name / "postlist.glass";
  const auto size = std::filesystem::file_size(table);
  {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t at = 0; at < size; at += 512) {
      file.seekp(static_cast<std::streamoff>(at));
      file.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    }
  }
  EXPECT_FALSE(shards.damage().empty());
}

TEST(Shards, LookingForDamageEmptiesNoFileThatIsWrittenFirst) {
  TempDirectory directory;
  Shards shards(directory.path(), 2);
  const auto table = directory.path() / shards.layout().shards.front().name / "termlist.glass";
  std::ofstream(table, std::ios::app) << "what comes first";
  EXPECT_TRUE(shards.damage().empty());
  EXPECT_EQ(std::filesystem::file_size(table), 16u);
}

TEST(Shards, NeighboursAreMergedAndOldFilesGo) {
  TempDirectory directory;
  Shards shards(directory.path(), 2);
  for (Xapian::docid first = 1; first < 10'000; first += 1000) apply(shards, changes(first, first + 999), "a");
  shards.wait_until_merged();
  EXPECT_LT(shards.layout().shards.size(), 14u);
  EXPECT_EQ(count(shards, "a"), 10'000u);
  std::size_t directories = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) directories += entry.is_directory();
  EXPECT_EQ(directories, shards.layout().shards.size());
}

TEST(Shards, LosesNoChangeMadeDuringAMerge) {
  TempDirectory directory;
  Shards shards(directory.path(), 2);
  constexpr Xapian::docid kLast = 24'000;
  Xapian::docid changed = 0, removed = 0;
  for (Xapian::docid first = 1; first < kLast; first += 1000) {
    apply(shards, changes(first, first + 999), "a");
    // Documents of older shards, which are being merged now or were, or will be.
    if (first < 3000) continue;
    apply(shards, changes(first - 2500, first - 2491), "b");
    shards.apply({{first - 2480, true}}, [](std::size_t, std::size_t) { return Xapian::Document(); });
    changed += 10;
    ++removed;
  }
  shards.wait_until_merged();
  EXPECT_EQ(count(shards, "b"), changed);
  EXPECT_EQ(count(shards, "a"), kLast - changed - removed);
}

TEST(Shards, GiveWayToOthersMadeBesideThem) {
  TempDirectory directory;
  Shards shards(directory.path() / "documents", 2);
  apply(shards, changes(1, 2000), "old");
  auto fresh = std::make_unique<Shards>(directory.path() / "rebuilt", 2);
  apply(*fresh, changes(1, 3000), "new");
  EXPECT_EQ(count(shards, "old"), 2000u);
  shards.replace_with(std::move(fresh));
  EXPECT_EQ(count(shards, "old"), 0u);
  EXPECT_EQ(count(shards, "new"), 3000u);
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "rebuilt"));
  apply(shards, changes(2990, 3010), "newer");
  EXPECT_EQ(count(shards, "new"), 2989u);
  EXPECT_EQ(count(shards, "newer"), 21u);
}

TEST(Shards, AreThereAgainAfterAndAnUnreadableListBeginsAnew) {
  TempDirectory directory;
  {
    Shards shards(directory.path(), 1);
    apply(shards, changes(1, 3), "a");
  }
  {
    Shards shards(directory.path(), 1);
    EXPECT_FALSE(shards.is_new());
    EXPECT_EQ(count(shards, "a"), 3u);
  }
  std::ofstream(directory.path() / "shards") << "schema 999\n1 1\n";
  Shards shards(directory.path(), 1);
  EXPECT_TRUE(shards.is_new());
  EXPECT_EQ(count(shards, "a"), 0u);
}

TEST(Shards, AKillAtAnyMomentLeavesAnIndexThatOpens) {
  for (int round = 0; round < 8; ++round) {
    TempDirectory directory;
    {
      Shards shards(directory.path(), 1);
      apply(shards, changes(1, 100), "a");
    }
    const pid_t child = ::fork();
    if (child == 0) {
      Shards shards(directory.path(), 1);
      for (Xapian::docid first = 101;; first += 1500) apply(shards, changes(first, first + 1499), "b");
    }
    ::usleep(static_cast<useconds_t>(15'000 * (round + 1)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    Shards shards(directory.path(), 1);
    EXPECT_FALSE(shards.is_new());
    EXPECT_EQ(count(shards, "a"), 100u) << "what was committed before stays";
    // A merge that is ended leaks a little inside Xapian.
    shards.wait_until_merged();
  }
}

TEST(Shards, RewritesOnlyWhatHeldTheDocumentsWhateverChangesMeanwhile) {
  TempDirectory directory;
  Shards shards(directory.path(), 2);
  for (Xapian::docid first = 1; first < 6000; first += 2000) apply(shards, changes(first, first + 1999), "a");
  shards.wait_until_merged();
  const auto before = shards.layout().shards;
  const auto none = [](std::size_t, std::size_t) { return Xapian::Document(); };
  shards.apply({{2, true}, {3, true}}, none);
  std::jthread writer([&] {
    for (Xapian::docid id = 10; id < 40; ++id) apply(shards, changes(id, id), "b");
  });
  shards.rewrite_without({2, 3});
  writer.join();
  const auto after = shards.layout().shards;
  ASSERT_EQ(before.size(), after.size());
  std::size_t written_anew = 0;
  for (std::size_t i = 0; i < before.size(); ++i) written_anew += before[i].name != after[i].name ? 1 : 0;
  EXPECT_EQ(1u, written_anew) << "of " << before.size();
  EXPECT_EQ(count(shards, "a"), 5968u);
  EXPECT_EQ(count(shards, "b"), 30u);
}

// Every part of the shard is written again and again for as long as the purge takes, faster than it can be copied.
TEST(Shards, RewritesWhatIsAlwaysBeingWrittenTo) {
  TempDirectory directory;
  Shards shards(directory.path(), 1);
  std::size_t written = 0;
  const auto wordy = [&](std::size_t, std::size_t) {
    Xapian::Document made = document("each");
    ++written;
    for (std::size_t i = 0; i < 100; ++i) made.add_posting(std::to_string((written * 37 + i * 101) % 30'011), 1);
    return made;
  };
  shards.apply(changes(1, 4000), wordy);
  shards.wait_until_merged();
  shards.apply({{4000, true}}, wordy);
  std::jthread writer([&](const std::stop_token& stop) {
    for (Xapian::docid first = 1; !stop.stop_requested(); first = first % 99 + 1) {
      std::vector<Shards::Change> all_over;
      for (Xapian::docid id = first; id < 4000; id += 100) all_over.push_back({id, false});
      shards.apply(all_over, wordy);
    }
  });
  const std::string before = shards.layout().shards.back().name;
  shards.rewrite_without({4000});
  writer.request_stop();
  writer.join();
  EXPECT_NE(before, shards.layout().shards.back().name);
  shards.apply(changes(5000, 5000), wordy);
  EXPECT_EQ(count(shards, "each"), 4000U) << "writing goes on afterwards";
}

}  // namespace
}  // namespace muniment::index
