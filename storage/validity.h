// For how long a right is had.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace muniment::storage {

// From a first day through a last one, both included; empty: from ever, for ever.
struct Validity {
  enum class State { to_come, in_force, ended };

  std::optional<core::Date> first_day = {};
  std::optional<core::Date> last_day = {};

  State on(core::Date day) const;
  bool is_limited() const { return first_day || last_day; }
  bool operator==(const Validity&) const = default;
};

std::string_view validity_state_name(Validity::State state);  // "in_force"

// While both are in force; empty when they never are at once.
std::optional<Validity> common(const Validity& one, const Validity& other);

// Error(invalid_argument) that points at `pointer` when the first day is after the last.
void require_in_order(const Validity& validity, std::string_view pointer);

// The condition, in SQL, that a row with the columns first_day and last_day is in force on the day of that parameter,
// such as "$2".
std::string in_force_on(std::string_view day);

}  // namespace muniment::storage
