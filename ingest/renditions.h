// What is derived from an original for people to look at: searchable PDF, page images, thumbnails. Files under
// DATA/renditions/ab/cd/<sha256 of the original>/, every one of which can be made again from the original and the
// stored page layers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/log.h"
#include "ingest/file_reader.h"
#include "ingest/passwords.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/documents.h"

namespace muniment::ingest {

struct RenditionOptions {
  std::uint64_t page_image_bytes = 2ULL << 30;  // what page images may take; those unused for longest go first
  int parallel = 2;                             // pictures being made at once for those who look; others wait
  MemberLimits members = {};                    // of mails that are one document with what is attached to them
};

// Thread-safe. Having a Document is the proof that its reader may read it. Errors: those of FileReader, in particular
// password_needed for an encrypted document that nobody unlocked since the service started; not_found for a page that
// the document does not have, or for a kind of file that has no pages.
class Renditions {
 public:
  // All references outlive this object. Reads how much is cached.
  Renditions(std::filesystem::path root, storage::Database& database, const storage::BlobStore& blobs,
             const FileReader& reader, Passwords& passwords, core::Log& log, RenditionOptions options = {});
  ~Renditions();

  // The file whose pages are the document's, with its size: the original, or for an office file and a mail that is
  // joined with its attachments (storage/mail_parts.h) the PDF made of it, which is made when it is not there; with the
  // latter the catalogue learns what is where. For a document whose media type is known, outside any transaction.
  struct PageFile {
    core::FileDescriptor file;
    std::uint64_t size = 0;
  };
  PageFile page_file(const storage::Document& document, std::stop_token stop = {});

  // The page as WebP, upright, made when it is not there. `width` in pixels is rounded up to one of a few widths, at
  // most 2400. The file may be evicted at any time, so the answer is an open file.
  core::FileDescriptor page_image(const storage::Document& document, std::int64_t page, std::int32_t width,
                                  std::stop_token stop = {});
  // The first page, small. Never evicted.
  core::FileDescriptor thumbnail(const storage::Document& document, std::stop_token stop = {});
  // The PDF with searchable text, made when it is not there: of an office file the PDF of its pages. Empty when the
  // original is the best there is: a PDF whose text is all there or that must not be rewritten, or a file without
  // pages.
  std::optional<core::FileDescriptor> archive(const storage::Document& document, std::stop_token stop = {});

  // An attachment of a joined mail, found and noted by its hash. Error(not_found), Error(corrupt) for one that changed.
  core::TempFile mail_part(const storage::Document& document, std::int64_t position, std::stop_token stop = {});

  // Whether a document that was read can be shown only after somebody gives the password of its file again: that is
  // nowhere on disk, so it is lost when the service ends. The first question about an encrypted one looks into the
  // file.
  bool is_locked(const storage::Document& document) const;

  // Whether this is the password of the document's encrypted file. The pages of an office file are made in finding out.
  bool opens(const storage::Document& document, const std::string& password) const;

  // To be called after the text of a page was read or corrected: the searchable PDF is made anew when next asked for.
  void forget_archive(const storage::Document& document);
  // To be called after its pages were read: only then is it known which way is up, so they are drawn anew when next
  // asked for, and the thumbnail too.
  void forget_pictures(const storage::Document& document);
  // Everything derived from the document's files.
  void forget(const storage::Document& document);
  // Everything derived from the file with this hash; another document that has it gets it made anew.
  void forget(const core::Sha256& component);
  // Whether there is anything derived from it.
  bool has(const core::Sha256& component) const;

  std::uint64_t page_image_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::ingest
