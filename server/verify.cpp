#include "server/verify.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "records/records.h"
#include "storage/audit_verifier.h"
#include "storage/documents.h"
#include "storage/index_queue.h"
#include "storage/pages.h"
#include "storage/statistics.h"

namespace muniment::server {

namespace {

constexpr std::size_t kStep = 10'000;
constexpr std::size_t kMostFindings = 1000;
constexpr std::size_t kCompared = 200;  // documents whose text is compared with the index
constexpr int kLooks = 3;               // at a document that changes while it is looked at
constexpr char kReindex[] = "; run \"muniment reindex\"";

// What is destroyed at this moment is first removed and then forgotten, in one transaction: once that is over, the row
// tells whether there ought to be a file.
std::optional<std::string> lasting_damage(storage::Database& database, const storage::BlobStore& blobs,
                                          const storage::BlobRecord& record) {
  if (!blobs.damage(record.hash, record.size)) return std::nullopt;
  {
    auto tx = database.begin(storage::Actor::system("verify"));
    if (!storage::is_recorded(tx, record.hash)) return std::nullopt;
  }
  return blobs.damage(record.hash, record.size);
}

void verify_blobs(storage::Database& database, const storage::BlobStore& blobs, Verification& result,
                  const StageReport& report, std::int64_t total) {
  report("originals", 0, total);
  std::set<core::Sha256> known;
  storage::for_each_blob(database, [&](const storage::BlobRecord& record) {
    if (auto damage = lasting_damage(database, blobs, record)) result.findings.push_back(std::move(*damage));
    known.insert(record.hash);
    report("originals", ++result.blobs, total);
  });
  blobs.for_each([&](const core::Sha256& hash, std::uint64_t) {
    if (known.contains(hash)) return;
    auto session = database.read();
    if (!storage::is_recorded(session, hash)) ++result.unreferenced_blobs;
  });
}

// Whether only one of the catalogue and the index has the document, each time that it is looked at, though no change of
// it waits to be indexed.
bool is_in_one_only(storage::Database& database, const index::SearchIndex& index, std::int64_t id) {
  const auto is_first = [id](const std::vector<std::int64_t>& found) { return !found.empty() && found.front() == id; };
  for (int attempt = 0; attempt < kLooks; ++attempt) {
    auto session = database.read();
    if (storage::is_queued_for_indexing(session, id)) return false;
    if (is_first(storage::indexable_documents(session, id - 1, 1)) == is_first(index.documents(id - 1, 1)))
      return false;
  }
  return true;
}

void verify_index(storage::Database& database, const index::SearchIndex& index, Verification& result) {
  std::vector<std::int64_t> wanted, present;
  for (std::int64_t after = 0;;) {
    auto session = database.read();
    const auto step = storage::indexable_documents(session, after, kStep);
    if (step.empty()) break;
    wanted.insert(wanted.end(), step.begin(), step.end());
    after = step.back();
  }
  for (std::int64_t after = 0;;) {
    const auto step = index.documents(after, kStep);
    if (step.empty()) break;
    present.insert(present.end(), step.begin(), step.end());
    after = step.back();
  }
  std::vector<std::int64_t> different;
  std::set_symmetric_difference(wanted.begin(), wanted.end(), present.begin(), present.end(),
                                std::back_inserter(different));
  for (const std::int64_t id : different) {
    if (!is_in_one_only(database, index, id)) continue;
    const bool missing = std::binary_search(wanted.begin(), wanted.end(), id);
    result.findings.push_back("document " + std::to_string(id) +
                              (missing ? " is missing from the search index" : " should not be in the search index") +
                              kReindex);
  }
}

// Pages are stored as they are read, and indexed when all are.
bool is_being_read(const storage::IndexableDocument& document) {
  return document.state == "received" || document.state == "reading";
}

// Whether the index has the text that the catalogue has. Only a document that changes each time it is looked at counts
// as sound unseen: the index takes its changes later.
bool is_indexed_as_stored(storage::Database& database, const index::SearchIndex& index, std::int64_t id) {
  for (int attempt = 0; attempt < kLooks; ++attempt) {
    std::optional<storage::IndexableDocument> document;
    {
      auto session = database.read();
      if (storage::is_queued_for_indexing(session, id)) return true;
      document = storage::load_indexable(session, id);
    }
    if (!document || is_being_read(*document) || index.holds_text_of(*document)) return true;
    auto session = database.read();
    if (storage::is_queued_for_indexing(session, id)) return true;
  }
  return false;
}

// Xapian's check does not notice every altered byte, so the text of some documents, spread evenly, is compared; others
// each time the audit log has grown.
void verify_indexed_text(storage::Database& database, const index::SearchIndex& index, Verification& result) {
  const std::vector<std::int64_t> present = index.documents(0, SIZE_MAX);
  const std::size_t step = std::max<std::size_t>(1, present.size() / kCompared);
  for (std::size_t i = static_cast<std::size_t>(result.audit_entries) % step; i < present.size(); i += step) {
    if (is_indexed_as_stored(database, index, present[i])) continue;
    result.findings.push_back("the search index does not have the text of document " + std::to_string(present[i]) +
                              kReindex);
  }
}

// What is asked of a damaged index answers Error(unavailable), or anything.
void verify_search(storage::Database& database, const index::SearchIndex& index, Verification& result) {
  const std::vector<std::string> damage = index.damage();
  for (const std::string& finding : damage) result.findings.push_back(finding + kReindex);
  if (!damage.empty()) return;
  verify_index(database, index, result);
  verify_indexed_text(database, index, result);
}

}  // namespace

Verification verify(storage::Database& database, const storage::BlobStore& blobs, const index::SearchIndex& index,
                    storage::AuditCheckpoints& checkpoints, const StageReport& report) {
  Verification result;
  std::int64_t total = 0;
  {
    auto session = database.read();
    const auto counts = storage::count_archive(session);
    total = counts.blobs;
    result.documents = counts.documents + counts.in_trash;
  }
  report("database", 0, 0);
  for (std::string& finding : database.check().findings) result.findings.push_back("database: " + std::move(finding));
  report("catalogue", 0, 0);
  {
    auto session = database.read();
    for (std::string& finding : storage::damaged_documents(session)) result.findings.push_back(std::move(finding));
    for (std::string& finding : storage::damaged_pages(session)) result.findings.push_back(std::move(finding));
    for (std::string& finding : records::damaged_records(session)) result.findings.push_back(std::move(finding));
    report("audit", 0, 0);
    storage::AuditVerdict log = storage::verify_audit(session, checkpoints.public_keys());
    result.audit_entries = log.entries;
    for (storage::AuditFinding& finding : log.findings) result.findings.push_back(std::move(finding.what));
  }
  for (std::string& finding : checkpoints.contradictions()) {
    if (std::find(result.findings.begin(), result.findings.end(), finding) == result.findings.end()) {
      result.findings.push_back(std::move(finding));
    }
  }
  verify_blobs(database, blobs, result, report, total);
  report("index", 0, 0);
  verify_search(database, index, result);
  return result;
}

std::string to_json(const Verification& verification) {
  auto findings = verification.findings;
  if (findings.size() > kMostFindings) findings.resize(kMostFindings);
  return nlohmann::ordered_json{{"sound", verification.findings.empty()},
                                {"findings", findings},
                                {"finding_count", verification.findings.size()},
                                {"blobs", verification.blobs},
                                {"documents", verification.documents},
                                {"audit_entries", verification.audit_entries},
                                {"unreferenced_blobs", verification.unreferenced_blobs}}
      .dump();
}

}  // namespace muniment::server
