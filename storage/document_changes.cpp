// How documents come to be and change: the other half of storage/documents.h.
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/blob_store.h"
#include "storage/custom_fields.h"
#include "storage/documents.h"
#include "storage/file_locks.h"
#include "storage/folder_holds.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/refusal.h"
#include "storage/levels.h"
#include "storage/preset_filing.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestTitle = 500;
constexpr std::size_t kLongestNote = 20'000;
constexpr const char* kClosedClass = "this class, or one above it, is closed and accepts nothing new; choose another";

Json identifier(const std::optional<NamedEntry>& entry) {
  return entry ? Json{{"id", entry->id}, {"name", entry->name}} : Json();
}

template <typename T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// What a person can see of a document and change.
Json described(const Document& document) {
  Json tags = Json::array();
  for (const NamedEntry& tag : document.tags) tags.push_back(tag.name);
  return {{"title", document.title},
          {"public_title", nullable(document.public_title)},
          {"date", document.date ? Json(core::to_iso(*document.date)) : Json()},
          {"type", identifier(document.type)},
          {"correspondent", identifier(document.correspondent)},
          {"tags", tags},
          {"language", document.language},
          {"class_id", nullable(document.class_id)},
          {"folder_id", nullable(document.folder_id)},
          {"access_list", nullable(document.own_access_list)}};
}

Json with_fields(Json description, const std::string& custom) {
  description["fields"] = Json::parse(custom);
  return description;
}

// Only what differs, so that the log shows what was done.
std::pair<std::string, std::string> difference(const Json& before, const Json& after) {
  Json old_values = Json::object();
  Json new_values = Json::object();
  for (const auto& [key, value] : after.items()) {
    if (before.at(key) == value) continue;
    old_values[key] = before.at(key);
    new_values[key] = value;
  }
  return {old_values.dump(), new_values.dump()};
}

void require_entry(Session& session, Vocabulary vocabulary, std::optional<std::int64_t> id, const char* pointer) {
  if (!id || find_name(session, vocabulary, *id)) return;
  switch (vocabulary) {
    case Vocabulary::type:
      refuse(pointer, "there is no document type " + std::to_string(*id));
    case Vocabulary::correspondent:
      refuse(pointer, "there is no correspondent " + std::to_string(*id));
    case Vocabulary::tag:
      refuse(pointer, "there is no tag " + std::to_string(*id));
  }
}

void require_access_list(Session& session, std::optional<std::int64_t> id) {
  if (id && !find_access_list(session, *id)) refuse("/access_list", "there is no access list " + std::to_string(*id));
}

// A folder decides the class of what is in it.
std::optional<std::int64_t> checked_class(Session& session, std::optional<std::int64_t> class_id,
                                          std::optional<std::int64_t> folder_id) {
  if (folder_id) {
    const auto folder =
        session.row<std::int64_t, std::string>("SELECT class_id, status FROM folder WHERE id = $1", *folder_id);
    if (!folder) refuse("/folder", "there is no folder " + std::to_string(*folder_id));
    if (std::get<1>(*folder) != "open") refuse("/folder", "this folder is closed; reopen it or choose another");
    if (!class_accepts(session, std::get<0>(*folder))) refuse("/folder", kClosedClass);
    return std::get<0>(*folder);
  }
  if (class_id) {
    if (!session.value<std::string>("SELECT status FROM class WHERE id = $1", *class_id)) {
      refuse("/class", "there is no class " + std::to_string(*class_id));
    }
    if (!class_accepts(session, *class_id)) refuse("/class", kClosedClass);
  }
  return class_id;
}

std::string checked_title(std::string_view title, const char* pointer = "/title") {
  std::string clean = core::collapse_space(core::to_nfc(title));
  if (clean.empty() || clean.size() > kLongestTitle) refuse(pointer, "a title must have 1 to 500 bytes");
  return clean;
}

// What hides nothing is not kept.
std::optional<std::string> public_title_of(const Document& before, const DocumentChange& change,
                                           const std::string& title) {
  auto public_title = change.public_title ? *change.public_title : before.public_title;
  if (change.public_title && public_title) public_title = checked_title(*public_title, "/public_title");
  return public_title == title ? std::nullopt : public_title;
}

void checked_language(std::string_view language) {
  const bool good =
      language.empty() || (language.size() >= 2 && language.size() <= 16 &&
                           language.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
  if (!good) refuse("/language", "a language is named as Tesseract names it, for example eng or swe");
}

void write_tags(Transaction& tx, std::int64_t document_id, const std::vector<std::int64_t>& tags) {
  tx.execute("DELETE FROM document_tag WHERE document_id = $1", document_id);
  for (const std::int64_t tag : tags) {
    require_entry(tx, Vocabulary::tag, tag, "/tags");
    tx.execute("INSERT INTO document_tag (document_id, tag_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", document_id,
               tag);
  }
}

std::string title_of_file(const std::string& filename) {
  const std::string title = core::collapse_space(core::file_stem(filename));
  return std::string(core::cut(title.empty() ? filename : title, kLongestTitle));
}

// When the document came to its place in the file plan.
std::optional<core::Time> filed_at(Transaction& tx, const Document& before, std::optional<std::int64_t> class_id,
                                   std::optional<std::int64_t> folder_id) {
  if (!class_id) return std::nullopt;
  if (class_id != before.class_id || folder_id != before.folder_id) return tx.now();
  return tx.value<std::optional<core::Time>>("SELECT filed_at FROM document WHERE id = $1", before.id).value();
}

// Without a title of its own a document is called as its file.
std::string title_of(const NewDocument& document) {
  return document.title.empty() && !document.filename.empty() ? title_of_file(document.filename)
                                                              : checked_title(document.title);
}

// Everything of a new document but its blob and its audit entry.
std::int64_t insert_document(Transaction& tx, const NewDocument& document, Medium medium) {
  require_entry(tx, Vocabulary::type, document.type_id, "/type");
  require_entry(tx, Vocabulary::correspondent, document.correspondent_id, "/correspondent");
  require_access_list(tx, document.access_list);
  checked_language(document.language);
  const auto class_id = checked_class(tx, document.class_id, document.folder_id);
  const std::string title = title_of(document);
  const std::int64_t access_list =
      document.access_list ? *document.access_list : inherited_access_list(tx, document.folder_id, class_id);
  const auto by = tx.actor().account_id == 0 ? std::nullopt : std::optional(tx.actor().account_id);
  const bool has_file = medium != Medium::physical;

  // The hash needs the identifier, and capture facts are fixed from the first write: so the identifier is reserved
  // first.
  const std::int64_t id = tx.value<std::int64_t>(
                                "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'document'), 0), "
                                "coalesce((SELECT max(id) FROM document), 0)) + 1")
                              .value();
  std::vector<CapturedComponent> components;
  if (has_file) components.push_back({1, document.filename, document.hash});
  const std::string row_hash = capture_hash(id, tx.now(), by, document.source, components);
  tx.execute(
      "INSERT INTO document (id, title, title_source, document_date, date_source, type_id, correspondent_id, language, "
      "language_source, class_id, folder_id, filed_at, own_access_list_id, access_list_id, state, medium, source, "
      "added_at, added_by, row_hash, public_title) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
      id, title, source_name(document.title.empty() ? ValueSource::filename : ValueSource::person), document.date,
      source_name(document.date ? ValueSource::person : ValueSource::none), document.type_id, document.correspondent_id,
      document.language, source_name(document.language.empty() ? ValueSource::guessed : ValueSource::person), class_id,
      document.folder_id, class_id ? std::optional(tx.now()) : std::nullopt, document.access_list, access_list,
      state_name(has_file ? DocumentState::received : DocumentState::ready), medium_name(medium), document.source,
      tx.now(), by, row_hash, document.public_title == title ? std::nullopt : document.public_title);
  tx.execute("INSERT INTO document_version (document_id, number, created_at, created_by) VALUES ($1, 1, $2, $3)", id,
             tx.now(), by);
  if (has_file) {
    tx.execute("INSERT INTO component (document_id, version, position, filename, sha256) VALUES ($1, 1, 1, $2, $3)", id,
               document.filename, document.hash);
  }
  write_tags(tx, id, document.tag_ids);
  queue_for_indexing(tx, id);
  return id;
}

}  // namespace

bool class_accepts(Session& session, std::int64_t class_id) {
  return session
             .value<std::int64_t>(
                 "WITH RECURSIVE line (id, parent_id, status) AS (SELECT id, parent_id, status FROM class WHERE id = "
                 "$1 "
                 "UNION ALL SELECT c.id, c.parent_id, c.status FROM class c JOIN line ON c.id = line.parent_id) "
                 "SELECT count(*) > 0 AND count(*) = sum(status = 'open') FROM line",
                 class_id)
             .value() > 0;
}

void require_accepting_class(Session& session, const Document& document) {
  if (!document.class_id || class_accepts(session, *document.class_id)) return;
  throw Error(
      ErrorCode::conflict,
      "its class, or one above it, is closed and accepts nothing new, no version of a document either; open the "
      "class again, or classify the document elsewhere");
}

void require_filing(Session& session, const PresetFiling& filing) {
  require_entry(session, Vocabulary::type, filing.type_id, "/type");
  require_entry(session, Vocabulary::correspondent, filing.correspondent_id, "/correspondent");
  for (const std::int64_t tag : filing.tag_ids) require_entry(session, Vocabulary::tag, tag, "/tags");
  checked_class(session, filing.class_id, filing.folder_id);
}

std::int64_t create_document(Transaction& tx, const NewDocument& document) {
  record_blob(tx, document.hash, document.size);
  const std::int64_t id = insert_document(tx, document, Medium::digital);
  tx.audit({"document.captured", "document", id, "",
            Json{{"filename", document.filename},
                 {"title", title_of(document)},
                 {"sha256", document.hash.hex()},
                 {"size", document.size},
                 {"source", document.source}}
                .dump()});
  if (document.folder_id) audit_holds_of_folder(tx, id);
  return id;
}

std::int64_t create_paper_document(Transaction& tx, const NewDocument& document) {
  const std::int64_t id = insert_document(tx, document, Medium::physical);
  tx.audit({"document.captured", "document", id, "",
            Json{{"medium", medium_name(Medium::physical)}, {"title", title_of(document)}, {"source", document.source}}
                .dump()});
  if (document.folder_id) audit_holds_of_folder(tx, id);
  return id;
}

std::int64_t change_document(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                             const DocumentChange& change) {
  const bool only_access = change.own_access_list && !change.title && !change.public_title && !change.date &&
                           !change.type_id && !change.correspondent_id && !change.tag_ids && !change.language &&
                           !change.class_id && !change.folder_id && change.custom_fields.empty();
  const Document before =
      changeable_document(tx, who, id, only_access ? Permission::manage_access : Permission::edit_documents);
  require_as_seen(before.version, expected_version, "document");
  if (before.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  if (!only_access) require_free_to_change(tx, before);
  if (before.is_record && (change.title || change.class_id || change.folder_id)) {
    throw Error(ErrorCode::conflict,
                "this is a record: its title is fixed, and a records manager classifies it anew with a reason");
  }
  if (change.own_access_list) who.require(Permission::manage_access);
  if (change.type_id) require_entry(tx, Vocabulary::type, *change.type_id, "/type");
  if (change.correspondent_id) require_entry(tx, Vocabulary::correspondent, *change.correspondent_id, "/correspondent");
  if (change.own_access_list) require_access_list(tx, *change.own_access_list);
  if (change.language) checked_language(*change.language);

  const std::string title = change.title ? checked_title(*change.title) : before.title;
  const auto folder_id = change.folder_id ? *change.folder_id : before.folder_id;
  auto class_id = change.class_id ? *change.class_id : before.class_id;
  if (change.folder_id || change.class_id) class_id = checked_class(tx, class_id, folder_id);
  const auto own_list = change.own_access_list ? *change.own_access_list : before.own_access_list;
  const std::int64_t access_list = own_list ? *own_list : inherited_access_list(tx, folder_id, class_id);
  require_may_replace(tx, who, before.access_list, access_list);
  const auto date = change.date ? *change.date : before.date;

  tx.execute(
      "UPDATE document SET title = $1, title_source = $2, document_date = $3, date_source = $4, type_id = $5, "
      "correspondent_id = $6, language = $7, language_source = $8, class_id = $9, folder_id = $10, "
      "filed_at = $11, own_access_list_id = $12, access_list_id = $13, public_title = $14, version = version + 1 "
      "WHERE id = $15",
      title, source_name(change.title ? ValueSource::person : before.title_source), date,
      source_name(change.date ? ValueSource::person : before.date_source),
      change.type_id ? *change.type_id : (before.type ? std::optional(before.type->id) : std::nullopt),
      change.correspondent_id ? *change.correspondent_id
                              : (before.correspondent ? std::optional(before.correspondent->id) : std::nullopt),
      change.language ? *change.language : before.language,
      source_name(change.language ? ValueSource::person : before.language_source), class_id, folder_id,
      filed_at(tx, before, class_id, folder_id), own_list, access_list, public_title_of(before, change, title), id);
  if (change.tag_ids) write_tags(tx, id, *change.tag_ids);
  queue_for_indexing(tx, id);
  const Document after = read_document(tx, id).value();
  const bool new_type = after.type && (!before.type || before.type->id != after.type->id);
  const auto custom = write_custom_values(tx, who, after, new_type, change.custom_fields);
  const auto [old_values, new_values] =
      difference(with_fields(described(before), custom.first), with_fields(described(after), custom.second));
  tx.audit({"document.changed", "document", id, old_values, new_values});
  // It was under no hold before, or nothing could have moved it.
  if (after.folder_id && after.folder_id != before.folder_id) audit_holds_of_folder(tx, id);
  return after.version;
}

void trash_document(Transaction& tx, const Principal& who, std::int64_t id, Permission by) {
  const Document document = changeable_document(tx, who, id, by);
  if (document.trashed_at) return;
  require_not_held(document);
  if (document.is_record) {
    throw Error(ErrorCode::conflict, "this is a record: it leaves by disposition only, never by the trash");
  }
  require_not_locked(tx, who, id);
  tx.execute("UPDATE document SET trashed_at = $1, trashed_by = $2, version = version + 1 WHERE id = $3", tx.now(),
             who.is_system() ? std::nullopt : std::optional(who.account_id), id);
  queue_for_indexing(tx, id);
  tx.audit({"document.trashed", "document", id});
}

void restore_document(Transaction& tx, const Principal& who, std::int64_t id) {
  const Document document = changeable_document(tx, who, id);
  if (!document.trashed_at) return;
  if (document.replaced_at && document.trashed_by == 0) {
    throw Error(ErrorCode::conflict, "a document that was made of these pages was destroyed, and they go with it");
  }
  // It would stand there undeclared. Elsewhere other people might read it: nobody but a person may choose the place.
  if (document.folder_id &&
      tx.value<std::string>("SELECT status FROM folder WHERE id = $1", *document.folder_id) == "closed") {
    throw Error(ErrorCode::conflict,
                "its folder was closed while this document was in the trash; open the folder again to restore it");
  }
  if (document.class_id && !class_accepts(tx, *document.class_id)) {
    throw Error(ErrorCode::conflict,
                "its class was closed while this document was in the trash; open the class again to restore it");
  }
  tx.execute("UPDATE document SET trashed_at = NULL, trashed_by = NULL, version = version + 1 WHERE id = $1", id);
  queue_for_indexing(tx, id);
  tx.audit({"document.restored", "document", id});
}

std::int64_t add_note(Transaction& tx, const Principal& who, std::int64_t document_id, std::string_view text) {
  const Document document = changeable_document(tx, who, document_id);
  require_not_restricted(tx, document_id);
  require_not_handed_over(tx, document);
  const std::string clean(core::trim(core::to_nfc(text)));
  if (clean.empty() || clean.size() > kLongestNote) refuse("/text", "a note must have 1 to 20000 bytes");
  const std::int64_t id =
      tx.insert("INSERT INTO note (document_id, text, created_at, created_by) VALUES ($1, $2, $3, $4)", document_id,
                clean, tx.now(), who.is_system() ? std::nullopt : std::optional(who.account_id));
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", document_id);
  queue_for_indexing(tx, document_id);
  tx.audit({"document.note_added", "document", document_id, "", Json{{"note_id", id}, {"text", clean}}.dump()});
  return id;
}

bool remove_note(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t note_id) {
  require_free_to_change(tx, changeable_document(tx, who, document_id));
  const auto text =
      tx.value<std::string>("SELECT text FROM note WHERE id = $1 AND document_id = $2", note_id, document_id);
  if (!text) return false;
  tx.execute("DELETE FROM note WHERE id = $1", note_id);
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", document_id);
  queue_for_indexing(tx, document_id);
  tx.audit({"document.note_removed", "document", document_id, Json{{"note_id", note_id}, {"text", *text}}.dump(), ""});
  return true;
}

}  // namespace muniment::storage
