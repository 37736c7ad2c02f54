#include "webui/http_server.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include "core/clock.h"
#include "core/error.h"
#include "webui/exchange.h"
#include "webui/problem.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

namespace {

constexpr int kStackBytes = 512 * 1024;

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

class RequestHandler final : public Poco::Net::HTTPRequestHandler {
 public:
  RequestHandler(const HttpServer::Handler& handle, std::string id, core::Log& log)
      : handle_(handle), id_(std::move(id)), log_(log) {}

  // The one place where everything is caught: an exception that left here would end the connection without an answer.
  void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
    const core::Stopwatch watch;
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
  }

 private:
  int answer(HTTPServerRequest& request, HTTPServerResponse& response) {
    std::optional<Exchange> exchange;
    try {
      exchange.emplace(request, response, id_);
    } catch (const Error& error) {
      return refuse_request(response, 400, error);
    }
    const std::string& method = exchange->method();
    if ((method == "POST" || method == "PUT" || method == "PATCH") && !exchange->content_length() &&
        !exchange->header("Transfer-Encoding")) {
      return refuse_request(response, 411,
                            Error(ErrorCode::invalid_argument, "a request that sends something must say how long it is"));
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
    return exchange->status();
  }

  // A request whose end is not certain: the answer is the last thing on this connection.
  int refuse_request(HTTPServerResponse& response, int status, const Error& error) {
    response.setKeepAlive(false);
    response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
    response.setContentType("application/problem+json");
    response.set("X-Request-Id", id_);
    const std::string body = problem_json(error);
    response.setContentLength(static_cast<std::streamsize>(body.size()));
    response.send() << body << std::flush;
    return status;
  }

  void report(const Error& error) {
    if (status_of(error.code()) < 500 || error.code() == ErrorCode::unavailable) return;
    log_.error("request_failed",
               {{"request", id_}, {"code", core::code_name(error.code())}, {"cause", error.what()}});
  }

  const HttpServer::Handler& handle_;
  std::string id_;
  core::Log& log_;
};

class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  HandlerFactory(const HttpServer::Handler& handle, core::Random& random, core::Log& log)
      : handle_(handle), random_(random), log_(log) {}

  Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
    return new RequestHandler(handle_, random_.token(9), log_);  // Poco takes ownership
  }

 private:
  const HttpServer::Handler& handle_;
  core::Random& random_;
  core::Log& log_;
};

}  // namespace

struct HttpServer::State {
  HttpOptions options;
  Handler handle;
  core::Random& random;
  core::Log& log;
  Poco::ThreadPool threads;
  std::unique_ptr<Poco::Net::HTTPServer> server;
  std::uint16_t port = 0;

  State(HttpOptions wanted, Handler handler, core::Random& r, core::Log& l)
      : options(std::move(wanted)),
        handle(std::move(handler)),
        random(r),
        log(l),
        threads("http", 8, options.threads, 60, kStackBytes) {}
};

HttpServer::HttpServer(HttpOptions options, Handler handle, core::Random& random, core::Log& log)
    : state_(std::make_unique<State>(std::move(options), std::move(handle), random, log)) {}

void HttpServer::start() {
  try {
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress(state_->options.address, state_->options.port), /*reuseAddress=*/true);
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
    state_->server = std::make_unique<Poco::Net::HTTPServer>(
        new HandlerFactory(state_->handle, state_->random, state_->log), state_->threads, socket, parameters);
    state_->server->start();
  } catch (const Poco::Exception& error) {
    throw Error(ErrorCode::unavailable, "cannot listen on " + state_->options.address + ":" +
                                            std::to_string(state_->options.port) +
                                            "; is another program using it? Choose another with --listen")
        .because(error.displayText());
  }
}

HttpServer::~HttpServer() {
  if (!state_->server) return;
  try {
    state_->server->stopAll(/*abortCurrent=*/false);
    const core::Deadline patience(std::chrono::seconds(10));
    while (state_->server->currentConnections() > 0 && !patience.passed()) {
      Poco::Thread::sleep(10);
    }
    state_->server->stopAll(/*abortCurrent=*/true);
    state_->server.reset();
    state_->threads.stopAll();
  } catch (const Poco::Exception& error) {
    state_->log.error("http_stop_failed", {{"cause", error.displayText()}});
  }
}

std::uint16_t HttpServer::port() const { return state_->port; }

}  // namespace muniment::webui
