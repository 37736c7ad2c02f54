// What is said of one wrong field.
#pragma once

#include <string>

#include "core/error.h"

namespace muniment::storage {

// `pointer` names the field (core::FieldError), `why` what would be right.
[[noreturn]] inline void refuse(const std::string& pointer, const std::string& why) {
  throw core::Error(core::ErrorCode::invalid_argument, why, {{pointer, why}});
}

}  // namespace muniment::storage
