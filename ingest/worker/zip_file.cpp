#include "ingest/worker/zip_file.h"

#include <algorithm>
#include <set>

#include <archive.h>
#include <archive_entry.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/libarchive.h"

namespace muniment::ingest::worker {

using core::Error;
using core::ErrorCode;

namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::bad_file, "this package cannot be read: " + what);
}

[[noreturn]] void fail(archive* opened) {
  const char* words = ::archive_error_string(opened);
  throw Error(ErrorCode::bad_file, "this package cannot be read: it is no zip file, or a damaged one")
      .because(words == nullptr ? "" : words);
}

class ArchiveEntry final : public ZipFile::Entry {
 public:
  ArchiveEntry(archive* opened, std::string path, std::uint64_t& left)
      : archive_(opened), path_(std::move(path)), left_(left) {}

  const std::string& path() const override { return path_; }
  void read(const std::function<void(std::string_view piece)>& each) override {
    for (;;) {
      const void* piece = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int result = ::archive_read_data_block(archive_, &piece, &size, &offset);
      if (result == ARCHIVE_EOF) return;
      if (result != ARCHIVE_OK || offset != at_) refuse(path_ + " is damaged");
      if (size > left_) refuse("far more comes out of it than its size allows");
      left_ -= size;
      at_ += static_cast<la_int64_t>(size);
      each(std::string_view(static_cast<const char*>(piece), size));
    }
  }

 private:
  archive* archive_;
  std::string path_;
  std::uint64_t& left_;  // of what may come out of the whole file
  la_int64_t at_ = 0;
};

}  // namespace

bool is_plain_path(std::string_view path, std::size_t most_bytes, std::size_t most_parts) {
  if (path.empty() || path.size() > most_bytes || !core::is_utf8(path)) return false;
  if (std::ranges::any_of(path,
                          [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7F; })) {
    return false;
  }
  const auto parts = core::split(path, '/');
  return parts.size() <= most_parts &&
         std::ranges::none_of(parts, [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
}

void ZipFile::for_each(const std::function<void(Entry& entry)>& each) const {
  const Utf8Names names;
  const ArchiveHandle opened(::archive_read_new());
  // Only by its directory at the end: two ways of reading are two readings.
  if (!opened || ::archive_read_support_format_zip_seekable(opened.get()) != ARCHIVE_OK ||
      ::archive_read_open_memory(opened.get(), bytes_.data(), bytes_.size()) != ARCHIVE_OK) {
    fail(opened.get());
  }
  std::uint64_t left = std::max(limits_.least_total, bytes_.size() * limits_.ratio);
  std::set<std::string, std::less<>> paths;
  for (std::size_t count = 0;; ++count) {
    archive_entry* entry = nullptr;
    const int result = ::archive_read_next_header(opened.get(), &entry);
    if (result == ARCHIVE_EOF) return;
    if (result != ARCHIVE_OK) fail(opened.get());
    if (count >= limits_.entries) refuse("it has more than " + std::to_string(limits_.entries) + " files");
    const char* name = ::archive_entry_pathname(entry);
    std::string path = name == nullptr ? "" : name;
    const bool folder = ::archive_entry_filetype(entry) == AE_IFDIR;
    if (folder && path.ends_with('/')) path.pop_back();
    if (!is_plain_path(path, limits_.path_bytes, limits_.depth)) refuse("a file in it has a name that leads elsewhere");
    if (folder) continue;
    if (::archive_entry_filetype(entry) != AE_IFREG) refuse(path + " is not a plain file");
    if (::archive_entry_is_encrypted(entry) != 0) refuse(path + " is encrypted");
    if (!paths.insert(path).second) refuse(path + " is in it twice");
    ArchiveEntry file(opened.get(), std::move(path), left);
    each(file);
  }
}

std::vector<std::string> names_in_zip(std::string_view bytes) {
  // APPNOTE.TXT 4.3.16 (end of the directory) and 4.3.12 (an entry of it).
  constexpr std::size_t kMostNames = 10'000;
  constexpr std::size_t kEntryBytes = 46;
  constexpr std::size_t kEndBytes = 22;
  constexpr std::size_t kMostComment = 65'535;
  const auto number = [bytes](std::size_t at, std::size_t size) {
    std::size_t value = 0;
    while (size-- > 0) value = value << 8 | static_cast<unsigned char>(bytes[at + size]);
    return value;
  };
  std::vector<std::string> names;
  const auto tail = bytes.substr(bytes.size() - std::min(bytes.size(), kEndBytes + kMostComment));
  const auto end = tail.rfind("PK\x05\x06");
  if (end == std::string_view::npos || tail.size() - end < kEndBytes) return names;
  std::size_t at = number(bytes.size() - tail.size() + end + 16, 4);
  while (names.size() < kMostNames && at < bytes.size() && bytes.size() - at >= kEntryBytes &&
         bytes.substr(at).starts_with("PK\x01\x02")) {
    const std::size_t name = number(at + 28, 2);
    names.emplace_back(bytes.substr(at + kEntryBytes, name));
    at += kEntryBytes + name + number(at + 30, 2) + number(at + 32, 2);
  }
  return names;
}

}  // namespace muniment::ingest::worker
