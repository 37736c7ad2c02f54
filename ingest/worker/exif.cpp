#include "ingest/worker/exif.h"

#include <cstdint>
#include <optional>

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;

// Numbers in a byte string of either byte order; nothing beyond its end.
class Numbers {
 public:
  Numbers(std::string_view bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<std::uint32_t> at(std::size_t offset, int size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < static_cast<std::size_t>(size)) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) {
      const auto byte =
          static_cast<unsigned char>(bytes_[offset + static_cast<std::size_t>(big_endian_ ? i : size - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

int orientation_in_tiff(std::string_view tiff) {
  constexpr std::uint16_t kOrientation = 0x0112;
  const auto value = tiff_number(tiff, kOrientation).value_or(1);
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

int orientation_in_jpeg(std::string_view file) {
  const Numbers numbers(file, true);
  for (std::size_t at = 2;;) {
    const auto marker = numbers.at(at, 2);
    const auto size = numbers.at(at + 2, 2);
    constexpr std::uint32_t kApp1 = 0xFFE1, kStartOfScan = 0xFFDA;
    if (!marker || !size || *size < 2 || (*marker >> 8) != 0xFF || *marker == kStartOfScan) return 1;
    const auto segment = file.substr(at + 4, *size - 2);
    if (*marker == kApp1 && segment.starts_with("Exif\0\0"sv)) return orientation_in_tiff(segment.substr(6));
    at += 2 + *size;
  }
}

// PNG and WebP are both lists of named chunks.
int orientation_in_chunks(std::string_view file, std::size_t first, bool is_png) {
  const Numbers numbers(file, is_png);
  for (std::size_t at = first; at + 8 <= file.size();) {
    const auto size = numbers.at(is_png ? at : at + 4, 4);
    const auto name = file.substr(is_png ? at + 4 : at, 4);
    auto data = file.substr(at + 8, size.value_or(0));
    if (name == (is_png ? "eXIf"sv : "EXIF"sv)) {
      if (data.starts_with("Exif\0\0"sv)) data.remove_prefix(6);
      return orientation_in_tiff(data);
    }
    at += 8 + std::size_t{*size} + (is_png ? 4 : *size % 2);
  }
  return 1;
}

}  // namespace

std::optional<std::uint32_t> tiff_number(std::string_view tiff, std::uint16_t wanted) {
  const bool big_endian = tiff.starts_with("MM"sv);
  if (!big_endian && !tiff.starts_with("II"sv)) return std::nullopt;
  const Numbers numbers(tiff, big_endian);
  const auto directory = numbers.at(4, 4);
  const auto count = directory ? numbers.at(*directory, 2) : std::nullopt;
  for (std::uint32_t i = 0; i < count.value_or(0); ++i) {
    const std::size_t entry = std::size_t{*directory} + 2 + 12 * i;
    const auto tag = numbers.at(entry, 2);
    if (!tag) return std::nullopt;
    if (*tag != wanted) continue;
    constexpr std::uint32_t kShort = 3, kLong = 4;
    const auto type = numbers.at(entry + 2, 2).value_or(0);
    if (numbers.at(entry + 4, 4) != 1U || (type != kShort && type != kLong)) return std::nullopt;
    return numbers.at(entry + 8, type == kShort ? 2 : 4);
  }
  return std::nullopt;
}

int exif_orientation(std::string_view file) {
  if (file.starts_with("\xFF\xD8"sv)) return orientation_in_jpeg(file);
  if (file.starts_with("\x89PNG\r\n\x1A\n"sv)) return orientation_in_chunks(file, 8, true);
  if (file.starts_with("RIFF"sv) && file.size() >= 12 && file.substr(8, 4) == "WEBP"sv)
    return orientation_in_chunks(file, 12, false);
  return 1;
}

}  // namespace muniment::ingest::worker
