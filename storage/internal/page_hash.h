// A page row's own hash (docs/formats.md): whether what was read of a page, or corrected, is still what was written.
#pragma once

#include <cstdint>

#include "storage/database.h"

namespace muniment::storage {

// Gives a row its hash; whatever writes one calls this in the same transaction.
void seal_page(Transaction& tx, std::int64_t component_id, std::int64_t number);
// Whether a row is still what it was sealed as; false when there is none.
bool is_page_sound(Session& session, std::int64_t component_id, std::int64_t number);
// Gives some rows from before there were hashes theirs. False when there were none left.
bool seal_older_pages(Transaction& tx);

}  // namespace muniment::storage
