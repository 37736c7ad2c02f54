#include "core/clock.h"

#include <gtest/gtest.h>

#include "tests/support/time_zone.h"

namespace muniment::core {
namespace {

TEST(Clock, WritesAndReadsRfc3339) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-11-24T08:21:07.123Z",
                           "2026-11-24T08:21:07.000001Z", "1969-12-31T23:59:59.999999Z"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_rfc3339(*time), text);
  }
  EXPECT_EQ(parse_rfc3339("2026-11-24T10:00:00+02:00"), parse_rfc3339("2026-11-24T08:00:00Z"));
}

TEST(Clock, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2026-11-24", "2026-11-24T08:21:07", "2026-02-30T08:00:00Z", "2026-11-24T24:00:00Z",
                           "2026-11-24T08:21:07Zx", "2026-11-24 08:21:07Z", "2026-11-24T08:21:07.Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Clock, DatesExistOrAreRefused) {
  EXPECT_EQ(to_iso(parse_iso_date("2024-02-29").value()), "2024-02-29");
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-1-01", "24-01-01", "2024-01-01 "}) {
    EXPECT_FALSE(parse_iso_date(text)) << text;
  }
  EXPECT_EQ(to_iso(date_of(parse_rfc3339("1969-12-31T23:00:00Z").value())), "1969-12-31");
}

TEST(Clock, ADayIsMeantWhole) {
  const auto ends = [](std::string_view now, int days) {
    return to_rfc3339(end_of_day(parse_rfc3339(now).value(), std::chrono::days(days)));
  };
  EXPECT_EQ(ends("2026-11-24T00:00:00Z", 0), "2026-11-24T23:59:59Z");
  EXPECT_EQ(ends("2026-11-24T23:59:59.500Z", 1), "2026-11-25T23:59:59Z");
  EXPECT_EQ(ends("2027-11-30T10:00:00Z", 366), "2028-11-30T23:59:59Z") << "over a leap day";
}

TEST(Clock, EachDayBeginsWhenTheOneBeforeEnds) {
  const auto first = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  // The last two have summer time from and to midnight: one day begins at one o'clock, and one has an hour twice.
  for (const char* rule :
       {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<-03>3<-02>,M11.1.0/0,M2.3.0/0", "<-04>4<-03>,M9.1.6/24,M4.1.6/24"}) {
    const testing::TimeZone there(rule);
    for (int day = 0; day < 366; ++day) {
      const Date date = first + std::chrono::days(day);
      EXPECT_EQ(to_iso(civil_date(start_of(date))), to_iso(date)) << rule;
      EXPECT_LT(civil_date(start_of(date) - std::chrono::microseconds(1)), date) << to_iso(date) << " " << rule;
    }
  }
}

TEST(Clock, ADeadlinePasses) {
  EXPECT_TRUE(Deadline(std::chrono::milliseconds(0)).passed());
  EXPECT_FALSE(Deadline(std::chrono::hours(1)).passed());
}

}  // namespace
}  // namespace muniment::core
