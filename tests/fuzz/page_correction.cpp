// A person's text for a page, against a page made of the same bytes: every word lands somewhere.
#include "storage/page_correction.h"

#include <cstdlib>
#include <string_view>

#include "core/text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text = muniment::core::to_utf8({reinterpret_cast<const char*>(data), size});
  const std::size_t half = muniment::core::cut(text, text.size() / 2).size();
  muniment::storage::PageLayer blank;
  blank.width = 1000;
  blank.height = 1000;
  const auto read = muniment::storage::corrected(blank, std::string_view(text).substr(0, half));
  const auto page = muniment::storage::corrected(read, std::string_view(text).substr(half));
  for (const auto& line : page.lines) {
    for (const auto& word : line.words) {
      if (word.box.width <= 0 || word.text.empty()) std::abort();
    }
  }
  return 0;
}
