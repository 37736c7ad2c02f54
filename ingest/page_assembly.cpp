#include "ingest/page_assembly.h"

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/files.h"
#include "core/text.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;

storage::NewDocument made_from(const storage::Document& source, std::string_view suffix) {
  storage::NewDocument made;
  made.filename = std::string(core::file_stem(storage::require_file(source).filename)) + std::string(suffix) + ".pdf";
  made.source = source.source;
  if (source.date_source == storage::ValueSource::person) made.date = source.date;
  if (source.language_source == storage::ValueSource::person) made.language = source.language;
  if (source.type) made.type_id = source.type->id;
  if (source.correspondent) made.correspondent_id = source.correspondent->id;
  for (const storage::NamedEntry& tag : source.tags) made.tag_ids.push_back(tag.id);
  made.class_id = source.class_id;
  made.folder_id = source.folder_id;
  made.access_list = source.own_access_list;
  made.public_title = source.public_title;
  return made;
}

// A document's pages as a PDF.
struct PageAssembly::Opened {
  std::optional<core::TempFile> made;
  Renditions::PageFile file;
  const core::FileDescriptor& descriptor() const { return made ? made->descriptor() : file.file; }
};

PageAssembly::Opened PageAssembly::open(const storage::Document& document, std::stop_token stop) const {
  const storage::Component& component = storage::require_file(document);
  if (component.encrypted) {
    throw Error(ErrorCode::password_needed, "an encrypted document's pages stay where they are");
  }
  Opened opened{{}, renditions_.page_file(document, stop)};
  const std::string& type = component.media_type;
  if (type.starts_with("text/")) {
    throw Error(ErrorCode::unsupported_type, "this is a text; its pages cannot be put into other documents");
  }
  if (type.starts_with("image/")) {
    opened.made = blobs_.new_file();
    reader_.write_archive(
        {opened.file.file, opened.file.size, component.filename}, [](std::int32_t) { return std::nullopt; },
        opened.made->descriptor(), stop);
    opened.file.size = core::digest_of(opened.made->descriptor()).size;
  }
  return opened;
}

std::vector<PageAssembly::NewFile> PageAssembly::write(std::span<const storage::Document> sources,
                                                       std::span<const std::vector<storage::PageOrigin>> documents,
                                                       std::stop_token stop) const {
  std::vector<Opened> opened;
  for (const storage::Document& source : sources) opened.push_back(open(source, stop));
  std::vector<Source> files;
  for (const Opened& file : opened) files.push_back({file.descriptor(), file.file.size, ""});
  std::vector<NewFile> written;
  std::vector<storage::BlobStore::NewBlob> blobs;
  for (const std::vector<storage::PageOrigin>& pages : documents) {
    std::vector<PageChoice> choices;
    for (const storage::PageOrigin& page : pages) {
      const auto source = std::ranges::find(sources, page.document_id, &storage::Document::id);
      if (source == sources.end()) throw Error(ErrorCode::internal, "a page of a document that was not given");
      choices.push_back(
          {static_cast<std::uint32_t>(source - sources.begin()), static_cast<std::int32_t>(page.page), page.turn});
    }
    core::TempFile file = blobs_.new_file();
    reader_.assemble(files, choices, file.descriptor(), stop);
    const core::FileDigest digest = core::digest_of(file.descriptor());
    written.push_back({digest.hash, digest.size});
    blobs.push_back({std::move(file), digest.hash});
  }
  blobs_.put_all(std::move(blobs));
  return written;
}

}  // namespace muniment::ingest
