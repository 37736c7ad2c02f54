#include "scanners/sources.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/mailbox_mails.h"
#include "storage/mailboxes.h"
#include "storage/scans.h"
#include "storage/sealing_key.h"
#include "tests/ingest/fake_reader.h"
#include "tests/support/raw_client.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

namespace fs = std::filesystem;

// The folder is not watched: what lies in it stays there until a test has it moved.
class SourcesTest : public testing::TestArchive, public ::testing::Test {
 protected:
  SourcesTest() { fs::create_directories(folder_ / "failed"); }
  Source told_of(SourceKind kind, const std::string& name) {
    for (const Source& source : sources_.list()) {
      if (source.kind == kind && source.name == name) return source;
    }
    ADD_FAILURE() << "there is no source " << name;
    return {};
  }
  template <typename Work>
  void change(const Work& work) {
    auto tx = database.begin(admin_.actor());
    work(tx);
    tx.commit();
  }
  std::int64_t add_mailbox(bool enabled = true) {
    storage::MailboxTerms terms;
    terms.name = "Office";
    terms.host = "mail.example.org";
    terms.login = "archive";
    terms.enabled = enabled;
    std::int64_t id = 0;
    change([&](storage::Transaction& tx) { id = storage::create_mailbox(tx, key_, terms, "secret"); });
    return id;
  }

  storage::Principal admin_ = add_person("admin", storage::Role::admin);
  storage::SealingKey key_{data.keys(), random};
  std::ostringstream log_text_;
  core::Log log_{clock, log_text_};
  ingest::IntakeOptions limits_;
  ingest::Intake intake_{database, blobs, limits_, [] {}};
  fs::path folder_ = directory.path() / "inbox";
  WatchFolders folders_{
      {true, {folder_, directory.path() / "b", directory.path() / "a"}, {}, {data.root() / "incoming"}},
      database,
      intake_,
      log_};
  ScanProgram program_{{"/no/such/program", {}}, log_};
  testing::FakeReader reader_;
  MailListening listening_{{}, database, blobs, intake_, reader_, log_};
  Sources sources_{{database, folders_, program_, listening_, {{"copier"}}}};
};

TEST_F(SourcesTest, AWatchedFolderTellsWhatItRefusedAndTriesItAgain) {
  const auto now = [&] { return told_of(SourceKind::watch, folder_.string()); };
  EXPECT_EQ(now().state, SourceState::well);
  EXPECT_FALSE(now().can_retry);
  std::ofstream(folder_ / "failed" / "huge.pdf") << "bytes";
  std::ofstream(folder_ / "failed" / "huge.pdf.reason.txt") << "it is too large\n";
  EXPECT_EQ(now().state, SourceState::waiting);
  EXPECT_EQ(now().failed, 1);
  ASSERT_EQ(now().failures.size(), 1U);
  EXPECT_EQ(now().failures[0].name, "huge.pdf");
  EXPECT_EQ(now().failures[0].problem, "it is too large");
  EXPECT_TRUE(now().can_retry);
  sources_.retry(admin_, SourceKind::watch, folder_.string());
  EXPECT_TRUE(fs::exists(folder_ / "huge.pdf"));
  EXPECT_EQ(now().failed, 0);
  auto session = database.read();
  storage::AuditFilter filter;
  filter.action = "source.retried";
  const auto entries = storage::list_audit(session, filter, 0, 10);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_NE(entries[0].detail.find(R"("files":1)"), std::string::npos) << entries[0].detail;
}

TEST_F(SourcesTest, AMailboxTellsItsFailedMailsAndSinceWhenItFails) {
  const std::int64_t id = add_mailbox();
  const auto now = [&] { return told_of(SourceKind::mailbox, "Office"); };
  EXPECT_EQ(now().state, SourceState::well);
  EXPECT_EQ(now().about, "archive, mail.example.org");
  change([&](storage::Transaction& tx) {
    storage::record_arrival(tx, "mailbox", std::to_string(id));
    storage::record_mail_failed(tx, {id, "INBOX", 1, 7}, "it is too large", true, {"Ann", "The minutes", ""});
    storage::record_mail_failed(tx, {id, "INBOX", 1, 8}, "cut", true);
  });
  EXPECT_EQ(now().state, SourceState::waiting);
  EXPECT_EQ(now().arrivals.lately, 1);
  std::vector<std::string> names;
  for (const SourceFailure& failure : now().failures) names.push_back(failure.name + "/" + failure.sender);
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"INBOX 8/", "The minutes/Ann"}));
  change([&](storage::Transaction& tx) {
    storage::record_visit(tx, storage::find_mailbox(tx, id).value(), clock.now() + std::chrono::hours(1), "no answer");
  });
  EXPECT_EQ(now().state, SourceState::failing);
  EXPECT_EQ(now().problem, "no answer");
  EXPECT_EQ(now().problem_since, clock.now());
  sources_.retry(admin_, SourceKind::mailbox, "Office");
  auto session = database.read();
  EXPECT_EQ(storage::mails_to_retry(session, id, "INBOX", 1, clock.now()), (std::vector<std::int64_t>{7, 8}));
  EXPECT_LE(storage::find_mailbox(session, id)->visit_after, clock.now());
}

TEST_F(SourcesTest, OneThatIsSwitchedOffIsNeitherWellNorFailing) {
  add_mailbox(false);
  EXPECT_EQ(told_of(SourceKind::mailbox, "Office").state, SourceState::off);
  EXPECT_THROW(sources_.retry(admin_, SourceKind::mailbox, "Office"), core::Error);
}

TEST_F(SourcesTest, TheListenerIsThereWhileItListens) {
  const auto listeners = [&] {
    const auto all = sources_.list();
    return std::ranges::count(all, SourceKind::smtp, &Source::kind);
  };
  EXPECT_EQ(listeners(), 0);
  MailListenerTerms terms;
  terms.enabled = true;
  terms.port = 0;
  terms.networks = {Network::parse("127.0.0.0/8")};
  terms.senders = {"copier@example.org"};
  listening_.set(admin_, 1, terms);
  const std::string name = listening_.state()->address;
  EXPECT_EQ(told_of(SourceKind::smtp, name).state, SourceState::well);
  testing::RawClient client(static_cast<std::uint16_t>(std::stoi(name.substr(name.find(':') + 1))));
  client.send("HELO x\r\nMAIL FROM:<somebody@example.org>\r\nQUIT\r\n");
  client.receive_until("221 ");
  EXPECT_EQ(told_of(SourceKind::smtp, name).state, SourceState::failing);
  change([&](storage::Transaction& tx) { storage::record_arrival(tx, "smtp", ""); });
  EXPECT_EQ(told_of(SourceKind::smtp, name).arrivals.lately, 1);
  EXPECT_THROW(sources_.retry(admin_, SourceKind::smtp, name), core::Error);
  listening_.forget(admin_, 2);
  EXPECT_EQ(listeners(), 0);
}

TEST_F(SourcesTest, DropFoldersAndScannersTellWhatCameAndWhatIsNotFiled) {
  EXPECT_EQ(told_of(SourceKind::drop, "copier").state, SourceState::well);
  change([&](storage::Transaction& tx) {
    storage::record_arrival(tx, "drop", "copier");
    storage::record_arrival(tx, "scan", "fujitsu:0");
    const std::int64_t scan = storage::create_scan(tx, "epson:1", "{}");
    storage::set_scan_state(tx, scan, storage::ScanState::paused, "jammed", 1);
  });
  EXPECT_EQ(told_of(SourceKind::drop, "copier").arrivals.last, clock.now());
  EXPECT_EQ(told_of(SourceKind::scan, "fujitsu:0").state, SourceState::well);
  const Source jammed = told_of(SourceKind::scan, "epson:1");
  EXPECT_EQ(jammed.state, SourceState::waiting);
  EXPECT_EQ(jammed.problem, "jammed");
  EXPECT_EQ(jammed.waiting, 1);
}

TEST_F(SourcesTest, AScannerThatIsSilentForAMonthIsNotListedAnyMore) {
  change([&](storage::Transaction& tx) { storage::record_arrival(tx, "scan", "fujitsu:libusb:001:004"); });
  EXPECT_EQ(sources_.list().back().name, "fujitsu:libusb:001:004");
  clock.advance(std::chrono::hours(30 * 24));
  EXPECT_NE(sources_.list().back().kind, SourceKind::scan);
}

TEST_F(SourcesTest, TheyAreListedByKindAndName) {
  add_mailbox();
  std::vector<std::pair<SourceKind, std::string>> names;
  for (const Source& source : sources_.list()) names.emplace_back(source.kind, source.name);
  EXPECT_EQ(names.size(), 5U);
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

}  // namespace
}  // namespace muniment::scanners
