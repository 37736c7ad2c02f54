// Lending paper files: who has which, until when, and who waits for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/retention.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

struct Loan {
  std::int64_t id = 0;
  std::int64_t document_id = 0;
  std::int64_t account_id = 0;  // 0: the borrower has no account
  std::string borrower;         // a name, either way
  core::Time out_at;
  std::string out_by_name;
  Date due_on;  // the last day
  std::optional<core::Time> recalled_at;
  std::optional<core::Time> returned_at;
};

struct Borrower {
  std::optional<std::int64_t> account_id;
  std::string name;  // of somebody who has no account
};

// Needs Permission::lend_paper. Error(conflict) when it is out already, missing, or waits for somebody else;
// Error(invalid_argument) for a due day before `today`.
std::int64_t lend(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                  const Borrower& borrower, Date due_on, Date today);
// Back to `to`, or home. The first in line is told. Needs Permission::lend_paper. Error(conflict) when it is not out.
void take_back(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
               std::optional<std::int64_t> to);
// Asks for it back by that day, which is never later than it was due. Needs Permission::lend_paper.
void recall(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id, Date by, Date today);
// Another last day. Needs Permission::lend_paper. Error(conflict) while somebody waits or it was recalled.
void renew(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id, Date due_on, Date today);

// Writes into the log, once for each last day, that it is over and the file still out: the borrower is told by that.
// Returns of how many.
std::size_t note_overdue_loans(storage::Database& database, Date today);

struct LoanFilter {
  std::optional<Date> overdue_on;  // only what should have been back before that day
  std::optional<std::int64_t> account_id;
};
// What is out and `who` may read, the earliest due first.
std::vector<Loan> list_loans(storage::Session& session, const storage::Principal& who, const LoanFilter& filter);
std::optional<Loan> open_loan(storage::Session& session, std::int64_t document_id);
// All loans of one file, the newest first.
std::vector<Loan> loan_history(storage::Session& session, std::int64_t document_id);

struct Reservation {
  std::int64_t id = 0;
  std::int64_t document_id = 0;
  std::int64_t account_id = 0;
  std::string name;
  core::Time made_at;
  std::optional<core::Time> available_at;  // since then the file waits for this person, who is told so
};
// For the asker. What is in its place waits for the first who asks, anything else for its turn. Error(not_found),
// Error(conflict) for a second reservation of the same person.
std::int64_t reserve(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id);
// One's own, or anybody's with Permission::lend_paper. The next in line is told.
void cancel_reservation(storage::Transaction& tx, const storage::Principal& who, std::int64_t reservation_id);
// Who waits for a file, in turn.
std::vector<Reservation> reservations_of(storage::Session& session, std::int64_t document_id);
// What waits, or is waited for, and `who` may read; of one account, or of all.
std::vector<Reservation> list_reservations(storage::Session& session, const storage::Principal& who,
                                           std::optional<std::int64_t> account_id);

}  // namespace muniment::records
