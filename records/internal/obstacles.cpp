#include "records/internal/obstacles.h"

#include "records/calculation.h"
#include "records/disposition.h"
#include "records/schedules.h"

namespace muniment::records {

std::string as_obstacle(const core::Error& error) {
  return error.code() == core::ErrorCode::unavailable ? std::string(kQueryUnanswered) : error.message();
}

std::string as_told(storage::Session& session, bool knows_every_hold, std::int64_t document_id,
                    std::string_view obstacle) {
  if (obstacle.starts_with(kWaits)) {
    return std::string(kWaits) + as_told(session, knows_every_hold, document_id, obstacle.substr(kWaits.size()));
  }
  const bool of_queries = obstacle == kQueryMatches || obstacle == kQueryUnanswered || obstacle == kQueryPlaced;
  if (knows_every_hold || (obstacle != kUnderHold && obstacle != kStackUnderHold && !of_queries)) {
    return std::string(obstacle);
  }
  if (of_queries) return std::string(kNotNow);
  // Released ones too: what is told may be of an earlier day.
  const auto confidential = session.value<std::int64_t>(
      "WITH RECURSIVE origin (id) AS (SELECT CAST($1 AS INTEGER) UNION SELECT p.origin_document_id FROM page_origin p "
      "JOIN origin ON origin.id = p.document_id) SELECT count(*) FROM hold_item i JOIN hold h ON h.id = i.hold_id "
      "JOIN origin ON origin.id = i.document_id WHERE h.confidential = 1",
      document_id);
  return std::string(confidential.value() > 0 ? kNotNow : obstacle);
}

void tell_outcome(storage::Session& session, bool knows_every_hold, BatchItem& item) {
  item.reason = as_told(session, knows_every_hold, item.document_id, item.reason);
  if (item.reason == kNotNow) item.decided_at.reset();
}

std::optional<std::string> obstacle_to_keeping_copies(storage::Session& session, std::int64_t schedule) {
  const auto found = find_schedule(session, schedule);
  if (!found) return "there is no such schedule";
  if (found->status == Status::closed) return "the schedule for copies, " + found->code + ", is closed";
  if (found->terms.action == Action::transfer) {
    return "by the schedule for copies, " + found->code + ", they would be due for transfer again";
  }
  return std::nullopt;
}

std::optional<std::string> obstacle_to_a_copy(storage::Session& session, std::int64_t document_id, Date today) {
  const auto assessment = assess(session, document_id, today);
  if (!assessment) return std::nullopt;
  for (std::size_t i = 0; i < assessment->rules.size(); ++i) {
    const Rule& rule = assessment->rules[i];
    if (assessment->origins[i].kind == Origin::Kind::beside && rule.action == Action::transfer) {
      return "by the schedule beside its own, " + rule.code + ", a copy would be due for transfer again";
    }
  }
  return std::nullopt;
}

}  // namespace muniment::records
