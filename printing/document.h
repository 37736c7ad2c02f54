// A printed document, laid out on A4 pages and written as PDF: headings, paragraphs, key-value lists and tables that
// break over pages with their heads repeated. Any script that the fonts have, with the Unicode rules for breaking lines
// and for right-to-left text (Pango). The same contents make the same bytes: no time is read, identifiers are not
// random.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace muniment::printing {

struct Column {
  std::string title;
  double share = 1;          // of the width, in proportion to the other columns
  bool align_right = false;  // figures
};

struct Pair {
  std::string label;
  std::string value;
};

struct DocumentHead {
  std::string title;     // on the first page, at the top of the others, and the PDF's own title
  std::string issuer;    // who made it: at the foot of every page and as the PDF's author
  core::Time made_at{};  // the PDF's creation date
  bool landscape = false;
};

// Contents in reading order; nothing is laid out before pdf(). Malformed UTF-8 is repaired. Not thread-safe; different
// documents may be made on different threads.
class Document {
 public:
  explicit Document(DocumentHead head);

  // Kept on one page with what follows. Level 1 also stands in the PDF's outline; 2 and 3 are smaller.
  void heading(int level, std::string_view text);
  void paragraph(std::string_view text);
  // Label beside value; pairs without a value are left out.
  void pairs(std::vector<Pair> pairs);
  // Each row has as many cells as there are columns: Error(internal) otherwise.
  void table(std::vector<Column> columns, std::vector<std::vector<std::string>> rows);

  // The file's bytes. Error(internal) when the libraries fail.
  std::string pdf() const;

 private:
  struct Block {
    enum class Kind { heading, paragraph, pairs, table };
    Kind kind = Kind::paragraph;
    int level = 0;
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
  };
  friend class DocumentLayout;

  DocumentHead head_;
  std::vector<Block> blocks_;
};

}  // namespace muniment::printing
