#include "storage/intake_folders.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/internal/named_values.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kIntakeFolderKinds{std::pair{IntakeFolderKind::watch, std::string_view("watch")},
                                        std::pair{IntakeFolderKind::drop, std::string_view("drop")}};
constexpr std::size_t kLongestPath = 1000;     // bytes
constexpr std::size_t kLongestDropName = 100;  // bytes
// Each takes a thread, and one of the few watches that a system gives an account.
constexpr std::int64_t kMostWatched = 50;

[[noreturn]] void refuse_intake_folder(const std::string& pointer, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "this folder cannot be had: " + pointer.substr(1) + " " + right,
              {{pointer, right}});
}

Json preset_described(const PresetFiling& filing) {
  const auto number = [](const std::optional<std::int64_t>& id) { return id ? Json(*id) : Json(); };
  return {{"type_id", number(filing.type_id)},
          {"correspondent_id", number(filing.correspondent_id)},
          {"tag_ids", filing.tag_ids},
          {"class_id", number(filing.class_id)},
          {"folder_id", number(filing.folder_id)}};
}

PresetFiling preset_of(const std::string& text) {
  const Json json = Json::parse(text);
  const auto number = [&](const char* name) {
    const Json& value = json.at(name);
    return value.is_null() ? std::nullopt : std::optional(value.get<std::int64_t>());
  };
  return {number("type_id"), number("correspondent_id"), json.at("tag_ids").get<std::vector<std::int64_t>>(),
          number("class_id"), number("folder_id")};
}

std::string intake_folder_detail(IntakeFolderKind kind, const IntakeFolderTerms& terms) {
  return Json{{"kind", intake_folder_kind_name(kind)},
              {"name", terms.name},
              {"enabled", terms.enabled},
              {"filing", preset_described(terms.filing)}}
      .dump();
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string checked_drop_name(const std::string& name) {
  std::string clean(core::trim(core::to_nfc(name)));
  if (clean.empty() || clean.size() > kLongestDropName || clean.starts_with('.') || has_control_character(clean) ||
      clean.find_first_of("/\\") != std::string::npos) {
    refuse_intake_folder("/name", "must have 1 to 100 bytes, without slashes, and without a dot at the beginning");
  }
  return clean;
}

// The path itself has been looked at: what it may be is a matter of the machine (scanners/watch_roots.h).
void require_path(const std::string& path) {
  if (!path.starts_with('/') || path.size() > kLongestPath || !core::is_utf8(path) || has_control_character(path)) {
    refuse_intake_folder("/name", "must be a path that begins with / and has at most 1000 bytes");
  }
}

void require_nothing_shared(const std::vector<IntakeFolder>& all, IntakeFolderKind kind, const std::string& name,
                            std::int64_t id) {
  for (const IntakeFolder& other : all) {
    if (other.kind != kind || other.id == id) continue;
    const std::string& taken = other.terms.name;
    if (name == taken) {
      throw Error(ErrorCode::conflict, "there is such a folder already", {{"/name", "choose another"}});
    }
    const bool overlaps = is_same_or_within(name, taken) || is_same_or_within(taken, name);
    if (kind == IntakeFolderKind::watch && overlaps) {
      throw Error(ErrorCode::conflict, "the folder " + taken + " is watched already, with all that is in it",
                  {{"/name", "choose another"}});
    }
  }
}

void require_few_watched(Session& session) {
  const auto watched = session.value<std::int64_t>("SELECT count(*) FROM intake_folder WHERE kind = $1",
                                                   intake_folder_kind_name(IntakeFolderKind::watch));
  if (watched.value_or(0) < kMostWatched) return;
  throw Error(ErrorCode::conflict, "at most " + std::to_string(kMostWatched) +
                                       " watched folders can be set up; delete one that is no longer needed");
}

IntakeFolderTerms checked_terms(Session& session, IntakeFolderKind kind, IntakeFolderTerms terms, std::int64_t id) {
  if (kind == IntakeFolderKind::drop) terms.name = checked_drop_name(terms.name);
  if (kind == IntakeFolderKind::watch) require_path(terms.name);
  require_nothing_shared(list_intake_folders(session), kind, terms.name, id);
  if (const std::string missing = put_in_order(session, terms.filing); !missing.empty()) {
    refuse_intake_folder(missing, "does not exist");
  }
  return terms;
}

IntakeFolder require_intake_folder(Session& session, std::int64_t id, std::int64_t expected_version) {
  auto folder = find_intake_folder(session, id);
  if (!folder) throw Error(ErrorCode::not_found, "there is no such folder");
  if (folder->version != expected_version) {
    throw Error(ErrorCode::stale, "this folder was changed meanwhile; read it again and repeat the change")
        .now_at(folder->version);
  }
  return std::move(*folder);
}

}  // namespace

std::string_view intake_folder_kind_name(IntakeFolderKind kind) {
  return name_in(kIntakeFolderKinds, kind);
}

std::optional<IntakeFolderKind> parse_intake_folder_kind(std::string_view name) {
  return value_in(kIntakeFolderKinds, name);
}

bool is_same_or_within(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::vector<IntakeFolder> list_intake_folders(Session& session) {
  std::vector<IntakeFolder> folders;
  for (const auto& [id, version, kind, name, enabled, filing] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, bool, std::string>(
           "SELECT id, version, kind, name, enabled, filing FROM intake_folder ORDER BY kind DESC, name")) {
    IntakeFolderTerms terms{name, enabled, preset_of(filing)};
    leave_out_missing(session, terms.filing);
    folders.push_back({id, version, parse_intake_folder_kind(kind).value(), std::move(terms)});
  }
  return folders;
}

std::optional<IntakeFolder> find_intake_folder(Session& session, std::int64_t id) {
  for (IntakeFolder& folder : list_intake_folders(session)) {
    if (folder.id == id) return std::move(folder);
  }
  return std::nullopt;
}

std::optional<IntakeFolder> find_drop_folder(Session& session, std::string_view name) {
  for (IntakeFolder& folder : list_intake_folders(session)) {
    if (folder.kind == IntakeFolderKind::drop && folder.terms.name == name && folder.terms.enabled)
      return std::move(folder);
  }
  return std::nullopt;
}

std::int64_t create_intake_folder(Transaction& tx, IntakeFolderKind kind, const IntakeFolderTerms& wanted) {
  if (kind == IntakeFolderKind::watch) require_few_watched(tx);
  const IntakeFolderTerms terms = checked_terms(tx, kind, wanted, 0);
  const std::int64_t id =
      tx.insert("INSERT INTO intake_folder (kind, name, enabled, filing) VALUES ($1, $2, $3, $4)",
                intake_folder_kind_name(kind), terms.name, terms.enabled, preset_described(terms.filing).dump());
  tx.audit({"intake_folder.created", "intake_folder", id, "", intake_folder_detail(kind, terms)});
  return id;
}

void change_intake_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version,
                          const IntakeFolderTerms& wanted) {
  const IntakeFolder before = require_intake_folder(tx, id, expected_version);
  const IntakeFolderTerms terms = checked_terms(tx, before.kind, wanted, id);
  tx.execute("UPDATE intake_folder SET name = $1, enabled = $2, filing = $3, version = version + 1 WHERE id = $4",
             terms.name, terms.enabled, preset_described(terms.filing).dump(), id);
  tx.audit({"intake_folder.changed", "intake_folder", id, intake_folder_detail(before.kind, before.terms),
            intake_folder_detail(before.kind, terms)});
}

void delete_intake_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const IntakeFolder before = require_intake_folder(tx, id, expected_version);
  tx.execute("DELETE FROM intake_folder WHERE id = $1", id);
  tx.audit({"intake_folder.deleted", "intake_folder", id, intake_folder_detail(before.kind, before.terms), ""});
}

void require_unchanged(Session& session, const IntakeFolder& folder) {
  const auto version = session.value<std::int64_t>("SELECT version FROM intake_folder WHERE id = $1", folder.id);
  if (folder.terms.enabled && version == folder.version) return;
  throw Error(ErrorCode::unavailable, "this folder is being changed; what lies in it waits");
}

}  // namespace muniment::storage
