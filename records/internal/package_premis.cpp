// PREMIS 3.0: the files, what was done with them and by what.
#include <map>

#include "records/internal/package_metadata.h"
#include "records/internal/xml_writer.h"

namespace muniment::records {

namespace {

void identifier(XmlWriter& xml, const std::string& what, std::string_view type, std::string_view value) {
  xml.open(what + "Identifier");
  xml.element(what + "IdentifierType", type).element(what + "IdentifierValue", value);
  xml.close();
}

void relationship(XmlWriter& xml, std::string_view type, std::string_view subtype, const std::string& path) {
  if (path.empty()) return;
  xml.open("relationship");
  xml.element("relationshipType", type).element("relationshipSubType", subtype);
  identifier(xml, "relatedObject", "path", path);
  xml.close();
}

// The paths of other files: what it was made of, and the version that it took the place of.
void object(XmlWriter& xml, const DescribedFile& file, const std::string& derived_from, const std::string& replaces) {
  xml.open("object", {{"xsi:type", "file"}});
  identifier(xml, "object", "path", file.file.path);
  xml.open("objectCharacteristics");
  xml.element("compositionLevel", "0");
  xml.open("fixity");
  xml.element("messageDigestAlgorithm", "SHA-256").element("messageDigest", file.file.hash.hex());
  xml.close();
  xml.element("size", std::to_string(file.file.size));
  xml.open("format").open("formatDesignation").element("formatName", file.media_type).close().close();
  xml.close();
  xml.element("originalName", file.original_name);
  relationship(xml, "derivation", "has source", derived_from);
  relationship(xml, "replacement", "replaces", replaces);
  xml.close();
}

void open_event(XmlWriter& xml, const std::string& id, std::string_view type, const std::string& time) {
  xml.open("event");
  identifier(xml, "event", "local", id);
  xml.element("eventType", type).element("eventDateTime", time);
}

void detail(XmlWriter& xml, std::string_view text) {
  xml.open("eventDetailInformation").element("eventDetail", text).close();
}

void close_event(XmlWriter& xml, const std::vector<std::string>& objects, std::string_view agent) {
  identifier(xml, "linkingAgent", "local", agent);
  for (const std::string& path : objects) identifier(xml, "linkingObject", "path", path);
  xml.close();
}

}  // namespace

std::string premis_xml(const PackageHead& head, const std::vector<PackagedDocument>& documents,
                       const std::vector<Representation>& representations) {
  XmlWriter xml;
  xml.open("premis", {{"xmlns", "http://www.loc.gov/premis/v3"},
                      {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
                      {"version", "3.0"}});
  std::map<std::int64_t, std::vector<std::string>> originals;  // by document, the current version's last
  std::vector<std::string> all;
  for (const Representation& representation : representations) {
    const bool original = representation.name == "original";
    for (const DescribedFile& file : representation.files) {
      all.push_back(file.file.path);
      const auto known = originals.find(file.document_id);
      const std::string latest = known == originals.end() ? "" : known->second.back();
      object(xml, file, original ? "" : latest, original ? latest : "");
      if (original) originals[file.document_id].push_back(file.file.path);
    }
  }
  for (const PackagedDocument& one : documents) {
    const std::string number = std::to_string(one.document.id);
    const auto& paths = originals[one.document.id];
    auto path = paths.begin();
    for (const auto& [version, file] : one.versions) {
      const std::string name =
          version.number == 1 ? "capture-" + number : "version-" + number + "-" + std::to_string(version.number);
      open_event(xml, name, version.number == 1 ? "capture" : "capture of a new version",
                 core::to_rfc3339(version.created_at));
      close_event(xml, file ? std::vector{*path++} : std::vector<std::string>{}, "muniment");
    }
    if (!one.record) continue;
    open_event(xml, "declaration-" + number, "declaration as a record", core::to_iso(one.record->declared_on));
    detail(xml, "content hash " + one.record->content_hash);
    close_event(xml, paths.empty() ? paths : std::vector{paths.back()}, "muniment");
  }
  const std::string now = core::to_rfc3339(head.made_at);
  open_event(xml, "fixity", "fixity check", now);
  xml.open("eventOutcomeInformation").element("eventOutcome", "success").close();
  close_event(xml, all, "muniment");
  open_event(xml, "package", "information package creation", now);
  detail(xml, head.event);
  close_event(xml, all, head.organisation.empty() ? "muniment" : "organisation");
  xml.open("agent");
  identifier(xml, "agent", "local", "muniment");
  xml.element("agentName", "Muniment").element("agentType", "software").element("agentVersion", head.version);
  xml.close();
  if (!head.organisation.empty()) {
    xml.open("agent");
    identifier(xml, "agent", "local", "organisation");
    xml.element("agentName", head.organisation).element("agentType", "organization");
    xml.close();
  }
  xml.close();
  return xml.take();
}

}  // namespace muniment::records
