// Two processes on one data directory, and what one that was killed leaves behind.
#include "server/service.h"

#include <chrono>
#include <csignal>
#include <functional>
#include <span>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "server/archive.h"
#include "storage/blob_store.h"
#include "storage/data_directory.h"
#include "storage/documents.h"
#include "storage/jobs.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ServiceTest : public ::testing::Test {
 protected:
  std::unique_ptr<Service> make() {
    Settings settings = load_settings(data_.root(), {});
    settings.listen = "127.0.0.1:0";
    return std::make_unique<Service>(data_.root(), std::move(settings), log_);
  }
  std::string client_refusal() {
    try {
      Archive(data_.root(), {});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::unavailable);
      return error.message();
    }
    return "connected";
  }

  testing::TempDirectory directory_;
  const storage::DataDirectory data_{directory_.path() / "data"};
  std::ostringstream log_;
};

TEST_F(ServiceTest, TheAddressOfAKilledServiceIsNotTaken) {
  core::write_durably(data_.service_file(), R"({"url":"http://127.0.0.1:9","token":"of the dead"})", 0600);
  const auto service = make();
  EXPECT_FALSE(std::filesystem::exists(data_.service_file()));
  EXPECT_THAT(client_refusal(), HasSubstr("serves nothing yet"));
  service->start();
  EXPECT_EQ(client_refusal(), "connected");
  service->stop();
  EXPECT_FALSE(std::filesystem::exists(data_.service_file()));
}

TEST_F(ServiceTest, ASecondServiceIsRefusedAndHarmsNothing) {
  const auto service = make();
  service->start();
  try {
    make();
    FAIL() << "two services on one data directory";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::unavailable);
  }
  EXPECT_TRUE(std::filesystem::exists(data_.service_file()));
  EXPECT_EQ(client_refusal(), "connected");
}

// What intake.allowed_types leaves out is nobody's fault who sends nothing.
TEST_F(ServiceTest, CertificatesAreFiledWhateverKindsOfFilesAreTakenIn) {
  const core::SystemClock clock;
  core::SystemRandom random;
  storage::Database database(data_.database(), clock, random);
  {
    auto tx = database.begin(storage::Actor::system("test"));
    tx.insert(
        "INSERT INTO disposition_batch (title, action, state, evaluated_on, approvals_needed, proposed_at, "
        "proposed_by, executed_at, executed_by) VALUES ('Old', 'destroy', 'executed', '2026-01-01', 1, 0, 0, 0, 0)");
    tx.commit();
  }
  const auto come_true = [&](const char* statement) {
    for (int tries = 0; tries < 6000; ++tries) {
      {
        auto session = database.read();
        if (session.value<std::int64_t>(statement) == 1) return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  };
  // The second one finds both read.
  for (const char* state :
       {"SELECT count(*) = 2 FROM document WHERE source = 'disposition' AND state NOT IN ('received', 'reading')",
        "SELECT count(*) FROM disposition_batch WHERE certificate_id IS NOT NULL"}) {
    Settings settings = load_settings(data_.root(), {});
    settings.listen = "127.0.0.1:0";
    settings.intake.allowed_types = {"application/pdf", "image/*"};
    settings.pipeline.intake.allowed_types = settings.intake.allowed_types;
    settings.intake.free_floor_bytes = 0;
    settings.intake.free_floor_percent = 0;
    Service service(data_.root(), std::move(settings), log_);
    service.start();
    EXPECT_TRUE(come_true(state)) << state << log_.str();
    service.stop();
  }
  auto session = database.read();
  EXPECT_EQ(0, session.value<std::int64_t>("SELECT count(*) FROM document WHERE problem_code = 'unsupported_type'"));
}

TEST_F(ServiceTest, TellsAdministratorsOnlyWhatWaitsInAWatchedFolder) {
  const auto folder = directory_.path() / "inbox";
  core::create_directories_durably(folder);
  core::write_durably(folder / "secret.txt", "a text");
  // Another program has reserved it for itself.
  const core::FileDescriptor file(::open((folder / "secret.txt").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::fcntl(file.get(), F_SETLEASE, F_WRLCK), 0);
  ::signal(SIGIO, SIG_IGN);
  Settings settings = load_settings(data_.root(), {});
  settings.listen = "127.0.0.1:0";
  settings.watch_folders.configured.push_back(folder);
  settings.watch_folders.each.settle = std::chrono::milliseconds(20);
  Service service(data_.root(), std::move(settings), log_);
  service.start();
  Archive archive(data_.root(), {});
  std::string told;
  const core::Deadline deadline(std::chrono::seconds(60));
  while (told.find("secret.txt") == std::string::npos && !deadline.passed()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    told = archive.ask("GET", "/api/v1/admin/status").at("problems").dump();
  }
  EXPECT_THAT(told, HasSubstr((folder / "secret.txt").string()));
  EXPECT_THAT(archive.send("GET", "/readyz").body, Not(HasSubstr("inbox")));
  service.stop();
}

TEST_F(ServiceTest, SaysWhenThereIsNoPage) {
  Settings settings = load_settings(data_.root(), {});
  settings.listen = "127.0.0.1:0";
  settings.page_directory = directory_.path() / "nowhere";
  Service(data_.root(), std::move(settings), log_).start();
  EXPECT_THAT(log_.str(), HasSubstr("page_missing"));
}

TEST_F(ServiceTest, TheArchiveIsVerifiedByItselfWhenThatIsDue) {
  Settings settings = load_settings(data_.root(), {});
  EXPECT_EQ(settings.verify_interval, std::chrono::hours(720));
  settings.listen = "127.0.0.1:0";
  settings.verify_interval = std::chrono::milliseconds(1);
  Service service(data_.root(), std::move(settings), log_);
  service.start();
  Archive archive(data_.root(), {});
  const auto verified = [&] {
    return !archive.ask("GET", "/api/v1/audit?action=service.verify_finished")["items"].empty();
  };
  for (int look = 0; look < 3000 && !verified(); ++look) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(verified());
  EXPECT_THAT(archive.ask("GET", "/api/v1/admin/status")["problems"].dump(), Not(HasSubstr("verification")));
  service.stop();
}

TEST_F(ServiceTest, WhatAVerificationFoundIsToldToAdministratorsOnly) {
  {
    const core::SystemClock clock;
    core::SystemRandom random;
    storage::Database database(data_.database(), clock, random);
    auto tx = database.begin(storage::Actor::system("test"));
    const auto job = storage::enqueue_job(tx, "verify", std::nullopt, storage::kBackground);
    storage::claim_job(tx, "verify", "test");
    storage::finish_job(tx, job, "test", R"({"sound":false,"finding_count":2,"findings":["a.pdf","b.pdf"]})");
    tx.commit();
  }
  const auto service = make();
  service->start();
  Archive archive(data_.root(), {});
  EXPECT_THAT(archive.ask("GET", "/api/v1/admin/status")["problems"].dump(),
              HasSubstr("found 2 things that are not what they were"));
  EXPECT_THAT(archive.send("GET", "/readyz").body, Not(HasSubstr("verification")));
  EXPECT_TRUE(archive.ask("GET", "/api/v1/audit?action=service.verify")["items"].empty()) << "the last was just now";
  service->stop();
}

// However far it came: after a crash it begins anew.
TEST_F(ServiceTest, AVerificationThatEndsTheServiceEachTimeIsGivenUp) {
  const core::SystemClock clock;
  core::SystemRandom random;
  storage::Database database(data_.database(), clock, random);
  {
    // Something to get on with.
    const storage::BlobStore blobs{data_.blobs(), data_.temp()};
    storage::NewDocument document;
    document.filename = "a.txt";
    document.hash = core::Sha256::of("a");
    document.size = 1;
    document.source = "test";
    core::TempFile file = blobs.new_file();
    file.append(std::as_bytes(std::span("a", 1)));
    blobs.put(std::move(file), document.hash);
    auto tx = database.begin(storage::Actor::system("test"));
    storage::create_document(tx, document);
    tx.commit();
  }
  const auto end_while_verifying = [&](std::int64_t times) {
    auto tx = database.begin(storage::Actor::system("test"));
    const auto job = storage::enqueue_job(tx, "verify", std::nullopt, storage::kBackground);
    for (std::int64_t i = 0; i < times; ++i) {
      storage::claim_job(tx, "verify", "a process that died");
      storage::recover_jobs(tx, i + 1 < times ? "the next" : "a process that died");
    }
    tx.commit();
    return job;
  };
  const auto ended = [&](std::int64_t job) {
    const core::Deadline deadline(std::chrono::seconds(60));
    for (;;) {
      {
        auto session = database.read();
        const auto now = storage::find_job(session, job).value();
        if (!storage::is_open(now) || deadline.passed()) return now;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  };
  const auto twice = end_while_verifying(storage::kMaxAttempts - 1);
  {
    const auto service = make();
    service->start();
    const auto job = ended(twice);
    EXPECT_EQ(job.state, storage::JobState::done) << job.problem;
    EXPECT_EQ(job.attempt, storage::kMaxAttempts) << "what it told of its progress must not count as getting on";
    service->stop();
  }
  const auto thrice = end_while_verifying(storage::kMaxAttempts);
  const auto service = make();
  service->start();
  const auto job = ended(thrice);
  EXPECT_EQ(job.state, storage::JobState::failed);
  EXPECT_EQ(job.problem_code, "internal");
  EXPECT_THAT(Archive(data_.root(), {}).ask("GET", "/api/v1/admin/status")["problems"].dump(),
              HasSubstr("the service ended each time"));
  service->stop();
}

TEST_F(ServiceTest, OtherSettingsThanAtTheLastStartAreLogged) {
  const auto changes = [&](const std::function<void(Settings&)>& make_otherwise) {
    Settings settings = load_settings(data_.root(), {});
    settings.listen = "127.0.0.1:0";
    make_otherwise(settings);
    Service service(data_.root(), std::move(settings), log_);
    service.start();
    const auto items = Archive(data_.root(), {}).ask("GET", "/api/v1/audit?action=service.settings_changed")["items"];
    service.stop();
    return items;
  };
  EXPECT_EQ(changes([](Settings&) {}).size(), 1U);
  EXPECT_EQ(changes([](Settings&) {}).size(), 1U);
  const auto items = changes([](Settings& settings) {
    settings.disposition_approvals = 2;
    settings.second_factor_roles = {storage::Role::admin};
  });
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["old"]["disposition.approvals"], 1);
  EXPECT_EQ(items[0]["new"]["disposition.approvals"], 2);
  EXPECT_EQ(items[0]["new"]["sign_in.second_factor"].dump(), R"(["admin"])");
}

}  // namespace
}  // namespace muniment::server
