// The versions of a document: what its file was, and became. None is ever altered; declaring a record closes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/documents.h"

namespace muniment::storage {

struct VersionLabel {
  std::int64_t id = 0;
  std::string label;
};

struct DocumentVersion {
  std::int64_t number = 0;  // from 1; the highest is the current one
  core::Time created_at;
  std::int64_t created_by = 0;
  std::string created_by_name;
  std::string comment;
  std::optional<std::int64_t> restored_from;  // the version whose file this is again
  std::vector<VersionLabel> labels;           // in the order in which people gave them
  std::optional<Component> file;              // empty while the document was on paper only
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
  bool stays_checked_out = false;  // by who has it checked out, which a new version ends otherwise
  std::optional<std::int64_t> restored_from = {};
};
// Makes it the current version, of which nothing is read yet: whatever reads the one before is called off. The caller
// enqueues the reading. What people have said of the document stays; what was guessed is guessed again. A document on
// paper only is on both from then on. Without `expected_version` whatever is there is succeeded. Returns its number.
// Error(not_found), (forbidden), (stale), (conflict) for a record, what is held, what lies in the trash, what stands
// in a closed class and what somebody else has checked out or locked (file_locks.h).
std::int64_t add_document_version(Transaction& tx, const Principal& who, std::int64_t id,
                                  std::optional<std::int64_t> expected_version, const NewVersion& version);
// The same with the file of an earlier version. Error(not_found) when it has none, (conflict) when the document's file
// is that one.
std::int64_t restore_document_version(Transaction& tx, const Principal& who, std::int64_t id,
                                      std::optional<std::int64_t> expected_version, std::int64_t number,
                                      std::string_view comment);

// A short text, "Signed" say, that no other version of the document has; case does not tell two apart. Returns its
// identifier; a label that the version has already is not an error. Error(not_found), (forbidden), (conflict) for a
// record, what is held or in the trash, and for a label of another version, (invalid_argument), (too_large).
std::int64_t label_version(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t number,
                           std::string_view label);
// False when the document has no such label.
bool unlabel_version(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t label_id);

}  // namespace muniment::storage
