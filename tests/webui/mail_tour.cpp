// What is attached to a mail that is one document with it.
#include <gtest/gtest.h>

#include "storage/mail_parts.h"
#include "tests/webui/running_server.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

void tour_attachments(RunningServer& server, const std::string& admin) {
  const std::int64_t document = server.add(admin, "joined.eml", "joined members\na |the first\nb |the second");
  {
    auto tx = server.archive.database.begin(storage::Actor::system("test"));
    storage::join_mail(tx, document);
    const auto found = storage::find_document(tx, server.archive.system(), document);
    storage::record_mail_parts(tx, found->components.at(0).id,
                               {{1, "a", 12, 1, 1, ""}, {2, "b", 13, 0, 0, "it is encrypted"}});
    tx.commit();
  }
  const std::string path = "/api/v1/documents/" + std::to_string(document);
  const auto attachments = server.get(admin, path)["attachments"];
  ASSERT_EQ(attachments.size(), 2U);
  EXPECT_EQ(attachments[0]["first_page"], 1);
  EXPECT_EQ(attachments[1]["problem"], "it is encrypted");
  const auto second = server.ask(admin, "GET", path + "/attachments/2");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, "b \nthe second");
  // Known by its bytes from now on, whatever stands where; who has them gets them not again.
  const std::string etag = "\"" + core::Sha256::of("b \nthe second").hex() + "\"";
  EXPECT_EQ(second.header("etag"), etag);
  const auto hash_of_first = [&](const std::string& bytes) {
    auto tx = server.archive.database.begin(storage::Actor::system("test"));
    const auto found = storage::find_document(tx, server.archive.system(), document);
    auto parts = storage::mail_parts(tx, found->components.at(0).id);
    EXPECT_EQ(parts.at(1).hash, core::Sha256::of("b \nthe second"));
    parts.at(0).hash = core::Sha256::of(bytes);
    storage::record_mail_parts(tx, found->components.at(0).id, parts);
    tx.commit();
  };
  hash_of_first("something else");
  EXPECT_EQ(server.ask(admin, "GET", path + "/attachments/1").status, 500);
  hash_of_first("a \nthe first");
  EXPECT_EQ(server.ask(admin, "GET", path + "/attachments/1").body, "a \nthe first");
  server.reader.unavailable = true;
  EXPECT_EQ(server.ask(admin, "GET", path + "/attachments/2", "", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(server.ask(admin, "GET", path + "/attachments/2").status, 503);
  server.reader.unavailable = false;
  EXPECT_EQ(server.ask(admin, "GET", path + "/attachments/3").status, 404);
  {
    auto tx = server.archive.database.begin(storage::Actor::system("test"));
    const auto found = storage::find_document(tx, server.archive.system(), document);
    auto parts = storage::mail_parts(tx, found->components.at(0).id);
    parts.push_back({3, "c", 1ULL << 60, 0, 0, ""});  // more than any disk has
    storage::record_mail_parts(tx, found->components.at(0).id, parts);
    tx.commit();
  }
  const auto too_large = server.ask(admin, "GET", path + "/attachments/3");
  EXPECT_EQ(too_large.status, 507);
  EXPECT_NE(too_large.body.find("too little room on the disk to unpack this attachment"), std::string::npos);
  const std::string stranger = server.person("stranger of mails", storage::Role::reader);
  EXPECT_EQ(server.ask(stranger, "GET", path + "/attachments/9").status, 404);
}

}  // namespace muniment::testing
