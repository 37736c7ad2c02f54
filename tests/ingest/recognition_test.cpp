#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <leptonica/allheaders.h>

#include "core/error.h"
#include "ingest/worker/pix.h"
#include "ingest/worker/recogniser.h"
#include "ingest/worker/recognition/language.h"
#include "ingest/worker/recognition/layout.h"
#include "ingest/worker/recognition/page_picture.h"
#include "ingest/worker/recognition/uncompressed_lines.h"

namespace muniment::ingest::worker {

namespace {

using storage::PageLayer;
using storage::TextSource;

constexpr const char* kEnglish =
    "The harbour office keeps a register of every ship that comes in,\n"
    "with the day of her arrival, the name of her master and the goods\n"
    "that she carries. The clerk writes it by hand and a copy goes to\n"
    "the town hall before the end of the month, where it is bound into\n"
    "a volume and placed on the shelf beside the volumes of the years\n"
    "before. Whoever wants to read it may ask for it at the desk below,\n"
    "but nobody is allowed to take a volume home, whatever the purpose.";

constexpr const char* kSwedish =
    "Hamnkontoret skriver upp alla fartyg som kommer till staden, och\n"
    "dagen och namnet och vilka varor som finns ombord. En avskrift\n"
    "skickas varje vecka till kommunen och den som vill veta mer kan\n"
    "fråga efter boken, men ingen får ta med den hem.";

// Text in Leptonica's own bitmap font, 12 points at 300 dpi.
PixPointer page_with(const std::string& text) {
  constexpr int kWidth = 1700;
  constexpr int kHeight = 1100;
  PixPointer page = owned(pixCreate(kWidth, kHeight, 8), "draw");
  pixSetAllArbitrary(page.get(), 255);
  if (text.empty()) return page;
  L_Bmf* font = bmfCreate(nullptr, 12);
  l_int32 overflow = 0;
  pixSetTextblock(page.get(), font, text.c_str(), 0, 120, 150, kWidth - 240, 0, &overflow);
  bmfDestroy(&font);
  return page;
}

PixPointer with_noise(PixPointer page, int pixels) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> x(0, pixGetWidth(page.get()) - 1);
  std::uniform_int_distribution<int> y(0, pixGetHeight(page.get()) - 1);
  for (int i = 0; i < pixels; ++i) pixSetPixel(page.get(), x(random), y(random), 0);
  return page;
}

std::size_t words_found(const PageLayer& layer, std::initializer_list<std::string_view> words) {
  std::size_t found = 0;
  for (const auto word : words) found += layer.text().find(word) != std::string::npos ? 1 : 0;
  return found;
}

std::size_t english_words(const PageLayer& layer) {
  return words_found(layer, {"harbour", "register", "arrival", "clerk", "copy", "volume", "nobody", "purpose"});
}

// The share of words whose box has ink in it and whose surroundings, a word's height away, are the page.
double share_on_ink(Pix* upright, const PageLayer& layer) {
  const PixPointer ink = owned(pixThresholdToBinary(upright, 128), "draw");
  int words = 0;
  int on_ink = 0;
  for (const auto& line : layer.lines) {
    for (const auto& word : line.words) {
      Box* box = boxCreate(word.box.left, word.box.top, word.box.width, word.box.height);
      const PixPointer part(pixClipRectangle(ink.get(), box, nullptr));
      boxDestroy(&box);
      int count = 0;
      if (part != nullptr) pixCountPixels(part.get(), &count, nullptr);
      ++words;
      if (count * 20 > word.box.width * word.box.height) ++on_ink;
    }
  }
  return words == 0 ? 0 : static_cast<double>(on_ink) / words;
}

class Recognition : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    recogniser_ = std::make_unique<Recogniser>("", std::vector<std::string>{"eng", "swe"});
  }
  static void TearDownTestSuite() { recogniser_.reset(); }
  // What is asked for before the page is recognised; nothing where nothing is.
  static std::optional<core::Sha256> asked_for(Pix* page, const RecogniseOptions& options = {}) {
    std::optional<core::Sha256> asked;
    const Recognised read = recogniser_->recognise(page, options, [&](const core::Sha256& picture) {
      asked = picture;
      return std::optional(PageLayer{});
    });
    EXPECT_EQ(read.known, asked.has_value());
    return asked;
  }
  static PageLayer read(Pix* page, const RecogniseOptions& options = {}) {
    return recogniser_->recognise(page, options).layer;
  }

 private:
  static inline std::unique_ptr<Recogniser> recogniser_;
};

TEST_F(Recognition, ReadsAPageInEachOfFourOrientations) {
  const PixPointer upright = page_with(kEnglish);
  for (const int needed : {0, 90, 180, 270}) {
    const PixPointer page = turned(upright.get(), (360 - needed) % 360);
    const PageLayer layer = read(page.get());
    EXPECT_EQ(layer.rotation, needed);
    EXPECT_EQ(layer.width, pixGetWidth(upright.get()));
    EXPECT_EQ(layer.height, pixGetHeight(upright.get()));
    EXPECT_GE(english_words(layer), 7U) << needed << ": " << layer.text();
    EXPECT_GE(share_on_ink(upright.get(), layer), 0.95) << needed;
    EXPECT_EQ(layer.source, TextSource::ocr);
  }
}

TEST_F(Recognition, ReadsLinesThatLeanAndPutsBoxesWhereTheyLie) {
  const PixPointer level = page_with(kEnglish);
  for (const double degrees : {-5.0, 3.0}) {
    const PixPointer page =
        owned(pixRotate(level.get(), static_cast<float>(degrees * std::numbers::pi / 180), L_ROTATE_AREA_MAP,
                        L_BRING_IN_WHITE, pixGetWidth(level.get()), pixGetHeight(level.get())),
              "draw");
    const PageLayer layer = read(page.get());
    EXPECT_EQ(layer.width, pixGetWidth(page.get()));
    EXPECT_GE(english_words(layer), 7U) << degrees << ": " << layer.text();
    EXPECT_GE(share_on_ink(page.get(), layer), 0.95) << degrees;
    for (const auto& line : layer.lines) {
      ASSERT_FALSE(line.words.empty());
      const auto& first = line.words.front().box;
      const auto& last = line.words.back().box;
      if (line.words.size() < 8) continue;
      const double slope = static_cast<double>(last.top + last.height / 2 - first.top - first.height / 2) /
                           (last.left + last.width / 2 - first.left - first.width / 2);
      EXPECT_NEAR(std::atan(slope) * 180 / std::numbers::pi, degrees, 0.7);
    }
  }
}

TEST_F(Recognition, ReadsLowResolution) {
  const PixPointer page = page_with(kEnglish);
  const PixPointer small = owned(pixScaleAreaMap(page.get(), 0.4F, 0.4F), "draw");
  const PageLayer layer = read(small.get());
  EXPECT_GE(english_words(layer), 7U) << layer.text();
  EXPECT_GE(share_on_ink(small.get(), layer), 0.9);
  EXPECT_EQ(layer.width, pixGetWidth(small.get()));
}

TEST_F(Recognition, ReadsOneBitAndColour) {
  const PixPointer grey = page_with(kEnglish);
  const PixPointer binary = owned(pixThresholdToBinary(grey.get(), 128), "draw");
  const PixPointer colour = owned(pixConvertTo32(grey.get()), "draw");
  const PageLayer two_tone = read(binary.get());  // squeezed
  EXPECT_GE(english_words(two_tone), 7U);
  EXPECT_GE(share_on_ink(grey.get(), two_tone), 0.95);
  EXPECT_GE(english_words(read(colour.get())), 7U);
}

TEST_F(Recognition, KnowsABlankPageWithNoise) {
  const PixPointer empty = with_noise(page_with(""), 2000);
  const PageLayer layer = read(empty.get(), {.resolution = 200, .language = ""});
  EXPECT_EQ(layer.source, TextSource::blank);
  EXPECT_TRUE(layer.lines.empty());
  EXPECT_EQ(layer.units_per_inch, 200);
  const PixPointer binary = owned(pixThresholdToBinary(empty.get(), 128), "draw");
  EXPECT_EQ(read(binary.get()).source, TextSource::blank);
}

TEST_F(Recognition, AShortLineIsNotBlank) {
  const PixPointer page = page_with("Receipt");
  const PageLayer layer = read(page.get());
  EXPECT_EQ(layer.source, TextSource::ocr);
  EXPECT_EQ(words_found(layer, {"Receipt"}), 1U) << layer.text();
}

// A page on paper that is not quite white, its print as dark as `ink`; mirrored and blurred as paper shows its other
// side.
PixPointer printed_in(int ink, bool from_behind) {
  constexpr int kPaper = 250;
  PixPointer page = page_with(kEnglish);
  if (from_behind) {
    pixFlipLR(page.get(), page.get());
    page = owned(pixBlockconv(page.get(), 1, 1), "draw");
  }
  l_uint32* line = pixGetData(page.get());
  for (int y = 0; y < pixGetHeight(page.get()); ++y, line += pixGetWpl(page.get())) {
    for (int x = 0; x < pixGetWidth(page.get()); ++x) {
      SET_DATA_BYTE(line, x, ink + GET_DATA_BYTE(line, x) * (kPaper - ink) / 255);
    }
  }
  return page;
}

TEST_F(Recognition, WhatShowsThroughFromTheOtherSideIsBlank) {
  for (const int ink : {240, 215, 200}) {
    EXPECT_TRUE(is_blank(printed_in(ink, true).get())) << ink;
    EXPECT_TRUE(is_blank(printed_in(ink, false).get())) << ink << ", sharp";
  }
}

TEST_F(Recognition, PaleWritingIsNotBlank) {
  for (const int ink : {185, 170, 120, 60}) EXPECT_FALSE(is_blank(printed_in(ink, false).get())) << ink;
  PixPointer pencil = page_with("");
  pixAddConstantGray(pencil.get(), -5);
  for (int y = 300; y < 340; y += 2) pixRenderLineArb(pencil.get(), 300, y, 420, 640 - y, 2, 170, 170, 170);
  EXPECT_FALSE(is_blank(pencil.get()));
}

TEST_F(Recognition, FindsTheLanguageUnlessToldIt) {
  const PixPointer english = page_with(kEnglish);
  EXPECT_EQ(read(english.get()).language, "eng");
  EXPECT_EQ(read(english.get(), {.resolution = 0, .language = "swe"}).language, "swe");
  EXPECT_EQ(read(english.get(), {.resolution = 0, .language = "lat"}).language, "eng");
}

// A line cut in half reads as noise, and noise tells no language. Wherever the lines lie, not only by chance.
TEST(Samples, AreOfWholeLines) {
  const PixPointer written = page_with(kEnglish);
  for (int lower = 0; lower < 60; lower += 5) {
    const PixPointer moved = owned(pixTranslate(nullptr, written.get(), 0, lower, L_BRING_IN_WHITE), "draw");
    const PagePicture page = legible(without_colour(moved.get()));
    const std::vector<PixPointer> samples = samples_of(page, 2);
    ASSERT_EQ(samples.size(), 2U);
    for (const PixPointer& sample : samples) {
      const PixPointer ink = owned(pixThresholdToBinary(sample.get(), 128), "draw");
      EXPECT_LT(pixGetHeight(ink.get()), pixGetHeight(page.pixels.get()) / 3);
      for (const int row : {0, pixGetHeight(ink.get()) - 1}) {
        int count = 0;
        pixCountPixelsInRow(ink.get(), row, &count, nullptr);
        EXPECT_EQ(count, 0) << "row " << row << ", " << lower << " pixels lower";
      }
    }
  }
}

TEST_F(Recognition, TheLanguageOfThePageBeforeIsOnlyExpected) {
  const PixPointer english = page_with(kEnglish);
  const PageLayer layer = read(english.get(), {.resolution = 0, .language = "", .expected = "swe"});
  EXPECT_EQ(layer.language, "eng");
  EXPECT_EQ(layer, read(english.get(), {.resolution = 0, .language = "eng"})) << "read again with the right model";
}

TEST_F(Recognition, EveryWordHasABoxOnThePageAndAConfidence) {
  const PixPointer page = page_with(kEnglish);
  const PageLayer layer = read(page.get());
  for (const auto& line : layer.lines) {
    for (const auto& word : line.words) {
      EXPECT_GE(word.box.left, 0);
      EXPECT_GE(word.box.top, 0);
      EXPECT_GT(word.box.width, 0);
      EXPECT_GT(word.box.height, 0);
      EXPECT_LE(word.box.left + word.box.width, layer.width);
      EXPECT_LE(word.box.top + word.box.height, layer.height);
      EXPECT_LE(word.confidence, 100);
      EXPECT_EQ(word.text.find(' '), std::string::npos);
    }
  }
  EXPECT_GT(layer.mean_confidence, 60);
}

TEST_F(Recognition, SmallAndDarkPicturesAreReadWithoutError) {
  for (const int side : {1, 3, 20, 100}) {
    const PixPointer tiny = owned(pixCreate(side, side, 8), "draw");  // black
    EXPECT_NO_THROW(read(tiny.get())) << side;
    const PixPointer binary = owned(pixCreate(side, side, 1), "draw");  // white
    EXPECT_NO_THROW(read(binary.get())) << side;
  }
}

TEST_F(Recognition, APictureIsKnownByItsPixelsAndTheWayItIsRead) {
  const PixPointer page = page_with(kSwedish);
  const auto hash = asked_for(page.get());
  ASSERT_TRUE(hash);
  const PixPointer copy(pixCopy(nullptr, page.get()));
  EXPECT_EQ(asked_for(copy.get()), hash);
  EXPECT_EQ(asked_for(copy.get(), {.expected = "swe"}), hash);
  EXPECT_NE(asked_for(copy.get(), {.language = "swe"}), hash);
  EXPECT_NE(asked_for(copy.get(), {.resolution = 300}), hash);
  EXPECT_NE(asked_for(copy.get(), {.circumstances = "with barcodes"}), hash);
  pixSetPixel(copy.get(), 0, 0, 254);
  EXPECT_NE(asked_for(copy.get()), hash);
  EXPECT_EQ(asked_for(page_with("").get()), std::nullopt) << "a blank page costs no question";
}

TEST(Languages, AreFoundAmongTheEnabledOnes) {
  const std::vector<std::string> both = {"eng", "swe"};
  EXPECT_EQ(language_of(kEnglish, both), "eng");
  EXPECT_EQ(language_of(kSwedish, both), "swe");
  EXPECT_EQ(language_of(kSwedish, std::vector<std::string>{"eng"}), std::nullopt);
  EXPECT_EQ(language_of("", both), std::nullopt);
  EXPECT_EQ(language_of("17 4,50 \xff 8-9", both), std::nullopt);
}

// What libtesseract calls is found in the program itself, before libgomp's.
TEST(Recognisers, StartsNoThreads) {
  Dl_info program{};
  ASSERT_NE(0, ::dladdr(kEnglish, &program));
  for (const char* name : {"GOMP_parallel", "GOMP_parallel_sections", "GOMP_sections_next", "GOMP_sections_end_nowait",
                           "omp_get_num_threads", "omp_get_thread_num"}) {
    Dl_info found{};
    ASSERT_NE(0, ::dladdr(::dlsym(RTLD_DEFAULT, name), &found)) << name;
    EXPECT_EQ(program.dli_fbase, found.dli_fbase) << name;
  }
}

// libtesseract's own call must come to our function: a page read with it gives no PNG.
TEST(Recognisers, KeepLinesAsTheyAre) {
  Dl_info program{};
  ASSERT_NE(0, ::dladdr(kEnglish, &program));
  Dl_info found{};
  ASSERT_NE(0, ::dladdr(::dlsym(RTLD_DEFAULT, "pixWriteMem"), &found));
  EXPECT_EQ(program.dli_fbase, found.dli_fbase);

  const PixPointer page = page_with(kEnglish);
  const auto format_now = [&] {
    l_uint8* data = nullptr;
    std::size_t size = 0;
    EXPECT_EQ(0, pixWriteMem(&data, &size, page.get(), IFF_PNG));
    l_int32 format = IFF_UNKNOWN;
    findFileFormatBuffer(data, &format);
    const PixPointer back(pixReadMem(data, size));
    lept_free(data);
    l_int32 same = 0;
    pixEqual(page.get(), back.get(), &same);
    EXPECT_EQ(1, same);
    return format;
  };
  EXPECT_EQ(IFF_PNG, format_now());
  {
    const UncompressedLines lines;
    EXPECT_EQ(IFF_SPIX, format_now());
  }
  EXPECT_EQ(IFF_PNG, format_now());
}

TEST(Recognisers, NameTheModelThatIsMissing) {
  try {
    const Recogniser recogniser("", {"eng", "xyz"});
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::unavailable);
    EXPECT_NE(error.message().find("xyz"), std::string::npos);
  }
}

}  // namespace

}  // namespace muniment::ingest::worker
