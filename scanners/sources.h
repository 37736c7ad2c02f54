// Everything that flows in by itself, as people look after it: watched folders, mailboxes, the mail listener, drop
// folders, scanners. What is told here is asked of each of them; nothing of it is kept here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanners/mail_listening.h"
#include "scanners/scan_program.h"
#include "scanners/watch_folders.h"
#include "storage/database.h"
#include "storage/intake_folders.h"
#include "storage/source_arrivals.h"

namespace muniment::scanners {

// Named as in storage::Document::source.
enum class SourceKind { watch, mailbox, smtp, drop, scan };
std::string_view source_kind_name(SourceKind kind);
std::optional<SourceKind> parse_source_kind(std::string_view name);

enum class SourceState {
  well,
  waiting,  // something lies there that is not in the archive: it will be taken in, or somebody has to see to it
  failing,  // nothing comes in from there, or not all; `problem` says why
  off,
};
std::string_view source_state_name(SourceState state);

// Something that could not be taken in.
struct SourceFailure {
  std::string name;    // of the file, or what the mail is about
  std::string sender;  // of the mail; empty where it is not known
  std::string problem;
  core::Time at;
};

struct Source {
  SourceKind kind = SourceKind::watch;
  std::string name;   // among those of its kind
  std::string about;  // what more there is to be known it by: a server and login, a model
  std::optional<std::int64_t> mailbox_id;
  // Of a watched or drop folder that people set up; empty: the configuration says it.
  std::optional<std::int64_t> intake_folder_id;
  SourceState state = SourceState::well;
  std::string problem;  // in words; of a scanner a code (ScanProgram::scan)
  std::optional<core::Time> problem_since;
  storage::Arrivals arrivals;
  std::int64_t waiting = 0;             // that nobody has to see to yet; of a scanner, scans that are not filed
  std::optional<LoneSide> lone_side;    // of those that wait, of a watched folder
  std::int64_t failed = 0;              // that lie there until they are tried again
  std::vector<SourceFailure> failures;  // the newest of those
  bool can_retry = false;               // Sources::retry does something
};

// What only the configuration can change.
struct ConfiguredSources {
  std::vector<std::string> drop_folders;
  bool collects_mail = true;  // else mailboxes are not looked through
};

// Thread-safe.
class Sources {
 public:
  struct Parts {
    storage::Database& database;
    const WatchFolders& watch_folders;
    const ScanProgram& scan_program;
    const MailListening& mail_listening;
    ConfiguredSources configured;
  };
  // What `parts` refers to outlives this object.
  explicit Sources(Parts parts) : parts_(std::move(parts)) {}

  const WatchFolders& watch_folders() const { return parts_.watch_folders; }
  const ConfiguredSources& configured() const { return parts_.configured; }

  // By kind and name. Scanners are those that were found last, have delivered within thirty days, or have scans that
  // are not filed: none is looked for.
  std::vector<Source> list() const;
  // Has all that failed there tried again; a mailbox is due for a visit then. Audited. Error(not_found);
  // Error(conflict) where nothing can be tried again from here.
  void retry(const storage::Principal& who, SourceKind kind, const std::string& name);

 private:
  using SetUp = std::vector<storage::IntakeFolder>;  // by people, of both kinds
  void add_watch_folders(const SetUp& set_up, std::vector<Source>& sources) const;
  void add_drop_folders(const SetUp& set_up, std::vector<Source>& sources) const;
  void add_mailboxes(storage::Session& session, std::vector<Source>& sources) const;
  void add_listener(std::vector<Source>& sources) const;
  void add_scanners(storage::Session& session, std::vector<Source>& sources) const;
  std::shared_ptr<const WatchFolder> find_watch_folder(const std::string& name) const;

  const Parts parts_;
};

}  // namespace muniment::scanners
