// Cairo and Pango with owners, and what every kind of page needs of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <cairo.h>
#include <pango/pangocairo.h>

namespace muniment::printing {

struct Release {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
template <typename T>
using Owned = std::unique_ptr<T, Release>;

inline constexpr double kPointsPerMillimetre = 72.0 / 25.4;
inline constexpr const char* kFont = "DejaVu Sans";

// A PDF that is drawn in memory, in points from the top left corner. Not copied or moved: Cairo writes to `bytes_`.
class Pdf {
 public:
  Pdf(double page_width, double page_height);
  Pdf(const Pdf&) = delete;

  cairo_t* context() { return context_.get(); }
  void end_page();
  // Error(internal) when Cairo failed on the way.
  std::string finish();

 private:
  std::string bytes_;
  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> context_;
};

// One line, cut with an ellipsis at `width`; `size` is the letters' height in points. Returns the line's height.
double draw_line(cairo_t* context, std::string_view text, double x, double y, double width, double size, bool bold,
                 PangoAlignment alignment = PANGO_ALIGN_LEFT);

}  // namespace muniment::printing
