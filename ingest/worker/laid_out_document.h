// A document of a text format: everything about it but how its text was found.
#pragma once

#include <string>
#include <string_view>

#include "ingest/worker/format.h"
#include "ingest/worker/text_layout.h"

namespace muniment::ingest::worker {

// How much of a text file is read; what stands behind that is left out.
inline constexpr std::size_t kMaxTextBytes = 20 << 20;

class LaidOutDocument : public Document {
 public:
  LaidOutDocument(std::string_view media_type, std::string title, std::string text, fz_context* context)
      : media_type_(media_type), title_(std::move(title)), layout_(std::move(text)), context_(context) {}

  Inspection inspect() override;
  std::int32_t page_count() override { return layout_.page_count(); }
  storage::PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) override;
  PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) override;
  bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) override;

 private:
  std::string media_type_;
  std::string title_;
  TextLayout layout_;
  fz_context* context_;
};

}  // namespace muniment::ingest::worker
