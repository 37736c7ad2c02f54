#include "storage/levels.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/internal/refusal.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestName = 100;

std::string as_json(const std::optional<Level>& level) {
  return level ? nlohmann::ordered_json{{"name", level->name}}.dump() : "";
}

}  // namespace

std::vector<Level> list_levels(Session& session) {
  std::vector<Level> levels;
  for (const auto& [number, name] :
       session.rows<std::int64_t, std::string>("SELECT number, name FROM level ORDER BY number")) {
    levels.push_back({number, name});
  }
  return levels;
}

std::optional<Level> find_level(Session& session, std::int64_t number) {
  const auto name = session.value<std::string>("SELECT name FROM level WHERE number = $1", number);
  return name ? std::optional(Level{number, *name}) : std::nullopt;
}

void require_level(Session& session, std::int64_t number, const std::string& pointer) {
  if (!find_level(session, number)) refuse(pointer, "there is no level " + std::to_string(number));
}

void name_level(Transaction& tx, const Level& level) {
  if (level.number < 0 || level.number > kHighestLevel) refuse("/number", "the number of a level is 0 to 1000");
  const std::string name = core::collapse_space(core::to_nfc(level.name));
  if (name.empty() || name.size() > kLongestName) refuse("/name", "1 to 100 bytes");
  const auto taken = tx.value<std::int64_t>("SELECT number FROM level WHERE name = $1", name);
  if (taken && *taken != level.number) {
    throw Error(ErrorCode::conflict, "there is already a level with that name", {{"/name", "choose another"}});
  }
  const auto before = find_level(tx, level.number);
  if (before && before->name == name) return;
  tx.execute("INSERT INTO level (number, name) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET name = excluded.name",
             level.number, name);
  tx.audit({"level.named", "level", level.number, as_json(before), as_json(find_level(tx, level.number))});
}

void delete_level(Transaction& tx, std::int64_t number) {
  const auto before = find_level(tx, number);
  if (!before) throw Error(ErrorCode::not_found, "there is no such level");
  tx.execute("DELETE FROM level WHERE number = $1", number);
  tx.audit({"level.deleted", "level", number, as_json(before), ""});
}

void require_cleared(const Principal& who, std::int64_t level) {
  if (who.clearance >= level) return;
  throw Error(ErrorCode::forbidden, "that is a level above your clearance; ask somebody who has it");
}

void require_may_replace(Session& session, const Principal& who, std::int64_t list_before, std::int64_t list_after) {
  if (list_before == list_after) return;
  const std::int64_t before = level_of(session, list_before);
  const std::int64_t after = level_of(session, list_after);
  require_cleared(who, after);
  if (after >= before) return;
  who.require(Permission::manage_access);
  require_cleared(who, before);
}

std::int64_t level_of(Session& session, std::int64_t access_list) {
  return session.value<std::int64_t>("SELECT level FROM access_list WHERE id = $1", access_list).value_or(0);
}

}  // namespace muniment::storage
