#include "storage/saved_views.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/internal/refusal.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestParameters = 4000;

SavedViewTerms checked(Session& session, const Principal& who, const SavedViewTerms& terms, std::int64_t except) {
  if (who.is_system()) throw Error(ErrorCode::forbidden, "a saved view belongs to a person; use --as NAME");
  SavedViewTerms clean = terms;
  clean.name = core::collapse_space(core::to_nfc(terms.name));
  if (clean.name.empty() || clean.name.size() > kLongestName) refuse("/name", "a name must have 1 to 100 bytes");
  if (!core::is_utf8(terms.parameters) || terms.parameters.size() > kLongestParameters) {
    refuse("/parameters", "must be at most 4000 bytes of UTF-8");
  }
  if (terms.shared) who.require(Permission::edit_documents);
  const auto taken = session.value<std::int64_t>("SELECT id FROM saved_view WHERE account_id = $1 AND folded_name = $2",
                                                 who.account_id, core::fold_case(clean.name));
  if (taken && *taken != except) {
    throw Error(ErrorCode::conflict, "you have a view with that name already", {{"/name", "choose another"}});
  }
  return clean;
}

SavedView require_view(Session& session, const Principal& who, std::int64_t id, std::int64_t expected_version) {
  auto view = find_saved_view(session, who, id);
  if (!view) throw Error(ErrorCode::not_found, "there is no view " + std::to_string(id));
  require_as_seen(view->version, expected_version, "view");
  return std::move(*view);
}

// Without what it asks: that may be the name of a person.
std::string described(const SavedView& view) {
  return nlohmann::ordered_json{{"name", view.terms.name}, {"shared", view.terms.shared}}.dump();
}

}  // namespace

std::vector<SavedView> list_saved_views(Session& session, const Principal& who) {
  std::vector<SavedView> views;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT id FROM saved_view WHERE account_id = $1 OR shared = 1 ORDER BY folded_name, id", who.account_id)) {
    if (auto view = find_saved_view(session, who, id)) views.push_back(std::move(*view));
  }
  return views;
}

std::optional<SavedView> find_saved_view(Session& session, const Principal& who, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::int64_t, std::string, std::string, std::string, bool>(
      "SELECT v.version, v.account_id, a.display_name, v.name, v.parameters, v.shared FROM saved_view v "
      "JOIN account a ON a.id = v.account_id WHERE v.id = $1 AND "
      "(v.account_id = $2 OR v.shared = 1)",
      id, who.account_id);
  if (!found) return std::nullopt;
  SavedView view;
  view.id = id;
  std::tie(view.version, view.account_id, view.owner, view.terms.name, view.terms.parameters, view.terms.shared) =
      *found;
  return view;
}

SavedView create_saved_view(Transaction& tx, const Principal& who, const SavedViewTerms& terms) {
  const SavedViewTerms clean = checked(tx, who, terms, 0);
  const std::int64_t id = tx.insert(
      "INSERT INTO saved_view (account_id, name, folded_name, parameters, shared) VALUES ($1, $2, $3, $4, $5)",
      who.account_id, clean.name, core::fold_case(clean.name), clean.parameters, clean.shared);
  SavedView made = find_saved_view(tx, who, id).value();
  tx.audit({"saved_view.created", "saved_view", id, "", described(made)});
  return made;
}

SavedView change_saved_view(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                            const SavedViewTerms& terms) {
  const SavedView before = require_view(tx, who, id, expected_version);
  if (before.account_id != who.account_id) {
    throw Error(ErrorCode::forbidden, "this view is " + before.owner + "'s; save one of your own");
  }
  const SavedViewTerms clean = checked(tx, who, terms, id);
  tx.execute(
      "UPDATE saved_view SET name = $1, folded_name = $2, parameters = $3, shared = $4, version = version + 1 WHERE id "
      "= "
      "$5",
      clean.name, core::fold_case(clean.name), clean.parameters, clean.shared, id);
  SavedView after = find_saved_view(tx, who, id).value();
  tx.audit({"saved_view.changed", "saved_view", id, described(before), described(after)});
  return after;
}

void delete_saved_view(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version) {
  const SavedView before = require_view(tx, who, id, expected_version);
  if (before.account_id != who.account_id && !who.may(Permission::manage_file_plan)) {
    throw Error(ErrorCode::forbidden, "this view is " + before.owner + "'s; only they or a records manager delete it");
  }
  tx.execute("DELETE FROM saved_view WHERE id = $1", id);
  tx.audit({"saved_view.deleted", "saved_view", id, described(before), ""});
}

}  // namespace muniment::storage
