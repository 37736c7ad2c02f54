// Values from one `key = value` file and the environment, checked against a declaration of every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::core {

struct ConfigKey {
  enum class Type { text, integer, bytes, duration_seconds, boolean, list };
  std::string name;  // "intake.max_file_size"
  Type type;
  std::string default_value;
  std::string description;  // one line, for the reference that `--help config` prints
  std::int64_t least = 0;   // for integer, bytes and duration_seconds
  std::int64_t most = INT64_MAX;
  std::vector<std::string> choices = {};  // for text: empty = anything
  std::string in_place_of = {};           // a key that there was; whoever still sets it is told of this one
};

// Immutable after loading, so thread-safe.
class Config {
 public:
  using Environment = std::map<std::string, std::string, std::less<>>;  // by name

  // Reads `file` (may be missing when `required` is false), then the environment: the key "intake.max_file_size" is
  // MUNIMENT_INTAKE_MAX_FILE_SIZE. Throws Error(invalid_argument) for an unknown key or a bad value, naming file, line
  // and what would be right; a variable whose name begins as those of a group of keys (MUNIMENT_INTAKE_) and that is
  // none of them counts as an unknown key.
  static Config load(const std::filesystem::path& file, bool required, std::vector<ConfigKey> keys,
                     const Environment& environment);

  // `name` must be declared with that type; anything else is a defect.
  const std::string& text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;  // also bytes ("200 MiB") and durations ("5s", "2h") in seconds
  bool boolean(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;  // comma separated

  const std::vector<ConfigKey>& keys() const { return keys_; }
  // The file that an administrator could start from: every key, its default and its description, commented out.
  static std::string reference(const std::vector<ConfigKey>& keys);

 private:
  const ConfigKey& key(std::string_view name) const;
  std::vector<ConfigKey> keys_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace muniment::core
