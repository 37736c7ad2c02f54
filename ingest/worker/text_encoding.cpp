#include "ingest/worker/text_encoding.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/recognition/language.h"

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSample = 64 * 1024;
constexpr std::size_t kComparedSample = 16 * 1024;  // decoded in each of several encodings

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

// Encodings of one byte a character, the likeliest first: of two that fit alike, it counts.
constexpr std::array kOneByteEncodings = {"windows-1252", "windows-1251",  "windows-1250", "ISO-8859-2",
                                          "windows-1254", "KOI8-U",        "macintosh",    "ibm-850",
                                          "ibm-866",      "x-mac-cyrillic"};
// What ICU tells well: several bytes a character, and scripts that none of these has.
constexpr std::array kOtherEncodings = {"ISO-8859-5"sv,   "ISO-8859-6"sv,   "ISO-8859-7"sv,   "ISO-8859-8"sv,
                                        "ISO-8859-8-I"sv, "windows-1253"sv, "windows-1255"sv, "windows-1256"sv,
                                        "Shift_JIS"sv,    "EUC-JP"sv,       "EUC-KR"sv,       "GB18030"sv,
                                        "Big5"sv,         "ISO-2022-JP"sv,  "ISO-2022-KR"sv,  "ISO-2022-CN"sv};
// Signs that texts have between their words.
constexpr std::u16string_view kUsualSigns =
    u"\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u2022\u20ac\u2116"
    u"\u00a7\u00a3\u00ab\u00bb\u00b0\u00b1\u00b2\u00b3\u00bd\u00d7\u00a9\u00bf\u00a1";

bool is_frame(char16_t c) {
  return c >= 0x2500 && c < 0x25A0;
}

// How a letter stands among its neighbours.
double shape_of_letter(char16_t before, char16_t c, char16_t after) {
  const auto latin = [](char16_t letter) { return letter < 0x250; };
  const bool follows = u_isalpha(before);
  const bool leads = u_isalpha(after);
  if ((follows && latin(before) != latin(c)) || (leads && latin(after) != latin(c))) return -2;
  const bool odd_case = (u_isupper(c) && u_islower(before)) || (u_islower(c) && u_isupper(before) && u_isupper(after));
  if (odd_case) return -1;
  return follows || leads ? 1 : 0;
}

double shape_of_sign(char16_t before, char16_t c, char16_t after) {
  const bool within_word = u_isalpha(before) && u_isalpha(after);
  if (u_isgraph(c) && !within_word) return kUsualSigns.find(c) != std::u16string_view::npos ? 0.8 : -0.7;
  if (c == u'\u2019' || c == u'\u00ad' || c == u'\u00b7') return 0.8;  // apostrophe, soft hyphen, Catalan dot
  if (c == u'\u00a0') return within_word ? 0 : 0.3;
  return -2;
}

// Whether the characters that are not ASCII stand where such characters do: 1 for letters as they follow each other in
// words, less for capitals, alphabets and signs in the middle of them. The mean of all.
double shape_of(const icu::UnicodeString& text) {
  double sum = 0;
  int count = 0;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t c = text[i];
    if (c < 0x80) continue;
    ++count;
    const char16_t before = i > 0 ? text[i - 1] : u' ';
    const char16_t after = i + 1 < text.length() ? text[i + 1] : u' ';
    if (is_frame(c)) {
      sum -= u_isalpha(before) && u_isalpha(after) ? 1 : 0;
    } else if (c == before && c == after) {
      sum -= 1;
    } else {
      sum += u_isalpha(c) ? shape_of_letter(before, c, after) : shape_of_sign(before, c, after);
    }
  }
  return count == 0 ? 0 : sum / count;
}

// The words with a character that is not ASCII: in them encodings differ.
std::string telling_words(const icu::UnicodeString& text) {
  icu::UnicodeString words;
  for (std::int32_t begin = 0; begin < text.length();) {
    std::int32_t end = begin;
    bool telling = false;
    for (; end < text.length() && !u_isspace(text[end]); ++end) telling = telling || text[end] >= 0x80;
    if (telling) words.append(text, begin, end - begin).append(u' ');
    begin = end + 1;
  }
  std::string utf8;
  words.toUTF8String(utf8);
  return utf8;
}

// What gives words, and words of a language.
std::string one_byte_encoding(std::string_view sample) {
  constexpr double kClearly = 0.05;
  sample = sample.substr(0, kComparedSample);
  std::string best;
  double best_score = 0;
  for (const char* name : kOneByteEncodings) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(name, &status), ucnv_close);
    const icu::UnicodeString text(sample.data(), static_cast<std::int32_t>(sample.size()), converter.get(), status);
    if (U_FAILURE(status)) continue;
    const double score = shape_of(text) + language_certainty(telling_words(text));
    if (!best.empty() && score <= best_score + kClearly) continue;
    best = name;
    best_score = score;
  }
  return best;
}

std::string guess(std::string_view sample) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, void (*)(UCharsetDetector*)> detector(ucsdet_open(&status), ucsdet_close);
  ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
  if (U_SUCCESS(status) && match != nullptr) {
    constexpr std::int32_t kSure = 40;
    const std::string name = ucsdet_getName(match, &status);
    const bool other = std::ranges::find(kOtherEncodings, name) != kOtherEncodings.end();
    if (other && ucsdet_getConfidence(match, &status) >= kSure) return name;
  }
  return one_byte_encoding(sample);
}

// UTF-8, but for a character that the sample's end cuts.
bool is_utf8_sample(std::string_view sample, bool whole) {
  if (core::is_utf8(sample)) return true;
  for (std::size_t cut = 1; !whole && cut < 4 && cut < sample.size(); ++cut) {
    if (core::is_utf8(sample.substr(0, sample.size() - cut))) return true;
  }
  return false;
}

// From a little before the first byte that is not ASCII: until there, all encodings of one byte are alike.
std::string_view telling_sample(std::string_view bytes) {
  constexpr std::size_t kBefore = 256;
  const auto first = std::ranges::find_if(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (first == bytes.end()) return bytes.substr(0, kSample);
  const auto at = static_cast<std::size_t>(first - bytes.begin());
  return bytes.substr(at > kBefore ? at - kBefore : 0, kSample);
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
  const std::string_view telling = telling_sample(bytes);
  if (is_utf8_sample(telling, telling.end() == bytes.end())) return "UTF-8";
  if (!declared.empty() && is_known(declared) && !core::fold_case(declared).starts_with("utf"))
    return std::string(declared);
  return guess(telling);
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
