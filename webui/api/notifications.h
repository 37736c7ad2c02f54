// What people follow and are told.
#pragma once

#include "webui/api/api.h"

namespace muniment::webui::api {

void add_notifications(Router& router, Api& api);

}  // namespace muniment::webui::api
