#include "storage/validity.h"

#include <algorithm>

#include "core/error.h"

namespace muniment::storage {

using core::Date;

Validity::State Validity::on(Date day) const {
  if (last_day && *last_day < day) return State::ended;
  return first_day && day < *first_day ? State::to_come : State::in_force;
}

std::string_view validity_state_name(Validity::State state) {
  switch (state) {
    case Validity::State::to_come:
      return "to_come";
    case Validity::State::in_force:
      return "in_force";
    case Validity::State::ended:
      return "ended";
  }
  return "ended";
}

std::optional<Validity> common(const Validity& one, const Validity& other) {
  Validity both = one;
  if (other.first_day) both.first_day = std::max(both.first_day.value_or(*other.first_day), *other.first_day);
  if (other.last_day) both.last_day = std::min(both.last_day.value_or(*other.last_day), *other.last_day);
  if (both.first_day && both.last_day && *both.last_day < *both.first_day) return std::nullopt;
  return both;
}

void require_in_order(const Validity& validity, std::string_view pointer) {
  if (!validity.first_day || !validity.last_day || *validity.first_day <= *validity.last_day) return;
  throw core::Error(core::ErrorCode::invalid_argument, "the last day is before the first one",
                    {{std::string(pointer), "the last day must not be before the first one"}});
}

std::string in_force_on(std::string_view day) {
  return "(first_day IS NULL OR first_day <= " + std::string(day) +
         ") AND (last_day IS NULL OR last_day >= " + std::string(day) + ")";
}

}  // namespace muniment::storage
