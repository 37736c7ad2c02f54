#include "webui/dav/drops.h"

#include <algorithm>

#include "core/text.h"
#include "storage/intake_folders.h"
#include "storage/source_arrivals.h"
#include "storage/stack_passes.h"
#include "webui/dav/properties.h"
#include "webui/dav/request.h"

namespace muniment::webui::dav {

namespace {

constexpr std::chrono::minutes kRemembered{10};
constexpr std::size_t kMostRemembered = 1000;  // of one account and folder
constexpr std::string_view kDropsBase = "/dav/drop";
// The folder in every drop folder for the two passes of stacks through a feeder of one side.
constexpr std::string_view kDoubleSided = "double-sided";

struct Address {
  std::string drop;
  std::string file;       // empty: the folder itself
  bool one_side = false;  // it is, or lies in, the folder kDoubleSided

  // The folder, below kDropsBase.
  std::string folder() const { return one_side ? drop + "/" + std::string(kDoubleSided) : drop; }
};
// Empty for what is deeper.
std::optional<Address> address_of(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(kDropsBase.size());
  for (const std::string_view segment : core::split(path, '/')) {
    if (!segment.empty()) segments.push_back(core::to_nfc(segment));
  }
  const bool one_side = segments.size() > 1 && segments[1] == kDoubleSided;
  if (one_side) segments.erase(segments.begin() + 1);
  segments.resize(std::max<std::size_t>(segments.size(), 2));
  if (segments.size() > 2) return std::nullopt;
  return Address{segments[0], segments[1], one_side};
}

Resource as_collection(const std::string& path) {
  Resource resource;
  resource.kind = Resource::Kind::files;
  resource.path = path;
  resource.name = path.substr(path.rfind('/') + 1);
  return resource;
}

Resource as_file(const std::string& folder, const Drops::Dropped& dropped) {
  Resource resource;
  resource.kind = Resource::Kind::announced;
  resource.path = folder + "/" + dropped.name;
  resource.name = dropped.name;
  resource.size = dropped.size;
  resource.created_at = resource.changed_at = dropped.at;
  return resource;
}

// How what comes there is filed, where people set the folder up; the configuration's are not filed.
struct DropFolder {
  std::optional<storage::IntakeFolder> set_up;
};
// Empty when there is none of that name.
std::optional<DropFolder> drop_folder(Request& request, const std::string& name) {
  auto session = request.services.database.read();
  if (auto folder = storage::find_drop_folder(session, name)) return DropFolder{std::move(folder)};
  const auto& configured = request.services.sources.configured().drop_folders;
  if (std::ranges::find(configured, name) == configured.end()) return std::nullopt;
  return DropFolder();
}

// How it comes in, but for what it is.
ingest::Arrival arrival_at(Request& request, const Address& address, const DropFolder& folder) {
  ingest::Arrival arrival;
  arrival.document.filename = address.file;
  arrival.document.source = "drop";
  arrival.priority = storage::kBulk;
  auto session = request.services.database.read();
  ingest::file_as(session, folder.set_up ? folder.set_up->terms.filing : storage::PresetFiling(), arrival);
  arrival.with = [&](storage::Transaction& tx, const ingest::Receipt& receipt) {
    if (folder.set_up) storage::require_unchanged(tx, *folder.set_up);
    storage::record_arrival(tx, "drop", address.drop);
    // What is here already was sent again: it is no side of the next stack.
    if (!address.one_side || receipt.duplicate) return;
    storage::record_sent_pass(tx, receipt.document_id, {request.who.account_id, address.drop},
                              request.services.sources.watch_folders().double_sided_wait());
  };
  return arrival;
}

void take_into_drop(Request& request, const Address& address, const DropFolder& folder) {
  if (!is_usable_name(address.file)) {
    return send_refusal(request.http, {403, "", "a file needs a name without control characters", ""});
  }
  request.services.intake.require_room(request.who, request.http.content_length().value_or(0));
  std::vector<std::byte> first(64 * 1024);
  first.resize(request.http.read(first));
  std::uint64_t size = first.size();
  // An empty file only says that one will come, and what an operating system leaves about is not archived.
  if (size > 0 && !is_sidecar(address.file)) {
    ingest::Arrival arrival = arrival_at(request, address, folder);
    std::size_t given = 0;
    request.services.intake.accept(request.who, std::move(arrival), [&](std::span<std::byte> buffer) {
      if (given < first.size()) {
        const std::size_t count = std::min(buffer.size(), first.size() - given);
        std::copy_n(first.begin() + static_cast<std::ptrdiff_t>(given), count, buffer.begin());
        given += count;
        return count;
      }
      const std::size_t count = request.http.read(buffer);
      size += count;
      return count;
    });
  }
  request.drops.remember(request.who.account_id, address.folder(), {address.file, size, request.now()});
  request.http.send_empty(201);
}

void list_drop(Request& request, const Address& address) {
  const auto depth = request.depth(Depth::infinity);
  const auto body = PropertyRequest::read(request.http);
  if (!depth || !body) return send_refusal(request.http, {400, "", "this request cannot be read", ""});
  if (*depth == Depth::infinity) {
    return send_refusal(request.http, {403, "propfind-finite-depth", "ask with Depth 0 or 1", ""});
  }
  const std::string folder = std::string(kDropsBase) + (address.drop.empty() ? "" : "/" + address.folder());
  const auto files = request.drops.recent(request.who.account_id, address.folder(), request.now());
  MultiStatus answer;
  if (address.file.empty()) {
    const Resource resource = as_collection(folder);
    answer.add_properties(resource.href(), body->answer(resource, {}, ""));
  }
  for (const Drops::Dropped& file : files) {
    if (address.file.empty() ? *depth == Depth::zero : file.name != address.file) continue;
    const Resource resource = as_file(folder, file);
    answer.add_properties(resource.href(), body->answer(resource, {}, ""));
  }
  if (answer.empty()) return send_refusal(request.http, {404, "", "there is no such file", ""});
  answer.send(request.http);
}

}  // namespace

void Drops::remember(std::int64_t account, std::string_view drop, Dropped dropped) {
  const std::lock_guard lock(mutex_);
  auto& mine = dropped_[{account, std::string(drop)}];
  std::erase_if(mine, [&](const auto& entry) { return dropped.at - entry.second.at >= kRemembered; });
  if (mine.size() >= kMostRemembered) return;
  mine[dropped.name] = dropped;
}

void Drops::forget(std::int64_t account, std::string_view drop, std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto mine = dropped_.find({account, std::string(drop)});
  if (mine == dropped_.end()) return;
  if (const auto found = mine->second.find(name); found != mine->second.end()) mine->second.erase(found);
}

std::vector<Drops::Dropped> Drops::recent(std::int64_t account, std::string_view drop, core::Time now) const {
  const std::lock_guard lock(mutex_);
  std::vector<Dropped> files;
  const auto mine = dropped_.find({account, std::string(drop)});
  if (mine == dropped_.end()) return files;
  for (const auto& [name, file] : mine->second) {
    if (now - file.at < kRemembered) files.push_back(file);
  }
  return files;
}

void answer_drop(Request& request) {
  request.who.require(storage::Permission::capture);
  const auto address = address_of(request.path);
  const auto folder = address && !address->drop.empty() ? drop_folder(request, address->drop) : DropFolder();
  if (!address || !folder) {
    return send_refusal(request.http, {404, "", "there is no such drop folder", ""});
  }
  const std::string& method = request.http.method();
  if (method == "PROPFIND") return list_drop(request, *address);
  if (method == "PUT" && !address->file.empty()) return take_into_drop(request, *address, *folder);
  // Devices make the folder first, and go on when it is there (RFC 4918 9.3.1).
  if (method == "MKCOL" && address->file.empty()) {
    return send_refusal(request.http, {405, "", "there is a file or folder of that name already", ""});
  }
  const auto mine = request.drops.recent(request.who.account_id, address->folder(), request.now());
  const auto file = std::ranges::find(mine, address->file, &Drops::Dropped::name);
  if (file == mine.end()) return send_refusal(request.http, {403, "", "files are put here, and nothing else", ""});
  if (method == "HEAD") return request.http.send_empty(200);
  // Whoever puts it again under its name first takes it away; the document stays.
  if (method == "DELETE") {
    request.drops.forget(request.who.account_id, address->folder(), address->file);
    return request.http.send_empty(204);
  }
  send_refusal(request.http, {403, "", "what was put here belongs to the archive; search for it there", ""});
}

}  // namespace muniment::webui::dav
