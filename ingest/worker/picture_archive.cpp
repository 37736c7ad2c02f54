#include "ingest/worker/picture_archive.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include <leptonica/allheaders.h>

#include "core/error.h"
#include "ingest/worker/exif.h"
#include "ingest/worker/pdf_text_layer.h"
#include "ingest/worker/picture_limits.h"

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;

// A picture as PDF holds it.
struct Embedded {
  std::string dictionary;
  std::string data;
  std::int32_t width = 0;  // as stored
  std::int32_t height = 0;
  int orientation = 1;  // how it must be shown, as in EXIF
  std::int32_t resolution = 0;
};

std::string picture_dictionary(std::int32_t width, std::int32_t height, std::string_view rest) {
  return "<< /Type /XObject /Subtype /Image /Width " + std::to_string(width) + " /Height " + std::to_string(height) +
         " " + std::string(rest) + " >>";
}

struct ComponentDataDeleter {
  void operator()(L_COMP_DATA* data) const { l_CIDataDestroy(&data); }
};

// JPEG as it is, when it is one that PDF viewers read.
std::optional<Embedded> jpeg(std::string_view file) {
  l_int32 width = 0, height = 0, samples = 0, ycck = 0, cmyk = 0;
  if (readHeaderMemJpeg(reinterpret_cast<const l_uint8*>(file.data()), file.size(), &width, &height, &samples, &ycck,
                        &cmyk) != 0) {
    return std::nullopt;
  }
  const auto* colours = samples == 1 ? "/DeviceGray" : samples == 3 ? "/DeviceRGB" : "/DeviceCMYK";
  // Adobe's CMYK pictures are stored inverted.
  const auto* inverted = samples == 4 ? " /Decode [1 0 1 0 1 0 1 0]" : "";
  Embedded result;
  result.dictionary = picture_dictionary(
      width, height, std::string("/BitsPerComponent 8 /Filter /DCTDecode /ColorSpace ") + colours + inverted);
  result.data = file;
  result.width = width;
  result.height = height;
  result.orientation = exif_orientation(file);
  return result;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// PNG's compressed data as it is: PDF's Flate filter knows PNG's predictors. Not for interlaced or transparent ones.
std::optional<Embedded> png(std::string_view file) {
  constexpr std::size_t kSignature = 8;
  Embedded result;
  std::string palette;
  int bits = 0, colour_type = 0;
  for (std::size_t at = kSignature; at + 12 <= file.size();) {
    const std::size_t size = big_endian(file.substr(at));
    const auto name = file.substr(at + 4, 4);
    if (size > file.size() - at - 12) return std::nullopt;
    const auto data = file.substr(at + 8, size);
    if (name == "IHDR"sv && size == 13) {
      result.width = static_cast<std::int32_t>(big_endian(data));
      result.height = static_cast<std::int32_t>(big_endian(data.substr(4)));
      bits = data[8];
      colour_type = data[9];
      if (data[12] != 0) return std::nullopt;  // interlaced
    } else if (name == "PLTE"sv) {
      palette = data;
    } else if (name == "tRNS"sv) {
      return std::nullopt;
    } else if (name == "IDAT"sv) {
      result.data += data;
    }
    at += 12 + size;
  }
  constexpr int kGrey = 0, kColour = 2, kPalette = 3;
  if (result.width <= 0 || result.height <= 0 || result.data.empty()) return std::nullopt;
  std::string colours;
  if (colour_type == kGrey) colours = "/DeviceGray";
  if (colour_type == kColour) colours = "/DeviceRGB";
  if (colour_type == kPalette && palette.size() >= 3) {
    std::string hex;
    for (const unsigned char c : palette) {
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02X", c);
      hex += digits;
    }
    colours = "[/Indexed /DeviceRGB " + std::to_string(palette.size() / 3 - 1) + " <" + hex + ">]";
  }
  if (colours.empty()) return std::nullopt;
  const std::string parameters = "/DecodeParms << /Predictor 15 /Colors " +
                                 std::to_string(colour_type == kColour ? 3 : 1) + " /BitsPerComponent " +
                                 std::to_string(bits) + " /Columns " + std::to_string(result.width) + " >>";
  result.dictionary = picture_dictionary(
      result.width, result.height,
      "/BitsPerComponent " + std::to_string(bits) + " /ColorSpace " + colours + " /Filter /FlateDecode " + parameters);
  result.orientation = exif_orientation(file);
  return result;
}

std::optional<Embedded> jpeg2000(std::string_view file) {
  l_int32 width = 0, height = 0, bits = 0, samples = 0, codec = 0;
  if (readHeaderMemJp2k(reinterpret_cast<const l_uint8*>(file.data()), file.size(), &width, &height, &bits, &samples,
                        &codec) != 0 ||
      width <= 0 || height <= 0) {
    return std::nullopt;
  }
  Embedded result;
  result.dictionary = picture_dictionary(width, height, "/Filter /JPXDecode");
  result.data = file;
  result.width = width;
  result.height = height;
  return result;
}

// Leptonica's encoders that need no file allocate with malloc.
struct Freed {
  l_uint8* data = nullptr;
  std::size_t size = 0;
  ~Freed() { lept_free(data); }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(data), size}; }
};

core::Error cannot_compress() {
  return core::Error(core::ErrorCode::bad_file, "could not compress a picture");
}

// The one strip of a TIFF file just made.
Embedded ccitt_g4(Pix* pix) {
  constexpr std::uint16_t kPhotometric = 262, kStripOffset = 273, kStripSize = 279;
  Freed tiff;
  if (pixWriteMemTiff(&tiff.data, &tiff.size, pix, IFF_TIFF_G4) != 0) throw cannot_compress();
  const auto offset = tiff_number(tiff.bytes(), kStripOffset);
  const auto size = tiff_number(tiff.bytes(), kStripSize);
  if (!offset || !size || *offset > tiff.size) throw cannot_compress();
  const bool black_is_one = tiff_number(tiff.bytes(), kPhotometric) == 1U;
  Embedded result;
  result.width = pixGetWidth(pix);
  result.height = pixGetHeight(pix);
  result.data = tiff.bytes().substr(*offset, *size);
  result.dictionary = picture_dictionary(
      result.width, result.height,
      "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns " +
          std::to_string(result.width) + " /Rows " + std::to_string(result.height) +
          (black_is_one ? " /BlackIs1 true >>" : " >>"));
  return result;
}

Embedded flate(Pix* pix) {
  L_COMP_DATA* made = nullptr;
  if (pixGenerateCIData(pix, L_FLATE_ENCODE, 0, 0, &made) != 0 || made == nullptr) throw cannot_compress();
  const std::unique_ptr<L_COMP_DATA, ComponentDataDeleter> data(made);
  std::string rest = "/Filter /FlateDecode /BitsPerComponent " + std::to_string(data->bps) + " /ColorSpace ";
  if (data->ncolors > 0 && data->cmapdatahex != nullptr) {
    rest += "[/Indexed /DeviceRGB " + std::to_string(data->ncolors - 1) + " " + data->cmapdatahex + "]";
  } else {
    rest += data->spp == 1 ? "/DeviceGray" : "/DeviceRGB";
  }
  Embedded result;
  result.width = data->w;
  result.height = data->h;
  result.dictionary = picture_dictionary(data->w, data->h, rest);
  result.data.assign(reinterpret_cast<const char*>(data->datacomp), data->nbytescomp);
  return result;
}

// From pixels: 1 bit as CCITT G4, anything else as Flate, or as JPEG when it was lossy before and becomes smaller so.
Embedded from_pixels(Pix* pix, bool was_lossy) {
  PixPointer flat(pixClone(pix));
  if (pixGetDepth(pix) == 32 && pixGetSpp(pix) == 4)
    flat = owned(pixAlphaBlendUniform(pix, 0xFFFFFF00), "read the picture");
  if (pixGetDepth(pix) == 16) flat = owned(pixConvert16To8(pix, L_MS_BYTE), "read the picture");
  if (pixGetDepth(flat.get()) == 1 && pixGetColormap(flat.get()) == nullptr) return ccitt_g4(flat.get());
  Embedded lossless = flate(flat.get());
  if (!was_lossy || pixGetDepth(flat.get()) < 8) return lossless;
  constexpr int kQuality = 90;
  Freed bytes;
  if (pixWriteMemJpeg(&bytes.data, &bytes.size, flat.get(), kQuality, 0) != 0) throw cannot_compress();
  auto result = jpeg(bytes.bytes());
  return result && result->data.size() < lossless.data.size() ? std::move(*result) : std::move(lossless);
}

// Maps the unit square, in which PDF draws a picture, to a page of 1 x 1 so that the picture stands upright.
fz_matrix placement(int orientation) {
  constexpr std::array<fz_matrix, 9> kAll = {{{1, 0, 0, 1, 0, 0},
                                              {1, 0, 0, 1, 0, 0},
                                              {-1, 0, 0, 1, 1, 0},
                                              {-1, 0, 0, -1, 1, 1},
                                              {1, 0, 0, -1, 0, 1},
                                              {0, -1, -1, 0, 1, 1},
                                              {0, -1, 1, 0, 0, 1},
                                              {0, 1, 1, 0, 0, 0},
                                              {0, 1, -1, 0, 1, 0}}};
  return kAll[static_cast<std::size_t>(orientation)];
}

}  // namespace

void PictureArchive::add_page(std::int32_t number, const std::optional<storage::PageLayer>& layer) {
  std::optional<Embedded> picture;
  if (media_type_ == "image/jpeg"sv) picture = jpeg(file_);
  if (media_type_ == "image/png"sv) picture = png(file_);
  if (media_type_ == "image/jp2"sv) picture = jpeg2000(file_);
  if (!picture) {
    const DecodedPicture decoded = decoder_.decode(number, kMaxDecodedBytes);
    picture = from_pixels(decoded.pix.get(), media_type_ == "image/webp"sv || media_type_ == "image/heic"sv);
    picture->resolution = decoded.resolution;
  } else if (layer && layer->units_per_inch > 72) {
    picture->resolution = layer->units_per_inch;
  }
  const int object = pdf_.add(picture->dictionary, picture->data);
  // Unknown: as large as an A4 page is wide.
  constexpr double kA4Inches = 8.27;
  std::int32_t width = picture->width;
  std::int32_t height = picture->height;
  if (picture->orientation >= 5) std::swap(width, height);
  const double resolution =
      picture->resolution > 0 ? picture->resolution : std::max(72.0, std::min(width, height) / kA4Inches);
  // Turned so that the text stands upright, as the layer has it.
  const std::int32_t rotation = layer ? layer->rotation : 0;
  double page_width = width * 72 / resolution;
  double page_height = height * 72 / resolution;
  fz_matrix place = fz_concat(placement(picture->orientation),
                              fz_scale(static_cast<float>(page_width), static_cast<float>(page_height)));
  for (std::int32_t turn = 0; turn < rotation; turn += 90) {
    place = fz_concat(place, {0, -1, 1, 0, 0, static_cast<float>(page_width)});
    std::swap(page_width, page_height);
  }
  char drawing[200];
  std::snprintf(drawing, sizeof drawing, "q %.6g %.6g %.6g %.6g %.6g %.6g cm /Picture Do Q\n", double{place.a},
                double{place.b}, double{place.c}, double{place.d}, double{place.e}, double{place.f});
  std::string resources = "<< /XObject << /Picture " + std::to_string(object) + " 0 R >>";
  std::string content = drawing;
  if (layer && !layer->lines.empty()) {
    if (font_ == 0) {
      font_ = add_invisible_font(
          [this](const std::string& d, const std::optional<std::string>& s) { return pdf_.add(d, s); });
    }
    resources += " /Font << /" + std::string(kInvisibleFontName) + " " + std::to_string(font_) + " 0 R >>";
    const double points = 72.0 / std::max(1, layer->units_per_inch);
    // Earlier versions read faxes of few lines to the inch as low as they are stored.
    const auto across = static_cast<float>(page_width / std::max(1.0, layer->width * points));
    const auto down = static_cast<float>(page_height / std::max(1.0, layer->height * points));
    content = invisible_text(*layer, fz_scale(across, down)) + content;
  }
  pdf_.add_page(page_width, page_height, resources + " >>", content);
}

}  // namespace muniment::ingest::worker
