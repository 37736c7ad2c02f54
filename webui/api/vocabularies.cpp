// Document types, correspondents and tags: three vocabularies with the same calls.
#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalogue.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::NamedEntry;
using storage::Permission;
using storage::Vocabulary;

namespace {

// A vocabulary is made by people; what is beyond this is found by typing more of the name.
constexpr std::size_t kMostListed = 10'000;

Json entry_json(const NamedEntry& entry) {
  return named_json(entry.id, entry.name);
}

bool is_taken(storage::Session& session, Vocabulary vocabulary, const std::string& name) {
  const std::string wanted = core::fold_case(core::collapse_space(name));
  const auto similar = storage::list_names(session, vocabulary, name, kMostListed);
  return std::any_of(similar.begin(), similar.end(),
                     [&](const NamedEntry& entry) { return core::fold_case(entry.name) == wanted; });
}

std::string name_of(Call& call) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  body.finish();
  return name;
}

void create(Call& call, Api& api, const std::string& path, Vocabulary vocabulary) {
  const std::string name = name_of(call);
  auto tx = api.services.database.begin(call.who.actor());
  if (is_taken(tx, vocabulary, name)) throw Error(ErrorCode::conflict, "there is one with this name already");
  const NamedEntry entry = storage::ensure_name(tx, vocabulary, name);
  tx.commit();
  call.http.set_header("Location", path + "/" + std::to_string(entry.id));
  send_json(call.http, 201, entry_json(entry));
}

void change(Call& call, Api& api, Vocabulary vocabulary) {
  const std::string name = name_of(call);
  auto tx = api.services.database.begin(call.who.actor());
  storage::rename(tx, vocabulary, call.number("id"), name);
  const auto entry = storage::find_name(tx, vocabulary, call.number("id"));
  tx.commit();
  send_json(call.http, 200, entry_json(entry.value()));
}

// With how many documents carry each, for those who tidy up.
void list_used(Call& call, Api& api, Vocabulary vocabulary) {
  const Window window = window_of(call);
  auto session = api.services.database.read();
  auto names = storage::list_names(session, vocabulary, call.http.query("q").value_or(""), kMostListed);
  const auto total = static_cast<std::int64_t>(names.size());
  names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(window.offset, names.size())));
  if (names.size() > window.limit) names.resize(window.limit);
  const auto counts = storage::carrier_counts(session, call.who, vocabulary, names);
  Json items = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Json item = entry_json(names[i]);
    item["documents"] = counts[i];
    items.push_back(std::move(item));
  }
  const bool more = static_cast<std::int64_t>(window.offset + window.limit) < total;
  send_json(call.http, 200,
            {{"items", std::move(items)},
             {"next", next_cursor(call, window, more)},
             {"total", total},
             {"total_exact", true}});
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
  router.add("GET", path, Permission::read_documents, [&api, vocabulary](Call& call) {
    auto session = api.services.database.read();
    const auto names = storage::list_names(session, vocabulary, call.http.query("q").value_or(""), kMostListed);
    send_window(call, names, entry_json);
  });
  router.add("POST", path, Permission::edit_documents,
             [&api, path, vocabulary](Call& call) { create(call, api, path, vocabulary); });
  router.add("PATCH", path + "/{id}", Permission::edit_documents,
             [&api, vocabulary](Call& call) { change(call, api, vocabulary); });
  router.add("GET", path + "/used", Permission::manage_file_plan,
             [&api, vocabulary](Call& call) { list_used(call, api, vocabulary); });
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
