// Archives: zip, tar and their like.
#include <map>

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include "ingest/worker/libarchive.h"
#include "tests/ingest/container_fixture.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;
using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// Archives -----------------------------------------------------------------------------------------------------------
struct Packed {
  std::string path;
  std::string content;
  unsigned type = AE_IFREG;
};

// `format` and `filter` as libarchive names them.
std::string packed(const std::vector<Packed>& files, const char* format, const char* filter = "none",
                   const char* password = nullptr) {
  const worker::Utf8Names names;
  archive* const out = ::archive_write_new();
  EXPECT_EQ(::archive_write_set_format_by_name(out, format), ARCHIVE_OK);
  if (std::string_view(filter) != "none") {
    EXPECT_EQ(::archive_write_add_filter_by_name(out, filter), ARCHIVE_OK);
  }
  if (password != nullptr) {
    EXPECT_EQ(::archive_write_set_options(out, "zip:encryption=aes256"), ARCHIVE_OK);
    EXPECT_EQ(::archive_write_set_passphrase(out, password), ARCHIVE_OK);
  }
  const core::FileDescriptor file = memory_file();
  EXPECT_EQ(::archive_write_open_fd(out, file.get()), ARCHIVE_OK);
  for (const Packed& one : files) {
    archive_entry* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, one.path.c_str());
    ::archive_entry_set_filetype(entry, one.type);
    ::archive_entry_set_perm(entry, 0644);
    if (one.type == AE_IFLNK) {
      ::archive_entry_set_symlink(entry, one.content.c_str());
      ::archive_entry_set_size(entry, 0);
    } else {
      ::archive_entry_set_size(entry, static_cast<la_int64_t>(one.content.size()));
    }
    EXPECT_EQ(::archive_write_header(out, entry), ARCHIVE_OK) << ::archive_error_string(out);
    if (one.type == AE_IFREG) ::archive_write_data(out, one.content.data(), one.content.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(out);
  ::archive_write_free(out);
  return content(file);
}

const std::vector<Packed> kFiles = {
    {"brev/åäö.txt", "one"}, {"b.txt", "two two"}, {"empty.txt", ""}, {"__MACOSX/._b.txt", "clutter"}};

TEST_F(ContainerTest, ArchivesOfManyKindsGiveTheirFiles) {
  const std::map<std::string, std::pair<std::string, std::string>> kinds = {
      {"application/zip", {"zip", "none"}},        {"application/x-tar", {"ustar", "none"}},
      {"application/gzip", {"pax", "gzip"}},       {"application/x-xz", {"ustar", "xz"}},
      {"application/x-bzip2", {"ustar", "bzip2"}}, {"application/x-7z-compressed", {"7zip", "none"}},
      {"application/zstd", {"ustar", "zstd"}}};
  for (const auto& [type, kind] : kinds) {
    const File file(packed(kFiles, kind.first.c_str(), kind.second.c_str()), "files");
    const Inspection found = extractor_->inspect(file.source);
    EXPECT_EQ(found.media_type, type);
    EXPECT_TRUE(found.has_members) << type;
    EXPECT_THAT(text_of(file.source), HasSubstr("brev/åäö.txt")) << type;
    EXPECT_THAT(members(file.source),
                ::testing::UnorderedElementsAre(Pair("brev/åäö.txt", "one"), Pair("b.txt", "two two")))
        << type;
  }
}

// A block of RAR 5, all of whose numbers are below 128.
std::string rar_block(const std::string& fields, const std::string& data = "") {
  const std::string header = static_cast<char>(fields.size()) + fields;
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(header.data()), static_cast<uInt>(header.size()));
  return little_endian(sum, 4) + header + data;
}

TEST_F(ContainerTest, ARarArchiveGivesItsFiles) {
  const std::string name = "note.txt";
  const std::string text = "kept without being packed";
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  const char size = static_cast<char>(text.size());
  const std::string file = "\x02\x02"s + size + "\x04"s + size + "\x00"s + little_endian(sum, 4) + "\x00\x00"s +
                           static_cast<char>(name.size()) + name;
  const std::string bytes =
      "Rar!\x1A\x07\x01\x00"s + rar_block("\x01\x00\x00"s) + rar_block(file, text) + rar_block("\x05\x00\x00"s);
  const File archive(bytes, "parcel.rar");
  EXPECT_EQ(extractor_->inspect(archive.source).media_type, "application/vnd.rar");
  EXPECT_THAT(text_of(archive.source), HasSubstr("note.txt (25 bytes)"));
  EXPECT_THAT(members(archive.source), ElementsAre(Pair(name, text)));
  for (std::size_t cut = 8; cut < bytes.size(); cut += 7) {
    try {
      members(File(bytes.substr(0, cut), "cut.rar").source);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_file) << cut;
    }
  }
}

TEST_F(ContainerTest, ACompressedFileIsNamedByItsOwnName) {
  const File file(packed({{"ignored", "text within"}}, "raw", "gzip"), "Notes.TXT.gz");
  EXPECT_THAT(members(file.source), ElementsAre(Pair("Notes.TXT", "text within")));
}

TEST_F(ContainerTest, LinksAndPathsThatLeadElsewhereAreNamesOnly) {
  const File file(packed({{"link", "/etc/passwd", AE_IFLNK}, {"../../etc/cron.d/evil", "boo"}}, "ustar"), "bad.tar");
  EXPECT_THAT(text_of(file.source), HasSubstr("link (not a plain file)"));
  EXPECT_THAT(members(file.source), ElementsAre(Pair("../../etc/cron.d/evil", "boo")));
}

TEST_F(ContainerTest, WhatIsOverALimitGivesNothing) {
  const File many(packed(kFiles, "zip"), "many.zip");
  EXPECT_EQ(refusal(many.source, {.count = 1}), ErrorCode::too_large);
  EXPECT_EQ(refusal(many.source, {.bytes = 5}), ErrorCode::too_large);
  const File bomb(packed({{"zeros", std::string(80 << 20, '\0')}}, "ustar", "gzip"), "bomb.tar.gz");
  EXPECT_EQ(refusal(bomb.source, {}), ErrorCode::too_large);
  EXPECT_EQ(members(bomb.source, {.ratio = 2000}).size(), 1U);
}

TEST_F(ContainerTest, ADamagedArchiveIsRefusedWhole) {
  std::string bytes = packed({{"a", std::string(100'000, 'a')}, {"b", std::string(100'000, 'b')}}, "ustar", "gzip");
  bytes.resize(bytes.size() - 40);
  const File file(bytes, "cut.tar.gz");
  EXPECT_EQ(refusal(file.source, {}), ErrorCode::bad_file);
}

TEST_F(ContainerTest, AnEncryptedArchiveNeedsItsPassword) {
  File file(packed({{"secret.txt", "hush"}}, "zip", "none", "sesame"), "secret.zip");
  EXPECT_TRUE(extractor_->inspect(file.source).needs_password);
  file.source.password = "wrong";
  EXPECT_TRUE(extractor_->inspect(file.source).needs_password);
  file.source.password = "sesame";
  EXPECT_FALSE(extractor_->inspect(file.source).needs_password);
  EXPECT_THAT(members(file.source), ElementsAre(Pair("secret.txt", "hush")));
}

TEST_F(ContainerTest, AFileThatIsAZipInsideIsNoArchive) {
  EXPECT_EQ(
      extractor_->inspect(File(packed({{"[Content_Types].xml", "<x/>"}, {"a", "b"}}, "zip"), "x.docx").source).kind,
      FileKind::other);
  EXPECT_EQ(extractor_->inspect(File(packed({{"META-INF/MANIFEST.MF", "x"}, {"a", "b"}}, "zip"), "x.jar").source).kind,
            FileKind::other);
}

TEST_F(ContainerTest, ADocumentOfApplesProgramsIsAnOfficeFileAndOneOfBefore2013AnArchive) {
  const std::string now = packed({{"Index/Document.iwa", "x"}, {"Metadata/Properties.plist", "x"}}, "zip");
  EXPECT_EQ(type_of(now, "Sales.Numbers"), "application/vnd.apple.numbers");
  EXPECT_EQ(type_of(now, "letter"), "application/vnd.apple.pages");
  EXPECT_EQ(type_of(packed({{"Talk.key/Index.zip", "x"}}, "zip"), "Talk.key"), "application/vnd.apple.keynote");
  const std::string before = packed({{"QuickLook/Preview.pdf", "x"}, {"index.xml", "x"}}, "zip");
  EXPECT_TRUE(extractor_->inspect(File(before, "old.pages").source).has_members);
}

}  // namespace
}  // namespace muniment::ingest
