#include "core/config.h"

#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "core/files.h"
#include "core/text.h"

namespace muniment::core {

namespace {

constexpr std::uint64_t kLargestFile = 1024 * 1024;

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};
constexpr Unit kByteUnits[] = {
    {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024LL * 1024 * 1024}, {"TiB", 1024LL * 1024 * 1024 * 1024}, {"B", 1},
    {"", 1}};
constexpr Unit kTimeUnits[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"", 1}};

template <std::size_t N>
std::optional<std::int64_t> number_with_unit(std::string_view text, const Unit (&units)[N]) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_integer(text.substr(0, digits));
  if (!number) return std::nullopt;
  const std::string_view suffix = trim(text.substr(digits));
  for (const Unit& unit : units) {
    if (unit.suffix != suffix) continue;
    if (*number > INT64_MAX / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_of(const ConfigKey& key, std::string_view text) {
  switch (key.type) {
    case ConfigKey::Type::bytes:
      return number_with_unit(text, kByteUnits);
    case ConfigKey::Type::duration_seconds:
      return number_with_unit(text, kTimeUnits);
    default:
      return parse_integer(text);
  }
}

std::optional<bool> truth_of(std::string_view text) {
  if (text == "yes" || text == "true" || text == "on" || text == "1") return true;
  if (text == "no" || text == "false" || text == "off" || text == "0") return false;
  return std::nullopt;
}

// What is wrong with `value` for `key`, or nothing.
std::optional<std::string> complaint(const ConfigKey& key, const std::string& value) {
  switch (key.type) {
    case ConfigKey::Type::text:
      if (!key.choices.empty() && std::find(key.choices.begin(), key.choices.end(), value) == key.choices.end()) {
        return "must be one of " + joined(key.choices, ", ");
      }
      return std::nullopt;
    case ConfigKey::Type::list:
      return std::nullopt;
    case ConfigKey::Type::boolean:
      return truth_of(value) ? std::nullopt : std::optional("must be yes or no");
    case ConfigKey::Type::integer:
    case ConfigKey::Type::bytes:
    case ConfigKey::Type::duration_seconds: {
      const auto number = number_of(key, value);
      if (number && *number >= key.least && *number <= key.most) return std::nullopt;
      const std::string kind = key.type == ConfigKey::Type::bytes              ? "a size such as 200 MiB"
                               : key.type == ConfigKey::Type::duration_seconds ? "a time such as 30s, 5min or 2h"
                                                                               : "a whole number";
      std::string range = ", at least " + std::to_string(key.least);
      if (key.most != INT64_MAX) range += " and at most " + std::to_string(key.most);
      return "must be " + kind + range;
    }
  }
  return std::nullopt;
}

constexpr std::string_view kVariables = "MUNIMENT_";

std::string environment_name(std::string_view key) {
  std::string name(kVariables);
  for (const char c : key) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// "MUNIMENT_INTAKE" of "intake.max_file_size".
std::string environment_group(const ConfigKey& key) {
  return environment_name(std::string_view(key.name).substr(0, key.name.find('.')));
}

[[noreturn]] void refuse_former(const std::string& where, const std::string& name, const ConfigKey& successor) {
  throw Error(ErrorCode::invalid_argument, where + ": " + name + " is gone; in its place set " + successor.name + " (" +
                                               successor.description + ")");
}

// Other variables may begin with MUNIMENT_ too; one that reads like a key of ours is a slip.
void refuse_unknown_variables(const std::vector<ConfigKey>& keys, const Config::Environment& environment) {
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kVariables)) continue;
    std::vector<std::string> names;
    bool known = false;
    for (const ConfigKey& key : keys) {
      if (!key.in_place_of.empty() && name == environment_name(key.in_place_of)) {
        refuse_former("environment variable " + name, key.in_place_of, key);
      }
      known = known || name == environment_name(key.name);
      if (name.starts_with(environment_group(key) + "_")) names.push_back(environment_name(key.name));
    }
    if (!known && !names.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "environment variable " + name + " sets no key; there are " + joined(names, ", "));
    }
  }
}

}  // namespace

Config Config::load(const std::filesystem::path& file, bool required, std::vector<ConfigKey> keys,
                    const Environment& environment) {
  Config config;
  config.keys_ = std::move(keys);
  for (const ConfigKey& key : config.keys_) config.values_[key.name] = key.default_value;

  const auto set = [&](const std::string& where, const std::string& name, const std::string& value) {
    const auto key =
        std::find_if(config.keys_.begin(), config.keys_.end(), [&](const auto& k) { return k.name == name; });
    if (key == config.keys_.end()) {
      std::vector<std::string> names;
      for (const ConfigKey& k : config.keys_) {
        if (k.in_place_of == name) refuse_former(where, name, k);
        names.push_back(k.name);
      }
      throw Error(ErrorCode::invalid_argument,
                  where + ": unknown key \"" + name + "\"; the keys are " + joined(names, ", "));
    }
    if (const auto wrong = complaint(*key, value)) {
      throw Error(ErrorCode::invalid_argument, where + ": " + name + " is \"" + value + "\" but " + *wrong);
    }
    config.values_[name] = value;
  };

  if (required || std::filesystem::exists(file)) {
    const std::string text = read_file(file, kLargestFile);
    int number = 0;
    for (const std::string_view raw : split(text, '\n')) {
      ++number;
      const std::string_view line = trim(raw);
      if (line.empty() || line.front() == '#') continue;
      const std::string where = file.string() + ":" + std::to_string(number);
      const auto equals = line.find('=');
      if (equals == std::string_view::npos) {
        throw Error(ErrorCode::invalid_argument, where + ": expected \"key = value\"");
      }
      set(where, std::string(trim(line.substr(0, equals))), std::string(trim(line.substr(equals + 1))));
    }
  }
  for (const ConfigKey& key : config.keys_) {
    const std::string name = environment_name(key.name);
    const auto value = environment.find(name);
    if (value != environment.end()) set("environment variable " + name, key.name, std::string(trim(value->second)));
  }
  refuse_unknown_variables(config.keys_, environment);
  return config;
}

const ConfigKey& Config::key(std::string_view name) const {
  for (const ConfigKey& key : keys_) {
    if (key.name == name) return key;
  }
  throw Error(ErrorCode::internal, "configuration key " + std::string(name) + " is not declared");
}

const std::string& Config::text(std::string_view name) const {
  return values_.at(key(name).name);
}

std::int64_t Config::integer(std::string_view name) const {
  return number_of(key(name), text(name)).value();
}

bool Config::boolean(std::string_view name) const {
  return truth_of(text(name)).value();
}

std::vector<std::string> Config::list(std::string_view name) const {
  std::vector<std::string> items;
  for (const std::string_view part : split(text(name), ',')) {
    if (const auto item = trim(part); !item.empty()) items.emplace_back(item);
  }
  return items;
}

std::string Config::reference(const std::vector<ConfigKey>& keys) {
  std::string text = "# Muniment's configuration: every key with its default. Also settable as MUNIMENT_...\n";
  for (const ConfigKey& key : keys) {
    text += "\n# " + key.description + "\n";
    if (!key.choices.empty()) text += "# one of: " + joined(key.choices, ", ") + "\n";
    text += "# " + key.name + " = " + key.default_value + "\n";
  }
  return text;
}

}  // namespace muniment::core
