// The files of an export, wherever it lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "ingest/archive_imports.h"
#include "ingest/file_reader.h"
#include "ingest/imported_archive.h"
#include "storage/archive_imports.h"

namespace muniment::ingest {

class ExportFiles {
 public:
  virtual ~ExportFiles() = default;
  // Gives the files one after the other, always in the same order, by their paths in the export. What `each` does not
  // read is skipped; what it throws ends the call. Otherwise the errors of FileReader::read_members.
  virtual void for_each(const FileReader::EachMember& each, std::stop_token stop) const = 0;
  // The path of the list that whoever brings it in has named; empty: none.
  virtual std::string list() const { return ""; }
  // How much of it may tell of the files, in bytes.
  virtual std::size_t most_description() const = 0;
};

// A file is an export in one file, a list (.csv) stands for the folder that it lies in, and a folder for itself.
// Error(not_found) when it is gone.
std::unique_ptr<ExportFiles> open_export(const storage::ArchiveImport& import, const FileReader& reader,
                                         const ArchiveImportOptions& options);

// Reads all of them once. `each` is told how many there were so far. Error(too_large) when what tells of the files is
// more than most_description.
ExportContents look_through(const ExportFiles& files, const std::function<void(std::int64_t count)>& each,
                            std::stop_token stop);

}  // namespace muniment::ingest
