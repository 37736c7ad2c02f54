// Disposition carried out: a batch that others approved is executed record by record, each outcome written down before
// the next begins; what was disposed of can be restored until its window ends, and is then purged, and the purge looked
// after. After a crash nothing that was pending is destroyed: somebody has to execute the batch again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "records/disposition.h"
#include "records/holds.h"
#include "records/package.h"
#include "records/transfer.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/unreferenced_blobs.h"

namespace muniment::records {

struct JournalEntry;

// What disposition needs of the parts of the service that stand above this folder. Thread-safe.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  // Whether the query matches the document as it is now, whoever may read it. Error(unavailable) when the index does
  // not know the document's present state: then nobody can tell.
  virtual bool matches(const std::string& query, std::int64_t document_id) = 0;
  // Removes page images, thumbnails and archives of the components, and a password kept for the document. Idempotent.
  virtual void remove_derived(std::int64_t document_id, const std::vector<core::Sha256>& components) = 0;
  // What is still there of these, in words.
  virtual std::vector<std::string> derived_remains(std::int64_t document_id,
                                                   const std::vector<core::Sha256>& components) = 0;
  // Takes the documents out of the index so that none of their words is left in its files, spelling included. Returns
  // when that is durable. Idempotent.
  virtual void purge_from_index(const std::vector<std::int64_t>& documents) = 0;
  // The PDF with searchable text, for a package; empty when the original is as good. Errors: those of reading the file.
  virtual std::optional<core::FileDescriptor> searchable_pdf(const storage::Document& document) = 0;
};

struct TransferOptions {
  std::filesystem::path directory = {};  // where packages wait to be fetched; its file system must hold them twice
  std::string organisation = {};         // whose records these are, in the package; empty: not said
  std::string version = {};              // of this program
};

struct DisposalOptions {
  int restore_window_days = 30;
  bool keep_titles = true;  // in tombstones, where a person gave the title; a guessed one is text of the document
  // Where purged documents are written down outside the database, so that a backup that is restored later knows what
  // must not come back; empty: nowhere.
  std::filesystem::path journal = {};
  TransferOptions transfer = {};
};

// Thread-safe; carries out one thing at a time.
class Disposal {
 public:
  // All references outlive it.
  Disposal(storage::Database& database, const storage::BlobStore& blobs, Surroundings& surroundings,
           DisposalOptions options);

  // How each record would fare today, without touching anything, as far as `who` may know of holds.
  struct Check {
    std::int64_t document_id = 0;
    std::string obstacle;  // empty: none
  };
  std::vector<Check> dry_run(const storage::Principal& who, std::int64_t batch_id, Date today);

  // Marks an approved batch, or one that was interrupted, as being executed. Error(conflict) unless it is one.
  void begin(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version);
  // Goes through what is pending: everything is checked again, holds with a query included. What is transferred is then
  // put into a package. Returns whether the batch is executed; false when `stop` said so first, or while records wait
  // for the index: call it again. After an error, the disk being full say, the batch is approved again.
  bool execute(const storage::Principal& who, std::int64_t batch_id, Date today, const std::function<bool()>& stop);
  // What a crash interrupted: batches under way go back to approved, packages that nobody wrote down are removed; and
  // what an earlier version left in the log of what was purged. To be called at start, before anybody is served.
  void recover();

  // Destroys again what the journal says was purged and a restored backup has brought back, with the tombstone that it
  // had. To be called at start, before anybody is served. Returns how many.
  std::size_t replay_journal();

  // The zip file of what was handed over, for whoever may see all that is in it. Error(not_found), Error(forbidden);
  // Error(conflict) when it is there no more.
  core::FileDescriptor open_package(const storage::Principal& who, std::int64_t batch_id);
  // Records what the receiver states, and lets go of the records: they can be restored until the end of the window, and
  // are then purged; or, where the batch says so, stay as copies under its schedule, with an event "transferred" on the
  // day of the receipt, and the package is removed. Error(conflict) names what the receipt says otherwise than what was
  // handed over, or why copies would not be kept by that schedule any more; Error(stale), Error(not_found),
  // Error(invalid_argument). What a hold has reached meanwhile waits for its release.
  void record_receipt(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version,
                      const Receipt& receipt, Date today);
  // What has a receipt and nothing against its going, or passing on, any more. Returns how many.
  std::size_t let_go(Date today);
  // What waits for a receipt is kept after all, and the package is removed. Error(conflict), Error(stale).
  void cancel_transfer(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version,
                       std::string_view reason);

  // A package of documents, records or not, as a copy, with a list of what was `destroyed` beside them, by the numbers
  // of its tombstones (records/tombstones.h). Error(forbidden), Error(not_found).
  Package export_package(const storage::Principal& who, const std::vector<std::int64_t>& documents,
                         std::string_view title, PackageTarget& target,
                         const std::vector<std::int64_t>& destroyed = {});
  // An empty file beside the packages, for one that is to be fetched at once.
  core::TempFile new_package_file() const;

  // Asks every hold with a query whether it reaches one of the documents, and holds what it does: for whoever is about
  // to do with them what cannot be undone. Error(unavailable) while the index does not know their present state.
  HoldsAsked ask_holds(const std::vector<std::int64_t>& documents);

  // What this batch disposed of. Error(not_found) for what is not in it; Error(conflict) when it is not in its restore
  // window.
  void restore(const storage::Principal& who, std::int64_t batch_id, std::int64_t document_id, std::string_view reason);

  // Purges what has left its window, except what a hold has reached meanwhile, the stack that its pages came from
  // included, and what has paper that nobody has confirmed to be destroyed (records/paper_disposal.h). What is left of
  // such a stack is for empty_trash. Returns how many, none while somebody holds it off. An Error, of one of them,
  // comes after the others are done.
  std::size_t purge(Date today);
  // Destroys what has been in the trash since before `cutoff`, what was put there because a person had asked for its
  // erasure, and the originals of stacks that a part was destroyed of; except what is held, or has pages in a stack
  // that is, and what is restricted (GDPR art. 18), unless its erasure was decided. Returns how many, none while
  // somebody holds it off. An Error, of one of them, comes after the others are done.
  std::size_t empty_trash(core::Time cutoff);
  // While the lock is held, nothing is purged, the trash is not emptied and no file removed: for whoever copies all
  // that is kept. Waits for what is being destroyed at this moment.
  [[nodiscard]] std::shared_lock<std::shared_mutex> hold_off() { return std::shared_lock(destroying_); }
  // Removes files that have been known to be in no document since before `cutoff` (storage/unreferenced_blobs.h); none
  // while somebody holds it off. `stop` is asked now and then. How many, and how large they were.
  storage::UnreferencedBlobs remove_unreferenced_files(core::Time cutoff, const std::function<bool()>& stop);
  // Takes what was purged, and what was made of its files, out once more, and looks whether anything else is left of
  // it: that is returned, in words, and not touched. What filing has still to forget waits.
  std::vector<std::string> verify_purged();

 private:
  std::string obstacle(std::int64_t batch_id, std::int64_t document_id, Date today);
  // Asks every hold with a query whether it reaches the document. Returns querying_holds_state as it was before: what
  // follows is right only while that is the same.
  std::string match_querying_holds(std::int64_t document_id);
  void carry_out(const storage::Principal& who, const Batch& batch, const BatchItem& item, Date today);
  void set_outcome(storage::Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Outcome outcome,
                   std::string_view reason);
  // It is found no more, and its tombstone is written.
  void withdraw_record(storage::Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Date today,
                       const std::string& receiver);
  // It stays, and somebody else has custody.
  void keep_copy(storage::Transaction& tx, std::int64_t batch_id, std::int64_t document_id, std::int64_t schedule);
  bool execute_items(const storage::Principal& who, std::int64_t batch_id, Date today,
                     const std::function<bool()>& stop);
  void finish_execution(storage::Transaction& tx, std::int64_t batch_id);
  void interrupt(std::int64_t batch_id, std::string_view reason);

  bool hand_over(const storage::Principal& who, const Batch& batch, Date today, const std::function<bool()>& stop);
  Package write_package_of(const PackageTerms& terms, PackageTarget& target, const std::function<bool()>& stop);
  std::optional<core::FileDescriptor> rendition_for_package(const storage::Document& document);
  std::filesystem::path package_file(std::int64_t batch_id) const;
  void keep_after_all(storage::Transaction& tx, std::int64_t batch_id, std::int64_t document_id,
                      const std::string& why);
  // Writes down that it is gone, whether its file was still there or not.
  void remove_package(std::int64_t batch_id);
  void remove_leftover_packages();
  // Of transfers that left copies here, once nothing waits any more: nothing of them will be purged with the package.
  void remove_settled_packages();

  bool purge_record(std::int64_t document_id);
  bool left_out_of_package(std::int64_t document_id);
  bool destroy_from_trash(std::int64_t document_id, core::Time cutoff);
  void erase(std::int64_t document_id);
  // In the catalogue, among the files and in what was made of them, in words.
  std::vector<std::string> all_remains(storage::Transaction& tx, std::int64_t document_id);
  void write_journal(std::int64_t document_id);
  bool destroy_again(const JournalEntry& entry);

  storage::Database& database_;
  const storage::BlobStore& blobs_;
  Surroundings& surroundings_;
  DisposalOptions options_;
  std::mutex mutex_;
  std::shared_mutex destroying_;  // taken after mutex_, and never waited for with it
};

}  // namespace muniment::records
