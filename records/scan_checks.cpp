#include "records/scan_checks.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/people.h"
#include "records/records.h"
#include "storage/document_versions.h"
#include "storage/settings.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::Medium;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestNote = 2000;
constexpr std::string_view kPercent = "paper.scan_check_percent";

std::vector<std::int64_t> pages_of(Session& session, std::int64_t check_id) {
  std::vector<std::int64_t> pages;
  for (const auto& [page] :
       session.rows<std::int64_t>("SELECT page FROM scan_check_page WHERE check_id = $1 ORDER BY page", check_id)) {
    pages.push_back(page);
  }
  return pages;
}

// What is not a picture of pages, a spreadsheet say, is compared as one.
std::int64_t pages_in(const Document& document) {
  return std::max<std::int64_t>(1, document.page_count);
}

std::set<std::int64_t> checked_pages(const Document& document, const PagesCompared& compared) {
  const std::string right = "1 to " + std::to_string(pages_in(document));
  const auto fits = [&](std::int64_t number) { return number >= 1 && number <= pages_in(document); };
  if (compared.pages.empty() ? !fits(compared.count)
                             : !std::all_of(compared.pages.begin(), compared.pages.end(), fits)) {
    throw Error(ErrorCode::invalid_argument, "say which pages were compared, or how many",
                {{compared.pages.empty() ? "/pages_compared" : "/pages", right}});
  }
  return {compared.pages.begin(), compared.pages.end()};
}

void add(std::set<std::int64_t>& seen, const ScanCheck& check, std::int64_t of) {
  seen.insert(check.pages.begin(), check.pages.end());
  if (check.pages.empty() && check.pages_compared == of) {
    for (std::int64_t page = 1; page <= of; ++page) seen.insert(page);
  }
}

}  // namespace

Document require_paper_and_scan(Session& session, const Principal& who, std::int64_t document_id) {
  auto document = storage::changeable_document(session, who, document_id, Permission::manage_paper);
  if (document.medium != Medium::physical_and_digital) {
    throw Error(ErrorCode::conflict, document.medium == Medium::physical
                                         ? "this document is on paper only; there is no scan to keep"
                                         : "this document is not on paper");
  }
  if (document.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it first");
  return document;
}

std::vector<ScanCheck> scan_checks(Session& session, std::int64_t document_id) {
  std::vector<ScanCheck> checks;
  for (const auto& [id, at, name, pages, passed, note] :
       session.rows<std::int64_t, core::Time, std::optional<std::string>, std::int64_t, bool, std::string>(
           "SELECT s.id, s.checked_at, a.display_name, s.pages_compared, s.passed, s.note FROM scan_check s "
           "LEFT JOIN account a ON a.id = s.checked_by WHERE s.document_id = $1 ORDER BY s.id DESC",
           document_id)) {
    checks.push_back({id, at, name.value_or("System"), pages, pages_of(session, id), passed, note});
  }
  return checks;
}

std::int64_t record_scan_check(Transaction& tx, const Principal& who, std::int64_t document_id,
                               const PagesCompared& compared, bool passed, std::string_view note) {
  const auto document = require_paper_and_scan(tx, who, document_id);
  std::string clean(core::trim(core::to_nfc(note)));
  if (clean.size() > kLongestNote) {
    throw Error(ErrorCode::invalid_argument, "a note has at most 2000 bytes", {{"/note", "at most 2000 bytes"}});
  }
  const auto pages = checked_pages(document, compared);
  const std::int64_t count = pages.empty() ? compared.count : static_cast<std::int64_t>(pages.size());
  const std::int64_t id = tx.insert(
      "INSERT INTO scan_check (document_id, checked_at, checked_by, pages_compared, passed, note) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      document_id, tx.now(), author(tx), count, passed, clean);
  for (const std::int64_t page : pages) {
    tx.execute("INSERT INTO scan_check_page (check_id, page) VALUES ($1, $2)", id, page);
  }
  Json told{{"scan_check_id", id}, {"pages_compared", count}, {"passed", passed}};
  if (!pages.empty()) told["pages"] = pages;
  tx.audit({"paper.scan_checked", "document", document_id, "", told.dump()});
  return id;
}

ScanCoverage scan_coverage(Session& session, const Document& document) {
  ScanCoverage coverage;
  coverage.of = pages_in(document);
  coverage.needed = (coverage.of * scan_check_percent(session) + 99) / 100;
  const auto versions = storage::document_versions(session, document);
  std::set<std::int64_t> seen;
  for (const ScanCheck& check : scan_checks(session, document.id)) {
    if (!check.passed || (!versions.empty() && check.checked_at < versions.front().created_at)) break;
    add(seen, check, coverage.of);
  }
  coverage.pages.assign(seen.begin(), seen.end());
  return coverage;
}

int scan_check_percent(Session& session) {
  const auto set = storage::find_setting(session, kPercent);
  return set ? std::stoi(*set) : 0;
}

void set_scan_check_percent(Transaction& tx, const Principal& who, std::int64_t percent) {
  who.require(Permission::manage_schedules);
  if (percent < 0 || percent > 100) {
    throw Error(ErrorCode::invalid_argument, "a share of pages is 0 to 100 per cent", {{"/percent", "0 to 100"}});
  }
  const int before = scan_check_percent(tx);
  if (before == percent) return;
  storage::put_setting(tx, kPercent, std::to_string(percent));
  tx.audit({"paper.scan_rule_set", "setting", 0, Json{{"percent", before}}.dump(), Json{{"percent", percent}}.dump()});
}

}  // namespace muniment::records
