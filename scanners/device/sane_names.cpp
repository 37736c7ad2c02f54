#include "scanners/device/sane_names.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "core/text.h"

namespace muniment::scanners::device {

namespace {

bool has_any(const std::string& in, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return in.find(word) != std::string::npos; });
}

}  // namespace

std::optional<PaperSource> meaning(const std::string& source) {
  const std::string name = core::fold_case(source);
  if (has_any(name, {"transparen", "negative", "slide", "film", "card"})) return std::nullopt;
  const bool feeder = has_any(name, {"adf", "feeder", "document feed", "sheetfed"});
  if (has_any(name, {"duplex", "both sides", "double"})) return PaperSource::feeder_duplex;
  if (feeder && has_any(name, {"back", "rear"})) return std::nullopt;
  if (feeder) return PaperSource::feeder;
  if (has_any(name, {"flatbed", "platen", "document table", "normal", "glass"})) return PaperSource::flatbed;
  return std::nullopt;
}

std::optional<ColourMode> meaning_of_mode(const std::string& mode) {
  const std::string name = core::fold_case(mode);
  if (has_any(name, {"lineart", "binary", "black", "monochrome", "1 bit", "halftone"})) return ColourMode::black_white;
  if (has_any(name, {"gray", "grey"})) return ColourMode::grey;
  if (has_any(name, {"color", "colour"})) return ColourMode::colour;
  return std::nullopt;
}

}  // namespace muniment::scanners::device
