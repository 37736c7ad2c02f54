// GET, PUT, MKCOL and DELETE.
#include <algorithm>

#include "core/error.h"
#include "records/file_plan.h"
#include "webui/dav/request.h"
#include "webui/download.h"

namespace muniment::webui::dav {

using storage::Place;
using storage::Session;
using storage::Transaction;
using Kind = Resource::Kind;

namespace {

// Whether a tag is in the list of If-Match or If-None-Match.
bool names(std::string_view list, std::string_view tag) {
  return !tag.empty() && list.find(tag) != std::string_view::npos;
}

// The preconditions of RFC 9110: clients that save use them so as to overwrite nothing that they have not seen.
Refused refuse_preconditions(const Request& request, const Resource& target) {
  const Refusal stale{412, "", "it is not as the client thought; look at it again", ""};
  if (const auto wanted = request.http.header("If-Match")) {
    if (!target.exists() || (*wanted != "*" && !names(*wanted, target.etag()))) return stale;
  }
  if (const auto unwanted = request.http.header("If-None-Match")) {
    if (target.exists() && (*unwanted == "*" || names(*unwanted, target.etag()))) return stale;
  }
  return std::nullopt;
}

Refused refuse_put(const Request& request, Session& session, const Resource& target) {
  if (target.is_collection()) return Refusal{405, "", "this is a folder; a file cannot take its place", ""};
  if (auto refusal = refuse_preconditions(request, target)) return refusal;
  if (auto refusal = refuse_conditions(request, session)) return refusal;
  if (!target.exists()) {
    if (auto refusal = refuse_making(request, session, target)) return refusal;
    return refuse_locked_member(request, session, target);
  }
  if (auto refusal = refuse_changing(request, session, target)) return refusal;
  return refuse_locked(request, session, target);
}

// The body of a PUT on its way to the intake.
class Body {
 public:
  explicit Body(Exchange& http) : http_(http), first_(64 * 1024) { first_.resize(http.read(first_)); }

  bool is_empty() const { return first_.empty(); }
  std::size_t read(std::span<std::byte> buffer) {
    if (given_ == first_.size()) return http_.read(buffer);
    const std::size_t count = std::min(buffer.size(), first_.size() - given_);
    std::copy_n(first_.begin() + static_cast<std::ptrdiff_t>(given_), count, buffer.begin());
    given_ += count;
    return count;
  }
  void skip() {
    std::vector<std::byte> buffer(64 * 1024);
    while (read(buffer) > 0) {
    }
  }

 private:
  Exchange& http_;
  std::vector<std::byte> first_;
  std::size_t given_ = 0;
};

void announce(const Request& request, const Resource& target) {
  auto tx = request.services.database.begin(request.who.actor());
  if (!storage::find_announced_file(tx, request.who, target.place.value(), target.name)) {
    storage::announce_file(tx, target.place.value(), target.name);
  }
  tx.commit();
}

void take_in_file(const Request& request, const Resource& target, Body& body) {
  ingest::Arrival arrival;
  arrival.document.filename = target.name;
  arrival.document.source = "dav";
  // The client expects to find it where it has put it, whatever is elsewhere.
  arrival.keep_duplicate = true;
  const Place place = target.place.value();
  if (place.kind == Place::Kind::folder) arrival.document.folder_id = place.id;
  if (place.kind == Place::Kind::document_class) arrival.document.class_id = place.id;
  arrival.with = [&](Transaction& tx, const ingest::Receipt& receipt) {
    for (const storage::FileEntry& other : storage::files_in(tx, request.who, place, target.name)) {
      if (other.document_id == receipt.document_id) continue;
      throw core::Error(core::ErrorCode::stale, "somebody else has put a file of this name there; look at it first");
    }
    storage::name_new_file(tx, receipt.document_id, place, target.name);
    if (target.kind != Kind::announced) return;
    storage::hand_over(tx, *target.thing(), {storage::FileThing::Kind::document, receipt.document_id});
    storage::forget_announced_file(tx, target.id);
  };
  request.services.intake.accept(request.who, std::move(arrival),
                                 [&](std::span<std::byte> buffer) { return body.read(buffer); });
}

void take_in_version(const Request& request, const Resource& target, Body& body) {
  core::TempFile file = request.services.blobs.new_file();
  const std::uint64_t most = request.services.intake.most_for(request.who);
  std::vector<std::byte> buffer(64 * 1024);
  while (const std::size_t got = body.read(buffer)) {
    file.append(std::span(buffer).first(got));
    if (file.size() > most) request.services.intake.require_room(request.who, file.size());
  }
  // A program saves many times; the person checks in when done.
  request.services.intake.accept_version(request.who, {target.id, std::nullopt, target.name, "", true}, file.path());
}

}  // namespace

void get(Request& request) {
  Resource resource;
  {
    auto session = request.services.database.read();
    resource = Tree(session, request.who).find(request.path);
  }
  if (!resource.exists()) return send_refusal(request.http, {404, "", "there is no such file or folder", ""});
  if (resource.is_collection()) {
    return send_refusal(request.http, {405, "", "a folder has no bytes; ask with PROPFIND what is in it", ""});
  }
  if (resource.kind == Kind::announced) {
    request.http.set_header("ETag", resource.etag());
    return request.http.send(200, "application/octet-stream", "");
  }
  const core::FileDescriptor bytes = request.services.blobs.open(resource.hash);
  const std::string quoted = resource.etag();
  const std::string tag = quoted.substr(1, quoted.size() - 2);
  if (request.http.method() == "GET") request.reads.downloaded(request.who, resource.id, "original");
  send_download(request.http, bytes, {resource.media_type, resource.name, tag});
}

void put(Request& request) {
  if (request.http.header("Content-Range")) {
    return send_refusal(request.http, {400, "", "a file is sent as a whole, without Content-Range", ""});
  }
  request.services.intake.require_room(request.who, request.http.content_length().value_or(0));
  Resource target;
  Refused refusal;
  {
    auto session = request.services.database.read();
    target = Tree(session, request.who).find(request.path);
    refusal = refuse_put(request, session, target);
  }
  if (!refusal && !request.who.may(storage::Permission::capture)) {
    refusal = Refusal{403, "", "you may not bring documents in", ""};
  }
  if (refusal) return send_refusal(request.http, *refusal);
  Body body(request.http);
  if (target.kind == Kind::document) {
    // Some programs empty a file before they write it: the document stays as it is until then.
    if (!body.is_empty()) take_in_version(request, target, body);
  } else if (body.is_empty() || is_sidecar(target.name)) {
    body.skip();
    announce(request, target);
  } else {
    take_in_file(request, target, body);
  }
  request.http.send_empty(target.exists() ? 204 : 201);
}

Refused make_folder(const Request& request, Transaction& tx, const Place& place, const std::string& name) {
  if (!request.who.may(storage::Permission::edit_documents)) {
    return Refusal{403, "", "you may not make folders", ""};
  }
  switch (place.kind) {
    case Place::Kind::work_folder:
      storage::create_work_folder(tx, place.id, name);
      return std::nullopt;
    case Place::Kind::document_class:
      if (!is_usable_title(name)) return Refusal{403, "", "a folder's title has single spaces only", ""};
      records::create_folder(tx, place.id, name, std::nullopt);
      return std::nullopt;
    case Place::Kind::folder:
      break;
  }
  return Refusal{403, "", "a folder of the file plan has no folders in it; make one in its class", ""};
}

namespace {

Refused make_collection_at(Request& request) {
  auto tx = request.services.database.begin(request.who.actor());
  const Resource target = Tree(tx, request.who).find(request.path);
  if (target.exists()) return Refusal{405, "", "there is a file or folder of that name already", ""};
  Refused refusal = refuse_making(request, tx, target);
  if (!refusal) refusal = refuse_conditions(request, tx);
  if (!refusal) refusal = refuse_locked_member(request, tx, target);
  if (!refusal) refusal = make_folder(request, tx, *target.place, target.name);
  if (!refusal) tx.commit();
  return refusal;
}

// Why this one thing, without what is in it, stays.
Refused refuse_removing(const Request& request, Session& session, const Resource& resource) {
  if (resource.is_collection() && (resource.kind != Kind::work_folder || resource.id == storage::kWorkingArea)) {
    return Refusal{403, "", "the file plan is not changed by deleting: a folder is closed, on the archive's page", ""};
  }
  if (auto refusal = refuse_changing(request, session, resource)) return refusal;
  return refuse_locked(request, session, resource);
}

Refused remove_at(Request& request, MultiStatus& failures) {
  auto tx = request.services.database.begin(request.who.actor());
  const Resource target = Tree(tx, request.who).find(request.path);
  if (!target.exists()) return Refusal{404, "", "there is no such file or folder", ""};
  if (target.is_collection() && request.depth(Depth::infinity) != Depth::infinity) {
    return Refusal{400, "", "a folder is removed with all that is in it: Depth infinity", ""};
  }
  Refused refusal = refuse_conditions(request, tx);
  if (!refusal) refusal = refuse_removing(request, tx, target);
  if (!refusal) refusal = refuse_locked_member(request, tx, target);
  if (refusal) return refusal;
  remove_tree(request, tx, target, failures);
  tx.commit();
  return std::nullopt;
}

}  // namespace

bool remove_tree(const Request& request, Transaction& tx, const Resource& resource, MultiStatus& failures) {
  if (const auto refusal = refuse_removing(request, tx, resource)) {
    failures.add(resource.href(), refusal->status, &*refusal);
    return false;
  }
  bool all = true;
  for (const Resource& child : Tree(tx, request.who).children(resource)) {
    all = remove_tree(request, tx, child, failures) && all;
  }
  if (!all) return false;
  storage::remove_locks_of(tx, *resource.thing());
  if (resource.kind == Kind::document) {
    storage::trash_document(tx, request.who, resource.id);
    return true;
  }
  storage::remove_properties_of(tx, *resource.thing());
  if (resource.kind == Kind::announced) {
    storage::forget_announced_file(tx, resource.id);
  } else {
    storage::remove_work_folder(tx, resource.id);
  }
  return true;
}

void make_collection(Request& request) {
  if (!request.http.read_all(kMostXmlBytes).empty()) {
    return send_refusal(request.http, {415, "", "a new folder is made without a body", ""});
  }
  if (const auto refusal = make_collection_at(request)) return send_refusal(request.http, *refusal);
  request.http.send_empty(201);
}

void remove(Request& request) {
  MultiStatus failures;
  if (const auto refusal = remove_at(request, failures)) return send_refusal(request.http, *refusal);
  if (!failures.empty()) return failures.send(request.http);
  request.http.send_empty(204);
}

}  // namespace muniment::webui::dav
