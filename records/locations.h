// Where paper stands: sites, rooms in them, shelves in these, boxes on those. Each wears a barcode.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

enum class LocationKind { site, room, shelf, box };
std::string_view location_kind_name(LocationKind kind);
std::optional<LocationKind> parse_location_kind(std::string_view name);

struct Location {
  std::int64_t id = 0;
  std::int64_t version = 0;               // the ETag
  std::optional<std::int64_t> parent_id;  // empty for a site
  LocationKind kind = LocationKind::site;
  std::string name;
  std::string path;                      // "Town hall / Cellar / Shelf 3": with all that it stands in
  std::optional<std::int64_t> capacity;  // how many places and files fit directly in it; empty: no limit
  bool closed = false;                   // given up: empty, and takes nothing
  std::string barcode;
  std::int64_t below = 0;  // how many stand directly in it
};
// Whether a place of the one kind can stand in one of the other.
bool can_stand_in(LocationKind kind, LocationKind larger);

// Each after what it stands in, in the order of their names.
std::vector<Location> list_locations(storage::Session& session);
std::optional<Location> find_location(storage::Session& session, std::int64_t id);
// Itself and everything that stands in it.
std::vector<std::int64_t> locations_within(storage::Session& session, std::int64_t id);

struct NewLocation {
  std::optional<std::int64_t> parent_id;
  LocationKind kind = LocationKind::site;
  std::string name;
  std::optional<std::int64_t> capacity;
  std::string barcode;  // empty: the next number of our own
};
struct LocationChange {
  std::optional<std::string> name;
  std::optional<std::optional<std::int64_t>> capacity;
  std::optional<bool> closed;
};
// Both need Permission::manage_paper. Error(invalid_argument), Error(not_found), Error(stale), Error(conflict) for a
// place that is full, closed or not empty.
std::int64_t create_location(storage::Transaction& tx, const storage::Principal& who, const NewLocation& wanted);
void change_location(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                     std::int64_t expected_version, const LocationChange& change);
// A box to another shelf, with all that is in it. Needs Permission::lend_paper. Errors as above.
void move_location(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                   std::int64_t expected_version, std::int64_t to);

}  // namespace muniment::records
