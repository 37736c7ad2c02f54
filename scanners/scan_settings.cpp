#include "scanners/scan_settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::array<std::string_view, 4> kSources{"flatbed", "feeder", "feeder_duplex", "feeder_turned"};
constexpr std::array<std::string_view, 3> kModes{"black_white", "grey", "colour"};
constexpr std::array kPapers{
    std::pair{std::string_view("a3"), ScanArea{0, 0, 297, 420}},
    std::pair{std::string_view("a4"), ScanArea{0, 0, 210, 297}},
    std::pair{std::string_view("a5"), ScanArea{0, 0, 148, 210}},
    std::pair{std::string_view("letter"), ScanArea{0, 0, 215.9, 279.4}},
    std::pair{std::string_view("legal"), ScanArea{0, 0, 215.9, 355.6}},
};
constexpr int kLeastResolution = 50, kMostResolution = 1200;

template <typename T, std::size_t N>
std::optional<T> value_named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<T>(found - names.begin());
}

template <typename Read>
auto read(std::string_view json, const Read& with) {
  try {
    return with(Json::parse(json));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::bad_file, "what a scan was to be like cannot be read").because(error.what());
  }
}

Json area_json(const ScanArea& area) {
  return {{"left", area.left}, {"top", area.top}, {"width", area.width}, {"height", area.height}};
}

}  // namespace

std::string_view source_name(PaperSource source) {
  return kSources[static_cast<std::size_t>(source)];
}
std::optional<PaperSource> parse_source(std::string_view name) {
  return value_named<PaperSource>(kSources, name);
}
std::string_view mode_name(ColourMode mode) {
  return kModes[static_cast<std::size_t>(mode)];
}
std::optional<ColourMode> parse_mode(std::string_view name) {
  return value_named<ColourMode>(kModes, name);
}

std::optional<ScanArea> paper_area(std::string_view paper) {
  for (const auto& [name, area] : kPapers) {
    if (name == paper) return area;
  }
  return std::nullopt;
}

void require_sound(const ScanSettings& settings) {
  if (settings.resolution < kLeastResolution || settings.resolution > kMostResolution) {
    throw Error(ErrorCode::invalid_argument, "a scan has 50 to 1200 dots per inch",
                {{"/resolution", "must be 50 to 1200"}});
  }
  if (settings.paper != "full" && !paper_area(settings.paper)) {
    throw Error(ErrorCode::invalid_argument, "there is no such paper",
                {{"/paper", "must be a3, a4, a5, letter, legal or full"}});
  }
  if (settings.area &&
      (settings.area->left < 0 || settings.area->top < 0 || settings.area->width < 1 || settings.area->height < 1)) {
    throw Error(ErrorCode::invalid_argument, "the area has no size",
                {{"/area", "must lie on what the scanner sees and be at least 1 mm wide and high"}});
  }
}

std::string to_json(const ScanSettings& settings) {
  Json json{{"source", source_name(settings.source)},
            {"mode", mode_name(settings.mode)},
            {"resolution", settings.resolution},
            {"paper", settings.paper},
            {"options", settings.options}};
  if (settings.area) json["area"] = area_json(*settings.area);
  return json.dump();
}

ScanSettings settings_from_json(std::string_view text) {
  return read(text, [](const Json& json) {
    ScanSettings settings;
    settings.source = parse_source(json.at("source").get<std::string>()).value_or(PaperSource::flatbed);
    settings.mode = parse_mode(json.at("mode").get<std::string>()).value_or(ColourMode::grey);
    settings.resolution = json.at("resolution");
    settings.paper = json.at("paper");
    settings.options = json.at("options").get<std::map<std::string, std::string>>();
    if (json.contains("area")) {
      const Json& area = json["area"];
      settings.area = {area.at("left"), area.at("top"), area.at("width"), area.at("height")};
    }
    return settings;
  });
}

std::string to_json(const ScannerCapabilities& capabilities) {
  Json sources = Json::array(), modes = Json::array(), options = Json::array();
  for (const PaperSource source : capabilities.sources) sources.push_back(source_name(source));
  for (const ColourMode mode : capabilities.modes) modes.push_back(mode_name(mode));
  for (const ScannerOption& option : capabilities.options) {
    options.push_back({{"name", option.name},
                       {"title", option.title},
                       {"description", option.description},
                       {"value", option.value},
                       {"choices", option.choices}});
  }
  return Json{{"sources", sources},
              {"modes", modes},
              {"resolutions", capabilities.resolutions},
              {"width", capabilities.width},
              {"height", capabilities.height},
              {"options", options},
              {"paper_loaded", capabilities.paper_loaded ? Json(*capabilities.paper_loaded) : Json()}}
      .dump();
}

ScannerCapabilities capabilities_from_json(std::string_view text) {
  return read(text, [](const Json& json) {
    ScannerCapabilities capabilities;
    for (const Json& source : json.at("sources")) {
      if (const auto known = parse_source(source.get<std::string>())) capabilities.sources.push_back(*known);
    }
    for (const Json& mode : json.at("modes")) {
      if (const auto known = parse_mode(mode.get<std::string>())) capabilities.modes.push_back(*known);
    }
    capabilities.resolutions = json.at("resolutions").get<std::vector<int>>();
    capabilities.width = json.at("width");
    capabilities.height = json.at("height");
    for (const Json& option : json.at("options")) {
      capabilities.options.push_back({option.at("name"), option.at("title"), option.at("description"),
                                      option.at("value"), option.at("choices").get<std::vector<std::string>>()});
    }
    if (const Json& loaded = json.at("paper_loaded"); loaded.is_boolean())
      capabilities.paper_loaded = loaded.get<bool>();
    return capabilities;
  });
}

std::string to_json(const ScannedPage& page) {
  return Json{{"number", page.number},    {"extension", page.extension},   {"width", page.width},
              {"height", page.height},    {"resolution", page.resolution}, {"blank", page.blank},
              {"barcodes", page.barcodes}}
      .dump();
}

ScannedPage page_from_json(std::string_view text) {
  return read(text, [](const Json& json) {
    ScannedPage page;
    page.number = json.at("number");
    page.extension = json.at("extension");
    page.width = json.at("width");
    page.height = json.at("height");
    page.resolution = json.at("resolution");
    page.blank = json.at("blank");
    // Pages that an earlier version has left behind say nothing of them.
    page.barcodes = json.value("barcodes", page.barcodes);
    return page;
  });
}

}  // namespace muniment::scanners
