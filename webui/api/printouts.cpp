// What can be printed, and the lists that go into spreadsheets.
#include "webui/printouts.h"

#include "core/csv.h"
#include "core/error.h"
#include "records/certificate.h"
#include "records/holds.h"
#include "records/report.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

constexpr std::size_t kMostHeldPrinted = 100'000;

// Of what tells of documents, each time and before the first byte goes out.
void audit_printed(Call& call, Api& api, storage::AuditEvent event, const char* format) {
  event.after = Json{{"format", format}}.dump();
  auto tx = api.services.database.begin(call.who.actor());
  tx.audit(event);
  tx.commit();
}

void send_certificate_printout(Call& call, Api& api) {
  const auto certificate = [&] {
    auto session = api.services.database.read();
    return records::certificate(session, call.who, call.number("id"));
  }();
  audit_printed(call, api, {"disposition.certificate_printed", "disposition", certificate.batch.id}, "pdf");
  send_attachment(call.http, "application/pdf", "certificate-" + std::to_string(certificate.batch.id) + ".pdf",
                  certificate_pdf(certificate, language_of(call)));
}

void send_file_plan(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_attachment(call.http, "application/pdf", "file-plan.pdf",
                  file_plan_pdf(records::list_classes(session), records::list_schedules(session), language_of(call),
                                api.services.clock.now()));
}

void send_schedules(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_attachment(call.http, "application/pdf", "retention-schedule.pdf",
                  schedules_pdf(records::list_schedules(session), language_of(call), api.services.clock.now()));
}

HoldReport hold_report(Call& call, storage::Session& session) {
  HoldReport report;
  auto hold = records::find_hold(session, call.number("id"));
  if (!hold) throw Error(ErrorCode::not_found, "there is no such hold");
  report.hold = std::move(*hold);
  report.counts = records::held_counts(session, call.who, report.hold.id);
  for (const std::int64_t id : report.hold.folders) {
    const auto folder = records::find_folder(session, id);
    const bool readable =
        folder && call.who.may_read(storage::inherited_access_list(session, folder->id, folder->class_id));
    report.folders.push_back(readable ? folder->title : "#" + std::to_string(id));
  }
  report.items = records::hold_items(session, call.who, report.hold.id, 0, kMostHeldPrinted);
  return report;
}

HoldReport audited_hold_report(Call& call, Api& api, const char* format) {
  HoldReport report;
  {
    auto session = api.services.database.read();
    report = hold_report(call, session);
  }
  audit_printed(call, api, {"hold.report_printed", "hold", report.hold.id}, format);
  return report;
}

std::string hold_file(const HoldReport& report, const char* extension) {
  return "hold-" + std::to_string(report.hold.id) + extension;
}

void send_hold_pdf(Call& call, Api& api) {
  const HoldReport report = audited_hold_report(call, api, "pdf");
  send_attachment(call.http, "application/pdf", hold_file(report, ".pdf"),
                  hold_report_pdf(report, language_of(call), api.services.clock.now()));
}

void send_hold_csv(Call& call, Api& api) {
  const HoldReport report = audited_hold_report(call, api, "csv");
  std::string csv = core::csv_line({"document", "title", "origin", "held_since", "released_at", "exists"});
  for (const auto& item : report.items) {
    csv += core::csv_line({std::to_string(item.document_id), item.title, item.origin, core::to_rfc3339(item.added_at),
                           item.released_at ? core::to_rfc3339(*item.released_at) : "", item.exists ? "yes" : "no"});
  }
  send_attachment(call.http, "text/csv; charset=utf-8", hold_file(report, ".csv"), csv);
}

}  // namespace

void add_printouts(Router& router, Api& api) {
  const auto add = [&](const char* pattern, Needs needs, void (*handler)(Call&, Api&)) {
    router.add("GET", pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("/api/v1/dispositions/{id}/certificate.pdf", kOfBatches, send_certificate_printout);
  add("/api/v1/file-plan.pdf", Permission::read_documents, send_file_plan);
  add("/api/v1/schedules.pdf", Permission::read_documents, send_schedules);
  add("/api/v1/holds/{id}/report.pdf", Permission::manage_holds, send_hold_pdf);
  add("/api/v1/holds/{id}/report.csv", Permission::manage_holds, send_hold_csv);
}

}  // namespace muniment::webui::api
