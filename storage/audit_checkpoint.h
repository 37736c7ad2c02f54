// Signed checkpoints of the audit log: "the log has these n entries, in this order". Whoever keeps one elsewhere can
// tell later whether anything up to entry n was altered, taken away or rolled back. docs/audit.md has the formats.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "storage/audit_tree.h"
#include "storage/database.h"
#include "storage/signed_note.h"

namespace muniment::storage {

struct AuditCheckpoint {
  std::int64_t size = 0;  // entries that it covers
  core::Time at;
  std::string origin;  // which log: the name of the key, new for every archive and with every restore
  core::Sha256 root;
  std::string note;  // signed, as it is given away
};

std::optional<AuditCheckpoint> latest_audit_checkpoint(Session& session);
// The newest first; before size `before` (0: from the newest).
std::vector<AuditCheckpoint> list_audit_checkpoints(Session& session, std::int64_t before, std::size_t limit);

// Public keys, one a line. Error(invalid_argument) that names `name`, where they come from.
std::vector<PublicKey> parse_public_keys(std::string_view text, std::string_view name);

// The archive's signing key, and what it signs. Thread-safe.
class AuditCheckpoints {
 public:
  // `key_directory` holds audit.key (secret, mode 0600) and audit.pub (every public key that this archive had, one a
  // line, the oldest first). Without audit.key, in a new archive or a restored one, a key is made and its making
  // logged. Checkpoints are also written to `directory`, as ORIGIN-SIZE.checkpoint, with the key as ORIGIN.pub; it is
  // made when missing, and should be one that another machine takes copies of. Error(corrupt) when audit.key cannot be
  // read.
  AuditCheckpoints(Database& database, core::Random& random, std::filesystem::path key_directory,
                   std::filesystem::path directory);

  // A checkpoint of everything that is logged now; the latest again when nothing was added to it. When it returns, it
  // is durable, in the database and as a file. Error(corrupt) when the log contradicts an earlier checkpoint: nothing
  // is signed. Error(io), Error(storage_full) when the file could not be written; it is tried again the next time.
  AuditCheckpoint make();

  // What the newest checkpoints, in the database and in the directory, say against the log, and whether its last
  // entries are chained; empty when all is well. Cheap: O(log n) and the last thousand entries.
  std::vector<std::string> contradictions();

  const std::string& origin() const { return key_.public_key().name; }
  // The oldest first; the last is the one that signs.
  const std::vector<PublicKey>& public_keys() const { return public_keys_; }

 private:
  SigningKey load_or_make_key(core::Random& random);
  std::vector<std::string> contradictions_in(Session& session);

  Database& database_;
  std::filesystem::path key_directory_;
  std::filesystem::path directory_;
  std::mutex mutex_;
  std::vector<PublicKey> public_keys_;
  SigningKey key_;
};

}  // namespace muniment::storage
