#include "ingest/worker/pdf_text_layer.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include <unistd.h>
#include <zlib.h>

#include "core/error.h"
#include "ingest/worker/glyphless_font.h"
#include "ingest/worker/pdf_output.h"

namespace muniment::ingest::worker {

namespace {

using storage::Box;
using storage::PageLayer;

constexpr double kCharacterWidth = 0.5;  // of the font size, see glyphless_font.h
constexpr double kDescent = 0.2;

// UTF-16BE in hexadecimal, and how many code units it has.
std::pair<std::string, int> utf16_hex(std::string_view text) {
  std::string hex;
  int units = 0;
  const auto put = [&](int unit) {
    for (int shift = 12; shift >= 0; shift -= 4) hex += "0123456789ABCDEF"[(unit >> shift) & 0xF];
    ++units;
  };
  const std::string terminated(text);
  for (const char* at = terminated.c_str(); at < terminated.c_str() + terminated.size();) {
    int c = 0;
    at += std::max(1, fz_chartorune(&c, at));
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return {hex, units};
}

// The text rises and falls with the line, so that a selection looks like one; on a skewed line with each word.
struct Height {
  std::int32_t top;
  std::int32_t bottom;
};

Height height_of(const storage::Line& line, const storage::Word& word) {
  Height whole{word.box.top, word.box.top + word.box.height};
  std::int32_t tallest = 0;
  for (const auto& other : line.words) {
    whole.top = std::min(whole.top, other.box.top);
    whole.bottom = std::max(whole.bottom, other.box.top + other.box.height);
    tallest = std::max(tallest, other.box.height);
  }
  if (whole.bottom - whole.top > tallest * 3 / 2) return {word.box.top, word.box.top + word.box.height};
  return whole;
}

const char kToUnicode[] =
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    "1 beginbfrange <0000> <FFFF> <0000> endbfrange\n"
    "endcmap CMapName currentdict /CMap defineresource pop end end\n";

std::string reference(int number) {
  return std::to_string(number) + " 0 R";
}

}  // namespace

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
                6) != Z_OK) {
    throw std::bad_alloc();
  }
  out.resize(size);
  return out;
}

int add_invisible_font(const AddObject& add) {
  const std::string program = glyphless_font();
  const int file = add("<< /Filter /FlateDecode /Length1 " + std::to_string(program.size()) + " >>", deflated(program));
  const int descriptor =
      add("<< /Type /FontDescriptor /FontName /MunimentInvisible /Flags 5 /FontBBox [0 -200 500 800] /ItalicAngle 0 "
          "/Ascent 800 /Descent -200 /CapHeight 800 /StemV 80 /FontFile2 " +
              reference(file) + " >>",
          std::nullopt);
  constexpr std::size_t kAllCodes = 2 * 65536;  // each one is glyph 0
  const int glyphs = add("<< /Filter /FlateDecode >>", deflated(std::string(kAllCodes, '\0')));
  const int unicode = add("<< /Filter /FlateDecode >>", deflated(kToUnicode));
  const int characters = add(
      "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /MunimentInvisible /DW 500 /CIDToGIDMap " + reference(glyphs) +
          " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor " +
          reference(descriptor) + " >>",
      std::nullopt);
  return add("<< /Type /Font /Subtype /Type0 /BaseFont /MunimentInvisible /Encoding /Identity-H /DescendantFonts [" +
                 reference(characters) + "] /ToUnicode " + reference(unicode) + " >>",
             std::nullopt);
}

std::string invisible_text(const PageLayer& layer, const fz_matrix& to_user) {
  const double points = 72.0 / std::max(1, layer.units_per_inch);
  char line_bytes[256];
  std::snprintf(line_bytes, sizeof line_bytes, "q %.6g %.6g %.6g %.6g %.6g %.6g cm BT 3 Tr\n", double{to_user.a},
                double{to_user.b}, double{to_user.c}, double{to_user.d}, double{to_user.e}, double{to_user.f});
  std::string content = line_bytes;
  for (const auto& line : layer.lines) {
    for (const auto& word : line.words) {
      const auto [hex, units] = utf16_hex(word.text);
      const Height height = height_of(line, word);
      const double size = (height.bottom - height.top) * points;
      const double width = word.box.width * points;
      if (units == 0 || size <= 0 || width <= 0) continue;
      const double x = word.box.left * points;
      const double y = (layer.height - height.bottom) * points + kDescent * size;
      const double stretch = 100 * width / (units * kCharacterWidth * size);
      std::snprintf(line_bytes, sizeof line_bytes, "/%s %.2f Tf %.1f Tz 1 0 0 1 %.2f %.2f Tm <",
                    kInvisibleFontName.data(), size, stretch, x, y);
      content += line_bytes;
      content += hex;
      content += "0020> Tj\n";
    }
  }
  content += "ET Q\n";
  return content;
}

fz_matrix upright_to_stored(const PageLayer& layer) {
  const float points = 72.0F / static_cast<float>(std::max(1, layer.units_per_inch));
  const float width = static_cast<float>(layer.width) * points;
  const float height = static_cast<float>(layer.height) * points;
  const fz_matrix down{1, 0, 0, -1, 0, height};  // y grows downwards from the top
  switch (layer.rotation) {
    case 90:
      return fz_concat(down, {0, -1, 1, 0, 0, width});
    case 180:
      return fz_concat(down, {-1, 0, 0, -1, width, height});
    case 270:
      return fz_concat(down, {0, 1, -1, 0, height, 0});
    default:
      return down;
  }
}

PageLayer without_words_of(const PageLayer& layer, const PageLayer& other) {
  PageLayer result = layer;
  if (layer.rotation != other.rotation) return result;
  std::vector<Box> taken;
  for (const auto& line : other.lines) {
    for (const auto& word : line.words) taken.push_back(word.box);
  }
  std::ranges::sort(taken, {}, &Box::top);
  std::int32_t tallest = 0;
  for (const auto& box : taken) tallest = std::max(tallest, box.height);
  const auto is_taken = [&](const storage::Word& word) {
    const std::int32_t x = word.box.left + word.box.width / 2;
    const std::int32_t y = word.box.top + word.box.height / 2;
    auto box = std::ranges::lower_bound(taken, y - tallest, {}, &Box::top);
    for (; box != taken.end() && box->top <= y; ++box) {
      if (y <= box->top + box->height && x >= box->left && x <= box->left + box->width) return true;
    }
    return false;
  };
  for (auto& line : result.lines) std::erase_if(line.words, is_taken);
  std::erase_if(result.lines, [](const storage::Line& line) { return line.words.empty(); });
  return result;
}

int PdfTextLayer::add_object(const std::string& dictionary, const std::optional<std::string>& stream) {
  int number = 0;
  StreamHandle text(context_);
  BufferHandle buffer(context_);
  guarded(context_, "add text to the PDF", [&] {
    pdf_lexbuf lexer;
    *text.out() =
        fz_open_memory(context_, reinterpret_cast<const unsigned char*>(dictionary.data()), dictionary.size());
    pdf_lexbuf_init(context_, &lexer, PDF_LEXBUF_SMALL);
    pdf_obj* object = pdf_parse_stm_obj(context_, document_, text.get(), &lexer);
    pdf_lexbuf_fin(context_, &lexer);
    pdf_obj* added = nullptr;
    if (stream) {
      *buffer.out() = fz_new_buffer_from_copied_data(context_, reinterpret_cast<const unsigned char*>(stream->data()),
                                                     stream->size());
      added = pdf_add_stream(context_, document_, buffer.get(), object, 1);
    } else {
      added = pdf_add_object(context_, document_, object);
    }
    number = pdf_to_num(context_, added);
    pdf_drop_obj(context_, added);
    pdf_drop_obj(context_, object);
  });
  return number;
}

void PdfTextLayer::add(pdf_page* page, const PageLayer& layer) {
  if (layer.lines.empty()) return;
  const auto add = [this](const std::string& dictionary, const std::optional<std::string>& stream) {
    return add_object(dictionary, stream);
  };
  if (font_ == 0) font_ = add_invisible_font(add);
  fz_matrix page_to_shown{};
  guarded(context_, "read a page", [&] { pdf_page_transform(context_, page, nullptr, &page_to_shown); });
  const fz_matrix to_user = fz_concat(upright_to_stored(layer), fz_invert_matrix(page_to_shown));
  const int content = add("<< /Filter /FlateDecode >>", deflated(invisible_text(layer, to_user)));
  guarded(context_, "add text to the PDF", [&] {
    pdf_obj* resources = pdf_dict_get_inheritable(context_, page->obj, PDF_NAME(Resources));
    if (resources == nullptr) resources = pdf_dict_put_dict(context_, page->obj, PDF_NAME(Resources), 1);
    pdf_obj* fonts = pdf_dict_get(context_, resources, PDF_NAME(Font));
    if (fonts == nullptr) fonts = pdf_dict_put_dict(context_, resources, PDF_NAME(Font), 1);
    pdf_dict_puts_drop(context_, fonts, kInvisibleFontName.data(), pdf_new_indirect(context_, document_, font_, 0));
    // First of all, where the graphics state is still the default one; that it lies below the picture does not matter.
    pdf_obj* old = pdf_dict_get(context_, page->obj, PDF_NAME(Contents));
    pdf_obj* contents = pdf_new_array(context_, document_, 4);
    pdf_array_push_drop(context_, contents, pdf_new_indirect(context_, document_, content, 0));
    if (pdf_is_array(context_, old)) {
      for (int i = 0; i < pdf_array_len(context_, old); ++i)
        pdf_array_push(context_, contents, pdf_array_get(context_, old, i));
    } else if (old != nullptr) {
      pdf_array_push(context_, contents, old);
    }
    pdf_dict_put_drop(context_, page->obj, PDF_NAME(Contents), contents);
  });
  ++pages_;
}

void PdfTextLayer::save(std::string_view original, const core::FileDescriptor& output) {
  bool incremental = false;
  guarded(context_, "write the archive",
          [&] { incremental = pdf_can_be_saved_incrementally(context_, document_) != 0; });
  if (incremental) core::write_all(output, original);
  pdf_write_options options = pdf_default_write_options;
  options.do_incremental = incremental ? 1 : 0;
  options.do_compress = incremental ? 0 : 1;
  options.do_garbage = incremental ? 0 : 1;
  save_pdf(context_, document_, options, output);
}

}  // namespace muniment::ingest::worker
