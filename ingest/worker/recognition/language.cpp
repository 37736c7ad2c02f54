#include "ingest/worker/recognition/language.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

namespace muniment::ingest::worker {

namespace {

// CLD2's codes (ISO 639-1) and Tesseract's. Where a language is not enabled, a near relative reads it better than the
// first language would: the first of a code's entries that is enabled counts.
using Entry = std::pair<std::string_view, std::string_view>;
constexpr auto kLanguages = std::to_array<Entry>({
    {"en", "eng"},      {"sv", "swe"},     {"sv", "nor"},          {"sv", "dan"}, {"de", "deu"}, {"fr", "fra"},
    {"da", "dan"},      {"da", "nor"},     {"da", "swe"},          {"no", "nor"}, {"no", "dan"}, {"no", "swe"},
    {"nn", "nor"},      {"nn", "swe"},     {"fi", "fin"},          {"is", "isl"}, {"nl", "nld"}, {"es", "spa"},
    {"pt", "por"},      {"it", "ita"},     {"ca", "cat"},          {"gl", "glg"}, {"eu", "eus"}, {"la", "lat"},
    {"ro", "ron"},      {"pl", "pol"},     {"cs", "ces"},          {"sk", "slk"}, {"sl", "slv"}, {"hr", "hrv"},
    {"hr", "srp_latn"}, {"sr", "srp"},     {"bs", "bos"},          {"bs", "hrv"}, {"bg", "bul"}, {"mk", "mkd"},
    {"ru", "rus"},      {"uk", "ukr"},     {"be", "bel"},          {"lt", "lit"}, {"lv", "lav"}, {"et", "est"},
    {"hu", "hun"},      {"el", "ell"},     {"tr", "tur"},          {"sq", "sqi"}, {"mt", "mlt"}, {"ga", "gle"},
    {"cy", "cym"},      {"af", "afr"},     {"iw", "heb"},          {"yi", "yid"}, {"ar", "ara"}, {"fa", "fas"},
    {"hi", "hin"},      {"zh", "chi_sim"}, {"zh-Hant", "chi_tra"}, {"ja", "jpn"}, {"ko", "kor"}, {"th", "tha"},
    {"vi", "vie"},      {"id", "ind"},     {"ms", "msa"},
});

std::optional<std::string> enabled_for(std::string_view code, std::span<const std::string> enabled) {
  for (const auto& [from, to] : kLanguages) {
    if (from == code && std::ranges::find(enabled, to) != enabled.end()) return std::string(to);
  }
  return std::nullopt;
}

struct Languages {
  std::array<CLD2::Language, 3> names{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  bool reliable = false;
};

Languages languages_in(std::string_view text, int flags) {
  Languages found;
  int text_bytes = 0;
  int valid_bytes = 0;
  std::vector<CLD2::ResultChunk> chunks;
  const CLD2::CLDHints no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::ExtDetectLanguageSummaryCheckUTF8(text.data(), static_cast<int>(text.size()), /*is_plain_text=*/true, &no_hints,
                                          flags, found.names.data(), found.percents.data(), found.scores.data(),
                                          &chunks, &text_bytes, &found.reliable, &valid_bytes);
  return found;
}

}  // namespace

std::optional<std::string> language_of(std::string_view text, std::span<const std::string> enabled) {
  constexpr int kLeastPercent = 20;
  const Languages found = languages_in(text, 0);
  for (std::size_t i = 0; i < found.names.size(); ++i) {
    if (found.percents[i] < kLeastPercent) continue;
    if (auto name = enabled_for(CLD2::LanguageCode(found.names[i]), enabled)) return name;
  }
  return std::nullopt;
}

double language_certainty(std::string_view text) {
  constexpr int kBestEffort = 0x4000;  // CLD2's flag for texts of a few words
  constexpr double kPlain = 1000;      // its score of a text that is plainly in a language
  const Languages found = languages_in(text, kBestEffort);
  if (found.names.front() == CLD2::UNKNOWN_LANGUAGE) return 0;
  const double certainty = found.percents.front() / 100.0 * std::min(1.0, found.scores.front() / kPlain);
  return found.reliable ? certainty : certainty / 2;
}

}  // namespace muniment::ingest::worker
