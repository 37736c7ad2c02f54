// A PDF written from front to back, so that a file of any length needs no more memory than its largest object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/files.h"

namespace muniment::ingest::worker {

class PdfFile {
 public:
  explicit PdfFile(const core::FileDescriptor& output);

  // An indirect object: a dictionary's text, and the bytes of the stream that it describes (without /Length) or none.
  // Its number.
  int add(const std::string& dictionary, const std::optional<std::string>& stream = std::nullopt);
  // A page of so many points. `resources` is a dictionary's text; `content` is compressed here.
  void add_page(double width, double height, const std::string& resources, const std::string& content);
  // The page tree, the catalogue and the cross-reference table. Nothing may follow.
  void finish();

 private:
  void write(std::string_view bytes);
  int reserve();
  void begin(int number);

  const core::FileDescriptor& output_;
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> offsets_;  // of object n at n - 1
  std::vector<int> pages_;
  int page_tree_;
};

}  // namespace muniment::ingest::worker
