// Picture files decoded to Leptonica's Pix, never more pixels than fit.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "ingest/worker/pix.h"

struct fz_context;

namespace muniment::ingest::worker {

// The media type of a picture format that is read, found from the first bytes; empty for anything else.
std::string_view picture_media_type(std::string_view file);

struct DecodedPicture {
  PixPointer pix;          // upright as the file says (EXIF), with square pixels, any depth, perhaps with a colour map
  std::int32_t width = 0;  // of the file's picture, upright; `pix` may have been scaled down from it
  std::int32_t height = 0;
  std::int32_t resolution = 0;  // dots per inch; 0 when the file does not tell
};

class PictureDecoder {
 public:
  PictureDecoder(std::string_view file, std::string_view media_type, fz_context* context)
      : file_(file), media_type_(media_type), context_(context) {}

  // More than one for TIFF only.
  std::int32_t page_count() const;
  // The picture with about `max_pixels` at most: JPEG and JPEG 2000 are decoded smaller, others scaled afterwards.
  // Error(bad_file) when it is damaged or too large to be decoded at all.
  DecodedPicture decode(std::int32_t page, std::int64_t max_pixels) const;

 private:
  struct Facts {
    std::int32_t width;
    std::int32_t height;
    std::int32_t bits_per_pixel;
  };
  Facts facts(std::int32_t page) const;
  // Throws Error(bad_file).
  static void require_room_for(const Facts& facts, std::int32_t reduction);
  std::pair<double, double> stretch_of(Pix* pix) const;
  PixPointer pixels(std::int32_t page, std::int32_t reduction) const;
  PixPointer heic() const;
  PixPointer by_mupdf() const;

  std::string_view file_;
  std::string_view media_type_;
  fz_context* context_;
};

}  // namespace muniment::ingest::worker
