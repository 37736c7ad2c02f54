// A machine that stands elsewhere.
#pragma once

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace muniment::testing {

// While it lives, the clock of this machine goes as `rule` says (POSIX: "CET-1CEST,M3.5.0,M10.5.0/3"). Not while
// other threads look at the clock.
class TimeZone {
 public:
  explicit TimeZone(const char* rule) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    setenv("TZ", rule, 1);
    tzset();
  }
  ~TimeZone() {
    if (before_) {
      setenv("TZ", before_->c_str(), 1);
    } else {
      unsetenv("TZ");
    }
    tzset();
  }
  TimeZone(const TimeZone&) = delete;

 private:
  std::optional<std::string> before_;
};

}  // namespace muniment::testing
