// The two kinds of export that imported_archive.h reads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ingest/imported_archive.h"

namespace muniment::ingest {

// `path` is the list's, or that of the manifest highest up. Errors as of read_export.
ImportedArchive read_listed_archive(const ExportContents& contents, const std::string& path);
ImportedArchive read_paperless_export(const ExportContents& contents, const std::string& path);

// What is kept of an export's lists: a short one can say a long name of a great many documents.
class KeptText {
 public:
  // Error(too_large) when it is too much for the service's memory.
  void add(std::size_t bytes);

 private:
  std::size_t bytes_ = 0;
};

// "2024/" of "2024/list.csv"; "" of what lies at the top.
std::string folder_of_path(std::string_view path);
// A name in a list stands for a file below the list's folder and nowhere else: the path of that file, or empty with
// `problem` set.
std::string file_below(const ExportContents& contents, const std::string& folder, std::string_view name,
                       std::string& problem);

}  // namespace muniment::ingest
