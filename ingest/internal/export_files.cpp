#include "ingest/internal/export_files.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/text.h"

namespace muniment::ingest {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kPieceRead = 256 * 1024;
// A list that somebody has sent, and one in a folder that the service's own machine has.
constexpr std::size_t kMostDescriptionSent = 64ULL << 20;
constexpr std::size_t kMostDescriptionHere = 256ULL << 20;

class PackedExport final : public ExportFiles {
 public:
  PackedExport(core::FileDescriptor file, std::string name, const FileReader& reader, const MemberLimits& limits)
      : file_(std::move(file)), name_(std::move(name)), reader_(reader), limits_(limits) {}

  void for_each(const FileReader::EachMember& each, std::stop_token stop) const override {
    try {
      reader_.read_members(Source{file_, core::size_of(file_), name_}, limits_, each, std::move(stop));
    } catch (const Error& error) {
      // The limits of an import have names of their own.
      std::string message = error.message();
      const std::size_t name = message.find("(members.");
      if (error.code() != ErrorCode::too_large || name == std::string::npos) throw;
      throw Error(error.code(), message.replace(name, 9, "(import."));
    }
  }
  std::size_t most_description() const override { return kMostDescriptionSent; }

 private:
  const core::FileDescriptor file_;
  const std::string name_;
  const FileReader& reader_;
  const MemberLimits limits_;
};

// A plain file, reached through no link, as one may have been put there since the folder was listed; empty otherwise.
core::FileDescriptor open_below(const core::FileDescriptor& folder, const fs::path& path) {
  core::FileDescriptor opened;
  int within = folder.get();
  for (auto part = path.begin(); part != path.end(); ++part) {
    const int how = std::next(part) == path.end() ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_PATH | O_DIRECTORY;
    opened = core::FileDescriptor(::openat(within, part->c_str(), how | O_NOFOLLOW | O_CLOEXEC));
    if (!opened) return {};
    within = opened.get();
  }
  struct stat facts {};
  if (!opened || ::fstat(opened.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
  return opened;
}

class FolderExport final : public ExportFiles {
 public:
  FolderExport(fs::path folder, std::string list) : folder_(std::move(folder)), list_(std::move(list)) {}

  void for_each(const FileReader::EachMember& each, std::stop_token stop) const override {
    const core::FileDescriptor folder(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (const fs::path& file : files()) {
      if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "this was called off");
      const fs::path path = file.lexically_relative(folder_);
      const core::FileDescriptor opened = open_below(folder, path);
      if (!opened) continue;  // as if it were not there: whoever names it is told so
      std::uint64_t offset = 0;
      each(core::to_nfc(core::to_utf8(path.string())), [&](std::span<std::byte> buffer) {
        const std::size_t got = core::read_at(opened, offset, buffer);
        offset += got;
        return got;
      });
    }
  }
  std::string list() const override { return list_; }
  std::size_t most_description() const override { return kMostDescriptionHere; }

 private:
  // Links are not followed: they could lead anywhere.
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    std::error_code failed;
    fs::recursive_directory_iterator entry(folder_, fs::directory_options::skip_permission_denied, failed);
    for (; !failed && entry != fs::end(entry); entry.increment(failed)) {
      std::error_code unknown;
      if (fs::is_regular_file(entry->symlink_status(unknown))) found.push_back(entry->path());
    }
    std::ranges::sort(found);
    return found;
  }

  const fs::path folder_;
  const std::string list_;
};

}  // namespace

std::unique_ptr<ExportFiles> open_export(const storage::ArchiveImport& import, const FileReader& reader,
                                         const ArchiveImportOptions& options) {
  const fs::path path = import.uploaded ? options.uploads / import.location : fs::path(import.location);
  if (!import.uploaded && fs::is_directory(path)) return std::make_unique<FolderExport>(path, "");
  if (!import.uploaded && core::fold_case(path.extension().string()) == ".csv") {
    if (!fs::is_regular_file(path)) throw Error(ErrorCode::not_found, "there is no file " + path.string());
    const std::string list = core::to_nfc(core::to_utf8(path.filename().string()));
    return std::make_unique<FolderExport>(path.parent_path(), list);
  }
  try {
    return std::make_unique<PackedExport>(core::open_for_reading(path), import.name, reader, options.limits);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found || !import.uploaded) throw;
    throw Error(ErrorCode::not_found, "the file that was sent is not there any more; send it again");
  }
}

ExportContents look_through(const ExportFiles& files, const std::function<void(std::int64_t count)>& each,
                            std::stop_token stop) {
  ExportContents contents;
  std::size_t described = 0;
  std::int64_t count = 0;
  std::vector<std::byte> buffer(kPieceRead);
  const std::string list = files.list();
  files.for_each(
      [&](const std::string& path, const FileReader::Bytes& bytes) {
        core::Sha256Stream hash;
        ExportContents::File file;
        std::string text;
        bool kept = false;
        while (const std::size_t got = bytes(buffer)) {
          const auto piece = std::span(buffer).first(got);
          const std::string_view words(reinterpret_cast<const char*>(piece.data()), piece.size());
          hash.add(piece);
          if (file.size == 0) kept = list.empty() ? may_describe(path, words) : path == list;
          file.size += got;
          if (!kept) continue;
          described += got;
          if (described > files.most_description()) {
            throw Error(ErrorCode::too_large, "the lists in it are more than " +
                                                  std::to_string(files.most_description() >> 20) +
                                                  " MiB; bring it in in parts");
          }
          text += words;
        }
        file.hash = hash.finish();
        if (contents.files.emplace(path, file).second && kept) contents.texts.emplace(path, std::move(text));
        each(++count);
      },
      std::move(stop));
  return contents;
}

}  // namespace muniment::ingest
