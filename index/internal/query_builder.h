// From a parsed query to Xapian's.
#pragma once

#include <xapian.h>

#include "index/internal/stems.h"
#include "index/query.h"

namespace muniment::index {

enum class Implicit { all, any };

// Matches everything for an empty query. `implicit` says what words without an operator between them mean.
Xapian::Query build_query(const ParsedQuery& query, Stems& stems, Implicit implicit);

}  // namespace muniment::index
