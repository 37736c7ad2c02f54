// The audit log, for those who may read it, and the history of one document for those who may read that.
#include "storage/audit.h"

#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using storage::AuditEntry;
using storage::Permission;

namespace {

Json entry_json(const AuditEntry& entry) {
  const Json detail = entry.detail.empty() ? Json::object() : Json::parse(entry.detail);
  const Json hashed = Json::parse(entry.entry);
  const std::string reason = detail.value("reason", "");
  return {{"sequence", entry.sequence},
          {"at", core::to_rfc3339(entry.at)},
          {"account", person_json(entry.account_id, entry.account_name)},
          {"client", detail.value("client", "")},
          {"action", entry.action},
          {"object", entry.object},
          {"object_id", entry.object_id},
          {"old", detail.value("before", Json())},
          {"new", detail.value("after", Json())},
          {"reason", reason.empty() ? Json() : Json(reason)},
          {"succeeded", hashed.value("succeeded", true)},
          {"hash", entry.hash}};
}

bool is_read(const AuditEntry& entry) {
  return entry.action == "document.viewed" || entry.action == "document.downloaded";
}

// The log only grows at its newest end, so a place in it is a sequence number and not an offset.
void send_entries(Call& call, storage::Session& session, const storage::AuditFilter& filter, bool with_reads) {
  Window window = window_of(call);
  auto before = static_cast<std::int64_t>(window.offset);
  Json items = Json::array();
  bool more = true;
  while (more && items.size() < window.limit) {
    const auto entries = storage::list_audit(session, filter, before, window.limit + 1);
    more = entries.size() > window.limit;
    for (const AuditEntry& entry : entries) {
      if (items.size() == window.limit) {
        more = true;
        break;
      }
      before = entry.sequence;
      if (with_reads || !is_read(entry)) items.push_back(entry_json(entry));
    }
  }
  window = {static_cast<std::size_t>(before), 0};
  send_json(call.http, 200, {{"items", std::move(items)}, {"next", next_cursor(call, window, more)}});
}

void list_audit(Call& call, Api& api) {
  storage::AuditFilter filter;
  filter.object = call.http.query("object");
  filter.action = call.http.query("action");
  if (call.http.query("object_id")) filter.object_id = call.number_query("object_id", 0, 1, INT64_MAX);
  if (call.http.query("account")) filter.account_id = call.number_query("account", 0, 1, INT64_MAX);
  auto session = api.services.database.read();
  send_entries(call, session, filter, true);
}

void export_audit(Call& call, Api& api) {
  call.http.set_header("Cache-Control", "private, no-store");
  call.http.send_stream("application/x-ndjson", [&](const Exchange::Write& write) {
    auto session = api.services.database.read();
    bool listening = true;
    storage::export_audit(session, [&](const storage::AuditLine& line) {
      if (!listening) return;
      const Json json{{"sequence", line.sequence},
                      {"entry", line.entry},
                      {"hash", line.hash},
                      {"salt", line.salt},
                      {"detail", line.detail}};
      listening = write(json.dump() + "\n");
    });
  });
}

}  // namespace

void add_audit(Router& router, Api& api) {
  router.add("GET", "/api/v1/audit", Permission::read_audit, [&api](Call& call) { list_audit(call, api); });
  router.add("GET", "/api/v1/audit/export", Permission::read_audit, [&api](Call& call) { export_audit(call, api); });
  router.add("GET", "/api/v1/documents/{id}/history", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    storage::AuditFilter filter;
    filter.object = "document";
    filter.object_id = require_document(session, call).id;
    send_entries(call, session, filter, call.who.may(Permission::read_audit));
  });
}

}  // namespace muniment::webui::api
