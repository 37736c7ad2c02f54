// The steps of a reading that record what was found and make renditions of it: the other part of reading.h.
#include "core/error.h"
#include "ingest/internal/reading.h"
#include "storage/same_paper.h"

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
  attempt("archive", [&] { renditions_.archive(*document, work.stop.get_token()); });
  // Who looked before it was read got its pages as they lie.
  attempt("thumbnail", [&] { renditions_.forget_pictures(*document); });
  attempt("thumbnail", [&] { renditions_.thumbnail(*document, work.stop.get_token()); });
}

// No barcode stops a document: what cannot be done as one says is left undone.
Step Reading::record(DocumentWork& work) const {
  const auto without = [&](const char* event, const Error& error) {
    log_.warning(event,
                 {{"document_id", work.document.id}, {"code", code_name(error.code())}, {"problem", error.message()}});
  };
  const std::vector<PageMarks> marks = stacks_.marks(database_, work);
  try {
    const std::vector<Stacks::Part> parts = stacks_.take_apart(database_, work, marks);
    if (!parts.empty()) {
      record_parts(work, parts);
      return Step::over;
    }
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    without("stack_not_split", error);
  }
  try {
    return record_text(work, marks) ? Step::done : Step::over;
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    without("barcodes_not_followed", error);
  }
  return record_text(work, {}) ? Step::done : Step::over;
}

bool Reading::record_text(DocumentWork& work, std::span<const PageMarks> marks) const {
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
  storage::ReadingResult result;
  {
    auto session = database_.read();
    result = findings(session, work).reading;
  }
  // The parts come from whoever brought in the stack.
  auto tx = database_.begin({work.document.added_by, "pipeline"});
  if (!storage::report_progress(tx, work.job.id, owner_, "reading", work.document.page_count,
                                work.document.page_count)) {
    return false;
  }
  const auto stack = storage::find_document(tx, storage::system_principal(tx, "pipeline"), work.document.id);
  if (!stack || !Stacks::may_be_stack(*stack) || storage::require_file(*stack).id != work.component().id)
    throw Error(ErrorCode::stale, "the document has changed meanwhile");
  storage::record_reading(tx, stack->id, result);
  stacks_.enter(tx, *stack, parts, work.job.priority);
  storage::await_indexing(tx, work.job.id, owner_);
  tx.after_commit(queued_);
  tx.commit();
  publish(work, JobState::running, "indexing", true);
  return true;
}

}  // namespace muniment::ingest
