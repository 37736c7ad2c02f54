#include "scanners/internal/mail_watch.h"

#include <atomic>
#include <semaphore>
#include <sstream>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketStream.h>
#include <gtest/gtest.h>

#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

using std::chrono::seconds;

// Says what a mail server says to who listens, one connection after the other.
class ListenedServer {
 public:
  std::atomic<bool> refuses = false;
  std::counting_semaphore<100> sign_ins{0};  // each attempt

  ListenedServer() : thread_([this](const std::stop_token& stop) { run(stop); }) {}
  std::int64_t port() const { return socket_.address().port(); }

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
      Poco::Net::StreamSocket client = socket_.acceptConnection();
      Poco::Net::SocketStream stream(client);
      stream << "* OK ready\r\n" << std::flush;
      for (std::string line; std::getline(stream, line);) {
        const std::string tag = line.substr(0, line.find(' '));
        const std::string verb =
            line.substr(tag.size() + 1, line.find_first_of(" \r", tag.size() + 1) - tag.size() - 1);
        if (verb == "CAPABILITY") stream << "* CAPABILITY IMAP4rev1 IDLE\r\n";
        if (verb == "SELECT") stream << "* OK [UIDVALIDITY 1] numbered\r\n";
        if (verb == "IDLE") {
          stream << "+ idling\r\n" << std::flush;
          if (!std::getline(stream, line)) break;
        }
        const bool refused = verb == "LOGIN" && refuses;
        stream << tag << (refused ? " NO " : " OK ") << verb << "\r\n" << std::flush;
        if (verb == "LOGIN") sign_ins.release();
      }
    }
  }

  Poco::Net::ServerSocket socket_{Poco::Net::SocketAddress("127.0.0.1", 0)};
  std::jthread thread_;
};

struct MailWatchTest : testing::TestArchive, ::testing::Test {
  storage::SealingKey key{data.keys(), random};
  ListenedServer server;
  std::ostringstream log_text;
  core::Log log{clock, log_text};
  std::counting_semaphore<100> news{0};
  std::int64_t id = 0;

  MailWatchTest() {
    storage::MailboxTerms terms;
    terms.name = "Office";
    terms.host = "127.0.0.1";
    terms.port = server.port();
    terms.security = storage::MailSecurity::none;
    terms.login = "archive";
    auto tx = database.begin(storage::Actor::system("test"));
    id = storage::create_mailbox(tx, key, terms, "secret");
    tx.commit();
  }
  // After a visit with this outcome; empty: it went well.
  std::vector<storage::Mailbox> visited(std::string_view problem) {
    auto tx = database.begin(storage::Actor::system("test"));
    storage::record_visit(tx, storage::find_mailbox(tx, id).value(), clock.now() + seconds(60), problem);
    tx.commit();
    auto session = database.read();
    return storage::list_mailboxes(session);
  }
};

TEST_F(MailWatchTest, AMailboxThatFailedIsListenedToAgainOnceAVisitWentWell) {
  server.refuses = true;
  MailWatch watch(
      {}, database, key, [&](std::int64_t) { news.release(); }, log);
  watch.follow(visited(""));
  ASSERT_TRUE(server.sign_ins.try_acquire_for(seconds(30)));
  watch.follow(visited("the mail server refuses the login or the password"));
  server.refuses = false;
  watch.follow(visited(""));
  EXPECT_TRUE(server.sign_ins.try_acquire_for(seconds(30)));
  EXPECT_TRUE(news.try_acquire_for(seconds(30)));  // of what came meanwhile
}

TEST_F(MailWatchTest, AMailboxThatFailsIsLeftAlone) {
  MailWatch watch(
      {}, database, key, [&](std::int64_t) { news.release(); }, log);
  watch.follow(visited(""));
  ASSERT_TRUE(news.try_acquire_for(seconds(30)));
  watch.follow(visited("nothing goes"));  // ends the conversation
  watch.follow(visited("nothing goes"));
  ASSERT_TRUE(server.sign_ins.try_acquire());
  EXPECT_FALSE(server.sign_ins.try_acquire());
  watch.follow(visited(""));
  EXPECT_TRUE(server.sign_ins.try_acquire_for(seconds(30)));
}

}  // namespace
}  // namespace muniment::scanners
