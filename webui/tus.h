// The header values of tus 1.0.0 (https://tus.io/protocols/resumable-upload): pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace muniment::webui::tus {

inline constexpr std::string_view kVersion = "1.0.0";
inline constexpr std::string_view kExtensions = "creation,termination,expiration,checksum";
inline constexpr std::string_view kChecksumAlgorithms = "sha256,sha1";
// The `purpose` of an upload that becomes no document: an archive that is to be brought in (api/archive_imports.cpp).
inline constexpr std::string_view kArchiveImport = "archive-import";

// Upload-Metadata: "key base64,key base64,key". Empty unless it is well-formed, with keys that occur once and at most
// 20 of them. Values are the bytes as sent.
std::optional<std::map<std::string, std::string>> parse_metadata(std::string_view header);

struct Checksum {
  std::string algorithm;  // "sha256" or "sha1"
  std::string digest;     // bytes
};
// Upload-Checksum: "sha256 base64". Empty for another algorithm or anything malformed.
std::optional<Checksum> parse_checksum(std::string_view header);

// RFC 4648 section 4, padding required. Empty unless it is canonical.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace muniment::webui::tus
