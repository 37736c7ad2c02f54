#include "records/loans.h"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/paper.h"
#include "records/internal/people.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestName = 200;

template <typename... Arguments>
std::vector<Loan> read_loans(Session& session, std::string_view where, const Arguments&... arguments) {
  std::vector<Loan> loans;
  for (const auto& [id, document, account, name, borrower, out_at, out_by, due_on, recalled_at, returned_at] :
       session.rows<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::optional<std::string>, std::string,
                    core::Time, std::optional<std::string>, Date, std::optional<core::Time>, std::optional<core::Time>>(
           "SELECT l.id, l.document_id, l.account_id, a.display_name, l.borrower, l.out_at, o.display_name, l.due_on, "
           "l.recalled_at, l.returned_at FROM loan l LEFT JOIN account a ON a.id = l.account_id "
           "LEFT JOIN account o ON o.id = l.out_by " +
               std::string(where),
           arguments...)) {
    loans.push_back({id, document, account.value_or(0), name.value_or(borrower), out_at, out_by.value_or("System"),
                     due_on, recalled_at, returned_at});
  }
  return loans;
}

template <typename... Arguments>
std::vector<Reservation> read_reservations(Session& session, std::string_view where, const Arguments&... arguments) {
  std::vector<Reservation> reservations;
  for (const auto& [id, document, account, name, made_at, available_at] :
       session.rows<std::int64_t, std::int64_t, std::int64_t, std::string, core::Time, std::optional<core::Time>>(
           "SELECT r.id, r.document_id, r.account_id, a.display_name, r.made_at, r.available_at FROM reservation r "
           "JOIN account a ON a.id = r.account_id WHERE r.ended_at IS NULL " +
               std::string(where) + " ORDER BY r.id",
           arguments...)) {
    reservations.push_back({id, document, account, name, made_at, available_at});
  }
  return reservations;
}

Loan require_loan(Session& session, std::int64_t document_id) {
  auto loan = open_loan(session, document_id);
  if (!loan) throw Error(ErrorCode::conflict, "this file is not on loan");
  return std::move(*loan);
}

void require_not_before(Date day, Date today, const char* pointer) {
  if (day >= today) return;
  throw Error(ErrorCode::invalid_argument, "that day is over", {{pointer, "must be today or later"}});
}

// Whoever borrows by their account reads what they borrow, and is to hear when it is wanted back.
Borrower checked(Session& session, std::int64_t document_id, Borrower borrower) {
  borrower.name = core::collapse_space(core::to_nfc(borrower.name));
  if (borrower.account_id.has_value() == !borrower.name.empty() || borrower.name.size() > kLongestName) {
    throw Error(ErrorCode::invalid_argument, "say who borrows it: an account, or a name of 1 to 200 bytes",
                {{"/borrower", "give either this or account"}});
  }
  if (!borrower.account_id) return borrower;
  const auto reader = storage::load_principal(session, *borrower.account_id, "loan");
  if (!reader) {
    throw Error(ErrorCode::invalid_argument, "there is no such account, or it is disabled",
                {{"/account", "must be the identifier of an account that is not disabled"}});
  }
  if (!storage::may_read_document(session, *reader, document_id)) {
    throw Error(ErrorCode::invalid_argument, "whoever has this account may not read what is lent",
                {{"/account", "must be somebody who may read it"}});
  }
  return borrower;
}

// Readers of the log see numbers; who it was stands in the loan.
void audit(Transaction& tx, std::string_view action, std::int64_t document_id, const Loan& loan) {
  tx.audit({std::string(action), "document", document_id, "",
            Json{{"loan_id", loan.id}, {"due_on", core::to_iso(loan.due_on)}}.dump()});
}

}  // namespace

void tell_next_in_line(Transaction& tx, std::int64_t document_id) {
  const auto waiting = reservations_of(tx, document_id);
  if (waiting.empty() || waiting.front().available_at) return;
  tx.execute("UPDATE reservation SET available_at = $1 WHERE id = $2", tx.now(), waiting.front().id);
  tx.audit({"paper.available", "document", document_id, "", Json{{"reservation_id", waiting.front().id}}.dump()});
}

std::int64_t lend(Transaction& tx, const Principal& who, std::int64_t document_id, const Borrower& borrower,
                  Date due_on, Date today) {
  const PhysicalItem item = require_paper(tx, who, document_id, Permission::lend_paper);
  const Borrower clean = checked(tx, document_id, borrower);
  require_not_before(due_on, today, "/due_on");
  if (item.on_loan) throw Error(ErrorCode::conflict, "this file is out already; take it back or reserve it");
  if (item.missing_since) throw Error(ErrorCode::conflict, "this file is missing; say first where it was found");
  const auto waiting = reservations_of(tx, document_id);
  if (!waiting.empty() && waiting.front().account_id != clean.account_id.value_or(0)) {
    throw Error(ErrorCode::conflict, "this file waits for " + waiting.front().name + ", who reserved it");
  }
  if (!waiting.empty()) {
    tx.execute("UPDATE reservation SET ended_at = $1 WHERE id = $2", tx.now(), waiting.front().id);
  }
  const std::int64_t id = tx.insert(
      "INSERT INTO loan (document_id, account_id, borrower, out_at, out_by, due_on) VALUES ($1, $2, $3, $4, $5, $6)",
      document_id, clean.account_id, clean.name, tx.now(), author(tx), due_on);
  set_current(tx, document_id, std::nullopt, "lent");
  audit(tx, "paper.lent", document_id, require_loan(tx, document_id));
  return id;
}

void take_back(Transaction& tx, const Principal& who, std::int64_t document_id, std::optional<std::int64_t> to) {
  const PhysicalItem item = require_paper(tx, who, document_id, Permission::lend_paper);
  const Loan loan = require_loan(tx, document_id);
  require_location(tx, to, "/to");
  tx.execute("UPDATE loan SET returned_at = $1, returned_by = $2 WHERE id = $3", tx.now(), author(tx), loan.id);
  std::optional<std::int64_t> place = to;
  if (!place && item.home) place = item.home->id;
  set_current(tx, document_id, place, "returned");
  tell_next_in_line(tx, document_id);
  audit(tx, "paper.returned", document_id, loan);
}

void recall(Transaction& tx, const Principal& who, std::int64_t document_id, Date by, Date today) {
  require_paper(tx, who, document_id, Permission::lend_paper);
  const Loan loan = require_loan(tx, document_id);
  require_not_before(by, today, "/by");
  tx.execute("UPDATE loan SET due_on = $1, recalled_at = $2, recalled_by = $3 WHERE id = $4", std::min(by, loan.due_on),
             tx.now(), author(tx), loan.id);
  audit(tx, "paper.recalled", document_id, require_loan(tx, document_id));
}

void renew(Transaction& tx, const Principal& who, std::int64_t document_id, Date due_on, Date today) {
  require_paper(tx, who, document_id, Permission::lend_paper);
  const Loan loan = require_loan(tx, document_id);
  require_not_before(due_on, today, "/due_on");
  if (loan.recalled_at) throw Error(ErrorCode::conflict, "this file was recalled; it cannot be kept longer");
  if (!reservations_of(tx, document_id).empty()) {
    throw Error(ErrorCode::conflict, "somebody waits for this file; it cannot be kept longer");
  }
  tx.execute("UPDATE loan SET due_on = $1, overdue_noted = 0 WHERE id = $2", due_on, loan.id);
  audit(tx, "paper.renewed", document_id, require_loan(tx, document_id));
}

std::size_t note_overdue_loans(storage::Database& database, Date today) {
  constexpr std::string_view kOverdue = "WHERE l.returned_at IS NULL AND l.overdue_noted = 0 AND l.due_on < $1";
  {
    auto session = database.read();
    if (read_loans(session, std::string(kOverdue) + " LIMIT 1", today).empty()) return 0;
  }
  auto tx = database.begin(storage::Actor::system("loans"));
  const auto overdue = read_loans(tx, std::string(kOverdue) + " ORDER BY l.id", today);
  for (const Loan& loan : overdue) {
    tx.execute("UPDATE loan SET overdue_noted = 1 WHERE id = $1", loan.id);
    audit(tx, "paper.overdue", loan.document_id, loan);
  }
  tx.commit();
  return overdue.size();
}

std::vector<Loan> list_loans(Session& session, const Principal& who, const LoanFilter& filter) {
  std::vector<Loan> loans =
      read_loans(session,
                 "WHERE l.returned_at IS NULL AND ($1 = '' OR l.due_on < $1) AND ($2 = 0 OR l.account_id = $2) "
                 "ORDER BY l.due_on, l.id",
                 filter.overdue_on ? core::to_iso(*filter.overdue_on) : "", filter.account_id.value_or(0));
  std::erase_if(loans, [&](const Loan& loan) { return !storage::may_read_document(session, who, loan.document_id); });
  return loans;
}

std::optional<Loan> open_loan(Session& session, std::int64_t document_id) {
  auto loans = read_loans(session, "WHERE l.document_id = $1 AND l.returned_at IS NULL", document_id);
  if (loans.empty()) return std::nullopt;
  return std::move(loans.front());
}

std::vector<Loan> loan_history(Session& session, std::int64_t document_id) {
  return read_loans(session, "WHERE l.document_id = $1 ORDER BY l.id DESC", document_id);
}

std::int64_t reserve(Transaction& tx, const Principal& who, std::int64_t document_id) {
  const PhysicalItem item = require_paper(tx, who, document_id, Permission::read_documents);
  if (who.is_system())
    throw Error(ErrorCode::forbidden, "only a person with an account can be told when a file is back");
  for (const Reservation& one : reservations_of(tx, document_id)) {
    if (one.account_id == who.account_id) throw Error(ErrorCode::conflict, "you have reserved this file already");
  }
  if (const auto loan = open_loan(tx, document_id); loan && loan->account_id == who.account_id) {
    throw Error(ErrorCode::conflict, "you have this file");
  }
  const std::int64_t id = tx.insert("INSERT INTO reservation (document_id, account_id, made_at) VALUES ($1, $2, $3)",
                                    document_id, who.account_id, tx.now());
  tx.audit({"paper.reserved", "document", document_id, "", Json{{"reservation_id", id}}.dump()});
  if (!item.on_loan) tell_next_in_line(tx, document_id);
  return id;
}

void cancel_reservation(Transaction& tx, const Principal& who, std::int64_t reservation_id) {
  const auto found = read_reservations(tx, "AND r.id = $1", reservation_id);
  if (found.empty() || !storage::may_read_document(tx, who, found.front().document_id)) {
    throw Error(ErrorCode::not_found, "there is no such reservation");
  }
  const Reservation& reservation = found.front();
  if (reservation.account_id != who.account_id) who.require(Permission::lend_paper);
  tx.execute("UPDATE reservation SET ended_at = $1 WHERE id = $2", tx.now(), reservation_id);
  if (!open_loan(tx, reservation.document_id)) tell_next_in_line(tx, reservation.document_id);
  tx.audit({"paper.reservation_cancelled", "document", reservation.document_id, "",
            Json{{"reservation_id", reservation_id}}.dump()});
}

std::vector<Reservation> reservations_of(Session& session, std::int64_t document_id) {
  return read_reservations(session, "AND r.document_id = $1", document_id);
}

std::vector<Reservation> list_reservations(Session& session, const Principal& who,
                                           std::optional<std::int64_t> account_id) {
  auto all = read_reservations(session, "AND ($1 = 0 OR r.account_id = $1)", account_id.value_or(0));
  std::erase_if(all,
                [&](const Reservation& one) { return !storage::may_read_document(session, who, one.document_id); });
  return all;
}

}  // namespace muniment::records
