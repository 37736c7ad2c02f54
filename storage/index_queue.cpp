#include "storage/index_queue.h"

#include "core/text.h"
#include "storage/page_layer.h"

namespace muniment::storage {

void queue_for_indexing(Transaction& tx, std::int64_t document_id) {
  // A new row, because the rising sequence tells the indexer that the document changed after it looked.
  tx.execute("DELETE FROM index_queue WHERE document_id = $1", document_id);
  tx.execute("INSERT INTO index_queue (document_id) VALUES ($1)", document_id);
  tx.tell_index();
}

std::vector<ChangedDocument> changed_documents(Session& session, std::size_t limit, std::int64_t after) {
  std::vector<ChangedDocument> changed;
  for (const auto& [sequence, id, being_read] : session.rows<std::int64_t, std::int64_t, bool>(
           "SELECT q.sequence, q.document_id, coalesce(d.state IN ('received', 'reading') AND d.trashed_at IS NULL, 0) "
           "FROM index_queue q LEFT JOIN document d ON d.id = q.document_id WHERE q.sequence > $1 "
           "ORDER BY q.sequence LIMIT $2",
           after, limit)) {
    changed.push_back({sequence, id, being_read});
  }
  return changed;
}

bool is_still_queued(Session& session, const ChangedDocument& document) {
  return session.value<std::int64_t>("SELECT 1 FROM index_queue WHERE sequence = $1", document.sequence).has_value();
}

bool is_queued_for_indexing(Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT 1 FROM index_queue WHERE document_id = $1", document_id).has_value();
}

std::int64_t changed_document_count(Session& session) {
  return session.value<std::int64_t>("SELECT count(*) FROM index_queue").value();
}

std::vector<std::int64_t> not_readable_any_more(Session& session, const Principal& who) {
  std::vector<std::int64_t> documents;
  for (const auto& [list] : session.rows<std::int64_t>("SELECT DISTINCT access_list_id FROM narrowed_document")) {
    if (who.may_read(list)) continue;
    for (const auto& [id] :
         session.rows<std::int64_t>("SELECT document_id FROM narrowed_document WHERE access_list_id = $1", list)) {
      documents.push_back(id);
    }
  }
  return documents;
}

std::int64_t last_index_sequence(Session& session) {
  return session.value<std::int64_t>("SELECT seq FROM sqlite_sequence WHERE name = 'index_queue'").value_or(0);
}

std::vector<Job> mark_indexed(Transaction& tx, const std::vector<ChangedDocument>& documents) {
  std::vector<Job> finished;
  for (const auto& [sequence, id, being_read] : documents) {
    tx.execute("DELETE FROM index_queue WHERE sequence = $1", sequence);
    tx.execute(
        "DELETE FROM narrowed_document WHERE document_id = $1 AND NOT EXISTS (SELECT 1 FROM index_queue q WHERE "
        "q.document_id = $1)",
        id);
    for (const auto& [job] :
         tx.rows<std::int64_t>("UPDATE job SET state = 'done', stage = '', finished_at = $1 "
                               "WHERE document_id = $2 AND state = 'running' AND stage = 'indexing' RETURNING id",
                               tx.now(), id)) {
      finished.push_back(find_job(tx, job).value());
    }
  }
  return finished;
}

namespace {

// Texts of one column that belong to a document.
std::vector<std::string> texts(Session& session, std::string_view sql, std::int64_t id) {
  std::vector<std::string> all;
  for (auto& [text] : session.rows<std::string>(sql, id)) all.push_back(std::move(text));
  return all;
}

// What stands in its own row and beside it.
std::optional<IndexableDocument> load_metadata(Session& session, std::int64_t document_id) {
  const auto found =
      session.row<std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t, std::string,
                  std::string, std::string, std::string, std::optional<core::Date>, core::Time, bool, bool,
                  std::int64_t, bool, bool, bool, std::optional<std::int64_t>, std::string>(
          "SELECT CASE WHEN d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS NULL "
          "THEN d.access_list_id ELSE 0 END, d.access_list_id, d.title, "
          "coalesce(t.name, ''), coalesce(c.name, ''), coalesce(d.folder_id, 0), coalesce(f.title, ''), d.language, "
          "d.source, d.state, d.document_date, d.added_at, d.has_text, d.low_confidence, d.page_count, "
          "EXISTS (SELECT 1 FROM record r WHERE r.document_id = d.id), "
          "EXISTS (SELECT 1 FROM hold_item i JOIN hold h ON h.id = i.hold_id WHERE i.document_id = d.id "
          "AND i.released_at IS NULL AND h.confidential = 0), "
          "EXISTS (SELECT 1 FROM check_out o WHERE o.document_id = d.id), "
          "(SELECT number FROM serial_number s WHERE s.document_id = d.id), "
          "coalesce((SELECT code FROM barcode b WHERE b.document_id = d.id AND b.replaced_at IS NULL), '') "
          "FROM document d "
          "LEFT JOIN document_type t ON t.id = d.type_id LEFT JOIN correspondent c ON c.id = d.correspondent_id "
          "LEFT JOIN folder f ON f.id = d.folder_id WHERE d.id = $1",
          document_id);
  if (!found) return std::nullopt;
  IndexableDocument document;
  document.id = document_id;
  std::tie(document.access_list, document.told_list, document.title, document.type, document.correspondent,
           document.folder_id, document.folder, document.language, document.source, document.state,
           document.document_date, document.added_at, document.has_text, document.low_confidence, document.page_count,
           document.is_record, document.openly_held, document.checked_out, document.serial_number, document.barcode) =
      *found;
  return document;
}

// What it has several of.
void load_lists(Session& session, IndexableDocument& document) {
  document.tags = texts(session,
                        "WITH RECURSIVE line (id, parent_id, name) AS ("
                        "  SELECT t.id, t.parent_id, t.name FROM document_tag dt JOIN tag t ON t.id = dt.tag_id "
                        "  WHERE dt.document_id = $1"
                        "  UNION SELECT t.id, t.parent_id, t.name FROM tag t JOIN line ON t.id = line.parent_id)"
                        "SELECT name FROM line ORDER BY name",
                        document.id);
  document.class_codes =
      texts(session,
            "WITH RECURSIVE line (id, parent_id, code, depth) AS ("
            "  SELECT c.id, c.parent_id, c.code, 0 FROM document d JOIN class c ON c.id = d.class_id WHERE d.id = $1"
            "  UNION ALL SELECT c.id, c.parent_id, c.code, depth + 1 FROM class c JOIN line ON c.id = line.parent_id)"
            "SELECT code FROM line ORDER BY depth",
            document.id);
  document.version_labels =
      texts(session, "SELECT label FROM version_label WHERE document_id = $1 ORDER BY id", document.id);
  document.sender = core::joined(
      texts(session, "SELECT value FROM message_header WHERE document_id = $1 AND name = 'From' ORDER BY position",
            document.id),
      " ");
  document.notes = texts(session, "SELECT text FROM note WHERE document_id = $1 ORDER BY id", document.id);
  document.custom = searchable_values(session, document.id);
  for (const auto& [kind, reversed, other, list] : session.rows<std::string, bool, std::int64_t, std::int64_t>(
           "SELECT n.kind, 0, d.id, d.access_list_id FROM document_relation n JOIN document d ON d.id = n.other_id "
           "WHERE n.document_id = $1 AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL UNION ALL "
           "SELECT n.kind, 1, d.id, d.access_list_id FROM document_relation n JOIN document d ON d.id = n.document_id "
           "WHERE n.other_id = $1 AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL ORDER BY 1, 2, 3",
           document.id)) {
    document.relations.push_back({parse_relation_kind(kind).value(), reversed, other, list});
  }
}

void load_pages(Session& session, IndexableDocument& document) {
  const auto components = session.rows<std::int64_t, std::string, std::string, bool, bool>(
      "SELECT c.id, c.filename, c.media_type, c.encrypted, c.signed FROM component c JOIN document d "
      "ON d.id = c.document_id AND d.current_version = c.version WHERE d.id = $1 ORDER BY c.position",
      document.id);
  std::int64_t pages_before = 0;
  for (const auto& [component, filename, media_type, encrypted, is_signed] : components) {
    if (document.filename.empty()) {
      document.filename = filename;
      document.media_type = media_type;
    }
    document.encrypted = document.encrypted || encrypted;
    document.is_signed = document.is_signed || is_signed;
    std::int64_t last = 0;
    for (const auto& [number, layer] : session.rows<std::int64_t, Blob>(
             "SELECT number, layer FROM page WHERE component_id = $1 ORDER BY number", component)) {
      document.pages.push_back({pages_before + number, decode_page_layer(layer.bytes).text()});
      last = number;
    }
    pages_before += last;
  }
  if (document.pages.empty()) return;
  // Where a mail's own headers are found too: on its first page.
  for (const std::string& value :
       texts(session, "SELECT value FROM message_header WHERE document_id = $1 AND carrier = 1 ORDER BY position",
             document.id)) {
    document.pages.front().text += "\n" + value;
  }
}

}  // namespace

std::optional<IndexableDocument> load_indexable(Session& session, std::int64_t document_id) {
  auto document = load_metadata(session, document_id);
  if (!document) return std::nullopt;
  load_lists(session, *document);
  load_pages(session, *document);
  return document;
}

std::optional<std::string> load_page_text(Session& session, std::int64_t document_id, std::int64_t page) {
  const auto layer = session.value<Blob>(
      "SELECT p.layer FROM page p JOIN component c ON c.id = p.component_id JOIN document d "
      "ON d.id = c.document_id AND d.current_version = c.version WHERE d.id = $1 AND c.position = 1 AND p.number = $2",
      document_id, page);
  if (!layer) return std::nullopt;
  return decode_page_layer(layer->bytes).text();
}

std::vector<std::int64_t> indexable_documents(Session& session, std::int64_t after, std::size_t limit) {
  std::vector<std::int64_t> ids;
  for (const auto& [id] :
       session.rows<std::int64_t>("SELECT id FROM document WHERE id > $1 ORDER BY id LIMIT $2", after, limit)) {
    ids.push_back(id);
  }
  return ids;
}

std::int64_t indexable_document_count(Session& session) {
  return session.value<std::int64_t>("SELECT count(*) FROM document WHERE trashed_at IS NULL").value();
}

}  // namespace muniment::storage
