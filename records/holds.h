// Holds: what may not be destroyed, handed over or changed, whatever its schedule says (MoReq2010, 9). Many may hold
// one document; the last release frees it. The database itself refuses what a hold forbids, whoever asks.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/catalogue.h"
#include "storage/database.h"

namespace muniment::records {

struct Custodian {
  std::int64_t account_id = 0;
  std::string name;
  core::Time asked_at;
  std::optional<core::Time> acknowledged_at;
  std::optional<core::Date> reminded_on;  // last
};

struct Hold {
  std::int64_t id = 0;
  std::int64_t version = 0;  // the ETag
  std::string title;
  std::string reason;
  std::string query;          // goes on matching; empty: none
  bool confidential = false;  // seen by those with Permission::manage_holds only
  core::Time placed_at;
  std::int64_t placed_by = 0;
  std::string placed_by_name;
  std::optional<core::Time> released_at;
  std::string release_reason;
  std::vector<Custodian> custodians;
  std::vector<std::int64_t> folders;
};

// Of the documents that somebody may read, as all that is told of what a hold has: its query would otherwise answer
// what documents say that its author may not read.
struct HeldCounts {
  std::int64_t held = 0;      // now
  std::int64_t released = 0;  // held once, since released
};

struct HoldTerms {
  std::string title;
  std::string reason;
  std::string query;
  bool confidential = false;
  std::vector<std::int64_t> custodians;  // accounts that are to acknowledge it
};

// Those that are not released first, the newest first.
std::vector<storage::NamedEntry> hold_names(storage::Session& session, bool also_released);
std::optional<Hold> find_hold(storage::Session& session, std::int64_t id);
HeldCounts held_counts(storage::Session& session, const storage::Principal& who, std::int64_t hold_id);
// Whether a hold that is not released has the folder, and so whatever comes into it.
bool is_folder_held(storage::Session& session, std::int64_t folder_id);
// Whether a hold keeps its titles as they are, for they say of each document what case it belongs to: the folder is
// held, or a document in it.
bool is_folder_title_held(storage::Session& session, std::int64_t folder_id);
// The holds on a document that `who` may know of.
std::vector<Hold> holds_on(storage::Session& session, const storage::Principal& who, std::int64_t document_id);
// Differs whenever other queries are to be asked: what a document was asked for is out of date then.
std::string querying_holds_state(storage::Session& session);
// What a hold that is not released asks of the index.
struct HoldQuery {
  std::int64_t hold_id = 0;
  std::string query;
  std::int64_t matched_sequence = -1;  // of the index queue, when all that was indexed had been asked for it
};
std::vector<HoldQuery> hold_queries(storage::Session& session);

// Documents, and the holds with a query, as they were when those were to be asked about these (Disposal::ask_holds).
// What follows from the answers is right only while neither has changed.
struct HoldsAsked {
  std::string holds;
  std::map<std::int64_t, std::int64_t> versions;  // by document
};
HoldsAsked before_asking(storage::Session& session, const std::vector<std::int64_t>& documents);
// Error(conflict) unless the document was among those and nothing has changed.
void require_asked(storage::Session& session, const HoldsAsked& asked, std::int64_t document_id);

struct HoldItem {
  std::int64_t document_id = 0;
  std::string title;   // empty for what is gone
  std::string origin;  // "hand", "folder", "query"
  core::Time added_at;
  std::optional<core::Time> released_at;
  bool exists = true;  // false: destroyed after its release
};
// For the report of a hold: everything that it ever held and that `who` may read, in order of identifiers, after
// `after`. What is gone without a tombstone is for those who may read everything.
std::vector<HoldItem> hold_items(storage::Session& session, const storage::Principal& who, std::int64_t hold_id,
                                 std::int64_t after, std::size_t limit);

// All need Permission::manage_holds. Error(invalid_argument), Error(not_found), Error(stale), and Error(conflict) for a
// hold that was released or a record whose bytes are being removed.
std::int64_t place_hold(storage::Transaction& tx, const storage::Principal& who, const HoldTerms& terms);
void change_hold(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                 std::int64_t expected_version, const HoldTerms& terms);
// Documents that are held already stay so; those released from this hold before are held again.
void hold_documents(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                    const std::vector<std::int64_t>& documents);
// Everything in the folder, now and later.
void hold_folder(storage::Transaction& tx, const storage::Principal& who, std::int64_t id, std::int64_t folder_id);
// What the query matched; nothing when the hold was released meanwhile, or asks something else. Those released from
// this hold by hand stay released. The hold's version stays too, which would tell that something matched. Returns how
// many are held by it that were not before.
std::size_t hold_matches(storage::Transaction& tx, const HoldQuery& asked, const std::vector<std::int64_t>& documents);
// The query has been asked of all that was indexed up to this place of the index queue. Nothing as with hold_matches.
void set_hold_matched(storage::Transaction& tx, const HoldQuery& asked, std::int64_t sequence);
// Those that `who` may read; the others go with the whole hold.
void release_documents(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                       const std::vector<std::int64_t>& documents, std::string_view reason);
void release_hold(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                  std::int64_t expected_version, std::string_view reason);
// By the custodian. Error(not_found) for a hold that does not ask this person.
void acknowledge_hold(storage::Transaction& tx, const storage::Principal& who, std::int64_t id);
// Whoever has not acknowledged a hold within `days` of being asked or last reminded is reminded: the audit log says so,
// which tells them (storage/notifications.h). Nobody for 0. Returns how many.
std::size_t remind_custodians(storage::Database& database, core::Date today, std::int64_t days);
// Holds that wait for this person's acknowledgement.
std::vector<Hold> holds_to_acknowledge(storage::Session& session, std::int64_t account_id);

}  // namespace muniment::records
