#include "storage/document_versions.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/blob_store.h"
#include "storage/check_outs.h"
#include "storage/file_locks.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/jobs.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestVersionComment = 2000;
constexpr std::size_t kLongestVersionLabel = 80;
constexpr std::int64_t kMostLabels = 100;  // of one document

std::string checked_version_comment(std::string_view comment) {
  std::string clean(core::trim(core::to_nfc(comment)));
  if (clean.size() <= kLongestVersionComment) return clean;
  const std::string right = "a comment on a version has at most 2000 bytes";
  throw Error(ErrorCode::invalid_argument, right, {{"/comment", right}});
}

std::string checked_label(std::string_view label) {
  std::string clean = core::collapse_space(core::to_nfc(label));
  if (!clean.empty() && clean.size() <= kLongestVersionLabel) return clean;
  const std::string right = "a label has 1 to 80 bytes";
  throw Error(ErrorCode::invalid_argument, right, {{"/label", right}});
}

Document document_with_open_versions(Transaction& tx, const Principal& who, std::int64_t id) {
  Document document = changeable_document(tx, who, id);
  if (document.replaced_at) throw Error(ErrorCode::conflict, "this document's pages went into others; change those");
  if (document.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  require_not_held(document);
  require_not_restricted(tx, id);
  if (document.is_record) {
    throw Error(ErrorCode::conflict,
                "this is a record: its versions are closed. Add the new file as a document, and "
                "say that it supersedes this one");
  }
  return document;
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
  for (const auto& [number, at, by, name, comment, restored_from] :
       session.rows<std::int64_t, core::Time, std::optional<std::int64_t>, std::optional<std::string>, std::string,
                    std::optional<std::int64_t>>(
           "SELECT v.number, v.created_at, v.created_by, a.display_name, v.comment, v.restored_from "
           "FROM document_version v LEFT JOIN account a ON a.id = v.created_by "
           "WHERE v.document_id = $1 ORDER BY v.number DESC",
           document.id)) {
    all.push_back({number, at, by.value_or(0), name.value_or("System"), comment, restored_from, {}, {}});
  }
  // Each statement sees the newest state: the later ones may know of a version that was added after the first.
  const auto listed = [&all](std::int64_t number) {
    const auto found = std::ranges::find(all, number, &DocumentVersion::number);
    return found == all.end() ? nullptr : &*found;
  };
  for (const auto& [number, id, filename, media_type, hash, size, encrypted, is_signed] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, core::Sha256, std::uint64_t, bool, bool>(
           "SELECT c.version, c.id, c.filename, c.media_type, c.sha256, b.size, c.encrypted, c.signed "
           "FROM component c JOIN blob b ON b.sha256 = c.sha256 WHERE c.document_id = $1 AND c.position = 1",
           document.id)) {
    if (DocumentVersion* const version = listed(number)) {
      version->file = Component{id, 1, filename, media_type, hash, size, encrypted, is_signed};
    }
  }
  for (const auto& [id, number, label] : session.rows<std::int64_t, std::int64_t, std::string>(
           "SELECT id, number, label FROM version_label WHERE document_id = $1 ORDER BY id", document.id)) {
    if (DocumentVersion* const version = listed(number)) version->labels.push_back({id, label});
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
  const Document before = document_with_open_versions(tx, who, id);
  if (expected_version) require_as_seen(before.version, *expected_version, "document");
  require_accepting_class(tx, before);
  require_not_locked(tx, who, id);
  const std::string comment = checked_version_comment(version.comment);
  const std::int64_t number = current_version(tx, id) + 1;
  const auto by = tx.actor().account_id == 0 ? std::nullopt : std::optional(tx.actor().account_id);
  record_blob(tx, version.hash, version.size);
  call_off_reading(tx, id);
  tx.execute(
      "INSERT INTO document_version (document_id, number, created_at, created_by, comment, restored_from) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      id, number, tx.now(), by, comment, version.restored_from);
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
                 {"comment", comment},
                 {"restored_from", version.restored_from ? Json(*version.restored_from) : Json()}}
                .dump()});
  if (!version.stays_checked_out) end_check_out(tx, who, id);
  return number;
}

std::int64_t restore_document_version(Transaction& tx, const Principal& who, std::int64_t id,
                                      std::optional<std::int64_t> expected_version, std::int64_t number,
                                      std::string_view comment) {
  const Document before = changeable_document(tx, who, id);
  const auto old = find_document_version(tx, before, number);
  if (!old || !old->file) throw Error(ErrorCode::not_found, "this document has no such version with a file");
  if (!before.components.empty() && before.components.front().hash == old->file->hash) {
    throw Error(ErrorCode::conflict, "the document's file is this one already");
  }
  const std::int64_t restored = add_document_version(tx, who, id, expected_version,
                                                     {.filename = old->file->filename,
                                                      .hash = old->file->hash,
                                                      .size = old->file->size,
                                                      .comment = std::string(comment),
                                                      .restored_from = number});
  // A kind that was let in once stays so.
  tx.execute("UPDATE component SET media_type = $1 WHERE document_id = $2 AND version = $3 AND position = 1",
             old->file->media_type, id, restored);
  return restored;
}

std::int64_t label_version(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t number,
                           std::string_view label) {
  document_with_open_versions(tx, who, id);
  const std::string clean = checked_label(label);
  const auto there = tx.value<std::int64_t>(
      "SELECT count(*) FROM document_version WHERE document_id = $1 AND number = $2", id, number);
  if (there != 1) throw Error(ErrorCode::not_found, "this document has no version " + std::to_string(number));
  const auto taken = tx.row<std::int64_t, std::int64_t>(
      "SELECT id, number FROM version_label WHERE document_id = $1 AND folded = $2", id, core::fold_case(clean));
  if (taken && std::get<1>(*taken) == number) return std::get<0>(*taken);
  if (taken) {
    const std::string right = "version " + std::to_string(std::get<1>(*taken)) + " has this label; take it off there";
    throw Error(ErrorCode::conflict, right, {{"/label", right}});
  }
  if (tx.value<std::int64_t>("SELECT count(*) FROM version_label WHERE document_id = $1", id) >= kMostLabels) {
    throw Error(ErrorCode::too_large, "the versions of a document have at most 100 labels; take one off first");
  }
  const std::int64_t made = tx.insert(
      "INSERT INTO version_label (document_id, number, label, folded, created_at, created_by) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      id, number, clean, core::fold_case(clean), tx.now(),
      who.is_system() ? std::nullopt : std::optional(who.account_id));
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", id);
  queue_for_indexing(tx, id);
  tx.audit({"document.version_labelled", "document", id, "", Json{{"number", number}, {"label", clean}}.dump()});
  return made;
}

bool unlabel_version(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t label_id) {
  document_with_open_versions(tx, who, id);
  const auto label = tx.row<std::int64_t, std::string>(
      "SELECT number, label FROM version_label WHERE id = $1 AND document_id = $2", label_id, id);
  if (!label) return false;
  tx.execute("DELETE FROM version_label WHERE id = $1", label_id);
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", id);
  queue_for_indexing(tx, id);
  tx.audit({"document.version_unlabelled", "document", id,
            Json{{"number", std::get<0>(*label)}, {"label", std::get<1>(*label)}}.dump(), ""});
  return true;
}

}  // namespace muniment::storage
