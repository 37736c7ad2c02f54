// Records whose period has not begun: which of them wait, for what, since when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "records/retention.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

struct WaitingRecord {
  std::int64_t document_id = 0;
  std::string title;
  std::string class_code;
  Date since;                    // the day it was declared
  std::vector<Trigger> missing;  // what has no date yet, of all rules that apply
};
struct WaitingRecords {
  std::vector<WaitingRecord> records;  // those that wait longest first
  std::int64_t total = 0;
};
// Of what `who` may read.
WaitingRecords waiting_records(storage::Session& session, const storage::Principal& who, std::size_t offset,
                               std::size_t limit);

}  // namespace muniment::records
