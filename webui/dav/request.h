// What the methods of WebDAV share: the request, what may stand in its way, and how they answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webui/dav/drops.h"
#include "webui/dav/headers.h"
#include "webui/dav/tree.h"
#include "webui/dav/xml.h"
#include "webui/exchange.h"
#include "webui/public_addresses.h"
#include "webui/read_audit.h"
#include "webui/services.h"

namespace muniment::webui::dav {

struct Request {
  Exchange& http;
  const storage::Principal& who;
  const WebServices& services;
  ReadAudit& reads;
  Drops& drops;
  const PublicAddresses& addresses;
  std::string path;                       // decoded, begins with /dav
  std::vector<ConditionList> conditions;  // of If; empty: there is none

  core::Time now() const { return services.clock.now(); }
  // Depth, or `fallback` without one; empty when it is malformed.
  std::optional<Depth> depth(Depth fallback) const;
  // The decoded path of a URL that a header names; empty when it is malformed or of another server. A client knows the
  // archive by its public address, also where a proxy sends on a Host of its own.
  std::optional<std::string> path_named(std::string_view url) const;
  // Whether the client shows that it knows of this lock. Nobody else can use it.
  bool knows(const storage::FileLock& lock) const;
};

// Why a request is not carried out.
struct Refusal {
  int status = 403;
  std::string condition;  // of RFC 4918, section 16, or RFC 4331, section 6; empty: none fits
  std::string detail;     // what was wrong, and what would be right
  std::string href;       // of the lock, or of the member that it is about
};
using Refused = std::optional<Refusal>;

void send_refusal(Exchange& http, const Refusal& refusal);
// How the errors of the archive are answered here: what the state of a document does not allow is a 403.
Refusal refusal_of(const core::Error& error);

// 412 when the conditions of If do not hold, for the request's own path or those that they name.
Refused refuse_conditions(const Request& request, storage::Session& session);
// All locks that count for the resource: its own, and the deep ones of what it is in.
std::vector<storage::FileLock> locks_on(const Request& request, storage::Session& session, const Resource& resource);
// 423 when somebody else has the document checked out.
Refused refuse_checked_out(const Request& request, storage::Session& session, const Resource& resource);
// 423 when it is checked out by another, or locked and the client does not show the lock.
Refused refuse_locked(const Request& request, storage::Session& session, const Resource& resource);
// The same for putting something there, or taking it away: what it is in changes, too.
Refused refuse_locked_member(const Request& request, storage::Session& session, const Resource& resource);
// The same when anything below is locked.
Refused refuse_locked_tree(const Request& request, storage::Session& session, const Resource& resource);
// Whether `who` may make something at this missing resource: 409 without its parent, 403.
Refused refuse_making(const Request& request, storage::Session& session, const Resource& missing);
// 403 for a document that the asker may not change, a record, and what is held.
Refused refuse_changing(const Request& request, storage::Session& session, const Resource& resource);

// A 207 answer that grows.
class MultiStatus {
 public:
  void add(std::string_view href, int status, const Refusal* why = nullptr);
  // With ready-made propstat elements.
  void add_properties(std::string_view href, std::string_view propstats);
  bool empty() const { return count_ == 0; }
  void send(Exchange& http);

 private:
  std::string body_;
  std::size_t count_ = 0;
};
// "HTTP/1.1 404 Not Found"
std::string status_line(int status);

// One method each.
void get(Request& request);
void put(Request& request);
void make_collection(Request& request);
void remove(Request& request);
void copy(Request& request);
void move(Request& request);
void find_properties(Request& request);
void change_properties(Request& request);
void lock(Request& request);
void unlock(Request& request);

// Makes a folder; what `place` is decides which kind. A folder of the file plan has none in it: 403.
Refused make_folder(const Request& request, storage::Transaction& tx, const storage::Place& place,
                    const std::string& name);
// Documents go to the trash, folders of the working area go. What cannot be removed stays with what it is in, and is in
// `failures`. False when anything was left.
bool remove_tree(const Request& request, storage::Transaction& tx, const Resource& resource, MultiStatus& failures);
// The lockdiscovery property, without its own element.
std::string lock_discovery(const Request& request, const std::vector<storage::FileLock>& locks);

}  // namespace muniment::webui::dav
