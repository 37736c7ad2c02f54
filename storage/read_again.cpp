#include "storage/read_again.h"

#include "core/error.h"
#include "storage/documents.h"
#include "storage/jobs.h"
#include "storage/pages.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

std::int64_t read_again(Transaction& tx, const Principal& who, std::int64_t document_id, int priority) {
  const Document document = changeable_document(tx, who, document_id);
  if (document.state == DocumentState::ready) require_free_to_change(tx, document);
  if (document.state != DocumentState::quarantined && document.state != DocumentState::ready) {
    throw Error(ErrorCode::conflict, "this document is being read already, or waits for its password");
  }
  const auto before = find_document_job(tx, document_id);
  if (before && is_open(*before)) throw Error(ErrorCode::conflict, "this document is being read already");
  std::int64_t job = 0;
  if (before && before->kind == "read") {
    requeue_job(tx, before->id, priority);
    job = before->id;
  } else {
    job = enqueue_job(tx, "read", document_id, priority);
  }
  forget_pages(tx, require_file(document).id);
  set_state(tx, document_id, DocumentState::received);
  tx.audit({"document.read_again", "document", document_id});
  return job;
}

}  // namespace muniment::storage
