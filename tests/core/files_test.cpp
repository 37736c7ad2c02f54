#include "core/files.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/hash.h"
#include "tests/support/test_archive.h"

namespace muniment::core {
namespace {

using testing::TempDirectory;

void append(TempFile& file, std::string_view text) {
  file.append(std::as_bytes(std::span(text.data(), text.size())));
}

TEST(Files, APublishedFileReplacesOrKeeps) {
  TempDirectory directory;
  const auto target = directory.path() / "a" / "b" / "file";
  for (const auto& [text, existing, expected, published] :
       {std::tuple("one", TempFile::Existing::keep, "one", true),
        std::tuple("two", TempFile::Existing::keep, "one", false),
        std::tuple("three", TempFile::Existing::replace, "three", true)}) {
    TempFile file(directory.path());
    append(file, text);
    EXPECT_EQ(file.publish(target, existing), published);
    EXPECT_EQ(read_file(target, 100), expected);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1) << "no file is left behind";
}

TEST(Files, ManyArePlacedAtOnce) {
  TempDirectory directory;
  const auto there = directory.path() / "there";
  write_durably(there, "before");
  std::vector<TempFile::Placement> files;
  for (const auto& [target, existing] : {std::pair(there, TempFile::Existing::keep),
                                         std::pair(directory.path() / "a" / "new", TempFile::Existing::keep)}) {
    files.push_back({TempFile(directory.path()), target, existing});
    append(files.back().file, "placed");
  }
  TempFile::place_all(files);
  EXPECT_EQ(read_file(there, 100), "before");
  EXPECT_EQ(read_file(directory.path() / "a" / "new", 100), "placed");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 2) << "no file is left behind";
}

TEST(Files, ReadsWithinALimit) {
  TempDirectory directory;
  write_durably(directory.path() / "f", "12345");
  EXPECT_EQ(read_file(directory.path() / "f", 5), "12345");
  EXPECT_THROW(read_file(directory.path() / "f", 4), Error);
  EXPECT_THROW(read_file(directory.path() / "g", 4), Error);
  const FileDescriptor file = open_for_reading(directory.path() / "f");
  std::byte buffer[10];
  EXPECT_EQ(read_at(file, 3, buffer), 2u);
  EXPECT_EQ(size_of(file), 5u);
}

TEST(Files, ALockIsExclusive) {
  TempDirectory directory;
  auto lock = FileLock::try_acquire(directory.path() / "lock");
  ASSERT_TRUE(lock);
  EXPECT_FALSE(FileLock::try_acquire(directory.path() / "lock"));
  lock.reset();
  EXPECT_TRUE(FileLock::try_acquire(directory.path() / "lock"));
}

TEST(Files, RemovingTellsWhetherThereWasAnything) {
  TempDirectory directory;
  write_durably(directory.path() / "f", "x");
  EXPECT_TRUE(remove_durably(directory.path() / "f"));
  EXPECT_FALSE(remove_durably(directory.path() / "f"));
}

TEST(Hash, AgreesWithFips180) {
  EXPECT_EQ(Sha256::of("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256::from_hex(Sha256::of("abc").hex()), Sha256::of("abc"));
  EXPECT_FALSE(Sha256::from_hex("ba78"));
  EXPECT_FALSE(Sha256::from_hex(std::string(64, 'g')));
}

}  // namespace
}  // namespace muniment::core
