// What METS and ERMS say, as values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/package_reader.h"

namespace muniment::ingest::worker {

struct MetsReference {
  std::string href;
  std::string checksum;
  std::string checksum_type;
  std::string size;
  bool descriptive = false;  // of the metadata that tells of the records
};
struct Mets {
  std::string id;  // OBJID
  std::vector<MetsReference> references;
};
// core::Error(bad_file).
Mets read_mets(std::string_view xml);
// The records, with the path as it is written there.
std::vector<ListedDocument> read_erms(std::string_view xml);

}  // namespace muniment::ingest::worker
