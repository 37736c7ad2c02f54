// Time as an argument: whatever needs to know the time is given a Clock, so that tests can set it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace muniment::core {

// A moment, in microseconds UTC. Stored as int64 microseconds since 1970.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
// A civil date, without a time zone.
using Date = std::chrono::year_month_day;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// A point on the monotonic clock after which something has taken too long. Not affected by clock changes.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds from_now);
  bool passed() const { return left() == std::chrono::milliseconds::zero(); }
  // Never negative.
  std::chrono::milliseconds left() const;

 private:
  std::chrono::steady_clock::time_point at_;
};

// Elapsed monotonic time since construction.
class Stopwatch {
 public:
  Stopwatch();
  std::chrono::microseconds elapsed() const;

 private:
  std::chrono::steady_clock::time_point start_;
};

std::int64_t to_microseconds(Time time);
Time from_microseconds(std::int64_t microseconds);

// The UTC date of a moment.
Date date_of(Time time);
// Its date in the time zone of this machine: what people call the day on which something happened.
Date civil_date(Time time);
// The first moment of a day in that time zone.
Time start_of(Date day);
// The last second of the UTC day that is so many days ahead. What lasts days at most may end there: people choose a
// day, and mean the whole of it.
Time end_of_day(Time now, std::chrono::days ahead);

// RFC 3339 UTC with as many decimals as needed (0, 3 or 6): "2026-11-24T08:21:07Z".
std::string to_rfc3339(Time time);
// Accepts what to_rfc3339 writes and any numeric offset; nothing else.
std::optional<Time> parse_rfc3339(std::string_view text);

// "2026-11-24"
std::string to_iso(Date date);
// Accepts exactly YYYY-MM-DD and only dates that exist.
std::optional<Date> parse_iso_date(std::string_view text);

}  // namespace muniment::core
