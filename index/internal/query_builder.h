// From a parsed query to Xapian's.
#pragma once

#include <cstdint>
#include <vector>

#include <xapian.h>

#include "index/internal/stems.h"
#include "index/query.h"

namespace muniment::index {

enum class Implicit { all, any };

// Matches everything for an empty query. `implicit` says what words without an operator between them mean; `readable`
// are the access lists of documents that conditions may tell of beside the one that is found.
Xapian::Query build_query(const ParsedQuery& query, Stems& stems, Implicit implicit,
                          const std::vector<std::int64_t>& readable);

}  // namespace muniment::index
