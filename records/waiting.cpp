#include "records/waiting.h"

#include <algorithm>

#include "records/internal/readable.h"
#include "records/internal/subjects.h"

namespace muniment::records {

namespace {

std::vector<Trigger> missing_of(RuleBook& book, Subject& subject) {
  std::vector<Trigger> missing;
  const auto [rules, origins] = book.apply(subject);
  for (const Rule& rule : rules) {
    for (const Trigger& trigger : apply_rule(rule, subject.facts).missing) {
      if (std::find(missing.begin(), missing.end(), trigger) == missing.end()) missing.push_back(trigger);
    }
  }
  return missing;
}

}  // namespace

WaitingRecords waiting_records(storage::Session& session, const storage::Principal& who, std::size_t offset,
                               std::size_t limit) {
  const std::string from =
      " FROM record r CROSS JOIN document d ON d.id = r.document_id LEFT JOIN class c ON c.id = d.class_id "
      "WHERE r.stage = 'active' AND r.standing = 'waiting' AND " +
      readable("d.access_list_id");
  WaitingRecords waiting;
  waiting.total = session.value<std::int64_t>("SELECT count(*)" + from, who.account_id, who.day).value();
  RuleBook book(session);
  for (const auto& [id, title, code, declared_on] : session.rows<std::int64_t, std::string, std::string, Date>(
           "SELECT d.id, d.title, coalesce(c.code, ''), r.declared_on" + from +
               " ORDER BY r.declared_on, d.id LIMIT $3 OFFSET $4",
           who.account_id, who.day, limit, offset)) {
    if (auto subject = find_subject(session, id)) {
      waiting.records.push_back({id, title, code, declared_on, missing_of(book, *subject)});
    }
  }
  return waiting;
}

}  // namespace muniment::records
