// Numbers as terms, so that a range is found without looking at every value. A number is the sign and 21 digits, 15
// before the point and 6 after it; it has a term for each beginning of these ("+00", "+001" ...), and a range is the
// few beginnings that lie wholly in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <xapian.h>

namespace muniment::index {

// `number` as core::to_decimal gives it, like both ends of a range; those are included.
std::vector<std::string> number_terms(std::string_view prefix, std::string_view number);
Xapian::Query number_range(std::string_view prefix, const std::optional<std::string>& least,
                           const std::optional<std::string>& most);

}  // namespace muniment::index
