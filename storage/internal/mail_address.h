// The addresses to which mail is sent.
#pragma once

#include <string>

namespace muniment::storage {

// The address without white space around. Error(invalid_argument) naming `pointer` unless it is one bare address, such
// as anna@example.org.
std::string checked_mail_address(const std::string& address, const std::string& pointer);

}  // namespace muniment::storage
