// ERMS 2.1.2: what the records are.
#include <algorithm>
#include <map>
#include <tuple>

#include "core/csv.h"
#include "core/text.h"
#include "records/internal/package_metadata.h"
#include "records/internal/xml_writer.h"

namespace muniment::records {

namespace {

const std::string kSystem = "muniment";

std::string moment(Date date) {
  return core::to_iso(date) + "T00:00:00";
}

void control(XmlWriter& xml, const PackageHead& head) {
  xml.open("control");
  xml.element("identification", head.id, {{"identificationType", "package"}});
  xml.open("maintenanceInformation");
  xml.empty("maintenanceStatus", {{"value", "created"}});
  xml.open("maintenanceAgency").element("agencyName", named_organisation(head)).close();
  xml.open("maintenanceHistory").open("maintenanceEvent");
  xml.empty("eventType", {{"value", "created"}});
  xml.element("eventDateTime", core::to_rfc3339(head.made_at));
  xml.open("agent", {{"agentType", "other"}, {"otherAgentType", "software"}});
  xml.element("name", "Muniment " + head.version);
  xml.close().close().close().close().close();
}

void disposal(XmlWriter& xml, const PackagedDocument& one) {
  if (!one.record || !one.record->retain_through) return;
  xml.open("disposal", {{"disposable", "true"}});
  if (one.schedule) xml.element("disposalScheduleId", one.schedule->code);
  xml.element("disposalAction", action_name(one.record->action));
  if (one.schedule) {
    xml.element("disposalPeriod", to_text(one.schedule->terms.period));
    xml.element("disposalMandate", one.schedule->terms.authority);
  }
  xml.open("dates");
  xml.element("disposalDate", moment(*one.record->retain_through), {{"dateType", "retention_period_end"}});
  xml.close().close();
}

void dates(XmlWriter& xml, const PackagedDocument& one) {
  xml.open("dates");
  if (one.document.date) xml.element("date", moment(*one.document.date), {{"dateType", "created"}});
  xml.element("date", core::to_rfc3339(one.document.added_at), {{"dateType", "captured"}});
  if (one.record) {
    xml.element("date", moment(one.record->declared_on), {{"dateType", "other"}, {"otherDateType", "declared"}});
  }
  xml.close();
}

// The values are spelt as the schema spells them.
std::string_view medium_of(const PackagedDocument& one) {
  switch (one.document.medium) {
    case storage::Medium::physical:
      return "physical";
    case storage::Medium::physical_and_digital:
      return "physcical_and_digital";
    case storage::Medium::digital:
      break;
  }
  return "digitial";
}

// When, not to whom.
void loans(XmlWriter& xml, const PackagedDocument& one) {
  for (const Loan& loan : one.loans) {
    xml.open("loan").open("dates");
    xml.element("date", core::to_rfc3339(loan.out_at), {{"dateType", "loan"}});
    if (loan.returned_at) {
      xml.element("date", core::to_rfc3339(*loan.returned_at), {{"dateType", "other"}, {"otherDateType", "returned"}});
    }
    xml.close().close();
  }
}

void places(XmlWriter& xml, const PackagedDocument& one) {
  if (!one.paper || (!one.paper->home && !one.paper->current)) return;
  xml.open("physicalLocations").open("physicalLocation");
  if (one.paper->current) xml.element("currentLocation", one.paper->current->path);
  if (one.paper->home) xml.element("homeLocation", one.paper->home->path);
  xml.close().close();
}

void own_element(XmlWriter& xml, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  xml.open("ownElement", {{"name", name}}).element("value", value).close();
}

// What refers to another document or to a person is told as people read it: their numbers are this archive's own.
void fields(XmlWriter& xml, const PackagedDocument& one) {
  if (one.fields.empty()) return;
  xml.open("ownElement", {{"name", "fields"}});
  for (const storage::CustomValue& field : one.fields) {
    const bool refers =
        field.field.kind == storage::CustomFieldKind::document || field.field.kind == storage::CustomFieldKind::person;
    xml.open("ownElement", {{"name", "field"}}).element("value", refers ? field.shown : field.value);
    own_element(xml, "key", field.field.key);
    own_element(xml, "title", field.field.terms.name);
    own_element(xml, "kind", storage::custom_field_kind_name(field.field.kind));
    xml.close();
  }
  xml.close();
}

void events(XmlWriter& xml, const PackagedDocument& one) {
  if (one.events.empty()) return;
  xml.open("ownElement", {{"name", "events"}});
  for (const RetentionEvent& event : one.events) {
    xml.open("ownElement", {{"name", "event"}}).element("value", event.name);
    own_element(xml, "date", core::to_iso(event.date));
    xml.close();
  }
  xml.close();
}

void relations(XmlWriter& xml, const PackagedDocument& one) {
  if (one.relations.empty()) return;
  xml.open("ownElement", {{"name", "relations"}});
  for (const storage::Relation& relation : one.relations) {
    xml.open("ownElement", {{"name", "relation"}}).element("value", storage::relation_kind_name(relation.kind));
    own_element(xml, "document", std::to_string(relation.other_id));
    xml.close();
  }
  xml.close();
}

// Of a document that has had more than one, the oldest first.
void versions(XmlWriter& xml, const PackagedDocument& one, const std::vector<DescribedFile>& originals) {
  if (one.versions.size() < 2) return;
  xml.open("ownElement", {{"name", "versions"}});
  for (const auto& [version, original] : one.versions) {
    xml.open("ownElement", {{"name", "version"}}).element("value", std::to_string(version.number));
    own_element(xml, "path", original ? originals[*original].file.path : "");
    own_element(xml, "created", core::to_rfc3339(version.created_at));
    own_element(xml, "comment", version.comment);
    for (const storage::VersionLabel& label : version.labels) own_element(xml, "label", label.label);
    xml.close();
  }
  xml.close();
}

void files(XmlWriter& xml, const PackagedDocument& one, const std::vector<DescribedFile>& originals,
           const std::vector<DescribedFile>& archives) {
  const bool has_file =
      std::ranges::any_of(one.versions, [](const PackagedVersion& version) { return version.original.has_value(); });
  const std::string public_title = one.document.public_title.value_or("");
  const std::string public_folder = one.folder ? one.folder->public_title.value_or("") : "";
  const bool described = one.document.type || !one.document.language.empty() || one.versions.size() > 1 ||
                         !one.fields.empty() || !one.events.empty() || !one.relations.empty() ||
                         !public_title.empty() || !public_folder.empty();
  if (!has_file && !one.archive && !described) return;
  xml.open("additionalInformation");
  // The current one first, which is what a reader takes that knows nothing of versions.
  for (auto version = one.versions.rbegin(); version != one.versions.rend(); ++version) {
    if (!version->original) continue;
    const DescribedFile& file = originals[*version->original];
    xml.empty("appendix",
              {{"name", file.original_name},
               {"description",
                version == one.versions.rbegin() ? "original" : "version " + std::to_string(version->version.number)},
               {"fileFormat", file.media_type},
               {"path", file.file.path}});
  }
  if (one.archive) {
    const DescribedFile& file = archives[*one.archive];
    xml.empty("appendix", {{"name", one.document.title},
                           {"description", "searchable PDF"},
                           {"fileFormat", file.media_type},
                           {"path", file.file.path}});
  }
  if (described) {
    xml.open("ownElement");
    own_element(xml, "documentType", one.document.type ? one.document.type->name : "");
    own_element(xml, "language", one.document.language);
    own_element(xml, "publicTitle", public_title);
    own_element(xml, "publicFolderTitle", public_folder);
    fields(xml, one);
    events(xml, one);
    relations(xml, one);
    versions(xml, one, originals);
    xml.close();
  }
  xml.close();
}

void record(XmlWriter& xml, const PackagedDocument& one, std::string_view aggregation,
            const std::vector<DescribedFile>& originals, const std::vector<DescribedFile>& archives) {
  const storage::Document& document = one.document;
  xml.open("record", {{"systemIdentifier", kSystem},
                      {"recordType", one.record ? "record" : "document"},
                      {"recordPhysicalOrDigital", medium_of(one)}});
  xml.element("objectId", std::to_string(document.id));
  if (one.record) xml.element("extraId", one.record->content_hash, {{"extraIdType", "content-hash"}});
  if (one.paper) xml.element("extraId", one.paper->barcode, {{"extraIdType", "barcode"}});
  if (!document.class_code.empty()) {
    xml.element("classification", document.class_title, {{"classificationCode", document.class_code}});
  }
  xml.element("parentAggregationId", aggregation);
  if (!document.tags.empty()) {
    xml.open("keywords");
    for (const storage::NamedEntry& tag : document.tags) xml.element("keyword", tag.name);
    xml.close();
  }
  xml.element("title", document.title);
  loans(xml, one);
  disposal(xml, one);
  if (document.correspondent) {
    xml.open("agents").open("agent", {{"agentType", "counterpart"}});
    xml.element("name", document.correspondent->name).close().close();
  }
  dates(xml, one);
  places(xml, one);
  if (!one.notes.empty()) {
    xml.open("notes");
    for (const storage::Note& note : one.notes) {
      xml.element("note", note.text, {{"noteDate", core::to_rfc3339(note.created_at)}});
    }
    xml.close();
  }
  files(xml, one, originals, archives);
  xml.close();
}

// Folders by class and title, what is in none before them.
std::tuple<std::string, std::int64_t> aggregation_of(const PackagedDocument& one) {
  return {one.document.class_code, one.document.folder_id.value_or(0)};
}

std::string open_aggregation(XmlWriter& xml, const PackagedDocument& first) {
  const storage::Document& document = first.document;
  std::string id = "unfiled";
  if (first.folder) {
    id = "folder-" + std::to_string(first.folder->id);
    xml.open("aggregation", {{"systemIdentifier", kSystem}, {"aggregationType", "caseFile"}});
  } else if (document.class_id) {
    id = "class-" + std::to_string(*document.class_id);
    xml.open("aggregation", {{"systemIdentifier", kSystem}, {"aggregationType", "class"}});
  } else {
    xml.open("aggregation", {{"systemIdentifier", kSystem},
                             {"aggregationType", "own_aggregation_definition"},
                             {"otherAggregationType", "unfiled"}});
  }
  xml.element("objectId", id);
  if (!document.class_code.empty()) {
    xml.element("classification", document.class_title, {{"classificationCode", document.class_code}});
  }
  xml.element("title", first.folder ? first.folder->title : document.class_id ? document.class_title : "Unfiled");
  if (first.folder) {
    xml.empty("status", {{"value", first.folder->status == Status::open ? "open" : "closed"}});
    xml.open("dates");
    xml.element("date", core::to_rfc3339(first.folder->opened_at), {{"dateType", "opened"}});
    if (first.folder->closed_on) xml.element("date", moment(*first.folder->closed_on), {{"dateType", "closed"}});
    xml.close();
  }
  return id;
}

}  // namespace

std::string paper_list(const std::vector<PackagedDocument>& documents) {
  std::string list = core::csv_line({"document", "title", "class", "folder", "code", "medium", "home", "current"});
  for (const PackagedDocument& one : documents) {
    if (!one.paper) continue;
    const auto path = [](const std::optional<Place>& place) { return place ? place->path : std::string(); };
    list += core::csv_line({std::to_string(one.document.id), one.document.title, one.document.class_code,
                            one.folder ? one.folder->title : "", one.paper->barcode,
                            std::string(storage::medium_name(one.document.medium)), path(one.paper->home),
                            path(one.paper->current)});
  }
  return list;
}

std::string destroyed_list(const std::vector<DestroyedDocument>& destroyed) {
  const auto day = [](const std::optional<Date>& date) { return date ? core::to_iso(*date) : std::string(); };
  const auto time = [](const std::optional<core::Time>& at) { return at ? core::to_rfc3339(*at) : std::string(); };
  std::string list =
      core::csv_line({"document", "title", "class", "folder", "type", "date", "captured_at", "declared_on", "schedule",
                      "schedule_version", "authority", "retain_through", "batch", "approved_by", "destroyed_at",
                      "purged_at", "transferred_to", "medium", "files"});
  for (const DestroyedDocument& one : destroyed) {
    const Tombstone& stone = one.tombstone;
    list += core::csv_line({std::to_string(stone.document_id), stone.title, stone.class_code, one.folder,
                            stone.document_type, day(stone.document_date), core::to_rfc3339(stone.captured_at),
                            day(stone.declared_on), stone.schedule_code, std::to_string(stone.schedule_version),
                            stone.authority, day(stone.retain_through),
                            stone.batch_number ? std::to_string(*stone.batch_number) : "",
                            core::joined(stone.approved_by, "; "), core::to_rfc3339(stone.executed_at),
                            time(stone.purged_at), stone.transferred_to, stone.medium, stone.components});
  }
  return list;
}

std::string erms_xml(const PackageHead& head, const std::vector<PackagedDocument>& documents,
                     const std::vector<DescribedFile>& originals, const std::vector<DescribedFile>& archives) {
  std::map<std::tuple<std::string, std::int64_t>, std::vector<const PackagedDocument*>> aggregations;
  for (const PackagedDocument& one : documents) aggregations[aggregation_of(one)].push_back(&one);
  XmlWriter xml;
  xml.open("erms", {{"xmlns", "https://DILCIS.eu/XML/ERMS"}});
  control(xml, head);
  xml.open("aggregations");
  for (const auto& [place, content] : aggregations) {
    const std::string id = open_aggregation(xml, *content.front());
    for (const PackagedDocument* one : content) record(xml, *one, id, originals, archives);
    xml.close();
  }
  xml.close().close();
  return xml.take();
}

}  // namespace muniment::records
