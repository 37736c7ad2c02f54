// What is left of what was destroyed: the register, one at a time, and the choice of what is kept.
#include "webui/api/tombstones.h"

#include "core/error.h"
#include "records/paper_disposal.h"
#include "records/tombstones.h"
#include "webui/api/paper_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

Json kept(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json tombstone_json(storage::Session& session, const records::DestroyedDocument& destroyed) {
  const records::Tombstone& one = destroyed.tombstone;
  return {{"id", one.document_id},
          {"batch", nullable(one.batch_id)},
          {"batch_number", nullable(one.batch_number)},
          {"batch_title", kept(one.batch_title)},
          {"approved_by", one.approved_by},
          {"class", one.class_code},
          {"title", kept(one.title)},
          {"document_date", date_json(one.document_date)},
          {"type", one.document_type},
          {"correspondent", kept(destroyed.correspondent)},
          {"folder", kept(destroyed.folder)},
          {"barcode", kept(destroyed.barcode)},
          {"serial_number", nullable(destroyed.serial_number)},
          {"custom_fields", Json::parse(destroyed.custom_fields)},
          {"captured_at", core::to_rfc3339(one.captured_at)},
          {"declared_on", date_json(one.declared_on)},
          {"schedule", one.schedule_code},
          {"schedule_version", one.schedule_version},
          {"authority", one.authority},
          {"retain_through", date_json(one.retain_through)},
          {"components", Json::parse(one.components)},
          {"executed_at", core::to_rfc3339(one.executed_at)},
          {"purged_at", time_json(one.purged_at)},
          {"verified_at", time_json(one.verified_at)},
          {"medium", one.medium},
          {"paper", paper_destruction_json(records::find_paper_destruction(session, one.document_id))},
          {"transferred_to", kept(one.transferred_to)}};
}

void send_tombstone(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto found = records::find_destroyed(session, call.who, call.number("id"));
  if (!found) throw Error(ErrorCode::not_found, "there is no such tombstone");
  send_json(call.http, 200, tombstone_json(session, *found));
}

std::optional<core::Date> day_query(const Call& call, const char* name) {
  const auto text = call.http.query(name);
  if (!text) return std::nullopt;
  const auto day = core::parse_iso_date(*text);
  if (!day)
    throw Error(ErrorCode::invalid_argument, "must be a date: 2026-01-31", {{name, "must be a date: 2026-01-31"}});
  return day;
}

void send_register(Call& call, Api& api) {
  records::TombstoneFilter filter;
  filter.text = call.http.query("q").value_or("");
  filter.class_code = call.http.query("class").value_or("");
  filter.from = day_query(call, "from");
  filter.through = day_query(call, "through");
  const Window window = window_of(call);
  auto session = api.services.database.read();
  const auto page = records::list_destroyed(session, call.who, filter, window.offset, window.limit);
  Json items = Json::array();
  for (const auto& one : page.documents) items.push_back(tombstone_json(session, one));
  const bool more = static_cast<std::int64_t>(window.offset + items.size()) < page.total;
  send_list(call, window, std::move(items), more, page.total);
}

Json chosen_json(storage::Session& session) {
  return {{"fields", tombstone_fields_json(records::tombstone_fields(session))}};
}

void choose_fields(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto fields = tombstone_fields_of(body.texts("fields"), "/fields");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  records::choose_tombstone_fields(tx, call.who, fields);
  const Json chosen = chosen_json(tx);
  tx.commit();
  send_json(call.http, 200, chosen);
}

}  // namespace

std::set<records::TombstoneField> tombstone_fields_of(const std::vector<std::string>& names, const char* pointer) {
  std::set<records::TombstoneField> fields;
  for (const std::string& name : names) {
    const auto field = records::parse_tombstone_field(name);
    if (!field) {
      const std::string right = "must be some of " + records::tombstone_field_names();
      throw Error(ErrorCode::invalid_argument, right, {{pointer, right}});
    }
    fields.insert(*field);
  }
  return fields;
}

Json tombstone_fields_json(const std::set<records::TombstoneField>& fields) {
  Json names = Json::array();
  for (const records::TombstoneField field : fields) names.push_back(records::tombstone_field_name(field));
  return names;
}

void add_tombstones(Router& router, Api& api) {
  router.add("GET", "/api/v1/tombstones", Permission::propose_disposition,
             [&api](Call& call) { send_register(call, api); });
  router.add("GET", "/api/v1/tombstone-fields", Permission::propose_disposition, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, chosen_json(session));
  });
  router.add("PUT", "/api/v1/tombstone-fields", Permission::manage_schedules,
             [&api](Call& call) { choose_fields(call, api); });
  router.add("GET", "/api/v1/tombstones/{id}", Permission::read_documents,
             [&api](Call& call) { send_tombstone(call, api); });
}

}  // namespace muniment::webui::api
