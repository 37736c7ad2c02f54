// What muniment-extract finds out about a file: the values that pass between it and its client. See extractor.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/files.h"
#include "storage/message_header.h"
#include "storage/page_layer.h"

namespace muniment::ingest {

// How a file's pages come about.
enum class FileKind : std::uint8_t {
  other = 0,    // not read: kept as it is, "no text extracted"
  pdf = 1,      // pages with their own text, pictures, or both
  picture = 2,  // one picture a page
  office = 4,   // its pages are those of a PDF made of it (FileReader::write_pages); page_count is not known before
  text = 3,     // text without pages, laid out by us on A4: plain text, Markdown, CSV, HTML
};

struct Inspection {
  std::string media_type = "application/octet-stream";  // found from the bytes
  FileKind kind = FileKind::other;
  std::int32_t page_count = 0;  // 0 for `other` and while a password is needed
  bool encrypted = false;
  bool needs_password = false;  // no password was given, or the wrong one: nothing below is known
  bool has_signature = false;   // the file must not be rewritten
  bool repaired = false;        // damaged; what follows was recovered from it
  // What the file says about itself; empty when it says nothing. UTF-8 NFC, no control characters.
  std::string title;
  std::string author;
  std::optional<core::Time> created;
  // Of a mail: its headers, and the day on which it was written, where its sender was.
  std::vector<storage::MessageHeader> headers;
  std::optional<core::Date> written;
  bool has_members = false;  // files are in it that become documents of their own (FileReader::read_members)

  bool operator==(const Inspection&) const = default;
};

// A file to be read. The descriptor stays the caller's and must outlive the call.
struct Source {
  const core::FileDescriptor& file;
  std::uint64_t size;
  std::string filename;  // only a hint between text, Markdown and CSV
  std::optional<std::string> password = {};
};

struct ReadOptions {
  std::string language = {};  // of the text, as in storage::PageLayer; empty = find out
  bool force_ocr = false;     // also where the file has text of its own
  bool barcodes = false;      // look for barcodes too
};

// A page of one of several files.
struct PageChoice {
  std::uint32_t file = 0;  // its place in the list of files
  std::int32_t page = 1;
  std::int32_t turn = 0;  // clockwise: 0, 90, 180 or 270
  bool operator==(const PageChoice&) const = default;
};

// So many go into one file at once.
inline constexpr std::size_t kMaxChosenPages = 4000;
inline constexpr std::size_t kMaxChosenFiles = 60;

// What may come out of a mail or an archive. Those that came in it count for the limits of the outermost one.
struct MemberLimits {
  std::uint32_t depth = 4;           // mails and archives within each other
  std::uint32_t count = 10'000;      // files
  std::uint64_t bytes = 4ULL << 30;  // together
  std::uint32_t ratio = 100;         // for each byte of the archive, once it is more than kUnsuspiciousBytes
  // Whether all of it is looked through before anything is given; else what comes before the damage, or a limit, is.
  bool checked_first = true;
  static constexpr std::uint64_t kUnsuspiciousBytes = 64ULL << 20;
  bool operator==(const MemberLimits&) const = default;
};

struct RenderOptions {
  std::int32_t width = 1000;  // pixels of the turned page, 16 to 4000; the height follows
  std::int32_t rotation = 0;  // clockwise: 0, 90, 180 or 270; storage::PageLayer::rotation turns the page upright
};

// How much of the sandbox is in force, found by attacking it (ingest/worker/probe.h).
enum class SandboxLevel : std::uint8_t {
  none = 0,      // S0
  limits = 1,    // S1: system call filter and limits
  files = 2,     // S2: and no file system
  complete = 3,  // S3: and namespaces of its own
};

struct SandboxReport {
  struct Attempt {
    std::string name;  // "read_passwd", "namespaces: reach_network"
    bool blocked = false;
    std::string outcome;  // "Permission denied", "killed by signal 31", "succeeded"
    bool operator==(const Attempt&) const = default;
  };
  SandboxLevel level = SandboxLevel::none;
  std::vector<Attempt> attempts;
  bool operator==(const SandboxReport&) const = default;
};

}  // namespace muniment::ingest
