#include "webui/dav/request.h"

#include <algorithm>

#include <Poco/Net/HTTPResponse.h>

#include "core/error.h"
#include "core/text.h"
#include "storage/check_outs.h"
#include "webui/problem.h"

namespace muniment::webui::dav {

using core::Error;
using core::ErrorCode;
using storage::FileLock;
using storage::Session;

namespace {

constexpr std::string_view kXmlType = "application/xml; charset=utf-8";
constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

std::string error_element(const Refusal& refusal) {
  std::string body = "<D:error xmlns:D=\"DAV:\" xmlns:M=\"urn:muniment\">";
  if (!refusal.condition.empty()) {
    body += "<D:" + refusal.condition;
    body += refusal.href.empty() ? "/>" : "><D:href>" + refusal.href + "</D:href></D:" + refusal.condition + ">";
  }
  return body + "<M:detail>" + escaped(refusal.detail) + "</M:detail></D:error>";
}

Refusal locked_by(const FileLock& lock) {
  return {423, "lock-token-submitted", "this is locked; wait until whoever locked it is done", encoded_path(lock.path)};
}

bool holds(const Request& request, Session& session, const Resource& resource, const ConditionList& list) {
  const auto locks = locks_on(request, session, resource);
  return std::ranges::all_of(list.conditions, [&](const Condition& condition) {
    const bool is_so = condition.is_token
                           ? std::ranges::any_of(locks, [&](const FileLock& l) { return l.token == condition.value; })
                           : resource.etag() == condition.value;
    return is_so != condition.negated;
  });
}

Refused refuse_unknown(const Request& request, const std::vector<FileLock>& locks) {
  for (const FileLock& lock : locks) {
    if (!request.knows(lock)) return locked_by(lock);
  }
  return std::nullopt;
}

std::string parent_path(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

std::optional<Depth> Request::depth(Depth fallback) const {
  const auto header = http.header("Depth");
  return header ? parse_depth(*header) : std::optional(fallback);
}

std::optional<std::string> Request::path_named(std::string_view url) const {
  const std::string host = http.host().value_or("");
  if (auto named = path_of(url, host)) return named;
  url = core::trim(url);
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  const std::string_view origin = url.substr(0, url.find('/', scheme_end + 3));
  if (!addresses.is_own_origin(origin, host)) return std::nullopt;
  return path_of(url, origin.substr(scheme_end + 3));
}

bool Request::knows(const FileLock& lock) const {
  if (lock.account_id != who.account_id) return false;
  return std::ranges::any_of(conditions, [&](const ConditionList& list) {
    return std::ranges::any_of(list.conditions,
                               [&](const Condition& c) { return c.is_token && c.value == lock.token; });
  });
}

std::string status_line(int status) {
  if (status == 423) return "HTTP/1.1 423 Locked";
  if (status == 424) return "HTTP/1.1 424 Failed Dependency";
  return "HTTP/1.1 " + std::to_string(status) + " " +
         Poco::Net::HTTPResponse::getReasonForStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
}

void send_refusal(Exchange& http, const Refusal& refusal) {
  http.set_header("Cache-Control", "no-store");
  http.send(refusal.status, std::string(kXmlType), std::string(kXmlHead) + error_element(refusal));
}

Refusal refusal_of(const Error& error) {
  const bool is_state = error.code() == ErrorCode::conflict || error.code() == ErrorCode::invalid_argument;
  const std::string condition = error.code() == ErrorCode::quota_exceeded ? "quota-not-exceeded" : "";  // RFC 4331
  return {is_state ? 403 : status_of(error.code()), condition, error.message(), ""};
}

Refused refuse_conditions(const Request& request, Session& session) {
  if (request.conditions.empty()) return std::nullopt;
  Tree tree(session, request.who);
  for (const ConditionList& list : request.conditions) {
    const auto path = list.resource.empty() ? std::optional(request.path) : request.path_named(list.resource);
    if (path && (*path == "/dav" || path->starts_with("/dav/")) && holds(request, session, tree.find(*path), list)) {
      return std::nullopt;
    }
  }
  return Refusal{412, "", "it is not as the client thought; look at it again", ""};
}

std::vector<FileLock> locks_on(const Request& request, Session& session, const Resource& resource) {
  std::vector<FileLock> locks;
  if (const auto thing = resource.thing()) locks = storage::locks_of(session, *thing, request.now());
  for (const storage::FileThing& thing : resource.above) {
    for (FileLock& lock : storage::locks_of(session, thing, request.now())) {
      if (lock.deep) locks.push_back(std::move(lock));
    }
  }
  return locks;
}

Refused refuse_checked_out(const Request& request, Session& session, const Resource& resource) {
  if (resource.kind != Resource::Kind::document) return std::nullopt;
  const auto holder = storage::find_check_out(session, resource.id);
  if (!holder || holder->account_id == request.who.account_id) return std::nullopt;
  return Refusal{423, "lock-token-submitted",
                 holder->name + " has checked this out to make its next version; wait until it is checked in",
                 resource.href()};
}

Refused refuse_locked(const Request& request, Session& session, const Resource& resource) {
  if (auto refusal = refuse_checked_out(request, session, resource)) return refusal;
  const auto locks = locks_on(request, session, resource);
  // Of several shared locks one suffices.
  if (std::ranges::any_of(locks, [&](const FileLock& lock) { return request.knows(lock); })) return std::nullopt;
  return refuse_unknown(request, locks);
}

Refused refuse_locked_member(const Request& request, Session& session, const Resource& resource) {
  if (auto refusal = refuse_locked(request, session, resource)) return refusal;
  if (resource.above.empty()) return std::nullopt;
  return refuse_unknown(request, storage::locks_of(session, resource.above.back(), request.now()));
}

Refused refuse_locked_tree(const Request& request, Session& session, const Resource& resource) {
  if (auto refusal = refuse_locked(request, session, resource)) return refusal;
  for (const Resource& child : Tree(session, request.who).children(resource)) {
    if (auto refusal = refuse_locked_tree(request, session, child)) return refusal;
  }
  return std::nullopt;
}

Refused refuse_making(const Request& request, Session& session, const Resource& missing) {
  if (!missing.place) {
    const bool has_parent = Tree(session, request.who).find(parent_path(missing.path)).is_collection();
    if (!has_parent) return Refusal{409, "", "the folder that this would be in is not there; make it first", ""};
    return Refusal{403, "", "nothing can be put here; choose a class, a folder or the working area", ""};
  }
  if (!is_usable_name(missing.name)) {
    return Refusal{403, "", "this name cannot be kept: it has characters that no file name should have", ""};
  }
  if (!request.who.may_change(storage::access_list_of(session, *missing.place))) {
    return Refusal{403, "", "you may not put anything there", ""};
  }
  return std::nullopt;
}

Refused refuse_changing(const Request& request, Session& session, const Resource& resource) {
  if (resource.kind != Resource::Kind::document) {
    const auto place = resource.is_collection() ? resource.as_place() : resource.place;
    if (place && request.who.may(storage::Permission::edit_documents) &&
        request.who.may_change(storage::access_list_of(session, *place))) {
      return std::nullopt;
    }
    return Refusal{403, "", "you may not change this", ""};
  }
  const auto document = storage::find_document(session, request.who, resource.id);
  if (!document) return Refusal{404, "", "there is no such file", ""};
  if (!request.who.may(storage::Permission::edit_documents) || !request.who.may_change(document->access_list)) {
    return Refusal{403, "", "you may read this document but not change it; its access list decides", ""};
  }
  if (document->is_record) {
    return Refusal{403, "", "this is a record: it is not changed any more, and leaves by disposition only", ""};
  }
  if (document->held) {
    return Refusal{403, "",
                   document->openly_held ? "this document is under hold and cannot be changed"
                                         : "this document cannot be changed now; ask a records manager why",
                   ""};
  }
  return std::nullopt;
}

void MultiStatus::add(std::string_view href, int status, const Refusal* why) {
  ++count_;
  body_ += "<D:response><D:href>" + escaped(href) + "</D:href><D:status>" + status_line(status) + "</D:status>";
  if (why != nullptr) body_ += error_element(*why);
  body_ += "</D:response>\n";
}

void MultiStatus::add_properties(std::string_view href, std::string_view propstats) {
  ++count_;
  body_ += "<D:response><D:href>" + escaped(href) + "</D:href>";
  body_ += propstats;
  body_ += "</D:response>\n";
}

void MultiStatus::send(Exchange& http) {
  http.set_header("Cache-Control", "private, no-store");
  http.send(207, std::string(kXmlType),
            std::string(kXmlHead) + "<D:multistatus xmlns:D=\"DAV:\">\n" + body_ + "</D:multistatus>\n");
}

}  // namespace muniment::webui::dav
