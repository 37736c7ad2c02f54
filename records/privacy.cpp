#include "records/privacy.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/disposition.h"
#include "records/holds.h"
#include "records/internal/erasure.h"
#include "records/internal/names.h"
#include "records/internal/people.h"
#include "storage/as_seen.h"
#include "storage/documents.h"
#include "storage/restrictions.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr Names<RefusalGround, 4> kGrounds{{"legal-duty", "archiving", "claims", "other"}};
constexpr Names<ErasureDecision, 4> kDecisions{{"pending", "erase", "refuse", "restrict"}};
constexpr Period kOneMonth{1, PeriodUnit::months};
constexpr Period kThreeMonths{3, PeriodUnit::months};
constexpr std::size_t kLongestSubject = 500;

// What a decision about retention says against erasure.
std::optional<RefusalGround> ground_of(const Assessment& assessment, bool is_record) {
  const Decision& decision = assessment.decision;
  if (decision.holds > 0) return RefusalGround::claims;
  switch (decision.standing) {
    case Standing::permanent:
      return RefusalGround::archiving;
    case Standing::running:
    case Standing::waiting:
    case Standing::contradictory:
      return RefusalGround::legal_duty;
    case Standing::unscheduled:
      return is_record ? std::optional(RefusalGround::legal_duty) : std::nullopt;
    case Standing::due:
      if (decision.action == Action::destroy) return std::nullopt;
      return decision.action == Action::transfer ? RefusalGround::archiving : RefusalGround::legal_duty;
  }
  return RefusalGround::legal_duty;
}

// What has become of the item i of the request q, whose document d and record r may be gone.
const std::string kOutcomeNow =
    "CASE WHEN q.state = 'open' OR i.decision <> 'erase' THEN i.outcome WHEN d.id IS NULL THEN 'erased' WHEN r.stage = "
    "'active' OR (r.stage IS NULL AND d.trashed_at IS NULL) THEN 'kept' WHEN r.stage IN ('proposed', 'transferring') "
    "THEN 'proposed' WHEN " +
    std::string(kHasPaper) + " THEN 'paper' WHEN r.stage IS NULL THEN 'trashed' ELSE 'destroyed' END";
constexpr std::string_view kItemsNow =
    " FROM erasure_item i JOIN erasure_request q ON q.id = i.request_id LEFT JOIN document d ON d.id = i.document_id "
    "LEFT JOIN record r ON r.document_id = d.id WHERE i.request_id = $1";

ErasureRequest require_open_request(Session& session, const Principal& who, std::int64_t id) {
  who.require(Permission::handle_privacy);
  auto request = find_erasure_request(session, id);
  if (!request) throw Error(ErrorCode::not_found, "there is no such request");
  if (request->closed) throw Error(ErrorCode::conflict, "this request has been closed");
  return std::move(*request);
}

void request_changed(Transaction& tx, std::int64_t request) {
  tx.execute("UPDATE erasure_request SET version = version + 1 WHERE id = $1", request);
}

void write_restriction(Transaction& tx, std::int64_t document_id, bool restricted) {
  if (restricted) {
    tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2) ON CONFLICT DO NOTHING", document_id,
               tx.now());
  } else {
    tx.execute("DELETE FROM restriction WHERE document_id = $1", document_id);
  }
}

void require_erasable(Session& session, const Principal& who, std::int64_t document_id, Date today) {
  const auto document = weigh(session, who, document_id, today);
  if (!document) throw Error(ErrorCode::not_found, "there is no document " + std::to_string(document_id));
  if (document->ground) {
    throw Error(ErrorCode::conflict, "document " + std::to_string(document_id) +
                                         " may not be erased now: " + std::string(ground_name(*document->ground)) +
                                         (document->retain_through && *document->ground == RefusalGround::legal_duty
                                              ? ", kept through " + core::to_iso(*document->retain_through)
                                              : ""));
  }
}

void audit_decision(Transaction& tx, std::int64_t request, std::int64_t document, std::string_view decision,
                    std::string_view ground) {
  tx.audit({"privacy.decided", "document", document, "",
            Json{{"request_id", request}, {"decision", decision}, {"ground", ground}}.dump()});
}

}  // namespace

std::string_view ground_name(RefusalGround ground) {
  return kGrounds.of(ground);
}
std::optional<RefusalGround> parse_ground(std::string_view name) {
  return kGrounds.parse(name);
}
std::string_view erasure_decision_name(ErasureDecision decision) {
  return kDecisions.of(decision);
}
std::optional<ErasureDecision> parse_erasure_decision(std::string_view name) {
  return kDecisions.parse(name);
}

std::optional<WeighedDocument> weigh(Session& session, const Principal& who, std::int64_t document_id, Date today) {
  const auto document = storage::find_document(session, who, document_id);
  if (!document) return std::nullopt;
  const Assessment assessment = assess(session, document_id, today).value();
  WeighedDocument weighed;
  weighed.document_id = document_id;
  weighed.title = document->title;
  weighed.class_code = document->class_code;
  weighed.is_record = document->is_record;
  weighed.restricted = storage::is_restricted(session, document_id);
  weighed.standing = assessment.decision.standing;
  weighed.retain_through = assessment.decision.retain_through;
  if (const auto deciding = assessment.decision.deciding) weighed.authority = assessment.rules.at(*deciding).authority;
  weighed.holds = holds_on(session, who, document_id).size();
  weighed.ground = ground_of(assessment, document->is_record);
  if (weighed.ground == RefusalGround::claims && weighed.holds == 0) weighed.ground = RefusalGround::other;
  return weighed;
}

std::optional<ErasureRequest> find_erasure_request(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, Date, Date, std::string, std::string,
                                 std::optional<std::int64_t>, core::Time, std::optional<core::Time>,
                                 std::optional<core::Time>, std::int64_t, std::int64_t, std::int64_t>(
      "SELECT version, subject, queries, received_on, due_on, extension_reason, state, batch_id, opened_at, closed_at, "
      "subject_erased_at, (SELECT count(*) FROM erasure_item i WHERE i.request_id = r.id), "
      "(SELECT count(*) FROM erasure_item i JOIN document d ON d.id = i.document_id WHERE i.request_id = r.id "
      "AND i.decision = 'pending' AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL), (SELECT count(*)" +
          std::string(kItemsNow) + " AND i.decision = 'erase' AND " + kOutcomeNow +
          " = 'kept' AND NOT EXISTS (SELECT 1 FROM erasure_item n WHERE n.document_id = i.document_id AND n.request_id "
          "> i.request_id AND n.decision <> 'pending')) FROM erasure_request r WHERE id = $1",
      id);
  if (!found) return std::nullopt;
  ErasureRequest request;
  request.id = id;
  std::string queries, state;
  std::tie(request.version, request.subject, queries, request.received_on, request.due_on, request.extension_reason,
           state, request.batch_id, request.opened_at, request.closed_at, request.subject_erased_at, request.items,
           request.pending, request.not_erased) = *found;
  request.queries = Json::parse(queries).get<std::vector<std::string>>();
  request.closed = state == "closed";
  return request;
}

std::vector<ErasureRequest> list_erasure_requests(Session& session) {
  std::vector<ErasureRequest> requests;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM erasure_request ORDER BY id DESC")) {
    requests.push_back(find_erasure_request(session, id).value());
  }
  return requests;
}

std::vector<ErasureItem> erasure_items(Session& session, const Principal& who, std::int64_t request, Date today) {
  std::vector<ErasureItem> items;
  for (const auto& [document, decision, ground, reason, decided_at, outcome] :
       session.rows<std::int64_t, std::string, std::string, std::string, std::optional<core::Time>, std::string>(
           "SELECT i.document_id, i.decision, i.ground, i.reason, i.decided_at, " + kOutcomeNow +
               std::string(kItemsNow) + " ORDER BY i.document_id",
           request)) {
    items.push_back({document, weigh(session, who, document, today), kDecisions.parse(decision).value(),
                     kGrounds.parse(ground), reason, decided_at, outcome});
  }
  return items;
}

std::int64_t open_erasure_request(Transaction& tx, const Principal& who, std::string_view subject,
                                  const std::vector<std::string>& queries, Date received_on) {
  who.require(Permission::handle_privacy);
  const std::string clean = checked_line(subject, "/subject", kLongestSubject);
  check_subject_texts(queries);
  std::vector<std::string> texts;
  for (const std::string& query : queries) texts.push_back(checked_line(query, "/queries", kLongestSubject));
  const Date due_on = end_of_period(received_on, kOneMonth);
  const std::int64_t id = tx.insert(
      "INSERT INTO erasure_request (subject, queries, received_on, due_on, opened_at, opened_by) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      clean, Json(texts).dump(), received_on, due_on, tx.now(), author(tx));
  tx.audit({"privacy.request_opened", "erasure_request", id, "",
            Json{{"received_on", core::to_iso(received_on)}, {"due_on", core::to_iso(due_on)}}.dump()});
  return id;
}

void add_erasure_items(Transaction& tx, const Principal& who, std::int64_t request,
                       const std::vector<std::int64_t>& documents) {
  require_open_request(tx, who, request);
  std::int64_t added = 0;
  for (const std::int64_t document : documents) {
    if (!storage::find_document(tx, who, document)) continue;
    added += tx.execute("INSERT INTO erasure_item (request_id, document_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                        request, document);
  }
  tx.audit({"privacy.searched", "erasure_request", request, "", Json{{"documents_added", added}}.dump()});
  request_changed(tx, request);
}

void extend_erasure_request(Transaction& tx, const Principal& who, std::int64_t request, std::int64_t expected_version,
                            std::string_view reason) {
  const ErasureRequest before = require_open_request(tx, who, request);
  storage::require_as_seen(before.version, expected_version, "request");
  if (!before.extension_reason.empty()) throw Error(ErrorCode::conflict, "this request has been extended before");
  const std::string clean = checked_reason(reason);
  const Date due_on = end_of_period(before.received_on, kThreeMonths);
  tx.execute("UPDATE erasure_request SET due_on = $1, extension_reason = $2 WHERE id = $3", due_on, clean, request);
  tx.audit({"privacy.request_extended", "erasure_request", request,
            Json{{"due_on", core::to_iso(before.due_on)}}.dump(), Json{{"due_on", core::to_iso(due_on)}}.dump()});
  request_changed(tx, request);
}

void decide_erasure(Transaction& tx, const Principal& who, std::int64_t request,
                    const std::vector<std::int64_t>& documents, ErasureDecision decision,
                    std::optional<RefusalGround> ground, std::string_view reason, Date today) {
  require_open_request(tx, who, request);
  if (decision == ErasureDecision::refuse && !ground) {
    throw Error(ErrorCode::invalid_argument, "a refusal needs a ground",
                {{"/ground", "must be legal-duty, archiving, claims or other"}});
  }
  if (decision != ErasureDecision::refuse) ground.reset();
  std::string words(core::trim(core::to_nfc(reason)));
  if (ground == RefusalGround::other || !words.empty()) words = checked_reason(reason);
  const std::string_view ground_text = ground ? ground_name(*ground) : std::string_view();
  for (const std::int64_t document : documents) {
    storage::changeable_document(tx, who, document, Permission::handle_privacy);
    if (decision == ErasureDecision::erase) require_erasable(tx, who, document, today);
    const auto before = tx.value<std::string>(
        "SELECT decision FROM erasure_item WHERE request_id = $1 AND document_id = $2", request, document);
    if (!before) {
      throw Error(ErrorCode::not_found, "document " + std::to_string(document) + " is not part of this request");
    }
    tx.execute(
        "UPDATE erasure_item SET decision = $1, ground = $2, reason = $3, decided_at = $4, decided_by = $5 "
        "WHERE request_id = $6 AND document_id = $7",
        erasure_decision_name(decision), ground_text, words, tx.now(), author(tx), request, document);
    // A restriction that somebody placed by hand outlives a refusal.
    const bool undone = *before == erasure_decision_name(ErasureDecision::restrict);
    if (decision != ErasureDecision::refuse || undone) {
      write_restriction(tx, document, decision == ErasureDecision::restrict);
    }
    audit_decision(tx, request, document, erasure_decision_name(decision), ground_text);
  }
  request_changed(tx, request);
}

void close_erasure_request(Transaction& tx, const Principal& who, std::int64_t request, std::int64_t expected_version,
                           int approvals_needed, Date today) {
  const ErasureRequest before = require_open_request(tx, who, request);
  storage::require_as_seen(before.version, expected_version, "request");
  if (before.pending > 0) {
    throw Error(ErrorCode::conflict, std::to_string(before.pending) + " documents are not decided yet");
  }
  std::vector<std::int64_t> records;
  for (const auto& [document] : tx.rows<std::int64_t>(
           "SELECT i.document_id FROM erasure_item i JOIN document d ON d.id = i.document_id WHERE i.request_id = $1 "
           "AND i.decision = 'erase' AND d.withdrawn_at IS NULL ORDER BY i.document_id",
           request)) {
    require_erasable(tx, who, document, today);
    const bool record = find_record(tx, document).has_value();
    if (record) {
      records.push_back(document);
    } else {
      storage::trash_document(tx, who, document, Permission::handle_privacy);
    }
    tx.execute("UPDATE erasure_item SET outcome = $1 WHERE request_id = $2 AND document_id = $3",
               record ? "proposed" : "trashed", request, document);
  }
  tx.execute("UPDATE erasure_item SET outcome = 'kept' WHERE request_id = $1 AND decision <> 'erase'", request);
  std::optional<std::int64_t> batch;
  if (!records.empty()) {
    const std::string title = "Erasure request " + std::to_string(request);
    batch = propose_batch(tx, who, {title, Action::destroy, "", records, approvals_needed}, today);
  }
  tx.execute(
      "UPDATE erasure_request SET state = 'closed', batch_id = $1, closed_at = $2, closed_by = $3, "
      "version = version + 1 WHERE id = $4",
      batch, tx.now(), author(tx), request);
  tx.audit({"privacy.request_closed", "erasure_request", request});
}

std::size_t erase_subjects(Transaction& tx, core::Time cutoff) {
  const auto requests = tx.rows<std::int64_t>(
      "SELECT id FROM erasure_request WHERE subject_erased_at IS NULL AND closed_at < $1 ORDER BY id", cutoff);
  for (const auto& [id] : requests) {
    tx.execute("UPDATE erasure_item SET reason = '' WHERE request_id = $1", id);
    tx.execute(
        "UPDATE erasure_request SET subject = '', queries = '[]', extension_reason = '', subject_erased_at = $1, "
        "version = version + 1 WHERE id = $2",
        tx.now(), id);
    tx.audit({"privacy.subject_erased", "erasure_request", id});
  }
  return requests.size();
}

void set_restricted(Transaction& tx, const Principal& who, std::int64_t document_id, bool restricted,
                    std::string_view reason) {
  storage::changeable_document(tx, who, document_id, Permission::handle_privacy);
  const std::string clean = checked_reason(reason);
  if (storage::is_restricted(tx, document_id) == restricted) return;
  write_restriction(tx, document_id, restricted);
  tx.audit({restricted ? "privacy.restricted" : "privacy.restriction_lifted", "document", document_id, "", "", clean});
}

}  // namespace muniment::records
