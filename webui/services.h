// Everything that handlers work with. References, all of which outlive the web server.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/event_stream.h"
#include "core/log.h"
#include "core/random.h"
#include "ingest/archive_imports.h"
#include "ingest/filing_learner.h"
#include "ingest/intake.h"
#include "ingest/package_import.h"
#include "ingest/page_organiser.h"
#include "ingest/pipeline.h"
#include "ingest/renditions.h"
#include "records/disposal.h"
#include "scanners/mail_listening.h"
#include "scanners/scan_desk.h"
#include "scanners/sources.h"
#include "storage/accounts.h"
#include "storage/audit_checkpoint.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/sealing_key.h"
#include "webui/operations.h"
#include "webui/search.h"

namespace muniment::webui {

struct WebServices {
  storage::Database& database;
  const storage::BlobStore& blobs;
  const core::Clock& clock;
  core::Random& random;
  core::Log& log;
  core::EventStream& events;
  storage::PasswordHasher& passwords;
  const ingest::Intake& intake;
  const ingest::PackageImport& package_import;
  ingest::ArchiveImports& archive_imports;
  ingest::Pipeline& pipeline;
  const ingest::PageOrganiser& organiser;
  ingest::Renditions& renditions;
  const ingest::FilingLearner& filing;
  records::Disposal& disposal;
  Search& search;
  Operations& operations;
  storage::AuditCheckpoints& checkpoints;
  scanners::ScanDesk& scans;
  const storage::SealingKey& sealing_key;
  scanners::Sources& sources;
  scanners::MailListening& mail_listening;
};

}  // namespace muniment::webui
