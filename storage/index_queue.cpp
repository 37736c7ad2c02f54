#include "storage/index_queue.h"

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

std::int64_t last_index_sequence(Session& session) {
  return session.value<std::int64_t>("SELECT seq FROM sqlite_sequence WHERE name = 'index_queue'").value_or(0);
}

std::vector<Job> mark_indexed(Transaction& tx, const std::vector<ChangedDocument>& documents) {
  std::vector<Job> finished;
  for (const auto& [sequence, id, being_read] : documents) {
    tx.execute("DELETE FROM index_queue WHERE sequence = $1", sequence);
    for (const auto& [job] :
         tx.rows<std::int64_t>("UPDATE job SET state = 'done', stage = '', finished_at = $1 "
                               "WHERE document_id = $2 AND state = 'running' AND stage = 'indexing' RETURNING id",
                               tx.now(), id)) {
      finished.push_back(find_job(tx, job).value());
    }
  }
  return finished;
}

std::optional<IndexableDocument> load_indexable(Session& session, std::int64_t document_id) {
  const auto found = session.row<std::int64_t, std::int64_t, std::string, std::optional<std::string>,
                                 std::optional<std::string>, std::optional<std::int64_t>, std::optional<std::int64_t>,
                                 std::optional<std::string>, std::string, std::string, std::string,
                                 std::optional<core::Date>, core::Time, bool, bool, std::int64_t, bool, bool, bool>(
      "SELECT CASE WHEN d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS NULL "
      "THEN d.access_list_id ELSE 0 END, d.access_list_id, d.title, "
      "t.name, c.name, d.class_id, d.folder_id, f.title, d.language, d.source, "
      "d.state, "
      "d.document_date, d.added_at, d.has_text, d.low_confidence, d.page_count, "
      "EXISTS (SELECT 1 FROM record r WHERE r.document_id = d.id), "
      "EXISTS (SELECT 1 FROM hold_item i JOIN hold h ON h.id = i.hold_id WHERE i.document_id = d.id "
      "AND i.released_at IS NULL AND h.confidential = 0), "
      "EXISTS (SELECT 1 FROM document_relation n WHERE n.document_id = d.id OR n.other_id = d.id) FROM document d "
      "LEFT JOIN document_type t ON t.id = d.type_id LEFT JOIN correspondent c ON c.id = d.correspondent_id "
      "LEFT JOIN folder f ON f.id = d.folder_id WHERE d.id = $1",
      document_id);
  if (!found) return std::nullopt;
  IndexableDocument document;
  std::optional<std::string> type, correspondent, folder;
  std::optional<std::int64_t> class_id, folder_id;
  document.id = document_id;
  std::tie(document.access_list, document.told_list, document.title, type, correspondent, class_id, folder_id, folder,
           document.language, document.source, document.state, document.document_date, document.added_at,
           document.has_text, document.low_confidence, document.page_count, document.is_record, document.openly_held,
           document.related) = *found;
  document.type = type.value_or("");
  document.correspondent = correspondent.value_or("");
  document.folder_id = folder_id.value_or(0);
  document.folder = folder.value_or("");
  for (const auto& [name] : session.rows<std::string>(
           "WITH RECURSIVE line (id, parent_id, name) AS ("
           "  SELECT t.id, t.parent_id, t.name FROM document_tag dt JOIN tag t ON t.id = dt.tag_id "
           "  WHERE dt.document_id = $1"
           "  UNION SELECT t.id, t.parent_id, t.name FROM tag t JOIN line ON t.id = line.parent_id)"
           "SELECT name FROM line ORDER BY name",
           document_id)) {
    document.tags.push_back(name);
  }
  if (class_id) {
    for (const auto& [code] : session.rows<std::string>(
             "WITH RECURSIVE line (id, parent_id, code, depth) AS ("
             "  SELECT id, parent_id, code, 0 FROM class WHERE id = $1"
             "  UNION ALL SELECT c.id, c.parent_id, c.code, depth + 1 FROM class c JOIN line ON c.id = line.parent_id)"
             "SELECT code FROM line ORDER BY depth",
             *class_id)) {
      document.class_codes.push_back(code);
    }
  }
  document.barcode =
      session.value<std::string>("SELECT code FROM barcode WHERE document_id = $1 AND replaced_at IS NULL", document_id)
          .value_or("");
  document.serial_number =
      session.value<std::optional<std::int64_t>>("SELECT number FROM serial_number WHERE document_id = $1", document_id)
          .value_or(std::nullopt);
  for (const auto& [text] :
       session.rows<std::string>("SELECT text FROM note WHERE document_id = $1 ORDER BY id", document_id)) {
    document.notes.push_back(text);
  }
  document.custom = searchable_values(session, document_id);
  const auto components = session.rows<std::int64_t, std::string, std::string, bool, bool>(
      "SELECT c.id, c.filename, c.media_type, c.encrypted, c.signed FROM component c JOIN document d "
      "ON d.id = c.document_id AND d.current_version = c.version WHERE d.id = $1 ORDER BY c.position",
      document_id);
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
  // Where a mail's own headers are found too: on its first page.
  if (!document.pages.empty()) {
    for (const auto& [value] : session.rows<std::string>(
             "SELECT value FROM message_header WHERE document_id = $1 AND carrier = 1 ORDER BY position",
             document_id)) {
      document.pages.front().text += "\n" + value;
    }
  }
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
