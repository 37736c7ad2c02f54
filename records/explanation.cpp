#include "records/explanation.h"

#include <array>

#include "records/loans.h"
#include "records/records.h"
#include "records/transfer.h"

namespace muniment::records {

namespace {

// Both languages of one sentence; {} is filled in order.
struct Sentence {
  std::string_view english;
  std::string_view swedish;
};

class Speaker {
 public:
  explicit Speaker(Language language) : swedish_(language == Language::swedish) {}

  template <typename... Parts>
  std::string say(const Sentence& sentence, const Parts&... parts) const {
    const std::array<std::string, sizeof...(Parts)> all{std::string(parts)...};
    std::string_view rest = swedish_ ? sentence.swedish : sentence.english;
    std::string text;
    for (const std::string& part : all) {
      const auto at = rest.find("{}");
      text += rest.substr(0, at);
      text += part;
      rest.remove_prefix(at + 2);
    }
    return text += rest;
  }

  std::string trigger(const Trigger& trigger) const {
    switch (trigger.kind) {
      case TriggerKind::captured:
        return say({"its capture", "att handlingen kom in"});
      case TriggerKind::created:
        return say({"the document's date", "dokumentets datum"});
      case TriggerKind::declared:
        return say({"its declaration", "att handlingen fastställdes"});
      case TriggerKind::folder_closed:
        return say({"the closing of its folder", "att ärendet avslutas"});
      case TriggerKind::last_entry:
        return say({"the last entry in its folder", "den sista handlingen i ärendet"});
      case TriggerKind::event:
        return say({"the event \u201c{}\u201d", "händelsen \u201d{}\u201d"}, trigger.name);
      case TriggerKind::date_field:
        return say({"the date \u201c{}\u201d", "datumet \u201d{}\u201d"}, trigger.name);
      case TriggerKind::superseded:
        return say({"another record taking its place", "att en annan handling ersätter den"});
    }
    return "";
  }

  std::string period(Period period) const {
    if (!swedish_) return to_text(period);
    const bool one = period.count == 1;
    const char* unit = "";
    switch (period.unit) {
      case PeriodUnit::days:
        unit = one ? "dag" : "dagar";
        break;
      case PeriodUnit::weeks:
        unit = one ? "vecka" : "veckor";
        break;
      case PeriodUnit::months:
        unit = one ? "månad" : "månader";
        break;
      case PeriodUnit::years:
        unit = "år";
        break;
    }
    return std::to_string(period.count) + ' ' + unit;
  }

  std::string kind(RuleKind kind) const {
    switch (kind) {
      case RuleKind::minimum:
        return say({"at least", "minst"});
      case RuleKind::fixed:
        return say({"exactly", "exakt"});
      case RuleKind::maximum:
        return say({"at most", "högst"});
    }
    return "";
  }

  std::string cutoff(Cutoff cutoff, unsigned fiscal_start) const {
    switch (cutoff) {
      case Cutoff::none:
        return "";
      case Cutoff::month:
        return say({" after the end of that month", " efter utgången av den månaden"});
      case Cutoff::quarter:
        return say({" after the end of that quarter", " efter utgången av det kvartalet"});
      case Cutoff::calendar_year:
        return say({" after the end of that calendar year", " efter utgången av det kalenderåret"});
      case Cutoff::fiscal_year:
        return say({" after the end of that fiscal year (which begins in month {})",
                    " efter utgången av det räkenskapsåret (som börjar i månad {})"},
                   std::to_string(fiscal_start));
    }
    return "";
  }

  std::string action(Action action) const {
    switch (action) {
      case Action::destroy:
        return say({"destroyed", "gallras"});
      case Action::transfer:
        return say({"transferred", "överlämnas"});
      case Action::review:
        return say({"reviewed", "prövas på nytt"});
      case Action::permanent:
        return say({"kept", "bevaras"});
    }
    return "";
  }

  std::string origin(const Origin& origin) const {
    switch (origin.kind) {
      case Origin::Kind::record:
        return say({"of its own ({})", "som är dess egen ({})"}, origin.reason);
      case Origin::Kind::folder:
        return say({"of the folder \u201c{}\u201d", "från ärendet \u201d{}\u201d"}, origin.name);
      case Origin::Kind::class_:
        return say({"of class {}", "från klass {}"}, origin.name);
      case Origin::Kind::beside:
        return say({"beside it ({})", "vid sidan om ({})"}, origin.reason);
    }
    return "";
  }

 private:
  bool swedish_;
};

std::string standing_in_words(const Speaker& speaker, const Decision& decision) {
  switch (decision.standing) {
    case Standing::unscheduled:
      return speaker.say({"It is kept, because no retention schedule applies to it.",
                          "Den bevaras, eftersom ingen gallringsregel gäller för den."});
    case Standing::waiting:
      return speaker.say({"It is kept, because what starts its period has not happened yet.",
                          "Den bevaras, eftersom det som startar tiden ännu inte har hänt."});
    case Standing::running:
      return speaker.say(
          {"It is kept through {} and can be {} from {}.", "Den bevaras till och med {} och kan {} från och med {}."},
          core::to_iso(*decision.retain_through), speaker.action(decision.action),
          core::to_iso(*decision.eligible_from));
    case Standing::due:
      return speaker.say(
          {"It was kept through {} and can be {} since {}.", "Den bevarades till och med {} och kan {} sedan {}."},
          core::to_iso(*decision.retain_through), speaker.action(decision.action),
          core::to_iso(*decision.eligible_from));
    case Standing::permanent:
      return speaker.say({"It is kept permanently.", "Den bevaras för all framtid."});
    case Standing::contradictory:
      return speaker.say(
          {"Its rules contradict each other: it must be kept through {} and be gone after {}. A person must decide.",
           "Reglerna motsäger varandra: den ska bevaras till och med {} och vara borta efter {}. En människa måste "
           "avgöra."},
          core::to_iso(*decision.retain_through), core::to_iso(*decision.deadline));
  }
  return "";
}

std::string triggers_in_words(const Speaker& speaker, const std::vector<Trigger>& triggers, Combine combine) {
  std::string text;
  for (const Trigger& trigger : triggers) {
    if (!text.empty()) {
      text += combine == Combine::all ? speaker.say({" and ", " och "}) : speaker.say({" or ", " eller "});
    }
    text += speaker.trigger(trigger);
  }
  return text;
}

std::string rule_in_words(const Speaker& speaker, const Rule& rule, const Origin& origin) {
  if (rule.action == Action::permanent) {
    return speaker.say({"Schedule {} {}: permanent. Authority: {}.", "Regel {} {}: bevaras. Stöd: {}."}, rule.code,
                       speaker.origin(origin), rule.authority);
  }
  return speaker.say({"Schedule {} {}: {} {} from {}{}. Authority: {}.", "Regel {} {}: {} {} från {}{}. Stöd: {}."},
                     rule.code, speaker.origin(origin), speaker.kind(rule.kind), speaker.period(rule.period),
                     triggers_in_words(speaker, rule.triggers, rule.combine),
                     speaker.cutoff(rule.cutoff, rule.fiscal_start), rule.authority);
}

// What the decision rests on: the rule that decides, or else all of them and what they wait for.
std::string basis(const Speaker& speaker, const Assessment& assessment) {
  if (assessment.rules.empty()) return speaker.say({"no retention schedule.", "ingen gallringsregel."});
  std::string text;
  for (std::size_t i = 0; i < assessment.rules.size(); ++i) {
    if (assessment.decision.deciding.value_or(i) != i) continue;
    if (!text.empty()) text += ' ';
    text += rule_in_words(speaker, assessment.rules[i], assessment.origins[i]);
    const RuleOutcome& outcome = assessment.decision.outcomes[i];
    if (outcome.retain_through) {
      text += ' ' + speaker.say({"That began on {}.", "Det började {}."}, core::to_iso(*outcome.trigger_date));
    }
    for (const Trigger& missing : outcome.missing) {
      text += ' ' + speaker.say({"Not dated yet: {}.", "Inget datum ännu: {}."}, speaker.trigger(missing));
    }
  }
  return text;
}

}  // namespace

std::string basis_in_words(const Assessment& now, const Assessment& then, Language language) {
  const Speaker speaker(language);
  return speaker.say({"Now: {} Then: {}", "Nu: {} Sedan: {}"}, basis(speaker, now), basis(speaker, then));
}

std::vector<std::string> in_words(const Assessment& assessment, Date on, Language language) {
  const Speaker speaker(language);
  const Decision& decision = assessment.decision;
  std::vector<std::string> sentences{standing_in_words(speaker, decision)};
  if (decision.overdue(on)) {
    sentences.push_back(speaker.say({"It should have been gone after {}.", "Den skulle ha varit borta efter {}."},
                                    core::to_iso(*decision.deadline)));
  } else if (decision.deadline && decision.standing != Standing::contradictory) {
    sentences.push_back(
        speaker.say({"It is to be gone after {}.", "Den ska vara borta efter {}."}, core::to_iso(*decision.deadline)));
  }
  if (decision.holds > 0) {
    sentences.push_back(
        speaker.say({"It is under hold: until that is released it is neither destroyed nor handed over "
                     "nor changed.",
                     "Den är spärrad: tills spärren hävs får den varken gallras, överlämnas eller "
                     "ändras."}));
  }
  for (std::size_t i = 0; i < assessment.rules.size(); ++i) {
    const Rule& rule = assessment.rules[i];
    const RuleOutcome& outcome = decision.outcomes[i];
    sentences.push_back(rule_in_words(speaker, rule, assessment.origins[i]));
    if (outcome.retain_through) {
      sentences.push_back(
          speaker.say({"That began on {} and runs through {}.", "Det började {} och löper till och med {}."},
                      core::to_iso(*outcome.trigger_date), core::to_iso(*outcome.retain_through)));
    }
    for (const Trigger& missing : outcome.missing) {
      sentences.push_back(speaker.say({"Not dated yet: {}.", "Inget datum ännu: {}."}, speaker.trigger(missing)));
    }
  }
  return sentences;
}

std::vector<std::string> obstacles_in_words(storage::Session& session, std::int64_t document_id, Language language) {
  const Speaker speaker(language);
  std::vector<std::string> sentences;
  const auto record = find_record(session, document_id);
  const auto batch = session.value<std::int64_t>(
      "SELECT batch_id FROM disposition_item WHERE document_id = $1 AND outcome IN ('pending', 'transferring') "
      "ORDER BY batch_id DESC LIMIT 1",
      document_id);
  if (record && record->stage == Stage::proposed) {
    sentences.push_back(speaker.say({"It stands in disposition batch {}, which is not carried out yet.",
                                     "Den ingår i gallringsomgång {}, som inte är genomförd än."},
                                    std::to_string(batch.value_or(0))));
  }
  if (record && record->stage == Stage::transferring) {
    sentences.push_back(speaker.say({"It was handed over in batch {} and waits for the receipt.",
                                     "Den har överlämnats i omgång {} och väntar på kvittensen."},
                                    std::to_string(batch.value_or(0))));
  }
  if (open_loan(session, document_id)) {
    sentences.push_back(speaker.say(
        {"Its paper is on loan and has to come back first.", "Papperet är utlånat och måste komma tillbaka först."}));
  }
  return sentences;
}

std::vector<std::string> custody_in_words(storage::Session& session, std::int64_t document_id, Language language) {
  const Speaker speaker(language);
  std::vector<std::string> sentences;
  for (const KeptCopy& copy : kept_copies(session, document_id)) {
    sentences.push_back(
        speaker.say({"What is here is a copy: it was transferred to {} on {}, which has custody since.",
                     "Det som finns här är en kopia: den överlämnades till {} {}, som ansvarar för den sedan dess."},
                    copy.received_by, core::to_iso(copy.received_on)));
  }
  return sentences;
}

std::string in_words(const ScheduleTerms& terms, Language language) {
  const Speaker speaker(language);
  if (terms.action == Action::permanent) return speaker.say({"kept permanently", "bevaras"});
  return speaker.say({"{} from {}{}, then {}", "{} från {}{}, därefter {}"}, speaker.period(terms.period),
                     triggers_in_words(speaker, terms.triggers, terms.combine),
                     speaker.cutoff(terms.cutoff, terms.fiscal_start), speaker.action(terms.action));
}

}  // namespace muniment::records
