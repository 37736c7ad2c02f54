// What people set for the whole archive, by name; what a setting means and who may change it is its owner's business.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"

namespace muniment::storage {

std::optional<std::string> find_setting(Session& session, std::string_view name);
// The caller writes the audit entry of either.
void put_setting(Transaction& tx, std::string_view name, std::string_view value);
void forget_setting(Transaction& tx, std::string_view name);

}  // namespace muniment::storage
