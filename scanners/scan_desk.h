// Scans on their way to documents: pages come from a scanner, lie here for people to look through, and are filed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/log.h"
#include "ingest/intake.h"
#include "scanners/scan_plan.h"
#include "scanners/scan_program.h"
#include "storage/access.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/scans.h"

namespace muniment::scanners {

// Unless documents can be filed as the plan has it, and by `who`: Error(forbidden), Error(invalid_argument).
void require_may_file(storage::Session& session, const storage::Principal& who, const ScanPlan& plan);

// Thread-safe. A page is in the catalogue and on disk before the scanner takes in the next one; neither a jam nor the
// end of the service loses it. Scans are their owner's: whoever is not finds nothing.
class ScanDesk {
 public:
  // Takes up what the last run left in `folder` (DATA/scans): pages that are whole belong to their scan, which is
  // paused as "interrupted". All references outlive this object.
  ScanDesk(std::filesystem::path folder, const ScanProgram& program, storage::Database& database,
           const storage::BlobStore& blobs, const ingest::Intake& intake, ingest::BarcodeRules configured,
           core::Log& log);
  // Stops what is being scanned, each after its present page.
  ~ScanDesk();

  const ScanProgram& program() const { return program_; }

  // Begins to scan; the scan's identifier. Error(conflict) while the scanner scans for somebody, (forbidden) without
  // the permission to capture, (invalid_argument) for a plan that is not sound; those of require_may_file.
  std::int64_t start(const storage::Principal& who, const std::string& scanner, const ScanPlan& plan);
  // Goes on after a jam, with the stack turned over, or with more paper. Error(not_found); (conflict) while it scans.
  void resume(const storage::Principal& who, std::int64_t scan_id);
  // Scans one page in the place of another. Error(not_found), (conflict).
  void rescan(const storage::Principal& who, std::int64_t scan_id, std::int64_t page_id);
  // After the present page. Nothing happens when nothing is being scanned.
  void stop(const storage::Principal& who, std::int64_t scan_id);

  void remove_page(const storage::Principal& who, std::int64_t scan_id, std::int64_t page_id);
  // The scan and all pages that are not filed. Error(conflict) while it scans.
  void discard(const storage::Principal& who, std::int64_t scan_id);

  // Makes documents of the pages as the plan and people part them, through the intake; they are read like any other.
  // Their identifiers. What people change meanwhile counts for all that is not filed yet. Error(conflict) while it
  // scans, or when there is nothing but blank pages; those of the intake: the documents before the one that failed are
  // filed, the pages of the others stay.
  std::vector<std::int64_t> file(const storage::Principal& who, std::int64_t scan_id);

  // What its pages would be parted into now.
  std::vector<DocumentPages> parted(storage::Session& session, const storage::Scan& scan) const;

  // A page's picture as a file: small, or as it was scanned. Error(not_found).
  std::filesystem::path picture(const storage::Scan& scan, std::int64_t page_id, bool small) const;

  // A quick picture of the whole glass, as JPEG. Error(conflict) while the scanner is in use, (unavailable) when it
  // does not deliver.
  std::string preview(const storage::Principal& who, const std::string& scanner, ColourMode mode);

 private:
  struct Task;
  void recover();
  void adopt(const storage::Scan& scan);
  std::filesystem::path folder_of(std::int64_t scan_id) const { return folder_ / std::to_string(scan_id); }
  storage::Scan require_scan(const storage::Principal& who, std::int64_t scan_id) const;
  bool running(std::int64_t scan_id) const;
  void require_resting(std::int64_t scan_id) const;
  void begin(const storage::Scan& scan, const storage::Principal& who, std::optional<std::int64_t> replaces);
  void run(const Task& task, std::stop_token stop);
  void take_page(const Task& task, const ScannedPage& page);
  // Both answer with what went wrong: nothing.
  std::string complete(const Task& task);
  std::string rest(const Task& task, const std::string& problem);
  // Whether pages will come yet, which the last document may get.
  enum class Coming { more, none, none_unless_resumed };
  std::vector<std::int64_t> file_documents(const storage::Principal& who, std::int64_t scan_id, Coming coming);
  // The document's identifier. Error(stale) when the scan is not of that version any more.
  std::int64_t file_one(const storage::Principal& who, const storage::Scan& scan, std::int64_t version,
                        const DocumentPages& document);
  void close(const storage::Principal& who, std::int64_t scan_id);
  // For barcodes, as they hold at this moment.
  ingest::BarcodeRules rules(storage::Session& session) const;
  // What cannot be removed, on a disk that has failed say, goes at the next start.
  void remove_all_of(const std::filesystem::path& folder) const;
  void remove_files(std::int64_t scan_id, const storage::ScanPage& page) const;

  const std::filesystem::path folder_;
  const ScanProgram& program_;
  storage::Database& database_;
  const storage::BlobStore& blobs_;
  const ingest::Intake& intake_;
  const ingest::BarcodeRules configured_;  // that hold unless people have set others
  core::Log& log_;
  std::mutex filing_;  // one filing at a time: two would make two documents of a page
  mutable std::mutex mutex_;
  struct Running {
    std::string scanner;
    bool over = false;
    std::jthread thread;
  };
  std::map<std::int64_t, Running> running_;
  bool ending_ = false;  // what is stopped now was not stopped by somebody
};

}  // namespace muniment::scanners
