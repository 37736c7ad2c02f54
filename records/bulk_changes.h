// One change for many documents at once, as a job that tells how far it is, can be cancelled, says what was refused and
// why, and can be taken back. Each document is changed in a transaction of its own, by the rules that hold for changing
// it alone and with the rights that the person has at that moment.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "records/retention.h"
#include "storage/database.h"
#include "storage/documents.h"
#include "storage/jobs.h"

namespace muniment::records {

inline constexpr std::string_view kBulkJob = "bulk";
inline constexpr std::size_t kMostInBulk = 100'000;

// One that starts periods (records/events.h), on every record of the change.
struct BulkEvent {
  std::string name;
  Date date;
  bool operator==(const BulkEvent&) const = default;
};

// What is not set stays as it is; an inner empty optional clears it. An access list, an event, trash, restore and
// reading again go with nothing else.
struct BulkChange {
  std::vector<std::int64_t> add_tags = {};
  std::vector<std::int64_t> remove_tags = {};
  std::optional<std::optional<std::int64_t>> type_id = {};
  std::optional<std::optional<std::int64_t>> correspondent_id = {};
  std::optional<std::optional<Date>> date = {};  // of the document
  std::optional<std::optional<std::int64_t>> class_id = {};
  std::optional<std::optional<std::int64_t>> folder_id = {};
  std::vector<std::pair<std::string, std::optional<std::string>>> custom_fields = {};  // by key
  bool declare = false;                                                                // after the other changes
  std::optional<std::optional<std::int64_t>> access_list = {};  // its own; none: that of its place
  std::optional<BulkEvent> event = {};
  std::optional<std::int64_t> withdraw_event = {};  // by number; what takes an event back
  bool trash = false;
  bool restore = false;
  bool read_again = false;  // what is in quarantine
  bool operator==(const BulkChange&) const = default;
};

// Queues the change of these documents, without those that `who` may not read or that do not exist, and returns the
// job. Error(invalid_argument) when none is left, and for a change that changes nothing, names what does not exist or
// mixes trash with something; Error(forbidden); Error(too_large) above kMostInBulk.
std::int64_t begin_bulk_change(storage::Transaction& tx, const storage::Principal& who,
                               const std::vector<std::int64_t>& documents, const BulkChange& change);
// The job that takes back what a job of `who` has changed; what was changed again since is refused. Error(not_found),
// Error(conflict) while that job goes on, or when nothing of it can be taken back (declaring cannot).
std::int64_t begin_bulk_undo(storage::Transaction& tx, const storage::Principal& who, std::int64_t job_id);

// Does the job that was queued first, until it is done or cancelled, or `stopped` says so (then it goes on later).
// False when there is none. Error(storage_full), (unavailable), (io): the next call goes on where this one ended. One
// thread at a time.
bool perform_bulk_change(storage::Database& database, const std::function<bool()>& stopped);

struct BulkRefusal {
  std::int64_t document_id = 0;
  std::string title;
  std::string problem;
};
struct BulkReport {
  std::int64_t documents = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;  // it was so already
  std::int64_t refused = 0;
  bool undoable = false;
  std::vector<BulkRefusal> refusals;  // the first 100, as far as `who` may still read them
};
// Of a job that `who` began; empty for any other.
std::optional<BulkReport> bulk_report(storage::Session& session, const storage::Principal& who, std::int64_t job_id);

}  // namespace muniment::records
