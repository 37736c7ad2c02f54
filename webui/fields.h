// The JSON body of a request, read field by field: wrong types and unknown fields are refused by name.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/clock.h"

namespace muniment::webui {

class Exchange;

inline constexpr std::size_t kMostJsonBytes = 1024 * 1024;
inline constexpr int kDeepestJson = 64;

// A body, of any length. Error(invalid_argument) unless it is one object, nested at most 64 deep; Error(bad_request)
// when an object in it has a name twice.
nlohmann::json parse_body(std::string_view json);

class Fields {
 public:
  // Error(unsupported_type) unless it says that it is JSON, Error(too_large) over 1 MiB; else as parse_body.
  static Fields of(Exchange& exchange);
  explicit Fields(std::string_view json);

  bool has(std::string_view name);
  // Error(invalid_argument) when it is missing or of another type.
  std::string text(std::string_view name);
  std::int64_t number(std::string_view name);
  bool truth(std::string_view name);
  std::vector<std::int64_t> numbers(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  Fields object(std::string_view name);
  std::vector<Fields> objects(std::string_view name);
  // Empty when it is missing.
  std::optional<std::string> maybe_text(std::string_view name);
  std::optional<std::int64_t> maybe_number(std::string_view name);
  std::optional<bool> maybe_truth(std::string_view name);
  // Outer empty: missing; inner empty: null.
  std::optional<std::optional<std::int64_t>> nullable_number(std::string_view name);
  std::optional<std::optional<std::string>> nullable_text(std::string_view name);
  std::optional<std::optional<core::Date>> nullable_date(std::string_view name);
  std::optional<std::optional<std::vector<std::string>>> nullable_texts(std::string_view name);

  // Error(invalid_argument) that names every field that nobody asked for. To be called last.
  void finish() const;
  // The bytes as they came, for Idempotency-Key.
  const std::string& source() const { return source_; }

 private:
  Fields(nlohmann::json object, std::string path);
  const nlohmann::json* find(std::string_view name);
  const nlohmann::json& required(std::string_view name);
  [[noreturn]] void refuse(std::string_view name, std::string_view right) const;

  nlohmann::json object_;
  std::string path_;
  std::string source_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace muniment::webui
