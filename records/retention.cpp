#include "records/retention.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/names.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
namespace chrono = std::chrono;

namespace {

constexpr int kLongestPeriod = 1000;
constexpr Date kLastDay = chrono::year(9998) / chrono::December / 31;

constexpr Names<PeriodUnit, 4> kUnits{{"days", "weeks", "months", "years"}};
constexpr Names<Cutoff, 5> kCutoffs{{"none", "month", "quarter", "calendar-year", "fiscal-year"}};
constexpr Names<TriggerKind, 8> kTriggers{
    {"captured", "created", "declared", "folder-closed", "last-entry", "event", "date-field", "superseded"}};
constexpr Names<Combine, 2> kCombines{{"earliest", "all"}};
constexpr Names<Action, 4> kActions{{"destroy", "transfer", "review", "permanent"}};
constexpr Names<RuleKind, 3> kRuleKinds{{"minimum", "fixed", "maximum"}};
constexpr Names<Standing, 6> kStandings{{"unscheduled", "waiting", "running", "due", "permanent", "contradictory"}};

[[noreturn]] void refuse_period(std::string_view text, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "\"" + std::string(text) + "\" is not a period: " + why, {{"/period", why}});
}

Date last_day_of(chrono::year_month month) {
  return Date(month / chrono::last);
}

Date plus_days(Date date, int days) {
  return Date(chrono::sys_days(date) + chrono::days(days));
}

Date plus_months(Date start, int months) {
  const chrono::year_month month = start.year() / start.month() + chrono::months(months);
  const Date same_day = month / start.day();
  return same_day.ok() ? same_day : last_day_of(month);
}

template <typename Dates>
std::optional<Date> named(const Dates& dates, const std::string& name) {
  const auto found = dates.find(name);
  return found == dates.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Date> date_of(const Trigger& trigger, const Facts& facts) {
  switch (trigger.kind) {
    case TriggerKind::captured:
      return facts.captured;
    case TriggerKind::created:
      return facts.created;
    case TriggerKind::declared:
      return facts.declared;
    case TriggerKind::folder_closed:
      return facts.folder_closed;
    case TriggerKind::last_entry:
      return facts.last_entry;
    case TriggerKind::event:
      return named(facts.events, trigger.name);
    case TriggerKind::date_field:
      return named(facts.date_fields, trigger.name);
    case TriggerKind::superseded:
      return facts.superseded;
  }
  return std::nullopt;
}

// Of several actions the more careful one.
int care(Action action) {
  switch (action) {
    case Action::permanent:
      return 3;
    case Action::review:
      return 2;
    case Action::transfer:
      return 1;
    case Action::destroy:
      return 0;
  }
  return 2;
}

// The rules that hold a record back: all but the maximum ones, or those when there is no other.
std::vector<std::size_t> keeping(const std::vector<Rule>& rules) {
  std::vector<std::size_t> chosen;
  for (const bool maximum : {false, true}) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if ((rules[i].kind == RuleKind::maximum) == maximum) chosen.push_back(i);
    }
    if (!chosen.empty()) break;
  }
  return chosen;
}

// A review leaves to a person what becomes of the record, so "exactly until then" says when to ask, not when to be
// gone.
bool sets_deadline(const Rule& rule) {
  return rule.kind == RuleKind::maximum || (rule.kind == RuleKind::fixed && rule.action != Action::review);
}

std::optional<Date> strictest_deadline(const std::vector<Rule>& rules, const std::vector<RuleOutcome>& outcomes) {
  std::optional<Date> deadline;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& end = outcomes[i].retain_through;
    if (sets_deadline(rules[i]) && end && (!deadline || *end < *deadline)) deadline = end;
  }
  return deadline;
}

}  // namespace

bool EventNameOrder::operator()(const std::string& one, const std::string& other) const {
  return core::fold_case(one) < core::fold_case(other);
}

Period parse_period(std::string_view text) {
  static constexpr std::string_view kRight = "write a whole number and a unit, for example 7 years or 6 months";
  const std::string clean = core::collapse_space(text);
  Period period;
  const char* end = clean.data() + clean.size();
  const auto [after, error] = std::from_chars(clean.data(), end, period.count);
  if (error != std::errc()) refuse_period(text, std::string(kRight));
  std::string_view unit(after, static_cast<std::size_t>(end - after));
  if (unit.empty() || unit.front() != ' ') {
    const bool range = clean.find_first_of("-/") != std::string::npos || clean.find("\u2013") != std::string::npos;
    refuse_period(text, range ? "a range does not say when it ends; give one number" : std::string(kRight));
  }
  unit.remove_prefix(1);
  for (const PeriodUnit candidate : {PeriodUnit::days, PeriodUnit::weeks, PeriodUnit::months, PeriodUnit::years}) {
    const std::string_view plural = unit_name(candidate);
    if (unit != plural && unit != plural.substr(0, plural.size() - 1)) continue;
    if (period.count < 0 || period.count > kLongestPeriod) refuse_period(text, "the number must be 0 to 1000");
    period.unit = candidate;
    return period;
  }
  refuse_period(text, std::string(kRight) + "; the units are days, weeks, months and years");
}

std::string to_text(Period period) {
  const std::string_view plural = unit_name(period.unit);
  return std::to_string(period.count) + ' ' +
         std::string(period.count == 1 ? plural.substr(0, plural.size() - 1) : plural);
}

Date end_of_period(Date start, Period period) {
  Date end = start;
  switch (period.unit) {
    case PeriodUnit::days:
      end = plus_days(start, period.count);
      break;
    case PeriodUnit::weeks:
      end = plus_days(start, 7 * period.count);
      break;
    case PeriodUnit::months:
      end = plus_months(start, period.count);
      break;
    case PeriodUnit::years:
      end = plus_months(start, 12 * period.count);
      break;
  }
  return std::min(end, kLastDay);
}

Date end_of_cutoff(Date date, Cutoff cutoff, unsigned fiscal_start) {
  const unsigned month = static_cast<unsigned>(date.month());
  const chrono::year_month this_month = date.year() / date.month();
  switch (cutoff) {
    case Cutoff::none:
      return date;
    case Cutoff::month:
      return last_day_of(this_month);
    case Cutoff::quarter:
      return last_day_of(this_month + chrono::months(2 - (month - 1) % 3));
    case Cutoff::calendar_year:
      return date.year() / chrono::December / 31;
    case Cutoff::fiscal_year:
      // Months left of the fiscal year after this one.
      return last_day_of(this_month + chrono::months((fiscal_start + 11 - month) % 12));
  }
  return date;
}

RuleOutcome apply_rule(const Rule& rule, const Facts& facts) {
  RuleOutcome outcome;
  for (const Trigger& trigger : rule.triggers) {
    const auto date = date_of(trigger, facts);
    if (!date) {
      outcome.missing.push_back(trigger);
    } else if (!outcome.trigger_date ||
               (rule.combine == Combine::earliest ? *date < *outcome.trigger_date : *date > *outcome.trigger_date)) {
      outcome.trigger_date = date;
    }
  }
  if (rule.combine == Combine::all && !outcome.missing.empty()) outcome.trigger_date.reset();
  if (rule.action == Action::permanent || !outcome.trigger_date) return outcome;
  outcome.start = end_of_cutoff(*outcome.trigger_date, rule.cutoff, rule.fiscal_start);
  outcome.retain_through = end_of_period(*outcome.start, rule.period);
  return outcome;
}

Decision decide(const Facts& facts, const std::vector<Rule>& rules, std::size_t holds, Date today) {
  Decision decision;
  decision.holds = holds;
  for (const Rule& rule : rules) decision.outcomes.push_back(apply_rule(rule, facts));
  if (rules.empty()) return decision;

  const auto permanent =
      std::find_if(rules.begin(), rules.end(), [](const Rule& rule) { return rule.action == Action::permanent; });
  if (permanent != rules.end()) {
    decision.standing = Standing::permanent;
    decision.action = Action::permanent;
    decision.deciding = static_cast<std::size_t>(permanent - rules.begin());
    return decision;
  }

  decision.action = Action::destroy;
  const std::vector<std::size_t> candidates = keeping(rules);
  for (const std::size_t i : candidates) {
    if (care(rules[i].action) > care(decision.action)) decision.action = rules[i].action;
    const auto& end = decision.outcomes[i].retain_through;
    if (!decision.deciding) {
      decision.deciding = i;
    } else {
      const auto& latest = decision.outcomes[*decision.deciding].retain_through;
      if (latest && (!end || *end > *latest)) decision.deciding = i;
    }
  }
  decision.deadline = strictest_deadline(rules, decision.outcomes);
  decision.retain_through = decision.outcomes[*decision.deciding].retain_through;
  if (!decision.retain_through) {
    decision.standing = Standing::waiting;
    return decision;
  }
  decision.eligible_from = plus_days(*decision.retain_through, 1);
  if (decision.deadline && *decision.deadline < *decision.retain_through) {
    decision.standing = Standing::contradictory;
  } else {
    decision.standing = today >= *decision.eligible_from ? Standing::due : Standing::running;
  }
  return decision;
}

std::string_view unit_name(PeriodUnit unit) {
  return kUnits.of(unit);
}
std::string_view cutoff_name(Cutoff cutoff) {
  return kCutoffs.of(cutoff);
}
std::string_view trigger_name(TriggerKind kind) {
  return kTriggers.of(kind);
}
std::string_view combine_name(Combine combine) {
  return kCombines.of(combine);
}
std::string_view action_name(Action action) {
  return kActions.of(action);
}
std::string_view kind_name(RuleKind kind) {
  return kRuleKinds.of(kind);
}
std::string_view standing_name(Standing standing) {
  return kStandings.of(standing);
}
std::optional<Cutoff> parse_cutoff(std::string_view name) {
  return kCutoffs.parse(name);
}
std::optional<PeriodUnit> parse_unit(std::string_view name) {
  return kUnits.parse(name);
}
std::optional<TriggerKind> parse_trigger(std::string_view name) {
  return kTriggers.parse(name);
}
std::optional<Combine> parse_combine(std::string_view name) {
  return kCombines.parse(name);
}
std::optional<Action> parse_action(std::string_view name) {
  return kActions.parse(name);
}
std::optional<RuleKind> parse_kind(std::string_view name) {
  return kRuleKinds.parse(name);
}
std::optional<Standing> parse_standing(std::string_view name) {
  return kStandings.parse(name);
}

}  // namespace muniment::records
