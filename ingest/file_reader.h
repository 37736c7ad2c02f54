// What the pipeline and the renditions ask of whoever reads foreign files: the Extractor in service, a fake in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/files.h"
#include "core/hash.h"
#include "ingest/extraction.h"
#include "storage/page_layer.h"

namespace muniment::ingest {

// Thread-safe. Promises and errors of every call are those of Extractor's call of the same name (extractor.h).
class FileReader {
 public:
  virtual ~FileReader() = default;

  virtual Inspection inspect(const Source& source, std::stop_token stop) const = 0;

  struct ReadPage {
    std::int32_t number = 0;
    storage::PageLayer layer;
    std::optional<core::Sha256>
        picture;               // of what was to be recognised and how: two pages with the same have one layer
    std::string problem = {};  // why the layer is not all of the page; mostly empty
  };
  // All are called on the calling thread.
  struct PageTaker {
    std::function<void(ReadPage page)> take;
    // The layer of a page that had this picture, which then is not recognised again. Empty = every page is new.
    std::function<std::optional<storage::PageLayer>(const core::Sha256& picture)> known = {};
    // The file is open, and what comes now are its pages. Once, before the first. Empty = nobody wants to know.
    std::function<void()> opened = {};
  };
  virtual void read_pages(const Source& source, std::int32_t first, std::int32_t count, const ReadOptions& options,
                          const PageTaker& pages, std::stop_token stop) const = 0;

  struct TextFile {
    Inspection inspection;
    std::vector<storage::PageLayer> pages;  // empty when kind is not `text`, or the text is long
    std::string problem;                    // why it could not be read; empty = it was
  };
  virtual std::vector<TextFile> read_text_files(std::span<const Source> sources, std::stop_token stop) const = 0;

  // Puts up to `buffer.size()` bytes of the file in hand into `buffer`; 0 at its end.
  using Bytes = std::function<std::size_t(std::span<std::byte> buffer)>;
  using EachMember = std::function<void(const std::string& path, const Bytes& bytes)>;
  // Gives the files that are in a mail or an archive (Inspection::has_members) one after the other, always in the same
  // order. What `each` does not read is skipped; what it throws ends the call. Error(too_large) when they are over a
  // limit and (bad_file) when the archive is damaged: then none was given, where `limits.checked_first` says so.
  // `limits.depth` is the caller's business.
  virtual void read_members(const Source& source, const MemberLimits& limits, const EachMember& each,
                            std::stop_token stop) const = 0;

  virtual std::string render_page(const Source& source, std::int32_t page, const RenderOptions& options,
                                  std::stop_token stop) const = 0;

  // Writes the PDF that has the pages of an office file (ingest/office_types.h) to `output`, which is empty.
  virtual void write_pages(const Source& source, std::string_view media_type, const core::FileDescriptor& output,
                           std::stop_token stop) const = 0;

  enum class Archive {
    written,             // a PDF with searchable text
    original_is_enough,  // nothing was written: the original is a PDF whose text is all there, or one that must not be
                         // rewritten because it is signed or encrypted
  };
  // The layer of page `number`; empty when the page has none. Called once a page, in order, on the calling thread.
  using LayerSupplier = std::function<std::optional<storage::PageLayer>(std::int32_t number)>;
  // Writes a PDF of pages of other PDFs to `output`, which is empty.
  virtual void assemble(std::span<const Source> files, std::span<const PageChoice> pages,
                        const core::FileDescriptor& output, std::stop_token stop) const = 0;

  virtual Archive write_archive(const Source& source, const LayerSupplier& layers, const core::FileDescriptor& output,
                                std::stop_token stop) const = 0;
};

}  // namespace muniment::ingest
