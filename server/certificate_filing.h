// Certificates of what was destroyed or handed over are records themselves: when a batch has come to its end, its
// certificate is printed, taken in like any other document, filed in its class and declared; so is the same as JSON.
#pragma once

#include <string>

#include "core/log.h"
#include "ingest/intake.h"
#include "records/explanation.h"
#include "storage/database.h"

namespace muniment::server {

struct CertificateOptions {
  std::string class_code;  // empty: the class that came with a ready-made plan, otherwise none
  records::Language language = records::Language::english;
};

class CertificateFiling {
 public:
  // All outlive it. `intake` takes in every kind of file.
  CertificateFiling(storage::Database& database, const ingest::Intake& intake, core::Log& log,
                    CertificateOptions options);
  // Files what is complete. Can be repeated after a crash at any point: the same certificate has the same bytes, which
  // the intake knows again. One that is still being read is left for the next time, and so is one that
  // cannot be filed, which the log tells. Returns how many were filed.
  std::size_t file_complete();

 private:
  bool file(std::int64_t batch_id);

  storage::Database& database_;
  const ingest::Intake& intake_;
  core::Log& log_;
  const CertificateOptions options_;
};

}  // namespace muniment::server
