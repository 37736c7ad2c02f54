// Classification levels.
#include "storage/levels.h"

#include "core/error.h"
#include "core/text.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using storage::Level;
using storage::Permission;

namespace {

// Unlike an identifier it can be 0, the lowest.
std::int64_t number_of(const Call& call) {
  const auto number = core::parse_integer(call.text("number"));
  if (!number) throw core::Error(core::ErrorCode::not_found, "there is no such level");
  return *number;
}

void name_level(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const Level level{number_of(call), body.text("name")};
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  storage::name_level(tx, level);
  const Json json = level_json(tx, level.number);
  tx.commit();
  send_json(call.http, 200, json);
}

}  // namespace

void add_levels(Router& router, Api& api) {
  router.add("GET", "/api/v1/levels", SignedIn{}, [&api](Call& call) {
    auto session = api.services.database.read();
    send_matching(call, storage::list_levels(session),
                  [&](const Level& level) { return level_json(session, level.number); });
  });
  router.add("PUT", "/api/v1/levels/{number}", Permission::manage_accounts,
             [&api](Call& call) { name_level(call, api); });
  router.add("DELETE", "/api/v1/levels/{number}", Permission::manage_accounts, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::delete_level(tx, number_of(call));
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
