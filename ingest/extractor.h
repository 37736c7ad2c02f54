// Reads foreign files. Nothing in this process parses their bytes: muniment-extract does, a program of its own in which
// every call gets a fresh child that has no network, no files but those handed to it, limits, and a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/log.h"
#include "ingest/extraction.h"
#include "ingest/file_reader.h"
#include "ingest/package_reader.h"
#include "storage/page_layer.h"

namespace muniment::ingest {

struct ExtractorOptions {
  std::filesystem::path program;         // muniment-extract
  std::filesystem::path office_program;  // muniment-office
  std::filesystem::path libreoffice;     // LibreOffice's folder; empty = office files give their text only
  std::filesystem::path tessdata;        // folder of Tesseract's models; empty = Debian's
  std::vector<std::string> languages = {"eng", "swe"};
  SandboxLevel minimum_level = SandboxLevel::files;
  std::uint64_t memory_bytes = 1536ULL << 20;        // address space that one child may add
  std::uint64_t output_bytes = 512ULL << 20;         // that one child may write to a file
  std::chrono::milliseconds page_deadline{120'000};  // for each page read, rendered or written, and for opening a file
};

// Thread-safe; each call uses a child of its own, so calls run side by side.
//
// Every call throws core::Error:
//   bad_file         the file made its reader fail, crash or need too much memory: trying again will not help
//   password_needed  the file is encrypted, and no password or the wrong one was given
//   too_large        the result is over a limit
//   timed_out        the deadline passed
//   cancelled        `stop` was requested
//   unavailable      nothing is wrong with the file: the program does not run, or the sandbox is below the minimum
// and leaves no child behind. A child or the program dying does no harm to this process; the program is started again.
class Extractor final : public FileReader, public PackageReader {
 public:
  // Starts the program in the background; returns at once. `log` outlives this object.
  Extractor(ExtractorOptions options, core::Log& log);
  ~Extractor() override;
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  // What the attack probe found when the program last started; waits for that. Error(unavailable) when it does not run.
  SandboxReport sandbox() const;
  // Why no file can be read now, in words that name none; empty when one can. Waits as `sandbox` does.
  std::string unavailable_reason() const;

  // Never an error for a file of an unknown kind, and for an encrypted one `needs_password`.
  Inspection inspect(const Source& source, std::stop_token stop = {}) const override;

  // Reads pages `first` to `first + count - 1` (from 1; beyond the last page nothing happens), and calls `pages.take`
  // in order as each is ready. A page that cannot be read ends the call with bad_file; the pages before it were
  // delivered.
  void read_pages(const Source& source, std::int32_t first, std::int32_t count, const ReadOptions& options,
                  const PageTaker& pages, std::stop_token stop = {}) const override;

  static constexpr std::int32_t kMaxTextFilePages = 32;
  // Inspects many files in few children and reads those that are small texts: for bulk loads. One TextFile a source, in
  // order. A file that kills its child has a problem; the others do not notice.
  std::vector<TextFile> read_text_files(std::span<const Source> sources, std::stop_token stop = {}) const override;

  void read_members(const Source& source, const MemberLimits& limits, const EachMember& each,
                    std::stop_token stop = {}) const override;

  // One page as WebP, with EXIF orientation and the PDF's own page rotation applied before `options.rotation`.
  std::string render_page(const Source& source, std::int32_t page, const RenderOptions& options,
                          std::stop_token stop = {}) const override;

  // Through LibreOffice where it is installed; elsewhere the text alone is laid out, as that of text files is. Not
  // durable on return. After an error `output` holds anything.
  void write_pages(const Source& source, std::string_view media_type, const core::FileDescriptor& output,
                   std::stop_token stop = {}) const override;

  // Writes the searchable PDF to `output`, an empty file open for reading and writing. Not durable on return. After an
  // error `output` holds anything. Error(unsupported_type) for a file of kind `other`.
  Archive write_archive(const Source& source, const LayerSupplier& layers, const core::FileDescriptor& output,
                        std::stop_token stop = {}) const override;

  // Pages are taken as they are; annotations and form fields keep their looks only. At most kMaxChosenPages of at most
  // kMaxChosenFiles, Error(too_large) for more. Not durable on return. After an error `output` holds anything.
  void assemble(std::span<const Source> files, std::span<const PageChoice> pages, const core::FileDescriptor& output,
                std::stop_token stop = {}) const override;

  PackageListing read_package(const Source& package, std::stop_token stop = {}) const override;
  void unpack(const Source& package, const EachFile& each, std::stop_token stop = {}) const override;

 private:
  class Calls;
  // Reads the first few of `sources`; how many.
  std::size_t read_text_batch(std::span<const Source> sources, std::span<TextFile> results, std::stop_token stop) const;
  std::unique_ptr<Calls> calls_;
};

}  // namespace muniment::ingest
