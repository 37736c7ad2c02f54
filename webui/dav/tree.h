// The archive as one person's file manager sees it: which path is what.
//
//   /dav/files/CODE TITLE/…/FOLDER/FILE   classes, folders and documents of the file plan
//   /dav/work/FOLDER/…/FILE               the working area: plain folders for what is not filed yet
//   /dav/drop/NAME                        files go in here and do not come out (drops.h)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/file_locks.h"
#include "storage/file_tree.h"

namespace muniment::webui::dav {

struct Resource {
  enum class Kind {
    root,
    files,
    document_class,
    folder,
    work_folder,  // the working area itself, too
    document,
    announced,  // a file that is only a name yet
    missing,    // what could be made here
  };
  Kind kind = Kind::missing;
  std::int64_t id = 0;
  std::string path;  // without a slash at its end
  std::string name;
  core::Time created_at;
  // Where it lies. Of a missing one empty, too, when its parent is missing.
  std::optional<storage::Place> place;
  // What holds it, the outermost first: their deep locks are its locks, too.
  std::vector<storage::FileThing> above;
  // Of a document.
  core::Sha256 hash;
  std::uint64_t size = 0;
  std::string media_type;
  core::Time changed_at;

  bool exists() const { return kind != Kind::missing; }
  bool is_file() const { return kind == Kind::document || kind == Kind::announced; }
  bool is_collection() const { return exists() && !is_file(); }
  // What its locks and properties are kept of; empty for those that cannot have any.
  std::optional<storage::FileThing> thing() const;
  // The place that it is for what is in it.
  std::optional<storage::Place> as_place() const;
  // With quotes; empty for a collection.
  std::string etag() const;
  // As it stands in an answer.
  std::string href() const;
};

// Names that file managers leave about: kept as names for a day, never as documents.
bool is_sidecar(std::string_view name);
// Whether a document or folder can be called so.
bool is_usable_name(std::string_view name);
// Whether a folder of the file plan can: its title has no white space but single spaces.
bool is_usable_title(std::string_view name);

// What `who` sees through `session`. Names are compared in normal form C. Of several documents in a place with one name
// that `who` may read, the oldest has it; the others have their number in theirs: "letter [12].pdf".
class Tree {
 public:
  Tree(storage::Session& session, const storage::Principal& who) : session_(session), who_(who) {}

  // `path` begins with /dav.
  Resource find(std::string_view path);
  // In the order of collections, then files. Sidecars are not among them.
  std::vector<Resource> children(const Resource& collection);

 private:
  Resource step(const Resource& collection, std::string_view name);
  // Those that are, or would without others be, called `only`; for "" all.
  std::vector<Resource> collections_in(const Resource& collection, std::string_view only);
  std::optional<Resource> file_in(const Resource& collection, const std::string& name);
  Resource below(const Resource& collection, Resource::Kind kind, std::int64_t id, const std::string& name);
  Resource of_file(const Resource& collection, const storage::FileEntry& file, const std::string& name);

  storage::Session& session_;
  const storage::Principal& who_;
};

}  // namespace muniment::webui::dav
