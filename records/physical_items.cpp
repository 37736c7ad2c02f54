#include "records/physical_items.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/internal/paper.h"
#include "records/internal/people.h"
#include "records/locations.h"
#include "storage/index_queue.h"
#include "storage/restrictions.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Medium;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

CodeBearer paper(std::int64_t document_id) {
  return {CodeBearer::Kind::paper, document_id};
}

void insert_item(Transaction& tx, std::int64_t document_id, const PaperTerms& terms) {
  require_location(tx, terms.home, "/home");
  tx.execute("INSERT INTO physical_item (document_id, home_id, current_id) VALUES ($1, $2, $2)", document_id,
             terms.home);
  const std::string code = give_code(tx, paper(document_id), terms.barcode);
  note_movement(tx, paper(document_id), std::nullopt, terms.home, "registered");
  tx.audit({"paper.registered", "document", document_id, "",
            Json{{"barcode", code}, {"home_id", terms.home ? Json(*terms.home) : Json()}}.dump()});
}

std::vector<Movement> movements(Session& session, std::string_view where, std::int64_t id) {
  std::vector<Movement> all;
  for (const auto& [at, why, from, to, by, name] :
       session.rows<core::Time, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>,
                    std::optional<std::int64_t>, std::optional<std::string>>(
           "SELECT m.at, m.why, m.from_id, m.to_id, m.by, a.display_name FROM movement m "
           "LEFT JOIN account a ON a.id = m.by WHERE " +
               std::string(where) + " = $1 ORDER BY m.id DESC",
           id)) {
    all.push_back({at, why, place_of(session, from), place_of(session, to), by.value_or(0), name.value_or("System")});
  }
  return all;
}

}  // namespace

std::optional<Place> place_of(Session& session, std::optional<std::int64_t> location_id) {
  if (!location_id) return std::nullopt;
  const auto location = find_location(session, *location_id);
  return location ? std::optional(Place{location->id, location->path}) : std::nullopt;
}

void require_location(Session& session, std::optional<std::int64_t> id, const char* pointer) {
  if (!id || session.value<std::int64_t>("SELECT id FROM location WHERE id = $1", *id)) return;
  throw Error(ErrorCode::invalid_argument, "there is no place " + std::to_string(*id),
              {{pointer, "must be the identifier of a place"}});
}

PhysicalItem require_paper(Session& session, const Principal& who, std::int64_t document_id, Permission permission) {
  const auto document = storage::find_document(session, who, document_id);
  if (!document) throw Error(ErrorCode::not_found, "there is no document " + std::to_string(document_id));
  who.require(permission);
  auto item = find_item(session, document_id);
  if (!item) throw Error(ErrorCode::conflict, "this document is not on paper");
  if (item->destroyed) throw Error(ErrorCode::conflict, "the paper of this document was destroyed");
  return std::move(*item);
}

void require_version(const PhysicalItem& item, std::int64_t expected_version) {
  if (item.version == expected_version) return;
  throw Error(ErrorCode::stale, "somebody else has moved or lent this file; look at it again").now_at(item.version);
}

void note_movement(Transaction& tx, const CodeBearer& what, std::optional<std::int64_t> from,
                   std::optional<std::int64_t> to, std::string_view why) {
  const bool is_paper = what.kind == CodeBearer::Kind::paper;
  const std::optional<std::int64_t> none;
  tx.execute(
      "INSERT INTO movement (document_id, location_id, from_id, to_id, why, at, by) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7)",
      is_paper ? std::optional(what.id) : none, is_paper ? none : std::optional(what.id), from, to, why, tx.now(),
      author(tx));
}

void set_current(Transaction& tx, std::int64_t document_id, std::optional<std::int64_t> to, std::string_view why) {
  const auto from =
      tx.value<std::optional<std::int64_t>>("SELECT current_id FROM physical_item WHERE document_id = $1", document_id)
          .value();
  tx.execute(
      "UPDATE physical_item SET current_id = $1, missing_since = $2, version = version + 1 WHERE document_id = $3", to,
      why == "missing" ? std::optional(tx.now()) : std::nullopt, document_id);
  note_movement(tx, paper(document_id), from, to, why);
}

std::optional<PhysicalItem> find_item(Session& session, std::int64_t document_id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::optional<std::int64_t>,
                                 std::optional<std::int64_t>, std::optional<core::Time>, bool, bool>(
      "SELECT i.version, coalesce(b.code, ''), coalesce(b.label, 'none'), i.home_id, i.current_id, i.missing_since, "
      "EXISTS (SELECT 1 FROM loan l WHERE l.document_id = i.document_id AND l.returned_at IS NULL), "
      "EXISTS (SELECT 1 FROM paper_destruction p WHERE p.document_id = i.document_id) FROM physical_item i "
      "LEFT JOIN barcode b ON b.document_id = i.document_id AND b.replaced_at IS NULL WHERE i.document_id = $1",
      document_id);
  if (!found) return std::nullopt;
  PhysicalItem item;
  item.document_id = document_id;
  std::optional<std::int64_t> home, current;
  std::tie(item.version, item.barcode, item.label, home, current, item.missing_since, item.on_loan, item.destroyed) =
      *found;
  item.home = place_of(session, home);
  item.current = place_of(session, current);
  return item;
}

std::int64_t register_paper(Transaction& tx, const Principal& who, const storage::NewDocument& document,
                            const PaperTerms& terms) {
  who.require(who.first_of(kPaperRegistrars));
  const std::int64_t id = storage::create_paper_document(tx, document);
  insert_item(tx, id, terms);
  // A class may make it a record at once (declares_on_filing); what is read meets that rule when its reading ends.
  tx.execute(
      "INSERT INTO declaration_queue (document_id) SELECT d.id FROM document d JOIN class c ON c.id = d.class_id "
      "WHERE d.id = $1 AND c.declares_on_filing = 1 ON CONFLICT DO NOTHING",
      id);
  return id;
}

void add_paper(Transaction& tx, const Principal& who, std::int64_t document_id, const PaperTerms& terms) {
  const auto document = storage::changeable_document(tx, who, document_id, who.first_of(kPaperKeepers));
  if (document.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it first");
  storage::require_free_to_change(tx, document);
  if (document.medium != Medium::digital) throw Error(ErrorCode::conflict, "this document is on paper already");
  if (document.is_record) {
    throw Error(ErrorCode::conflict, "this is a record: its medium is fixed; register the paper as a file of its own");
  }
  if (find_item(tx, document_id)) throw Error(ErrorCode::conflict, "the paper of this document was destroyed");
  tx.execute("UPDATE document SET medium = 'physical_and_digital', version = version + 1 WHERE id = $1", document_id);
  insert_item(tx, document_id, terms);
}

void remove_paper(Transaction& tx, const Principal& who, std::int64_t document_id) {
  const Permission by = who.first_of(kPaperKeepers);
  const auto document = storage::changeable_document(tx, who, document_id, by);
  const PhysicalItem item = require_paper(tx, who, document_id, by);
  storage::require_free_to_change(tx, document);
  if (document.medium == Medium::physical) {
    throw Error(ErrorCode::conflict, "this document is on paper only; move it to the trash instead");
  }
  if (document.is_record) throw Error(ErrorCode::conflict, "this is a record: its medium is fixed");
  if (item.on_loan) throw Error(ErrorCode::conflict, "this paper is on loan; take it back first");
  tx.execute("DELETE FROM physical_item WHERE document_id = $1", document_id);
  tx.execute("UPDATE barcode SET replaced_at = $1 WHERE document_id = $2 AND replaced_at IS NULL", tx.now(),
             document_id);
  tx.execute("UPDATE reservation SET ended_at = $1 WHERE document_id = $2 AND ended_at IS NULL", tx.now(), document_id);
  tx.execute("UPDATE document SET medium = 'digital', version = version + 1 WHERE id = $1", document_id);
  storage::queue_for_indexing(tx, document_id);
  tx.audit({"paper.removed", "document", document_id, Json{{"barcode", item.barcode}}.dump(), ""});
}

void move_item(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t expected_version,
               std::int64_t to, bool home) {
  const PhysicalItem item = require_paper(tx, who, document_id, Permission::lend_paper);
  require_version(item, expected_version);
  require_location(tx, to, "/to");
  if (item.on_loan) throw Error(ErrorCode::conflict, "this file is on loan; take it back first");
  if (home) tx.execute("UPDATE physical_item SET home_id = $1 WHERE document_id = $2", to, document_id);
  set_current(tx, document_id, to, "moved");
  const auto id = [](const std::optional<Place>& place) { return place ? Json(place->id) : Json(); };
  tx.audit({"paper.moved", "document", document_id,
            Json{{"home_id", id(item.home)}, {"current_id", id(item.current)}}.dump(),
            Json{{"home_id", home ? Json(to) : id(item.home)}, {"current_id", to}}.dump()});
}

std::vector<Movement> item_movements(Session& session, std::int64_t document_id) {
  return movements(session, "m.document_id", document_id);
}

std::vector<Movement> location_movements(Session& session, std::int64_t location_id) {
  return movements(session, "m.location_id", location_id);
}

std::vector<PhysicalItem> items_at(Session& session, const Principal& who, std::int64_t location_id) {
  std::vector<PhysicalItem> items;
  for (const auto& [id, list] : session.rows<std::int64_t, std::int64_t>(
           "SELECT d.id, d.access_list_id FROM physical_item i JOIN document d ON d.id = i.document_id "
           "WHERE (i.home_id = $1 OR i.current_id = $1) AND d.withdrawn_at IS NULL ORDER BY d.title, d.id",
           location_id)) {
    if (!who.may_read(list)) continue;
    if (auto item = find_item(session, id)) items.push_back(std::move(*item));
  }
  return items;
}

}  // namespace muniment::records
