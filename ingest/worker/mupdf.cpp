#include "ingest/worker/mupdf.h"

#include <leptonica/allheaders.h>

#include "core/error.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::size_t kStoreBytes = 64 << 20;

// Libraries' warnings are kept with everything else on stderr, see complaints.h.
void print_line(void*, const char* text) {
  std::fprintf(stderr, "mupdf: %s\n", text);
}

}  // namespace

MupdfContext::MupdfContext() : context_(fz_new_context(nullptr, nullptr, kStoreBytes)) {
  if (context_ == nullptr) throw core::Error(core::ErrorCode::internal, "could not start MuPDF");
  fz_set_warning_callback(context_, print_line, nullptr);
  fz_set_error_callback(context_, print_line, nullptr);
  fz_register_document_handlers(context_);
}

MupdfContext::~MupdfContext() {
  fz_drop_context(context_);
}

void throw_mupdf_error(fz_context* context, const char* doing) {
  const std::string cause = fz_caught_message(context);
  std::string message = std::string("could not ") + doing;
  if (fz_caught(context) == FZ_ERROR_MEMORY) message += ": it needs more memory than is allowed";
  throw core::Error(core::ErrorCode::bad_file, std::move(message)).because(cause);
}

PixPointer to_pix(fz_context* context, fz_pixmap* pixmap) {
  PixmapHandle converted(context);
  if (fz_colorspace_is_gray(context, pixmap->colorspace) == 0 &&
      fz_colorspace_is_rgb(context, pixmap->colorspace) == 0) {
    guarded(context, "convert a picture's colours", [&] {
      *converted.out() =
          fz_convert_pixmap(context, pixmap, fz_device_rgb(context), nullptr, nullptr, fz_default_color_params, 0);
    });
    pixmap = converted.get();
  }
  const bool grey = fz_colorspace_is_gray(context, pixmap->colorspace) != 0;
  PixPointer pix = owned(pixCreateNoInit(pixmap->w, pixmap->h, grey ? 8 : 32), "hold a picture");
  const int words_per_line = pixGetWpl(pix.get());
  for (int y = 0; y < pixmap->h; ++y) {
    const unsigned char* in = pixmap->samples + y * pixmap->stride;
    l_uint32* line = pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * words_per_line;
    if (grey) {
      for (int x = 0; x < pixmap->w; ++x, in += pixmap->n) SET_DATA_BYTE(line, x, *in);
    } else {
      for (int x = 0; x < pixmap->w; ++x, in += pixmap->n) {
        line[x] =
            static_cast<l_uint32>(in[0]) << 24 | static_cast<l_uint32>(in[1]) << 16 | static_cast<l_uint32>(in[2]) << 8;
      }
    }
  }
  return pix;
}

}  // namespace muniment::ingest::worker
