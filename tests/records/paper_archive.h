// An archive with places, paper files and people who lend and manage them.
#pragma once

#include <algorithm>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/inventory.h"
#include "records/locations.h"
#include "records/physical_items.h"
#include "tests/records/records_archive.h"

namespace muniment::records::testing {

using core::Error;
using storage::Medium;

inline const Date kToday = day("2026-11-24");
inline const Date kWindowEnds = day("2028-12-25");

struct PaperArchive : RecordsArchive {
  storage::Principal clerk = add_person("karin", storage::Role::staff);
  storage::Principal reader = add_person("rolf", storage::Role::reader);
  std::int64_t site = 0, room = 0, shelf = 0, box = 0, other_box = 0;
  int registered_files = 0;

  PaperArchive() {
    auto tx = begin();
    site = create_location(tx, manager, {std::nullopt, LocationKind::site, "Town hall", {}, ""});
    room = create_location(tx, manager, {site, LocationKind::room, "Cellar", {}, ""});
    shelf = create_location(tx, manager, {room, LocationKind::shelf, "Shelf 3", {}, ""});
    box = create_location(tx, manager, {shelf, LocationKind::box, "Box 1", 3, ""});
    other_box = create_location(tx, manager, {shelf, LocationKind::box, "Box 2", 3, ""});
    tx.commit();
  }

  std::int64_t paper(std::optional<std::int64_t> home = {}, const std::string& barcode = "") {
    auto tx = begin();
    storage::NewDocument document;
    document.title = "Personnel file " + std::to_string(++registered_files);
    document.class_id = node;
    document.source = "api";
    const std::int64_t id = register_paper(tx, manager, document, {home, barcode});
    tx.commit();
    return id;
  }
  std::int64_t declared_paper(std::optional<std::int64_t> home = {}) {
    const std::int64_t id = paper(home);
    auto tx = begin();
    declare(tx, manager, id);
    tx.commit();
    return id;
  }
  // A document with a file, and paper beside it.
  std::int64_t both(bool declared) {
    const std::int64_t id = filed();
    auto tx = begin();
    add_paper(tx, manager, id, {box, ""});
    if (declared) declare(tx, manager, id);
    tx.commit();
    return id;
  }
  // An inventory of the place that finds `files`, and all its findings accepted.
  void accept_all(std::int64_t location, const std::vector<std::int64_t>& files) {
    change([&](auto& tx) {
      const std::int64_t inventory = start_inventory(tx, manager, location);
      for (const std::int64_t file : files) scan(tx, manager, inventory, {find_item(tx, file)->barcode});
      finish_inventory(tx, manager, inventory);
      std::vector<std::int64_t> all;
      for (const Finding& finding : findings_of(tx, manager, inventory)) all.push_back(finding.id);
      accept_findings(tx, manager, inventory, all);
    });
  }
  PhysicalItem item_of(std::int64_t id) {
    auto session = database.read();
    return find_item(session, id).value();
  }
  std::int64_t version(std::int64_t location) {
    auto session = database.read();
    return find_location(session, location)->version;
  }
  // Commits what it is given to do.
  template <typename Act>
  void change(const Act& act) {
    auto tx = begin();
    act(tx);
    tx.commit();
  }
  // Runs what must be refused.
  template <typename Act>
  void refused(const Act& act, core::ErrorCode code = core::ErrorCode::conflict) {
    auto tx = begin();
    try {
      act(tx);
      ADD_FAILURE() << "it was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
    }
  }
  std::vector<FindingKind> kinds(std::int64_t inventory) {
    auto session = database.read();
    std::vector<FindingKind> all;
    for (const Finding& finding : findings_of(session, manager, inventory)) all.push_back(finding.kind);
    std::sort(all.begin(), all.end());
    return all;
  }
};

}  // namespace muniment::records::testing
