#include "storage/serial_numbers.h"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "storage/index_queue.h"
#include "storage/page_origins.h"
#include "storage/pages.h"

namespace muniment::storage {

namespace {

void note_new_number(Transaction& tx, std::int64_t document_id) {
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", document_id);
  queue_for_indexing(tx, document_id);
}

void move_serial_number(Transaction& tx, std::int64_t from, std::int64_t to) {
  const auto moved = serial_number(tx, from), there = serial_number(tx, to);
  if (!moved || !moved->number) return;
  if (there && there->number) {
    tx.audit({"document.serial_number_left_out", "document", to, "",
              nlohmann::ordered_json{{"label", moved->label}, {"number", *moved->number}, {"from", from}}.dump()});
    return;
  }
  tx.execute("UPDATE serial_number SET number = NULL, problem = 'taken' WHERE document_id = $1", from);
  tx.execute(
      "INSERT INTO serial_number (document_id, number, label) VALUES ($1, $2, $3) ON CONFLICT (document_id) DO UPDATE "
      "SET number = excluded.number, label = excluded.label, problem = ''",
      to, *moved->number, moved->label);
  for (const std::int64_t id : {from, to}) note_new_number(tx, id);
  tx.audit({"document.serial_number", "document", to, "",
            nlohmann::ordered_json{{"label", moved->label}, {"problem", ""}, {"from", from}}.dump()});
}

// The page that bears the label; 0 when none does.
std::int64_t labelled_page(Session& session, const Document& document, const std::string& label) {
  if (label.empty()) return 0;
  for (std::int64_t number = 1; number <= document.page_count; ++number) {
    const auto page = find_page(session, document, number);
    const auto bears_it = [&](const Barcode& barcode) { return core::trim(barcode.text) == label; };
    if (page && std::ranges::any_of(page->barcodes, bears_it)) return number;
  }
  return 0;
}

}  // namespace

std::optional<SerialNumber> serial_number(Session& session, std::int64_t document_id) {
  const auto found = session.row<std::optional<std::int64_t>, std::string, std::string>(
      "SELECT number, label, problem FROM serial_number WHERE document_id = $1", document_id);
  if (!found) return std::nullopt;
  const auto& [number, label, problem] = *found;
  return SerialNumber{number, label, problem};
}

std::int64_t next_serial_number(Session& session) {
  return session
      .value<std::int64_t>(
          "SELECT coalesce(max(number), 0) + 1 FROM (SELECT number FROM serial_number UNION ALL SELECT serial_number "
          "FROM tombstone)")
      .value();
}

void record_serial_label(Transaction& tx, std::int64_t document_id, std::string_view label,
                         std::optional<std::int64_t> number) {
  const auto before = serial_number(tx, document_id);
  if (before && before->number) return;
  const bool taken =
      number && tx.value<std::int64_t>("SELECT 1 FROM serial_number WHERE number = $1", *number).has_value();
  const std::string_view problem = !number ? "too_large" : taken ? "taken" : "";
  const auto stored = taken ? std::nullopt : number;
  tx.execute(
      "INSERT INTO serial_number (document_id, number, label, problem) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (document_id) DO UPDATE SET number = excluded.number, label = excluded.label, "
      "problem = excluded.problem",
      document_id, stored, label, problem);
  note_new_number(tx, document_id);
  tx.audit({"document.serial_number", "document", document_id, "",
            nlohmann::ordered_json{{"label", label}, {"problem", problem}}.dump()});
}

void hand_on_serial_number(Transaction& tx, const Document& from, std::span<const std::int64_t> to) {
  const auto number = serial_number(tx, from.id);
  if (!number || !number->number) return;
  const std::int64_t labelled = labelled_page(tx, from, number->label);
  std::int64_t heir = 0, best = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t id : to) {
    for (const PageOrigin& page : page_origins(tx, id)) {
      const std::int64_t rank = page.page == labelled ? 0 : page.page;
      if (page.document_id != from.id || rank >= best) continue;
      best = rank;
      heir = id;
    }
  }
  if (heir != 0) move_serial_number(tx, from.id, heir);
}

std::vector<LeftOutNumber> left_out_numbers(Session& session, std::int64_t document_id) {
  std::vector<LeftOutNumber> left_out;
  for (const auto& [origin, number] : session.rows<std::int64_t, std::int64_t>(
           "SELECT s.document_id, s.number FROM serial_number s JOIN document d ON d.id = s.document_id "
           "WHERE s.number IS NOT NULL AND d.replaced_at IS NOT NULL AND EXISTS (SELECT 1 FROM page_origin o "
           "WHERE o.document_id = $1 AND o.origin_document_id = s.document_id) ORDER BY s.document_id",
           document_id)) {
    left_out.push_back({origin, number});
  }
  return left_out;
}

void take_back_serial_number(Transaction& tx, std::int64_t document_id) {
  const auto own = serial_number(tx, document_id);
  for (const auto& [id, label, of_this_only] : tx.rows<std::int64_t, std::string, bool>(
           "SELECT s.document_id, s.label, NOT EXISTS (SELECT 1 FROM page_origin x WHERE x.document_id = s.document_id "
           "AND x.origin_document_id <> $1) FROM serial_number s JOIN (SELECT document_id, min(origin_number) AS first "
           "FROM page_origin WHERE origin_document_id = $1 GROUP BY document_id) o ON o.document_id = s.document_id "
           "WHERE s.number IS NOT NULL ORDER BY o.first, s.document_id",
           document_id)) {
    if (own ? label == own->label : of_this_only) return move_serial_number(tx, id, document_id);
  }
}

}  // namespace muniment::storage
