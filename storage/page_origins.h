// Documents made of the pages of others, and what becomes of those others.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/documents.h"

namespace muniment::storage {

struct PageOrigin {
  std::int64_t document_id = 0;
  std::int64_t page = 1;
  std::int32_t turn = 0;  // clockwise: 0, 90, 180 or 270
  bool operator==(const PageOrigin&) const = default;
};

// A document whose file, a PDF in the blob store, has these pages. What was read of a page is taken over, unless the
// page was turned: then it is to be read anew. The caller enqueues the job.
std::int64_t create_document_of_pages(Transaction& tx, const NewDocument& document, std::span<const PageOrigin> pages);

// The document's pages went into other documents: it leaves lists and searches, and is kept unaltered. Error(conflict)
// for a record and for one under hold or in the trash.
void replace_document(Transaction& tx, std::int64_t id, std::span<const std::int64_t> by);
// Back into lists and searches. The caller takes care of the documents that took its place.
void undo_replacement(Transaction& tx, std::int64_t id);

// For disposition, after a document that was made of these pages is gone: the originals that nothing is made of any
// more, and whose pages went into others, go to the trash, from which they are purged; unless one is a record, held or
// lent.
void trash_spent_originals(Transaction& tx, std::span<const PageOrigin> pages);

// Page by page; empty for a document that came in as it is.
std::vector<PageOrigin> page_origins(Session& session, std::int64_t document_id);
// Documents made of pages of this one, in order; only those that `who` may read.
std::vector<std::int64_t> documents_made_of(Session& session, const Principal& who, std::int64_t document_id);

}  // namespace muniment::storage
