// Bulk changes as they are kept: as a job's parameters, and as what takes each document's change back.
#pragma once

#include <string>

#include "records/bulk_changes.h"

namespace muniment::records {

std::string to_json(const BulkChange& change);
// Of what to_json wrote.
BulkChange from_json(const std::string& text);

}  // namespace muniment::records
