// Pictures as a searchable PDF: the file's own compressed data where PDF can hold it, else compressed without loss.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/worker/pdf_file.h"
#include "ingest/worker/picture_decoder.h"
#include "storage/page_layer.h"

namespace muniment::ingest::worker {

class PictureArchive {
 public:
  PictureArchive(std::string_view file, std::string_view media_type, const PictureDecoder& decoder,
                 const core::FileDescriptor& output)
      : file_(file), media_type_(media_type), decoder_(decoder), pdf_(output) {}

  void add_page(std::int32_t number, const std::optional<storage::PageLayer>& layer);
  void finish() { pdf_.finish(); }

 private:
  std::string_view file_;
  std::string_view media_type_;
  const PictureDecoder& decoder_;
  PdfFile pdf_;
  int font_ = 0;
};

}  // namespace muniment::ingest::worker
