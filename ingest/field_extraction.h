// What a page says that offices ask for: when and what to pay, to whom, with which number. Pure functions over foreign
// text; they never fail, they only find nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "core/clock.h"
#include "ingest/guesses.h"
#include "storage/document_fields.h"
#include "storage/page_layer.h"

namespace muniment::ingest {

inline constexpr std::size_t kMostFieldsOfPage = 40;

// The fields of one page in the order of its text. Numbers with a check digit count only when it is right; other
// numbers and dates only beside or below a label that says what they are, in English or Swedish; amounts with a
// currency. `today` completes dates without a year.
std::vector<storage::DocumentField> fields_of_page(const storage::PageLayer& page, std::int64_t number,
                                                   core::Date today);

// The dates that stand beside or below a label that says what they are, in columns too: for guess_dates.
LabelledDates labelled_dates(const storage::PageLayer& page, core::Date today);

}  // namespace muniment::ingest
