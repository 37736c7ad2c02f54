#include "ingest/worker/text_encoding.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <utility>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSample = 64 * 1024;

struct ByteOrderMark {
  std::string_view bytes;
  const char* encoding;
};
constexpr std::array kMarks = {
    ByteOrderMark{"\xEF\xBB\xBF"sv, "UTF-8"},    ByteOrderMark{"\xFF\xFE\0\0"sv, "UTF-32LE"},
    ByteOrderMark{"\0\0\xFE\xFF"sv, "UTF-32BE"}, ByteOrderMark{"\xFF\xFE"sv, "UTF-16LE"},
    ByteOrderMark{"\xFE\xFF"sv, "UTF-16BE"},
};

bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B) || c == 0x7F;
}

// UTF-16 and UTF-32 without a mark: most characters of most texts have zero bytes at the same places.
const char* wide_encoding(std::string_view sample) {
  std::array<std::size_t, 4> zeros{};
  const std::size_t size = sample.size() / 4 * 4;
  if (size == 0) return nullptr;
  for (std::size_t i = 0; i < size; ++i) zeros[i % 4] += sample[i] == 0 ? 1 : 0;
  const std::size_t quarter = size / 4;
  const auto many = [&](std::size_t i) { return zeros[i] * 10 > quarter * 7; };
  const auto few = [&](std::size_t i) { return zeros[i] * 10 < quarter; };
  if (few(0) && many(1) && zeros[2] == quarter && zeros[3] == quarter) return "UTF-32LE";
  if (zeros[0] == quarter && zeros[1] == quarter && many(2) && few(3)) return "UTF-32BE";
  if (few(0) && many(1) && few(2) && many(3)) return "UTF-16LE";
  if (many(0) && few(1) && many(2) && few(3)) return "UTF-16BE";
  return nullptr;
}

bool is_letter(unsigned char c) {
  return std::isalpha(c) != 0;
}

// Code page 850 of DOS: its Nordic and German letters stand where Windows has quotation marks, so that they occur
// inside words.
bool looks_like_dos(std::string_view sample) {
  constexpr std::string_view kLetters = "\x81\x82\x84\x86\x8E\x8F\x90\x94\x99\x9A";
  std::size_t inside_words = 0;
  std::size_t high = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto c = static_cast<unsigned char>(sample[i]);
    if (c < 0x80) continue;
    ++high;
    const bool before = i > 0 && is_letter(static_cast<unsigned char>(sample[i - 1]));
    const bool after = i + 1 < sample.size() && is_letter(static_cast<unsigned char>(sample[i + 1]));
    inside_words += (before || after) && kLetters.find(sample[i]) != std::string_view::npos ? 1 : 0;
  }
  return high > 0 && inside_words * 10 > high * 7;
}

std::string guess(std::string_view sample) {
  if (looks_like_dos(sample)) return "ibm-850";
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, void (*)(UCharsetDetector*)> detector(ucsdet_open(&status), ucsdet_close);
  ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
  if (U_FAILURE(status) || match == nullptr) return "windows-1252";
  const std::string name = ucsdet_getName(match, &status);
  const std::int32_t confidence = ucsdet_getConfidence(match, &status);
  // Windows' superset is what is meant by ISO 8859-1, and the likeliest when nothing is sure.
  constexpr std::int32_t kSure = 40;
  const bool strange = name.starts_with("IBM") || name.starts_with("UTF-");
  if (confidence < kSure || strange || name == "ISO-8859-1" || name == "ISO-8859-2") return "windows-1252";
  return name;
}

// UTF-8, but for a character that the sample's end cuts.
bool is_utf8_sample(std::string_view sample, bool whole) {
  if (core::is_utf8(sample)) return true;
  for (std::size_t cut = 1; !whole && cut < 4 && cut < sample.size(); ++cut) {
    if (core::is_utf8(sample.substr(0, sample.size() - cut))) return true;
  }
  return false;
}

bool is_known(std::string_view name) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(std::string(name).c_str(), &status);
  if (converter != nullptr) ucnv_close(converter);
  return U_SUCCESS(status);
}

}  // namespace

std::string text_encoding(std::string_view bytes, std::string_view declared) {
  for (const auto& mark : kMarks) {
    if (bytes.starts_with(mark.bytes)) return mark.encoding;
  }
  const std::string_view sample = bytes.substr(0, kSample);
  if (const char* wide = wide_encoding(sample); wide != nullptr) return wide;
  const auto controls = static_cast<std::size_t>(
      std::ranges::count_if(sample, [](char c) { return is_control(static_cast<unsigned char>(c)); }));
  if (sample.find('\0') != std::string_view::npos || controls * 100 > sample.size()) return "";
  if (is_utf8_sample(sample, sample.size() == bytes.size())) return "UTF-8";
  if (!declared.empty() && is_known(declared) && !core::fold_case(declared).starts_with("utf"))
    return std::string(declared);
  return guess(sample);
}

std::string decode_text(std::string_view bytes, const std::string& encoding, std::size_t most) {
  bytes = bytes.substr(0, most);
  for (const auto& mark : kMarks) {
    if (encoding == mark.encoding && bytes.starts_with(mark.bytes)) bytes.remove_prefix(mark.bytes.size());
  }
  if (encoding == "UTF-8") return core::to_utf8(bytes);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(encoding.c_str(), &status), ucnv_close);
  const icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), status);
  if (U_FAILURE(status)) {
    throw core::Error(core::ErrorCode::bad_file, "the text's encoding cannot be decoded").because(u_errorName(status));
  }
  std::string utf8;
  text.toUTF8String(utf8);
  return core::to_utf8(utf8);
}

}  // namespace muniment::ingest::worker
