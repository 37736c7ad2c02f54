// Document types, correspondents and tags: three vocabularies with the same calls. Tags have a place in their tree
// besides.
#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalogue.h"
#include "storage/tag_tree.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::NamedEntry;
using storage::Permission;
using storage::Vocabulary;

namespace {

// A vocabulary is made by people; what is beyond this is found by typing more of the name.
constexpr std::size_t kMostNamesListed = 10'000;

Json entries_json(storage::Session& session, Vocabulary vocabulary, const std::vector<NamedEntry>& entries) {
  Json items = Json::array();
  if (vocabulary != Vocabulary::tag) {
    for (const NamedEntry& entry : entries) items.push_back(named_json(entry.id, entry.name));
    return items;
  }
  const auto places = storage::tag_places(session, entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Json item = named_json(entries[i].id, entries[i].name);
    item.update(
        {{"parent", nullable(places[i].parent)}, {"path", places[i].path}, {"has_children", places[i].has_children}});
    items.push_back(std::move(item));
  }
  return items;
}

// All that the query asks for: by a part of the name, or of tags those below another.
std::vector<NamedEntry> entries_of(const Call& call, storage::Session& session, Vocabulary vocabulary) {
  if (vocabulary == Vocabulary::tag && call.http.query("parent")) {
    const std::int64_t parent = call.number_query("parent", 0, 0, std::numeric_limits<std::int64_t>::max());
    return storage::child_tags(session, parent == 0 ? std::nullopt : std::optional(parent));
  }
  return storage::list_names(session, vocabulary, call.http.query("q").value_or(""), kMostNamesListed);
}

// The window's part of them, for those who tidy up with how many documents carry each.
void list_entries(Call& call, Api& api, Vocabulary vocabulary, bool used) {
  const Window window = window_of(call);
  auto session = api.services.database.read();
  auto entries = entries_of(call, session, vocabulary);
  const auto total = static_cast<std::int64_t>(entries.size());
  entries.erase(entries.begin(),
                entries.begin() + static_cast<std::ptrdiff_t>(std::min(window.offset, entries.size())));
  if (entries.size() > window.limit) entries.resize(window.limit);
  Json items = entries_json(session, vocabulary, entries);
  if (used) {
    const auto counts = storage::carrier_counts(session, call.who, vocabulary, entries);
    for (std::size_t i = 0; i < entries.size(); ++i) items[i]["documents"] = counts[i];
  }
  send_list(call, window, std::move(items), static_cast<std::int64_t>(window.offset + window.limit) < total, total);
}

bool is_taken(storage::Session& session, Vocabulary vocabulary, const std::string& name) {
  const std::string wanted = core::fold_case(core::collapse_space(name));
  const auto similar = storage::list_names(session, vocabulary, name, kMostNamesListed);
  return std::any_of(similar.begin(), similar.end(),
                     [&](const NamedEntry& entry) { return core::fold_case(entry.name) == wanted; });
}

void create_name(Call& call, Api& api, const std::string& path, Vocabulary vocabulary) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  const auto parent =
      vocabulary == Vocabulary::tag ? body.nullable_number("parent").value_or(std::nullopt) : std::nullopt;
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  if (is_taken(tx, vocabulary, name)) throw Error(ErrorCode::conflict, "there is one with this name already");
  const NamedEntry entry = storage::ensure_name(tx, vocabulary, name);
  if (parent) storage::move_tag(tx, entry.id, parent);
  const Json json = entries_json(tx, vocabulary, {entry})[0];
  tx.commit();
  call.http.set_header("Location", path + "/" + std::to_string(entry.id));
  send_json(call.http, 201, json);
}

void change_name(Call& call, Api& api, Vocabulary vocabulary) {
  Fields body = Fields::of(call.http);
  const bool is_tag = vocabulary == Vocabulary::tag;
  const auto name = is_tag ? body.maybe_text("name") : std::optional(body.text("name"));
  const auto parent = is_tag ? body.nullable_number("parent") : std::nullopt;
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  if (name) storage::rename(tx, vocabulary, call.number("id"), *name);
  if (parent) storage::move_tag(tx, call.number("id"), *parent);
  const auto entry = storage::find_name(tx, vocabulary, call.number("id"));
  if (!entry) throw Error(ErrorCode::not_found, "there is no such entry");
  const Json json = entries_json(tx, vocabulary, {*entry})[0];
  tx.commit();
  send_json(call.http, 200, json);
}

void merge(Call& call, Api& api, Vocabulary vocabulary) {
  Fields body = Fields::of(call.http);
  const std::int64_t into = body.number("into");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t changed = storage::merge_names(tx, vocabulary, call.number("id"), into);
  tx.commit();
  send_json(call.http, 200, {{"documents", changed}});
}

void add_vocabulary(Router& router, Api& api, const std::string& path, Vocabulary vocabulary) {
  router.add("GET", path, Permission::read_documents,
             [&api, vocabulary](Call& call) { list_entries(call, api, vocabulary, false); });
  router.add("POST", path, Permission::edit_documents,
             [&api, path, vocabulary](Call& call) { create_name(call, api, path, vocabulary); });
  router.add("PATCH", path + "/{id}", Permission::edit_documents,
             [&api, vocabulary](Call& call) { change_name(call, api, vocabulary); });
  router.add("GET", path + "/used", Permission::manage_file_plan,
             [&api, vocabulary](Call& call) { list_entries(call, api, vocabulary, true); });
  router.add("POST", path + "/{id}/merge", Permission::manage_file_plan,
             [&api, vocabulary](Call& call) { merge(call, api, vocabulary); });
  router.add("DELETE", path + "/{id}", Permission::manage_file_plan, [&api, vocabulary](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::remove_name(tx, vocabulary, call.number("id"));
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace

void add_vocabularies(Router& router, Api& api) {
  add_vocabulary(router, api, "/api/v1/types", Vocabulary::type);
  add_vocabulary(router, api, "/api/v1/correspondents", Vocabulary::correspondent);
  add_vocabulary(router, api, "/api/v1/tags", Vocabulary::tag);
}

}  // namespace muniment::webui::api
