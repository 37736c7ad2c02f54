// Pictures of every kind through the whole of it: client, program, child.
#include <gmock/gmock.h>
#include <leptonica/allheaders.h>
#include <webp/decode.h>

#include "core/error.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using core::ErrorCode;
using storage::TextSource;
using ::testing::HasSubstr;
using worker::owned;
using worker::PixPointer;

class PictureFormatsTest : public FormatsTest {};

TEST_F(PictureFormatsTest, PicturesOfEveryKindAreRead) {
  const PixPointer grey = picture_of(kWords);
  const PixPointer black = owned(pixThresholdToBinary(grey.get(), 128), "threshold");
  const std::pair<std::string, std::string> files[] = {
      {"image/png", encoded(grey.get(), IFF_PNG)},
      {"image/jpeg", encoded(grey.get(), IFF_JFIF_JPEG)},
      {"image/tiff", encoded(black.get(), IFF_TIFF_G4)},
      {"image/tiff", encoded(black.get(), IFF_TIFF_G3)},
      {"image/tiff", encoded(grey.get(), IFF_TIFF_LZW)},
      {"image/bmp", encoded(grey.get(), IFF_BMP)},
      {"image/gif", encoded(grey.get(), IFF_GIF)},
      {"image/jp2", encoded(grey.get(), IFF_JP2)},
      {"image/x-portable-anymap", encoded(grey.get(), IFF_PNM)},
      {"image/webp", worker::to_webp(grey.get())},
  };
  for (const auto& [type, bytes] : files) {
    SCOPED_TRACE(type);
    EXPECT_EQ(type_of(bytes), type);
    const auto pages = read(bytes);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_THAT(pages[0].text(), HasSubstr("Harbour"));
    EXPECT_EQ(pages[0].source, TextSource::ocr);
    EXPECT_EQ(pages[0].width, 1653);
  }
}

TEST_F(PictureFormatsTest, TheSamePictureInAnotherFileIsKnown) {
  const PixPointer grey = picture_of(kWords);
  const auto read_page = [](const std::string& bytes, const std::optional<storage::PageLayer>& known,
                            const ReadOptions& options = {}) {
    const File file(bytes);
    std::optional<FileReader::ReadPage> page;
    extractor_->read_pages(file.source, 1, 1, options,
                           {[&](FileReader::ReadPage read) { page = std::move(read); },
                            [&](const core::Sha256& /*picture*/) { return known; }});
    return page.value();
  };
  const auto png = read_page(encoded(grey.get(), IFF_PNG), {});
  ASSERT_TRUE(png.picture);
  EXPECT_EQ(read_page(encoded(grey.get(), IFF_TIFF_LZW), {}).picture, png.picture);
  EXPECT_NE(read_page(encoded(grey.get(), IFF_PNG), {}, {.barcodes = true}).picture, png.picture);
  storage::PageLayer known = png.layer;
  known.lines.resize(1);
  EXPECT_EQ(read_page(encoded(grey.get(), IFF_TIFF_LZW), known).layer, known);
}

// An EXIF segment that says only how the picture must be turned.
std::string with_exif_orientation(std::string jpeg, char orientation) {
  const std::string tiff =
      std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19) + orientation + std::string(6, '\0');
  const std::string body = std::string("Exif\0\0", 6) + tiff;
  jpeg.insert(2, std::string("\xFF\xE1\0", 3) + static_cast<char>(body.size() + 2) + body);
  return jpeg;
}

TEST_F(PictureFormatsTest, ExifOrientationIsRespected) {
  const PixPointer upright = picture_of(kWords);
  const PixPointer turned = owned(pixRotateOrth(upright.get(), 3), "turn");  // must be turned clockwise once
  const std::string jpeg = with_exif_orientation(encoded(turned.get(), IFF_JFIF_JPEG), 6);
  const auto pages = read(jpeg);
  EXPECT_THAT(pages.at(0).text(), HasSubstr("Harbour"));
  EXPECT_EQ(pages[0].width, 1653);
  EXPECT_EQ(pages[0].rotation, 0);
  const File file(jpeg);
  int width = 0, height = 0;
  const std::string webp = extractor_->render_page(file.source, 1, {.width = 400});
  ASSERT_TRUE(WebPGetInfo(reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size(), &width, &height));
  EXPECT_EQ(width, 400);
  EXPECT_LT(height, width);
  // The archive shows it upright too, and its text is where the words are.
  const auto again = read(archive_of(jpeg));
  EXPECT_EQ(again.at(0).source, TextSource::native);
  EXPECT_THAT(again[0].text(), HasSubstr("Harbour"));
  EXPECT_GT(again[0].width, again[0].height);
}

TEST_F(PictureFormatsTest, APictureThatAnnouncesTooManyPixelsIsRefusedBeforeDecoding) {
  const PixPointer small = owned(pixCreate(8, 8, 8), "make");
  std::string png = encoded(small.get(), IFF_PNG);
  for (const std::size_t at : {16U, 20U}) png.replace(at, 4, std::string("\0\x04\0\0", 4));  // 262144 a side
  const File file(png);
  try {
    read(file.source);
    FAIL() << "was read";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_file);
    EXPECT_THAT(error.message(), HasSubstr("too many pixels"));
  }
}

TEST_F(PictureFormatsTest, ArchivesOfPicturesStaySmallAndCanBeSearched) {
  const PixPointer grey = picture_of(kWords);
  const PixPointer black = owned(pixThresholdToBinary(grey.get(), 128), "threshold");
  const std::string files[] = {encoded(grey.get(), IFF_PNG),      encoded(grey.get(), IFF_JFIF_JPEG),
                               encoded(black.get(), IFF_TIFF_G4), encoded(black.get(), IFF_PNG),
                               encoded(grey.get(), IFF_JP2),      worker::to_webp(grey.get()),
                               encoded(grey.get(), IFF_TIFF_LZW)};
  for (const auto& file : files) {
    const std::string archive = archive_of(file);
    const auto page = read(archive).at(0);
    EXPECT_EQ(page.source, TextSource::native);
    EXPECT_THAT(page.text(), HasSubstr("Harbour and Sons"));
    if (!file.starts_with("RIFF")) {
      EXPECT_LT(archive.size(), file.size() * 12 / 10 + 6000);
    }
    // The picture in it is the one that was put in.
    EXPECT_THAT(read(archive, {.force_ocr = true}).at(0).text(), HasSubstr("Harbour and Sons"));
  }
}

// Half as many lines to the inch as columns.
TEST_F(PictureFormatsTest, AFaxIsAsHighAsItsPaper) {
  const PixPointer black = owned(pixThresholdToBinary(picture_of(kWords).get(), 128), "threshold");
  PixPointer fax = owned(pixScale(black.get(), 1, 0.5F), "scale");
  pixSetResolution(fax.get(), 204, 102);
  const std::string tiff = encoded(fax.get(), IFF_TIFF_G3);
  const auto page = read(tiff).at(0);
  EXPECT_THAT(page.text(), HasSubstr("Harbour"));
  EXPECT_EQ(page.width, pixGetWidth(black.get()));
  EXPECT_NEAR(page.height, pixGetHeight(black.get()), 2);
  EXPECT_EQ(page.units_per_inch, 204);
  const auto archived = read(archive_of(tiff)).at(0);
  EXPECT_THAT(archived.text(), HasSubstr("Harbour"));
  EXPECT_NEAR(double{1} * archived.height / archived.width, double{1} * page.height / page.width, 0.01);
}

// As earlier versions read it.
TEST_F(PictureFormatsTest, TheWordsOfAFaxThatWasReadTooLowLieWhereTheyStand) {
  const PixPointer black = owned(pixThresholdToBinary(picture_of(kWords).get(), 128), "threshold");
  PixPointer fax = owned(pixScale(black.get(), 1, 0.5F), "scale");
  pixSetResolution(fax.get(), 204, 102);
  const File file(encoded(fax.get(), IFF_TIFF_G3));
  const auto page = read(file.source).at(0);
  storage::PageLayer low = page;
  low.height /= 2;
  for (auto& line : low.lines) {
    for (auto& word : line.words) {
      word.box.top /= 2;
      word.box.height /= 2;
    }
  }
  const auto output = memory_file();
  extractor_->write_archive(
      file.source, [&](std::int32_t) { return std::optional(low); }, output);
  const auto archived = read(content(output)).at(0);
  const auto place = [](const storage::PageLayer& of) {
    return double{1} * of.lines.at(0).words.at(0).box.top / of.height;
  };
  EXPECT_NEAR(place(archived), place(page), 0.02);
}

TEST_F(PictureFormatsTest, ATiffOfManyPages) {
  std::string tiff;
  {
    const auto file = memory_file();
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    for (int i = 0; i < 3; ++i) {
      const PixPointer page = picture_of("page number " + std::to_string(i) + " of the file\n");
      const PixPointer black = owned(pixThresholdToBinary(page.get(), 128), "threshold");
      ASSERT_EQ(pixWriteTiff(path.c_str(), black.get(), IFF_TIFF_G4, i == 0 ? "w" : "a"), 0);
    }
    tiff = content(file);
  }
  const auto pages = read(tiff);
  ASSERT_EQ(pages.size(), 3U);
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(pages[static_cast<std::size_t>(i)].text(), HasSubstr("number " + std::to_string(i)));
  EXPECT_EQ(read(archive_of(tiff)).size(), 3U);
}

// An uncompressed TIFF of one strip, in this machine's byte order: CMYK, 16 bits a sample, which Leptonica does not
// read.
std::string cmyk_tiff(Pix* grey) {
  const auto width = static_cast<std::uint32_t>(pixGetWidth(grey));
  const auto height = static_cast<std::uint32_t>(pixGetHeight(grey));
  std::string tiff("II*\0\0\0\0\0", 8);
  const auto put = [&tiff](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) tiff += static_cast<char>(value >> (8 * i));
  };
  const auto bits_at = static_cast<std::uint32_t>(tiff.size());
  for (int i = 0; i < 4; ++i) put(16, 2);
  const auto data_at = static_cast<std::uint32_t>(tiff.size());
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      l_uint32 value = 0;
      pixGetPixel(grey, static_cast<l_int32>(x), static_cast<l_int32>(y), &value);
      for (int i = 0; i < 3; ++i) put(0, 2);
      put((255 - value) * 257, 2);
    }
  }
  const auto directory = static_cast<std::uint32_t>(tiff.size());
  struct Entry {
    std::uint32_t tag, type, count, value;
  };
  const Entry entries[] = {{256, 4, 1, width}, {257, 4, 1, height}, {258, 3, 4, bits_at},
                           {259, 3, 1, 1},     {262, 3, 1, 5},      {273, 4, 1, data_at},
                           {277, 3, 1, 4},     {278, 4, 1, height}, {279, 4, 1, directory - data_at}};
  put(std::size(entries), 2);
  for (const auto& entry : entries) {
    put(entry.tag, 2);
    put(entry.type, 2);
    put(entry.count, 4);
    put(entry.value, 4);
  }
  put(0, 4);
  for (int i = 0; i < 4; ++i) tiff[static_cast<std::size_t>(4 + i)] = static_cast<char>(directory >> (8 * i));
  return tiff;
}

TEST_F(PictureFormatsTest, ATiffThatLeptonicaDoesNotReadIsReadAnyway) {
  const PixPointer grey = picture_of(kWords);
  const std::string tiff = cmyk_tiff(grey.get());
  EXPECT_EQ(type_of(tiff), "image/tiff");
  EXPECT_THAT(read(tiff).at(0).text(), HasSubstr("Harbour and Sons"));
  EXPECT_THAT(read(archive_of(tiff)).at(0).text(), HasSubstr("Harbour and Sons"));
}

}  // namespace
}  // namespace muniment::ingest
