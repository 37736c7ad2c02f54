// How long work tells what it does just now.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace muniment::server {

// `stage` is a name that openapi.yaml lists for jobs; `of` is 0 where nobody counts. Is called as each stage begins,
// and now and then; what it throws ends the work.
using StageReport = std::function<void(std::string_view stage, std::int64_t done, std::int64_t of)>;

}  // namespace muniment::server
