// What people may ask about themselves (GDPR art. 15 to 18): where they occur, the erasure of that, weighed against
// retention and holds, and the restriction of what is disputed. Nothing here goes around a hold or a schedule: what is
// to be erased goes to the trash, or, when it is a record, through a disposition batch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/calculation.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// Why erasure may be refused.
enum class RefusalGround {
  legal_duty,  // art. 17(3)(b): a schedule with its authority keeps it
  archiving,   // art. 17(3)(d): kept permanently, or to be transferred
  claims,      // art. 17(3)(e): under hold
  other,       // with a reason in words
};
std::string_view ground_name(RefusalGround ground);  // "legal-duty"
std::optional<RefusalGround> parse_ground(std::string_view name);

// One document, weighed on a day.
struct WeighedDocument {
  std::int64_t document_id = 0;
  std::string title;
  std::string class_code;
  bool is_record = false;
  bool restricted = false;
  Standing standing = Standing::unscheduled;
  std::optional<Date> retain_through;
  std::string authority;                // of the rule that decides
  std::size_t holds = 0;                // that the asker may know of
  std::optional<RefusalGround> ground;  // what stands against erasing it; empty: nothing
};
// Empty for what `who` may not read. A hold weighs even where `who` may not know of it: then it is told as `other`.
std::optional<WeighedDocument> weigh(storage::Session& session, const storage::Principal& who, std::int64_t document_id,
                                     Date today);

struct SubjectTraces {
  struct Named {
    std::int64_t id = 0;
    std::string name;
  };
  // A text outside the pages that the index knows: a reason, a comment, a borrower, a title.
  struct Place {
    std::string
        object;  // whose it is: "document", "folder", "hold", "account" ... (records/internal/subject_columns.h)
    std::int64_t id = 0;
    std::string field;  // the table and column, "loan.borrower"
    std::string text;   // whole; empty when it is long and to be looked at where it stands
  };
  std::vector<Named> accounts;              // by name or display name
  std::vector<Named> correspondents;        // in the vocabulary, used or not
  std::vector<Place> places;                // of what `who` may read and know of
  std::vector<std::int64_t> documents;      // those among the places, ascending
  std::vector<std::int64_t> audit_entries;  // whose detail quotes it; only with Permission::read_audit
};
// 1 to 20 texts, each of two letters or digits at least: one letter would be found nearly everywhere.
// Error(invalid_argument).
void check_subject_texts(const std::vector<std::string>& texts);
// Besides pages, which the index finds unless they are in the trash or were corrected, and then this does: each text is
// looked for as a part of every text that people enter, without regard to case or line breaks; one of two letters as a
// word, as in the index, unless its script is written without spaces. Reads the whole database but its pages, and every
// audit detail when that is asked for. Errors as of check_subject_texts.
SubjectTraces find_traces(storage::Session& session, const storage::Principal& who,
                          const std::vector<std::string>& texts, bool audit);

enum class ErasureDecision { pending, erase, refuse, restrict };
std::string_view erasure_decision_name(ErasureDecision decision);
std::optional<ErasureDecision> parse_erasure_decision(std::string_view name);

struct ErasureItem {
  std::int64_t document_id = 0;
  std::optional<WeighedDocument> document;  // as it is now; empty when it is gone or `who` may not read it
  ErasureDecision decision = ErasureDecision::pending;
  std::optional<RefusalGround> ground;
  std::string reason;
  std::optional<core::Time> decided_at;
  // Of what was to be erased, how it stands now: "proposed" in its batch, "destroyed" by that but restorable, "trashed"
  // and to be purged at once unless something holds it, "paper" that a person has to destroy first, "erased", or "kept"
  // after all, because its batch was rejected or it was restored. "kept" of what else was decided, "" before closing.
  std::string outcome;
};

struct ErasureRequest {
  std::int64_t id = 0;
  std::int64_t version = 0;  // the ETag
  std::string subject;       // empty once erased
  std::vector<std::string> queries;
  Date received_on;
  Date due_on;  // one month after; three after an extension (art. 12(3))
  std::string extension_reason;
  bool closed = false;
  std::optional<std::int64_t> batch_id;
  core::Time opened_at;
  std::optional<core::Time> closed_at;
  std::optional<core::Time> subject_erased_at;
  std::int64_t items = 0;
  std::int64_t pending = 0;     // undecided, and still there
  std::int64_t not_erased = 0;  // was to be erased and is kept after all, until a later request decides on it
};

// All of what follows needs Permission::handle_privacy.
std::vector<ErasureRequest> list_erasure_requests(storage::Session& session);  // the newest first
std::optional<ErasureRequest> find_erasure_request(storage::Session& session, std::int64_t id);
std::vector<ErasureItem> erasure_items(storage::Session& session, const storage::Principal& who, std::int64_t request,
                                       Date today);

// Error(invalid_argument) for an empty subject, and as of check_subject_texts. The audit log names the request's number
// only.
std::int64_t open_erasure_request(storage::Transaction& tx, const storage::Principal& who, std::string_view subject,
                                  const std::vector<std::string>& queries, Date received_on);
// Adds what a search found; those that are there already stay as they are.
void add_erasure_items(storage::Transaction& tx, const storage::Principal& who, std::int64_t request,
                       const std::vector<std::int64_t>& documents);
void extend_erasure_request(storage::Transaction& tx, const storage::Principal& who, std::int64_t request,
                            std::int64_t expected_version, std::string_view reason);
// A refusal needs a ground and, for `other`, a reason. Restricting takes effect at once. Error(conflict) when something
// stands against erasing it.
void decide_erasure(storage::Transaction& tx, const storage::Principal& who, std::int64_t request,
                    const std::vector<std::int64_t>& documents, ErasureDecision decision,
                    std::optional<RefusalGround> ground, std::string_view reason, Date today);
// Everything is decided: documents to be erased go to the trash, from where they are purged at once unless a hold has
// reached them, and records are proposed for destruction in one batch, which others approve. Error(conflict) while
// something is pending, or when what was to be erased may not be any more.
void close_erasure_request(storage::Transaction& tx, const storage::Principal& who, std::int64_t request,
                           std::int64_t expected_version, int approvals_needed, Date today);
// Takes the person's name, the queries and the reasons out of requests that were closed before `cutoff`. Returns how
// many.
std::size_t erase_subjects(storage::Transaction& tx, core::Time cutoff);

// Restriction by hand, or its end. Nothing happens when it is so already.
void set_restricted(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id, bool restricted,
                    std::string_view reason);

}  // namespace muniment::records
