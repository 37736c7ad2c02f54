#include "webui/api/notifications.h"

#include "core/error.h"
#include "storage/notifications.h"
#include "webui/api/list_csv.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Followed;
using storage::Notification;
using storage::Permission;

namespace {

Followed followed_of(const Call& call) {
  const auto kind = storage::parse_followed(call.text("kind"));
  if (!kind) throw Error(ErrorCode::not_found, "document, folder and saved-view can be followed");
  return *kind;
}

Json notification_json(const Notification& one) {
  Json document;
  if (one.document_id) document = {{"id", *one.document_id}, {"title", one.document_title}};
  Json view;
  if (one.view_id) view = named_json(*one.view_id, one.view_name);
  Json hold;
  if (one.hold_id) hold = named_json(*one.hold_id, one.hold_title);
  return {{"id", one.id},
          {"kind", storage::notification_kind_name(one.kind)},
          {"document", std::move(document)},
          {"batch", nullable(one.batch_id)},
          {"view", std::move(view)},
          {"hold", std::move(hold)},
          {"fields", one.fields},
          {"by", person_json(one.made_by, one.made_by_name)},
          {"at", core::to_rfc3339(one.at)},
          {"read", one.read}};
}

void list(Call& call, Api& api) {
  const bool csv = wants_csv(call);
  const std::int64_t limit = csv ? kMostInCsv : call.number_query("limit", 50, 1, kMostListed);
  const std::int64_t before = call.number_query("before", 0, 0, INT64_MAX);
  storage::make_waiting_notifications(api.services.database);
  auto session = api.services.database.read();
  const auto found = storage::list_notifications(session, call.who, before, static_cast<std::size_t>(limit) + 1);
  const bool more = static_cast<std::int64_t>(found.size()) > limit;
  Json items = Json::array();
  for (const Notification& one : found) {
    if (static_cast<std::int64_t>(items.size()) < limit) items.push_back(notification_json(one));
  }
  if (csv) return send_list_csv(call, items, more);
  const Json next = more ? items.back()["id"] : Json();
  if (more) send_links(call.http, {link_to(call.http, "next", "before", next.dump())});
  send_json(call.http, 200,
            {{"items", std::move(items)},
             {"next", next},
             {"unread", storage::count_unread_notifications(session, call.who)}});
}

void count(Call& call, Api& api) {
  storage::make_waiting_notifications(api.services.database);
  auto session = api.services.database.read();
  send_json(call.http, 200, {{"unread", storage::count_unread_notifications(session, call.who)}});
}

void mark_read(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t up_to = body.number("up_to");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  storage::mark_notifications_read(tx, call.who, up_to);
  tx.commit();
  call.http.send_empty(204);
}

void change_following(Call& call, Api& api,
                      void (*change)(storage::Transaction&, const storage::Principal&, Followed, std::int64_t)) {
  const Followed kind = followed_of(call);
  auto tx = api.services.database.begin(call.who.actor());
  change(tx, call.who, kind, call.number("id"));
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_notifications(Router& router, Api& api) {
  const std::string all = "/api/v1/notifications";
  const std::string followed = "/api/v1/subscriptions/{kind}/{id}";
  router.add("GET", all, Permission::read_documents, [&api](Call& call) { list(call, api); });
  router.add("GET", all + "/unread", Permission::read_documents, [&api](Call& call) { count(call, api); });
  router.add("POST", all + "/read", Permission::read_documents, [&api](Call& call) { mark_read(call, api); });
  router.add("GET", followed, Permission::read_documents, [&api](Call& call) {
    const Followed kind = followed_of(call);
    auto session = api.services.database.read();
    send_json(call.http, 200, {{"following", storage::follows(session, call.who, kind, call.number("id"))}});
  });
  router.add("PUT", followed, Permission::read_documents,
             [&api](Call& call) { change_following(call, api, storage::follow); });
  router.add("DELETE", followed, Permission::read_documents,
             [&api](Call& call) { change_following(call, api, storage::unfollow); });
}

}  // namespace muniment::webui::api
