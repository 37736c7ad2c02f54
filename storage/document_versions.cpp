#include "storage/document_versions.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/blob_store.h"
#include "storage/file_locks.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/jobs.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestComment = 2000;

std::string checked_comment(std::string_view comment) {
  std::string clean(core::trim(core::to_nfc(comment)));
  if (clean.size() <= kLongestComment) return clean;
  const std::string right = "a comment on a version has at most 2000 bytes";
  throw Error(ErrorCode::invalid_argument, right, {{"/comment", right}});
}

void call_off_reading(Transaction& tx, std::int64_t document_id) {
  for (const auto& [job] : tx.rows<std::int64_t>(
           "SELECT id FROM job WHERE document_id = $1 AND kind = 'read' AND state IN ('queued', 'running', 'waiting')",
           document_id)) {
    cancel_job(tx, job);
  }
}

}  // namespace

std::vector<DocumentVersion> document_versions(Session& session, const Document& document) {
  std::vector<DocumentVersion> all;
  for (const auto& [number, at, by, name, comment] :
       session.rows<std::int64_t, core::Time, std::optional<std::int64_t>, std::optional<std::string>, std::string>(
           "SELECT v.number, v.created_at, v.created_by, a.display_name, v.comment FROM document_version v "
           "LEFT JOIN account a ON a.id = v.created_by WHERE v.document_id = $1 ORDER BY v.number DESC",
           document.id)) {
    all.push_back({number, at, by.value_or(0), name.value_or("System"), comment, {}});
  }
  for (const auto& [number, id, filename, media_type, hash, size, encrypted, is_signed] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, core::Sha256, std::uint64_t, bool, bool>(
           "SELECT c.version, c.id, c.filename, c.media_type, c.sha256, b.size, c.encrypted, c.signed "
           "FROM component c JOIN blob b ON b.sha256 = c.sha256 WHERE c.document_id = $1 AND c.position = 1",
           document.id)) {
    const auto version = std::ranges::find(all, number, &DocumentVersion::number);
    version->file = Component{id, 1, filename, media_type, hash, size, encrypted, is_signed};
  }
  return all;
}

std::optional<DocumentVersion> find_document_version(Session& session, const Document& document, std::int64_t number) {
  for (DocumentVersion& version : document_versions(session, document)) {
    if (version.number == number) return std::move(version);
  }
  return std::nullopt;
}

std::int64_t add_document_version(Transaction& tx, const Principal& who, std::int64_t id,
                                  std::optional<std::int64_t> expected_version, const NewVersion& version) {
  const Document before = changeable_document(tx, who, id);
  if (expected_version && before.version != *expected_version) {
    throw Error(ErrorCode::stale, "somebody else has changed this document; look at it again");
  }
  if (before.replaced_at) throw Error(ErrorCode::conflict, "this document's pages went into others; change those");
  if (before.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  require_not_held(before);
  if (before.is_record) {
    throw Error(ErrorCode::conflict,
                "this is a record: its versions are closed. Add the new file as a document, and "
                "say that it supersedes this one");
  }
  if (locked_by_another(tx, who, id, tx.now())) {
    throw Error(ErrorCode::conflict, "somebody has locked this document to change it; wait until they are done");
  }
  const std::string comment = checked_comment(version.comment);
  const std::int64_t number = current_version(tx, id) + 1;
  const auto by = tx.actor().account_id == 0 ? std::nullopt : std::optional(tx.actor().account_id);
  record_blob(tx, version.hash, version.size);
  call_off_reading(tx, id);
  tx.execute(
      "INSERT INTO document_version (document_id, number, created_at, created_by, comment) VALUES ($1, $2, $3, $4, $5)",
      id, number, tx.now(), by, comment);
  tx.execute("INSERT INTO component (document_id, version, position, filename, sha256) VALUES ($1, $2, 1, $3, $4)", id,
             number, version.filename, version.hash);
  tx.execute(
      "UPDATE document SET current_version = $1, state = 'received', problem_code = '', problem = '', has_text = 0, "
      "low_confidence = 0, page_count = 0, version = version + 1 WHERE id = $2",
      number, id);
  queue_for_indexing(tx, id);
  const Component* const old = before.components.empty() ? nullptr : &before.components.front();
  tx.audit({"document.version_added", "document", id,
            old == nullptr ? "" : Json{{"filename", old->filename}, {"sha256", old->hash.hex()}}.dump(),
            Json{{"number", number},
                 {"filename", version.filename},
                 {"sha256", version.hash.hex()},
                 {"size", version.size},
                 {"comment", comment}}
                .dump()});
  return number;
}

}  // namespace muniment::storage
