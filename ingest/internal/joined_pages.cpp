#include "ingest/internal/joined_pages.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <span>
#include <string>

#include "core/clock.h"
#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"

namespace muniment::ingest {

namespace {

using core::Error;
using core::ErrorCode;
using storage::MailPart;

constexpr std::chrono::minutes kLongest{10};

// What is wrong with us is not the attachment's fault.
bool is_ours(ErrorCode code) {
  constexpr std::array kOurs = {ErrorCode::cancelled, ErrorCode::unavailable, ErrorCode::storage_full, ErrorCode::io,
                                ErrorCode::internal};
  return std::ranges::find(kOurs, code) != kOurs.end();
}

class Gathering {
 public:
  Gathering(const FileReader& reader, MemberLimits left, const std::filesystem::path& temporary, std::stop_token stop)
      : reader_(reader), left_(left), temporary_(temporary), stop_(std::move(stop)) {}

  // A PDF is written anew, too: one that cannot be is left out now, and does not spoil the whole.
  void add_pages(const Source& file, const Inspection& inspection) {
    if (inspection.kind == FileKind::other) return;
    core::TempFile pdf(temporary_);
    std::int32_t pages = inspection.page_count;
    if (inspection.kind == FileKind::pdf) {
      std::vector<PageChoice> all;
      for (std::int32_t page = 1; page <= pages; ++page) all.push_back({0, page, 0});
      reader_.assemble(std::span(&file, 1), all, pdf.descriptor(), stop_);
    } else if (inspection.kind == FileKind::office) {
      reader_.write_pages(file, inspection.media_type, pdf.descriptor(), stop_);
      pages = reader_.inspect({pdf.descriptor(), size_of(pdf), ""}, stop_).page_count;
    } else {
      reader_.write_archive(
          file, [](std::int32_t) { return std::nullopt; }, pdf.descriptor(), stop_);
    }
    choose(std::move(pdf), pages);
  }

  // Those of the files in it, deepest last; of each file directly in it what became of it.
  std::vector<MailPart> add_members(const Source& container, std::uint32_t depth) {
    if (depth > left_.depth) {
      throw Error(ErrorCode::too_large, "it lies in more mails and archives within each other than the " +
                                            std::to_string(left_.depth) + " that may be (members.depth)");
    }
    std::deque<core::TempFile> files;
    std::vector<MailPart> parts;
    reader_.read_members(
        container, left_,
        [&](const std::string& path, const FileReader::Bytes& bytes) {
          MailPart part{static_cast<std::int64_t>(parts.size()) + 1, core::display_filename(path), 0, 0, 0, ""};
          core::TempFile* file = nullptr;
          if (files.size() < kMaxChosenFiles) {  // each is an open file of the service
            file = &files.emplace_back(temporary_);
          } else {
            part.problem = no_room();
          }
          core::Sha256Stream hash;
          std::vector<std::byte> buffer(1 << 16);
          while (const std::size_t got = bytes(buffer)) {
            const auto piece = std::span<const std::byte>(buffer).first(got);
            hash.add(piece);
            part.size += got;
            if (file != nullptr) file->append(piece);
          }
          part.hash = hash.finish();
          parts.push_back(std::move(part));
        },
        stop_);
    left_.count -= std::min(left_.count, static_cast<std::uint32_t>(parts.size()));
    for (const MailPart& part : parts) left_.bytes -= std::min(left_.bytes, part.size);
    for (MailPart& part : parts) {
      if (files.empty()) break;
      add(files.front().descriptor(), depth, part);
      files.pop_front();
    }
    return parts;
  }

  void write(const core::FileDescriptor& output) const {
    std::vector<Source> sources;
    for (const core::TempFile& file : chosen_) sources.push_back({file.descriptor(), size_of(file), ""});
    reader_.assemble(sources, pages_, output, stop_);
  }

 private:
  static std::uint64_t size_of(const core::TempFile& file) { return core::size_of(file.descriptor()); }

  static std::string no_room() {
    return "there is no room for its pages: a mail has at most " + std::to_string(kMaxChosenPages) + " of at most " +
           std::to_string(kMaxChosenFiles - 1) + " attachments";
  }

  void choose(core::TempFile pdf, std::int32_t pages) {
    if (pages_.size() + static_cast<std::size_t>(pages) > kMaxChosenPages || chosen_.size() == kMaxChosenFiles) {
      throw Error(ErrorCode::too_large, no_room());
    }
    const auto file = static_cast<std::uint32_t>(chosen_.size());
    for (std::int32_t page = 1; page <= pages; ++page) pages_.push_back({file, page, 0});
    chosen_.push_back(std::move(pdf));
  }

  void add(const core::FileDescriptor& file, std::uint32_t depth, MailPart& part) {
    const auto before = static_cast<std::int64_t>(pages_.size());
    const Source source{file, part.size, part.filename};
    try {
      // Others wait for a mail's pages to be made.
      if (since_.elapsed() > kLongest) {
        throw Error(ErrorCode::too_large, "its pages are not shown: those before it took ten minutes");
      }
      const Inspection inspection = reader_.inspect(source, stop_);
      if (inspection.encrypted) throw Error(ErrorCode::password_needed, "it is encrypted: its pages are not shown");
      add_pages(source, inspection);
      if (inspection.has_members) {
        for (const MailPart& within : add_members(source, depth + 1)) {
          if (part.problem.empty() && !within.problem.empty()) part.problem = within.filename + ": " + within.problem;
        }
      }
    } catch (const Error& error) {
      if (is_ours(error.code())) throw;
      part.problem = error.message();
    }
    part.page_count = static_cast<std::int64_t>(pages_.size()) - before;
    part.first_page = part.page_count == 0 ? 0 : before + 1;
  }

  const FileReader& reader_;
  const core::Stopwatch since_;
  MemberLimits left_;
  const std::filesystem::path& temporary_;
  const std::stop_token stop_;
  std::deque<core::TempFile> chosen_;
  std::vector<PageChoice> pages_;
};

}  // namespace

std::vector<MailPart> write_joined_pages(const FileReader& reader, const Source& mail, const MemberLimits& limits,
                                         const std::filesystem::path& temporary, const core::FileDescriptor& output,
                                         std::stop_token stop) {
  Gathering gathering(reader, limits, temporary, stop);
  gathering.add_pages(mail, reader.inspect(mail, stop));
  std::vector<MailPart> parts = gathering.add_members(mail, 1);
  gathering.write(output);
  return parts;
}

}  // namespace muniment::ingest
