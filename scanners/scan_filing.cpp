// From the pages of a scan to documents.
#include <algorithm>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "ingest/barcode_setting.h"
#include "scanners/internal/scan_pdf.h"
#include "scanners/scan_desk.h"
#include "storage/page_origins.h"
#include "storage/source_arrivals.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using storage::Principal;
using storage::Scan;
using storage::ScanPage;
using storage::ScanState;

std::vector<std::int64_t> ScanDesk::file(const Principal& who, std::int64_t scan_id) {
  require_resting(scan_id);
  auto documents = file_documents(who, scan_id, Coming::none_unless_resumed);
  if (documents.empty()) throw Error(ErrorCode::conflict, "there is no page to file, or only blank ones");
  close(who, scan_id);
  return documents;
}

// Unless somebody has gone on with it meanwhile.
void ScanDesk::close(const Principal& who, std::int64_t scan_id) {
  const std::scoped_lock lock(mutex_);
  auto tx = database_.begin(who.actor());
  const auto scan = storage::find_scan(tx, who, scan_id);
  if (!scan || scan->state == ScanState::scanning || !scan->pages.empty()) return;
  storage::set_scan_state(tx, scan_id, ScanState::filed, "", scan->pass);
  tx.commit();
  remove_all_of(folder_of(scan_id));
}

std::vector<std::int64_t> ScanDesk::file_documents(const Principal& who, std::int64_t scan_id, Coming coming) {
  const std::scoped_lock lock(filing_);
  std::vector<std::int64_t> made;
  for (;;) {
    const Scan scan = require_scan(who, scan_id);
    const bool complete =
        coming == Coming::none || (coming == Coming::none_unless_resumed && scan.state != ScanState::scanning);
    const ingest::BarcodeRules barcodes = [&] {
      auto session = database_.read();
      return rules(session);
    }();
    const auto documents = documents_of(scan.pages, plan_from_json(scan.plan), barcodes, complete);
    if (documents.empty()) return made;
    std::int64_t version = scan.version;
    try {
      for (const DocumentPages& document : documents) {
        made.push_back(file_one(who, scan, version++, document));
        for (const ScanPage& page : scan.pages) {
          if (std::ranges::find(document.spent, page.id) != document.spent.end()) remove_files(scan.id, page);
        }
      }
    } catch (const Error& error) {
      // A page was put back, turned or moved, say: what is not filed yet is parted anew.
      if (error.code() != ErrorCode::stale) throw;
      log_.info("scan_changed_while_filed", {{"scan", scan_id}});
    }
  }
}

std::int64_t ScanDesk::file_one(const Principal& who, const Scan& scan, std::int64_t version,
                                const DocumentPages& document) {
  const ScanPlan plan = plan_from_json(scan.plan);
  std::vector<PdfPicture> pictures;
  for (const ScanPage& page : document.pages) {
    pictures.push_back({folder_of(scan.id) / (std::to_string(page.number) + page.extension), page.width, page.height,
                        page.resolution, page.turn});
  }
  core::TempFile file = blobs_.new_file();
  write_pdf(pictures, file);
  ingest::Arrival arrival;
  arrival.document.filename = "scan-" + core::to_iso(core::civil_date(scan.created_at)) + "-" +
                              std::to_string(scan.id) + "-" + std::to_string(document.pages.front().number) + ".pdf";
  arrival.document.source = "scan";
  arrival.document.class_id = plan.class_id;
  arrival.document.folder_id = plan.folder_id;
  arrival.document.type_id = plan.type_id;
  arrival.document.tag_ids = plan.tag_ids;
  arrival.keep_duplicate = true;  // two scans of one paper are two scans
  arrival.counted = false;        // nobody sends it, and its pages are on the disk by now
  arrival.with = [&](storage::Transaction& tx, const ingest::Receipt& receipt) {
    storage::file_scan_pages(tx, scan.id, version, document.spent, receipt.document_id);
    storage::record_arrival(tx, "scan", scan.scanner);
    if (document.parted_by_hand) storage::keep_whole(tx, receipt.document_id);
  };
  return intake_.accept_file(who, std::move(arrival), file.path()).document_id;
}

ingest::BarcodeRules ScanDesk::rules(storage::Session& session) const {
  return ingest::barcode_setting(session, configured_).rules;
}

std::vector<DocumentPages> ScanDesk::parted(storage::Session& session, const Scan& scan) const {
  return documents_of(scan.pages, plan_from_json(scan.plan), rules(session), true);
}

}  // namespace muniment::scanners
