// A conversation with an IMAP server (RFC 9051, and RFC 3501 before it). TLS and sign-in are libcurl's business.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "scanners/internal/imap_response.h"
#include "storage/mailboxes.h"

namespace muniment::scanners {

struct ImapAddress {
  std::string host;
  std::int64_t port = 993;
  storage::MailSecurity security = storage::MailSecurity::tls;
  std::string login;
  std::string password;
  std::filesystem::path ca_file;               // whose certificates are trusted; empty: the system's
  std::chrono::milliseconds patience{60'000};  // without a byte from the server
};

// Not thread-safe. Every call throws Error(unavailable) when the connection breaks or the server talks nonsense, and
// Error(cancelled) after `stop` was requested; then, and after an error of a caller's function, the conversation is
// over
// (`is_over`). When the server merely refuses, it goes on after Error(conflict) with what the server said.
class ImapClient {
 public:
  // Connects and signs in. Error(unauthenticated) when the server refuses login and password.
  ImapClient(const ImapAddress& address, std::stop_token stop);
  ~ImapClient();
  ImapClient(const ImapClient&) = delete;

  bool is_over() const { return over_; }

  // Opens a folder; returns its UIDVALIDITY.
  std::int64_t select(std::string_view folder);
  struct Listed {
    std::int64_t uid = 0;
    std::int64_t size = 0;  // bytes, as the server says
  };
  // The mails of the open folder with a UID above `uid`, ascending.
  std::vector<Listed> mails_after(std::int64_t uid);
  // Empty when it is not there any more.
  std::optional<Listed> find(std::int64_t uid);

  using Receive = std::function<void(std::span<const std::byte> bytes)>;
  // Gives the bytes of a mail, without marking it. False when it is not there any more. Error(too_large) over `most`.
  bool fetch(std::int64_t uid, std::uint64_t most, const Receive& receive);
  // The same, of its headers only.
  bool fetch_heading(std::int64_t uid, std::uint64_t most, const Receive& receive);

  // Whether it can tell of new mails as they come (RFC 2177).
  bool can_idle() const { return can("IDLE"); }
  // Waits until it tells of mails in the open folder, for `longest` at most. False when it told of none.
  bool idle(std::chrono::milliseconds longest);

  void mark_seen(std::int64_t uid);
  // Makes the folder when it is missing.
  void move(std::int64_t uid, std::string_view folder);
  // On a server without UIDPLUS (RFC 4315) the mail is only flagged: EXPUNGE would take away others' mails too.
  void remove(std::int64_t uid);

 private:
  struct Transport;
  using Untagged = std::function<void(const ImapResponse& response)>;

  std::vector<Listed> list(const std::string& set);
  // The tagged answer, whatever it says.
  ImapStatus ask(const std::string& command, const Untagged& untagged = {});
  // Error(conflict) unless it is OK.
  ImapStatus require(const std::string& command, const Untagged& untagged = {});
  bool receive_body(std::int64_t uid, std::string_view section, std::uint64_t most, const Receive& receive);
  void copy(const std::string& command, std::string_view folder);
  bool can(std::string_view capability) const;
  void take_line(const std::string& line);
  void begin_literal(std::string_view before, std::uint64_t size);

  std::unique_ptr<Transport> transport_;
  ImapResponseStream stream_;
  std::vector<std::string> capabilities_;
  bool over_ = false;
  int commands_ = 0;
  // Of the command that runs:
  std::string tag_;
  const Untagged* untagged_ = nullptr;
  std::optional<ImapStatus> answer_;
  const Receive* receive_ = nullptr;
  std::uint64_t most_ = 0;
  bool told_of_mails_ = false;
  bool in_body_ = false;
  bool got_body_ = false;
};

}  // namespace muniment::scanners
