// The mail listener as people look after it: what they set holds at once, without a restart of the service.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "scanners/mail_listener_setting.h"
#include "scanners/smtp_listener.h"
#include "storage/access.h"

namespace muniment::scanners {

// Between start and stop a listener runs whenever the setting says so. Thread-safe.
class MailListening {
 public:
  // The terms of `configured` hold until people set others; the rest of it stays the configuration's. Everything
  // outlives this object.
  MailListening(SmtpListenerOptions configured, storage::Database& database, const storage::BlobStore& blobs,
                const ingest::Intake& intake, const ingest::FileReader& reader, core::Log& log);
  // Stops.
  ~MailListening();

  // Errors of SmtpListener, for terms of the configuration. What people set keeps no service from starting, or they
  // could not set it right: state() tells what is wrong, and it is tried again each minute.
  void start();
  // Clients in the middle of a mail are told to come again. Nothing can be set any more. Doing it twice is not an
  // error.
  void stop();

  MailListenerSetting setting(storage::Session& session) const;
  // Whether mail is protected on its way (STARTTLS).
  bool is_encrypted() const { return !configured_.certificate.empty(); }

  // They hold when this returns. Error(stale); Error(invalid_argument) names the field that is wrong; Error(conflict)
  // when nothing can listen there. After any of them all is as it was. Not to be called while a transaction is open.
  void set(const storage::Principal& who, std::int64_t expected_version, const MailListenerTerms& terms);
  // Back to the configuration's, likewise.
  void forget(const storage::Principal& who, std::int64_t expected_version);

  struct State {
    std::string address;  // "0.0.0.0:2525"
    bool listens = true;
    std::optional<SmtpListener::Trouble> trouble;
    std::int64_t refused = 0;  // as SmtpListener counts
  };
  // Of what is switched on; none: it is off.
  std::optional<State> state() const;

 private:
  using Listener = std::unique_ptr<SmtpListener>;

  MailListenerSetting setting_now() const;
  Listener listener_for(const MailListenerTerms& terms) const;
  // Each with changing_ held.
  void change(const storage::Principal& who, std::int64_t expected_version, const std::optional<MailListenerTerms>& to);
  bool listens_at(const MailListenerTerms& terms) const;
  Listener begin_elsewhere(const MailListenerTerms& terms, std::optional<MailListenerTerms>& set_aside);
  void begin_or_tell(const MailListenerTerms& terms);
  void put_in_force(const MailListenerTerms& terms, Listener listener);
  void try_again_each_minute(const std::stop_token& stop);

  const SmtpListenerOptions configured_;
  storage::Database& database_;
  const storage::BlobStore& blobs_;
  const ingest::Intake& intake_;
  const ingest::FileReader& reader_;
  core::Log& log_;
  std::mutex changing_;  // one change at a time; taken before mutex_
  std::condition_variable_any stopping_;
  bool stopped_ = false;
  mutable std::mutex mutex_;                      // of what state() reads
  MailListenerTerms terms_;                       // in force
  Listener listener_;                             // changed only with both held
  std::optional<SmtpListener::Trouble> trouble_;  // why there is none although there should be
  std::jthread thread_;
};

}  // namespace muniment::scanners
