#include "ingest/worker/drawn_font.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <span>

#include "ingest/worker/pdf_text_layer.h"
#include "ingest/worker/text_layout.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::size_t kCodes = 256;          // of a font whose codes are bytes
constexpr int kEm = 1000;                    // units of the outlines
constexpr std::size_t kPairsOfABlock = 100;  // of a ToUnicode map

template <typename Each>
void for_each_character(std::string_view text, Each&& each) {
  const std::string whole(text);
  for (const char* at = whole.c_str(); *at != '\0';) {
    int character = 0;
    at += std::max(1, fz_chartorune(&character, at));
    each(character);
  }
}

std::string hex(unsigned value, int digits) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*X", digits, value);
  return text;
}

std::string utf16_hex(int character) {
  const auto code = static_cast<unsigned>(character);
  if (code < 0x10000) return hex(code, 4);
  return hex(0xD800 + ((code - 0x10000) >> 10), 4) + hex(0xDC00 + ((code - 0x10000) & 0x3FF), 4);
}

// Writes path operators. MuPDF calls these by way of C, so nothing may be thrown through it: memory for a few kilobytes
// is all that could be missing.
struct Outline {
  std::string operators;
  void add(std::initializer_list<float> numbers, const char* name) {
    for (const float number : numbers) operators += std::to_string(static_cast<int>(number)) + " ";
    operators += std::string(name) + "\n";
  }
  static Outline& of(void* outline) { return *static_cast<Outline*>(outline); }
};

std::string outline_of(fz_context* context, int character) {
  static constexpr fz_path_walker kWalker{
      .moveto =
          [](fz_context*, void* out, float x, float y) {
            Outline::of(out).add({x, y}, "m");
          },
      .lineto =
          [](fz_context*, void* out, float x, float y) {
            Outline::of(out).add({x, y}, "l");
          },
      .curveto =
          [](fz_context*, void* out, float a, float b, float c, float d, float e, float f) {
            Outline::of(out).add({a, b, c, d, e, f}, "c");
          },
      .closepath = [](fz_context*, void* out) { Outline::of(out).add({}, "h"); },
      .quadto = nullptr,
      .curvetov = nullptr,
      .curvetoy = nullptr,
      .rectto = nullptr};
  Outline outline;
  guarded(context, "draw a character", [&] {
    fz_font* font = fz_new_base14_font(context, "Courier");
    fz_font* used = font;
    const int glyph = fz_encode_character_with_fallback(context, font, character, 0, FZ_LANG_UNSET, &used);
    if (fz_path* path = fz_outline_glyph(context, used, glyph, fz_scale(kEm, kEm))) {
      fz_walk_path(context, path, &kWalker, &outline);
      fz_drop_path(context, path);
    }
    fz_drop_font(context, font);
  });
  return outline.operators;
}

int write_to_unicode(PdfFile& pdf, std::span<const int> characters) {
  std::string map =
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
      "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
      "1 begincodespacerange <00> <FF> endcodespacerange\n";
  for (std::size_t first = 0; first < characters.size(); first += kPairsOfABlock) {
    const std::size_t end = std::min(characters.size(), first + kPairsOfABlock);
    map += std::to_string(end - first) + " beginbfchar\n";
    for (std::size_t code = first; code < end; ++code) {
      map += "<" + hex(static_cast<unsigned>(code), 2) + "> <" + utf16_hex(characters[code]) + ">\n";
    }
    map += "endbfchar\n";
  }
  map += "endcmap CMapName currentdict /CMap defineresource pop end end\n";
  return pdf.add("<< /Filter /FlateDecode >>", deflated(map));
}

}  // namespace

void DrawnFont::add(std::string_view text) {
  for_each_character(text, [&](int character) {
    if (places_.emplace(character, characters_.size()).second) characters_.push_back(character);
  });
}

std::string DrawnFont::write(PdfFile& pdf) const {
  std::string entries;
  for (std::size_t first = 0; first < characters_.size(); first += kCodes) {
    entries += " /D" + std::to_string(first / kCodes) + " " + std::to_string(write_font(pdf, first)) + " 0 R";
  }
  return entries;
}

int DrawnFont::write_font(PdfFile& pdf, std::size_t first) const {
  const auto characters = std::span(characters_).subspan(first, std::min(kCodes, characters_.size() - first));
  std::string shapes, names, widths;
  for (std::size_t code = 0; code < characters.size(); ++code) {
    const std::string width = std::to_string(text_columns(characters[code]) * kEm * 6 / 10);
    const std::string name = "/c" + std::to_string(code);
    const int shape = pdf.add("<< /Filter /FlateDecode >>", deflated(width + " 0 0 -400 1200 1200 d1\n" +
                                                                     outline_of(context_, characters[code]) + "f\n"));
    shapes += name + " " + std::to_string(shape) + " 0 R\n";
    names += name;
    widths += width + " ";
  }
  return pdf.add("<< /Type /Font /Subtype /Type3 /FontBBox [0 -400 1200 1200] /FontMatrix [0.001 0 0 0.001 0 0] " +
                 ("/Resources << >> /CharProcs << " + shapes) + ">> /Encoding << /Differences [0 " + names +
                 "] >> /FirstChar 0 /LastChar " + std::to_string(characters.size() - 1) + " /Widths [" + widths +
                 "] /ToUnicode " + std::to_string(write_to_unicode(pdf, characters)) + " 0 R >>");
}

std::string DrawnFont::shown(std::string_view text, double points) const {
  std::string operators;
  std::size_t selected = SIZE_MAX;
  for_each_character(text, [&](int character) {
    const std::size_t place = places_.at(character);
    if (place / kCodes != selected) {
      char select[48];
      selected = place / kCodes;
      std::snprintf(select, sizeof select, "%s/D%zu %g Tf <", operators.empty() ? "" : "> Tj ", selected, points);
      operators += select;
    }
    operators += hex(static_cast<unsigned>(place % kCodes), 2);
  });
  return operators.empty() ? operators : operators + "> Tj";
}

}  // namespace muniment::ingest::worker
