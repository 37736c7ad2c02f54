// The words of a foreign page, wherever they stand, when fields are looked for: nothing but what the kinds promise.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/text.h"
#include "ingest/check_digits.h"
#include "ingest/field_extraction.h"
#include "storage/page_correction.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  const std::string text = core::to_utf8({reinterpret_cast<const char*>(data), size});
  storage::PageLayer blank;
  blank.width = 1000;
  blank.height = 1000;
  storage::PageLayer page = storage::corrected(blank, text);
  // Boxes of any kind: the bytes of the input, again and again.
  std::size_t at = 0;
  for (storage::Line& line : page.lines) {
    for (storage::Word& word : line.words) {
      if (at + sizeof word.box <= size && data[at] > 64) std::memcpy(&word.box, data + at, sizeof word.box);
      at = size == 0 ? 0 : (at + 7) % size;
    }
  }
  const core::Date today = core::parse_iso_date("2026-11-24").value();
  ingest::labelled_dates(page, today);
  const auto fields = ingest::fields_of_page(page, 1, today);
  if (fields.size() > ingest::kMostFieldsOfPage) std::abort();
  for (const storage::DocumentField& field : fields) {
    if (field.value.empty() || field.text.empty() || !core::is_utf8(field.text)) std::abort();
    if (field.kind == storage::FieldKind::iban && !ingest::passes_mod_97(field.value)) std::abort();
    if (field.kind == storage::FieldKind::ocr_number && !ingest::passes_luhn(field.value)) std::abort();
  }
  return 0;
}
