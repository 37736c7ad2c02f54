// The audit log, for those who may read it, and the history of one document for those who may read that.
#include "storage/audit.h"

#include "core/base64.h"
#include "core/error.h"
#include "core/text.h"
#include "storage/audit_checkpoint.h"
#include "storage/audit_export.h"
#include "storage/audit_tree.h"
#include "webui/api/list_csv.h"

namespace muniment::webui::api {

using storage::AuditEntry;
using storage::AuditSight;
using storage::Permission;

namespace {

Json audit_entry_json(const AuditEntry& entry, AuditSight sight) {
  const bool withheld = sight != AuditSight::all && !entry.detail.empty();
  const Json detail = withheld || entry.detail.empty() ? Json::object() : Json::parse(entry.detail);
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
          {"hash", entry.hash},
          {"withheld", withheld}};
}

bool is_read(const AuditEntry& entry) {
  return entry.action == "document.viewed" || entry.action == "document.downloaded" ||
         entry.action == "share_link.opened" || entry.action == "share_link.downloaded" ||
         entry.action == "share_link.refused";
}

// For whom a link is stands in its label, which the list of links tells only those who may share.
bool tells_of_shares(const AuditEntry& entry) {
  return entry.action.starts_with("share_link.");
}

// The log only grows at its newest end, so a place in it is a sequence number and not an offset.
void send_entries(Call& call, storage::Session& session, const storage::AuditFilter& filter,
                  const std::function<AuditSight(const AuditEntry&)>& sight_of) {
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
      const AuditSight sight = sight_of(entry);
      if (sight != AuditSight::place) items.push_back(audit_entry_json(entry, sight));
    }
  }
  if (wants_csv(call)) return send_list_csv(call, items, more);
  window = {static_cast<std::size_t>(before), 0};
  send_json(call.http, 200, {{"items", std::move(items)}, {"next", link_pages(call, window, more)}});
}

std::optional<core::Time> time_query(const Call& call, const char* name) {
  const auto text = call.http.query(name);
  if (!text) return std::nullopt;
  const auto time = core::parse_rfc3339(*text);
  if (time) return time;
  const std::string right = "must be a time like 2026-11-24T08:00:00Z";
  throw core::Error(core::ErrorCode::invalid_argument, std::string(name) + " " + right, {{name, right}});
}

void list_audit(Call& call, Api& api) {
  storage::AuditFilter filter;
  filter.object = call.http.query("object");
  filter.action = call.http.query("action");
  if (call.http.query("object_id")) filter.object_id = call.number_query("object_id", 0, 1, INT64_MAX);
  if (call.http.query("account")) filter.account_id = call.number_query("account", 0, 1, INT64_MAX);
  filter.since = time_query(call, "since");
  filter.until = time_query(call, "until");
  auto session = api.services.database.read();
  const storage::AuditSights sights(session, call.who);
  send_entries(call, session, filter,
               [&](const AuditEntry& entry) { return sights.of(entry.action, entry.object, entry.object_id); });
}

std::string base64(const core::Sha256& hash) {
  return core::to_base64(hash.bytes);
}

Json hashes_json(const std::vector<core::Sha256>& hashes) {
  Json all = Json::array();
  for (const core::Sha256& hash : hashes) all.push_back(base64(hash));
  return all;
}

Json checkpoint_json(const storage::AuditCheckpoint& checkpoint) {
  return {{"size", checkpoint.size},
          {"at", core::to_rfc3339(checkpoint.at)},
          {"origin", checkpoint.origin},
          {"root", base64(checkpoint.root)},
          {"note", checkpoint.note}};
}

void list_checkpoints(Call& call, Api& api) {
  Window window = window_of(call);
  auto session = api.services.database.read();
  auto checkpoints =
      storage::list_audit_checkpoints(session, static_cast<std::int64_t>(window.offset), window.limit + 1);
  const bool more = checkpoints.size() > window.limit;
  if (more) checkpoints.pop_back();
  Json items = Json::array();
  for (const auto& checkpoint : checkpoints) {
    items.push_back(checkpoint_json(checkpoint));
    window.offset = static_cast<std::size_t>(checkpoint.size);
  }
  if (wants_csv(call)) return send_list_csv(call, items, more);
  send_json(call.http, 200, {{"items", std::move(items)}, {"next", link_pages(call, {window.offset, 0}, more)}});
}

void list_keys(Call& call, Api& api) {
  Json keys = Json::array();
  for (const storage::PublicKey& key : api.services.checkpoints.public_keys()) keys.push_back(key.text());
  send_json(call.http, 200, {{"public_keys", std::move(keys)}});
}

// A proof has the entry, which is there, in its own words: it is for those who may see that at all.
void require_sight(storage::Session& session, const storage::Principal& who, std::int64_t sequence) {
  for (const AuditEntry& entry : storage::list_audit(session, {}, sequence + 1, 1)) {
    if (storage::AuditSights(session, who).of(entry.action, entry.object, entry.object_id) != AuditSight::place) return;
  }
  throw core::Error(core::ErrorCode::not_found, "there is no audit entry " + std::to_string(sequence));
}

void prove_inclusion(Call& call, Api& api) {
  auto session = api.services.database.read();
  const std::int64_t sequence = call.number("sequence");
  const std::int64_t entries = storage::audit_tree_head(session).size;
  const storage::TreeHead tree = storage::audit_tree_head(session, call.number_query("size", entries, 1, INT64_MAX));
  const auto proof = storage::audit_inclusion_proof(session, sequence, tree.size);
  require_sight(session, call.who, sequence);
  const auto line = storage::audit_lines(session, sequence - 1, 1).at(0);
  send_json(call.http, 200,
            {{"sequence", sequence},
             {"entry", line.entry},
             {"size", tree.size},
             {"root", base64(tree.root)},
             {"hashes", hashes_json(proof)}});
}

void prove_consistency(Call& call, Api& api) {
  auto session = api.services.database.read();
  const std::int64_t entries = storage::audit_tree_head(session).size;
  const std::int64_t to = call.number_query("to", entries, 1, INT64_MAX);
  const std::int64_t from = call.number_query("from", 1, 1, INT64_MAX);
  const auto proof = storage::audit_consistency_proof(session, from, to);
  send_json(call.http, 200,
            {{"from", from},
             {"from_root", base64(storage::audit_tree_head(session, from).root)},
             {"to", to},
             {"to_root", base64(storage::audit_tree_head(session, to).root)},
             {"hashes", hashes_json(proof)}});
}

void erase_detail(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string reason(core::trim(body.text("reason")));
  body.finish();
  if (reason.empty() || reason.size() > 1000) {
    throw core::Error(core::ErrorCode::invalid_argument, "a reason is needed, in 1 to 1000 bytes",
                      {{"/reason", "must have 1 to 1000 bytes; name the decision, do not repeat the text"}});
  }
  bool erased = false;
  {
    auto tx = api.services.database.begin(call.who.actor());
    erased = storage::erase_audit_detail(tx, call.number("sequence"), reason);
    tx.commit();
  }
  // Out of the database's own log file too.
  api.services.database.checkpoint();
  send_json(call.http, 200, {{"erased", erased}});
}

// How many entries an export has. It ends with a checkpoint; a log that contradicts an earlier one gets none, and is
// exported all the same, so that it can be examined.
std::int64_t exported_entries(Api& api) {
  try {
    return api.services.checkpoints.make().size;
  } catch (const core::Error& error) {
    if (error.code() != core::ErrorCode::corrupt) throw;
    api.services.log.error("audit_log", {{"problem", error.message()}});
  }
  auto session = api.services.database.read();
  return storage::audit_entry_count(session);
}

void export_audit(Call& call, Api& api) {
  {
    auto tx = api.services.database.begin(call.who.actor());
    tx.audit({"audit.exported", "audit", 0});
    tx.commit();
  }
  const std::int64_t entries = exported_entries(api);
  call.http.set_header("Cache-Control", "private, no-store");
  call.http.send_stream("application/x-ndjson", [&](const Exchange::Write& write) {
    auto session = api.services.database.read();
    storage::export_audit(session, call.who, entries, api.services.checkpoints.public_keys(),
                          [&](std::string_view line) { return write(line); });
  });
}

}  // namespace

void add_audit(Router& router, Api& api) {
  router.add("GET", "/api/v1/audit", Permission::read_audit, [&api](Call& call) { list_audit(call, api); });
  router.add("GET", "/api/v1/audit/export", Permission::read_audit, [&api](Call& call) { export_audit(call, api); });
  router.add("GET", "/api/v1/audit/checkpoints", Permission::read_audit,
             [&api](Call& call) { list_checkpoints(call, api); });
  router.add("POST", "/api/v1/audit/checkpoints", Permission::read_audit,
             [&api](Call& call) { send_json(call.http, 200, checkpoint_json(api.services.checkpoints.make())); });
  router.add("GET", "/api/v1/audit/keys", Permission::read_audit, [&api](Call& call) { list_keys(call, api); });
  router.add("GET", "/api/v1/audit/entries/{sequence}/proof", Permission::read_audit,
             [&api](Call& call) { prove_inclusion(call, api); });
  router.add("POST", "/api/v1/audit/entries/{sequence}/erase-detail", Permission::manage_accounts,
             [&api](Call& call) { erase_detail(call, api); });
  router.add("GET", "/api/v1/audit/consistency", Permission::read_audit,
             [&api](Call& call) { prove_consistency(call, api); });
  router.add("GET", "/api/v1/documents/{id}/history", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    storage::AuditFilter filter;
    filter.object = "document";
    filter.object_id = require_document(session, call).id;
    const bool reads = call.who.may(Permission::read_audit);
    const bool holds = call.who.may(Permission::manage_holds);
    const bool shares = reads || call.who.may(Permission::share_documents);
    send_entries(call, session, filter, [&](const AuditEntry& entry) {
      const bool shown = (reads || !is_read(entry)) && (holds || !storage::tells_of_holds(entry.action)) &&
                         (shares || !tells_of_shares(entry));
      return shown ? AuditSight::all : AuditSight::place;
    });
  });
}

}  // namespace muniment::webui::api
