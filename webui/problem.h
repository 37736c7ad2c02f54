// Errors as RFC 9457 problem details.
#pragma once

#include <string>

#include "core/error.h"

namespace muniment::webui {

class Exchange;

// The HTTP status of a code.
int status_of(core::ErrorCode code);
// The body: {"type","title","status","detail","code","errors":[{"pointer","detail"}]}.
std::string problem_json(const core::Error& error);
// Answers with it, unless an answer has begun.
void send_problem(Exchange& exchange, const core::Error& error);

}  // namespace muniment::webui
