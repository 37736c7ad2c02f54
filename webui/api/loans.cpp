// Lending paper files, and who waits for them.
#include "records/loans.h"

#include "webui/api/paper_json.h"

namespace muniment::webui::api {

using storage::Permission;

namespace {

void lend(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const records::Borrower borrower{body.nullable_number("account").value_or(std::nullopt),
                                   body.maybe_text("borrower").value_or("")};
  const core::Date due_on = date_of(body, "due_on");
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::lend(tx, call.who, id, borrower, due_on, today(tx, api));
  });
}

void take_back(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto to = body.nullable_number("to").value_or(std::nullopt);
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) { records::take_back(tx, call.who, id, to); });
}

void recall(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const core::Date by = date_of(body, "by");
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::recall(tx, call.who, id, by, today(tx, api));
  });
}

void renew(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const core::Date due_on = date_of(body, "due_on");
  body.finish();
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) {
    records::renew(tx, call.who, id, due_on, today(tx, api));
  });
}

void reserve(Call& call, Api& api) {
  change_paper(call, api, [&](storage::Transaction& tx, std::int64_t id) { records::reserve(tx, call.who, id); });
}

void cancel_reservation(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  records::cancel_reservation(tx, call.who, call.number("id"));
  tx.commit();
  call.http.send_empty(204);
}

void send_loans(Call& call, Api& api) {
  auto session = api.services.database.read();
  const core::Date day = today(session, api);
  records::LoanFilter filter;
  if (call.truth_query("overdue")) filter.overdue_on = day;
  send_window(call, records::list_loans(session, call.who, filter),
              [&](const records::Loan& loan) { return loan_json(session, call.who, loan, day); });
}

void send_reservations(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_window(call, records::list_reservations(session, call.who, std::nullopt),
              [&](const records::Reservation& one) { return reservation_json(session, call.who, one); });
}

// What the asker has, and what waits for them.
void send_own(Call& call, Api& api) {
  auto session = api.services.database.read();
  const core::Date day = today(session, api);
  Json loans = Json::array();
  Json reservations = Json::array();
  if (!call.who.is_system()) {
    for (const auto& loan : records::list_loans(session, call.who, {std::nullopt, call.who.account_id})) {
      loans.push_back(loan_json(session, call.who, loan, day));
    }
    for (const auto& one : records::list_reservations(session, call.who, call.who.account_id)) {
      reservations.push_back(reservation_json(session, call.who, one));
    }
  }
  send_json(call.http, 200, {{"loans", std::move(loans)}, {"reservations", std::move(reservations)}});
}

}  // namespace

void add_loans(Router& router, Api& api) {
  const auto add = [&](const char* method, const std::string& pattern, Permission needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  const auto about = [&](const char* method, const std::string& pattern, Permission needs,
                         void (*handler)(Call&, Api&)) {
    add_for_document(router, api, method, pattern, needs, handler);
  };
  const std::string document = "/api/v1/documents/{id}";
  about("POST", document + "/loan", Permission::lend_paper, lend);
  about("POST", document + "/loan/return", Permission::lend_paper, take_back);
  about("POST", document + "/loan/recall", Permission::lend_paper, recall);
  about("POST", document + "/loan/renew", Permission::lend_paper, renew);
  about("POST", document + "/reservations", Permission::read_documents, reserve);
  add("GET", "/api/v1/loans", Permission::lend_paper, send_loans);
  add("GET", "/api/v1/reservations", Permission::lend_paper, send_reservations);
  add("DELETE", "/api/v1/reservations/{id}", Permission::read_documents, cancel_reservation);
  add("GET", "/api/v1/account/loans", Permission::read_documents, send_own);
}

}  // namespace muniment::webui::api
