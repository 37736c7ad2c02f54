#include "records/report.h"

#include <nlohmann/json.hpp>

#include "core/clock.h"

namespace muniment::records {

using storage::Principal;
using storage::Session;

namespace {

// $1 = 1 for the system itself, $2 = account.
constexpr std::string_view kReadable =
    "($1 = 1 OR d.access_list_id IN (SELECT access_list_id FROM access_entry WHERE subject = 'everyone' "
    "OR (subject = 'account' AND subject_id = $2) "
    "OR (subject = 'group' AND subject_id IN (SELECT group_id FROM group_member WHERE account_id = $2))))";

constexpr std::string_view kDemonstrationDay = "retention.today";

}  // namespace

RetentionReport retention_report(Session& session, const Principal& who, Date on) {
  RetentionReport report;
  const auto count = [](std::string_view condition) {
    return ", CAST(total(" + std::string(condition) + ") AS INTEGER)";
  };
  const std::string due = count("stage = 'active' AND standing = 'running' AND eligible_from <= on_day");
  const std::string held =
      count("EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = r.document_id AND h.released_at IS NULL)");
  const std::string records =
      " FROM (SELECT r.*, d.class_id FROM record r JOIN document d ON d.id = r.document_id WHERE " +
      std::string(kReadable) + ") r JOIN (SELECT $3 AS on_day)";
  const auto figures = session
                           .row<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                                std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
                               "SELECT count(*)" + count("standing = 'waiting'") + count("standing = 'unscheduled'") +
                                   count("standing = 'permanent'") + count("standing = 'contradictory'") + held +
                                   count("stage IN ('proposed', 'transferring')") + count("stage = 'restorable'") +
                                   due + count("stage = 'active' AND deadline < on_day") + records,
                               who.is_system(), who.account_id, on)
                           .value();
  std::tie(report.records, report.waiting, report.unscheduled, report.permanent, report.contradictory, report.on_hold,
           report.in_batches, report.restorable, report.due, report.overdue) = figures;
  for (auto& [code, title, all, due_here, held_here] :
       session.rows<std::string, std::string, std::int64_t, std::int64_t, std::int64_t>(
           "SELECT c.code, c.title, count(*)" + due + held + records +
               " JOIN class c ON c.id = r.class_id GROUP BY c.id ORDER BY c.code",
           who.is_system(), who.account_id, on)) {
    report.by_class.push_back({code, title, all, due_here, held_here});
  }
  const auto others = session
                          .row<std::int64_t, std::int64_t>(
                              "SELECT CAST(total(d.class_id IS NULL) AS INTEGER), CAST(total(d.class_id IS NOT NULL) "
                              "AS INTEGER) FROM document d LEFT JOIN record r ON r.document_id = d.id WHERE " +
                                  std::string(kReadable) +
                                  " AND r.document_id IS NULL AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL",
                              who.is_system(), who.account_id)
                          .value();
  std::tie(report.unfiled, report.undeclared) = others;
  report.destroyed = session
                         .value<std::int64_t>("SELECT count(*) FROM tombstone d WHERE " + std::string(kReadable) +
                                                  " AND d.purged_at IS NOT NULL",
                                              who.is_system(), who.account_id)
                         .value();
  return report;
}

std::optional<Date> demonstration_day(Session& session) {
  const auto set = session.value<std::string>("SELECT value FROM setting WHERE name = $1", kDemonstrationDay);
  return set ? core::parse_iso_date(*set) : std::nullopt;
}

Date today(Session& session, core::Time now) {
  return demonstration_day(session).value_or(core::civil_date(now));
}

void set_demonstration_day(storage::Transaction& tx, std::optional<Date> day) {
  const auto before = demonstration_day(tx);
  tx.execute("DELETE FROM setting WHERE name = $1", kDemonstrationDay);
  if (day) tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", kDemonstrationDay, core::to_iso(*day));
  const auto described = [](const std::optional<Date>& date) {
    return date ? nlohmann::ordered_json{{"today", core::to_iso(*date)}}.dump() : std::string();
  };
  tx.audit({"retention.today_set", "setting", 0, described(before), described(day)});
}

}  // namespace muniment::records
