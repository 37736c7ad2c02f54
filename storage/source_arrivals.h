// What came in by each of the ways in, so that people see which one has fallen silent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

// To be called in the transaction that takes something in, or finds that it is there already. `source` as of
// Document::source; `name` says which: a folder, the number of a mailbox; empty where there is but one.
void record_arrival(Transaction& tx, std::string_view source, std::string_view name);

struct Arrivals {
  std::int64_t lately = 0;  // within the seven days that end with today
  std::optional<core::Time> last;
};
Arrivals arrivals_of(Session& session, std::string_view source, std::string_view name, core::Time now);
// Of which something came within the thirty days that end with today, in their order.
std::vector<std::string> names_in_use(Session& session, std::string_view source, core::Time now);

}  // namespace muniment::storage
