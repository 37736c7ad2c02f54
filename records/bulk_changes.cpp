#include "records/bulk_changes.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/events.h"
#include "records/internal/bulk_change_json.h"
#include "records/records.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "storage/read_again.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::DocumentChange;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kOwner = "bulk";
constexpr std::size_t kChangedAtOnce = 100;
constexpr std::int64_t kMostRefusals = 100;

[[noreturn]] void refuse_change(const std::string& pointer, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, right, {{pointer, right}});
}

void require_names(Session& session, storage::Vocabulary vocabulary, const std::vector<std::int64_t>& ids,
                   const std::string& pointer) {
  for (const std::int64_t id : ids) {
    if (!storage::find_name(session, vocabulary, id)) refuse_change(pointer, "names an entry that does not exist");
  }
}

std::vector<std::int64_t> named(const std::optional<std::optional<std::int64_t>>& id) {
  return id && *id ? std::vector<std::int64_t>{**id} : std::vector<std::int64_t>();
}

bool moves(const BulkChange& change) {
  return change.class_id || change.folder_id;
}

bool describes(const BulkChange& change) {
  return !change.add_tags.empty() || !change.remove_tags.empty() || change.type_id || change.correspondent_id ||
         change.date || moves(change) || !change.custom_fields.empty();
}

void require_sensible(Session& session, const Principal& who, const BulkChange& change) {
  const int kinds = int{describes(change) || change.declare} + int{change.access_list.has_value()} +
                    int{change.event.has_value()} + int{change.trash} + int{change.restore} + int{change.read_again};
  if (kinds == 0) refuse_change("/change", "says nothing that would be changed");
  if (kinds > 1)
    refuse_change("/change",
                  "an access list, an event, the trash, the way back and reading again go with nothing else");
  require_names(session, storage::Vocabulary::tag, change.add_tags, "/change/add_tags");
  require_names(session, storage::Vocabulary::type, named(change.type_id), "/change/type");
  require_names(session, storage::Vocabulary::correspondent, named(change.correspondent_id), "/change/correspondent");
  if (change.declare) who.require(storage::Permission::declare_records);
  if (change.access_list) {
    who.require(storage::Permission::manage_access);
    for (const std::int64_t list : named(change.access_list)) {
      if (!storage::find_access_list(session, list)) {
        refuse_change("/change/access_list", "names an entry that does not exist");
      }
    }
  }
  if (change.event) {
    who.require(storage::Permission::manage_records);
    checked_event_name(change.event->name);
  }
}

// Of custom fields the log gets the keys alone, of an event its date: the entry is no document's, so a value would
// outlive all of them. Each
// document has an entry of its own that says it, and that goes with the document.
std::int64_t enqueue(Transaction& tx, const std::string& parameters, std::size_t documents, std::string_view action) {
  const std::int64_t job = storage::enqueue_job(tx, kBulkJob, std::nullopt, storage::kInteractive, parameters);
  Json change = Json::parse(parameters);
  if (change.contains("custom_fields")) {
    for (Json& field : change["custom_fields"]) field = Json(field["key"]);
  }
  if (change.contains("event")) change["event"].erase("name");
  tx.audit({std::string(action), "job", job, "", Json{{"documents", documents}, {"change", change}}.dump()});
  return job;
}

// What is wanted of one document, and what would take it back.
struct Plan {
  DocumentChange change;
  BulkChange undo;
  bool changes = false;
  bool undoable = true;
};

void plan_tags(Plan& plan, const Document& before, const BulkChange& wanted) {
  std::vector<std::int64_t> tags;
  for (const storage::NamedEntry& tag : before.tags) {
    if (std::ranges::find(wanted.remove_tags, tag.id) == wanted.remove_tags.end()) {
      tags.push_back(tag.id);
    } else {
      plan.undo.add_tags.push_back(tag.id);
    }
  }
  for (const std::int64_t tag : wanted.add_tags) {
    if (std::ranges::find(tags, tag) != tags.end()) continue;
    tags.push_back(tag);
    plan.undo.remove_tags.push_back(tag);
  }
  if (plan.undo.add_tags.empty() && plan.undo.remove_tags.empty()) return;
  plan.change.tag_ids = std::move(tags);
  plan.changes = true;
}

void plan_fields(Session& session, const Principal& who, Plan& plan, const Document& before, const BulkChange& wanted) {
  if (wanted.custom_fields.empty()) return;
  const auto values = storage::custom_values(session, who, before, storage::list_custom_fields(session));
  for (const auto& [key, value] : wanted.custom_fields) {
    const auto found = std::ranges::find(values, key, [](const auto& one) { return one.field.key; });
    const bool has_value = found != values.end() && !found->value.empty();
    if (found != values.end() && found->hidden) plan.undoable = false;  // its old value is not this person's to know
    if (value == (has_value ? std::optional(found->value) : std::nullopt)) continue;
    plan.change.custom_fields.emplace_back(key, value);
    plan.undo.custom_fields.emplace_back(key, has_value ? std::optional(found->value) : std::nullopt);
    plan.changes = true;
  }
}

template <typename T>
void plan_one(std::optional<std::optional<T>>& change, std::optional<std::optional<T>>& undo, Plan& plan,
              const std::optional<std::optional<T>>& wanted, const std::optional<T>& before) {
  if (!wanted || *wanted == before) return;
  change = wanted;
  undo = before;
  plan.changes = true;
}

Plan plan_for(Session& session, const Principal& who, const Document& before, const BulkChange& wanted) {
  const auto id_of = [](const auto& entry) { return entry ? std::optional(entry->id) : std::nullopt; };
  Plan plan;
  plan_tags(plan, before, wanted);
  plan_one(plan.change.type_id, plan.undo.type_id, plan, wanted.type_id, id_of(before.type));
  plan_one(plan.change.correspondent_id, plan.undo.correspondent_id, plan, wanted.correspondent_id,
           id_of(before.correspondent));
  plan_one(plan.change.date, plan.undo.date, plan, wanted.date, before.date);
  plan_one(plan.change.own_access_list, plan.undo.access_list, plan, wanted.access_list, before.own_access_list);
  plan_fields(session, who, plan, before, wanted);
  const bool elsewhere = (wanted.folder_id && *wanted.folder_id != before.folder_id) ||
                         (wanted.class_id && *wanted.class_id != before.class_id);
  if (elsewhere) {
    plan.change.class_id = wanted.class_id;
    plan.change.folder_id = wanted.folder_id;
    plan.undo.class_id = before.class_id;
    plan.undo.folder_id = before.folder_id;
    plan.changes = true;
  }
  return plan;
}

void require_may_file(Session& session, const Principal& who, const Document& before, const DocumentChange& change) {
  if (!change.class_id && !change.folder_id) return;
  storage::require_may_file_in(session, who, change.folder_id.value_or(before.folder_id),
                               change.class_id.value_or(before.class_id));
}

struct ChangeOutcome {
  bool changed = false;
  std::optional<std::string> undo;
};

// The event happened to it, or did not happen after all.
ChangeOutcome apply_event(Transaction& tx, const Principal& who, std::int64_t id, const BulkChange& wanted) {
  if (wanted.withdraw_event) {
    correct_event(tx, who, *wanted.withdraw_event, std::nullopt, "The bulk change that recorded it was taken back");
    return {true, std::nullopt};
  }
  BulkChange back;
  back.withdraw_event = record_event(tx, who, wanted.event->name, wanted.event->date, {{id, std::nullopt}}).front();
  return {true, to_json(back)};
}

ChangeOutcome apply(Transaction& tx, const Principal& who, std::int64_t id, const BulkChange& wanted,
                    std::optional<std::int64_t> expected_version) {
  const auto by = wanted.access_list ? storage::Permission::manage_access : storage::Permission::edit_documents;
  const Document before = storage::changeable_document(tx, who, id, by);
  if (expected_version && before.version != *expected_version) {
    throw Error(ErrorCode::conflict, "it has been changed again since; look at it and decide");
  }
  if (wanted.event || wanted.withdraw_event) return apply_event(tx, who, id, wanted);
  if (wanted.read_again) {
    if (before.state != storage::DocumentState::quarantined) return {};
    storage::read_again(tx, who, id, storage::kBulk);
    return {true, std::nullopt};
  }
  BulkChange back;
  if (wanted.trash || wanted.restore) {
    if (before.trashed_at.has_value() == wanted.trash) return {};
    if (wanted.trash) {
      storage::trash_document(tx, who, id);
    } else {
      storage::restore_document(tx, who, id);
    }
    back.restore = wanted.trash;
    back.trash = wanted.restore;
    return {true, to_json(back)};
  }
  const Plan plan = plan_for(tx, who, before, wanted);
  const bool declares = wanted.declare && !before.is_record;
  if (!plan.changes && !declares) return {};
  if (plan.changes) {
    require_may_file(tx, who, before, plan.change);
    storage::change_document(tx, who, id, before.version, plan.change);
  }
  if (!declares) return {true, plan.undoable ? std::optional(to_json(plan.undo)) : std::nullopt};
  records::declare(tx, who, id);
  return {true, std::nullopt};
}

// Whether it says something of the one document rather than of the service.
bool concerns_document(ErrorCode code) {
  return code == ErrorCode::not_found || code == ErrorCode::forbidden || code == ErrorCode::conflict ||
         code == ErrorCode::stale || code == ErrorCode::invalid_argument;
}

// Whether the service may be able to go on later as if nothing had been. Then it could not note a failure either.
bool passes(ErrorCode code) {
  return code == ErrorCode::storage_full || code == ErrorCode::unavailable || code == ErrorCode::io;
}

struct Item {
  std::int64_t position = 0;
  std::int64_t document_id = 0;
  std::optional<std::string> change;
  std::optional<std::int64_t> expected_version;
};

std::vector<Item> next_items(storage::Database& database, std::int64_t job) {
  auto session = database.read();
  std::vector<Item> items;
  for (const auto& [position, document, change, version] :
       session.rows<std::int64_t, std::int64_t, std::optional<std::string>, std::optional<std::int64_t>>(
           "SELECT position, document_id, change, expected_version FROM bulk_item "
           "WHERE job_id = $1 AND outcome IS NULL ORDER BY position LIMIT $2",
           job, kChangedAtOnce)) {
    items.push_back({position, document, change, version});
  }
  return items;
}

void record(Transaction& tx, std::int64_t job, const Item& item, std::string_view outcome, std::string_view problem,
            const std::optional<std::string>& undo) {
  const auto version = tx.value<std::int64_t>("SELECT version FROM document WHERE id = $1", item.document_id);
  tx.execute(
      "UPDATE bulk_item SET outcome = $1, problem = $2, undo = $3, version = $4 WHERE job_id = $5 AND position = $6",
      outcome, problem, undo, version, job, item.position);
}

// False when the job was cancelled: then nothing was done.
bool perform(storage::Database& database, const Principal& who, const storage::Job& job, const BulkChange& common,
             const Item& item) {
  const auto still_ours = [&](Transaction& tx) {
    return storage::report_progress(tx, job.id, kOwner, "changing", item.position - 1, job.pages);
  };
  try {
    auto tx = database.begin(who.actor());
    if (!still_ours(tx)) return false;
    const ChangeOutcome outcome =
        apply(tx, who, item.document_id, item.change ? from_json(*item.change) : common, item.expected_version);
    record(tx, job.id, item, outcome.changed ? "changed" : "unchanged", "", outcome.undo);
    tx.commit();
    return true;
  } catch (const Error& error) {
    if (!concerns_document(error.code())) throw;
    auto tx = database.begin(who.actor());
    if (!still_ours(tx)) return false;
    record(tx, job.id, item, "refused", error.message(), std::nullopt);
    tx.commit();
    return true;
  }
}

BulkReport counted(Session& session, std::int64_t job) {
  BulkReport report;
  for (const auto& [outcome, count, undoable] : session.rows<std::optional<std::string>, std::int64_t, std::int64_t>(
           "SELECT outcome, count(*), count(undo) FROM bulk_item WHERE job_id = $1 GROUP BY outcome", job)) {
    report.documents += count;
    if (outcome == "changed") report.changed = count;
    if (outcome == "unchanged") report.unchanged = count;
    if (outcome == "refused") report.refused = count;
    report.undoable = report.undoable || undoable > 0;
  }
  return report;
}

// Who began the job, with the rights of this moment; empty when the account is no longer active.
std::optional<Principal> beginner(storage::Database& database, const storage::Job& job) {
  auto session = database.read();
  if (job.created_by == 0) return storage::system_principal(session, "bulk change");
  return storage::load_principal(session, job.created_by, "bulk change");
}

void finish(storage::Database& database, const Principal& who, const storage::Job& job) {
  auto tx = database.begin(who.actor());
  const BulkReport report = counted(tx, job.id);
  const std::string result =
      Json{{"changed", report.changed}, {"unchanged", report.unchanged}, {"refused", report.refused}}.dump();
  if (!storage::finish_job(tx, job.id, kOwner, result)) return;
  tx.audit({"documents.bulk_change_finished", "job", job.id, "", result});
  tx.commit();
}

void fail(storage::Database& database, const storage::Job& job, ErrorCode code, std::string_view problem) {
  auto tx = database.begin(storage::Actor::system("bulk change"));
  storage::fail_job(tx, job.id, kOwner, core::code_name(code), problem);
  tx.commit();
}

}  // namespace

std::int64_t begin_bulk_change(Transaction& tx, const Principal& who, const std::vector<std::int64_t>& documents,
                               const BulkChange& change) {
  who.require(storage::Permission::edit_documents);
  require_sensible(tx, who, change);
  if (documents.size() > kMostInBulk) {
    throw Error(ErrorCode::too_large, "these are more than 100000 documents; narrow the list down");
  }
  std::set<std::int64_t> taken;
  std::vector<std::int64_t> in_order;
  for (const std::int64_t id : documents) {
    // What was disposed of is as if it had never been, also while it can be restored.
    const auto list =
        tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1 AND withdrawn_at IS NULL", id);
    if (list && who.may_read(*list) && taken.insert(id).second) in_order.push_back(id);
  }
  if (in_order.empty()) refuse_change("/documents", "no document fits; name at least one");
  const std::int64_t job = enqueue(tx, to_json(change), in_order.size(), "documents.bulk_change");
  std::int64_t position = 0;
  for (const std::int64_t id : in_order) {
    tx.execute("INSERT INTO bulk_item (job_id, position, document_id) VALUES ($1, $2, $3)", job, ++position, id);
  }
  tx.execute("UPDATE job SET pages = $1 WHERE id = $2", position, job);
  return job;
}

std::int64_t begin_bulk_undo(Transaction& tx, const Principal& who, std::int64_t job_id) {
  const auto before = storage::find_job(tx, job_id);
  if (!before || before->kind != kBulkJob || before->created_by != who.account_id) {
    throw Error(ErrorCode::not_found, "there is no such change of yours");
  }
  if (before->state == storage::JobState::queued || before->state == storage::JobState::running) {
    throw Error(ErrorCode::conflict, "this change goes on; cancel it first");
  }
  const auto undone = tx.rows<std::int64_t, std::string, std::int64_t>(
      "SELECT document_id, undo, version FROM bulk_item WHERE job_id = $1 AND undo IS NOT NULL ORDER BY position",
      job_id);
  if (undone.empty()) throw Error(ErrorCode::conflict, "nothing of this change can be taken back");
  // The work goes on as the account, when the token that asks now is forgotten.
  const BulkChange back = from_json(std::get<1>(undone.front()));
  if (back.withdraw_event) who.require(storage::Permission::manage_records);
  if (back.access_list) who.require(storage::Permission::manage_access);
  const std::int64_t job = enqueue(tx, Json{{"undoes", job_id}}.dump(), undone.size(), "documents.bulk_change_undone");
  std::int64_t position = 0;
  for (const auto& [document, change, version] : undone) {
    tx.execute(
        "INSERT INTO bulk_item (job_id, position, document_id, change, expected_version) VALUES ($1, $2, $3, $4, $5)",
        job, ++position, document, change, version);
  }
  tx.execute("UPDATE job SET pages = $1 WHERE id = $2", position, job);
  return job;
}

bool perform_bulk_change(storage::Database& database, const std::function<bool()>& stopped) {
  std::optional<storage::Job> job;
  {
    auto tx = database.begin(storage::Actor::system("bulk change"));
    // Nobody else runs them: what runs by its name was left when neither going on nor saying so was possible.
    for (const auto& [left] : tx.rows<std::int64_t>(
             "SELECT id FROM job WHERE kind = $1 AND owner = $2 AND state = 'running'", kBulkJob, kOwner)) {
      storage::release_job(tx, left, kOwner);
    }
    job = storage::claim_job(tx, kBulkJob, kOwner);
    if (!job) return false;
    tx.commit();
  }
  const BulkChange common = from_json(job->parameters);
  try {
    for (;;) {
      const auto who = beginner(database, *job);
      if (!who) {
        fail(database, *job, ErrorCode::forbidden, "the account that began this is no longer active");
        return true;
      }
      const auto items = next_items(database, job->id);
      if (items.empty()) {
        finish(database, *who, *job);
        return true;
      }
      for (const Item& item : items) {
        if (stopped()) {
          auto tx = database.begin(storage::Actor::system("bulk change"));
          storage::release_job(tx, job->id, kOwner);
          tx.commit();
          return false;
        }
        if (!perform(database, *who, *job, common, item)) return true;
      }
    }
  } catch (const Error& error) {
    if (passes(error.code())) throw;
    fail(database, *job, error.code(), error.message());
    return true;
  }
}

std::optional<BulkReport> bulk_report(Session& session, const Principal& who, std::int64_t job_id) {
  const auto job = storage::find_job(session, job_id);
  if (!job || job->kind != kBulkJob || job->created_by != who.account_id) return std::nullopt;
  BulkReport report = counted(session, job_id);
  for (const auto& [id, problem] : session.rows<std::int64_t, std::string>(
           "SELECT document_id, problem FROM bulk_item WHERE job_id = $1 AND outcome = 'refused' "
           "ORDER BY position LIMIT $2",
           job_id, kMostRefusals)) {
    if (const auto document = storage::find_document(session, who, id)) {
      report.refusals.push_back({id, document->title, problem});
    }
  }
  return report;
}

}  // namespace muniment::records
