#include "records/holds.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/batch_removal.h"
#include "records/internal/obstacles.h"
#include "records/internal/people.h"
#include "storage/as_seen.h"
#include "storage/index_queue.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

HoldTerms cleaned(HoldTerms terms) {
  const auto clean = [](std::string& text, const char* pointer, std::size_t most) {
    text = std::string(core::trim(core::to_nfc(text)));
    if (text.empty() || text.size() > most) {
      const std::string right = "must have 1 to " + std::to_string(most) + " bytes";
      throw Error(ErrorCode::invalid_argument, right, {{pointer, right}});
    }
  };
  clean(terms.title, "/title", 500);
  clean(terms.reason, "/reason", 5000);
  terms.query = std::string(core::trim(core::to_nfc(terms.query)));
  if (terms.query.size() > 2000) {
    throw Error(ErrorCode::invalid_argument, "a query has at most 2000 bytes", {{"/query", "at most 2000 bytes"}});
  }
  return terms;
}

std::string as_json(const HoldTerms& terms) {
  return Json{{"title", terms.title},
              {"reason", terms.reason},
              {"query", terms.query},
              {"confidential", terms.confidential},
              {"custodians", terms.custodians}}
      .dump();
}

Hold require_open_hold(Session& session, const Principal& who, std::int64_t id) {
  who.require(Permission::manage_holds);
  auto hold = find_hold(session, id);
  if (!hold) throw Error(ErrorCode::not_found, "there is no such hold");
  if (hold->released_at) throw Error(ErrorCode::conflict, "this hold has been released; place another");
  return std::move(*hold);
}

void write_custodians(Transaction& tx, std::int64_t id, const std::vector<std::int64_t>& custodians) {
  for (const std::int64_t account : custodians) {
    if (!tx.value<std::int64_t>("SELECT id FROM account WHERE id = $1", account)) {
      throw Error(ErrorCode::invalid_argument, "there is no account " + std::to_string(account),
                  {{"/custodians", "each must be the identifier of an account"}});
    }
    tx.execute("INSERT INTO hold_custodian (hold_id, account_id, asked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
               id, account, tx.now());
  }
  for (const auto& [account] : tx.rows<std::int64_t>("SELECT account_id FROM hold_custodian WHERE hold_id = $1", id)) {
    if (std::find(custodians.begin(), custodians.end(), account) != custodians.end()) continue;
    tx.execute("DELETE FROM hold_custodian WHERE hold_id = $1 AND account_id = $2", id, account);
  }
}

// `again` holds what was released from this hold before. True when it is held now and was not before.
bool add_item(Transaction& tx, std::int64_t hold_id, std::int64_t document_id, std::string_view origin, bool again) {
  std::int64_t added = tx.execute(
      "INSERT INTO hold_item (hold_id, document_id, origin, added_at, added_by) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT DO NOTHING",
      hold_id, document_id, origin, tx.now(), author(tx));
  if (added == 0 && again) {
    added = tx.execute(
        "UPDATE hold_item SET released_at = NULL, released_by = NULL WHERE hold_id = $1 AND document_id = $2 "
        "AND released_at IS NOT NULL",
        hold_id, document_id);
  }
  if (added == 0) return false;
  // Whatever was under way for it stops.
  leave_batch(tx, document_id, kUnderHold);
  tx.execute("UPDATE record SET version = version + 1 WHERE document_id = $1", document_id);
  storage::queue_for_indexing(tx, document_id);
  Json detail{{"hold_id", hold_id}};
  if (origin != "hand") detail["by"] = origin;
  tx.audit({"hold.document_added", "document", document_id, "", detail.dump()});
  return true;
}

// False for what is gone or being destroyed at this moment.
bool can_still_be_held(Session& session, std::int64_t document_id) {
  return session
      .value<std::int64_t>(
          "SELECT d.id FROM document d WHERE d.id = $1 AND NOT EXISTS (SELECT 1 FROM record r WHERE r.document_id = "
          "d.id AND r.stage = 'purging') AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.document_id = d.id AND "
          "t.batch_id IS NULL)",
          document_id)
      .has_value();
}

// By hold, the custodians who have waited so long that they are reminded.
std::map<std::int64_t, std::vector<std::int64_t>> silent_custodians(Session& session, core::Date today,
                                                                    std::int64_t days) {
  std::map<std::int64_t, std::vector<std::int64_t>> silent;
  for (const auto& [hold, account, asked_at, reminded_on] :
       session.rows<std::int64_t, std::int64_t, core::Time, std::optional<core::Date>>(
           "SELECT c.hold_id, c.account_id, c.asked_at, c.reminded_on FROM hold_custodian c JOIN hold h ON h.id = "
           "c.hold_id JOIN account a ON a.id = c.account_id WHERE c.acknowledged_at IS NULL AND h.released_at IS NULL "
           "AND a.disabled = 0 ORDER BY c.hold_id, c.account_id")) {
    // A day to come was noted while the clock was ahead.
    const core::Date since = reminded_on && *reminded_on <= today ? *reminded_on : core::civil_date(asked_at);
    if (std::chrono::sys_days(today) - std::chrono::sys_days(since) >= std::chrono::days(days)) {
      silent[hold].push_back(account);
    }
  }
  return silent;
}

std::vector<std::tuple<std::int64_t>> held_by(Session& session, std::int64_t id) {
  return session.rows<std::int64_t>(
      "SELECT document_id FROM hold_item WHERE hold_id = $1 AND released_at IS NULL ORDER BY document_id", id);
}

// That `who` may be told of item i, with its document d or what is left of that. Three parameters from `first` on:
// Principal::account_id, Principal::day, and whether everything may be read.
std::string may_be_told(int first) {
  const std::string list =
      "coalesce(d.access_list_id, (SELECT t.access_list_id FROM tombstone t WHERE t.document_id = i.document_id))";
  return "(" + storage::readable(list, first) + " OR (" + list + " IS NULL AND $" + std::to_string(first + 2) + "))";
}

void hold_changed(Transaction& tx, std::int64_t id) {
  tx.execute("UPDATE hold SET version = version + 1 WHERE id = $1", id);
}

}  // namespace

std::optional<Hold> find_hold(Session& session, std::int64_t id) {
  const auto found =
      session.row<std::int64_t, std::string, std::string, std::string, bool, core::Time, std::optional<std::int64_t>,
                  std::optional<std::string>, std::optional<core::Time>, std::string>(
          "SELECT h.version, h.title, h.reason, h.query, h.confidential, h.placed_at, h.placed_by, a.display_name, "
          "h.released_at, h.release_reason FROM hold h LEFT JOIN account a ON a.id = h.placed_by WHERE h.id = $1",
          id);
  if (!found) return std::nullopt;
  Hold hold;
  hold.id = id;
  std::optional<std::int64_t> by;
  std::optional<std::string> name;
  std::tie(hold.version, hold.title, hold.reason, hold.query, hold.confidential, hold.placed_at, by, name,
           hold.released_at, hold.release_reason) = *found;
  hold.placed_by = by.value_or(0);
  hold.placed_by_name = name.value_or("System");
  for (const auto& [account, account_name, asked_at, acknowledged_at, reminded_on] :
       session.rows<std::int64_t, std::string, core::Time, std::optional<core::Time>, std::optional<core::Date>>(
           "SELECT c.account_id, a.display_name, c.asked_at, c.acknowledged_at, c.reminded_on FROM hold_custodian c "
           "JOIN account a ON a.id = c.account_id WHERE c.hold_id = $1 ORDER BY a.display_name, a.id",
           id)) {
    hold.custodians.push_back({account, account_name, asked_at, acknowledged_at, reminded_on});
  }
  for (const auto& [folder] :
       session.rows<std::int64_t>("SELECT folder_id FROM hold_folder WHERE hold_id = $1 ORDER BY folder_id", id)) {
    hold.folders.push_back(folder);
  }
  return hold;
}

HeldCounts held_counts(Session& session, const Principal& who, std::int64_t hold_id) {
  const auto counts = session.row<std::int64_t, std::int64_t>(
      "SELECT count(*) FILTER (WHERE i.released_at IS NULL), count(*) FILTER (WHERE i.released_at IS NOT NULL) FROM "
      "hold_item i LEFT JOIN document d ON d.id = i.document_id WHERE i.hold_id = $1 AND " +
          may_be_told(2),
      hold_id, who.account_id, who.day, storage::reads_everything(session, who));
  return {std::get<0>(counts.value()), std::get<1>(counts.value())};
}

std::vector<storage::NamedEntry> hold_names(Session& session, bool also_released) {
  std::vector<storage::NamedEntry> names;
  for (auto& [id, title] : session.rows<std::int64_t, std::string>(
           "SELECT id, title FROM hold WHERE released_at IS NULL OR $1 ORDER BY released_at IS NOT NULL, id DESC",
           also_released)) {
    names.push_back({id, std::move(title)});
  }
  return names;
}

bool is_folder_held(Session& session, std::int64_t folder_id) {
  return session
      .value<std::int64_t>(
          "SELECT f.hold_id FROM hold_folder f JOIN hold h ON h.id = f.hold_id WHERE f.folder_id = $1 AND "
          "h.released_at IS NULL LIMIT 1",
          folder_id)
      .has_value();
}

bool is_folder_title_held(Session& session, std::int64_t folder_id) {
  return is_folder_held(session, folder_id) ||
         session
             .value<std::int64_t>(
                 "SELECT i.document_id FROM hold_item i JOIN document d ON d.id = i.document_id WHERE "
                 "d.folder_id = $1 AND i.released_at IS NULL LIMIT 1",
                 folder_id)
             .has_value();
}

std::vector<Hold> holds_on(Session& session, const Principal& who, std::int64_t document_id) {
  std::vector<Hold> holds;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT hold_id FROM hold_item WHERE document_id = $1 AND released_at IS NULL ORDER BY hold_id",
           document_id)) {
    Hold hold = find_hold(session, id).value();
    if (!hold.confidential || who.may(Permission::manage_holds)) holds.push_back(std::move(hold));
  }
  return holds;
}

std::vector<HoldQuery> hold_queries(Session& session) {
  std::vector<HoldQuery> queries;
  for (const auto& [hold, query, sequence] : session.rows<std::int64_t, std::string, std::int64_t>(
           "SELECT id, query, matched_sequence FROM hold WHERE released_at IS NULL AND query <> '' ORDER BY id")) {
    queries.push_back({hold, query, sequence});
  }
  return queries;
}

std::string querying_holds_state(Session& session) {
  return session
      .value<std::string>(
          "SELECT coalesce(group_concat(id || ' ' || query, char(10)), '') FROM (SELECT id, query FROM hold WHERE "
          "released_at IS NULL AND query <> '' ORDER BY id)")
      .value();
}

HoldsAsked before_asking(Session& session, const std::vector<std::int64_t>& documents) {
  HoldsAsked asked{querying_holds_state(session), {}};
  for (const std::int64_t id : documents) {
    if (const auto version = session.value<std::int64_t>("SELECT version FROM document WHERE id = $1", id)) {
      asked.versions[id] = *version;
    }
  }
  return asked;
}

void require_asked(Session& session, const HoldsAsked& asked, std::int64_t document_id) {
  const auto version = session.value<std::int64_t>("SELECT version FROM document WHERE id = $1", document_id);
  const auto then = asked.versions.find(document_id);
  if (version && then != asked.versions.end() && then->second == *version &&
      querying_holds_state(session) == asked.holds) {
    return;
  }
  throw Error(ErrorCode::conflict, "document " + std::to_string(document_id) + " was changed meanwhile; try again");
}

std::vector<HoldItem> hold_items(Session& session, const Principal& who, std::int64_t hold_id, std::int64_t after,
                                 std::size_t limit) {
  std::vector<HoldItem> items;
  for (const auto& [id, title, origin, added_at, released_at] :
       session.rows<std::int64_t, std::optional<std::string>, std::string, core::Time, std::optional<core::Time>>(
           "SELECT i.document_id, d.title, i.origin, i.added_at, i.released_at FROM hold_item i LEFT JOIN document d "
           "ON d.id = i.document_id WHERE i.hold_id = $1 AND i.document_id > $2 AND " +
               may_be_told(3) + " ORDER BY i.document_id LIMIT $6",
           hold_id, after, who.account_id, who.day, storage::reads_everything(session, who), limit)) {
    items.push_back({id, title.value_or(""), origin, added_at, released_at, title.has_value()});
  }
  return items;
}

std::int64_t place_hold(Transaction& tx, const Principal& who, const HoldTerms& terms) {
  who.require(Permission::manage_holds);
  const HoldTerms clean = cleaned(terms);
  const std::int64_t id = tx.insert(
      "INSERT INTO hold (title, reason, query, confidential, placed_at, placed_by) VALUES ($1, $2, $3, $4, $5, $6)",
      clean.title, clean.reason, clean.query, clean.confidential, tx.now(), author(tx));
  write_custodians(tx, id, clean.custodians);
  tx.audit({"hold.placed", "hold", id, "", as_json(clean)});
  return id;
}

void change_hold(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                 const HoldTerms& terms) {
  const Hold before = require_open_hold(tx, who, id);
  storage::require_as_seen(before.version, expected_version, "hold");
  const HoldTerms clean = cleaned(terms);
  tx.execute(
      "UPDATE hold SET title = $1, reason = $2, query = $3, confidential = $4, matched_sequence = -1 WHERE id = $5",
      clean.title, clean.reason, clean.query, clean.confidential, id);
  HoldTerms old{before.title, before.reason, before.query, before.confidential, {}};
  for (const Custodian& custodian : before.custodians) old.custodians.push_back(custodian.account_id);
  write_custodians(tx, id, clean.custodians);
  if (clean.confidential != before.confidential) {
    // Whether what it holds is found by is:held.
    for (const auto& [document] : held_by(tx, id)) storage::queue_for_indexing(tx, document);
  }
  tx.audit({"hold.changed", "hold", id, as_json(old), as_json(clean)});
  hold_changed(tx, id);
}

void hold_documents(Transaction& tx, const Principal& who, std::int64_t id,
                    const std::vector<std::int64_t>& documents) {
  require_open_hold(tx, who, id);
  for (const std::int64_t document : documents) {
    // What waits for the end of its restore window can still be held.
    const auto list = tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document);
    if (!list || !who.may_read(*list)) {
      throw Error(ErrorCode::not_found, "there is no document " + std::to_string(document));
    }
    add_item(tx, id, document, "hand", true);
  }
  hold_changed(tx, id);
}

void hold_folder(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t folder_id) {
  require_open_hold(tx, who, id);
  const auto folder = find_folder(tx, folder_id);
  if (!folder || !who.may_read(storage::inherited_access_list(tx, folder->id, folder->class_id))) {
    throw Error(ErrorCode::not_found, "there is no such folder");
  }
  tx.execute("INSERT INTO hold_folder (hold_id, folder_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, folder_id);
  tx.audit({"hold.folder_added", "folder", folder_id, "", Json{{"hold_id", id}}.dump()});
  for (const auto& [document] :
       tx.rows<std::int64_t>("SELECT id FROM document WHERE folder_id = $1 ORDER BY id", folder_id)) {
    if (can_still_be_held(tx, document)) add_item(tx, id, document, "folder", true);
  }
  hold_changed(tx, id);
}

std::size_t hold_matches(Transaction& tx, const HoldQuery& asked, const std::vector<std::int64_t>& documents) {
  const auto still = tx.value<std::int64_t>("SELECT id FROM hold WHERE id = $1 AND query = $2 AND released_at IS NULL",
                                            asked.hold_id, asked.query);
  if (!still) return 0;
  std::size_t added = 0;
  for (const std::int64_t document : documents) {
    if (!can_still_be_held(tx, document)) continue;
    if (add_item(tx, asked.hold_id, document, "query", false)) ++added;
  }
  return added;
}

void set_hold_matched(Transaction& tx, const HoldQuery& asked, std::int64_t sequence) {
  tx.execute("UPDATE hold SET matched_sequence = $1 WHERE id = $2 AND query = $3", sequence, asked.hold_id,
             asked.query);
}

void release_documents(Transaction& tx, const Principal& who, std::int64_t id,
                       const std::vector<std::int64_t>& documents, std::string_view reason) {
  require_open_hold(tx, who, id);
  const std::string clean_reason = checked_reason(reason);
  for (const std::int64_t document : documents) {
    const auto list = tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document);
    if (!list || !who.may_read(*list) ||
        tx.execute("UPDATE hold_item SET released_at = $1, released_by = $2 WHERE hold_id = $3 AND document_id = $4 "
                   "AND released_at IS NULL",
                   tx.now(), author(tx), id, document) == 0) {
      throw Error(ErrorCode::not_found, "document " + std::to_string(document) + " is not under this hold");
    }
    storage::queue_for_indexing(tx, document);
    tx.audit({"hold.document_released", "document", document, Json{{"hold_id", id}}.dump(), "", clean_reason});
  }
  hold_changed(tx, id);
}

void release_hold(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                  std::string_view reason) {
  storage::require_as_seen(require_open_hold(tx, who, id).version, expected_version, "hold");
  const std::string clean_reason = checked_reason(reason);
  for (const auto& [document] : held_by(tx, id)) {
    storage::queue_for_indexing(tx, document);
    tx.audit({"hold.document_released", "document", document, Json{{"hold_id", id}}.dump(), "", clean_reason});
  }
  tx.execute("UPDATE hold_item SET released_at = $1, released_by = $2 WHERE hold_id = $3 AND released_at IS NULL",
             tx.now(), author(tx), id);
  tx.execute(
      "UPDATE hold SET released_at = $1, released_by = $2, release_reason = $3, version = version + 1 "
      "WHERE id = $4",
      tx.now(), author(tx), clean_reason, id);
  tx.audit({"hold.released", "hold", id, "", "", clean_reason});
}

void acknowledge_hold(Transaction& tx, const Principal& who, std::int64_t id) {
  if (tx.execute("UPDATE hold_custodian SET acknowledged_at = $1 WHERE hold_id = $2 AND account_id = $3 "
                 "AND acknowledged_at IS NULL",
                 tx.now(), id, who.account_id) == 0) {
    if (!tx.value<std::int64_t>("SELECT hold_id FROM hold_custodian WHERE hold_id = $1 AND account_id = $2", id,
                                who.account_id)) {
      throw Error(ErrorCode::not_found, "no hold with this identifier asks you to acknowledge it");
    }
    return;
  }
  tx.audit({"hold.acknowledged", "hold", id});
}

std::size_t remind_custodians(storage::Database& database, core::Date today, std::int64_t days) {
  if (days == 0) return 0;
  {
    auto session = database.read();
    if (silent_custodians(session, today, days).empty()) return 0;
  }
  auto tx = database.begin(storage::Actor::system("holds"));
  std::size_t reminded = 0;
  for (const auto& [hold, accounts] : silent_custodians(tx, today, days)) {
    for (const std::int64_t account : accounts) {
      tx.execute("UPDATE hold_custodian SET reminded_on = $1 WHERE hold_id = $2 AND account_id = $3", today, hold,
                 account);
    }
    tx.audit({"hold.reminded", "hold", hold, "", Json{{"custodians", accounts}}.dump()});
    reminded += accounts.size();
  }
  tx.commit();
  return reminded;
}

std::vector<Hold> holds_to_acknowledge(Session& session, std::int64_t account_id) {
  std::vector<Hold> holds;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT c.hold_id FROM hold_custodian c JOIN hold h ON h.id = c.hold_id WHERE c.account_id = $1 "
           "AND c.acknowledged_at IS NULL AND h.released_at IS NULL ORDER BY c.hold_id",
           account_id)) {
    holds.push_back(find_hold(session, id).value());
  }
  return holds;
}

}  // namespace muniment::records
