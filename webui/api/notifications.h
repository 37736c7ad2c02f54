// What people follow and are told.
#pragma once

#include "webui/api/api.h"

namespace muniment::webui::api {

void add_notifications(Router& router, Api& api);
// Makes those that wait. Cheap when there are none.
void make_waiting_notifications(storage::Database& database);

}  // namespace muniment::webui::api
