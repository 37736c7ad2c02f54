// What WebDAV reads of strangers: header values and XML bodies. The first byte says which.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "webui/dav/headers.h"
#include "webui/dav/xml.h"

namespace {

namespace dav = muniment::webui::dav;

void require(bool holds) {
  if (!holds) std::abort();
}

void try_if(std::string_view text) {
  const auto lists = dav::parse_if(text);
  if (!lists) return;
  require(!lists->empty());
  for (const dav::ConditionList& list : *lists) {
    require(!list.conditions.empty());
    for (const dav::Condition& condition : list.conditions) require(!condition.value.empty());
  }
}

void try_timeout(std::string_view text) {
  constexpr std::chrono::seconds kMost{3600};
  const auto timeout = dav::parse_timeout(text, kMost);
  require(timeout > std::chrono::seconds::zero() && timeout <= kMost);
}

// Whatever is a path is the same path after it has stood in a URI.
void try_path(std::string_view text) {
  const auto path = dav::path_of(text, "archive:8420");
  if (!path) return;
  require(path->starts_with('/'));
  require(dav::path_of(dav::encoded_path(*path), "archive:8420") == path);
}

// What was read can be written, and read again as the same.
void try_xml(std::string_view text) {
  const auto element = dav::parse_xml(text);
  if (!element) return;
  const std::string written = dav::to_xml(*element);
  if (written.size() > dav::kMostXmlBytes) return;  // every namespace is written out
  const auto again = dav::parse_xml(written);
  require(again.has_value());
  require(again->space == element->space && again->name == element->name);
  require(dav::to_xml(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 6) {
    case 0:
      try_if(text);
      break;
    case 1:
      try_timeout(text);
      break;
    case 2:
      try_path(text);
      break;
    case 3:
      dav::parse_lock_token(text);
      dav::parse_depth(text);
      break;
    case 4:
      dav::parse_basic(text);
      break;
    default:
      try_xml(text);
      break;
  }
  return 0;
}
