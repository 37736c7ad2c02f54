// The file plan: classes in a tree, and folders in them. Retention, closing rules and versions of classes come with
// records management; here is what documents need to be filed and to inherit an access list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace muniment::records {

enum class Status { open, closed };
std::string_view status_name(Status status);

struct Class {
  std::int64_t id = 0;
  std::optional<std::int64_t> parent_id;
  std::string code;  // unique, for example "3.2"
  std::string title;
  Status status = Status::open;             // a closed class accepts nothing new (Noark 5, 2.4.5)
  std::optional<std::int64_t> access_list;  // empty: the parent's
  std::int64_t version = 0;
};

struct NewClass {
  std::optional<std::int64_t> parent_id;
  std::string code;
  std::string title;
  std::optional<std::int64_t> access_list = {};
};

struct ClassChange {
  std::optional<std::string> code;
  std::optional<std::string> title;
  std::optional<Status> status;
  std::optional<std::optional<std::int64_t>> access_list;
};

// In the order of their codes.
std::vector<Class> list_classes(storage::Session& session);
std::optional<Class> find_class(storage::Session& session, std::int64_t id);
std::optional<Class> find_class(storage::Session& session, std::string_view code);
// Error(conflict) for a code that is taken, Error(invalid_argument) for bad values.
std::int64_t create_class(storage::Transaction& tx, const NewClass& wanted);
// Error(not_found), Error(stale). Documents that inherit get a changed access list at once.
void change_class(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version, const ClassChange& change);

struct Folder {
  std::int64_t id = 0;
  std::int64_t class_id = 0;
  std::string title;
  Status status = Status::open;
  std::optional<std::int64_t> access_list;  // empty: the class's
  core::Time opened_at;
  std::optional<core::Time> closed_at;
  std::int64_t version = 0;
};

struct FolderChange {
  std::optional<std::string> title;
  std::optional<Status> status;
  std::optional<std::optional<std::int64_t>> access_list;
};

// Of one class, or of all; those whose title contains `part` without regard to case of ASCII letters; by title.
std::vector<Folder> list_folders(storage::Session& session, std::optional<std::int64_t> class_id, std::string_view part,
                                 std::size_t limit);
std::optional<Folder> find_folder(storage::Session& session, std::int64_t id);
std::int64_t create_folder(storage::Transaction& tx, std::int64_t class_id, std::string_view title,
                           std::optional<std::int64_t> access_list);
// Error(not_found), Error(stale). Closing and reopening set and clear `closed_at`.
void change_folder(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version,
                   const FolderChange& change);

}  // namespace muniment::records
