// How long something is kept, as a pure function: facts, rules, holds and a day go in, a decision and its reasons come
// out. Nothing here knows the database or the time. docs/retention.md explains the model with worked dates.
//
// Arithmetic: the day of the triggering event is not counted; a period ends on the same day number of its last month,
// or on that month's last day when there is no such day (SFS 1930:173 §1; Regulation 1182/71 art. 3). A record may be
// disposed of from the day after (Noark 5, 6.1: the date must have passed).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace muniment::records {

using core::Date;

enum class PeriodUnit { days, weeks, months, years };

struct Period {
  int count = 0;  // 0 to 1000
  PeriodUnit unit = PeriodUnit::years;
  bool operator==(const Period&) const = default;
};
// "7 years", "1 month". Error(invalid_argument) that says what is wrong for anything else, ranges such as "4-7 years"
// above all: nobody can say which end was meant.
Period parse_period(std::string_view text);
std::string to_text(Period period);
// The last day of a period that begins after `start`; never later than 9998-12-31, so that the day
// after it is still written with four digits of year.
Date end_of_period(Date start, Period period);

enum class Cutoff { none, month, quarter, calendar_year, fiscal_year };
// The last day of the month, quarter or year that `date` lies in; the date itself without a cutoff. A fiscal year
// begins on the first of `fiscal_start` (1 to 12).
Date end_of_cutoff(Date date, Cutoff cutoff, unsigned fiscal_start);

// What starts a period.
enum class TriggerKind {
  captured,       // the day it came in
  created,        // the document's own date
  declared,       // the day it was declared a record
  folder_closed,  // the day its folder was closed; nothing while the folder is open
  last_entry,     // the day something was last filed in its folder; it never moves back
  event,          // the day of a named event on the record or its folder
  date_field,     // a date among its metadata, by name
  superseded,     // the day another record took its place
};
struct Trigger {
  TriggerKind kind = TriggerKind::captured;
  std::string name = {};  // of the event or date field; otherwise empty
  bool operator==(const Trigger&) const = default;
};

enum class Combine { earliest, all };  // of several triggers: the first that has a date, or the last once all have one
enum class Action { destroy, transfer, review, permanent };
enum class RuleKind {
  minimum,  // kept at least so long
  fixed,    // kept exactly so long: a minimum and, unless it ends in a review, a maximum at once
  maximum,  // kept at most so long, where nothing else asks for more
};

// One version of a retention schedule, as it applies to one record.
struct Rule {
  std::int64_t schedule_id = 0;
  std::int64_t schedule_version = 0;
  std::string code;
  std::string title;
  std::vector<Trigger> triggers;  // none only where the action is permanent
  Combine combine = Combine::all;
  Cutoff cutoff = Cutoff::none;
  unsigned fiscal_start = 1;
  Period period;
  Action action = Action::review;
  RuleKind kind = RuleKind::minimum;
  std::string authority;  // the law or decision behind it
};

// "Contract ended" is the same event as "contract ended": people write what schedules name.
struct EventNameOrder {
  bool operator()(const std::string& one, const std::string& other) const;
};

// What is known of a record. A date that is missing has not come yet.
struct Facts {
  std::optional<Date> captured = {};
  std::optional<Date> created = {};
  std::optional<Date> declared = {};
  std::optional<Date> folder_closed = {};
  std::optional<Date> last_entry = {};
  std::optional<Date> superseded = {};
  std::map<std::string, Date, EventNameOrder> events = {};
  std::map<std::string, Date, std::less<>> date_fields = {};
};

// What one rule says of one record.
struct RuleOutcome {
  std::optional<Date> trigger_date;    // empty while a trigger that counts is missing
  std::optional<Date> start;           // after the cutoff
  std::optional<Date> retain_through;  // the last day of keeping
  std::vector<Trigger> missing;        // what has no date yet
};
RuleOutcome apply_rule(const Rule& rule, const Facts& facts);

enum class Standing {
  unscheduled,    // no rule applies: kept
  waiting,        // something must happen first: kept
  running,        // kept until a known day
  due,            // the day has come
  permanent,      // kept for ever
  contradictory,  // one rule ends before another lets go: a person must decide
};

struct Decision {
  Standing standing = Standing::unscheduled;
  Action action = Action::review;       // what is to be done when due
  std::optional<Date> retain_through;   // the last day of keeping
  std::optional<Date> eligible_from;    // the first day on which it may be disposed of
  std::optional<Date> deadline;         // of the strictest maximum or fixed rule: to be gone after that day
  std::optional<std::size_t> deciding;  // which rule
  std::vector<RuleOutcome> outcomes;    // one for each rule
  std::size_t holds = 0;

  bool overdue(Date today) const { return standing == Standing::due && deadline && today > *deadline; }
  // May be destroyed or transferred today. A hold stops that without moving any date.
  bool may_dispose() const { return standing == Standing::due && holds == 0 && action != Action::review; }
};

// Permanent beats all. Otherwise every minimum and fixed rule must have run out, one that cannot be dated counting as
// the latest; maximum rules decide only where there is no other. Maximum rules and fixed ones (but those that end in a
// review) set the deadline; when it comes before another rule lets go, the standing is contradictory. Of several
// actions review comes before transfer, and transfer before destruction: the more careful one. `holds` is how many hold
// the record.
Decision decide(const Facts& facts, const std::vector<Rule>& rules, std::size_t holds, Date today);

std::string_view unit_name(PeriodUnit unit);        // "years"
std::string_view cutoff_name(Cutoff cutoff);        // "calendar-year"
std::string_view trigger_name(TriggerKind kind);    // "folder-closed"
std::string_view combine_name(Combine combine);     // "earliest"
std::string_view action_name(Action action);        // "destroy"
std::string_view kind_name(RuleKind kind);          // "minimum"
std::string_view standing_name(Standing standing);  // "due"
std::optional<Cutoff> parse_cutoff(std::string_view name);
std::optional<PeriodUnit> parse_unit(std::string_view name);
std::optional<TriggerKind> parse_trigger(std::string_view name);
std::optional<Combine> parse_combine(std::string_view name);
std::optional<Action> parse_action(std::string_view name);
std::optional<RuleKind> parse_kind(std::string_view name);
std::optional<Standing> parse_standing(std::string_view name);

}  // namespace muniment::records
