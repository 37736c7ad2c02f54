#include "records/package.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>

#include "core/error.h"
#include "records/internal/package_metadata.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestExtension = 10;

// An RFC 9562 UUID of version 8, made from a hash.
std::string uuid_of(const core::Sha256& hash) {
  std::string digits = hash.hex().substr(0, 32);
  digits[12] = '8';
  constexpr std::string_view kVariant = "89ab";
  digits[16] = kVariant[static_cast<std::size_t>(hash.bytes[8]) % kVariant.size()];
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) +
         "-" + digits.substr(20);
}

// Of ASCII letters and digits; "bin" where the name has none.
std::string extension_of(const std::string& filename) {
  const auto dot = filename.rfind('.');
  std::string extension = dot == std::string::npos ? "" : filename.substr(dot + 1);
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool plain =
      std::ranges::all_of(extension, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  return plain && !extension.empty() && extension.size() <= kLongestExtension ? extension : "bin";
}

std::string numbered(std::int64_t document_id) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%08lld", static_cast<long long>(document_id));
  return digits;
}

// Everything that is known of the documents, before the first file is written.
std::vector<PackagedDocument> load(storage::Database& database, const PackageTerms& terms) {
  auto session = database.read();
  std::vector<PackagedDocument> documents;
  const auto fields = storage::list_custom_fields(session);
  std::map<std::int64_t, std::optional<Schedule>> schedules;
  std::map<std::int64_t, std::optional<Folder>> folders;
  for (const std::int64_t id : terms.documents) {
    auto document = storage::find_document(session, terms.who, id);
    if (!document) throw Error(ErrorCode::not_found, "there is no document " + std::to_string(id));
    PackagedDocument one;
    one.record = find_record(session, id);
    if (one.record && one.record->schedule_id) {
      const std::int64_t schedule = *one.record->schedule_id;
      if (!schedules.contains(schedule)) schedules[schedule] = find_schedule(session, schedule);
      one.schedule = schedules[schedule];
    }
    if (document->folder_id) {
      if (!folders.contains(*document->folder_id)) {
        folders[*document->folder_id] = find_folder(session, *document->folder_id);
      }
      one.folder = folders[*document->folder_id];
    }
    one.notes = storage::notes(session, *document);
    one.fields = storage::custom_values(session, terms.who, *document, fields);
    std::erase_if(one.fields, [](const storage::CustomValue& field) { return field.value.empty(); });
    one.events = list_events(session, {.document_id = id});
    std::erase_if(one.events, [](const RetentionEvent& event) { return event.corrected_at.has_value(); });
    one.relations = storage::relations(session, terms.who, id);
    std::erase_if(one.relations, [](const storage::Relation& relation) { return relation.reversed; });
    for (storage::DocumentVersion& version : storage::document_versions(session, *document)) {
      one.versions.push_back({std::move(version), std::nullopt});
    }
    std::ranges::reverse(one.versions);
    if (document->medium != storage::Medium::digital) {
      one.paper = find_item(session, id);
      one.loans = loan_history(session, id);
    }
    one.document = std::move(*document);
    documents.push_back(std::move(one));
  }
  return documents;
}

class Writer {
 public:
  Writer(const PackageSource& source, PackageTarget& target, PackageHead head)
      : source_(source), target_(target), head_(std::move(head)) {}

  Package write(std::vector<PackagedDocument> documents, const std::vector<DestroyedDocument>& destroyed) {
    std::vector<Representation> representations{
        {"original", "the files as they were captured, those of earlier versions included"},
        {"archive", "the same with searchable text, as PDF, where the original has none"},
        {"paper", "a list of what is on paper, which is handed over beside this package"}};
    std::vector<DescribedFile>& originals = representations[0].files;
    std::vector<DescribedFile>& archives = representations[1].files;
    for (PackagedDocument& one : documents) add_files(one, originals, archives);
    if (std::ranges::any_of(documents, [](const PackagedDocument& one) { return one.paper.has_value(); })) {
      representations[2].files.push_back(
          add_text("representations/paper/data/paper.csv", "text/csv", paper_list(documents)));
    }
    RootParts parts;
    parts.erms =
        add_text("metadata/descriptive/ERMS.xml", "application/xml", erms_xml(head_, documents, originals, archives));
    std::erase_if(representations, [](const Representation& one) { return one.files.empty(); });
    parts.premis =
        add_text("metadata/preservation/premis.xml", "application/xml", premis_xml(head_, documents, representations));
    parts.about = add_text("documentation/about.txt", "text/plain", about_text(head_));
    if (!destroyed.empty()) {
      parts.destroyed = add_text("documentation/destroyed.csv", "text/csv", destroyed_list(destroyed));
    }
    parts.catalog = add_text("schemas/catalog.xml", "application/xml", schema_catalog());
    for (Representation& representation : representations) {
      const std::string folder = "representations/" + representation.name + "/";
      representation.about =
          add_text(folder + "documentation/about.txt", "text/plain", representation_text(representation));
      representation.catalog = add_text(folder + "schemas/catalog.xml", "application/xml", schema_catalog());
      parts.representations.push_back(
          add_text(folder + "METS.xml", "application/xml", representation_mets(head_, representation)));
    }
    put_text("METS.xml", root_mets(head_, parts));
    target_.finish();
    std::ranges::sort(package_.files, {}, &PackageFile::path);
    package_.id = head_.id;
    return std::move(package_);
  }

 private:
  void add_files(PackagedDocument& one, std::vector<DescribedFile>& originals, std::vector<DescribedFile>& archives) {
    const storage::Document& document = one.document;
    for (PackagedVersion& one_version : one.versions) {
      if (!one_version.version.file) continue;
      const storage::Component& component = *one_version.version.file;
      const bool current = &one_version == &one.versions.back();
      const std::string path = "representations/original/data/" + numbered(document.id) +
                               (current ? "" : "-v" + std::to_string(one_version.version.number)) + "-" +
                               std::to_string(component.position) + "." + extension_of(component.filename);
      const auto file = source_.blobs.open(component.hash);
      const PackageFile written = add_file(path, file, component.size);
      if (written.hash != component.hash) {
        throw Error(ErrorCode::corrupt,
                    "the file of document " + std::to_string(document.id) + " is not what was captured");
      }
      one_version.original = originals.size();
      originals.push_back({written, component.media_type.empty() ? "application/octet-stream" : component.media_type,
                           component.filename, document.id});
    }
    const auto rendition = source_.searchable_pdf(document);
    if (!rendition) return;
    const std::string path = "representations/archive/data/" + numbered(document.id) + ".pdf";
    one.archive = archives.size();
    archives.push_back({add_file(path, *rendition, core::size_of(*rendition)), "application/pdf", "", document.id});
  }

  PackageFile add_file(const std::string& path, const core::FileDescriptor& file, std::uint64_t size) {
    target_.begin(head_.id + "/" + path, size, head_.made_at);
    const core::FileDigest digest =
        core::digest_of(file, [&](std::span<const std::byte> piece) { target_.append(piece); });
    target_.end();
    package_.files.push_back({path, digest.hash, digest.size});
    return package_.files.back();
  }

  void put_text(const std::string& path, std::string_view text) {
    target_.begin(head_.id + "/" + path, text.size(), head_.made_at);
    target_.append(std::as_bytes(std::span(text)));
    target_.end();
  }

  DescribedFile add_text(const std::string& path, const char* media_type, const std::string& text) {
    put_text(path, text);
    package_.files.push_back({path, core::Sha256::of(text), text.size()});
    return {package_.files.back(), media_type, "", 0};
  }

  const PackageSource& source_;
  PackageTarget& target_;
  const PackageHead head_;
  Package package_;
};

}  // namespace

Package write_package(const PackageSource& source, const PackageTerms& terms, PackageTarget& target) {
  std::vector<PackagedDocument> documents = load(source.database, terms);
  PackageHead head{"", terms.title, terms.event, terms.organisation, terms.version, source.database.clock().now()};
  std::string identity = terms.occasion + "\n" + std::to_string(core::to_microseconds(head.made_at));
  for (const PackagedDocument& one : documents) {
    identity += "\n" + std::to_string(one.document.id);
    for (const PackagedVersion& version : one.versions) {
      if (version.version.file) identity += " " + version.version.file->hash.hex();
    }
  }
  head.id = "uuid-" + uuid_of(core::Sha256::of(identity));
  std::vector<DestroyedDocument> destroyed;
  {
    auto session = source.database.read();
    for (const std::int64_t id : terms.destroyed) {
      if (auto found = find_destroyed(session, terms.who, id)) destroyed.push_back(std::move(*found));
    }
  }
  return Writer(source, target, std::move(head)).write(std::move(documents), destroyed);
}

}  // namespace muniment::records
