// The versions of a document over the API: who makes the next one, what they are called, what differs.
#include <gtest/gtest.h>

#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;
using storage::Role;

namespace {

class Desk {
 public:
  Desk(RunningServer& server, std::string who) : server_(server), who_(std::move(who)) {}

  RawResponse send(const std::string& method, const std::string& target, const json& body = json::object(),
                   std::int64_t version = 0) {
    Headers headers = kJson;
    if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
    return server_.ask(who_, method, target, method == "DELETE" ? "" : body.dump(), headers);
  }
  json get(const std::string& target) { return server_.get(who_, target); }
  int add_version(const std::string& path, const std::string& bytes,
                  const std::vector<std::pair<std::string, std::string>>& fields = {}) {
    Headers headers = kMultipart;
    headers.emplace_back("If-Match", "\"" + get(path)["version"].dump() + "\"");
    const int status =
        server_.ask(who_, "POST", path + "/versions", multipart("lease.pdf", bytes, fields), headers).status;
    server_.settle();
    return status;
  }

 private:
  RunningServer& server_;
  const std::string who_;
};

std::string add(RunningServer& server, const std::string& as) {
  return "/api/v1/documents/" + std::to_string(server.add(as, "lease.pdf", "lease\nthe rent is 900"));
}

}  // namespace

void tour_versions(RunningServer& server, const std::string& admin) {
  Desk desk(server, admin);
  const std::string path = add(server, admin);
  EXPECT_EQ(desk.send("PUT", path + "/check-out", {{"comment", "the new rent"}}).status, 204);
  EXPECT_EQ(desk.get(path)["checked_out"]["comment"], "the new rent");
  EXPECT_EQ(desk.send("DELETE", path + "/check-out").status, 204);
  EXPECT_EQ(desk.add_version(path, "lease\nthe rent is 950 kronor"), 202);
  const json found = desk.get(path + "/versions/2/differences");
  EXPECT_EQ(found["changes"], 1) << found;
  const json label = json::parse(desk.send("POST", path + "/versions/2/labels", {{"label", "Signed"}}).body);
  EXPECT_EQ(desk.get(path + "/versions")["items"][0]["labels"][0]["label"], "Signed");
  EXPECT_EQ(desk.send("DELETE", path + "/version-labels/" + label["id"].dump()).status, 204);
  EXPECT_EQ(
      desk.send("POST", path + "/versions/1/restore", {{"comment", "Too early"}}, desk.get(path)["version"]).status,
      202);
  server.settle();
  EXPECT_EQ(desk.get(path + "/versions")["items"][0]["restored_from"], 1);
}

namespace {

class VersionsTest : public ::testing::Test {
 protected:
  RunningServer server_;
  Desk anna_{server_, server_.person("anna", Role::staff)};
  std::string bo_token_ = server_.person("bo", Role::staff);
  Desk bo_{server_, bo_token_};
  Desk root_{server_, server_.person("root", Role::admin)};
  std::string path_ = add(server_, bo_token_);
};

TEST_F(VersionsTest, OnePersonMakesTheNextVersion) {
  EXPECT_EQ(anna_.send("PUT", path_ + "/check-out").status, 204);
  EXPECT_EQ(bo_.get(path_)["checked_out"]["by"]["name"], "anna");
  EXPECT_EQ(bo_.send("PUT", path_ + "/check-out").status, 423);
  EXPECT_EQ(bo_.add_version(path_, "another lease"), 423);
  EXPECT_EQ(bo_.send("POST", path_ + "/versions/1/restore", json::object(), bo_.get(path_)["version"]).status, 423);
  EXPECT_EQ(bo_.send("DELETE", path_ + "/check-out").status, 403);
  EXPECT_EQ(anna_.add_version(path_, "a lease in the making", {{"keep_checked_out", "true"}}), 202);
  EXPECT_FALSE(bo_.get(path_)["checked_out"].is_null());
  EXPECT_EQ(anna_.add_version(path_, "a lease that is done", {{"comment", "Agreed"}}), 202);
  EXPECT_TRUE(bo_.get(path_)["checked_out"].is_null()) << "the new version checks it in";
  EXPECT_EQ(bo_.send("DELETE", path_ + "/check-out").status, 404);
}

TEST_F(VersionsTest, AnAdministratorEndsWhatSomebodyForgot) {
  EXPECT_EQ(anna_.send("PUT", path_ + "/check-out").status, 204);
  EXPECT_EQ(root_.send("DELETE", path_ + "/check-out").status, 204);
  EXPECT_EQ(bo_.add_version(path_, "another lease"), 202);
}

}  // namespace

}  // namespace muniment::testing
