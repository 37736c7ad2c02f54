#include "storage/serial_numbers.h"

#include <nlohmann/json.hpp>

#include "storage/index_queue.h"

namespace muniment::storage {

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
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", document_id);
  queue_for_indexing(tx, document_id);
  tx.audit({"document.serial_number", "document", document_id, "",
            nlohmann::ordered_json{{"label", label}, {"problem", problem}}.dump()});
}

}  // namespace muniment::storage
