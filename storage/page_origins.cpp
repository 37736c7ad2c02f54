#include "storage/page_origins.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/page_hash.h"
#include "storage/restrictions.h"
#include "storage/serial_numbers.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

// Whoever looks for the mail that brought the pages finds what was made of them.
void take_over_headers(Transaction& tx, std::int64_t id, std::int64_t origin) {
  tx.execute(
      "INSERT INTO message_header (document_id, position, name, value, carrier) "
      "SELECT $1, position, name, value, 1 FROM message_header WHERE document_id = $2",
      id, origin);
}

// What people said of the documents that the pages come from. Values are those of one document, the first page's; notes
// and relations add up. Documents that must not change keep their relations as they are.
void take_over_remarks(Transaction& tx, std::int64_t id, std::int64_t first_origin) {
  std::int64_t taken = tx.execute(
      "INSERT INTO custom_value (document_id, field_id, value) "
      "SELECT $1, field_id, value FROM custom_value WHERE document_id = $2",
      id, first_origin);
  taken += tx.execute(
      "INSERT INTO note (document_id, text, created_at, created_by) SELECT $1, text, created_at, created_by FROM note "
      "WHERE document_id IN (SELECT origin_document_id FROM page_origin WHERE document_id = $1) ORDER BY id",
      id);
  taken += tx.execute(
      "INSERT INTO document_relation (document_id, kind, other_id, created_at, created_by) "
      "SELECT $1, kind, other_id, created_at, created_by FROM document_relation "
      "WHERE document_id IN (SELECT origin_document_id FROM page_origin WHERE document_id = $1) "
      "AND other_id NOT IN (SELECT origin_document_id FROM page_origin WHERE document_id = $1) ON CONFLICT DO NOTHING",
      id);
  taken += tx.execute(
      "INSERT INTO document_relation (document_id, kind, other_id, created_at, created_by) "
      "SELECT document_id, kind, $1, created_at, created_by FROM document_relation r "
      "WHERE other_id IN (SELECT origin_document_id FROM page_origin WHERE document_id = $1) "
      "AND document_id NOT IN (SELECT origin_document_id FROM page_origin WHERE document_id = $1) "
      "AND NOT EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = r.document_id AND h.released_at IS NULL) "
      "AND NOT EXISTS (SELECT 1 FROM record e WHERE e.document_id = r.document_id AND e.stage = 'transferring') "
      "ON CONFLICT DO NOTHING",
      id);
  if (taken == 0) return;
  for (const auto& [other] :
       tx.rows<std::int64_t>("SELECT other_id FROM document_relation WHERE document_id = $1 UNION "
                             "SELECT document_id FROM document_relation WHERE other_id = $1",
                             id)) {
    queue_for_indexing(tx, other);
  }
  tx.audit({"document.remarks_taken_over", "document", id});
}

}  // namespace

std::int64_t create_document_of_pages(Transaction& tx, const NewDocument& document, std::span<const PageOrigin> pages) {
  const std::int64_t id = create_document(tx, document);
  const std::int64_t component =
      tx.value<std::int64_t>("SELECT id FROM component WHERE document_id = $1 AND version = 1", id).value();
  // Known, because it was made here: it does not have to be of a kind that may come in.
  tx.execute("UPDATE component SET media_type = 'application/pdf' WHERE id = $1", component);
  std::int64_t number = 0;
  for (const PageOrigin& page : pages) {
    tx.execute(
        "INSERT INTO page_origin (document_id, number, origin_document_id, origin_number, turn) "
        "VALUES ($1, $2, $3, $4, $5)",
        id, ++number, page.document_id, page.page, page.turn);
    if (page.turn != 0) continue;
    const std::int64_t copied = tx.execute(
        "INSERT INTO page (component_id, number, source, confidence, language, layer, original_layer, problem, "
        "picture_hash) SELECT $1, $2, p.source, p.confidence, p.language, p.layer, p.original_layer, p.problem, "
        "p.picture_hash FROM page p "
        "JOIN component c ON c.id = p.component_id JOIN document d ON d.id = c.document_id "
        "AND d.current_version = c.version WHERE d.id = $3 AND c.position = 1 AND p.number = $4",
        component, number, page.document_id, page.page);
    if (copied > 0) seal_page(tx, component, number);
  }
  if (!pages.empty()) {
    take_over_headers(tx, id, pages.front().document_id);
    take_over_remarks(tx, id, pages.front().document_id);
  }
  return id;
}

void keep_whole(Transaction& tx, std::int64_t document_id) {
  tx.execute("INSERT INTO whole_document (document_id) VALUES ($1)", document_id);
}

bool is_kept_whole(Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT 1 FROM whole_document WHERE document_id = $1", document_id).has_value();
}

void replace_document(Transaction& tx, std::int64_t id, std::span<const std::int64_t> by) {
  const auto document = read_document(tx, id);
  if (!document) throw Error(ErrorCode::not_found, "there is no document " + std::to_string(id));
  require_free_to_change(tx, *document);
  if (document->is_record) throw Error(ErrorCode::conflict, "this is a record: its pages stay together");
  if (document->trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it first");
  if (document->medium != Medium::digital) {
    throw Error(ErrorCode::conflict, "this document is on paper too: its pages stay together");
  }
  tx.execute("UPDATE document SET replaced_at = $1, version = version + 1 WHERE id = $2", tx.now(), id);
  queue_for_indexing(tx, id);
  hand_on_serial_number(tx, *document, by);
  nlohmann::ordered_json documents = nlohmann::ordered_json::array();
  for (const std::int64_t other : by) documents.push_back(other);
  tx.audit({"document.replaced", "document", id, "", nlohmann::ordered_json{{"by", documents}}.dump()});
}

void undo_replacement(Transaction& tx, std::int64_t id) {
  if (tx.value<std::int64_t>("SELECT d.id FROM page_origin o JOIN document d ON d.id = o.document_id "
                             "WHERE o.origin_document_id = $1 AND d.withdrawn_at IS NOT NULL LIMIT 1",
                             id)) {
    throw Error(ErrorCode::conflict,
                "a document that was made of these pages is destroyed; its content must not come back");
  }
  if (tx.execute("UPDATE document SET replaced_at = NULL, version = version + 1 "
                 "WHERE id = $1 AND replaced_at IS NOT NULL",
                 id) == 0) {
    return;
  }
  queue_for_indexing(tx, id);
  take_back_serial_number(tx, id);
  tx.audit({"document.replacement_undone", "document", id});
}

bool is_out_of_trash(Session& session, const Document& document) {
  if (!document.replaced_at) return !document.trashed_at;
  return session
      .value<std::int64_t>(
          "WITH RECURSIVE made (id) AS (SELECT document_id FROM page_origin WHERE origin_document_id = $1 UNION SELECT "
          "o.document_id FROM page_origin o JOIN made ON o.origin_document_id = made.id) SELECT d.id FROM made JOIN "
          "document d ON d.id = made.id WHERE d.withdrawn_at IS NULL AND d.trashed_at IS NULL AND d.replaced_at IS "
          "NULL" +
              std::string(kIsNotDisposedOf) + " LIMIT 1",
          document.id)
      .has_value();
}

void give_up_originals(Transaction& tx, std::int64_t document_id) {
  const auto originals = tx.rows<std::int64_t>(
      "SELECT DISTINCT d.id FROM page_origin o JOIN document d ON d.id = o.origin_document_id WHERE o.document_id = $1 "
      "AND d.replaced_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = d.id AND "
      "h.released_at IS NULL) ORDER BY d.id",
      document_id);
  for (const auto& [id] : originals) {
    tx.execute(
        "UPDATE document SET trashed_at = coalesce(trashed_at, $1), trashed_by = NULL, version = version + 1 "
        "WHERE id = $2",
        tx.now(), id);
    queue_for_indexing(tx, id);
    tx.audit({"document.trashed", "document", id, "", "", "a document that was made of its pages is destroyed"});
  }
}

std::vector<PageOrigin> page_origins(Session& session, std::int64_t document_id) {
  std::vector<PageOrigin> pages;
  for (const auto& [document, page, turn] : session.rows<std::int64_t, std::int64_t, std::int32_t>(
           "SELECT origin_document_id, origin_number, turn FROM page_origin WHERE document_id = $1 ORDER BY number",
           document_id)) {
    pages.push_back({document, page, turn});
  }
  return pages;
}

std::vector<std::int64_t> documents_made_of(Session& session, const Principal& who, std::int64_t document_id) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, access_list] : session.rows<std::int64_t, std::int64_t>(
           "SELECT DISTINCT d.id, d.access_list_id FROM page_origin o JOIN document d ON d.id = o.document_id "
           "WHERE o.origin_document_id = $1 AND d.withdrawn_at IS NULL AND d.trashed_at IS NULL ORDER BY d.id",
           document_id)) {
    if (who.may_read(access_list)) ids.push_back(id);
  }
  return ids;
}

}  // namespace muniment::storage
