// How what comes in by itself is filed: said beforehand, for all that comes the same way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

struct NewDocument;

struct PresetFiling {
  std::optional<std::int64_t> type_id = {};
  std::optional<std::int64_t> correspondent_id = {};
  std::vector<std::int64_t> tag_ids = {};
  std::optional<std::int64_t> class_id = {};
  std::optional<std::int64_t> folder_id = {};

  // Into the class or folder, and no longer in the inbox.
  bool has_place() const { return class_id || folder_id; }
  void describe(NewDocument& document) const;
};

// Error(invalid_argument) unless a new document can be filed so now.
void require_filing(Session& session, const PresetFiling& filing);
// With each tag once. Which part refers to something that does not exist, as a JSON pointer; empty: none.
std::string put_in_order(Session& session, PresetFiling& filing);
// What was removed since it was set: nothing must stay outside for it.
void leave_out_missing(Session& session, PresetFiling& filing);

}  // namespace muniment::storage
