// Access in SQL, where rows are counted and not read one by one.
#pragma once

#include <string>
#include <string_view>

#include "storage/access.h"

namespace muniment::records {

// That the column is an access list that somebody may read. The parameter `first` is 1 for the system itself, the next
// one is the account.
inline std::string readable(std::string_view column, int first = 1) {
  const std::string system = "$" + std::to_string(first);
  const std::string account = "$" + std::to_string(first + 1);
  return std::string(column) + " IN (SELECT id FROM access_list WHERE " + system +
         " = 1 UNION SELECT access_list_id FROM access_entry WHERE subject = 'everyone' "
         "OR (subject = 'account' AND subject_id = " +
         account +
         ") OR (subject = 'group' AND subject_id IN (SELECT group_id FROM group_member WHERE account_id = " + account +
         ")))";
}

// A condition that begins with AND: that the row of `hold` under this name is of one that `who` may know of.
inline std::string known_holds(std::string_view alias, const storage::Principal& who) {
  return who.may(storage::Permission::manage_holds) ? "" : " AND " + std::string(alias) + ".confidential = 0";
}

}  // namespace muniment::records
