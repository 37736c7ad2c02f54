#include "core/error.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace muniment::core {

std::string_view code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_request:
      return "bad_request";
    case ErrorCode::cursor_invalid:
      return "cursor_invalid";
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::precondition_required:
      return "precondition_required";
    case ErrorCode::stale:
      return "stale";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::unsupported_type:
      return "unsupported_type";
    case ErrorCode::too_many_requests:
      return "too_many_requests";
    case ErrorCode::storage_full:
      return "storage_full";
    case ErrorCode::quota_exceeded:
      return "quota_exceeded";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::password_needed:
      return "password_needed";
    case ErrorCode::bad_file:
      return "bad_file";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::io:
      return "io";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorCode code, std::string message, std::vector<FieldError> fields)
    : code_(code), message_(std::move(message)), fields_(std::move(fields)), what_(message_) {}

Error&& Error::because(std::string cause) && {
  cause_ = std::move(cause);
  what_ = message_ + " (" + cause_ + ")";
  return std::move(*this);
}

Error&& Error::now_at(std::int64_t version) && {
  current_version_ = version;
  return std::move(*this);
}

Error system_error(std::string_view doing, int errno_value) {
  const bool full = errno_value == ENOSPC || errno_value == EDQUOT;
  std::string message = "could not " + std::string(doing) + ": " + std::generic_category().message(errno_value);
  if (full) message += "; free some disk space and try again";
  return Error(full ? ErrorCode::storage_full : ErrorCode::io, std::move(message));
}

}  // namespace muniment::core
