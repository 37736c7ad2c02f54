#include "index/indexer.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/test_archive.h"

namespace muniment::index {
namespace {

TEST(Indexer, ARebuildCanBeStoppedAndBegunAgain) {
  testing::TestArchive archive;
  const std::int64_t id = archive.add_document(storage::Actor::system("test"), "lease.txt", "The lease.");
  SearchIndex index(archive.directory.path() / "documents", {});
  core::EventStream events(16);
  std::ostringstream out;
  core::Log log(archive.clock, out);
  Indexer indexer(index, archive.database, events, log);
  indexer.start();
  indexer.wait_until_idle();
  for (int round = 0; round < 20; ++round) {
    indexer.rebuild();
    EXPECT_TRUE(indexer.stop_rebuild());
    EXPECT_FALSE(indexer.rebuild_progress().under_way);
    indexer.wait_until_idle();
    EXPECT_EQ(index.documents(0, 10), std::vector<std::int64_t>{id});
  }
  indexer.rebuild();
  indexer.stop_rebuild();
  indexer.rebuild();
  indexer.wait_until_idle();
  EXPECT_EQ(indexer.rebuild_progress().done, 1) << "what was stopped is not what was begun since";
}

}  // namespace
}  // namespace muniment::index
