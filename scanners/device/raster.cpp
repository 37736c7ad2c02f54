#include "scanners/device/raster.h"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>
#include <zlib.h>

#include "core/error.h"

namespace muniment::scanners::device {

using core::Error;
using core::ErrorCode;

namespace {

struct JpegError {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  char text[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* error = reinterpret_cast<JpegError*>(info->err);
  (*info->err->format_message)(info, error->text);
  std::longjmp(error->back, 1);
}

// False, with `error.text`, when it cannot be done. Nothing in here has a destructor: libjpeg's errors jump.
bool compress(const Raster& picture, int resolution, int quality, JpegError& error, unsigned char** bytes,
              unsigned long* size) {
  jpeg_compress_struct info;
  info.err = jpeg_std_error(&error.manager);
  error.manager.error_exit = leave;
  if (setjmp(error.back) != 0) {
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, bytes, size);
  info.image_width = static_cast<JDIMENSION>(picture.width);
  info.image_height = static_cast<JDIMENSION>(picture.height);
  info.input_components = picture.channels;
  info.in_color_space = picture.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.density_unit = 1;
  info.X_density = info.Y_density = static_cast<UINT16>(resolution);
  jpeg_start_compress(&info, TRUE);
  const std::size_t stride = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.channels);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPROW>(picture.pixels.data() + info.next_scanline * stride);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

std::string big_endian(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

std::string png_chunk(const std::string& type, const std::string& body) {
  const std::string checked = type + body;
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<std::uint32_t>(body.size())) + checked + big_endian(static_cast<std::uint32_t>(sum));
}

}  // namespace

Raster reduced(const Raster& picture, int factor) {
  factor = std::clamp(factor, 1, std::max(1, std::min(picture.width, picture.height)));
  Raster small{picture.width / factor, picture.height / factor, picture.channels, false, {}};
  const auto channels = static_cast<std::size_t>(picture.channels);
  const std::size_t row = static_cast<std::size_t>(small.width) * channels;
  small.pixels.resize(row * static_cast<std::size_t>(small.height));
  std::vector<std::uint32_t> sums(row);
  const auto area = static_cast<std::uint32_t>(factor * factor);
  for (int y = 0; y < small.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int dy = 0; dy < factor; ++dy) {
      const std::uint8_t* from = picture.pixels.data() + static_cast<std::size_t>(y * factor + dy) *
                                                             static_cast<std::size_t>(picture.width) * channels;
      for (std::size_t x = 0; x < static_cast<std::size_t>(small.width); ++x) {
        for (int dx = 0; dx < factor; ++dx) {
          for (std::size_t c = 0; c < channels; ++c) sums[x * channels + c] += *from++;
        }
      }
    }
    std::uint8_t* to = small.pixels.data() + static_cast<std::size_t>(y) * row;
    for (std::size_t i = 0; i < row; ++i) to[i] = static_cast<std::uint8_t>(sums[i] / area);
  }
  return small;
}

Raster black_and_white(const Raster& picture) {
  Raster drawn{picture.width, picture.height, 1, true, {}};
  const auto channels = static_cast<std::size_t>(picture.channels);
  drawn.pixels.resize(picture.pixels.size() / channels);
  for (std::size_t i = 0; i < drawn.pixels.size(); ++i) {
    unsigned sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += picture.pixels[i * channels + c];
    drawn.pixels[i] = sum < 128 * channels ? 0 : 255;
  }
  return drawn;
}

bool is_blank(const Raster& picture, int resolution) {
  constexpr int kCoarse = 75;  // dots per inch at which strokes are still dark and dust is not
  constexpr int kMargin = kCoarse / 4;
  constexpr int kDarker = 64;  // than the paper; what shows through is paler
  constexpr int kSpecks = 20;  // pixels
  const Raster coarse = reduced(picture, std::max(1, resolution / kCoarse));
  const auto channels = static_cast<std::size_t>(coarse.channels);
  const auto level = [&](int x, int y) {
    const std::size_t at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(coarse.width) + static_cast<std::size_t>(x)) * channels;
    int sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += coarse.pixels[at + c];
    return sum / static_cast<int>(channels);
  };
  std::array<int, 256> counts{};
  int all = 0;
  for (int y = kMargin; y < coarse.height - kMargin; ++y) {
    for (int x = kMargin; x < coarse.width - kMargin; ++x, ++all) ++counts[static_cast<std::size_t>(level(x, y))];
  }
  // The paper is what a quarter of the page is at least as bright as: there are pictures on it.
  int paper = 255;
  for (int seen = 0; paper > 0 && (seen += counts[static_cast<std::size_t>(paper)]) < all / 4;) --paper;
  int dark = 0;
  for (int value = 0; value < paper - kDarker; ++value) dark += counts[static_cast<std::size_t>(value)];
  // Dark paper is something that somebody scanned.
  return paper > kDarker && dark <= kSpecks;
}

std::string jpeg_of(const Raster& picture, int resolution, int quality) {
  JpegError error{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const bool well = compress(picture, resolution, quality, error, &bytes, &size);
  std::string file;
  if (well) file.assign(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  if (!well) throw Error(ErrorCode::too_large, "the page cannot be kept as a picture").because(error.text);
  return file;
}

std::string png_of(const Raster& picture, int resolution) {
  const std::size_t stride = (static_cast<std::size_t>(picture.width) + 7) / 8;
  std::string rows((stride + 1) * static_cast<std::size_t>(picture.height), '\0');
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* from =
        picture.pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width);
    // Each row begins with its filter: none.
    char* to = rows.data() + static_cast<std::size_t>(y) * (stride + 1) + 1;
    for (int x = 0; x < picture.width; ++x) {
      if (from[x] != 0) to[x / 8] = static_cast<char>(to[x / 8] | (0x80 >> (x % 8)));
    }
  }
  uLongf size = ::compressBound(rows.size());
  std::string data(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(data.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
                  rows.size(), 6) != Z_OK) {
    throw Error(ErrorCode::internal, "a page could not be compressed");
  }
  data.resize(size);
  const auto per_metre = static_cast<std::uint32_t>(resolution / 0.0254 + 0.5);
  std::string header =
      big_endian(static_cast<std::uint32_t>(picture.width)) + big_endian(static_cast<std::uint32_t>(picture.height));
  header += std::string("\1\0\0\0\0", 5);  // one bit of grey
  return std::string("\x89PNG\r\n\x1a\n", 8) + png_chunk("IHDR", header) +
         png_chunk("pHYs", big_endian(per_metre) + big_endian(per_metre) + '\1') + png_chunk("IDAT", data) +
         png_chunk("IEND", "");
}

}  // namespace muniment::scanners::device
