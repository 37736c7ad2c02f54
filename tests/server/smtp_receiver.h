// A mail server that takes whatever comes, in clear, but for what it was told to refuse.
#pragma once

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketStream.h>

#include "server/mail_sender.h"

namespace muniment::testing {

class SmtpReceiver {
 public:
  struct Taken {
    std::vector<std::string> to;
    std::string text;  // with its header; quoted-printable is undone
  };

  SmtpReceiver() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

  server::MailSenderOptions options() const {
    server::MailSenderOptions options;
    options.host = "127.0.0.1";
    options.port = socket_.address().port();
    options.security = storage::MailSecurity::none;
    options.from = "archive@example.org";
    return options;
  }
  // From now on, an address or a mail with `text` in it.
  void refuse(const std::string& text) {
    const std::scoped_lock lock(mutex_);
    refused_.insert(text);
  }
  void refuse_nothing() {
    const std::scoped_lock lock(mutex_);
    refused_.clear();
  }
  // Those so far: what was sent is here when `send` returns.
  std::vector<Taken> taken() const {
    const std::scoped_lock lock(mutex_);
    return taken_;
  }

 private:
  static std::string unquoted(const std::string& text) {
    const std::size_t body = text.find("\r\n\r\n");
    std::string plain = text.substr(0, body);
    for (std::size_t at = plain.size(); at < text.size(); ++at) {
      if (text[at] != '=' || at + 2 >= text.size()) {
        plain += text[at];
        continue;
      }
      const std::string code = text.substr(at + 1, 2);
      if (code != "\r\n") plain += static_cast<char>(std::stoi(code, nullptr, 16));
      at += 2;
    }
    return plain;
  }
  bool refuses(const std::string& said) const {
    const std::scoped_lock lock(mutex_);
    return std::any_of(refused_.begin(), refused_.end(),
                       [&](const std::string& text) { return said.find(text) != std::string::npos; });
  }
  // The answer.
  std::string take(Taken mail) {
    if (refuses(mail.text)) return "554 5.7.1 not here\r\n";
    const std::scoped_lock lock(mutex_);
    taken_.push_back(std::move(mail));
    return "250 ok\r\n";
  }
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
      Poco::Net::StreamSocket client = socket_.acceptConnection();
      Poco::Net::SocketStream stream(client);
      Taken mail;
      stream << "220 ready\r\n" << std::flush;
      for (std::string line; std::getline(stream, line);) {
        std::string answer = line.starts_with("QUIT") ? "221 bye\r\n" : "250 ok\r\n";
        if (line.starts_with("RCPT TO:<") && refuses(line)) {
          answer = "550-5.1.1 asked everywhere\r\n550 5.1.1 no such user\r\n";
        } else if (line.starts_with("RCPT TO:<")) {
          mail.to.push_back(line.substr(9, line.find('>') - 9));
        }
        if (line.starts_with("DATA")) {
          stream << "354 go on\r\n" << std::flush;
          while (std::getline(stream, line) && line != ".\r") mail.text += line + "\n";
          mail.text = unquoted(mail.text);
          answer = take(std::move(mail));
          mail = {};
        }
        stream << answer << std::flush;
      }
    }
  }

  Poco::Net::ServerSocket socket_{Poco::Net::SocketAddress("127.0.0.1", 0)};
  mutable std::mutex mutex_;
  std::vector<Taken> taken_;
  std::set<std::string> refused_;
  std::jthread thread_;
};

}  // namespace muniment::testing
