// What is known of one page's text: its words, where they stand, and how sure the reader was.
// Made by muniment-extract, kept in the database, read by the indexer and the page view.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::storage {

enum class TextSource : std::uint8_t {
  none = 0,       // nothing could be read
  native = 1,     // the file's own text
  ocr = 2,        // recognised from the page's picture
  blank = 3,      // an empty page, recognised as such without OCR
  corrected = 4,  // a person's text
};

// In page units, origin at the top left of the upright page; right and bottom are left + width and top + height.
struct Box {
  std::int32_t left = 0;
  std::int32_t top = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  bool operator==(const Box&) const = default;
};

struct Word {
  Box box;
  std::uint8_t confidence = 100;  // 0 to 100; native text is 100
  std::string text;               // UTF-8 NFC, no white space
  bool operator==(const Word&) const = default;
};

struct Line {
  std::vector<Word> words;
  bool starts_paragraph = false;
  bool operator==(const Line&) const = default;
};

struct Barcode {
  std::string format;  // "Code39", "QRCode"
  std::string text;    // UTF-8
  bool operator==(const Barcode&) const = default;
};

struct PageLayer {
  // The size of the page as it is shown upright. A unit is 1/units_per_inch inch: 720 for PDF pages, the resolution for
  // pictures (72 where a picture does not tell).
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::int32_t units_per_inch = 720;
  // How far the stored page must be turned clockwise to be upright: 0, 90, 180 or 270. Boxes are in the turned page.
  std::int32_t rotation = 0;
  TextSource source = TextSource::none;
  std::uint8_t mean_confidence = 0;  // over the words' characters; 100 for native and corrected text, 0 without words
  std::string language;              // ISO 639-3 as Tesseract names it ("eng", "swe"); empty when not found out
  std::vector<Line> lines;           // in reading order
  std::vector<Barcode> barcodes;     // on the page, where they were looked for

  // The words in reading order: a space between words, a line break between lines, an empty line before a paragraph.
  std::string text() const;
  bool operator==(const PageLayer&) const = default;
};

// The stored form, described in docs/formats.md: a version byte, then zstd of a varint encoding. About 5 bytes a word.
std::string encode(const PageLayer& layer);
// Accepts whatever bytes arrive: throws core::Error(corrupt) unless they are a well-formed layer within the limits.
PageLayer decode_page_layer(std::string_view bytes);

// Takes words off the end until the rest is within these limits. Whether any had to go.
bool cut_to_limits(PageLayer& layer);

inline constexpr std::size_t kMaxWordsPerPage = 200'000;
inline constexpr std::size_t kMaxBarcodesPerPage = 64;
inline constexpr std::size_t kMaxBarcodeBytes = 8192;
inline constexpr std::size_t kMaxLayerBytes = 16 * 1024 * 1024;  // uncompressed

}  // namespace muniment::storage
