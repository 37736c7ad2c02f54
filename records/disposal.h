// Disposition carried out: a batch that others approved is executed record by record, each outcome written down before
// the next begins; what was disposed of can be restored until its window ends, and is then purged, and the purge looked
// after. After a crash nothing that was pending is destroyed: somebody has to execute the batch again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "records/disposition.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace muniment::records {

// What disposition needs of the parts of the service that stand above this folder. Thread-safe.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  // Whether the query matches the document as it is now, whoever may read it. Error(unavailable) when the index does
  // not know the document's present state: then nobody can tell.
  virtual bool matches(const std::string& query, std::int64_t document_id) = 0;
  // Removes page images, thumbnails and archives of the components, and passwords kept for them. Idempotent.
  virtual void remove_renditions(const std::vector<core::Sha256>& components) = 0;
  // Takes the documents out of the index so that none of their words is left in its files, spelling included. Returns
  // when that is durable. Idempotent.
  virtual void purge_from_index(const std::vector<std::int64_t>& documents) = 0;
};

struct DisposalOptions {
  int restore_window_days = 30;
  bool keep_titles = true;  // in tombstones, where a person gave the title; a guessed one is text of the document
  // Where purged documents are written down outside the database, so that a backup that is restored later knows what
  // must not come back; empty: nowhere.
  std::filesystem::path journal = {};
};

// Thread-safe; carries out one thing at a time.
class Disposal {
 public:
  // All references outlive it.
  Disposal(storage::Database& database, const storage::BlobStore& blobs, Surroundings& surroundings,
           DisposalOptions options);

  // How each record would fare today, without touching anything.
  struct Check {
    std::int64_t document_id = 0;
    std::string obstacle;  // empty: none
  };
  std::vector<Check> dry_run(std::int64_t batch_id, Date today);

  // Marks an approved batch, or one that was interrupted, as being executed. Error(conflict) unless it is one.
  void begin(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version);
  // Goes through what is pending: everything is checked again, holds with a query included. Returns whether the batch
  // is executed; false when `stop` said so first.
  bool execute(const storage::Principal& who, std::int64_t batch_id, Date today, const std::function<bool()>& stop);
  // What a crash interrupted: batches under way go back to approved. To be called at start, before anybody is served.
  void recover();

  // Destroys again what the journal says was purged and a restored backup has brought back. To be called at start,
  // before anybody is served. Returns how many.
  std::size_t replay_journal();

  // Error(conflict) when it is not in its restore window.
  void restore(const storage::Principal& who, std::int64_t document_id, std::string_view reason);

  // Purges what has left its window, except what a hold has reached meanwhile and what has paper that nobody has
  // confirmed to be destroyed (records/paper_disposal.h). Returns how many.
  std::size_t purge(Date today);
  // Destroys what has been in the trash since before `cutoff`, and what was put there because a person had asked for
  // its erasure, except what is held. Returns how many.
  std::size_t empty_trash(core::Time cutoff);
  // Looks whether anything is left of what was purged, and finishes what a crash interrupted. What is still there is
  // removed again; findings that remain are returned, in words.
  std::vector<std::string> verify_purged();

 private:
  std::string obstacle(std::int64_t document_id, Action action, const std::string& planned_hash, Date today);
  void match_querying_holds(std::int64_t document_id);
  void carry_out(const storage::Principal& who, const Batch& batch, const BatchItem& item, Date today);
  void set_outcome(storage::Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Outcome outcome,
                   std::string_view reason);
  bool purge_record(std::int64_t document_id);
  void erase(std::int64_t document_id);
  void write_journal(std::int64_t document_id);
  bool destroy_again(std::int64_t document_id, std::int64_t captured_at, const std::string& purged_at);

  storage::Database& database_;
  const storage::BlobStore& blobs_;
  Surroundings& surroundings_;
  DisposalOptions options_;
  std::mutex mutex_;
};

}  // namespace muniment::records
