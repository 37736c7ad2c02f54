#include "scanners/internal/scan_pdf.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::uint64_t kLargestPicture = 1ULL << 30;
constexpr double kPointsPerInch = 72;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// How many components a JPEG's frame has: 1 or 3.
int components_of(std::string_view jpeg) {
  for (std::size_t at = 2; at + 10 < jpeg.size() && static_cast<unsigned char>(jpeg[at]) == 0xFF;) {
    const auto marker = static_cast<unsigned char>(jpeg[at + 1]);
    if (marker >= 0xC0 && marker <= 0xC2) return jpeg[at + 9];
    at += 2 + (static_cast<unsigned char>(jpeg[at + 2]) << 8 | static_cast<unsigned char>(jpeg[at + 3]));
  }
  throw Error(ErrorCode::corrupt, "a scanned page is not the picture that it was");
}

// The compressed rows of a PNG: what its IDAT chunks hold together.
std::string rows_of(std::string_view png) {
  std::string rows;
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::size_t length = big_endian(png.substr(at));
    if (length > png.size() - at - 12) break;
    if (png.substr(at + 4, 4) == "IDAT") rows += png.substr(at + 8, length);
    at += 12 + length;
  }
  if (rows.empty()) throw Error(ErrorCode::corrupt, "a scanned page is not the picture that it was");
  return rows;
}

std::string points(int pixels, int resolution) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", pixels * kPointsPerInch / resolution);
  return text.data();
}

class Writer {
 public:
  explicit Writer(core::TempFile& output) : output_(output) { write("%PDF-1.5\n%\xE2\xE3\xCF\xD3\n"); }

  int reserve() {
    offsets_.push_back(0);
    return static_cast<int>(offsets_.size());
  }
  void object(int number, const std::string& dictionary, const std::string* stream = nullptr) {
    offsets_[static_cast<std::size_t>(number - 1)] = output_.size();
    write(std::to_string(number) + " 0 obj\n");
    if (stream == nullptr) {
      write("<<" + dictionary + ">>\nendobj\n");
      return;
    }
    write("<<" + dictionary + "/Length " + std::to_string(stream->size()) + ">>\nstream\n");
    write(*stream);
    write("\nendstream\nendobj\n");
  }
  void finish(int root) {
    const std::uint64_t table = output_.size();
    write("xref\n0 " + std::to_string(offsets_.size() + 1) + "\n0000000000 65535 f \n");
    for (const std::uint64_t offset : offsets_) {
      std::array<char, 24> line{};
      std::snprintf(line.data(), line.size(), "%010llu 00000 n \n", static_cast<unsigned long long>(offset));
      write(line.data());
    }
    write("trailer\n<</Size " + std::to_string(offsets_.size() + 1) + "/Root " + std::to_string(root) +
          " 0 R>>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n");
  }

 private:
  void write(std::string_view bytes) { output_.append(std::as_bytes(std::span(bytes))); }
  core::TempFile& output_;
  std::vector<std::uint64_t> offsets_;
};

// The number of the page's object.
int write_page(Writer& pdf, const PdfPicture& page, int tree) {
  std::string data = core::read_file(page.file, kLargestPicture);
  std::string picture =
      "/Type/XObject/Subtype/Image/Width " + std::to_string(page.width) + "/Height " + std::to_string(page.height);
  if (page.file.extension() == ".png") {
    data = rows_of(data);
    picture +=
        "/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1"
        "/BitsPerComponent 1/Columns " +
        std::to_string(page.width) + ">>";
  } else {
    picture += std::string(components_of(data) == 3 ? "/ColorSpace/DeviceRGB" : "/ColorSpace/DeviceGray") +
               "/BitsPerComponent 8/Filter/DCTDecode";
  }
  const int image = pdf.reserve(), content = pdf.reserve(), number = pdf.reserve();
  pdf.object(image, picture, &data);
  const std::string width = points(page.width, page.resolution), height = points(page.height, page.resolution);
  const std::string drawing = "q " + width + " 0 0 " + height + " 0 0 cm /P Do Q";
  pdf.object(content, "", &drawing);
  pdf.object(number, "/Type/Page/Parent " + std::to_string(tree) + " 0 R/MediaBox[0 0 " + width + " " + height +
                         "]/Rotate " + std::to_string(page.turn) + "/Resources<</XObject<</P " + std::to_string(image) +
                         " 0 R>>>>/Contents " + std::to_string(content) + " 0 R");
  return number;
}

}  // namespace

void write_pdf(std::span<const PdfPicture> pages, core::TempFile& output) {
  Writer pdf(output);
  const int tree = pdf.reserve();
  std::string kids;
  for (const PdfPicture& page : pages) kids += std::to_string(write_page(pdf, page, tree)) + " 0 R ";
  pdf.object(tree, "/Type/Pages/Count " + std::to_string(pages.size()) + "/Kids[" + kids + "]");
  const int root = pdf.reserve();
  pdf.object(root, "/Type/Catalog/Pages " + std::to_string(tree) + " 0 R");
  pdf.finish(root);
}

}  // namespace muniment::scanners
