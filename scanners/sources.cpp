#include "scanners/sources.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/mailbox_mails.h"
#include "storage/mailboxes.h"
#include "storage/scans.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::array<std::string_view, 5> kKinds{"watch", "mailbox", "smtp", "drop", "scan"};
constexpr std::array<std::string_view, 4> kStates{"well", "waiting", "failing", "off"};
constexpr std::size_t kMostFailures = 20;  // that are told of one source

std::string name_of(const WatchFolder& folder) {
  return core::to_utf8(folder.folder().string());
}

SourceState state_of(const Source& source) {
  if (!source.problem.empty()) return SourceState::failing;
  return source.waiting + source.failed > 0 ? SourceState::waiting : SourceState::well;
}

Source source_of(const WatchFolder& folder) {
  WatchedFiles files = folder.files(kMostFailures);
  Source source;
  source.name = name_of(folder);
  source.problem = files.problem;
  source.problem_since = files.problem_since;
  source.waiting = files.waiting;
  source.lone_side = files.lone_side;
  source.failed = files.set_aside;
  for (RefusedFile& file : files.refused) {
    source.failures.push_back({std::move(file.name), "", std::move(file.reason), file.at});
  }
  source.state = state_of(source);
  source.can_retry = source.failed > 0;
  return source;
}

// A mail of which nothing is known but where it lies, too.
std::string name_of(const storage::FailedMail& mail) {
  return mail.heading.subject.empty() ? mail.folder + " " + std::to_string(mail.uid) : mail.heading.subject;
}

}  // namespace

std::string_view source_kind_name(SourceKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<SourceKind> parse_source_kind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<SourceKind>(found - kKinds.begin());
}

std::string_view source_state_name(SourceState state) {
  return kStates[static_cast<std::size_t>(state)];
}

void Sources::add_watch_folders(const SetUp& set_up, std::vector<Source>& sources) const {
  const auto running = parts_.watch_folders.all();
  for (const auto& folder : running) {
    if (folder->id()) continue;
    sources.push_back(source_of(*folder));
  }
  for (const storage::IntakeFolder& each : set_up) {
    if (each.kind != storage::IntakeFolderKind::watch) continue;
    Source source;
    const auto found = std::ranges::find_if(running, [&](const auto& folder) { return folder->id() == each.id; });
    if (each.terms.enabled && found != running.end()) {
      source = source_of(**found);
    } else if (const auto trouble = parts_.watch_folders.trouble(each.id); trouble && each.terms.enabled) {
      source.problem = trouble->problem;
      source.problem_since = trouble->at;
      source.state = state_of(source);
    }
    source.name = each.terms.name;
    source.intake_folder_id = each.id;
    if (!each.terms.enabled || !parts_.watch_folders.with_set_up()) source.state = SourceState::off;
    sources.push_back(std::move(source));
  }
}

void Sources::add_drop_folders(const SetUp& set_up, std::vector<Source>& sources) const {
  for (const std::string& name : parts_.configured.drop_folders) {
    Source source;
    source.kind = SourceKind::drop;
    source.name = name;
    sources.push_back(std::move(source));
  }
  for (const storage::IntakeFolder& each : set_up) {
    if (each.kind != storage::IntakeFolderKind::drop) continue;
    Source source;
    source.kind = SourceKind::drop;
    source.name = each.terms.name;
    source.intake_folder_id = each.id;
    if (!each.terms.enabled) source.state = SourceState::off;
    sources.push_back(std::move(source));
  }
}

void Sources::add_mailboxes(storage::Session& session, std::vector<Source>& sources) const {
  for (const storage::Mailbox& mailbox : storage::list_mailboxes(session)) {
    Source source;
    source.kind = SourceKind::mailbox;
    source.name = mailbox.terms.name;
    source.about = mailbox.terms.login + ", " + mailbox.terms.host;
    source.mailbox_id = mailbox.id;
    source.problem = mailbox.problem;
    source.problem_since = mailbox.failing_since;
    const auto mails = storage::failed_mails(session, mailbox.id);
    source.failed = static_cast<std::int64_t>(mails.size());
    for (std::size_t i = 0; i < mails.size() && i < kMostFailures; ++i) {
      source.failures.push_back({name_of(mails[i]), mails[i].heading.sender, mails[i].problem, mails[i].at});
    }
    const bool on = mailbox.terms.enabled && parts_.configured.collects_mail;
    source.state = on ? state_of(source) : SourceState::off;
    source.can_retry = on && (source.failed > 0 || source.state == SourceState::failing);
    sources.push_back(std::move(source));
  }
}

void Sources::add_listener(std::vector<Source>& sources) const {
  const auto listener = parts_.mail_listening.state();
  if (!listener) return;
  Source source;
  source.kind = SourceKind::smtp;
  source.name = listener->address;
  if (listener->trouble) {
    source.problem = listener->trouble->problem;
    source.problem_since = listener->trouble->at;
  }
  source.state = state_of(source);
  sources.push_back(std::move(source));
}

void Sources::add_scanners(storage::Session& session, std::vector<Source>& sources) const {
  const std::vector<Scanner> found = parts_.scan_program.found();
  const auto scans = storage::list_scans(session, storage::system_principal(session, "sources"));
  // Not all that ever delivered: one on USB has another name each time that it is plugged in.
  const auto in_use = storage::names_in_use(session, source_kind_name(SourceKind::scan), parts_.database.clock().now());
  std::set<std::string> names(in_use.begin(), in_use.end());
  for (const Scanner& scanner : found) names.insert(scanner.name);
  for (const storage::Scan& scan : scans) names.insert(scan.scanner);
  for (const std::string& name : names) {
    Source source;
    source.kind = SourceKind::scan;
    source.name = name;
    const auto known = std::ranges::find(found, name, &Scanner::name);
    if (known != found.end()) source.about = known->vendor + " " + known->model;
    for (const storage::Scan& scan : scans) {
      if (scan.scanner != name) continue;
      ++source.waiting;
      if (source.waiting == 1) source.problem = scan.problem;  // of the newest
    }
    // Whose scan it is goes on with it; the scanner itself may be well again.
    source.state = source.waiting > 0 ? SourceState::waiting : SourceState::well;
    sources.push_back(std::move(source));
  }
}

std::vector<Source> Sources::list() const {
  std::vector<Source> sources;
  const SetUp set_up = [&] {
    auto session = parts_.database.read();
    return storage::list_intake_folders(session);
  }();
  add_watch_folders(set_up, sources);
  auto session = parts_.database.read();
  add_mailboxes(session, sources);
  add_listener(sources);
  add_drop_folders(set_up, sources);
  add_scanners(session, sources);
  std::ranges::stable_sort(sources, [](const Source& one, const Source& other) {
    return std::tie(one.kind, one.name) < std::tie(other.kind, other.name);
  });
  const core::Time now = parts_.database.clock().now();
  for (Source& source : sources) {
    // The address on which mail is listened for may change; it is one listener all the same.
    const std::string name = source.mailbox_id                 ? std::to_string(*source.mailbox_id)
                             : source.kind == SourceKind::smtp ? ""
                                                               : source.name;
    source.arrivals = storage::arrivals_of(session, source_kind_name(source.kind), name, now);
  }
  return sources;
}

std::shared_ptr<const WatchFolder> Sources::find_watch_folder(const std::string& name) const {
  const auto running = parts_.watch_folders.all();
  const auto found = std::ranges::find_if(running, [&](const auto& each) { return name_of(*each) == name; });
  return found == running.end() ? nullptr : *found;
}

void Sources::retry(const storage::Principal& who, SourceKind kind, const std::string& name) {
  nlohmann::ordered_json what{{"kind", source_kind_name(kind)}, {"name", name}};
  if (kind == SourceKind::watch) {
    const auto folder = find_watch_folder(name);
    if (folder == nullptr) throw Error(ErrorCode::not_found, "no such folder is watched");
    // Before there is a transaction: the folder may be far away and slow, and all who write would wait.
    what["files"] = folder->try_refused_again();
  } else if (kind != SourceKind::mailbox) {
    throw Error(ErrorCode::conflict,
                "nothing waits there that could be tried again; it has to be sent or scanned anew");
  }
  auto tx = parts_.database.begin(who.actor());
  if (kind == SourceKind::mailbox) {
    const auto mailboxes = storage::list_mailboxes(tx);
    const auto mailbox = std::ranges::find_if(mailboxes, [&](const auto& each) { return each.terms.name == name; });
    if (mailbox == mailboxes.end()) throw Error(ErrorCode::not_found, "there is no such mailbox");
    storage::request_visit(tx, mailbox->id);
  }
  tx.audit({"source.retried", "source", 0, "", what.dump()});
  tx.commit();
}

}  // namespace muniment::scanners
