#include "webui/problem.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "webui/exchange.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;
using Json = nlohmann::ordered_json;

namespace {

constexpr auto kKinds = std::to_array<ProblemKind>({
    {"bad_request", 400, "The request cannot be read, or not in only one way"},
    {"cursor_invalid", 400, "This is no place in the list"},
    {"invalid_argument", 422, "The request cannot be carried out as it stands"},
    {"unauthenticated", 401, "Sign in first"},
    {"forbidden", 403, "You may not do this"},
    {"not_found", 404, "There is no such thing"},
    {"conflict", 409, "This is not possible now"},
    {"precondition_required", 428, "Say which version you mean to change"},
    {"stale", 412, "Somebody else was faster"},
    {"too_large", 413, "Too large"},
    {"unsupported_type", 415, "A kind of content that is not accepted here"},
    {"too_many_requests", 429, "Too many attempts"},
    {"storage_full", 507, "The disk is full"},
    // As RFC 4331 has it for WebDAV, and RFC 4918 for what a server cannot store for somebody: whoever gets it does not
    // send the file again by itself. 413 would say that a smaller file helps, and 429 (RFC 6585) that the same request
    // does in a moment: clients then send gigabytes anew, again and again.
    {"quota_exceeded", 507, "More than may come in from one account a day"},
    {"unavailable", 503, "Not available now"},
    {"password_needed", 409, "A password is needed"},
    {"bad_file", 409, "The file cannot be read"},
    {"corrupt", 500, "Stored data is damaged"},
    {"timed_out", 408, "It took too long"},
    {"cancelled", 409, "It was cancelled"},
    {"io", 500, "Something went wrong here"},
    {"internal", 500, "Something went wrong here"},
    {"checksum_mismatch", 460, "The bytes changed on their way"},
    {"length_required", 411, "Say how long the body is"},
    {"locked", 423, "Somebody else is working on it"},
    {"method_not_allowed", 405, "This is not asked for with that method"},
    {"misdirected_request", 421, "The archive is not reached under this name"},
    {"range_not_satisfiable", 416, "There are no such bytes"},
    {"second_factor_needed", 401, "A second factor is needed"},
    {"second_factor_required", 403, "Set up a second factor first"},
    {"unsupported_version", 412, "Another version of the protocol is spoken here"},
});

void send(Exchange& exchange, std::string_view code, const std::string& body) {
  exchange.set_header("Cache-Control", "no-store");
  exchange.send(find_problem_kind(code)->status, "application/problem+json", body);
}

}  // namespace

std::span<const ProblemKind> problem_kinds() {
  return kKinds;
}

const ProblemKind* find_problem_kind(std::string_view code) {
  const auto found = std::ranges::find(kKinds, code, &ProblemKind::code);
  return found == kKinds.end() ? nullptr : &*found;
}

std::string problem_type(std::string_view code) {
  return "/api/v1/problems/" + std::string(code);
}

int status_of(ErrorCode code) {
  const ProblemKind* kind = find_problem_kind(core::code_name(code));
  return kind == nullptr ? 500 : kind->status;
}

std::string problem_json(std::string_view code, std::string_view detail, const std::vector<core::FieldError>& fields) {
  const ProblemKind* kind = find_problem_kind(code);
  if (kind == nullptr) throw Error(ErrorCode::internal, "there is no kind of problem " + std::string(code));
  Json body{{"type", problem_type(code)}, {"title", kind->title}, {"status", kind->status},
            {"detail", detail},           {"code", code},         {"errors", Json::array()}};
  for (const auto& [pointer, wrong] : fields) body["errors"].push_back(Json{{"pointer", pointer}, {"detail", wrong}});
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void send_problem(Exchange& exchange, std::string_view code, std::string_view detail) {
  if (exchange.answered()) return;
  send(exchange, code, problem_json(code, detail));
}

void send_problem(Exchange& exchange, const Error& error) {
  if (exchange.answered()) return;
  if (const auto version = error.current_version()) exchange.set_header("ETag", entity_tag(*version));
  const std::string_view code = core::code_name(error.code());
  send(exchange, code, problem_json(code, error.message(), error.fields()));
}

}  // namespace muniment::webui
