// What a value of a custom field must look like.
#pragma once

#include <string>
#include <string_view>

#include "storage/custom_fields.h"

namespace muniment::storage {

// The value as it is kept (check_custom_value). Error(invalid_argument) with `pointer`, saying what would be right.
std::string checked_custom_value(Session& session, const Principal& who, const CustomField& field,
                                 std::string_view text, const std::string& pointer);

}  // namespace muniment::storage
