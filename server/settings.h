// What can be configured: DATA/../muniment.conf or MUNIMENT_... (docs/configuration.md).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/log.h"
#include "index/search_index.h"
#include "ingest/archive_imports.h"
#include "ingest/extractor.h"
#include "ingest/intake.h"
#include "ingest/pipeline.h"
#include "ingest/renditions.h"
#include "records/disposal.h"
#include "scanners/mail_collector.h"
#include "scanners/scan_program.h"
#include "scanners/smtp_listener.h"
#include "scanners/watch_folders.h"
#include "server/certificate_filing.h"
#include "server/mail_sender.h"
#include "server/workflow_engine.h"
#include "webui/web_server.h"

namespace muniment::server {

struct Settings {
  std::string listen;                  // "127.0.0.1:8420"
  std::vector<std::string> addresses;  // that people reach the page at; empty: any
  core::LogLevel log_level = core::LogLevel::info;
  std::vector<std::string> languages;
  ingest::IntakeOptions intake;
  ingest::ExtractorOptions extractor;
  ingest::PipelineOptions pipeline;
  ingest::ArchiveImportOptions imports;
  ingest::RenditionOptions renditions;
  scanners::WatchFoldersOptions watch_folders;
  scanners::ScanProgramOptions scanners;
  bool collect_mail = true;  // from mailboxes and from devices that send
  scanners::MailCollectorOptions mail;
  scanners::SmtpListenerOptions smtp;
  MailSenderOptions send_mail;
  WorkflowOptions workflows;
  std::vector<std::string> drop_folders;  // of WebDAV
  storage::SessionLimits sessions;
  std::vector<storage::Role> second_factor_roles;  // whose people must have one
  std::chrono::days longest_share{};
  bool audit_searches = false;
  std::chrono::milliseconds checkpoint_interval{};
  std::filesystem::path checkpoint_directory;   // empty: DATA/checkpoints
  std::chrono::milliseconds verify_interval{};  // 0: only when somebody asks for it
  records::DisposalOptions disposal;
  int disposition_approvals = 1;
  CertificateOptions certificates;
  std::int64_t hold_reminder_days = 0;
  std::chrono::hours trash_kept{};
  std::chrono::milliseconds unreferenced_kept{};  // files that are in no document
  std::chrono::hours notifications_kept{};
  std::chrono::hours subject_kept{};  // the name in an erasure request, after its end
  bool demonstration = false;
  std::filesystem::path page_directory;
};

// Every key with its default: what `muniment config` prints.
std::vector<core::ConfigKey> setting_keys();

// From the file (the one given, or muniment.conf in the data directory when it is there) and the environment.
// Error(invalid_argument) names file, line and what would be right.
Settings load_settings(const std::filesystem::path& data, const std::filesystem::path& file);

// Error(invalid_argument) for a language of documents that there is no model of, which names those that there are.
void require_models(const Settings& settings);

// "ADDRESS:PORT"; Error(invalid_argument) for anything else.
webui::HttpOptions parse_listen(const std::string& listen);

}  // namespace muniment::server
