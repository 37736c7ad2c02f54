#include "storage/archive_imports.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/audit.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using ImportJson = nlohmann::ordered_json;

constexpr char kImportColumns[] =
    "SELECT id, account_id, name, location, uploaded, preview, job_id, created_at FROM archive_import ";
constexpr char kItemColumns[] =
    "SELECT position, place, path, size, description, number, outcome, document_id, problem FROM archive_import_item ";

std::vector<ArchiveImport> read_imports(Session& session, const std::string& condition, const auto&... arguments) {
  std::vector<ArchiveImport> imports;
  for (const auto& [id, account, name, location, uploaded, preview, job, created] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, bool, std::string, std::int64_t, core::Time>(
           kImportColumns + condition, arguments...)) {
    imports.push_back({id, account, name, location, uploaded, preview, find_job(session, job).value(), created});
  }
  return imports;
}

std::vector<ImportItem> read_items(Session& session, const std::string& condition, const auto&... arguments) {
  std::vector<ImportItem> items;
  for (const auto& [position, place, path, size, description, number, outcome, document, problem] :
       session.rows<std::int64_t, std::string, std::string, std::uint64_t, std::string, std::optional<std::int64_t>,
                    std::optional<std::string>, std::optional<std::int64_t>, std::string>(kItemColumns + condition,
                                                                                          arguments...)) {
    items.push_back({position, place, path, size, description, number, outcome.value_or(""), document, problem});
  }
  return items;
}

ArchiveImport require_import(Session& session, const Principal& who, std::int64_t id) {
  auto found = find_archive_import(session, who, id);
  if (!found) throw Error(ErrorCode::not_found, "there is no such import of yours");
  if (found->is_open()) throw Error(ErrorCode::conflict, "this import is being worked on; cancel that first");
  return std::move(*found);
}

// An import makes documents, files them, and makes what they need for that.
void require_rights(const Principal& who) {
  for (const Permission needed : {Permission::operate, Permission::capture, Permission::edit_documents}) {
    who.require(needed);
  }
}

std::int64_t enqueue_import(Transaction& tx, std::string_view kind, std::int64_t id) {
  const std::int64_t job = enqueue_job(tx, kind, std::nullopt, kBulk, ImportJson{{"import", id}}.dump());
  if (id > 0) tx.execute("UPDATE archive_import SET job_id = $1 WHERE id = $2", job, id);
  return job;
}

}  // namespace

std::int64_t create_archive_import(Transaction& tx, const Principal& who, std::string_view name,
                                   std::string_view location, bool uploaded) {
  require_rights(who);
  const std::int64_t job = enqueue_import(tx, kImportPreviewJob, 0);
  const std::int64_t id = tx.insert(
      "INSERT INTO archive_import (account_id, name, location, uploaded, job_id, created_at) VALUES ($1, $2, $3, $4, "
      "$5, $6)",
      who.account_id, name, location, uploaded, job, tx.now());
  tx.execute("UPDATE job SET parameters = $1 WHERE id = $2", ImportJson{{"import", id}}.dump(), job);
  tx.audit({"archive_import.sent", "archive_import", id});
  return id;
}

std::int64_t preview_archive_import(Transaction& tx, const Principal& who, std::int64_t id) {
  require_rights(who);
  const ArchiveImport before = require_import(tx, who, id);
  const bool entered = tx.value<std::int64_t>(
                             "SELECT EXISTS (SELECT 1 FROM archive_import_item WHERE import_id = $1 AND outcome IN "
                             "('taken_in', 'there_already'))",
                             id)
                           .value() != 0;
  if (before.is_begun() && (entered || before.job.state == JobState::done)) {
    throw Error(ErrorCode::conflict, "this import was begun already; go on with it");
  }
  return enqueue_import(tx, kImportPreviewJob, id);
}

std::int64_t begin_archive_import(Transaction& tx, const Principal& who, std::int64_t id) {
  require_rights(who);
  const ArchiveImport before = require_import(tx, who, id);
  if (!before.is_begun() && before.job.state != JobState::done) {
    throw Error(ErrorCode::conflict, "this import was not looked over yet; have that done first");
  }
  if (before.is_begun() && before.job.state == JobState::done) {
    throw Error(ErrorCode::conflict, "all of this import was gone through already; send what is missing anew");
  }
  // What was refused may be possible by now, unless it never can be.
  tx.execute(
      "UPDATE archive_import_item SET outcome = NULL WHERE import_id = $1 AND outcome = 'refused' AND description <> "
      "''",
      id);
  tx.audit({before.is_begun() ? "archive_import.continued" : "archive_import.begun", "archive_import", id});
  return enqueue_import(tx, kImportJob, id);
}

void remove_archive_import(Transaction& tx, const Principal& who, std::int64_t id) {
  require_import(tx, who, id);
  forget_archive_import(tx, id);
  tx.audit({"archive_import.removed", "archive_import", id});
}

std::optional<ArchiveImport> find_archive_import(Session& session, const Principal& who, std::int64_t id) {
  auto imports = read_imports(session, "WHERE id = $1 AND account_id = $2", id, who.account_id);
  if (imports.empty()) return std::nullopt;
  return std::move(imports.front());
}

std::vector<ArchiveImport> list_archive_imports(Session& session, const Principal& who) {
  return read_imports(session, "WHERE account_id = $1 ORDER BY id DESC", who.account_id);
}

std::optional<ArchiveImport> archive_import_of(Session& session, const Job& job) {
  auto imports = read_imports(session, "WHERE job_id = $1", job.id);
  if (imports.empty()) return std::nullopt;
  return std::move(imports.front());
}

std::vector<ArchiveImport> archive_imports_to_forget(Session& session, core::Time moment, core::Time cancelled_before) {
  return read_imports(session,
                      "WHERE job_id IN (SELECT id FROM job WHERE finished_at <= $1 AND state IN ('done', 'failed', "
                      "'cancelled')) OR job_id IN (SELECT id FROM job WHERE finished_at <= $2 AND state = 'cancelled' "
                      "AND kind = $3) OR uploaded = 1 AND job_id IN (SELECT id FROM job WHERE state IN ('failed', "
                      "'cancelled')) AND EXISTS (SELECT 1 FROM archive_import_item i WHERE i.import_id = "
                      "archive_import.id AND i.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document d WHERE "
                      "d.id = i.document_id))",
                      moment, cancelled_before, kImportPreviewJob);
}

void forget_archive_import(Transaction& tx, std::int64_t id) {
  tx.execute("DELETE FROM archive_import WHERE id = $1", id);
}

void record_preview(Transaction& tx, std::int64_t id, std::string_view preview, const std::vector<ImportItem>& items) {
  tx.execute("DELETE FROM archive_import_item WHERE import_id = $1", id);
  for (const ImportItem& item : items) {
    tx.execute(
        "INSERT INTO archive_import_item (import_id, position, place, path, size, description, number, outcome, "
        "problem) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id, item.position, item.place, item.path, item.size, item.description, item.number,
        item.outcome.empty() ? std::nullopt : std::optional(item.outcome), item.problem);
  }
  tx.execute("UPDATE archive_import SET preview = $1 WHERE id = $2", preview, id);
}

std::optional<ImportItem> find_waiting_item(Session& session, std::int64_t id, std::string_view path) {
  auto items =
      read_items(session, "WHERE import_id = $1 AND path = $2 AND outcome IS NULL ORDER BY position LIMIT 1", id, path);
  if (items.empty()) return std::nullopt;
  return std::move(items.front());
}

void record_arrival(Transaction& tx, std::int64_t id, std::int64_t position, std::int64_t document_id, bool duplicate) {
  tx.execute(
      "UPDATE archive_import_item SET outcome = $1, document_id = $2, description = '', problem = '' "
      "WHERE import_id = $3 AND position = $4",
      duplicate ? "there_already" : "taken_in", document_id, id, position);
}

void record_refusal(Transaction& tx, std::int64_t id, std::int64_t position, std::string_view problem) {
  tx.execute("UPDATE archive_import_item SET outcome = 'refused', problem = $1 WHERE import_id = $2 AND position = $3",
             problem, id, position);
}

void refuse_waiting_items(Transaction& tx, std::int64_t id, std::string_view problem) {
  tx.execute(
      "UPDATE archive_import_item SET outcome = 'refused', problem = $1 WHERE import_id = $2 AND outcome IS NULL",
      problem, id);
}

void record_links(Transaction& tx, std::int64_t id, std::int64_t document_id,
                  const std::vector<std::pair<std::string, std::int64_t>>& links) {
  for (const auto& [key, number] : links) {
    tx.execute("INSERT INTO archive_import_link (import_id, document_id, field_key, number) VALUES ($1, $2, $3, $4)",
               id, document_id, key, number);
  }
}

std::vector<ImportLink> import_links(Session& session, std::int64_t id) {
  std::vector<ImportLink> links;
  for (const auto& [document, key, target] : session.rows<std::int64_t, std::string, std::int64_t>(
           "SELECT l.document_id, l.field_key, min(i.document_id) FROM archive_import_link l JOIN archive_import_item "
           "i ON i.import_id = l.import_id AND i.number = l.number WHERE l.import_id = $1 AND i.document_id IS NOT "
           "NULL GROUP BY l.id ORDER BY l.id",
           id)) {
    links.push_back({document, key, target});
  }
  return links;
}

void remove_links(Transaction& tx, std::int64_t id) {
  tx.execute("DELETE FROM archive_import_link WHERE import_id = $1", id);
}

std::map<std::string, std::int64_t> import_counts(Session& session, std::int64_t id) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [outcome, count, problems] : session.rows<std::string, std::int64_t, std::int64_t>(
           "SELECT coalesce(outcome, ''), count(*), count(CASE WHEN outcome IS NULL AND problem <> '' THEN 1 END) "
           "FROM archive_import_item WHERE import_id = $1 GROUP BY outcome",
           id)) {
    counts[outcome] = count;
    if (problems > 0) counts["problem"] = problems;
  }
  return counts;
}

std::vector<ImportItem> list_import_items(Session& session, std::int64_t id, std::string_view outcome,
                                          std::size_t offset, std::size_t limit) {
  return read_items(session,
                    "WHERE import_id = $1 AND ($2 = '' OR outcome = $2 OR ($2 = 'problem' AND problem <> '')) ORDER BY "
                    "position LIMIT $3 OFFSET $4",
                    id, outcome, limit, offset);
}

}  // namespace muniment::storage
