// What disposition could not do yet to a record, told with its outcome until it is done.
#pragma once

#include <cstdint>
#include <string_view>

#include "storage/database.h"

namespace muniment::records {

void note_waiting(storage::Database& database, std::int64_t batch_id, std::int64_t document_id, std::string_view why);
// The same for one that was disposed of; nothing for what came from the trash, which is in no batch.
void note_purge_waiting(storage::Database& database, std::int64_t document_id, std::string_view why);

}  // namespace muniment::records
