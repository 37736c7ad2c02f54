#include "records/internal/tombstone_journal.h"

#include <array>

#include <nlohmann/json.hpp>

#include "records/disposition.h"
#include "records/tombstones.h"

namespace muniment::records {

using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

// Everything of a tombstone that is a text or nothing, under the names that its columns have.
constexpr std::array kTexts = {"class_code",     "title",      "document_date", "document_type",  "correspondent",
                               "folder",         "barcode",    "declared_on",   "schedule_code",  "authority",
                               "retain_through", "components", "medium",        "transferred_to", "custom_fields"};
constexpr std::array kNumbers = {"access_list_id", "serial_number", "captured_at", "schedule_version", "executed_at"};

std::optional<std::string> text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::optional<std::int64_t> number_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

// Of the batch only where it is the one that was written down: a backup may be from before it, and its number may have
// been given to another since.
bool has_batch(Session& session, std::int64_t number, const std::string& title) {
  return session.value<std::string>("SELECT title FROM disposition_batch WHERE id = $1", number) == title;
}

}  // namespace

std::string journal_line(Session& session, std::int64_t document_id) {
  const auto tombstone = find_tombstone(session, storage::system_principal(session, "disposition"), document_id);
  if (!tombstone || !tombstone->purged_at) return "";
  Json whole;
  for (const char* name : kTexts) {
    const auto value = session.value<std::optional<std::string>>(
        "SELECT " + std::string(name) + " FROM tombstone WHERE document_id = $1", document_id);
    if (value && *value) whole[name] = **value;
  }
  for (const char* name : kNumbers) {
    const auto value = session.value<std::optional<std::int64_t>>(
        "SELECT " + std::string(name) + " FROM tombstone WHERE document_id = $1", document_id);
    if (value && *value) whole[name] = **value;
  }
  if (tombstone->batch_number) {
    whole["batch"] = {{"number", *tombstone->batch_number},
                      {"title", tombstone->batch_title},
                      {"approved_by", tombstone->approved_by}};
  }
  return Json{{"document_id", document_id},
              {"captured_at", core::to_microseconds(tombstone->captured_at)},
              {"components", Json::parse(tombstone->components)},
              {"purged_at", core::to_rfc3339(*tombstone->purged_at)},
              {"tombstone", std::move(whole)}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<JournalEntry> parse_journal_line(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto id = number_in(json, "document_id");
  const auto captured = number_in(json, "captured_at");
  const auto purged = text_in(json, "purged_at");
  if (!id || !captured || !purged) return std::nullopt;
  JournalEntry entry{*id, *captured, *purged, core::parse_rfc3339(*purged), ""};
  const auto whole = json.find("tombstone");
  if (whole != json.end() && whole->is_object() && number_in(*whole, "executed_at") && text_in(*whole, "components")) {
    entry.tombstone = whole->dump();
  }
  return entry;
}

bool restore_tombstone(Transaction& tx, const JournalEntry& entry) {
  if (entry.tombstone.empty()) return false;
  const Json whole = Json::parse(entry.tombstone);
  const auto text = [&](const char* name) { return text_in(whole, name); };
  std::optional<std::int64_t> batch_id, batch_number;
  std::optional<std::string> batch_title, approved_by;
  if (const auto batch = whole.find("batch"); batch != whole.end() && batch->is_object()) {
    batch_number = number_in(*batch, "number");
    batch_title = text_in(*batch, "title");
    if (const auto names = batch->find("approved_by"); names != batch->end()) approved_by = names->dump();
  }
  if (batch_number && has_batch(tx, *batch_number, batch_title.value_or(""))) batch_id = batch_number;
  // Who might read it: the list that it had, where there is still one with that number.
  const auto list = tx.value<std::int64_t>(
      "SELECT coalesce((SELECT id FROM access_list WHERE id = $1), (SELECT access_list_id FROM document WHERE id = "
      "$2))",
      number_in(whole, "access_list_id").value_or(0), entry.document_id);
  tx.execute("DELETE FROM tombstone WHERE document_id = $1", entry.document_id);
  tx.execute(
      "INSERT INTO tombstone (document_id, batch_id, access_list_id, class_code, title, document_date, document_type, "
      "correspondent, folder, barcode, serial_number, captured_at, declared_on, schedule_code, schedule_version, "
      "authority, retain_through, components, executed_at, medium, transferred_to, batch_number, batch_title, "
      "approved_by, custom_fields) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19, "
      "$20, $21, $22, $23, $24, $25)",
      entry.document_id, batch_id, list.value(), text("class_code").value_or(""), text("title"), text("document_date"),
      text("document_type"), text("correspondent"), text("folder"), text("barcode"), number_in(whole, "serial_number"),
      entry.captured_at, text("declared_on"), text("schedule_code").value_or(""), number_in(whole, "schedule_version"),
      text("authority").value_or(""), text("retain_through"), text("components").value(),
      number_in(whole, "executed_at").value(), text("medium").value_or("digital"), text("transferred_to"),
      batch_id ? std::nullopt : batch_number, batch_id ? std::nullopt : batch_title,
      batch_id ? std::nullopt : approved_by, text("custom_fields"));
  return true;
}

}  // namespace muniment::records
