#include "storage/audit_checkpoint.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/text.h"
#include "storage/audit.h"
#include "storage/audit_verifier.h"
#include "storage/internal/audit_format.h"

namespace muniment::storage {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

constexpr char kEnding[] = ".checkpoint";
constexpr std::size_t kTail = 1000;
constexpr std::uint64_t kMostSigningKeyBytes = 1024 * 1024;
constexpr std::uint64_t kMostNoteBytes = 64 * 1024;

std::vector<AuditCheckpoint> checkpoints_of(Session& session, std::int64_t before, std::size_t limit) {
  std::vector<AuditCheckpoint> result;
  for (auto& [size, at, origin, root, note] :
       session.rows<std::int64_t, core::Time, std::string, core::Sha256, std::string>(
           "SELECT size, at, origin, root, note FROM audit_checkpoint WHERE size < $1 OR $1 = 0 "
           "ORDER BY size DESC LIMIT $2",
           before, limit)) {
    result.push_back({size, at, std::move(origin), root, std::move(note)});
  }
  return result;
}

RestoreHistory restore_history(Session& session) {
  RestoreHistory history;
  for (const auto& [sequence, action, detail] : session.rows<std::int64_t, std::string, std::optional<std::string>>(
           "SELECT a.sequence, a.action, d.detail FROM audit a LEFT JOIN audit_detail d ON d.sequence = a.sequence "
           "WHERE a.object IN ($1, $2) AND a.object_id = 0 ORDER BY a.sequence",
           kArchiveObject, kAuditKeyObject)) {
    history.add(sequence, action, detail.value_or(""));
  }
  return history;
}

// What a checkpoint says against the log, if anything.
std::optional<std::string> contradiction(Session& session, const std::string& name, std::int64_t size,
                                         const core::Sha256& root) {
  const auto entries = audit_entry_count(session);
  if (size > entries) {
    return "the audit log ends after entry " + std::to_string(entries) + ", but " + name + " covers " +
           std::to_string(size) + ": the newest entries are missing, or an older database stands in its place";
  }
  if (audit_tree_head(session, size).root == root) return std::nullopt;
  return "the audit log's first " + std::to_string(size) + " entries are not those that " + name + " covers";
}

std::optional<std::string> broken_tail(Session& session) {
  const auto entries = audit_entry_count(session);
  const std::int64_t start = std::max<std::int64_t>(0, entries - static_cast<std::int64_t>(kTail));
  AuditVerifier verifier(start,
                         session.value<std::string>("SELECT hash FROM audit WHERE sequence = $1", start).value_or(""));
  for (const AuditLine& line : audit_lines(session, start, kTail)) verifier.add(line);
  if (!verifier.broken()) return std::nullopt;
  return verifier.finish(/*signed_end=*/false).findings.front().what;
}

// The file's name without directory is ORIGIN-SIZE.checkpoint.
std::optional<std::int64_t> size_in_name(const std::string& name, const std::string& origin) {
  if (!name.starts_with(origin + "-") || !name.ends_with(kEnding)) return std::nullopt;
  const auto from = origin.size() + 1;
  return core::parse_integer(std::string_view(name).substr(from, name.size() - from - (sizeof kEnding - 1)));
}

// The newest in the directory that this key signed; files that are damaged prove nothing and are passed over.
std::optional<CheckpointText> newest_file(const fs::path& directory, const PublicKey& key) {
  std::map<std::int64_t, fs::path, std::greater<>> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (const auto size = size_in_name(entry.path().filename(), key.name)) files.emplace(*size, entry.path());
  }
  for (const auto& [size, path] : files) {
    const auto note = SignedNote::parse(core::read_file(path, kMostNoteBytes));
    if (!note || note->check(key) != SignedNote::Verdict::valid) continue;
    if (auto checkpoint = CheckpointText::parse(note->text)) return checkpoint;
  }
  return std::nullopt;
}

}  // namespace

std::optional<AuditCheckpoint> latest_audit_checkpoint(Session& session) {
  auto all = checkpoints_of(session, 0, 1);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::vector<AuditCheckpoint> list_audit_checkpoints(Session& session, std::int64_t before, std::size_t limit) {
  return checkpoints_of(session, before, limit);
}

AuditCheckpoints::AuditCheckpoints(Database& database, core::Random& random, fs::path key_directory, fs::path directory)
    : database_(database),
      key_directory_(std::move(key_directory)),
      directory_(std::move(directory)),
      key_(load_or_make_key(random)) {
  core::create_directories_durably(directory_);
  core::write_durably(directory_ / (origin() + ".pub"), key_.public_key().text() + "\n");
}

SigningKey AuditCheckpoints::load_or_make_key(core::Random& random) {
  const fs::path secret = key_directory_ / "audit.key";
  const fs::path open = key_directory_ / "audit.pub";
  if (fs::exists(open)) public_keys_ = parse_public_keys(core::read_file(open, kMostSigningKeyBytes), open.string());
  std::optional<SigningKey> key;
  if (fs::exists(secret)) {
    const std::string text = core::read_file(secret, kMostSigningKeyBytes);
    key = SigningKey::parse(core::trim(text));
    if (!key) {
      throw Error(ErrorCode::corrupt,
                  secret.string() + " is not a signing key; restore it, or take it away and a new one is made");
    }
  } else {
    key = SigningKey::generate("muniment-" + random.token(12), random);
    core::write_durably(secret, key->text() + "\n", 0600);
  }
  if (public_keys_.empty() || public_keys_.back() != key->public_key()) {
    auto tx = database_.begin(Actor::system("start"));
    tx.audit(
        {kKeyCreated, kAuditKeyObject, 0, "", nlohmann::ordered_json{{"public_key", key->public_key().text()}}.dump()});
    tx.commit();
    public_keys_.push_back(key->public_key());
    std::string text;
    for (const PublicKey& each : public_keys_) text += each.text() + "\n";
    core::write_durably(open, text);
  }
  return std::move(*key);
}

std::vector<std::string> AuditCheckpoints::contradictions_in(Session& session) {
  std::vector<std::string> found;
  if (auto tail = broken_tail(session)) found.push_back(std::move(*tail));
  if (const auto latest = latest_audit_checkpoint(session)) {
    const std::string name = "the checkpoint of " + core::to_rfc3339(latest->at);
    if (auto said = contradiction(session, name, latest->size, latest->root)) found.push_back(std::move(*said));
  }
  const RestoreHistory history = restore_history(session);
  for (const PublicKey& key : public_keys_) {
    const auto checkpoint = newest_file(directory_, key);
    if (!checkpoint || history.gave_up(checkpoint->size, checkpoint->origin)) continue;
    const std::string name = "the newest checkpoint file";
    if (auto said = contradiction(session, name, checkpoint->size, checkpoint->root)) found.push_back(std::move(*said));
  }
  return found;
}

std::vector<std::string> AuditCheckpoints::contradictions() {
  const std::lock_guard lock(mutex_);
  auto session = database_.read();
  return contradictions_in(session);
}

AuditCheckpoint AuditCheckpoints::make() {
  const std::lock_guard lock(mutex_);
  {
    auto session = database_.read();
    const auto found = contradictions_in(session);
    if (!found.empty()) throw Error(ErrorCode::corrupt, "no checkpoint is signed: " + found.front());
  }
  AuditCheckpoint checkpoint;
  {
    auto tx = database_.begin(Actor::system("checkpoint"));
    const TreeHead head = audit_tree_head(tx);
    if (auto latest = latest_audit_checkpoint(tx); latest && latest->size == head.size) {
      checkpoint = std::move(*latest);
    } else {
      const std::string note = key_.sign(CheckpointText{origin(), head.size, head.root}.text());
      checkpoint = {head.size, tx.now(), origin(), head.root, note};
      tx.execute("INSERT INTO audit_checkpoint (size, at, origin, root, note) VALUES ($1, $2, $3, $4, $5)",
                 checkpoint.size, checkpoint.at, checkpoint.origin, checkpoint.root, checkpoint.note);
      tx.commit();
    }
  }
  const fs::path file = directory_ / (checkpoint.origin + "-" + std::to_string(checkpoint.size) + kEnding);
  if (!fs::exists(file)) core::write_durably(file, checkpoint.note);
  return checkpoint;
}

std::vector<PublicKey> parse_public_keys(std::string_view text, std::string_view name) {
  std::vector<PublicKey> keys;
  for (const std::string_view line : core::split(text, '\n')) {
    const std::string_view trimmed = core::trim(line);
    if (trimmed.empty()) continue;
    auto key = PublicKey::parse(trimmed);
    if (!key) {
      throw Error(ErrorCode::invalid_argument,
                  std::string(name) + " must hold public keys, one a line: NAME+IDENTIFIER+KEY");
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace muniment::storage
