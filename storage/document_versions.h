// The versions of a document: what its file was, and became. None is ever altered; declaring a record closes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/documents.h"

namespace muniment::storage {

struct DocumentVersion {
  std::int64_t number = 0;  // from 1; the highest is the current one
  core::Time created_at;
  std::int64_t created_by = 0;
  std::string created_by_name;
  std::string comment;
  std::optional<Component> file;  // empty while the document was on paper only
};
// The newest first.
std::vector<DocumentVersion> document_versions(Session& session, const Document& document);
// Empty when the document has no such version.
std::optional<DocumentVersion> find_document_version(Session& session, const Document& document, std::int64_t number);

struct NewVersion {
  std::string filename;  // as core::display_filename left it
  core::Sha256 hash;     // the blob is in the store already
  std::uint64_t size = 0;
  std::string comment = {};
};
// Makes it the current version, of which nothing is read yet: whatever reads the one before is called off. The caller
// enqueues the reading. What people have said of the document stays; what was guessed is guessed again. A document on
// paper only is on both from then on. Without `expected_version` whatever is there is succeeded. Returns its number.
// Error(not_found), (forbidden), (stale), (conflict) for a record, what is held, what lies in the trash and what
// somebody else has locked (file_locks.h).
std::int64_t add_document_version(Transaction& tx, const Principal& who, std::int64_t id,
                                  std::optional<std::int64_t> expected_version, const NewVersion& version);

}  // namespace muniment::storage
