#include "records/tombstones.h"

#include <fstream>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/text.h"
#include "records/internal/names.h"
#include "records/internal/readable.h"
#include "records/internal/tombstone_journal.h"
#include "storage/settings.h"

namespace muniment::records {

using storage::Principal;
using storage::Session;

namespace {

constexpr Names<TombstoneField, 7> kFields{
    {"title", "date", "type", "correspondent", "folder", "identifiers", "custom_fields"}};

constexpr std::string_view kSetting = "retention.tombstone_fields";

// $3 = the pattern of a part or '', $4 = the same as it was typed, $5 = the pattern of a hash or '', $6 = class or '',
// $7 = the pattern of what is below it, $8 and $9 = from and before.
constexpr std::string_view kWanted =
    " AND ($3 = '' OR lower(t.title) LIKE $3 ESCAPE '!' OR lower(t.folder) LIKE $3 ESCAPE '!' "
    "OR lower(t.correspondent) LIKE $3 ESCAPE '!' OR t.barcode = upper($4) "
    "OR CAST(t.document_id AS TEXT) = $4 OR CAST(t.serial_number AS TEXT) = $4 "
    "OR ($5 <> '' AND t.components LIKE $5)) "
    "AND ($6 = '' OR t.class_code = $6 OR t.class_code LIKE $7 ESCAPE '!') "
    "AND t.executed_at >= $8 AND t.executed_at < $9";

// Of those that go with an export.
constexpr std::size_t kMostListed = 10'000;

// $3 = the class, what is below it included.
constexpr std::string_view kOfClass =
    "t.class_code IN (WITH RECURSIVE below (id) AS (SELECT CAST($3 AS INTEGER) UNION SELECT c.id FROM class c JOIN "
    "below "
    "ON c.parent_id = below.id) SELECT c.code FROM class c JOIN below ON c.id = below.id)";
// $3 = the folder.
constexpr std::string_view kOfFolder =
    "EXISTS (SELECT 1 FROM folder f JOIN class c ON c.id = f.class_id WHERE f.id = $3 AND t.class_code = c.code AND "
    "t.folder IN (f.title, coalesce(f.public_title, f.title)))";

std::string escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return pattern;
}

}  // namespace

std::string_view tombstone_field_name(TombstoneField field) {
  return kFields.of(field);
}

std::optional<TombstoneField> parse_tombstone_field(std::string_view name) {
  return kFields.parse(name);
}

std::string tombstone_field_names() {
  return core::joined(kFields.names, ", ");
}

std::string tombstone_fields_text(const std::set<TombstoneField>& fields) {
  return core::joined(fields, " ", tombstone_field_name);
}

std::set<TombstoneField> parse_tombstone_fields(std::string_view text) {
  std::set<TombstoneField> fields;
  for (const std::string_view name : core::split(text, ' ')) {
    if (const auto field = parse_tombstone_field(name)) fields.insert(*field);
  }
  return fields;
}

std::set<TombstoneField> tombstone_fields(Session& session) {
  const auto set = storage::find_setting(session, kSetting);
  if (!set) return {TombstoneField::title, TombstoneField::date, TombstoneField::type};
  return parse_tombstone_fields(*set);
}

void choose_tombstone_fields(storage::Transaction& tx, const Principal& who, const std::set<TombstoneField>& fields) {
  who.require(storage::Permission::manage_schedules);
  const auto described = [](const std::set<TombstoneField>& some) {
    auto names = nlohmann::ordered_json::array();
    for (const TombstoneField field : some) names.push_back(tombstone_field_name(field));
    return nlohmann::ordered_json{{"fields", names}}.dump();
  };
  const auto before = tombstone_fields(tx);
  storage::put_setting(tx, kSetting, tombstone_fields_text(fields));
  tx.audit({"retention.tombstone_fields_set", "setting", 0, described(before), described(fields)});
}

std::optional<DestroyedDocument> find_destroyed(Session& session, const Principal& who, std::int64_t document_id) {
  auto tombstone = find_tombstone(session, who, document_id);
  if (!tombstone) return std::nullopt;
  const auto [correspondent, folder, barcode, serial_number, custom_fields] =
      session
          .row<std::string, std::string, std::string, std::optional<std::int64_t>, std::string>(
              "SELECT coalesce(correspondent, ''), coalesce(folder, ''), coalesce(barcode, ''), serial_number, "
              "coalesce(custom_fields, '[]') FROM tombstone WHERE document_id = $1",
              document_id)
          .value();
  return DestroyedDocument{std::move(*tombstone), correspondent, folder, barcode, serial_number, custom_fields};
}

DestroyedPage list_destroyed(Session& session, const Principal& who, const TombstoneFilter& filter, std::size_t offset,
                             std::size_t limit) {
  const std::string text(core::trim(core::to_nfc(filter.text)));
  const std::string part = text.empty() ? "" : "%" + escaped(text) + "%";
  const std::string hash = core::Sha256::from_hex(text) ? "%" + escaped(text) + "%" : "";
  const core::Time from = filter.from ? core::start_of(*filter.from) : core::from_microseconds(INT64_MIN);
  const core::Time before = filter.through
                                ? core::start_of(Date(std::chrono::sys_days(*filter.through) + std::chrono::days(1)))
                                : core::from_microseconds(INT64_MAX);
  const std::string condition = readable("t.access_list_id") + std::string(kWanted);
  const std::string below = escaped(filter.class_code) + ".%";
  DestroyedPage page;
  page.total = session
                   .value<std::int64_t>("SELECT count(*) FROM tombstone t WHERE " + condition, who.account_id, who.day,
                                        part, text, hash, filter.class_code, below, from, before)
                   .value();
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT t.document_id FROM tombstone t WHERE " + condition +
               " ORDER BY t.executed_at DESC, t.document_id DESC LIMIT $10 OFFSET $11",
           who.account_id, who.day, part, text, hash, filter.class_code, below, from, before, limit, offset)) {
    if (auto found = find_destroyed(session, who, id)) page.documents.push_back(std::move(*found));
  }
  return page;
}

std::vector<std::int64_t> destroyed_in(Session& session, const Principal& who, const std::vector<std::int64_t>& classes,
                                       const std::vector<std::int64_t>& folders) {
  std::set<std::int64_t> found;
  if (!who.may(storage::Permission::propose_disposition)) return {};
  const auto add = [&](const char* field, std::string_view condition, std::int64_t id) {
    for (const auto& [document] :
         session.rows<std::int64_t>("SELECT t.document_id FROM tombstone t WHERE " + readable("t.access_list_id") +
                                        " AND " + std::string(condition) + " LIMIT $4",
                                    who.account_id, who.day, id, kMostListed + 1)) {
      found.insert(document);
    }
    if (found.size() <= kMostListed) return;
    throw core::Error(core::ErrorCode::invalid_argument,
                      "more than 10000 documents were destroyed there; choose fewer classes or folders at a time",
                      {{field, "must have at most 10000 destroyed documents"}});
  };
  for (const std::int64_t node : classes) add("/classes", kOfClass, node);
  for (const std::int64_t folder : folders) add("/folders", kOfFolder, folder);
  return {found.begin(), found.end()};
}

KnownDestroyed merge_tombstone_journals(const std::vector<std::filesystem::path>& journals,
                                        const std::filesystem::path& target) {
  KnownDestroyed known;
  std::set<core::Sha256> lines;
  std::set<std::int64_t> documents;
  core::TempFile merged(target.parent_path());
  for (const std::filesystem::path& path : journals) {
    if (!std::filesystem::exists(path)) continue;
    std::ifstream journal(path);
    if (!journal.is_open()) throw core::Error(core::ErrorCode::io, "could not read " + path.string());
    for (std::string line; std::getline(journal, line);) {
      if (!lines.insert(core::Sha256::of(line)).second) continue;
      line += '\n';
      merged.append(std::as_bytes(std::span(line)));
      const auto entry = parse_journal_line(line);
      if (!entry) continue;
      documents.insert(entry->document_id);
      if (entry->purged && (!known.newest || *known.newest < *entry->purged)) known.newest = entry->purged;
    }
    if (journal.bad()) throw core::Error(core::ErrorCode::io, "could not read " + path.string());
  }
  known.documents = documents.size();
  if (!lines.empty()) merged.publish(target, core::TempFile::Existing::replace, 0640);
  return known;
}

}  // namespace muniment::records
