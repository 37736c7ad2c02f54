#include "scanners/internal/mail_watch.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>

#include "core/error.h"
#include "scanners/internal/imap_client.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::Mailbox;

namespace {

constexpr std::size_t kMostListeners = 20;
// A server may end what is silent for half an hour (RFC 2177).
constexpr milliseconds kLongestIdle{25 * 60'000};
// So that a server that never stops telling has no more of our time than this leaves it.
constexpr seconds kAfterNews{1};
constexpr seconds kFirstPause{10};
constexpr seconds kLongestPause{600};

void rest(seconds pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, pause, [] { return false; });
}

}  // namespace

void MailWatch::follow(const std::vector<Mailbox>& mailboxes) {
  std::vector<Mailbox> wanted;
  for (const Mailbox& mailbox : mailboxes) {
    if (mailbox.failures == 0 && wanted.size() < kMostListeners) wanted.push_back(mailbox);
  }
  listeners_.remove_if([&](const Listener& listener) {
    return std::ranges::none_of(wanted, [&](const Mailbox& mailbox) {
      return mailbox.id == listener.mailbox_id && mailbox.version == listener.version;
    });
  });
  for (const Mailbox& mailbox : wanted) {
    if (std::ranges::find(listeners_, mailbox.id, &Listener::mailbox_id) != listeners_.end()) continue;
    listeners_.push_back({mailbox.id, mailbox.version,
                          std::jthread([this, mailbox](const std::stop_token& stop) { listen(mailbox, stop); })});
  }
}

void MailWatch::listen(const Mailbox& mailbox, const std::stop_token& stop) const {
  seconds pause = kFirstPause;
  while (!stop.stop_requested()) {
    bool heard = false;
    try {
      if (!listen_once(mailbox, stop, heard)) return;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) return;
      // The visits tell people what is wrong.
      log_.debug("mailbox_not_heard", {{"mailbox", mailbox.id}, {"cause", error.what()}});
      // A login that the visits have no trouble with is refused for a while only: there are too many at once, say.
      if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::unauthenticated) return;
    }
    if (heard) pause = kFirstPause;
    rest(pause, stop);
    pause = std::min(2 * pause, kLongestPause);
  }
}

bool MailWatch::listen_once(const Mailbox& mailbox, const std::stop_token& stop, bool& heard) const {
  ImapAddress address{
      mailbox.terms.host, mailbox.terms.port, mailbox.terms.security, mailbox.terms.login, "", ca_file_};
  {
    auto session = database_.read();
    address.password = storage::mailbox_password(session, key_, mailbox);
  }
  ImapClient client(address, stop);
  if (!client.can_idle()) return false;
  client.select(mailbox.terms.folders.front());
  news_(mailbox.id);  // what came while nobody listened
  while (!stop.stop_requested()) {
    const bool news = client.idle(kLongestIdle);
    heard = true;
    if (!news) continue;
    news_(mailbox.id);
    rest(kAfterNews, stop);
  }
  return false;
}

}  // namespace muniment::scanners
