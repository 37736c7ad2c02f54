#include "tests/webui/running_server.h"

#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "records/report.h"
#include "storage/accounts.h"
#include "storage/jobs.h"
#include "tests/ingest/roomy_intake.h"

namespace muniment::testing {

webui::ServiceStatus FakeOperations::status() {
  webui::ServiceStatus status;
  status.version = "test";
  return status;
}

std::int64_t FakeOperations::start(const storage::Principal& who, const char* kind) {
  auto tx = database_.begin(who.actor());
  const std::int64_t job = storage::enqueue_job(tx, kind, std::nullopt, storage::kInteractive);
  tx.commit();
  return job;
}

void FakeOperations::start_disposition(const storage::Principal& who, std::int64_t batch_id,
                                       std::int64_t expected_version) {
  disposal->begin(who, batch_id, expected_version);
  auto session = database_.read();
  const core::Date today = records::today(session, database_.clock().now());
  disposal->execute(who, batch_id, today, [] { return false; });
}

namespace {

std::string content_of(const ingest::Source& package) {
  std::string bytes(package.size, '\0');
  core::read_at(package.file, 0, std::as_writable_bytes(std::span(bytes)));
  constexpr std::string_view kMark = "PACKAGE";
  if (!bytes.starts_with(kMark)) {
    throw core::Error(core::ErrorCode::bad_file, "this package cannot be read: it is no zip file, or a damaged one");
  }
  return bytes.substr(kMark.size());
}

}  // namespace

ingest::PackageListing FakePackageReader::read_package(const ingest::Source& package, std::stop_token) const {
  const std::string content = content_of(package);
  ingest::PackageListing listing;
  listing.id = "uuid-of-a-package";
  listing.files.push_back({"representations/original/data/1.txt", core::Sha256::of(content), content.size()});
  ingest::ListedDocument document;
  document.id = "17";
  document.path = listing.files.front().path;
  document.filename = "letter.txt";
  document.title = "A letter from elsewhere";
  document.class_code = "99.9";
  document.correspondent = "Elsewhere Ltd";
  document.tags = {"from afar"};
  listing.documents.push_back(document);
  return listing;
}

void FakePackageReader::unpack(const ingest::Source& package, const EachFile& each, std::stop_token) const {
  const std::string content = content_of(package);
  std::size_t given = 0;
  each("representations/original/data/1.txt", [&](std::span<std::byte> buffer) {
    const std::size_t count = std::min(buffer.size(), content.size() - given);
    std::memcpy(buffer.data(), content.data() + given, count);
    given += count;
    return count;
  });
}

namespace {

ingest::IntakeOptions small_limits(std::uint64_t daily_quota) {
  ingest::IntakeOptions options = roomy_intake();
  options.max_file_bytes = 8 * 1024 * 1024;
  options.daily_quota_bytes = daily_quota;
  return options;
}

// Cheap, because what is under test is not how well passwords are kept.
constexpr storage::PasswordHasher::Cost kCheap{1, 8 * 1024 * 1024};

}  // namespace

scanners::SmtpListenerOptions RunningServer::configured_listener() {
  scanners::SmtpListenerOptions options;
  options.terms.networks = {scanners::Network::parse("127.0.0.0/8")};
  return options;
}

RunningServer::RunningServer(bool audit_searches, std::vector<storage::Role> second_factor_roles,
                             webui::PublicAddresses addresses, std::uint64_t daily_quota)
    : renditions(archive.data.renditions(), archive.database, archive.blobs, reader, file_passwords, log),
      pipeline(archive.database, archive.blobs, reader, renditions, file_passwords, archive.random, log, events),
      intake(archive.database, archive.blobs, small_limits(daily_quota), [this] { pipeline.wake(); }),
      watch_folders({true,
                     {archive.directory.path() / "watched"},
                     {},
                     {archive.data.root() / "incoming", {}, {archive.data.root()}, {}}},
                    archive.database, intake, log),
      index(archive.data.index(), {}),
      indexer(index, archive.database, events, log),
      search(index, archive.database),
      disposal(archive.database, archive.blobs, surroundings,
               {30, true, {}, {archive.data.transfers(), "The Harbour Board", "test"}}),
      passwords(kCheap),
      operations(archive.database),
      checkpoints(archive.database, archive.random, archive.data.keys(), archive.directory.path() / "checkpoints") {
  operations.disposal = &disposal;
  std::filesystem::create_directories(archive.directory.path() / "watched");
  pipeline.start();
  indexer.start();
  webui::WebOptions options;
  options.http.port = 0;
  options.addresses = std::move(addresses);
  options.upload_directory = archive.data.uploads();
  options.local_token = "the-owner-of-the-directory";
  options.setup_code = "1234-5678";
  options.languages = {"eng", "swe"};
  options.audit_searches = audit_searches;
  options.second_factor_roles = std::move(second_factor_roles);
  options.demonstration = true;
  server = std::make_unique<webui::WebServer>(
      webui::WebServices{archive.database, archive.blobs, archive.clock, archive.random, log,
                         events,           passwords,     intake,        package_import, archive_imports,
                         pipeline,         organiser,     renditions,    filing,         disposal,
                         search,           operations,    checkpoints,   scans,          sealing_key,
                         sources,          mail_listening},
      options);
  server->start();
}

RunningServer::~RunningServer() {
  server->stop();
  pipeline.stop();
  indexer.stop();
}

RawResponse RunningServer::ask(const std::string& as, const std::string& method, const std::string& target,
                               const std::string& body, Headers headers) {
  RawClient client(server->port());
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: test\r\n";
  if (!as.empty()) request += "Authorization: Bearer " + as + "\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  client.send(request + "\r\n" + body);
  const auto response = client.receive(method == "HEAD");
  if (!response) {
    ADD_FAILURE() << method << " " << target << " was not answered";
    return {};
  }
  const std::string path = target.substr(0, target.find('?'));
  EXPECT_EQ(check.fault(method, path, *response), "");
  if (response->status < 400) succeeded.insert(check.operation_id(method, path));
  return *response;
}

nlohmann::json RunningServer::get(const std::string& as, const std::string& target) {
  const auto response = ask(as, "GET", target);
  EXPECT_EQ(response.status, 200) << target << " " << response.body;
  return nlohmann::json::parse(response.body, nullptr, false);
}

void RunningServer::settle() {
  const core::Deadline deadline(std::chrono::seconds(60));
  while (!deadline.passed()) {
    {
      auto session = archive.database.read();
      const auto depth = storage::queue_depth(session);
      const auto pending = session.value<std::int64_t>(
          "SELECT count(*) FROM job WHERE kind = 'read' AND state IN ('queued', 'running')");
      if (depth.queued >= 0 && pending == 0) break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  indexer.wait_until_idle();
}

std::int64_t RunningServer::add(const std::string& as, const std::string& filename, const std::string& bytes) {
  const auto response = ask(as, "POST", "/api/v1/documents", multipart(filename, bytes), kMultipart);
  EXPECT_LT(response.status, 300) << response.body;
  settle();
  return nlohmann::json::parse(response.body, nullptr, false).value("id", std::int64_t{0});
}

std::string RunningServer::person(std::string_view name, storage::Role role) {
  const auto who = archive.add_person(name, role);
  auto tx = archive.database.begin(storage::Actor::system("test"));
  auto issued = storage::issue_token(tx, archive.random, who.account_id, "test", std::nullopt);
  tx.commit();
  return issued.secret;
}

std::string RunningServer::password_person(std::string_view name, storage::Role role, const std::string& password) {
  auto tx = archive.database.begin(storage::Actor::system("test"));
  const std::int64_t id = storage::create_account(tx, {std::string(name), "", role, passwords.hash(password)});
  auto issued = storage::issue_token(tx, archive.random, id, "test", std::nullopt);
  tx.commit();
  return issued.secret;
}

std::string RunningServer::token_of(std::string_view name, storage::TokenScopes scopes) {
  auto tx = archive.database.begin(storage::Actor::system("test"));
  const std::int64_t id = storage::find_account(tx, name).value().id;
  auto issued = storage::issue_token(tx, archive.random, id, "test", std::nullopt, scopes);
  tx.commit();
  return issued.secret;
}

std::string multipart(const std::string& filename, const std::string& bytes,
                      const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += "--BORDER\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
  return body + "--BORDER\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename + "\"\r\n\r\n" +
         bytes + "\r\n--BORDER--\r\n";
}

}  // namespace muniment::testing
