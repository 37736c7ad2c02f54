// Requests of people about what is kept of them: where they occur, erasure weighed and decided, restriction.
#include "records/privacy.h"

#include <algorithm>

#include "core/csv.h"
#include "core/error.h"
#include "records/report.h"
#include "storage/restrictions.h"
#include "webui/api/records_json.h"
#include "webui/printed_requests.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::ErasureRequest;
using records::WeighedDocument;
using storage::Permission;

namespace {

constexpr std::size_t kFoundAtOnce = 200;
constexpr std::size_t kMostFound = 10'000;

core::Date today_of(storage::Session& session, const Api& api) {
  return records::today(session, api.services.clock.now());
}

Json ground_json(const std::optional<records::RefusalGround>& ground) {
  return ground ? Json(records::ground_name(*ground)) : Json();
}

Json weighed_json(const WeighedDocument& document) {
  return {{"id", document.document_id},
          {"title", document.title},
          {"class", document.class_code},
          {"is_record", document.is_record},
          {"restricted", document.restricted},
          {"standing", records::standing_name(document.standing)},
          {"retain_through", date_json(document.retain_through)},
          {"authority", document.authority},
          {"holds", document.holds},
          {"ground", ground_json(document.ground)}};
}

Json place_json(const records::SubjectTraces::Place& place) {
  return {{"object", place.object}, {"id", place.id}, {"field", place.field}, {"text", place.text}};
}

Json request_json(const ErasureRequest& request) {
  return {{"id", request.id},
          {"version", request.version},
          {"subject", request.subject},
          {"queries", request.queries},
          {"received_on", core::to_iso(request.received_on)},
          {"due_on", core::to_iso(request.due_on)},
          {"extension_reason", request.extension_reason},
          {"closed", request.closed},
          {"batch", nullable(request.batch_id)},
          {"opened_at", core::to_rfc3339(request.opened_at)},
          {"closed_at", time_json(request.closed_at)},
          {"subject_erased_at", time_json(request.subject_erased_at)},
          {"documents", request.items},
          {"pending", request.pending},
          {"not_erased", request.not_erased}};
}

// Each text as a phrase, so that "Ek 19" does not find every 19; what the index has: text, titles, notes,
// correspondents.
std::vector<std::int64_t> documents_with(Api& api, const storage::Principal& who, const std::vector<std::string>& texts,
                                         bool& complete) {
  std::vector<std::int64_t> found;
  for (std::string text : texts) {
    std::erase(text, '"');
    SearchRequest request;
    request.query = '"' + text + '"';
    request.order = SearchOrder::oldest_first;
    request.snippets = false;
    request.limit = kFoundAtOnce;
    for (;; request.offset += kFoundAtOnce) {
      const SearchResult result = api.services.search.search(who, request);
      for (const SearchHit& hit : result.hits) found.push_back(hit.id);
      if (result.hits.size() < kFoundAtOnce) break;
      if (request.offset + kFoundAtOnce >= kMostFound) {
        complete = false;
        break;
      }
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// Both ascending.
void add_to(std::vector<std::int64_t>& found, const std::vector<std::int64_t>& others) {
  std::vector<std::int64_t> all;
  std::ranges::set_union(found, others, std::back_inserter(all));
  found = std::move(all);
}

std::vector<std::string> queries_of(Fields& body) {
  std::vector<std::string> queries = body.texts("queries");
  std::erase_if(queries, [](const std::string& text) { return text.find_first_not_of(" \"") == std::string::npos; });
  records::check_subject_texts(queries);
  return queries;
}

// The audit log learns that somebody searched, and took the report away as a file if it is one ("csv", "pdf"), and not
// for whom.
SubjectReport subject_report(Call& call, Api& api, const char* format = "") {
  Fields body = Fields::of(call.http);
  SubjectReport report;
  report.queries = queries_of(body);
  body.finish();
  {
    auto tx = api.services.database.begin(call.who.actor());
    tx.audit({"privacy.subject_searched", "privacy", 0, "", *format != 0 ? Json{{"format", format}}.dump() : ""});
    tx.commit();
  }
  auto found = documents_with(api, call.who, report.queries, report.complete);
  auto session = api.services.database.read();
  report.audit_searched = call.who.may(Permission::read_audit);
  report.traces = records::find_traces(session, call.who, report.queries, report.audit_searched);
  add_to(found, report.traces.documents);
  const core::Date today = today_of(session, api);
  for (const std::int64_t id : found) {
    if (auto weighed = records::weigh(session, call.who, id, today)) report.documents.push_back(std::move(*weighed));
  }
  return report;
}

void send_subject_report(Call& call, Api& api) {
  const SubjectReport report = subject_report(call, api);
  Json documents = Json::array(), accounts = Json::array(), correspondents = Json::array();
  for (const auto& one : report.documents) documents.push_back(weighed_json(one));
  for (const auto& one : report.traces.accounts) accounts.push_back(named_json(one.id, one.name));
  for (const auto& one : report.traces.correspondents) correspondents.push_back(named_json(one.id, one.name));
  Json places = Json::array();
  for (const auto& one : report.traces.places) places.push_back(place_json(one));
  send_json(call.http, 200,
            {{"documents", std::move(documents)},
             {"complete", report.complete},
             {"accounts", std::move(accounts)},
             {"correspondents", std::move(correspondents)},
             {"places", std::move(places)},
             {"audit_entries", report.audit_searched ? Json(report.traces.audit_entries) : Json()}});
}

void send_subject_csv(Call& call, Api& api) {
  const SubjectReport report = subject_report(call, api, "csv");
  std::string csv = core::csv_line(
      {"document", "title", "class", "record", "standing", "retain_through", "authority", "holds", "against_erasure"});
  for (const auto& one : report.documents) {
    csv += core::csv_line(
        {std::to_string(one.document_id), one.title, one.class_code, one.is_record ? "yes" : "no",
         std::string(records::standing_name(one.standing)), one.retain_through ? core::to_iso(*one.retain_through) : "",
         one.authority, std::to_string(one.holds), one.ground ? std::string(records::ground_name(*one.ground)) : ""});
  }
  // A second table below, after an empty line: where else than on pages.
  csv += "\r\n" + core::csv_line({"object", "number", "field", "text"});
  for (const auto& one : report.traces.places) {
    csv += core::csv_line({one.object, std::to_string(one.id), one.field, one.text});
  }
  send_attachment(call.http, "text/csv; charset=utf-8", "subject.csv", csv);
}

void send_subject_pdf(Call& call, Api& api) {
  send_attachment(call.http, "application/pdf", "subject.pdf",
                  subject_report_pdf(subject_report(call, api, "pdf"), language_of(call), api.services.clock.now()));
}

ErasureRequest require_request(storage::Session& session, std::int64_t id) {
  auto request = records::find_erasure_request(session, id);
  if (!request) throw Error(ErrorCode::not_found, "there is no such request");
  return std::move(*request);
}

void send_request(Call& call, Api& api) {
  auto session = api.services.database.read();
  const ErasureRequest request = require_request(session, call.number("id"));
  send_versioned(call.http, 200, request.version, request_json(request));
}

void send_request_items(Call& call, Api& api) {
  auto session = api.services.database.read();
  const ErasureRequest request = require_request(session, call.number("id"));
  Json items = Json::array();
  for (const auto& item : records::erasure_items(session, call.who, request.id, today_of(session, api))) {
    items.push_back({{"id", item.document_id},
                     {"document", item.document ? weighed_json(*item.document) : Json()},
                     {"decision", records::erasure_decision_name(item.decision)},
                     {"ground", ground_json(item.ground)},
                     {"reason", item.reason},
                     {"decided_at", time_json(item.decided_at)},
                     {"outcome", item.outcome}});
  }
  send_items(call, std::move(items));
}

void open_request(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string subject = body.text("subject");
  const auto queries = queries_of(body);
  const core::Date received_on = date_of(body, "received_on");
  body.finish();
  bool complete = true;
  auto found = documents_with(api, call.who, queries, complete);
  if (!complete) {
    throw Error(ErrorCode::invalid_argument, "more than 10000 documents are found; search for something more precise",
                {{"/queries", "must find at most 10000 documents"}});
  }
  {
    auto session = api.services.database.read();
    add_to(found, records::find_traces(session, call.who, queries, false).documents);
  }
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = records::open_erasure_request(tx, call.who, subject, queries, received_on);
  records::add_erasure_items(tx, call.who, id, found);
  const ErasureRequest request = require_request(tx, id);
  tx.commit();
  send_created(call.http, "/api/v1/erasure-requests/" + std::to_string(id), request.version, request_json(request));
}

// What all changes of a request have in common.
void change_request(Call& call, Api& api,
                    const std::function<void(storage::Transaction&, std::int64_t id, Fields&)>& act) {
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = call.number("id");
  act(tx, id, body);
  const ErasureRequest request = require_request(tx, id);
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, request.version, request_json(request));
}

void decide_request(Call& call, Api& api) {
  change_request(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
    const auto documents = documents_of(body);
    const auto decision = records::parse_erasure_decision(body.text("decision"));
    const auto ground_text = body.maybe_text("ground");
    const auto ground = ground_text ? records::parse_ground(*ground_text) : std::nullopt;
    const std::string reason = body.maybe_text("reason").value_or("");
    body.finish();
    if (!decision || *decision == records::ErasureDecision::pending) {
      throw Error(ErrorCode::invalid_argument, "must be erase, refuse or restrict",
                  {{"/decision", "must be erase, refuse or restrict"}});
    }
    records::decide_erasure(tx, call.who, id, documents, *decision, ground, reason, today_of(tx, api));
  });
}

void send_letter(Call& call, Api& api) {
  ErasureRequest request;
  std::vector<records::ErasureItem> items;
  {
    auto session = api.services.database.read();
    request = require_request(session, call.number("id"));
    if (!request.closed) throw Error(ErrorCode::conflict, "this request has not been decided; there is no letter yet");
    items = records::erasure_items(session, call.who, request.id, today_of(session, api));
  }
  {
    auto tx = api.services.database.begin(call.who.actor());
    tx.audit({"privacy.letter_printed", "erasure_request", request.id});
    tx.commit();
  }
  send_attachment(call.http, "application/pdf", "request-" + std::to_string(request.id) + ".pdf",
                  erasure_letter_pdf(request, items, language_of(call), api.services.clock.now()));
}

void restrict_document(Call& call, Api& api) {
  {
    auto session = api.services.database.read();
    require_document(session, call);
  }
  Fields body = Fields::of(call.http);
  const bool restricted = body.truth("restricted");
  const std::string reason = body.text("reason");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  records::set_restricted(tx, call.who, require_document(tx, call).id, restricted, reason);
  tx.commit();
  send_json(call.http, 200, {{"restricted", restricted}});
}

}  // namespace

void add_privacy(Router& router, Api& api) {
  const std::string path = "/api/v1/erasure-requests";
  const auto add = [&](const char* method, const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, Permission::handle_privacy, [&api, handler](Call& call) { handler(call, api); });
  };
  add("POST", "/api/v1/subject-report", send_subject_report);
  add("POST", "/api/v1/subject-report.csv", send_subject_csv);
  add("POST", "/api/v1/subject-report.pdf", send_subject_pdf);
  router.add("GET", path, Permission::handle_privacy, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, records::list_erasure_requests(session), request_json);
  });
  add("POST", path, open_request);
  add("GET", path + "/{id}", send_request);
  add("GET", path + "/{id}/documents", send_request_items);
  add("GET", path + "/{id}/letter.pdf", send_letter);
  add("POST", path + "/{id}/decide", decide_request);
  router.add("POST", path + "/{id}/extend", Permission::handle_privacy, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    change_request(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
      const std::string reason = body.text("reason");
      body.finish();
      records::extend_erasure_request(tx, call.who, id, version, reason);
    });
  });
  router.add("POST", path + "/{id}/close", Permission::handle_privacy, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    change_request(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
      body.finish();
      records::close_erasure_request(tx, call.who, id, version, api.options.disposition_approvals, today_of(tx, api));
    });
  });
  router.add("GET", "/api/v1/documents/{id}/restriction", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, {{"restricted", storage::is_restricted(session, require_document(session, call).id)}});
  });
  add("PUT", "/api/v1/documents/{id}/restriction", restrict_document);
}

}  // namespace muniment::webui::api
