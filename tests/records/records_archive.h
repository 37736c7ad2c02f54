// An archive with a file plan, schedules and people, for the tests of records management.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/error.h"
#include "records/disposal.h"
#include "records/holds.h"
#include "records/records.h"
#include "tests/support/test_archive.h"

namespace muniment::records::testing {

// Matches what it is told to match, and remembers what it was asked to remove.
class FakeSurroundings final : public Surroundings {
 public:
  bool matches(const std::string& query, std::int64_t document_id) override {
    if (when_asked) std::exchange(when_asked, nullptr)();
    if (behind) throw core::Error(core::ErrorCode::unavailable, "the index is behind");
    return matching[query].contains(document_id);
  }
  void remove_derived(std::int64_t, const std::vector<core::Sha256>& components) override {
    renditions += components.size();
  }
  std::vector<std::string> derived_remains(std::int64_t, const std::vector<core::Sha256>& components) override {
    if (!derived.empty()) asked_for = components;
    return derived;
  }
  void purge_from_index(const std::vector<std::int64_t>& documents) override {
    if (index_holds) throw core::Error(core::ErrorCode::unavailable, "it is still in the index");
    purged = documents;
  }

  std::optional<core::FileDescriptor> searchable_pdf(const storage::Document& document) override {
    const auto found = searchable.find(document.id);
    if (found == searchable.end()) return std::nullopt;
    return core::open_for_reading(found->second);
  }

  std::map<std::int64_t, std::filesystem::path> searchable;
  std::map<std::string, std::set<std::int64_t>> matching;
  bool behind = false;
  bool index_holds = false;          // has not taken out yet what is to be purged
  std::function<void()> when_asked;  // happens while the next question is being answered
  std::size_t renditions = 0;
  std::vector<std::string> derived;  // is still there
  std::vector<core::Sha256> asked_for;
  std::vector<std::int64_t> purged;
};

inline Date day(const char* iso) {
  return core::parse_iso_date(iso).value();
}

// Of what is captured when the archive's clock begins: the first day on which it may go, and the first after the window
// in which it can be restored.
inline const Date kDue = day("2028-11-25");
inline const Date kWindowOver = day("2028-12-26");

inline ScheduleTerms terms(const char* period, Action action = Action::destroy,
                           std::vector<Trigger> triggers = {{TriggerKind::captured}}) {
  ScheduleTerms made;
  made.title = "Kept for " + std::string(period);
  made.triggers = std::move(triggers);
  made.period = parse_period(period);
  made.action = action;
  made.authority = "Decision 1";
  return made;
}

// Captured on 2026-11-24, like everything here.
struct RecordsArchive : ::muniment::testing::TestArchive {
  storage::Principal manager = add_person("maria", storage::Role::records_manager);
  storage::Principal approver = add_person("anders", storage::Role::records_manager);
  FakeSurroundings surroundings;
  Disposal disposal{database, blobs, surroundings, {30, true, {}, {data.transfers(), "The Harbour Board", "1.0"}}};
  std::int64_t schedule = 0;
  std::int64_t node = 0;
  int documents = 0;

  RecordsArchive() {
    auto tx = database.begin(manager.actor());
    schedule = create_schedule(tx, "S1", terms("2 years"));
    NewClass invoices{std::nullopt, "3.1", "Invoices"};
    invoices.schedule = schedule;
    node = create_class(tx, invoices);
    tx.commit();
  }

  storage::Transaction begin() { return database.begin(manager.actor()); }

  // Read and filed, not declared.
  std::int64_t filed(std::optional<std::int64_t> folder = {}, const std::string& bytes = {}) {
    const std::string content = bytes.empty() ? "document " + std::to_string(++documents) : bytes;
    const std::int64_t id = add_document(manager.actor(), "invoice.txt", content);
    auto tx = begin();
    storage::record_reading(tx, id, {});
    storage::DocumentChange change;
    if (folder) {
      change.folder_id = folder;
    } else {
      change.class_id = node;
    }
    storage::change_document(tx, manager, id, storage::find_document(tx, manager, id)->version, change);
    tx.commit();
    return id;
  }
  std::int64_t declared(std::optional<std::int64_t> folder = {}, const std::string& bytes = {}) {
    const std::int64_t id = filed(folder, bytes);
    auto tx = begin();
    declare(tx, manager, id);
    tx.commit();
    return id;
  }
  Record record(std::int64_t id) {
    auto session = database.read();
    return find_record(session, id).value();
  }
  std::int64_t held_by_hand(std::int64_t document) {
    auto tx = begin();
    const std::int64_t hold = place_hold(tx, manager, {"Dispute", "A claim", "", false, {}});
    hold_documents(tx, manager, hold, {document});
    tx.commit();
    return hold;
  }
  void hold_what_finds(const char* query) {
    auto tx = begin();
    place_hold(tx, manager, {"Dispute", "A claim", query, false, {}});
    tx.commit();
  }
  std::int64_t proposed(const std::vector<std::int64_t>& ids, Date today, Action action = Action::destroy) {
    auto tx = begin();
    const std::int64_t batch = propose_batch(tx, manager, {"Batch", action, "", ids, 1}, today);
    tx.commit();
    return batch;
  }
  void approve(std::int64_t batch) {
    auto tx = database.begin(approver.actor());
    approve_batch(tx, approver, batch, find_batch(tx, batch)->version, "");
    tx.commit();
  }
  void execute(std::int64_t batch, Date today) {
    std::int64_t version = 0;
    {
      auto session = database.read();
      version = find_batch(session, batch)->version;
    }
    disposal.begin(manager, batch, version);
    disposal.execute(manager, batch, today, [] { return false; });
  }
  BatchItem item(std::int64_t batch, std::int64_t document) {
    auto session = database.read();
    for (const BatchItem& one : batch_items(session, manager, batch, 0, 1000)) {
      if (one.document_id == document) return one;
    }
    throw core::Error(core::ErrorCode::not_found, "not in this batch");
  }
};

}  // namespace muniment::records::testing
