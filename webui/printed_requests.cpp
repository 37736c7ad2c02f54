#include "webui/printed_requests.h"

#include <map>

#include "core/text.h"
#include "webui/internal/printed_words.h"

namespace muniment::webui {

using printing::Document;
using records::ErasureDecision;
using records::RefusalGround;

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string standing_in_words(const Words& say, const records::WeighedDocument& document) {
  if (document.holds > 0) return say("under hold", "gallringsstopp");
  switch (document.standing) {
    case records::Standing::permanent:
      return say("kept for ever", "bevaras för alltid");
    case records::Standing::running:
      return say("kept through ", "bevaras t.o.m. ") + printed_date(document.retain_through);
    case records::Standing::waiting:
      return say("waits for an event", "väntar på en händelse");
    case records::Standing::due:
      return say("due", "förfallen");
    case records::Standing::contradictory:
      return say("to be decided", "ska avgöras");
    case records::Standing::unscheduled:
      return say("no schedule", "ingen regel");
  }
  return "";
}

std::string ground_in_words(const Words& say, RefusalGround ground) {
  switch (ground) {
    case RefusalGround::legal_duty:
      return say("It must be kept under a legal obligation (GDPR art. 17(3)(b)).",
                 "Den måste bevaras enligt en rättslig förpliktelse (GDPR art. 17.3 b).");
    case RefusalGround::archiving:
      return say("It is kept for archiving in the public interest (GDPR art. 17(3)(d)).",
                 "Den bevaras för arkivändamål av allmänt intresse (GDPR art. 17.3 d).");
    case RefusalGround::claims:
      return say("It is needed for legal claims (GDPR art. 17(3)(e)).",
                 "Den behövs för rättsliga anspråk (GDPR art. 17.3 e).");
    case RefusalGround::other:
      return say("Other reason", "Annat skäl");
  }
  return "";
}

std::string numbers(const std::vector<std::int64_t>& ids) {
  return core::joined(ids, ", ", [](std::int64_t id) { return std::to_string(id); });
}

}  // namespace

std::string subject_report_pdf(const SubjectReport& report, records::Language language, core::Time made_at) {
  const Words say(language);
  Document document(printed_head(say("Where a person occurs", "Var en person förekommer"), made_at, true));
  const auto names_of = [](const auto& those) {
    return core::joined(those, ", ", [](const auto& one) { return one.name; });
  };
  document.pairs(
      {{say("Searched for", "Sökt efter"), core::joined(report.queries, "\n")},
       {say("Documents", "Dokument"), std::to_string(report.documents.size()) +
                                          (report.complete ? "" : say(" (there are more)", " (det finns fler)"))},
       {say("Accounts", "Konton"), names_of(report.traces.accounts)},
       {say("Correspondents", "Korrespondenter"), names_of(report.traces.correspondents)},
       {say("Audit entries", "Loggposter"),
        report.audit_searched ? numbers(report.traces.audit_entries) : say("not searched", "inte genomsökta")}});
  Rows rows;
  for (const auto& one : report.documents) {
    rows.push_back({std::to_string(one.document_id), one.title, one.class_code,
                    one.is_record ? say("record", "fastställd") : "", standing_in_words(say, one), one.authority});
  }
  document.table({{say("Number", "Nummer"), 0.7, true},
                  {say("Title", "Titel"), 3},
                  {say("Class", "Klass"), 0.7},
                  {"", 0.8},
                  {say("Kept", "Bevaras"), 1.5},
                  {say("Authority", "Stöd"), 2.5}},
                 std::move(rows));
  Rows places;
  for (const auto& one : report.traces.places)
    places.push_back({one.object, std::to_string(one.id), one.field, one.text});
  if (!places.empty()) {
    document.heading(2, say("Other places", "Andra ställen"));
    document.table({{say("Of", "Hos"), 1},
                    {say("Number", "Nummer"), 0.7, true},
                    {say("Where", "Var"), 1.5},
                    {say("Text", "Text"), 4}},
                   std::move(places));
  }
  return document.pdf();
}

std::string erasure_letter_pdf(const records::ErasureRequest& request, const std::vector<records::ErasureItem>& items,
                               records::Language language, core::Time made_at) {
  const Words say(language);
  std::map<std::string, std::vector<std::int64_t>> erasing;  // by how they stand
  std::vector<std::int64_t> restricted;
  std::map<std::pair<RefusalGround, std::string>, std::vector<std::int64_t>> refused;
  for (const auto& item : items) {
    if (item.decision == ErasureDecision::erase) {
      erasing[item.outcome == "destroyed" ? "trashed" : item.outcome].push_back(item.document_id);
    } else if (item.decision == ErasureDecision::restrict) {
      restricted.push_back(item.document_id);
    } else if (item.decision == ErasureDecision::refuse) {
      refused[{item.ground.value_or(RefusalGround::other), item.reason}].push_back(item.document_id);
    }
  }
  Document document(
      printed_head(say("Decision on a request for erasure", "Beslut om begäran om radering"), made_at, false));
  document.pairs({{say("Request", "Begäran"), std::to_string(request.id)},
                  {say("Of", "Från"), request.subject},
                  {say("Received", "Inkom"), core::to_iso(request.received_on)},
                  {say("Decided", "Beslutad"), printed_time(request.closed_at)},
                  {say("Extended because", "Förlängd på grund av"), request.extension_reason}});
  document.paragraph(
      say("Every document in which you occur was weighed by itself. Documents are named by their numbers.",
          "Varje dokument där du förekommer har prövats för sig. Dokumenten anges med sina nummer."));
  const auto standing = [&](const char* outcome, const std::string& heading) {
    const auto those = erasing.find(outcome);
    if (those == erasing.end()) return;
    document.heading(2, heading);
    document.paragraph(numbers(those->second));
  };
  standing("erased", say("Erased", "Raderade"));
  standing("trashed", say("To be erased as soon as nothing stands against it", "Raderas så snart inget hindrar det"));
  standing("paper", say("To be erased when its paper has been destroyed", "Raderas när papperet har förstörts"));
  standing("proposed",
           say("To be destroyed when another person has approved it", "Gallras när ännu en person har godkänt det"));
  standing("kept", say("Not erased: it was not approved, or was restored, and is to be decided anew",
                       "Raderas inte: det godkändes inte, eller återställdes, och ska avgöras på nytt"));
  for (const auto& [why, documents] : refused) {
    document.heading(2, say("Not erased", "Raderas inte"));
    document.paragraph(ground_in_words(say, why.first) + (why.second.empty() ? "" : " " + why.second));
    document.paragraph(numbers(documents));
  }
  if (!restricted.empty()) {
    document.heading(2, say("Restricted (GDPR art. 18): kept, and changed by nobody",
                            "Begränsas (GDPR art. 18): bevaras, men ändras av ingen"));
    document.paragraph(numbers(restricted));
  }
  if (items.empty()) document.paragraph(say("No document was found.", "Inget dokument hittades."));
  document.heading(2, say("If you disagree", "Om du inte är nöjd"));
  document.paragraph(
      say("You may complain to the supervisory authority, in Sweden the Authority for Privacy Protection "
          "(IMY), and you may go to court (GDPR art. 77 and 79).",
          "Du kan klaga hos tillsynsmyndigheten, i Sverige Integritetsskyddsmyndigheten (IMY), och du kan gå "
          "till domstol (GDPR art. 77 och 79)."));
  return document.pdf();
}

}  // namespace muniment::webui
