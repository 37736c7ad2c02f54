// Workflows: what begins them, what they may do, that runs go on after a kill, and what web hooks may call.
#include "storage/workflows.h"

#include <thread>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gmock/gmock.h>

#include "core/error.h"
#include "core/event_stream.h"
#include "index/indexer.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "server/workflow_engine.h"
#include "storage/accounts.h"
#include "storage/catalogue.h"
#include "storage/check_outs.h"
#include "storage/custom_fields.h"
#include "storage/mail_addresses.h"
#include "tests/server/smtp_receiver.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using core::Error;
using core::ErrorCode;
using storage::Role;
using storage::WorkflowAction;
using storage::WorkflowOccasion;
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

std::optional<ErrorCode> refusal(const std::string& url, const WebHookOptions& options) {
  try {
    send_web_hook({url, "run-1-1", "{\"a\":{}}", "a secret of the test"}, options, {});
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

TEST(WebHookTest, ThisMachineIsCalledOnlyWhenItIsNamed) {
  EXPECT_EQ(refusal("http://127.0.0.1:1/", {}), ErrorCode::forbidden);
  EXPECT_EQ(refusal("http://2130706433:1/", {}), ErrorCode::forbidden) << "127.0.0.1 as one number";
  EXPECT_EQ(refusal("http://[::ffff:127.0.0.1]:1/", {}), ErrorCode::forbidden);
  EXPECT_EQ(refusal("http://localhost:1/", {{"127.0.0.1"}}), ErrorCode::forbidden) << "another name is not named";
  EXPECT_EQ(refusal("http://user:word@example.org/", {}), ErrorCode::invalid_argument);
  Receiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(refusal(receiver.url(), {{"127.0.0.1"}}), std::nullopt);
  const std::string& request = receiver.wait();
  EXPECT_THAT(request, HasSubstr("Muniment-Delivery: run-1-1\r\n"));
  // printf '{"a":{}}' | openssl dgst -sha256 -hmac 'a secret of the test'
  EXPECT_THAT(
      request,
      HasSubstr("Muniment-Signature: sha256=efd1434b5266af3a4153f3294514080f88f33e4deb7b151885b154fc449d163b\r\n"));
}

TEST(WebHookTest, ARedirectionIsAFailure) {
  Receiver receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(refusal(receiver.url(), {{"127.0.0.1"}}), ErrorCode::unavailable);
  receiver.wait();
}

class WorkflowsTest : public ::testing::Test {
 protected:
  WorkflowsTest() {
    auto tx = archive.database.begin(admin.actor());
    tag = storage::ensure_name(tx, storage::Vocabulary::tag, "invoice").id;
    other_tag = storage::ensure_name(tx, storage::Vocabulary::tag, "paid").id;
    tx.commit();
    indexer.start();
  }

  std::int64_t create(const WorkflowTerms& terms, const std::optional<std::string>& secret = {}) {
    auto tx = archive.database.begin(admin.actor());
    const std::int64_t id = storage::create_workflow(tx, admin, key, terms, secret);
    tx.commit();
    return id;
  }
  WorkflowTerms adds_tag(WorkflowOccasion occasion = WorkflowOccasion::arrived) {
    WorkflowTerms terms{"Tag", true, occasion};
    terms.actions.push_back({.kind = Kind::set, .tag_ids = {tag}});
    return terms;
  }
  std::int64_t arrive(const std::string& name, const std::string& bytes) {
    const std::int64_t id = archive.add_document(admin.actor(), name, bytes);
    auto tx = archive.database.begin(admin.actor());
    storage::record_reading(tx, id, {});
    tx.commit();
    return id;
  }
  void settle() { settle(engine); }
  void settle(WorkflowEngine& with) {
    indexer.wait_until_idle();
    for (int round = 0; round < 20 && with.work({}); ++round) indexer.wait_until_idle();
  }
  storage::Document document(std::int64_t id) {
    auto session = archive.database.read();
    return storage::find_document(session, admin, id).value();
  }
  std::vector<WorkflowRun> runs(std::int64_t workflow) {
    auto session = archive.database.read();
    return storage::list_runs(session, admin, workflow, 100);
  }
  std::vector<storage::StepRecord> log_of(const WorkflowRun& run) {
    auto session = archive.database.read();
    return storage::run_log(session, run.id);
  }

  testing::TestArchive archive;
  storage::Principal admin = archive.add_person("admin", Role::admin);
  storage::SealingKey key{archive.data.keys(), archive.random};
  std::ostringstream log_text;
  core::Log log{archive.clock, log_text, core::LogLevel::warning};
  core::EventStream events{100};
  index::SearchIndex index{archive.data.index(), {}};
  index::Indexer indexer{index, archive.database, events, log};
  MailSender mail{{}, archive.clock};
  WorkflowEngine engine{{"http://muniment.example", {{"127.0.0.1"}}}, archive.database, index, key, mail, log};
  std::int64_t tag = 0;
  std::int64_t other_tag = 0;
};

TEST_F(WorkflowsTest, WhatArrivesAndMatchesIsChangedOnce) {
  WorkflowTerms terms = adds_tag();
  terms.query = "title:rent";
  const std::int64_t workflow = create(terms);
  const std::int64_t rent = arrive("rent.txt", "one");
  const std::int64_t other = arrive("other.txt", "two");
  settle();
  EXPECT_EQ(document(rent).tags.size(), 1U);
  EXPECT_TRUE(document(other).tags.empty());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
  const std::int64_t version = document(rent).version;
  settle();
  EXPECT_EQ(document(rent).version, version);
}

TEST_F(WorkflowsTest, AChangeByAWorkflowBeginsNone) {
  const std::int64_t changed = create(adds_tag(WorkflowOccasion::changed));
  const std::int64_t id = arrive("a.txt", "one");
  settle();
  EXPECT_TRUE(runs(changed).empty());
  auto tx = archive.database.begin(admin.actor());
  storage::DocumentChange change;
  change.title = "New";
  storage::change_document(tx, admin, id, document(id).version, change);
  tx.commit();
  settle();
  EXPECT_EQ(document(id).tags.size(), 1U);
  EXPECT_EQ(runs(changed).size(), 1U);
}

TEST_F(WorkflowsTest, WhatChangesNothingThatIsKnownOfADocumentBeginsNone) {
  const std::int64_t changed = create(adds_tag(WorkflowOccasion::changed));
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::check_out(tx, admin, id, "");
    storage::end_check_out(tx, admin, id);
    tx.commit();
  }
  settle();
  EXPECT_TRUE(runs(changed).empty()) << "its version number rose";
  auto tx = archive.database.begin(admin.actor());
  storage::add_note(tx, admin, id, "Called them");
  tx.commit();
  settle();
  EXPECT_EQ(runs(changed).size(), 1U);
}

TEST_F(WorkflowsTest, ItWaitsForApprovalAndARefusalEndsIt) {
  const storage::Principal karin = archive.add_person("karin", Role::staff);
  WorkflowTerms terms{"Approve", true};
  terms.actions.push_back({.kind = Kind::approve, .account_id = karin.account_id});
  terms.actions.push_back({.kind = Kind::set, .tag_ids = {other_tag}});
  create(terms);
  const std::int64_t first = arrive("a.txt", "one");
  const std::int64_t second = arrive("b.txt", "two");
  settle();
  EXPECT_TRUE(document(first).tags.empty()) << "not before it is approved";
  {
    auto tx = archive.database.begin(karin.actor());
    const auto waiting = storage::runs_to_approve(tx, karin);
    ASSERT_EQ(waiting.size(), 2U);
    EXPECT_TRUE(storage::runs_to_approve(tx, admin).empty());
    storage::decide_run(tx, karin, waiting[0].id, true, "");
    storage::decide_run(tx, karin, waiting[1].id, false, "not ours");
    tx.commit();
  }
  settle();
  EXPECT_EQ(document(first).tags.size(), 1U);
  EXPECT_TRUE(document(second).tags.empty());
}

TEST_F(WorkflowsTest, NothingIsPassedOnOfWhatIsRestrictedOrInTheTrash) {
  const storage::Principal karin = archive.add_person("karin", Role::staff);
  WorkflowTerms terms{"Hook", true};
  terms.actions.push_back({.kind = Kind::webhook, .url = "http://127.0.0.1:1/hook"});
  const std::int64_t hook = create(terms, "sixteen letters and more");
  terms.name = "Approve";
  terms.actions = {{.kind = Kind::approve, .account_id = karin.account_id}};
  const std::int64_t approve = create(terms);
  const auto change = [&](const auto& act) {
    auto tx = archive.database.begin(admin.actor());
    act(tx);
    tx.commit();
  };
  const auto restricted = [&](std::int64_t id) {
    change([&](storage::Transaction& tx) {
      tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2)", id, tx.now());
    });
  };
  const std::int64_t asked = arrive("a.txt", "one");
  settle();
  ASSERT_EQ(runs(approve).size(), 1U);
  EXPECT_EQ(runs(approve)[0].state, storage::RunState::waiting);
  EXPECT_EQ(runs(hook)[0].state, storage::RunState::running) << "nobody listens; it is tried again";
  restricted(asked);
  archive.clock.advance(std::chrono::hours(1));
  settle();
  EXPECT_EQ(runs(hook)[0].state, storage::RunState::failed) << "the next attempt asks anew";
  EXPECT_THAT(log_of(runs(hook)[0]).back().message, HasSubstr("restricted"));
  change([&](storage::Transaction& tx) {
    EXPECT_THROW(storage::decide_run(tx, karin, runs(approve)[0].id, true, ""), Error);
    storage::decide_run(tx, karin, runs(approve)[0].id, false, "");
  });

  const std::int64_t trashed = arrive("b.txt", "two");
  indexer.wait_until_idle();
  change([&](storage::Transaction& tx) { storage::trash_document(tx, admin, trashed); });
  settle();
  ASSERT_EQ(runs(approve).size(), 2U);
  EXPECT_EQ(runs(approve)[0].state, storage::RunState::failed);
  EXPECT_THAT(log_of(runs(approve)[0]).back().message, HasSubstr("trash"));
  EXPECT_THAT(log_of(runs(hook)[0]).back().message, HasSubstr("trash"));
}

TEST_F(WorkflowsTest, ATokenOfSomebodyElseSetsUpAndApprovesNothing) {
  storage::Principal represented = archive.add_person("karin", Role::admin);
  WorkflowTerms terms{"Approve", true};
  terms.actions.push_back({.kind = Kind::approve, .account_id = represented.account_id});
  const std::int64_t workflow = create(terms);
  arrive("a.txt", "one");
  settle();
  represented.represented = true;
  auto tx = archive.database.begin(represented.actor());
  const auto waiting = storage::runs_to_approve(tx, represented);
  ASSERT_EQ(waiting.size(), 1U);
  const auto refused = [](const auto& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code() == ErrorCode::forbidden;
    }
    return false;
  };
  EXPECT_TRUE(refused([&] { storage::decide_run(tx, represented, waiting[0].id, true, ""); }));
  EXPECT_TRUE(refused([&] { storage::change_workflow(tx, represented, key, workflow, 1, terms, {}); }));
  terms.name = "Another";
  EXPECT_TRUE(refused([&] { storage::create_workflow(tx, represented, key, terms, {}); }));
}

TEST_F(WorkflowsTest, ItCanDoNoMoreThanItsAccount) {
  const storage::Principal maria = archive.add_person("maria", Role::staff);
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.own_access_list =
        storage::create_access_list(tx, "Maria's", {{storage::AccessEntry::Subject::account, maria.account_id, true}});
    storage::change_document(tx, admin, id, storage::find_document(tx, admin, id)->version, change);
    tx.commit();
  }
  settle();
  EXPECT_TRUE(runs(workflow).empty());
  auto session = archive.database.read();
  const auto who = storage::load_principal(session, maria.account_id, "");
  EXPECT_TRUE(storage::find_document(session, *who, id)->tags.empty());
}

TEST_F(WorkflowsTest, WhatIsUnderHoldRefusesAndTheLogSaysSo) {
  const storage::Principal maria = archive.add_person("maria", Role::records_manager);
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(maria.actor());
    const std::int64_t hold = records::place_hold(tx, maria, {"Case 7", "A lawsuit", "", true, {}});
    records::hold_documents(tx, maria, hold, {id});
    tx.commit();
  }
  settle();
  EXPECT_TRUE(document(id).tags.empty());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::failed);
  ASSERT_EQ(log_of(runs(workflow)[0]).size(), 1U);
  EXPECT_FALSE(log_of(runs(workflow)[0])[0].message.empty());
  EXPECT_EQ(log_of(runs(workflow)[0])[0].message.find("Case 7"), std::string::npos) << "the hold is confidential";
}

TEST_F(WorkflowsTest, ADateIsReachedOnceAndNotBeforeTheWorkflowWas) {
  WorkflowTerms terms = adds_tag(WorkflowOccasion::date);
  terms.days_after = 2;
  const std::int64_t workflow = create(terms);
  const auto with_date = [&](const std::string& name, core::Date date) {
    const std::int64_t id = arrive(name, name);
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.date = date;
    storage::change_document(tx, admin, id, document(id).version, change);
    tx.commit();
    return id;
  };
  using namespace std::chrono_literals;
  const std::int64_t due = with_date("due.txt", 2026y / 11 / 23);
  const std::int64_t old = with_date("old.txt", 2026y / 11 / 21);
  settle();
  EXPECT_TRUE(document(due).tags.empty()) << "on the 25th";
  archive.clock.advance(24h);
  settle();
  EXPECT_EQ(document(due).tags.size(), 1U);
  EXPECT_TRUE(document(old).tags.empty()) << "it was reached before the workflow was there";
  settle();
  EXPECT_EQ(runs(workflow).size(), 1U);
  archive.clock.advance(24h * 5);
  {
    auto tx = archive.database.begin(admin.actor());
    terms.days_after = 5;
    storage::change_workflow(tx, admin, key, workflow, 1, terms, {});
    tx.commit();
  }
  with_date("passed.txt", 2026y / 11 / 22);
  const std::int64_t today = with_date("today.txt", 2026y / 11 / 25);
  settle();
  ASSERT_EQ(runs(workflow).size(), 2U) << "with other terms it does nothing about the past either";
  EXPECT_EQ(runs(workflow)[0].document_id, today);
}

TEST_F(WorkflowsTest, AWebHookIsTriedAgainAFewTimes) {
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

TEST_F(WorkflowsTest, WhatIsFiledIsMovedOnce) {
  std::int64_t class_id = 0;
  std::int64_t folder = 0;
  {
    auto tx = archive.database.begin(admin.actor());
    class_id = records::create_class(tx, {{}, "1", "Invoices"});
    folder = records::create_folder(tx, class_id, "This year", {});
    tx.commit();
  }
  WorkflowTerms terms{"Move", true, WorkflowOccasion::filed};
  terms.actions.push_back({.kind = Kind::move, .folder_id = folder});
  const std::int64_t workflow = create(terms);
  const std::int64_t id = arrive("a.txt", "one");
  settle();
  EXPECT_TRUE(runs(workflow).empty()) << "it has no class yet";
  {
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.class_id = class_id;
    storage::change_document(tx, admin, id, document(id).version, change);
    tx.commit();
  }
  settle();
  EXPECT_EQ(document(id).folder_id, folder);
  ASSERT_EQ(runs(workflow).size(), 1U) << "the move is a filing too, but by a workflow";
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
}

TEST_F(WorkflowsTest, DatesInFieldsAndOfDisposalCountToo) {
  using namespace std::chrono_literals;
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::create_custom_field(tx, admin, "due", storage::CustomFieldKind::date, {.name = "Due"});
    storage::DocumentChange change;
    change.custom_fields = {{"due", "2026-11-26"}};
    storage::change_document(tx, admin, id, document(id).version, change);
    tx.execute(
        "INSERT INTO record (document_id, declared_on, declared_at, declared_how, content_hash, eligible_from) "
        "VALUES ($1, '2026-11-24', $2, 'hand', '', $3)",
        id, tx.now(), core::Date(2026y / 11 / 27));
    tx.commit();
  }
  WorkflowTerms field = adds_tag(WorkflowOccasion::date);
  field.date_of = storage::WorkflowDate::field;
  field.date_field = "due";
  field.days_after = -1;
  WorkflowTerms disposal = adds_tag(WorkflowOccasion::date);
  disposal.name = "Before it goes";
  disposal.date_of = storage::WorkflowDate::disposal;
  disposal.days_after = -1;
  const std::int64_t by_field = create(field);
  const std::int64_t by_disposal = create(disposal);
  settle();
  EXPECT_TRUE(runs(by_field).empty() && runs(by_disposal).empty()) << "it is the 24th";
  archive.clock.advance(24h);
  settle();
  EXPECT_EQ(runs(by_field).size(), 1U);
  EXPECT_TRUE(runs(by_disposal).empty());
  archive.clock.advance(24h);
  settle();
  EXPECT_EQ(runs(by_field).size(), 1U);
  EXPECT_EQ(runs(by_disposal).size(), 1U);
}

TEST_F(WorkflowsTest, ARunThatWaitsCanBeEnded) {
  const storage::Principal maria = archive.add_person("maria", Role::staff);
  WorkflowTerms terms{"Ask", true};
  terms.actions.push_back({.kind = Kind::approve, .account_id = maria.account_id});
  const std::int64_t workflow = create(terms);
  arrive("a.txt", "one");
  settle();
  ASSERT_EQ(runs(workflow).size(), 1U);
  ASSERT_EQ(runs(workflow)[0].state, storage::RunState::waiting);
  const std::int64_t run = runs(workflow)[0].id;
  {
    auto tx = archive.database.begin(maria.actor());
    EXPECT_THROW(storage::end_run(tx, maria, run, ""), Error) << "that is not hers to end";
  }
  {
    auto tx = archive.database.begin(admin.actor());
    storage::end_run(tx, admin, run, "she left");
    tx.commit();
  }
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::refused);
  EXPECT_THAT(log_of(runs(workflow)[0]).back().message, HasSubstr("she left"));
  auto tx = archive.database.begin(admin.actor());
  EXPECT_THROW(storage::end_run(tx, admin, run, ""), Error) << "it has ended";
  EXPECT_TRUE(storage::runs_to_approve(tx, maria).empty());
}

TEST_F(WorkflowsTest, WhileItsAccountIsDisabledAWorkflowRests) {
  const storage::Principal eva = archive.add_person("eva", Role::admin);
  const auto disable = [&](bool disabled) {
    auto tx = archive.database.begin(admin.actor());
    storage::AccountChange change;
    change.disabled = disabled;
    storage::change_account(tx, eva.account_id, storage::find_account(tx, eva.account_id)->version, change);
    tx.commit();
  };
  std::int64_t workflow = 0;
  {
    auto tx = archive.database.begin(eva.actor());
    workflow = storage::create_workflow(tx, eva, key, adds_tag(), {});
    tx.commit();
  }
  const auto rests = [&] {
    auto session = archive.database.read();
    return storage::find_workflow(session, workflow).value().owner_disabled;
  };
  // One that has begun already.
  const std::int64_t begun = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(eva.actor());
    const auto terms = storage::find_workflow(tx, workflow).value();
    storage::begin_run(tx, terms, {begun, core::date_of(archive.clock.now())}, true);
    tx.execute("DELETE FROM workflow_event");
    tx.commit();
  }
  disable(true);
  const std::int64_t meanwhile = arrive("b.txt", "two");
  for (int day = 0; day < 8; ++day) {  // longer than anything is tried again
    settle();
    archive.clock.advance(std::chrono::hours(24));
  }
  EXPECT_TRUE(rests());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::running);
  EXPECT_THAT(log_of(runs(workflow)[0]), ::testing::IsEmpty());
  EXPECT_TRUE(document(begun).tags.empty());
  disable(false);
  settle();
  EXPECT_FALSE(rests());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
  EXPECT_EQ(document(begun).tags.size(), 1U);
  EXPECT_TRUE(document(meanwhile).tags.empty());
}

TEST_F(WorkflowsTest, AReceiverThatDoesNotAnswerHoldsUpNoOther) {
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

TEST_F(WorkflowsTest, AStepThatWasDoneIsNotDoneAgain) {
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t id = arrive("a.txt", "one");
  indexer.wait_until_idle();
  std::vector<WorkflowRun> before;
  {
    auto tx = archive.database.begin(admin.actor());
    const auto all = storage::workflow_events(tx, 10);
    ASSERT_EQ(all.size(), 1U);
    const auto meant = storage::list_workflows(tx);
    storage::begin_runs(tx, all[0], meant);
    storage::begin_runs(tx, all[0], meant);
    before = storage::next_runs(tx, tx.now(), 10);
    tx.commit();
  }
  ASSERT_EQ(before.size(), 1U) << "the event is gone with the first";
  {
    // Killed before the commit: nothing was done.
    auto tx = archive.database.begin(admin.actor());
    storage::apply_action(tx, admin, id, before[0].actions[0]);
    EXPECT_TRUE(storage::record_step(tx, before[0], storage::StepOutcome::done, ""));
  }
  EXPECT_TRUE(document(id).tags.empty());
  settle();
  EXPECT_EQ(document(id).tags.size(), 1U);
  auto tx = archive.database.begin(admin.actor());
  EXPECT_FALSE(storage::record_step(tx, before[0], storage::StepOutcome::done, "")) << "it is behind that";
  EXPECT_EQ(runs(workflow).size(), 1U);
}

TEST_F(WorkflowsTest, AMailGoesToAccountsAndGroupsThatMayReadTheDocument) {
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

TEST_F(WorkflowsTest, WhoIsRefusedKeepsAMailFromNobodyElse) {
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

TEST_F(WorkflowsTest, AMailThatEverybodyIsRefusedIsTriedAgain) {
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

TEST_F(WorkflowsTest, AMailForNobodyFails) {
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

TEST_F(WorkflowsTest, AMailCannotCarryAnotherHeader) {
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
