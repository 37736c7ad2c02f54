// Every operation of the API that the other tests do not reach, done once: contract_test.cpp, and for records
// management records_tour.cpp.
#pragma once

#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {

class Tour : public ::testing::Test {
 protected:
  // POST, PUT ... as the administrator; the parsed answer.
  nlohmann::json send(const std::string& method, const std::string& target, const nlohmann::json& body,
                      std::int64_t version = 0) {
    Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
    if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
    const auto response = server_.ask(admin_, method, target, body.is_null() ? "" : body.dump(), headers);
    EXPECT_LT(response.status, 400) << method << " " << target << " " << response.body;
    return nlohmann::json::parse(response.body, nullptr, false);
  }
  nlohmann::json get(const std::string& target) { return server_.get(admin_, target); }
  static std::string id(const nlohmann::json& thing) { return std::to_string(thing["id"].get<std::int64_t>()); }

  void people();
  void file_plan();
  void filing();
  void documents();
  void pages();
  void records();
  void disposition(std::int64_t number);
  void paper();
  void end_of_paper(std::int64_t number, const nlohmann::json& box);
  void transfers(const std::string& other);
  void uploads();
  void imports();
  void privacy();
  void operation();

  RunningServer server_;
  std::string admin_ = server_.password_person("admin", storage::Role::admin, "a long enough secret");
};

}  // namespace muniment::testing
