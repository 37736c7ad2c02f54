#include "storage/audit_export.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "storage/audit.h"

namespace muniment::storage {

namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "muniment-audit-1";
constexpr std::size_t kExportedAtOnce = 1000;

Json header_json(std::int64_t entries, std::int64_t checkpoints, const std::vector<std::string>& keys) {
  return {{"format", kFormat}, {"entries", entries}, {"checkpoints", checkpoints}, {"public_keys", keys}};
}

constexpr char kWithheld[] = "withheld";

Json entry_json(const AuditLine& line) {
  if (line.sight == AuditSight::place) {
    return {{"sequence", line.sequence}, {"leaf", line.leaf->hex()}, {"hash", line.hash}, {kWithheld, "entry"}};
  }
  if (line.sight == AuditSight::entry) {
    return {{"sequence", line.sequence}, {"entry", line.entry}, {"hash", line.hash}, {kWithheld, "detail"}};
  }
  return {{"sequence", line.sequence},
          {"entry", line.entry},
          {"hash", line.hash},
          {"salt", line.salt},
          {"detail", line.detail}};
}

Json checkpoint_json(const std::string& note) {
  return {{"checkpoint", note}};
}

bool is_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string();
}

bool is_number(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer();
}

// What a line says, only when it is written exactly as an export writes it: then no byte of it can be changed unseen.
std::optional<AuditLine> parse_entry(const Json& json, std::string_view line) {
  if (!is_number(json, "sequence")) return std::nullopt;
  const auto text = [&](const char* key) { return is_text(json, key) ? json[key].get<std::string>() : std::string(); };
  AuditLine entry{json["sequence"].get<std::int64_t>(), text("entry"), text("hash"), text("salt"), text("detail")};
  if (text(kWithheld) == "detail") entry.sight = AuditSight::entry;
  if (text(kWithheld) == "entry") {
    entry.sight = AuditSight::place;
    entry.leaf = core::Sha256::from_hex(text("leaf"));
    if (!entry.leaf) return std::nullopt;
  }
  if (entry_json(entry).dump() != line) return std::nullopt;
  return entry;
}

std::optional<std::string> parse_checkpoint(const Json& json, std::string_view line) {
  if (!is_text(json, "checkpoint")) return std::nullopt;
  auto note = json["checkpoint"].get<std::string>();
  if (checkpoint_json(note).dump() != line) return std::nullopt;
  return note;
}

struct Header {
  std::int64_t entries = 0;
  std::int64_t checkpoints = 0;
  std::vector<PublicKey> keys;
};

std::optional<Header> parse_header(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !is_text(json, "format") || json["format"].get<std::string>() != kFormat ||
      !is_number(json, "entries") || !is_number(json, "checkpoints") || !json.contains("public_keys") ||
      !json["public_keys"].is_array()) {
    return std::nullopt;
  }
  Header header{json["entries"].get<std::int64_t>(), json["checkpoints"].get<std::int64_t>(), {}};
  std::vector<std::string> texts;
  for (const Json& text : json["public_keys"]) {
    auto key = text.is_string() ? PublicKey::parse(text.get<std::string>()) : std::nullopt;
    if (!key) return std::nullopt;
    texts.push_back(key->text());
    header.keys.push_back(std::move(*key));
  }
  if (header_json(header.entries, header.checkpoints, texts).dump() != line) return std::nullopt;
  return header;
}

// Leaves out of the line what may not be seen. A detail that was erased is nothing to leave out.
void withhold(AuditLine& line, const AuditSights& sights) {
  const Json entry = Json::parse(line.entry);
  const auto sight = sights.of(entry["action"].get<std::string>(), entry["object"].get<std::string>(),
                               entry["object_id"].get<std::int64_t>());
  if (sight == AuditSight::all || (sight == AuditSight::entry && line.detail.empty())) return;
  line.sight = sight;
  if (sight == AuditSight::place) line.leaf = merkle_leaf(line.entry);
}

}  // namespace

void export_audit(Session& session, const Principal& who, std::int64_t entries, const std::vector<PublicKey>& keys,
                  const std::function<bool(std::string_view)>& write) {
  const AuditSights sights(session, who);
  const auto put = [&](const Json& json) { return write(json.dump() + "\n"); };
  std::vector<std::string> texts;
  for (const PublicKey& key : keys) texts.push_back(key.text());
  const auto checkpoints = session.rows<std::int64_t, std::string>(
      "SELECT size, note FROM audit_checkpoint WHERE size <= $1 ORDER BY size", entries);
  if (!put(header_json(entries, static_cast<std::int64_t>(checkpoints.size()), texts))) return;
  auto checkpoint = checkpoints.begin();
  for (std::int64_t after = 0; after < entries;) {
    auto lines = audit_lines(session, after, kExportedAtOnce);
    if (lines.empty()) return;
    for (AuditLine& line : lines) {
      if (line.sequence > entries) return;
      if (!sights.sees_all()) withhold(line, sights);
      if (!put(entry_json(line))) return;
      after = line.sequence;
      for (; checkpoint != checkpoints.end() && std::get<0>(*checkpoint) <= after; ++checkpoint) {
        if (!put(checkpoint_json(std::get<1>(*checkpoint)))) return;
      }
    }
  }
}

AuditExportVerifier::AuditExportVerifier(std::vector<PublicKey> trusted, std::vector<Checkpoint> checkpoints)
    : trusted_(std::move(trusted)), checkpoints_(std::move(checkpoints)) {}

void AuditExportVerifier::add(std::string_view piece) {
  for (;;) {
    const auto end = piece.find('\n');
    if (end == std::string_view::npos) break;
    rest_ += piece.substr(0, end);
    piece.remove_prefix(end + 1);
    add_line(rest_);
    rest_.clear();
  }
  rest_ += piece;
}

void AuditExportVerifier::start(std::string_view line) {
  auto header = parse_header(line);
  const std::vector<PublicKey> named = header ? header->keys : std::vector<PublicKey>();
  verifier_.emplace(trusted_.empty() ? named : trusted_, named);
  if (!header) {
    verifier_->break_here("line 1 is not the header of an audit export (muniment-audit-1)");
    return;
  }
  announced_ = header->entries;
  announced_checkpoints_ = header->checkpoints;
  for (const Checkpoint& checkpoint : checkpoints_) verifier_->expect(checkpoint.name, checkpoint.note);
}

void AuditExportVerifier::add_line(std::string_view line) {
  ++lines_;
  if (!verifier_) return start(line);
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (json.is_object()) {
    if (const auto entry = parse_entry(json, line)) return verifier_->add(*entry);
    if (const auto note = parse_checkpoint(json, line)) {
      ++checkpoint_lines_;
      return verifier_->add_checkpoint(*note);
    }
  }
  verifier_->break_here("line " + std::to_string(lines_) + " is neither an audit entry nor a checkpoint");
}

AuditVerdict AuditExportVerifier::finish() {
  if (!rest_.empty()) {
    add_line(rest_);
    verifier_->break_here("the export is cut off in line " + std::to_string(lines_));
  }
  if (!verifier_) start("");
  const std::int64_t entries = verifier_->entries();
  if (entries != announced_) {
    verifier_->break_at(std::min(entries, announced_) + 1, "the export ends after entry " + std::to_string(entries) +
                                                               ", and was made with " + std::to_string(announced_));
  } else if (checkpoint_lines_ != announced_checkpoints_) {
    verifier_->add_finding("the export has " + std::to_string(checkpoint_lines_) + " checkpoints, and was made with " +
                           std::to_string(announced_checkpoints_));
  }
  return verifier_->finish(/*signed_end=*/true);
}

}  // namespace muniment::storage
