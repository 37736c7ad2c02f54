// One document while the pipeline works on it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/error.h"
#include "core/files.h"
#include "ingest/extraction.h"
#include "ingest/internal/page_plan.h"
#include "storage/documents.h"
#include "storage/jobs.h"

namespace muniment::ingest {

struct DocumentWork {
  enum class Phase { inspecting, reading, finishing };

  storage::Job job;
  storage::Document document;  // as it was when it was claimed, and after its inspection
  Inspection inspection;       // what the file says of itself
  std::stop_source stop;
  std::atomic<std::int64_t> pages_stored = 0;
  std::atomic<std::int64_t> last_event = 0;  // steady milliseconds

  // These belong to the engine's lock.
  Phase phase = Phase::inspecting;
  PagePlan plan;
  int running = 0;           // tasks
  std::uint64_t served = 0;  // when it last got a slot: rises over all documents
  bool over = false;         // gets no further task
  bool text_recorded = false;
  std::optional<core::Error> first_page_problem;

  int priority() const { return job.priority; }
  const storage::Component& component() const { return document.components.at(0); }
};

using WorkPointer = std::shared_ptr<DocumentWork>;

// A small text that is read together with others: opened already.
struct SmallText {
  WorkPointer work;
  core::FileDescriptor file;
};

}  // namespace muniment::ingest
