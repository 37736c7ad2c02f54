// The event stream: replay, resets, and nothing that its reader may not see.
#include <thread>

#include <gtest/gtest.h>

#include "core/clock.h"
#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using storage::Role;

class EventsTest : public ::testing::Test {
 protected:
  std::unique_ptr<RawClient> listen(const std::string& token, const std::string& last_id = "",
                                    const std::string& query = "") {
    auto client = std::make_unique<RawClient>(server_.server->port());
    client->send("GET /api/v1/events" + query + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + token + "\r\n" +
                 (last_id.empty() ? "" : "Last-Event-ID: " + last_id + "\r\n") + "\r\n");
    EXPECT_NE(client->receive_until("retry: 2000").find("text/event-stream"), std::string::npos);
    return client;
  }
  void publish(std::int64_t access_list, const std::string& data) {
    server_.events.publish({0, "document", access_list, 0, data});
  }

  RunningServer server_;
  std::string reader_ = server_.person("reader", Role::reader);
};

TEST_F(EventsTest, TellsWhatHappensToWhoMaySeeIt) {
  const auto client = listen(reader_);
  publish(999, R"({"id":1})");
  publish(storage::kEveryoneList, R"({"id":2})");
  const std::string heard = client->receive_until("{\"id\":2}");
  EXPECT_NE(heard.find("event: document"), std::string::npos);
  EXPECT_EQ(heard.find("{\"id\":1}"), std::string::npos);
}

TEST_F(EventsTest, RepeatsWhatWasMissed) {
  const auto first = listen(reader_);
  publish(storage::kEveryoneList, R"({"id":1})");
  const std::string heard = first->receive_until("{\"id\":1}");
  const auto at = heard.find("id: ") + 4;
  const std::string last_id = heard.substr(at, heard.find('\n', at) - at);
  publish(storage::kEveryoneList, R"({"id":2})");
  const auto second = listen(reader_, last_id);
  const std::string missed = second->receive_until("{\"id\":2}");
  EXPECT_NE(missed.find("{\"id\":2}"), std::string::npos);
  EXPECT_EQ(missed.find("{\"id\":1}"), std::string::npos);
}

TEST_F(EventsTest, RepeatsWhatHappenedSinceTheSessionWasAskedFor) {
  publish(storage::kEveryoneList, R"({"id":1})");
  const auto session = json::parse(server_.ask(reader_, "GET", "/api/v1/session").body);
  publish(storage::kEveryoneList, R"({"id":2})");
  const auto client = listen(reader_, "", "?after=" + session["last_event"].get<std::string>());
  const std::string heard = client->receive_until("{\"id\":2}");
  EXPECT_NE(heard.find("{\"id\":2}"), std::string::npos);
  EXPECT_EQ(heard.find("{\"id\":1}"), std::string::npos);
}

TEST_F(EventsTest, SaysSoWhenItCannotRepeat) {
  EXPECT_NE(listen(reader_, "another-17")->receive_until("event: reset").find("event: reset"), std::string::npos);
  EXPECT_NE(listen(reader_, "", "?after=another-17")->receive_until("event: reset").find("event: reset"),
            std::string::npos);
}

TEST_F(EventsTest, AReaderThatHasGoneGivesItsStreamBack) {
  for (int i = 0; i < 8; ++i) listen(reader_);  // and closed at once
  const core::Deadline deadline(std::chrono::minutes(5));
  std::string answer;
  while (answer.find("200 OK") == std::string::npos && !deadline.passed()) {
    RawClient client(server_.server->port());
    client.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + reader_ + "\r\n\r\n");
    answer = client.receive_until("\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_NE(answer.find("200 OK"), std::string::npos);
}

TEST_F(EventsTest, OnePersonHasNotAllStreams) {
  std::vector<std::unique_ptr<RawClient>> streams;
  for (int i = 0; i < 8; ++i) streams.push_back(listen(reader_));
  const auto refused = server_.ask(reader_, "GET", "/api/v1/events");
  EXPECT_EQ(refused.status, 503);
  EXPECT_FALSE(refused.header("retry-after").empty());
  listen(server_.person("other", Role::reader));
}

TEST_F(EventsTest, TellsJobsAsTheApiDoes) {
  const std::string staff = server_.person("staff", Role::staff);
  const auto client = listen(staff);
  server_.add(staff, "a.pdf", "a\nwords");
  const std::string heard = client->receive_until("\"state\":\"done\"");
  EXPECT_NE(heard.find("event: job"), std::string::npos);
  const auto at = heard.rfind("data: ") + 6;
  EXPECT_EQ(heard.substr(at, 6), "{\"id\":");
}

TEST_F(EventsTest, EndsWithItsToken) {
  const auto client = listen(reader_);
  publish(storage::kEveryoneList, R"({"id":1})");
  EXPECT_NE(client->receive_until("{\"id\":1}").find("{\"id\":1}"), std::string::npos);
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    tx.execute("DELETE FROM api_token");
    tx.commit();
  }
  publish(storage::kEveryoneList, R"({"id":2})");
  EXPECT_EQ(client->receive_until("{\"id\":2}").find("{\"id\":2}"), std::string::npos);
}

TEST_F(EventsTest, TellsWhoCouldReadItThatADocumentIsInTheTrash) {
  const std::string staff = server_.person("staff", Role::staff);
  const std::int64_t id = server_.add(staff, "a.pdf", "a\nwords");
  server_.settle();
  const auto client = listen(reader_);
  const std::string document = "/api/v1/documents/" + std::to_string(id);
  const std::string version = "\"" + server_.get(staff, document)["version"].dump() + "\"";
  EXPECT_EQ(server_.ask(staff, "DELETE", document, "", {{"If-Match", version}}).status, 204);
  const std::string told = "\"id\":" + std::to_string(id) + ",\"indexed\"";
  EXPECT_NE(client->receive_until(told).find(told), std::string::npos);
}

TEST_F(EventsTest, EndsWhenTheServerStops) {
  const auto client = listen(reader_);
  server_.server->stop();
  EXPECT_EQ(client->receive_until("never").find("never"), std::string::npos);
}

}  // namespace
}  // namespace muniment::testing
