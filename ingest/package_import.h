// Takes in the packages of other archives (records/package.h, docs/transfer.md): all of it is checked before anything
// enters, each document then enters through Intake, and the receipt says what arrived.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/hash.h"
#include "ingest/intake.h"
#include "ingest/package_reader.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::ingest {

// Thread-safe.
class PackageImport {
 public:
  // All outlive it. `organisation` is who receives, in the receipt.
  PackageImport(storage::Database& database, const Intake& intake, const PackageReader& reader,
                std::string organisation)
      : database_(database), intake_(intake), reader_(reader), organisation_(std::move(organisation)) {}

  // What of a document has no room here as it was, whole: "title", "name", "label", "comment". A note of the document
  // tells it; the receipt, which outlives that, only of what there was something.
  using Shortened = std::map<std::string, std::vector<std::string>>;
  struct Result {
    std::int64_t import_id = 0;
    std::string receipt;  // JSON, as records::parse_receipt reads it
  };
  // A zip file. Error(forbidden); Error(bad_file) says what is wrong with the package, and nothing has entered then.
  // What Intake refuses, or a crash, ends it half-way: doing it again takes in the rest, because what is there already
  // is answered as such.
  Result take_in(const storage::Principal& who, const core::FileDescriptor& package) const;
  // The same for a package in a folder; of which the receipt states no SHA-256 as a whole.
  Result take_in_folder(const storage::Principal& who, const std::filesystem::path& directory,
                        core::TempFile scratch) const;

 private:
  struct Taken;
  Result take_in(const storage::Principal& who, const core::FileDescriptor& package, bool whole) const;
  // Those of a package among each other, where `ids` has both.
  void relate(const storage::Principal& asker, const std::vector<ListedDocument>& documents,
              const std::map<std::string, std::int64_t>& ids) const;
  // `accept` enters it as it is described; `shortened`: of its versions.
  Taken enter(const storage::Principal& who, const std::string& package_id, const ListedDocument& document,
              const std::vector<core::Sha256>& versions, Shortened shortened,
              const std::function<Receipt(Arrival)>& accept) const;

  storage::Database& database_;
  const Intake& intake_;
  const PackageReader& reader_;
  const std::string organisation_;
};

}  // namespace muniment::ingest
