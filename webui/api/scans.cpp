// Scanners, and scans on their way to documents.
#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "scanners/scan_desk.h"
#include "webui/api/api.h"
#include "webui/api/scan_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using scanners::ScanPlan;
using storage::Permission;
using storage::Scan;
using storage::ScanPage;

namespace {

constexpr std::int64_t kMostOpenScans = 20;

// What was decided by hand, or nothing.
std::string by_hand_name(const std::optional<bool>& decided) {
  return decided ? (*decided ? "yes" : "no") : "by_plan";
}

std::optional<bool> by_hand_of(const char* field, const std::string& name) {
  if (name != "yes" && name != "no" && name != "by_plan") {
    throw Error(ErrorCode::invalid_argument, std::string(field) + " is decided by hand or not",
                {{std::string("/") + field, "must be yes, no or by_plan"}});
  }
  return name == "by_plan" ? std::nullopt : std::optional(name == "yes");
}

// Why a page is in no document.
std::string_view why_left_out(const ScanPage& page) {
  if (page.kept == false) return "by_hand";
  return page.blank ? "blank" : "separator";
}

Json scan_json(storage::Session& session, const Scan& scan, const Api& api) {
  const ScanPlan plan = scanners::plan_from_json(scan.plan);
  const auto documents = api.services.scans.parted(session, scan);
  // Which of the documents to come a page is in; null for one that is left out.
  const auto document_of = [&](const ScanPage& page) -> Json {
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (std::ranges::find(documents[i].pages, page.id, &ScanPage::id) != documents[i].pages.end()) return i + 1;
    }
    return {};
  };
  Json pages = Json::array();
  for (const ScanPage& page : scan.pages) {
    const Json document = document_of(page);
    pages.push_back({{"id", page.id},
                     {"width", page.width},
                     {"height", page.height},
                     {"resolution", page.resolution},
                     {"blank", page.blank},
                     {"barcodes", page.barcodes},
                     {"turn", page.turn},
                     {"starts", by_hand_name(page.starts)},
                     {"kept", by_hand_name(page.kept)},
                     {"document", document},
                     {"left_out", document.is_null() ? Json(why_left_out(page)) : Json()}});
  }
  return {{"id", scan.id},
          {"version", scan.version},
          {"scanner", scan.scanner},
          {"state", storage::scan_state_name(scan.state)},
          {"problem", scan.problem},
          {"created_at", core::to_rfc3339(scan.created_at)},
          {"plan", plan_json(plan)},
          {"pages", pages},
          {"documents", scan.documents}};
}

Scan require_scan(storage::Session& session, const Call& call) {
  auto scan = storage::find_scan(session, call.who, call.number("id"));
  if (!scan) throw Error(ErrorCode::not_found, "there is no such scan");
  return std::move(*scan);
}

void send_scan(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Scan scan = require_scan(session, call);
  send_versioned(call.http, 200, scan.version, scan_json(session, scan, api));
}

void send_scanners(Call& call, Api& api) {
  const bool anew = call.http.query("anew") == "yes";
  Json items = Json::array();
  for (const scanners::Scanner& scanner : api.services.scans.program().list(anew)) {
    items.push_back({{"name", scanner.name},
                     {"vendor", scanner.vendor},
                     {"model", scanner.model},
                     {"busy", api.services.scans.program().is_in_use(scanner.name)}});
  }
  send_json(call.http, 200, {{"items", items}});
}

void send_capabilities(Call& call, Api& api) {
  const auto found = api.services.scans.program().describe(call.http.query("scanner").value_or(""));
  send_json(call.http, 200, Json::parse(scanners::to_json(found)));
}

void scan_preview(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string scanner = body.text("scanner");
  const scanners::ColourMode mode = mode_of(body, scanners::ColourMode::colour);
  body.finish();
  call.http.set_header("Cache-Control", "no-store");
  call.http.send(200, "image/jpeg", api.services.scans.preview(call.who, scanner, mode));
}

void start_scan(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string named = body.maybe_text("scanner").value_or("");
  ScanPlan plan;
  std::string scanner = named;
  {
    auto session = api.services.database.read();
    if (const auto id = body.maybe_number("profile")) {
      const auto profile = storage::find_scan_profile(session, *id);
      if (!profile) {
        throw Error(ErrorCode::invalid_argument, "there is no such profile", {{"/profile", "there is none"}});
      }
      plan = scanners::plan_from_json(profile->plan);
      if (scanner.empty()) scanner = profile->scanner;
    }
    plan = plan_of(body, plan);
    body.finish();
    const auto open = storage::list_scans(session, call.who);
    if (std::ranges::count(open, call.who.account_id, &Scan::account_id) >= kMostOpenScans) {
      throw Error(ErrorCode::conflict, "you have 20 scans that are not filed; file or discard some");
    }
  }
  if (scanner.empty()) {
    throw Error(ErrorCode::invalid_argument, "with which scanner?", {{"/scanner", "is required"}});
  }
  const std::int64_t id = api.services.scans.start(call.who, scanner, plan);
  auto session = api.services.database.read();
  const Scan scan = storage::find_scan(session, call.who, id).value();
  send_created(call.http, "/api/v1/scans/" + std::to_string(id), scan.version, scan_json(session, scan, api));
}

void file(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const Scan scan = [&] {
    auto session = api.services.database.read();
    return require_scan(session, call);
  }();
  const ScanPlan before = scanners::plan_from_json(scan.plan);
  const ScanPlan plan = plan_of(body, before);
  body.finish();
  {
    // Before the plan is kept: what it is refused for would be refused ever after.
    auto session = api.services.database.read();
    scanners::require_may_file(session, call.who, plan);
  }
  if (plan != before) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::set_scan_plan(tx, scan.id, scanners::to_json(plan));
    tx.commit();
  }
  send_json(call.http, 201, {{"documents", api.services.scans.file(call.who, scan.id)}});
}

void change_page(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const Scan scan = require_scan(tx, call);
  const auto found = std::ranges::find(scan.pages, call.number("page"), &ScanPage::id);
  if (found == scan.pages.end()) throw Error(ErrorCode::not_found, "the scan has no such page");
  ScanPage page = *found;
  if (const auto turn = body.maybe_number("turn")) {
    if (*turn != 0 && *turn != 90 && *turn != 180 && *turn != 270) {
      throw Error(ErrorCode::invalid_argument, "pages are turned by quarters",
                  {{"/turn", "must be 0, 90, 180 or 270"}});
    }
    page.turn = static_cast<int>(*turn);
  }
  if (const auto starts = body.maybe_text("starts")) page.starts = by_hand_of("starts", *starts);
  if (const auto kept = body.maybe_text("kept")) page.kept = by_hand_of("kept", *kept);
  body.finish();
  storage::change_scan_page(tx, scan.id, page);
  const Scan after = require_scan(tx, call);
  const Json json = scan_json(tx, after, api);
  tx.commit();
  send_versioned(call.http, 200, after.version, json);
}

void order(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto pages = body.numbers("pages");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  storage::order_scan_pages(tx, require_scan(tx, call).id, pages);
  const Scan after = require_scan(tx, call);
  const Json json = scan_json(tx, after, api);
  tx.commit();
  send_versioned(call.http, 200, after.version, json);
}

void send_scanned_page(Call& call, Api& api) {
  const bool small = call.http.query("size") != "full";
  auto session = api.services.database.read();
  const Scan scan = require_scan(session, call);
  const auto path = api.services.scans.picture(scan, call.number("page"), small);
  const core::FileDescriptor picture = core::open_for_reading(path);
  // A page is not filed yet, and a tablet is everybody's: nothing of it stays in the browser.
  call.http.set_header("Cache-Control", "no-store");
  call.http.send_file(200, path.extension() == ".png" ? "image/png" : "image/jpeg", picture, 0, core::size_of(picture));
}

}  // namespace

void add_scans(Router& router, Api& api) {
  const auto add = [&](const char* method, const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, Permission::capture, [&api, handler](Call& call) { handler(call, api); });
  };
  // Something that the desk does with a scan, which is then sent as it is.
  const auto add_action = [&](const std::string& pattern, const std::function<void(Call&)>& action) {
    router.add("POST", pattern, Permission::capture, [&api, action](Call& call) {
      action(call);
      send_scan(call, api);
    });
  };
  add("GET", "/api/v1/scanners", send_scanners);
  add("GET", "/api/v1/scanners/capabilities", send_capabilities);
  add("POST", "/api/v1/scanners/preview", scan_preview);
  const std::string all = "/api/v1/scans";
  const std::string one = all + "/{id}";
  const std::string page = one + "/pages/{page}";
  router.add("GET", all, Permission::capture, [&api](Call& call) {
    auto session = api.services.database.read();
    Json items = Json::array();
    for (const Scan& listed : storage::list_scans(session, call.who)) {
      if (const auto scan = storage::find_scan(session, call.who, listed.id))
        items.push_back(scan_json(session, *scan, api));
    }
    send_json(call.http, 200, {{"items", items}});
  });
  add("POST", all, start_scan);
  add("GET", one, send_scan);
  router.add("DELETE", one, Permission::capture, [&api](Call& call) {
    api.services.scans.discard(call.who, call.number("id"));
    call.http.send_empty(204);
  });
  add_action(one + "/continue", [&api](Call& call) { api.services.scans.resume(call.who, call.number("id")); });
  add_action(one + "/stop", [&api](Call& call) { api.services.scans.stop(call.who, call.number("id")); });
  add("POST", one + "/order", order);
  add("POST", one + "/file", file);
  add("PATCH", page, change_page);
  router.add("DELETE", page, Permission::capture, [&api](Call& call) {
    api.services.scans.remove_page(call.who, call.number("id"), call.number("page"));
    call.http.send_empty(204);
  });
  add_action(page + "/rescan",
             [&api](Call& call) { api.services.scans.rescan(call.who, call.number("id"), call.number("page")); });
  add("GET", page + "/image", send_scanned_page);
}

}  // namespace muniment::webui::api
