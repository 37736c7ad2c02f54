#include "storage/audit_verifier.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/hash.h"
#include "storage/audit_tree.h"
#include "storage/internal/audit_format.h"

namespace muniment::storage {

using core::Sha256;
using nlohmann::json;

namespace {

constexpr std::size_t kVerifiedAtOnce = 1000;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

SignedNote::Verdict signature_by(const std::vector<PublicKey>& keys, const SignedNote& note) {
  for (const PublicKey& key : keys) {
    const auto verdict = note.check(key);
    if (verdict != SignedNote::Verdict::other_key) return verdict;
  }
  return SignedNote::Verdict::other_key;
}

std::string entries_named(std::int64_t from, std::int64_t to) {
  if (from == to) return "audit entry " + std::to_string(from) + " is not the one";
  return "audit entries " + std::to_string(from) + " to " + std::to_string(to) + " are not those, from one of them on,";
}

}  // namespace

void RestoreHistory::add(std::int64_t sequence, std::string_view action, std::string_view detail) {
  if (action == kArchiveRestored) {
    restores_.push_back(sequence);
  } else if (action == kKeyCreated) {
    const json parsed = json::parse(detail, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("after") || !parsed["after"].is_object()) return;
    if (const auto key = PublicKey::parse(text_of(parsed["after"], "public_key"))) {
      first_use_.emplace(key->name, sequence);
    }
  }
}

std::optional<std::int64_t> RestoreHistory::gave_up(std::int64_t size, const std::string& origin) const {
  const auto found = first_use_.find(origin);
  const std::int64_t first_use = found == first_use_.end() ? 0 : found->second;
  for (const std::int64_t restore : restores_) {
    if (restore > first_use && restore <= size) return restore;
  }
  return std::nullopt;
}

void AuditVerifier::break_at(std::int64_t entry, std::string what) {
  if (broken_) return;
  broken_ = true;
  verdict_.findings.push_back({entry, std::move(what)});
}

void AuditVerifier::expect(const std::string& name, std::string_view note) {
  const auto parsed = SignedNote::parse(note);
  const auto checkpoint = parsed ? CheckpointText::parse(parsed->text) : std::nullopt;
  if (!checkpoint) {
    add_finding(name + " is not a signed checkpoint");
    return;
  }
  switch (signature_by(trusted_, *parsed)) {
    case Signature::invalid:
      add_finding(name + " was altered: its signature is wrong");
      return;
    case Signature::other_key:
      add_finding(name + " is not signed by a key that is trusted here");
      return;
    case Signature::valid:
      break;
  }
  if (checkpoint->size == 0) return;  // says nothing about any entry
  expected_.emplace(checkpoint->size, Expected{name, *checkpoint});
}

void AuditVerifier::add(const AuditLine& line) {
  if (broken_) return;
  const std::int64_t sequence = sequence_ + 1;
  if (line.sequence != sequence) {
    return break_at(sequence, "audit entry " + std::to_string(sequence) + " is missing: entry " +
                                  std::to_string(line.sequence) + " stands in its place");
  }
  // Of one that is left out nothing but its place in the tree can be checked, with the next checkpoint.
  if (line.sight != AuditSight::place && !agrees(line)) return;
  if (line.sight != AuditSight::all) verdict_.withheld.push_back(sequence);
  sequence_ = sequence;
  previous_hash_ = line.hash;
  frontier_.add(line.leaf ? *line.leaf : merkle_leaf(line.entry));
  const auto [first, last] = expected_.equal_range(sequence_);
  for (auto each = first; each != last; ++each) judge(std::move(each->second));
  expected_.erase(first, last);
}

// What the line says of itself, but for its number.
bool AuditVerifier::agrees(const AuditLine& line) {
  const std::int64_t sequence = line.sequence;
  const std::string name = "audit entry " + std::to_string(sequence);
  const auto broken = [&](const std::string& how) {
    break_at(sequence, name + how);
    return false;
  };
  if (audit_chain_hash(previous_hash_, line.entry) != line.hash) {
    return broken(" does not agree with its hash: it was altered, or is not the one that was here");
  }
  const json entry = json::parse(line.entry, nullptr, /*allow_exceptions=*/false);
  if (!entry.is_object() || number_of(entry, "sequence") != sequence) {
    return broken(" names another sequence number");
  }
  if (line.sight == AuditSight::all) {
    if (line.detail.empty() && line.salt.empty()) {
      without_detail_.insert(sequence);
    } else if (text_of(entry, "detail_hash") != audit_detail_hash(line.salt, line.detail)) {
      return broken(": its detail was altered");
    }
  }
  const std::string action = text_of(entry, "action");
  if (action == kDetailErased && text_of(entry, "object") == kAuditEntryObject) {
    if (without_detail_.erase(number_of(entry, "object_id")) > 0) {
      verdict_.erased.push_back(number_of(entry, "object_id"));
    }
  }
  if (action == kArchiveRestored || action == kKeyCreated) history_.add(sequence, action, line.detail);
  return true;
}

void AuditVerifier::judge(Expected expected) {
  if (frontier_.root() == expected.checkpoint.root) {
    agreed_ = sequence_;
    ++verdict_.checkpoints;
  } else {
    expected.agreed = agreed_;
    disagreeing_.push_back(std::move(expected));
  }
}

void AuditVerifier::add_checkpoint(std::string_view note) {
  if (broken_) return;
  const auto parsed = SignedNote::parse(note);
  const auto checkpoint = parsed ? CheckpointText::parse(parsed->text) : std::nullopt;
  const std::string place = "the checkpoint after entry " + std::to_string(sequence_);
  if (!checkpoint) return add_finding(place + " is damaged");
  if (checkpoint->size > sequence_) {
    return break_at(sequence_ + 1, "audit entry " + std::to_string(sequence_ + 1) + " is missing: a checkpoint of " +
                                       std::to_string(checkpoint->size) + " entries stands in its place");
  }
  if (checkpoint->size < sequence_) return add_finding(place + " belongs to an earlier entry");
  const Signature trusted = signature_by(trusted_, *parsed);
  if ((trusted == Signature::other_key ? signature_by(named_, *parsed) : trusted) != Signature::valid) {
    return add_finding(place + " was altered: its signature is wrong, or by a key that the log does not name");
  }
  if (trusted == Signature::valid) {
    signed_to_ = sequence_;
    judge({place, *checkpoint});
  } else if (frontier_.root() != checkpoint->root) {
    disagreeing_.push_back({place, *checkpoint, agreed_});
  }
}

void AuditVerifier::report_disagreements() {
  const auto report = [&](const Expected& expected, std::int64_t entry, std::string what) {
    const auto restore = history_.gave_up(expected.checkpoint.size, expected.checkpoint.origin);
    if (!restore) {
      verdict_.findings.push_back({entry, std::move(what)});
      return;
    }
    verdict_.given_up.push_back({*restore, expected.name + " covers " + std::to_string(expected.checkpoint.size) +
                                               " entries of the log before a backup was restored (audit entry " +
                                               std::to_string(*restore) + "); those from " + std::to_string(*restore) +
                                               " on are gone with that restore"});
  };
  for (const Expected& expected : disagreeing_) {
    report(expected, expected.agreed + 1,
           entries_named(expected.agreed + 1, expected.checkpoint.size) + " that " + expected.name + " covers");
  }
  if (broken_) return;
  for (const auto& [size, expected] : expected_) {
    report(expected, sequence_ + 1,
           "the log ends after entry " + std::to_string(sequence_) + ", but " + expected.name + " covers " +
               std::to_string(size) + ": the newest entries were cut off, or an older copy stands in the log's place");
  }
}

AuditVerdict AuditVerifier::finish(bool signed_end) {
  report_disagreements();
  if (!broken_ && signed_end && signed_to_ != sequence_) {
    verdict_.findings.push_back({signed_to_ + 1, "no checkpoint by a trusted key covers audit entry " +
                                                     std::to_string(signed_to_ + 1) + " and what follows it"});
  }
  for (const std::int64_t entry : without_detail_) {
    // After a break the entry that tells of the erasure may simply not have been reached.
    if (broken_) break;
    verdict_.findings.push_back(
        {entry, "audit entry " + std::to_string(entry) + " has no detail, and no later entry says that it was erased"});
  }
  const auto rank = [](const AuditFinding& finding) { return finding.entry == 0 ? INT64_MAX : finding.entry; };
  std::stable_sort(verdict_.findings.begin(), verdict_.findings.end(),
                   [&](const AuditFinding& a, const AuditFinding& b) { return rank(a) < rank(b); });
  std::sort(verdict_.erased.begin(), verdict_.erased.end());
  verdict_.entries = sequence_;
  verdict_.root = frontier_.root();
  verdict_.restored = history_.restores();
  return std::move(verdict_);
}

AuditVerdict verify_audit(Session& session, const std::vector<PublicKey>& keys) {
  AuditVerifier verifier(keys);
  // First: those that are made meanwhile cover entries that may not be looked at.
  const auto checkpoints =
      session.rows<std::int64_t, std::string>("SELECT size, note FROM audit_checkpoint ORDER BY size");
  auto checkpoint = checkpoints.begin();
  std::vector<Sha256> leaves;
  for (;;) {
    const auto lines = audit_lines(session, static_cast<std::int64_t>(leaves.size()), kVerifiedAtOnce);
    if (lines.empty()) break;
    for (const AuditLine& line : lines) {
      verifier.add(line);
      leaves.push_back(merkle_leaf(line.entry));
      for (; checkpoint != checkpoints.end() && std::get<0>(*checkpoint) <= verifier.entries(); ++checkpoint) {
        verifier.add_checkpoint(std::get<1>(*checkpoint));
      }
    }
    if (verifier.broken()) break;
  }
  for (; checkpoint != checkpoints.end(); ++checkpoint) verifier.add_checkpoint(std::get<1>(*checkpoint));
  if (!verifier.broken()) {
    if (auto damage = damaged_audit_node(session, std::move(leaves))) verifier.add_finding(std::move(*damage));
  }
  return verifier.finish(/*signed_end=*/false);
}

}  // namespace muniment::storage
