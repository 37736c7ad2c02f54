// Looks through mailboxes over IMAP and takes their mails in. A mail is marked, moved or deleted only after what was
// taken of it is safely kept; none is taken twice, and one that fails never keeps the others out.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "core/event_stream.h"
#include "core/log.h"
#include "ingest/extraction.h"
#include "ingest/file_reader.h"
#include "ingest/intake.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/mailboxes.h"
#include "storage/sealing_key.h"

namespace muniment::scanners {

struct MailCollectorOptions {
  std::filesystem::path ca_file;  // whose certificates are trusted; empty: the system's
  ingest::MemberLimits members;   // that a mail may have
  int visits_at_once = 4;         // so that a slow server holds up no other
};

class MailIntake;
class ImapClient;
class MailWatch;

// Visits the mailboxes of the catalogue, a few at once on threads of their own, each by one visit at a time: at their
// intervals, and when their servers tell of new mails. Thread-safe.
class MailCollector {
 public:
  // After each visit an event "mailbox" {"id"} is published. Everything outlives this object.
  MailCollector(MailCollectorOptions options, storage::Database& database, const storage::SealingKey& key,
                const storage::BlobStore& blobs, const ingest::Intake& intake, const ingest::FileReader& reader,
                core::EventStream& events, core::Log& log);
  // Stops.
  ~MailCollector();

  void start();
  // A mail that is on its way is given up; it comes again. Doing it twice is not an error.
  void stop();
  // Mailboxes have been changed, or a visit was asked for.
  void wake();

 private:
  class Visit;
  void run(std::stop_token stop);
  // Visits what is due, if something is. How long until the next visit may be.
  std::chrono::milliseconds visit_due(std::stop_token stop);
  void visit(const storage::Mailbox& mailbox, std::stop_token stop);
  // Which are there now, switched off ones left out.
  std::vector<storage::Mailbox> mailboxes();
  // The one of `all` that has waited longest of those that nobody visits; empty: none.
  const storage::Mailbox* next_of(const std::vector<storage::Mailbox>& all) const;
  // There may be new mails in it.
  void take_news(std::int64_t mailbox_id);

  const MailCollectorOptions options_;
  storage::Database& database_;
  const storage::SealingKey& key_;
  const storage::BlobStore& blobs_;
  const std::unique_ptr<const MailIntake> intake_;
  core::EventStream& events_;
  core::Log& log_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t woken_ = 0;             // how often
  std::set<std::int64_t> visited_now_;  // mailboxes
  std::mutex watch_mutex_;              // taken before `mutex_`, if both are
  std::unique_ptr<MailWatch> watch_;    // while it runs
  std::vector<std::jthread> threads_;
};

}  // namespace muniment::scanners
