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

void record_sent_pass(Transaction& tx, std::int64_t document_id, const PassSender& sender,
                      std::chrono::milliseconds wait) {
  const auto begin_reading = [&](std::int64_t id, core::Time at) {
    tx.execute("UPDATE job SET run_at = $1 WHERE document_id = $2 AND kind = 'read' AND state = 'queued'", at, id);
  };
  for (const auto& [first, until, trashed] : tx.rows<std::int64_t, core::Time, bool>(
           "SELECT p.document_id, p.until, d.trashed_at IS NOT NULL FROM awaited_pass p JOIN document d ON d.id = "
           "p.document_id WHERE p.account_id = $1 AND p.drop_folder = $2",
           sender.account_id, sender.drop_folder)) {
    if (until <= tx.now()) {
      give_up_other_pass(tx, first);
      continue;
    }
    tx.execute("DELETE FROM awaited_pass WHERE document_id = $1", first);
    // Somebody threw away a scan that went wrong: what comes now is the new one, not its other side.
    if (trashed) {
      record_lone_pass(tx, first, "it was in the trash when the next side came");
      continue;
    }
    record_stack_passes(tx, {first, document_id});
    begin_reading(first, tx.now());
    return;
  }
  const core::Time until = tx.now() + wait;
  tx.execute("INSERT INTO awaited_pass (document_id, account_id, drop_folder, until) VALUES ($1, $2, $3, $4)",
             document_id, sender.account_id, sender.drop_folder, until);
  begin_reading(document_id, until);
}

bool awaits_other_pass(Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT 1 FROM awaited_pass WHERE document_id = $1", document_id).has_value();
}

void give_up_other_pass(Transaction& tx, std::int64_t document_id) {
  if (tx.execute("DELETE FROM awaited_pass WHERE document_id = $1", document_id) == 0) return;
  record_lone_pass(tx, document_id, "its other side had not come when it was read");
}

}  // namespace muniment::storage
