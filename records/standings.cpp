#include "records/standings.h"

#include "records/internal/names.h"
#include "records/internal/readable.h"

namespace muniment::records {

using storage::Principal;
using storage::Session;

namespace {

constexpr Names<ListedStanding, 4> kListedStandings{{"overdue", "unscheduled", "contradictory", "permanent"}};

// The parameter is a class, or -1 for all.
std::string in_or_below(int parameter) {
  const std::string given = "$" + std::to_string(parameter);
  return " AND (" + given + " = -1 OR d.class_id IN (WITH RECURSIVE below (id) AS (SELECT CAST(" + given +
         " AS INTEGER) UNION SELECT c.id FROM class c JOIN below ON c.parent_id = below.id) SELECT id FROM below))";
}

}  // namespace

std::optional<ListedStanding> parse_listed_standing(std::string_view name) {
  return kListedStandings.parse(name);
}

StandingRecords list_standing(Session& session, const Principal& who, Date on, ListedStanding standing,
                              std::optional<std::int64_t> class_id, std::size_t offset, std::size_t limit) {
  // $3 = standing as the record has it, $4 = day, $5 = class or -1.
  const std::string condition = " FROM record r CROSS JOIN document d ON d.id = r.document_id WHERE +" +
                                readable("d.access_list_id") +
                                " AND (CASE $3 WHEN 'overdue' THEN r.stage = 'active' AND r.deadline < $4 "
                                "ELSE r.standing = $3 END)" +
                                in_or_below(5);
  const std::string_view name = kListedStandings.of(standing);
  const std::int64_t place = class_id.value_or(-1);
  StandingRecords page;
  page.total =
      session.value<std::int64_t>("SELECT count(*)" + condition, who.account_id, who.day, name, on, place).value();
  for (const auto& [id, title, class_code, folder, schedule, declared_on, deadline] :
       session.rows<std::int64_t, std::string, std::optional<std::string>, std::optional<std::string>,
                    std::optional<std::string>, Date, std::optional<Date>>(
           "SELECT d.id, d.title, (SELECT code FROM class WHERE id = d.class_id), "
           "(SELECT title FROM folder WHERE id = d.folder_id), (SELECT code FROM schedule WHERE id = r.schedule_id), "
           "r.declared_on, r.deadline" +
               condition + " ORDER BY CASE $3 WHEN 'overdue' THEN r.deadline END, d.id LIMIT $6 OFFSET $7",
           who.account_id, who.day, name, on, place, limit, offset)) {
    page.records.push_back(
        {id, title, class_code.value_or(""), folder.value_or(""), schedule.value_or(""), declared_on, deadline});
  }
  return page;
}

std::vector<std::int64_t> free_records(Session& session, const Principal& who, Date on, Action action,
                                       std::optional<std::int64_t> class_id, std::size_t limit) {
  std::vector<std::int64_t> free;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT r.document_id FROM record r JOIN document d ON d.id = r.document_id WHERE " +
               storage::changeable("d.access_list_id") +
               " AND r.stage = 'active' AND r.standing = 'running' AND r.eligible_from IS NOT NULL AND "
               "r.eligible_from <= $3 AND r.action = $4 AND NOT EXISTS (SELECT 1 FROM hold_item h WHERE "
               "h.document_id = d.id AND h.released_at IS NULL)" +
               in_or_below(5) + " ORDER BY r.eligible_from, r.document_id LIMIT $6",
           who.account_id, who.day, on, action_name(action), class_id.value_or(-1), limit)) {
    free.push_back(id);
  }
  return free;
}

}  // namespace muniment::records
