// Which failures end by themselves.
#pragma once

#include <algorithm>
#include <array>

#include "core/error.h"

namespace muniment::scanners {

// Whether trying again does not help: something is wrong with the mail, or with how it is to be filed.
inline bool is_lasting(core::ErrorCode code) {
  using core::ErrorCode;
  constexpr std::array kLasting = {ErrorCode::invalid_argument, ErrorCode::forbidden, ErrorCode::not_found,
                                   ErrorCode::conflict,         ErrorCode::too_large, ErrorCode::unsupported_type,
                                   ErrorCode::password_needed,  ErrorCode::bad_file};
  return std::ranges::find(kLasting, code) != kLasting.end();
}

}  // namespace muniment::scanners
