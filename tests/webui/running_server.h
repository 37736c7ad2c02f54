// A whole service without its main program: what is under test is reached over HTTP, as clients do.
#pragma once

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "index/indexer.h"
#include "ingest/archive_imports.h"
#include "ingest/package_import.h"
#include "ingest/page_organiser.h"
#include "scanners/scan_desk.h"
#include "tests/ingest/fake_reader.h"
#include "tests/records/records_archive.h"
#include "tests/support/raw_client.h"
#include "tests/support/test_archive.h"
#include "tests/support/test_scanner.h"
#include "tests/webui/openapi_check.h"
#include "webui/catalogue_search.h"
#include "webui/web_server.h"

namespace muniment::testing {

// Knows one package: whatever bytes begin with "PACKAGE", with the rest of them as its one document.
class FakePackageReader final : public ingest::PackageReader {
 public:
  ingest::PackageListing read_package(const ingest::Source& package, std::stop_token stop) const override;
  void unpack(const ingest::Source& package, const EachFile& each, std::stop_token stop) const override;
};

// Says that all is well, and remembers what it was told to do.
class FakeOperations final : public webui::Operations {
 public:
  explicit FakeOperations(storage::Database& database) : database_(database) {}
  std::vector<std::string> complaints() override { return {}; }
  webui::ServiceStatus status() override;
  webui::SandboxState sandbox() override { return {3, 2, true, {{"read_passwd", true}}}; }
  std::string metrics_text() override { return "muniment_documents 0\n"; }
  std::int64_t start_reindex(const storage::Principal& who) override { return start(who, "reindex"); }
  std::int64_t start_verify(const storage::Principal& who) override { return start(who, "verify"); }
  std::int64_t start_sweep(const storage::Principal& who) override { return start(who, "sweep"); }
  std::int64_t start_backup(const storage::Principal& who, const std::string&) override { return start(who, "backup"); }
  // At once, instead of in the background.
  void start_disposition(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version) override;
  void records_changed() override {}
  void mailboxes_changed() override {}
  void intake_folders_changed() override {}
  void require_callable(const std::string& url) override {
    if (url.find("127.0.0.1") != std::string::npos) throw core::Error(core::ErrorCode::forbidden, "not public");
  }
  records::Disposal* disposal = nullptr;

 private:
  std::int64_t start(const storage::Principal& who, const char* kind);
  storage::Database& database_;
};

struct Headers : std::vector<std::pair<std::string, std::string>> {
  using vector::vector;
};

class RunningServer {
 public:
  explicit RunningServer(bool audit_searches = false, std::vector<storage::Role> second_factor_roles = {},
                         webui::PublicAddresses addresses = {}, std::uint64_t daily_quota = 0);
  ~RunningServer();

  // Each answer is held against openapi.yaml; a fault is a failure of the running test. `as` is a token, or empty.
  RawResponse ask(const std::string& as, const std::string& method, const std::string& target,
                  const std::string& body = "", Headers headers = {});
  nlohmann::json get(const std::string& as, const std::string& target);
  // A file by way of POST /documents, as FakeReader reads it; waits until it is searchable. Returns its identifier.
  std::int64_t add(const std::string& as, const std::string& filename, const std::string& bytes);
  void settle();
  // A new account's bearer token.
  std::string person(std::string_view name, storage::Role role);
  std::string password_person(std::string_view name, storage::Role role, const std::string& password);
  // Another one, of an account that there is.
  std::string token_of(std::string_view name, storage::TokenScopes scopes);

  // Off, as it is unless somebody says where to listen.
  static scanners::SmtpListenerOptions configured_listener();

  TestArchive archive;
  std::ostringstream log_text;
  core::Log log{archive.clock, log_text, core::LogLevel::warning};
  core::EventStream events{1000};
  FakeReader reader;
  ingest::Passwords file_passwords;
  ingest::Renditions renditions;
  ingest::Pipeline pipeline;
  ingest::Intake intake;
  FakePackageReader package_reader;
  ingest::PackageImport package_import{archive.database, intake, package_reader, "The City Archives"};
  // Works when work() is called.
  ingest::ArchiveImports archive_imports{
      archive.database, intake, reader, log, {.uploads = archive.data.uploads(), .languages = {"eng", "swe"}}};
  ingest::FilingLearner filing{archive.database, log};  // learns when catch_up() is called
  ingest::PageOrganiser organiser{archive.database, archive.blobs, reader, renditions, [this] { pipeline.wake(); }};
  scanners::ScanProgram scan_program{test_scanners(archive.directory.path() / "sane"), log};
  scanners::ScanDesk scans{archive.data.scans(), scan_program, archive.database, archive.blobs, intake, {}, log};
  scanners::WatchFolders watch_folders;  // one of the configuration; none runs
  scanners::MailListening mail_listening{configured_listener(), archive.database, archive.blobs, intake, reader, log};
  scanners::Sources sources{{archive.database, watch_folders, scan_program, mail_listening, {{"inbox"}}}};
  index::SearchIndex index;
  index::Indexer indexer;
  webui::CatalogueSearch search;
  records::testing::FakeSurroundings surroundings;
  records::Disposal disposal;
  storage::PasswordHasher passwords;
  FakeOperations operations;
  storage::AuditCheckpoints checkpoints;
  storage::SealingKey sealing_key{archive.data.keys(), archive.random};
  OpenApiCheck check;
  std::set<std::string> succeeded;  // operationIds that were answered below 400
  std::unique_ptr<webui::WebServer> server;
};

std::string multipart(const std::string& filename, const std::string& bytes,
                      const std::vector<std::pair<std::string, std::string>>& fields = {});
inline const Headers kMultipart{{"Content-Type", "multipart/form-data; boundary=BORDER"}};
inline const Headers kJson{{"Content-Type", "application/json"}};

}  // namespace muniment::testing
