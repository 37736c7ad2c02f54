// An opened scanner: SANE's options and pages in our words. The only file that knows libsane.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanners/device/raster.h"
#include "scanners/scan_settings.h"

namespace muniment::scanners::device {

// What a scanner answered instead of doing what it was asked. `code` is one of "busy", "jammed", "no_paper",
// "cover_open", "not_allowed", "not_found", "no_memory", "stopped", "failed".
struct Refusal {
  std::string code;
  std::string text;  // SANE's words
};

// Initialises SANE for as long as it lives; one at a time.
class Sane {
 public:
  Sane();
  ~Sane();
  Sane(const Sane&) = delete;
  std::vector<Scanner> list() const;  // throws Refusal
};

// Not thread-safe, apart from `cancel`. Every call throws Refusal.
class SaneDevice {
 public:
  explicit SaneDevice(const std::string& name);
  ~SaneDevice();
  SaneDevice(const SaneDevice&) = delete;

  ScannerCapabilities capabilities();
  // What the scanner does not have is left as it is, the source excepted.
  void set(const ScanSettings& settings);

  // SANE's name of the first of the scanner's buttons that is pressed; empty when none is. Refusal("not_found") when it
  // tells of no buttons.
  std::string pressed_button();

  struct Page {
    Raster picture;
    int resolution = 0;
  };
  // The next page. `alive` is called again and again while the scanner delivers.
  Page read_page(const std::function<void()>& alive);
  // Async-signal-safe, as sane_cancel is.
  void cancel() noexcept;

 private:
  struct Option;
  std::vector<PaperSource> sources();
  std::vector<ColourMode> modes();
  std::vector<int> resolutions();
  double largest(std::string_view name);
  std::vector<ScannerOption> settable_options();
  std::optional<bool> paper_loaded();
  std::optional<Option> option(std::string_view name);
  std::optional<Option> first_option(std::initializer_list<std::string_view> names);
  std::string text_of(const Option& option);
  double number_of(const Option& option);
  bool put_text(std::string_view name, const std::string& value);
  void put_number(std::string_view name, double value);
  std::vector<std::string> choices_of(const Option& option) const;
  std::optional<std::string> choice_for(PaperSource source, const Option& option) const;
  bool has_duplex_option();
  void set_source(PaperSource source);
  void set_area(const ScanSettings& settings);
  double length_of(const Option& option, double millimetres, int resolution) const;

  void* handle_ = nullptr;
};

}  // namespace muniment::scanners::device
