// Has muniment-scan find scanners and scan. Its drivers crash and hang; that is seen here, and the program ended.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "core/log.h"
#include "scanners/scan_settings.h"
#include "storage/network_scanners.h"

namespace muniment::scanners {

struct ScanProgramOptions {
  std::filesystem::path program;        // muniment-scan
  std::filesystem::path configuration;  // SANE's folder (dll.conf, airscan.conf ...); empty: the system's
  // After so long without a sign of life the program is ended: drivers wait for devices that were switched off.
  std::chrono::milliseconds silence{90'000};
  // Those that SANE is told of besides, asked for before each run; empty: none. What of that has to be a file is
  // written into `own_folder`.
  std::function<std::vector<storage::NetworkScanner>()> network = {};
  std::filesystem::path own_folder = {};
};

// Thread-safe. Each call runs the program once, for one scanner; two calls for one scanner do not run side by side.
class ScanProgram {
 public:
  // `log` outlives this object.
  ScanProgram(ScanProgramOptions options, core::Log& log) : options_(std::move(options)), log_(log) {}

  // What was found last; looked for anew, which takes seconds over the network, when asked for or for the first time.
  // Error(unavailable) when the program does not run.
  std::vector<Scanner> list(bool anew) const;
  // The same without looking: none before anybody has looked.
  std::vector<Scanner> found() const;
  // What was found: which scanners there are has changed.
  void forget() const;
  bool is_in_use(const std::string& scanner) const;
  // Only what list() has found is ever opened, here and in `scan`: SANE takes addresses for names.
  // Error(conflict) while the scanner is in use, (not_found) for one that is not there, (unavailable) for one that does
  // not answer.
  ScannerCapabilities describe(const std::string& scanner) const;

  struct Press {
    std::string button;   // as SANE names it: "scan", "button-1"
    std::string problem;  // when there was none: "busy", "stopped", and those of `scan`
  };
  // Waits for somebody to press one of the scanner's buttons. Whoever wants the scanner for something else has it: then
  // this ends as "stopped".
  Press await_button(const std::string& scanner, std::stop_token stop) const;

  // False ends the scan after this page.
  using OnPage = std::function<bool(const ScannedPage& page)>;
  // Scans into `folder`, files numbered from `first`; `on_page` is called, on this thread, for each page once its files
  // are durable, and the scanner takes in the next one only when it has returned. Empty when the stack is through or
  // `most` pages are in, else why not: "jammed", "no_paper" (none at all), "cover_open", "busy", "stopped",
  // "not_found", "not_allowed", "setting_refused" (an option of the driver, in `settings`), "no_memory",
  // "storage_full", "failed", "crashed", "not_responding". What `on_page` throws ends the scan and passes.
  std::string scan(const std::string& scanner, const ScanSettings& settings, const std::filesystem::path& folder,
                   std::int64_t first, std::int64_t most, const OnPage& on_page, std::stop_token stop) const;

 private:
  class Run;
  class InUse;
  bool is_known(const std::string& scanner) const;
  std::vector<std::pair<std::string, std::string>> environment() const;

  const ScanProgramOptions options_;
  core::Log& log_;
  mutable std::mutex mutex_;
  mutable std::set<std::string> in_use_;
  mutable std::map<std::string, std::stop_source> awaited_;  // those of in_use_ that wait for a button
  mutable std::condition_variable released_;
  mutable std::optional<std::vector<Scanner>> found_;
};

}  // namespace muniment::scanners
