// Reads what intake took in: finds out what each file is, reads its pages, guesses what it is about, makes its
// renditions, and hands it to the index by way of the database.
//
// The work is cut into tasks, each a run of pages of one document, done side by side on as many slots as there are
// cores. Among the documents being read the most urgent go first, and those equally urgent take turns, so that a huge
// one delays nobody. What was read is committed as it comes: a crash repeats at most a page, or some pages read within
// a quarter of a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/event_stream.h"
#include "core/log.h"
#include "core/random.h"
#include "ingest/barcode_rules.h"
#include "ingest/file_reader.h"
#include "ingest/intake.h"
#include "ingest/passwords.h"
#include "ingest/renditions.h"
#include "storage/access.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace muniment::ingest {

struct PipelineOptions {
  int slots = 0;  // tasks done at once; 0 = as many as the machine has cores
  // Documents of one priority that are read by turns. A crash of the service counts as an attempt for each of them.
  int documents_at_once = 8;
  std::chrono::milliseconds poll_interval{2000};        // how often the queue is looked at when nobody calls `wake`
  std::chrono::milliseconds unavailable_pause{10'000};  // until the next try when reading is not possible at all
  std::chrono::milliseconds stop_patience{5000};        // for running pages to finish when stopping
  BarcodeRules barcodes;
  MemberLimits members;     // of mails and archives
  bool join_mails = false;  // what is attached to a mail becomes pages of its document, not documents
  IntakeOptions intake;     // for what is in them
};

// Thread-safe. Everything it does is recorded in the database; the events (topic "job", data {id, document_id, state,
// stage, page, pages, problem_code, problem}) only say that it is worth looking.
//
// What becomes of a document:
//   a stack of several       what it holds become documents of their own in its place (barcode_rules.h)
//   read                     state ready, job at stage "indexing", which the indexer ends
//   a page cannot be read    the page carries the problem, the document goes on
//   no page can be read, or the file cannot be opened    state quarantined with the reason, job failed
//   of a kind that is not taken in (allowed_types.h)    state quarantined, code unsupported_type
//   a mail or an archive     what is in it is taken in first, each file a document of its own
//   and more than is allowed    state quarantined, code too_large; nothing of it came in
//   encrypted                state needs_password, job waiting, until `unlock`
//   no safe processing       job waiting with problem "unavailable"; goes on by itself
//   disk full                goes back to the queue and is tried again
class Pipeline {
 public:
  // All references outlive this object. Does nothing before `start`.
  Pipeline(storage::Database& database, const storage::BlobStore& blobs, const FileReader& reader,
           Renditions& renditions, Passwords& passwords, core::Random& random, core::Log& log,
           core::EventStream& events, PipelineOptions options = {});
  // Stops.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Takes up what an earlier process left behind, then starts working.
  void start();
  // Running pages finish or, after `stop_patience`, are given up; what is unfinished goes back to the queue.
  void stop();
  // There is new work. Cheap; callable from any thread, also before `start`.
  void wake();

  // What people may ask for -- each throws Error(not_found) for a document that `who` may not read, (forbidden) for one
  // they may not change, and (conflict) when its state does not fit.

  // Tries the password at once: Error(password_needed) when it is wrong. It is kept in memory only. A document that
  // waits for it is read then: its job is returned. One that was read before the service last started gets its pages
  // back, and there is no job.
  std::optional<std::int64_t> unlock(const storage::Principal& who, std::int64_t document_id, std::string password);
  // Reads a document anew, from its original: one in quarantine, or one that was read before. Corrections by people
  // stay. Returns the job.
  std::int64_t retry(const storage::Principal& who, std::int64_t document_id);
  // Takes a document out of quarantine, or one that waits for a password, as it is: ready, without text.
  void file_without_text(const storage::Principal& who, std::int64_t document_id);
  // Stops the reading of a document. It goes to quarantine, from where it can be tried again. Error(not_found) when
  // `who` may not know of the job, Error(conflict) when it is over.
  void cancel(const storage::Principal& who, std::int64_t job_id);

  // Why nothing is read at the moment, for people; empty when all is well.
  std::string unavailable_reason() const;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace muniment::ingest
