#include "scanners/watch_roots.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

namespace fs = std::filesystem;

// What may be watched, on a disk with an archive and a share.
class WatchRootsTest : public ::testing::Test {
 protected:
  WatchRootsTest() {
    for (const char* folder :
         {"data/blobs", "data/incoming", "share/inbox", "share/configured", "elsewhere", "checks"}) {
      fs::create_directories(top_ / folder);
    }
  }
  WatchRoots roots(std::vector<fs::path> named) const {
    return WatchRoots(
        {top_ / "data" / "incoming", std::move(named), {top_ / "data", top_ / "checks"}, {top_ / "share/configured"}});
  }
  // "": it may be watched.
  static std::string refused(const WatchRoots& roots, const fs::path& path) {
    try {
      roots.resolve(path.string());
      return "";
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::invalid_argument);
      return error.message();
    }
  }
  static bool is_free(const WatchRoots& roots, const fs::path& path) { return refused(roots, path).empty(); }

  testing::TempDirectory directory_;
  fs::path top_ = fs::canonical(directory_.path());
};

TEST_F(WatchRootsTest, WithoutRootsOnlyWhatLiesInIncomingMay) {
  const WatchRoots none = roots({});
  EXPECT_EQ(none.resolve((top_ / "data/incoming/copier/").string()), top_ / "data/incoming/copier");
  EXPECT_TRUE(is_free(none, top_ / "data/incoming"));
  for (const char* path : {"data", "data/blobs", "data/incoming-too", "share/inbox", "elsewhere", ""}) {
    EXPECT_FALSE(is_free(none, top_ / path)) << path;
  }
  EXPECT_NE(refused(none, "/etc").find((top_ / "data/incoming").string()), std::string::npos)
      << "it is said where it may lie";
}

TEST_F(WatchRootsTest, OnlyWhatTheRootsHoldMayAndNothingThatIsKept) {
  const WatchRoots share = roots({top_ / "share"});
  EXPECT_TRUE(is_free(share, top_ / "share/inbox"));
  EXPECT_TRUE(is_free(share, top_ / "share/new/deep")) << "it need not be there yet";
  EXPECT_FALSE(is_free(share, top_ / "shared"));
  EXPECT_FALSE(is_free(share, top_ / "data/incoming")) << "the configuration names other roots";
  EXPECT_FALSE(is_free(share, top_ / "share")) << "it holds one of watch.folders";
  EXPECT_FALSE(is_free(share, top_ / "share/configured/deeper"));
  const WatchRoots everything = roots({"/"});
  for (const char* path : {"data", "data/blobs", "data/keys", "data/new", "checks/deep", "."}) {
    EXPECT_FALSE(is_free(everything, top_ / path)) << path;
  }
  EXPECT_FALSE(is_free(everything, "/")) << "the archive lies in it";
  EXPECT_TRUE(is_free(everything, top_ / "elsewhere"));
  EXPECT_TRUE(is_free(everything, top_ / "data/incoming/copier"));
}

TEST_F(WatchRootsTest, NoWayLeadsOut) {
  const WatchRoots share = roots({top_ / "share"});
  for (const char* path : {"share/../data/blobs", "share/inbox/..", "share/inbox/../../elsewhere"}) {
    EXPECT_FALSE(is_free(share, top_ / path)) << path;
  }
  EXPECT_FALSE(is_free(share, "share/inbox")) << "a relative path";
  EXPECT_FALSE(is_free(share, ""));
  fs::create_directory_symlink(top_ / "data/blobs", top_ / "share/out");
  fs::create_directory_symlink(top_ / "elsewhere", top_ / "share/inbox/aside");
  fs::create_directory_symlink("..", top_ / "share/inbox/up");
  for (const char* path : {"share/out", "share/out/ab", "share/inbox/aside/new", "share/inbox/up/out"}) {
    EXPECT_FALSE(is_free(share, top_ / path)) << path;
  }
  fs::create_directory_symlink(top_ / "share/inbox", top_ / "share/way");
  EXPECT_EQ(share.resolve((top_ / "share/way/deep").string()), top_ / "share/inbox/deep") << "a link within";
  std::ofstream(top_ / "share/file") << "a file";
  EXPECT_FALSE(is_free(share, top_ / "share/file"));
}

TEST_F(WatchRootsTest, NothingIsToldOfWhatLiesElsewhere) {
  const WatchRoots share = roots({top_ / "share"});
  fs::create_symlink("loop", top_ / "elsewhere/loop");
  const std::string there = refused(share, top_ / "elsewhere");
  EXPECT_NE(there, "");
  EXPECT_EQ(refused(share, top_ / "elsewhere/missing"), there);
  EXPECT_EQ(refused(share, top_ / "elsewhere/loop/deep"), there) << "a link that cannot be followed";
}

TEST_F(WatchRootsTest, ARootMayBeALinkItself) {
  fs::create_directory_symlink(top_ / "share", top_ / "mounted");
  EXPECT_EQ(roots({top_ / "mounted"}).resolve((top_ / "mounted/inbox").string()), top_ / "share/inbox");
  fs::create_directory_symlink(top_ / "data", top_ / "disguised");
  EXPECT_FALSE(is_free(roots({top_ / "disguised"}), top_ / "disguised/blobs"));
}

}  // namespace
}  // namespace muniment::scanners
