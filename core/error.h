// The one error type of the project. Expected outcomes are return values; an Error ends the operation.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::core {

// What kind of failure this is. The name (`code_name`) is a stable part of the API: programs may test for it.
// A new code needs three places: here, `code_name` in error.cpp, and the HTTP status in webui/problem.cpp.
enum class ErrorCode {
  bad_request,            // what was asked cannot be read, or not in only one way
  cursor_invalid,         // a place in a list that this list has not given out
  invalid_argument,       // the caller's input is wrong; the message names the field and what would be right
  unauthenticated,        // nobody is signed in, or the credentials are wrong
  forbidden,              // signed in, but this person may not do this
  not_found,              // no such thing, or not for this person to know of
  conflict,               // the thing is in a state that does not allow this
  precondition_required,  // a change without If-Match
  stale,                  // somebody else changed it since it was read
  too_large,              // over a configured limit
  unsupported_type,       // a kind of file or body that is not accepted here
  too_many_requests,      // throttled; try again later
  storage_full,           // below the free-disk floor
  quota_exceeded,         // more than this account may bring in today
  unavailable,            // not now: starting, stopping, locked by another process, sandbox too weak
  password_needed,        // the file is encrypted and no password, or the wrong one, was given
  bad_file,               // a foreign file cannot be read; nothing is wrong with this program
  corrupt,                // our own stored data fails its check
  timed_out,              // a deadline passed
  cancelled,              // somebody asked for this to stop
  io,                     // the operating system refused
  internal,               // a defect of ours
};

// The stable name of a code, for example "invalid_argument".
std::string_view code_name(ErrorCode code);

// One wrong field of a request: `pointer` is a JSON pointer (RFC 6901) into the body or the name of a parameter.
struct FieldError {
  std::string pointer;
  std::string detail;
};

class Error : public std::exception {
 public:
  // `message` is shown to people: it says what was wrong and what would be right, and holds no document text.
  Error(ErrorCode code, std::string message, std::vector<FieldError> fields = {});

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::vector<FieldError>& fields() const { return fields_; }
  // For the log only: what a library or the system said. Empty when there is nothing to add.
  const std::string& cause() const { return cause_; }
  Error&& because(std::string cause) &&;
  // Of `stale`, where one thing was changed: the version that it has now.
  std::optional<std::int64_t> current_version() const { return current_version_; }
  Error&& now_at(std::int64_t version) &&;

  const char* what() const noexcept override { return what_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::vector<FieldError> fields_;
  std::string cause_;
  std::optional<std::int64_t> current_version_;
  std::string what_;
};

// An Error(io) for a failed system call: `doing` completes "could not ...", errno_value is turned into words.
// ENOSPC and EDQUOT become storage_full.
Error system_error(std::string_view doing, int errno_value);

}  // namespace muniment::core
