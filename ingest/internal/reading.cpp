#include "ingest/internal/reading.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/text.h"
#include "ingest/field_extraction.h"
#include "ingest/guesses.h"
#include "ingest/internal/description.h"
#include "ingest/paper_sketch.h"
#include "ingest/rule_matching.h"
#include "storage/members.h"
#include "storage/pages.h"
#include "storage/stack_passes.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using storage::DocumentState;
using storage::JobState;

namespace {

// Pages read within this time share a commit.
constexpr std::chrono::milliseconds kCommitEvery{250};
constexpr std::size_t kMostPagesPerCommit = 64;
constexpr std::int64_t kEventEveryMilliseconds = 100;
// A document's date and language show in its first pages and all over it: of long ones a sample is enough.
constexpr std::int32_t kPagesForDates = kPagesForRules;
constexpr std::int32_t kPagesForLanguage = 100;

storage::Actor pipeline_actor() {
  return storage::Actor::system("pipeline");
}

storage::InspectionResult stored_form(const Inspection& inspection) {
  return {inspection.media_type, inspection.encrypted, inspection.has_signature, inspection.page_count};
}

// What rules look at: the same pages that are looked at for dates.
std::string joined(std::span<const PageOfText> pages) {
  std::string text;
  for (const PageOfText& page : pages) {
    if (text.size() > kMostRuleText) break;
    text += page.text;
    text += '\n';
  }
  return text;
}

// Of a document, some hundred fields are enough.
void append(std::vector<storage::DocumentField>& fields, const std::vector<storage::DocumentField>& more) {
  constexpr std::size_t kMostFields = 200;
  const std::size_t room = kMostFields - std::min(fields.size(), kMostFields);
  fields.insert(fields.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(std::min(room, more.size())));
}

// A mail speaks for itself.
std::vector<storage::MessageHeader> carrier_of(storage::Session& session, const DocumentWork& work,
                                               const Inspection& inspection) {
  if (!inspection.headers.empty()) return {};
  return storage::message_headers(session, work.document.id);
}

std::int64_t steady_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Reading::publish(DocumentWork& work, JobState state, std::string_view stage, bool always,
                      const Error* problem) const {
  const std::int64_t now = steady_milliseconds();
  const std::int64_t last = work.last_event.load();
  if (!always && now - last < kEventEveryMilliseconds) return;
  work.last_event.store(now);
  nlohmann::ordered_json data{
      {"id", work.job.id}, {"document_id", work.document.id},  {"state", storage::job_state_name(state)},
      {"stage", stage},    {"page", work.pages_stored.load()}, {"pages", work.document.page_count}};
  if (problem != nullptr) {
    data["problem_code"] = core::code_name(problem->code());
    data["problem"] = problem->message();
  }
  events_.publish({0, "job", work.document.access_list, work.job.created_by, data.dump()});
}

void Reading::inspect_pages(DocumentWork& work, Inspection& inspection) const {
  work.document.components.at(0).media_type = inspection.media_type;
  try {
    const Renditions::PageFile pages = renditions_.page_file(work.document, work.stop.get_token());
    const Inspection found = reader_.inspect({pages.file, pages.size, "", {}}, work.stop.get_token());
    inspection.page_count = found.page_count;
    if (inspection.kind != FileKind::office) return;
    inspection.title = found.title;
    inspection.author = found.author;
    inspection.encrypted = inspection.encrypted || passwords_.find(work.document.id).has_value();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::password_needed) throw;
    inspection.encrypted = true;
    inspection.needs_password = true;
  }
}

std::optional<Step> Reading::take_members(DocumentWork& work, const Source& source) const {
  try {
    members_.take(work.document.id, work.component().id, source, work.job.priority, work.stop.get_token());
    return std::nullopt;
  } catch (const Error& error) {
    // The disk is not the file's fault.
    if (error.code() == ErrorCode::io || error.code() == ErrorCode::storage_full) throw;
    return ended_by(work, error);
  }
}

Reading::Inspected Reading::inspect(DocumentWork& work) const {
  publish(work, JobState::running, "inspecting", true);
  Inspection inspection;
  try {
    const core::FileDescriptor file = blobs_.open(work.component().hash);
    const Source source{file, work.component().size, work.component().filename, passwords_.find(work.document.id)};
    inspection = reader_.inspect(source, work.stop.get_token());
    if (const auto refused = refusal(work, inspection.media_type)) return {quarantine(work, *refused), {}};
    if (inspection.kind == FileKind::office) inspect_pages(work, inspection);
    if (inspection.has_members && members_.joins(work.document.id, work.component().id, inspection.media_type)) {
      inspect_pages(work, inspection);
    } else if (inspection.has_members) {
      if (const auto ended = take_members(work, source)) return {*ended, {}};
    }
  } catch (const Error& error) {
    return {ended_by(work, error), {}};
  }
  std::vector<std::int64_t> stored;
  {
    auto tx = database_.begin(pipeline_actor());
    if (inspection.needs_password) {
      // Another version of the document may have come meanwhile.
      if (!storage::report_progress(tx, work.job.id, owner_, "inspecting", 0, 0)) return {Step::over, {}};
      storage::record_inspection(tx, work.document.id, work.component().id, stored_form(inspection));
      tx.commit();
      return {wait_for(work, Error(ErrorCode::password_needed, "the file is encrypted; unlock it with its password")),
              {}};
    }
    stored = storage::stored_pages(tx, work.component().id);
    if (!storage::report_progress(tx, work.job.id, owner_, "reading", static_cast<std::int64_t>(stored.size()),
                                  inspection.page_count)) {
      return {Step::over, {}};
    }
    storage::record_inspection(tx, work.document.id, work.component().id, stored_form(inspection));
    storage::record_message_headers(tx, work.document.id, inspection.headers);
    storage::set_state(tx, work.document.id, DocumentState::reading);
    tx.commit();
  }
  work.document.page_count = inspection.page_count;
  work.document.components.at(0).media_type = inspection.media_type;
  work.inspection = std::move(inspection);
  Inspected result{Step::done, PagePlan(static_cast<std::int32_t>(work.document.page_count), stored)};
  work.pages_stored = result.plan.done();
  publish(work, JobState::running, "reading", true);
  return result;
}

bool Reading::store(DocumentWork& work, std::span<const FileReader::ReadPage> pages) const {
  if (pages.empty()) return true;
  {
    auto tx = database_.begin(pipeline_actor());
    const std::int64_t stored = work.pages_stored.load() + static_cast<std::int64_t>(pages.size());
    if (!storage::report_progress(tx, work.job.id, owner_, "reading", stored, work.document.page_count)) return false;
    for (const FileReader::ReadPage& page : pages) {
      storage::store_page(tx, work.component().id, page.number, page.layer, page.problem, page.picture);
    }
    tx.commit();
  }
  work.pages_stored += static_cast<std::int64_t>(pages.size());
  publish(work, JobState::running, "reading", false);
  return true;
}

bool Reading::store_problem(DocumentWork& work, std::int32_t page, const Error& problem) const {
  {
    auto tx = database_.begin(pipeline_actor());
    if (!storage::report_progress(tx, work.job.id, owner_, "reading", work.pages_stored.load() + 1,
                                  work.document.page_count)) {
      return false;
    }
    storage::store_page(tx, work.component().id, page, {}, problem.message());
    tx.commit();
  }
  ++work.pages_stored;
  log_.warning("page_not_read",
               {{"document_id", work.document.id}, {"page", page}, {"code", code_name(problem.code())}});
  publish(work, JobState::running, "reading", false);
  return true;
}

void Reading::read_run(DocumentWork& work, PageRun run, bool barcodes, const FileReader::PageTaker& taker) const {
  const Renditions::PageFile pages = renditions_.page_file(work.document, work.stop.get_token());
  const Source source{pages.file, pages.size, work.component().filename, passwords_.find(work.document.id)};
  ReadOptions options;
  if (work.document.language_source == storage::ValueSource::person) options.language = work.document.language;
  options.barcodes = barcodes;
  reader_.read_pages(source, run.first, run.count, options, taker, work.stop.get_token());
}

Reading::RunResult Reading::read(DocumentWork& work, PageRun run) const {
  RunResult result;
  const core::Stopwatch watch;
  std::vector<FileReader::ReadPage> waiting;
  core::Deadline commit_at(kCommitEvery);
  std::optional<Error> storage_problem;
  bool taken_away = false;
  std::int32_t delivered = 0;

  const auto commit = [&] {
    taken_away = taken_away || !store(work, waiting);
    result.read += static_cast<std::int32_t>(waiting.size());
    waiting.clear();
    commit_at = core::Deadline(kCommitEvery);
  };
  // An error of ours must not pass through the reader as if it were the file's.
  const auto take = [&](FileReader::ReadPage page) {
    ++delivered;
    if (storage_problem || taken_away) return;
    waiting.push_back(std::move(page));
    if (!commit_at.passed() && waiting.size() < kMostPagesPerCommit) return;
    try {
      commit();
    } catch (const Error& error) {
      storage_problem = error;
    }
  };

  const auto known = [&](const core::Sha256& picture) -> std::optional<storage::PageLayer> {
    if (storage_problem || taken_away) return std::nullopt;
    try {
      auto session = database_.read();
      return storage::find_layer_of_picture(session, work.document.id, picture);
    } catch (const Error& error) {
      storage_problem = error;
      return std::nullopt;
    }
  };

  std::optional<Error> reader_problem;
  const auto attempt = [&](PageRun pages, bool barcodes) {
    const core::Stopwatch opening;
    const auto opened = [&] { result.opening += opening.elapsed(); };
    try {
      reader_problem.reset();
      read_run(work, pages, barcodes, {take, known, opened});
    } catch (const Error& error) {
      reader_problem = error;
    }
  };
  const bool with_barcodes = [&] {
    auto session = database_.read();
    return stacks_.rules(session).read;
  }();
  attempt(run, with_barcodes);
  // A barcode that its reader cannot bear, or not in time, must not cost the page.
  bool spared = false;
  const bool may_be_barcode = reader_problem && (reader_problem->code() == ErrorCode::bad_file ||
                                                 reader_problem->code() == ErrorCode::timed_out);
  if (may_be_barcode && with_barcodes && delivered < run.count) {
    attempt({run.first + delivered, 1}, false);
    spared = !reader_problem;
    if (spared) {
      log_.warning("page_read_without_barcodes",
                   {{"document_id", work.document.id}, {"page", run.first + delivered - 1}});
    }
  }
  if (storage_problem) throw *storage_problem;
  if (!taken_away) commit();
  result.took = watch.elapsed() - result.opening;
  result.rest = {run.first + delivered, run.count - delivered};
  if (taken_away) {
    result.step = Step::over;
    return result;
  }
  if (!reader_problem && !spared && result.rest.count > 0) {
    reader_problem = Error(ErrorCode::bad_file, "the file has fewer pages than it says");
  }
  if (!reader_problem) return result;
  switch (reader_problem->code()) {
    case ErrorCode::cancelled:
    case ErrorCode::unavailable:
    case ErrorCode::password_needed:
    case ErrorCode::corrupt:
    case ErrorCode::storage_full:
      result.step = ended_by(work, *reader_problem);
      return result;
    default:
      break;
  }
  if (result.rest.count > 0) {
    if (!store_problem(work, result.rest.first, *reader_problem)) result.step = Step::over;
    result.problem = reader_problem;
    result.failed = 1;
    result.rest = {result.rest.first + 1, result.rest.count - 1};
  }
  return result;
}

Reading::Findings Reading::findings(storage::Session& session, const DocumentWork& work) const {
  Findings findings;
  const auto pages = static_cast<std::int32_t>(work.document.page_count);
  storage::PageLayer first_page;
  std::vector<PageOfText> texts;
  LanguageVote vote;
  bool scanned = false;
  const core::Date today = core::date_of(database_.clock().now());
  const std::int32_t step = std::max(1, pages / kPagesForLanguage);
  for (std::int32_t number = 1; number <= pages; number += number < kPagesForDates ? 1 : step) {
    auto layer = storage::find_component_page(session, work.component().id, number);
    if (!layer) continue;
    vote.add(*layer);
    scanned = scanned || layer->source == storage::TextSource::ocr;
    if (number <= kPagesForDates) {
      texts.push_back({number, layer->text()});
      append(findings.fields, fields_of_page(*layer, number, today));
    }
    if (number == 1) first_page = std::move(*layer);
  }
  findings.reading = described(work.inspection, carrier_of(session, work, work.inspection), work.component().filename,
                               first_page, texts, findings.fields, vote, database_.clock().now());
  const std::string text = joined(texts);
  findings.rules = matching_rules(storage::list_filing_rules(session), text);
  if (scanned) findings.sketch = paper_sketch(text);
  return findings;
}

Step Reading::finish(DocumentWork& work, bool text_recorded) const {
  if (!text_recorded) {
    try {
      if (record(work) != Step::done) return Step::over;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled && error.code() != ErrorCode::unavailable) throw;
      return ended_by(work, error);
    }
  }
  if (!wants_renditions(work)) return Step::over;
  try {
    make_renditions(work);
  } catch (const Error& error) {
    return ended_by(work, error);
  }
  auto tx = database_.begin(pipeline_actor());
  const bool still_ours = storage::await_indexing(tx, work.job.id, owner_);
  tx.commit();
  if (still_ours) publish(work, JobState::running, "indexing", true);
  return Step::over;
}

bool Reading::record_small_text(storage::Transaction& tx, DocumentWork& work, const FileReader::TextFile& text,
                                const std::vector<storage::FilingRule>& rules) const {
  const auto pages = static_cast<std::int64_t>(text.pages.size());
  if (!storage::report_progress(tx, work.job.id, owner_, "reading", pages, pages)) return false;
  storage::record_inspection(tx, work.document.id, work.component().id, stored_form(text.inspection));
  storage::record_message_headers(tx, work.document.id, text.inspection.headers);
  std::vector<PageOfText> texts;
  LanguageVote vote;
  std::vector<storage::DocumentField> fields;
  std::int32_t number = 0;
  for (const storage::PageLayer& layer : text.pages) {
    storage::store_page(tx, work.component().id, ++number, layer);
    vote.add(layer);
    if (number > kPagesForDates) continue;
    texts.push_back({number, layer.text()});
    append(fields, fields_of_page(layer, number, core::date_of(tx.now())));
  }
  storage::record_reading(tx, work.document.id,
                          described(text.inspection, carrier_of(tx, work, text.inspection), work.component().filename,
                                    text.pages.front(), texts, fields, vote, tx.now()));
  if (const auto passes = storage::stack_passes_of(tx, work.document.id)) {
    storage::give_up_stack_passes(tx, *passes, "document " + std::to_string(work.document.id) + " is a text");
  }
  storage::give_up_other_pass(tx, work.document.id);
  storage::store_document_fields(tx, work.document.id, fields);
  storage::apply_filing_rules(tx, work.document.id, matching_rules(rules, joined(texts)));
  storage::await_indexing(tx, work.job.id, owner_);
  work.document.page_count = pages;
  work.pages_stored = pages;
  return true;
}

std::vector<Step> Reading::read_texts(std::span<const SmallText> texts, std::stop_token stop) const {
  std::vector<Source> sources;
  for (const SmallText& text : texts) {
    const storage::Component& component = text.work->component();
    sources.push_back({text.file, component.size, component.filename});
  }
  std::vector<FileReader::TextFile> files;
  try {
    files = reader_.read_text_files(sources, stop);
  } catch (const Error& error) {
    std::vector<Step> steps;
    for (const SmallText& text : texts) steps.push_back(ended_by(*text.work, error));
    return steps;
  }
  std::vector<Step> steps(texts.size(), Step::over);
  std::vector<std::optional<Error>> problems(texts.size());
  auto tx = database_.begin(pipeline_actor());
  const auto rules = storage::list_filing_rules(tx);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    DocumentWork& work = *texts[i].work;
    if (!files[i].problem.empty()) {
      problems[i] = Error(ErrorCode::bad_file, files[i].problem);
      fail(tx, work, *problems[i]);
    } else if (files[i].pages.empty()) {
      steps[i] = Step::done;
    } else if ((problems[i] = refusal(work, files[i].inspection.media_type))) {
      fail(tx, work, *problems[i]);
    } else {
      record_small_text(tx, work, files[i], rules);
    }
  }
  tx.commit();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (steps[i] == Step::done) continue;
    publish(*texts[i].work, problems[i] ? JobState::failed : JobState::running, problems[i] ? "" : "indexing", true,
            problems[i] ? &*problems[i] : nullptr);
  }
  return steps;
}

bool Reading::fail(storage::Transaction& tx, DocumentWork& work, const Error& reason) const {
  if (!storage::fail_job(tx, work.job.id, owner_, code_name(reason.code()), reason.message())) return false;
  storage::set_state(tx, work.document.id, DocumentState::quarantined, code_name(reason.code()), reason.message());
  return true;
}

Step Reading::quarantine(DocumentWork& work, const Error& reason) const {
  bool ours = false;
  {
    auto tx = database_.begin(pipeline_actor());
    ours = fail(tx, work, reason);
    tx.commit();
  }
  if (ours) {
    log_.warning("document_quarantined", {{"document_id", work.document.id},
                                          {"code", code_name(reason.code())},
                                          {"problem", reason.message()},
                                          {"cause", reason.cause()}});
    publish(work, JobState::failed, "", true, &reason);
  }
  return Step::over;
}

// A list that became shorter since a file was taken in does not put that one aside when it is read again.
std::optional<Error> Reading::refusal(const DocumentWork& work, std::string_view media_type) const {
  if (work.document.source == kMadeHere || !work.document.components.at(0).media_type.empty() ||
      is_allowed(allowed_types_, media_type)) {
    return std::nullopt;
  }
  return not_allowed(allowed_types_, media_type);
}

Step Reading::wait_for(DocumentWork& work, const Error& reason) const {
  const bool password = reason.code() == ErrorCode::password_needed;
  {
    auto tx = database_.begin(pipeline_actor());
    if (!storage::suspend_job(tx, work.job.id, owner_, code_name(reason.code()), reason.message())) return Step::over;
    if (password) {
      storage::set_state(tx, work.document.id, DocumentState::needs_password, code_name(reason.code()),
                         reason.message());
    }
    tx.commit();
  }
  publish(work, JobState::waiting, "", true, &reason);
  return password ? Step::over : Step::unavailable;
}

void Reading::give_back(DocumentWork& work) const {
  auto tx = database_.begin(pipeline_actor());
  storage::release_job(tx, work.job.id, owner_);
  tx.commit();
}

// What the whole document's end is after a call of the reader failed.
Step Reading::ended_by(DocumentWork& work, const Error& error) const {
  switch (error.code()) {
    case ErrorCode::cancelled:
      return Step::interrupted;
    case ErrorCode::unavailable:
      return wait_for(work, Error(ErrorCode::unavailable, "awaiting safe processing: " + error.message()));
    case ErrorCode::password_needed:
      return wait_for(work, error);
    case ErrorCode::storage_full:
      throw error;
    default:
      return quarantine(work, error);
  }
}

}  // namespace muniment::ingest
