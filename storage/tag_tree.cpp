#include "storage/tag_tree.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/index_queue.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

// From the tag itself to the top.
std::vector<std::tuple<std::int64_t, std::string>> line_of(Session& session, std::int64_t id) {
  return session.rows<std::int64_t, std::string>(
      "WITH RECURSIVE line (id, parent_id, name, depth) AS ("
      "  SELECT id, parent_id, name, 0 FROM tag WHERE id = $1"
      "  UNION ALL SELECT t.id, t.parent_id, t.name, depth + 1 FROM tag t JOIN line ON t.id = line.parent_id) "
      "SELECT id, name FROM line ORDER BY depth",
      id);
}

std::optional<std::int64_t> parent_of(Session& session, std::int64_t id) {
  return session.value<std::optional<std::int64_t>>("SELECT parent_id FROM tag WHERE id = $1", id)
      .value_or(std::nullopt);
}

// Levels of the tag and what stands below it.
std::int64_t height_of(Session& session, std::int64_t id) {
  return session
      .value<std::int64_t>(
          "WITH RECURSIVE below (id, level) AS (SELECT id, 1 FROM tag WHERE id = $1 "
          "UNION ALL SELECT t.id, level + 1 FROM tag t JOIN below ON t.parent_id = below.id) SELECT max(level) FROM "
          "below",
          id)
      .value();
}

// That carry it or a tag below it.
std::vector<std::tuple<std::int64_t>> documents_below(Session& session, std::int64_t id) {
  return session.rows<std::int64_t>(
      "WITH RECURSIVE below (id) AS (SELECT $1 UNION SELECT t.id FROM tag t JOIN below ON t.parent_id = below.id) "
      "SELECT DISTINCT document_id FROM document_tag WHERE tag_id IN (SELECT id FROM below)",
      id);
}

[[noreturn]] void refuse_parent(const std::string& right) {
  throw Error(ErrorCode::invalid_argument, right, {{"/parent", right}});
}

std::string described(const std::optional<std::int64_t>& parent) {
  return nlohmann::ordered_json{{"parent", parent ? nlohmann::ordered_json(*parent) : nlohmann::ordered_json()}}.dump();
}

}  // namespace

std::vector<TagPlace> tag_places(Session& session, const std::vector<NamedEntry>& tags) {
  std::vector<TagPlace> places;
  for (const NamedEntry& tag : tags) {
    TagPlace place;
    for (const auto& [id, name] : line_of(session, tag.id)) {
      if (id != tag.id && !place.parent) place.parent = id;
      place.path = place.path.empty() ? name : name + " / " + place.path;
    }
    place.has_children =
        session.value<std::int64_t>("SELECT 1 FROM tag WHERE parent_id = $1 LIMIT 1", tag.id).has_value();
    places.push_back(std::move(place));
  }
  return places;
}

std::vector<NamedEntry> child_tags(Session& session, std::optional<std::int64_t> parent) {
  std::vector<NamedEntry> tags;
  for (const auto& [id, name] : session.rows<std::int64_t, std::string>(
           "SELECT id, name FROM tag WHERE coalesce(parent_id, 0) = $1 ORDER BY folded_name", parent.value_or(0))) {
    tags.push_back({id, name});
  }
  return tags;
}

void move_tag(Transaction& tx, std::int64_t id, std::optional<std::int64_t> parent) {
  if (!find_name(tx, Vocabulary::tag, id)) throw Error(ErrorCode::not_found, "there is no such entry");
  const auto before = parent_of(tx, id);
  if (before == parent) return;
  std::int64_t above = 0;
  if (parent) {
    const auto line = line_of(tx, *parent);
    if (line.empty()) refuse_parent("names a tag that does not exist");
    for (const auto& [other, name] : line) {
      if (other == id) refuse_parent("a tag cannot stand under itself or under a tag below it");
    }
    above = static_cast<std::int64_t>(line.size());
  }
  if (above + height_of(tx, id) > kTagLevels) refuse_parent("the tree of tags has at most five levels");
  tx.execute("UPDATE tag SET parent_id = $1 WHERE id = $2", parent, id);
  for (const auto& [document] : documents_below(tx, id)) queue_for_indexing(tx, document);
  tx.audit({"tag.moved", "tag", id, described(before), described(parent)});
}

}  // namespace muniment::storage
