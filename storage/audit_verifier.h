// Checks an audit log against itself and against signed checkpoints, wherever it comes from: an export, the database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/audit.h"
#include "storage/merkle_tree.h"
#include "storage/signed_note.h"

namespace muniment::storage {

struct AuditFinding {
  std::int64_t entry = 0;  // the first bad one; the first of several when only their range is known; 0: of none
  std::string what;
};

struct AuditVerdict {
  std::int64_t entries = 0;            // that were looked at
  core::Sha256 root;                   // of the tree over them
  std::int64_t checkpoints = 0;        // signed by a known key, and agreeing
  std::vector<std::int64_t> erased;    // entries whose detail was erased on record
  std::vector<std::int64_t> withheld;  // entries that were left out of the export, or their details were
  std::vector<std::int64_t> restored;  // entries that say that a backup was restored
  std::vector<AuditFinding> findings;  // the one of the lowest entry first
  // Checkpoints of entries that are gone because a backup was restored, which the log tells itself. An honest restore
  // leaves these, and so does a dishonest one: whoever restored must say that it was so.
  std::vector<AuditFinding> given_up;
  bool sound() const { return findings.empty(); }
};

// What restores gave up, as the log tells it.
class RestoreHistory {
 public:
  // Entries with these actions, in order: archive.restored and audit.key_created.
  void add(std::int64_t sequence, std::string_view action, std::string_view detail);
  // The restore after which a checkpoint of this size and origin need not agree with the log any more: one that gave up
  // entries which the checkpoint covers, and whose successor keys did not sign it.
  std::optional<std::int64_t> gave_up(std::int64_t size, const std::string& origin) const;
  const std::vector<std::int64_t>& restores() const { return restores_; }

 private:
  std::vector<std::int64_t> restores_;
  std::map<std::string, std::int64_t> first_use_;  // of each origin: the entry that tells of its key
};

// Entries go in from the first on, each followed by the checkpoints that end with it. After the first break of the
// chain nothing more is looked at. Any input is safe. Not thread-safe.
class AuditVerifier {
 public:
  // `trusted` keys count; those that the log only names itself must be right too.
  explicit AuditVerifier(std::vector<PublicKey> trusted, std::vector<PublicKey> named = {})
      : trusted_(std::move(trusted)), named_(std::move(named)) {}
  // From the middle: after this entry, which is taken as right. Only the chain can be checked then.
  AuditVerifier(std::int64_t sequence, std::string hash) : sequence_(sequence), previous_hash_(std::move(hash)) {}

  // A checkpoint kept elsewhere, before the first entry; `name` is what findings call it.
  void expect(const std::string& name, std::string_view note);
  void add(const AuditLine& line);
  // One that stands in the log itself, right after the last entry that it covers.
  void add_checkpoint(std::string_view note);
  // What whoever reads the log finds wrong with it: at the next entry, where reading cannot go on, or beside the
  // entries.
  void break_here(std::string what) { break_at(sequence_ + 1, std::move(what)); }
  void break_at(std::int64_t entry, std::string what);
  void add_finding(std::string what) { verdict_.findings.push_back({0, std::move(what)}); }

  std::int64_t entries() const { return sequence_; }
  bool broken() const { return broken_; }
  // `signed_end`: the last entry must be covered by a checkpoint of the log's own, by a known key.
  AuditVerdict finish(bool signed_end);

 private:
  struct Expected {
    std::string name;
    CheckpointText checkpoint;
    std::int64_t agreed = 0;  // the largest size that agreed before it
  };
  using Signature = SignedNote::Verdict;

  bool agrees(const AuditLine& line);
  void judge(Expected expected);
  void report_disagreements();

  std::vector<PublicKey> trusted_;
  std::vector<PublicKey> named_;
  std::int64_t sequence_ = 0;
  std::string previous_hash_;
  MerkleFrontier frontier_;
  bool broken_ = false;
  std::int64_t agreed_ = 0;
  std::int64_t signed_to_ = 0;
  std::multimap<std::int64_t, Expected> expected_;  // by size
  std::vector<Expected> disagreeing_;
  std::set<std::int64_t> without_detail_;
  RestoreHistory history_;
  AuditVerdict verdict_;
};

// The database's own log, with its checkpoints and its stored tree. Reads and hashes all of it.
AuditVerdict verify_audit(Session& session, const std::vector<PublicKey>& keys);

}  // namespace muniment::storage
