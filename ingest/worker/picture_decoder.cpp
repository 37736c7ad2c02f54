#include "ingest/worker/picture_decoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include <leptonica/allheaders.h>
#include <libheif/heif.h>

#include "core/error.h"
#include "ingest/worker/exif.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/picture_limits.h"
#include "ingest/worker/tiff_rgba.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;
using namespace std::string_view_literals;

constexpr std::int32_t kMaxPages = 100'000;

bool is_heic(std::string_view file) {
  constexpr std::array kBrands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "mif1"sv, "msf1"sv, "hevc"sv};
  return file.size() >= 12 && file.substr(4, 4) == "ftyp"sv &&
         std::ranges::find(kBrands, file.substr(8, 4)) != kBrands.end();
}

const l_uint8* data_of(std::string_view file) {
  return reinterpret_cast<const l_uint8*>(file.data());
}

// The EXIF orientation undone: quarter turns after a mirroring.
PixPointer oriented(PixPointer pix, int orientation) {
  constexpr std::array<std::pair<bool, int>, 9> kSteps = {
      {{false, 0}, {false, 0}, {true, 0}, {false, 2}, {true, 2}, {true, 3}, {false, 1}, {true, 1}, {false, 3}}};
  const auto [mirrored, quarters] = kSteps[static_cast<std::size_t>(orientation)];
  if (mirrored) pix = owned(pixFlipLR(nullptr, pix.get()), "turn the picture");
  return quarters == 0 ? std::move(pix) : turned(pix.get(), 90 * quarters);
}

// Frees what libheif handed out.
struct HeifDeleter {
  void operator()(heif_context* p) const { heif_context_free(p); }
  void operator()(heif_image_handle* p) const { heif_image_handle_release(p); }
  void operator()(heif_image* p) const { heif_image_release(p); }
};

void check(const heif_error& error) {
  if (error.code != heif_error_Ok) {
    throw Error(ErrorCode::bad_file, "the HEIC picture cannot be read").because(error.message);
  }
}

// A context and the file's main picture.
class HeicFile {
 public:
  explicit HeicFile(std::string_view file) : context_(heif_context_alloc()) {
    check(heif_context_read_from_memory_without_copy(context_.get(), file.data(), file.size(), nullptr));
    heif_image_handle* handle = nullptr;
    check(heif_context_get_primary_image_handle(context_.get(), &handle));
    handle_.reset(handle);
  }
  heif_image_handle* handle() const { return handle_.get(); }

 private:
  std::unique_ptr<heif_context, HeifDeleter> context_;
  std::unique_ptr<heif_image_handle, HeifDeleter> handle_;
};

}  // namespace

std::string_view picture_media_type(std::string_view file) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kMarks = {{
      {"\x89PNG\r\n\x1A\n"sv, "image/png"sv},
      {"\xFF\xD8\xFF"sv, "image/jpeg"sv},
      {"II*\0"sv, "image/tiff"sv},
      {"MM\0*"sv, "image/tiff"sv},
      {"II+\0"sv, "image/tiff"sv},
      {"MM\0+"sv, "image/tiff"sv},
      {"GIF87a"sv, "image/gif"sv},
      {"GIF89a"sv, "image/gif"sv},
      {"\0\0\0\x0CjP  \r\n\x87\n"sv, "image/jp2"sv},
      {"\xFF\x4F\xFF\x51"sv, "image/jp2"sv},
      {"RIFF"sv, "image/webp"sv},
      {"BM"sv, "image/bmp"sv},
  }};
  for (const auto& [mark, type] : kMarks) {
    if (!file.starts_with(mark)) continue;
    if (type == "image/webp"sv && file.substr(std::min<std::size_t>(8, file.size()), 4) != "WEBP"sv) continue;
    // "BM" begins many a text; in a bitmap the reserved bytes are zero and a known header size follows.
    if (type == "image/bmp"sv &&
        (file.size() < 30 || file.substr(6, 4) != "\0\0\0\0"sv || file.substr(15, 3) != "\0\0\0"sv))
      continue;
    return type;
  }
  const bool pnm = file.size() > 8 && file[0] == 'P' && file[1] >= '1' && file[1] <= '7' &&
                   (file[2] == '\n' || file[2] == ' ' || file[2] == '\r' || file[2] == '\t');
  if (pnm && (file[3] == '#' || (file[3] >= '0' && file[3] <= '9') || file[1] == '7')) return "image/x-portable-anymap";
  return is_heic(file) ? "image/heic"sv : ""sv;
}

std::int32_t PictureDecoder::page_count() const {
  if (media_type_ != "image/tiff"sv) return 1;
  std::unique_ptr<FILE, int (*)(FILE*)> stream(fopenReadFromMemory(data_of(file_), file_.size()), std::fclose);
  l_int32 count = 0;
  if (stream == nullptr || tiffGetCount(stream.get(), &count) != 0 || count < 1) return 1;
  return std::min(count, kMaxPages);
}

PictureDecoder::Facts PictureDecoder::facts(std::int32_t page) const {
  if (media_type_ == "image/heic"sv) {
    const HeicFile file(file_);
    return {heif_image_handle_get_width(file.handle()), heif_image_handle_get_height(file.handle()), 32};
  }
  l_int32 format = 0, width = 0, height = 0, bits = 0, samples = 0, colour_map = 0, resolution = 0;
  const bool known =
      media_type_ == "image/tiff"sv
          ? readHeaderMemTiff(data_of(file_), file_.size(), page - 1, &width, &height, &bits, &samples, &resolution,
                              &colour_map, &format) == 0
          : pixReadHeaderMem(data_of(file_), file_.size(), &format, &width, &height, &bits, &samples, &colour_map) == 0;
  if (known && width > 0 && height > 0) return {width, height, samples >= 3 ? 32 : std::max(1, bits)};
  if (media_type_ == "image/tiff"sv) {
    if (const auto size = tiff_size(file_, page)) return {size->first, size->second, 2 * 32};  // a copy is made of it
  }
  fz_image* opened = nullptr;
  BufferHandle buffer(context_);
  guarded(context_, "read the picture", [&] {
    *buffer.out() = fz_new_buffer_from_shared_data(context_, data_of(file_), file_.size());
    opened = fz_new_image_from_buffer(context_, buffer.get());
  });
  const ImageHandle image(context_, opened);
  return {opened->w, opened->h, 32};
}

PixPointer PictureDecoder::heic() const {
  const HeicFile file(file_);
  heif_image* decoded = nullptr;
  check(heif_decode_image(file.handle(), &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGB, nullptr));
  const std::unique_ptr<heif_image, HeifDeleter> image(decoded);
  int stride = 0;
  const std::uint8_t* samples = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(decoded, heif_channel_interleaved);
  const int height = heif_image_get_height(decoded, heif_channel_interleaved);
  if (samples == nullptr || !fits_in_memory(width, height, 32))
    throw Error(ErrorCode::bad_file, "the HEIC picture cannot be read");
  PixPointer pix = owned(pixCreate(width, height, 32), "hold the picture");
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = samples + static_cast<std::ptrdiff_t>(y) * stride;
    l_uint32* line = pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
    for (int x = 0; x < width; ++x, in += 3) {
      line[x] =
          static_cast<l_uint32>(in[0]) << 24 | static_cast<l_uint32>(in[1]) << 16 | static_cast<l_uint32>(in[2]) << 8;
    }
  }
  return pix;
}

PixPointer PictureDecoder::by_mupdf() const {
  BufferHandle buffer(context_);
  ImageHandle image(context_);
  PixmapHandle pixmap(context_);
  guarded(context_, "read the picture", [&] {
    *buffer.out() = fz_new_buffer_from_shared_data(context_, data_of(file_), file_.size());
    *image.out() = fz_new_image_from_buffer(context_, buffer.get());
    *pixmap.out() = fz_get_pixmap_from_image(context_, image.get(), nullptr, nullptr, nullptr, nullptr);
  });
  return to_pix(context_, pixmap.get());
}

PixPointer PictureDecoder::pixels(std::int32_t page, std::int32_t reduction) const {
  if (media_type_ == "image/heic"sv) return heic();
  PixPointer pix;
  if (media_type_ == "image/jpeg"sv) {
    constexpr int kNoColourMap = 0;
    l_int32 warnings = 0;
    pix.reset(pixReadMemJpeg(data_of(file_), file_.size(), kNoColourMap, reduction, &warnings,
                             L_JPEG_CONTINUE_WITH_BAD_DATA));
  } else if (media_type_ == "image/jp2"sv) {
    pix.reset(pixReadMemJp2k(data_of(file_), file_.size(), static_cast<l_uint32>(reduction), nullptr, 0, 0));
  } else if (media_type_ == "image/tiff"sv) {
    pix.reset(pixReadMemTiff(data_of(file_), file_.size(), page - 1));
    if (pix == nullptr) pix = tiff_pixels(file_, page);
  } else {
    pix.reset(pixReadMem(data_of(file_), file_.size()));
  }
  if (pix != nullptr) return pix;
  if (media_type_ == "image/tiff"sv)
    throw Error(ErrorCode::bad_file, "the TIFF picture is damaged or of an unusual kind");
  return by_mupdf();  // for example JPEG 2000 in other colour spaces
}

void PictureDecoder::require_room_for(const Facts& facts, std::int32_t reduction) {
  if (fits_in_memory(facts.width / reduction, facts.height / reduction, facts.bits_per_pixel)) return;
  throw Error(ErrorCode::bad_file, "the picture has too many pixels to be read")
      .because(std::to_string(facts.width) + " x " + std::to_string(facts.height));
}

// How much wider and higher a picture has to be for its pixels to be square. Standard faxes have 204 columns to the
// inch but 98 lines (ITU-T T.4): as they are stored, letters are half as high as they were written.
std::pair<double, double> PictureDecoder::stretch_of(Pix* pix) const {
  constexpr double kAsGoodAsSquare = 1.1;
  constexpr double kMost = 4;
  const double across = pixGetXRes(pix);
  const double down = pixGetYRes(pix);
  if (media_type_ != "image/tiff"sv || across <= 0 || down <= 0) return {1, 1};
  const double stretch = std::max(across, down) / std::min(across, down);
  if (stretch < kAsGoodAsSquare || stretch > kMost) return {1, 1};
  return across < down ? std::pair(stretch, 1.0) : std::pair(1.0, stretch);
}

DecodedPicture PictureDecoder::decode(std::int32_t page, std::int64_t max_pixels) const {
  Facts known = facts(page);
  const std::int64_t area = std::int64_t{known.width} * known.height;
  std::int32_t reduction = 1;
  if (media_type_ == "image/jpeg"sv || media_type_ == "image/jp2"sv) {
    while (reduction < 8 && area / (std::int64_t{reduction} * reduction) > max_pixels) reduction *= 2;
  }
  require_room_for(known, reduction);
  DecodedPicture result;
  result.pix = pixels(page, reduction);
  const auto [wider, higher] = stretch_of(result.pix.get());
  const int resolution = wider > 1 ? pixGetYRes(result.pix.get()) : pixGetXRes(result.pix.get());
  result.resolution = std::clamp(resolution * reduction, 0, 4800);
  if (wider > 1 || higher > 1) {
    known.width = static_cast<std::int32_t>(std::lround(known.width * wider));
    known.height = static_cast<std::int32_t>(std::lround(known.height * higher));
    require_room_for(known, reduction);
    result.pix =
        owned(pixScale(result.pix.get(), static_cast<float>(wider), static_cast<float>(higher)), "scale the picture");
  }
  result.pix = oriented(std::move(result.pix), exif_orientation(file_));
  result.width = known.width;
  result.height = known.height;
  // EXIF, or the TIFF decoder, may have turned it.
  const bool was_wide = known.width > known.height;
  if (known.width != known.height && was_wide != (pixGetWidth(result.pix.get()) > pixGetHeight(result.pix.get()))) {
    std::swap(result.width, result.height);
  }
  const std::int64_t decoded = std::int64_t{pixGetWidth(result.pix.get())} * pixGetHeight(result.pix.get());
  if (decoded > max_pixels) {
    const double factor = std::sqrt(static_cast<double>(max_pixels) / static_cast<double>(decoded));
    result.pix = scaled_to_width(result.pix.get(),
                                 std::max(1, static_cast<std::int32_t>(pixGetWidth(result.pix.get()) * factor)));
  }
  return result;
}

}  // namespace muniment::ingest::worker
