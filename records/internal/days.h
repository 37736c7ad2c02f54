// Days as people count them, as moments.
#pragma once

#include <ctime>

#include "records/retention.h"

namespace muniment::records {

// Its midnight in the machine's time zone.
inline core::Time start_of(Date day) {
  std::tm local{};
  local.tm_year = static_cast<int>(day.year()) - 1900;
  local.tm_mon = static_cast<int>(static_cast<unsigned>(day.month())) - 1;
  local.tm_mday = static_cast<int>(static_cast<unsigned>(day.day()));
  local.tm_isdst = -1;
  return core::Time(std::chrono::seconds(std::mktime(&local)));
}

}  // namespace muniment::records
