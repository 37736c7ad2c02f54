#include "records/internal/postponement.h"

#include <optional>
#include <string>

#include "records/internal/obstacles.h"

namespace muniment::records {

void note_waiting(storage::Database& database, std::int64_t batch_id, std::int64_t document_id, std::string_view why) {
  auto tx = database.begin(storage::Actor::system("disposition"));
  // What was taken out meanwhile waits for nothing.
  const auto changed = tx.execute(
      "UPDATE disposition_item SET reason = $1 WHERE batch_id = $2 AND document_id = $3 AND reason <> $1 AND outcome "
      "NOT IN ('skipped', 'failed', 'restored')",
      std::string(kWaits) + std::string(why), batch_id, document_id);
  if (changed > 0) tx.commit();
}

void note_purge_waiting(storage::Database& database, std::int64_t document_id, std::string_view why) {
  std::optional<std::int64_t> batch;
  {
    auto session = database.read();
    batch =
        session.value<std::int64_t>("SELECT coalesce(batch_id, 0) FROM tombstone WHERE document_id = $1", document_id);
  }
  if (batch && *batch != 0) note_waiting(database, *batch, document_id, why);
}

}  // namespace muniment::records
