#include "storage/access_report.h"

#include <algorithm>
#include <map>
#include <optional>

#include "storage/access.h"
#include "storage/accounts.h"
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

std::vector<std::string> ways(const AccessList& list, std::int64_t account, const std::vector<Group>& groups) {
  std::vector<std::string> through;
  for (const AccessEntry& entry : list.entries) {
    if (entry.subject == AccessEntry::Subject::everyone) through.emplace_back("everyone");
    if (entry.subject == AccessEntry::Subject::account && entry.subject_id == account) through.emplace_back("account");
    if (entry.subject != AccessEntry::Subject::group) continue;
    const auto group = std::ranges::find(groups, entry.subject_id, &Group::id);
    if (group != groups.end() && std::ranges::binary_search(group->members, account)) through.push_back(group->name);
  }
  return through;
}

}  // namespace

std::vector<PersonsAccess> access_report(Session& session) {
  std::map<std::int64_t, std::int64_t> documents;
  for (const auto& [list, count] : session.rows<std::int64_t, std::int64_t>(
           "SELECT access_list_id, count(*) FROM document WHERE withdrawn_at IS NULL GROUP BY access_list_id")) {
    documents.emplace(list, count);
  }
  const std::vector<Person> people = persons(session);
  const std::vector<Group> groups = list_groups(session);
  std::vector<PersonsAccess> report;
  for (const AccessList& list : list_access_lists(session)) {
    for (const Person& person : people) {
      if (!person.principal.may_read(list.id)) continue;
      report.push_back({list.name, documents[list.id], person.account.name, person.account.display_name, person.role,
                        person.principal.may_change(list.id), ways(list, person.account.id, groups)});
    }
  }
  return report;
}

}  // namespace muniment::storage
