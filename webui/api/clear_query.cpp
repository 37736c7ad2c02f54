#include "webui/api/clear_query.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "index/query.h"
#include "storage/custom_fields.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;

namespace {

[[noreturn]] void refuse_query(const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "the query would not find what it seems to", {{"/query", why}});
}

// A field without what it is to be, as in "rent tag:" or "rent tag:*", which is passed over otherwise.
bool lacks_value(std::string_view query) {
  bool quoted = false;
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query[i] == '"') quoted = !quoted;
    if (query[i] != ':' || quoted) continue;
    std::string_view value = query.substr(i + 1);
    value.remove_prefix(std::min(value.find_first_not_of('*'), value.size()));
    if (value.empty() || value.front() == ' ' || value.front() == ')' || value.starts_with("\"\"")) return true;
  }
  return false;
}

}  // namespace

void require_clear_query(storage::Session& session, const std::string& query) {
  if (core::trim(query).empty()) return;
  const index::ParsedQuery parsed = index::parse_query(query);
  const auto warned = [&](std::string_view code) {
    return std::ranges::find(parsed.warnings, code) != parsed.warnings.end();
  };
  const auto fields = storage::list_custom_fields(session);
  const std::string own = "field.";
  const bool knows_all = std::ranges::all_of(parsed.chips, [&](const index::QueryChip& chip) {
    return !chip.field.starts_with(own) ||
           std::ranges::find(fields, chip.field.substr(own.size()), &storage::CustomField::key) != fields.end();
  });
  if (!knows_all || warned("unknown_field")) refuse_query("names a field that there is not");
  if (!parsed.root || lacks_value(query)) refuse_query("must be finished, or be empty");
  if (!parsed.warnings.empty())
    refuse_query("is not understood; look at its quotation marks, brackets, dates and values");
}

}  // namespace muniment::webui::api
