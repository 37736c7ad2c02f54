// Holds and what they hold.
#include "records/holds.h"

#include "core/error.h"
#include "webui/api/clear_query.h"
#include "webui/api/list_csv.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::Hold;
using records::HoldTerms;
using storage::Permission;

namespace {

constexpr std::size_t kHoldItemsAtOnce = 200;

Json hold_json(storage::Session& session, const storage::Principal& who, const Hold& hold) {
  const auto counts = records::held_counts(session, who, hold.id);
  Json custodians = Json::array();
  for (const auto& custodian : hold.custodians) {
    custodians.push_back({{"account", named_json(custodian.account_id, custodian.name)},
                          {"asked_at", core::to_rfc3339(custodian.asked_at)},
                          {"acknowledged_at", time_json(custodian.acknowledged_at)},
                          {"reminded_on", date_json(custodian.reminded_on)}});
  }
  return {{"id", hold.id},
          {"version", hold.version},
          {"title", hold.title},
          {"reason", hold.reason},
          {"query", hold.query},
          {"confidential", hold.confidential},
          {"placed_at", core::to_rfc3339(hold.placed_at)},
          {"placed_by", person_json(hold.placed_by, hold.placed_by_name)},
          {"released_at", time_json(hold.released_at)},
          {"release_reason", hold.release_reason},
          {"custodians", std::move(custodians)},
          {"folders", hold.folders},
          {"held", counts.held},
          {"released", counts.released}};
}

// What everybody may know of it who may know of it at all.
void send_notices(Call& call, const std::vector<Hold>& holds) {
  Json items = Json::array();
  for (const Hold& hold : holds) {
    items.push_back({{"id", hold.id},
                     {"title", hold.title},
                     {"reason", hold.reason},
                     {"placed_at", core::to_rfc3339(hold.placed_at)}});
  }
  send_items(call, std::move(items));
}

Hold require_hold(storage::Session& session, std::int64_t id) {
  auto hold = records::find_hold(session, id);
  if (!hold) throw Error(ErrorCode::not_found, "there is no such hold");
  return std::move(*hold);
}

HoldTerms hold_terms(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  HoldTerms terms;
  terms.title = body.text("title");
  terms.reason = body.text("reason");
  terms.query = body.maybe_text("query").value_or("");
  terms.confidential = body.maybe_truth("confidential").value_or(false);
  if (body.has("custodians")) terms.custodians = body.numbers("custodians");
  body.finish();
  auto session = api.services.database.read();
  require_clear_query(session, terms.query);
  return terms;
}

void place(Call& call, Api& api) {
  const HoldTerms terms = hold_terms(call, api);
  auto tx = api.services.database.begin(call.who.actor());
  const Hold hold = require_hold(tx, records::place_hold(tx, call.who, terms));
  const Json json = hold_json(tx, call.who, hold);
  tx.commit();
  api.services.operations.records_changed();
  send_created(call.http, "/api/v1/holds/" + std::to_string(hold.id), hold.version, json);
}

void change_hold(Call& call, Api& api, const std::function<void(storage::Transaction&, std::int64_t id)>& act) {
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = call.number("id");
  act(tx, id);
  const Hold hold = require_hold(tx, id);
  const Json json = hold_json(tx, call.who, hold);
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, hold.version, json);
}

void release(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  std::optional<std::vector<std::int64_t>> documents;
  if (body.has("documents")) documents = documents_of(body);
  const std::string reason = body.text("reason");
  body.finish();
  change_hold(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    if (documents) {
      records::release_documents(tx, call.who, id, *documents, reason);
    } else {
      records::release_hold(tx, call.who, id, version, reason);
    }
  });
}

void send_hold_items(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Hold hold = require_hold(session, call.number("id"));
  const std::int64_t after = call.number_query("after", 0, 0, INT64_MAX);
  Json items = Json::array();
  const std::size_t most = wants_csv(call) ? kMostInCsv : kHoldItemsAtOnce;
  for (const auto& item : records::hold_items(session, call.who, hold.id, after, most)) {
    items.push_back({{"id", item.document_id},
                     {"title", item.title},
                     {"origin", item.origin},
                     {"added_at", core::to_rfc3339(item.added_at)},
                     {"released_at", time_json(item.released_at)},
                     {"exists", item.exists}});
  }
  const bool more = items.size() == most;
  if (wants_csv(call)) return send_list_csv(call, items, more);
  send_json(call.http, 200, {{"items", std::move(items)}, {"more", more}});
}

}  // namespace

void add_holds(Router& router, Api& api) {
  const std::string path = "/api/v1/holds";
  router.add("GET", path, Permission::manage_holds, [&api](Call& call) {
    auto session = api.services.database.read();
    send_matching(
        call, records::hold_names(session, call.truth_query("released")),
        [&](const storage::NamedEntry& one) { return hold_json(session, call.who, require_hold(session, one.id)); });
  });
  router.add("POST", path, Permission::manage_holds, [&api](Call& call) { place(call, api); });
  router.add("GET", path + "/{id}", Permission::manage_holds, [&api](Call& call) {
    auto session = api.services.database.read();
    const Hold hold = require_hold(session, call.number("id"));
    send_as_of_now(call.http, 200, hold.version, hold_json(session, call.who, hold));
  });
  router.add("PUT", path + "/{id}", Permission::manage_holds, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    const HoldTerms terms = hold_terms(call, api);
    change_hold(call, api, [&](storage::Transaction& tx, std::int64_t id) {
      records::change_hold(tx, call.who, id, version, terms);
    });
  });
  router.add("GET", path + "/{id}/documents", Permission::manage_holds,
             [&api](Call& call) { send_hold_items(call, api); });
  router.add("POST", path + "/{id}/documents", Permission::manage_holds, [&api](Call& call) {
    Fields body = Fields::of(call.http);
    const auto documents = documents_of(body);
    body.finish();
    change_hold(call, api, [&](storage::Transaction& tx, std::int64_t id) {
      records::hold_documents(tx, call.who, id, documents);
    });
  });
  router.add("POST", path + "/{id}/folders", Permission::manage_holds, [&api](Call& call) {
    Fields body = Fields::of(call.http);
    const std::int64_t folder = body.number("folder");
    body.finish();
    change_hold(call, api,
                [&](storage::Transaction& tx, std::int64_t id) { records::hold_folder(tx, call.who, id, folder); });
  });
  router.add("POST", path + "/{id}/release", Permission::manage_holds, [&api](Call& call) { release(call, api); });
  router.add("POST", path + "/{id}/acknowledge", SignedIn{}, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    records::acknowledge_hold(tx, call.who, call.number("id"));
    tx.commit();
    call.http.send_empty(204);
  });
  router.add("GET", "/api/v1/account/holds", SignedIn{}, [&api](Call& call) {
    auto session = api.services.database.read();
    send_notices(call, records::holds_to_acknowledge(session, call.who.account_id));
  });
  router.add("GET", "/api/v1/documents/{id}/holds", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_notices(call, records::holds_on(session, call.who, require_document(session, call).id));
  });
}

}  // namespace muniment::webui::api
