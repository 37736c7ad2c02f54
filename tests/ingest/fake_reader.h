// Reads "files" that say themselves how they behave, without any process. One line a page, after a first line:
//   pages [slow] [encrypted] [hang] [crash] [other] [text] [pictures]
// A page line "!CODE" makes reading that page fail with that error, "!barcode" only while barcodes are looked for. What
// stands in "[...]" at the front of a page line is a barcode, as often as it occurs. A page line "From: somebody" is
// also a mail's header, and no member. Pages of "pictures" are told by their lines, and not read when they are known.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ingest/file_reader.h"

namespace muniment::testing {

class FakeReader final : public ingest::FileReader {
 public:
  ingest::Inspection inspect(const ingest::Source& source, std::stop_token stop) const override;
  void read_pages(const ingest::Source& source, std::int32_t first, std::int32_t count,
                  const ingest::ReadOptions& options, const PageTaker& pages, std::stop_token stop) const override;
  std::vector<TextFile> read_text_files(std::span<const ingest::Source> sources, std::stop_token stop) const override;
  // Of a "members" file: each page is a file, named by its first word, where "~" is a space; "|" ends a line of it.
  void read_members(const ingest::Source& source, const ingest::MemberLimits& limits, const EachMember& each,
                    std::stop_token stop) const override;
  std::string render_page(const ingest::Source& source, std::int32_t page, const ingest::RenderOptions& options,
                          std::stop_token stop) const override;
  void write_pages(const ingest::Source& source, std::string_view media_type, const core::FileDescriptor& output,
                   std::stop_token stop) const override;
  Archive write_archive(const ingest::Source& source, const LayerSupplier& layers, const core::FileDescriptor& output,
                        std::stop_token stop) const override;

  void assemble(std::span<const ingest::Source> files, std::span<const ingest::PageChoice> pages,
                const core::FileDescriptor& output, std::stop_token stop) const override;

  // Nothing can be read while this is set: Error(unavailable).
  mutable std::atomic<bool> unavailable = false;
  // Pages of "hang" files are not delivered before this is called (or the reading is stopped).
  void let_go() const;
  // How often a page of the file with this first word was read.
  int times_read(const std::string& name, std::int32_t page) const;
  int pages_read() const;
  int inspected() const { return inspected_; }
  int rendered() const { return rendered_; }
  int archived() const { return archived_; }
  // The names of files in the order in which their pages were delivered.
  std::vector<std::string> order() const;

  static constexpr const char* kPassword = "sesame";

 private:
  struct File {
    std::string name;
    std::string flags;
    std::vector<std::string> pages;
    bool has(const char* flag) const {
      return (" " + flags + " ").find(" " + std::string(flag) + " ") != std::string::npos;
    }
  };
  File open(const ingest::Source& source) const;
  void wait_if_hanging(const File& file, std::stop_token stop) const;

  mutable std::mutex mutex_;
  mutable std::condition_variable_any released_;
  mutable bool released_once_ = false;
  mutable std::map<std::pair<std::string, std::int32_t>, int> read_;
  mutable std::vector<std::string> order_;
  mutable std::atomic<int> inspected_ = 0;
  mutable std::atomic<int> rendered_ = 0;
  mutable std::atomic<int> archived_ = 0;
};

}  // namespace muniment::testing
