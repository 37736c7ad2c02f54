#include "server/certificate_filing.h"

#include <algorithm>

#include "core/error.h"
#include "ingest/allowed_types.h"
#include "records/certificate.h"
#include "storage/page_origins.h"
#include "webui/printouts.h"

namespace muniment::server {

using records::Language;

namespace {

ingest::Intake::Reader reader_of(std::string_view bytes) {
  return [bytes](std::span<std::byte> buffer) mutable {
    const std::size_t count = std::min(buffer.size(), bytes.size());
    std::ranges::copy(std::as_bytes(std::span(bytes.substr(0, count))), buffer.begin());
    bytes.remove_prefix(count);
    return count;
  };
}

}  // namespace

CertificateFiling::CertificateFiling(storage::Database& database, const ingest::Intake& intake, core::Log& log,
                                     CertificateOptions options)
    : database_(database), intake_(intake), log_(log), options_(std::move(options)) {}

std::size_t CertificateFiling::file_complete() {
  std::vector<std::int64_t> batches;
  {
    auto session = database_.read();
    batches = records::batches_to_certify(session);
  }
  std::size_t filed = 0;
  for (const std::int64_t batch : batches) {
    try {
      filed += file(batch) ? 1 : 0;
    } catch (const core::Error& error) {
      // The others are filed all the same; this one is tried again the next time.
      log_.error("certificate_not_filed",
                 {{"batch", batch}, {"code", core::code_name(error.code())}, {"cause", error.what()}});
    }
  }
  return filed;
}

bool CertificateFiling::file(std::int64_t batch_id) {
  std::optional<storage::Principal> system;
  std::optional<records::Certificate> certificate;
  ingest::Arrival arrival;
  {
    // Nobody has to wait while a large one is put together.
    auto session = database_.read();
    certificate = records::certificate_to_file(session, batch_id);
  }
  {
    auto tx = database_.begin(storage::Actor::system("disposition"));
    system = storage::system_principal(tx, "disposition");
    arrival.document.class_id = records::certificate_class(tx, options_.class_code);
    arrival.document.access_list = records::certificate_access_list(tx, certificate->batch, arrival.document.class_id);
    tx.commit();
  }
  const bool swedish = options_.language == Language::swedish;
  const std::string number = std::to_string(batch_id);
  arrival.document.title = certificate->batch.action == records::Action::transfer
                               ? (swedish ? "Överlämnandeintyg, omgång " : "Certificate of transfer, batch ")
                               : (swedish ? "Gallringsintyg, omgång " : "Certificate of disposition, batch ");
  arrival.document.title += number;
  arrival.document.date = core::civil_date(certificate->as_of);
  arrival.document.source = ingest::kMadeHere;
  arrival.duplicate_test = storage::is_out_of_trash;
  const auto entered = [&](const char* extension, const std::string& content) {
    ingest::Arrival file = arrival;
    file.document.filename = "certificate-" + number + extension;
    return intake_.accept(*system, std::move(file), reader_of(content)).document_id;
  };
  const std::int64_t printed = entered(".pdf", webui::certificate_pdf(*certificate, options_.language));
  const std::int64_t for_programs = entered(".json", webui::certificate_json(*certificate));
  auto tx = database_.begin(storage::Actor::system("disposition"));
  for (const std::int64_t id : {printed, for_programs}) {
    const auto document = storage::find_document(tx, *system, id);
    const bool read = document && document->state != storage::DocumentState::received &&
                      document->state != storage::DocumentState::reading;
    if (!read) return false;
  }
  records::record_certificate(tx, batch_id, printed, for_programs);
  tx.commit();
  log_.info("certificate_filed", {{"batch", batch_id}, {"document", printed}});
  return true;
}

}  // namespace muniment::server
