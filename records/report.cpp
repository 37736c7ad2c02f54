#include "records/report.h"

#include <map>
#include <tuple>

#include "core/clock.h"
#include "records/internal/readable.h"
#include "records/records.h"

namespace muniment::records {

using storage::Principal;
using storage::Session;

namespace {

std::string total(std::string_view condition) {
  return ", CAST(total(" + std::string(condition) + ") AS INTEGER)";
}

void add(Figures& sum, const Figures& part) {
  for (const auto member : {&Figures::records, &Figures::due, &Figures::overdue, &Figures::waiting,
                            &Figures::unscheduled, &Figures::permanent, &Figures::contradictory, &Figures::on_hold,
                            &Figures::in_batches, &Figures::restorable, &Figures::destroyed, &Figures::undeclared}) {
    sum.*member += part.*member;
  }
}

using ByClass = std::map<std::int64_t, ClassFigures>;  // 0: no class

// Everything that documents and their records say, in one pass.
ByClass figures_of_documents(Session& session, const Principal& who, Date on) {
  ByClass figures;
  for (const auto& [class_id, records, waiting, unscheduled, permanent, contradictory, in_batches, restorable, due,
                    overdue, undeclared] :
       session.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                    std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
           "SELECT coalesce(d.class_id, 0), count(r.document_id)" + total("r.standing = 'waiting'") +
               total("r.standing = 'unscheduled'") + total("r.standing = 'permanent'") +
               total("r.standing = 'contradictory'") + total("r.stage IN ('proposed', 'transferring')") +
               total("r.stage = 'restorable'") +
               total("r.stage = 'active' AND r.standing = 'running' AND r.eligible_from <= day.today") +
               total("r.stage = 'active' AND r.deadline < day.today") +
               total("r.document_id IS NULL AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS "
                     "NULL") +
               " FROM (SELECT $1 AS today) AS day CROSS JOIN document d LEFT JOIN record r ON r.document_id = d.id "
               "WHERE " +
               readable("d.access_list_id", 2) + " GROUP BY coalesce(d.class_id, 0)",
           on, who.account_id, who.day)) {
    ClassFigures& one = figures[class_id];
    one.records = records;
    one.waiting = waiting;
    one.unscheduled = unscheduled;
    one.permanent = permanent;
    one.contradictory = contradictory;
    one.in_batches = in_batches;
    one.restorable = restorable;
    one.due = due;
    one.overdue = overdue;
    one.undeclared = undeclared;
  }
  // From the holds, because few records are held.
  for (const auto& [class_id, held] : session.rows<std::int64_t, std::int64_t>(
           "SELECT coalesce(d.class_id, 0), count(DISTINCT h.document_id) FROM hold_item h "
           "CROSS JOIN record r ON r.document_id = h.document_id CROSS JOIN document d ON d.id = r.document_id "
           "CROSS JOIN hold x ON x.id = h.hold_id WHERE h.released_at IS NULL" +
               known_holds("x", who) + " AND +" + readable("d.access_list_id") + " GROUP BY coalesce(d.class_id, 0)",
           who.account_id, who.day)) {
    figures[class_id].on_hold = held;
  }
  return figures;
}

Date month_after(Date first) {
  return Date(first.year() / first.month() / 1) + std::chrono::months(1);
}

}  // namespace

RetentionReport retention_report(Session& session, const Principal& who, Date on) {
  RetentionReport report;
  std::map<std::string, ClassFigures> by_code;
  for (auto& [class_id, figures] : figures_of_documents(session, who, on)) {
    if (class_id == 0) {
      report.unfiled = figures.undeclared;
      continue;
    }
    const auto node = session.row<std::string, std::string>("SELECT code, title FROM class WHERE id = $1", class_id);
    std::tie(figures.code, figures.title) = node.value();
    by_code[figures.code] = figures;
  }
  for (const auto& [code, count] : session.rows<std::string, std::int64_t>(
           "SELECT t.class_code, count(*) FROM tombstone t WHERE t.purged_at IS NOT NULL AND " +
               readable("t.access_list_id") + " GROUP BY t.class_code",
           who.account_id, who.day)) {
    if (code.empty()) {
      report.destroyed += count;  // from the trash, never filed
    } else {
      by_code[code].code = code;
      by_code[code].destroyed = count;
    }
  }
  for (const auto& [code, figures] : by_code) {
    add(report, figures);
    report.by_class.push_back(figures);
  }
  report.unfiled_certificates =
      session
          .value<std::int64_t>(
              "SELECT count(*) FROM disposition_batch b JOIN document d ON d.id = b.certificate_id "
              "WHERE d.class_id IS NULL AND d.trashed_at IS NULL AND " +
                  readable("d.access_list_id"),
              who.account_id, who.day)
          .value();
  report.not_declared = not_declared_count(session, who);
  return report;
}

std::vector<YearFigures> year_report(Session& session, const Principal& who) {
  std::map<int, YearFigures> years;
  for (const auto& [year, action, count] : session.rows<std::string, std::string, std::int64_t>(
           "SELECT substr(r.eligible_from, 1, 4), r.action, count(*) FROM record r CROSS JOIN document d "
           "ON d.id = r.document_id WHERE r.stage = 'active' AND r.eligible_from IS NOT NULL AND +" +
               readable("d.access_list_id") + " GROUP BY substr(r.eligible_from, 1, 4), r.action",
           who.account_id, who.day)) {
    YearFigures& one = years[std::stoi(year)];
    (action == "transfer" ? one.to_transfer : action == "review" ? one.to_review : one.to_destroy) += count;
  }
  const auto first = session.value<std::optional<std::int64_t>>("SELECT min(purged_at) FROM tombstone").value();
  const auto last = session.value<std::optional<std::int64_t>>("SELECT max(purged_at) FROM tombstone").value();
  if (first) {
    const int end = static_cast<int>(core::civil_date(core::from_microseconds(*last)).year());
    for (int year = static_cast<int>(core::civil_date(core::from_microseconds(*first)).year()); year <= end; ++year) {
      const auto new_year = [](int y) { return core::start_of(std::chrono::year(y) / 1 / 1); };
      const std::int64_t count =
          session
              .value<std::int64_t>(
                  "SELECT count(*) FROM tombstone t WHERE t.purged_at >= $1 AND t.purged_at < $2 AND " +
                      readable("t.access_list_id", 3),
                  new_year(year), new_year(year + 1), who.account_id, who.day)
              .value();
      if (count > 0) years[year].destroyed = count;
    }
  }
  std::vector<YearFigures> report;
  for (auto& [year, figures] : years) {
    figures.year = year;
    report.push_back(figures);
  }
  return report;
}

GrowthReport growth_report(Session& session, const Principal& who, Date on, int months) {
  GrowthReport report;
  std::tie(report.documents, report.pages) =
      session
          .row<std::int64_t, std::int64_t>(
              "SELECT count(*), coalesce(sum(d.page_count), 0) FROM document d WHERE "
              "d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS NULL AND " +
                  readable("d.access_list_id"),
              who.account_id, who.day)
          .value();
  for (Date first = month_after(Date(on.year() / on.month() / 1) - std::chrono::months(months)); months > 0; --months) {
    const Date next = month_after(first);
    MonthFigures one{static_cast<int>(first.year()), static_cast<unsigned>(first.month())};
    const auto in_month = [&](const std::string& columns_and_tables, const char* time, const char* list) {
      return "SELECT " + columns_and_tables + " WHERE " + time + " >= $1 AND " + time + " < $2 AND " +
             readable(list, 3);
    };
    std::tie(one.documents, one.pages) =
        session
            .row<std::int64_t, std::int64_t>(
                in_month("count(*), coalesce(sum(d.page_count), 0) FROM document d", "d.added_at", "d.access_list_id"),
                core::start_of(first), core::start_of(next), who.account_id, who.day)
            .value();
    one.bytes =
        session
            .value<std::int64_t>(
                in_month("coalesce(sum(b.size), 0) FROM document d CROSS JOIN component c ON c.document_id = d.id "
                         "CROSS JOIN blob b ON b.sha256 = c.sha256",
                         "d.added_at", "d.access_list_id"),
                core::start_of(first), core::start_of(next), who.account_id, who.day)
            .value();
    one.destroyed = session
                        .value<std::int64_t>(in_month("count(*) FROM tombstone t", "t.purged_at", "t.access_list_id"),
                                             core::start_of(first), core::start_of(next), who.account_id, who.day)
                        .value();
    report.months.push_back(one);
    first = next;
  }
  return report;
}

}  // namespace muniment::records
