// The small texts of HTTP: queries, cookies, header values. The first byte says which.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "webui/download.h"
#include "webui/exchange.h"
#include "webui/fields.h"
#include "webui/multipart.h"
#include "webui/tus.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void try_range(std::string_view text) {
  constexpr std::uint64_t kSize = 1000;
  const auto range = muniment::webui::parse_range(text, kSize);
  if (range && range->satisfiable) require(range->length > 0 && range->first + range->length <= kSize);
}

void try_name(std::string_view text) {
  for (const char c : muniment::webui::attachment_named(text)) require(c >= 0x20 && c < 0x7F);
}

void try_body(std::string_view text) {
  try {
    muniment::webui::Fields fields(text);
    fields.maybe_text("a");
    fields.nullable_date("b");
    fields.finish();
  } catch (const muniment::core::Error&) {
    return;  // refused, as it should be
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 8) {
    case 0:
      muniment::webui::parse_query(text);
      break;
    case 1:
      muniment::webui::cookie_named(text, "sid");
      break;
    case 2:
      muniment::webui::parse_disposition(text);
      break;
    case 3:
      muniment::webui::multipart_boundary(text);
      break;
    case 4:
      muniment::webui::tus::parse_metadata(text);
      break;
    case 5:
      muniment::webui::tus::parse_checksum(text);
      break;
    case 6:
      try_range(text);
      try_name(text);
      break;
    default:
      try_body(text);
      break;
  }
  return 0;
}
