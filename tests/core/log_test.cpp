#include "core/log.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/test_archive.h"

namespace muniment::core {
namespace {

TEST(Log, WritesOneJsonObjectALine) {
  testing::ManualClock clock("2026-11-24T08:00:00Z");
  std::ostringstream out;
  Log log(clock, out);
  log.debug("hidden");
  log.info("started", {{"port", 8420}, {"ok", true}, {"said", "a\nb\"\xff"}});
  EXPECT_EQ(out.str(),
            "{\"time\":\"2026-11-24T08:00:00Z\",\"level\":\"info\",\"event\":\"started\",\"port\":8420,"
            "\"ok\":true,\"said\":\"a\\nb\\\"\xEF\xBF\xBD\"}\n");
}

}  // namespace
}  // namespace muniment::core
