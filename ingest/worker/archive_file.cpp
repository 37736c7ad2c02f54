#include "ingest/worker/archive_file.h"

#include <algorithm>
#include <array>

#include <archive.h>
#include <archive_entry.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/libarchive.h"

namespace muniment::ingest::worker {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kMostEntries = 100'000;
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::size_t kLongestPath = 1000;
// How much is unpacked to find the names in a compressed archive.
constexpr la_int64_t kMostUnpacked = 16LL << 30;

[[noreturn]] void fail(archive* opened, const std::string& what) {
  const char* words = ::archive_error_string(opened);
  throw Error(ErrorCode::bad_file, what).because(words == nullptr ? "" : words);
}

// What programs leave behind in archives without anybody asking.
bool is_clutter(std::string_view path) {
  const auto name = path.substr(path.find_last_of('/') + 1);
  return path.starts_with("__MACOSX/") || name.starts_with("._") || name == ".DS_Store" || name == "Thumbs.db" ||
         name == "desktop.ini";
}

// The name of what a compressed file holds.
std::string unpacked_name(const std::string& filename) {
  constexpr std::array<std::string_view, 4> kExtensions = {".gz", ".bz2", ".xz", ".zst"};
  const std::string folded = core::fold_case(filename);
  for (const auto extension : kExtensions) {
    if (folded.size() == filename.size() && folded.ends_with(extension) && folded.size() > extension.size()) {
      return filename.substr(0, filename.size() - extension.size());
    }
  }
  return filename.empty() ? "file" : filename;
}

std::string shown_path(archive_entry* entry) {
  const char* utf8 = ::archive_entry_pathname_utf8(entry);
  const char* name = utf8 == nullptr ? ::archive_entry_pathname(entry) : utf8;
  std::string path = name == nullptr ? "" : core::to_nfc(core::cut(name, kLongestPath));
  std::ranges::replace_if(
      path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  std::ranges::replace(path, '\\', '/');
  return path;
}

ArchiveFile::Entry described(archive* opened, archive_entry* entry, const std::string& filename) {
  ArchiveFile::Entry result;
  const bool bare = ::archive_format(opened) == ARCHIVE_FORMAT_RAW;
  result.path = bare ? unpacked_name(filename) : shown_path(entry);
  if (::archive_entry_size_is_set(entry) != 0) {
    result.size = static_cast<std::uint64_t>(std::max<la_int64_t>(0, ::archive_entry_size(entry)));
  }
  result.encrypted = ::archive_entry_is_encrypted(entry) != 0;
  if (::archive_entry_filetype(entry) != AE_IFREG || ::archive_entry_hardlink(entry) != nullptr) {
    result.left_out = "not a plain file";
  } else if (result.size == 0) {
    result.left_out = "empty";
  } else if (!is_clutter(result.path)) {
    result.taken = true;
  }
  return result;
}

ArchiveHandle open_archive(std::string_view bytes, const std::optional<std::string>& password) {
  ArchiveHandle opened(::archive_read_new());
  archive* const handle = opened.get();
  const bool ready =
      handle != nullptr && ::archive_read_support_format_zip_seekable(handle) == ARCHIVE_OK &&
      ::archive_read_support_format_7zip(handle) == ARCHIVE_OK &&
      ::archive_read_support_format_rar(handle) == ARCHIVE_OK &&
      ::archive_read_support_format_rar5(handle) == ARCHIVE_OK &&
      ::archive_read_support_format_tar(handle) == ARCHIVE_OK &&
      ::archive_read_support_format_raw(handle) == ARCHIVE_OK &&
      ::archive_read_support_filter_gzip(handle) == ARCHIVE_OK &&
      ::archive_read_support_filter_bzip2(handle) == ARCHIVE_OK &&
      ::archive_read_support_filter_xz(handle) == ARCHIVE_OK &&
      ::archive_read_support_filter_zstd(handle) == ARCHIVE_OK &&
      (!password || password->empty() || ::archive_read_add_passphrase(handle, password->c_str()) == ARCHIVE_OK);
  if (!ready) throw Error(ErrorCode::internal, "libarchive cannot be used");
  if (::archive_read_open_memory(handle, bytes.data(), bytes.size()) != ARCHIVE_OK) {
    fail(handle, "the archive is damaged");
  }
  return opened;
}

}  // namespace

void ArchiveFile::for_each(const std::function<void(const Entry& entry, const Read& read)>& each) const {
  const Utf8Names names;
  const ArchiveHandle opened = open_archive(bytes_, password_);
  archive* const handle = opened.get();
  for (std::size_t count = 0;; ++count) {
    archive_entry* entry = nullptr;
    const int result = ::archive_read_next_header(handle, &entry);
    if (result == ARCHIVE_EOF) return;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
      const bool hidden = ::archive_read_has_encrypted_entries(handle) > 0;
      fail(handle, hidden ? "the archive is encrypted, its list of files too; unpack it and take in what is in it"
                          : "the archive is damaged");
    }
    // Without compression, "raw" is whatever no format takes.
    if (::archive_format(handle) == ARCHIVE_FORMAT_RAW && ::archive_filter_code(handle, 0) == ARCHIVE_FILTER_NONE) {
      fail(handle, "the archive is damaged");
    }
    if (count >= kMostEntries || ::archive_filter_bytes(handle, 0) > kMostUnpacked) {
      throw Error(ErrorCode::too_large, "the archive holds more than can be looked through");
    }
    if (::archive_entry_filetype(entry) == AE_IFDIR) continue;
    const Entry found = described(handle, entry, filename_);
    each(found, [&](const std::function<void(std::string_view piece)>& take) {
      std::string piece(kPieceBytes, '\0');
      for (;;) {
        const la_ssize_t got = ::archive_read_data(handle, piece.data(), piece.size());
        if (got == 0) return;
        if (got < 0) fail(handle, "the archive is damaged: " + found.path + " cannot be unpacked");
        take(std::string_view(piece).substr(0, static_cast<std::size_t>(got)));
      }
    });
  }
}

std::vector<ArchiveFile::Entry> ArchiveFile::entries() const {
  std::vector<Entry> all;
  for_each([&](const Entry& entry, const Read&) { all.push_back(entry); });
  return all;
}

bool ArchiveFile::opens() const {
  bool opens = true;
  bool tried = false;
  try {
    for_each([&](const Entry& entry, const Read& read) {
      if (!entry.encrypted || !entry.taken || tried) return;
      tried = true;
      read([](std::string_view) {});
    });
  } catch (const Error& error) {
    if (!tried || error.code() != ErrorCode::bad_file) throw;
    opens = false;
  }
  return opens;
}

void ArchiveFile::go_through(const MemberLimits& limits, const MemberSink& sink) const {
  std::uint64_t total = 0;
  std::uint32_t count = 0;
  for_each([&](const Entry& entry, const Read& read) {
    if (!entry.taken) return;
    if (++count > limits.count) {
      throw Error(ErrorCode::too_large, "there are more files in it than the " + std::to_string(limits.count) +
                                            " that may be (members.count)");
    }
    sink.begin(entry.path);
    read([&](std::string_view piece) {
      total += piece.size();
      if (total > limits.bytes) {
        throw Error(ErrorCode::too_large, "what is in it is larger than the " + std::to_string(limits.bytes >> 20) +
                                              " MiB that may be (members.size)");
      }
      if (total > MemberLimits::kUnsuspiciousBytes && total / limits.ratio > bytes_.size()) {
        throw Error(ErrorCode::too_large, "what is in it is more than " + std::to_string(limits.ratio) +
                                              " times as large as the archive (members.ratio)");
      }
      sink.bytes(piece);
    });
    sink.end();
  });
}

void ArchiveFile::read(const MemberLimits& limits, const MemberSink& sink) const {
  if (limits.checked_first) go_through(limits, {[](const auto&) {}, [](std::string_view) {}, [] {}});
  go_through(limits, sink);
}

}  // namespace muniment::ingest::worker
