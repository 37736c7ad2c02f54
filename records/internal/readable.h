// Access in SQL, where rows are counted and not read one by one.
#pragma once

#include <string>
#include <string_view>

#include "storage/access.h"

namespace muniment::records {

using storage::readable;

// A condition that begins with AND: that the row of `hold` under this name is of one that `who` may know of.
inline std::string known_holds(std::string_view alias, const storage::Principal& who) {
  return who.may(storage::Permission::manage_holds) ? "" : " AND " + std::string(alias) + ".confidential = 0";
}

}  // namespace muniment::records
