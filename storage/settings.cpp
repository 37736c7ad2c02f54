#include "storage/settings.h"

namespace muniment::storage {

std::optional<std::string> find_setting(Session& session, std::string_view name) {
  return session.value<std::string>("SELECT value FROM setting WHERE name = $1", name);
}

void put_setting(Transaction& tx, std::string_view name, std::string_view value) {
  forget_setting(tx, name);
  tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", name, value);
}

void forget_setting(Transaction& tx, std::string_view name) {
  tx.execute("DELETE FROM setting WHERE name = $1", name);
}

}  // namespace muniment::storage
