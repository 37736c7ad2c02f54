// How much there is, for those who operate the service.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "storage/database.h"

namespace muniment::storage {

struct ArchiveCounts {
  std::int64_t documents = 0;  // not in the trash
  std::map<std::string, std::int64_t> by_state;
  std::int64_t in_trash = 0;
  std::int64_t pages = 0;
  std::int64_t blobs = 0;
  std::int64_t blob_bytes = 0;
  std::int64_t accounts = 0;
};
ArchiveCounts count_archive(Session& session);

}  // namespace muniment::storage
