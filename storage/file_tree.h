// What file managers see of the archive: documents as files in the places of the file plan, and a working area of plain
// folders for what is not filed yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/documents.h"

namespace muniment::storage {

// Where a file can lie.
struct Place {
  enum class Kind { document_class, folder, work_folder };
  Kind kind = Kind::work_folder;
  std::int64_t id = 0;
  bool operator==(const Place&) const = default;
};
// The access list of what would be made there.
std::int64_t access_list_of(Session& session, const Place& place);

struct FileEntry {
  std::int64_t document_id = 0;
  std::string name;  // perhaps that of others in the same place, too
  core::Sha256 hash;
  std::uint64_t size = 0;
  std::string media_type;
  core::Time created_at;
  core::Time changed_at;  // when its current version came
};
// Those that `who` may read, in the order of their identifiers; with a `name`, only those of that name. What is on
// paper only, in the trash or taken over by other documents is no file.
std::vector<FileEntry> files_in(Session& session, const Principal& who, const Place& place, std::string_view name = {});

// The working area: everybody sees its folders, and of what is in them what they may read.
inline constexpr std::int64_t kWorkingArea = 1;
struct WorkFolder {
  std::int64_t id = 0;
  std::optional<std::int64_t> parent_id;
  std::string name;
  core::Time created_at;
};
std::vector<WorkFolder> work_folders_in(Session& session, std::int64_t parent_id);
std::optional<WorkFolder> find_work_folder(Session& session, std::int64_t parent_id, std::string_view name);
std::int64_t create_work_folder(Transaction& tx, std::int64_t parent_id, std::string_view name);
// Error(invalid_argument) when it would come to lie within itself.
void move_work_folder(Transaction& tx, std::int64_t id, std::int64_t parent_id, std::string_view name);
// Only the folder, which has no folders in it any more. What else is in it, nobody here sees: it goes to the folder
// above.
void remove_work_folder(Transaction& tx, std::int64_t id);

// How the new document is called as a file, and where it lies while it is not filed.
void name_new_file(Transaction& tx, std::int64_t document_id, const Place& place, std::string_view name);
// Another name or place. Its title follows as long as it is that of the file. Error(not_found), (forbidden), (conflict)
// for a record, what is held and what lies in the trash, (invalid_argument) for a closed place.
void move_file(Transaction& tx, const Principal& who, std::int64_t document_id, const Place& place,
               std::string_view name);
// "letter" of "letter.pdf".
std::string_view stem_of(std::string_view name);

// A name without a file yet. It counts for everybody who may read what would be made in its place.
struct AnnouncedFile {
  std::int64_t id = 0;
  std::string name;
  core::Time created_at;
};
std::vector<AnnouncedFile> announced_files_in(Session& session, const Principal& who, const Place& place);
std::optional<AnnouncedFile> find_announced_file(Session& session, const Principal& who, const Place& place,
                                                 std::string_view name);
std::int64_t announce_file(Transaction& tx, const Place& place, std::string_view name);
void move_announced_file(Transaction& tx, std::int64_t id, const Place& place, std::string_view name);
void forget_announced_file(Transaction& tx, std::int64_t id);
// Those of before `moment` that nobody has locked.
void forget_announced_files_before(Transaction& tx, core::Time moment);

}  // namespace muniment::storage
