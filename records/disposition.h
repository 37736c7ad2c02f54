// From due to gone, up to the point where it is carried out: the due list, batches, proposal and approval. Carrying
// out, restoring and purging: records/disposal.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/calculation.h"
#include "records/records.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

struct DueRecord {
  std::int64_t document_id = 0;
  std::string title;
  std::string class_code;
  std::string folder;
  Action action = Action::review;
  Standing standing = Standing::running;  // running (and due on the day asked for) or contradictory
  Date retain_through;
  Date eligible_from;
  std::optional<Date> deadline;
  std::string schedule_code;
  std::string authority;
  std::int64_t holds = 0;  // that the asker may know of
};
struct DueFilter {
  std::optional<std::int64_t> class_id;  // with everything below it
  std::optional<Action> action;
  bool overdue = false;  // only what a maximum or fixed rule says must be gone before that day
};
struct DuePage {
  std::vector<DueRecord> records;
  std::int64_t total = 0;  // up to kMostCounted
};
inline constexpr std::int64_t kMostCounted = 10'000;
// What may be disposed of, reviewed or decided on that day, the longest due first; only what `who` may read.
DuePage list_due(storage::Session& session, const storage::Principal& who, Date on, const DueFilter& filter,
                 std::size_t offset, std::size_t limit);

enum class BatchState {
  proposed,   // waits for approval
  approved,   // can be executed
  rejected,   // its records are as before
  withdrawn,  // by the proposer; as before
  executing,  // under way, or interrupted: what is pending was not touched
  executed,
};
std::string_view batch_state_name(BatchState state);
std::optional<BatchState> parse_batch_state(std::string_view name);

struct Approval {
  std::int64_t account_id = 0;
  std::string name;
  bool approved = false;  // false: rejected
  std::string comment;
  core::Time at;
};

struct Batch {
  std::int64_t id = 0;
  std::int64_t version = 0;  // the ETag
  std::string title;
  Action action = Action::destroy;  // or transfer
  BatchState state = BatchState::proposed;
  Date evaluated_on;
  int approvals_needed = 1;
  core::Time proposed_at;
  std::int64_t proposed_by = 0;
  std::string proposed_by_name;
  std::string reason;
  std::optional<core::Time> executed_at;
  std::int64_t executed_by = 0;
  std::string executed_by_name;
  std::optional<std::int64_t> certificate;  // the document that certifies it
  // Of a transfer after which copies stay here: the schedule that keeps them.
  std::optional<std::int64_t> copy_schedule;
  std::string copy_schedule_code;
  std::vector<Approval> approvals;
  std::int64_t items = 0;
  std::int64_t pending = 0;
};

enum class Outcome {
  pending,       // not carried out yet
  destroyed,     // withdrawn; restorable until the end of the window
  transferring,  // handed over; waits for the receipt
  transferred,   // as destroyed; final where a copy stays
  skipped,       // not due any more, held, changed ...: kept
  failed,        // could not be carried out; kept
  restored,      // during the window; kept
  purged,        // gone
};
std::string_view outcome_name(Outcome outcome);

struct BatchItem {
  std::int64_t document_id = 0;
  bool readable = true;  // by whoever asks; if not, only number, outcome and its time are told
  std::string title;     // of what still exists, or what its tombstone keeps
  std::string class_code;
  std::int64_t schedule_id = 0;
  std::int64_t schedule_version = 0;
  std::string schedule_code;
  Date retain_through;
  std::string content_hash;
  Outcome outcome = Outcome::pending;
  std::string reason;                    // of the outcome, in words; of holds as far as the asker may know of them
  std::optional<core::Time> decided_at;  // empty also where the reason may not be told: it is when a hold was placed
};

// The newest first; in one state, or in all.
std::vector<Batch> list_batches(storage::Session& session, std::optional<BatchState> state, std::size_t offset,
                                std::size_t limit);
std::int64_t batch_count(storage::Session& session, std::optional<BatchState> state);
std::optional<Batch> find_batch(storage::Session& session, std::int64_t id);
std::vector<BatchItem> batch_items(storage::Session& session, const storage::Principal& who, std::int64_t batch_id,
                                   std::int64_t after, std::size_t limit);

// Error(not_found), Error(stale).
Batch require_batch(storage::Session& session, std::int64_t id, std::int64_t expected_version);
// Whoever decides over records, or has them disposed of, may read them: Error(conflict) otherwise.
void require_all_readable(storage::Session& session, const storage::Principal& who, std::int64_t batch_id);

struct NewBatch {
  std::string title;
  Action action = Action::destroy;
  std::string reason;
  std::vector<std::int64_t> documents;
  int approvals_needed = 1;  // by others than the proposer: 1 or 2
  // Of a transfer: the records stay here as copies, kept by this schedule from the receipt on; empty: they go then. It
  // must be open and not say transfer, nor a schedule that stands beside a record's own, or they would be due again at
  // once. That is asked again when the receipt is recorded.
  std::optional<std::int64_t> copy_schedule = {};
};
inline constexpr std::size_t kLargestBatch = 10'000;
// Error(conflict) names the first record that is not due for that action on `today`, is held, or is in another batch;
// of a hold that not everybody may know of the words tell nothing. Error(forbidden) for what no person proposes.
std::int64_t propose_batch(storage::Transaction& tx, const storage::Principal& who, const NewBatch& batch, Date today);
// Error(forbidden) for the proposer and for what no person does; Error(conflict) unless it is proposed and the asker
// may read all of it; Error(stale).
void approve_batch(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                   std::int64_t expected_version, std::string_view comment);
void reject_batch(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                  std::int64_t expected_version, std::string_view comment);
// Before it is executed, by anybody who may propose.
void withdraw_batch(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                    std::int64_t expected_version, std::string_view reason);
// One record out of a batch that is proposed or approved, with the reason as its outcome; the others stay. A batch that
// nothing is left in ends. Error(not_found) for what is not in it or cannot be read, Error(conflict) for what does not
// wait in it any more. What is held meanwhile, or not due any more, leaves its batch by itself.
void take_out_of_batch(storage::Transaction& tx, const storage::Principal& who, std::int64_t batch_id,
                       std::int64_t document_id, std::string_view reason);

// What stands against disposing of a record on that day, in words; empty: nothing. The dry run, and the check of each
// record when its batch is executed.
std::optional<std::string> obstacle_to_disposal(storage::Session& session, std::int64_t document_id, Action action,
                                                std::string_view planned_hash, Date today);

// The decision that a review asks for: the record is kept by another schedule from now on. Error(conflict) unless one
// is due.
void decide_review(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                   std::int64_t expected_version, std::int64_t schedule, std::string_view reason, Date today);

struct Tombstone {
  std::int64_t document_id = 0;
  std::optional<std::int64_t> batch_id;      // empty: from the trash, or the archive has lost the batch
  std::optional<std::int64_t> batch_number;  // the same, also of a batch that only the journal still knew
  std::string batch_title;
  std::vector<std::string> approved_by;  // names
  std::string class_code;
  std::string title;  // empty unless it is kept
  std::optional<Date> document_date;
  std::string document_type;
  core::Time captured_at;
  std::optional<Date> declared_on;
  std::string schedule_code;
  std::int64_t schedule_version = 0;
  std::string authority;
  std::optional<Date> retain_through;
  std::string components;  // JSON [{"sha256", "size"}]
  core::Time executed_at;
  std::optional<core::Time> purged_at;  // the first time, where a backup had brought it back
  std::optional<core::Time> verified_at;
  std::string medium;          // "digital", "physical", "physical_and_digital"
  std::string transferred_to;  // the archive that has it now; empty: none
};
// Only where `who` might have read the document. `known` spares reading its batch again, if that is it.
std::optional<Tombstone> find_tombstone(storage::Session& session, const storage::Principal& who,
                                        std::int64_t document_id, const Batch* known = nullptr);

}  // namespace muniment::records
