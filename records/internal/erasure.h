// Removing every row of a document. What the tombstone keeps stays; what the audit log says of the document's text and
// names goes with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "storage/database.h"

namespace muniment::records {

// The files of all its versions.
std::vector<core::Sha256> component_hashes(storage::Session& session, std::int64_t document_id);
// Those of `hashes` that no document has any more; their rows are deleted. The files are the caller's to remove before
// it commits, while nobody else can write.
std::vector<core::Sha256> forget_unused_blobs(storage::Transaction& tx, const std::vector<core::Sha256>& hashes);
// Error(conflict) unless a tombstone exists and the document is neither held nor a record that is not being purged.
void erase_rows(storage::Transaction& tx, std::int64_t document_id);
// What people said of it in the audit log and with the outcomes of batches; the entries keep their place in the log.
void erase_quotes(storage::Transaction& tx, std::int64_t document_id);
// The same of all that was purged, once, in transactions of its own: an earlier version of this program knew fewer of
// such words.
void erase_older_quotes(storage::Database& database);
// What is still there of a purged document, in words; nothing when all is gone.
std::vector<std::string> remains_of(storage::Session& session, std::int64_t document_id);

// SQL: whether the document d must stay as it is: it is held, or an original that its pages took the place of is held
// or a record, in which its content would outlive it.
inline constexpr std::string_view kMustStay =
    "(EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = d.id AND h.released_at IS NULL) OR EXISTS (WITH "
    "RECURSIVE "
    "origin (id) AS (SELECT origin_document_id FROM page_origin WHERE document_id = d.id UNION SELECT "
    "p.origin_document_id FROM page_origin p JOIN origin ON origin.id = p.document_id) SELECT 1 FROM origin JOIN "
    "document "
    "o ON o.id = origin.id WHERE o.replaced_at IS NOT NULL AND (EXISTS (SELECT 1 FROM record r WHERE r.document_id = "
    "o.id) OR EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = o.id AND h.released_at IS NULL))))";

// SQL: whether the document d has been in the trash for long enough, that is, since before $1. What a person had erased
// (records/privacy.h) is not to wait, nor are originals that were given up (storage/page_origins.h).
inline constexpr std::string_view kTrashTimeIsOver =
    "(d.trashed_at IS NOT NULL AND (d.trashed_at < $1 OR EXISTS (SELECT 1 FROM erasure_item e WHERE e.document_id = "
    "d.id AND e.outcome = 'trashed') OR (d.replaced_at IS NOT NULL AND d.trashed_by IS NULL)) AND (NOT EXISTS (SELECT "
    "1 FROM restriction s WHERE s.document_id = d.id) OR EXISTS (SELECT 1 FROM erasure_item e WHERE e.document_id = "
    "d.id AND e.outcome = 'trashed')))";
// SQL: whether the document d has paper of which nobody has said that it was destroyed. No program can destroy it.
inline constexpr std::string_view kHasPaper =
    "(d.medium <> 'digital' AND NOT EXISTS (SELECT 1 FROM paper_destruction p WHERE p.document_id = d.id))";

struct TombstoneTerms {
  bool keep_title = false;  // where titles are among what is kept
  core::Time executed_at;
  std::string transferred_to = {};  // the archive that has it; empty: none
};
// What the audit log says of a destruction, from the tombstone: JSON {"batch_id", "class", "schedule", "approved_by"},
// codes and numbers only.
std::string destruction_details(storage::Session& session, std::int64_t document_id);
// From the document and record as they are now.
void write_tombstone(storage::Transaction& tx, std::int64_t document_id, std::optional<std::int64_t> batch_id,
                     const TombstoneTerms& terms);

}  // namespace muniment::records
