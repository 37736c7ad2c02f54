// Where mail is listened for, as people set it: what holds, what is refused, and what runs after each change.
#include "scanners/mail_listening.h"

#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/file_plan.h"
#include "storage/audit.h"
#include "storage/catalogue.h"
#include "storage/documents.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/raw_client.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

using testing::RawClient;

TEST(Network, HoldsWhatBeginsAlike) {
  for (const auto& [network, address, inside] : std::vector<std::tuple<const char*, const char*, bool>>{
           {"192.168.0.0/16", "192.168.200.1", true},
           {"192.168.0.0/16", "192.169.0.1", false},
           {"192.168.0.0/16", "::ffff:192.168.0.1", true},
           {"172.16.0.0/12", "172.31.255.255", true},
           {"172.16.0.0/12", "172.32.0.0", false},
           {"127.0.0.1", "127.0.0.1", true},
           {"127.0.0.1", "127.0.0.2", false},
           {"0.0.0.0/0", "8.8.8.8", true},
           {"0.0.0.0/0", "2001:db8::1", false},
           {"fe80::/10", "febf::1%eth0", true},
           {"fe80::/10", "fec0::1", false},
           {"::1", "::1", true},
           {"::/0", "10.0.0.1", true},
           {"10.0.0.0/8", "copier", false},
       }) {
    EXPECT_EQ(Network::parse(network).contains(address), inside) << network << " " << address;
  }
  const std::string with_nul("10.0.0.0\0/8", 11), with_long_name = "fe80::1%" + std::string(100, 'e');
  for (const std::string& wrong : {std::string(), std::string("10.0.0.0/33"), std::string("10.0.0.0/-1"),
                                   std::string("fe80::/129"), std::string("10.0.0/8"), std::string("office"),
                                   std::string("10.0.0.0/x"), std::string("/8"), with_nul, with_long_name}) {
    EXPECT_THROW(Network::parse(wrong), core::Error) << wrong;
  }
}

TEST(Network, EverythingIsKnownAsThat) {
  for (const char* network : {"0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "::/1", "::/80"}) {
    EXPECT_TRUE(Network::parse(network).is_everything()) << network;
  }
  for (const char* network : {"0.0.0.0/1", "0.0.0.0", "::1", "2001:db8::/96", "8000::/1"}) {
    EXPECT_FALSE(Network::parse(network).is_everything()) << network;
  }
}

MailListenerTerms loopback() {
  MailListenerTerms terms;
  terms.enabled = true;
  terms.port = 0;
  terms.networks = {Network::parse("127.0.0.0/8")};
  return terms;
}

// The field that is wrong; empty: none.
std::string wrong_in(const MailListenerTerms& terms) {
  try {
    require_sound(terms);
  } catch (const core::Error& error) {
    return error.fields().at(0).pointer;
  }
  return "";
}

TEST(MailListenerTerms, NobodyIsLetInByMistake) {
  EXPECT_EQ(wrong_in(loopback()), "");
  MailListenerTerms terms = loopback();
  terms.networks.clear();
  EXPECT_EQ(wrong_in(terms), "/networks");
  terms.enabled = false;
  EXPECT_EQ(wrong_in(terms), "");
  for (const char* address : {"0.0.0.0", "::", "::ffff:0.0.0.0"}) {
    terms = loopback();
    terms.address = address;
    EXPECT_EQ(wrong_in(terms), "") << address;
    terms.networks.push_back(Network::parse("0.0.0.0/0"));
    EXPECT_EQ(wrong_in(terms), "/networks") << address;
  }
  terms.address = "192.0.2.1";
  EXPECT_EQ(wrong_in(terms), "");
  const auto wrong_with = [](const auto& change) {
    MailListenerTerms changed = loopback();
    change(changed);
    return wrong_in(changed);
  };
  EXPECT_EQ(wrong_with([](auto& each) { each.address = "localhost"; }), "/address");
  EXPECT_EQ(wrong_with([](auto& each) { each.address = ""; }), "/address");
  EXPECT_EQ(wrong_with([](auto& each) { each.senders = {"a@b\r\nRCPT"}; }), "/senders");
  EXPECT_EQ(wrong_with([](auto& each) { each.recipients = {" "}; }), "/recipients");
  EXPECT_EQ(wrong_with([](auto& each) { each.max_bytes = 1023; }), "/max_bytes");
  EXPECT_EQ(wrong_with([](auto& each) { each.connections = 0; }), "/connections");
  EXPECT_EQ(wrong_with([](auto& each) { each.connections = 101; }), "/connections");
  EXPECT_EQ(wrong_with([](auto& each) { each.takes = storage::MailTake::nothing; }), "/takes");
}

class MailListeningTest : public testing::TestArchive, public ::testing::Test {
 protected:
  MailListening& listening() {
    if (!listening_) listening_.emplace(configured_, database, blobs, intake_, reader_, log_);
    return *listening_;
  }
  MailListenerSetting setting() {
    auto session = database.read();
    return listening().setting(session);
  }
  void set(const MailListenerTerms& terms) { listening().set(admin_, setting().version, terms); }
  std::uint16_t port() {
    const std::string address = listening().state().value().address;
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  static bool listens(std::uint16_t port) {
    try {
      RawClient client(port);
      return client.receive_until("\r\n").starts_with("220 ");
    } catch (const std::runtime_error&) {
      return false;
    }
  }
  // What is answered to it.
  std::string send_scan() {
    RawClient client(port());
    client.send("HELO copier\r\nMAIL FROM:<copier@example.org>\r\nRCPT TO:<scan@archive>\r\nDATA\r\n");
    client.receive_until("354 ");
    client.receive_until("\r\n");
    client.send("scan members\nSubject: Scan\npaper.pdf one\r\n.\r\n");
    return client.receive_until("\r\n");
  }
  // What a change is refused with.
  template <typename Change>
  static std::optional<core::Error> refusal(const Change& change) {
    try {
      change();
    } catch (const core::Error& error) {
      return error;
    }
    return std::nullopt;
  }

  storage::Principal admin_ = add_person("admin", storage::Role::admin);
  testing::FakeReader reader_;
  std::ostringstream log_text_;
  core::Log log_{clock, log_text_};
  ingest::Intake intake_{database, blobs, testing::roomy_intake(), [] {}};
  SmtpListenerOptions configured_;
  std::optional<MailListening> listening_;
};

TEST_F(MailListeningTest, ItIsOffUntilSomebodyTurnsItOn) {
  listening().start();
  EXPECT_FALSE(listening().state());
  EXPECT_FALSE(setting().is_set);
  set(loopback());
  const std::uint16_t first = port();
  EXPECT_TRUE(listens(first));
  EXPECT_TRUE(setting().is_set);
  MailListenerTerms off = loopback();
  off.enabled = false;
  set(off);
  EXPECT_FALSE(listening().state());
  EXPECT_FALSE(listens(first));
  auto session = database.read();
  storage::AuditFilter filter;
  filter.action = "mail_listener.set";
  EXPECT_EQ(storage::list_audit(session, filter, 0, 10).size(), 2U);
}

TEST_F(MailListeningTest, WhatPeopleSetHoldsBeforeTheConfigurationAndAfterARestart) {
  configured_.terms = loopback();
  listening().start();
  EXPECT_TRUE(listens(port()));
  MailListenerTerms terms = loopback();
  terms.senders = {"copier@example.org"};
  set(terms);
  const std::uint16_t kept = port();
  EXPECT_TRUE(listens(kept));
  listening_.reset();
  EXPECT_FALSE(listens(kept));
  listening().start();
  EXPECT_EQ(setting().terms.senders, terms.senders);
  EXPECT_TRUE(listens(port()));
  listening().forget(admin_, 2);
  EXPECT_FALSE(setting().is_set);
  EXPECT_TRUE(setting().terms.senders.empty());
  EXPECT_TRUE(listens(port()));
}

TEST_F(MailListeningTest, OtherTermsAtTheSamePlaceKeepItOpen) {
  set(loopback());
  const std::uint16_t before = port();
  RawClient connected(before);
  EXPECT_TRUE(connected.receive_until("\r\n").starts_with("220 "));
  MailListenerTerms terms = loopback();
  terms.networks = {Network::parse("10.0.0.0/8")};
  set(terms);
  EXPECT_EQ(port(), before);
  EXPECT_FALSE(listens(before)) << "nobody from here may send any more";
  connected.send("QUIT\r\n");
  EXPECT_NE(connected.receive_until("221 ").find("221 "), std::string::npos);
}

TEST_F(MailListeningTest, WhereNothingCanListenTheEarlierOneGoesOn) {
  set(loopback());
  const std::uint16_t before = port();
  // Another program that has the port.
  SmtpListenerOptions taken;
  taken.terms = loopback();
  const SmtpListener stranger(taken, database, blobs, intake_, reader_, log_);
  MailListenerTerms terms = loopback();
  terms.port = stranger.port();
  const auto refused = refusal([&] { set(terms); });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), core::ErrorCode::conflict);
  EXPECT_EQ(refused->fields().at(0).pointer, "/port");
  EXPECT_NE(refused->message().find("127.0.0.1:" + std::to_string(stranger.port())), std::string::npos);
  EXPECT_EQ(setting().version, 2);
  EXPECT_EQ(port(), before);
  EXPECT_TRUE(listens(before));
  terms = loopback();
  terms.port = before;
  terms.address = "192.0.2.1";  // which no machine has; the port is the one that it has itself
  const auto elsewhere = refusal([&] { set(terms); });
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(elsewhere->code(), core::ErrorCode::conflict);
  EXPECT_EQ(elsewhere->fields().at(0).pointer, "/address");
  EXPECT_TRUE(listens(before));
  EXPECT_EQ(listening().state().value().address, "127.0.0.1:" + std::to_string(before));
  const auto stale = refusal([&] { listening().set(admin_, 1, loopback()); });
  ASSERT_TRUE(stale);
  EXPECT_EQ(stale->code(), core::ErrorCode::stale);
  EXPECT_TRUE(listens(before));
}

TEST_F(MailListeningTest, ItMovesToEveryAddressOnThePortThatItHas) {
  set(loopback());
  MailListenerTerms terms = loopback();
  terms.port = port();
  terms.address = "0.0.0.0";
  set(terms);
  EXPECT_EQ(listening().state().value().address, "0.0.0.0:" + std::to_string(terms.port));
  EXPECT_TRUE(listens(terms.port));
}

TEST_F(MailListeningTest, AnAddressThatIsGoneKeepsNoServiceFromStarting) {
  set(loopback());
  const std::uint16_t before = port();
  MailListenerTerms terms = loopback();
  terms.port = before;
  set(terms);
  listening_.reset();
  SmtpListenerOptions taken;
  taken.terms = terms;
  std::optional<SmtpListener> stranger;
  stranger.emplace(taken, database, blobs, intake_, reader_, log_);
  listening().start();
  const auto state = listening().state();
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->listens);
  ASSERT_TRUE(state->trouble);
  EXPECT_NE(state->trouble->problem.find("127.0.0.1:" + std::to_string(before)), std::string::npos);
  stranger.reset();
  set(terms);
  EXPECT_TRUE(listening().state()->listens);
  EXPECT_TRUE(listens(before));
  listening().stop();
  EXPECT_TRUE(refusal([&] { set(terms); })) << "the service stops";
  EXPECT_FALSE(listens(before));
}

TEST_F(MailListeningTest, WhatWasSetBeforeTheStartGoesOn) {
  set(loopback());
  const std::uint16_t before = port();
  listening().start();
  EXPECT_EQ(port(), before);
  EXPECT_TRUE(listens(before));
}

TEST_F(MailListeningTest, AnAddressOfTheConfigurationIsListenedAtOrNothingStarts) {
  SmtpListenerOptions taken;
  taken.terms = loopback();
  const SmtpListener stranger(taken, database, blobs, intake_, reader_, log_);
  configured_.terms = loopback();
  configured_.terms.port = stranger.port();
  const auto refused = refusal([&] { listening().start(); });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), core::ErrorCode::unavailable);
}

TEST_F(MailListeningTest, AScanIsFiledAsTheSettingSaysAtThatMoment) {
  const auto tag = [&](const char* name) {
    auto tx = database.begin(admin_.actor());
    const std::int64_t id = storage::ensure_name(tx, storage::Vocabulary::tag, name).id;
    tx.commit();
    return id;
  };
  const std::int64_t first = tag("from the copier"), second = tag("scanned");
  MailListenerTerms terms = loopback();
  terms.filing.tag_ids = {first};
  set(terms);
  {
    auto tx = database.begin(admin_.actor());
    storage::merge_names(tx, storage::Vocabulary::tag, first, second);
    tx.commit();
  }
  EXPECT_EQ(setting().version, 3);
  EXPECT_EQ(setting().terms.filing.tag_ids, std::vector<std::int64_t>{second});
  EXPECT_TRUE(send_scan().starts_with("250 "));
  auto session = database.read();
  const auto page = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 10);
  ASSERT_EQ(page.ids.size(), 1U);
  const auto found = storage::load_documents(session, system(), page.ids);
  ASSERT_EQ(found.front().tags.size(), 1U);
  EXPECT_EQ(found.front().tags.front().name, "scanned");
}

TEST_F(MailListeningTest, WhileNothingMayBeFiledWhereItBelongsDevicesAreToldToComeAgain) {
  std::int64_t place = 0;
  const auto let_it_be = [&](records::Status status) {
    auto tx = database.begin(admin_.actor());
    records::ClassChange change;
    change.status = status;
    records::change_class(tx, place, records::find_class(tx, place)->version, change);
    tx.commit();
  };
  {
    auto tx = database.begin(admin_.actor());
    place = records::create_class(tx, {{}, "7", "Accounts"});
    tx.commit();
  }
  MailListenerTerms terms = loopback();
  terms.filing.class_id = place;
  set(terms);
  let_it_be(records::Status::closed);
  EXPECT_TRUE(send_scan().starts_with("451 ")) << "a mail that is refused for good is thrown away";
  const auto state = listening().state();
  ASSERT_TRUE(state && state->trouble);
  EXPECT_NE(state->trouble->problem.find("closed"), std::string::npos) << state->trouble->problem;
  let_it_be(records::Status::open);
  EXPECT_TRUE(send_scan().starts_with("250 "));
  auto session = database.read();
  const auto page = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 10);
  ASSERT_EQ(page.ids.size(), 1U);
  EXPECT_EQ(storage::load_documents(session, system(), page.ids).front().class_id, place);
}

}  // namespace
}  // namespace muniment::scanners
