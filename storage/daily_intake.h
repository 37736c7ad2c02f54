// How many bytes each account has brought in on a day.
#pragma once

#include <cstdint>

#include "storage/database.h"

namespace muniment::storage {

std::uint64_t intake_on(Session& session, std::int64_t account_id, core::Date day);
// To be called in the transaction that makes a document or a version of them.
void add_intake(Transaction& tx, std::int64_t account_id, core::Date day, std::uint64_t bytes);
// Forgets days that are over for a week: a clock that was set wrong for a while gives nobody their day anew.
void forget_old_intake(Transaction& tx);

}  // namespace muniment::storage
