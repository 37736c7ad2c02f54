// Errors as RFC 9457 problem details.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace muniment::webui {

class Exchange;

// What may be wrong, each by its stable code: every core::ErrorCode, and what only HTTP knows of (405, 416, 460 ...).
struct ProblemKind {
  std::string_view code;
  int status = 500;
  std::string_view title;  // the same whenever it happens
};
std::span<const ProblemKind> problem_kinds();
// Null for a code that there is not.
const ProblemKind* find_problem_kind(std::string_view code);
// What `type` of a problem is, and where GET tells of it.
std::string problem_type(std::string_view code);

// The HTTP status of a code.
int status_of(core::ErrorCode code);
// The body: {"type","title","status","detail","code","errors":[{"pointer","detail"}]}. Error(internal) for a code that
// there is not.
std::string problem_json(std::string_view code, std::string_view detail,
                         const std::vector<core::FieldError>& fields = {});
// Answers with it, unless an answer has begun; what is stale with the ETag that it has now.
void send_problem(Exchange& exchange, const core::Error& error);
void send_problem(Exchange& exchange, std::string_view code, std::string_view detail);

}  // namespace muniment::webui
