#include "records/paper_disposal.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/erasure.h"
#include "records/internal/paper.h"
#include "records/internal/people.h"
#include "records/internal/readable.h"
#include "records/loans.h"
#include "records/records.h"
#include "records/scan_checks.h"
#include "storage/document_versions.h"
#include "storage/index_queue.h"
#include "storage/restrictions.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestMethod = 500;

std::string checked_method(std::string_view method) {
  std::string clean = core::collapse_space(core::to_nfc(method));
  if (!clean.empty() && clean.size() <= kLongestMethod) return clean;
  throw Error(ErrorCode::invalid_argument, "say how the paper was destroyed, in 1 to 500 bytes",
              {{"/method", "1 to 500 bytes"}});
}

void check_day(Date destroyed_on, Date today) {
  if (destroyed_on <= today) return;
  throw Error(ErrorCode::invalid_argument, "what has not happened cannot be confirmed",
              {{"/destroyed_on", "must be today or earlier"}});
}

struct Reason {
  std::optional<std::int64_t> batch_id;
  std::optional<std::int64_t> scan_check_id;
};

void write_destruction(Transaction& tx, std::int64_t document_id, const Reason& reason, Date destroyed_on,
                       const std::string& method) {
  // Its place is free before nothing may be put there any more.
  tx.execute("UPDATE physical_item SET home_id = NULL WHERE document_id = $1", document_id);
  set_current(tx, document_id, std::nullopt, "destroyed");
  tx.execute(
      "INSERT INTO paper_destruction (document_id, batch_id, scan_check_id, destroyed_on, method, confirmed_at, "
      "confirmed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      document_id, reason.batch_id, reason.scan_check_id, destroyed_on, method, tx.now(), author(tx));
  tx.execute("UPDATE barcode SET replaced_at = $1 WHERE document_id = $2 AND replaced_at IS NULL", tx.now(),
             document_id);
  tx.execute("UPDATE reservation SET ended_at = $1 WHERE document_id = $2 AND ended_at IS NULL", tx.now(), document_id);
}

void require_no_hold(Session& session, std::int64_t document_id, bool openly_held) {
  if (openly_held) throw Error(ErrorCode::conflict, "a record under hold is not destroyed, nor its paper");
  if (session.value<std::int64_t>("SELECT d.id FROM document d WHERE d.id = $1 AND " + std::string(kMustStay),
                                  document_id)) {
    throw Error(ErrorCode::conflict, "the paper of document " + std::to_string(document_id) +
                                         " cannot be destroyed now; ask a records manager why");
  }
}

void require_enough_pages(const ScanCoverage& coverage) {
  if (coverage.reached()) return;
  throw Error(ErrorCode::conflict, std::to_string(coverage.pages.size()) + " of " + std::to_string(coverage.of) +
                                       " pages were compared with the paper; the rule asks for " +
                                       std::to_string(coverage.needed));
}

}  // namespace

std::optional<PaperDestruction> find_paper_destruction(Session& session, std::int64_t document_id) {
  const auto found = session.row<std::optional<std::int64_t>, Date, std::string, core::Time,
                                 std::optional<std::int64_t>, std::optional<std::string>>(
      "SELECT p.batch_id, p.destroyed_on, p.method, p.confirmed_at, p.confirmed_by, a.display_name "
      "FROM paper_destruction p LEFT JOIN account a ON a.id = p.confirmed_by WHERE p.document_id = $1",
      document_id);
  if (!found) return std::nullopt;
  const auto& [batch, destroyed_on, method, confirmed_at, by, name] = *found;
  return PaperDestruction{document_id,  batch,          destroyed_on,           method,
                          confirmed_at, by.value_or(0), name.value_or("System")};
}

std::vector<PaperToDestroy> paper_to_destroy(Session& session, const Principal& who, core::Time trashed_before) {
  std::vector<PaperToDestroy> papers;
  const std::string held =
      "EXISTS (SELECT 1 FROM hold_item h JOIN hold x ON x.id = h.hold_id WHERE h.document_id = d.id AND h.released_at "
      "IS NULL" +
      known_holds("x", who) + ")";
  const std::string paper =
      " JOIN physical_item i ON i.document_id = d.id LEFT JOIN barcode b ON b.document_id = d.id AND b.replaced_at IS "
      "NULL WHERE " +
      std::string(kHasPaper) + " AND ";
  const std::string identity = "SELECT d.id, d.access_list_id, d.title, coalesce(b.code, ''), i.current_id, ";
  for (const auto& [id, list, title, code, current, batch, until, is_held, receiver] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, std::optional<std::int64_t>,
                    std::optional<std::int64_t>, std::optional<Date>, bool, std::string>(
           identity + "t.batch_id, r.restorable_until, " + held +
               ", coalesce(t.transferred_to, '') FROM record r JOIN document d ON d.id = r.document_id JOIN tombstone "
               "t ON t.document_id = d.id" +
               paper + "r.stage = 'restorable' UNION ALL " + identity + "NULL, NULL, " + held + ", '' FROM document d" +
               paper + std::string(kTrashTimeIsOver) + " ORDER BY 7, 1",
           trashed_before)) {
    if (!who.may_read(list)) continue;
    papers.push_back({id, title, code, place_of(session, current), batch, until, is_held, receiver});
  }
  return papers;
}

void confirm_paper_destroyed(Transaction& tx, const Principal& who, const std::vector<std::int64_t>& documents,
                             Date destroyed_on, std::string_view method, const PaperDay& day, const HoldsAsked& asked) {
  who.require(Permission::manage_paper);
  const std::string clean = checked_method(method);
  check_day(destroyed_on, day.today);
  const auto waiting = paper_to_destroy(tx, who, day.trashed_before);
  for (const std::int64_t document : documents) {
    const auto paper = std::find_if(waiting.begin(), waiting.end(),
                                    [document](const PaperToDestroy& one) { return one.document_id == document; });
    if (paper == waiting.end()) {
      throw Error(ErrorCode::not_found, "no paper of a document " + std::to_string(document) + " is to be destroyed");
    }
    require_no_hold(tx, document, paper->held);
    require_asked(tx, asked, document);
    if (paper->restorable_until && day.today <= *paper->restorable_until) {
      throw Error(ErrorCode::conflict, "document " + std::to_string(document) + " can be restored until " +
                                           core::to_iso(*paper->restorable_until) +
                                           "; destroy its paper after that day");
    }
    write_destruction(tx, document, {paper->batch_id, std::nullopt}, destroyed_on, clean);
    tx.audit({paper->transferred_to.empty() ? "disposition.paper_destroyed" : "disposition.paper_handed_over",
              "document", document, "",
              Json{{"batch_id", paper->batch_id ? Json(*paper->batch_id) : Json()},
                   {"destroyed_on", core::to_iso(destroyed_on)},
                   {"method", clean}}
                  .dump()});
  }
}

void discard_paper(Transaction& tx, const Principal& who, std::int64_t document_id, Date destroyed_on,
                   std::string_view method, Date today, const HoldsAsked& asked) {
  const auto document = require_paper_and_scan(tx, who, document_id);
  const std::string clean = checked_method(method);
  check_day(destroyed_on, today);
  storage::require_not_handed_over(tx, document);
  require_no_hold(tx, document_id, document.openly_held);
  require_asked(tx, asked, document_id);
  if (open_loan(tx, document_id)) throw Error(ErrorCode::conflict, "this paper is on loan; take it back first");
  const auto checks = scan_checks(tx, document_id);
  if (checks.empty() || !checks.front().passed) {
    throw Error(ErrorCode::conflict, checks.empty() ? "compare the scan with the paper first, and record the check"
                                                    : "the last check of the scan failed; scan and compare again");
  }
  const auto versions = storage::document_versions(tx, document);
  if (checks.front().checked_at < versions.front().created_at) {
    throw Error(ErrorCode::conflict, "another scan has come since one was compared with the paper; compare that one");
  }
  require_enough_pages(scan_coverage(tx, document));
  write_destruction(tx, document_id, {std::nullopt, checks.front().id}, destroyed_on, clean);
  tx.execute("UPDATE document SET medium = 'digital', version = version + 1 WHERE id = $1", document_id);
  storage::queue_for_indexing(tx, document_id);
  tx.audit({"paper.discarded", "document", document_id, "",
            Json{{"scan_check_id", checks.front().id}, {"destroyed_on", core::to_iso(destroyed_on)}, {"method", clean}}
                .dump()});
}

}  // namespace muniment::records
