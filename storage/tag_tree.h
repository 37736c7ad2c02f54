// Tags stand in a tree: what carries a tag is found by every tag above it too, because its index entry names them.
// Names stay unique over the whole tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/catalogue.h"

namespace muniment::storage {

inline constexpr std::int64_t kTagLevels = 5;

struct TagPlace {
  std::optional<std::int64_t> parent;
  std::string path;  // from the top: "Finance / Rent / Lund"
  bool has_children = false;
};
// Of each of these tags, in their order.
std::vector<TagPlace> tag_places(Session& session, const std::vector<NamedEntry>& tags);
// By name; without a parent those at the top.
std::vector<NamedEntry> child_tags(Session& session, std::optional<std::int64_t> parent);
// Without a parent: to the top. Queues what is found otherwise from now on for indexing. Error(not_found);
// Error(invalid_argument) for a parent that does not exist, is the tag itself or stands below it, and for a tree deeper
// than kTagLevels.
void move_tag(Transaction& tx, std::int64_t id, std::optional<std::int64_t> parent);

}  // namespace muniment::storage
