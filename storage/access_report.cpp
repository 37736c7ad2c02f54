#include "storage/access_report.h"

#include <algorithm>
#include <map>
#include <optional>

#include "storage/access.h"
#include "storage/accounts.h"
#include "storage/levels.h"
#include "storage/roles.h"

namespace muniment::storage {

namespace {

struct Person {
  Account account;
  Principal principal;
  std::string role;
};

std::vector<Person> persons(Session& session) {
  std::vector<Person> all;
  for (Account& account : list_accounts(session)) {
    auto principal = load_principal(session, account.id, "");
    if (!principal) continue;
    std::string role = role_name_of(session, account.id);
    all.push_back({std::move(account), std::move(*principal), std::move(role)});
  }
  return all;
}

// How a person comes to be on a list, and for how long.
struct Way {
  std::string through;
  Validity validity;
  bool may_change;
};

std::vector<Way> ways(const AccessList& list, std::int64_t account, const std::vector<Group>& groups) {
  std::vector<Way> found;
  for (const AccessEntry& entry : list.entries) {
    if (entry.subject == AccessEntry::Subject::everyone) {
      found.push_back({"everyone", entry.validity, entry.may_change});
    } else if (entry.subject == AccessEntry::Subject::account) {
      if (entry.subject_id == account) found.push_back({"account", entry.validity, entry.may_change});
    } else {
      const auto group = std::ranges::find(groups, entry.subject_id, &Group::id);
      if (group == groups.end()) continue;
      const auto member = std::ranges::find(group->members, account, &Membership::account_id);
      if (member == group->members.end()) continue;
      if (const auto both = common(entry.validity, member->validity)) {
        found.push_back({group->name, *both, entry.may_change});
      }
    }
  }
  return found;
}

// Adds a way to what is known of the person.
void widen(PersonsAccess& line, const Way& way, bool may_edit) {
  Validity& all = line.validity;
  if (line.through.empty()) {
    all = way.validity;
  } else {
    if (all.first_day)
      all.first_day = way.validity.first_day ? std::min(all.first_day, way.validity.first_day) : std::nullopt;
    if (all.last_day)
      all.last_day = way.validity.last_day ? std::max(all.last_day, way.validity.last_day) : std::nullopt;
  }
  line.through.push_back(way.through);
  line.may_change = line.may_change || (way.may_change && may_edit);
}

}  // namespace

std::vector<PersonsAccess> access_report(Session& session) {
  std::map<std::int64_t, std::int64_t> documents;
  for (const auto& [list, count] : session.rows<std::int64_t, std::int64_t>(
           "SELECT access_list_id, count(*) FROM document WHERE withdrawn_at IS NULL GROUP BY access_list_id")) {
    documents.emplace(list, count);
  }
  std::map<std::int64_t, std::string> names;
  for (const Level& level : list_levels(session)) names.emplace(level.number, level.name);
  const std::vector<Person> people = persons(session);
  const std::vector<Group> groups = list_groups(session);
  std::vector<PersonsAccess> report;
  for (const AccessList& list : list_access_lists(session)) {
    for (const Person& person : people) {
      if (person.principal.clearance < list.level) continue;
      const std::vector<Way> found = ways(list, person.account.id, groups);
      for (const auto state : {Validity::State::in_force, Validity::State::to_come, Validity::State::ended}) {
        PersonsAccess line{list.name,
                           documents[list.id],
                           person.account.name,
                           person.account.display_name,
                           person.role,
                           false,
                           {},
                           state,
                           {},
                           names[list.level],
                           names[person.principal.clearance]};
        for (const Way& way : found) {
          if (way.validity.on(person.principal.day) != state) continue;
          widen(line, way, person.principal.may(Permission::edit_documents));
        }
        if (!line.through.empty()) report.push_back(std::move(line));
      }
    }
  }
  return report;
}

}  // namespace muniment::storage
