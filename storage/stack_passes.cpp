#include "storage/stack_passes.h"

#include <string>

#include <nlohmann/json.hpp>

namespace muniment::storage {

void record_stack_passes(Transaction& tx, const StackPasses& passes) {
  tx.execute("INSERT INTO stack_passes (fronts_id, backs_id) VALUES ($1, $2)", passes.fronts, passes.backs);
}

std::optional<StackPasses> stack_passes_of(Session& session, std::int64_t document_id) {
  const auto rows = session.rows<std::int64_t, std::int64_t>(
      "SELECT fronts_id, backs_id FROM stack_passes WHERE fronts_id = $1 UNION "
      "SELECT fronts_id, backs_id FROM stack_passes WHERE backs_id = $1",
      document_id);
  if (rows.empty()) return std::nullopt;
  const auto& [fronts, backs] = rows.front();
  return StackPasses{fronts, backs};
}

void end_stack_passes(Transaction& tx, const StackPasses& passes) {
  tx.execute("DELETE FROM stack_passes WHERE fronts_id = $1", passes.fronts);
}

void give_up_stack_passes(Transaction& tx, const StackPasses& passes, std::string_view why) {
  if (tx.execute("DELETE FROM stack_passes WHERE fronts_id = $1", passes.fronts) == 0) return;
  const std::string detail = nlohmann::ordered_json{{"fronts", passes.fronts}, {"backs", passes.backs}}.dump();
  for (const std::int64_t id : {passes.fronts, passes.backs}) {
    tx.audit({"document.passes_not_joined", "document", id, "", detail, std::string(why)});
  }
}

void record_lone_pass(Transaction& tx, std::int64_t document_id, std::string_view why) {
  tx.audit({"document.passes_not_joined", "document", document_id, "", "", std::string(why)});
}

}  // namespace muniment::storage
