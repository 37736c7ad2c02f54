#include "core/event_stream.h"

#include <thread>

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

using std::chrono::milliseconds;

Event event(std::string data) {
  return {0, "job", 0, 0, std::move(data)};
}

TEST(EventStream, ReplaysWhatCameAfter) {
  EventStream stream(10);
  stream.publish(event("1"));
  stream.publish(event("2"));
  const auto batch = stream.wait_after(1, milliseconds(0), {});
  ASSERT_EQ(batch.events.size(), 1u);
  EXPECT_EQ(batch.events[0].data, "2");
  EXPECT_FALSE(batch.gap);
  EXPECT_TRUE(stream.wait_after(2, milliseconds(0), {}).events.empty());
}

TEST(EventStream, SaysWhenItForgot) {
  EventStream stream(2);
  for (int i = 0; i < 5; ++i) stream.publish(event(std::to_string(i)));
  EXPECT_TRUE(stream.wait_after(1, milliseconds(0), {}).gap);
  EXPECT_FALSE(stream.wait_after(3, milliseconds(0), {}).gap);
  EXPECT_TRUE(stream.wait_after(99, milliseconds(0), {}).gap) << "an identifier of an earlier process";
}

TEST(EventStream, WakesAWaiterAndEndsOnAStopRequest) {
  EventStream stream(10);
  std::jthread publisher([&] { stream.publish(event("x")); });
  EXPECT_EQ(stream.wait_after(0, std::chrono::minutes(1), {}).events.size(), 1u);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_TRUE(stream.wait_after(1, std::chrono::minutes(1), stop.get_token()).events.empty());
}

}  // namespace
}  // namespace muniment::core
