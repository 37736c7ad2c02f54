#include "records/inventory.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/names.h"
#include "records/internal/paper.h"
#include "records/internal/people.h"
#include "records/locations.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr Names<FindingKind, 4> kFindingKinds{{"missing", "misplaced", "lent", "unknown"}};
constexpr std::size_t kMostAtOnce = 10'000;
constexpr std::size_t kLongestScan = 200;

Inventory require_open_inventory(Session& session, const Principal& who, std::int64_t id) {
  who.require(Permission::manage_paper);
  auto inventory = find_inventory(session, id);
  if (!inventory) throw Error(ErrorCode::not_found, "there is no such inventory");
  if (inventory->finished_at) throw Error(ErrorCode::conflict, "this inventory is finished; begin another");
  return std::move(*inventory);
}

// What was scanned, compared with the catalogue.
class Comparison {
 public:
  Comparison(Session& session, const Principal& who, const Inventory& inventory)
      : session_(session), who_(who), inventory_(inventory) {
    for (const std::int64_t id : locations_within(session, inventory.location.id)) within_.insert(id);
  }

  std::vector<Finding> run() {
    for (const auto& [code, place] : session_.rows<std::string, std::optional<std::int64_t>>(
             "SELECT code, place_id FROM inventory_scan WHERE id IN (SELECT max(id) FROM inventory_scan "
             "WHERE inventory_id = $1 GROUP BY code) ORDER BY code",
             inventory_.id)) {
      const auto known = find_code(session_, code);
      if (!known) {
        add(FindingKind::unknown, code, {}, {}, {}, place);
      } else if (known->bearer.kind == CodeBearer::Kind::location) {
        compare_location(code, known->bearer.id);
      } else {
        compare_item(code, known->bearer.id, place);
      }
    }
    add_missing();
    return std::move(findings_);
  }

 private:
  void add(FindingKind kind, const std::string& code, std::optional<std::int64_t> document,
           std::optional<std::int64_t> location, std::optional<Place> expected, std::optional<std::int64_t> found) {
    Finding finding{0, kind, code, document, location, std::move(expected), {}, {}};
    if (kind != FindingKind::missing) finding.found = place_of(session_, found.value_or(inventory_.location.id));
    findings_.push_back(std::move(finding));
  }

  void compare_location(const std::string& code, std::int64_t id) {
    if (within_.contains(id)) return;
    const auto location = find_location(session_, id);
    // The room's own label, read on the way to a shelf in it, tells of nothing that stands in the wrong place.
    if (location && location->kind <= find_location(session_, inventory_.location.id)->kind) return;
    add(FindingKind::misplaced, code, {}, id, place_of(session_, location ? location->parent_id : std::nullopt), {});
  }

  void compare_item(const std::string& code, std::int64_t document_id, std::optional<std::int64_t> place) {
    const auto list = session_.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document_id);
    const auto item = list && who_.may_read(*list) ? find_item(session_, document_id) : std::nullopt;
    if (!item || item->destroyed) {
      add(FindingKind::unknown, code, {}, {}, {}, place);
      return;
    }
    scanned_.insert(document_id);
    if (item->on_loan) {
      add(FindingKind::lent, code, document_id, {}, item->home, place);
      return;
    }
    const bool here = item->current && within_.contains(item->current->id);
    const bool elsewhere = place && item->current && *place != item->current->id;
    // A box that was itself found here has its files with it.
    const bool in_its_place = place && item->current && *place == item->current->id;
    if (in_its_place || (here && !elsewhere)) return;
    add(FindingKind::misplaced, code, document_id, {}, item->current, place);
  }

  void add_missing() {
    for (const std::int64_t location : within_) {
      for (const auto& [document, list] : session_.rows<std::int64_t, std::int64_t>(
               "SELECT d.id, d.access_list_id FROM physical_item i JOIN document d ON d.id = i.document_id "
               "WHERE i.current_id = $1 ORDER BY d.id",
               location)) {
        if (scanned_.contains(document) || !who_.may_read(list)) continue;
        const PhysicalItem item = find_item(session_, document).value();
        add(FindingKind::missing, item.barcode, document, {}, item.current, {});
      }
    }
  }

  Session& session_;
  const Principal& who_;
  const Inventory& inventory_;
  std::set<std::int64_t> within_;
  std::set<std::int64_t> scanned_;
  std::vector<Finding> findings_;
};

std::optional<std::int64_t> id_of(const std::optional<Place>& place) {
  return place ? std::optional(place->id) : std::nullopt;
}

std::vector<Finding> written_findings(Session& session, const Principal& who, std::int64_t inventory_id) {
  std::vector<Finding> findings;
  for (const auto& [id, kind, code, document, location, expected, found, accepted_at, list] :
       session.rows<std::int64_t, std::string, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>,
                    std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<core::Time>,
                    std::optional<std::int64_t>>(
           "SELECT f.id, f.kind, f.code, f.document_id, f.location_id, f.expected_id, f.found_id, f.accepted_at, "
           "d.access_list_id FROM inventory_finding f LEFT JOIN document d ON d.id = f.document_id "
           "WHERE f.inventory_id = $1 ORDER BY f.id",
           inventory_id)) {
    if (document && (!list || !who.may_read(*list))) continue;
    findings.push_back({id, kFindingKinds.parse(kind).value(), code, document, location, place_of(session, expected),
                        place_of(session, found), accepted_at});
  }
  return findings;
}

void accept_item(Transaction& tx, const Finding& finding) {
  const std::int64_t document = finding.document_id.value();
  const auto item = find_item(tx, document);
  if (!item || item->destroyed) throw Error(ErrorCode::conflict, "the paper of a finding is gone since");
  if (finding.kind == FindingKind::missing) {
    // Somebody may have found or lent it since.
    if (id_of(item->current) == id_of(finding.expected)) set_current(tx, document, std::nullopt, "missing");
    return;
  }
  if (item->on_loan) {
    tx.execute("UPDATE loan SET returned_at = $1, returned_by = $2 WHERE document_id = $3 AND returned_at IS NULL",
               tx.now(), author(tx), document);
  }
  set_current(tx, document, id_of(finding.found), item->on_loan ? "returned" : "found");
  if (item->on_loan) tell_next_in_line(tx, document);
}

void accept_location(Transaction& tx, const Finding& finding) {
  put_location(tx, finding.location_id.value(), id_of(finding.expected), id_of(finding.found), "found");
}

}  // namespace

std::string_view finding_kind_name(FindingKind kind) {
  return kFindingKinds.of(kind);
}

std::int64_t start_inventory(Transaction& tx, const Principal& who, std::int64_t location_id) {
  who.require(Permission::manage_paper);
  require_location(tx, location_id, "/location");
  if (tx.value<std::int64_t>("SELECT id FROM inventory WHERE location_id = $1 AND finished_at IS NULL", location_id)) {
    throw Error(ErrorCode::conflict, "an inventory of this place is under way; go on with that one");
  }
  const std::int64_t id = tx.insert("INSERT INTO inventory (location_id, started_at, started_by) VALUES ($1, $2, $3)",
                                    location_id, tx.now(), author(tx));
  tx.audit({"inventory.started", "inventory", id, "", Json{{"location_id", location_id}}.dump()});
  return id;
}

std::size_t scan(Transaction& tx, const Principal& who, std::int64_t inventory_id,
                 const std::vector<std::string>& codes) {
  require_open_inventory(tx, who, inventory_id);
  if (codes.empty() || codes.size() > kMostAtOnce) {
    throw Error(ErrorCode::invalid_argument, "1 to 10000 codes at once", {{"/codes", "1 to 10000 codes"}});
  }
  auto place = tx.value<std::optional<std::int64_t>>(
                     "SELECT place_id FROM inventory_scan WHERE inventory_id = $1 AND scanned_by IS $2 "
                     "ORDER BY id DESC LIMIT 1",
                     inventory_id, author(tx))
                   .value_or(std::nullopt);
  std::size_t fresh = 0;
  for (const std::string& scanned : codes) {
    const auto known = find_code(tx, scanned);
    const std::string code = known ? known->code : core::collapse_space(core::to_nfc(scanned));
    if (code.empty()) continue;
    if (code.size() > kLongestScan) {
      throw Error(ErrorCode::invalid_argument, "a scanned code has at most 200 bytes", {{"/codes", "too long"}});
    }
    if (known && known->bearer.kind == CodeBearer::Kind::location) place = known->bearer.id;
    const auto before = tx.value<std::int64_t>(
        "SELECT id FROM inventory_scan WHERE inventory_id = $1 AND code = $2 LIMIT 1", inventory_id, code);
    if (!before) ++fresh;
    tx.execute(
        "INSERT INTO inventory_scan (inventory_id, code, place_id, scanned_at, scanned_by) VALUES ($1, $2, $3, $4, $5)",
        inventory_id, code, place, tx.now(), author(tx));
  }
  return fresh;
}

void finish_inventory(Transaction& tx, const Principal& who, std::int64_t inventory_id) {
  const Inventory inventory = require_open_inventory(tx, who, inventory_id);
  std::map<std::string_view, int> counts;
  for (const Finding& finding : Comparison(tx, who, inventory).run()) {
    ++counts[kFindingKinds.of(finding.kind)];
    tx.execute(
        "INSERT INTO inventory_finding (inventory_id, kind, code, document_id, location_id, expected_id, found_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        inventory_id, kFindingKinds.of(finding.kind), finding.code, finding.document_id, finding.location_id,
        id_of(finding.expected), id_of(finding.found));
  }
  tx.execute("UPDATE inventory SET finished_at = $1, finished_by = $2 WHERE id = $3", tx.now(), author(tx),
             inventory_id);
  Json summary{{"scanned", inventory.scanned}};
  for (const auto& [kind, count] : counts) summary[std::string(kind)] = count;
  tx.audit({"inventory.finished", "inventory", inventory_id, "", summary.dump()});
}

void accept_findings(Transaction& tx, const Principal& who, std::int64_t inventory_id,
                     const std::vector<std::int64_t>& findings) {
  who.require(Permission::manage_paper);
  const std::set<std::int64_t> wanted(findings.begin(), findings.end());
  std::set<std::int64_t> seen;
  auto written = written_findings(tx, who, inventory_id);
  // What is missing makes room for what was found in its place.
  std::stable_partition(written.begin(), written.end(),
                        [](const Finding& one) { return one.kind == FindingKind::missing; });
  for (const Finding& finding : written) {
    if (!wanted.contains(finding.id)) continue;
    seen.insert(finding.id);
    if (finding.accepted_at) continue;
    if (finding.kind == FindingKind::unknown) {
      throw Error(ErrorCode::conflict, "nothing is known of the code " + finding.code + "; register what wears it");
    }
    if (finding.document_id) {
      accept_item(tx, finding);
    } else {
      accept_location(tx, finding);
    }
    tx.execute("UPDATE inventory_finding SET accepted_at = $1, accepted_by = $2 WHERE id = $3", tx.now(), author(tx),
               finding.id);
    tx.audit({"inventory.accepted", finding.document_id ? "document" : "location",
              finding.document_id ? *finding.document_id : *finding.location_id, "",
              Json{{"inventory_id", inventory_id}, {"finding", kFindingKinds.of(finding.kind)}}.dump()});
  }
  if (seen.size() != wanted.size()) {
    throw Error(ErrorCode::not_found, "there is no such finding in this inventory",
                {{"/findings", "must be identifiers of findings of a finished inventory"}});
  }
}

std::vector<Inventory> list_inventories(Session& session) {
  std::vector<Inventory> inventories;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM inventory ORDER BY id DESC")) {
    inventories.push_back(find_inventory(session, id).value());
  }
  return inventories;
}

std::optional<Inventory> find_inventory(Session& session, std::int64_t id) {
  const auto found =
      session.row<std::int64_t, core::Time, std::optional<std::string>, std::optional<core::Time>, std::int64_t>(
          "SELECT i.location_id, i.started_at, a.display_name, i.finished_at, "
          "(SELECT count(DISTINCT code) FROM inventory_scan s WHERE s.inventory_id = i.id) FROM inventory i "
          "LEFT JOIN account a ON a.id = i.started_by WHERE i.id = $1",
          id);
  if (!found) return std::nullopt;
  const auto& [location, started_at, name, finished_at, scanned] = *found;
  return Inventory{id, place_of(session, location).value(), started_at, name.value_or("System"), finished_at, scanned};
}

std::vector<Finding> findings_of(Session& session, const Principal& who, std::int64_t inventory_id) {
  const auto inventory = find_inventory(session, inventory_id);
  if (!inventory) throw Error(ErrorCode::not_found, "there is no such inventory");
  return inventory->finished_at ? written_findings(session, who, inventory_id)
                                : Comparison(session, who, *inventory).run();
}

}  // namespace muniment::records
