// The routes of what is left of what was destroyed.
#pragma once

#include "webui/api/api.h"

namespace muniment::webui::api {

void add_tombstones(Router& router, Api& api);

}  // namespace muniment::webui::api
