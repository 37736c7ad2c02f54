// The buttons on scanners: pressing one scans as a profile says and files what comes, with nobody at a screen.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "core/log.h"
#include "scanners/scan_desk.h"
#include "storage/database.h"

namespace muniment::scanners {

struct ScanButtonsOptions {
  // How often profiles are looked at anew, and a scanner that did not answer is tried again.
  std::chrono::milliseconds retry{30'000};
};

// Watches the scanners of the profiles that name a button, each on a thread of its own, from construction to
// destruction. A scanner that somebody uses is left to them. What goes wrong is in the log; the buttons go on.
class ScanButtons {
 public:
  // All references outlive this object.
  ScanButtons(ScanButtonsOptions options, ScanDesk& desk, storage::Database& database, core::Log& log);

 private:
  void run(std::stop_token stop);
  // Of one scanner.
  void watch(const std::string& scanner, std::stop_token stop);
  void begin(const std::string& scanner, const std::string& button);
  std::vector<storage::ScanProfile> profiles_with_buttons() const;

  const ScanButtonsOptions options_;
  ScanDesk& desk_;
  storage::Database& database_;
  core::Log& log_;
  std::jthread thread_;
};

}  // namespace muniment::scanners
