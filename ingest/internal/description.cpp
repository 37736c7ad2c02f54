#include "ingest/internal/description.h"

#include <algorithm>
#include <string_view>

#include "core/text.h"
#include "ingest/field_extraction.h"

namespace muniment::ingest {

namespace {

constexpr std::size_t kLongestTitle = 300;

// Of a mail; empty when it has none.
std::string header_of(const std::vector<storage::MessageHeader>& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &storage::MessageHeader::name);
  return found == headers.end() ? std::string() : found->value;
}

}  // namespace

storage::ReadingResult described(const Inspection& inspection, const std::vector<storage::MessageHeader>& carrier,
                                 const std::string& filename, const storage::PageLayer& first_page,
                                 std::span<const PageOfText> texts, std::span<const storage::DocumentField> fields,
                                 const LanguageVote& vote, core::Time now) {
  const auto invoice_number = std::find_if(fields.begin(), fields.end(), [](const storage::DocumentField& field) {
    return field.page == 1 && field.kind == storage::FieldKind::invoice_number;
  });
  const bool mail = !inspection.headers.empty();
  storage::ReadingResult result;
  result.title = mail && !inspection.title.empty()
                     ? std::string(core::cut(inspection.title, kLongestTitle))
                     : guess_title(inspection.title, filename, first_page,
                                   invoice_number == fields.end() ? "" : invoice_number->value);
  if (result.title.empty()) result.title = core::cut(header_of(carrier, "Subject"), kLongestTitle);
  result.language = vote.winner();
  result.dates =
      guess_dates(texts, core::date_of(now), result.language, labelled_dates(first_page, core::date_of(now)));
  const PageOfText sent[] = {{1, header_of(carrier, "Date")}};
  for (const storage::DateCandidate& candidate : guess_dates(sent, core::date_of(now), "eng")) {
    const bool is_there =
        std::ranges::find(result.dates, candidate.date, &storage::DateCandidate::date) != result.dates.end();
    if (!is_there && result.dates.size() < kMostDates) result.dates.push_back({candidate.date, 1, "Date"});
  }
  if (inspection.written) {
    std::erase_if(result.dates, [&](const auto& candidate) { return candidate.date == *inspection.written; });
    result.dates.insert(result.dates.begin(), {*inspection.written, 1, "Date"});
    if (result.dates.size() > kMostDates) result.dates.pop_back();
  }
  return result;
}

}  // namespace muniment::ingest
