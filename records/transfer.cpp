#include "records/transfer.h"

#include <map>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/people.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "this is not a receipt: " + right, {{"/receipt", right}});
}

std::string text_of(const Json& object, const char* name, std::size_t most) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return "";
  if (!found->is_string()) refuse(std::string(name) + " must be a text");
  const std::string text = found->get<std::string>();
  if (text.size() > most || !core::is_utf8(text)) {
    refuse(std::string(name) + " must be UTF-8 of at most " + std::to_string(most) + " bytes");
  }
  return text;
}

core::Sha256 hash_of(const Json& object, const char* name) {
  const auto hash = core::Sha256::from_hex(text_of(object, name, 64));
  if (!hash) refuse(std::string(name) + " must be 64 hexadecimal digits");
  return *hash;
}

constexpr std::string_view kImports =
    "SELECT i.id, i.package_id, i.sha256, i.receipt, i.imported_at, i.imported_by, a.display_name "
    "FROM transfer_import i LEFT JOIN account a ON a.id = i.imported_by ";

using ImportRow = std::tuple<std::int64_t, std::string, core::Sha256, std::string, core::Time,
                             std::optional<std::int64_t>, std::optional<std::string>>;
Import import_of(const ImportRow& row) {
  const auto& [id, package, hash, receipt, at, by, name] = row;
  return {id, package, hash, receipt, at, by.value_or(0), name.value_or("System")};
}

}  // namespace

Receipt parse_receipt(std::string_view json) {
  constexpr std::size_t kMostName = 500, kMostPath = 1000;
  if (json.size() > kMostReceiptBytes) refuse("it is larger than 16 MiB");
  const Json object = Json::parse(json, nullptr, false);
  if (!object.is_object() || text_of(object, "format", 100) != kReceiptFormat) {
    refuse("its format must be \"" + std::string(kReceiptFormat) + "\"");
  }
  Receipt receipt;
  const auto package = object.find("package");
  if (package == object.end() || !package->is_object()) refuse("it names no package");
  receipt.package_id = text_of(*package, "id", kMostName);
  if (receipt.package_id.empty()) refuse("it names no package");
  if (!text_of(*package, "sha256", 64).empty()) receipt.package_hash = hash_of(*package, "sha256");
  receipt.received_by = text_of(object, "received_by", kMostName);
  const auto time = core::parse_rfc3339(text_of(object, "received_at", 40));
  if (!time) refuse("received_at must be a time like 2026-11-24T08:00:00Z");
  receipt.received_on = core::civil_date(*time);
  const auto files = object.find("files");
  if (files == object.end() || !files->is_array() || files->empty()) refuse("it lists no files");
  for (const Json& file : *files) {
    if (!file.is_object()) refuse("files must be objects with path and sha256");
    PackageFile one;
    one.path = text_of(file, "path", kMostPath);
    one.hash = hash_of(file, "sha256");
    receipt.files.push_back(std::move(one));
  }
  return receipt;
}

std::optional<HandedOver> find_package(Session& session, std::int64_t batch_id) {
  const auto found =
      session.row<std::string, core::Sha256, std::uint64_t, core::Time, std::optional<core::Time>, std::int64_t>(
          "SELECT package_id, sha256, size, made_at, removed_at, (SELECT count(*) FROM transfer_file f WHERE "
          "f.batch_id = p.batch_id) FROM transfer_package p WHERE batch_id = $1",
          batch_id);
  if (!found) return std::nullopt;
  HandedOver package;
  package.batch_id = batch_id;
  std::tie(package.package_id, package.hash, package.size, package.made_at, package.removed_at, package.files) = *found;
  return package;
}

bool waits_for_receipt(Session& session, std::string_view package_id) {
  return session
      .value<std::int64_t>(
          "SELECT i.document_id FROM transfer_package p JOIN disposition_item i ON i.batch_id = p.batch_id WHERE "
          "p.package_id = $1 AND i.outcome = 'transferring' LIMIT 1",
          package_id)
      .has_value();
}

std::optional<RecordedReceipt> find_receipt(Session& session, std::int64_t batch_id) {
  const auto found = session.row<std::string, Date, std::int64_t, std::string, std::optional<std::int64_t>, core::Time,
                                 std::optional<std::int64_t>, std::optional<std::string>>(
      "SELECT r.received_by, r.received_on, r.files_compared, r.note, r.document_id, r.recorded_at, r.recorded_by, "
      "a.display_name FROM transfer_receipt r LEFT JOIN account a ON a.id = r.recorded_by WHERE r.batch_id = $1",
      batch_id);
  if (!found) return std::nullopt;
  RecordedReceipt receipt;
  std::optional<std::int64_t> by;
  std::optional<std::string> name;
  std::tie(receipt.received_by, receipt.received_on, receipt.files_compared, receipt.note, receipt.document_id,
           receipt.recorded_at, by, name) = *found;
  receipt.recorded_by = by.value_or(0);
  receipt.recorded_by_name = name.value_or("System");
  return receipt;
}

std::vector<KeptCopy> kept_copies(Session& session, std::int64_t document_id) {
  std::vector<KeptCopy> copies;
  for (const auto& [batch, receiver, on] : session.rows<std::int64_t, std::string, Date>(
           "SELECT k.batch_id, r.received_by, r.received_on FROM kept_copy k JOIN transfer_receipt r ON r.batch_id = "
           "k.batch_id WHERE k.document_id = $1 ORDER BY k.batch_id DESC",
           document_id)) {
    copies.push_back({batch, receiver, on});
  }
  return copies;
}

std::optional<std::string> difference(Session& session, const HandedOver& package, const Receipt& receipt) {
  if (!receipt.package_id.empty() && receipt.package_id != package.package_id) {
    return "it is for the package " + receipt.package_id + ", and what was handed over is " + package.package_id;
  }
  if (receipt.package_hash && *receipt.package_hash != package.hash) {
    return "it states the SHA-256 " + receipt.package_hash->hex() + " for the package, and what was handed over has " +
           package.hash.hex();
  }
  if (!receipt.package_hash && receipt.files.empty()) return "it states no SHA-256 at all";
  if (receipt.files.empty()) return std::nullopt;
  std::map<std::string, core::Sha256> stated;
  for (const PackageFile& file : receipt.files) {
    if (!stated.emplace(file.path, file.hash).second) return "it lists " + file.path + " twice";
  }
  for (const auto& [path, hash] : session.rows<std::string, core::Sha256>(
           "SELECT path, sha256 FROM transfer_file WHERE batch_id = $1 ORDER BY path", package.batch_id)) {
    const auto found = stated.find(path);
    if (found == stated.end()) return "it does not list " + path;
    if (found->second != hash) {
      return "it states the SHA-256 " + found->second.hex() + " for " + path + ", and what was handed over has " +
             hash.hex();
    }
    stated.erase(found);
  }
  if (!stated.empty()) return "it lists " + stated.begin()->first + ", which was not handed over";
  return std::nullopt;
}

std::optional<core::Sha256> file_left_out(Session& session, std::int64_t batch_id, std::int64_t document_id) {
  return session.value<core::Sha256>(
      "SELECT c.sha256 FROM component c JOIN transfer_package p ON p.batch_id = $1 WHERE c.document_id = $2 AND NOT "
      "EXISTS (SELECT 1 FROM transfer_file f WHERE f.batch_id = p.batch_id AND f.sha256 = c.sha256) "
      "ORDER BY c.version LIMIT 1",
      batch_id, document_id);
}

std::int64_t record_import(Transaction& tx, std::string_view package_id, const core::Sha256& hash,
                           std::string_view receipt) {
  const std::int64_t id = tx.insert(
      "INSERT INTO transfer_import (package_id, sha256, receipt, imported_at, imported_by) VALUES ($1, $2, $3, $4, $5)",
      package_id, hash, receipt, tx.now(), author(tx));
  tx.audit({"transfer.imported", "import", id, "", Json{{"package", package_id}, {"sha256", hash.hex()}}.dump()});
  return id;
}

std::vector<Import> list_imports(Session& session, std::size_t offset, std::size_t limit) {
  std::vector<Import> imports;
  for (const auto& row : session.rows<std::int64_t, std::string, core::Sha256, std::string, core::Time,
                                      std::optional<std::int64_t>, std::optional<std::string>>(
           std::string(kImports) + "ORDER BY i.id DESC LIMIT $1 OFFSET $2", limit, offset)) {
    imports.push_back(import_of(row));
  }
  return imports;
}

std::int64_t import_count(Session& session) {
  return session.value<std::int64_t>("SELECT count(*) FROM transfer_import").value();
}

std::optional<Import> find_import(Session& session, std::int64_t id) {
  const auto row =
      session.row<std::int64_t, std::string, core::Sha256, std::string, core::Time, std::optional<std::int64_t>,
                  std::optional<std::string>>(std::string(kImports) + "WHERE i.id = $1", id);
  return row ? std::optional(import_of(*row)) : std::nullopt;
}

}  // namespace muniment::records
