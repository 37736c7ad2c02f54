// What people may ask of the pipeline: the other half of pipeline.h.
#include "core/error.h"
#include "ingest/internal/engine.h"
#include "storage/read_again.h"
#include "storage/stack_passes.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::DocumentState;

std::optional<std::int64_t> Pipeline::unlock(const storage::Principal& who, std::int64_t document_id,
                                             std::string password) {
  std::optional<Document> document;
  {
    auto session = engine_->database.read();
    document = storage::changeable_document(session, who, document_id);
  }
  const bool waits = document->state == DocumentState::needs_password;
  if (!waits && !(document->state == DocumentState::ready && engine_->renditions.is_locked(*document))) {
    throw Error(ErrorCode::conflict, "this document does not wait for a password");
  }
  if (!engine_->renditions.opens(*document, password)) {
    throw Error(ErrorCode::password_needed, "this is not the file's password", {{"/password", "is wrong"}});
  }
  std::optional<std::int64_t> reading;
  {
    auto tx = engine_->database.begin(who.actor());
    if (storage::changeable_document(tx, who, document_id).state != document->state) {
      throw Error(ErrorCode::conflict, "this document has changed meanwhile; look at it again");
    }
    if (waits) {
      const auto job = storage::find_document_job(tx, document_id);
      const bool again = job && storage::requeue_job(tx, job->id, storage::kInteractive);
      reading = again ? job->id : storage::enqueue_job(tx, "read", document_id, storage::kInteractive);
      storage::set_state(tx, document_id, DocumentState::received);
    }
    tx.audit({"document.unlocked", "document", document_id});
    engine_->passwords.remember(document_id, std::move(password));
    tx.commit();
  }
  if (reading) wake();
  return reading;
}

std::int64_t Pipeline::retry(const storage::Principal& who, std::int64_t document_id) {
  std::int64_t job = 0;
  std::optional<Document> document;
  {
    auto tx = engine_->database.begin(who.actor());
    document = storage::changeable_document(tx, who, document_id);
    job = storage::read_again(tx, who, document_id, storage::kInteractive);
    tx.commit();
  }
  engine_->renditions.forget_archive(*document);
  wake();
  return job;
}

void Pipeline::file_without_text(const storage::Principal& who, std::int64_t document_id) {
  auto tx = engine_->database.begin(who.actor());
  const Document document = storage::changeable_document(tx, who, document_id);
  if (document.state != DocumentState::quarantined && document.state != DocumentState::needs_password) {
    throw Error(ErrorCode::conflict,
                "only a document in quarantine, or one that waits for its password, can be filed as "
                "it is");
  }
  const auto job = storage::find_document_job(tx, document_id);
  if (job && storage::is_open(*job)) storage::cancel_job(tx, job->id);
  storage::record_reading(tx, document_id, {});
  if (const auto passes = storage::stack_passes_of(tx, document_id)) {
    storage::give_up_stack_passes(tx, *passes, "document " + std::to_string(document_id) + " was filed without text");
  }
  storage::give_up_other_pass(tx, document_id);
  tx.audit({"document.filed_without_text", "document", document_id});
  tx.commit();
}

void Pipeline::cancel(const storage::Principal& who, std::int64_t job_id) {
  {
    auto tx = engine_->database.begin(who.actor());
    const auto job = storage::find_job(tx, job_id);
    if (!job || job->kind != "read" || !job->document_id || !storage::may_see(tx, who, *job)) {
      throw Error(ErrorCode::not_found, "there is no reading with the number " + std::to_string(job_id));
    }
    const Document document = storage::changeable_document(tx, who, *job->document_id);
    if (!storage::is_open(*job) || document.state == DocumentState::ready) {
      throw Error(ErrorCode::conflict, "this document is read already");
    }
    storage::cancel_job(tx, job_id);
    storage::set_state(tx, document.id, DocumentState::quarantined, core::code_name(ErrorCode::cancelled),
                       "its reading was stopped by a person; try again, or file it without text");
    tx.commit();
  }
  engine_->forget(job_id);
}

}  // namespace muniment::ingest
