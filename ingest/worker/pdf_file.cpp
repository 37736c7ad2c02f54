#include "ingest/worker/pdf_file.h"

#include <cstdio>

#include "ingest/worker/pdf_text_layer.h"

namespace muniment::ingest::worker {

PdfFile::PdfFile(const core::FileDescriptor& output) : output_(output), page_tree_(reserve()) {
  write("%PDF-1.7\n%\xE5\xE4\xF6\xFC\n");
}

void PdfFile::write(std::string_view bytes) {
  core::write_all(output_, bytes);
  written_ += bytes.size();
}

int PdfFile::reserve() {
  offsets_.push_back(0);
  return static_cast<int>(offsets_.size());
}

void PdfFile::begin(int number) {
  offsets_[static_cast<std::size_t>(number - 1)] = written_;
  write(std::to_string(number) + " 0 obj\n");
}

int PdfFile::add(const std::string& dictionary, const std::optional<std::string>& stream) {
  const int number = reserve();
  begin(number);
  if (!stream) {
    write(dictionary + "\nendobj\n");
    return number;
  }
  const std::string inside = dictionary.substr(0, dictionary.rfind(">>"));
  write(inside + "/Length " + std::to_string(stream->size()) + " >>\nstream\n");
  write(*stream);
  write("\nendstream\nendobj\n");
  return number;
}

void PdfFile::add_page(double width, double height, const std::string& resources, const std::string& content) {
  const int contents = add("<< /Filter /FlateDecode >>", deflated(content));
  char box[80];
  std::snprintf(box, sizeof box, "[0 0 %.3f %.3f]", width, height);
  pages_.push_back(add("<< /Type /Page /Parent " + std::to_string(page_tree_) + " 0 R /MediaBox " + box +
                       " /Resources " + resources + " /Contents " + std::to_string(contents) + " 0 R >>"));
}

void PdfFile::finish() {
  begin(page_tree_);
  write("<< /Type /Pages /Count " + std::to_string(pages_.size()) + " /Kids [");
  for (const int page : pages_) write(std::to_string(page) + " 0 R\n");
  write("] >>\nendobj\n");
  const int catalogue = add("<< /Type /Catalog /Pages " + std::to_string(page_tree_) + " 0 R >>");
  const std::uint64_t table = written_;
  write("xref\n0 " + std::to_string(offsets_.size() + 1) + "\n0000000000 65535 f \n");
  for (const auto offset : offsets_) {
    char entry[24];
    std::snprintf(entry, sizeof entry, "%010llu 00000 n \n", static_cast<unsigned long long>(offset));
    write(entry);
  }
  write("trailer\n<< /Size " + std::to_string(offsets_.size() + 1) + " /Root " + std::to_string(catalogue) +
        " 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n");
}

}  // namespace muniment::ingest::worker
