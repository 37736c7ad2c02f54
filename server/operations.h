// What the service tells of itself, and the long work that it does for its administrator, one piece at a time.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/event_stream.h"
#include "core/log.h"
#include "index/indexer.h"
#include "ingest/extractor.h"
#include "ingest/pipeline.h"
#include "ingest/renditions.h"
#include "scanners/mail_collector.h"
#include "scanners/watch_folders.h"
#include "server/checkpoint_schedule.h"
#include "server/records_work.h"
#include "server/settings.h"
#include "server/web_hook.h"
#include "storage/data_directory.h"
#include "webui/operations.h"

namespace muniment::server {

class ServiceOperations final : public webui::Operations {
 public:
  struct Parts {
    const storage::DataDirectory& data;
    storage::Database& database;
    const storage::BlobStore& blobs;
    index::SearchIndex& index;
    index::Indexer& indexer;
    const ingest::Extractor& extractor;
    const ingest::Pipeline& pipeline;
    const ingest::Renditions& renditions;
    storage::AuditCheckpoints& checkpoints;
    CheckpointSchedule& checkpoint_schedule;
    records::Disposal& disposal;
    RecordsWork& records;
    scanners::MailCollector& mail;
    scanners::WatchFolders& watch_folders;
    core::EventStream& events;
    core::Log& log;
    const Settings& settings;
  };
  // Everything outlives it.
  explicit ServiceOperations(Parts parts);
  // What runs is given back, for the next start to take up.
  ~ServiceOperations() override;

  // Takes up what an earlier process left.
  void start();
  void stop();

  std::vector<std::string> complaints() override;
  webui::ServiceStatus status() override;
  webui::SandboxState sandbox() override;
  std::string metrics_text() override;
  std::int64_t start_reindex(const storage::Principal& who) override;
  std::int64_t start_verify(const storage::Principal& who) override;
  std::int64_t start_sweep(const storage::Principal& who) override;
  std::int64_t start_backup(const storage::Principal& who, const std::string& directory) override;
  void start_disposition(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version) override;
  void records_changed() override;
  void mailboxes_changed() override { parts_.mail.wake(); }
  void intake_folders_changed() override { parts_.watch_folders.wake(); }
  void require_callable(const std::string& url) override {
    server::require_callable(url, parts_.settings.workflows.hooks);
  }

 private:
  std::int64_t enqueue(const storage::Principal& who, const std::string& kind, const std::string& parameters);
  void run(std::stop_token stop);
  bool work();
  // Each begins the work when it is due; false when it is not.
  bool verify_when_due();
  bool sweep_when_due();
  // Who asks for a piece of work by itself, when the last one of its kind ended `every` ago or, before the first, the
  // archive is that old; empty: it is not due.
  std::optional<storage::Principal> asks_for(std::string_view kind, std::chrono::milliseconds every);
  std::string perform(const storage::Job& job);
  void log_outcome(storage::Transaction& tx, const storage::Job& job, const std::string& result,
                   const std::string& problem);
  // Error(cancelled) when somebody took the job away, Error(unavailable) when the service is stopping.
  void report(const storage::Job& job, std::string_view stage, std::int64_t done, std::int64_t of);
  std::string reindex(const storage::Job& job);
  std::string sweep(const storage::Job& job);
  bool is_stopping() const { return thread_.get_stop_token().stop_requested(); }

  Parts parts_;
  const core::Time started_at_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  core::Stopwatch since_report_;
  std::jthread thread_;
};

}  // namespace muniment::server
