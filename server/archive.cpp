#include "server/archive.h"

#include <algorithm>
#include <fstream>
#include <iostream>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include "core/error.h"
#include "server/service.h"
#include "storage/data_directory.h"

namespace muniment::server {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

ErrorCode code_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    if (core::code_name(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::internal;
}

// As people type it: "role" for "/role", "steps.0.kind" for "/steps/0/kind".
std::string field_named(std::string_view pointer) {
  while (pointer.starts_with('/') || pointer.starts_with('#')) pointer.remove_prefix(1);
  std::string name(pointer);
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

Error problem_of(const std::string& body, int status) {
  const json problem = json::parse(body, nullptr, false);
  if (!problem.is_object())
    return Error(ErrorCode::internal, "the service answered with status " + std::to_string(status));
  std::string message = problem.value("detail", "");
  if (message.empty()) message = problem.value("title", "the service refused");
  for (const json& field : problem.value("errors", json::array())) {
    const std::string detail = field.value("detail", "");
    if (message.find(detail) == std::string::npos)
      message += "; " + field_named(field.value("pointer", "")) + " " + detail;
  }
  return Error(code_named(problem.value("code", "internal")), message);
}

}  // namespace

struct Archive::State {
  std::unique_ptr<Service> own;  // when no service runs
  std::ofstream nowhere;
  std::string token;
  std::unique_ptr<Poco::Net::HTTPClientSession> session;

  void connect(const std::string& url) {
    const Poco::URI address(url);
    session = std::make_unique<Poco::Net::HTTPClientSession>(address.getHost(), address.getPort());
    session->setTimeout(Poco::Timespan(600, 0));
    session->setKeepAlive(true);
  }

  std::istream& exchange(const std::string& method, const std::string& path, const std::string& body,
                         const std::string& as, Poco::Net::HTTPResponse& response, const std::string& etag = {},
                         const std::string& content_type = "application/json") {
    try {
      Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
      request.set("Authorization", "Bearer " + (as.empty() ? token : as));
      request.setKeepAlive(true);
      if (!etag.empty()) request.set("If-Match", etag);
      if (!body.empty()) request.setContentType(content_type);
      if (!body.empty() || method != "GET") request.setContentLength(static_cast<std::streamsize>(body.size()));
      session->sendRequest(request) << body;
      return session->receiveResponse(response);
    } catch (const Poco::Exception& error) {
      throw Error(ErrorCode::unavailable, "the service does not answer; is it still running?")
          .because(error.displayText());
    }
  }
};

Archive::Archive(const fs::path& data, const fs::path& configuration) : state_(std::make_unique<State>()) {
  const storage::DataDirectory directory(data);
  const bool in_use = !directory.try_lock();
  if (!in_use) {
    Settings settings = load_settings(data, configuration);
    settings.listen = "127.0.0.1:0";
    settings.watch_folders.configured.clear();
    settings.watch_folders.with_set_up = false;
    settings.collect_mail = false;
    settings.log_level = core::LogLevel::error;
    state_->own = std::make_unique<Service>(data, std::move(settings), std::cerr);
    state_->own->start();
  }
  if (!fs::exists(directory.service_file())) {
    throw Error(ErrorCode::unavailable, "another process uses " + data.string() + " but serves nothing yet; try again");
  }
  const json service = json::parse(core::read_file(directory.service_file(), 64 * 1024), nullptr, false);
  if (!service.is_object()) throw Error(ErrorCode::unavailable, "the service is starting; try again");
  state_->token = service.value("token", "");
  state_->connect(service.value("url", ""));
}

Archive::~Archive() = default;

Archive::Answer Archive::send(const std::string& method, const std::string& path, const std::string& body,
                              const std::string& token, const std::string& etag, const std::string& content_type) {
  Poco::Net::HTTPResponse response;
  std::istream& stream = state_->exchange(method, path, body, token, response, etag, content_type);
  Answer answer;
  answer.status = response.getStatus();
  answer.location = response.get("Location", "");
  answer.media_type = response.getContentType();
  answer.etag = response.get("ETag", "");
  Poco::StreamCopier::copyToString(stream, answer.body);
  return answer;
}

void Archive::require_success(const Answer& answer) {
  if (answer.status >= 400) throw problem_of(answer.body, answer.status);
}

json Archive::ask(const std::string& method, const std::string& path, const json& body, const std::string& token) {
  const Answer answer = send(method, path, body.is_null() ? "" : body.dump(), token);
  require_success(answer);
  return answer.body.empty() ? json() : json::parse(answer.body, nullptr, false);
}

std::vector<json> Archive::ask_all(const std::string& path) {
  const std::string all = path + (path.find('?') == std::string::npos ? "?" : "&") + "limit=200";
  std::vector<json> items;
  std::string cursor;
  for (;;) {
    const json page = ask("GET", all + cursor);
    for (const json& item : page.at("items")) items.push_back(item);
    if (page.at("next").is_null()) return items;
    cursor = "&cursor=" + encoded(page.at("next").get<std::string>());
  }
}

json Archive::change(const std::string& method, const std::string& path, const json& body, std::int64_t version) {
  const Answer answer = send(method, path, body.dump(), "", "\"" + std::to_string(version) + "\"");
  require_success(answer);
  return answer.body.empty() ? json() : json::parse(answer.body, nullptr, false);
}

void Archive::download(const std::string& path, const std::function<void(std::string_view)>& piece,
                       const std::string& method, const json& body) {
  Poco::Net::HTTPResponse response;
  std::istream& stream = state_->exchange(method, path, body.is_null() ? "" : body.dump(), "", response);
  if (response.getStatus() >= 400) {
    std::string problem;
    Poco::StreamCopier::copyToString(stream, problem);
    throw problem_of(problem, response.getStatus());
  }
  char buffer[64 * 1024];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    piece(std::string_view(buffer, static_cast<std::size_t>(stream.gcount())));
  }
}

std::string encoded(std::string_view text) {
  std::string out;
  Poco::URI::encode(std::string(text), "!#$&'()*+,/:;=?@[]%\"<>\\^`{|} ", out);
  return out;
}

}  // namespace muniment::server
