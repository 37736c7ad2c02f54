#include "ingest/pipeline.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/priority.h"
#include "ingest/intake.h"
#include "ingest/internal/engine.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::uint64_t kSmallText = 64 * 1024;
constexpr std::size_t kMostTextsAtOnce = 128;
constexpr std::string_view kUnavailable = "unavailable";

constexpr std::string_view kReaderUnavailable =
    "awaiting safe processing: the program that reads files does not run, or its sandbox is weaker than required";

// Errors that say nothing about the document in hand: the disk, the database.
bool is_ours(ErrorCode code) {
  return code == ErrorCode::storage_full || code == ErrorCode::io || code == ErrorCode::unavailable;
}

bool is_interactive(const DocumentWork& work) {
  return work.priority() <= storage::kInteractive;
}

storage::Actor pipeline_actor() {
  return storage::Actor::system("pipeline");
}

// What is read is recorded before its equals read more: so documents become findable one by one, not all at the end.
void begin_finishing(DocumentWork& work) {
  work.phase = DocumentWork::Phase::finishing;
  work.served = 0;
}

}  // namespace

Pipeline::Engine::Engine(storage::Database& db, const storage::BlobStore& blob_store, const FileReader& file_reader,
                         Renditions& rendition_store, Passwords& password_memory, core::Random& random, core::Log& log,
                         core::EventStream& events, PipelineOptions options)
    : database(db),
      blobs(blob_store),
      reader(file_reader),
      renditions(rendition_store),
      passwords(password_memory),
      log_(log),
      options_(options),
      slots_(options.slots > 0 ? static_cast<std::size_t>(options.slots)
                               : std::max(1U, std::thread::hardware_concurrency())),
      intake_(db, blob_store, options.intake, [this] { wake(); }),
      members_(db, intake_, file_reader, options.members, options.join_mails),
      reading_(db, blob_store, file_reader, rendition_store, password_memory, members_, log, events,
               "pipeline-" + random.token(9), options.barcodes, options.intake.allowed_types, [this] { wake(); }) {}

// Life ---------------------------------------------------------------------------------------------------------------

void Pipeline::Engine::start() {
  recover();
  for (std::size_t i = 0; i < slots_; ++i) threads_.emplace_back([this] { run_slot(); });
}

void Pipeline::Engine::recover() {
  auto tx = database.begin(pipeline_actor());
  for (const storage::Job& job : storage::recover_jobs(tx, reading_.owner())) {
    const bool reads = job.kind == "read" && job.document_id;
    const Error reason(reads ? ErrorCode::bad_file : ErrorCode::internal,
                       "this was tried " + std::to_string(job.attempt) + " times, and the service ended each time");
    storage::fail_job(tx, job.id, reading_.owner(), core::code_name(reason.code()), reason.message());
    if (!reads) {
      log_.error("job_given_up", {{"job", job.id}, {"kind", job.kind}});
      continue;
    }
    storage::set_state(tx, *job.document_id, storage::DocumentState::quarantined, core::code_name(reason.code()),
                       reason.message());
    log_.error("document_quarantined", {{"document_id", *job.document_id}, {"code", core::code_name(reason.code())}});
  }
  tx.commit();
}

void Pipeline::Engine::stop() {
  {
    Lock lock(mutex_);
    if (threads_.empty()) return;
    stopping_ = true;
    changed_.notify_all();
    const bool finished = changed_.wait_for(lock, options_.stop_patience, [&] { return running_ == 0; });
    if (!finished) {
      for (const WorkPointer& work : active_) work->stop.request_stop();
      for (const auto& batch : running_batches_) batch->stop.request_stop();
    }
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (const WorkPointer& work : active_) give_back(work);
  for (const auto& batch : text_batches_) {
    for (const SmallText& text : batch->texts) give_back(text.work);
  }
  active_.clear();
  text_batches_.clear();
  stopping_ = false;
}

void Pipeline::Engine::wake() {
  const std::scoped_lock lock(mutex_);
  more_interactive_ = true;
  more_bulk_ = true;
  changed_.notify_all();
}

void Pipeline::Engine::forget(std::int64_t job_id) {
  const std::scoped_lock lock(mutex_);
  for (const WorkPointer& work : active_) {
    if (work->job.id != job_id) continue;
    work->over = true;
    work->stop.request_stop();
  }
  std::erase_if(active_, [](const WorkPointer& work) { return work->over && work->running == 0; });
}

std::string Pipeline::Engine::unavailable_reason() const {
  const std::scoped_lock lock(mutex_);
  return unavailable_reason_;
}

// Turns --------------------------------------------------------------------------------------------------------------

void Pipeline::Engine::run_slot() {
  while (const Task task = next_task()) {
    task();
    const std::scoped_lock lock(mutex_);
    --running_;
    std::erase_if(active_, [](const WorkPointer& work) { return work->over && work->running == 0; });
    changed_.notify_all();
  }
}

Pipeline::Engine::Task Pipeline::Engine::next_task() {
  Lock lock(mutex_);
  for (;;) {
    if (stopping_) return {};
    give_back_leftovers(lock);
    if (!paused(lock)) {
      resume_waiting_jobs(lock);
      if (claim(lock)) continue;
      // The lock was let go meanwhile: what begins now, nobody who stops would wait for or end.
      if (stopping_) return {};
      if (Task task = pick(lock)) {
        ++running_;
        return task;
      }
    }
    if (changed_.wait_for(lock, options_.poll_interval) == std::cv_status::timeout) {
      more_interactive_ = true;
      more_bulk_ = true;
    }
  }
}

Pipeline::Engine::Task Pipeline::Engine::pick(Lock& /*held*/) {
  const auto turn = [](const auto& waiting) { return std::pair(waiting->priority(), waiting->served); };
  std::vector<WorkPointer> by_turn = active_;
  std::ranges::sort(by_turn, {}, turn);
  for (const WorkPointer& work : by_turn) {
    if (!text_batches_.empty() && turn(text_batches_.front()) < turn(work)) return pick_text_batch();
    if (Task task = pick_from_document(work)) return task;
  }
  if (!text_batches_.empty()) return pick_text_batch();
  return {};
}

Pipeline::Engine::Task Pipeline::Engine::pick_from_document(const WorkPointer& work) {
  if (work->over) return {};
  Task task;
  switch (work->phase) {
    case DocumentWork::Phase::inspecting:
      if (work->running > 0) return {};
      task = [this, work] { run_inspection(work); };
      break;
    case DocumentWork::Phase::reading: {
      const auto run = work->plan.take();
      if (!run) return {};
      task = [this, work, run = *run] { run_pages(work, run); };
      break;
    }
    case DocumentWork::Phase::finishing:
      if (work->running > 0) return {};
      task = [this, work] { run_finish(work); };
      break;
  }
  ++work->running;
  work->served = ++turns_;
  return task;
}

Pipeline::Engine::Task Pipeline::Engine::pick_text_batch() {
  auto batch = std::move(text_batches_.front());
  text_batches_.pop_front();
  running_batches_.push_back(batch);
  return [this, batch = std::move(batch)] { run_text_batch(batch); };
}

// The queue ----------------------------------------------------------------------------------------------------------

std::size_t Pipeline::Engine::room(bool interactive) const {
  const auto taken = static_cast<std::size_t>(
      std::ranges::count_if(active_, [&](const WorkPointer& work) { return is_interactive(*work) == interactive; }));
  const auto limit = static_cast<std::size_t>(std::max(1, options_.documents_at_once));
  return taken < limit ? limit - taken : 0;
}

bool Pipeline::Engine::claim(Lock& lock) {
  if (claiming_) return false;
  const bool interactive = more_interactive_ && room(true) > 0;
  const bool bulk = !interactive && more_bulk_ && room(false) > 0 && text_batches_.empty();
  if (!interactive && !bulk) return false;
  const std::size_t asked_for = interactive ? room(true) : std::max(bulk_claim_, room(false));
  // Before asking, so that a wake that comes meanwhile is not lost.
  (interactive ? more_interactive_ : more_bulk_) = false;
  claiming_ = true;
  lock.unlock();
  std::vector<storage::Job> jobs;
  bool asked = true;
  try {
    auto tx = database.begin(pipeline_actor());
    jobs = storage::claim_jobs(tx, "read", reading_.owner(), asked_for, interactive ? storage::kInteractive : INT_MAX);
    tx.commit();
  } catch (const Error& error) {
    asked = false;
    log_.error("queue_not_read", {{"problem", error.message()}, {"cause", error.cause()}});
  }
  const std::size_t count = jobs.size();
  std::vector<WorkPointer> claimed;
  for (storage::Job& job : jobs) {
    claimed.push_back(std::make_shared<DocumentWork>());
    claimed.back()->job = std::move(job);
  }
  try {
    if (count > 0) admit(claimed, asked_for, interactive);
  } catch (const Error& error) {
    log_.error("jobs_not_admitted", {{"problem", error.message()}, {"cause", error.cause()}});
    pause(error.message());
    const Lock relock(mutex_);
    leftovers_.insert(leftovers_.end(), claimed.begin(), claimed.end());
  }
  lock.lock();
  claiming_ = false;
  if (count == asked_for) (interactive ? more_interactive_ : more_bulk_) = true;
  changed_.notify_all();
  return asked && count > 0;
}

void Pipeline::Engine::admit(std::vector<WorkPointer> documents, std::size_t asked_for, bool interactive) {
  auto batch = std::make_shared<TextBatch>();
  {
    auto session = database.read();
    const storage::Principal principal = storage::system_principal(session, "pipeline");
    for (const WorkPointer& work : documents) {
      auto document = storage::find_document(session, principal, work->job.document_id.value_or(0));
      if (!document) throw Error(ErrorCode::corrupt, "a job names a document that does not exist");
      work->document = std::move(*document);
      if (work->job.stage == "archiving" && work->document.state == storage::DocumentState::ready) {
        work->phase = DocumentWork::Phase::finishing;
        work->text_recorded = true;
        work->pages_stored = work->document.page_count;
      }
    }
  }
  const std::size_t all = documents.size();
  std::erase_if(documents, [&](const WorkPointer& work) {
    // One that was tried before goes alone.
    if (work->component().size > kSmallText || work->job.attempt > 1 || work->text_recorded) return false;
    try {
      core::FileDescriptor file = blobs.open(work->component().hash);
      std::array<std::byte, 512> head;
      const std::size_t got = core::read_at(file, 0, head);
      if (!media_type_by_magic(std::span(head).first(got)).starts_with("text/")) return false;
      batch->texts.push_back({work, std::move(file)});
      return true;
    } catch (const Error&) {
      return false;  // its inspection will say what is wrong
    }
  });
  const Lock lock(mutex_);
  if (!interactive) {
    bulk_claim_ = documents.empty() && all == asked_for ? std::min(asked_for * 4, kMostTextsAtOnce) : 1;
  }
  if (!batch->texts.empty()) {
    batch->served = ++turns_;
    text_batches_.push_back(std::move(batch));
  }
  for (WorkPointer& work : documents) {
    work->served = ++turns_;
    active_.push_back(std::move(work));
  }
}

bool Pipeline::Engine::paused(Lock& /*held*/) {
  if (paused_until_ && *paused_until_ > std::chrono::steady_clock::now()) return true;
  paused_until_.reset();
  return false;
}

void Pipeline::Engine::resume_waiting_jobs(Lock& lock) {
  if (!jobs_wait_for_reader_ || claiming_) return;
  jobs_wait_for_reader_ = false;
  claiming_ = true;
  lock.unlock();
  bool done = false;
  try {
    auto tx = database.begin(pipeline_actor());
    storage::requeue_waiting_jobs(tx, kUnavailable);
    tx.commit();
    done = true;
  } catch (const Error& error) {
    log_.error("waiting_jobs_not_resumed", {{"problem", error.message()}, {"cause", error.cause()}});
  }
  lock.lock();
  claiming_ = false;
  if (!done) {
    jobs_wait_for_reader_ = true;
    paused_until_ = std::chrono::steady_clock::now() + options_.unavailable_pause;
  }
  more_interactive_ = true;
  more_bulk_ = true;
}

// Tasks --------------------------------------------------------------------------------------------------------------

void Pipeline::Engine::guarded(const WorkPointer& work, const std::function<Step()>& step) {
  Step ended = Step::interrupted;
  try {
    try {
      ended = step();
    } catch (const Error& error) {
      if (is_ours(error.code())) throw;
      ended = reading_.quarantine(*work, error);
    } catch (const std::exception& error) {
      ended = reading_.quarantine(
          *work,
          Error(ErrorCode::internal, "reading failed for a reason that is not the file's").because(error.what()));
    }
  } catch (const Error& error) {
    log_.error("document_not_read", {{"document_id", work->document.id},
                                     {"code", core::code_name(error.code())},
                                     {"problem", error.message()},
                                     {"cause", error.cause()}});
    pause(error.message());
  }
  conclude(work, ended);
}

void Pipeline::Engine::conclude(const WorkPointer& work, Step step) {
  bool to_give_back = false;
  {
    const std::scoped_lock lock(mutex_);
    --work->running;
    if ((step == Step::done || step == Step::over) && !paused_until_) unavailable_reason_.clear();
    if (step == Step::done) return;
    to_give_back = step == Step::interrupted && !work->over;
    work->over = true;
    work->stop.request_stop();
  }
  if (step == Step::unavailable) pause(std::string(kReaderUnavailable));
  if (to_give_back) give_back(work);
}

void Pipeline::Engine::run_inspection(const WorkPointer& work) {
  guarded(work, [&] {
    auto [step, plan] = reading_.inspect(*work);
    const std::scoped_lock lock(mutex_);
    if (step == Step::done) {
      work->phase = DocumentWork::Phase::reading;
      work->plan = std::move(plan);
      if (work->plan.complete()) begin_finishing(*work);
    }
    return step;
  });
}

void Pipeline::Engine::run_pages(const WorkPointer& work, PageRun run) {
  guarded(work, [&] {
    Reading::RunResult result = reading_.read(*work, run);
    {
      const std::scoped_lock lock(mutex_);
      work->plan.opened(result.opening);
      const std::int32_t pages = result.read + result.failed;
      for (std::int32_t i = 0; i < pages; ++i) work->plan.finish(i < result.read, result.took / pages);
      work->plan.give_back(result.rest);
      if (result.problem && !work->first_page_problem) work->first_page_problem = result.problem;
      if (result.step != Step::done || work->over) return result.step;
      if (!work->plan.hopeless()) {
        if (work->plan.complete()) begin_finishing(*work);
        return Step::done;
      }
    }
    return reading_.quarantine(*work, *work->first_page_problem);
  });
}

void Pipeline::Engine::run_finish(const WorkPointer& work) {
  guarded(work, [&] { return reading_.finish(*work, work->text_recorded); });
}

void Pipeline::Engine::run_text_batch(const std::shared_ptr<TextBatch>& batch) {
  std::vector<Step> steps(batch->texts.size(), Step::interrupted);
  const auto read = [&] { steps = reading_.read_texts(batch->texts, batch->stop.get_token()); };
  try {
    if (batch->priority() <= storage::kInteractive) {
      read();
    } else {
      core::run_giving_way(read);
    }
  } catch (const Error& error) {
    log_.error("texts_not_read",
               {{"code", core::code_name(error.code())}, {"problem", error.message()}, {"cause", error.cause()}});
    if (is_ours(error.code())) {
      pause(error.message());
    } else {
      // It concerns one of them: read by itself, each of the others passes.
      std::ranges::fill(steps, Step::done);
    }
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const WorkPointer& work = batch->texts[i].work;
    if (steps[i] == Step::interrupted) give_back(work);
    if (steps[i] == Step::unavailable) pause(std::string(kReaderUnavailable));
    if (steps[i] != Step::done) continue;
    const std::scoped_lock lock(mutex_);
    work->served = ++turns_;
    active_.push_back(work);
  }
  const std::scoped_lock lock(mutex_);
  if (!paused_until_) unavailable_reason_.clear();
  std::erase(running_batches_, batch);
}

void Pipeline::Engine::pause(std::string reason) {
  const std::scoped_lock lock(mutex_);
  if (unavailable_reason_ != reason) log_.warning("reading_paused", {{"reason", reason}});
  unavailable_reason_ = std::move(reason);
  paused_until_ = std::chrono::steady_clock::now() + options_.unavailable_pause;
  jobs_wait_for_reader_ = true;
}

void Pipeline::Engine::give_back(const WorkPointer& work) {
  try {
    reading_.give_back(*work);
  } catch (const Error& error) {
    log_.error("job_not_given_back", {{"job_id", work->job.id}, {"problem", error.message()}});
    const std::scoped_lock lock(mutex_);
    leftovers_.push_back(work);
  }
  wake();
}

void Pipeline::Engine::give_back_leftovers(Lock& lock) {
  if (leftovers_.empty() || paused(lock)) return;
  const std::vector<WorkPointer> leftovers = std::exchange(leftovers_, {});
  lock.unlock();
  for (const WorkPointer& work : leftovers) give_back(work);
  lock.lock();
}

// The public face ----------------------------------------------------------------------------------------------------

Pipeline::Pipeline(storage::Database& database, const storage::BlobStore& blobs, const FileReader& reader,
                   Renditions& renditions, Passwords& passwords, core::Random& random, core::Log& log,
                   core::EventStream& events, PipelineOptions options)
    : engine_(std::make_unique<Engine>(database, blobs, reader, renditions, passwords, random, log, events, options)) {}

Pipeline::~Pipeline() {
  engine_->stop();
}

void Pipeline::start() {
  engine_->start();
}

void Pipeline::stop() {
  engine_->stop();
}

void Pipeline::wake() {
  engine_->wake();
}

std::string Pipeline::unavailable_reason() const {
  return engine_->unavailable_reason();
}

}  // namespace muniment::ingest
