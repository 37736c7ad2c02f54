// HTML on pages (A4), which MuPDF makes: fonts, tables, pictures. What it makes is a PDF, and is read and shown as one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ingest/worker/format.h"

namespace muniment::ingest::worker {

class LaidOutHtml final : public Document {
 public:
  // `body` is what reduced_html gives, so that there is nothing to load. Error(bad_file) when MuPDF refuses it,
  // Error(too_large) when it is more than some hundreds of pages: the same HTML always ends in the same way.
  LaidOutHtml(std::string_view media_type, std::string title, const std::string& body, const Tools& tools);

  Inspection inspect() override;
  std::int32_t page_count() override { return pages_->page_count(); }
  storage::PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) override;
  PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) override;
  bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) override;

 private:
  std::string media_type_;
  std::string title_;
  std::string pdf_;
  std::unique_ptr<Document> pages_;  // reads pdf_
};

}  // namespace muniment::ingest::worker
