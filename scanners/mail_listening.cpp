#include "scanners/mail_listening.h"

#include <chrono>
#include <utility>

#include "core/error.h"
#include "storage/as_seen.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;

namespace {

// At where nothing could listen: the address may be that of a network which is not there yet.
constexpr std::chrono::minutes kListenAnew{1};

}  // namespace

MailListening::MailListening(SmtpListenerOptions configured, storage::Database& database,
                             const storage::BlobStore& blobs, const ingest::Intake& intake,
                             const ingest::FileReader& reader, core::Log& log)
    : configured_(std::move(configured)),
      database_(database),
      blobs_(blobs),
      intake_(intake),
      reader_(reader),
      log_(log) {}

MailListening::~MailListening() {
  stop();
}

MailListenerSetting MailListening::setting(storage::Session& session) const {
  return mail_listener_setting(session, configured_.terms);
}

MailListenerSetting MailListening::setting_now() const {
  auto session = database_.read();
  return setting(session);
}

MailListening::Listener MailListening::listener_for(const MailListenerTerms& terms) const {
  SmtpListenerOptions options = configured_;
  options.terms = terms;
  auto listener = std::make_unique<SmtpListener>(std::move(options), database_, blobs_, intake_, reader_, log_);
  log_.info("mail_listening", {{"address", terms.address}, {"port", listener->port()}});
  return listener;
}

void MailListening::start() {
  const std::scoped_lock changing(changing_);
  const MailListenerSetting setting = setting_now();
  const MailListenerTerms& terms = setting.terms;
  {
    const std::scoped_lock lock(mutex_);
    terms_ = terms;
  }
  // The page answers by now: who has switched it on there made it listen.
  if (terms.enabled && !listener_) {
    if (setting.is_set) {
      begin_or_tell(terms);
    } else {
      put_in_force(terms, listener_for(terms));
    }
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { try_again_each_minute(stop); });
}

void MailListening::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  Listener ended;  // without a lock: it waits for whoever keeps a mail just now
  const std::scoped_lock changing(changing_);
  stopped_ = true;
  const std::scoped_lock lock(mutex_);
  terms_.enabled = false;
  ended = std::move(listener_);
}

void MailListening::try_again_each_minute(const std::stop_token& stop) {
  std::unique_lock changing(changing_);
  while (!stop.stop_requested()) {
    stopping_.wait_for(changing, stop, kListenAnew, [] { return false; });
    if (!stop.stop_requested() && terms_.enabled && !listener_) begin_or_tell(terms_);
  }
}

void MailListening::begin_or_tell(const MailListenerTerms& terms) {
  try {
    Listener listener = listener_for(terms);
    const std::scoped_lock lock(mutex_);
    listener_ = std::move(listener);
    trouble_.reset();
  } catch (const Error& error) {
    const core::Time now = database_.clock().now();
    const std::scoped_lock lock(mutex_);
    if (trouble_ && trouble_->problem == error.message()) return;  // which was said a minute ago
    log_.error("mail_listening_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
    trouble_ = {error.message(), now};
  }
}

bool MailListening::listens_at(const MailListenerTerms& terms) const {
  return listener_ && terms.address == terms_.address && (terms.port == terms_.port || terms.port == listener_->port());
}

// `set_aside`: what listens no more, because it would be in the way, and has to begin again if this comes to nothing.
MailListening::Listener MailListening::begin_elsewhere(const MailListenerTerms& terms,
                                                       std::optional<MailListenerTerms>& set_aside) {
  if (listener_ && listener_->port() == terms.port) {
    // One of both addresses may stand for all, and then they cannot be listened at together.
    set_aside = terms_;
    set_aside->port = terms.port;
    Listener ended;
    const std::scoped_lock lock(mutex_);
    ended.swap(listener_);
  }
  try {
    return listener_for(terms);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    throw Error(ErrorCode::conflict, error.message(), error.fields());
  }
}

void MailListening::put_in_force(const MailListenerTerms& terms, Listener listener) {
  Listener ended;  // without mutex_: it waits for whoever keeps a mail just now
  const std::scoped_lock lock(mutex_);
  terms_ = terms;
  trouble_.reset();
  if (listener || !terms.enabled) {
    ended = std::exchange(listener_, std::move(listener));
  } else {
    listener_->change(terms);
  }
}

void MailListening::change(const storage::Principal& who, std::int64_t expected_version,
                           const std::optional<MailListenerTerms>& to) {
  const std::scoped_lock changing(changing_);
  if (stopped_) throw Error(ErrorCode::unavailable, "the service stops; try again soon");
  const MailListenerTerms& terms = to ? *to : configured_.terms;
  require_sound(terms);
  storage::require_as_seen(setting_now().version, expected_version, "mail listener");
  std::optional<MailListenerTerms> set_aside;
  Listener next;
  try {
    if (terms.enabled && !listens_at(terms)) next = begin_elsewhere(terms, set_aside);
    auto tx = database_.begin(who.actor());
    if (to) {
      set_mail_listener(tx, configured_.terms, expected_version, terms);
    } else {
      forget_mail_listener(tx, configured_.terms, expected_version);
    }
    tx.commit();
  } catch (...) {
    next.reset();
    if (set_aside) begin_or_tell(*set_aside);
    throw;
  }
  put_in_force(terms, std::move(next));
}

void MailListening::set(const storage::Principal& who, std::int64_t expected_version, const MailListenerTerms& terms) {
  change(who, expected_version, terms);
}

void MailListening::forget(const storage::Principal& who, std::int64_t expected_version) {
  change(who, expected_version, std::nullopt);
}

std::optional<MailListening::State> MailListening::state() const {
  const std::scoped_lock lock(mutex_);
  if (!terms_.enabled) return std::nullopt;
  if (!listener_) return State{place_name(terms_.address, terms_.port), false, trouble_, 0};
  return State{listener_->address(), true, listener_->trouble(), listener_->refused()};
}

}  // namespace muniment::scanners
