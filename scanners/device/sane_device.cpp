#include "scanners/device/sane_device.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>

#include <sane/sane.h>
#include <sane/saneopts.h>

#include "core/text.h"
#include "scanners/device/sane_names.h"

namespace muniment::scanners::device {

namespace {

constexpr double kMillimetresPerInch = 25.4;
constexpr std::size_t kMostPixels = 1ULL << 30;  // bytes of one page in memory: A3 in colour at 600 dpi takes a fifth

std::string_view code_of(SANE_Status status) {
  switch (status) {
    case SANE_STATUS_DEVICE_BUSY:
      return "busy";
    case SANE_STATUS_JAMMED:
      return "jammed";
    case SANE_STATUS_NO_DOCS:
      return "no_paper";
    case SANE_STATUS_COVER_OPEN:
      return "cover_open";
    case SANE_STATUS_ACCESS_DENIED:
      return "not_allowed";
    case SANE_STATUS_INVAL:
      return "not_found";
    case SANE_STATUS_NO_MEM:
      return "no_memory";
    case SANE_STATUS_CANCELLED:
      return "stopped";
    default:
      return "failed";
  }
}

void require(SANE_Status status) {
  if (status != SANE_STATUS_GOOD) throw Refusal{std::string(code_of(status)), ::sane_strstatus(status)};
}

std::string text(const char* from) {
  return from == nullptr ? "" : core::to_utf8(from);
}

// What the device says of itself, and nobody sets.
bool is_sensor(const SANE_Option_Descriptor& descriptor) {
  const bool only_read = (descriptor.cap & SANE_CAP_SOFT_DETECT) != 0 && !SANE_OPTION_IS_SETTABLE(descriptor.cap);
  const bool has_state = descriptor.type == SANE_TYPE_BOOL || descriptor.type == SANE_TYPE_INT;
  return only_read && has_state && descriptor.size == sizeof(SANE_Word) && descriptor.name != nullptr;
}

// Sensors are named alike that nobody presses: "cover-open", "page-loaded", "need-calibration".
bool is_button(const SANE_Option_Descriptor& descriptor) {
  if (!is_sensor(descriptor)) return false;
  constexpr std::array<std::string_view, 12> kButtons = {"scan", "start", "copy", "email", "e-mail",   "file",
                                                         "fax",  "pdf",   "web",  "extra", "function", "print"};
  const std::string_view name = descriptor.name;
  return name.starts_with("button") || std::ranges::find(kButtons, name) != kButtons.end();
}

}  // namespace

struct SaneDevice::Option {
  SANE_Int index;
  const SANE_Option_Descriptor* descriptor;
  bool is_number() const { return descriptor->type == SANE_TYPE_INT || descriptor->type == SANE_TYPE_FIXED; }
  bool is_fixed() const { return descriptor->type == SANE_TYPE_FIXED; }
  double number(SANE_Word word) const { return is_fixed() ? SANE_UNFIX(word) : word; }
};

Sane::Sane() {
  require(::sane_init(nullptr, nullptr));
}

Sane::~Sane() {
  ::sane_exit();
}

std::vector<Scanner> Sane::list() const {
  const SANE_Device** devices = nullptr;
  require(::sane_get_devices(&devices, SANE_FALSE));
  std::vector<Scanner> scanners;
  for (; *devices != nullptr; ++devices) {
    scanners.push_back({text((*devices)->name), text((*devices)->vendor), text((*devices)->model)});
  }
  return scanners;
}

SaneDevice::SaneDevice(const std::string& name) {
  require(::sane_open(name.c_str(), &handle_));
}

SaneDevice::~SaneDevice() {
  if (handle_ != nullptr) ::sane_close(handle_);
}

void SaneDevice::cancel() noexcept {
  ::sane_cancel(handle_);
}

// Asked anew each time: setting one option changes which others there are, and what they may be.
std::optional<SaneDevice::Option> SaneDevice::option(std::string_view name) {
  SANE_Int count = 0;
  require(::sane_control_option(handle_, 0, SANE_ACTION_GET_VALUE, &count, nullptr));
  for (SANE_Int index = 1; index < count; ++index) {
    const SANE_Option_Descriptor* descriptor = ::sane_get_option_descriptor(handle_, index);
    if (descriptor == nullptr || descriptor->name == nullptr || descriptor->name != name) continue;
    if (!SANE_OPTION_IS_ACTIVE(descriptor->cap)) return std::nullopt;
    return Option{index, descriptor};
  }
  return std::nullopt;
}

std::optional<SaneDevice::Option> SaneDevice::first_option(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto found = option(name)) return found;
  }
  return std::nullopt;
}

std::string SaneDevice::text_of(const Option& option) {
  const auto* descriptor = option.descriptor;
  if (descriptor->type == SANE_TYPE_BUTTON || descriptor->type == SANE_TYPE_GROUP || descriptor->size <= 0) return "";
  std::string value(static_cast<std::size_t>(descriptor->size) + 1, '\0');
  if (::sane_control_option(handle_, option.index, SANE_ACTION_GET_VALUE, value.data(), nullptr) != SANE_STATUS_GOOD) {
    return "";
  }
  if (descriptor->type == SANE_TYPE_STRING) return text(value.c_str());
  SANE_Word word = 0;
  std::memcpy(&word, value.data(), sizeof word);
  if (descriptor->type == SANE_TYPE_BOOL) return word != 0 ? "yes" : "no";
  std::string number = std::to_string(option.number(word));
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

double SaneDevice::number_of(const Option& option) {
  const std::string value = text_of(option);
  return value.empty() ? 0 : std::strtod(value.c_str(), nullptr);
}

std::vector<std::string> SaneDevice::choices_of(const Option& option) const {
  std::vector<std::string> choices;
  if (option.descriptor->type == SANE_TYPE_BOOL) return {"yes", "no"};
  if (option.descriptor->constraint_type == SANE_CONSTRAINT_STRING_LIST) {
    for (const auto* each = option.descriptor->constraint.string_list; *each != nullptr; ++each) {
      choices.push_back(text(*each));
    }
  } else if (option.descriptor->constraint_type == SANE_CONSTRAINT_WORD_LIST && option.is_number()) {
    const SANE_Word* words = option.descriptor->constraint.word_list;
    for (SANE_Word i = 1; i <= words[0]; ++i) {
      choices.push_back(std::to_string(static_cast<long>(std::lround(option.number(words[i])))));
    }
  }
  return choices;
}

// False when there is no such option, or it cannot be set to this.
bool SaneDevice::put_text(std::string_view name, const std::string& value) {
  const auto target = option(name);
  if (!target || !SANE_OPTION_IS_SETTABLE(target->descriptor->cap)) return false;
  if (target->is_number()) {
    char* end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != '\0') return false;
    put_number(name, number);
    return true;
  }
  if (target->descriptor->type == SANE_TYPE_BUTTON) {
    return ::sane_control_option(handle_, target->index, SANE_ACTION_SET_VALUE, nullptr, nullptr) == SANE_STATUS_GOOD;
  }
  if (target->descriptor->type == SANE_TYPE_BOOL) {
    const bool is_true = value == "yes" || value == "true" || value == "1";
    if (!is_true && value != "no" && value != "false" && value != "0") return false;
    SANE_Word truth = is_true ? SANE_TRUE : SANE_FALSE;
    return ::sane_control_option(handle_, target->index, SANE_ACTION_SET_VALUE, &truth, nullptr) == SANE_STATUS_GOOD;
  }
  if (value.size() >= static_cast<std::size_t>(target->descriptor->size)) return false;
  std::string buffer = value;
  buffer.resize(static_cast<std::size_t>(target->descriptor->size), '\0');
  return ::sane_control_option(handle_, target->index, SANE_ACTION_SET_VALUE, buffer.data(), nullptr) ==
         SANE_STATUS_GOOD;
}

void SaneDevice::put_number(std::string_view name, double value) {
  const auto target = option(name);
  if (!target || !target->is_number() || target->descriptor->size != sizeof(SANE_Word) ||
      !SANE_OPTION_IS_SETTABLE(target->descriptor->cap)) {
    return;
  }
  if (target->descriptor->constraint_type == SANE_CONSTRAINT_RANGE) {
    const SANE_Range& range = *target->descriptor->constraint.range;
    value = std::clamp(value, target->number(range.min), target->number(range.max));
  } else if (target->descriptor->constraint_type == SANE_CONSTRAINT_WORD_LIST) {
    const SANE_Word* words = target->descriptor->constraint.word_list;
    double nearest = words[0] > 0 ? target->number(words[1]) : value;
    for (SANE_Word i = 1; i <= words[0]; ++i) {
      if (std::abs(target->number(words[i]) - value) < std::abs(nearest - value)) nearest = target->number(words[i]);
    }
    value = nearest;
  }
  SANE_Word word = target->is_fixed() ? SANE_FIX(value) : static_cast<SANE_Word>(std::lround(value));
  ::sane_control_option(handle_, target->index, SANE_ACTION_SET_VALUE, &word, nullptr);
}

// SANE's name, among the choices of its option, of a source.
std::optional<std::string> SaneDevice::choice_for(PaperSource source, const Option& option) const {
  for (const std::string& choice : choices_of(option)) {
    if (meaning(choice) == source) return choice;
  }
  return std::nullopt;
}

// Some feeders have duplex as an option beside the source.
bool SaneDevice::has_duplex_option() {
  if (option("duplex")) return true;
  const auto mode = option("adf-mode");
  return mode && choice_for(PaperSource::feeder_duplex, *mode).has_value();
}

ScannerCapabilities SaneDevice::capabilities() {
  ScannerCapabilities found;
  found.sources = sources();
  found.modes = modes();
  found.resolutions = resolutions();
  found.width = largest(SANE_NAME_SCAN_BR_X);
  found.height = largest(SANE_NAME_SCAN_BR_Y);
  found.options = settable_options();
  found.paper_loaded = paper_loaded();
  return found;
}

std::vector<PaperSource> SaneDevice::sources() {
  std::set<PaperSource> found;
  if (const auto source = option(SANE_NAME_SCAN_SOURCE)) {
    for (const std::string& choice : choices_of(*source)) {
      if (const auto known = meaning(choice)) found.insert(*known);
    }
  }
  if (found.empty()) found.insert(PaperSource::flatbed);
  if (found.contains(PaperSource::feeder)) {
    const std::string before = text_of(*option(SANE_NAME_SCAN_SOURCE));
    // The option may be there only while the feeder is chosen.
    set_source(PaperSource::feeder);
    if (has_duplex_option()) found.insert(PaperSource::feeder_duplex);
    put_text(SANE_NAME_SCAN_SOURCE, before);
    found.insert(PaperSource::feeder_turned);
  }
  return {found.begin(), found.end()};
}

std::vector<ColourMode> SaneDevice::modes() {
  std::set<ColourMode> found;
  if (const auto mode = option(SANE_NAME_SCAN_MODE)) {
    for (const std::string& choice : choices_of(*mode)) {
      if (const auto known = meaning_of_mode(choice)) found.insert(*known);
    }
  }
  // What is delivered in grey can be made black and white (set).
  if (!found.empty()) found.insert(ColourMode::black_white);
  return {found.begin(), found.end()};
}

std::vector<int> SaneDevice::resolutions() {
  std::vector<int> found;
  const auto resolution = first_option({SANE_NAME_SCAN_RESOLUTION, SANE_NAME_SCAN_X_RESOLUTION});
  if (!resolution) return found;
  for (const std::string& choice : choices_of(*resolution)) found.push_back(std::stoi(choice));
  if (resolution->descriptor->constraint_type == SANE_CONSTRAINT_RANGE) {
    const SANE_Range& range = *resolution->descriptor->constraint.range;
    for (const int usual : {75, 100, 150, 200, 300, 400, 600, 1200}) {
      if (usual >= resolution->number(range.min) && usual <= resolution->number(range.max)) found.push_back(usual);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Of an edge of the area, in millimetres; 0: not known.
double SaneDevice::largest(std::string_view name) {
  const auto edge = option(name);
  if (!edge || edge->descriptor->constraint_type != SANE_CONSTRAINT_RANGE) return 0;
  const double value = edge->number(edge->descriptor->constraint.range->max);
  if (edge->descriptor->unit != SANE_UNIT_PIXEL) return value;
  const auto resolution = first_option({SANE_NAME_SCAN_RESOLUTION, SANE_NAME_SCAN_X_RESOLUTION});
  const double dots = resolution ? number_of(*resolution) : 0;
  return dots > 0 ? value / dots * kMillimetresPerInch : 0;
}

std::vector<ScannerOption> SaneDevice::settable_options() {
  std::vector<ScannerOption> found;
  SANE_Int count = 0;
  require(::sane_control_option(handle_, 0, SANE_ACTION_GET_VALUE, &count, nullptr));
  for (SANE_Int index = 1; index < count; ++index) {
    const SANE_Option_Descriptor* descriptor = ::sane_get_option_descriptor(handle_, index);
    if (descriptor == nullptr || descriptor->name == nullptr || *descriptor->name == '\0' ||
        descriptor->type == SANE_TYPE_GROUP || !SANE_OPTION_IS_ACTIVE(descriptor->cap) ||
        !SANE_OPTION_IS_SETTABLE(descriptor->cap)) {
      continue;
    }
    const Option each{index, descriptor};
    if (each.is_number() && descriptor->size != sizeof(SANE_Word)) continue;  // tables
    found.push_back(
        {text(descriptor->name), text(descriptor->title), text(descriptor->desc), text_of(each), choices_of(each)});
  }
  return found;
}

std::optional<bool> SaneDevice::paper_loaded() {
  const auto sensor = option(SANE_NAME_PAGE_LOADED);
  if (!sensor || !is_sensor(*sensor->descriptor)) return std::nullopt;
  const std::string state = text_of(*sensor);
  return state.empty() ? std::nullopt : std::optional(state != "no" && state != "0");
}

std::string SaneDevice::pressed_button() {
  SANE_Int count = 0;
  require(::sane_control_option(handle_, 0, SANE_ACTION_GET_VALUE, &count, nullptr));
  bool any = false;
  for (SANE_Int index = 1; index < count; ++index) {
    const SANE_Option_Descriptor* descriptor = ::sane_get_option_descriptor(handle_, index);
    if (descriptor == nullptr || !is_button(*descriptor)) continue;
    any = true;
    SANE_Word state = 0;
    require(::sane_control_option(handle_, index, SANE_ACTION_GET_VALUE, &state, nullptr));
    if (state != 0) return text(descriptor->name);
  }
  if (!any) throw Refusal{"not_found", "the scanner tells of no buttons"};
  return "";
}

void SaneDevice::set_source(PaperSource wanted) {
  const PaperSource source = wanted == PaperSource::feeder_turned ? PaperSource::feeder : wanted;
  const auto sources = option(SANE_NAME_SCAN_SOURCE);
  const auto choice = sources ? choice_for(source, *sources) : std::nullopt;
  if (choice) {
    put_text(SANE_NAME_SCAN_SOURCE, *choice);
  } else if (source == PaperSource::feeder_duplex && sources) {
    if (const auto feeder = choice_for(PaperSource::feeder, *sources)) put_text(SANE_NAME_SCAN_SOURCE, *feeder);
  } else if (sources || source != PaperSource::flatbed) {
    throw Refusal{"not_found", "the scanner has no such source of paper"};
  }
  const bool both = source == PaperSource::feeder_duplex;
  if (both && !choice && !has_duplex_option()) throw Refusal{"not_found", "the scanner does not scan both sides"};
  if (source == PaperSource::flatbed || (both && choice)) return;
  if (const auto mode = option("adf-mode")) {
    for (const std::string& each : choices_of(*mode)) {
      if ((meaning(each) == PaperSource::feeder_duplex) == both) {
        put_text("adf-mode", each);
        break;
      }
    }
  }
  if (const auto duplex = option("duplex"); duplex && duplex->descriptor->type == SANE_TYPE_BOOL) {
    put_text("duplex", both ? "yes" : "no");
  }
}

double SaneDevice::length_of(const Option& edge, double millimetres, int resolution) const {
  return edge.descriptor->unit == SANE_UNIT_PIXEL ? millimetres * resolution / kMillimetresPerInch : millimetres;
}

void SaneDevice::set_area(const ScanSettings& settings) {
  ScanArea area{0, 0, 1e4, 1e4};  // put_number keeps to what there is
  if (settings.area) {
    area = *settings.area;
  } else if (const auto paper = paper_area(settings.paper)) {
    area = *paper;
  }
  const auto put = [&](std::string_view name, double millimetres) {
    if (const auto edge = option(name)) put_number(name, length_of(*edge, millimetres, settings.resolution));
  };
  // Feeders that centre the paper are told of its size first.
  put(SANE_NAME_PAGE_WIDTH, area.left + area.width);
  put(SANE_NAME_PAGE_HEIGHT, area.top + area.height);
  // Twice, because an edge may not pass the opposite one.
  for (int pass = 0; pass < 2; ++pass) {
    put(SANE_NAME_SCAN_TL_X, area.left);
    put(SANE_NAME_SCAN_TL_Y, area.top);
    put(SANE_NAME_SCAN_BR_X, area.left + area.width);
    put(SANE_NAME_SCAN_BR_Y, area.top + area.height);
  }
}

void SaneDevice::set(const ScanSettings& settings) {
  set_source(settings.source);
  if (const auto mode = option(SANE_NAME_SCAN_MODE)) {
    const auto choose = [&](ColourMode wanted) {
      const auto choices = choices_of(*mode);
      const auto found = std::find_if(choices.begin(), choices.end(),
                                      [&](const std::string& choice) { return meaning_of_mode(choice) == wanted; });
      return found != choices.end() && put_text(SANE_NAME_SCAN_MODE, *found);
    };
    if (!choose(settings.mode) && settings.mode == ColourMode::black_white) choose(ColourMode::grey);
  }
  if (settings.mode != ColourMode::black_white) put_number("depth", 8);
  for (const std::string_view name :
       {SANE_NAME_SCAN_RESOLUTION, SANE_NAME_SCAN_X_RESOLUTION, SANE_NAME_SCAN_Y_RESOLUTION}) {
    put_number(name, settings.resolution);
  }
  set_area(settings);
  for (const auto& [name, value] : settings.options) {
    if (!put_text(name, value)) throw Refusal{"setting_refused", "the scanner does not take " + name + " = " + value};
  }
}

namespace {

// One of the frames that a page is delivered in: one of grey or colour, or one each of red, green and blue.
void add_frame(Raster& picture, const SANE_Parameters& frame, const std::vector<std::uint8_t>& bytes) {
  const auto stride = static_cast<std::size_t>(frame.bytes_per_line);
  if (stride == 0) throw Refusal{"failed", "the scanner delivered a page without width"};
  const int height = static_cast<int>(bytes.size() / stride);
  const bool is_plane =
      frame.format == SANE_FRAME_RED || frame.format == SANE_FRAME_GREEN || frame.format == SANE_FRAME_BLUE;
  const int in_frame = frame.format == SANE_FRAME_RGB ? 3 : 1;
  const int plane = is_plane ? static_cast<int>(frame.format) - static_cast<int>(SANE_FRAME_RED) : 0;
  if (picture.pixels.empty()) {
    picture.width = frame.pixels_per_line;
    picture.height = height;
    picture.channels = is_plane ? 3 : in_frame;
    picture.black_white = frame.depth == 1 && !is_plane && in_frame == 1;
    picture.pixels.assign(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(height) *
                              static_cast<std::size_t>(picture.channels),
                          255);
  }
  const std::size_t samples = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(in_frame);
  const std::size_t needed = frame.depth == 1 ? (samples + 7) / 8 : frame.depth == 16 ? samples * 2 : samples;
  if (needed > stride) throw Refusal{"failed", "the scanner delivered shorter lines than it said"};
  for (int y = 0; y < std::min(height, picture.height); ++y) {
    const std::uint8_t* from = bytes.data() + static_cast<std::size_t>(y) * stride;
    std::uint8_t* to = picture.pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) *
                                                   static_cast<std::size_t>(picture.channels);
    for (std::size_t i = 0; i < samples; ++i) {
      std::uint8_t value = 0;
      if (frame.depth == 1) {
        const bool one = (from[i / 8] & (0x80 >> (i % 8))) != 0;
        // A one is black, but in colour it is light.
        value = one == (in_frame == 3 || is_plane) ? 255 : 0;
      } else if (frame.depth == 16) {
        std::uint16_t wide = 0;
        std::memcpy(&wide, from + 2 * i, 2);
        value = static_cast<std::uint8_t>(wide >> 8);
      } else {
        value = from[i];
      }
      to[is_plane ? i * 3 + static_cast<std::size_t>(plane) : i] = value;
    }
  }
}

}  // namespace

SaneDevice::Page SaneDevice::read_page(const std::function<void()>& alive) {
  Page page;
  for (;;) {
    alive();
    require(::sane_start(handle_));
    SANE_Parameters frame{};
    require(::sane_get_parameters(handle_, &frame));
    std::vector<std::uint8_t> bytes;
    if (frame.lines > 0 && frame.bytes_per_line > 0) {
      bytes.reserve(std::min(kMostPixels,
                             static_cast<std::size_t>(frame.lines) * static_cast<std::size_t>(frame.bytes_per_line)));
    }
    std::vector<SANE_Byte> buffer(256 * 1024);
    for (;;) {
      SANE_Int got = 0;
      const SANE_Status status = ::sane_read(handle_, buffer.data(), static_cast<SANE_Int>(buffer.size()), &got);
      if (status == SANE_STATUS_EOF) break;
      require(status);
      if (bytes.size() + static_cast<std::size_t>(got) > kMostPixels) {
        throw Refusal{"no_memory", "the page is larger than can be kept"};
      }
      bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + got);
      alive();
    }
    add_frame(page.picture, frame, bytes);
    if (frame.last_frame != SANE_FALSE) break;
  }
  if (page.picture.width <= 0 || page.picture.height <= 0) throw Refusal{"failed", "the scanner delivered no picture"};
  const auto resolution = first_option({SANE_NAME_SCAN_RESOLUTION, SANE_NAME_SCAN_X_RESOLUTION});
  page.resolution = resolution ? static_cast<int>(std::lround(number_of(*resolution))) : 0;
  return page;
}

}  // namespace muniment::scanners::device
