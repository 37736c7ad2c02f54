#include "records/plan_preview.h"

#include <algorithm>

#include "core/error.h"
#include "records/file_plan.h"
#include "records/internal/subjects.h"
#include "records/plan_moves.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Session;

namespace {

constexpr std::size_t kReadAtOnce = 2000;

void require_known_schedule(Session& session, std::optional<std::int64_t> schedule_id) {
  if (!schedule_id || find_schedule(session, *schedule_id)) return;
  const std::string why = "there is no schedule " + std::to_string(*schedule_id);
  throw Error(ErrorCode::invalid_argument, why, {{"/schedule", why}});
}

// Which records the change can reach, and a book of rules in which it was made.
struct Supposing {
  Session& session;
  RuleBook& book;

  Reach operator()(const OtherTerms& other) const {
    check_terms(other.terms);
    book.suppose(other.schedule_id, other.terms);
    return {Reach::Kind::schedule, other.schedule_id};
  }
  Reach operator()(const OtherClassSchedule& other) const {
    if (!find_class(session, other.class_id)) throw Error(ErrorCode::not_found, "there is no such class");
    require_known_schedule(session, other.schedule_id);
    book.suppose_class(other.class_id, other.schedule_id);
    return {Reach::Kind::class_, other.class_id};
  }
  Reach operator()(const OtherClassPlace& other) const {
    if (!find_class(session, other.class_id)) throw Error(ErrorCode::not_found, "there is no such class");
    require_place_for_class(session, other.class_id, other.parent_id);
    book.suppose_parent(other.class_id, other.parent_id);
    return {Reach::Kind::class_, other.class_id};
  }
  Reach operator()(const OtherFolderSchedule& other) const {
    if (!find_folder(session, other.folder_id)) throw Error(ErrorCode::not_found, "there is no such folder");
    require_known_schedule(session, other.schedule_id);
    book.suppose_folder(other.folder_id, other.schedule_id);
    return {Reach::Kind::folder, other.folder_id};
  }
};

bool same_rules(const std::vector<Rule>& some, const std::vector<Rule>& others) {
  return std::equal(some.begin(), some.end(), others.begin(), others.end(), [](const Rule& one, const Rule& other) {
    return one.schedule_id == other.schedule_id && one.schedule_version == other.schedule_version;
  });
}

bool differs(const Decision& before, const Decision& after) {
  return before.eligible_from != after.eligible_from || before.deadline != after.deadline ||
         before.action != after.action || before.standing != after.standing;
}

bool earlier(const std::optional<Date>& after, const std::optional<Date>& before) {
  return after && (!before || *after < *before);
}

}  // namespace

Preview preview_change(Session& session, const storage::Principal& who, const Supposition& supposition, Date today,
                       const PreviewPage& page) {
  RuleBook present(session);
  RuleBook supposed(session);
  const Reach reach = std::visit(Supposing{session, supposed}, supposition);
  Preview preview;
  if (page.after == 0) preview.figures.emplace();
  for (std::int64_t after = page.after;;) {
    auto subjects = record_subjects(session, reach, after, kReadAtOnce);
    if (subjects.empty()) return preview;
    after = subjects.back().id;
    for (Subject& subject : subjects) {
      if (!who.may_read(subject.access_list)) continue;
      Assessment now, then;
      Subject other = subject;
      std::tie(now.rules, now.origins) = present.apply(subject);
      std::tie(then.rules, then.origins) = supposed.apply(other);
      if (same_rules(now.rules, then.rules)) continue;
      now.decision = decide(subject.facts, now.rules, 0, today);
      then.decision = decide(other.facts, then.rules, 0, today);
      const bool moves = differs(now.decision, then.decision);
      if (preview.figures) {
        ++preview.figures->examined;
        preview.figures->moved += moves;
        preview.figures->sooner += moves && (earlier(then.decision.eligible_from, now.decision.eligible_from) ||
                                             earlier(then.decision.deadline, now.decision.deadline));
      }
      if (!moves) continue;
      if (preview.moves.size() < page.limit) {
        std::string reason = basis_in_words(now, then, page.language);
        const auto title = session.value<std::string>("SELECT title FROM document WHERE id = $1", subject.id);
        preview.moves.push_back(
            {subject.id, title.value_or(""), std::move(now.decision), std::move(then.decision), std::move(reason)});
        continue;
      }
      preview.more = true;
      if (!preview.figures) return preview;
    }
  }
}

}  // namespace muniment::records
