// Disposition: what is due, batches and their approval, what was done.
#include <set>

#include "core/error.h"
#include "records/certificate.h"
#include "records/disposal.h"
#include "records/disposition.h"
#include "records/report.h"
#include "records/standings.h"
#include "webui/api/list_csv.h"
#include "webui/api/paper_json.h"
#include "webui/api/tombstones.h"
#include "webui/printouts.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::Batch;
using storage::Permission;

namespace {

constexpr std::size_t kBatchItemsAtOnce = 200;

Json batch_json(const Batch& batch) {
  Json approvals = Json::array();
  for (const auto& approval : batch.approvals) {
    approvals.push_back({{"by", person_json(approval.account_id, approval.name)},
                         {"approved", approval.approved},
                         {"comment", approval.comment},
                         {"at", core::to_rfc3339(approval.at)}});
  }
  return {{"id", batch.id},
          {"version", batch.version},
          {"title", batch.title},
          {"action", records::action_name(batch.action)},
          {"state", records::batch_state_name(batch.state)},
          {"evaluated_on", core::to_iso(batch.evaluated_on)},
          {"approvals_needed", batch.approvals_needed},
          {"proposed_at", core::to_rfc3339(batch.proposed_at)},
          {"proposed_by", person_json(batch.proposed_by, batch.proposed_by_name)},
          {"reason", batch.reason},
          {"executed_at", time_json(batch.executed_at)},
          {"executed_by", batch.executed_at ? person_json(batch.executed_by, batch.executed_by_name) : Json()},
          {"certificate", nullable(batch.certificate)},
          {"copy_schedule", batch.copy_schedule ? named_json(*batch.copy_schedule, batch.copy_schedule_code) : Json()},
          {"approvals", std::move(approvals)},
          {"records", batch.items},
          {"pending", batch.pending}};
}

Json item_json(const records::BatchItem& item) {
  return {{"id", item.document_id},
          {"readable", item.readable},
          {"title", item.title},
          {"class", item.class_code},
          {"schedule", item.schedule_code},
          {"schedule_version", item.schedule_version},
          {"retain_through", item.readable ? Json(core::to_iso(item.retain_through)) : Json()},
          {"content_hash", item.content_hash},
          {"outcome", records::outcome_name(item.outcome)},
          {"reason", item.reason},
          {"decided_at", time_json(item.decided_at)}};
}

Json due_json(const records::DueRecord& due) {
  return {{"id", due.document_id},
          {"title", due.title},
          {"class", due.class_code},
          {"folder", due.folder},
          {"action", records::action_name(due.action)},
          {"standing", due.standing == records::Standing::running ? "due" : records::standing_name(due.standing)},
          {"retain_through", core::to_iso(due.retain_through)},
          {"eligible_from", core::to_iso(due.eligible_from)},
          {"deadline", date_json(due.deadline)},
          {"schedule", due.schedule_code},
          {"authority", due.authority},
          {"holds", due.holds}};
}

Batch require_batch(storage::Session& session, std::int64_t id) {
  auto batch = records::find_batch(session, id);
  if (!batch) throw Error(ErrorCode::not_found, "there is no such batch");
  return std::move(*batch);
}

records::Action batch_action(const std::string& name) {
  const auto action = records::parse_action(name);
  if (action == records::Action::destroy || action == records::Action::transfer) return *action;
  throw Error(ErrorCode::invalid_argument, "must be destroy or transfer", {{"/action", "must be destroy or transfer"}});
}

void send_due(Call& call, Api& api) {
  auto session = api.services.database.read();
  const core::Date on = day_of(call, session, api);
  records::DueFilter filter;
  if (call.http.query("class")) filter.class_id = call.number_query("class", 0, 1, INT64_MAX);
  if (const auto name = call.http.query("action")) filter.action = records::parse_action(*name);
  filter.overdue = call.truth_query("overdue");
  const Window window = window_of(call);
  const auto page = records::list_due(session, call.who, on, filter, window.offset, window.limit + 1);
  Json items = Json::array();
  for (std::size_t i = 0; i < page.records.size() && i < window.limit; ++i) {
    items.push_back(due_json(page.records[i]));
  }
  send_list(call, window, std::move(items), page.records.size() > window.limit, page.total,
            page.total < records::kMostCounted);
}

// What is due today and nothing stands against.
std::vector<std::int64_t> all_free(Call& call, Api& api, records::Action action, std::optional<std::int64_t> class_id) {
  auto session = api.services.database.read();
  const core::Date today = records::today(session, api.services.clock.now());
  auto free = records::free_records(session, call.who, today, action, class_id, records::kLargestBatch);
  std::erase_if(free, [&](std::int64_t id) {
    const auto record = records::find_record(session, id);
    return !record || records::obstacle_to_disposal(session, id, action, record->content_hash, today);
  });
  if (free.empty()) throw Error(ErrorCode::conflict, "nothing is due and free for that action today");
  return free;
}

std::vector<std::int64_t> proposed_documents(Call& call, Api& api, Fields& body, records::Action action) {
  if (body.has("all_free") == body.has("documents")) {
    throw Error(ErrorCode::invalid_argument, "give either documents or all_free",
                {{"/documents", "either this or all_free"}});
  }
  if (body.has("documents")) return documents_of(body);
  Fields which = body.object("all_free");
  const auto class_id = which.nullable_number("class").value_or(std::nullopt);
  which.finish();
  return all_free(call, api, action, class_id);
}

void propose(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  records::NewBatch wanted;
  wanted.title = body.text("title");
  wanted.action = batch_action(body.text("action"));
  wanted.reason = body.maybe_text("reason").value_or("");
  wanted.documents = proposed_documents(call, api, body, wanted.action);
  wanted.copy_schedule = body.nullable_number("copy_schedule").value_or(std::nullopt);
  const std::int64_t configured = api.options.disposition_approvals;
  const std::int64_t needed = body.maybe_number("approvals_needed").value_or(configured);
  body.finish();
  if (needed < configured || needed > 2) {
    const std::string right = configured == 2 ? "must be 2" : "must be 1 or 2";
    throw Error(ErrorCode::invalid_argument, right, {{"/approvals_needed", right}});
  }
  wanted.approvals_needed = static_cast<int>(needed);
  auto tx = api.services.database.begin(call.who.actor());
  const Batch batch =
      require_batch(tx, records::propose_batch(tx, call.who, wanted, records::today(tx, api.services.clock.now())));
  tx.commit();
  send_created(call.http, "/api/v1/dispositions/" + std::to_string(batch.id), batch.version, batch_json(batch));
}

using Decide = void (*)(storage::Transaction&, const storage::Principal&, std::int64_t, std::int64_t, std::string_view);
void decide_batch(Call& call, Api& api, Decide act, const char* field, bool required) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::string words = required ? body.text(field) : body.maybe_text(field).value_or("");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  act(tx, call.who, call.number("id"), version, words);
  const Batch batch = require_batch(tx, call.number("id"));
  tx.commit();
  send_versioned(call.http, 200, batch.version, batch_json(batch));
}

void send_batch_items(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Batch batch = require_batch(session, call.number("id"));
  const std::int64_t after = call.number_query("after", 0, 0, INT64_MAX);
  Json items = Json::array();
  const std::size_t most = wants_csv(call) ? kMostInCsv : kBatchItemsAtOnce;
  for (const auto& item : records::batch_items(session, call.who, batch.id, after, most)) {
    items.push_back(item_json(item));
  }
  const bool more = items.size() == most;
  if (wants_csv(call)) return send_list_csv(call, items, more);
  send_json(call.http, 200, {{"items", std::move(items)}, {"more", more}});
}

void check(Call& call, Api& api) {
  core::Date today;
  std::set<std::int64_t> hidden;
  {
    auto session = api.services.database.read();
    const Batch batch = require_batch(session, call.number("id"));
    today = records::today(session, api.services.clock.now());
    for (const auto& item : records::batch_items(session, call.who, batch.id, 0, records::kLargestBatch)) {
      if (!item.readable) hidden.insert(item.document_id);
    }
  }
  Json items = Json::array();
  for (const auto& [id, obstacle] : api.services.disposal.dry_run(call.who, call.number("id"), today)) {
    const bool told = !hidden.contains(id);
    items.push_back(
        {{"id", id}, {"obstacle", obstacle.empty() ? Json() : Json(told ? obstacle : "you may not read this record")}});
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

void execute(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  api.services.operations.start_disposition(call.who, call.number("id"), version);
  auto session = api.services.database.read();
  const Batch batch = require_batch(session, call.number("id"));
  call.http.set_header("ETag", "\"" + std::to_string(batch.version) + "\"");
  send_json(call.http, 202, batch_json(batch));
}

void restore_batch(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t document = body.number("document");
  const std::string reason = body.text("reason");
  body.finish();
  api.services.disposal.restore(call.who, call.number("id"), document, reason);
  call.http.send_empty(204);
}

void take_out(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t document = body.number("document");
  const std::string reason = body.text("reason");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  records::take_out_of_batch(tx, call.who, call.number("id"), document, reason);
  const Batch batch = require_batch(tx, call.number("id"));
  tx.commit();
  send_versioned(call.http, 200, batch.version, batch_json(batch));
}

Json transfer_json(const records::Certificate& certificate) {
  if (!certificate.package) return nullptr;
  const auto& receipt = certificate.receipt;
  return {{"package", certificate.package->package_id},
          {"sha256", certificate.package->hash.hex()},
          {"received_by", receipt ? Json(receipt->received_by) : Json()},
          {"received_on", receipt ? Json(core::to_iso(receipt->received_on)) : Json()},
          {"files_compared", receipt ? receipt->files_compared : 0}};
}

// What was done, and no more than that.
Json whole_certificate_json(const records::Certificate& certificate) {
  Json list = Json::array();
  for (const auto& [item, tombstone, paper] : certificate.records) {
    list.push_back({{"id", item.document_id},
                    {"readable", item.readable},
                    {"outcome", records::outcome_name(item.outcome)},
                    {"reason", item.reason},
                    {"class", item.class_code},
                    {"schedule", item.schedule_code},
                    {"schedule_version", item.schedule_version},
                    {"retain_through", item.readable ? Json(core::to_iso(item.retain_through)) : Json()},
                    {"content_hash", item.content_hash},
                    {"decided_at", time_json(item.decided_at)},
                    {"purged_at", tombstone ? time_json(tombstone->purged_at) : Json()},
                    {"verified_at", tombstone ? time_json(tombstone->verified_at) : Json()},
                    {"medium", tombstone ? Json(tombstone->medium) : Json()},
                    {"paper", paper_destruction_json(paper)},
                    {"files", tombstone ? Json::parse(tombstone->components) : Json::array()}});
  }
  return {
      {"batch", batch_json(certificate.batch)},
      {"as_of", core::to_rfc3339(certificate.as_of)},
      {"complete", certificate.complete},
      {"transfer", transfer_json(certificate)},
      {"records", std::move(list)},
      {"statement",
       "Of the records listed, those with the outcome \"purged\" have been destroyed, those with \"destroyed\" "
       "are withdrawn and can still be restored, and all others are kept. Custody of those with \"transferred\" has "
       "passed to the receiver. Backups that were made before a record was destroyed hold it until they expire."}};
}

void send_certificate_json(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_json(call.http, 200, whole_certificate_json(records::certificate(session, call.who, call.number("id"))));
}

void send_today(Call& call, Api& api) {
  auto session = api.services.database.read();
  send_json(call.http, 200,
            {{"today", core::to_iso(records::today(session, api.services.clock.now()))},
             {"set", records::demonstration_day(session).has_value()},
             {"may_be_set", api.options.demonstration}});
}

void set_today(Call& call, Api& api) {
  if (!api.options.demonstration) {
    throw Error(ErrorCode::conflict, "only a demonstration archive can have another day (the key \"demonstration\")");
  }
  Fields body = Fields::of(call.http);
  const auto day = body.nullable_date("today");
  body.finish();
  if (!day) throw Error(ErrorCode::invalid_argument, "today is required", {{"/today", "a date, or null"}});
  auto tx = api.services.database.begin(call.who.actor());
  records::set_demonstration_day(tx, *day);
  tx.commit();
  api.services.operations.records_changed();
  send_today(call, api);
}

void send_batches(Call& call, Api& api) {
  std::optional<records::BatchState> state;
  if (const auto name = call.http.query("state")) state = records::parse_batch_state(*name);
  auto session = api.services.database.read();
  const Window window = window_of(call);
  const std::int64_t total = records::batch_count(session, state);
  Json items = Json::array();
  for (const Batch& batch : records::list_batches(session, state, window.offset, window.limit)) {
    items.push_back(batch_json(batch));
  }
  send_list(call, window, std::move(items), static_cast<std::int64_t>(window.offset + window.limit) < total, total);
}

}  // namespace

void add_dispositions(Router& router, Api& api) {
  const std::string path = "/api/v1/dispositions";
  const auto add = [&](const char* method, const std::string& pattern, Needs needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("GET", "/api/v1/retention/due", Permission::propose_disposition, send_due);
  router.add("GET", "/api/v1/retention/today", SignedIn{}, [&api](Call& call) { send_today(call, api); });
  add("PUT", "/api/v1/retention/today", Permission::propose_disposition, set_today);
  router.add("GET", path, kOfBatches, [&api](Call& call) { send_batches(call, api); });
  add("POST", path, Permission::propose_disposition, propose);
  router.add("GET", path + "/{id}", kOfBatches, [&api](Call& call) {
    auto session = api.services.database.read();
    const Batch batch = require_batch(session, call.number("id"));
    send_versioned(call.http, 200, batch.version, batch_json(batch));
  });
  add("GET", path + "/{id}/records", kOfBatches, send_batch_items);
  add("GET", path + "/{id}/check", kOfBatches, check);
  router.add("POST", path + "/{id}/approve", Permission::approve_disposition,
             [&api](Call& call) { decide_batch(call, api, records::approve_batch, "comment", false); });
  router.add("POST", path + "/{id}/reject", Permission::approve_disposition,
             [&api](Call& call) { decide_batch(call, api, records::reject_batch, "reason", true); });
  router.add("POST", path + "/{id}/withdraw", Permission::propose_disposition,
             [&api](Call& call) { decide_batch(call, api, records::withdraw_batch, "reason", true); });
  add("POST", path + "/{id}/execute", Permission::propose_disposition, execute);
  add("POST", path + "/{id}/remove", Permission::propose_disposition, take_out);
  add("POST", path + "/{id}/restore", Permission::propose_disposition, restore_batch);
  add("GET", path + "/{id}/certificate", kOfBatches, send_certificate_json);
  add_tombstones(router, api);
}

}  // namespace muniment::webui::api

namespace muniment::webui {

std::string certificate_json(const records::Certificate& certificate) {
  return api::whole_certificate_json(certificate).dump(2) + "\n";
}

}  // namespace muniment::webui
