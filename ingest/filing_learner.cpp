#include "ingest/filing_learner.h"

#include <chrono>

#include "core/error.h"
#include "core/priority.h"
#include "ingest/rule_matching.h"
#include "storage/pages.h"

namespace muniment::ingest {

namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::chrono::seconds kPauseAfterProblem{30};
constexpr std::size_t kTasksAtOnce = 32;
constexpr std::size_t kExamplesAtOnce = 1000;
// Enough for as many different words as the model takes.
constexpr std::size_t kBytesToLearn = 8 * 1024;

}  // namespace

std::string beginning_of(storage::Session& session, const storage::Document& document, std::size_t bytes) {
  std::string text;
  for (std::int64_t number = 1; number <= document.page_count && number <= kPagesForRules; ++number) {
    if (text.size() >= bytes) break;
    if (const auto page = storage::find_page(session, document, number)) text += page->text() + "\n";
  }
  return text;
}

FilingLearner::FilingLearner(storage::Database& database, core::Log& log) : database_(database), log_(log) {}

FilingLearner::~FilingLearner() {
  stop();
}

void FilingLearner::start() {
  thread_ = std::jthread([this](std::stop_token stop) {
    core::give_way();
    std::chrono::seconds pause{0};
    while (!stop.stop_requested()) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, pause, [] { return false; });
      }
      pause = kLookEvery;
      try {
        recall(stop);
        while (!stop.stop_requested() && learn_some()) {
        }
      } catch (const std::exception& error) {
        log_.warning("filing_not_learned", {{"problem", error.what()}});
        pause = kPauseAfterProblem;
      }
    }
  });
}

void FilingLearner::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void FilingLearner::catch_up() {
  const std::stop_token never;
  recall(never);
  while (learn_some()) {
  }
}

void FilingLearner::recall(const std::stop_token& stop) {
  if (recalled_) return;
  std::int64_t after = 0;
  for (;;) {
    std::vector<storage::FilingExample> examples;
    {
      auto session = database_.read();
      examples = storage::filing_examples(session, after, kExamplesAtOnce);
    }
    for (const storage::FilingExample& example : examples) model_.learn(example);
    if (examples.empty() || stop.stop_requested()) break;
    after = examples.back().document_id;
  }
  recalled_ = true;
}

bool FilingLearner::learn_some() {
  std::vector<std::pair<storage::FilingTask, std::optional<storage::FilingExample>>> learned;
  {
    auto session = database_.read();
    const storage::Principal everybody = storage::system_principal(session, "filing");
    for (const storage::FilingTask& task : storage::filing_tasks(session, kTasksAtOnce)) {
      auto example = storage::filed_by_people(session, task.document_id);
      if (const auto document = storage::find_document(session, everybody, task.document_id); example && document) {
        example->features = features_of(beginning_of(session, *document, kBytesToLearn)).counts;
      }
      if (example && example->features.empty()) example.reset();
      learned.emplace_back(task, std::move(example));
    }
  }
  if (learned.empty()) return false;
  std::vector<std::optional<storage::FilingExample>> before;
  {
    auto tx = database_.begin(storage::Actor::system("filing"));
    for (const auto& [task, example] : learned) before.push_back(storage::store_filing_example(tx, task, example));
    tx.commit();
  }
  for (std::size_t i = 0; i < learned.size(); ++i) {
    if (before[i] == learned[i].second) continue;
    if (before[i]) model_.forget(*before[i]);
    if (learned[i].second) model_.learn(*learned[i].second);
  }
  return true;
}

std::vector<LearnedSuggestion> FilingLearner::suggest(storage::Session& session, const storage::Document& document,
                                                      const std::vector<std::int64_t>& readable) const {
  return model_.suggest(features_of(beginning_of(session, document, kBytesToLearn)), readable);
}

}  // namespace muniment::ingest
