// The pipeline's turns: which document's next task gets a free slot. The steps themselves are in reading.h.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ingest/internal/document_work.h"
#include "ingest/internal/member_intake.h"
#include "ingest/internal/reading.h"
#include "ingest/pipeline.h"

namespace muniment::ingest {

class Pipeline::Engine {
 public:
  Engine(storage::Database& database, const storage::BlobStore& blobs, const FileReader& reader, Renditions& renditions,
         Passwords& passwords, core::Random& random, core::Log& log, core::EventStream& events,
         PipelineOptions options);

  void start();
  void stop();
  void wake();
  // The document's job was cancelled: its tasks are to end.
  void forget(std::int64_t job_id);
  std::string unavailable_reason() const;

  storage::Database& database;
  const storage::BlobStore& blobs;
  const FileReader& reader;
  Renditions& renditions;
  Passwords& passwords;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Task = std::function<void()>;
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct TextBatch {
    std::vector<SmallText> texts;
    std::stop_source stop;
    std::uint64_t served = 0;
    int priority() const { return texts.front().work->priority(); }
  };

  void recover();
  void run_slot();
  // Waits for one; empty when stopping.
  Task next_task();
  Task pick(Lock& lock);
  Task pick_from_document(const WorkPointer& work);
  Task pick_text_batch();
  // Takes jobs off the queue if there may be any and there is room. False when it did nothing.
  bool claim(Lock& lock);
  void admit(std::vector<WorkPointer> documents, std::size_t asked_for, bool interactive);
  std::size_t room(bool interactive) const;
  bool paused(Lock& lock);
  void resume_waiting_jobs(Lock& lock);

  void run_inspection(const WorkPointer& work);
  void run_pages(const WorkPointer& work, PageRun run);
  void run_finish(const WorkPointer& work);
  void run_text_batch(const std::shared_ptr<TextBatch>& batch);
  // Runs one step of a document; what our own storage could not do is tried again later.
  void guarded(const WorkPointer& work, const std::function<Step()>& step);
  void conclude(const WorkPointer& work, Step step);
  void pause(std::string reason);
  void give_back(const WorkPointer& work);
  void give_back_leftovers(Lock& lock);

  core::Log& log_;
  const PipelineOptions options_;
  const std::size_t slots_;
  const Intake intake_;
  const MemberIntake members_;
  Reading reading_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool claiming_ = false;
  bool more_interactive_ = true;  // the queue may hold such jobs
  bool more_bulk_ = true;
  std::size_t bulk_claim_ = 1;  // how many to take at once: grows while all of them are small texts
  std::uint64_t turns_ = 0;
  std::vector<WorkPointer> active_;
  std::deque<std::shared_ptr<TextBatch>> text_batches_;
  std::vector<std::shared_ptr<TextBatch>> running_batches_;
  std::vector<WorkPointer> leftovers_;  // could not be given back yet
  int running_ = 0;
  std::optional<SteadyTime> paused_until_;
  std::string unavailable_reason_;
  bool jobs_wait_for_reader_ = true;  // also those of an earlier process

  std::vector<std::thread> threads_;
};

}  // namespace muniment::ingest
