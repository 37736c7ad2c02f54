#include "webui/problem.h"

#include <nlohmann/json.hpp>

#include "webui/exchange.h"

namespace muniment::webui {

using core::ErrorCode;

namespace {

std::string_view title_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "The request cannot be carried out as it stands";
    case ErrorCode::unauthenticated:
      return "Sign in first";
    case ErrorCode::forbidden:
      return "You may not do this";
    case ErrorCode::not_found:
      return "There is no such thing";
    case ErrorCode::conflict:
      return "This is not possible now";
    case ErrorCode::precondition_required:
      return "Say which version you mean to change";
    case ErrorCode::stale:
      return "Somebody else was faster";
    case ErrorCode::too_large:
      return "Too large";
    case ErrorCode::unsupported_type:
      return "A kind of content that is not accepted here";
    case ErrorCode::too_many_requests:
      return "Too many attempts";
    case ErrorCode::storage_full:
      return "The disk is full";
    case ErrorCode::unavailable:
      return "Not available now";
    case ErrorCode::password_needed:
      return "A password is needed";
    case ErrorCode::bad_file:
      return "The file cannot be read";
    case ErrorCode::corrupt:
      return "Stored data is damaged";
    case ErrorCode::timed_out:
      return "It took too long";
    case ErrorCode::cancelled:
      return "It was cancelled";
    case ErrorCode::io:
    case ErrorCode::internal:
      return "Something went wrong here";
  }
  return "Something went wrong here";
}

}  // namespace

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return 422;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::precondition_required:
      return 428;
    case ErrorCode::stale:
      return 412;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::unsupported_type:
      return 415;
    case ErrorCode::too_many_requests:
      return 429;
    case ErrorCode::storage_full:
      return 507;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::password_needed:
      return 409;
    case ErrorCode::bad_file:
      return 409;
    case ErrorCode::timed_out:
      return 408;
    case ErrorCode::cancelled:
      return 409;
    case ErrorCode::corrupt:
    case ErrorCode::io:
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

std::string problem_json(const core::Error& error, int status) {
  nlohmann::ordered_json body{{"type", "about:blank"},
                              {"title", title_of(error.code())},
                              {"status", status},
                              {"detail", error.message()},
                              {"code", core::code_name(error.code())},
                              {"errors", nlohmann::ordered_json::array()}};
  for (const auto& [pointer, detail] : error.fields())
    body["errors"].push_back({{"pointer", pointer}, {"detail", detail}});
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void send_problem(Exchange& exchange, int status, std::string_view code, std::string_view detail) {
  if (exchange.answered()) return;
  const nlohmann::ordered_json body{{"type", "about:blank"}, {"title", detail},
                                    {"status", status},      {"detail", detail},
                                    {"code", code},          {"errors", nlohmann::ordered_json::array()}};
  exchange.set_header("Cache-Control", "no-store");
  exchange.send(status, "application/problem+json", body.dump());
}

void send_problem(Exchange& exchange, const core::Error& error) {
  if (exchange.answered()) return;
  exchange.set_header("Cache-Control", "no-store");
  const int status = status_of(error.code());
  exchange.send(status, "application/problem+json", problem_json(error, status));
}

}  // namespace muniment::webui
