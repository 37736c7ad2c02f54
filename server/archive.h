// The archive as the command line sees it: a client of the HTTP API of the service that uses the data directory, or of
// one that this process starts for itself.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "server/settings.h"

namespace muniment::server {

// Not thread-safe.
class Archive {
 public:
  // Error(unavailable) when another process has the directory but answers nothing.
  Archive(const std::filesystem::path& data, const std::filesystem::path& configuration);
  ~Archive();

  struct Answer {
    int status = 0;
    std::string body;
    std::string location;
    std::string media_type;
    std::string etag;
  };
  // Any answer is returned; Error(unavailable) when there is none. `etag`: of the version that is to be changed.
  Answer send(const std::string& method, const std::string& path, const std::string& body = {},
              const std::string& token = {}, const std::string& etag = {},
              const std::string& content_type = "application/json");
  // Throws the problem that the service told, as an Error of the same code, unless it answered well.
  static void require_success(const Answer& answer);
  // The body of a successful answer; the problem that the service told, as an Error of the same code, for any other.
  nlohmann::json ask(const std::string& method, const std::string& path, const nlohmann::json& body = nullptr,
                     const std::string& token = {});
  // Every item of a list that comes in pages; `path` may have a query, but neither limit nor cursor. Errors as of ask.
  std::vector<nlohmann::json> ask_all(const std::string& path);
  // The same as ask with If-Match, for a change of the version that was read.
  nlohmann::json change(const std::string& method, const std::string& path, const nlohmann::json& body,
                        std::int64_t version);
  // Streams the body of a successful answer.
  void download(const std::string& path, const std::function<void(std::string_view)>& piece,
                const std::string& method = "GET", const nlohmann::json& body = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Percent-encoded for a query.
std::string encoded(std::string_view text);

}  // namespace muniment::server
