#include "storage/audit.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/hash.h"
#include "storage/internal/audit_format.h"
#include "storage/internal/audit_tree.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/optional_condition.h"
#include "storage/settings.h"

namespace muniment::storage {

namespace {

using Json = nlohmann::ordered_json;

Json parsed_or_null(const std::string& text) {
  return text.empty() ? Json() : Json::parse(text);
}

// What `event` says is now beside what was last kept under that name.
void log_difference(Transaction& tx, AuditEvent event, std::string_view kept_as) {
  const auto before = find_setting(tx, kept_as);
  if (before == event.after) return;
  put_setting(tx, kept_as, event.after);
  event.before = before.value_or("");
  tx.audit(event);
}

}  // namespace

std::string audit_detail_hash(std::string_view salt, std::string_view detail) {
  return core::Sha256::of(std::string(salt) + "\n" + std::string(detail)).hex();
}

std::string audit_chain_hash(std::string_view previous, std::string_view entry) {
  return core::Sha256::of(std::string(previous) + "\n" + std::string(entry)).hex();
}

void Transaction::audit(const AuditEvent& event) {
  const auto [last, previous, previous_entry] =
      row<std::int64_t, std::string, std::string>(
          "SELECT sequence, hash, entry FROM audit ORDER BY sequence DESC LIMIT 1")
          .value_or(std::tuple(std::int64_t{0}, std::string(), std::string()));
  const std::int64_t sequence = last + 1;
  const std::string detail = Json{
      {"client", actor_.client},
      {"before", parsed_or_null(event.before)},
      {"after", parsed_or_null(event.after)},
      {"reason", event.reason}}.dump();
  const std::string salt = random().token(16);
  // Canonical: these keys, in this order, without white space. What it was about stands by identifier only.
  const std::string entry = Json{{"sequence", sequence},         {"at", core::to_rfc3339(now_)},
                                 {"account", actor_.account_id}, {"action", event.action},
                                 {"object", event.object},       {"object_id", event.object_id},
                                 {"succeeded", event.succeeded}, {"detail_hash", audit_detail_hash(salt, detail)}}
                                .dump();
  execute(
      "INSERT INTO audit (sequence, at, account_id, action, object, object_id, entry, hash) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      sequence, now_, actor_.account_id, event.action, event.object, event.object_id, entry,
      audit_chain_hash(previous, entry));
  execute("INSERT INTO audit_detail (sequence, salt, detail) VALUES ($1, $2, $3)", sequence, salt, detail);
  grow_audit_tree(*this, sequence, previous_entry, entry);
}

std::vector<AuditEntry> list_audit(Session& session, const AuditFilter& filter, std::int64_t before,
                                   std::size_t limit) {
  const std::string statement =
      "SELECT a.sequence, a.at, a.account_id, p.display_name, a.action, a.object, a.object_id, a.entry, d.detail, "
      "a.hash "
      "FROM audit a LEFT JOIN account p ON p.id = a.account_id LEFT JOIN audit_detail d ON d.sequence = a.sequence "
      "WHERE 1 = 1" +
      when(filter.object.has_value(), "a.object = $1", "$1") +
      when(filter.object_id.has_value(), "a.object_id = $2", "$2") +
      when(filter.account_id.has_value(), "a.account_id = $3", "$3") +
      when(filter.action.has_value(), "a.action = $4", "$4") + when(before != 0, "a.sequence < $5", "$5") +
      when(filter.since.has_value(), "a.at >= $6", "$6") + when(filter.until.has_value(), "a.at < $7", "$7") +
      " ORDER BY a.sequence DESC LIMIT $8";
  std::vector<AuditEntry> entries;
  for (const auto& [sequence, at, account_id, name, action, object, object_id, entry, detail, hash] :
       session.rows<std::int64_t, core::Time, std::int64_t, std::optional<std::string>, std::string, std::string,
                    std::int64_t, std::string, std::optional<std::string>, std::string>(
           statement, filter.object.value_or(""), filter.object_id.value_or(0), filter.account_id.value_or(0),
           filter.action.value_or(""), before, filter.since.value_or(core::from_microseconds(0)),
           filter.until.value_or(core::from_microseconds(0)), limit)) {
    entries.push_back({sequence, at, account_id, account_id == 0 ? "system" : name.value_or(""), action, object,
                       object_id, entry, detail.value_or(""), hash});
  }
  return entries;
}

std::optional<core::Time> set_aside_at(Session& session, std::int64_t document_id) {
  return session.value<core::Time>(
      "SELECT at FROM audit WHERE object = 'document' AND object_id = $1 AND action IN ('document.quarantined', "
      "'document.needs-password') ORDER BY sequence DESC LIMIT 1",
      document_id);
}

bool erase_audit_detail(Transaction& tx, std::int64_t sequence, std::string_view reason) {
  const auto about =
      tx.row<std::string, std::int64_t>("SELECT object, object_id FROM audit WHERE sequence = $1", sequence);
  if (!about) throw core::Error(core::ErrorCode::not_found, "there is no audit entry " + std::to_string(sequence));
  if (std::get<0>(*about) == "document") {
    if (const auto document = read_document(tx, std::get<1>(*about))) require_not_held(*document);
  }
  if (!tx.value<std::int64_t>("SELECT sequence FROM audit_detail WHERE sequence = $1", sequence)) return false;
  AuditEvent event{kDetailErased, kAuditEntryObject, sequence};
  event.reason = reason;
  tx.audit(event);
  tx.execute("DELETE FROM audit_detail WHERE sequence = $1", sequence);
  return true;
}

std::vector<AuditLine> audit_lines(Session& session, std::int64_t after, std::size_t limit) {
  std::vector<AuditLine> lines;
  for (const auto& [sequence, entry, hash, salt, detail] :
       session.rows<std::int64_t, std::string, std::string, std::optional<std::string>, std::optional<std::string>>(
           "SELECT a.sequence, a.entry, a.hash, d.salt, d.detail FROM audit a "
           "LEFT JOIN audit_detail d ON d.sequence = a.sequence WHERE a.sequence > $1 ORDER BY a.sequence LIMIT $2",
           after, limit)) {
    lines.push_back({sequence, entry, hash, salt.value_or(""), detail.value_or("")});
  }
  return lines;
}

std::optional<core::Time> first_audit_time(Session& session) {
  return session.value<core::Time>("SELECT at FROM audit ORDER BY sequence LIMIT 1");
}

void record_restore(Transaction& tx, const std::string& backup) {
  tx.audit({kArchiveRestored, kArchiveObject, 0, "", backup});
}

void record_audit_settings(Transaction& tx, const std::string& settings) {
  log_difference(tx, {"audit.settings_changed", "audit", 0, "", settings}, "audit.settings");
}

void record_weighty_settings(Transaction& tx, const std::string& settings) {
  log_difference(tx, {"service.settings_changed", "service", 0, "", settings}, "service.settings");
}

}  // namespace muniment::storage
