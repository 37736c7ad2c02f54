// The two forms of a package: a zip file and a folder.
#include <cerrno>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include "core/error.h"
#include "records/package.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;

namespace fs = std::filesystem;

namespace {

constexpr unsigned kFileMode = 0644;

class ZipTarget final : public PackageTarget {
 public:
  explicit ZipTarget(const core::FileDescriptor& file)
      : archive_(::archive_write_new()), entry_(::archive_entry_new()) {
    if (!archive_ || !entry_) throw Error(ErrorCode::internal, "could not begin a zip file");
    require(::archive_write_set_format_zip(archive_.get()));
    // What is kept here is mostly compressed already.
    require(::archive_write_zip_set_compression_store(archive_.get()));
    require(::archive_write_open_fd(archive_.get(), file.get()));
  }

  void begin(const std::string& path, std::uint64_t size, core::Time modified) override {
    ::archive_entry_clear(entry_.get());
    ::archive_entry_set_pathname(entry_.get(), path.c_str());
    ::archive_entry_set_filetype(entry_.get(), AE_IFREG);
    ::archive_entry_set_perm(entry_.get(), kFileMode);
    ::archive_entry_set_size(entry_.get(), static_cast<la_int64_t>(size));
    ::archive_entry_set_mtime(entry_.get(), static_cast<time_t>(core::to_microseconds(modified) / 1'000'000), 0);
    require(::archive_write_header(archive_.get(), entry_.get()));
  }
  void append(std::span<const std::byte> bytes) override {
    const la_ssize_t written = ::archive_write_data(archive_.get(), bytes.data(), bytes.size());
    if (written != static_cast<la_ssize_t>(bytes.size())) fail();
  }
  void end() override { require(::archive_write_finish_entry(archive_.get())); }
  void finish() override { require(::archive_write_close(archive_.get())); }

 private:
  void require(int result) {
    if (result != ARCHIVE_OK) fail();
  }
  [[noreturn]] void fail() {
    if (const int code = ::archive_errno(archive_.get()); code > 0) {
      throw core::system_error("write the package", code);
    }
    const char* words = ::archive_error_string(archive_.get());
    throw Error(ErrorCode::io, "could not write the package").because(words == nullptr ? "" : words);
  }

  struct Free {
    void operator()(archive* made) const { ::archive_write_free(made); }
    void operator()(archive_entry* made) const { ::archive_entry_free(made); }
  };
  std::unique_ptr<archive, Free> archive_;
  std::unique_ptr<archive_entry, Free> entry_;
};

class FolderTarget final : public PackageTarget {
 public:
  explicit FolderTarget(fs::path directory) : directory_(std::move(directory)) {
    std::error_code problem;
    if (fs::exists(directory_, problem) && !fs::is_empty(directory_, problem)) {
      throw Error(ErrorCode::conflict, directory_.string() + " is not empty; name a new folder");
    }
    core::create_directories_durably(directory_);
  }

  void begin(const std::string& path, std::uint64_t, core::Time) override {
    target_ = directory_ / path;
    core::create_directories_durably(target_.parent_path());
    file_.emplace(target_.parent_path());
  }
  void append(std::span<const std::byte> bytes) override { file_->append(bytes); }
  void end() override {
    file_->publish(target_, core::TempFile::Existing::keep, kFileMode);
    file_.reset();
  }
  void finish() override {}

 private:
  fs::path directory_;
  fs::path target_;
  std::optional<core::TempFile> file_;
};

}  // namespace

std::unique_ptr<PackageTarget> zip_target(const core::FileDescriptor& file) {
  return std::make_unique<ZipTarget>(file);
}

std::unique_ptr<PackageTarget> folder_target(std::filesystem::path directory) {
  return std::make_unique<FolderTarget>(std::move(directory));
}

}  // namespace muniment::records
