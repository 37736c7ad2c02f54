// Any list of the API as CSV: `format=csv` gives all of it at once, with the names of the JSON as columns.
#pragma once

#include <cstddef>
#include <string>

#include "webui/api/api.h"

namespace muniment::webui::api {

inline constexpr std::size_t kMostInCsv = 100'000;

bool wants_csv(const Call& call);
// What has a name stands as that, a list with semicolons between; what has parts gets a column for each
// ("problem.code").
std::string list_as_csv(const Json& items);
// As a file named after the path. Error(too_large) when there is more than that.
void send_list_csv(Call& call, const Json& items, bool more);

}  // namespace muniment::webui::api
