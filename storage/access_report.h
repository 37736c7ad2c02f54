// Who may read and change what, person by person (ISO 16175-1, access rights).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

struct PersonsAccess {
  std::string access_list;
  std::int64_t documents = 0;  // that have this list, those in the trash too
  std::string account;         // the name to sign in with
  std::string person;
  std::string role;
  bool may_change = false;
  std::vector<std::string> through;  // "everyone", names of groups, or "account"
};

// Of all accounts that can sign in, list by list and then by person; whoever may not read has no line.
std::vector<PersonsAccess> access_report(Session& session);

}  // namespace muniment::storage
