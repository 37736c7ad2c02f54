// The steps of reading one document, each of which ends in a commit. Nothing here knows of slots and turns.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/event_stream.h"
#include "core/log.h"
#include "ingest/allowed_types.h"
#include "ingest/file_reader.h"
#include "ingest/internal/document_work.h"
#include "ingest/internal/member_intake.h"
#include "ingest/internal/stacks.h"
#include "ingest/passwords.h"
#include "ingest/renditions.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/document_fields.h"
#include "storage/filing_rules.h"

namespace muniment::ingest {

// How a step ended.
enum class Step {
  done,         // go on with the next
  over,         // the document needs no more work here: read, in quarantine, waiting, or taken away
  interrupted,  // cancelled or stopping: what is unfinished is to be given back
  unavailable,  // nothing is wrong with the document; its job waits
};

// Thread-safe. A step throws core::Error only when our own storage fails; then the job is to be given back.
class Reading {
 public:
  Reading(storage::Database& database, const storage::BlobStore& blobs, const FileReader& reader,
          Renditions& renditions, const Passwords& passwords, const MemberIntake& members, core::Log& log,
          core::EventStream& events, std::string owner, BarcodeRules barcodes, TypePatterns allowed_types,
          std::function<void()> queued)
      : database_(database),
        blobs_(blobs),
        reader_(reader),
        renditions_(renditions),
        passwords_(passwords),
        members_(members),
        log_(log),
        events_(events),
        owner_(std::move(owner)),
        stacks_(blobs, reader, renditions, std::move(barcodes), log),
        allowed_types_(std::move(allowed_types)),
        queued_(std::move(queued)) {}

  struct Inspected {
    Step step = Step::over;
    PagePlan plan;
  };
  // Finds out what the file is, and which pages are still to be read.
  Inspected inspect(DocumentWork& work) const;

  struct RunResult {
    Step step = Step::done;
    std::int32_t read = 0;
    std::int32_t failed = 0;               // pages stored with a problem
    PageRun rest;                          // not got to
    std::chrono::microseconds opening{0};  // what opening the file cost
    std::chrono::microseconds took{0};     // the rest
    std::optional<core::Error> problem;    // of a page
  };
  RunResult read(DocumentWork& work, PageRun run) const;

  // All pages are stored: a stack is split; else guesses, state, renditions, index.
  Step finish(DocumentWork& work, bool text_recorded) const;

  // Inspects and reads small texts together, in one transaction. What turns out to be something else gets Step::done
  // and is to be inspected on its own.
  std::vector<Step> read_texts(std::span<const SmallText> texts, std::stop_token stop) const;

  // To quarantine, with the reason.
  Step quarantine(DocumentWork& work, const core::Error& reason) const;
  // Back to the queue, as if it had not been claimed.
  void give_back(DocumentWork& work) const;

  void publish(DocumentWork& work, storage::JobState state, std::string_view stage, bool always,
               const core::Error* problem = nullptr) const;

  const std::string& owner() const { return owner_; }

 private:
  // Of a mail or an archive, before it is read itself.
  std::optional<Step> take_members(DocumentWork& work, const Source& source) const;
  // Of an office file or a joined mail, by the PDF that is made of it.
  void inspect_pages(DocumentWork& work, Inspection& inspection) const;
  bool store(DocumentWork& work, std::span<const FileReader::ReadPage> pages) const;
  bool store_problem(DocumentWork& work, std::int32_t page, const core::Error& problem) const;
  // What the text of a whole document says.
  struct Findings {
    storage::ReadingResult reading;
    std::vector<storage::DocumentField> fields;
    std::vector<std::uint32_t> sketch;       // of what was scanned
    std::vector<storage::FilingRule> rules;  // that agree with it
  };
  Findings findings(storage::Session& session, const DocumentWork& work) const;
  void read_run(DocumentWork& work, PageRun run, bool barcodes, const FileReader::PageTaker& taker) const;
  static bool wants_renditions(const DocumentWork& work);
  // Step::done when its renditions are to be made.
  Step record(DocumentWork& work) const;
  // In the same transaction as the text; when it answers false, nothing is recorded.
  using Also = std::function<bool(storage::Transaction& tx)>;
  bool record_text(DocumentWork& work, std::span<const PageMarks> marks, const Also& also = {}) const;
  // As far as its barcodes can be followed.
  Step record_document(DocumentWork& work, std::span<const PageMarks> marks, const Also& also = {}) const;
  bool record_parts(DocumentWork& work, const std::vector<Stacks::Part>& parts) const;
  Step record_pass(DocumentWork& work, const storage::StackPasses& passes) const;
  bool record_joined(DocumentWork& work, const storage::StackPasses& passes, const Stacks::Joined& joined) const;
  // Of a stack that goes on in other documents: `enter` records it and makes these, in one transaction.
  using Enter = std::function<void(storage::Transaction& tx, const storage::ReadingResult& result)>;
  bool record_stack(DocumentWork& work, const Enter& enter) const;
  bool record_small_text(storage::Transaction& tx, DocumentWork& work, const FileReader::TextFile& text,
                         const std::vector<storage::FilingRule>& rules) const;
  void make_renditions(DocumentWork& work) const;
  // The type of a file that is looked at for the first time, when it is not taken in here.
  std::optional<core::Error> refusal(const DocumentWork& work, std::string_view media_type) const;
  Step wait_for(DocumentWork& work, const core::Error& reason) const;
  Step ended_by(DocumentWork& work, const core::Error& error) const;
  bool fail(storage::Transaction& tx, DocumentWork& work, const core::Error& reason) const;

  storage::Database& database_;
  const storage::BlobStore& blobs_;
  const FileReader& reader_;
  Renditions& renditions_;
  const Passwords& passwords_;
  const MemberIntake& members_;
  core::Log& log_;
  core::EventStream& events_;
  const std::string owner_;
  const Stacks stacks_;
  const TypePatterns allowed_types_;
  const std::function<void()> queued_;  // there is new work
};

}  // namespace muniment::ingest
