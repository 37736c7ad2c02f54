// Scanners that are not found by themselves, by their addresses.
#include "storage/network_scanners.h"

#include "core/error.h"
#include "scanners/scan_desk.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using storage::NetworkScanner;
using storage::Permission;

namespace {

Json network_scanner_json(const NetworkScanner& scanner) {
  return {{"id", scanner.id},
          {"protocol", storage::scanner_protocol_name(scanner.protocol)},
          {"name", scanner.name},
          {"address", scanner.address}};
}

void create_network_scanner(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  NetworkScanner wanted;
  wanted.protocol =
      one_of(body.text("protocol"), storage::parse_scanner_protocol, "/protocol", "must be escl, wsd or saned");
  wanted.name = body.text("name");
  wanted.address = body.text("address");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = storage::create_network_scanner(tx, wanted);
  const Json json = network_scanner_json(storage::find_network_scanner(tx, id).value());
  tx.commit();
  api.services.scans.program().forget();
  send_json(call.http, 201, json);
}

void delete_network_scanner(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  storage::delete_network_scanner(tx, call.number("id"));
  tx.commit();
  api.services.scans.program().forget();
  call.http.send_empty(204);
}

}  // namespace

void add_network_scanners(Router& router, Api& api) {
  const std::string all = "/api/v1/network-scanners";
  router.add("GET", all, Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_network_scanners(session), network_scanner_json);
  });
  router.add("POST", all, Permission::operate, [&api](Call& call) { create_network_scanner(call, api); });
  router.add("DELETE", all + "/{id}", Permission::operate, [&api](Call& call) { delete_network_scanner(call, api); });
}

}  // namespace muniment::webui::api
