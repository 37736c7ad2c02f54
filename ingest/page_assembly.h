// Makes documents of the pages of others: the parts of a stack, and what people put together.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "ingest/file_reader.h"
#include "ingest/renditions.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/documents.h"
#include "storage/page_origins.h"

namespace muniment::ingest {

// What a document made of the pages of `source` takes over: its name, with `suffix`, what was said of it, its place,
// who may read it and its public title; but no title. Error(not_found) for one that is on paper only.
storage::NewDocument made_from(const storage::Document& source, std::string_view suffix);

// Thread-safe.
class PageAssembly {
 public:
  // All references outlive this object.
  PageAssembly(const storage::BlobStore& blobs, const FileReader& reader, Renditions& renditions)
      : blobs_(blobs), reader_(reader), renditions_(renditions) {}

  struct NewFile {
    core::Sha256 hash;
    std::uint64_t size = 0;
  };
  // For each list of pages a PDF of them, durable in the blob store; `sources` are the documents that they come from.
  // Pages of a PDF stay as they are, those of a picture are its own data in a PDF. Errors: those of FileReader;
  // unsupported_type for a document whose pages are ours (text), password_needed for an encrypted one.
  std::vector<NewFile> write(std::span<const storage::Document> sources,
                             std::span<const std::vector<storage::PageOrigin>> documents,
                             std::stop_token stop = {}) const;
  // storage::BlobStore::require_stored.
  void require_stored(const NewFile& file) const { blobs_.require_stored(file.hash); }

 private:
  struct Opened;
  Opened open(const storage::Document& document, std::stop_token stop) const;

  const storage::BlobStore& blobs_;
  const FileReader& reader_;
  Renditions& renditions_;
};

}  // namespace muniment::ingest
