// What a scanner can do and what is asked of it, the same for every make.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::scanners {

// What four hundred names for the ways paper goes through a scanner come down to.
enum class PaperSource {
  flatbed,
  feeder,         // a stack, one side
  feeder_duplex,  // a stack, both sides at once
  feeder_turned,  // a stack, one side, and then the stack turned over by hand
};
std::string_view source_name(PaperSource source);  // "feeder_duplex"
std::optional<PaperSource> parse_source(std::string_view name);

enum class ColourMode { black_white, grey, colour };
std::string_view mode_name(ColourMode mode);  // "black_white"
std::optional<ColourMode> parse_mode(std::string_view name);

// Millimetres from the upper left corner of the glass.
struct ScanArea {
  double left = 0, top = 0, width = 0, height = 0;
  bool operator==(const ScanArea&) const = default;
};
// "a3", "a4", "a5", "letter", "legal"; empty for another name.
std::optional<ScanArea> paper_area(std::string_view paper);

struct ScanSettings {
  PaperSource source = PaperSource::flatbed;
  ColourMode mode = ColourMode::grey;
  int resolution = 300;          // dots per inch; the nearest that the scanner has is taken
  std::string paper = "a4";      // see paper_area; "full": all that the scanner sees
  std::optional<ScanArea> area;  // instead of `paper`, on the glass
  // Options by the names that the scanner's driver has for them, set after all others.
  std::map<std::string, std::string> options;
  bool operator==(const ScanSettings&) const = default;
};
// Error(invalid_argument) that says what would be right.
void require_sound(const ScanSettings& settings);
std::string to_json(const ScanSettings& settings);
// Error(bad_file) for anything that to_json did not write.
ScanSettings settings_from_json(std::string_view json);

struct ScannerOption {
  std::string name;
  std::string title;
  std::string description;
  std::string value;                 // empty when it has none
  std::vector<std::string> choices;  // empty: any, within the limits of the driver
};

struct ScannerCapabilities {
  std::vector<PaperSource> sources;
  std::vector<ColourMode> modes;
  std::vector<int> resolutions;  // ascending; of a continuous range the usual ones
  double width = 0, height = 0;  // millimetres of the largest area
  std::vector<ScannerOption> options;
  std::optional<bool> paper_loaded;  // whether there is paper in the feeder now, where the scanner tells
};
std::string to_json(const ScannerCapabilities& capabilities);
ScannerCapabilities capabilities_from_json(std::string_view json);

struct Scanner {
  std::string name;  // as SANE names it: "airscan:e0:Kyocera"
  std::string vendor;
  std::string model;
};

// A page as it lies in the folder of its scan: NUMBER.jpg or .png, NUMBER.small.jpg, and NUMBER.json, which says this
// and is written last: a page whose .json is there is whole and durable.
struct ScannedPage {
  std::int64_t number = 0;  // of the files
  std::string extension;    // ".jpg"; ".png" for black and white
  int width = 0, height = 0;
  int resolution = 0;
  bool blank = false;
  std::vector<std::string> barcodes;  // what those on it say
  bool operator==(const ScannedPage&) const = default;
};
std::string to_json(const ScannedPage& page);
ScannedPage page_from_json(std::string_view json);

}  // namespace muniment::scanners
