#include "storage/blob_store.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::TestArchive;

core::Sha256 put(const BlobStore& store, std::string_view bytes) {
  core::TempFile file = store.new_file();
  file.append(std::as_bytes(std::span(bytes.data(), bytes.size())));
  const core::Sha256 hash = core::Sha256::of(bytes);
  store.put(std::move(file), hash);
  return hash;
}

TEST(BlobStore, KeepsBytesOnce) {
  TestArchive archive;
  const core::Sha256 hash = put(archive.blobs, "hello");
  EXPECT_EQ(put(archive.blobs, "hello"), hash);
  EXPECT_EQ(core::read_file(archive.blobs.path(hash), 100), "hello");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(archive.blobs.path(hash)).permissions(), perms::owner_read | perms::group_read);
  int files = 0;
  archive.blobs.for_each([&](const core::Sha256& found, std::uint64_t size) {
    ++files;
    EXPECT_EQ(found, hash);
    EXPECT_EQ(size, 5u);
  });
  EXPECT_EQ(files, 1);
  EXPECT_TRUE(std::filesystem::is_empty(archive.data.temp() / "uploads"));
}

TEST(BlobStore, WhatIsRemovedWhileAllAreLookedThroughIsPassedOver) {
  TestArchive archive;
  const core::Sha256 one = put(archive.blobs, "hello");
  core::Sha256 two = one;  // whose file lies in the same directory, which is read at once
  two.bytes.back() ^= 1;
  archive.blobs.put(archive.blobs.new_file(), two);
  int files = 0;
  archive.blobs.for_each([&](const core::Sha256& found, std::uint64_t) {
    ++files;
    archive.blobs.remove(found == one ? two : one);
  });
  EXPECT_EQ(files, 1);
}

TEST(BlobStore, FindsDamage) {
  TestArchive archive;
  const core::Sha256 hash = put(archive.blobs, "hello");
  EXPECT_EQ(archive.blobs.damage(hash, 5), std::nullopt);
  EXPECT_TRUE(archive.blobs.damage(hash, 6));
  std::filesystem::permissions(archive.blobs.path(hash), std::filesystem::perms::owner_all);
  std::ofstream(archive.blobs.path(hash)) << "jello";
  EXPECT_TRUE(archive.blobs.damage(hash, 5));
  std::filesystem::remove(archive.blobs.path(hash));
  EXPECT_TRUE(archive.blobs.damage(hash, 5));
  EXPECT_THROW(archive.blobs.open(hash), core::Error);
}

TEST(BlobStore, DamagedBytesGiveWayToSoundOnes) {
  TestArchive archive;
  const core::Sha256 hash = put(archive.blobs, "hello");
  const auto spoil = [&] {
    std::filesystem::permissions(archive.blobs.path(hash), std::filesystem::perms::owner_all);
    std::ofstream(archive.blobs.path(hash)) << "jello";
    ASSERT_TRUE(archive.blobs.damage(hash, 5));
  };
  spoil();
  put(archive.blobs, "hello");
  EXPECT_EQ(archive.blobs.damage(hash, 5), std::nullopt);

  spoil();
  std::vector<BlobStore::NewBlob> blobs;
  blobs.push_back({archive.blobs.new_file(), hash});
  blobs.back().file.append(std::as_bytes(std::span("hello", 5)));
  archive.blobs.put_all(std::move(blobs));
  EXPECT_EQ(archive.blobs.damage(hash, 5), std::nullopt);
}

TEST(BlobStore, AnAbandonedFileLeavesNothing) {
  TestArchive archive;
  {
    core::TempFile file = archive.blobs.new_file();
    file.append(std::as_bytes(std::span("x", 1)));
  }
  for (const auto& entry : std::filesystem::directory_iterator(archive.data.temp())) {
    EXPECT_TRUE(entry.is_directory()) << entry.path();
  }
}

}  // namespace
}  // namespace muniment::storage
