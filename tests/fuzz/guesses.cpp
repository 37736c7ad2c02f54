// The text of a foreign document, when its title, dates and filing are guessed: never an error, never a date that does
// not exist.
#include "ingest/guesses.h"

#include <cstdlib>
#include <string_view>

#include "core/text.h"
#include "ingest/filing_model.h"
#include "ingest/rule_matching.h"
#include "storage/page_correction.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  const std::string text = core::to_utf8({reinterpret_cast<const char*>(data), size});
  const ingest::PageOfText page{1, text};
  const auto dates = ingest::guess_dates(std::span(&page, 1), core::parse_iso_date("2026-11-24").value());
  if (dates.size() > ingest::kMostDates) std::abort();
  for (const auto& candidate : dates) {
    if (!candidate.date.ok() || !core::is_utf8(candidate.context)) std::abort();
  }
  const auto features = ingest::features_of(text);
  if (features.counts.size() > ingest::kMostFeatures || features.counts.size() != features.words.size()) std::abort();
  for (const auto kind : {storage::RuleKind::any, storage::RuleKind::exact, storage::RuleKind::fuzzy}) {
    ingest::RuleText(text).agrees({storage::FilingField::type, 1, kind, text.substr(0, 40), false});
  }
  storage::PageLayer blank;
  blank.width = 1000;
  blank.height = 1000;
  ingest::guess_title(text, "file.pdf", storage::corrected(blank, text), "20458");
  return 0;
}
