// Inventories: what is scanned, compared with the catalogue.
#include "core/error.h"
#include "records/inventory.h"
#include "records/locations.h"
#include "webui/api/paper_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::Inventory;
using storage::Permission;

namespace {

Json inventory_json(const Inventory& inventory) {
  return {{"id", inventory.id},
          {"location", place_json(inventory.location)},
          {"started_at", core::to_rfc3339(inventory.started_at)},
          {"started_by", inventory.started_by_name},
          {"finished_at", time_json(inventory.finished_at)},
          {"scanned", inventory.scanned}};
}

Inventory require_inventory(storage::Session& session, std::int64_t id) {
  auto inventory = records::find_inventory(session, id);
  if (!inventory) throw Error(ErrorCode::not_found, "there is no such inventory");
  return std::move(*inventory);
}

void start_inventory(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t location = body.number("location");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Inventory inventory = require_inventory(tx, records::start_inventory(tx, call.who, location));
  tx.commit();
  send_created(call.http, "/api/v1/inventories/" + std::to_string(inventory.id), 1, inventory_json(inventory));
}

void scan(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto codes = body.texts("codes");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = require_inventory(tx, call.number("id")).id;
  const std::size_t fresh = records::scan(tx, call.who, id, codes);
  const Inventory inventory = require_inventory(tx, id);
  tx.commit();
  send_json(call.http, 200, {{"new", fresh}, {"scanned", inventory.scanned}});
}

void finish(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = require_inventory(tx, call.number("id")).id;
  records::finish_inventory(tx, call.who, id);
  const Inventory inventory = require_inventory(tx, id);
  tx.commit();
  send_json(call.http, 200, inventory_json(inventory));
}

void send_findings(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Inventory inventory = require_inventory(session, call.number("id"));
  send_window(
      call, records::findings_of(session, call.who, inventory.id), [&](const records::Finding& finding) -> Json {
        const auto location =
            finding.location_id ? records::find_location(session, *finding.location_id) : std::nullopt;
        return {
            {"id", finding.id > 0 ? Json(finding.id) : Json()},
            {"kind", records::finding_kind_name(finding.kind)},
            {"code", finding.code},
            {"document", finding.document_id ? document_name_json(session, call.who, *finding.document_id) : Json()},
            {"location", location ? Json{{"id", location->id}, {"path", location->path}} : Json()},
            {"expected", place_json(finding.expected)},
            {"found", place_json(finding.found)},
            {"accepted_at", time_json(finding.accepted_at)}};
      });
}

void accept(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto findings = body.numbers("findings");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  records::accept_findings(tx, call.who, require_inventory(tx, call.number("id")).id, findings);
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_inventories(Router& router, Api& api) {
  const auto add = [&](const char* method, const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, Permission::manage_paper, [&api, handler](Call& call) { handler(call, api); });
  };
  const std::string path = "/api/v1/inventories";
  const std::string one = path + "/{id}";
  router.add("GET", path, Permission::manage_paper, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, records::list_inventories(session), inventory_json);
  });
  add("POST", path, start_inventory);
  router.add("GET", one, Permission::manage_paper, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, inventory_json(require_inventory(session, call.number("id"))));
  });
  add("POST", one + "/scans", scan);
  add("POST", one + "/finish", finish);
  add("GET", one + "/findings", send_findings);
  add("POST", one + "/accept", accept);
}

}  // namespace muniment::webui::api
