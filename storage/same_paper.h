// Scans that are perhaps of the same paper (ingest/paper_sketch.h): sketches by which they are found, and what people
// have decided of them.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/documents.h"

namespace muniment::storage {

// In the place of an earlier one.
void store_paper_sketch(Transaction& tx, std::int64_t document_id, const std::vector<std::uint32_t>& sketch);
// Documents with as many pages that share a part of this one's sketch, those that share most first, without those that
// are to be kept beside it, in the trash, or not for `who`.
std::vector<Document> sketch_neighbours(Session& session, const Principal& who, const Document& document,
                                        std::size_t limit);
// Both documents are to be kept: they are not offered as the same paper any more. Twice is not an error.
// Error(not_found), Error(forbidden) when `who` may not change the first.
void keep_both_scans(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t other_id);

}  // namespace muniment::storage
