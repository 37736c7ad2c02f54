// An archive whose records are handed over when they are due, for the tests of transfers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/disposition.h"
#include "records/transfer.h"
#include "storage/document_versions.h"
#include "tests/records/records_archive.h"

namespace muniment::records::testing {

inline constexpr const char* kTransferDue = "2030-01-01";

struct TransferArchive : RecordsArchive {
  TransferArchive() {
    auto tx = begin();
    const std::int64_t transfers = create_schedule(tx, "T1", terms("2 years", Action::transfer));
    ClassChange change;
    change.schedule = transfers;
    change_class(tx, node, find_class(tx, node)->version, change);
    tx.commit();
  }

  // Of which the second is better.md.
  std::int64_t with_two_versions() {
    const std::int64_t id = filed({}, "the first draft");
    const std::string_view bytes = "the second draft";
    core::TempFile file = blobs.new_file();
    file.append(std::as_bytes(std::span(bytes)));
    blobs.put(std::move(file), core::Sha256::of(bytes));
    auto tx = begin();
    storage::add_document_version(tx, manager, id, std::nullopt,
                                  {"better.md", core::Sha256::of(bytes), bytes.size(), "Better"});
    storage::record_reading(tx, id, {});
    declare(tx, manager, id);
    tx.commit();
    return id;
  }
  std::int64_t approved(const std::vector<std::int64_t>& ids) {
    const std::int64_t batch = proposed(ids, day(kTransferDue), Action::transfer);
    approve(batch);
    return batch;
  }
  std::int64_t handed_over(const std::vector<std::int64_t>& ids) {
    const std::int64_t batch = approved(ids);
    execute(batch, day(kTransferDue));
    return batch;
  }
  // Begun, and stopped when the package was being written.
  std::int64_t stopped_at_the_package(const std::vector<std::int64_t>& ids) {
    const std::int64_t batch = approved(ids);
    disposal.begin(manager, batch, version(batch));
    int asked = 0;
    EXPECT_FALSE(disposal.execute(manager, batch, day(kTransferDue), [&] { return ++asked > 1; }));
    return batch;
  }
  // That they are due for transfer by, too.
  void give_another_schedule() {
    auto tx = begin();
    ClassChange change;
    change.schedule = create_schedule(tx, "T2", terms("1 years", Action::transfer));
    change_class(tx, node, find_class(tx, node)->version, change);
    tx.commit();
  }
  // Of which copies are kept for a year from their transfer.
  std::int64_t copy_schedule(Action action) {
    auto tx = begin();
    const std::int64_t id = create_schedule(tx, "C" + std::to_string(++schedules_made),
                                            terms("1 year", action, {{TriggerKind::event, "transferred"}}));
    tx.commit();
    return id;
  }
  std::int64_t proposed_with_copies(const std::vector<std::int64_t>& ids, std::int64_t keeping) {
    auto tx = begin();
    NewBatch wanted{"Batch", Action::transfer, "", ids, 1};
    wanted.copy_schedule = keeping;
    const std::int64_t batch = propose_batch(tx, manager, wanted, day(kTransferDue));
    tx.commit();
    return batch;
  }
  std::filesystem::path file(std::int64_t batch) {
    return data.transfers() / ("transfer-" + std::to_string(batch) + ".zip");
  }
  std::optional<HandedOver> package(std::int64_t batch) {
    auto session = database.read();
    return find_package(session, batch);
  }
  Receipt receipt(std::int64_t batch) {
    auto session = database.read();
    Receipt made;
    const auto found = find_package(session, batch).value();
    made.package_id = found.package_id;
    made.package_hash = found.hash;
    for (const auto& [path, hash] :
         session.rows<std::string, core::Sha256>("SELECT path, sha256 FROM transfer_file WHERE batch_id = $1", batch)) {
      made.files.push_back({path, hash, 0});
    }
    made.received_by = "The City Archives";
    made.received_on = day("2029-12-31");
    return made;
  }
  std::int64_t version(std::int64_t batch) {
    auto session = database.read();
    return find_batch(session, batch)->version;
  }
  void record_receipt(std::int64_t batch, const Receipt& stated) {
    disposal.record_receipt(manager, batch, version(batch), stated, day(kTransferDue));
  }
  // What is said of a receipt that is refused.
  std::string refusal(std::int64_t batch, const Receipt& stated) {
    try {
      record_receipt(batch, stated);
    } catch (const core::Error& error) {
      EXPECT_EQ(core::ErrorCode::conflict, error.code());
      return error.message();
    }
    return "";
  }
  bool found(std::int64_t id) {
    auto session = database.read();
    return storage::find_document(session, manager, id).has_value();
  }

  int schedules_made = 0;
};

}  // namespace muniment::records::testing
