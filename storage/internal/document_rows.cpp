#include "storage/internal/document_rows.h"

#include "core/error.h"

namespace muniment::storage {

namespace {

DocumentState parse_state(std::string_view name) {
  for (const DocumentState state : {DocumentState::received, DocumentState::reading, DocumentState::ready,
                                    DocumentState::needs_password, DocumentState::quarantined}) {
    if (state_name(state) == name) return state;
  }
  throw core::Error(core::ErrorCode::corrupt, "the database holds an unknown document state");
}

ValueSource parse_source(std::string_view name) {
  for (const ValueSource source :
       {ValueSource::none, ValueSource::filename, ValueSource::guessed, ValueSource::person}) {
    if (source_name(source) == name) return source;
  }
  throw core::Error(core::ErrorCode::corrupt, "the database holds an unknown value source");
}

Medium parse_medium(std::string_view name) {
  for (const Medium medium : {Medium::digital, Medium::physical, Medium::physical_and_digital}) {
    if (medium_name(medium) == name) return medium;
  }
  throw core::Error(core::ErrorCode::corrupt, "the database holds an unknown medium");
}

std::optional<NamedEntry> entry_of(const std::optional<std::int64_t>& id, const std::optional<std::string>& name) {
  if (!id) return std::nullopt;
  return NamedEntry{*id, name.value_or("")};
}

void read_description(Session& session, Document& document) {
  const auto found = session.row<std::optional<std::int64_t>, std::optional<std::string>, std::optional<std::int64_t>,
                                 std::optional<std::string>, std::optional<std::int64_t>, std::optional<std::string>,
                                 std::optional<std::string>, std::optional<std::int64_t>, std::optional<std::string>>(
      "SELECT d.type_id, t.name, d.correspondent_id, c.name, d.class_id, k.code, k.title, d.folder_id, f.title "
      "FROM document d LEFT JOIN document_type t ON t.id = d.type_id "
      "LEFT JOIN correspondent c ON c.id = d.correspondent_id LEFT JOIN class k ON k.id = d.class_id "
      "LEFT JOIN folder f ON f.id = d.folder_id WHERE d.id = $1",
      document.id);
  const auto& [type_id, type, correspondent_id, correspondent, class_id, code, class_title, folder_id, folder] = *found;
  document.type = entry_of(type_id, type);
  document.correspondent = entry_of(correspondent_id, correspondent);
  document.class_id = class_id;
  document.class_code = code.value_or("");
  document.class_title = class_title.value_or("");
  document.folder_id = folder_id;
  document.folder_title = folder.value_or("");
  for (const auto& [id, name] : session.rows<std::int64_t, std::string>(
           "SELECT t.id, t.name FROM document_tag dt JOIN tag t ON t.id = dt.tag_id WHERE dt.document_id = $1 "
           "ORDER BY t.folded_name",
           document.id)) {
    document.tags.push_back({id, name});
  }
}

void read_capture(Session& session, Document& document) {
  const auto found =
      session
          .row<std::string, core::Time, std::optional<std::int64_t>, std::optional<std::string>,
               std::optional<core::Time>, std::optional<std::int64_t>, std::optional<std::string>, std::int64_t, bool>(
              "SELECT d.source, d.added_at, d.added_by, a.display_name, d.trashed_at, d.trashed_by, t.display_name, "
              "(SELECT count(*) FROM note n WHERE n.document_id = d.id), "
              "EXISTS (SELECT 1 FROM component c JOIN page p ON p.component_id = c.id WHERE c.document_id = d.id "
              "AND c.version = d.current_version AND p.source IN ('ocr', 'corrected')) "
              "FROM document d LEFT JOIN account a ON a.id = d.added_by LEFT JOIN account t ON t.id = d.trashed_by "
              "WHERE d.id = $1",
              document.id);
  std::optional<std::int64_t> added_by, trashed_by;
  std::optional<std::string> added_by_name, trashed_by_name;
  std::tie(document.source, document.added_at, added_by, added_by_name, document.trashed_at, trashed_by,
           trashed_by_name, document.note_count, document.has_read_pages) = *found;
  document.added_by = added_by.value_or(0);
  document.added_by_name = added_by_name.value_or("System");
  document.trashed_by = trashed_by.value_or(0);
  document.trashed_by_name = trashed_by_name.value_or("");
  for (const auto& [id, position, filename, media_type, hash, size, encrypted, is_signed] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, core::Sha256, std::uint64_t, bool, bool>(
           "SELECT c.id, c.position, c.filename, c.media_type, c.sha256, b.size, c.encrypted, c.signed "
           "FROM component c JOIN blob b ON b.sha256 = c.sha256 JOIN document d "
           "ON d.id = c.document_id AND d.current_version = c.version WHERE d.id = $1 ORDER BY c.position",
           document.id)) {
    document.components.push_back({id, position, filename, media_type, hash, size, encrypted, is_signed});
  }
}

}  // namespace

std::optional<Document> read_document(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::optional<core::Date>, std::string,
                                 std::string, std::string, std::optional<std::int64_t>, std::int64_t, std::string,
                                 std::string, std::string, bool, bool, std::int64_t, bool, bool, std::string,
                                 std::string, std::optional<core::Time>, bool, std::optional<std::string>>(
      "SELECT version, title, title_source, document_date, date_source, language, language_source, "
      "own_access_list_id, access_list_id, state, problem_code, problem, has_text, low_confidence, page_count, "
      "withdrawn_at IS NOT NULL, EXISTS (SELECT 1 FROM record WHERE document_id = document.id), medium, "
      "coalesce((SELECT code FROM barcode WHERE document_id = document.id AND replaced_at IS NULL), ''), "
      "document.replaced_at, read_at IS NOT NULL, public_title FROM document WHERE id = $1",
      id);
  if (!found) return std::nullopt;
  Document document;
  std::string title_source, date_source, language_source, state, medium;
  document.id = id;
  std::tie(document.version, document.title, title_source, document.date, date_source, document.language,
           language_source, document.own_access_list, document.access_list, state, document.problem_code,
           document.problem, document.has_text, document.low_confidence, document.page_count, document.withdrawn,
           document.is_record, medium, document.barcode, document.replaced_at, document.was_read,
           document.public_title) = *found;
  for (const auto& [confidential] :
       session.rows<bool>("SELECT h.confidential FROM hold_item i JOIN hold h ON h.id = i.hold_id "
                          "WHERE i.document_id = $1 AND i.released_at IS NULL",
                          id)) {
    document.held = true;
    document.openly_held = document.openly_held || !confidential;
  }
  document.title_source = parse_source(title_source);
  document.date_source = parse_source(date_source);
  document.language_source = parse_source(language_source);
  document.state = parse_state(state);
  document.medium = parse_medium(medium);
  read_description(session, document);
  read_capture(session, document);
  return document;
}

void require_not_held(const Document& document) {
  if (!document.held) return;
  throw core::Error(core::ErrorCode::conflict,
                    document.openly_held ? "this document is under hold and cannot be changed until it is released"
                                         : "this document cannot be changed now; ask a records manager why");
}

std::int64_t current_version(Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT current_version FROM document WHERE id = $1", document_id).value_or(1);
}

std::string capture_hash(std::int64_t id, core::Time added_at, std::optional<std::int64_t> added_by,
                         std::string_view source, const std::vector<CapturedComponent>& components) {
  std::string text = std::to_string(id) + "\n" + std::to_string(core::to_microseconds(added_at)) + "\n" +
                     std::to_string(added_by.value_or(0)) + "\n" + std::string(source) + "\n";
  for (const CapturedComponent& component : components) {
    text += std::to_string(component.position) + "\n" + component.filename + "\n" + component.hash.hex() + "\n";
  }
  return core::Sha256::of(text).hex();
}

std::string capture_hash(Session& session, std::int64_t document_id) {
  const auto document = session.row<core::Time, std::optional<std::int64_t>, std::string>(
      "SELECT added_at, added_by, source FROM document WHERE id = $1", document_id);
  if (!document) return "";
  std::vector<CapturedComponent> components;
  for (const auto& [position, filename, hash] : session.rows<std::int64_t, std::string, core::Sha256>(
           "SELECT position, filename, sha256 FROM component WHERE document_id = $1 AND version = 1 ORDER BY position",
           document_id)) {
    components.push_back({position, filename, hash});
  }
  const auto& [added_at, added_by, source] = *document;
  return capture_hash(document_id, added_at, added_by, source, components);
}

}  // namespace muniment::storage
