#include "storage/folder_holds.h"

#include <nlohmann/json.hpp>

namespace muniment::storage {

void audit_holds_of_folder(Transaction& tx, std::int64_t document_id) {
  for (const auto& [hold] : tx.rows<std::int64_t>(
           "SELECT hold_id FROM hold_item WHERE document_id = $1 AND origin = 'folder' AND released_at IS NULL "
           "ORDER BY hold_id",
           document_id)) {
    tx.audit({"hold.document_added", "document", document_id, "",
              nlohmann::ordered_json{{"hold_id", hold}, {"by", "folder"}}.dump()});
  }
}

}  // namespace muniment::storage
