// SQL with typed parameters and columns. Only storage/ and records/ write SQL; everybody else calls their functions.
//
//   auto title = session.value<std::string>("SELECT title FROM document WHERE id = $1", id);
//   for (const auto& [id, name] : session.rows<std::int64_t, std::string>("SELECT id, name FROM tag")) ...
//
// The text is what SQLite and PostgreSQL both understand; $1, $2 ... must first appear in that order. Statements are
// kept prepared. NULL becomes std::optional; a NULL read into anything else is a defect and throws.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/hash.h"

namespace muniment::storage {

// A sequence of bytes bound or read as BLOB rather than TEXT. Never empty (SQLite's driver would make it NULL).
struct Blob {
  std::string bytes;
};

namespace sql {

enum class Kind : char { integer = 'i', real = 'r', text = 't', blob = 'b' };

struct Value {
  Kind kind = Kind::integer;
  bool null = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;  // also the bytes of a blob
};

// How a C++ type is stored: specialise for a new one.
template <typename T>
struct Stored;

template <std::integral T>
struct Stored<T> {
  static constexpr Kind kind = Kind::integer;
  static void put(Value& value, T from) { value.integer = static_cast<std::int64_t>(from); }
  static T get(const Value& value) {
    if constexpr (std::is_same_v<T, bool>) return value.integer != 0;
    return static_cast<T>(value.integer);
  }
};
template <>
struct Stored<double> {
  static constexpr Kind kind = Kind::real;
  static void put(Value& value, double from) { value.real = from; }
  static double get(const Value& value) { return value.real; }
};
template <>
struct Stored<std::string> {
  static constexpr Kind kind = Kind::text;
  static void put(Value& value, std::string_view from) { value.text = from; }
  static std::string get(const Value& value) { return value.text; }
};
template <>
struct Stored<std::string_view> {
  static constexpr Kind kind = Kind::text;
  static void put(Value& value, std::string_view from) { value.text = from; }
};
template <>
struct Stored<Blob> {
  static constexpr Kind kind = Kind::blob;
  static void put(Value& value, const Blob& from) { value.text = from.bytes; }
  static Blob get(const Value& value) { return {value.text}; }
};
template <>
struct Stored<core::Time> {
  static constexpr Kind kind = Kind::integer;
  static void put(Value& value, core::Time from) { value.integer = core::to_microseconds(from); }
  static core::Time get(const Value& value) { return core::from_microseconds(value.integer); }
};
template <>
struct Stored<core::Date> {
  static constexpr Kind kind = Kind::text;
  static void put(Value& value, core::Date from) { value.text = core::to_iso(from); }
  static core::Date get(const Value& value);
};
template <>
struct Stored<core::Sha256> {
  static constexpr Kind kind = Kind::text;
  static void put(Value& value, const core::Sha256& from) { value.text = from.hex(); }
  static core::Sha256 get(const Value& value);
};

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <typename T>
using StoredAs =
    std::conditional_t<std::is_convertible_v<const T&, std::string_view> && !std::is_same_v<T, std::string>,
                       std::string_view, T>;

template <typename T>
Value to_value(const T& from) {
  Value value;
  if constexpr (IsOptional<T>::value) {
    value.kind = Stored<StoredAs<typename T::value_type>>::kind;
    value.null = !from.has_value();
    if (from) Stored<StoredAs<typename T::value_type>>::put(value, *from);
  } else {
    value.kind = Stored<StoredAs<T>>::kind;
    Stored<StoredAs<T>>::put(value, from);
  }
  return value;
}

template <typename T>
constexpr Kind kind_of() {
  if constexpr (IsOptional<T>::value) {
    return Stored<typename T::value_type>::kind;
  } else {
    return Stored<T>::kind;
  }
}

[[noreturn]] void unexpected_null(std::string_view sql, std::size_t column);

template <typename T>
T from_value(const Value& value, std::string_view sql, std::size_t column) {
  if constexpr (IsOptional<T>::value) {
    if (value.null) return std::nullopt;
    return Stored<typename T::value_type>::get(value);
  } else {
    if (value.null) unexpected_null(sql, column);
    return Stored<T>::get(value);
  }
}

}  // namespace sql

class Connection;  // internal/connection.h

// A connection to the database while somebody uses it. Not thread-safe; short-lived.
// Errors: core::Error(storage_full) on a full disk, (conflict) when a constraint or trigger refuses, (corrupt) when the
// file is damaged, (unavailable) when it is locked, else (io) or (internal).
class Session {
 public:
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  template <typename... Columns, typename... Arguments>
  std::vector<std::tuple<Columns...>> rows(std::string_view statement, const Arguments&... arguments) {
    const std::vector<sql::Value> values{sql::to_value(arguments)...};
    static constexpr sql::Kind kinds[] = {sql::kind_of<Columns>()...};
    std::vector<std::tuple<Columns...>> result;
    for (const auto& row : fetch(statement, values, kinds)) {
      result.push_back(unpack<Columns...>(row, statement, std::index_sequence_for<Columns...>{}));
    }
    return result;
  }

  // The first row, if any.
  template <typename... Columns, typename... Arguments>
  std::optional<std::tuple<Columns...>> row(std::string_view statement, const Arguments&... arguments) {
    auto all = rows<Columns...>(statement, arguments...);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  }

  // The first column of the first row, if any. Ask for std::optional<T> only when the column may be NULL.
  template <typename Column, typename... Arguments>
  std::optional<Column> value(std::string_view statement, const Arguments&... arguments) {
    auto first = row<Column>(statement, arguments...);
    if (!first) return std::nullopt;
    return std::move(std::get<0>(*first));
  }

  // The database's, for what depends on the moment at which it is asked.
  const core::Clock& clock() const { return *clock_; }

 protected:
  Session(Connection& connection, const core::Clock& clock) : connection_(&connection), clock_(&clock) {}
  ~Session() = default;

  std::int64_t run(std::string_view statement, std::span<const sql::Value> arguments);

 private:
  using Row = std::vector<sql::Value>;
  std::vector<Row> fetch(std::string_view statement, std::span<const sql::Value> arguments,
                         std::span<const sql::Kind> columns);
  template <typename... Columns, std::size_t... I>
  static std::tuple<Columns...> unpack(const Row& row, std::string_view statement, std::index_sequence<I...>) {
    return std::tuple<Columns...>(sql::from_value<Columns>(row[I], statement, I)...);
  }

  Connection* connection_;
  const core::Clock* clock_;
};

}  // namespace muniment::storage
