// Structured log: one JSON object a line. It never holds document text, titles or file names.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>

namespace muniment::core {

class Clock;

enum class LogLevel { debug, info, warning, error };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const std::string& text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, bool truth) : name(field), value(truth) {}
  LogField(std::string_view field, double number) : name(field), value(number) {}
  template <std::integral Integer>
  LogField(std::string_view field, Integer number) : name(field), value(static_cast<std::int64_t>(number)) {}
};

// Thread-safe. Does not throw: a log that cannot be written must not end an operation.
class Log {
 public:
  // `out` outlives the log.
  Log(const Clock& clock, std::ostream& out, LogLevel least = LogLevel::info);

  // `event` is a stable name like "document_quarantined"; what varies goes into fields.
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;
  void debug(std::string_view event, std::initializer_list<LogField> f = {}) noexcept {
    write(LogLevel::debug, event, f);
  }
  void info(std::string_view event, std::initializer_list<LogField> f = {}) noexcept {
    write(LogLevel::info, event, f);
  }
  void warning(std::string_view event, std::initializer_list<LogField> f = {}) noexcept {
    write(LogLevel::warning, event, f);
  }
  void error(std::string_view event, std::initializer_list<LogField> f = {}) noexcept {
    write(LogLevel::error, event, f);
  }

 private:
  const Clock& clock_;
  std::ostream& out_;
  LogLevel least_;
  std::mutex mutex_;
};

}  // namespace muniment::core
