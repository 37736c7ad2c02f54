// COPY and MOVE.
#include "core/error.h"
#include "records/file_plan.h"
#include "storage/document_versions.h"
#include "storage/levels.h"
#include "webui/dav/request.h"

namespace muniment::webui::dav {

using storage::FileThing;
using storage::Place;
using storage::Session;
using storage::Transaction;
using Kind = Resource::Kind;

namespace {

struct Plan {
  Resource from;
  Resource to;
  bool overwrite = true;
  Depth depth = Depth::infinity;
};

bool is_within(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder + "/");
}

Refused read_plan(const Request& request, Plan& plan, std::string& destination) {
  const auto header = request.http.header("Destination");
  if (!header) return Refusal{400, "", "say where to: send Destination", ""};
  const auto path = request.path_named(*header);
  if (!path) return Refusal{502, "", "the destination is not in this archive", ""};
  if (!path->starts_with("/dav/") || is_within(*path, "/dav/drop")) {
    return Refusal{403, "", "nothing can be put there; choose a class, a folder or the working area", ""};
  }
  destination = *path;
  const std::string overwrite = request.http.header("Overwrite").value_or("T");
  if (overwrite != "T" && overwrite != "F") return Refusal{400, "", "Overwrite is T or F", ""};
  plan.overwrite = overwrite == "T";
  const auto depth = request.depth(Depth::infinity);
  if (!depth || *depth == Depth::one) return Refusal{400, "", "the Depth here is 0 or infinity", ""};
  plan.depth = *depth;
  return std::nullopt;
}

// Whether the bytes of one document become a version of another, so that this keeps its history.
bool becomes_version(const Plan& plan) {
  return plan.from.kind == Kind::document && plan.to.kind == Kind::document;
}

// What a document says does not come to a lower level for whoever may not lower it. Error(forbidden).
void require_may_stand(const Request& request, Session& session, const storage::Document& document,
                       const Place& place) {
  storage::require_may_replace(
      session, request.who, document.access_list,
      document.own_access_list ? *document.own_access_list : storage::access_list_of(session, place));
}

// The same before anything is done; what is in a folder is looked at one by one.
void require_may_go(const Request& request, Session& session, const Plan& plan) {
  if (plan.from.kind != Kind::document) return;
  const auto document = storage::find_document(session, request.who, plan.from.id);
  if (!document) return;  // it went meanwhile
  if (!becomes_version(plan)) {
    if (plan.to.place) require_may_stand(request, session, *document, *plan.to.place);
  } else if (const auto successor = storage::find_document(session, request.who, plan.to.id)) {
    storage::require_may_replace(session, request.who, document->access_list, successor->access_list);
  }
}

// What is the same for both.
Refused refuse_plan(const Request& request, Session& session, Plan& plan, const std::string& destination) {
  Tree tree(session, request.who);
  plan.from = tree.find(request.path);
  plan.to = tree.find(destination);
  if (!plan.from.exists()) return Refusal{404, "", "there is no such file or folder", ""};
  if (!plan.from.thing()) return Refusal{403, "", "this folder stays where it is, and is not copied as a whole", ""};
  if (plan.from.path == plan.to.path) return Refusal{403, "", "source and destination are the same", ""};
  if (is_within(plan.to.path, plan.from.path) && plan.from.is_collection()) {
    return Refusal{403, "", "a folder cannot be put into itself", ""};
  }
  if (is_within(plan.from.path, plan.to.path) && plan.to.is_collection()) {
    return Refusal{403, "", "this would remove what it is made of; choose another destination", ""};
  }
  if (plan.to.exists() && !plan.overwrite) return Refusal{412, "", "there is something of that name already", ""};
  if (auto refusal = refuse_conditions(request, session)) return refusal;
  if (!plan.to.exists()) {
    if (auto refusal = refuse_making(request, session, plan.to)) return refusal;
  } else if (plan.to.is_collection() && plan.to.kind != Kind::work_folder) {
    return Refusal{403, "", "a folder of the file plan is not replaced", ""};
  } else if (auto refusal = refuse_changing(request, session, plan.to)) {
    return refusal;
  }
  if (auto refusal = refuse_locked_member(request, session, plan.to)) return refusal;
  require_may_go(request, session, plan);
  return std::nullopt;
}

void add_version(const Request& request, const Resource& from, const Resource& to) {
  ingest::Intake::VersionArrival arrival{to.id, std::nullopt, to.name, "", true};
  arrival.counted = false;
  request.services.intake.accept_version(request.who, std::move(arrival), request.services.blobs.path(from.hash));
}

// What was at the destination; false when something of it stays.
bool clear_destination(const Request& request, const Resource& to, MultiStatus& failures) {
  if (!to.exists()) return true;
  auto tx = request.services.database.begin(request.who.actor());
  const bool all = remove_tree(request, tx, Tree(tx, request.who).find(to.path), failures);
  tx.commit();
  return all;
}

void copy_document(const Request& request, const Resource& from, const Place& place, const std::string& name) {
  ingest::Arrival arrival;
  storage::NewDocument& document = arrival.document;
  {
    auto session = request.services.database.read();
    const auto original = storage::find_document(session, request.who, from.id);
    if (!original) return;  // it went meanwhile
    require_may_stand(request, session, *original, place);
    document.access_list = original->own_access_list;
    document.public_title = original->public_title;
    if (original->type) document.type_id = original->type->id;
    if (original->correspondent) document.correspondent_id = original->correspondent->id;
    for (const storage::NamedEntry& tag : original->tags) document.tag_ids.push_back(tag.id);
    if (original->date_source == storage::ValueSource::person) document.date = original->date;
    if (original->language_source == storage::ValueSource::person) document.language = original->language;
  }
  document.filename = name;
  document.source = "dav";
  if (place.kind == Place::Kind::folder) document.folder_id = place.id;
  if (place.kind == Place::Kind::document_class) document.class_id = place.id;
  arrival.keep_duplicate = true;
  arrival.counted = false;
  arrival.with = [&](Transaction& tx, const ingest::Receipt& receipt) {
    storage::name_new_file(tx, receipt.document_id, place, name);
    storage::copy_properties(tx, *from.thing(), {FileThing::Kind::document, receipt.document_id});
  };
  // Whoever takes a copy elsewhere has read it.
  request.reads.downloaded(request.who, from.id, "original");
  request.services.intake.accept_file(request.who, std::move(arrival), request.services.blobs.path(from.hash));
}

// The new folder at `path`, or why there is none.
Refused copy_folder(const Request& request, const Resource& from, const Place& place, const std::string& path,
                    const std::string& name, Resource& made) {
  auto tx = request.services.database.begin(request.who.actor());
  if (auto refusal = make_folder(request, tx, place, name)) return refusal;
  made = Tree(tx, request.who).find(path);
  if (made.is_collection()) storage::copy_properties(tx, *from.thing(), *made.thing());
  tx.commit();
  return std::nullopt;
}

// One thing and, with Depth infinity, what is in it. What cannot be copied is in `failures`.
void copy_tree(const Request& request, const Resource& from, const Place& place, const std::string& path, Depth depth,
               MultiStatus& failures) {
  const std::string name = path.substr(path.rfind('/') + 1);
  try {
    if (from.kind == Kind::document) return copy_document(request, from, place, name);
    if (from.kind == Kind::announced) {
      auto tx = request.services.database.begin(request.who.actor());
      const std::int64_t id = storage::announce_file(tx, place, name);
      storage::copy_properties(tx, *from.thing(), {FileThing::Kind::announced, id});
      return tx.commit();
    }
    Resource made;
    if (const auto refusal = copy_folder(request, from, place, path, name, made)) {
      return failures.add(encoded_path(path), refusal->status, &*refusal);
    }
    if (depth != Depth::infinity || !made.is_collection()) return;
    std::vector<Resource> children;
    {
      auto session = request.services.database.read();
      children = Tree(session, request.who).children(from);
    }
    for (const Resource& child : children) {
      copy_tree(request, child, *made.as_place(), path + "/" + child.name, depth, failures);
    }
  } catch (const core::Error& error) {
    const Refusal refusal = refusal_of(error);
    failures.add(encoded_path(path), refusal.status, &refusal);
  }
}

// Once nothing is at the destination.
Refused move_to(const Request& request, Transaction& tx, const Resource& from, const Resource& to) {
  const Place place = to.place.value();
  storage::remove_locks_of(tx, *from.thing());
  switch (from.kind) {
    case Kind::document:
      storage::move_file(tx, request.who, from.id, place, to.name);
      return std::nullopt;
    case Kind::announced:
      storage::move_announced_file(tx, from.id, place, to.name);
      return std::nullopt;
    case Kind::work_folder:
      if (place.kind != Place::Kind::work_folder || from.id == storage::kWorkingArea) break;
      storage::move_work_folder(tx, from.id, place.id, to.name);
      return std::nullopt;
    case Kind::folder: {
      if (from.place != to.place) break;
      if (!is_usable_title(to.name)) return Refusal{403, "", "a folder's title has single spaces only", ""};
      const auto folder = records::find_folder(tx, from.id).value();
      records::FolderChange change;
      change.title = to.name;
      records::change_folder(tx, from.id, folder.version, change);
      return std::nullopt;
    }
    default:
      break;
  }
  return Refusal{403, "", "such a folder is not moved there: move what is in it, or use the archive's page", ""};
}

Refused move_at(const Request& request, const Plan& plan) {
  auto tx = request.services.database.begin(request.who.actor());
  Tree tree(tx, request.who);
  const Resource from = tree.find(plan.from.path);
  const Resource to = tree.find(plan.to.path);
  if (from.thing() != plan.from.thing() || to.exists()) {
    return Refusal{409, "", "somebody else was faster; look at it again", ""};
  }
  auto refusal = move_to(request, tx, from, to);
  if (!refusal) tx.commit();
  return refusal;
}

// The destination keeps its identity and history; the source has done its duty.
void move_into_version(const Request& request, const Plan& plan) {
  add_version(request, plan.from, plan.to);
  auto tx = request.services.database.begin(request.who.actor());
  storage::copy_properties(tx, *plan.from.thing(), *plan.to.thing());
  storage::remove_locks_of(tx, *plan.from.thing());
  storage::trash_document(tx, request.who, plan.from.id);
  tx.commit();
}

void copy_into_version(const Request& request, const Plan& plan) {
  request.reads.downloaded(request.who, plan.from.id, "original");
  add_version(request, plan.from, plan.to);
  auto tx = request.services.database.begin(request.who.actor());
  storage::copy_properties(tx, *plan.from.thing(), *plan.to.thing());
  tx.commit();
}

void send_done(Request& request, const Plan& plan, MultiStatus& failures) {
  if (!failures.empty()) return failures.send(request.http);
  request.http.send_empty(plan.to.exists() ? 204 : 201);
}

}  // namespace

void copy(Request& request) {
  Plan plan;
  std::string destination;
  Refused refusal = read_plan(request, plan, destination);
  if (!refusal) {
    auto session = request.services.database.read();
    refusal = refuse_plan(request, session, plan, destination);
  }
  if (!refusal && !request.who.may(storage::Permission::capture)) {
    refusal = Refusal{403, "", "you may not bring documents in", ""};
  }
  if (refusal) return send_refusal(request.http, *refusal);
  MultiStatus failures;
  if (becomes_version(plan)) {
    copy_into_version(request, plan);
  } else if (clear_destination(request, plan.to, failures)) {
    copy_tree(request, plan.from, *plan.to.place, plan.to.path, plan.depth, failures);
  }
  send_done(request, plan, failures);
}

void move(Request& request) {
  Plan plan;
  std::string destination;
  Refused refusal = read_plan(request, plan, destination);
  if (!refusal) {
    auto session = request.services.database.read();
    refusal = refuse_plan(request, session, plan, destination);
    if (!refusal) refusal = refuse_changing(request, session, plan.from);
    if (!refusal) refusal = refuse_locked_tree(request, session, plan.from);
    if (!refusal) refusal = refuse_locked_member(request, session, plan.from);
  }
  if (!refusal && plan.from.is_collection() && plan.depth != Depth::infinity) {
    refusal = Refusal{400, "", "a folder is moved with all that is in it: Depth infinity", ""};
  }
  if (refusal) return send_refusal(request.http, *refusal);
  MultiStatus failures;
  if (becomes_version(plan)) {
    move_into_version(request, plan);
  } else if (clear_destination(request, plan.to, failures)) {
    refusal = move_at(request, plan);
  }
  if (refusal) return send_refusal(request.http, *refusal);
  send_done(request, plan, failures);
}

}  // namespace muniment::webui::dav
