// Takes in the mails that devices on the local network send: scan to mail without a mail server. It is told that a mail
// arrived only after that is safely kept, and it passes nothing on.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/clock.h"
#include "core/files.h"
#include "core/log.h"
#include "ingest/extraction.h"
#include "ingest/file_reader.h"
#include "ingest/intake.h"
#include "scanners/mail_listener_setting.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace muniment::scanners {

struct SmtpListenerOptions {
  MailListenerTerms terms;  // `enabled` and `filing` are not looked at
  ingest::MemberLimits members;
  std::filesystem::path certificate;  // for STARTTLS (PEM), with its key; empty: all is in clear
  std::filesystem::path key;
  std::chrono::milliseconds patience{60'000};      // without a byte from the client
  std::chrono::milliseconds longest{15 * 60'000};  // that one connection may last
};

class MailIntake;
class TlsCertificate;

// Listens from construction to destruction. Thread-safe.
class SmtpListener {
 public:
  // Documents belong to the system itself, and are filed as the setting says at that moment. Everything outlives this
  // object. Error(unavailable) when nothing can listen there, which names the field to be chosen anew,
  // Error(invalid_argument) for a certificate that cannot be read.
  SmtpListener(SmtpListenerOptions options, storage::Database& database, const storage::BlobStore& blobs,
               const ingest::Intake& intake, const ingest::FileReader& reader, core::Log& log);
  // Clients in the middle of a mail are told to come again.
  ~SmtpListener();

  std::uint16_t port() const { return port_; }
  std::string address() const;  // "0.0.0.0:2525"
  // For whoever connects from now on; who is connected goes on by what held then. Where it listens stays as it is.
  void change(MailListenerTerms terms);
  // The last device within `networks` that was turned away, or whose mail could not be taken in; none once a mail came
  // in after that. Strangers stand in the log only: whoever can reach the port could have it called out of order.
  struct Trouble {
    std::string problem;  // says which device and why
    core::Time at;
  };
  std::optional<Trouble> trouble() const;
  // How often there was such trouble since it listens.
  std::int64_t refused() const;

 private:
  struct Connection;
  void run(std::stop_token stop);
  std::shared_ptr<const MailListenerTerms> terms() const;
  void accept_one();
  void serve(Connection& connection, std::stop_token stop);
  void converse(Connection& connection, std::stop_token stop);
  void keep(const Connection& connection, const core::TempFile& file, std::stop_token stop);
  void note(std::optional<std::string> problem);

  const SmtpListenerOptions options_;
  storage::Database& database_;
  const storage::BlobStore& blobs_;
  const std::unique_ptr<const MailIntake> intake_;
  const std::unique_ptr<const TlsCertificate> certificate_;  // empty: none
  core::Log& log_;
  core::FileDescriptor socket_;
  core::FileDescriptor wake_;  // an eventfd that ends every wait
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::shared_ptr<const MailListenerTerms> terms_;
  std::list<Connection> connections_;
  std::optional<Trouble> trouble_;
  std::int64_t refused_ = 0;
  std::jthread thread_;
};

}  // namespace muniment::scanners
