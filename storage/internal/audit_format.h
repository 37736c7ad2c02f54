// The hashes of the audit log, and the actions that mean something to the log itself (docs/audit.md).
#pragma once

#include <string>
#include <string_view>

namespace muniment::storage {

// SHA-256(salt LF detail) and SHA-256(previous hash LF entry), in hexadecimal.
std::string audit_detail_hash(std::string_view salt, std::string_view detail);
std::string audit_chain_hash(std::string_view previous, std::string_view entry);

inline constexpr char kDetailErased[] = "audit.detail_erased";
inline constexpr char kAuditEntryObject[] = "audit_entry";
inline constexpr char kArchiveRestored[] = "archive.restored";
inline constexpr char kArchiveObject[] = "archive";
inline constexpr char kKeyCreated[] = "audit.key_created";
inline constexpr char kAuditKeyObject[] = "audit_key";

}  // namespace muniment::storage
