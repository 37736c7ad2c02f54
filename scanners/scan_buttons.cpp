#include "scanners/scan_buttons.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "scanners/internal/pause.h"
#include "storage/access.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using namespace std::chrono_literals;

namespace {

constexpr auto kWhileInUse = 500ms;

}  // namespace

ScanButtons::ScanButtons(ScanButtonsOptions options, ScanDesk& desk, storage::Database& database, core::Log& log)
    : options_(std::move(options)), desk_(desk), database_(database), log_(log) {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

std::vector<storage::ScanProfile> ScanButtons::profiles_with_buttons() const {
  auto session = database_.read();
  auto profiles = storage::list_scan_profiles(session);
  std::erase_if(profiles, [](const storage::ScanProfile& profile) { return profile.button.empty(); });
  return profiles;
}

void ScanButtons::run(std::stop_token stop) {
  std::map<std::string, std::jthread> watched;
  do {
    std::set<std::string> wanted;
    try {
      for (const storage::ScanProfile& profile : profiles_with_buttons()) wanted.insert(profile.scanner);
    } catch (const Error& error) {
      log_.error("scanner_buttons_failed", {{"cause", error.what()}});
      continue;
    }
    std::erase_if(watched, [&](const auto& each) { return !wanted.contains(each.first); });
    for (const std::string& scanner : wanted) {
      if (watched.contains(scanner)) continue;
      watched.emplace(scanner,
                      std::jthread([this, scanner](std::stop_token ending) { watch(scanner, std::move(ending)); }));
    }
  } while (pause(stop, options_.retry));
}

void ScanButtons::watch(const std::string& scanner, std::stop_token stop) {
  std::string told;
  while (!stop.stop_requested()) {
    ScanProgram::Press press;
    try {
      press = desk_.program().await_button(scanner, stop);
    } catch (const Error& error) {
      press.problem = error.what();
    }
    if (!press.button.empty()) begin(scanner, press.button);
    const bool in_use = press.problem.empty() || press.problem == "busy" || press.problem == "stopped";
    if (!in_use && press.problem != told) {
      log_.warning("scanner_button_not_watched", {{"scanner", scanner}, {"cause", press.problem}});
      told = press.problem;
    }
    pause(stop, in_use ? kWhileInUse : options_.retry);
  }
}

void ScanButtons::begin(const std::string& scanner, const std::string& button) {
  try {
    const auto profiles = profiles_with_buttons();
    const auto profile = std::ranges::find_if(
        profiles, [&](const storage::ScanProfile& each) { return each.scanner == scanner && each.button == button; });
    if (profile == profiles.end()) return;  // another button, which means nothing here
    std::optional<storage::Principal> who;
    {
      auto session = database_.read();
      who = storage::load_principal(session, profile->button_account_id.value(), "button");
    }
    if (!who) {
      throw Error(ErrorCode::forbidden, "who set the button up has no active account any more; have \"" +
                                            profile->name + "\" saved by somebody else");
    }
    ScanPlan plan = plan_from_json(profile->plan);
    plan.file_at_once = true;
    const std::int64_t scan = desk_.start(*who, scanner, plan);
    log_.info("scanner_button_pressed", {{"scanner", scanner}, {"button", button}, {"scan", scan}});
  } catch (const Error& error) {
    log_.error("scanner_button_failed", {{"scanner", scanner}, {"button", button}, {"cause", error.what()}});
  }
}

}  // namespace muniment::scanners
