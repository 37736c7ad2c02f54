#include "scanners/internal/smtp_session.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "scanners/internal/ascii.h"
#include "scanners/internal/mail_failure.h"
#include "scanners/internal/mail_pattern.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestCommand = 2048;
constexpr std::size_t kMostRecipients = 100;
constexpr int kMostCommands = 1000;
constexpr int kMostRefusals = 20;

struct Path {
  std::string_view address;     // may be empty: a mail that nobody wants an answer to
  std::string_view parameters;  // "SIZE=1234 BODY=8BITMIME"
};

// "FROM:<a@b> SIZE=3"; devices leave out the brackets, and put a space before them.
std::optional<Path> parse_path(std::string_view text, std::string_view keyword) {
  if (ascii_upper(text.substr(0, keyword.size())) != keyword) return std::nullopt;
  text = core::trim(text.substr(keyword.size()));
  if (!text.starts_with('<')) {
    const auto space = text.find(' ');
    const std::string_view address = text.substr(0, space);
    if (address.empty() || address.find_first_of("<>") != std::string_view::npos) return std::nullopt;
    return Path{address, space == std::string_view::npos ? std::string_view() : text.substr(space + 1)};
  }
  const auto end = text.find('>');
  if (end == std::string_view::npos) return std::nullopt;
  return Path{text.substr(1, end - 1), core::trim(text.substr(end + 1))};
}

std::optional<std::int64_t> announced_size(std::string_view parameters) {
  for (const std::string_view parameter : core::split(parameters, ' ')) {
    if (ascii_upper(parameter.substr(0, 5)) == "SIZE=") return core::parse_integer(parameter.substr(5));
  }
  return std::nullopt;
}

bool is_among(const std::vector<std::string>& patterns, std::string_view address) {
  return patterns.empty() ||
         std::ranges::any_of(patterns, [&](const std::string& pattern) { return pattern_fits(pattern, address); });
}

// The first line of a message, as a reply may hold it.
std::string one_line(std::string_view text) {
  std::string line(core::cut(text, 400));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) c = ' ';
  }
  return line;
}

}  // namespace

std::string SmtpSession::greeting() {
  return "220 Muniment takes documents in\r\n";
}

void SmtpSession::answer(std::string_view reply) {
  out_ += reply;
  out_ += "\r\n";
}

void SmtpSession::refuse(std::string_view reply) {
  answer(reply);
  // What is said of commands that are none of ours is of no interest to anybody else.
  if (actions_.refused && (reply.starts_with("45") || reply.starts_with("55"))) actions_.refused(reply);
  if (++refusals_ < kMostRefusals) return;
  answer("421 4.7.0 too many refused commands");
  over_ = true;
}

void SmtpSession::answer_error(const Error& error) {
  const std::string why = one_line(error.message());
  switch (error.code()) {
    case ErrorCode::storage_full:
      return refuse("452 4.3.1 " + why);
    case ErrorCode::too_large:
      return refuse("552 5.3.4 " + why);
    default:
      return refuse((is_lasting(error.code()) ? "554 5.6.0 " : "451 4.3.0 ") + why);
  }
}

void SmtpSession::reset() {
  has_sender_ = false;
  recipients_ = 0;
  trouble_.reset();
}

std::string SmtpSession::add(std::string_view received) {
  out_.clear();
  while (!received.empty() && !over_ && !wants_tls_) {
    if (in_data_) {
      received.remove_prefix(take_data(received));
      continue;
    }
    const auto end = received.find('\n');
    const std::string_view piece = received.substr(0, end);
    if (line_.size() + piece.size() > kLongestCommand) {
      line_too_long_ = true;
      line_.clear();
    }
    if (!line_too_long_) line_ += piece;
    if (end == std::string_view::npos) break;
    received.remove_prefix(end + 1);
    const std::string line = std::move(line_);
    line_.clear();
    if (std::exchange(line_too_long_, false)) {
      refuse("500 5.5.2 the line is too long");
    } else {
      command(line.ends_with('\r') ? std::string_view(line).substr(0, line.size() - 1) : line);
    }
  }
  return std::move(out_);
}

void SmtpSession::command(std::string_view line) {
  if (++commands_ > kMostCommands) {
    answer("421 4.7.0 too many commands");
    over_ = true;
    return;
  }
  const auto space = line.find(' ');
  const std::string verb = ascii_upper(core::trim(line.substr(0, space)));
  const std::string_view arguments =
      space == std::string_view::npos ? std::string_view() : core::trim(line.substr(space));
  if (verb == "HELO" || verb == "EHLO") {
    reset();
    greeted_ = true;
    if (verb == "HELO") return answer("250 Muniment");
    answer("250-Muniment\r\n250-SIZE " + std::to_string(policy_.most_bytes) +
           (can_start_tls() ? "\r\n250-STARTTLS" : "") + "\r\n250-8BITMIME\r\n250 PIPELINING");
  } else if (verb == "MAIL") {
    mail(arguments);
  } else if (verb == "RCPT") {
    recipient(arguments);
  } else if (verb == "DATA") {
    data();
  } else if (verb == "STARTTLS" && can_start_tls()) {
    answer("220 2.0.0 go on");
    wants_tls_ = true;
  } else if (verb == "RSET") {
    reset();
    answer("250 2.0.0 forgotten");
  } else if (verb == "NOOP") {
    answer("250 2.0.0 nothing done");
  } else if (verb == "VRFY") {
    answer("252 2.1.5 send it, and it will show");
  } else if (verb == "QUIT") {
    answer("221 2.0.0 goodbye");
    over_ = true;
  } else {
    refuse("502 5.5.1 this command is not known here");
  }
}

void SmtpSession::protected_now() {
  wants_tls_ = false;
  protected_ = true;
  greeted_ = false;
  line_.clear();
  reset();
}

void SmtpSession::mail(std::string_view arguments) {
  if (!greeted_) return refuse("503 5.5.1 say HELO first");
  if (has_sender_) return refuse("503 5.5.1 one mail after the other");
  const auto path = parse_path(arguments, "FROM:");
  if (!path) return refuse("501 5.5.4 it is MAIL FROM:<address>");
  if (!is_among(policy_.senders, path->address)) {
    return refuse("550 5.7.1 this sender may not send here (mail.senders)");
  }
  if (announced_size(path->parameters).value_or(0) > static_cast<std::int64_t>(policy_.most_bytes)) {
    return refuse("552 5.3.4 the mail is larger than may be (mail.max_size)");
  }
  has_sender_ = true;
  answer("250 2.1.0 the sender is welcome");
}

void SmtpSession::recipient(std::string_view arguments) {
  if (!has_sender_) return refuse("503 5.5.1 say MAIL first");
  const auto path = parse_path(arguments, "TO:");
  if (!path || path->address.empty()) return refuse("501 5.5.4 it is RCPT TO:<address>");
  if (!is_among(policy_.recipients, path->address)) {
    return refuse("550 5.7.1 nothing is taken in for this address, and nothing passed on (mail.recipients)");
  }
  if (recipients_ >= kMostRecipients) return refuse("452 4.5.3 too many recipients");
  ++recipients_;
  answer("250 2.1.5 the recipient is known");
}

void SmtpSession::data() {
  if (recipients_ == 0) return refuse("503 5.5.1 say MAIL and RCPT first");
  try {
    actions_.begin();
  } catch (const Error& error) {
    return answer_error(error);
  }
  in_data_ = true;
  at_ = At::line_start;
  size_ = 0;
  answer("354 send it, and a line with a dot after it");
}

std::size_t SmtpSession::take_data(std::string_view bytes) {
  // Only CR LF ends a line: what takes a bare LF for one sees mails where others see none. The dot that the client put
  // before a line that begins with one goes.
  std::string kept;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    switch (at_) {
      case At::after_dot_cr:
        if (c == '\n') {
          keep_bytes(kept);
          end_data();
          return i + 1;
        }
        kept += '\r';
        break;
      case At::after_cr:
        kept += '\r';
        if (c == '\n') {
          kept += c;
          at_ = At::line_start;
          continue;
        }
        break;
      case At::line_start:
        if (c == '.') {
          at_ = At::after_dot;
          continue;
        }
        break;
      case At::after_dot:
        if (c == '\r') {
          at_ = At::after_dot_cr;
          continue;
        }
        break;
      case At::in_line:
        break;
    }
    at_ = c == '\r' ? At::after_cr : At::in_line;
    if (c != '\r') kept += c;
  }
  keep_bytes(kept);
  return bytes.size();
}

void SmtpSession::keep_bytes(std::string_view bytes) {
  size_ += bytes.size();
  if (trouble_ || bytes.empty()) return;
  try {
    if (size_ > policy_.most_bytes) {
      throw Error(ErrorCode::too_large, "the mail is larger than may be (mail.max_size)");
    }
    actions_.bytes(bytes);
  } catch (const Error& error) {
    trouble_ = error;
  }
}

void SmtpSession::end_data() {
  in_data_ = false;
  try {
    if (trouble_) throw *trouble_;
    actions_.keep();
    answer("250 2.0.0 it is safe in the archive");
  } catch (const Error& error) {
    answer_error(error);
  }
  reset();
}

}  // namespace muniment::scanners
