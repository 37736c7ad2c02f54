// METS 1.12 as the CSIP 2.1 profile wants it. The numbers are those of its requirements.
#include "records/internal/package_metadata.h"
#include "records/internal/xml_writer.h"

namespace muniment::records {

namespace {

constexpr std::string_view kSipProfile = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml";
constexpr std::string_view kCsipProfile = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml";
constexpr std::string_view kContentType = "citserms_v2_1";

void open_mets(XmlWriter& xml, const PackageHead& head, std::string_view id, std::string_view label,
               std::string_view profile) {
  xml.open("mets", {{"xmlns", "http://www.loc.gov/METS/"},
                    {"xmlns:xlink", "http://www.w3.org/1999/xlink"},
                    {"xmlns:csip", "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"},
                    {"OBJID", id},
                    {"LABEL", label},
                    {"TYPE", "Other"},
                    {"csip:OTHERTYPE", "Records"},
                    {"csip:CONTENTINFORMATIONTYPE", kContentType},
                    {"PROFILE", profile}});
  const std::string time = core::to_rfc3339(head.made_at);
  xml.open("metsHdr",
           {{"CREATEDATE", time}, {"LASTMODDATE", time}, {"RECORDSTATUS", "NEW"}, {"csip:OAISPACKAGETYPE", "SIP"}});
  // CSIP10 to CSIP16. They allow no creator but the software, so the organisation has the roles of the archivist (SIP9)
  // and of the submitter, whom SIP15 to SIP18 ask for.
  xml.open("agent", {{"ROLE", "CREATOR"}, {"TYPE", "OTHER"}, {"OTHERTYPE", "SOFTWARE"}});
  xml.element("name", "Muniment");
  xml.element("note", head.version, {{"csip:NOTETYPE", "SOFTWARE VERSION"}});
  xml.close();
  if (!head.organisation.empty()) {
    xml.open("agent", {{"ROLE", "ARCHIVIST"}, {"TYPE", "ORGANIZATION"}});
    xml.element("name", head.organisation);
    xml.close();
  }
  xml.open("agent", {{"ROLE", "OTHER"}, {"OTHERROLE", "SUBMITTER"}, {"TYPE", "ORGANIZATION"}});
  xml.element("name", named_organisation(head));
  xml.close();
  xml.close();
}

void reference(XmlWriter& xml, const DescribedFile& file, std::string_view type, std::string_view other_type,
               std::string_view created) {
  const std::string size = std::to_string(file.file.size);
  const std::string hash = file.file.hash.hex();
  // An attribute of this name only where the type is OTHER.
  if (other_type.empty()) {
    xml.empty("mdRef", {{"LOCTYPE", "URL"},
                        {"xlink:type", "simple"},
                        {"xlink:href", file.file.path},
                        {"MDTYPE", type},
                        {"MIMETYPE", file.media_type},
                        {"SIZE", size},
                        {"CREATED", created},
                        {"CHECKSUM", hash},
                        {"CHECKSUMTYPE", "SHA-256"}});
  } else {
    xml.empty("mdRef", {{"LOCTYPE", "URL"},
                        {"xlink:type", "simple"},
                        {"xlink:href", file.file.path},
                        {"MDTYPE", type},
                        {"OTHERMDTYPE", other_type},
                        {"MIMETYPE", file.media_type},
                        {"SIZE", size},
                        {"CREATED", created},
                        {"CHECKSUM", hash},
                        {"CHECKSUMTYPE", "SHA-256"}});
  }
}

void file_element(XmlWriter& xml, std::string_view id, std::string_view href, const DescribedFile& file,
                  std::string_view created) {
  xml.open("file", {{"ID", id},
                    {"MIMETYPE", file.media_type},
                    {"SIZE", std::to_string(file.file.size)},
                    {"CREATED", created},
                    {"CHECKSUM", file.file.hash.hex()},
                    {"CHECKSUMTYPE", "SHA-256"}});
  xml.empty("FLocat", {{"LOCTYPE", "URL"}, {"xlink:type", "simple"}, {"xlink:href", href}});
  xml.close();
}

void open_group(XmlWriter& xml, std::string_view id, std::string_view use) {
  // CSIP62, CSIP63
  xml.open("fileGrp", {{"ID", id},
                       {"USE", use},
                       {"csip:CONTENTINFORMATIONTYPE", "OTHER"},
                       {"csip:OTHERCONTENTINFORMATIONTYPE", kContentType}});
}

void group_of_one(XmlWriter& xml, std::string_view id, std::string_view use, const DescribedFile& file,
                  std::string_view created) {
  open_group(xml, id, use);
  file_element(xml, std::string(id) + "-file", file.file.path, file, created);
  xml.close();
}

std::string representation_name(const DescribedFile& mets) {
  // representations/NAME/METS.xml
  const auto begin = mets.file.path.find('/') + 1;
  return mets.file.path.substr(begin, mets.file.path.rfind('/') - begin);
}

void division(XmlWriter& xml, const std::string& id, std::string_view label, std::string_view group) {
  xml.open("div", {{"ID", id}, {"LABEL", label}});
  xml.empty("fptr", {{"FILEID", group}});
  xml.close();
}

void structure(XmlWriter& xml, const PackageHead& head, const RootParts& parts) {
  xml.open("structMap", {{"ID", "structure"}, {"TYPE", "PHYSICAL"}, {"LABEL", "CSIP"}});
  xml.open("div", {{"ID", "package"}, {"LABEL", head.id}});
  xml.empty("div", {{"ID", "metadata"}, {"LABEL", "Metadata"}, {"ADMID", "premis"}, {"DMDID", "erms"}});
  division(xml, "documentation-division", "Documentation", "documentation");
  division(xml, "schemas-division", "Schemas", "schemas");
  xml.open("div", {{"ID", "representations-division"}, {"LABEL", "Representations"}});
  for (const DescribedFile& mets : parts.representations) {
    xml.empty("fptr", {{"FILEID", representation_name(mets)}});
  }
  for (const DescribedFile& mets : parts.representations) {
    const std::string name = representation_name(mets);
    xml.open("div", {{"ID", name + "-division"}, {"LABEL", "Representations/" + name}});
    xml.empty("mptr",
              {{"LOCTYPE", "URL"}, {"xlink:type", "simple"}, {"xlink:href", mets.file.path}, {"xlink:title", name}});
    xml.close();
  }
  xml.close().close().close();
}

}  // namespace

std::string representation_mets(const PackageHead& head, const Representation& representation) {
  XmlWriter xml;
  const std::string created = core::to_rfc3339(head.made_at);
  const std::string folder = "representations/" + representation.name + "/";
  const auto from_here = [&](DescribedFile file) {
    file.file.path.erase(0, folder.size());
    return file;
  };
  // What CSIP asks of a package it asks of a representation too, and that an identifier occurs once in all of them.
  const auto id = [&](std::string_view what) { return representation.name + "-" + std::string(what); };
  open_mets(xml, head, representation.name, representation.name, kCsipProfile);
  xml.open("fileSec", {{"ID", id("files")}});
  group_of_one(xml, id("documentation"), "Documentation", from_here(representation.about), created);
  group_of_one(xml, id("schemas"), "Schemas", from_here(representation.catalog), created);
  open_group(xml, id("data"), "Representations/" + representation.name + "/data");
  for (std::size_t i = 0; i < representation.files.size(); ++i) {
    const DescribedFile file = from_here(representation.files[i]);
    file_element(xml, id("data-" + std::to_string(i + 1)), file.file.path, file, created);
  }
  xml.close().close();
  xml.open("structMap", {{"ID", id("structure")}, {"TYPE", "PHYSICAL"}, {"LABEL", "CSIP"}});
  xml.open("div", {{"ID", id("representation")}, {"LABEL", representation.name}});
  // ERMS and PREMIS tell of the whole package and stand at its top.
  xml.empty("div", {{"ID", id("metadata")}, {"LABEL", "Metadata"}});
  division(xml, id("documentation-division"), "Documentation", id("documentation"));
  division(xml, id("schemas-division"), "Schemas", id("schemas"));
  division(xml, id("data-division"), "Representations", id("data"));
  xml.close().close().close();
  return xml.take();
}

std::string root_mets(const PackageHead& head, const RootParts& parts) {
  XmlWriter xml;
  const std::string created = core::to_rfc3339(head.made_at);
  open_mets(xml, head, head.id, head.title, kSipProfile);
  xml.open("dmdSec", {{"ID", "erms"}, {"CREATED", created}, {"STATUS", "CURRENT"}});
  reference(xml, parts.erms, "OTHER", "ERMS", created);
  xml.close();
  xml.open("amdSec", {{"ID", "administrative"}});
  xml.open("digiprovMD", {{"ID", "premis"}, {"STATUS", "CURRENT"}, {"CREATED", created}});
  reference(xml, parts.premis, "PREMIS", "", created);
  xml.close().close();
  xml.open("fileSec", {{"ID", "files"}});
  open_group(xml, "documentation", "Documentation");
  file_element(xml, "documentation-file", parts.about.file.path, parts.about, created);
  if (parts.destroyed) {
    file_element(xml, "documentation-destroyed", parts.destroyed->file.path, *parts.destroyed, created);
  }
  xml.close();
  group_of_one(xml, "schemas", "Schemas", parts.catalog, created);
  for (const DescribedFile& mets : parts.representations) {
    const std::string name = representation_name(mets);
    group_of_one(xml, name, "Representations/" + name, mets, created);
  }
  xml.close();
  structure(xml, head, parts);
  xml.close();
  return xml.take();
}

std::string representation_text(const Representation& representation) {
  return "This is the representation \"" + representation.name + "\" of the package: " + representation.content +
         ".\nMETS.xml lists its files; metadata/ at the top of the package tells what they are.\n";
}

std::string about_text(const PackageHead& head) {
  return "Information package " + head.id + "\nMade by Muniment " + head.version + " on " +
         core::to_rfc3339(head.made_at) +
         ".\n\n"
         "METS.xml                           what is in here, with a SHA-256 for every file (E-ARK CSIP 2.1)\n"
         "metadata/descriptive/ERMS.xml      classes, folders and records (E-ARK CITS ERMS 2.1)\n"
         "metadata/preservation/premis.xml   the files and what was done with them (PREMIS 3.0)\n"
         "representations/original           the files as they were captured\n"
         "representations/archive            the same with searchable text, as PDF, where the original has none\n"
         "documentation/destroyed.csv        what was destroyed where this comes from, if that is in here\n"
         "schemas/catalog.xml                where the schemas are published\n\n"
         "Files are named by the number of their document; the names that they came with are in ERMS.xml and\n"
         "premis.xml.\n";
}

std::string schema_catalog() {
  XmlWriter xml;
  xml.open("catalog", {{"xmlns", "urn:oasis:names:tc:entity:xmlns:xml:catalog"}});
  const auto published = [&](std::string_view name, std::string_view uri) {
    xml.empty("uri", {{"name", name}, {"uri", uri}});
  };
  published("http://www.loc.gov/METS/", "https://www.loc.gov/standards/mets/mets.xsd");
  published("http://www.w3.org/1999/xlink", "https://www.loc.gov/standards/xlink/xlink.xsd");
  published("http://www.loc.gov/premis/v3", "https://www.loc.gov/standards/premis/v3/premis-v3-0.xsd");
  published("https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
            "https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd");
  published("https://DILCIS.eu/XML/ERMS", "https://citserms.dilcis.eu/schema/ERMS.xsd");
  xml.close();
  return xml.take();
}

}  // namespace muniment::records
