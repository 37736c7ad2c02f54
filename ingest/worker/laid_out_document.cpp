#include "ingest/worker/laid_out_document.h"

#include <cstdio>
#include <optional>

#include <unicode/ucnv.h>

#include "core/error.h"
#include "ingest/worker/drawn_font.h"
#include "ingest/worker/pdf_file.h"
#include "ingest/worker/pdf_text_layer.h"

namespace muniment::ingest::worker {

namespace {

// The word in Windows' Latin encoding, by which the fonts that every PDF viewer has are addressed; nothing when it has
// other characters.
std::optional<std::string> to_windows_1252(UConverter* converter, std::string_view word) {
  UErrorCode status = U_ZERO_ERROR;
  std::string bytes(4 * word.size() + 4, '\0');
  const std::int32_t size =
      ucnv_fromAlgorithmic(converter, UCNV_UTF8, bytes.data(), static_cast<std::int32_t>(bytes.size()), word.data(),
                           static_cast<std::int32_t>(word.size()), &status);
  bytes.resize(U_FAILURE(status) ? 0 : static_cast<std::size_t>(size));
  constexpr char kSubstitute = '\x1A';
  if (bytes.empty() || bytes.find(kSubstitute) != std::string::npos) return std::nullopt;
  return bytes;
}

std::string escaped(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) {
    if (c == '(' || c == ')' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

Inspection LaidOutDocument::inspect() {
  Inspection inspection;
  inspection.media_type = media_type_;
  inspection.kind = FileKind::text;
  inspection.page_count = layout_.page_count();
  inspection.title = title_;
  return inspection;
}

storage::PageLayer LaidOutDocument::read_page(std::int32_t number, const ReadOptions&, const KnownPage&) {
  return layout_.page(number);
}

PixPointer LaidOutDocument::render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) {
  const auto layer = layout_.page(number);
  const float across = rotation % 180 == 0 ? kTextPageWidth : kTextPageHeight;
  const float scale = static_cast<float>(width) / across;
  PixmapHandle pixmap(context_);
  DeviceHandle device(context_);
  guarded(context_, "draw a page of text", [&] {
    const fz_irect area = fz_round_rect(fz_rect{0, 0, kTextPageWidth * scale, kTextPageHeight * scale});
    *pixmap.out() = fz_new_pixmap_with_bbox(context_, fz_device_gray(context_), area, nullptr, 0);
    fz_clear_pixmap_with_value(context_, pixmap.get(), 0xFF);
    *device.out() = fz_new_draw_device(context_, fz_scale(scale, scale), pixmap.get());
  });
  draw_text_page(context_, device.get(), layer);
  guarded(context_, "draw a page of text", [&] { fz_close_device(context_, device.get()); });
  return turned(to_pix(context_, pixmap.get()).get(), rotation);
}

bool LaidOutDocument::write_archive(const LayerSupplier&, const core::FileDescriptor& output) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, void (*)(UConverter*)> latin(ucnv_open("windows-1252", &status), ucnv_close);
  if (U_FAILURE(status)) throw core::Error(core::ErrorCode::internal, "the encoding windows-1252 is missing");
  DrawnFont others(context_);
  for (std::int32_t number = 1; number <= layout_.page_count(); ++number) {
    for (const auto& line : layout_.page(number).lines) {
      for (const auto& word : line.words) {
        if (!to_windows_1252(latin.get(), word.text)) others.add(word.text);
      }
    }
  }
  PdfFile pdf(output);
  const int font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>");
  const std::string resources = "<< /Font << /Text " + std::to_string(font) + " 0 R" + others.write(pdf) + " >> >>";
  for (std::int32_t number = 1; number <= layout_.page_count(); ++number) {
    const auto layer = layout_.page(number);
    std::string content = "BT /Text 10 Tf\n";
    for (const auto& line : layer.lines) {
      for (const auto& word : line.words) {
        char position[64];
        std::snprintf(position, sizeof position, "1 0 0 1 %.1f %.1f Tm ", word.box.left / 10.0,
                      (layer.height - word.box.top) / 10.0 - 8);
        content += position;
        if (const auto bytes = to_windows_1252(latin.get(), word.text)) {
          content += "(" + escaped(*bytes) + " ) Tj\n";
        } else {
          content += others.shown(word.text, 10) + " /Text 10 Tf ( ) Tj\n";
        }
      }
    }
    pdf.add_page(kTextPageWidth, kTextPageHeight, resources, content + "ET\n");
  }
  pdf.finish();
  return true;
}

}  // namespace muniment::ingest::worker
