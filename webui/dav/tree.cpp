#include "webui/dav/tree.h"

#include <set>

#include "core/text.h"
#include "records/file_plan.h"
#include "webui/dav/headers.h"

namespace muniment::webui::dav {

using storage::FileThing;
using storage::Place;
using Kind = Resource::Kind;

namespace {

constexpr std::string_view kFiles = "files";
constexpr std::string_view kWork = "work";

// A title as the name of a folder.
std::string as_name(std::string_view title) {
  std::string name(title);
  for (char& c : name) {
    if (c == '/' || c == '\\') c = '_';
  }
  return core::display_filename(name);
}

// "letter [12].pdf"
std::string numbered(std::string_view name, std::int64_t id) {
  const std::string_view stem = storage::stem_of(name);
  return std::string(stem) + " [" + std::to_string(id) + "]" + std::string(name.substr(stem.size()));
}

struct Numbered {
  std::string name;
  std::int64_t id = 0;
};
// The other way round; empty when there is no number in it.
std::optional<Numbered> parse_numbered(std::string_view name) {
  const std::string_view stem = storage::stem_of(name);
  const auto open = stem.rfind(" [");
  if (open == std::string_view::npos || open == 0 || !stem.ends_with(']')) return std::nullopt;
  const auto id = core::parse_integer(stem.substr(open + 2, stem.size() - open - 3));
  if (!id || *id <= 0) return std::nullopt;
  return Numbered{std::string(stem.substr(0, open)) + std::string(name.substr(stem.size())), *id};
}

}  // namespace

std::optional<FileThing> Resource::thing() const {
  switch (kind) {
    case Kind::document_class:
      return FileThing{FileThing::Kind::document_class, id};
    case Kind::folder:
      return FileThing{FileThing::Kind::folder, id};
    case Kind::work_folder:
      return FileThing{FileThing::Kind::work_folder, id};
    case Kind::document:
      return FileThing{FileThing::Kind::document, id};
    case Kind::announced:
      return FileThing{FileThing::Kind::announced, id};
    case Kind::root:
    case Kind::files:
    case Kind::missing:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Place> Resource::as_place() const {
  switch (kind) {
    case Kind::document_class:
      return Place{Place::Kind::document_class, id};
    case Kind::folder:
      return Place{Place::Kind::folder, id};
    case Kind::work_folder:
      return Place{Place::Kind::work_folder, id};
    default:
      return std::nullopt;
  }
}

std::string Resource::etag() const {
  // Half of the hash names the bytes as surely, and fits into the headers of clients that have little room for it.
  if (kind == Kind::document) return "\"" + hash.hex().substr(0, 32) + "\"";
  if (kind == Kind::announced) return "\"announced-" + std::to_string(id) + "\"";
  return "";
}

std::string Resource::href() const {
  return encoded_path(path) + (is_collection() ? "/" : "");
}

bool is_sidecar(std::string_view name) {
  const std::string folded = core::fold_case(name);
  return folded.starts_with("._") || folded == ".ds_store" || folded == "thumbs.db" || folded == "desktop.ini";
}

bool is_usable_name(std::string_view name) {
  return core::is_utf8(name) && core::display_filename(name) == core::to_nfc(name);
}

bool is_usable_title(std::string_view name) {
  return is_usable_name(name) && core::collapse_space(name) == name;
}

Resource Tree::below(const Resource& collection, Kind kind, std::int64_t id, const std::string& name) {
  Resource resource;
  resource.kind = kind;
  resource.id = id;
  resource.name = name;
  resource.path = collection.path + "/" + name;
  resource.place = collection.as_place();
  resource.above = collection.above;
  if (const auto thing = collection.thing()) resource.above.push_back(*thing);
  return resource;
}

Resource Tree::of_file(const Resource& collection, const storage::FileEntry& file, const std::string& name) {
  Resource resource = below(collection, Kind::document, file.document_id, name);
  resource.hash = file.hash;
  resource.size = file.size;
  resource.media_type = file.media_type;
  resource.created_at = file.created_at;
  resource.changed_at = file.changed_at;
  return resource;
}

std::vector<Resource> Tree::collections_in(const Resource& collection, std::string_view only) {
  std::vector<Resource> found;
  if (collection.kind == Kind::root) {
    found.push_back(below(collection, Kind::files, 0, std::string(kFiles)));
    found.push_back(below(collection, Kind::work_folder, storage::kWorkingArea, std::string(kWork)));
    return found;
  }
  if (collection.kind == Kind::work_folder) {
    for (const storage::WorkFolder& folder : storage::work_folders_in(session_, collection.id)) {
      found.push_back(below(collection, Kind::work_folder, folder.id, folder.name));
      found.back().created_at = folder.created_at;
    }
    return found;
  }
  // Asking for the access list of each costs too much where there are thousands.
  const auto numbered_only = parse_numbered(only);
  const auto is_wanted = [&](const std::string& name) {
    return only.empty() || name == only || (numbered_only && name == numbered_only->name);
  };
  std::set<std::string, std::less<>> taken;
  const auto add = [&](Kind kind, std::int64_t id, const std::string& wanted, core::Time created_at) {
    const std::string name = taken.contains(wanted) ? numbered(wanted, id) : wanted;
    taken.insert(name);
    found.push_back(below(collection, kind, id, name));
    found.back().created_at = created_at;
  };
  for (const records::ClassName& node : records::class_names(session_, collection.id)) {
    add(Kind::document_class, node.id, as_name(node.code + " " + node.title), node.created_at);
  }
  if (collection.kind != Kind::document_class) return found;
  for (const records::FolderName& folder : records::folder_names(session_, collection.id)) {
    const std::string name = as_name(folder.title);
    // The title of a case file may say as much as what is in it.
    if (!is_wanted(name) || !who_.may_read(storage::inherited_access_list(session_, folder.id, collection.id)))
      continue;
    add(Kind::folder, folder.id, name, folder.opened_at);
  }
  return found;
}

std::optional<Resource> Tree::file_in(const Resource& collection, const std::string& name) {
  const auto place = collection.as_place();
  if (!place) return std::nullopt;
  const auto files = storage::files_in(session_, who_, *place, name);
  if (!files.empty()) return of_file(collection, files.front(), name);
  if (const auto file = storage::find_announced_file(session_, who_, *place, name)) {
    Resource resource = below(collection, Kind::announced, file->id, name);
    resource.created_at = resource.changed_at = file->created_at;
    return resource;
  }
  const auto parsed = parse_numbered(name);
  if (!parsed) return std::nullopt;
  for (const storage::FileEntry& file : storage::files_in(session_, who_, *place, parsed->name)) {
    if (file.document_id == parsed->id) return of_file(collection, file, name);
  }
  return std::nullopt;
}

Resource Tree::step(const Resource& collection, std::string_view name) {
  if (collection.kind == Kind::work_folder) {
    if (const auto folder = storage::find_work_folder(session_, collection.id, name)) {
      Resource resource = below(collection, Kind::work_folder, folder->id, folder->name);
      resource.created_at = folder->created_at;
      return resource;
    }
  } else if (collection.is_collection() && collection.kind != Kind::folder) {
    for (Resource& child : collections_in(collection, name)) {
      if (child.name == name) return std::move(child);
    }
  }
  if (auto file = file_in(collection, std::string(name))) return std::move(*file);
  return below(collection, Kind::missing, 0, std::string(name));
}

Resource Tree::find(std::string_view path) {
  Resource at;
  at.kind = Kind::root;
  at.path = "/dav";
  path.remove_prefix(at.path.size());
  for (const std::string_view segment : core::split(path, '/')) {
    if (segment.empty()) continue;
    at = step(at, core::to_nfc(segment));
  }
  return at;
}

std::vector<Resource> Tree::children(const Resource& collection) {
  if (!collection.is_collection()) return {};
  std::vector<Resource> found;
  std::set<std::string, std::less<>> taken;
  if (collection.kind != Kind::folder) found = collections_in(collection, "");
  for (const Resource& child : found) taken.insert(child.name);
  const auto place = collection.as_place();
  if (!place) return found;
  for (const storage::FileEntry& file : storage::files_in(session_, who_, *place)) {
    const std::string name = taken.contains(file.name) ? numbered(file.name, file.document_id) : file.name;
    taken.insert(name);
    found.push_back(of_file(collection, file, name));
  }
  for (const storage::AnnouncedFile& file : storage::announced_files_in(session_, who_, *place)) {
    if (is_sidecar(file.name) || !taken.insert(file.name).second) continue;
    found.push_back(below(collection, Kind::announced, file.id, file.name));
    found.back().created_at = found.back().changed_at = file.created_at;
  }
  return found;
}

}  // namespace muniment::webui::dav
