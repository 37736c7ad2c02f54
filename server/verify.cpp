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

void verify_blobs(storage::Database& database, const storage::BlobStore& blobs, Verification& result,
                  const std::function<void(std::int64_t, std::int64_t)>& progress, std::int64_t total) {
  std::set<core::Sha256> known;
  storage::for_each_blob(database, [&](const storage::BlobRecord& record) {
    if (auto damage = blobs.damage(record.hash, record.size)) result.findings.push_back(std::move(*damage));
    known.insert(record.hash);
    progress(++result.blobs, total);
  });
  blobs.for_each([&](const core::Sha256& hash, std::uint64_t) { result.unreferenced_blobs += !known.contains(hash); });
}

void verify_index(storage::Database& database, const index::SearchIndex& index, Verification& result) {
  std::vector<std::int64_t> wanted, present;
  std::set<std::int64_t> pending;
  auto session = database.read();
  for (const auto& changed : storage::changed_documents(session, SIZE_MAX / 2)) pending.insert(changed.document_id);
  for (std::int64_t after = 0;;) {
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
    if (pending.contains(id)) continue;
    const bool missing = std::binary_search(wanted.begin(), wanted.end(), id);
    result.findings.push_back("document " + std::to_string(id) +
                              (missing ? " is missing from the search index" : " should not be in the search index") +
                              "; run \"muniment reindex\"");
  }
}

}  // namespace

Verification verify(storage::Database& database, const storage::BlobStore& blobs, const index::SearchIndex& index,
                    storage::AuditCheckpoints& checkpoints,
                    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  Verification result;
  std::int64_t total = 0;
  {
    auto session = database.read();
    const auto counts = storage::count_archive(session);
    total = counts.blobs;
    result.documents = counts.documents + counts.in_trash;
  }
  for (std::string& finding : database.check().findings) result.findings.push_back("database: " + std::move(finding));
  {
    auto session = database.read();
    for (std::string& finding : storage::damaged_documents(session)) result.findings.push_back(std::move(finding));
    for (std::string& finding : records::damaged_records(session)) result.findings.push_back(std::move(finding));
    storage::AuditVerdict log = storage::verify_audit(session, checkpoints.public_keys());
    result.audit_entries = log.entries;
    for (storage::AuditFinding& finding : log.findings) result.findings.push_back(std::move(finding.what));
  }
  for (std::string& finding : checkpoints.contradictions()) {
    if (std::find(result.findings.begin(), result.findings.end(), finding) == result.findings.end()) {
      result.findings.push_back(std::move(finding));
    }
  }
  verify_blobs(database, blobs, result, progress, total);
  verify_index(database, index, result);
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
    for (std::string& finding : storage::damaged_pages(session)) result.findings.push_back(std::move(finding));
