// What a batch did, for its certificate: made of what was written down record by record, and never of what was planned.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "records/disposition.h"
#include "records/paper_disposal.h"
#include "records/transfer.h"

namespace muniment::records {

struct CertifiedRecord {
  BatchItem item;
  std::optional<Tombstone> tombstone;     // of what was disposed of and `who` might have read
  std::optional<PaperDestruction> paper;  // of the same: what became of its paper, also when its scan had replaced it
};

struct Certificate {
  Batch batch;
  std::vector<CertifiedRecord> records;
  std::optional<HandedOver> package;  // of a transfer: what was handed over, and what the receiver states
  std::optional<RecordedReceipt> receipt;
  core::Time as_of;       // of the newest thing that it tells
  bool complete = false;  // nothing that it tells can change any more: no window is open, every purge was verified
};

// As it stands now. Error(not_found), Error(conflict) for a batch that was not executed.
Certificate certificate(storage::Session& session, const storage::Principal& who, std::int64_t batch_id);

// The same for filing, where people may read it who may not know of every hold.
Certificate certificate_to_file(storage::Session& session, std::int64_t batch_id);

// Batches that destroyed or handed over, whose certificate is complete and has not been filed yet.
std::vector<std::int64_t> batches_to_certify(storage::Session& session);
// The document that is the certificate of the batch, and the one that tells the same to programs, which belongs to it;
// what is in a class is declared a record as soon as may be. Nothing happens when the batch has one already.
void record_certificate(storage::Transaction& tx, std::int64_t batch_id, std::int64_t document_id,
                        std::optional<std::int64_t> for_programs = {});

// The open class in which certificates are filed: the one with this code, or without a code the one that came with a
// ready-made plan.
std::optional<std::int64_t> certificate_class(storage::Session& session, std::string_view code);
// That a ready-made plan brought this class for certificates. The first one stays.
void remember_certificate_class(storage::Transaction& tx, std::int64_t class_id);

// The access list for the filed certificate, so that it tells nobody of records that they might not have read: the
// records' own list where they have one in common, otherwise one of those who took part in this batch; of no lower
// level than what they had, and than the class that it is to be filed in.
std::int64_t certificate_access_list(storage::Transaction& tx, const Batch& batch,
                                     std::optional<std::int64_t> class_id);

}  // namespace muniment::records
