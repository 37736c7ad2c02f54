// People put pages together anew: merge, split, reorder, turn and leave out; and take that back.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ingest/page_assembly.h"
#include "storage/access.h"

namespace muniment::ingest {

// Thread-safe.
class PageOrganiser {
 public:
  // All references outlive this object. `queued` is called after new work has been committed.
  PageOrganiser(storage::Database& database, const storage::BlobStore& blobs, const FileReader& reader,
                Renditions& renditions, std::function<void()> queued)
      : database_(database), assembly_(blobs, reader, renditions), queued_(std::move(queued)) {}

  struct Wanted {
    std::string title;  // empty: that of the document of its first page, if a person gave it and it is not parted
    std::vector<storage::PageOrigin> pages;
  };
  // Makes the documents and returns them in order. Each gets the description of the document of its first page, and the
  // notes and relations of all that its pages come from. All documents that pages come from leave lists and searches in
  // the same moment, their files unaltered. Errors: not_found, forbidden; conflict for a document that is not read, a
  // record, under hold, in the trash or replaced already, and for pages of different access lists in one document;
  // invalid_argument for a page that does not exist or stands twice; those of PageAssembly.
  std::vector<std::int64_t> put_together(const storage::Principal& who, std::span<const Wanted> documents) const;

  // The sheets of a feeder that reads one side: `fronts` from first to last, then the stack turned over, so that
  // `backs` come from last to first. Backs of the last sheets may be missing. The document's pages in order.
  static std::vector<storage::PageOrigin> collated(const storage::Document& fronts, const storage::Document& backs);

  // Of a document that was made so, or of one that was replaced: the documents that were made go to the trash, those
  // before them come back. The documents that came back. Errors: not_found, forbidden; conflict when there is nothing
  // to undo, or when what was made has become a record, is under hold or was put together anew itself.
  std::vector<std::int64_t> undo(const storage::Principal& who, std::int64_t document_id) const;

 private:
  storage::Database& database_;
  const PageAssembly assembly_;
  const std::function<void()> queued_;
};

}  // namespace muniment::ingest
