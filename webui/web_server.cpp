#include "webui/web_server.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/error.h"
#include "core/text.h"
#include "storage/accounts.h"
#include "storage/daily_intake.h"
#include "storage/notifications.h"
#include "storage/sign_in_throttle.h"
#include "storage/uploads.h"
#include "webui/answered_once.h"
#include "webui/api/api.h"
#include "webui/api/notifications.h"
#include "webui/api/roles.h"
#include "webui/dav/dav.h"
#include "webui/openapi.h"
#include "webui/problem.h"
#include "webui/query_check.h"
#include "webui/static_files.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::chrono::hours kMaintenanceEvery{1};
constexpr std::chrono::hours kAnswersKept{24};

bool is_of_the_api(std::string_view path) {
  return path.starts_with("/api/") || path == "/healthz" || path == "/readyz" || path == "/metrics";
}

// What somebody may still do who must set up a second factor.
bool is_of_ones_account(const Router::Route& route) {
  const std::string& pattern = route.pattern;
  return pattern == "/api/v1/session" || pattern == "/api/v1/account" || pattern == "/api/v1/account/password" ||
         pattern.starts_with("/api/v1/account/sessions") || pattern.starts_with("/api/v1/account/second-factor");
}

// What a scan station may do.
bool is_of_scanning(const Router::Route& route) {
  const std::string& pattern = route.pattern;
  return pattern == "/api/v1/session" || pattern.starts_with("/api/v1/scanners") ||
         pattern.starts_with("/api/v1/scans") ||
         (route.method == "GET" && pattern.starts_with("/api/v1/scan-profiles"));
}

// What a token must be good for beyond the permission that the route asks for, which everybody has. Keeping something
// for oneself is a change too, and whoever could change the account's sign-in or tokens would soon be more than the
// token.
std::optional<storage::TokenScope> scope_beyond_permission(const Router::Route& route) {
  const auto* permission = std::get_if<storage::Permission>(&route.needs);
  if (!std::holds_alternative<SignedIn>(route.needs) &&
      !(permission && *permission == storage::Permission::read_documents)) {
    return std::nullopt;
  }
  const std::string& pattern = route.pattern;
  if (pattern == "/api/v1/session" || pattern == "/api/v1/limits") return std::nullopt;
  if (is_safe_method(route.method)) return storage::TokenScope::read;
  const bool of_sign_in =
      is_of_ones_account(route) || pattern == "/api/v1/account/mail" || pattern.starts_with("/api/v1/tokens");
  return of_sign_in ? storage::TokenScope::administer : storage::TokenScope::change;
}

// Such an answer is not remembered for an Idempotency-Key: the secret would stand in the database.
bool answers_with_secret(const Router::Route& route) {
  return route.pattern == "/api/v1/tokens" || route.pattern == "/api/v1/scan-stations" ||
         route.pattern.ends_with("/share-links") || route.pattern.starts_with("/api/v1/account/second-factor");
}

void add_all(Router& router, api::Api& api) {
  api::add_access_lists(router, api);
  api::add_accounts(router, api);
  api::add_admin(router, api);
  api::add_archive_imports(router, api);
  api::add_audit(router, api);
  api::add_barcode_rules(router, api);
  api::add_bulk_changes(router, api);
  api::add_document_actions(router, api);
  api::add_document_content(router, api);
  api::add_document_notes(router, api);
  api::add_document_versions(router, api);
  api::add_dispositions(router, api);
  api::add_document_lists(router, api);
  api::add_documents(router, api);
  api::add_events(router, api);
  api::add_file_plan(router, api);
  api::add_custom_fields(router, api);
  api::add_relations(router, api);
  api::add_saved_views(router, api);
  api::add_filing_rules(router, api);
  api::add_filing_suggestions(router, api);
  api::add_groups(router, api);
  api::add_health(router, api);
  api::add_holds(router, api);
  api::add_intake_folders(router, api);
  api::add_inventories(router, api);
  api::add_levels(router, api);
  api::add_loans(router, api);
  api::add_locations(router, api);
  api::add_mail_listener(router, api);
  api::add_mailboxes(router, api);
  api::add_sources(router, api);
  api::add_network_scanners(router, api);
  api::add_notifications(router, api);
  api::add_paper(router, api);
  api::add_jobs(router, api);
  api::add_local(router, api);
  api::add_pages(router, api);
  api::add_printouts(router, api);
  api::add_privacy(router, api);
  api::add_records(router, api);
  api::add_reports(router, api);
  api::add_retention_events(router, api);
  api::add_roles(router, api);
  api::add_scan_profiles(router, api);
  api::add_scan_stations(router, api);
  api::add_scans(router, api);
  api::add_plan_previews(router, api);
  api::add_schedules(router, api);
  api::add_search(router, api);
  api::add_second_factor(router, api);
  api::add_session(router, api);
  api::add_share_links(router, api);
  api::add_shared_documents(router, api);
  api::add_tokens(router, api);
  api::add_transfers(router, api);
  api::add_uploads(router, api);
  api::add_vocabularies(router, api);
  api::add_workflows(router, api);
}

}  // namespace

struct WebServer::State {
  const WebServices services;
  const WebOptions options;
  std::stop_source stopping;
  SignIn sign_in;
  ReadAudit reads;
  StaticFiles page;
  api::Api api;
  dav::Dav dav;
  Router router;
  const QueryCheck query_check{openapi_json()};
  HttpServer http;
  std::mutex maintenance_mutex;
  std::condition_variable_any maintenance_wake;
  std::jthread maintenance;

  State(WebServices s, WebOptions o)
      : services(s),
        options(std::move(o)),
        sign_in(services.database, services.passwords, services.random, services.sealing_key,
                {options.sessions, options.local_token, options.second_factor_roles, options.addresses}),
        reads(services.database),
        page(options.page_directory),
        api{services, options, sign_in, reads, stopping.get_token(), services.random.token(6)},
        dav(services, sign_in, reads, options.addresses),
        http(
            options.http, [this](Exchange& exchange) { handle(exchange); }, services.random, services.log) {
    add_all(router, api);
  }

  void handle(Exchange& exchange);
  void dispatch(Exchange& exchange, const Router::Match& match);
  void clean_up();
};

void WebServer::State::handle(Exchange& exchange) {
  // Every browser says the name.
  if (exchange.host() && !options.addresses.is_ours(*exchange.host())) {
    return send_problem(
        exchange, "misdirected_request",
        "the archive is not reached under this name; ask for it under the address that was set up for it");
  }
  if (dav::Dav::is_asked(exchange)) return dav.handle(exchange);
  const Router::Match match = router.find(exchange.method(), exchange.path());
  if (match.route) return dispatch(exchange, match);
  if (!match.allowed.empty()) {
    const std::string allowed = core::joined(match.allowed, ", ");
    exchange.set_header("Allow", allowed);
    return send_problem(exchange, "method_not_allowed", "this resource answers to " + allowed);
  }
  const bool looks = exchange.method() == "GET" || exchange.method() == "HEAD";
  if (looks && !is_of_the_api(exchange.path()) && page.send(exchange)) return;
  throw Error(ErrorCode::not_found, "there is nothing at this address");
}

void WebServer::State::dispatch(Exchange& exchange, const Router::Match& match) {
  const Router::Route& route = *match.route;
  Identity identity;
  if (std::holds_alternative<Anyone>(route.needs)) {
    // A form on another site must not sign somebody in.
    if (!is_safe_method(exchange.method())) sign_in.require_same_site(exchange);
  } else {
    identity = sign_in.identify(exchange);
    if (!identity.signed_in) throw Error(ErrorCode::unauthenticated, "sign in first, or send a token");
    if (!identity.session_cookie.empty() && !is_of_ones_account(route) &&
        sign_in.lacks_second_factor(identity.who.account_id, identity.who.role)) {
      return send_problem(exchange, "second_factor_required", "set up a second factor for signing in first");
    }
    if (!identity.station_secret.empty() && !is_of_scanning(route)) {
      throw Error(ErrorCode::forbidden, "this device may scan, and nothing else");
    }
    if (const auto* permission = std::get_if<storage::Permission>(&route.needs)) identity.who.require(*permission);
    if (const auto scope = scope_beyond_permission(route)) identity.who.require(*scope);
    if (const auto* any = std::get_if<AnyOf>(&route.needs)) {
      identity.who.require(identity.who.first_of(any->permissions));
    }
  }
  query_check.require_described(route, exchange.queries());
  Call call{exchange,         identity.who,           identity.signed_in, identity.session_cookie,
            match.parameters, identity.station_secret};
  const auto key = exchange.header("Idempotency-Key");
  if (key && route.method == "POST" && identity.signed_in && !answers_with_secret(route)) {
    return answer_once(services, call, identity.who, route, *key);
  }
  route.handler(call);
}

void WebServer::State::clean_up() {
  dav.clean_up();
  storage::make_waiting_notifications(services.database);
  std::vector<std::string> expired;
  {
    auto session = services.database.read();
    expired = storage::expired_uploads(session, services.clock.now());
  }
  for (const std::string& id : expired) core::remove_durably(options.upload_directory / id);
  auto tx = services.database.begin(storage::Actor::system("maintenance"));
  for (const std::string& id : expired) storage::remove_upload(tx, id);
  storage::remove_expired_sessions(tx, options.sessions);
  storage::remove_old_sign_in_failures(tx);
  storage::limit_token_lives(tx);
  storage::remove_answers_before(tx, services.clock.now() - kAnswersKept);
  storage::forget_old_intake(tx);
  tx.commit();
}

WebServer::WebServer(WebServices services, WebOptions options)
    : state_(std::make_unique<State>(services, std::move(options))) {}

WebServer::~WebServer() {
  stop();
}

void WebServer::start() {
  core::create_directories_durably(state_->options.upload_directory);
  {
    auto tx = state_->services.database.begin(storage::Actor::system("start"));
    storage::remove_unfinished_answers(tx);
    tx.commit();
  }
  state_->http.start();
  state_->maintenance = std::jthread([state = state_.get()](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        state->clean_up();
      } catch (const std::exception& error) {
        state->services.log.error("maintenance_failed", {{"cause", error.what()}});
      }
      std::unique_lock lock(state->maintenance_mutex);
      state->maintenance_wake.wait_for(lock, stop, kMaintenanceEvery, [] { return false; });
    }
  });
}

void WebServer::stop() {
  state_->stopping.request_stop();
  state_->maintenance = {};
  state_->http.stop();
}

std::uint16_t WebServer::port() const {
  return state_->http.port();
}

const Router& WebServer::router() const {
  return state_->router;
}

}  // namespace muniment::webui
