#include "webui/printouts.h"

#include <map>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "webui/internal/printed_words.h"

namespace muniment::webui {

using printing::Document;
using records::Outcome;

namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

std::string outcome_in_words(const Words& say, Outcome outcome) {
  switch (outcome) {
    case Outcome::pending:
      return say("not carried out", "inte utfört");
    case Outcome::destroyed:
      return say("withdrawn, can still be restored", "undantagen, kan ännu återställas");
    case Outcome::transferring:
      return say("handed over, receipt not in", "överlämnad, kvittens saknas");
    case Outcome::transferred:
      return say("transferred", "överförd");
    case Outcome::skipped:
      return say("kept", "bevarad");
    case Outcome::failed:
      return say("kept: could not be carried out", "bevarad: kunde inte utföras");
    case Outcome::restored:
      return say("kept: restored", "bevarad: återställd");
    case Outcome::purged:
      return say("destroyed", "förstörd");
  }
  return "";
}

std::string files_of(const records::CertifiedRecord& record) {
  if (!record.tombstone) return "";
  std::string text;
  for (const auto components = Json::parse(record.tombstone->components); const Json& file : components) {
    text += (text.empty() ? "" : "\n") + file.at("sha256").get<std::string>();
  }
  return text;
}

std::string paper_of(const Words& say, const records::CertifiedRecord& record) {
  if (record.paper) {
    return "\n" + say("paper destroyed on ", "papper förstört ") + core::to_iso(record.paper->destroyed_on) + " (" +
           record.paper->method + "), " + say("confirmed by ", "intygat av ") + record.paper->confirmed_by_name + " " +
           printed_time(record.paper->confirmed_at);
  }
  if (!record.tombstone || record.tombstone->medium == "digital") return "";
  return "\n" +
         (record.item.outcome == Outcome::purged
              ? say("nobody has confirmed what became of its paper", "ingen har intygat vad som blev av papperet")
              : say("its paper is still to be destroyed", "papperet är ännu inte förstört"));
}

std::vector<std::string> certified_row(const Words& say, const records::CertifiedRecord& record) {
  const records::BatchItem& item = record.item;
  std::string outcome = outcome_in_words(say, item.outcome);
  if (!item.reason.empty()) outcome += ": " + item.reason;
  std::string when = printed_time(item.decided_at);
  if (record.tombstone && record.tombstone->verified_at) {
    when += "\n" + say("verified ", "kontrollerat ") + printed_time(record.tombstone->verified_at);
  }
  outcome += paper_of(say, record);
  if (!item.readable) {
    return {std::to_string(item.document_id),
            "",
            say("may not be read by whoever asked", "får inte läsas av den som frågar"),
            outcome,
            when,
            ""};
  }
  return {std::to_string(item.document_id),
          item.class_code,
          item.schedule_code + " (" + std::to_string(item.schedule_version) + ")\n" + core::to_iso(item.retain_through),
          outcome,
          when,
          files_of(record)};
}

std::string approvals_in_words(const Words& say, const records::Batch& batch) {
  std::string text;
  for (const records::Approval& approval : batch.approvals) {
    text += (text.empty() ? "" : "\n") + approval.name + ", " + printed_time(approval.at);
    if (!approval.approved) text += " " + say("(rejected)", "(avslog)");
    if (!approval.comment.empty()) text += ": " + approval.comment;
  }
  return text;
}

std::string counted(const std::vector<records::CertifiedRecord>& all, const Words& say) {
  std::map<Outcome, std::size_t> counts;
  for (const auto& record : all) ++counts[record.item.outcome];
  std::string text;
  for (const auto& [outcome, count] : counts) {
    text += (text.empty() ? "" : "; ") + std::to_string(count) + " " + outcome_in_words(say, outcome);
  }
  return text;
}

std::string schedule_facts(const records::Schedule& schedule, records::Language language) {
  return schedule.terms.title + ": " + records::in_words(schedule.terms, language);
}

}  // namespace

std::string Words::action(records::Action action) const {
  switch (action) {
    case records::Action::destroy:
      return (*this)("destroyed", "gallras");
    case records::Action::transfer:
      return (*this)("transferred", "överlämnas");
    case records::Action::review:
      return (*this)("reviewed", "prövas på nytt");
    case records::Action::permanent:
      return (*this)("kept", "bevaras");
  }
  return "";
}

std::string Words::kind(records::RuleKind kind) const {
  switch (kind) {
    case records::RuleKind::minimum:
      return (*this)("at least", "minst");
    case records::RuleKind::fixed:
      return (*this)("exactly", "exakt");
    case records::RuleKind::maximum:
      return (*this)("at most", "högst");
  }
  return "";
}

std::string printed_time(const std::optional<core::Time>& time) {
  if (!time) return "";
  const std::string text = core::to_rfc3339(*time);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

printing::DocumentHead printed_head(std::string title, core::Time made_at, bool landscape) {
  std::string issuer = "Muniment · " + printed_time(made_at);
  return {std::move(title), std::move(issuer), made_at, landscape};
}

std::string certificate_pdf(const records::Certificate& certificate, records::Language language) {
  const Words say(language);
  const records::Batch& batch = certificate.batch;
  Document document(printed_head((batch.action == records::Action::transfer
                                      ? say("Certificate of transfer, batch ", "Överlämnandeintyg, omgång ")
                                      : say("Certificate of disposition, batch ", "Gallringsintyg, omgång ")) +
                                     std::to_string(batch.id),
                                 certificate.as_of, true));
  document.paragraph(
      certificate.complete
          ? say("Of the records listed, those with the outcome “destroyed” have been destroyed and it was verified "
                "that "
                "nothing of them is left; all others are kept.",
                "Av de förtecknade handlingarna är de med utfallet ”förstörd” förstörda, och det är kontrollerat att "
                "ingenting av dem finns kvar; alla övriga är bevarade.")
          : say("This is how the batch stands at the time given below; it is not finished. Only records with the "
                "outcome "
                "“destroyed” have been destroyed; all others are kept or can still be restored.",
                "Så här långt har omgången kommit vid den tid som anges nedan; den är inte avslutad. Endast handlingar "
                "med utfallet ”förstörd” är förstörda; övriga är bevarade eller kan ännu återställas."));
  document.paragraph(say("Backups that were made before that hold what was destroyed until they expire.",
                         "Säkerhetskopior som gjordes innan dess innehåller det förstörda tills de gallras."));
  document.pairs(
      {{say("Batch", "Omgång"), std::to_string(batch.id) + " · " + batch.title},
       {say("Reason", "Skäl"), batch.reason},
       {say("Evaluated on", "Prövad per"), core::to_iso(batch.evaluated_on)},
       {say("Proposed by", "Föreslagen av"), batch.proposed_by_name + ", " + printed_time(batch.proposed_at)},
       {say("Decided by", "Beslutad av"), approvals_in_words(say, batch)},
       {say("Carried out by", "Utförd av"), batch.executed_by_name + ", " + printed_time(batch.executed_at)},
       {say("As of", "Läge per"), printed_time(certificate.as_of)},
       {say("Outcome", "Utfall"), counted(certificate.records, say)}});
  if (certificate.package) {
    document.pairs({{say("Package", "Paket"), certificate.package->package_id},
                    {say("SHA-256 of the package", "Paketets SHA-256"), certificate.package->hash.hex()}});
  }
  if (batch.copy_schedule) {
    document.pairs({{say("After the receipt", "Efter kvittensen"),
                     say("copies stay here, kept by schedule ", "kopior stannar här, bevarade enligt regel ") +
                         batch.copy_schedule_code}});
  }
  if (certificate.receipt) {
    const records::RecordedReceipt& receipt = *certificate.receipt;
    document.pairs({{say("Received by", "Mottaget av"), receipt.received_by + ", " + core::to_iso(receipt.received_on)},
                    {say("Receipt", "Kvittens"),
                     receipt.files_compared > 0
                         ? say("agrees with all files, which are ", "stämmer med alla filer, som är ") +
                               std::to_string(receipt.files_compared)
                         : say("states the SHA-256 of the package: ", "anger paketets SHA-256: ") + receipt.note}});
  }
  Rows rows;
  for (const auto& record : certificate.records) rows.push_back(certified_row(say, record));
  document.heading(1, say("Records", "Handlingar"));
  document.table({{say("Number", "Nummer"), 0.7, true},
                  {say("Class", "Klass"), 0.7},
                  {say("Schedule (version), kept through", "Regel (version), bevarad t.o.m."), 1.3},
                  {say("Outcome", "Utfall"), 1.7},
                  {say("When", "När"), 1.7},
                  {say("Files (SHA-256)", "Filer (SHA-256)"), 3.4}},
                 std::move(rows));
  return document.pdf();
}

std::string file_plan_pdf(const std::vector<records::Class>& classes, const std::vector<records::Schedule>& schedules,
                          records::Language language, core::Time made_at) {
  const Words say(language);
  std::map<std::int64_t, const records::Schedule*> by_id;
  for (const records::Schedule& schedule : schedules) by_id[schedule.id] = &schedule;
  Rows rows;
  for (const records::Class& node : classes) {
    const auto found = node.schedule ? by_id.find(*node.schedule) : by_id.end();
    std::string kept, authority;
    if (found != by_id.end()) {
      kept = found->second->code + " · " + schedule_facts(*found->second, language);
      authority = found->second->terms.authority;
    } else if (node.parent_id) {
      kept = say("as the class above", "som klassen ovan");
    }
    std::string title = node.title;
    if (node.status == records::Status::closed) title += " " + say("(closed)", "(stängd)");
    if (node.declares_on_filing)
      title += "\n" + say("what is filed here becomes a record", "det som läggs hit fastställs");
    rows.push_back({node.code, title, node.scope_note, kept, authority});
  }
  Document document(printed_head(say("File plan", "Klassificeringsplan"), made_at, true));
  document.table({{say("Code", "Kod"), 0.6},
                  {say("Class", "Klass"), 1.5},
                  {say("Scope", "Omfattning"), 2},
                  {say("Kept", "Bevaras"), 2.4},
                  {say("Authority", "Stöd"), 2}},
                 std::move(rows));
  return document.pdf();
}

std::string schedules_pdf(const std::vector<records::Schedule>& schedules, records::Language language,
                          core::Time made_at) {
  const Words say(language);
  Rows rows;
  for (const records::Schedule& schedule : schedules) {
    std::string title = schedule.terms.title;
    if (schedule.status == records::Status::closed) title += " " + say("(not in use)", "(används inte)");
    rows.push_back({schedule.code, title, records::in_words(schedule.terms, language), say.kind(schedule.terms.kind),
                    schedule.terms.authority, std::to_string(schedule.number)});
  }
  Document document(printed_head(say("Retention schedule", "Gallrings- och bevaranderegler"), made_at, true));
  document.table({{say("Code", "Kod"), 0.6},
                  {say("Title", "Benämning"), 1.6},
                  {say("Rule", "Regel"), 2.6},
                  {say("How strict", "Hur strikt"), 0.7},
                  {say("Authority", "Stöd"), 2.2},
                  {say("Version", "Version"), 0.6, true}},
                 std::move(rows));
  return document.pdf();
}

std::string hold_report_pdf(const HoldReport& report, records::Language language, core::Time made_at) {
  const Words say(language);
  const records::Hold& hold = report.hold;
  Document document(
      printed_head(say("Report on a hold: ", "Rapport om gallringsstopp: ") + hold.title, made_at, false));
  document.pairs({{say("Reason", "Skäl"), hold.reason},
                  {say("Placed", "Infört"), hold.placed_by_name + ", " + printed_time(hold.placed_at)},
                  {say("Query", "Sökfråga"), hold.query},
                  {say("Folders", "Ärenden"), core::joined(report.folders, "\n")},
                  {say("Confidential", "Konfidentiell"), hold.confidential ? say("yes", "ja") : say("no", "nej")},
                  {say("Held now", "Stoppade nu"), std::to_string(report.counts.held)},
                  {say("Released since", "Hävda sedan dess"), std::to_string(report.counts.released)},
                  {say("Hold released", "Stoppet hävt"),
                   hold.released_at ? printed_time(hold.released_at) + ": " + hold.release_reason : ""}});
  if (!hold.custodians.empty()) {
    Rows people;
    for (const records::Custodian& custodian : hold.custodians) {
      people.push_back(
          {custodian.name, printed_time(custodian.asked_at),
           custodian.acknowledged_at ? printed_time(custodian.acknowledged_at) : say("not yet", "ännu inte"),
           custodian.reminded_on ? core::to_iso(*custodian.reminded_on) : ""});
    }
    document.heading(1, say("Custodians", "Ansvariga"));
    document.table({{say("Name", "Namn"), 2},
                    {say("Asked", "Tillfrågad"), 1.4},
                    {say("Acknowledged", "Bekräftat"), 1.4},
                    {say("Last reminded", "Senast påmind"), 1.2}},
                   std::move(people));
  }
  Rows rows;
  for (const records::HoldItem& item : report.items) {
    const std::string origin = item.origin == "hand"     ? say("hand", "hand")
                               : item.origin == "folder" ? say("its folder", "ärendet")
                                                         : say("the query", "sökfrågan");
    rows.push_back({std::to_string(item.document_id), item.title, origin, printed_time(item.added_at),
                    item.released_at ? printed_time(item.released_at) : "",
                    item.exists ? "" : say("destroyed since", "förstörd sedan dess")});
  }
  document.heading(1, say("Documents", "Dokument"));
  document.table({{say("Number", "Nummer"), 0.8, true},
                  {say("Title", "Titel"), 2.6},
                  {say("Held by", "Stoppad genom"), 1},
                  {say("Since", "Sedan"), 1.4},
                  {say("Released", "Hävd"), 1.4},
                  {"", 0.9}},
                 std::move(rows));
  return document.pdf();
}

}  // namespace muniment::webui
