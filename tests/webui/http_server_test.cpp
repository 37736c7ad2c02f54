// Poco 1.11's traps, each tried over a bare socket: every one of these fails when its guard is taken away.
#include "webui/http_server.h"

#include <future>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "core/clock.h"
#include "core/error.h"
#include "tests/support/raw_client.h"
#include "webui/download.h"
#include "webui/exchange.h"

namespace muniment::webui {
namespace {

using testing::RawClient;

constexpr std::size_t kLarge = 32 << 20;  // more than the buffers of a connection hold

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() { start({}); }

  void start(HttpOptions options) {
    server_.reset();
    options.port = 0;
    server_ = std::make_unique<HttpServer>(
        options, [this](Exchange& exchange) { answer(exchange); }, random_, log_);
    server_->start();
  }

  void answer(Exchange& exchange) {
    if (exchange.path() == "/smuggled") ++smuggled_;
    if (exchange.path() == "/unread") return exchange.send(422, "text/plain", "no");
    if (exchange.path() == "/throw") throw std::runtime_error("a secret of the house");
    if (exchange.path() == "/refuse") throw core::Error(core::ErrorCode::forbidden, "not you", {{"/who", "is wrong"}});
    if (exchange.path() == "/silent") return;
    if (exchange.path() == "/page") {
      const core::FileDescriptor file(::memfd_create("page", 0));
      return send_download(exchange, file, {"text/html", "page.html", "tag", false});
    }
    if (exchange.path() == "/large") return exchange.send(200, "text/plain", std::string(kLarge, 'x'));
    if (exchange.path() == "/host") return exchange.send(200, "text/plain", exchange.host().value_or("none"));
    if (exchange.path() == "/stream") {
      return exchange.send_stream("text/plain", [](const Exchange::Write& write) {
        for (const char* piece : {"piece ", "by piece, ", "as it"}) write(piece);
      });
    }
    if (exchange.path() == "/echo") return exchange.send(200, "text/plain", exchange.read_all(1024));
    if (exchange.path() == "/slow") {
      slow_begun_.set_value();
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
    exchange.send(200, "text/plain", exchange.header("X-Echo").value_or("hello"));
  }

  // What one request on a new connection is answered with.
  testing::RawResponse ask(std::string_view request) {
    RawClient client(server_->port());
    client.send(request);
    return client.receive().value_or(testing::RawResponse{});
  }

  using Clients = std::vector<std::unique_ptr<RawClient>>;
  Clients clients(int count, std::string_view request) {
    Clients all;
    for (int i = 0; i < count; ++i) {
      all.push_back(std::make_unique<RawClient>(server_->port()));
      all.back()->send(request);
    }
    return all;
  }
  Clients readers_of_nothing(int count) { return clients(count, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"); }
  // Connections that have got what they asked for.
  Clients idle_ones(int count) {
    Clients all = clients(count, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    for (const auto& one : all) EXPECT_EQ(one->receive().value().status, 200);
    return all;
  }

  core::SystemClock clock_;
  core::SystemRandom random_;
  std::ostringstream log_text_;
  core::Log log_{clock_, log_text_};
  std::atomic<int> smuggled_ = 0;
  std::promise<void> slow_begun_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, KeepsAConnectionForSeveralRequests) {
  RawClient client(server_->port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_F(HttpServerTest, AnUnreadBodyIsNotTakenForTheNextRequest) {
  const std::string inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::size_t padding : {std::size_t{0}, std::size_t{200'000}}) {
    RawClient client(server_->port());
    client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(inner.size() + padding) +
                "\r\n\r\n" + std::string(padding, 'x') + inner);
    ASSERT_EQ(client.receive().value().status, 422);
    // A short rest is swallowed and the connection goes on; a long one ends it.
    EXPECT_FALSE(client.receive(false, std::chrono::milliseconds(200)));
  }
  EXPECT_EQ(smuggled_, 0);
}

TEST_F(HttpServerTest, RefusesTwoWaysOfFraming) {
  const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled);
  EXPECT_EQ(client.receive().value().status, 400);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(smuggled_, 0);
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde").status, 400);
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n").status, 400);
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\n\r\n").status, 400);
}

TEST_F(HttpServerTest, RefusesTwoHosts) {
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status, 400);
}

TEST_F(HttpServerTest, OnlyHttp10MayLeaveOutItsHost) {
  EXPECT_EQ(ask("GET / HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_EQ(ask("GET /host HTTP/1.0\r\n\r\n").body, "none");
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.0\r\n\r\n....");
  EXPECT_EQ(client.receive().value().status, 400);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(smuggled_, 0);
}

TEST_F(HttpServerTest, NothingComesOrGoesInChunksByHttp10) {
  RawClient client(server_->port());
  client.send(
      "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      "GET /smuggled HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive().value().status, 400);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(smuggled_, 0);
  RawClient old(server_->port());
  old.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string head = old.receive_until("\r\n\r\n");
  EXPECT_EQ(head.find("Transfer-Encoding"), std::string::npos) << head;
  EXPECT_EQ(old.receive_until("it"), "piece by piece, as it");
  EXPECT_EQ(ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n").body, "piece by piece, as it");
}

TEST_F(HttpServerTest, ATargetMayNameItsHost) {
  EXPECT_EQ(ask("GET http://b/host HTTP/1.1\r\nHost: a\r\n\r\n").body, "b") << "RFC 9112 3.2.2";
  EXPECT_EQ(ask("GET HTTPS://b:8/host?x=1 HTTP/1.1\r\nHost: a\r\n\r\n").body, "b:8");
  EXPECT_EQ(ask("GET http://b HTTP/1.1\r\nHost: a\r\n\r\n").body, "hello");
  EXPECT_EQ(ask("GET /host HTTP/1.1\r\nHost: a\r\n\r\n").body, "a");
  EXPECT_EQ(ask("GET http://localhost:1@b/host HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET /host HTTP/1.1\r\nHost: localhost:1@b\r\n\r\n").status, 400);
}

TEST_F(HttpServerTest, ABodyMustSayHowLongItIs) {
  for (const char* method : {"POST", "PUT", "PATCH"}) {
    const auto answer = ask(std::string(method) + " /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 411) << method;
    EXPECT_NE(answer.body.find("\"status\":411"), std::string::npos) << answer.body;
  }
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body,
            "abc");
}

TEST_F(HttpServerTest, ABodyInChunksThatIsCutOffIsNoWholeOne) {
  const std::string header = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body = "5;name=value\r\nhello\r\n00c \r\nin \r\n chunks\r\n0\r\nX-Trailer: 1\r\n\r\n";
  EXPECT_EQ(ask(header + body).body, "helloin \r\n chunks");
  for (std::size_t length = 0; length < body.size(); ++length) {
    SCOPED_TRACE(body.substr(0, length));
    RawClient client(server_->port());
    client.send(header + body.substr(0, length));
    client.finish_sending();
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 409);
    EXPECT_NE(response->body.find("\"code\":\"cancelled\""), std::string::npos) << response->body;
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_F(HttpServerTest, ABodyWhoseChunksMakeNoSenseIsRefused) {
  const std::string header = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"\r\n\r\n", "x\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n", "3\nabc\n0\n\n",
                           "3 4\r\nabc\r\n0\r\n\r\n", "2\r\nabc\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n",
                           "3\r\nabc\r\n\r\n0\r\n\r\n", "10000000000000003\r\nabc\r\n0\r\n\r\n"}) {
    SCOPED_TRACE(body);
    RawClient client(server_->port());
    client.send(header + body + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.receive().value().status, 422);
    EXPECT_TRUE(client.is_closed());
  }
  EXPECT_EQ(smuggled_, 0);
}

TEST_F(HttpServerTest, TheNextRequestComesBehindTheLastChunk) {
  RawClient client(server_->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ndef"
      "POST /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nghi\r\n0\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive().value().body, "abc");
  EXPECT_EQ(client.receive().value().body, "def");
  EXPECT_EQ(client.receive().value().status, 422);
  EXPECT_EQ(client.receive().value().body, "hello");
}

TEST_F(HttpServerTest, RefusesControlCharactersThatComeOutOfEncodedWords) {
  // "\r\nX-Injected: 1" as an RFC 2047 word, which Poco decodes.
  const auto response = ask("GET / HTTP/1.1\r\nHost: a\r\nX-Echo: =?utf-8?B?DQpYLUluamVjdGVkOiAx?=\r\n\r\n");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers.count("x-injected"), 0U);
}

TEST_F(HttpServerTest, WhateverAHandlerThrowsIsAnsweredAsAProblem) {
  const auto defect = ask("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(defect.status, 500);
  EXPECT_EQ(defect.header("content-type"), "application/problem+json");
  EXPECT_EQ(defect.body.find("secret"), std::string::npos);
  EXPECT_NE(log_text_.str().find("a secret of the house"), std::string::npos);
  EXPECT_NE(defect.body.find(defect.header("x-request-id")), std::string::npos);

  const auto refusal = ask("GET /refuse HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(refusal.status, 403);
  EXPECT_NE(refusal.body.find("\"pointer\":\"/who\""), std::string::npos);
  EXPECT_EQ(ask("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n").status, 500);
}

TEST_F(HttpServerTest, WhatPocoRefusesByItselfIsAnsweredAsAProblemToo) {
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  const std::pair<const char*, std::string> requests[] = {
      {"no method", std::string("\x01\x02\r\n\r\n")},
      {"a long target", "GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a long value", "GET / HTTP/1.1\r\nX-A: " + std::string(100'000, 'x') + "\r\n\r\n"},
      {"many headers", many + "\r\n"},
  };
  for (const auto& [what, request] : requests) {
    SCOPED_TRACE(what);
    RawClient client(server_->port());
    client.send(request);
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400);
    EXPECT_EQ(response->header("content-type"), "application/problem+json");
    EXPECT_NE(response->body.find("\"code\":\"bad_request\""), std::string::npos) << response->body;
    EXPECT_EQ(response->header("x-content-type-options"), "nosniff");
    EXPECT_FALSE(response->header("x-request-id").empty());
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_F(HttpServerTest, EveryAnswerCarriesTheSecurityHeaders) {
  for (const char* path : {"/", "/throw", "/refuse"}) {
    const auto response = ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(response.header("x-content-type-options"), "nosniff") << path;
    EXPECT_NE(response.header("content-security-policy").find("default-src 'none'"), std::string::npos) << path;
    EXPECT_EQ(response.header("cross-origin-resource-policy"), "same-origin") << path;
    EXPECT_EQ(response.header("referrer-policy"), "same-origin") << path;
    EXPECT_FALSE(response.header("x-request-id").empty()) << path;
  }
}

TEST_F(HttpServerTest, LimitsABody) {
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n").status, 413);
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 40; ++i) client.send("64\r\n" + std::string(100, 'x') + "\r\n");
  EXPECT_EQ(client.receive().value().status, 413);
}

TEST_F(HttpServerTest, AsksForTheBodyOnlyWhenItWantsIt) {
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_TRUE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
  client.send("abc");
  EXPECT_EQ(client.receive().value().body, "abc");

  RawClient refused(server_->port());
  refused.send("POST /unread HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(refused.receive().value().status, 422);
  EXPECT_TRUE(refused.is_closed());
}

TEST_F(HttpServerTest, HeadHasNoBody) {
  RawClient client(server_->port());
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive(/*without_body=*/true).value().header("content-length"), "5");
  EXPECT_EQ(client.receive().value().body, "hello");
}

TEST_F(HttpServerTest, ASenderOfOneByteNowAndThenIsEnded) {
  HttpOptions impatient;
  impatient.idle = std::chrono::seconds(1);
  impatient.header = std::chrono::seconds(1);
  start(impatient);
  RawClient client(server_->port());
  client.send("GET / HTTP/1.1\r\n");
  const core::Deadline deadline(std::chrono::seconds(20));
  while (!client.is_closed(std::chrono::milliseconds(400)) && !deadline.passed()) client.send("X-A: b\r\n");
  EXPECT_FALSE(deadline.passed());
}

TEST_F(HttpServerTest, WhatABrowserCouldRunIsSentAsBytes) {
  const auto response = ask("GET /page HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-type"), "application/octet-stream");
  EXPECT_EQ(response.header("content-security-policy"), "sandbox; default-src 'none'");
}

TEST_F(HttpServerTest, ABodyThatComesTooSlowlyIsRefused) {
  HttpOptions impatient;
  impatient.patience = std::chrono::seconds(1);
  start(impatient);
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  const core::Deadline deadline(std::chrono::seconds(20));
  std::optional<testing::RawResponse> response;
  while (!response && !deadline.passed()) {
    client.send("b");
    response = client.receive(false, std::chrono::milliseconds(200));
  }
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
}

TEST_F(HttpServerTest, WhatStandsAroundChunksMayNotComeTooSlowlyEither) {
  HttpOptions impatient;
  impatient.patience = std::chrono::seconds(1);
  start(impatient);
  for (const char* begin : {"5;", "3\r\nabc\r\n0\r\nX-Trailer: "}) {
    SCOPED_TRACE(begin);
    RawClient client(server_->port());
    client.send(std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") + begin);
    const core::Deadline deadline(std::chrono::seconds(20));
    std::optional<testing::RawResponse> response;
    while (!response && !deadline.passed()) {
      client.send("b");
      response = client.receive(false, std::chrono::milliseconds(200));
    }
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 408);
  }
}

TEST_F(HttpServerTest, WhoIsRefusedAndSendsOnSlowlyKeepsNoThread) {
  RawClient client(server_->port());
  client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(client.receive().value().status, 422);
  const core::Deadline deadline(std::chrono::seconds(30));
  bool taken = true;
  while (taken && !deadline.passed()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    taken = client.send("b");
  }
  EXPECT_FALSE(taken);
}

TEST_F(HttpServerTest, WhoReadsNothingKeepsNoThread) {
  HttpOptions impatient;
  impatient.threads = 2;
  impatient.patience = std::chrono::seconds(1);
  start(impatient);
  const auto deaf = readers_of_nothing(2);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, WhoReadsNothingMakesWayWhenOthersWait) {
  HttpOptions few;
  few.threads = 2;
  few.patience = std::chrono::seconds(600);
  start(few);
  const auto deaf = readers_of_nothing(3);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, AnswersThatAreTakenInTimeAreWhole) {
  HttpOptions impatient;
  impatient.patience = std::chrono::seconds(5);
  start(impatient);
  EXPECT_EQ(ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), kLarge);
}

TEST_F(HttpServerTest, IdleConnectionsMakeWayWhenEveryThreadIsTaken) {
  HttpOptions few;
  few.threads = 2;
  few.idle = std::chrono::seconds(600);
  start(few);
  const auto idle = idle_ones(2);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, IdleConnectionsLeaveRoomForANewOne) {
  const auto idle = idle_ones(500);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, StoppingWaitsForWhatRunsAndEndsTheRest) {
  RawClient idle(server_->port());
  idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(idle.receive().value().status, 200);
  RawClient busy(server_->port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  slow_begun_.get_future().wait();
  server_->stop();
  EXPECT_EQ(busy.receive().value().status, 200);
  EXPECT_TRUE(idle.is_closed());
}

TEST_F(HttpServerTest, SaysSoWhenThePortIsTaken) {
  HttpOptions same;
  same.port = server_->port();
  HttpServer second(
      same, [](Exchange&) {}, random_, log_);
  try {
    second.start();
    FAIL() << "two servers on one port";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::unavailable);
  }
}

}  // namespace
}  // namespace muniment::webui
