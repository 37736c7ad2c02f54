#include "ingest/worker/text_layout.h"

#include <algorithm>

#include <utf8proc.h>

#include "core/text.h"

namespace muniment::ingest::worker {

namespace {

// In units of 1/720 inch: a font of 10 points whose characters are 0.6 em wide.
constexpr std::int32_t kUnitsPerPoint = 10;
constexpr std::int32_t kFontSize = 100;
constexpr std::int32_t kColumnWidth = 60;
constexpr std::int32_t kLineHeight = 120;
constexpr std::int32_t kMargin = 500;
constexpr std::int32_t kAscent = 80;  // from the top of a word's box to the base line
constexpr std::int32_t kPageWidth = static_cast<std::int32_t>(kTextPageWidth) * kUnitsPerPoint;
constexpr std::int32_t kPageHeight = static_cast<std::int32_t>(kTextPageHeight) * kUnitsPerPoint;
constexpr std::int32_t kColumns = (kPageWidth - 2 * kMargin) / kColumnWidth;
constexpr std::int32_t kLines = (kPageHeight - 2 * kMargin) / kLineHeight;
constexpr std::int32_t kTab = 8;
// Marks that combine take no room: without a limit a letter could bear any number, and a page outgrow its layer.
constexpr std::size_t kMostWordBytes = 1024;
static_assert(std::size_t{kColumns} * kLines * (kMostWordBytes + 64) < storage::kMaxLayerBytes);

struct Character {
  utf8proc_int32_t code = 0;
  std::size_t size = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  Character c;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
  const auto size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &c.code);
  if (size > 0) c.size = static_cast<std::size_t>(size);
  return c;
}

bool is_space(utf8proc_int32_t c) {
  return c <= 0x20 || c == 0xA0 || c == 0x3000 || c == 0x2028 || c == 0x2029;
}

// Puts the words of one page, from `at` on, into `layer`, or only walks over them when it is null. Where the next
// begins.
class PageFlow {
 public:
  PageFlow(std::string_view text, std::size_t at, storage::PageLayer* layer) : text_(text), at_(at), layer_(layer) {
    paragraph_ = true;
  }

  std::size_t run() {
    while (at_ < text_.size() && line_ < kLines) {
      const Character c = character_at(text_, at_);
      if (c.code == '\f') {
        at_ += c.size;
        if (line_ > 0 || column_ > 0) break;
        continue;
      }
      if (c.code == '\n' || c.code == '\r') {
        const bool pair = c.code == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
        at_ += pair ? 2 : 1;
        if (column_ == 0) paragraph_ = true;  // an empty line
        next_line();
      } else if (c.code == '\t') {
        at_ += c.size;
        column_ = (column_ / kTab + 1) * kTab;
      } else if (is_space(c.code)) {
        at_ += c.size;
        column_ += 1;
      } else {
        put_word();
      }
    }
    return at_;
  }

 private:
  void next_line() {
    ++line_;
    column_ = 0;
    has_line_ = false;
  }

  void put_word() {
    std::size_t end = at_;
    std::int32_t width = 0;
    while (end < text_.size()) {
      const Character c = character_at(text_, end);
      if (is_space(c.code)) break;
      const std::int32_t columns = text_columns(c.code);
      if (width + columns > kColumns) break;  // longer than a line: the rest goes on in the next
      if (end + c.size - at_ > kMostWordBytes) break;
      width += columns;
      end += c.size;
    }
    if (column_ > 0 && column_ + width > kColumns) {
      next_line();
      if (line_ >= kLines) return;
    }
    if (layer_ != nullptr && width > 0) add(text_.substr(at_, end - at_), width);
    column_ += width;
    // A character of no width alone must not hold us up.
    at_ = end > at_ ? end : at_ + character_at(text_, at_).size;
  }

  void add(std::string_view word, std::int32_t width) {
    if (!has_line_) {
      layer_->lines.emplace_back().starts_paragraph = paragraph_;
      paragraph_ = false;
      has_line_ = true;
    }
    storage::Word placed;
    placed.text = core::cut(core::to_nfc(word), kMostWordBytes);
    placed.box = {kMargin + column_ * kColumnWidth, kMargin + line_ * kLineHeight, width * kColumnWidth, kFontSize};
    layer_->lines.back().words.push_back(std::move(placed));
  }

  std::string_view text_;
  std::size_t at_;
  storage::PageLayer* layer_;
  std::int32_t line_ = 0;
  std::int32_t column_ = 0;
  bool has_line_ = false;
  bool paragraph_;
};

}  // namespace

std::int32_t text_columns(std::int32_t character) {
  return character < 0x80 ? 1 : std::clamp(utf8proc_charwidth(character), 0, 2);
}

TextLayout::TextLayout(std::string text) : text_(std::move(text)) {
  for (std::size_t at = 0; at < text_.size() || pages_.empty();) {
    pages_.push_back(at);
    if (text_.empty()) break;
    at = PageFlow(text_, at, nullptr).run();
  }
}

storage::PageLayer TextLayout::page(std::int32_t number) const {
  storage::PageLayer layer;
  layer.width = kPageWidth;
  layer.height = kPageHeight;
  PageFlow(text_, pages_.at(static_cast<std::size_t>(number - 1)), &layer).run();
  const bool blank = layer.lines.empty();
  layer.source = blank ? storage::TextSource::blank : storage::TextSource::native;
  layer.mean_confidence = blank ? 0 : 100;
  return layer;
}

void draw_text_page(fz_context* context, fz_device* device, const storage::PageLayer& layer) {
  guarded(context, "draw a page of text", [&] {
    constexpr float kPoint = kUnitsPerPoint;
    fz_font* font = fz_new_base14_font(context, "Courier");
    fz_text* text = fz_new_text(context);
    for (const auto& line : layer.lines) {
      for (const auto& word : line.words) {
        auto x = static_cast<float>(word.box.left);
        const auto y = static_cast<float>(word.box.top + kAscent);
        for (const char* at = word.text.c_str(); *at != '\0';) {
          int c = 0;
          at += std::max(1, fz_chartorune(&c, at));
          fz_font* used = font;
          const int glyph = fz_encode_character_with_fallback(context, font, c, 0, FZ_LANG_UNSET, &used);
          const float size = kFontSize / kPoint;
          fz_show_glyph(context, text, used, {size, 0, 0, -size, x / kPoint, y / kPoint}, glyph, c, 0, 0, FZ_BIDI_LTR,
                        FZ_LANG_UNSET);
          x += static_cast<float>(text_columns(c) * kColumnWidth);
        }
      }
    }
    const float black = 0;
    fz_fill_text(context, device, text, fz_identity, fz_device_gray(context), &black, 1, fz_default_color_params);
    fz_drop_text(context, text);
    fz_drop_font(context, font);
  });
}

}  // namespace muniment::ingest::worker
