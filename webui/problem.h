// Errors as RFC 9457 problem details.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

namespace muniment::webui {

class Exchange;

// The HTTP status of a code.
int status_of(core::ErrorCode code);
// The body: {"type","title","status","detail","code","errors":[{"pointer","detail"}]}, of an answer with this status.
std::string problem_json(const core::Error& error, int status);
// Answers with it, unless an answer has begun.
void send_problem(Exchange& exchange, const core::Error& error);
// For what only HTTP knows of, and core::ErrorCode has no word for: 405, 410, 416, 460.
void send_problem(Exchange& exchange, int status, std::string_view code, std::string_view detail);

}  // namespace muniment::webui
