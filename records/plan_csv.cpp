#include "records/plan_csv.h"

#include <map>
#include <set>
#include <utility>

#include "core/csv.h"
#include "core/error.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "records/schedules.h"
#include "storage/access.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::string_view kPlanColumns[] = {"code",
                                             "parent",
                                             "title",
                                             "scope_note",
                                             "schedule",
                                             "schedule_title",
                                             "triggers",
                                             "combine",
                                             "cutoff",
                                             "fiscal_start",
                                             "period",
                                             "action",
                                             "kind",
                                             "authority",
                                             "status",
                                             "access_list",
                                             "declares_on_filing",
                                             "schedule_status",
                                             "tombstone_fields"};
// How many of them earlier versions knew.
constexpr std::size_t kColumnsOfBefore[] = {14, 17};
// Where a schedule says that nothing is kept; an empty field says that it has no choice of its own.
constexpr std::string_view kNoFields = "none";

using Row = std::map<std::string, std::string, std::less<>>;

[[noreturn]] void refuse(std::size_t line, std::string_view column, const std::string& why) {
  const std::string where = "line " + std::to_string(line) + (column.empty() ? "" : ", " + std::string(column));
  throw Error(ErrorCode::invalid_argument, where + ": " + why, {{"/csv", where + ": " + why}});
}

template <typename T>
T named(const Row& row, std::size_t line, std::string_view column, std::optional<T> (*parse)(std::string_view),
        T otherwise) {
  const std::string& text = row.find(column)->second;
  if (text.empty()) return otherwise;
  if (const auto value = parse(text)) return *value;
  refuse(line, column, "\"" + text + "\" is not one of its values");
}

std::vector<Trigger> parse_triggers(const std::string& text, std::size_t line) {
  std::vector<Trigger> triggers;
  for (const std::string_view part : core::split(text, ';')) {
    const std::string_view clean = core::trim(part);
    if (clean.empty()) continue;
    const auto colon = clean.find(':');
    const auto kind = parse_trigger(clean.substr(0, colon));
    if (!kind) refuse(line, "triggers", "there is no trigger \"" + std::string(clean) + "\"");
    triggers.push_back({*kind, colon == std::string_view::npos ? "" : std::string(clean.substr(colon + 1))});
  }
  return triggers;
}

std::optional<std::set<TombstoneField>> kept_fields(const std::string& text, std::size_t line) {
  if (text.empty()) return std::nullopt;
  std::set<TombstoneField> fields;
  if (text == kNoFields) return fields;
  for (const std::string_view name : core::split(text, ' ')) {
    const auto field = parse_tombstone_field(name);
    if (!field) refuse(line, "tombstone_fields", "\"" + std::string(name) + "\" is not one of its values");
    fields.insert(*field);
  }
  return fields;
}

ScheduleTerms terms_of(const Row& row, std::size_t line) {
  ScheduleTerms terms;
  terms.title = row.at("schedule_title").empty() ? row.at("title") : row.at("schedule_title");
  terms.triggers = parse_triggers(row.at("triggers"), line);
  terms.combine = named<Combine>(row, line, "combine", parse_combine, Combine::all);
  terms.cutoff = named<Cutoff>(row, line, "cutoff", parse_cutoff, Cutoff::none);
  if (const std::string& month = row.at("fiscal_start"); !month.empty()) {
    const auto number = core::parse_integer(month);
    if (!number || *number < 1 || *number > 12) refuse(line, "fiscal_start", "must be a month, 1 to 12");
    terms.fiscal_start = static_cast<unsigned>(*number);
  }
  terms.action = named<Action>(row, line, "action", parse_action, Action::review);
  terms.kind = named<RuleKind>(row, line, "kind", parse_kind, RuleKind::minimum);
  if (!row.at("period").empty()) terms.period = parse_period(row.at("period"));
  if (row.at("period").empty() && terms.action != Action::permanent) refuse(line, "period", "a period is missing");
  terms.authority = row.at("authority");
  terms.tombstone_fields = kept_fields(row.at("tombstone_fields"), line);
  return terms;
}

std::string triggers_text(const std::vector<Trigger>& triggers) {
  std::string text;
  for (const Trigger& trigger : triggers) {
    if (!text.empty()) text += ';';
    text += trigger_name(trigger.kind);
    if (!trigger.name.empty()) text += ':' + trigger.name;
  }
  return text;
}

bool truth(const Row& row, std::size_t line, std::string_view column) {
  const std::string& text = row.find(column)->second;
  if (!text.empty() && text != "yes" && text != "no") refuse(line, column, "must be yes or no");
  return text == "yes";
}

bool is_closed(const Row& row, std::size_t line, std::string_view column) {
  const std::string& text = row.find(column)->second;
  if (!text.empty() && text != "open" && text != "closed") refuse(line, column, "must be open or closed");
  return text == "closed";
}

class PlanImport {
 public:
  explicit PlanImport(storage::Transaction& tx) : tx_(tx) {
    for (const storage::AccessList& list : storage::list_access_lists(tx)) access_lists_.emplace(list.name, list.id);
  }

  void take(const Row& row, std::size_t line) {
    const auto schedule = schedule_of(row, line);
    if (schedule && row.at("code").empty()) return;
    if (find_class(tx_, row.at("code"))) {
      ++result_.kept;
      return;
    }
    NewClass node;
    if (const std::string& code = row.at("parent"); !code.empty()) {
      const auto parent = find_class(tx_, code);
      if (!parent) refuse(line, "parent", "there is no class " + code + "; put it on a line above");
      node.parent_id = parent->id;
    }
    node.code = row.at("code");
    node.title = row.at("title");
    node.scope_note = row.at("scope_note");
    node.schedule = schedule;
    node.access_list = access_list_of(row, line);
    node.declares_on_filing = truth(row, line, "declares_on_filing");
    const std::int64_t id = create_class(tx_, node);
    if (is_closed(row, line, "status")) closed_.push_back(id);
    ++result_.classes;
  }

  // Closes what is to be closed: what stands below it, or goes by it, had to be made first.
  ImportedPlan finish() {
    ClassChange close;
    close.status = Status::closed;
    for (const std::int64_t id : closed_) change_class(tx_, id, find_class(tx_, id).value().version, close);
    for (const std::int64_t id : closed_schedules_) {
      set_schedule_status(tx_, id, find_schedule(tx_, id).value().version, Status::closed);
    }
    return result_;
  }

 private:
  std::optional<std::int64_t> schedule_of(const Row& row, std::size_t line) {
    const std::string& code = row.at("schedule");
    if (code.empty()) return std::nullopt;
    if (const auto known = find_schedule(tx_, code)) return known->id;
    ++result_.schedules;
    const std::int64_t id = create_schedule(tx_, code, terms_of(row, line));
    if (is_closed(row, line, "schedule_status")) closed_schedules_.push_back(id);
    return id;
  }

  std::optional<std::int64_t> access_list_of(const Row& row, std::size_t line) const {
    const std::string& name = row.at("access_list");
    if (name.empty()) return std::nullopt;
    const auto found = access_lists_.find(name);
    if (found == access_lists_.end()) {
      refuse(line, "access_list", "there is no access list \"" + name + "\"; make it first");
    }
    return found->second;
  }

  storage::Transaction& tx_;
  std::map<std::string, std::int64_t> access_lists_;  // by name
  std::vector<std::int64_t> closed_;                  // classes, to be
  std::vector<std::int64_t> closed_schedules_;        // the same
  ImportedPlan result_;
};

constexpr std::string_view kGeneralEnglish =
    R"csv(code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,authority
1,,Governance,"How the organisation is run",,,,,,,,,,
1.1,1,Board and meetings,"Minutes, agendas, decisions",P,Kept permanently,,,,,,permanent,fixed,The organisation's articles
1.2,1,Policies,"Policies and instructions in force and before",V2,Two years after being replaced,superseded,all,calendar-year,1,2 years,review,minimum,Decision of the management
1.3,1,Certificates of destruction,"What disposition left behind",P,,,,,,,,,
2,,People,"Those who work here",,,,,,,,,,
2.1,2,Employment,"Contracts, changes, end of employment",A2,Two years after employment,event:employment ended,all,calendar-year,1,2 years,destroy,minimum,"Diskrimineringslagen (2008:567) 6:4, claims within two years"
2.2,2,Applications,"Of those who were not employed",A2R,Two years after the decision,event:position filled,all,none,1,2 years,destroy,maximum,"Diskrimineringslagen (2008:567) 6:4; GDPR art. 5(1)(e)"
3,,Economy,"Money in and out",,,,,,,,,,
3.1,3,Accounting records,"Vouchers, ledgers, annual accounts, with what is needed to read them. The period counts from the year of capture, as where the fiscal year is the calendar year; for another fiscal year give the schedule an event at its end",B7,Accounts: seven years,captured,all,calendar-year,1,7 years,destroy,minimum,"Bokföringslagen (1999:1078) 7:2: to the end of the seventh year after the calendar year in which the fiscal year ended"
3.2,3,Contracts,"With suppliers and customers",K10,Ten years after the end of the contract,event:contract ended,all,none,1,10 years,destroy,minimum,"Preskriptionslagen (1981:130) 2 §: claims lapse after ten years"
4,,Cases,"Correspondence and case files",C5,Five years after closing,folder-closed,all,calendar-year,1,5 years,review,minimum,Decision of the management
5,,Premises and things,"Leases, insurance, inventory",K10,,,,,,,,,
)csv";

constexpr std::string_view kGeneralSwedish =
    R"csv(code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,authority
1,,Ledning,"Hur organisationen leds",,,,,,,,,,
1.1,1,Styrelse och möten,"Protokoll, dagordningar, beslut",P,Bevaras,,,,,,permanent,fixed,Organisationens stadgar
1.2,1,Styrdokument,"Gällande och tidigare policyer och instruktioner",V2,Två år efter att det ersatts,superseded,all,calendar-year,1,2 years,review,minimum,Ledningens beslut
1.3,1,Gallringsintyg,"Det som gallring lämnat efter sig",P,,,,,,,,,
2,,Personal,"De som arbetar här",,,,,,,,,,
2.1,2,Anställning,"Avtal, ändringar, avslut",A2,Två år efter anställningen,event:anställningen upphörde,all,calendar-year,1,2 years,destroy,minimum,"Diskrimineringslagen (2008:567) 6:4, talan inom två år"
2.2,2,Ansökningar,"Från dem som inte anställdes",A2R,Två år efter beslutet,event:tjänsten tillsattes,all,none,1,2 years,destroy,maximum,"Diskrimineringslagen (2008:567) 6:4; GDPR art. 5.1 e"
3,,Ekonomi,"Pengar in och ut",,,,,,,,,,
3.1,3,Räkenskapsinformation,"Verifikationer, grundbok, huvudbok, årsbokslut och det som behövs för att läsa dem. Tiden räknas från året då handlingen kom in, som när räkenskapsåret är kalenderår; för ett annat räkenskapsår ges planen en händelse vid dess slut",B7,Räkenskaper: sju år,captured,all,calendar-year,1,7 years,destroy,minimum,"Bokföringslagen (1999:1078) 7:2: till och med det sjunde året efter utgången av det kalenderår då räkenskapsåret avslutades"
3.2,3,Avtal,"Med leverantörer och kunder",K10,Tio år efter avtalets slut,event:avtalet upphörde,all,none,1,10 years,destroy,minimum,"Preskriptionslagen (1981:130) 2 §: fordringar preskriberas efter tio år"
4,,Ärenden,"Korrespondens och akter",C5,Fem år efter avslut,folder-closed,all,calendar-year,1,5 years,review,minimum,Ledningens beslut
5,,Lokaler och saker,"Hyresavtal, försäkringar, inventarier",K10,,,,,,,,,
)csv";

// In the order of their codes, but each after the class above it, as an import wants them.
std::vector<Class> parents_first(std::vector<Class> classes) {
  std::vector<Class> ordered;
  std::set<std::int64_t> there;
  while (!classes.empty()) {
    std::vector<Class> later;
    for (Class& node : classes) {
      const bool ready = !node.parent_id || there.contains(*node.parent_id);
      if (ready) there.insert(node.id);
      (ready ? ordered : later).push_back(std::move(node));
    }
    classes = std::move(later);
  }
  return ordered;
}

// It is read again: nothing in it may change on the way.
std::string as_line(const std::vector<std::string>& fields) {
  return core::csv_line(fields, core::Formulas::kept);
}

void describe(const Schedule& schedule, std::vector<std::string>& fields) {
  const ScheduleTerms& terms = schedule.terms;
  fields[5] = terms.title;
  fields[6] = triggers_text(terms.triggers);
  fields[7] = combine_name(terms.combine);
  fields[8] = cutoff_name(terms.cutoff);
  fields[9] = std::to_string(terms.fiscal_start);
  fields[10] = terms.action == Action::permanent ? "" : to_text(terms.period);
  fields[11] = action_name(terms.action);
  fields[12] = kind_name(terms.kind);
  fields[13] = terms.authority;
  fields[17] = status_name(schedule.status);
  if (terms.tombstone_fields) fields[18] = tombstone_fields_text(*terms.tombstone_fields);
  if (terms.tombstone_fields && terms.tombstone_fields->empty()) fields[18] = kNoFields;
}

}  // namespace

std::string export_plan(storage::Session& session, const storage::Principal& who) {
  const auto name_of = [&](std::int64_t list) {
    if (!who.may(storage::Permission::manage_access)) return "#" + std::to_string(list);
    return storage::find_access_list(session, list).value().name;
  };
  std::string csv = as_line({std::begin(kPlanColumns), std::end(kPlanColumns)});
  std::map<std::int64_t, std::string> codes;
  std::map<std::int64_t, bool> described;
  const auto classes = parents_first(list_classes(session));
  for (const Class& node : classes) codes[node.id] = node.code;
  for (const Class& node : classes) {
    std::vector<std::string> fields{node.code, node.parent_id ? codes[*node.parent_id] : "", node.title,
                                    node.scope_note};
    fields.resize(std::size(kPlanColumns));
    if (const auto schedule = node.schedule ? find_schedule(session, *node.schedule) : std::nullopt) {
      fields[4] = schedule->code;
      if (!std::exchange(described[schedule->id], true)) describe(*schedule, fields);
    }
    fields[14] = status_name(node.status);
    if (node.access_list) fields[15] = name_of(*node.access_list);
    fields[16] = node.declares_on_filing ? "yes" : "no";
    csv += as_line(fields);
  }
  for (const Schedule& schedule : list_schedules(session)) {
    if (described[schedule.id]) continue;
    std::vector<std::string> fields(std::size(kPlanColumns));
    fields[4] = schedule.code;
    describe(schedule, fields);
    csv += as_line(fields);
  }
  return csv;
}

ImportedPlan import_plan(storage::Transaction& tx, std::string_view csv) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  const auto rows = core::parse_csv(csv);
  std::vector<std::string> expected(std::begin(kPlanColumns), std::end(kPlanColumns));
  for (const std::size_t before : kColumnsOfBefore) {
    if (rows.front().size() == before) expected.resize(before);
  }
  if (rows.front() != expected) {
    const bool semicolons = rows.front().size() == 1 && rows.front().front().find(';') != std::string::npos;
    refuse(1, "",
           semicolons ? "the fields must be separated by commas, not by semicolons"
                      : "the columns must be those of an exported plan: " + core::joined(expected, ","));
  }
  PlanImport plan(tx);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() == 1 && rows[i][0].empty()) continue;
    if (rows[i].size() != expected.size())
      refuse(i + 1, "", "there must be " + std::to_string(expected.size()) + " fields");
    Row row;
    for (const std::string_view column : kPlanColumns) row.emplace(column, "");
    for (std::size_t c = 0; c < expected.size(); ++c) row[expected[c]] = rows[i][c];
    try {
      plan.take(row, i + 1);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_argument || error.message().starts_with("line ")) throw;
      refuse(i + 1, "", error.message());
    }
  }
  return plan.finish();
}

std::vector<std::string> ready_made_plans() {
  return {"general-en", "general-sv"};
}

std::string_view ready_made_plan(std::string_view name) {
  if (name == "general-en") return kGeneralEnglish;
  if (name == "general-sv") return kGeneralSwedish;
  throw Error(ErrorCode::not_found, "there is no ready-made plan " + std::string(name));
}

}  // namespace muniment::records
