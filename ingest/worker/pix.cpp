#include "ingest/worker/pix.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <leptonica/allheaders.h>
#include <webp/encode.h>

#include "core/error.h"

namespace muniment::ingest::worker {

void PixDeleter::operator()(Pix* pix) const {
  pixDestroy(&pix);
}

PixPointer owned(Pix* pix, const char* doing) {
  if (pix == nullptr) {
    throw core::Error(core::ErrorCode::bad_file, std::string("could not ") + doing);
  }
  return PixPointer(pix);
}

PixPointer turned(Pix* pix, std::int32_t rotation) {
  if (rotation == 0) return PixPointer(pixClone(pix));
  return owned(pixRotateOrth(pix, rotation / 90), "turn the picture");
}

PixPointer scaled_to_width(Pix* pix, std::int32_t width) {
  const std::int32_t present = pixGetWidth(pix);
  if (present == width) return PixPointer(pixClone(pix));
  const float factor = static_cast<float>(width) / static_cast<float>(present);
  const std::int32_t height = std::max(1, static_cast<std::int32_t>(std::lround(pixGetHeight(pix) * factor)));
  PixPointer source(pixClone(pix));
  if (pixGetColormap(pix) != nullptr)
    source = owned(pixRemoveColormap(pix, REMOVE_CMAP_BASED_ON_SRC), "read the colours");
  const std::int32_t depth = pixGetDepth(source.get());
  if (depth == 1) {
    if (factor < 1.0F) return owned(pixScaleToGray(source.get(), factor), "scale the picture");
    source = owned(pixConvertTo8(source.get(), 0), "scale the picture");
  } else if (depth != 8 && depth != 32) {
    source = owned(pixConvertTo8(source.get(), 0), "scale the picture");
  }
  return owned(pixScaleToSize(source.get(), width, height), "scale the picture");
}

std::string to_webp(Pix* pix) {
  const PixPointer colour = owned(pixConvertTo32(pix), "encode the picture");
  const int width = pixGetWidth(colour.get());
  const int height = pixGetHeight(colour.get());
  WebPConfig config;
  WebPPicture picture;
  if (WebPConfigInit(&config) == 0 || WebPPictureInit(&picture) == 0) {
    throw core::Error(core::ErrorCode::internal, "libwebp is another version than it was built for");
  }
  config.quality = 75;
  config.method = 2;
  picture.width = width;
  picture.height = height;
  // Leptonica keeps a pixel as the number 0xRRGGBBAA.
  std::vector<std::uint8_t> row_bytes(static_cast<std::size_t>(width) * height * 3);
  std::uint8_t* out = row_bytes.data();
  for (int y = 0; y < height; ++y) {
    const l_uint32* row = pixGetData(colour.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(colour.get());
    for (int x = 0; x < width; ++x) {
      *out++ = static_cast<std::uint8_t>(row[x] >> 24);
      *out++ = static_cast<std::uint8_t>(row[x] >> 16);
      *out++ = static_cast<std::uint8_t>(row[x] >> 8);
    }
  }
  std::string bytes;
  picture.custom_ptr = &bytes;
  picture.writer = [](const std::uint8_t* data, std::size_t size, const WebPPicture* owner) {
    static_cast<std::string*>(owner->custom_ptr)->append(reinterpret_cast<const char*>(data), size);
    return 1;
  };
  const bool encoded =
      WebPPictureImportRGB(&picture, row_bytes.data(), width * 3) != 0 && WebPEncode(&config, &picture) != 0;
  WebPPictureFree(&picture);
  if (!encoded) throw core::Error(core::ErrorCode::bad_file, "could not encode the picture");
  return bytes;
}

}  // namespace muniment::ingest::worker
