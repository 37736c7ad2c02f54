// Where paper stands, and the labels on it.
#include "records/locations.h"

#include "core/error.h"
#include "printing/label_sheet.h"
#include "records/barcodes.h"
#include "webui/api/paper_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::CodeBearer;
using records::Location;
using storage::Permission;

namespace {

constexpr std::size_t kMostLabels = 1000;

Json location_json(const Location& location) {
  return {{"id", location.id},
          {"version", location.version},
          {"parent", nullable(location.parent_id)},
          {"kind", records::location_kind_name(location.kind)},
          {"name", location.name},
          {"path", location.path},
          {"capacity", nullable(location.capacity)},
          {"closed", location.closed},
          {"barcode", location.barcode},
          {"below", location.below}};
}

Location require_location(storage::Session& session, std::int64_t id) {
  auto location = records::find_location(session, id);
  if (!location) throw Error(ErrorCode::not_found, "there is no such place");
  return std::move(*location);
}

records::LocationKind kind_named(const std::string& name, const char* where) {
  const auto kind = records::parse_location_kind(name);
  if (kind) return *kind;
  throw Error(ErrorCode::invalid_argument, "there is no such kind of place",
              {{where, "must be site, room, shelf or box"}});
}

void list_locations(Call& call, Api& api) {
  const std::int64_t parent = call.number_query("parent", -1, 0, INT64_MAX);
  const bool only_open = call.truth_query("open");
  const auto kind = call.http.query("takes");
  const auto taken = kind ? std::optional(kind_named(*kind, "takes")) : std::nullopt;
  auto session = api.services.database.read();
  auto locations = records::list_locations(session);
  std::erase_if(locations, [&](const Location& one) {
    return !matches_q(call, one.path) || (parent >= 0 && one.parent_id.value_or(0) != parent) ||
           (only_open && one.closed) || (taken && !records::can_stand_in(*taken, one.kind));
  });
  send_window(call, locations, location_json);
}

void create_location(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  records::NewLocation wanted;
  wanted.parent_id = body.nullable_number("parent").value_or(std::nullopt);
  wanted.kind = kind_named(body.text("kind"), "/kind");
  wanted.name = body.text("name");
  wanted.capacity = body.nullable_number("capacity").value_or(std::nullopt);
  wanted.barcode = body.maybe_text("barcode").value_or("");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Location location = require_location(tx, records::create_location(tx, call.who, wanted));
  tx.commit();
  send_created(call.http, "/api/v1/locations/" + std::to_string(location.id), location.version,
               location_json(location));
}

void change_location(Call& call, Api& api, const std::function<void(storage::Transaction&, std::int64_t id)>& act) {
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = call.number("id");
  act(tx, id);
  const Location location = require_location(tx, id);
  tx.commit();
  send_versioned(call.http, 200, location.version, location_json(location));
}

void change_terms(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  records::LocationChange wanted;
  wanted.name = body.maybe_text("name");
  wanted.capacity = body.nullable_number("capacity");
  wanted.closed = body.maybe_truth("closed");
  body.finish();
  change_location(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::change_location(tx, call.who, id, version, wanted);
  });
}

void move_location(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::int64_t to = body.number("to");
  body.finish();
  change_location(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::move_location(tx, call.who, id, version, to);
  });
}

void relabel_location(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string barcode = body.text("barcode");
  body.finish();
  change_location(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::give_other_code(tx, call.who, {CodeBearer::Kind::location, id}, barcode);
  });
}

void send_files(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Location location = require_location(session, call.number("id"));
  send_window(call, records::items_at(session, call.who, location.id),
              [&](const records::PhysicalItem& item) { return paper_item_json(session, call.who, item); });
}

void send_movements(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Location location = require_location(session, call.number("id"));
  send_items(call, movements_json(records::location_movements(session, location.id)));
}

// What wears a code: a place, or the paper of a document that the asker may read.
void send_code(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto code = records::find_code(session, call.http.query("code").value_or(""));
  const bool paper = code && code->bearer.kind == CodeBearer::Kind::paper;
  if (!code || (paper && !storage::find_document(session, call.who, code->bearer.id))) {
    throw Error(ErrorCode::not_found, "nothing wears this code");
  }
  send_json(call.http, 200,
            {{"code", code->code},
             {"document", paper ? document_name_json(session, call.who, code->bearer.id) : Json()},
             {"location", paper ? Json() : location_json(require_location(session, code->bearer.id))},
             {"replaced", code->replaced}});
}

Json label_json(const records::LabelText& label) {
  const bool paper = label.bearer.kind == CodeBearer::Kind::paper;
  return {{"code", label.code},
          {"title", label.title},
          {"detail", label.detail},
          {"document", paper ? Json(label.bearer.id) : Json()},
          {"location", paper ? Json() : Json(label.bearer.id)},
          {"condition", label.condition}};
}

void send_labels(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_window(call, records::labels_to_print(session, call.who, kMostLabels), label_json);
}

std::vector<CodeBearer> bearers_of(Fields& body) {
  std::vector<CodeBearer> bearers;
  if (body.has("locations")) {
    for (const std::int64_t id : body.numbers("locations")) bearers.push_back({CodeBearer::Kind::location, id});
  }
  if (body.has("documents")) {
    for (const std::int64_t id : body.numbers("documents")) bearers.push_back({CodeBearer::Kind::paper, id});
  }
  if (!bearers.empty() && bearers.size() <= kMostLabels) return bearers;
  throw Error(ErrorCode::invalid_argument, "1 to 1000 labels at once",
              {{"/documents", "1 to 1000 documents and locations"}});
}

void print_labels(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto bearers = bearers_of(body);
  const auto sheet = printing::find_label_sheet(body.maybe_text("sheet").value_or("a4-3x8"));
  const std::string symbol = body.maybe_text("symbol").value_or("code128");
  const std::int64_t start = body.maybe_number("start").value_or(1);
  body.finish();
  if (!sheet) {
    throw Error(ErrorCode::invalid_argument, "there is no such sheet",
                {{"/sheet", "must be a4-3x8, a4-2x7 or label-62x29"}});
  }
  if (symbol != "code128" && symbol != "qr") {
    throw Error(ErrorCode::invalid_argument, "there is no such symbol", {{"/symbol", "must be code128 or qr"}});
  }
  if (start < 1 || start > static_cast<std::int64_t>(sheet->per_page())) {
    throw Error(ErrorCode::invalid_argument, "the sheet has no such label",
                {{"/start", "1 to " + std::to_string(sheet->per_page())}});
  }
  auto tx = api.services.database.begin(call.who.actor());
  const auto texts = records::label_texts(tx, call.who, bearers);
  std::vector<printing::Label> labels;
  for (const auto& text : texts) labels.push_back({text.code, text.title, text.detail});
  const std::string pdf =
      printing::print_labels(labels, *sheet, symbol == "qr" ? printing::Symbol::qr : printing::Symbol::code128,
                             static_cast<std::size_t>(start - 1));
  records::note_printed(tx, call.who, texts);
  tx.commit();
  call.http.set_header("Content-Disposition", "inline; filename=\"labels.pdf\"");
  call.http.set_header("Cache-Control", "private, no-store");
  call.http.send(200, "application/pdf", pdf);
}

}  // namespace

void add_locations(Router& router, Api& api) {
  const auto add = [&](const char* method, const std::string& pattern, Permission needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  const std::string path = "/api/v1/locations";
  const std::string one = path + "/{id}";
  add("GET", path, Permission::read_documents, list_locations);
  add("POST", path, Permission::manage_paper, create_location);
  router.add("GET", one, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Location location = require_location(session, call.number("id"));
    send_versioned(call.http, 200, location.version, location_json(location));
  });
  add("PATCH", one, Permission::manage_paper, change_terms);
  add("POST", one + "/move", Permission::lend_paper, move_location);
  add("PUT", one + "/barcode", Permission::manage_paper, relabel_location);
  add("GET", one + "/files", Permission::read_documents, send_files);
  add("GET", one + "/movements", Permission::read_documents, send_movements);
  add("GET", "/api/v1/barcodes", Permission::read_documents, send_code);
  add("GET", "/api/v1/labels", Permission::lend_paper, send_labels);
  add("POST", "/api/v1/labels", Permission::lend_paper, print_labels);
}

}  // namespace muniment::webui::api
