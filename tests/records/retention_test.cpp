// The arithmetic of keeping, case by case, and what must hold for all cases.
#include "records/retention.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/explanation.h"

namespace muniment::records {
namespace {

using core::Error;
using core::parse_iso_date;

std::optional<Date> date_of(const char* iso) {
  return *iso == '\0' ? std::nullopt : parse_iso_date(iso);
}

std::string text(const std::optional<Date>& date) {
  return date ? core::to_iso(*date) : "never";
}

Rule rule(std::string_view period, Cutoff cutoff = Cutoff::none, unsigned fiscal_start = 1,
          Action action = Action::destroy) {
  Rule made;
  made.code = "R";
  made.triggers = {{TriggerKind::captured}};
  made.cutoff = cutoff;
  made.fiscal_start = fiscal_start;
  made.period = parse_period(period);
  made.action = action;
  return made;
}

// One rule with one trigger: the trigger's date, and the first day on which the record may go.
struct Dated {
  const char* what;
  Cutoff cutoff;
  unsigned fiscal_start;
  const char* period;
  const char* trigger;
  const char* retain_through;
  const char* eligible_from;
};

const Dated kDated[] = {
    // The worked dates of docs/retention.md.
    {"years", Cutoff::none, 1, "3 years", "2020-05-10", "2023-05-10", "2023-05-11"},
    {"leap day, a year", Cutoff::none, 1, "1 year", "2024-02-29", "2025-02-28", "2025-03-01"},
    {"August's last day, half a year", Cutoff::none, 1, "6 months", "2024-08-31", "2025-02-28", "2025-03-01"},
    {"calendar year", Cutoff::calendar_year, 1, "7 years", "2020-04-02", "2027-12-31", "2028-01-01"},
    {"fiscal year from July", Cutoff::fiscal_year, 7, "5 years", "2022-07-01", "2028-06-30", "2028-07-01"},
    // Leap days.
    {"leap day to leap day", Cutoff::none, 1, "4 years", "2024-02-29", "2028-02-29", "2028-03-01"},
    {"leap day over a common century", Cutoff::none, 1, "4 years", "2096-02-29", "2100-02-28", "2100-03-01"},
    {"leap day to a leap century", Cutoff::none, 1, "8 years", "1992-02-29", "2000-02-29", "2000-03-01"},
    {"to the eve of a leap day", Cutoff::none, 1, "1 year", "2023-02-28", "2024-02-28", "2024-02-29"},
    {"a day over the leap day", Cutoff::none, 1, "1 day", "2024-02-28", "2024-02-29", "2024-03-01"},
    {"a day without leap day", Cutoff::none, 1, "1 day", "2023-02-28", "2023-03-01", "2023-03-02"},
    {"leap day, ten years", Cutoff::none, 1, "10 years", "2020-02-29", "2030-02-28", "2030-03-01"},
    // Month ends.
    {"January's end, a month", Cutoff::none, 1, "1 month", "2023-01-31", "2023-02-28", "2023-03-01"},
    {"January's end, a month, leap year", Cutoff::none, 1, "1 month", "2024-01-31", "2024-02-29", "2024-03-01"},
    {"the 30th into February", Cutoff::none, 1, "1 month", "2023-01-30", "2023-02-28", "2023-03-01"},
    {"the 29th into February", Cutoff::none, 1, "1 month", "2023-01-29", "2023-02-28", "2023-03-01"},
    {"the 28th stays the 28th", Cutoff::none, 1, "1 month", "2023-01-28", "2023-02-28", "2023-03-01"},
    {"February's end does not become March's", Cutoff::none, 1, "1 month", "2023-02-28", "2023-03-28", "2023-03-29"},
    {"31 to 30", Cutoff::none, 1, "1 month", "2023-03-31", "2023-04-30", "2023-05-01"},
    {"31 to 31", Cutoff::none, 1, "2 months", "2023-03-31", "2023-05-31", "2023-06-01"},
    {"over the year's end", Cutoff::none, 1, "2 months", "2023-12-31", "2024-02-29", "2024-03-01"},
    {"thirteen months", Cutoff::none, 1, "13 months", "2023-01-31", "2024-02-29", "2024-03-01"},
    {"twelve months are a year", Cutoff::none, 1, "12 months", "2024-02-29", "2025-02-28", "2025-03-01"},
    // Days and weeks.
    {"no time at all", Cutoff::none, 1, "0 days", "2024-05-10", "2024-05-10", "2024-05-11"},
    {"30 days", Cutoff::none, 1, "30 days", "2024-01-31", "2024-03-01", "2024-03-02"},
    {"365 days in a leap year", Cutoff::none, 1, "365 days", "2024-01-01", "2024-12-31", "2025-01-01"},
    {"two weeks", Cutoff::none, 1, "2 weeks", "2024-12-24", "2025-01-07", "2025-01-08"},
    {"52 weeks are not a year", Cutoff::none, 1, "52 weeks", "2023-01-01", "2023-12-31", "2024-01-01"},
    // No weekend rule: 2023-05-13 is a Saturday.
    {"ends on a Saturday", Cutoff::none, 1, "1 year", "2022-05-13", "2023-05-13", "2023-05-14"},
    // Cutoffs.
    {"month", Cutoff::month, 1, "1 month", "2024-01-15", "2024-02-29", "2024-03-01"},
    {"month, from its last day", Cutoff::month, 1, "1 month", "2024-01-31", "2024-02-29", "2024-03-01"},
    {"month, from its first day", Cutoff::month, 1, "1 year", "2024-02-01", "2025-02-28", "2025-03-01"},
    {"quarter 1", Cutoff::quarter, 1, "1 year", "2024-01-01", "2025-03-31", "2025-04-01"},
    {"quarter 1, last day", Cutoff::quarter, 1, "1 year", "2024-03-31", "2025-03-31", "2025-04-01"},
    {"quarter 2", Cutoff::quarter, 1, "1 year", "2024-04-01", "2025-06-30", "2025-07-01"},
    {"quarter 3", Cutoff::quarter, 1, "1 year", "2024-09-30", "2025-09-30", "2025-10-01"},
    {"quarter 4", Cutoff::quarter, 1, "1 year", "2024-11-11", "2025-12-31", "2026-01-01"},
    {"calendar year, first day", Cutoff::calendar_year, 1, "1 year", "2024-01-01", "2025-12-31", "2026-01-01"},
    {"calendar year, last day", Cutoff::calendar_year, 1, "1 year", "2024-12-31", "2025-12-31", "2026-01-01"},
    {"calendar year and no time", Cutoff::calendar_year, 1, "0 years", "2024-06-01", "2024-12-31", "2025-01-01"},
    {"calendar year and months", Cutoff::calendar_year, 1, "2 months", "2023-06-01", "2024-02-29", "2024-03-01"},
    {"accounts for seven years (Bokforingslagen 7:2)", Cutoff::calendar_year, 1, "7 years", "2017-12-31", "2024-12-31",
     "2025-01-01"},
    // Fiscal years of every start month; the trigger lies in the middle of June 2024.
    {"fiscal year from January", Cutoff::fiscal_year, 1, "1 year", "2024-06-15", "2025-12-31", "2026-01-01"},
    {"fiscal year from February", Cutoff::fiscal_year, 2, "1 year", "2024-06-15", "2026-01-31", "2026-02-01"},
    {"fiscal year from March", Cutoff::fiscal_year, 3, "1 year", "2024-06-15", "2026-02-28", "2026-03-01"},
    {"fiscal year from April", Cutoff::fiscal_year, 4, "1 year", "2024-06-15", "2026-03-31", "2026-04-01"},
    {"fiscal year from May", Cutoff::fiscal_year, 5, "1 year", "2024-06-15", "2026-04-30", "2026-05-01"},
    {"fiscal year from June", Cutoff::fiscal_year, 6, "1 year", "2024-06-15", "2026-05-31", "2026-06-01"},
    {"fiscal year from July", Cutoff::fiscal_year, 7, "1 year", "2024-06-15", "2025-06-30", "2025-07-01"},
    {"fiscal year from August", Cutoff::fiscal_year, 8, "1 year", "2024-06-15", "2025-07-31", "2025-08-01"},
    {"fiscal year from September", Cutoff::fiscal_year, 9, "1 year", "2024-06-15", "2025-08-31", "2025-09-01"},
    {"fiscal year from October", Cutoff::fiscal_year, 10, "1 year", "2024-06-15", "2025-09-30", "2025-10-01"},
    {"fiscal year from November", Cutoff::fiscal_year, 11, "1 year", "2024-06-15", "2025-10-31", "2025-11-01"},
    {"fiscal year from December", Cutoff::fiscal_year, 12, "1 year", "2024-06-15", "2025-11-30", "2025-12-01"},
    {"fiscal year from March ends on a leap day", Cutoff::fiscal_year, 3, "1 year", "2023-03-01", "2025-02-28",
     "2025-03-01"},
    {"fiscal year from March, on its first day", Cutoff::fiscal_year, 3, "4 years", "2024-03-01", "2029-02-28",
     "2029-03-01"},
    {"fiscal year from July, on its last day", Cutoff::fiscal_year, 7, "5 years", "2022-06-30", "2027-06-30",
     "2027-07-01"},
    // Far away.
    {"a hundred years", Cutoff::none, 1, "100 years", "2000-02-29", "2100-02-28", "2100-03-01"},
    {"beyond four digits of year", Cutoff::none, 1, "1000 years", "9500-01-01", "9998-12-31", "9999-01-01"},
    // No trigger.
    {"nothing has happened", Cutoff::none, 1, "2 years", "", "", ""},
    {"nothing has happened, with a cutoff", Cutoff::calendar_year, 1, "7 years", "", "", ""},
};

TEST(Retention, OneRuleOneTrigger) {
  for (const Dated& c : kDated) {
    SCOPED_TRACE(std::string(c.what) + ", " + c.period + " from " + c.trigger);
    Facts facts;
    facts.captured = date_of(c.trigger);
    const std::vector<Rule> rules{rule(c.period, c.cutoff, c.fiscal_start)};
    const Decision decision = decide(facts, rules, 0, *date_of("2024-01-01"));
    EXPECT_EQ(text(decision.retain_through), text(date_of(c.retain_through)));
    EXPECT_EQ(text(decision.eligible_from), text(date_of(c.eligible_from)));
    if (!decision.eligible_from) {
      EXPECT_EQ(decision.standing, Standing::waiting);
      continue;
    }
    EXPECT_EQ(decide(facts, rules, 0, *decision.retain_through).standing, Standing::running);
    EXPECT_EQ(decide(facts, rules, 0, *decision.eligible_from).standing, Standing::due);
  }
}

TEST(Retention, EachTriggerReadsItsOwnDate) {
  Facts facts;
  facts.captured = date_of("2020-01-01");
  facts.created = date_of("2020-01-02");
  facts.declared = date_of("2020-01-03");
  facts.folder_closed = date_of("2020-01-04");
  facts.last_entry = date_of("2020-01-05");
  facts.superseded = date_of("2020-01-06");
  facts.events.emplace("contract ended", *date_of("2020-01-07"));
  facts.date_fields.emplace("valid until", *date_of("2020-01-08"));
  const std::pair<Trigger, const char*> cases[] = {
      {{TriggerKind::captured}, "2020-01-01"},
      {{TriggerKind::created}, "2020-01-02"},
      {{TriggerKind::declared}, "2020-01-03"},
      {{TriggerKind::folder_closed}, "2020-01-04"},
      {{TriggerKind::last_entry}, "2020-01-05"},
      {{TriggerKind::superseded}, "2020-01-06"},
      {{TriggerKind::event, "contract ended"}, "2020-01-07"},
      {{TriggerKind::event, "employment ended"}, "never"},
      {{TriggerKind::date_field, "valid until"}, "2020-01-08"},
      {{TriggerKind::date_field, "contract ended"}, "never"},
  };
  for (const auto& [trigger, expected] : cases) {
    Rule one = rule("1 year");
    one.triggers = {trigger};
    EXPECT_EQ(text(apply_rule(one, facts).trigger_date), expected) << trigger_name(trigger.kind) << trigger.name;
  }
}

TEST(Retention, SeveralTriggersOfOneRule) {
  Rule both = rule("1 year");
  both.triggers = {{TriggerKind::captured}, {TriggerKind::event, "contract ended"}};
  Facts facts;
  facts.captured = date_of("2020-01-01");
  both.combine = Combine::all;
  EXPECT_EQ(decide(facts, {both}, 0, *date_of("2090-01-01")).standing, Standing::waiting) << "one has no date yet";
  EXPECT_EQ(apply_rule(both, facts).missing, (std::vector<Trigger>{{TriggerKind::event, "contract ended"}}));
  both.combine = Combine::earliest;
  EXPECT_EQ(text(decide(facts, {both}, 0, *date_of("2020-02-01")).eligible_from), "2021-01-02");
  facts.events.emplace("Contract ended", *date_of("2022-06-30"));
  EXPECT_EQ(text(decide(facts, {both}, 0, *date_of("2020-02-01")).eligible_from), "2021-01-02");
  both.combine = Combine::all;
  EXPECT_EQ(text(decide(facts, {both}, 0, *date_of("2020-02-01")).eligible_from), "2023-07-01");
}

struct Several {
  const char* what;
  std::vector<Rule> rules;
  Standing standing;
  Action action;
  const char* eligible_from;
  const char* deadline;
};

Rule maximum(std::string_view period) {
  Rule made = rule(period);
  made.kind = RuleKind::maximum;
  return made;
}

Rule fixed(std::string_view period, Action action = Action::destroy) {
  Rule made = rule(period, Cutoff::none, 1, action);
  made.kind = RuleKind::fixed;
  return made;
}

Rule waiting(Action action = Action::destroy) {
  Rule made = rule("1 year", Cutoff::none, 1, action);
  made.triggers = {{TriggerKind::event, "never recorded"}};
  return made;
}

TEST(Retention, SeveralRulesAtOnce) {
  const Rule permanent = rule("0 days", Cutoff::none, 1, Action::permanent);
  const Rule review = rule("2 years", Cutoff::none, 1, Action::review);
  const Rule transfer = rule("2 years", Cutoff::none, 1, Action::transfer);
  const Rule destroy = rule("3 years");
  // Captured on 2020-05-10, asked on 2024-01-01.
  const Several cases[] = {
      {"none", {}, Standing::unscheduled, Action::review, "", ""},
      {"permanent alone", {permanent}, Standing::permanent, Action::permanent, "", ""},
      {"permanent beats destruction", {destroy, permanent}, Standing::permanent, Action::permanent, "", ""},
      {"permanent beats what waits", {waiting(), permanent}, Standing::permanent, Action::permanent, "", ""},
      {"permanent beats a maximum", {maximum("1 year"), permanent}, Standing::permanent, Action::permanent, "", ""},
      {"the later of two", {rule("2 years"), destroy}, Standing::due, Action::destroy, "2023-05-11", ""},
      {"the later of two, other order", {destroy, rule("2 years")}, Standing::due, Action::destroy, "2023-05-11", ""},
      {"what has no date is latest", {destroy, waiting()}, Standing::waiting, Action::destroy, "", ""},
      {"an undecided review blocks", {destroy, review}, Standing::due, Action::review, "2023-05-11", ""},
      {"transfer before destruction", {destroy, transfer}, Standing::due, Action::transfer, "2023-05-11", ""},
      {"review before transfer", {review, transfer}, Standing::due, Action::review, "2022-05-11", ""},
      {"still running", {destroy, rule("5 years")}, Standing::running, Action::destroy, "2025-05-11", ""},
      {"maximum alone decides", {maximum("1 year")}, Standing::due, Action::destroy, "2021-05-11", "2021-05-10"},
      {"minimum inside maximum",
       {destroy, maximum("5 years")},
       Standing::due,
       Action::destroy,
       "2023-05-11",
       "2025-05-10"},
      {"maximum ends before minimum",
       {destroy, maximum("2 years")},
       Standing::contradictory,
       Action::destroy,
       "2023-05-11",
       "2022-05-10"},
      {"the strictest maximum",
       {rule("1 year"), maximum("5 years"), maximum("4 years")},
       Standing::due,
       Action::destroy,
       "2021-05-11",
       "2024-05-10"},
      {"fixed alone is to be gone when it ends",
       {fixed("3 years")},
       Standing::due,
       Action::destroy,
       "2023-05-11",
       "2023-05-10"},
      {"fixed keeps until it ends", {fixed("5 years")}, Standing::running, Action::destroy, "2025-05-11", "2025-05-10"},
      {"a minimum inside fixed",
       {rule("2 years"), fixed("3 years")},
       Standing::due,
       Action::destroy,
       "2023-05-11",
       "2023-05-10"},
      {"fixed ends before minimum",
       {destroy, fixed("2 years")},
       Standing::contradictory,
       Action::destroy,
       "2023-05-11",
       "2022-05-10"},
      {"two fixed that differ",
       {fixed("2 years"), fixed("3 years")},
       Standing::contradictory,
       Action::destroy,
       "2023-05-11",
       "2022-05-10"},
      {"fixed until a transfer",
       {fixed("2 years", Action::transfer)},
       Standing::due,
       Action::transfer,
       "2022-05-11",
       "2022-05-10"},
      {"fixed until a review asks, and sets no end",
       {fixed("2 years", Action::review)},
       Standing::due,
       Action::review,
       "2022-05-11",
       ""},
      {"maximum ends before fixed",
       {fixed("3 years"), maximum("2 years")},
       Standing::contradictory,
       Action::destroy,
       "2023-05-11",
       "2022-05-10"},
  };
  Facts facts;
  facts.captured = date_of("2020-05-10");
  for (const Several& c : cases) {
    SCOPED_TRACE(c.what);
    const Decision decision = decide(facts, c.rules, 0, *date_of("2024-01-01"));
    EXPECT_EQ(standing_name(decision.standing), standing_name(c.standing));
    EXPECT_EQ(action_name(decision.action), action_name(c.action));
    EXPECT_EQ(text(decision.eligible_from), text(date_of(c.eligible_from)));
    EXPECT_EQ(text(decision.deadline), text(date_of(c.deadline)));
  }
}

std::vector<std::string> explained(const Rule& rule, const char* today) {
  Assessment assessment;
  assessment.facts.captured = date_of("2020-05-10");
  assessment.rules = {rule};
  assessment.origins = {{Origin::Kind::class_, "1.1", ""}};
  assessment.decision = decide(assessment.facts, assessment.rules, 0, *date_of(today));
  return in_words(assessment, *date_of(today), Language::english);
}

TEST(Retention, TheKindOfARuleIsSaidInWords) {
  Rule exact = fixed("3 years");
  exact.authority = "A law";
  EXPECT_EQ(explained(exact, "2023-05-10"),
            (std::vector<std::string>{"It is kept through 2023-05-10 and can be destroyed from 2023-05-11.",
                                      "It is to be gone after 2023-05-10.",
                                      "Schedule R of class 1.1: exactly 3 years from its capture. Authority: A law.",
                                      "That began on 2020-05-10 and runs through 2023-05-10."}));
  EXPECT_EQ(explained(exact, "2023-05-11").at(1), "It should have been gone after 2023-05-10.");
  EXPECT_EQ(explained(rule("3 years"), "2023-05-11").at(1).substr(0, 36), "Schedule R of class 1.1: at least 3 ");
  EXPECT_EQ(explained(maximum("3 years"), "2023-05-10").at(2).substr(0, 35), "Schedule R of class 1.1: at most 3 ");
}

TEST(Retention, AHoldStopsDisposalAndMovesNoDate) {
  Facts facts;
  facts.captured = date_of("2020-05-10");
  const Decision free = decide(facts, {rule("1 year")}, 0, *date_of("2024-01-01"));
  const Decision held = decide(facts, {rule("1 year")}, 2, *date_of("2024-01-01"));
  EXPECT_TRUE(free.may_dispose());
  EXPECT_FALSE(held.may_dispose());
  EXPECT_EQ(held.eligible_from, free.eligible_from);
  EXPECT_FALSE(
      decide(facts, {rule("1 year", Cutoff::none, 1, Action::review)}, 0, *date_of("2024-01-01")).may_dispose());
}

TEST(Retention, OverdueIsPastTheDeadlineOnly) {
  Facts facts;
  facts.captured = date_of("2020-05-10");
  const std::vector<Rule> rules{maximum("1 year")};
  EXPECT_FALSE(decide(facts, rules, 0, *date_of("2021-05-10")).overdue(*date_of("2021-05-10")));
  EXPECT_TRUE(decide(facts, rules, 0, *date_of("2021-05-11")).overdue(*date_of("2021-05-11")));
}

TEST(Retention, PeriodsAreReadAsWritten) {
  EXPECT_EQ(parse_period("7 years"), (Period{7, PeriodUnit::years}));
  EXPECT_EQ(parse_period("1 year"), (Period{1, PeriodUnit::years}));
  EXPECT_EQ(parse_period(" 6  months "), (Period{6, PeriodUnit::months}));
  EXPECT_EQ(to_text(parse_period("1 week")), "1 week");
  EXPECT_EQ(to_text(parse_period("90 days")), "90 days");
  for (const char* wrong :
       {"4-7 years", "4\u20137 years", "4/5 years", "4 - 7 years", "years", "", "seven years", "7", "7years",
        "7 decades", "-1 years", "1001 years", "1.5 years", "7 years or so", "99999999999999999999 years"}) {
    EXPECT_THROW(parse_period(wrong), Error) << wrong;
  }
}

// All days of some years, with every cutoff and many periods.
TEST(Retention, WhatHoldsForAllDates) {
  std::vector<Rule> rules;
  for (const Cutoff cutoff : {Cutoff::none, Cutoff::month, Cutoff::quarter, Cutoff::calendar_year}) {
    for (const PeriodUnit unit : {PeriodUnit::days, PeriodUnit::weeks, PeriodUnit::months, PeriodUnit::years}) {
      for (const int count : {0, 1, 2, 11, 12, 13, 48}) {
        rules.push_back(rule(to_text({count, unit}), cutoff));
      }
    }
  }
  for (unsigned month = 1; month <= 12; ++month) rules.push_back(rule("3 years", Cutoff::fiscal_year, month));
  for (auto at = std::chrono::sys_days(*date_of("2023-12-01")); at <= std::chrono::sys_days(*date_of("2025-03-02"));
       at += std::chrono::days(1)) {
    Facts facts;
    facts.captured = Date(at);
    Facts next_day;
    next_day.captured = Date(at + std::chrono::days(1));
    for (const Rule& one : rules) {
      const RuleOutcome outcome = apply_rule(one, facts);
      ASSERT_TRUE(outcome.retain_through->ok());
      ASSERT_GE(*outcome.start, Date(at)) << "a cutoff never ends before what it cuts off";
      ASSERT_GE(*outcome.retain_through, *outcome.start) << "never before the trigger";
      ASSERT_GE(*apply_rule(one, next_day).retain_through, *outcome.retain_through)
          << "a later trigger, no earlier end";
      Rule longer = one;
      ++longer.period.count;
      ASSERT_GT(*apply_rule(longer, facts).retain_through, *outcome.retain_through) << "longer is later";
      Rule missing = one;
      missing.triggers.push_back({TriggerKind::event, "never recorded"});
      ASSERT_NE(decide(facts, {missing}, 0, *date_of("9999-12-31")).standing, Standing::due)
          << "never while a trigger is missing";
      ASSERT_FALSE(decide(facts, {one, waiting()}, 0, *date_of("9999-12-31")).may_dispose());
    }
  }
}

}  // namespace
}  // namespace muniment::records
