// LOCK and UNLOCK.
#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/hash.h"
#include "webui/dav/request.h"

namespace muniment::webui::dav {

using storage::FileLock;
using storage::Session;
using Kind = Resource::Kind;

namespace {

constexpr std::chrono::seconds kLongest{3600};
constexpr std::size_t kLongestOwner = 4096;

// RFC 4122, version 4.
std::string new_token(core::Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string digits = core::to_hex(bytes);
  for (const std::size_t dash : {8, 13, 18, 23}) digits.insert(dash, "-");
  return "urn:uuid:" + digits;
}

// Empty when the body is no lockinfo that can be met.
std::optional<FileLock> read_wish(std::string_view body) {
  const auto xml = parse_xml(body);
  if (!xml || !xml->is("lockinfo")) return std::nullopt;
  const Xml* const scope = xml->child("lockscope");
  const Xml* const type = xml->child("locktype");
  if (scope == nullptr || type == nullptr || type->child("write") == nullptr) return std::nullopt;
  FileLock lock;
  lock.exclusive = scope->child("exclusive") != nullptr;
  if (!lock.exclusive && scope->child("shared") == nullptr) return std::nullopt;
  if (const Xml* const owner = xml->child("owner")) lock.owner = to_xml(*owner);
  if (lock.owner.size() > kLongestOwner) return std::nullopt;
  return lock;
}

// Exclusive locks go with no other, and none with a check-out of another person.
Refused refuse_conflict(const Request& request, Session& session, const Resource& resource, const FileLock& wish) {
  if (auto refusal = refuse_checked_out(request, session, resource)) return refusal;
  const std::vector<FileLock> others = locks_on(request, session, resource);
  const auto conflicting =
      std::ranges::find_if(others, [&](const FileLock& l) { return l.exclusive || wish.exclusive; });
  if (conflicting != others.end()) {
    return Refusal{423, "no-conflicting-lock", "this is locked; wait until whoever locked it is done",
                   encoded_path(conflicting->path)};
  }
  if (!wish.deep) return std::nullopt;
  for (const Resource& child : Tree(session, request.who).children(resource)) {
    if (auto refusal = refuse_conflict(request, session, child, wish)) return refusal;
  }
  return std::nullopt;
}

std::string lock_element(const Request& request, const FileLock& lock) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(lock.expires_at - request.now());
  const bool is_folder =
      lock.thing.kind != storage::FileThing::Kind::document && lock.thing.kind != storage::FileThing::Kind::announced;
  return std::string("<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope>") +
         (lock.exclusive ? "<D:exclusive/>" : "<D:shared/>") + "</D:lockscope><D:depth>" +
         (lock.deep ? "infinity" : "0") + "</D:depth>" + lock.owner + "<D:timeout>Second-" +
         std::to_string(std::max<std::int64_t>(left.count(), 1)) + "</D:timeout><D:locktoken><D:href>" +
         escaped(lock.token) + "</D:href></D:locktoken><D:lockroot><D:href>" + encoded_path(lock.path) +
         (is_folder ? "/" : "") + "</D:href></D:lockroot></D:activelock>";
}

void send_lock(Request& request, int status, const FileLock& lock) {
  request.http.set_header("Cache-Control", "private, no-store");
  request.http.send(status, "application/xml; charset=utf-8",
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:prop xmlns:D=\"DAV:\"><D:lockdiscovery>" +
                        lock_element(request, lock) + "</D:lockdiscovery></D:prop>\n");
}

core::Time expiry(const Request& request) {
  return request.now() + parse_timeout(request.http.header("Timeout").value_or(""), kLongest);
}

// Makes the lock, and a file of that name when there is none. `made` says whether.
Refused add(Request& request, FileLock& lock, bool& made) {
  auto tx = request.services.database.begin(request.who.actor());
  Resource target = Tree(tx, request.who).find(request.path);
  if (auto refusal = refuse_conditions(request, tx)) return refusal;
  made = !target.exists();
  if (made) {
    if (auto refusal = refuse_making(request, tx, target)) return refusal;
    if (!request.who.may(storage::Permission::capture)) return Refusal{403, "", "you may not bring documents in", ""};
    if (auto refusal = refuse_locked_member(request, tx, target)) return refusal;
    storage::announce_file(tx, *target.place, target.name);
    target = Tree(tx, request.who).find(request.path);
  } else if (auto refusal = refuse_changing(request, tx, target)) {
    return refusal;
  }
  const auto thing = target.thing();
  if (!thing) return Refusal{403, "", "this folder cannot be locked", ""};
  lock.thing = *thing;
  lock.path = target.path;
  lock.deep = lock.deep && target.is_collection();
  if (auto refusal = refuse_conflict(request, tx, target, lock)) return refusal;
  storage::add_lock(tx, lock);
  tx.commit();
  return std::nullopt;
}

Refused refresh(Request& request, FileLock& lock) {
  auto tx = request.services.database.begin(request.who.actor());
  const Resource target = Tree(tx, request.who).find(request.path);
  if (!target.exists()) return Refusal{404, "", "there is no such file or folder", ""};
  const auto locks = locks_on(request, tx, target);
  const auto mine = std::ranges::find_if(locks, [&](const FileLock& l) { return request.knows(l); });
  if (mine == locks.end()) {
    return Refusal{412, "lock-token-matches-request-uri", "If names no lock of this that is yours", ""};
  }
  lock = *mine;
  lock.expires_at = expiry(request);
  storage::refresh_lock(tx, lock.token, lock.expires_at);
  tx.commit();
  return std::nullopt;
}

Refused end(Request& request, const std::string& token) {
  auto tx = request.services.database.begin(request.who.actor());
  const Resource target = Tree(tx, request.who).find(request.path);
  const auto locks = locks_on(request, tx, target);
  const auto lock = std::ranges::find(locks, token, &FileLock::token);
  if (lock == locks.end()) {
    return Refusal{409, "lock-token-matches-request-uri", "there is no such lock here; it may have expired", ""};
  }
  if (lock->account_id != request.who.account_id) {
    return Refusal{403, "", "somebody else has locked this; the lock ends when it is given back or expires", ""};
  }
  storage::remove_lock(tx, token);
  tx.commit();
  return std::nullopt;
}

}  // namespace

std::string lock_discovery(const Request& request, const std::vector<FileLock>& locks) {
  std::string elements;
  for (const FileLock& lock : locks) elements += lock_element(request, lock);
  return elements;
}

void lock(Request& request) {
  const std::string body = request.http.read_all(kMostXmlBytes);
  const auto depth = request.depth(Depth::infinity);
  if (!depth || *depth == Depth::one)
    return send_refusal(request.http, {400, "", "the Depth here is 0 or infinity", ""});
  if (body.empty()) {
    FileLock refreshed;
    if (const auto refusal = refresh(request, refreshed)) return send_refusal(request.http, *refusal);
    return send_lock(request, 200, refreshed);
  }
  auto wish = read_wish(body);
  if (!wish) return send_refusal(request.http, {400, "", "the body is no lockinfo element with a write lock", ""});
  wish->token = new_token(request.services.random);
  wish->deep = *depth == Depth::infinity;
  wish->account_id = request.who.account_id;
  wish->expires_at = expiry(request);
  bool made = false;
  if (const auto refusal = add(request, *wish, made)) return send_refusal(request.http, *refusal);
  request.http.set_header("Lock-Token", "<" + wish->token + ">");
  send_lock(request, made ? 201 : 200, *wish);
}

void unlock(Request& request) {
  const auto token = parse_lock_token(request.http.header("Lock-Token").value_or(""));
  if (!token) return send_refusal(request.http, {400, "", "send the lock's token as Lock-Token", ""});
  if (const auto refusal = end(request, *token)) return send_refusal(request.http, *refusal);
  request.http.send_empty(204);
}

}  // namespace muniment::webui::dav
