// How the audit log's Merkle tree grows with it.
#pragma once

#include <cstdint>
#include <string_view>

#include "storage/database.h"

namespace muniment::storage {

// Adds the entry that was just appended; `before` is the text of the one before it, empty for the first.
void grow_audit_tree(Transaction& tx, std::int64_t sequence, std::string_view before, std::string_view entry);
// Adds what is missing: the entries from before there was a tree. True when there was something to add.
bool complete_audit_tree(Transaction& tx);

}  // namespace muniment::storage
