// Figures: how the records stand, by class and by year, and how the archive grows; as JSON for charts and as CSV.
#include "core/csv.h"
#include "core/error.h"
#include "records/disposition.h"
#include "records/loans.h"
#include "records/purge_day.h"
#include "records/report.h"
#include "records/standings.h"
#include "records/waiting.h"
#include "webui/api/list_csv.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using storage::Permission;

namespace {

constexpr std::int64_t kMostMonths = 120;

// The columns of a class, in the order in which JSON and CSV have them.
struct FigureColumn {
  const char* name;
  std::int64_t records::Figures::*member;
};
constexpr FigureColumn kFigures[] = {{"records", &records::Figures::records},
                                     {"due", &records::Figures::due},
                                     {"overdue", &records::Figures::overdue},
                                     {"waiting", &records::Figures::waiting},
                                     {"unscheduled", &records::Figures::unscheduled},
                                     {"permanent", &records::Figures::permanent},
                                     {"contradictory", &records::Figures::contradictory},
                                     {"on_hold", &records::Figures::on_hold},
                                     {"in_batches", &records::Figures::in_batches},
                                     {"restorable", &records::Figures::restorable},
                                     {"destroyed", &records::Figures::destroyed},
                                     {"undeclared", &records::Figures::undeclared}};

void put_figures(Json& json, const records::Figures& figures) {
  for (const auto& [name, member] : kFigures) json[name] = figures.*member;
}

records::RetentionReport classes_of(Call& call, Api& api, core::Date& on) {
  auto session = api.services.database.read();
  on = day_of(call, session, api);
  return records::retention_report(session, call.who, on);
}

// After a restore.
Json waiting_of_purges(Api& api) {
  auto session = api.services.database.read();
  const auto last = records::purging_postponed_through(session);
  return last ? Json(core::to_iso(*last)) : Json();
}

void send_classes(Call& call, Api& api) {
  core::Date on;
  const auto report = classes_of(call, api, on);
  Json classes = Json::array();
  for (const auto& one : report.by_class) {
    Json json{{"class", one.code}, {"title", one.title}};
    put_figures(json, one);
    classes.push_back(std::move(json));
  }
  Json json{{"on", core::to_iso(on)}, {"purging_waits_through", waiting_of_purges(api)}};
  put_figures(json, report);
  json["unfiled"] = report.unfiled;
  json["unfiled_certificates"] = report.unfiled_certificates;
  json["not_declared"] = report.not_declared;
  json["by_class"] = std::move(classes);
  send_json(call.http, 200, json);
}

void send_classes_csv(Call& call, Api& api) {
  core::Date on;
  const auto report = classes_of(call, api, on);
  std::vector<std::string> head{"class", "title"};
  for (const auto& [name, member] : kFigures) head.emplace_back(name);
  std::string csv = core::csv_line(head);
  for (const auto& one : report.by_class) {
    std::vector<std::string> line{one.code, one.title};
    for (const auto& [name, member] : kFigures) line.push_back(std::to_string(one.*member));
    csv += core::csv_line(line);
  }
  // Last what has no class, and what was destroyed without one.
  records::Figures rest;
  rest.undeclared = report.unfiled;
  rest.destroyed = report.destroyed;
  for (const auto& one : report.by_class) rest.destroyed -= one.destroyed;
  std::vector<std::string> line{"", ""};
  for (const auto& [name, member] : kFigures) line.push_back(std::to_string(rest.*member));
  csv += core::csv_line(line);
  send_attachment(call.http, "text/csv; charset=utf-8", "classes-" + core::to_iso(on) + ".csv", csv);
}

std::vector<records::YearFigures> years_of(Call& call, Api& api) {
  auto session = api.services.database.read();
  return records::year_report(session, call.who);
}

void send_years(Call& call, Api& api) {
  Json years = Json::array();
  for (const auto& one : years_of(call, api)) {
    years.push_back({{"year", one.year},
                     {"to_destroy", one.to_destroy},
                     {"to_transfer", one.to_transfer},
                     {"to_review", one.to_review},
                     {"destroyed", one.destroyed}});
  }
  send_json(call.http, 200, {{"items", std::move(years)}});
}

void send_years_csv(Call& call, Api& api) {
  std::string csv = core::csv_line({"year", "to_destroy", "to_transfer", "to_review", "destroyed"});
  for (const auto& one : years_of(call, api)) {
    csv += core::csv_line({std::to_string(one.year), std::to_string(one.to_destroy), std::to_string(one.to_transfer),
                           std::to_string(one.to_review), std::to_string(one.destroyed)});
  }
  send_attachment(call.http, "text/csv; charset=utf-8", "years.csv", csv);
}

std::string month_name(const records::MonthFigures& one) {
  return core::to_iso(core::Date(std::chrono::year(one.year) / one.month / 1)).substr(0, 7);
}

records::GrowthReport growth_of(Call& call, Api& api) {
  const auto months = static_cast<int>(call.number_query("months", 24, 1, kMostMonths));
  auto session = api.services.database.read();
  return records::growth_report(session, call.who, core::date_of(api.services.clock.now()), months);
}

void send_growth(Call& call, Api& api) {
  const auto report = growth_of(call, api);
  Json months = Json::array();
  for (const auto& one : report.months) {
    months.push_back({{"month", month_name(one)},
                      {"documents", one.documents},
                      {"pages", one.pages},
                      {"bytes", one.bytes},
                      {"destroyed", one.destroyed}});
  }
  send_json(call.http, 200, {{"documents", report.documents}, {"pages", report.pages}, {"items", std::move(months)}});
}

void send_growth_csv(Call& call, Api& api) {
  std::string csv = core::csv_line({"month", "documents", "pages", "bytes", "destroyed"});
  for (const auto& one : growth_of(call, api).months) {
    csv += core::csv_line({month_name(one), std::to_string(one.documents), std::to_string(one.pages),
                           std::to_string(one.bytes), std::to_string(one.destroyed)});
  }
  send_attachment(call.http, "text/csv; charset=utf-8", "growth.csv", csv);
}

// A cell of a CSV says it in one text: "event contract ended".
Json missing_json(const records::Trigger& trigger, bool csv) {
  if (!csv) return trigger_json(trigger);
  return std::string(records::trigger_name(trigger.kind)) + (trigger.name.empty() ? "" : " " + trigger.name);
}

Json waiting_json(const records::WaitingRecord& one, bool csv) {
  Json missing = Json::array();
  for (const auto& trigger : one.missing) missing.push_back(missing_json(trigger, csv));
  return {{"id", one.document_id},
          {"title", one.title},
          {"class", one.class_code},
          {"since", core::to_iso(one.since)},
          {"missing", std::move(missing)}};
}

void send_waiting(Call& call, Api& api) {
  const Window window = window_of(call);
  auto session = api.services.database.read();
  const auto waiting = records::waiting_records(session, call.who, window.offset, window.limit);
  Json items = Json::array();
  for (const auto& one : waiting.records) items.push_back(waiting_json(one, wants_csv(call)));
  const bool more = static_cast<std::int64_t>(window.offset + waiting.records.size()) < waiting.total;
  send_list(call, window, std::move(items), more, waiting.total);
}

struct LoanFigures {
  std::size_t out = 0;
  std::size_t overdue = 0;
  std::size_t recalled = 0;
  std::size_t reserved = 0;
};

LoanFigures loans_of(Call& call, Api& api) {
  auto session = api.services.database.read();
  const core::Date day = day_of(call, session, api);
  LoanFigures figures;
  for (const auto& loan : records::list_loans(session, call.who, {})) {
    ++figures.out;
    figures.overdue += loan.due_on < day;
    figures.recalled += loan.recalled_at.has_value();
  }
  figures.reserved = records::list_reservations(session, call.who, std::nullopt).size();
  return figures;
}

void send_loan_figures(Call& call, Api& api) {
  const LoanFigures figures = loans_of(call, api);
  send_json(call.http, 200,
            {{"out", figures.out},
             {"overdue", figures.overdue},
             {"recalled", figures.recalled},
             {"reserved", figures.reserved}});
}

void send_loan_figures_csv(Call& call, Api& api) {
  const LoanFigures figures = loans_of(call, api);
  send_attachment(call.http, "text/csv; charset=utf-8", "loans.csv",
                  core::csv_line({"out", "overdue", "recalled", "reserved"}) +
                      core::csv_line({std::to_string(figures.out), std::to_string(figures.overdue),
                                      std::to_string(figures.recalled), std::to_string(figures.reserved)}));
}

std::optional<std::int64_t> asked_class(const Call& call) {
  if (!call.http.query("class")) return std::nullopt;
  return call.number_query("class", 0, 1, INT64_MAX);
}

void send_standing(Call& call, Api& api) {
  const auto standing = records::parse_listed_standing(call.http.query("standing").value_or(""));
  if (!standing) {
    const char* const right = "must be overdue, unscheduled, contradictory or permanent";
    throw core::Error(core::ErrorCode::invalid_argument, right, {{"standing", right}});
  }
  auto session = api.services.database.read();
  const core::Date on = day_of(call, session, api);
  const Window window = window_of(call);
  const auto page =
      records::list_standing(session, call.who, on, *standing, asked_class(call), window.offset, window.limit);
  Json items = Json::array();
  for (const auto& one : page.records) {
    items.push_back({{"id", one.document_id},
                     {"title", one.title},
                     {"class", one.class_code},
                     {"folder", one.folder},
                     {"schedule", one.schedule_code},
                     {"declared_on", core::to_iso(one.declared_on)},
                     {"deadline", date_json(one.deadline)}});
  }
  const bool more = static_cast<std::int64_t>(window.offset + page.records.size()) < page.total;
  send_list(call, window, std::move(items), more, page.total);
}

void send_free(Call& call, Api& api) {
  auto session = api.services.database.read();
  const core::Date today = records::today(session, api.services.clock.now());
  const auto count = [&](records::Action action) {
    return records::free_records(session, call.who, today, action, asked_class(call), records::kLargestBatch).size();
  };
  send_json(call.http, 200,
            {{"destroy", count(records::Action::destroy)}, {"transfer", count(records::Action::transfer)}});
}

}  // namespace

void add_reports(Router& router, Api& api) {
  const auto add = [&](const char* pattern, void (*handler)(Call&, Api&),
                       Permission needs = Permission::propose_disposition) {
    router.add("GET", pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("/api/v1/retention/report", send_classes);
  add("/api/v1/retention/records", send_standing);
  add("/api/v1/retention/free", send_free);
  add("/api/v1/reports/classes.csv", send_classes_csv);
  add("/api/v1/reports/years", send_years);
  add("/api/v1/reports/years.csv", send_years_csv);
  add("/api/v1/reports/growth", send_growth);
  add("/api/v1/reports/growth.csv", send_growth_csv);
  add("/api/v1/reports/waiting", send_waiting);
  add("/api/v1/reports/loans", send_loan_figures, Permission::lend_paper);
  add("/api/v1/reports/loans.csv", send_loan_figures_csv, Permission::lend_paper);
}

}  // namespace muniment::webui::api
