#include "webui/fields.h"

#include <set>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "webui/exchange.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

// Where a parser stands, and whether an object there has a name twice: of two such values it would keep the last.
class Place {
 public:
  // False for a name that its object has already.
  bool name(const std::string& name) {
    levels_.back().at = name;
    return levels_.back().names.insert(name).second;
  }
  void next() {
    if (!levels_.empty() && levels_.back().is_list) levels_.back().at = std::to_string(levels_.back().count++);
  }
  void open(bool is_list) {
    next();
    levels_.push_back(Level{is_list, 0, {}, {}});
  }
  void close() { levels_.pop_back(); }
  std::string pointer() const {
    std::string all;
    for (const Level& level : levels_) all += "/" + level.at;
    return all;
  }

 private:
  struct Level {
    bool is_list;
    std::size_t count;
    std::string at;
    std::set<std::string> names;
  };
  std::vector<Level> levels_;
};

}  // namespace

json parse_body(std::string_view text) {
  using Event = json::parse_event_t;
  Place place;
  bool too_deep = false;
  std::string repeated;
  json value = json::parse(
      text.begin(), text.end(),
      [&](int depth, Event event, json& read) {
        if (too_deep || !repeated.empty()) return false;
        const bool opens = event == Event::object_start || event == Event::array_start;
        too_deep = opens && depth >= kDeepestJson;
        if (opens) place.open(event == Event::array_start);
        if (event == Event::object_end || event == Event::array_end) place.close();
        if (event == Event::value) place.next();
        if (event == Event::key && !place.name(read.get_ref<const std::string&>())) repeated = place.pointer();
        return !too_deep && repeated.empty();
      },
      /*allow_exceptions=*/false);
  if (!repeated.empty()) {
    throw Error(ErrorCode::bad_request, "the body names " + repeated + " twice; name it once",
                {{repeated, "is there twice"}});
  }
  if (too_deep || value.is_discarded() || !value.is_object()) {
    throw Error(ErrorCode::invalid_argument, "the body must be one JSON object, nested at most 64 deep");
  }
  return value;
}

Fields Fields::of(Exchange& exchange) {
  const std::string type = core::fold_case(exchange.header("Content-Type").value_or(""));
  const std::string_view media = core::trim(core::split(type, ';').front());
  if (media != "application/json" && !(media == "application/merge-patch+json" && exchange.method() == "PATCH")) {
    throw Error(ErrorCode::unsupported_type, "send the body as application/json");
  }
  return Fields(exchange.read_all(kMostJsonBytes));
}

Fields::Fields(std::string_view text) : object_(parse_body(text)), source_(text) {}

Fields::Fields(json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {}

const json* Fields::find(std::string_view name) {
  asked_.emplace(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

const json& Fields::required(std::string_view name) {
  const json* value = find(name);
  if (!value) refuse(name, "is required");
  return *value;
}

void Fields::refuse(std::string_view name, std::string_view right) const {
  const std::string detail(right);
  throw Error(ErrorCode::invalid_argument, std::string(name) + " " + detail,
              {{path_ + "/" + std::string(name), detail}});
}

bool Fields::has(std::string_view name) {
  return find(name) != nullptr;
}

std::string Fields::text(std::string_view name) {
  const json& value = required(name);
  if (!value.is_string()) refuse(name, "must be a text");
  return value.get<std::string>();
}

std::int64_t Fields::number(std::string_view name) {
  const json& value = required(name);
  if (!value.is_number_integer()) refuse(name, "must be a whole number");
  return value.get<std::int64_t>();
}

bool Fields::truth(std::string_view name) {
  const json& value = required(name);
  if (!value.is_boolean()) refuse(name, "must be true or false");
  return value.get<bool>();
}

std::vector<std::int64_t> Fields::numbers(std::string_view name) {
  const json& value = required(name);
  if (!value.is_array()) refuse(name, "must be a list of whole numbers");
  std::vector<std::int64_t> all;
  for (const json& item : value) {
    if (!item.is_number_integer()) refuse(name, "must be a list of whole numbers");
    all.push_back(item.get<std::int64_t>());
  }
  return all;
}

std::vector<std::string> Fields::texts(std::string_view name) {
  const json& value = required(name);
  if (!value.is_array()) refuse(name, "must be a list of texts");
  std::vector<std::string> all;
  for (const json& item : value) {
    if (!item.is_string()) refuse(name, "must be a list of texts");
    all.push_back(item.get<std::string>());
  }
  return all;
}

Fields Fields::object(std::string_view name) {
  const json& value = required(name);
  if (!value.is_object()) refuse(name, "must be an object");
  return Fields(value, path_ + "/" + std::string(name));
}

std::vector<Fields> Fields::objects(std::string_view name) {
  const json& value = required(name);
  if (!value.is_array()) refuse(name, "must be a list of objects");
  std::vector<Fields> all;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_object()) refuse(name, "must be a list of objects");
    all.push_back(Fields(value[i], path_ + "/" + std::string(name) + "/" + std::to_string(i)));
  }
  return all;
}

std::optional<std::string> Fields::maybe_text(std::string_view name) {
  return find(name) ? std::optional(text(name)) : std::nullopt;
}

std::optional<std::int64_t> Fields::maybe_number(std::string_view name) {
  return find(name) ? std::optional(number(name)) : std::nullopt;
}

std::optional<bool> Fields::maybe_truth(std::string_view name) {
  return find(name) ? std::optional(truth(name)) : std::nullopt;
}

std::optional<std::optional<std::int64_t>> Fields::nullable_number(std::string_view name) {
  const json* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_null()) return std::optional<std::int64_t>();
  return number(name);
}

std::optional<std::optional<std::string>> Fields::nullable_text(std::string_view name) {
  const json* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_null()) return std::optional<std::string>();
  return text(name);
}

std::optional<std::optional<std::vector<std::string>>> Fields::nullable_texts(std::string_view name) {
  const json* value = find(name);
  if (!value) return std::nullopt;
  if (value->is_null()) return std::optional<std::vector<std::string>>();
  return texts(name);
}

std::optional<std::optional<core::Date>> Fields::nullable_date(std::string_view name) {
  const auto value = nullable_text(name);
  if (!value) return std::nullopt;
  if (!*value) return std::optional<core::Date>();
  const auto date = core::parse_iso_date(**value);
  if (!date) refuse(name, "must be a date like 2026-11-24");
  return date;
}

void Fields::finish() const {
  std::vector<core::FieldError> unknown;
  std::string names;
  for (const auto& [name, value] : object_.items()) {
    if (asked_.contains(name)) continue;
    unknown.push_back({path_ + "/" + name, "is not known here"});
    names += (names.empty() ? "" : ", ") + name;
  }
  if (unknown.empty()) return;
  throw Error(ErrorCode::invalid_argument, "unknown fields: " + names, std::move(unknown));
}

}  // namespace muniment::webui
