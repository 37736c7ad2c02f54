// Who may read and change what, person by person (ISO 16175-1, access rights), and who could or will (Noark 5 4.5.30).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/validity.h"

namespace muniment::storage {

struct PersonsAccess {
  std::string access_list;
  std::int64_t documents = 0;  // that have this list, those in the trash too
  std::string account;         // the name to sign in with
  std::string person;
  std::string role;
  bool may_change = false;
  std::vector<std::string> through;  // "everyone", names of groups, or "account"
  Validity::State state = Validity::State::in_force;
  // From the first day on which one of these ways is open through the last one.
  Validity validity = {};
  std::string level;      // of the list, by name
  std::string clearance;  // of the person
};

// Of all accounts that can sign in, list by list and then by person; whoever is not on a list has no line, nor has
// whoever has not the clearance for it. A person may
// have one line for each state: what they may today, what has ended and what is to come.
std::vector<PersonsAccess> access_report(Session& session);

}  // namespace muniment::storage
