#include "ingest/internal/export_files.h"

#include <algorithm>
#include <span>
#include <vector>

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
constexpr std::size_t kMostDescription = 512ULL << 20;

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

 private:
  const core::FileDescriptor file_;
  const std::string name_;
  const FileReader& reader_;
  const MemberLimits limits_;
};

class FolderExport final : public ExportFiles {
 public:
  FolderExport(fs::path folder, std::string list) : folder_(std::move(folder)), list_(std::move(list)) {}

  void for_each(const FileReader::EachMember& each, std::stop_token stop) const override {
    for (const fs::path& file : files()) {
      if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "this was called off");
      core::FileDescriptor opened;
      try {
        opened = core::open_for_reading(file);
      } catch (const Error&) {
        continue;  // as if it were not there: whoever names it is told so
      }
      std::uint64_t offset = 0;
      each(core::to_nfc(core::to_utf8(file.lexically_relative(folder_).string())), [&](std::span<std::byte> buffer) {
        const std::size_t got = core::read_at(opened, offset, buffer);
        offset += got;
        return got;
      });
    }
  }
  std::string list() const override { return list_; }

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
          if (described > kMostDescription) {
            throw Error(ErrorCode::too_large, "the lists in it are more than 512 MiB; bring it in in parts");
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
