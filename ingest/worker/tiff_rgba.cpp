#include "ingest/worker/tiff_rgba.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include <leptonica/allheaders.h>
#include <tiffio.h>

namespace muniment::ingest::worker {

namespace {

struct TiffCloser {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffPointer = std::unique_ptr<TIFF, TiffCloser>;

// A file in memory, as libtiff reads it. Called from C.
struct Memory {
  std::string_view bytes;
  toff_t position = 0;
};

tmsize_t read_memory(thandle_t handle, void* out, tmsize_t size) {
  auto& memory = *static_cast<Memory*>(handle);
  const auto left = memory.bytes.substr(std::min<std::size_t>(memory.position, memory.bytes.size()));
  const std::size_t count = std::min(left.size(), static_cast<std::size_t>(size));
  std::memcpy(out, left.data(), count);
  memory.position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_to_write(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  if (whence == SEEK_SET) memory.position = offset;
  if (whence == SEEK_CUR) memory.position += offset;
  if (whence == SEEK_END) memory.position = memory.bytes.size() + offset;
  return memory.position;
}

int close_memory(thandle_t) {
  return 0;
}

toff_t size_of_memory(thandle_t handle) {
  return static_cast<Memory*>(handle)->bytes.size();
}

TiffPointer open_page(Memory& memory, std::int32_t page) {
  TiffPointer tiff(TIFFClientOpen("file", "rm", &memory, read_memory, refuse_to_write, seek_memory, close_memory,
                                  size_of_memory, nullptr, nullptr));
  if (tiff == nullptr || TIFFSetDirectory(tiff.get(), static_cast<tdir_t>(page - 1)) == 0) return nullptr;
  return tiff;
}

std::optional<std::pair<std::int32_t, std::int32_t>> size_of_page(TIFF* tiff) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  if (TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) == 0 || TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height) == 0)
    return {};
  constexpr std::uint32_t kMost = 1'000'000;
  if (width == 0 || height == 0 || width > kMost || height > kMost) return {};
  return std::pair(static_cast<std::int32_t>(width), static_cast<std::int32_t>(height));
}

l_uint32 pixel(unsigned red, unsigned green, unsigned blue) {
  return std::min(255U, red) << 24 | std::min(255U, green) << 16 | std::min(255U, blue) << 8;
}

l_uint32* line_of(Pix* pix, std::int32_t y) {
  return pixGetData(pix) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix);
}

// All that libtiff converts itself. False when it does not.
bool read_converted(TIFF* tiff, Pix* pix) {
  const int width = pixGetWidth(pix);
  const int height = pixGetHeight(pix);
  std::vector<std::uint32_t> samples(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  constexpr int kGoOnAfterErrors = 0;
  if (TIFFReadRGBAImageOriented(tiff, static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
                                samples.data(), ORIENTATION_TOPLEFT, kGoOnAfterErrors) == 0) {
    return false;
  }
  const std::uint32_t* in = samples.data();
  for (int y = 0; y < height; ++y) {
    l_uint32* line = line_of(pix, y);
    for (int x = 0; x < width; ++x, ++in) {
      // Already multiplied by its opacity: what is missing is white.
      const std::uint32_t missing = 255 - TIFFGetA(*in);
      line[x] = pixel(TIFFGetR(*in) + missing, TIFFGetG(*in) + missing, TIFFGetB(*in) + missing);
    }
  }
  return true;
}

// CMYK of 8 or 16 bits with more samples than four or more bits than libtiff converts. False when it is something else.
bool read_cmyk(TIFF* tiff, Pix* pix) {
  std::uint16_t kind = 0, planes = 0, bits = 0, samples = 0;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PHOTOMETRIC, &kind);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  const bool known =
      kind == PHOTOMETRIC_SEPARATED && planes == PLANARCONFIG_CONTIG && (bits == 8 || bits == 16) && samples >= 4;
  if (!known || TIFFIsTiled(tiff) != 0) return false;
  const auto width = static_cast<std::size_t>(pixGetWidth(pix));
  std::vector<std::uint8_t> row(static_cast<std::size_t>(TIFFScanlineSize(tiff)));
  const std::size_t bytes = bits / 8;
  if (row.size() < width * samples * bytes) return false;
  for (int y = 0; y < pixGetHeight(pix); ++y) {
    if (TIFFReadScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0) < 0) return false;
    l_uint32* line = line_of(pix, y);
    for (std::size_t x = 0; x < width; ++x) {
      // In this machine's byte order: the upper byte stands last.
      const auto light = [&](std::size_t sample) { return 255U - row[(x * samples + sample) * bytes + bytes - 1]; };
      line[x] = pixel(light(0) * light(3) / 255, light(1) * light(3) / 255, light(2) * light(3) / 255);
    }
  }
  return true;
}

}  // namespace

std::optional<std::pair<std::int32_t, std::int32_t>> tiff_size(std::string_view file, std::int32_t page) {
  Memory memory{file};
  const TiffPointer tiff = open_page(memory, page);
  if (tiff == nullptr) return {};
  return size_of_page(tiff.get());
}

PixPointer tiff_pixels(std::string_view file, std::int32_t page) {
  Memory memory{file};
  const TiffPointer tiff = open_page(memory, page);
  const auto size = tiff == nullptr ? std::nullopt : size_of_page(tiff.get());
  if (!size) return nullptr;
  const auto [width, height] = *size;
  PixPointer pix = owned(pixCreate(width, height, 32), "hold the picture");
  if (!read_converted(tiff.get(), pix.get()) && !read_cmyk(tiff.get(), pix.get())) return nullptr;
  float resolution = 0;
  std::uint16_t unit = RESUNIT_INCH;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_RESOLUTIONUNIT, &unit);
  if (TIFFGetField(tiff.get(), TIFFTAG_XRESOLUTION, &resolution) != 0 && resolution > 0 && resolution < 10'000) {
    const float per_inch = unit == RESUNIT_CENTIMETER ? resolution * 2.54F : resolution;
    pixSetResolution(pix.get(), static_cast<l_int32>(per_inch), static_cast<l_int32>(per_inch));
  }
  return pix;
}

}  // namespace muniment::ingest::worker
