#include "server/service.h"

#include <thread>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/error.h"
#include "core/event_stream.h"
#include "core/files.h"
#include "core/random.h"
#include "index/indexer.h"
#include "ingest/passwords.h"
#include "records/report.h"
#include "scanners/mail_collector.h"
#include "scanners/mail_listening.h"
#include "scanners/scan_buttons.h"
#include "scanners/scan_desk.h"
#include "scanners/sources.h"
#include "scanners/watch_folders.h"
#include "server/checkpoint_schedule.h"
#include "server/notification_mailer.h"
#include "server/operations.h"
#include "storage/accounts.h"
#include "storage/audit.h"
#include "storage/data_directory.h"
#include "storage/sealing_key.h"
#include "webui/catalogue_search.h"

namespace muniment::server {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

// Ten minutes of a busy bulk load.
constexpr std::size_t kEventsKept = 50'000;

core::FileLock locked(const storage::DataDirectory& data) {
  auto lock = data.try_lock();
  if (!lock) {
    throw Error(ErrorCode::unavailable, "another Muniment uses " + data.root().string() +
                                            "; stop it first, or name another directory with --data");
  }
  // An address left by a process that was killed would send clients to nobody, or to a stranger.
  core::remove_durably(data.service_file());
  return std::move(*lock);
}

// What a process that ended in the middle left in DATA/tmp, resumable uploads excepted.
void clear_temporary_files(const storage::DataDirectory& data) {
  for (const auto& entry : fs::directory_iterator(data.temp())) {
    if (entry.is_regular_file()) fs::remove(entry.path());
  }
}

std::size_t cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// intake.allowed_types is for what comes from elsewhere.
ingest::IntakeOptions with_every_type(ingest::IntakeOptions options) {
  options.allowed_types.clear();
  return options;
}

}  // namespace

struct Service::State {
  Settings settings;
  core::SystemClock clock;
  core::SystemRandom random;
  core::Log log;
  storage::DataDirectory data;
  core::FileLock lock;
  storage::Database database;
  storage::AuditCheckpoints checkpoints;
  CheckpointSchedule checkpoint_schedule;
  storage::BlobStore blobs;
  core::EventStream events{kEventsKept};
  storage::PasswordHasher passwords;
  ingest::Passwords file_passwords;
  ingest::Extractor extractor;
  ingest::Renditions renditions;
  ingest::FilingLearner filing;
  ingest::Pipeline pipeline;
  ingest::Intake intake;
  ingest::Intake own_intake;  // of what the service itself makes
  storage::SealingKey sealing_key;
  scanners::MailCollector mail;
  scanners::MailListening mail_listening;
  ingest::PackageImport package_import;
  ingest::ArchiveImports archive_imports;
  ingest::PageOrganiser organiser;
  scanners::ScanProgram scan_program;
  scanners::ScanDesk scans;
  index::SearchIndex index;
  index::Indexer indexer;
  ArchiveSurroundings surroundings;
  records::Disposal disposal;
  CertificateFiling certificates;
  webui::CatalogueSearch search;
  RecordsWork records;
  scanners::WatchFolders watch_folders;
  scanners::Sources sources;
  ServiceOperations operations;
  MailSender mail_sender;
  WorkflowEngine workflows;
  NotificationMailer notification_mailer;
  std::string local_token;
  std::string setup_code;
  std::unique_ptr<webui::WebServer> web;
  std::unique_ptr<scanners::ScanButtons> scan_buttons;
  std::string url;

  State(const fs::path& directory, Settings wanted, std::ostream& log_stream)
      : settings(std::move(wanted)),
        log(clock, log_stream, settings.log_level),
        data(directory),
        lock(locked(data)),
        database(data.database(), clock, random),
        checkpoints(
            database, random, data.keys(),
            settings.checkpoint_directory.empty() ? data.root() / "checkpoints" : settings.checkpoint_directory),
        checkpoint_schedule(checkpoints, log, settings.checkpoint_interval),
        blobs(data.blobs(), data.temp()),
        extractor(settings.extractor, log),
        renditions(data.renditions(), database, blobs, extractor, file_passwords, log, settings.renditions),
        filing(database, log),
        pipeline(database, blobs, extractor, renditions, file_passwords, random, log, events, settings.pipeline),
        intake(database, blobs, settings.intake, [this] { pipeline.wake(); }),
        own_intake(database, blobs, with_every_type(settings.intake), [this] { pipeline.wake(); }),
        sealing_key(data.keys(), random),
        mail(settings.mail, database, sealing_key, blobs, intake, extractor, events, log),
        mail_listening(settings.smtp, database, blobs, intake, extractor, log),
        package_import(database, intake, extractor, settings.disposal.transfer.organisation),
        archive_imports(database, intake, extractor, log, import_options()),
        organiser(database, blobs, extractor, renditions, [this] { pipeline.wake(); }),
        scan_program(with_named_scanners(), log),
        scans(data.scans(), scan_program, database, blobs, intake, settings.pipeline.barcodes, log),
        index(data.index(),
              index::IndexOptions{
                  settings.languages, cores(),
                  [this](const Error& problem) {
                    log.error("index_problem", {{"code", core::code_name(problem.code())}, {"cause", problem.what()}});
                  }}),
        indexer(index, database, events, log),
        surroundings(database, index, indexer, renditions, file_passwords),
        disposal(database, blobs, surroundings, settings.disposal),
        certificates(database, own_intake, log, settings.certificates),
        search(index, database),
        records(database, disposal, surroundings, certificates, search, log, settings.trash_kept, settings.subject_kept,
                settings.notifications_kept, settings.hold_reminder_days),
        watch_folders(settings.watch_folders, database, intake, log),
        sources(
            {database, watch_folders, scan_program, mail_listening, {settings.drop_folders, settings.collect_mail}}),
        operations({data, database, blobs, index, indexer, extractor, pipeline, renditions, checkpoints,
                    checkpoint_schedule, disposal, records, mail, watch_folders, events, log, settings}),
        mail_sender(settings.send_mail, clock),
        workflows(settings.workflows, database, index, sealing_key, mail_sender, log),
        notification_mailer(settings.workflows.address, database, mail_sender, log),
        local_token(random.token(32)) {
    require_models(settings);
    clear_temporary_files(data);
    disposal.recover();
    if (const std::size_t again = disposal.replay_journal(); again > 0) {
      log.warning("destroyed_again", {{"documents", again}});
    }
    {
      auto tx = database.begin(storage::Actor::system("start"));
      storage::record_audit_settings(tx, audit_settings());
      storage::record_weighty_settings(tx, weighty_settings());
      // A day that was set for a demonstration ends with it.
      if (!settings.demonstration && records::demonstration_day(tx)) records::set_demonstration_day(tx, std::nullopt);
      tx.commit();
    }
    auto session = database.read();
    if (storage::account_count(session) == 0) setup_code = random.token(9);
  }

  // Together with the scanners that people have named by their addresses.
  scanners::ScanProgramOptions with_named_scanners() {
    scanners::ScanProgramOptions options = settings.scanners;
    options.own_folder = data.temp() / "sane";
    options.network = [this] {
      auto session = database.read();
      return storage::list_network_scanners(session);
    };
    return options;
  }

  ingest::ArchiveImportOptions import_options() const {
    ingest::ArchiveImportOptions options = settings.imports;
    options.uploads = data.uploads();
    return options;
  }

  // Everything that decides what is in the audit log and how it is proved.
  std::string audit_settings() const {
    return nlohmann::ordered_json{{"search.audited", settings.audit_searches},
                                  {"audit.checkpoint_interval_seconds", settings.checkpoint_interval.count() / 1000},
                                  {"audit.checkpoint_directory", settings.checkpoint_directory.string()}}
        .dump();
  }

  // Everything that decides how long things stay, who must approve that they go, and how people sign in.
  std::string weighty_settings() const {
    nlohmann::ordered_json second_factor = nlohmann::ordered_json::array();
    for (const storage::Role role : settings.second_factor_roles) second_factor.push_back(storage::role_name(role));
    return nlohmann::ordered_json{{"disposition.approvals", settings.disposition_approvals},
                                  {"disposition.restore_window", settings.disposal.restore_window_days},
                                  {"disposition.keep_titles", settings.disposal.keep_titles},
                                  {"holds.reminder_days", settings.hold_reminder_days},
                                  {"trash.kept_hours", settings.trash_kept.count()},
                                  {"blobs.unreferenced_kept_seconds", settings.unreferenced_kept.count() / 1000},
                                  {"privacy.subject_kept_hours", settings.subject_kept.count()},
                                  {"verify.interval_seconds", settings.verify_interval.count() / 1000},
                                  {"demonstration", settings.demonstration},
                                  {"page.addresses", settings.addresses},
                                  {"sign_in.second_factor", std::move(second_factor)},
                                  {"sessions.idle_minutes", settings.sessions.idle.count()},
                                  {"sessions.absolute_minutes", settings.sessions.absolute.count()},
                                  {"sharing.longest_days", settings.longest_share.count()},
                                  {"sandbox.minimum", static_cast<int>(settings.extractor.minimum_level)}}
        .dump();
  }

  webui::WebOptions web_options() const {
    webui::WebOptions options;
    options.http = parse_listen(settings.listen);
    if (!settings.addresses.empty()) {
      std::vector<std::string> addresses = settings.addresses;
      addresses.push_back("http://" + settings.listen);  // where this machine's programs ask
      options.addresses = webui::PublicAddresses(addresses);
    }
    options.page_directory = settings.page_directory;
    options.upload_directory = data.uploads();
    options.local_token = local_token;
    options.setup_code = setup_code;
    options.languages = settings.languages;
    options.sessions = settings.sessions;
    options.second_factor_roles = settings.second_factor_roles;
    options.longest_share = settings.longest_share;
    options.audit_searches = settings.audit_searches;
    options.barcodes = settings.pipeline.barcodes;
    options.disposition_approvals = settings.disposition_approvals;
    options.trash_kept = settings.trash_kept;
    options.sends_mail = !settings.send_mail.host.empty();
    options.demonstration = settings.demonstration;
    return options;
  }
};

Service::Service(const fs::path& data, Settings settings, std::ostream& log)
    : state_(std::make_unique<State>(data, std::move(settings), log)) {}

Service::~Service() {
  stop();
}

void Service::start() {
  State& s = *state_;
  s.checkpoint_schedule.start();
  s.web = std::make_unique<webui::WebServer>(
      webui::WebServices{s.database,   s.blobs,       s.clock,          s.random,          s.log,        s.events,
                         s.passwords,  s.intake,      s.package_import, s.archive_imports, s.pipeline,   s.organiser,
                         s.renditions, s.filing,      s.disposal,       s.search,          s.operations, s.checkpoints,
                         s.scans,      s.sealing_key, s.sources,        s.mail_listening},
      s.web_options());
  s.web->start();
  s.url = "http://" + parse_listen(s.settings.listen).address + ":" + std::to_string(s.web->port());
  s.indexer.start();
  s.pipeline.start();
  s.filing.start();
  s.archive_imports.start();
  s.operations.start();
  s.records.start();
  s.workflows.start();
  s.notification_mailer.start();
  s.watch_folders.start();
  s.scan_buttons = std::make_unique<scanners::ScanButtons>(scanners::ScanButtonsOptions{}, s.scans, s.database, s.log);
  if (s.settings.collect_mail) {
    s.mail.start();
    s.mail_listening.start();
  }
  core::write_durably(s.data.service_file(),
                      nlohmann::ordered_json{{"url", s.url}, {"token", s.local_token}}.dump() + "\n", 0600);
  if (!fs::exists(s.settings.page_directory / "index.html")) {
    s.log.warning("page_missing", {{"directory", s.settings.page_directory.string()}});
  }
  s.log.info("started", {{"url", s.url}, {"schema", s.database.schema_version()}});
}

void Service::stop() {
  State& s = *state_;
  if (!s.web) return;
  s.watch_folders.stop();
  s.scan_buttons.reset();
  s.mail_listening.stop();
  s.mail.stop();
  s.web->stop();
  s.filing.stop();
  s.archive_imports.stop();
  s.pipeline.stop();
  s.operations.stop();
  s.notification_mailer.stop();
  s.workflows.stop();
  s.records.stop();
  s.indexer.stop();
  s.checkpoint_schedule.stop();
  core::remove_durably(s.data.service_file());
  s.web.reset();
  s.log.info("stopped");
}

std::string Service::url() const {
  return state_->url;
}

const std::string& Service::setup_code() const {
  return state_->setup_code;
}

}  // namespace muniment::server
