// The steps of a reading that record what was found and make renditions of it: the other part of reading.h.
#include "core/error.h"
#include "ingest/internal/reading.h"
#include "storage/same_paper.h"
#include "storage/stack_passes.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using storage::JobState;

namespace {

// The catalogue will not have it so, for example because a folder was closed meanwhile; trying again is no use.
bool is_refusal(const Error& error) {
  switch (error.code()) {
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::forbidden:
    case ErrorCode::conflict:
    case ErrorCode::stale:
    case ErrorCode::too_large:
      return true;
    default:
      return false;
  }
}

// What it is one pass of. The first one is read when it has waited for the other long enough: then it is none.
std::optional<storage::StackPasses> passes_now(storage::Database& database, std::int64_t document_id) {
  {
    auto session = database.read();
    if (!storage::awaits_other_pass(session, document_id)) return storage::stack_passes_of(session, document_id);
  }
  auto tx = database.begin(storage::Actor::system("pipeline"));
  storage::give_up_other_pass(tx, document_id);
  auto passes = storage::stack_passes_of(tx, document_id);  // the other may have come just now
  tx.commit();
  return passes;
}

}  // namespace

bool Reading::wants_renditions(const DocumentWork& work) {
  return work.document.page_count > 0 && !work.component().media_type.starts_with("text/");
}

void Reading::make_renditions(DocumentWork& work) const {
  std::optional<storage::Document> document;
  {
    auto session = database_.read();
    document = storage::find_document(session, storage::system_principal(session, "pipeline"), work.document.id);
  }
  // When another version has come meanwhile, its own reading makes them.
  if (!document || storage::require_file(*document).id != work.component().id) return;
  // The document is read and findable: what cannot be made now is tried again when somebody asks for it.
  const auto attempt = [&](std::string_view what, auto make) {
    try {
      make();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      log_.warning("rendition_not_made", {{"document_id", document->id},
                                          {"what", what},
                                          {"code", code_name(error.code())},
                                          {"problem", error.message()},
                                          {"cause", error.cause()}});
    }
  };
  // Who looked before all was read got the text of what was, and its pages as they lie.
  attempt("archive", [&] { renditions_.forget_archive(*document); });
  attempt("archive", [&] { renditions_.archive(*document, work.stop.get_token()); });
  attempt("thumbnail", [&] { renditions_.forget_pictures(*document); });
  attempt("thumbnail", [&] { renditions_.thumbnail(*document, work.stop.get_token()); });
}

// No barcode stops a document: what cannot be done as one says is left undone.
Step Reading::record(DocumentWork& work) const {
  const auto passes = passes_now(database_, work.document.id);
  if (passes) return record_pass(work, *passes);
  const std::vector<PageMarks> marks = stacks_.marks(database_, work);
  try {
    const std::vector<Stacks::Part> parts = stacks_.take_apart(database_, work, marks);
    if (!parts.empty()) {
      record_parts(work, parts);
      return Step::over;
    }
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    log_.warning("stack_not_split",
                 {{"document_id", work.document.id}, {"code", code_name(error.code())}, {"problem", error.message()}});
  }
  return record_document(work, marks);
}

Step Reading::record_document(DocumentWork& work, std::span<const PageMarks> marks, const Also& also) const {
  try {
    return record_text(work, marks, also) ? Step::done : Step::over;
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    log_.warning("barcodes_not_followed",
                 {{"document_id", work.document.id}, {"code", code_name(error.code())}, {"problem", error.message()}});
  }
  return record_text(work, {}, also) ? Step::done : Step::over;
}

// The pass that is read last has both put together. The other is read like a document whose barcodes say nothing: what
// they say, the whole is told.
Step Reading::record_pass(DocumentWork& work, const storage::StackPasses& passes) const {
  const auto is_awaited = [&](storage::Session& session) {
    const auto other =
        storage::find_document(session, storage::system_principal(session, "pipeline"), passes.other(work.document.id));
    return other && !other->trashed_at && !(other->was_read && other->state == storage::DocumentState::ready);
  };
  bool awaited = [&] {
    auto session = database_.read();
    return is_awaited(session);
  }();
  if (awaited) {
    const bool recorded = record_text(work, {}, [&](storage::Transaction& tx) { return awaited = is_awaited(tx); });
    if (awaited) return recorded ? Step::done : Step::over;
  }
  Stacks::Joined joined = stacks_.join(database_, work, passes);
  if (joined.problem.empty()) {
    try {
      record_joined(work, passes, joined);
      return Step::over;
    } catch (const Error& error) {
      if (!is_refusal(error)) throw;
      joined.problem = error.message();
    }
  }
  log_.warning("passes_not_joined", {{"document_id", work.document.id}, {"problem", joined.problem}});
  return record_document(work, stacks_.marks(database_, work), [&](storage::Transaction& tx) {
    storage::give_up_stack_passes(tx, passes, joined.problem);
    return true;
  });
}

bool Reading::record_text(DocumentWork& work, std::span<const PageMarks> marks, const Also& also) const {
  Findings found;
  {
    auto session = database_.read();
    found = findings(session, work);
  }
  const bool renditions = wants_renditions(work);
  auto tx = database_.begin(storage::Actor::system("pipeline"));
  if (!storage::report_progress(tx, work.job.id, owner_, renditions ? "archiving" : "reading", work.document.page_count,
                                work.document.page_count)) {
    return false;
  }
  if (also && !also(tx)) return false;
  const auto document = storage::find_document(tx, storage::system_principal(tx, "pipeline"), work.document.id);
  storage::record_reading(tx, work.document.id, found.reading);
  storage::store_document_fields(tx, work.document.id, found.fields);
  storage::store_paper_sketch(tx, work.document.id, found.sketch);
  if (document) stacks_.apply(tx, *document, marks);
  storage::apply_filing_rules(tx, work.document.id, found.rules);
  if (!renditions) storage::await_indexing(tx, work.job.id, owner_);
  tx.commit();
  publish(work, JobState::running, renditions ? "archiving" : "indexing", true);
  return true;
}

bool Reading::record_parts(DocumentWork& work, const std::vector<Stacks::Part>& parts) const {
  return record_stack(work, [&](storage::Transaction& tx, const storage::ReadingResult& result) {
    const auto stack = storage::find_document(tx, storage::system_principal(tx, "pipeline"), work.document.id);
    if (!stack || !Stacks::may_be_stack(*stack) || storage::require_file(*stack).id != work.component().id)
      throw Error(ErrorCode::stale, "the document has changed meanwhile");
    storage::record_reading(tx, stack->id, result);
    stacks_.enter(tx, *stack, parts, work.job.priority);
  });
}

bool Reading::record_joined(DocumentWork& work, const storage::StackPasses& passes,
                            const Stacks::Joined& joined) const {
  return record_stack(work, [&](storage::Transaction& tx, const storage::ReadingResult& result) {
    storage::record_reading(tx, work.document.id, result);
    stacks_.enter(tx, joined, work.job.priority);
    storage::end_stack_passes(tx, passes);
  });
}

bool Reading::record_stack(DocumentWork& work, const Enter& enter) const {
  storage::ReadingResult result;
  {
    auto session = database_.read();
    result = findings(session, work).reading;
  }
  // What becomes of it comes from whoever brought it in.
  auto tx = database_.begin({work.document.added_by, "pipeline"});
  if (!storage::report_progress(tx, work.job.id, owner_, "reading", work.document.page_count,
                                work.document.page_count)) {
    return false;
  }
  enter(tx, result);
  storage::await_indexing(tx, work.job.id, owner_);
  tx.after_commit(queued_);
  tx.commit();
  publish(work, JobState::running, "indexing", true);
  return true;
}

}  // namespace muniment::ingest
