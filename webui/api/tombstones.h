// The routes of what is left of what was destroyed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "records/tombstone_fields.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

// Error(invalid_argument) at `pointer` for a name of nothing that can be kept.
std::set<records::TombstoneField> tombstone_fields_of(const std::vector<std::string>& names, const char* pointer);
Json tombstone_fields_json(const std::set<records::TombstoneField>& fields);

void add_tombstones(Router& router, Api& api);

}  // namespace muniment::webui::api
