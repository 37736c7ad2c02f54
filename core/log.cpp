#include "core/log.h"

#include <nlohmann/json.hpp>

#include "core/clock.h"

namespace muniment::core {

namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

}  // namespace

Log::Log(const Clock& clock, std::ostream& out, LogLevel least) : clock_(clock), out_(out), least_(least) {}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) noexcept {
  if (level < least_) return;
  try {
    nlohmann::ordered_json line;
    line["time"] = to_rfc3339(clock_.now());
    line["level"] = level_name(level);
    line["event"] = event;
    for (const LogField& field : fields) {
      std::visit([&](const auto& value) { line[std::string(field.name)] = value; }, field.value);
    }
    const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex_);
    out_ << text << std::flush;
  } catch (const std::exception&) {
    // Out of memory or a broken stream: there is nowhere left to say so.
    out_.clear();
  }
}

}  // namespace muniment::core
