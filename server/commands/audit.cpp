// muniment audit export, checkpoint, verify
#include <fstream>
#include <iostream>

#include "core/error.h"
#include "core/files.h"
#include "server/archive.h"
#include "server/commands/command.h"
#include "storage/audit_checkpoint.h"
#include "storage/audit_export.h"
#include "storage/data_directory.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using nlohmann::ordered_json;

namespace {

constexpr std::uint64_t kMostKeyBytes = 1024 * 1024;
constexpr std::uint64_t kMostNoteBytes = 64 * 1024;
constexpr std::size_t kPiece = 64 * 1024;

// To the file of -o, or to standard output.
class Output {
 public:
  explicit Output(const Arguments& arguments) : name_(arguments.value("-o").value_or("")) {
    if (!name_.empty()) file_.open(name_, std::ios::binary | std::ios::trunc);
    require();
  }
  void write(std::string_view text) { stream() << text; }
  // Error(io) unless everything was written.
  void finish() {
    stream() << std::flush;
    require();
  }

 private:
  std::ostream& stream() { return name_.empty() ? std::cout : file_; }
  void require() {
    if (!stream()) throw Error(ErrorCode::io, "cannot write " + (name_.empty() ? "the output" : name_));
  }
  std::string name_;
  std::ofstream file_;
};

std::vector<storage::PublicKey> trusted_keys(const Arguments& arguments) {
  std::filesystem::path file;
  if (const auto given = arguments.value("--public-key")) {
    file = *given;
  } else if (!arguments.has("--log")) {
    // The archive's own.
    file = storage::DataDirectory(arguments.data).keys() / "audit.pub";
    if (!std::filesystem::exists(file)) return {};
  } else {
    return {};
  }
  return storage::parse_public_keys(core::read_file(file, kMostKeyBytes), file.string());
}

std::vector<storage::AuditExportVerifier::Checkpoint> kept_checkpoints(const Arguments& arguments) {
  std::vector<storage::AuditExportVerifier::Checkpoint> kept;
  for (const std::string& file : arguments.values("--checkpoint")) {
    kept.push_back({"checkpoint " + file, core::read_file(file, kMostNoteBytes)});
  }
  return kept;
}

void read_log(const std::string& name, storage::AuditExportVerifier& verifier) {
  const core::FileDescriptor file = core::open_for_reading(name);
  std::vector<std::byte> buffer(kPiece);
  std::uint64_t offset = 0;
  while (const std::size_t got = core::read_at(file, offset, buffer)) {
    verifier.add(std::string_view(reinterpret_cast<const char*>(buffer.data()), got));
    offset += got;
  }
}

ordered_json findings_json(const std::vector<storage::AuditFinding>& findings) {
  ordered_json all = ordered_json::array();
  for (const auto& finding : findings) {
    all.push_back(
        {{"entry", finding.entry == 0 ? ordered_json() : ordered_json(finding.entry)}, {"finding", finding.what}});
  }
  return all;
}

void print_json(const storage::AuditVerdict& verdict, bool sound, bool keys_trusted) {
  const bool has_entry = !verdict.findings.empty() && verdict.findings.front().entry > 0;
  std::cout << ordered_json{{"sound", sound},
                            {"entries", verdict.entries},
                            {"root", verdict.root.hex()},
                            {"checkpoints", verdict.checkpoints},
                            {"keys_given", keys_trusted},
                            {"first_bad_entry",
                             has_entry ? ordered_json(verdict.findings.front().entry) : ordered_json()},
                            {"findings", findings_json(verdict.findings)},
                            {"erased", verdict.erased},
                            {"withheld", verdict.withheld},
                            {"restored", verdict.restored},
                            {"given_up", findings_json(verdict.given_up)}}
                   .dump()
            << "\n";
}

void print_words(const storage::AuditVerdict& verdict, bool sound, bool keys_trusted) {
  for (const auto& finding : verdict.findings) std::cout << finding.what << "\n";
  for (const auto& finding : verdict.given_up) std::cout << finding.what << "\n";
  for (const std::int64_t entry : verdict.restored) {
    std::cout << "audit entry " << entry << " says that the archive was restored from a backup\n";
  }
  if (!verdict.erased.empty()) {
    std::cout << verdict.erased.size() << " entries whose details were erased on record\n";
  }
  if (!verdict.withheld.empty()) {
    std::cout << verdict.withheld.size() << " entries that whoever exported the log may not see, or not all of\n";
  }
  if (!keys_trusted) {
    std::cout << "the log's own keys were used: give --public-key, kept elsewhere, to know who signed\n";
  }
  std::cout << (sound ? "sound: " : "NOT SOUND: ") << verdict.entries << " entries, " << verdict.checkpoints
            << " checkpoints agree\n";
}

}  // namespace

int run_audit_export(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  Output output(arguments);
  archive.download("/api/v1/audit/export", [&](std::string_view piece) { output.write(piece); });
  output.finish();
  return kDone;
}

int run_audit_checkpoint(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  Output output(arguments);
  output.write(archive.ask("POST", "/api/v1/audit/checkpoints").at("note").get<std::string>());
  output.finish();
  return kDone;
}

int run_audit_verify(const Arguments& arguments) {
  const auto log = arguments.value("--log");
  if (!arguments.words.empty()) throw UsageError{"name the exported log with --log " + arguments.words.front()};
  auto keys = trusted_keys(arguments);
  const bool keys_trusted = !keys.empty();
  storage::AuditExportVerifier verifier(std::move(keys), kept_checkpoints(arguments));
  if (log) {
    read_log(*log, verifier);
  } else {
    Archive archive(arguments.data, arguments.configuration);
    archive.download("/api/v1/audit/export", [&](std::string_view piece) { verifier.add(piece); });
  }
  const storage::AuditVerdict verdict = verifier.finish();
  const bool sound = verdict.sound() && (verdict.given_up.empty() || arguments.has("--accept-restores"));
  arguments.has("--json") ? print_json(verdict, sound, keys_trusted) : print_words(verdict, sound, keys_trusted);
  return sound ? kDone : kFailed;
}

}  // namespace muniment::server
