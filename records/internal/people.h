// What every change made by a person asks: who did it, whether they may, and whether what they wrote will do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "records/calculation.h"
#include "storage/documents.h"

namespace muniment::records {

// NULL for the system itself.
inline std::optional<std::int64_t> author(const storage::Transaction& tx) {
  return tx.actor().account_id == 0 ? std::nullopt : std::optional(tx.actor().account_id);
}

// One line of text that a person must give, in normal form: 1 to `most` bytes. Error(invalid_argument) otherwise, about
// the field `pointer`.
std::string checked_line(std::string_view text, const std::string& pointer, std::size_t most);
// A reason that a person must give: 1 to 1000 bytes.
std::string checked_reason(std::string_view reason);

}  // namespace muniment::records
