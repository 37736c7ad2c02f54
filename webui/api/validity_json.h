// How the API shows for how long a right is had.
#pragma once

#include "storage/validity.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

// Adds first_day, last_day and, as of that day, the state.
void add_validity(Json& json, const storage::Validity& validity, core::Date day);
// Of the fields first_day and last_day; where one is missing, as it was before. Error(invalid_argument).
storage::Validity validity_of(Fields& body, const storage::Validity& before = {});

}  // namespace muniment::webui::api
