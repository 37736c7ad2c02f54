#include "webui/dav/dav.h"

#include <array>

#include "core/error.h"
#include "webui/dav/request.h"

namespace muniment::webui::dav {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::string_view kDavBase = "/dav";
constexpr std::string_view kDrop = "/dav/drop";
constexpr std::chrono::hours kAnnouncedFor{24};

struct Method {
  std::string_view name;
  void (*carry_out)(Request&);
};
constexpr std::array<Method, 11> kMethods{{{"GET", get},
                                           {"HEAD", get},
                                           {"PUT", put},
                                           {"DELETE", remove},
                                           {"MKCOL", make_collection},
                                           {"COPY", copy},
                                           {"MOVE", move},
                                           {"PROPFIND", find_properties},
                                           {"PROPPATCH", change_properties},
                                           {"LOCK", lock},
                                           {"UNLOCK", unlock}}};
constexpr std::string_view kAllowed =
    "OPTIONS, GET, HEAD, PUT, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK";

bool is_below(std::string_view path, std::string_view base) {
  return path == base || (path.starts_with(base) && path[base.size()] == '/');
}

// Windows and macOS ask before they sign in, and Windows asks the root of the server.
void send_options(Exchange& exchange) {
  exchange.set_header("DAV", is_below(exchange.path(), kDrop) ? "1" : "1, 2");
  exchange.set_header("MS-Author-Via", "DAV");
  exchange.set_header("Allow", std::string(kAllowed));
  exchange.send_empty(200);
}

}  // namespace

bool Dav::is_asked(const Exchange& exchange) {
  return is_below(exchange.path(), kDavBase) || (exchange.method() == "OPTIONS" && exchange.path() == "/");
}

void Dav::handle(Exchange& exchange) {
  if (exchange.method() == "OPTIONS") return send_options(exchange);
  try {
    const Identity identity = sign_in_.identify_by_password(exchange);
    if (exchange.method() != "GET" && exchange.method() != "HEAD") sign_in_.require_same_site(exchange);
    answer(exchange, identity.who);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal || error.code() == ErrorCode::io) throw;
    if (exchange.answered()) throw;
    if (error.code() == ErrorCode::unauthenticated) {
      exchange.set_header("WWW-Authenticate", "Basic realm=\"Muniment\", charset=\"UTF-8\"");
    }
    send_refusal(exchange, refusal_of(error));
  }
}

void Dav::answer(Exchange& exchange, const storage::Principal& who) {
  const auto path = path_of(exchange.target(), exchange.host().value_or(""));
  if (!path) return send_refusal(exchange, {400, "", "this is no path of a file or folder", ""});
  Request request{exchange, who, services_, reads_, drops_, addresses_, *path, {}};
  if (const auto header = exchange.header("If")) {
    auto conditions = parse_if(*header);
    if (!conditions) return send_refusal(exchange, {400, "", "the header If cannot be read", ""});
    request.conditions = std::move(*conditions);
  }
  if (is_below(*path, kDrop)) return answer_drop(request);
  who.require(storage::Permission::read_documents);
  for (const Method& method : kMethods) {
    if (method.name == exchange.method()) return method.carry_out(request);
  }
  exchange.set_header("Allow", std::string(kAllowed));
  send_refusal(exchange, {405, "", "this method is not known here", ""});
}

void Dav::clean_up() {
  auto tx = services_.database.begin(storage::Actor::system("maintenance"));
  storage::remove_expired_locks(tx);
  storage::forget_announced_files_before(tx, tx.now() - kAnnouncedFor);
  tx.commit();
}

}  // namespace muniment::webui::dav
