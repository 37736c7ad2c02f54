// What was handed over to another archive, and its receipt. Making the package, recording the receipt and letting go:
// records/disposal.h. What is in a package: records/package.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/package.h"
#include "records/retention.h"
#include "storage/database.h"

namespace muniment::records {

// The format that parse_receipt reads and that an import answers with (docs/transfer.md).
inline constexpr std::string_view kReceiptFormat = "muniment-transfer-receipt-1";

// A receiver's statement of what arrived.
struct Receipt {
  std::string package_id;                    // empty in one that is entered by hand
  std::optional<core::Sha256> package_hash;  // of the zip file; empty when the package came as a folder
  std::vector<PackageFile> files;            // everything but METS.xml; empty in one that is entered by hand
  std::string received_by;
  Date received_on{};
  std::string note;
  std::optional<std::int64_t> document_id;  // the statement itself, where it was taken in
};
// Any bytes; Error(invalid_argument) says what is wrong with them.
Receipt parse_receipt(std::string_view json);
inline constexpr std::size_t kMostReceiptBytes = 16 * 1024 * 1024;

// The package of a transfer.
struct HandedOver {
  std::int64_t batch_id = 0;
  std::string package_id;
  core::Sha256 hash;  // of the zip file
  std::uint64_t size = 0;
  std::int64_t files = 0;
  core::Time made_at;
  std::optional<core::Time> removed_at;  // of the file
};
std::optional<HandedOver> find_package(storage::Session& session, std::int64_t batch_id);

struct RecordedReceipt {
  std::string received_by;
  Date received_on;
  std::int64_t files_compared = 0;
  std::string note;
  std::optional<std::int64_t> document_id;
  core::Time recorded_at;
  std::int64_t recorded_by = 0;
  std::string recorded_by_name;
};
std::optional<RecordedReceipt> find_receipt(storage::Session& session, std::int64_t batch_id);

// A transfer of a record that left a copy here: whoever gave the receipt has custody.
struct KeptCopy {
  std::int64_t batch_id = 0;
  std::string received_by;
  Date received_on;
};
// The newest first.
std::vector<KeptCopy> kept_copies(storage::Session& session, std::int64_t document_id);

// Whether this archive made the package with this identity and keeps records until somebody has received it.
bool waits_for_receipt(storage::Session& session, std::string_view package_id);

// What the receipt says otherwise than what was handed over, in words; empty: they agree.
std::optional<std::string> difference(storage::Session& session, const HandedOver& package, const Receipt& receipt);

// The first file of the document, of its earlier versions too, that was not in the package of the batch: its path is
// not known, so its SHA-256. Empty: all were, or nothing was handed over.
std::optional<core::Sha256> file_left_out(storage::Session& session, std::int64_t batch_id, std::int64_t document_id);

// A package of another archive that was taken in here.
struct Import {
  std::int64_t id = 0;
  std::string package_id;
  core::Sha256 hash;
  std::string receipt;  // JSON
  core::Time imported_at;
  std::int64_t imported_by = 0;
  std::string imported_by_name;
};
std::int64_t record_import(storage::Transaction& tx, std::string_view package_id, const core::Sha256& hash,
                           std::string_view receipt);
// The newest first.
std::vector<Import> list_imports(storage::Session& session, std::size_t offset, std::size_t limit);
std::int64_t import_count(storage::Session& session);
std::optional<Import> find_import(storage::Session& session, std::int64_t id);

}  // namespace muniment::records
