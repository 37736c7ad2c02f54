#include "records/locations.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/names.h"
#include "records/internal/paper.h"
#include "storage/as_seen.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr Names<LocationKind, 4> kLocationKinds{{"site", "room", "shelf", "box"}};
constexpr std::string_view kSeparator = " / ";
constexpr std::size_t kLongestLocationName = 200;
constexpr std::int64_t kLargestCapacity = 1'000'000;

constexpr std::string_view kLocationColumns =
    "SELECT l.id, l.version, l.parent_id, l.kind, l.name, l.capacity, l.closed, coalesce(b.code, ''), "
    "(SELECT count(*) FROM location c WHERE c.parent_id = l.id) FROM location l "
    "LEFT JOIN barcode b ON b.location_id = l.id AND b.replaced_at IS NULL ";

template <typename... Arguments>
std::vector<Location> read_locations(Session& session, std::string_view where, const Arguments&... arguments) {
  std::vector<Location> locations;
  for (auto& [id, version, parent, kind, name, capacity, closed, barcode, below] :
       session.rows<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::string, std::string,
                    std::optional<std::int64_t>, bool, std::string, std::int64_t>(
           std::string(kLocationColumns) + std::string(where), arguments...)) {
    locations.push_back(
        {id, version, parent, kLocationKinds.parse(kind).value(), name, name, capacity, closed, barcode, below});
  }
  return locations;
}

std::string checked_name(std::string_view name) {
  std::string clean = core::collapse_space(core::to_nfc(name));
  if (!clean.empty() && clean.size() <= kLongestLocationName) return clean;
  throw Error(ErrorCode::invalid_argument, "a place has a name of 1 to 200 bytes", {{"/name", "1 to 200 bytes"}});
}

void check_capacity(std::optional<std::int64_t> capacity) {
  if (!capacity || (*capacity > 0 && *capacity <= kLargestCapacity)) return;
  throw Error(ErrorCode::invalid_argument, "a capacity is 1 to 1000000 files, or not limited",
              {{"/capacity", "1 to 1000000, or null"}});
}

Location require(Session& session, std::int64_t id, std::int64_t expected_version) {
  return storage::require_as_seen(find_location(session, id), expected_version, "place");
}

// What a label says of where its place stands is no longer true.
void outdate_labels_within(Transaction& tx, std::int64_t id) {
  for (const std::int64_t within : locations_within(tx, id)) {
    tx.execute("UPDATE barcode SET label = 'outdated' WHERE location_id = $1 AND label = 'good'", within);
  }
}

void location_changed(Transaction& tx, std::int64_t id) {
  tx.execute("UPDATE location SET version = version + 1 WHERE id = $1", id);
}

Json number_or_null(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

std::string_view location_kind_name(LocationKind kind) {
  return kLocationKinds.of(kind);
}

std::optional<LocationKind> parse_location_kind(std::string_view name) {
  return kLocationKinds.parse(name);
}

bool can_stand_in(LocationKind kind, LocationKind larger) {
  return larger < kind;
}

std::vector<Location> list_locations(Session& session) {
  std::multimap<std::int64_t, Location> by_parent;  // of the same parent in the order of their names
  for (Location& location : read_locations(session, "ORDER BY l.name, l.id")) {
    by_parent.emplace(location.parent_id.value_or(0), std::move(location));
  }
  std::vector<Location> ordered;
  const auto add = [&](const auto& self, std::int64_t parent, const std::string& path) -> void {
    const auto [begin, end] = by_parent.equal_range(parent);
    for (auto at = begin; at != end; ++at) {
      at->second.path = path + at->second.name;
      ordered.push_back(at->second);
      self(self, at->second.id, at->second.path + std::string(kSeparator));
    }
  };
  add(add, 0, "");
  return ordered;
}

std::optional<Location> find_location(Session& session, std::int64_t id) {
  auto found = read_locations(session, "WHERE l.id = $1", id);
  if (found.empty()) return std::nullopt;
  found.front().path.clear();
  for (const auto& [name] : session.rows<std::string>(
           "WITH RECURSIVE line (parent_id, name, depth) AS (SELECT parent_id, name, 0 FROM location WHERE id = $1 "
           "UNION ALL SELECT l.parent_id, l.name, depth + 1 FROM location l JOIN line ON l.id = line.parent_id) "
           "SELECT name FROM line ORDER BY depth DESC",
           id)) {
    if (!found.front().path.empty()) found.front().path += kSeparator;
    found.front().path += name;
  }
  return std::move(found.front());
}

std::vector<std::int64_t> locations_within(Session& session, std::int64_t id) {
  std::vector<std::int64_t> ids;
  for (const auto& [within] : session.rows<std::int64_t>(
           "WITH RECURSIVE inside (id) AS (SELECT id FROM location WHERE id = $1 "
           "UNION ALL SELECT l.id FROM location l JOIN inside ON l.parent_id = inside.id) SELECT id FROM inside",
           id)) {
    ids.push_back(within);
  }
  return ids;
}

std::int64_t create_location(Transaction& tx, const Principal& who, const NewLocation& wanted) {
  who.require(Permission::manage_paper);
  const std::string name = checked_name(wanted.name);
  check_capacity(wanted.capacity);
  if (wanted.parent_id.has_value() == (wanted.kind == LocationKind::site)) {
    throw Error(ErrorCode::invalid_argument, "a site stands in nothing, and everything else in something",
                {{"/parent", "is for everything but a site"}});
  }
  require_location(tx, wanted.parent_id, "/parent");
  const std::int64_t id = tx.insert("INSERT INTO location (parent_id, kind, name, capacity) VALUES ($1, $2, $3, $4)",
                                    wanted.parent_id, location_kind_name(wanted.kind), name, wanted.capacity);
  const CodeBearer bearer{CodeBearer::Kind::location, id};
  const std::string code = give_code(tx, bearer, wanted.barcode);
  note_movement(tx, bearer, std::nullopt, wanted.parent_id, "registered");
  tx.audit({"location.created", "location", id, "",
            Json{{"kind", location_kind_name(wanted.kind)},
                 {"name", name},
                 {"parent_id", number_or_null(wanted.parent_id)},
                 {"capacity", number_or_null(wanted.capacity)},
                 {"barcode", code}}
                .dump()});
  return id;
}

void change_location(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                     const LocationChange& change) {
  who.require(Permission::manage_paper);
  const Location before = require(tx, id, expected_version);
  const std::string name = change.name ? checked_name(*change.name) : before.name;
  const auto capacity = change.capacity ? *change.capacity : before.capacity;
  check_capacity(capacity);
  const bool closed = change.closed.value_or(before.closed);
  tx.execute("UPDATE location SET name = $1, capacity = $2, closed = $3 WHERE id = $4", name, capacity, closed, id);
  if (name != before.name) outdate_labels_within(tx, id);
  const auto described = [](const std::string& called, const std::optional<std::int64_t>& most, bool given_up) {
    return Json{{"name", called}, {"capacity", number_or_null(most)}, {"closed", given_up}}.dump();
  };
  tx.audit({"location.changed", "location", id, described(before.name, before.capacity, before.closed),
            described(name, capacity, closed)});
  location_changed(tx, id);
}

void move_location(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                   std::int64_t to) {
  who.require(Permission::lend_paper);
  const Location before = require(tx, id, expected_version);
  if (!before.parent_id) throw Error(ErrorCode::conflict, "a site cannot be moved into anything");
  require_location(tx, to, "/to");
  if (before.parent_id == to) return;
  put_location(tx, id, before.parent_id, to, "moved");
  tx.audit({"location.moved", "location", id, Json{{"parent_id", *before.parent_id}}.dump(),
            Json{{"parent_id", to}}.dump()});
}

void put_location(Transaction& tx, std::int64_t id, std::optional<std::int64_t> from, std::optional<std::int64_t> to,
                  std::string_view why) {
  tx.execute("UPDATE location SET parent_id = $1 WHERE id = $2", to, id);
  outdate_labels_within(tx, id);
  note_movement(tx, {CodeBearer::Kind::location, id}, from, to, why);
  location_changed(tx, id);
}

}  // namespace muniment::records
