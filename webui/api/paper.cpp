// Paper files: registering, moving, and how paper ends.
#include <algorithm>
#include <span>

#include "core/error.h"
#include "records/barcodes.h"
#include "records/paper_disposal.h"
#include "records/report.h"
#include "records/scan_checks.h"
#include "webui/api/paper_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

Json checks_json(const std::vector<records::ScanCheck>& checks) {
  Json items = Json::array();
  for (const auto& check : checks) {
    items.push_back({{"id", check.id},
                     {"checked_at", core::to_rfc3339(check.checked_at)},
                     {"checked_by", check.checked_by_name},
                     {"pages_compared", check.pages_compared},
                     {"pages", check.pages},
                     {"passed", check.passed},
                     {"note", check.note}});
  }
  return items;
}

records::PaperTerms paper_terms_of(Fields& body) {
  return {body.nullable_number("home").value_or(std::nullopt), body.maybe_text("barcode").value_or("")};
}

void register_file(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  storage::NewDocument document;
  document.title = body.text("title");
  document.date = body.nullable_date("document_date").value_or(std::nullopt);
  document.class_id = body.nullable_number("class").value_or(std::nullopt);
  document.folder_id = body.nullable_number("folder").value_or(std::nullopt);
  document.type_id = body.nullable_number("type").value_or(std::nullopt);
  document.correspondent_id = body.nullable_number("correspondent").value_or(std::nullopt);
  if (body.has("tags")) document.tag_ids = body.numbers("tags");
  const records::PaperTerms terms = paper_terms_of(body);
  body.finish();
  document.source = call.session_cookie.empty() ? "api" : "upload";
  auto tx = api.services.database.begin(call.who.actor());
  if (document.folder_id || document.class_id) {
    storage::require_may_file_in(tx, call.who, document.folder_id, document.class_id,
                                 call.who.first_of(records::kPaperRegistrars));
  }
  const std::int64_t id = records::register_paper(tx, call.who, document, terms);
  const Json json = paper_file_json(tx, call.who, id, today(tx, api));
  tx.commit();
  api.services.operations.records_changed();
  send_created(call.http, "/api/v1/documents/" + std::to_string(id), json.at("version"), json);
}

void send_file(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Json json = paper_file_json(session, call.who, require_document(session, call).id, today(session, api));
  send_versioned(call.http, 200, json.at("version"), json);
}

void send_history(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto document = require_document(session, call);
  Json loans = Json::array();
  for (const auto& loan : records::loan_history(session, document.id)) {
    loans.push_back(loan_json(session, call.who, loan, today(session, api)));
  }
  send_json(
      call.http, 200,
      {{"movements", movements_json(records::item_movements(session, document.id))}, {"loans", std::move(loans)}});
}

void add_beside(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const records::PaperTerms terms = paper_terms_of(body);
  body.finish();
  change_paper(call, api,
               [&](storage::Transaction& tx, std::int64_t id) { records::add_paper(tx, call.who, id, terms); });
}

void remove(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  records::remove_paper(tx, call.who, call.number("id"));
  tx.commit();
  call.http.send_empty(204);
}

void move_paper(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::int64_t to = body.number("to");
  const bool home = body.maybe_truth("home").value_or(false);
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::move_item(tx, call.who, id, version, to, home);
  });
}

void relabel_paper(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string barcode = body.text("barcode");
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::give_other_code(tx, call.who, {records::CodeBearer::Kind::paper, id}, barcode);
  });
}

void check_scan(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  records::PagesCompared compared;
  if (body.has("pages")) {
    compared.pages = body.numbers("pages");
  } else {
    compared.count = body.number("pages_compared");
  }
  const bool passed = body.truth("passed");
  const std::string note = body.maybe_text("note").value_or("");
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::record_scan_check(tx, call.who, id, compared, passed, note);
  });
}

void send_scan_rule(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_json(call.http, 200, {{"percent", records::scan_check_percent(session)}});
}

void set_scan_rule(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t percent = body.number("percent");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  records::set_scan_check_percent(tx, call.who, percent);
  tx.commit();
  send_json(call.http, 200, {{"percent", percent}});
}

void discard(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const core::Date on = date_of(body, "destroyed_on");
  const std::string method = body.text("method");
  body.finish();
  std::int64_t document = 0;
  {
    // The holds are not asked about what the asker may not read.
    auto session = api.services.database.read();
    document = require_document(session, call).id;
  }
  const records::HoldsAsked asked = api.services.disposal.ask_holds({document});
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::discard_paper(tx, call.who, id, on, method, today(tx, api), asked);
  });
}

core::Time trashed_before(const Api& api) {
  return api.services.clock.now() - api.options.trash_kept;
}

void send_to_destroy(Call& call, Api& api) {
  auto session = api.services.database.read();
  const core::Date day = today(session, api);
  const auto papers = records::paper_to_destroy(session, call.who, trashed_before(api));
  send_window(call, papers, [&](const records::PaperToDestroy& paper) -> Json {
    const bool can_be_restored = paper.restorable_until && day <= *paper.restorable_until;
    return {{"id", paper.document_id},
            {"title", paper.title},
            {"barcode", paper.barcode},
            {"current", place_json(paper.current)},
            {"batch", nullable(paper.batch_id)},
            {"restorable_until", date_json(paper.restorable_until)},
            {"on_hold", paper.held},
            {"now", !paper.held && !can_be_restored},
            {"transferred_to", paper.transferred_to.empty() ? Json() : Json(paper.transferred_to)}};
  });
}

// Those of `documents` whose paper the asker may confirm: the holds are asked about no others.
std::vector<std::int64_t> to_destroy_of(const std::vector<std::int64_t>& documents, const Call& call, Api& api) {
  auto session = api.services.database.read();
  std::vector<std::int64_t> found;
  for (const records::PaperToDestroy& paper : records::paper_to_destroy(session, call.who, trashed_before(api))) {
    if (std::find(documents.begin(), documents.end(), paper.document_id) != documents.end()) {
      found.push_back(paper.document_id);
    }
  }
  return found;
}

void confirm_destruction(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto documents = documents_of(body);
  const core::Date on = date_of(body, "destroyed_on");
  const std::string method = body.text("method");
  body.finish();
  const records::HoldsAsked asked = api.services.disposal.ask_holds(to_destroy_of(documents, call, api));
  auto tx = api.services.database.begin(call.who.actor());
  records::confirm_paper_destroyed(tx, call.who, documents, on, method, {today(tx, api), trashed_before(api)}, asked);
  tx.commit();
  api.services.operations.records_changed();
  call.http.send_empty(204);
}

}  // namespace

core::Date today(storage::Session& session, const Api& api) {
  return records::today(session, api.services.clock.now());
}

Json place_json(const std::optional<records::Place>& place) {
  return place ? Json{{"id", place->id}, {"path", place->path}} : Json();
}

Json document_name_json(storage::Session& session, const storage::Principal& who, std::int64_t document_id) {
  const auto document = storage::find_document(session, who, document_id);
  return {{"id", document_id}, {"title", document ? document->title : ""}};
}

Json movements_json(const std::vector<records::Movement>& movements) {
  Json items = Json::array();
  for (const auto& movement : movements) {
    items.push_back({{"at", core::to_rfc3339(movement.at)},
                     {"why", movement.why},
                     {"from", place_json(movement.from)},
                     {"to", place_json(movement.to)},
                     {"by", person_json(movement.by, movement.by_name)}});
  }
  return items;
}

Json paper_destruction_json(const std::optional<records::PaperDestruction>& destruction) {
  if (!destruction) return {};
  return {{"destroyed_on", core::to_iso(destruction->destroyed_on)},
          {"method", destruction->method},
          {"batch", nullable(destruction->batch_id)},
          {"confirmed_at", core::to_rfc3339(destruction->confirmed_at)},
          {"confirmed_by", person_json(destruction->confirmed_by, destruction->confirmed_by_name)}};
}

Json loan_json(storage::Session& session, const storage::Principal& who, const records::Loan& loan, core::Date day) {
  return {{"id", loan.id},
          {"document", document_name_json(session, who, loan.document_id)},
          {"borrower", loan.borrower},
          {"account", loan.account_id > 0 ? Json(loan.account_id) : Json()},
          {"out_at", core::to_rfc3339(loan.out_at)},
          {"out_by", loan.out_by_name},
          {"due_on", core::to_iso(loan.due_on)},
          {"recalled_at", time_json(loan.recalled_at)},
          {"returned_at", time_json(loan.returned_at)},
          {"overdue", !loan.returned_at && loan.due_on < day}};
}

Json reservation_json(storage::Session& session, const storage::Principal& who, const records::Reservation& one) {
  return {{"id", one.id},
          {"document", document_name_json(session, who, one.document_id)},
          {"account", named_json(one.account_id, one.name)},
          {"made_at", core::to_rfc3339(one.made_at)},
          {"available_at", time_json(one.available_at)}};
}

Json paper_item_json(storage::Session& session, const storage::Principal& who, const records::PhysicalItem& item) {
  return {{"document", document_name_json(session, who, item.document_id)},
          {"version", item.version},
          {"barcode", item.barcode},
          {"home", place_json(item.home)},
          {"current", place_json(item.current)},
          {"missing_since", time_json(item.missing_since)},
          {"on_loan", item.on_loan},
          {"label", item.label}};
}

Json paper_file_json(storage::Session& session, const storage::Principal& who, std::int64_t document_id,
                     core::Date day) {
  const auto item = records::find_item(session, document_id);
  const auto document = storage::find_document(session, who, document_id);
  if (!item || !document) throw Error(ErrorCode::not_found, "this document is not on paper");
  Json json = paper_item_json(session, who, *item);
  const auto loan = records::open_loan(session, document_id);
  Json waiting = Json::array();
  for (const auto& one : records::reservations_of(session, document_id)) {
    waiting.push_back(reservation_json(session, who, one));
  }
  json["medium"] = storage::medium_name(document->medium);
  json["loan"] = loan ? loan_json(session, who, *loan, day) : Json();
  json["reservations"] = std::move(waiting);
  json["scan_checks"] = checks_json(records::scan_checks(session, document_id));
  const auto coverage = records::scan_coverage(session, *document);
  json["scan_coverage"] = {{"pages", coverage.pages}, {"of", coverage.of}, {"needed", coverage.needed}};
  json["destruction"] = paper_destruction_json(records::find_paper_destruction(session, document_id));
  return json;
}

void change_paper(Call& call, Api& api, const std::function<void(storage::Transaction&, std::int64_t document)>& act) {
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = call.number("id");
  act(tx, id);
  const Json json = paper_file_json(tx, call.who, id, today(tx, api));
  tx.commit();
  send_versioned(call.http, 200, json.at("version"), json);
}

void add_for_document(Router& router, Api& api, const char* method, const std::string& pattern, const Needs& needs,
                      void (*handler)(Call&, Api&)) {
  router.add(method, pattern, needs, [&api, handler](Call& call) {
    {
      auto session = api.services.database.read();
      require_document(session, call);
    }
    handler(call, api);
  });
}

void add_paper(Router& router, Api& api) {
  const auto add = [&](const char* method, const std::string& pattern, Needs needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  const auto about = [&](const char* method, const std::string& pattern, const Needs& needs,
                         void (*handler)(Call&, Api&)) {
    add_for_document(router, api, method, pattern, needs, handler);
  };
  const std::string paper = "/api/v1/documents/{id}/paper";
  const auto any_of = [](std::span<const Permission> permissions) {
    return AnyOf{{permissions.begin(), permissions.end()}};
  };
  add("POST", "/api/v1/paper-files", any_of(records::kPaperRegistrars), register_file);
  about("GET", paper, Permission::read_documents, send_file);
  about("POST", paper, any_of(records::kPaperKeepers), add_beside);
  about("DELETE", paper, any_of(records::kPaperKeepers), remove);
  about("GET", paper + "/history", Permission::read_documents, send_history);
  about("POST", paper + "/move", Permission::lend_paper, move_paper);
  about("PUT", paper + "/barcode", Permission::manage_paper, relabel_paper);
  about("POST", paper + "/scan-checks", Permission::manage_paper, check_scan);
  about("POST", paper + "/discard", Permission::manage_paper, discard);
  add("GET", "/api/v1/paper/scan-rule", Permission::read_documents, send_scan_rule);
  add("PUT", "/api/v1/paper/scan-rule", Permission::manage_schedules, set_scan_rule);
  add("GET", "/api/v1/paper-to-destroy", Permission::manage_paper, send_to_destroy);
  add("POST", "/api/v1/paper-destructions", Permission::manage_paper, confirm_destruction);
}

}  // namespace muniment::webui::api
