// The file plan: classes in a tree, and folders in them. Both hand down an access list and a retention schedule; a
// class keeps what it was before each change.
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
  std::string scope_note;                   // what belongs here and what does not
  std::optional<std::int64_t> schedule;     // empty: the parent's
  bool declares_on_filing = false;          // what is filed here becomes a record as soon as it has been read
  std::int64_t version = 0;
};

struct NewClass {
  std::optional<std::int64_t> parent_id;
  std::string code;
  std::string title;
  std::optional<std::int64_t> access_list = {};
  std::string scope_note = {};
  std::optional<std::int64_t> schedule = {};
  bool declares_on_filing = false;
};

struct ClassChange {
  std::optional<std::string> code;
  std::optional<std::string> title;
  std::optional<Status> status;
  std::optional<std::optional<std::int64_t>> access_list;
  std::optional<std::string> scope_note;
  std::optional<std::optional<std::int64_t>> schedule;
  std::optional<bool> declares_on_filing;
};

// In the order of their codes; `only_accepting`: those that accept something new, because neither they nor a class
// above them is closed.
std::vector<Class> list_classes(storage::Session& session, bool only_accepting = false);
// The numbers of the class and of all below it; none when it is not there.
std::vector<std::int64_t> class_and_below(storage::Session& session, std::int64_t id);
std::optional<Class> find_class(storage::Session& session, std::int64_t id);
std::optional<Class> find_class(storage::Session& session, std::string_view code);
// Error(conflict) for a code that is taken, Error(invalid_argument) for bad values.
std::int64_t create_class(storage::Transaction& tx, const NewClass& wanted);
// Error(not_found), Error(stale). Documents that inherit get a changed access list at once, records a changed schedule.
void change_class(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version, const ClassChange& change);

// For going down the plan one level at a time.
struct ClassName {
  std::int64_t id = 0;
  std::string code;
  std::string title;
  core::Time created_at;
};
// Directly in `parent_id`, or, for 0, at the top; by code.
std::vector<ClassName> class_names(storage::Session& session, std::int64_t parent_id);

// What a class was until it was changed.
struct ClassVersion {
  std::int64_t number = 0;
  std::string state;  // JSON of all that can be changed
  core::Time changed_at;
  std::int64_t changed_by = 0;
  std::string changed_by_name;
};
// The newest first.
std::vector<ClassVersion> class_versions(storage::Session& session, std::int64_t id);

struct Folder {
  std::int64_t id = 0;
  std::int64_t class_id = 0;
  std::string title;
  Status status = Status::open;
  std::optional<std::int64_t> access_list;  // empty: the class's
  core::Time opened_at;
  std::optional<core::Time> closed_at;
  std::optional<core::Date> closed_on;   // the day from which periods run
  std::optional<std::int64_t> schedule;  // empty: the class's
  std::int64_t version = 0;
  std::optional<std::string> public_title = {};  // as of a document (storage/documents.h)
};

struct FolderChange {
  std::optional<std::string> title;
  std::optional<std::optional<std::string>> public_title = {};
  std::optional<Status> status;
  std::optional<std::optional<std::int64_t>> access_list;
  std::optional<std::optional<std::int64_t>> schedule;
  std::string reason = {};  // why a closed folder is opened again; it stands in the audit log
};

// Of one class, or of all; those whose title contains `part`, whatever the case of its letters; by title.
std::vector<Folder> list_folders(storage::Session& session, std::optional<std::int64_t> class_id, std::string_view part,
                                 std::size_t limit);
struct FolderName {
  std::int64_t id = 0;
  std::string title;
  core::Time opened_at;
};
// Of a class, the oldest first.
std::vector<FolderName> folder_names(storage::Session& session, std::int64_t class_id);
std::optional<Folder> find_folder(storage::Session& session, std::int64_t id);
// Of a class, those with exactly this title, the oldest first.
std::vector<Folder> folders_titled(storage::Session& session, std::int64_t class_id, std::string_view title);
std::int64_t create_folder(storage::Transaction& tx, std::int64_t class_id, std::string_view title,
                           std::optional<std::int64_t> access_list);
// Error(not_found), Error(stale); Error(conflict) when it is to be closed with documents that are not declared
// (Noark 5, 3.2.6); Error(invalid_argument) when it is to be reopened without a reason. Closing and reopening set
// and clear the dates, which starts and stops the periods of what is in it.
void change_folder(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version,
                   const FolderChange& change);

// What was made by mistake and never used. Error(not_found), Error(stale); Error(conflict) for a class or folder that
// something is in or was in, that a hold or an event names, or that something files into (a watched or drop folder, a
// mailbox, a scan profile, a filing rule, a workflow), and for a class that was changed: its history is kept.
void delete_class(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version);
void delete_folder(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version);

}  // namespace muniment::records
