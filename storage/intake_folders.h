// Folders by which files come in, as people set them up: watched ones on this machine, and WebDAV's drop folders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/preset_filing.h"

namespace muniment::storage {

enum class IntakeFolderKind { watch, drop };
// As of Document::source: "watch", "drop".
std::string_view intake_folder_kind_name(IntakeFolderKind kind);
std::optional<IntakeFolderKind> parse_intake_folder_kind(std::string_view name);

struct IntakeFolderTerms {
  std::string name;  // watch: an absolute path, that WatchRoots::resolve answered; drop: what stands in the address
  bool enabled = true;
  PresetFiling filing = {};
};

struct IntakeFolder {
  std::int64_t id = 0;
  std::int64_t version = 0;
  IntakeFolderKind kind = IntakeFolderKind::watch;
  IntakeFolderTerms terms;
};

std::vector<IntakeFolder> list_intake_folders(Session& session);  // by kind and name
std::optional<IntakeFolder> find_intake_folder(Session& session, std::int64_t id);
// One that is switched off is none.
std::optional<IntakeFolder> find_drop_folder(Session& session, std::string_view name);

// Error(invalid_argument) names the field that is wrong; Error(conflict) when there is such a folder already, or, of a
// watched one, one that lies in it or that it lies in, or when there are fifty watched ones.
std::int64_t create_intake_folder(Transaction& tx, IntakeFolderKind kind, const IntakeFolderTerms& terms);
// What has come in stays filed as it is. Error(not_found), (stale), and those of create_intake_folder.
void change_intake_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version,
                          const IntakeFolderTerms& terms);
// Files that lie in a watched one stay there. Error(not_found), (stale).
void delete_intake_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version);

// Error(unavailable) unless it is as it was read: nothing comes in by one that was ended, switched off or changed.
void require_unchanged(Session& session, const IntakeFolder& folder);

// Whether the one path is the other, or lies in it; both absolute, without "." and "..".
bool is_same_or_within(std::string_view path, std::string_view folder);

}  // namespace muniment::storage
