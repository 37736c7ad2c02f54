// Mail that the service sends, by way of the organisation's mail server.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "storage/mailboxes.h"

namespace muniment::server {

struct MailSenderOptions {
  std::string host;  // empty: nothing is sent
  int port = 587;
  storage::MailSecurity security = storage::MailSecurity::starttls;
  std::string login;                    // empty: without signing in
  std::filesystem::path password_file;  // read anew for each mail, so that it can be changed
  std::string from;                     // an address
  std::filesystem::path ca_file;        // whose certificates are trusted; empty: the system's
};

struct OutgoingMail {
  std::vector<std::string> to;  // addresses: anna@example.org
  std::string subject;
  std::string text;     // plain
  std::string id = {};  // of the message: the same when it is sent again; empty: one of its own
};

// One whom the mail server did not take the mail for.
struct RefusedReceiver {
  std::string address;
  std::string answer;  // the server's, as "550 5.1.1 no such user"
};

// Thread-safe.
class MailSender {
 public:
  // The clock outlives it.
  MailSender(MailSenderOptions options, const core::Clock& clock) : options_(std::move(options)), clock_(clock) {}

  bool configured() const { return !options_.host.empty(); }
  // The server has taken it over when this returns, once for all receivers but those returned: who gets it does not
  // depend on the others, and several are not told of each other. Error(invalid_argument) for a line break in an
  // address, Error(unavailable) when the server cannot be reached or takes nothing from this service, and it can be
  // tried again; Error(cancelled).
  [[nodiscard]] std::vector<RefusedReceiver> send(const OutgoingMail& mail, const std::stop_token& stop = {}) const;

 private:
  const MailSenderOptions options_;
  const core::Clock& clock_;
};

}  // namespace muniment::server
