// What barcodes do to a document once its pages are read: a stack is split, a single document gets its values. And the
// two passes of a stack through a feeder that reads one side become one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/log.h"
#include "ingest/barcode_setting.h"
#include "ingest/internal/document_work.h"
#include "ingest/page_assembly.h"
#include "storage/database.h"
#include "storage/stack_passes.h"

namespace muniment::ingest {

// Thread-safe.
class Stacks {
 public:
  // `configured`: the rules that hold unless people have set others.
  Stacks(const storage::BlobStore& blobs, const FileReader& reader, Renditions& renditions, BarcodeRules configured,
         core::Log& log)
      : assembly_(blobs, reader, renditions), configured_(std::move(configured)), log_(log) {}

  // As they are at this moment.
  BarcodeRules rules(storage::Session& session) const { return barcode_setting(session, configured_).rules; }

  // Whether it may be taken apart: a scan that nobody has dealt with yet. Signed and encrypted files stay as they are.
  static bool may_be_stack(const storage::Document& document);

  // What the pages of a document bear, on its first reading; none when it was read before, or nobody wants to know.
  std::vector<PageMarks> marks(storage::Database& database, const DocumentWork& work) const;

  struct Part {
    std::vector<storage::PageOrigin> pages;
    PageAssembly::NewFile file;
  };
  // The parts of the document, their files written; empty when it stays one document: it is one, or was read before, or
  // a person decided so, or it must not be taken apart, or cannot be (which is logged). Error(cancelled),
  // (unavailable) and (storage_full) pass.
  std::vector<Part> take_apart(storage::Database& database, const DocumentWork& work,
                               std::span<const PageMarks> marks) const;

  // Makes documents of the parts, which are read like any other, each with its own pages' barcodes, and puts them in
  // the place of the stack. In the transaction in which the stack's reading ends.
  void enter(storage::Transaction& tx, const storage::Document& stack, const std::vector<Part>& parts,
             int priority) const;

  // Both passes of a stack, as they were when their pages were put in order.
  struct Joined {
    std::vector<storage::Document> passes;  // fronts, backs
    std::vector<Part> parts;                // one at least
    std::string problem;                    // why they stay two documents; empty: they do not
  };
  // Puts them together, sheet by sheet, and takes that apart as take_apart would. To be called when the other one is
  // read already and all pages of this one are. Errors as take_apart.
  Joined join(storage::Database& database, const DocumentWork& work, const storage::StackPasses& passes) const;
  // The same as for the parts of one document. Error(stale) when one of the two has changed meanwhile.
  void enter(storage::Transaction& tx, const Joined& joined, int priority) const;

  // The values that barcodes give a document. In the transaction in which its text is recorded for the first time.
  void apply(storage::Transaction& tx, const storage::Document& document, std::span<const PageMarks> marks) const;

 private:
  // Makes documents of the parts in the place of all `sources`, described as the first of these is.
  void replace(storage::Transaction& tx, std::span<const storage::Document> sources, const std::vector<Part>& parts,
               bool numbered, int priority) const;
  // The parts with their files. Errors of PageAssembly.
  std::vector<Part> written(std::span<const storage::Document> sources,
                            std::vector<std::vector<storage::PageOrigin>> pages, std::stop_token stop) const;

  PageAssembly assembly_;
  const BarcodeRules configured_;
  core::Log& log_;
};

}  // namespace muniment::ingest
