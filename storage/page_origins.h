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
// page was turned: then it is to be read anew. So are the notes and relations of the documents that they come from, and
// of the first page's also the values of custom fields and the headers of its mail. The caller enqueues the job.
std::int64_t create_document_of_pages(Transaction& tx, const NewDocument& document, std::span<const PageOrigin> pages);

// The document's pages went into other documents: it leaves lists and searches, and is kept unaltered but for its
// serial number, which goes with them. Error(conflict) for a record, for one on paper, and for one under hold or in the
// trash.
void replace_document(Transaction& tx, std::int64_t id, std::span<const std::int64_t> by);
// Back into lists and searches, with the serial number. The caller takes care of the documents that took its place.
// Error(conflict) when one of them is destroyed, in its restore window too.
void undo_replacement(Transaction& tx, std::int64_t id);

// Whether people find it, or something that was made of its pages, elsewhere than in the trash, from where it may be
// destroyed any day: else it is no reason to leave a file out that comes in with nobody there to look. A DuplicateTest.
bool is_out_of_trash(Session& session, const Document& document);

// For disposition, when the document is about to be destroyed: its content stands in the originals that it took the
// place of as well. They go to the trash for good, and leave it when it is next emptied; one that is held must have
// been looked for before. What else was made of them has its pages in a file of its own.
void give_up_originals(Transaction& tx, std::int64_t document_id);

// A person decided what its pages are: barcodes that are found when it is read do not take it apart.
void keep_whole(Transaction& tx, std::int64_t document_id);
bool is_kept_whole(Session& session, std::int64_t document_id);

// Page by page; empty for a document that came in as it is.
std::vector<PageOrigin> page_origins(Session& session, std::int64_t document_id);
// Documents made of pages of this one, in order; only those that `who` may read.
std::vector<std::int64_t> documents_made_of(Session& session, const Principal& who, std::int64_t document_id);

}  // namespace muniment::storage
