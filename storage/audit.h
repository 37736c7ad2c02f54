// The audit log: who did what to what, when, and what it was before. Written by Transaction::audit, in the transaction
// of the change itself; append-only by trigger; each entry's hash covers the one before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "storage/access.h"
#include "storage/audit_sight.h"
#include "storage/database.h"

namespace muniment::storage {

struct AuditEntry {
  std::int64_t sequence = 0;
  core::Time at;
  std::int64_t account_id = 0;
  std::string account_name;  // as it is now; "system" for 0
  std::string action;
  std::string object;
  std::int64_t object_id = 0;
  std::string entry;   // the canonical JSON that was hashed
  std::string detail;  // JSON: {"client":...,"before":...,"after":...,"reason":...}; empty once erased
  std::string hash;
};

struct AuditFilter {
  std::optional<std::string> object = {};
  std::optional<std::int64_t> object_id = {};
  std::optional<std::int64_t> account_id = {};
  std::optional<std::string> action = {};
  std::optional<core::Time> since = {};  // at or after
  std::optional<core::Time> until = {};  // before
};

// The newest first, before sequence `before` (0: from the newest). The caller has checked Permission::read_audit, or
// for one document's history that the asker may read the document.
std::vector<AuditEntry> list_audit(Session& session, const AuditFilter& filter, std::int64_t before, std::size_t limit);

// When a document last came into quarantine or to wait for its password; empty when it never did. The caller has
// checked that the asker may read it.
std::optional<core::Time> set_aside_at(Session& session, std::int64_t document_id);

// Removes the detail of an entry (before, after, client, reason), because personal text in it has to go. The chain and
// the tree still hold; an entry "audit.detail_erased" about the erased one is added in the same transaction, and
// without it the database refuses. `reason` is kept and should name the decision, not repeat the text. False when that
// detail was erased before. Error(not_found) for a sequence that is not in the log; Error(conflict) for what is said of
// a document under hold. The caller has checked who may do
// this; after the commit, Database::checkpoint() takes the text out of SQLite's log file too.
bool erase_audit_detail(Transaction& tx, std::int64_t sequence, std::string_view reason);

// An entry as it is exported and verified (storage/audit_export.h, storage/audit_verifier.h).
struct AuditLine {
  std::int64_t sequence = 0;
  std::string entry;
  std::string hash;
  std::string salt;  // empty, as `detail`, once that is erased
  std::string detail;
  AuditSight sight = AuditSight::all;     // of whoever exported it: with less, `detail` or `entry` is left out
  std::optional<core::Sha256> leaf = {};  // of the tree; in the place of an entry that is left out
};
// In order, those after sequence `after`.
std::vector<AuditLine> audit_lines(Session& session, std::int64_t after, std::size_t limit);

// Of the first entry, with which the archive began; empty before that.
std::optional<core::Time> first_audit_time(Session& session);

// That this database came out of a backup: entries that were made after the backup are given up. `backup` is a JSON
// object that says which.
void record_restore(Transaction& tx, const std::string& backup);

// Logs what differs between the settings of auditing and those that were last recorded (a JSON object; the first time
// they are recorded, all). To be called at every start.
void record_audit_settings(Transaction& tx, const std::string& settings);
// The same of the settings that decide how long things stay, who must approve and how people sign in.
void record_weighty_settings(Transaction& tx, const std::string& settings);

}  // namespace muniment::storage
