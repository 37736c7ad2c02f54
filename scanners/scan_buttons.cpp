#include "scanners/scan_buttons.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "storage/access.h"
#include "storage/accounts.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using namespace std::chrono_literals;

namespace {

constexpr auto kWhileInUse = 500ms;

// False when it was stopped meanwhile.
bool pause(const std::stop_token& stop, std::chrono::milliseconds duration) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  return !std::condition_variable_any().wait_for(lock, stop, duration, [&] { return stop.stop_requested(); });
}

}  // namespace

ScanButton ScanButton::parse(std::string_view text) {
  const auto arrow = text.find('>');
  const std::string_view button = core::trim(text.substr(0, arrow));
  const std::string_view profile = arrow == std::string_view::npos ? "" : core::trim(text.substr(arrow + 1));
  if (button.empty() || profile.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "\"" + std::string(text) + "\" is no button; use one like scan > NAME OF A PROFILE");
  }
  return {std::string(button), std::string(profile)};
}

ScanButtons::ScanButtons(ScanButtonsOptions options, ScanDesk& desk, storage::Database& database, core::Log& log)
    : options_(std::move(options)), desk_(desk), database_(database), log_(log) {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

// With an empty `button`: of all.
std::vector<storage::ScanProfile> ScanButtons::profiles_of(std::string_view button) const {
  auto session = database_.read();
  auto profiles = storage::list_scan_profiles(session);
  std::erase_if(profiles, [&](const storage::ScanProfile& profile) {
    const bool asked = std::ranges::any_of(options_.buttons, [&](const ScanButton& each) {
      return each.profile == profile.name && (button.empty() || each.button == button);
    });
    return !asked || profile.scanner.empty();
  });
  return profiles;
}

void ScanButtons::run(std::stop_token stop) {
  std::map<std::string, std::jthread> watched;
  do {
    std::set<std::string> wanted;
    try {
      for (const storage::ScanProfile& profile : profiles_of("")) wanted.insert(profile.scanner);
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
    const auto profiles = profiles_of(button);
    const auto profile = std::ranges::find(profiles, scanner, &storage::ScanProfile::scanner);
    if (profile == profiles.end()) return;  // another button, which means nothing here
    std::optional<storage::Principal> who;
    {
      auto session = database_.read();
      const auto account = storage::find_account(session, options_.account);
      if (account) who = storage::load_principal(session, account->id, "button");
    }
    if (!who) {
      throw Error(ErrorCode::not_found, "there is no active account \"" + options_.account +
                                            "\"; name one that may capture in scanners.button_account");
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
