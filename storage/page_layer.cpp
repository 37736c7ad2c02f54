#include "storage/page_layer.h"

#include <limits>

#include <zstd.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::storage {

namespace {

constexpr char kVersion = 1;
constexpr int kCompressionLevel = 3;
constexpr std::size_t kMaxWordBytes = 4096;

[[noreturn]] void malformed(const char* what) {
  throw core::Error(core::ErrorCode::corrupt, "a page layer is damaged; read the document again").because(what);
}

class Writer {
 public:
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }
  // Zigzag: small magnitudes of either sign stay short.
  void difference(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) malformed("ends within a number");
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    malformed("number too long");
  }
  std::uint64_t number_up_to(std::uint64_t most) {
    const std::uint64_t value = number();
    if (value > most) malformed("number out of range");
    return value;
  }
  std::int32_t size() { return static_cast<std::int32_t>(number_up_to(std::numeric_limits<std::int32_t>::max())); }
  std::int32_t difference_from(std::int32_t base) {
    const std::uint64_t zigzag = number_up_to(std::uint64_t{1} << 33);
    const std::int64_t value = base + (static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1));
    if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) {
      malformed("coordinate out of range");
    }
    return static_cast<std::int32_t>(value);
  }
  std::string text(std::size_t most) {
    const auto size = static_cast<std::size_t>(number_up_to(most));
    if (size > bytes_.size()) malformed("ends within a text");
    std::string value(bytes_.substr(0, size));
    if (!core::is_utf8(value)) malformed("text is not UTF-8");
    bytes_.remove_prefix(size);
    return value;
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

std::string decompressed(std::string_view bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxLayerBytes) {
    malformed("no plausible size");
  }
  std::string plain(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) || got != plain.size()) malformed("does not decompress");
  return plain;
}

}  // namespace

std::string PageLayer::text() const {
  std::string all;
  for (const Line& line : lines) {
    if (!all.empty()) all += line.starts_paragraph ? "\n\n" : "\n";
    bool first = true;
    for (const Word& word : line.words) {
      if (!first) all += ' ';
      first = false;
      all += word.text;
    }
  }
  return all;
}

std::string encode(const PageLayer& layer) {
  Writer writer;
  writer.number(static_cast<std::uint64_t>(layer.width));
  writer.number(static_cast<std::uint64_t>(layer.height));
  writer.number(static_cast<std::uint64_t>(layer.units_per_inch));
  writer.number(static_cast<std::uint64_t>(layer.rotation));
  writer.number(static_cast<std::uint64_t>(layer.source));
  writer.number(layer.mean_confidence);
  writer.text(layer.language);
  writer.number(layer.lines.size());
  for (const Line& line : layer.lines) {
    writer.number(line.words.size() * 2 + (line.starts_paragraph ? 1 : 0));
    // Within a line a word mostly stands a little to the right of the one before, at the same height.
    Box last;
    for (const Word& word : line.words) {
      writer.difference(std::int64_t{word.box.left} - last.left);
      writer.difference(std::int64_t{word.box.top} - last.top);
      writer.number(static_cast<std::uint64_t>(word.box.width));
      writer.difference(std::int64_t{word.box.height} - last.height);
      writer.number(word.confidence);
      writer.text(word.text);
      last = word.box;
    }
  }
  // Layers of before barcodes were read end here, and so do those without any.
  if (!layer.barcodes.empty()) writer.number(layer.barcodes.size());
  for (const Barcode& barcode : layer.barcodes) {
    writer.text(barcode.format);
    writer.text(barcode.text);
  }
  const std::string& plain = writer.bytes();
  std::string out(ZSTD_compressBound(plain.size()) + 1, kVersion);
  const std::size_t size = ZSTD_compress(out.data() + 1, out.size() - 1, plain.data(), plain.size(), kCompressionLevel);
  if (ZSTD_isError(size)) {
    throw core::Error(core::ErrorCode::internal, "a page layer could not be compressed")
        .because(ZSTD_getErrorName(size));
  }
  out.resize(size + 1);
  return out;
}

bool cut_to_limits(PageLayer& layer) {
  constexpr std::size_t kMostOfNumber = 10;
  constexpr std::size_t kMostOfWord = 6 * kMostOfNumber;  // beside its text
  std::size_t words = 0;
  std::size_t bytes = 1024 + kMaxBarcodesPerPage * (kMaxBarcodeBytes + 64);
  for (auto line = layer.lines.begin(); line != layer.lines.end(); ++line) {
    bytes += kMostOfNumber;
    for (auto word = line->words.begin(); word != line->words.end(); ++word) {
      bytes += kMostOfWord + word->text.size();
      if (++words <= kMaxWordsPerPage && bytes <= kMaxLayerBytes) continue;
      line->words.erase(word, line->words.end());
      layer.lines.erase(line->words.empty() ? line : line + 1, layer.lines.end());
      return true;
    }
  }
  return false;
}

PageLayer decode_page_layer(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion) malformed("unknown version");
  const std::string plain = decompressed(bytes.substr(1));
  Reader reader(plain);
  PageLayer layer;
  layer.width = reader.size();
  layer.height = reader.size();
  layer.units_per_inch = reader.size();
  layer.rotation = static_cast<std::int32_t>(reader.number_up_to(270));
  if (layer.rotation % 90 != 0) malformed("rotation is not a quarter turn");
  layer.source = static_cast<TextSource>(reader.number_up_to(static_cast<std::uint64_t>(TextSource::corrected)));
  layer.mean_confidence = static_cast<std::uint8_t>(reader.number_up_to(100));
  layer.language = reader.text(32);
  const std::uint64_t lines = reader.number_up_to(kMaxWordsPerPage);
  std::size_t words_left = kMaxWordsPerPage;
  for (std::uint64_t i = 0; i < lines; ++i) {
    Line line;
    const std::uint64_t head = reader.number_up_to(2 * words_left + 1);
    line.starts_paragraph = (head & 1) != 0;
    Box last;
    for (std::uint64_t w = 0; w < head / 2; ++w) {
      Word word;
      word.box.left = reader.difference_from(last.left);
      word.box.top = reader.difference_from(last.top);
      word.box.width = reader.size();
      word.box.height = reader.difference_from(last.height);
      word.confidence = static_cast<std::uint8_t>(reader.number_up_to(100));
      word.text = reader.text(kMaxWordBytes);
      last = word.box;
      line.words.push_back(std::move(word));
    }
    words_left -= static_cast<std::size_t>(head / 2);
    layer.lines.push_back(std::move(line));
  }
  const std::uint64_t barcodes = reader.at_end() ? 0 : reader.number_up_to(kMaxBarcodesPerPage);
  for (std::uint64_t i = 0; i < barcodes; ++i) {
    Barcode barcode;
    barcode.format = reader.text(32);
    barcode.text = reader.text(kMaxBarcodeBytes);
    layer.barcodes.push_back(std::move(barcode));
  }
  if (!reader.at_end()) malformed("bytes after the end");
  return layer;
}

}  // namespace muniment::storage
