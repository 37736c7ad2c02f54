// Queries that go on being asked when nobody looks: of workflows and of holds.
#pragma once

#include <string>

#include "storage/database.h"

namespace muniment::webui::api {

// A query that is not finished, or is not understood as it stands, must not come to mean other documents than it says.
// Error(invalid_argument); an empty one passes.
void require_clear_query(storage::Session& session, const std::string& query);

}  // namespace muniment::webui::api
