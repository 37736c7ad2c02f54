// What is brought in from another archive: an export of it, what each of its documents is, and what became of them
// here. First it is looked over, which changes nothing; then somebody has it taken in. Both are jobs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "storage/access.h"
#include "storage/database.h"
#include "storage/jobs.h"

namespace muniment::storage {

inline constexpr std::string_view kImportPreviewJob = "import_preview";
inline constexpr std::string_view kImportJob = "import";

struct ArchiveImport {
  std::int64_t id = 0;
  std::int64_t account_id = 0;  // whose it is
  std::string name;             // of the file as it was sent
  std::string location;         // of an upload its identifier, else an absolute path
  bool uploaded = false;        // then the file is the service's own, and goes with the import
  std::string preview;          // JSON of ingest/archive_import.h; empty until it was looked over
  Job job;                      // the last one: looking it over or, once it was begun, taking it in
  core::Time created_at;

  bool is_begun() const { return job.kind == kImportJob; }
  bool is_open() const { return job.state == JobState::queued || job.state == JobState::running; }
};

// These are for the import's own account only, and need Permission::operate. Each begins a job.
// Error(forbidden) for who may not take in, file and name documents. `location`: of ArchiveImport.
std::int64_t create_archive_import(Transaction& tx, const Principal& who, std::string_view name,
                                   std::string_view location, bool uploaded);
// Looks it over anew. Error(not_found); Error(conflict) once something of it has come in or all of it was gone through,
// and while it is worked on.
std::int64_t preview_archive_import(Transaction& tx, const Principal& who, std::int64_t id);
// Takes in what has not come in yet: for the first time, or after it was cancelled or failed. Error(not_found);
// Error(conflict) before it was looked over, while something of it goes on, and when all of it was gone through.
std::int64_t begin_archive_import(Transaction& tx, const Principal& who, std::int64_t id);
// Forgets it; what it has brought in stays. Error(not_found), Error(conflict) while something of it goes on. The caller
// removes the file.
void remove_archive_import(Transaction& tx, const Principal& who, std::int64_t id);

std::optional<ArchiveImport> find_archive_import(Session& session, const Principal& who, std::int64_t id);
// The newest first.
std::vector<ArchiveImport> list_archive_imports(Session& session, const Principal& who);
// Of its job, whoever asks.
std::optional<ArchiveImport> archive_import_of(Session& session, const Job& job);
// Those that nothing has been done with since `moment`, those whose looking over was cancelled before
// `cancelled_before`, from which nothing can be begun, and those that ended before their end and whose own file holds
// what was destroyed since.
std::vector<ArchiveImport> archive_imports_to_forget(Session& session, core::Time moment, core::Time cancelled_before);
void forget_archive_import(Transaction& tx, std::int64_t id);

// A document of the export.
struct ImportItem {
  std::int64_t position = 0;  // from 1
  std::string place;          // "line 7"
  std::string path;           // of its file in the export; empty when the document was destroyed
  std::uint64_t size = 0;
  std::string description;             // JSON of ingest/imported_archive.h; empty once the document is here
  std::optional<std::int64_t> number;  // in the other archive
  std::string outcome;                 // "taken_in", "there_already", "refused"; empty: not yet
  std::optional<std::int64_t> document_id;
  std::string problem;  // why it was refused, or would be as things stand
};
// In place of what was found before.
void record_preview(Transaction& tx, std::int64_t id, std::string_view preview, const std::vector<ImportItem>& items);
// The first that has this file and did not come in yet.
std::optional<ImportItem> find_waiting_item(Session& session, std::int64_t id, std::string_view path);
// Its description is cleared away with that: the document has it, and may be destroyed.
void record_arrival(Transaction& tx, std::int64_t id, std::int64_t position, std::int64_t document_id, bool duplicate);
void record_refusal(Transaction& tx, std::int64_t id, std::int64_t position, std::string_view problem);
// Those that are still waiting are refused for that.
void refuse_waiting_items(Transaction& tx, std::int64_t id, std::string_view problem);

// That one document of it refers to another, in a field of the key.
struct ImportLink {
  std::int64_t document_id = 0;
  std::string key;
  std::int64_t target = 0;  // the document here
};
void record_links(Transaction& tx, std::int64_t id, std::int64_t document_id,
                  const std::vector<std::pair<std::string, std::int64_t>>& links);
// Whose both ends are here, in the order in which they were told.
std::vector<ImportLink> import_links(Session& session, std::int64_t id);
void remove_links(Transaction& tx, std::int64_t id);

// How many by outcome; "" are those that did not come in yet, "problem" those of them that would be refused.
std::map<std::string, std::int64_t> import_counts(Session& session, std::int64_t id);
// By position. `outcome`: only those; "problem" as above, "" every one.
std::vector<ImportItem> list_import_items(Session& session, std::int64_t id, std::string_view outcome,
                                          std::size_t offset, std::size_t limit);

}  // namespace muniment::storage
