// Classification levels, from the lowest up: how secret a thing is. A higher number is a higher level. Access lists
// have a level, and accounts a clearance, which is one too; whoever has a lower clearance than a list's level is as one
// who is not on the list. A list never stands in a place with a list of a higher level: the database refuses that with
// Error(conflict).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

inline constexpr std::int64_t kHighestLevel = 1000;

struct Level {
  std::int64_t number = 0;  // 0, the lowest, to kHighestLevel; what it is called may change, where it stands does not
  std::string name;
};

std::vector<Level> list_levels(Session& session);  // from the lowest up
std::optional<Level> find_level(Session& session, std::int64_t number);
// Error(invalid_argument) that points at `pointer` when there is no such level.
void require_level(Session& session, std::int64_t number, const std::string& pointer);

// Makes the level, or calls it otherwise. Error(conflict) when the name is taken, Error(invalid_argument).
void name_level(Transaction& tx, const Level& level);
// Error(not_found); Error(conflict) for the lowest, and while an access list or an account has it.
void delete_level(Transaction& tx, std::int64_t number);

// Nobody gives or takes away a level above their own clearance. Error(forbidden).
void require_cleared(const Principal& who, std::int64_t level);
// Before something gets another list than it had: that needs the clearance for the new one, and to lower its level also
// Permission::manage_access and the clearance for what it was. Error(forbidden).
void require_may_replace(Session& session, const Principal& who, std::int64_t list_before, std::int64_t list_after);

// Of an access list, and so of everything that has it.
std::int64_t level_of(Session& session, std::int64_t access_list);

}  // namespace muniment::storage
