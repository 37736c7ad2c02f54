// One client's conversation with the listener for mail (RFC 5321), without the network: bytes in, replies out. It takes
// mail in and never passes any on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace muniment::scanners {

struct SmtpPolicy {
  // Patterns as of storage::MailRule, for the envelope's addresses; empty: any.
  std::vector<std::string> senders;
  std::vector<std::string> recipients;
  std::uint64_t most_bytes = 64ULL << 20;  // of a mail
  bool offers_tls = false;
};

// Not thread-safe. Whatever a client sends gets an answer or the end of the conversation, and takes no memory to speak
// of.
class SmtpSession {
 public:
  // What is done with a mail; each may throw core::Error, which the client is told as the code that fits.
  struct Actions {
    std::function<void()> begin;
    std::function<void(std::string_view bytes)> bytes;
    std::function<void()> keep;  // the mail is complete; it is safe when this returns
    // A sender, recipient or mail was turned away with this reply; may be empty.
    std::function<void(std::string_view reply)> refused = {};
  };
  SmtpSession(SmtpPolicy policy, Actions actions) : policy_(std::move(policy)), actions_(std::move(actions)) {}

  static std::string greeting();
  // What is to be answered to what was received, in pieces of any size.
  std::string add(std::string_view received);
  // The client is to be protected by TLS (RFC 3207) after the last answer was sent; then `protected_now`. What it sent
  // in clear before that counts for nothing.
  bool wants_tls() const { return wants_tls_; }
  void protected_now();
  // To be closed after the last answer was sent.
  bool is_over() const { return over_; }

 private:
  // Where in the lines of a mail the next byte stands.
  enum class At { line_start, in_line, after_cr, after_dot, after_dot_cr };

  void command(std::string_view line);
  void mail(std::string_view arguments);
  void recipient(std::string_view arguments);
  void data();
  bool can_start_tls() const { return policy_.offers_tls && !protected_; }
  // How many of `bytes` belong to the mail, its end included.
  std::size_t take_data(std::string_view bytes);
  void keep_bytes(std::string_view bytes);
  void end_data();
  void answer(std::string_view reply);
  void refuse(std::string_view reply);
  void answer_error(const core::Error& error);
  void reset();

  const SmtpPolicy policy_;
  const Actions actions_;
  std::string line_;
  std::string out_;
  bool line_too_long_ = false;
  bool greeted_ = false;
  bool wants_tls_ = false;
  bool protected_ = false;
  bool has_sender_ = false;
  std::size_t recipients_ = 0;
  bool in_data_ = false;
  At at_ = At::line_start;
  std::uint64_t size_ = 0;
  std::optional<core::Error> trouble_;  // of the mail that comes in: told at its end
  int commands_ = 0;
  int refusals_ = 0;
  bool over_ = false;
};

}  // namespace muniment::scanners
