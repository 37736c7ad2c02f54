// What a file format is to muniment-extract. To add one: write format_NAME.cpp with a `const Format` and name it in
// formats.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/files.h"
#include "core/hash.h"
#include "ingest/extraction.h"
#include "ingest/worker/pix.h"
#include "storage/page_layer.h"

struct fz_context;

namespace muniment::ingest::worker {

class Recogniser;

// What the warm process has ready for every child. Lives as long as the process.
struct Tools {
  fz_context* mupdf;
  Recogniser& recogniser;
};

// A foreign file, mapped into memory.
struct Input {
  std::string_view bytes;
  std::string filename;
  std::optional<std::string> password;
};

// Takes files that are in another one, each by its path, its bytes in pieces, and its end.
struct MemberSink {
  std::function<void(const std::string& path)> begin;
  std::function<void(std::string_view piece)> bytes;
  std::function<void()> end;
};

// The layer that a page had whose picture was the same and was read in the same way, when the service knows one.
using KnownPage = std::function<std::optional<storage::PageLayer>(const core::Sha256& picture)>;

// An opened file. Pages count from 1. Everything throws core::Error as ingest::Extractor documents it.
class Document {
 public:
  virtual ~Document() = default;
  virtual Inspection inspect() = 0;
  virtual std::int32_t page_count() = 0;
  // Asks `known` once before it recognises anything.
  virtual storage::PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) = 0;
  // The page `width` pixels wide after it was turned clockwise by `rotation`; grey or colour (8 or 32 bits a pixel).
  virtual PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) = 0;
  using LayerSupplier = std::function<std::optional<storage::PageLayer>(std::int32_t number)>;
  // False when the original is enough, see Extractor::Archive. `output` is empty.
  virtual bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) = 0;
  // What FileReader::read_members promises; nothing for a file that has none.
  virtual void read_members(const MemberLimits&, const MemberSink&) {}
};

struct Format {
  // The media type when the bytes are in this format, else empty. Looks at as little as possible and never throws.
  std::string_view (*recognise)(const Input& input);
  // Only after `recognise` did. May throw core::Error(password_needed).
  std::unique_ptr<Document> (*open)(const Input& input, std::string_view media_type, const Tools& tools);
};

// All formats that are read, in the order of asking: text, which has no mark of its own, comes last.
std::span<const Format* const> formats();

// A name for bytes that no format takes, from their first few; "application/octet-stream" when nothing is known.
std::string_view media_type_of_other(std::string_view bytes);

}  // namespace muniment::ingest::worker
