#include "storage/documents.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/optional_condition.h"
#include "storage/page_origins.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

std::string_view order_clause(DocumentOrder order) {
  switch (order) {
    case DocumentOrder::newest_first:
      return " ORDER BY added_at DESC, id DESC";
    case DocumentOrder::oldest_first:
      return " ORDER BY added_at, id";
    case DocumentOrder::date_newest_first:
      return " ORDER BY document_date DESC, id DESC";
    case DocumentOrder::date_oldest_first:
      return " ORDER BY document_date IS NULL, document_date, id";
    case DocumentOrder::title:
      return " ORDER BY title, id";
  }
  return " ORDER BY id";
}

}  // namespace

std::string_view state_name(DocumentState state) {
  switch (state) {
    case DocumentState::received:
      return "received";
    case DocumentState::reading:
      return "reading";
    case DocumentState::ready:
      return "ready";
    case DocumentState::needs_password:
      return "needs-password";
    case DocumentState::quarantined:
      return "quarantined";
  }
  return "received";
}

std::string_view source_name(ValueSource source) {
  switch (source) {
    case ValueSource::none:
      return "none";
    case ValueSource::filename:
      return "filename";
    case ValueSource::guessed:
      return "guessed";
    case ValueSource::person:
      return "person";
  }
  return "none";
}

std::string_view medium_name(Medium medium) {
  switch (medium) {
    case Medium::digital:
      return "digital";
    case Medium::physical:
      return "physical";
    case Medium::physical_and_digital:
      return "physical_and_digital";
  }
  return "digital";
}

const Component& require_file(const Document& document) {
  if (!document.components.empty()) return document.components.front();
  throw Error(ErrorCode::not_found, "this document is on paper and has no file; its place says where the paper is");
}

std::optional<Document> find_document(Session& session, const Principal& who, std::int64_t id) {
  auto document = read_document(session, id);
  if (!document || document->withdrawn || !who.may_read(document->access_list)) return std::nullopt;
  return document;
}

bool may_read_document(Session& session, const Principal& who, std::int64_t id) {
  const auto list =
      session.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1 AND withdrawn_at IS NULL", id);
  return list && who.may_read(*list);
}

Document changeable_document(Session& session, const Principal& who, std::int64_t id, Permission permission) {
  auto document = find_document(session, who, id);
  if (!document) throw Error(ErrorCode::not_found, "there is no document " + std::to_string(id));
  who.require(permission);
  if (!who.may_change(document->access_list, permission)) {
    throw Error(ErrorCode::forbidden, "you may read this document but not change it; its access list decides");
  }
  return std::move(*document);
}

std::vector<DateCandidate> date_candidates(Session& session, const Document& document) {
  std::vector<DateCandidate> dates;
  for (const auto& [date, page, context] : session.rows<core::Date, std::int64_t, std::string>(
           "SELECT date, page, context FROM date_candidate WHERE document_id = $1 ORDER BY position", document.id)) {
    dates.push_back({date, page, context});
  }
  return dates;
}

std::vector<Note> notes(Session& session, const Document& document) {
  std::vector<Note> all;
  for (const auto& [id, text, at, by, author] :
       session.rows<std::int64_t, std::string, core::Time, std::optional<std::int64_t>, std::optional<std::string>>(
           "SELECT n.id, n.text, n.created_at, n.created_by, a.display_name FROM note n "
           "LEFT JOIN account a ON a.id = n.created_by WHERE n.document_id = $1 ORDER BY n.id",
           document.id)) {
    all.push_back({id, text, at, by.value_or(0), author.value_or("System")});
  }
  return all;
}

DocumentPage list_documents(Session& session, const Principal& who, const DocumentFilter& filter, DocumentOrder order,
                            std::size_t offset, std::size_t limit) {
  const std::string where =
      " FROM document WHERE " + readable("+access_list_id") + " AND withdrawn_at IS NULL" +
      when(filter.state.has_value(), "state = $3", "$3") +
      // Said twice, so that the index of those that are not is seen to suit.
      (filter.state.value_or(DocumentState::ready) == DocumentState::ready ? "" : " AND state <> 'ready'") +
      when(filter.low_confidence.has_value(), "low_confidence = $4", "$4") +
      when(filter.class_id.has_value(), "class_id = $5", "$5") +
      when(filter.folder_id.has_value(), "folder_id = $6", "$6") +
      (filter.trashed    ? " AND trashed_at IS NOT NULL"
       : filter.replaced ? " AND trashed_at IS NULL AND replaced_at IS NOT NULL"
                         : " AND trashed_at IS NULL AND replaced_at IS NULL");
  const std::string_view state = filter.state ? state_name(*filter.state) : std::string_view();
  const bool low_confidence = filter.low_confidence.value_or(false);
  const std::int64_t class_id = filter.class_id.value_or(0);
  const std::int64_t folder_id = filter.folder_id.value_or(0);
  DocumentPage page;
  page.total = session
                   .value<std::int64_t>("SELECT count(*)" + where, who.account_id, who.day, state, low_confidence,
                                        class_id, folder_id)
                   .value();
  for (const auto& [id] :
       session.rows<std::int64_t>("SELECT id" + where + std::string(order_clause(order)) + " LIMIT $7 OFFSET $8",
                                  who.account_id, who.day, state, low_confidence, class_id, folder_id, limit, offset)) {
    page.ids.push_back(id);
  }
  return page;
}

std::vector<Document> load_documents(Session& session, const Principal& who, const std::vector<std::int64_t>& ids) {
  std::vector<Document> documents;
  documents.reserve(ids.size());
  for (const std::int64_t id : ids) {
    auto document = find_document(session, who, id);
    if (document && !document->trashed_at && !document->replaced_at) documents.push_back(std::move(*document));
  }
  return documents;
}

std::optional<std::int64_t> find_duplicate(Session& session, const Principal& who, const core::Sha256& hash,
                                           const DuplicateTest& passes) {
  for (const auto& [id, access_list] : session.rows<std::int64_t, std::int64_t>(
           "SELECT d.id, d.access_list_id FROM component c JOIN document d "
           "ON d.id = c.document_id AND d.current_version = c.version WHERE c.sha256 = $1 AND d.withdrawn_at IS NULL" +
               std::string(kIsNotDisposedOf) + " ORDER BY d.trashed_at IS NOT NULL, d.id",
           hash)) {
    if (!who.may_read(access_list)) continue;
    const auto document = find_document(session, who, id);  // a purge may have come between the two statements
    if (!document || (document->replaced_at && !is_out_of_trash(session, *document))) continue;
    if (!passes || passes(session, *document)) return id;
  }
  return std::nullopt;
}

// For the pipeline ---------------------------------------------------------------------------------------------------

void record_inspection(Transaction& tx, std::int64_t document_id, std::int64_t component_id,
                       const InspectionResult& inspection) {
  tx.execute("UPDATE component SET media_type = $1, encrypted = $2, signed = $3 WHERE id = $4", inspection.media_type,
             inspection.encrypted, inspection.is_signed, component_id);
  tx.execute("UPDATE document SET page_count = $1, version = version + 1 WHERE id = $2", inspection.page_count,
             document_id);
}

void set_state(Transaction& tx, std::int64_t document_id, DocumentState state, std::string_view problem_code,
               std::string_view problem) {
  const auto before = tx.value<std::string>("SELECT state FROM document WHERE id = $1", document_id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such document");
  tx.execute("UPDATE document SET state = $1, problem_code = $2, problem = $3, version = version + 1 WHERE id = $4",
             state_name(state), problem_code, problem, document_id);
  queue_for_indexing(tx, document_id);
  if (state == DocumentState::quarantined || state == DocumentState::needs_password) {
    tx.audit({"document." + std::string(state_name(state)), "document", document_id,
              nlohmann::ordered_json{{"state", *before}}.dump(),
              nlohmann::ordered_json{{"problem_code", problem_code}, {"problem", problem}}.dump()});
  }
}

void record_reading(Transaction& tx, std::int64_t document_id, const ReadingResult& reading) {
  const auto before = read_document(tx, document_id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such document");
  // What is fixed stays as it is, whatever is read again.
  const bool fixed = before->is_record || before->held || is_restricted(tx, document_id);
  const bool guess_title = !fixed && before->title_source != ValueSource::person && !reading.title.empty();
  const bool guess_date = !fixed && before->date_source != ValueSource::person;
  const std::string title = guess_title ? reading.title : before->title;
  const std::string_view title_source = source_name(guess_title ? ValueSource::guessed : before->title_source);
  std::optional<core::Date> date = before->date;
  std::string_view date_source = source_name(before->date_source);
  if (guess_date) {
    date = reading.dates.empty() ? std::nullopt : std::optional(reading.dates.front().date);
    date_source = source_name(date ? ValueSource::guessed : ValueSource::none);
  }
  const std::string language = before->language_source == ValueSource::person ? before->language : reading.language;
  const auto pages = tx.row<std::int64_t, std::int64_t>(
      "SELECT coalesce(max(source IN ('native', 'ocr', 'corrected')), 0), "
      "coalesce(max(source IN ('ocr', 'none') AND confidence < $1), 0) FROM page WHERE component_id IN "
      "(SELECT id FROM component WHERE document_id = $2 AND version = $3)",
      kLowConfidence, document_id, current_version(tx, document_id));
  tx.execute(
      "UPDATE document SET title = $1, title_source = $2, document_date = $3, date_source = $4, language = $5, "
      "state = 'ready', problem_code = '', problem = '', has_text = $6, low_confidence = $7, "
      "read_at = coalesce(read_at, $8), version = version + 1 WHERE id = $9",
      title, title_source, date, date_source, language, std::get<0>(*pages) != 0, std::get<1>(*pages) != 0, tx.now(),
      document_id);
  tx.execute("DELETE FROM date_candidate WHERE document_id = $1", document_id);
  std::int64_t position = 0;
  for (const DateCandidate& candidate : reading.dates) {
    tx.execute("INSERT INTO date_candidate (document_id, position, date, page, context) VALUES ($1, $2, $3, $4, $5)",
               document_id, ++position, candidate.date, candidate.page, candidate.context);
  }
  queue_for_indexing(tx, document_id);
  tx.audit({"document.read", "document", document_id, "",
            nlohmann::ordered_json{{"title", title},
                                   {"date", date ? core::to_iso(*date) : ""},
                                   {"language", language},
                                   {"pages", before->page_count}}
                .dump()});
}

std::vector<std::string> damaged_documents(Session& session) {
  std::vector<std::string> findings;
  for (const auto& [id, stored] :
       session.rows<std::int64_t, std::string>("SELECT id, row_hash FROM document ORDER BY id")) {
    if (capture_hash(session, id) != stored) {
      findings.push_back("document " + std::to_string(id) + ": what was captured does not agree with its hash");
    }
  }
  return findings;
}

}  // namespace muniment::storage
