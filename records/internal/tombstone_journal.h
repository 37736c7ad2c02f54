// Tombstones outside the database (tombstones.jsonl, docs/formats.md): what a backup from before a destruction does not
// know of it. A line is a JSON object; those of earlier versions name the document, its files and the time only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "storage/database.h"

namespace muniment::records {

struct JournalEntry {
  std::int64_t document_id = 0;
  std::int64_t captured_at = 0;      // microseconds: tells a document from another that was given its number
  std::string purged_at;             // RFC 3339, as it was written down
  std::optional<core::Time> purged;  // the same; empty where it is no time
  std::string tombstone;             // JSON; empty in a line of an earlier version
};

// Without its line end. Empty when there is no tombstone.
std::string journal_line(storage::Session& session, std::int64_t document_id);
// Empty for what is no entry, the part of a line that a crash left say.
std::optional<JournalEntry> parse_journal_line(std::string_view line);
// Writes the tombstone as the journal tells it, in place of one that was not purged. False, and nothing done, for an
// entry that does not tell it.
bool restore_tombstone(storage::Transaction& tx, const JournalEntry& entry);

}  // namespace muniment::records
