// What rules of mailboxes and the listener for mail compare addresses, subjects and names with.
#pragma once

#include <string_view>

namespace muniment::scanners {

// As storage::MailRule says: contained, or with "*" wholly alike; letter case does not count; an empty one fits all.
bool pattern_fits(std::string_view pattern, std::string_view text);

}  // namespace muniment::scanners
