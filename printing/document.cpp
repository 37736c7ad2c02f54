#include "printing/document.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::printing {

using core::Error;
using core::ErrorCode;

namespace {

// In points, 1/72 inch.
constexpr double kShortSide = 595.276;
constexpr double kLongSide = 841.89;
constexpr double kMargin = 51;
constexpr double kFootHeight = 24;
constexpr double kColumnGap = 8;
constexpr double kParagraphGap = 7;
constexpr double kRowGap = 3;
constexpr double kLabelShare = 0.3;

struct Style {
  double size = 9.5;
  bool bold = false;
  double grey = 0;
};
constexpr Style kText{9.5, false, 0.0};
constexpr Style kLabel{9.5, false, 0.35};
constexpr Style kTableText{8.5, false, 0.0};
constexpr Style kTableHead{8.5, true, 0.0};
constexpr Style kSmall{7.5, false, 0.35};

Style heading_style(int level) {
  return {level == 1 ? 14.0 : level == 2 ? 11.5 : 10.0, true, 0.0};
}

struct Release {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, Release>;

// Text in its place on a line of blocks, broken into lines of the width.
struct Cell {
  Layout layout;
  double x = 0;
  double grey = 0;
  int next_line = 0;

  int lines() const { return pango_layout_get_line_count(layout.get()); }
  double line_height(int line) const {
    PangoRectangle logical;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout.get(), line), nullptr, &logical);
    return pango_units_to_double(logical.height);
  }
  double height() const {
    double sum = 0;
    for (int i = next_line; i < lines(); ++i) sum += line_height(i);
    return sum;
  }
};

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

// One run through a document: the first finds out how many pages there are, the second draws them.
class DocumentLayout {
 public:
  // `pages` = 0: only count.
  DocumentLayout(const DocumentHead& head, int pages)
      : head_(head),
        width_(head.landscape ? kLongSide : kShortSide),
        height_(head.landscape ? kShortSide : kLongSide),
        pages_(pages),
        surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, width_, height_)),
        context_(cairo_create(surface_.get())) {
    cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_4);
    const auto describe = [&](cairo_pdf_metadata_t what, const std::string& text) {
      cairo_pdf_surface_set_metadata(surface_.get(), what, text.c_str());
    };
    describe(CAIRO_PDF_METADATA_TITLE, head.title);
    describe(CAIRO_PDF_METADATA_AUTHOR, head.issuer);
    const std::string made_at = core::to_rfc3339(std::chrono::floor<std::chrono::seconds>(head.made_at));
    describe(CAIRO_PDF_METADATA_CREATE_DATE, made_at);
    describe(CAIRO_PDF_METADATA_MOD_DATE, made_at);
  }

  void run(const std::vector<Document::Block>& blocks) {
    begin_page();
    place(one_cell(head_.title, {18, true, 0}));
    y_ += kParagraphGap;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const auto& block = blocks[i];
      switch (block.kind) {
        case Document::Block::Kind::heading:
          heading(block);
          break;
        case Document::Block::Kind::paragraph:
          place(one_cell(block.rows.at(0).at(0), kText));
          y_ += kParagraphGap;
          break;
        case Document::Block::Kind::pairs:
          for (const auto& pair : block.rows) {
            place(pair_cells(pair));
            y_ += kRowGap;
          }
          y_ += kParagraphGap;
          break;
        case Document::Block::Kind::table:
          table(block);
          break;
      }
    }
    end_page();
  }

  int pages() const { return page_; }

  std::string finish() {
    context_.reset();
    cairo_surface_finish(surface_.get());
    const cairo_status_t status = cairo_surface_status(surface_.get());
    if (status != CAIRO_STATUS_SUCCESS) {
      throw Error(ErrorCode::internal, "a document could not be printed").because(cairo_status_to_string(status));
    }
    return std::move(bytes_);
  }

 private:
  using Cells = std::vector<Cell>;

  double body_width() const { return width_ - 2 * kMargin; }
  double bottom() const { return height_ - kMargin - kFootHeight; }

  Cell cell(std::string_view text, const Style& style, double x, double width, bool align_right = false) {
    Layout layout(pango_cairo_create_layout(context_.get()));
    PangoFontDescription* font = pango_font_description_from_string("DejaVu Sans");
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_width(layout.get(), pango_units_from_double(width));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    if (align_right) pango_layout_set_alignment(layout.get(), PANGO_ALIGN_RIGHT);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return {std::move(layout), x, style.grey, 0};
  }
  Cells one_cell(std::string_view text, const Style& style) {
    Cells cells;
    cells.push_back(cell(text, style, kMargin, body_width()));
    return cells;
  }
  Cells pair_cells(const std::vector<std::string>& pair) {
    const double label = body_width() * kLabelShare;
    Cells cells;
    cells.push_back(cell(pair.at(0), kLabel, kMargin, label - kColumnGap));
    cells.push_back(cell(pair.at(1), kText, kMargin + label, body_width() - label));
    return cells;
  }
  Cells row_cells(const std::vector<Column>& columns, const std::vector<std::string>& texts, const Style& style) {
    double shares = 0;
    for (const Column& column : columns) shares += column.share;
    double x = kMargin;
    Cells cells;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double width = body_width() * columns[i].share / shares;
      cells.push_back(cell(texts[i], style, x, width - kColumnGap, columns[i].align_right));
      x += width;
    }
    return cells;
  }

  static double height_of(const Cells& cells) {
    double most = 0;
    for (const Cell& one : cells) most = std::max(most, one.height());
    return most;
  }

  // Draws what fits of each cell; false when something is left for the next page.
  bool draw_some(Cells& cells) {
    double lowest = y_;
    bool all = true;
    for (Cell& one : cells) {
      double y = y_;
      while (one.next_line < one.lines() && y + one.line_height(one.next_line) <= bottom() + 0.01) {
        draw_line(one, y);
        y += one.line_height(one.next_line++);
      }
      lowest = std::max(lowest, y);
      all = all && one.next_line == one.lines();
    }
    y_ = lowest;
    return all;
  }

  void draw_line(const Cell& one, double y) {
    if (pages_ == 0) return;
    PangoLayoutLine* line = pango_layout_get_line_readonly(one.layout.get(), one.next_line);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, nullptr, &logical);
    // Where alignment and direction put the line within its width.
    int left = 0;
    if (pango_layout_get_alignment(one.layout.get()) == PANGO_ALIGN_RIGHT ||
        line->resolved_dir == PANGO_DIRECTION_RTL) {
      left = std::max(0, pango_layout_get_width(one.layout.get()) - logical.width);
    }
    cairo_set_source_rgb(context_.get(), one.grey, one.grey, one.grey);
    cairo_move_to(context_.get(), one.x + pango_units_to_double(left), y - pango_units_to_double(logical.y));
    pango_cairo_show_layout_line(context_.get(), line);
  }

  // On this page if all of it fits, else on the next; what is taller than a page is broken. `on_new_page` draws what
  // is repeated there.
  template <typename OnNewPage>
  void place(Cells cells, const OnNewPage& on_new_page, double kept_free = 0) {
    if (y_ + height_of(cells) + kept_free > bottom() && !at_top_) next_page(on_new_page);
    while (!draw_some(cells)) next_page(on_new_page);
    at_top_ = false;
  }
  void place(Cells cells) {
    place(std::move(cells), [] {});
  }

  void heading(const Document::Block& block) {
    constexpr double kRoomForWhatFollows = 60;
    if (!at_top_) y_ += kParagraphGap;
    place(
        one_cell(block.rows.at(0).at(0), heading_style(block.level)), [] {}, kRoomForWhatFollows);
    if (block.level == 1 && pages_ > 0) {
      const std::string place_on_page = "page=" + std::to_string(page_) + " pos=[0 0]";
      cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, block.rows[0][0].c_str(),
                                    place_on_page.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
    }
    y_ += kRowGap;
  }

  void table(const Document::Block& block) {
    std::vector<std::string> titles;
    for (const Column& column : block.columns) titles.push_back(column.title);
    const auto head = [&] {
      Cells cells = row_cells(block.columns, titles, kTableHead);
      draw_some(cells);
      y_ += kRowGap / 2;
      rule(0.8, 0.2);
      y_ += kRowGap / 2;
      at_top_ = true;
    };
    const double head_height = height_of(row_cells(block.columns, titles, kTableHead));
    if (!at_top_ && y_ + 3 * head_height > bottom()) {
      next_page(head);
    } else {
      head();
    }
    for (const auto& row : block.rows) {
      place(row_cells(block.columns, row, kTableText), head);
      y_ += kRowGap / 2;
      rule(0.3, 0.7);
      y_ += kRowGap / 2;
    }
    at_top_ = false;
    y_ += kParagraphGap;
  }

  void rule(double thickness, double grey) {
    if (pages_ == 0) return;
    cairo_set_line_width(context_.get(), thickness);
    cairo_set_source_rgb(context_.get(), grey, grey, grey);
    cairo_move_to(context_.get(), kMargin, y_);
    cairo_line_to(context_.get(), width_ - kMargin, y_);
    cairo_stroke(context_.get());
  }

  void begin_page() {
    ++page_;
    y_ = kMargin;
    if (page_ > 1) {
      Cells cells = one_cell(head_.title, kSmall);
      draw_some(cells);
      y_ += kParagraphGap;
    }
    at_top_ = true;
  }
  void end_page() {
    if (pages_ > 0) {
      Cell issuer = cell(head_.issuer, kSmall, kMargin, body_width() * 0.75);
      Cell number = cell(std::to_string(page_) + " / " + std::to_string(pages_), kSmall, kMargin + body_width() * 0.75,
                         body_width() * 0.25, true);
      draw_line(issuer, height_ - kMargin - 10);
      draw_line(number, height_ - kMargin - 10);
    }
    cairo_show_page(context_.get());
  }
  template <typename OnNewPage>
  void next_page(const OnNewPage& on_new_page) {
    end_page();
    begin_page();
    on_new_page();
  }

  const DocumentHead& head_;
  const double width_;
  const double height_;
  const int pages_;
  std::string bytes_;
  std::unique_ptr<cairo_surface_t, Release> surface_;
  std::unique_ptr<cairo_t, Release> context_;
  int page_ = 0;
  double y_ = 0;
  bool at_top_ = true;  // nothing on this page yet that could stand alone
};

Document::Document(DocumentHead head) : head_(std::move(head)) {
  head_.title = core::to_utf8(head_.title);
  head_.issuer = core::to_utf8(head_.issuer);
}

void Document::heading(int level, std::string_view text) {
  blocks_.push_back({Block::Kind::heading, level, {}, {{core::to_utf8(text)}}});
}

void Document::paragraph(std::string_view text) {
  blocks_.push_back({Block::Kind::paragraph, 0, {}, {{core::to_utf8(text)}}});
}

void Document::pairs(std::vector<Pair> pairs) {
  Block block{Block::Kind::pairs, 0, {}, {}};
  for (const Pair& pair : pairs) {
    if (!pair.value.empty()) block.rows.push_back({core::to_utf8(pair.label), core::to_utf8(pair.value)});
  }
  blocks_.push_back(std::move(block));
}

void Document::table(std::vector<Column> columns, std::vector<std::vector<std::string>> rows) {
  for (Column& column : columns) column.title = core::to_utf8(column.title);
  for (auto& row : rows) {
    if (row.size() != columns.size()) throw Error(ErrorCode::internal, "a row does not have as many cells as columns");
    for (std::string& text : row) text = core::to_utf8(text);
  }
  blocks_.push_back({Block::Kind::table, 0, std::move(columns), std::move(rows)});
}

std::string Document::pdf() const {
  DocumentLayout counted(head_, 0);
  counted.run(blocks_);
  counted.finish();
  DocumentLayout drawn(head_, counted.pages());
  drawn.run(blocks_);
  return drawn.finish();
}

}  // namespace muniment::printing
