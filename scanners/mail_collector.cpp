#include "scanners/mail_collector.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/error.h"
#include "scanners/internal/imap_client.h"
#include "scanners/internal/mail_failure.h"
#include "scanners/internal/mail_intake.h"
#include "scanners/internal/mail_watch.h"
#include "storage/mailbox_mails.h"
#include "storage/mailboxes.h"
#include "storage/source_arrivals.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::Afterwards;
using storage::Mailbox;
using storage::MailIdentity;
using storage::MailTake;

namespace {

// Then the others have their turn.
constexpr std::size_t kMailsAVisit = 1000;
constexpr std::uint64_t kLongestHeaders = 256 * 1024;
constexpr seconds kFirstPause{10};
constexpr seconds kLongestPause{3600};
// When even the outcome of a visit cannot be written down.
constexpr milliseconds kTryAgain{10'000};
constexpr milliseconds kIdle{3'600'000};

// After a visit that failed, the `failures`th in a row from 0.
seconds pause_after(std::int64_t failures, seconds interval) {
  const seconds pause = std::min(kFirstPause, interval) * (1LL << std::min<std::int64_t>(failures, 12));
  return std::min(pause, std::max(kLongestPause, interval));
}

// Nothing is wrong with the mail: the next one would fare no better.
bool concerns_all(ErrorCode code) {
  return code == ErrorCode::storage_full || code == ErrorCode::unavailable || code == ErrorCode::io;
}

}  // namespace

// One visit to one mailbox.
class MailCollector::Visit {
 public:
  Visit(MailCollector& collector, const Mailbox& mailbox, std::stop_token stop)
      : collector_(collector), mailbox_(mailbox), stop_(std::move(stop)), who_([&] {
          auto session = collector.database_.read();
          return storage::system_principal(session, "mailbox " + mailbox.terms.name);
        }()) {}

  // Whether more is waiting. Throws what ended it early.
  bool look_through() {
    ImapClient client(address(), stop_);
    for (const std::string& folder : mailbox_.terms.folders) {
      try {
        if (look_through(client, folder)) return true;
      } catch (const Error& error) {
        if (client.is_over() || error.code() != ErrorCode::conflict) throw;
        complain(error);  // the server refused; the other folders may be in order
      }
    }
    return false;
  }

  // What went wrong without ending the visit; empty: nothing.
  const std::string& complaint() const { return complaint_; }
  std::size_t taken() const { return taken_; }

 private:
  ImapAddress address() const {
    const storage::MailboxTerms& terms = mailbox_.terms;
    auto session = collector_.database_.read();
    ImapAddress address;
    address.host = terms.host;
    address.port = terms.port;
    address.security = terms.security;
    address.login = terms.login;
    address.password = storage::mailbox_password(session, collector_.key_, mailbox_);
    address.ca_file = collector_.options_.ca_file;
    return address;
  }

  bool look_through(ImapClient& client, const std::string& folder) {
    MailIdentity mail{mailbox_.id, folder, client.select(folder), 0};
    std::vector<std::int64_t> unfinished;
    std::vector<std::int64_t> failed;
    std::int64_t last = 0;
    {
      auto session = collector_.database_.read();
      unfinished = storage::mails_to_finish(session, mail.mailbox_id, folder, mail.uid_validity);
      failed = storage::mails_to_retry(session, mail.mailbox_id, folder, mail.uid_validity,
                                       collector_.database_.clock().now());
      last = storage::last_mail(session, mail.mailbox_id, folder, mail.uid_validity);
    }
    if (last == 0) forget_earlier_numbers(mail);
    for (const std::int64_t uid : unfinished) {
      mail.uid = uid;
      finish(client, mail);
    }
    for (const std::int64_t uid : failed) {
      mail.uid = uid;
      if (const auto listed = client.find(uid)) {
        take(client, mail, static_cast<std::uint64_t>(listed->size));
        if (client.is_over()) return true;
      } else {
        done(mail);
      }
    }
    for (const auto& [uid, size] : client.mails_after(last)) {
      if (++looked_at_ > kMailsAVisit) return true;
      mail.uid = uid;
      take(client, mail, static_cast<std::uint64_t>(size));
      if (client.is_over()) return true;
    }
    return false;
  }

  void forget_earlier_numbers(const MailIdentity& mail) {
    auto tx = collector_.database_.begin(who_.actor());
    storage::forget_earlier_numbers(tx, mail.mailbox_id, mail.folder, mail.uid_validity);
    tx.commit();
  }

  // The conversation may be over afterwards: what follows is for another visit.
  void take(ImapClient& client, const MailIdentity& mail, std::uint64_t size) {
    bool received = false;
    try {
      const auto file = receive(client, mail, size);
      received = true;
      if (!file || !keep(mail, *file)) return done(mail);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      collector_.log_.warning("mail_failed", {{"mailbox", mailbox_.id},
                                              {"uid", mail.uid},
                                              {"code", core::code_name(error.code())},
                                              {"cause", error.what()}});
      // What the server refuses now it may give another time.
      const bool refused = !received && error.code() == ErrorCode::conflict;
      // Headings that break the conversation are the fault of this mail, not of the mailbox.
      const bool over = client.is_over();
      const storage::MailHeading heading = over ? storage::MailHeading() : heading_of(client, mail);
      auto tx = collector_.database_.begin(who_.actor());
      storage::record_mail_failed(tx, mail, error.message(), is_lasting(error.code()) && !refused, heading);
      tx.commit();
      if (over || concerns_all(error.code())) throw;
      return;
    }
    if (mailbox_.terms.afterwards != Afterwards::nothing) finish(client, mail);
  }

  // Empty when it is not there any more.
  std::optional<core::TempFile> receive(ImapClient& client, const MailIdentity& mail, std::uint64_t size) const {
    const ingest::Intake& intake = collector_.intake_->intake();
    intake.require_room(size);
    core::TempFile file = collector_.blobs_.new_file();
    const bool found = client.fetch(mail.uid, intake.options().max_file_bytes,
                                    [&](std::span<const std::byte> bytes) { file.append(bytes); });
    if (!found) return std::nullopt;
    return file;
  }

  // For people to recognise a mail by that could not be taken in; empty when that cannot be found out either.
  storage::MailHeading heading_of(ImapClient& client, const MailIdentity& mail) const {
    try {
      core::TempFile file = collector_.blobs_.new_file();
      client.fetch_heading(mail.uid, kLongestHeaders, [&](std::span<const std::byte> bytes) { file.append(bytes); });
      return collector_.intake_->heading_of({file, "mail.eml", "mailbox", mail.folder}, stop_);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      collector_.log_.debug("mail_heading_unknown", {{"mailbox", mailbox_.id}, {"cause", error.what()}});
      return {};
    }
  }

  // False when a rule leaves it alone.
  bool keep(const MailIdentity& mail, const core::TempFile& file) {
    const ReceivedMail received{file, "mail-" + std::to_string(mail.uid) + ".eml", "mailbox", mail.folder};
    const MailIntake::Match match = collector_.intake_->match(received, mailbox_.terms.rules, stop_);
    if (match.rule.takes == MailTake::nothing) return false;
    const bool finished = mailbox_.terms.afterwards == Afterwards::nothing;
    collector_.intake_->take(
        who_, received, match,
        [&](storage::Transaction& tx, std::optional<std::int64_t> document) {
          storage::record_mail_taken(tx, mail, document, finished);
          storage::record_arrival(tx, "mailbox", std::to_string(mail.mailbox_id));
        },
        stop_);
    ++taken_;
    return true;
  }

  // What is in the archive is dealt with in the mailbox. A refusal of the server stays until the next visit.
  void finish(ImapClient& client, const MailIdentity& mail) {
    try {
      switch (mailbox_.terms.afterwards) {
        case Afterwards::nothing:
          break;
        case Afterwards::mark_seen:
          client.mark_seen(mail.uid);
          break;
        case Afterwards::move:
          client.move(mail.uid, mailbox_.terms.move_to);
          break;
        case Afterwards::delete_:
          client.remove(mail.uid);
          break;
      }
      done(mail);
    } catch (const Error& error) {
      if (client.is_over() || error.code() != ErrorCode::conflict) throw;
      complain(error);
    }
  }

  void done(const MailIdentity& mail) {
    auto tx = collector_.database_.begin(who_.actor());
    storage::record_mail_done(tx, mail);
    tx.commit();
  }

  void complain(const Error& error) {
    if (complaint_.empty()) complaint_ = error.message();
  }

  MailCollector& collector_;
  const Mailbox& mailbox_;
  const std::stop_token stop_;
  const storage::Principal who_;
  std::size_t looked_at_ = 0;
  std::size_t taken_ = 0;
  std::string complaint_;
};

MailCollector::MailCollector(MailCollectorOptions options, storage::Database& database, const storage::SealingKey& key,
                             const storage::BlobStore& blobs, const ingest::Intake& intake,
                             const ingest::FileReader& reader, core::EventStream& events, core::Log& log)
    : options_(std::move(options)),
      database_(database),
      key_(key),
      blobs_(blobs),
      intake_(std::make_unique<MailIntake>(database, intake, reader, options_.members)),
      events_(events),
      log_(log) {}

MailCollector::~MailCollector() {
  stop();
}

void MailCollector::start() {
  watch_ = std::make_unique<MailWatch>(
      options_.ca_file, database_, key_, [this](std::int64_t mailbox_id) { take_news(mailbox_id); }, log_);
  for (int i = 0; i < std::max(1, options_.visits_at_once); ++i) {
    threads_.emplace_back([this](std::stop_token stop) { run(stop); });
  }
}

void MailCollector::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  watch_.reset();
}

void MailCollector::wake() {
  {
    const std::scoped_lock lock(mutex_);
    ++woken_;
  }
  changed_.notify_all();
}

void MailCollector::take_news(std::int64_t mailbox_id) {
  try {
    auto tx = database_.begin(storage::Actor::system("mailbox"));
    storage::bring_visit_forward(tx, mailbox_id);
    tx.commit();
  } catch (const Error& error) {
    // The mails are found at the next visit.
    log_.warning("mailbox_news_missed", {{"mailbox", mailbox_id}, {"cause", error.what()}});
  }
  wake();
}

void MailCollector::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const std::uint64_t woken = [this] {
      const std::scoped_lock lock(mutex_);
      return woken_;
    }();
    milliseconds wait = kTryAgain;
    try {
      wait = visit_due(stop);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) {
        log_.error("mail_collector_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      }
    } catch (const std::exception& error) {
      log_.error("mail_collector_failed", {{"code", "internal"}, {"cause", error.what()}});
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, wait, [&] { return woken_ != woken; });
  }
}

std::vector<Mailbox> MailCollector::mailboxes() {
  auto session = database_.read();
  std::vector<Mailbox> all = storage::list_mailboxes(session);
  std::erase_if(all, [](const Mailbox& mailbox) { return !mailbox.terms.enabled; });
  return all;
}

const Mailbox* MailCollector::next_of(const std::vector<Mailbox>& all) const {
  const Mailbox* next = nullptr;
  for (const Mailbox& mailbox : all) {
    if (visited_now_.contains(mailbox.id)) continue;
    if (next == nullptr || mailbox.visit_after < next->visit_after) next = &mailbox;
  }
  return next;
}

milliseconds MailCollector::visit_due(std::stop_token stop) {
  std::vector<Mailbox> all;
  {
    const std::scoped_lock lock(watch_mutex_);
    all = mailboxes();
    watch_->follow(all);
  }
  std::int64_t chosen = 0;
  {
    const std::scoped_lock lock(mutex_);
    const Mailbox* const next = next_of(all);
    if (next == nullptr) return kIdle;
    const core::Time now = database_.clock().now();
    if (next->visit_after > now) return std::chrono::ceil<milliseconds>(next->visit_after - now);
    chosen = next->id;
    visited_now_.insert(chosen);
  }
  {
    struct Turn {
      MailCollector& collector;
      const std::int64_t mailbox;
      ~Turn() {
        const std::scoped_lock lock(collector.mutex_);
        collector.visited_now_.erase(mailbox);
      }
    };
    const Turn turn{*this, chosen};
    // Looked up now that nobody else visits it: a visit that ended meanwhile has said when the next one is due.
    const auto mailbox = [&] {
      auto session = database_.read();
      return storage::find_mailbox(session, chosen);
    }();
    if (mailbox && mailbox->terms.enabled && mailbox->visit_after <= database_.clock().now()) visit(*mailbox, stop);
  }
  wake();  // those who found that all are visited
  return milliseconds::zero();
}

void MailCollector::visit(const Mailbox& mailbox, std::stop_token stop) {
  const seconds interval(mailbox.terms.interval_seconds);
  core::Time again = database_.clock().now() + interval;
  std::string problem;
  Visit visit(*this, mailbox, stop);
  try {
    if (visit.look_through()) again -= interval;
    problem = visit.complaint();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    problem = error.message();
    again += pause_after(mailbox.failures, interval) - interval;
    log_.warning("mailbox_visit_failed",
                 {{"mailbox", mailbox.id}, {"code", core::code_name(error.code())}, {"cause", error.what()}});
  }
  if (visit.taken() > 0) log_.info("mailbox_visited", {{"mailbox", mailbox.id}, {"taken", visit.taken()}});
  auto tx = database_.begin(storage::Actor::system("mailbox " + mailbox.terms.name));
  storage::record_visit(tx, mailbox, again, problem);
  tx.commit();
  events_.publish({0, "mailbox", 0, 0, "{\"id\":" + std::to_string(mailbox.id) + "}"});
}

}  // namespace muniment::scanners
