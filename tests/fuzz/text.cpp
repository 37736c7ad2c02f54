// File names, times, numbers and encodings from outside.
#include "core/text.h"

#include <cstdlib>
#include <string_view>

#include "core/clock.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment::core;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string name = display_filename(bytes);
  if (name.empty() || name.size() > 255 || !is_utf8(name) || name.find('/') != std::string::npos) std::abort();
  if (display_filename(name) != name) std::abort();
  if (!is_utf8(to_nfc(bytes)) || !is_utf8(fold_case(bytes))) std::abort();
  if (const auto time = parse_rfc3339(bytes); time && parse_rfc3339(to_rfc3339(*time)) != time) std::abort();
  if (const auto raw = from_base64url(bytes)) from_base64url(to_base64url(*raw));
  parse_integer(bytes);
  collapse_space(bytes);
  return 0;
}
