// What a document is probably called, when it was written and in which language: from its text, to be confirmed or
// corrected by a person. Pure functions; they never fail, they only find nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "storage/documents.h"
#include "storage/page_layer.h"

namespace muniment::ingest {

// The file's own title where it makes sense as one, else the line of the first page that looks most like a title (by
// its height, place and words; the subject of a letter), else empty: then the file name stays. "Faktura" alone gets its
// number and sender: `invoice_number` is what was found on the page (ingest/field_extraction.h), if anything.
std::string guess_title(std::string_view embedded_title, std::string_view filename,
                        const storage::PageLayer& first_page, std::string_view invoice_number = {});

struct PageOfText {
  std::int64_t number = 0;
  std::string text;  // as of PageLayer::text
};

// What the layout of the first page says of dates, which its text alone does not.
struct LabelledDates {
  std::optional<core::Date> own;  // of the document itself
  std::vector<core::Date> due;
};

// The dates in the text, the likeliest date of the document first; at most `kMostDates`. English, Swedish, German and
// French month names, and the numeric forms 2024-03-05, 05.03.2024, 5/3 2024, 24-03-05, 20240305. A date beside a word
// like "Fakturadatum" or "Date" goes first, one beside "Due" or "Född" last, and so do dates after `today`; `labelled`
// tells of labels above a date or in another column.
// 24-03-18 is read year first, as in Sweden, unless `language` (ISO 639-3; empty: not known) is another; 24.03.18 and
// 24/03/18 are read day first. The other reading is a candidate too, behind every date that can be read in one way
// only.
std::vector<storage::DateCandidate> guess_dates(std::span<const PageOfText> pages, core::Date today,
                                                std::string_view language = {}, const LabelledDates& labelled = {});
inline constexpr std::size_t kMostDates = 10;

// The language of most of the text. Add every page, then ask.
class LanguageVote {
 public:
  void add(const storage::PageLayer& page);
  // ISO 639-3; empty when no page told one.
  std::string winner() const;

 private:
  std::map<std::string, std::size_t> characters_;
};

}  // namespace muniment::ingest
