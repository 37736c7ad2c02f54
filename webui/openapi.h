// openapi.yaml as JSON, embedded at build time.
#pragma once

#include <string_view>

namespace muniment::webui {

std::string_view openapi_json();

}  // namespace muniment::webui
