// Devices that may scan and nothing else: made and revoked by who manages accounts, and how one gets its cookie.
#include "storage/scan_stations.h"

#include "core/error.h"
#include "printing/qr_code.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::ScanStation;

namespace {

constexpr std::size_t kLongestPageAddress = 500;  // a QR code holds some more

Json station_json(const ScanStation& station) {
  return {{"id", station.account_id},
          {"name", station.name},
          {"created_at", core::to_rfc3339(station.created_at)},
          {"last_seen_at", time_json(station.last_seen_at)}};
}

void create_station(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  const std::string page = body.maybe_text("page").value_or("");
  body.finish();
  if (page.size() > kLongestPageAddress) {
    throw Error(ErrorCode::invalid_argument, "the page's address is too long",
                {{"/page", "must have at most 500 bytes"}});
  }
  auto tx = api.services.database.begin(call.who.actor());
  const storage::IssuedStation issued = storage::create_scan_station(tx, api.services.random, name);
  Json json;
  for (const ScanStation& station : storage::list_scan_stations(tx)) {
    if (station.account_id == issued.account_id) json = station_json(station);
  }
  json["secret"] = issued.secret;
  const std::string address = page + "/scan#station=" + issued.secret;
  json["address"] = address;
  json["qr_code"] = printing::qr_code(address);
  tx.commit();
  send_json(call.http, 201, json);
}

void open_station(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string secret = body.text("secret");
  body.finish();
  api.sign_in.open_station(call.http, secret);
  call.http.send_empty(204);
}

}  // namespace

void add_scan_stations(Router& router, Api& api) {
  const std::string all = "/api/v1/scan-stations";
  router.add("GET", all, Permission::manage_accounts, [&api](Call& call) {
    auto session = api.services.database.read();
    Json items = Json::array();
    for (const ScanStation& station : storage::list_scan_stations(session)) items.push_back(station_json(station));
    send_items(call, std::move(items));
  });
  router.add("POST", all, Permission::manage_accounts, [&api](Call& call) { create_station(call, api); });
  router.add("DELETE", all + "/{id}", Permission::manage_accounts, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::revoke_scan_station(tx, call.number("id"));
    tx.commit();
    call.http.send_empty(204);
  });
  router.add("POST", all + "/session", Anyone{}, [&api](Call& call) { open_station(call, api); });
}

}  // namespace muniment::webui::api
