#include "storage/database.h"

#include <atomic>
#include <condition_variable>
#include <span>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "core/files.h"
#include "storage/internal/audit_tree.h"
#include "storage/internal/connection.h"
#include "storage/internal/migrations.h"
#include "storage/internal/page_hash.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kReaders = 24;

int version_of(Connection& connection) {
  const sql::Kind columns[] = {sql::Kind::integer};
  return static_cast<int>(connection.fetch("PRAGMA user_version", {}, columns).at(0).at(0).integer);
}

void bring_to(Connection& connection, std::span<const std::string_view> scripts, int version) {
  connection.script("BEGIN IMMEDIATE");
  try {
    for (const std::string_view script : scripts) connection.script(script);
    connection.script("PRAGMA user_version = " + std::to_string(version));
    connection.script("COMMIT");
  } catch (const Error&) {
    if (connection.in_transaction()) connection.script("ROLLBACK");
    throw;
  }
}

void migrate(Connection& connection) {
  const auto migrations = all_migrations();
  const int newest = static_cast<int>(migrations.size());
  const int found = version_of(connection);
  if (found > newest) {
    throw Error(ErrorCode::unavailable, "the data was written by a newer Muniment (schema " + std::to_string(found) +
                                            ", this program knows " + std::to_string(newest) +
                                            "); start that version, or restore a backup made by this one");
  }
  if (found == 0) {
    bring_to(connection, newest_schema(), newest);
    return;
  }
  for (int version = found + 1; version <= newest; ++version) {
    bring_to(connection, migrations.subspan(static_cast<std::size_t>(version - 1), 1), version);
  }
}

}  // namespace

struct Database::State {
  std::filesystem::path file;
  const core::Clock& clock;
  core::Random& random;
  Connection writer;
  std::mutex writing;
  std::atomic<bool> failed_to_sync = false;
  std::vector<std::weak_ptr<const std::function<void()>>> index_listeners;  // under `writing`

  std::mutex mutex;
  std::condition_variable returned;
  std::vector<std::unique_ptr<Connection>> idle;
  std::size_t lent = 0;

  State(const std::filesystem::path& path, const core::Clock& c, core::Random& r)
      : file(path), clock(c), random(r), writer(path, Connection::Mode::write) {}
};

Database::Database(const std::filesystem::path& file, const core::Clock& clock, core::Random& random)
    : state_(std::make_unique<State>(file, clock, random)) {
  // A log that could not be made durable ends here, and not below what is written next.
  state_->writer.script("PRAGMA wal_checkpoint(PASSIVE)");
  migrate(state_->writer);
  {
    auto tx = begin(Actor::system("start"));
    if (complete_audit_tree(tx)) tx.commit();
  }
  // A large archive has many pages: some at a time, so that neither memory nor the log of the database grows with
  // their number, and an interrupted start goes on where it was.
  for (bool more = true; more;) {
    auto tx = begin(Actor::system("start"));
    more = seal_older_pages(tx);
    tx.commit();
  }
  core::sync_directory(file.parent_path().empty() ? "." : file.parent_path());
}

Database::~Database() = default;

ReadSession Database::read() {
  std::unique_lock lock(state_->mutex);
  state_->returned.wait(lock, [&] { return !state_->idle.empty() || state_->lent < kReaders; });
  std::unique_ptr<Connection> connection;
  if (!state_->idle.empty()) {
    connection = std::move(state_->idle.back());
    state_->idle.pop_back();
  } else {
    connection = std::make_unique<Connection>(state_->file, Connection::Mode::read);
  }
  ++state_->lent;
  return ReadSession(*this, std::move(connection));
}

ReadSession::ReadSession(Database& database, std::unique_ptr<Connection> connection)
    : Session(*connection, database.clock()), database_(&database), owned_(std::move(connection)) {}

ReadSession::ReadSession(ReadSession&& other) noexcept
    : Session(*other.owned_, other.clock()), database_(other.database_), owned_(std::move(other.owned_)) {}

ReadSession::~ReadSession() {
  if (!owned_) return;
  {
    const std::lock_guard lock(database_->state_->mutex);
    database_->state_->idle.push_back(std::move(owned_));
    --database_->state_->lent;
  }
  database_->state_->returned.notify_one();
}

Transaction::Transaction(Database& database, Actor actor)
    : Session(database.state_->writer, database.clock()),
      database_(database),
      lock_(database.state_->writing),
      actor_(std::move(actor)),
      now_(database.state_->clock.now()) {
  if (!database_.keeps_changes()) {
    throw Error(ErrorCode::unavailable,
                "the disk has failed to keep what was written, so nothing is changed any more, and nothing can be read "
                "that leaves an entry in the audit log; look at the disk, then start the service again");
  }
  database_.state_->writer.script("BEGIN IMMEDIATE");
  open_ = true;
}

Transaction::~Transaction() {
  if (!open_) return;
  if (database_.state_->writer.failed_to_sync()) database_.state_->failed_to_sync = true;
  if (!database_.state_->writer.in_transaction()) return;
  try {
    database_.state_->writer.script("ROLLBACK");
  } catch (const Error&) {
    // SQLite has already rolled back (full disk, I/O error): there is nothing left to undo.
  }
}

void Transaction::after_commit(std::function<void()> action) {
  after_commit_.push_back(std::move(action));
}

void Transaction::commit() {
  if (actor_.along) (*actor_.along)(*this);
  database_.state_->writer.script("COMMIT");
  open_ = false;
  if (index_told_) {
    for (const auto& each : database_.state_->index_listeners) {
      if (const auto listener = each.lock()) after_commit_.push_back(*listener);
    }
  }
  lock_.unlock();
  for (const auto& action : after_commit_) action();
}

std::int64_t Transaction::last_identifier() {
  return database_.state_->writer.last_identifier();
}

core::Random& Transaction::random() {
  return database_.state_->random;
}

Database::Listener Database::on_index_queued(std::function<void()> action) {
  auto listener = std::make_shared<const std::function<void()>>(std::move(action));
  const std::lock_guard lock(state_->writing);
  std::erase_if(state_->index_listeners, [](const auto& each) { return each.expired(); });
  state_->index_listeners.push_back(listener);
  return listener;
}

void Database::copy_to(const std::filesystem::path& target) {
  if (std::filesystem::exists(target)) {
    throw Error(ErrorCode::conflict, target.string() + " exists; name a file that does not");
  }
  Connection reader(state_->file, Connection::Mode::read);
  sql::Value argument;
  argument.kind = sql::Kind::text;
  argument.text = target.string();
  reader.run("VACUUM INTO $1", std::span(&argument, 1));
  const auto copy = core::open_for_reading(target);
  core::sync_file(copy);
  core::sync_directory(target.parent_path().empty() ? "." : target.parent_path());
}

Integrity Database::check() {
  Connection reader(state_->file, Connection::Mode::read);
  Integrity result;
  const sql::Kind text[] = {sql::Kind::text};
  for (const auto& row : reader.fetch("PRAGMA integrity_check", {}, text)) {
    if (row.at(0).text != "ok") result.findings.push_back(row.at(0).text);
  }
  for (const auto& row : reader.fetch("PRAGMA foreign_key_check", {}, text)) {
    result.findings.push_back("a row of " + row.at(0).text + " refers to something that does not exist");
  }
  result.sound = result.findings.empty();
  return result;
}

void Database::checkpoint() {
  const std::lock_guard lock(state_->writing);
  state_->writer.script("PRAGMA wal_checkpoint(TRUNCATE)");
}

bool Database::keeps_changes() const {
  return !state_->failed_to_sync;
}

int Database::schema_version() {
  return static_cast<int>(read().value<std::int64_t>("PRAGMA user_version").value());
}

const core::Clock& Database::clock() const {
  return state_->clock;
}

}  // namespace muniment::storage
