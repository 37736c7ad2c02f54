// Whatever anybody types is a query: parsing never throws, and looking for its words in any text stays within that
// text.
#include "index/query.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "index/word_matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muniment::index;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const ParsedQuery query = parse_query(input.substr(0, input.find('\n')));
  WordMatcher matcher(query, {"eng", "swe"});
  std::size_t at = 0;
  for (const TextHit& hit : matcher.hits(input)) {
    if (hit.begin < at || hit.end <= hit.begin || hit.end > input.size()) __builtin_trap();
    at = hit.end;
  }
  (void)matcher.snippet(input, 80);
  return 0;
}
