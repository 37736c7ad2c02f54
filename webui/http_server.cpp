#include "webui/http_server.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include "core/clock.h"
#include "core/error.h"
#include "webui/exchange.h"
#include "webui/internal/chunked_body.h"
#include "webui/internal/delivery.h"
#include "webui/problem.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;
using Poco::Net::HTTPServerResponse;

namespace {

constexpr int kStackBytes = 512 * 1024;
constexpr std::chrono::seconds kWatchEvery{1};
constexpr std::chrono::seconds kStopPatience{10};
constexpr std::chrono::seconds kPatienceWhenFull{5};

// The Content-Security-Policy of pages; downloads set a stricter one of their own.
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

// On every answer, also on errors.
void set_common_headers(HTTPServerResponse& response) {
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("X-Frame-Options", "DENY");
  response.set("Content-Security-Policy", kPagePolicy);
}

// The open connections, and which of them serves a request at the moment. Thread-safe.
//
// Poco's timeouts are between two reads, and there are none for writing, so a sender of one byte now and then, or who
// never reads, would keep its connection and thread for ever; here a connection must get to the end of a request's
// header in time, and take what it is sent.
class Connections {
 public:
  // `header` is for the end of a header to come, `answer` for so many bytes of an answer to be taken.
  Connections(std::chrono::seconds header, std::chrono::seconds answer) : header_(header), answer_(answer) {}

  void opened(const Poco::Net::StreamSocket& socket) {
    const std::lock_guard lock(mutex_);
    if (stopping_) shut(socket);
    open_.insert_or_assign(socket.impl(), Connection{socket, core::Deadline(header_), core::Deadline(answer_)});
  }
  void closed(const Poco::Net::StreamSocket& socket) {
    const std::lock_guard lock(mutex_);
    open_.erase(socket.impl());
    changed_.notify_all();
  }
  // False when the connection has to end with this request.
  bool begins(const Poco::Net::SocketImpl* socket) {
    const std::lock_guard lock(mutex_);
    if (const auto found = open_.find(socket); found != open_.end()) found->second.serving = true;
    return !stopping_;
  }
  void ends(const Poco::Net::SocketImpl* socket) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(socket);
    if (found == open_.end()) return;
    found->second.serving = false;
    found->second.deadline = core::Deadline(header_);
    if (stopping_) shut(found->second.socket);
  }
  void end_overdue() {
    const std::lock_guard lock(mutex_);
    for (auto& [impl, connection] : open_) {
      if ((!connection.serving && connection.deadline.passed()) || takes_too_little(connection))
        shut(connection.socket);
    }
  }
  // So many, as others wait for their threads: those that serve nothing, longest idle first, then those that have taken
  // too little for a while.
  void make_room(std::size_t wanted) {
    if (wanted == 0) return;
    const std::lock_guard lock(mutex_);
    std::vector<const Connection*> idle;
    std::vector<const Connection*> deaf;
    for (const auto& [impl, connection] : open_) {
      if (!connection.serving) {
        idle.push_back(&connection);
      } else if (is_deaf(connection)) {
        deaf.push_back(&connection);
      }
    }
    std::ranges::sort(idle, {}, [](const Connection* one) { return one->deadline.left(); });
    std::ranges::sort(deaf, {}, [](const Connection* one) { return one->taking.left(); });
    idle.insert(idle.end(), deaf.begin(), deaf.end());
    idle.resize(std::min(idle.size(), wanted));
    for (const Connection* one : idle) shut(one->socket);
  }
  // True when all were gone within `patience`; then those that were not are cut off.
  bool end_all(std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    for (auto& [impl, connection] : open_) {
      if (!connection.serving) shut(connection.socket);
    }
    const bool all = changed_.wait_for(lock, patience, [&] { return open_.empty(); });
    for (auto& [impl, connection] : open_) shut(connection.socket);
    changed_.wait_for(lock, patience, [&] { return open_.empty(); });
    return all;
  }

 private:
  struct Connection {
    Poco::Net::StreamSocket socket;
    core::Deadline deadline;  // for the next header
    core::Deadline taking;    // for kSlowestBytesPerSecond to be taken since it was set
    std::uint64_t taken = 0;  // by then
    bool serving = false;
  };
  bool takes_too_little(Connection& connection) const {
    const auto delivery = delivery_of(connection.socket.impl()->sockfd());
    if (!delivery) return false;
    const bool too_little =
        delivery->taken < connection.taken + static_cast<std::uint64_t>(answer_.count() * kSlowestBytesPerSecond);
    if (delivery->owed && too_little) return connection.taking.passed();
    connection.taking = core::Deadline(answer_);
    connection.taken = delivery->taken;
    return false;
  }
  // `taking` is set anew whenever enough was taken, and while nothing is owed.
  bool is_deaf(const Connection& connection) const {
    if (answer_ - connection.taking.left() < kPatienceWhenFull) return false;
    const auto delivery = delivery_of(connection.socket.impl()->sockfd());
    return delivery && delivery->owed;
  }
  static void shut(const Poco::Net::StreamSocket& socket) { ::shutdown(socket.impl()->sockfd(), SHUT_RDWR); }

  const std::chrono::seconds header_;
  const std::chrono::seconds answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const Poco::Net::SocketImpl*, Connection> open_;
  bool stopping_ = false;
};

// One request, from its header to its answer.
class RequestHandler {
 public:
  RequestHandler(const HttpServer::Handler& handle, std::string id, Connections& connections, core::Log& log,
                 std::chrono::seconds patience)
      : handle_(handle), id_(std::move(id)), connections_(connections), log_(log), patience_(patience) {}

  // The one place where everything is caught: an exception that left here would end the connection without an answer.
  void serve(Poco::Net::HTTPServerRequestImpl& request, HTTPServerResponse& response) {
    const core::Stopwatch watch;
    const Poco::Net::SocketImpl* socket = request.socket().impl();
    if (!connections_.begins(socket)) response.setKeepAlive(false);
    set_common_headers(response);
    int status = 0;
    try {
      status = answer(request, response);
    } catch (const Poco::Exception& error) {
      // The connection broke: there is nobody to tell.
      response.setKeepAlive(false);
      log_.debug("connection_lost", {{"request", id_}, {"cause", error.displayText()}});
    } catch (const std::exception& error) {
      response.setKeepAlive(false);
      log_.error("request_failed", {{"request", id_}, {"cause", error.what()}});
    }
    log_.debug("request", {{"request", id_},
                           {"method", request.getMethod()},
                           {"status", status},
                           {"microseconds", watch.elapsed().count()}});
    connections_.ends(socket);
  }

  // A request whose header Poco could not read.
  void refuse(HTTPServerResponse& response, Poco::Net::StreamSocket& socket, const std::string& why) {
    set_common_headers(response);
    response.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);
    refuse_request(response, socket, Error(ErrorCode::bad_request, "the request's header cannot be read: " + why));
  }

 private:
  int answer(Poco::Net::HTTPServerRequestImpl& request, HTTPServerResponse& response) {
    std::optional<Exchange> exchange;
    try {
      exchange.emplace(request, response, id_, patience_);
    } catch (const Error& error) {
      return refuse_request(response, request.socket(), error);
    }
    const std::string& method = exchange->method();
    if ((method == "POST" || method == "PUT" || method == "PATCH") && !exchange->content_length() &&
        !exchange->header("Transfer-Encoding")) {
      return refuse_request(response, request.socket(), "length_required",
                            "a request that sends something must say how long it is");
    }
    try {
      handle_(*exchange);
      if (!exchange->answered()) throw Error(ErrorCode::internal, "the request was not answered");
    } catch (const Error& error) {
      report(error);
      send_problem(*exchange, error);
    } catch (const Poco::Exception&) {
      throw;
    } catch (const std::exception& error) {
      const Error internal =
          Error(ErrorCode::internal, "something went wrong here; the log has the details under request " + id_)
              .because(error.what());
      report(internal);
      send_problem(*exchange, internal);
    }
    exchange->linger();
    return exchange->status();
  }

  // A request whose end is not certain: the answer is the last thing on this connection.
  int refuse_request(HTTPServerResponse& response, Poco::Net::StreamSocket& socket, const Error& error) {
    return refuse_request(response, socket, core::code_name(error.code()), error.message());
  }
  int refuse_request(HTTPServerResponse& response, Poco::Net::StreamSocket& socket, std::string_view code,
                     const std::string& detail) {
    const int status = find_problem_kind(code)->status;
    response.setKeepAlive(false);
    response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
    response.setContentType("application/problem+json");
    response.set("X-Request-Id", id_);
    const std::string body = problem_json(code, detail);
    response.setContentLength(static_cast<std::streamsize>(body.size()));
    response.send() << body << std::flush;
    linger(socket);
    return status;
  }

  void report(const Error& error) {
    if (status_of(error.code()) < 500 || error.code() == ErrorCode::unavailable) return;
    log_.error("request_failed", {{"request", id_}, {"code", core::code_name(error.code())}, {"cause", error.what()}});
  }

  const HttpServer::Handler& handle_;
  std::string id_;
  Connections& connections_;
  core::Log& log_;
  const std::chrono::seconds patience_;
};

// One connection and its requests. Poco's own HTTPServerConnection answers what it cannot read with an empty body, and
// without the headers that every answer has.
class Connection final : public Poco::Net::TCPServerConnection {
 public:
  Connection(const Poco::Net::StreamSocket& client, Poco::Net::HTTPServerParams::Ptr parameters,
             const HttpServer::Handler& handle, core::Random& random, Connections& connections, core::Log& log,
             std::chrono::seconds patience)
      : TCPServerConnection(client),
        parameters_(std::move(parameters)),
        handle_(handle),
        random_(random),
        connections_(connections),
        log_(log),
        patience_(patience) {}

  void run() override {
    connections_.opened(socket());
    try {
      Session session(socket(), parameters_);
      while (session.hasMoreRequests()) serve(session);
    } catch (const Poco::Exception& error) {
      // It broke between two requests, or within the header of one: there is nobody to tell.
      log_.debug("connection_lost", {{"cause", error.displayText()}});
    }
    connections_.closed(socket());
  }

 private:
  void serve(Poco::Net::HTTPServerSession& session) {
    Poco::Net::HTTPServerResponseImpl response(session);
    RequestHandler handler(handle_, random_.token(9), connections_, log_, patience_);
    response.setDate(Poco::Timestamp());
    response.set("Server", parameters_->getSoftwareVersion());
    std::optional<Poco::Net::HTTPServerRequestImpl> request;
    try {
      request.emplace(response, session, parameters_.get());
    } catch (const Poco::Net::NoMessageException&) {
      throw;  // the client has no more to say
    } catch (const Poco::Net::MessageException& error) {
      handler.refuse(response, socket(), error.displayText());
      return session.setKeepAlive(false);
    }
    response.setVersion(request->getVersion());
    response.setKeepAlive(request->getKeepAlive() && session.canKeepAlive());
    handler.serve(*request, response);
    session.setKeepAlive(response.getKeepAlive() && session.canKeepAlive());
  }

  Poco::Net::HTTPServerParams::Ptr parameters_;
  const HttpServer::Handler& handle_;
  core::Random& random_;
  Connections& connections_;
  core::Log& log_;
  const std::chrono::seconds patience_;
};

class ConnectionFactory final : public Poco::Net::TCPServerConnectionFactory {
 public:
  using Make = std::function<Poco::Net::TCPServerConnection*(const Poco::Net::StreamSocket&)>;
  explicit ConnectionFactory(Make make) : make_(std::move(make)) {}
  Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& client) override {
    return make_(client);
  }

 private:
  const Make make_;
};

}  // namespace

struct HttpServer::State {
  HttpOptions options;
  Handler handle;
  core::Random& random;
  core::Log& log;
  Connections connections;
  Poco::ThreadPool threads;
  std::unique_ptr<Poco::Net::TCPServer> server;
  std::jthread watch;
  std::uint16_t port = 0;

  State(HttpOptions wanted, Handler handler, core::Random& r, core::Log& l)
      : options(std::move(wanted)),
        handle(std::move(handler)),
        random(r),
        log(l),
        connections(options.idle + options.header, options.patience),
        threads("http", std::min(8, options.threads), options.threads, 60, kStackBytes) {}
};

HttpServer::HttpServer(HttpOptions options, Handler handle, core::Random& random, core::Log& log)
    : state_(std::make_unique<State>(std::move(options), std::move(handle), random, log)) {}

void HttpServer::start() {
  try {
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress(state_->options.address, state_->options.port), /*reuseAddress=*/true,
                /*reusePort=*/false);
    socket.listen(1024);
    Poco::Net::HTTPServerParams::Ptr parameters = new Poco::Net::HTTPServerParams;
    parameters->setMaxThreads(state_->options.threads);
    parameters->setMaxQueued(1024);
    parameters->setKeepAlive(true);
    parameters->setKeepAliveTimeout(Poco::Timespan(static_cast<long>(state_->options.idle.count()), 0));
    parameters->setMaxKeepAliveRequests(10'000);
    parameters->setTimeout(Poco::Timespan(static_cast<long>(state_->options.read_timeout.count()), 0));
    parameters->setSoftwareVersion("Muniment");
    state_->port = socket.address().port();
    // Poco takes ownership of both.
    auto* const factory = new ConnectionFactory([s = state_.get(), parameters](const Poco::Net::StreamSocket& client) {
      return new Connection(client, parameters, s->handle, s->random, s->connections, s->log, s->options.patience);
    });
    state_->server = std::make_unique<Poco::Net::TCPServer>(factory, state_->threads, socket, parameters);
    state_->server->start();
  } catch (const Poco::Exception& error) {
    throw Error(ErrorCode::unavailable, "cannot listen on " + state_->options.address + ":" +
                                            std::to_string(state_->options.port) +
                                            "; is another program using it? Choose another with --listen")
        .because(error.displayText());
  }
  state_->watch =
      std::jthread([&connections = state_->connections, &server = *state_->server](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, kWatchEvery, [&] { return stop.stop_requested(); })) {
          connections.end_overdue();
          connections.make_room(static_cast<std::size_t>(server.queuedConnections()));
        }
      });
}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::stop() {
  if (!state_->server) return;
  try {
    state_->server->stop();
    if (!state_->connections.end_all(kStopPatience)) state_->log.warning("requests_cut_off");
    state_->watch = {};
    state_->server.reset();
    state_->threads.joinAll();
  } catch (const Poco::Exception& error) {
    state_->log.error("http_stop_failed", {{"cause", error.displayText()}});
  }
}

std::uint16_t HttpServer::port() const {
  return state_->port;
}

}  // namespace muniment::webui
