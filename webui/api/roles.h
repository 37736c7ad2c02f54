// What the files of the API share about roles.
#pragma once

#include "storage/access.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

void add_roles(Router& router, Api& api);

// The names of what a role allows, in the order of storage::kPermissions.
Json permissions_json(storage::Role role);
// Of what somebody may do as they ask now.
Json permissions_json(const storage::Principal& who);

}  // namespace muniment::webui::api
