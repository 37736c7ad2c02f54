// What records management does by itself, beside the people: dates calculated anew, filed documents declared, the
// queries of holds asked again and their custodians reminded, followers of saved views told, approved batches executed,
// changes of many documents made, windows that end purged and certified, the trash emptied.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/log.h"
#include "index/indexer.h"
#include "ingest/passwords.h"
#include "ingest/renditions.h"
#include "records/disposal.h"
#include "server/certificate_filing.h"
#include "storage/database.h"
#include "webui/search.h"

namespace muniment::server {

// The index, the renditions and the passwords, as disposition needs them.
class ArchiveSurroundings final : public records::Surroundings {
 public:
  // All outlive it.
  ArchiveSurroundings(storage::Database& database, index::SearchIndex& index, index::Indexer& indexer,
                      ingest::Renditions& renditions, ingest::Passwords& passwords);
  bool matches(const std::string& query, std::int64_t document_id) override;
  void remove_derived(std::int64_t document_id, const std::vector<core::Sha256>& components) override;
  std::vector<std::string> derived_remains(std::int64_t document_id,
                                           const std::vector<core::Sha256>& components) override;
  void purge_from_index(const std::vector<std::int64_t>& documents) override;
  std::optional<core::FileDescriptor> searchable_pdf(const storage::Document& document) override;
  // Every document that the query matches, in the trash and in restore windows too.
  std::vector<std::int64_t> all_matching(const std::string& query);

 private:
  storage::Database& database_;
  index::SearchIndex& index_;
  index::Indexer& indexer_;
  ingest::Renditions& renditions_;
  ingest::Passwords& passwords_;
};

class RecordsWork {
 public:
  RecordsWork(storage::Database& database, records::Disposal& disposal, ArchiveSurroundings& surroundings,
              CertificateFiling& certificates, webui::Search& search, core::Log& log, std::chrono::hours trash_kept,
              std::chrono::hours subject_kept, std::chrono::hours notifications_kept, std::int64_t hold_reminder_days);
  ~RecordsWork();

  void start();
  // What is under way ends at the next record.
  void stop();
  // Something changed: look now rather than soon. From any thread.
  void wake();
  // The batch is marked as being executed before this returns; its records follow in the background.
  void execute(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version);

 private:
  struct Execution {
    storage::Principal who;
    std::int64_t batch_id = 0;
  };
  // Does `work` whenever `calls` has risen, and every few seconds.
  void run(const std::stop_token& stop, std::int64_t RecordsWork::*calls,
           void (RecordsWork::*work)(const std::stop_token&));
  // What goes wrong with it goes to the log.
  void attempt(const std::function<void()>& work);
  // Declares what was filed, and calculates dates.
  void keep_declared(const std::stop_token& stop);
  std::size_t declare_some();
  void keep_current(const std::stop_token& stop);
  void dispose(const std::stop_token& stop);
  void change_in_bulk(const std::stop_token& stop);
  void match_holds();
  void execute_next(const std::stop_token& stop);
  bool may_purge(core::Date day);
  void finish_purges();
  void destroy(std::string_view what, const std::function<std::size_t()>& step);
  void forget_subjects();
  void forget_notifications();
  void forget_runs();
  core::Date today();

  storage::Database& database_;
  records::Disposal& disposal_;
  ArchiveSurroundings& surroundings_;
  CertificateFiling& certificates_;
  webui::Search& search_;
  core::Log& log_;
  const std::chrono::hours trash_kept_;
  const std::chrono::hours subject_kept_;
  const std::chrono::hours notifications_kept_;
  const std::int64_t hold_reminder_days_;
  bool purging_paused_ = false;  // the disposing thread's
  std::mutex mutex_;             // of what follows
  std::condition_variable_any changed_;
  std::int64_t wakings_ = 0;
  std::int64_t changes_ = 0;  // of documents, too
  std::deque<Execution> executions_;
  storage::Database::Listener documents_changed_;
  // Four: while thousands of records are disposed of, the index is made anew or a person changes thousands of documents
  // at once, dates and holds stay up to date; and what is filed is a record at once, whatever the queries of holds
  // find.
  std::jthread declaring_;
  std::jthread current_;
  std::jthread disposing_;
  std::jthread changing_;
};

}  // namespace muniment::server
