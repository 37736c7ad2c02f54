#include "printing/internal/drawing.h"

#include <cairo-pdf.h>

#include "core/error.h"

namespace muniment::printing {

namespace {

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Pdf::Pdf(double page_width, double page_height)
    : surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, page_width, page_height)),
      context_(cairo_create(surface_.get())) {}

void Pdf::end_page() {
  cairo_show_page(context_.get());
}

std::string Pdf::finish() {
  cairo_surface_finish(surface_.get());
  for (const cairo_status_t status : {cairo_status(context_.get()), cairo_surface_status(surface_.get())}) {
    if (status == CAIRO_STATUS_SUCCESS) continue;
    throw core::Error(core::ErrorCode::internal,
                      std::string("the page was not drawn: ") + cairo_status_to_string(status));
  }
  return std::move(bytes_);
}

double draw_line(cairo_t* context, std::string_view text, double x, double y, double width, double size, bool bold,
                 PangoAlignment alignment) {
  const Owned<PangoLayout> layout(pango_cairo_create_layout(context));
  const Owned<PangoFontDescription> font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), kFont);
  pango_font_description_set_weight(font.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment(layout.get(), alignment);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  cairo_move_to(context, x, y);
  pango_cairo_show_layout(context, layout.get());
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

}  // namespace muniment::printing
