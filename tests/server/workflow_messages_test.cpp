// What workflows send: web hooks, which may call only the public internet, and mail.
#include <thread>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/mail_addresses.h"
#include "tests/server/smtp_receiver.h"
#include "tests/server/workflows_fixture.h"

namespace muniment::server {
namespace {

using core::Error;
using core::ErrorCode;
using storage::Role;
using storage::WorkflowRun;
using storage::WorkflowTerms;
using ::testing::HasSubstr;
using Kind = storage::WorkflowAction::Kind;

TEST(PublicAddressTest, OnlyThePublicInternetIsCalled) {
  for (const char* address : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111", "2a00::1"}) {
    EXPECT_TRUE(is_public_address(address)) << address;
  }
  for (const char* address : {"127.0.0.1",
                              "0.0.0.0",
                              "10.1.2.3",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "224.0.0.1",
                              "255.255.255.255",
                              "198.18.0.1",
                              "::1",
                              "::",
                              "fe80::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:8.8.8.8",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001::1",
                              "2001:db8::1",
                              "localhost",
                              ""}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

// Answers one request with the status, and keeps it.
class Receiver {
 public:
  explicit Receiver(std::string answer)
      : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), answer_(std::move(answer)) {
    thread_ = std::jthread([this] {
      Poco::Net::StreamSocket connection = socket_.acceptConnection();
      char buffer[4096];
      while (request.find("}}") == std::string::npos) {
        const int n = connection.receiveBytes(buffer, sizeof buffer);
        if (n <= 0) break;
        request.append(buffer, static_cast<std::size_t>(n));
      }
      connection.sendBytes(answer_.data(), static_cast<int>(answer_.size()));
      connection.close();
    });
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(socket_.address().port()) + "/hook"; }
  const std::string& wait() {
    thread_.join();
    socket_.close();
    return request;
  }

 private:
  Poco::Net::ServerSocket socket_;
  const std::string answer_;
  std::string request;
  std::jthread thread_;
};

std::optional<ErrorCode> refused_call(const std::string& url, const WebHookOptions& options) {
  try {
    send_web_hook({url, "run-1-1", "{\"a\":{}}", "a secret of the test"}, options, {});
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

TEST(WebHookTest, ThisMachineIsCalledOnlyWhenItIsNamed) {
  EXPECT_EQ(refused_call("http://127.0.0.1:1/", {}), ErrorCode::forbidden);
  EXPECT_EQ(refused_call("http://2130706433:1/", {}), ErrorCode::forbidden) << "127.0.0.1 as one number";
  EXPECT_EQ(refused_call("http://[::ffff:127.0.0.1]:1/", {}), ErrorCode::forbidden);
  EXPECT_EQ(refused_call("http://localhost:1/", {{"127.0.0.1"}}), ErrorCode::forbidden) << "another name is not named";
  EXPECT_EQ(refused_call("http://user:word@example.org/", {}), ErrorCode::invalid_argument);
  Receiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(refused_call(receiver.url(), {{"127.0.0.1"}}), std::nullopt);
  const std::string& request = receiver.wait();
  EXPECT_THAT(request, HasSubstr("Muniment-Delivery: run-1-1\r\n"));
  // printf '{"a":{}}' | openssl dgst -sha256 -hmac 'a secret of the test'
  EXPECT_THAT(
      request,
      HasSubstr("Muniment-Signature: sha256=efd1434b5266af3a4153f3294514080f88f33e4deb7b151885b154fc449d163b\r\n"));
}

TEST(WebHookTest, WhatCouldNeverBeCalledIsRefusedBefore) {
  for (const char* url : {"http://", "https://exa mple/", "http://user:pw@example.org/", "http://127.0.0.1/",
                          "http://127.1/", "https://[::1]:8080/x", "http://10.0.0.8/", "http://localhost/"}) {
    EXPECT_THROW(require_callable(url, {}), core::Error) << url;
  }
  EXPECT_NO_THROW(require_callable("https://example.org/hook?x=1", {}));
  EXPECT_NO_THROW(require_callable("https://[2a00:1450:4001:80b::200e]/", {}));
  EXPECT_NO_THROW(require_callable("http://127.0.0.1:8000/hook", {.allowed_hosts = {"127.0.0.1"}}));
}

TEST(WebHookTest, ARedirectionIsAFailure) {
  Receiver receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(refused_call(receiver.url(), {{"127.0.0.1"}}), ErrorCode::unavailable);
  receiver.wait();
}

class WorkflowMessagesTest : public WorkflowsTest {};

TEST_F(WorkflowMessagesTest, AWebHookIsTriedAgainAFewTimes) {
  Receiver refuses("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
  WorkflowTerms terms{"Hook", true};
  terms.actions.push_back({.kind = Kind::webhook, .url = refuses.url()});
  EXPECT_THROW(create(terms), Error) << "it needs a secret";
  const std::int64_t workflow = create(terms, "sixteen letters and more");
  arrive("a.txt", "one");
  settle();
  EXPECT_THAT(refuses.wait(), HasSubstr("\"title\":\"a\""));
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::running);
  EXPECT_EQ(log_of(runs(workflow)[0]).size(), 1U);
  for (int i = 0; i < 10; ++i) {
    archive.clock.advance(std::chrono::hours(48));
    settle();
  }
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::failed) << "nobody listens there any more";
  EXPECT_EQ(log_of(runs(workflow)[0]).size(), 6U);
}

TEST_F(WorkflowMessagesTest, AReceiverThatDoesNotAnswerHoldsUpNoOther) {
  using std::chrono::milliseconds;
  const Poco::Net::ServerSocket dead(Poco::Net::SocketAddress("127.0.0.1", 0));  // takes connections and is silent
  WorkflowEngine impatient({"http://muniment.example", {{"127.0.0.1"}, milliseconds(200)}}, archive.database, index,
                           key, mail, log);
  WorkflowTerms terms{"Hook", true};
  terms.actions.push_back(
      {.kind = Kind::webhook, .url = "http://127.0.0.1:" + std::to_string(dead.address().port()) + "/"});
  const std::int64_t hooks = create(terms, "sixteen letters and more");
  for (const char* name : {"a.txt", "b.txt", "c.txt"}) arrive(name, name);
  indexer.wait_until_idle();
  for (int round = 0; round < 5; ++round) impatient.work({});
  std::size_t attempts = 0;
  for (const WorkflowRun& run : runs(hooks)) attempts += log_of(run).size();
  EXPECT_EQ(runs(hooks).size(), 3U);
  EXPECT_EQ(attempts, 1U) << "the others wait until it has rested";
  archive.clock.advance(std::chrono::minutes(2));
  for (int round = 0; round < 5; ++round) impatient.work({});
  attempts = 0;
  for (const WorkflowRun& run : runs(hooks)) attempts += log_of(run).size();
  EXPECT_EQ(attempts, 2U);
}

TEST_F(WorkflowMessagesTest, AMailGoesToAccountsAndGroupsThatMayReadTheDocument) {
  testing::SmtpReceiver receiver;
  const MailSender sender(receiver.options(), archive.clock);
  WorkflowEngine mailing({"http://muniment.example", {}}, archive.database, index, key, sender, log);
  const storage::Principal eva = archive.add_person("eva", Role::staff);
  const storage::Principal bo = archive.add_person("bo", Role::staff);      // gives no address
  const storage::Principal carl = archive.add_person("carl", Role::staff);  // may not read it
  WorkflowTerms terms{"Tell", true};
  {
    auto tx = archive.database.begin(admin.actor());
    storage::change_mail_address(tx, eva.account_id, "eva@example.org");
    storage::change_mail_address(tx, carl.account_id, "carl@example.org");
    const std::int64_t all = storage::create_group(tx, "All", {eva.account_id, bo.account_id, carl.account_id});
    terms.actions.push_back({.kind = Kind::mail,
                             .to = {"office@example.org"},
                             .to_accounts = {eva.account_id},
                             .to_groups = {all},
                             .subject = "New: {title}"});
    tx.commit();
  }
  const std::int64_t workflow = create(terms);
  const std::int64_t id = arrive("rent.txt", "the rent");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.own_access_list =
        storage::create_access_list(tx, "Two",
                                    {{storage::AccessEntry::Subject::account, admin.account_id, true, {}},
                                     {storage::AccessEntry::Subject::account, eva.account_id, false, {}},
                                     {storage::AccessEntry::Subject::account, bo.account_id, false, {}}});
    storage::change_document(tx, admin, id, storage::find_document(tx, admin, id)->version, change);
    tx.commit();
    auto session = archive.database.read();
    admin = storage::load_principal(session, admin.account_id, "test").value();
  }
  settle(mailing);
  ASSERT_EQ(receiver.taken().size(), 1U);
  EXPECT_THAT(receiver.taken().front().to, ::testing::ElementsAre("office@example.org", "eva@example.org"));
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
  EXPECT_EQ(log_of(runs(workflow)[0])[0].message, "office@example.org, eva@example.org");
}

TEST_F(WorkflowMessagesTest, WhoIsRefusedKeepsAMailFromNobodyElse) {
  testing::SmtpReceiver receiver;
  const MailSender sender(receiver.options(), archive.clock);
  WorkflowEngine mailing({"http://muniment.example", {}}, archive.database, index, key, sender, log);
  WorkflowTerms terms{"Tell", true};
  terms.actions.push_back(
      {.kind = Kind::mail, .to = {"gone@example.org", "office@example.org"}, .subject = "New: {title}"});
  const std::int64_t workflow = create(terms);
  receiver.refuse("gone@example.org");
  arrive("rent.txt", "the rent");
  settle(mailing);
  ASSERT_EQ(receiver.taken().size(), 1U);
  EXPECT_THAT(receiver.taken().front().to, ::testing::ElementsAre("office@example.org"));
  EXPECT_THAT(receiver.taken().front().text, HasSubstr("undisclosed-recipients"));
  EXPECT_THAT(receiver.taken().front().text, ::testing::Not(HasSubstr("office@example.org")));
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
  EXPECT_EQ(log_of(runs(workflow)[0])[0].message,
            "office@example.org; refused: gone@example.org (550 5.1.1 no such user)");
  archive.clock.advance(std::chrono::hours(1));
  settle(mailing);
  EXPECT_EQ(receiver.taken().size(), 1U) << "nobody gets it twice";
}

TEST_F(WorkflowMessagesTest, AMailThatEverybodyIsRefusedIsTriedAgain) {
  testing::SmtpReceiver receiver;
  const MailSender sender(receiver.options(), archive.clock);
  WorkflowEngine mailing({"http://muniment.example", {}}, archive.database, index, key, sender, log);
  WorkflowTerms terms{"Tell", true};
  terms.actions.push_back({.kind = Kind::mail, .to = {"gone@example.org"}, .subject = "New: {title}"});
  const std::int64_t workflow = create(terms);
  receiver.refuse("gone@example.org");
  arrive("rent.txt", "the rent");
  settle(mailing);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::running);
  EXPECT_THAT(log_of(runs(workflow)[0])[0].message, HasSubstr("gone@example.org (550 5.1.1 no such user)"));
  receiver.refuse_nothing();
  archive.clock.advance(std::chrono::minutes(2));
  settle(mailing);
  ASSERT_EQ(receiver.taken().size(), 1U);
  EXPECT_THAT(receiver.taken().front().text, HasSubstr("To: gone@example.org"));
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
}

TEST_F(WorkflowMessagesTest, AMailForNobodyFails) {
  const storage::Principal eva = archive.add_person("eva", Role::staff);
  WorkflowTerms terms{"Tell", true};
  terms.actions.push_back({.kind = Kind::mail, .to_accounts = {eva.account_id}, .subject = "New: {title}"});
  const std::int64_t workflow = create(terms);
  arrive("rent.txt", "the rent");
  settle();
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::failed);
  EXPECT_THAT(log_of(runs(workflow)[0])[0].message, HasSubstr("has a mail address"));
  terms.name = "Nobody";
  terms.actions[0].to_accounts = {eva.account_id + 1000};
  EXPECT_THROW(create(terms), Error);
}

TEST_F(WorkflowMessagesTest, AMailCannotCarryAnotherHeader) {
  try {
    MailSenderOptions options;
    options.host = "127.0.0.1";
    options.port = 1;
    options.from = "archive@example.org";
    MailSender sender(options, archive.clock);
    const auto refused = sender.send({{"a@example.org\r\nBcc: b@example.org"}, "x", "y"});
    FAIL() << "sent, and refused by " << refused.size();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace muniment::server
