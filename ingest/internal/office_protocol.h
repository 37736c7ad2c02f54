// What passes between the service and muniment-office, on one SOCK_SEQPACKET socket; one packet a message.
//
// muniment-office first says `ready`. Then for each document: a request with two descriptors, the file and the empty
// output; answered by one of the other words. The service takes anything else as the end of that process.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace muniment::ingest {

inline constexpr int kOfficeSocket = 3;  // its number in muniment-office
inline constexpr std::size_t kMostOfficePassword = 1024;

struct OfficeRequest {
  std::string extension;
  std::optional<std::string> password;
};

inline constexpr std::string_view kOfficeReady = "ready";
inline constexpr std::string_view kOfficeDone = "done";
inline constexpr std::string_view kOfficeLocked = "locked";  // no password was given, or the wrong one
inline constexpr std::string_view kOfficeFailed = "failed";  // LibreOffice cannot read it

inline std::string encode(const OfficeRequest& request) {
  std::string bytes = request.extension + '\0';
  if (request.password) bytes += '+' + *request.password;
  return bytes;
}

inline OfficeRequest decode_office_request(std::string_view bytes) {
  const auto end = bytes.find('\0');
  OfficeRequest request{std::string(bytes.substr(0, end)), {}};
  if (end != std::string_view::npos && end + 1 < bytes.size()) request.password = bytes.substr(end + 2);
  return request;
}

}  // namespace muniment::ingest
