// The XML files of a package, as texts. Standards and versions: records/package.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/events.h"
#include "records/file_plan.h"
#include "records/loans.h"
#include "records/package.h"
#include "records/physical_items.h"
#include "records/records.h"
#include "records/schedules.h"
#include "records/tombstones.h"
#include "storage/custom_fields.h"
#include "storage/document_versions.h"
#include "storage/documents.h"
#include "storage/relations.h"

namespace muniment::records {

// A file of the package, as METS and PREMIS describe it.
struct DescribedFile {
  PackageFile file;
  std::string media_type;
  std::string original_name;  // empty for what was made for the package
  std::int64_t document_id = 0;
};

// What the file of a document was at a time.
struct PackagedVersion {
  storage::DocumentVersion version;
  std::optional<std::size_t> original;  // place in the list of original files; empty while it was on paper only
};

// A document with what is known of it and the files that it consists of.
struct PackagedDocument {
  storage::Document document;
  std::optional<Record> record;
  std::optional<Schedule> schedule;  // the one that decides
  std::optional<Folder> folder;
  std::vector<storage::Note> notes;
  std::vector<storage::CustomValue> fields;  // those that have a value
  std::vector<RetentionEvent> events;        // those that hold, of its folder too
  std::vector<storage::Relation> relations;  // those that start from it
  std::optional<PhysicalItem> paper;
  std::vector<Loan> loans;                // of its paper
  std::vector<PackagedVersion> versions;  // the oldest first; the last one is the current one
  std::optional<std::size_t> archive;     // place in the list of searchable PDFs
};

struct PackageHead {
  std::string id;
  std::string title;
  std::string event;
  std::string organisation;
  std::string version;
  core::Time made_at;
};

// For what must name one.
inline std::string named_organisation(const PackageHead& head) {
  return head.organisation.empty() ? "not stated" : head.organisation;
}

struct Representation {
  std::string name;     // "original", the folder below representations/
  std::string content;  // in words
  std::vector<DescribedFile> files = {};
  DescribedFile about = {};    // its own documentation
  DescribedFile catalog = {};  // where the schemas are
};

// metadata/descriptive/ERMS.xml: one aggregation a folder, and one a class for what is in no folder.
std::string erms_xml(const PackageHead& head, const std::vector<PackagedDocument>& documents,
                     const std::vector<DescribedFile>& originals, const std::vector<DescribedFile>& archives);
// representations/paper/data/paper.csv: what is on paper and handed over beside the package, with its places.
std::string paper_list(const std::vector<PackagedDocument>& documents);
// documentation/destroyed.csv: what is left of what was destroyed where the documents come from.
std::string destroyed_list(const std::vector<DestroyedDocument>& destroyed);
// metadata/preservation/premis.xml: every file with its hash, and what was done with it.
std::string premis_xml(const PackageHead& head, const std::vector<PackagedDocument>& documents,
                       const std::vector<Representation>& representations);
// representations/NAME/METS.xml
std::string representation_mets(const PackageHead& head, const Representation& representation);

struct RootParts {
  DescribedFile erms;
  DescribedFile premis;
  DescribedFile about;                         // documentation
  std::optional<DescribedFile> destroyed;      // documentation too
  DescribedFile catalog;                       // where the schemas are
  std::vector<DescribedFile> representations;  // the METS.xml of each
};
// METS.xml
std::string root_mets(const PackageHead& head, const RootParts& parts);
// documentation/about.txt
std::string about_text(const PackageHead& head);
// representations/NAME/documentation/about.txt
std::string representation_text(const Representation& representation);
// schemas/catalog.xml, of the package and of each representation: an OASIS catalogue that says where the schemas are
// published. They themselves are not in the package.
std::string schema_catalog();

}  // namespace muniment::records
