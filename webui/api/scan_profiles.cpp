// Ready-made ways to scan, for everybody who scans.
#include "core/error.h"
#include "scanners/scan_desk.h"
#include "storage/accounts.h"
#include "storage/scans.h"
#include "webui/api/scan_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using scanners::ScanPlan;
using storage::Permission;
using storage::ScanProfile;

Json plan_json(const ScanPlan& plan) {
  const scanners::ScanSettings& settings = plan.settings;
  Json area, options = Json::array();
  if (settings.area) {
    area = {static_cast<int>(settings.area->left), static_cast<int>(settings.area->top),
            static_cast<int>(settings.area->width), static_cast<int>(settings.area->height)};
  }
  for (const auto& [name, value] : settings.options) options.push_back(name + "=" + value);
  return {{"source", scanners::source_name(settings.source)},
          {"mode", scanners::mode_name(settings.mode)},
          {"resolution", settings.resolution},
          {"paper", settings.paper},
          {"area", area},
          {"options", options},
          {"parting", scanners::parting_name(plan.parting)},
          {"pages_per_document", plan.pages_per_document},
          {"drop_blank", plan.drop_blank},
          {"backs_upside_down", plan.backs_upside_down},
          {"file_at_once", plan.file_at_once},
          {"class", nullable(plan.class_id)},
          {"folder", nullable(plan.folder_id)},
          {"type", nullable(plan.type_id)},
          {"tags", plan.tag_ids}};
}

scanners::ColourMode mode_of(Fields& body, scanners::ColourMode otherwise) {
  const auto name = body.maybe_text("mode");
  if (!name) return otherwise;
  const auto mode = scanners::parse_mode(*name);
  if (!mode) {
    throw Error(ErrorCode::invalid_argument, "there is no such mode",
                {{"/mode", "must be black_white, grey or colour"}});
  }
  return *mode;
}

namespace {

int small_number(const char* name, std::int64_t number) {
  if (number < 0 || number > 100'000) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is out of bounds",
                {{std::string("/") + name, "must be 0 to 100000"}});
  }
  return static_cast<int>(number);
}

void take_settings(Fields& body, scanners::ScanSettings& settings) {
  if (const auto name = body.maybe_text("source")) {
    const auto source = scanners::parse_source(*name);
    if (!source) {
      throw Error(ErrorCode::invalid_argument, "there is no such source of paper",
                  {{"/source", "must be flatbed, feeder, feeder_duplex or feeder_turned"}});
    }
    settings.source = *source;
  }
  settings.mode = mode_of(body, settings.mode);
  if (const auto number = body.maybe_number("resolution")) settings.resolution = small_number("resolution", *number);
  if (const auto paper = body.maybe_text("paper")) settings.paper = *paper;
  if (body.has("area")) {
    const auto area = body.numbers("area");
    if (!area.empty() && area.size() != 4) {
      throw Error(ErrorCode::invalid_argument, "an area has four numbers",
                  {{"/area", "must be left, top, width and height in millimetres, or empty"}});
    }
    settings.area.reset();
    if (!area.empty()) {
      settings.area = {static_cast<double>(area[0]), static_cast<double>(area[1]), static_cast<double>(area[2]),
                       static_cast<double>(area[3])};
    }
  }
  if (body.has("options")) {
    settings.options.clear();
    for (const std::string& option : body.texts("options")) {
      const auto equals = option.find('=');
      if (equals == std::string::npos || equals == 0 || option.size() > 200) {
        throw Error(ErrorCode::invalid_argument, "an option has a name and a value",
                    {{"/options", "must be like contrast=10"}});
      }
      settings.options[option.substr(0, equals)] = option.substr(equals + 1);
    }
  }
}

}  // namespace

ScanPlan plan_of(Fields& body, ScanPlan plan) {
  take_settings(body, plan.settings);
  if (const auto name = body.maybe_text("parting")) {
    const auto parting = scanners::parse_parting(*name);
    if (!parting) {
      throw Error(ErrorCode::invalid_argument, "pages are not parted so",
                  {{"/parting", "must be none, count or blank"}});
    }
    plan.parting = *parting;
  }
  if (const auto number = body.maybe_number("pages_per_document")) {
    plan.pages_per_document = small_number("pages_per_document", *number);
  }
  if (const auto truth = body.maybe_truth("drop_blank")) plan.drop_blank = *truth;
  if (const auto truth = body.maybe_truth("backs_upside_down")) plan.backs_upside_down = *truth;
  if (const auto truth = body.maybe_truth("file_at_once")) plan.file_at_once = *truth;
  if (const auto id = body.nullable_number("class")) plan.class_id = *id;
  if (const auto id = body.nullable_number("folder")) plan.folder_id = *id;
  if (const auto id = body.nullable_number("type")) plan.type_id = *id;
  if (body.has("tags")) plan.tag_ids = body.numbers("tags");
  scanners::require_sound(plan);
  return plan;
}

namespace {

Json profile_json(storage::Session& session, const ScanProfile& profile) {
  const auto account =
      profile.button_account_id ? storage::find_account(session, *profile.button_account_id) : std::nullopt;
  return {{"id", profile.id},
          {"version", profile.version},
          {"name", profile.name},
          {"scanner", profile.scanner},
          {"button", profile.button},
          {"button_account", account ? named_json(account->id, account->display_name) : Json()},
          {"plan", plan_json(scanners::plan_from_json(profile.plan))}};
}

ScanProfile require_profile(storage::Session& session, std::int64_t id) {
  auto profile = storage::find_scan_profile(session, id);
  if (!profile) throw Error(ErrorCode::not_found, "there is no such profile");
  return std::move(*profile);
}

ScanProfile profile_of(Fields& body, ScanProfile profile, const ScanPlan& before) {
  if (const auto name = body.maybe_text("name")) profile.name = *name;
  if (const auto scanner = body.maybe_text("scanner")) profile.scanner = *scanner;
  if (const auto button = body.maybe_text("button")) profile.button = *button;
  const ScanPlan plan = plan_of(body, before);
  body.finish();
  if (!profile.button.empty() && plan.settings.source == scanners::PaperSource::feeder_turned) {
    throw Error(ErrorCode::invalid_argument, "nobody turns a stack that a button scans",
                {{"/button", "must be empty when the stack is turned by hand"}});
  }
  profile.plan = scanners::to_json(plan);
  return profile;
}

// Now rather than when somebody presses it.
void require_button_may_file(storage::Session& session, const storage::Principal& who, const ScanProfile& profile) {
  if (!profile.button.empty()) scanners::require_may_file(session, who, scanners::plan_from_json(profile.plan));
}

void create_profile(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  body.text("name");
  const ScanProfile wanted = profile_of(body, {}, {});
  auto tx = api.services.database.begin(call.who.actor());
  require_button_may_file(tx, call.who, wanted);
  const ScanProfile profile = require_profile(tx, storage::create_scan_profile(tx, wanted));
  const Json json = profile_json(tx, profile);
  tx.commit();
  send_created(call.http, "/api/v1/scan-profiles/" + std::to_string(profile.id), profile.version, json);
}

void change_profile(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const ScanProfile before = require_profile(tx, call.number("id"));
  const ScanProfile wanted = profile_of(body, before, scanners::plan_from_json(before.plan));
  require_button_may_file(tx, call.who, wanted);
  storage::change_scan_profile(tx, wanted, version);
  const ScanProfile profile = require_profile(tx, before.id);
  const Json json = profile_json(tx, profile);
  tx.commit();
  send_versioned(call.http, 200, profile.version, json);
}

}  // namespace

void add_scan_profiles(Router& router, Api& api) {
  const std::string all = "/api/v1/scan-profiles";
  const std::string one = all + "/{id}";
  router.add("PUT", "/api/v1/scan-profiles/order", Permission::manage_file_plan, [&api](Call& call) {
    Fields body = Fields::of(call.http);
    const auto profiles = body.numbers("profiles");
    body.finish();
    auto tx = api.services.database.begin(call.who.actor());
    storage::order_scan_profiles(tx, profiles);
    tx.commit();
    call.http.send_empty(204);
  });
  router.add("GET", all, Permission::capture, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_scan_profiles(session),
                [&](const ScanProfile& profile) { return profile_json(session, profile); });
  });
  router.add("POST", all, Permission::manage_file_plan, [&api](Call& call) { create_profile(call, api); });
  router.add("GET", one, Permission::capture,
             [&api](Call& call) { send_one(call, api, require_profile, profile_json); });
  router.add("PATCH", one, Permission::manage_file_plan, [&api](Call& call) { change_profile(call, api); });
  router.add("DELETE", one, Permission::manage_file_plan, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    auto tx = api.services.database.begin(call.who.actor());
    storage::delete_scan_profile(tx, call.number("id"), version);
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
