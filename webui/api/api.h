// The API's resources, one file each: add_NAME registers the routes of NAME.cpp. What they take and answer is described
// in openapi.yaml, which the contract test holds them to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/catalogue.h"
#include "storage/check_outs.h"
#include "storage/preset_filing.h"
#include "webui/fields.h"
#include "webui/read_audit.h"
#include "webui/router.h"
#include "webui/services.h"
#include "webui/sign_in.h"
#include "webui/web_server.h"

namespace muniment::webui::api {

using Json = nlohmann::ordered_json;

// What all handlers share; outlives the router.
struct Api {
  WebServices services;
  const WebOptions& options;
  SignIn& sign_in;
  ReadAudit& reads;
  std::stop_token stopping;        // ends the event streams
  const std::string event_stream;  // names this process in the identifiers of events, whose numbers start anew with it
};

// The identifier of the event of this number, as GET /events gives and takes it.
std::string event_id(const Api& api, std::uint64_t number);

void add_access_lists(Router& router, Api& api);
void add_accounts(Router& router, Api& api);
void add_admin(Router& router, Api& api);
void add_archive_imports(Router& router, Api& api);
void add_audit(Router& router, Api& api);
void add_barcode_rules(Router& router, Api& api);
void add_bulk_changes(Router& router, Api& api);
void add_document_actions(Router& router, Api& api);
void add_document_content(Router& router, Api& api);
void add_document_notes(Router& router, Api& api);
void add_document_versions(Router& router, Api& api);
void add_dispositions(Router& router, Api& api);
void add_documents(Router& router, Api& api);
void add_document_lists(Router& router, Api& api);
void add_events(Router& router, Api& api);
void add_file_plan(Router& router, Api& api);
void add_custom_fields(Router& router, Api& api);
void add_relations(Router& router, Api& api);
void add_saved_views(Router& router, Api& api);
void add_filing_rules(Router& router, Api& api);
void add_filing_suggestions(Router& router, Api& api);
void add_groups(Router& router, Api& api);
void add_health(Router& router, Api& api);
void add_holds(Router& router, Api& api);
void add_intake_folders(Router& router, Api& api);
void add_inventories(Router& router, Api& api);
void add_jobs(Router& router, Api& api);
void add_levels(Router& router, Api& api);
void add_loans(Router& router, Api& api);
void add_local(Router& router, Api& api);
void add_locations(Router& router, Api& api);
void add_mail_listener(Router& router, Api& api);
void add_mailboxes(Router& router, Api& api);
void add_network_scanners(Router& router, Api& api);
void add_paper(Router& router, Api& api);
void add_pages(Router& router, Api& api);
void add_plan_previews(Router& router, Api& api);
void add_printouts(Router& router, Api& api);
void add_privacy(Router& router, Api& api);
void add_records(Router& router, Api& api);
void add_reports(Router& router, Api& api);
void add_retention_events(Router& router, Api& api);
void add_scan_profiles(Router& router, Api& api);
void add_scan_stations(Router& router, Api& api);
void add_scans(Router& router, Api& api);
void add_schedules(Router& router, Api& api);
void add_search(Router& router, Api& api);
void add_second_factor(Router& router, Api& api);
void add_session(Router& router, Api& api);
void add_share_links(Router& router, Api& api);
void add_shared_documents(Router& router, Api& api);
void add_sources(Router& router, Api& api);
void add_tokens(Router& router, Api& api);
void add_transfers(Router& router, Api& api);
void add_uploads(Router& router, Api& api);
void add_vocabularies(Router& router, Api& api);
void add_workflows(Router& router, Api& api);

// The asker's own; 404 for whoever owns the data directory but has none.
storage::Account own_account(Call& call, Api& api);
// Answers with JSON that nobody but its reader may keep.
void send_json(Exchange& http, int status, const Json& body);
// The same, with the version as ETag; 304 when the asker has it already.
void send_versioned(Exchange& http, int status, std::int64_t version, const Json& body);
// The same for what tells more than its version does, such as what is in force today: never 304.
void send_as_of_now(Exchange& http, int status, std::int64_t version, const Json& body);
// 200 with a file to keep; `filename` is plain ASCII.
void send_attachment(Exchange& http, const std::string& content_type, const std::string& filename,
                     std::string_view bytes);
// 201 or 202 with Location.
void send_created(Exchange& http, const std::string& location, std::int64_t version, const Json& body);
void send_job(Exchange& http, std::int64_t job);

template <typename T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json time_json(const std::optional<core::Time>& time);
Json named_json(std::int64_t id, std::string_view name);
// Null without one, and for an identifier that no entry has.
Json entry_json(const std::optional<storage::NamedEntry>& entry);
Json entry_json(storage::Session& session, storage::Vocabulary vocabulary, std::optional<std::int64_t> id);
// Null for 0, the system itself.
Json person_json(std::int64_t account_id, std::string_view name);

// What `parse` makes of a name. Error(invalid_argument) that says `right` of `field`, a JSON pointer, where it knows
// none.
template <typename T>
T one_of(const std::string& name, std::optional<T> (*parse)(std::string_view), const char* field, const char* right) {
  const auto value = parse(name);
  if (!value) {
    throw core::Error(core::ErrorCode::invalid_argument, std::string(field).substr(1) + " " + right, {{field, right}});
  }
  return *value;
}

// Schemas DocumentListItem and Document, for one asker. Lives as long as one request.
class DocumentView {
 public:
  DocumentView(storage::Session& session, const storage::Principal& who) : session_(session), who_(who) {}

  // What is looked up for the rows of a page at once, before `item` is asked for each of them.
  void prepare(const std::vector<std::int64_t>& documents);
  Json item(const storage::Document& document, const std::vector<Snippet>& snippets = {});
  Json whole(const storage::Document& document, const ingest::Renditions& renditions);

 private:
  Json description(const storage::Document& document);
  Json check_out_json(std::int64_t document_id);
  Json list_json(const storage::Document& document);

  storage::Session& session_;
  const storage::Principal& who_;
  std::map<std::int64_t, Json> lists_;
  std::map<std::int64_t, storage::CheckOut> check_outs_;
  std::int64_t prepared_from_ = 0;
  std::int64_t prepared_through_ = -1;
};

Json job_json(storage::Session& session, const storage::Principal& who, const storage::Job& job);
Json account_json(storage::Session& session, const storage::Account& account);
// Schema Level.
Json level_json(storage::Session& session, std::int64_t number);
// Of what has `own` list, or inherits `effective`.
Json access_list_of_json(storage::Session& session, std::optional<std::int64_t> own, std::int64_t effective);

// The document of the path's {id}, for reading. Error(not_found).
storage::Document require_document(storage::Session& session, const Call& call);

// What is said beforehand of how something is filed: type, correspondent, tags, class, file_folder. The folder has no
// name for those who may not read what is in it.
Json preset_filing_json(storage::Session& session, const storage::Principal& who, const storage::PresetFiling& filing);
// type_id, correspondent_id, tag_ids, class_id, folder_id of the body; what it does not name stays.
void take_preset_filing(Fields& body, storage::PresetFiling& filing);

// The body's custom_fields, by key, as storage::DocumentChange takes them; none when it has no such field.
std::vector<std::pair<std::string, std::optional<std::string>>> custom_fields_of(Fields& body);

// What a list of documents is asked for: q, sort and f.NAME. Error(invalid_argument) for what is not known.
SearchRequest request_of(const Call& call);
// The documents that such a list holds now; one more than `most` when there are more.
std::vector<std::int64_t> found_by(const Call& call, Api& api, SearchRequest request, std::size_t most);

inline constexpr std::int64_t kMostListed = 200;  // in a page of a list

// A place in a list. A cursor goes only with the path and query that it was made for.
struct Window {
  std::size_t offset = 0;
  std::size_t limit = 50;
};
// From `limit` and `cursor`. Error(cursor_invalid) for a cursor that was altered or belongs to another query.
Window window_of(const Call& call);
// All of a list that is short, as JSON or CSV.
void send_items(Call& call, Json items);
// {items, next, total, total_exact}; `more` says whether something follows.
void send_list(Call& call, const Window& window, Json items, bool more, std::int64_t total, bool exact = true);
// "next" of a page: the cursor of what follows, or null. The header Link names what follows too, and what comes before
// where `window.limit` tells how far back that is.
Json link_pages(Call& call, const Window& window, bool more);
// RFC 8288: this request with another value of that parameter, without it if `value` is empty. `value` is plain.
std::string link_to(const Exchange& http, std::string_view relation, std::string_view parameter,
                    const std::string& value);
// The header Link, where it is not too long for one.
void send_links(Exchange& http, const std::vector<std::string>& links);

// The window's part of a list that is all in memory.
template <typename T, typename ToJson>
void send_window(Call& call, const std::vector<T>& all, const ToJson& to_json) {
  const Window window = window_of(call);
  Json items = Json::array();
  for (std::size_t i = window.offset; i < all.size() && i < window.offset + window.limit; ++i) {
    items.push_back(to_json(all[i]));
  }
  send_list(call, window, std::move(items), window.offset + window.limit < all.size(),
            static_cast<std::int64_t>(all.size()));
}
// Whether the query parameter `q` is part of the name, without regard to case.
bool matches_q(const Call& call, std::string_view name);
// send_window of those whose name matches `q`; `second_name` is an account's display name, say.
template <typename T, typename ToJson>
void send_matching(Call& call, std::vector<T> all, const ToJson& to_json, std::string T::*second_name = nullptr) {
  std::erase_if(all, [&](const T& item) {
    return !matches_q(call, item.name) && !(second_name != nullptr && matches_q(call, item.*second_name));
  });
  send_window(call, all, to_json);
}
// 200 with one thing as it is now; `find` answers Error(not_found) for one that is not there.
template <typename Find, typename ToJson>
void send_one(Call& call, Api& api, const Find& find, const ToJson& to_json) {
  auto session = api.services.database.read();
  const auto item = find(session, call.number("id"));
  send_versioned(call.http, 200, item.version, to_json(session, item));
}

}  // namespace muniment::webui::api
