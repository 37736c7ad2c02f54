// The database file: one writing connection, a pool of reading ones, migrations, backup.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "storage/sql.h"

namespace muniment::storage {

class Transaction;

// Who changes something. There is no way to change anything without one.
struct Actor {
  // Writes what is to be known exactly when the change is, into each of its transactions just before the commit.
  using Along = std::function<void(Transaction&)>;

  std::int64_t account_id = 0;  // 0: the system itself
  std::string client;           // where from: an address, "command line", "watch folder", "pipeline"
  std::shared_ptr<const Along> along = {};

  static Actor system(std::string what) { return {0, std::move(what), {}}; }
};

class Database;

// A reading connection, returned to the pool on destruction. Each statement sees the newest committed state.
class ReadSession : public Session {
 public:
  ~ReadSession();
  ReadSession(ReadSession&& other) noexcept;

 private:
  friend class Database;
  ReadSession(Database& database, std::unique_ptr<Connection> connection);
  Database* database_;
  std::unique_ptr<Connection> owned_;
};

// What the audit log keeps of one thing that was done. `before` and `after` are JSON texts or empty.
struct AuditEvent {
  std::string action;  // "document.changed"; docs/audit.md lists them
  std::string object;  // "document"
  std::int64_t object_id = 0;
  std::string before = {};
  std::string after = {};
  std::string reason = {};
  bool succeeded = true;
};

// The right to change things, held by one thread at a time. Rolls back unless `commit` returned.
// After an error the transaction must be given up (destroyed), not continued.
class Transaction : public Session {
 public:
  ~Transaction();
  Transaction(const Transaction&) = delete;

  const Actor& actor() const { return actor_; }
  // The time of everything in this transaction.
  core::Time now() const { return now_; }

  // Rows changed.
  template <typename... Arguments>
  std::int64_t execute(std::string_view statement, const Arguments&... arguments) {
    const std::vector<sql::Value> values{sql::to_value(arguments)...};
    return run(statement, values);
  }
  // For INSERT into a table with an INTEGER PRIMARY KEY: the new identifier.
  template <typename... Arguments>
  std::int64_t insert(std::string_view statement, const Arguments&... arguments) {
    execute(statement, arguments...);
    return last_identifier();
  }

  // Appends to the audit log, in this transaction.
  void audit(const AuditEvent& event);
  // Called in order after a successful commit, outside the lock; must not throw.
  void after_commit(std::function<void()> action);
  // Something was put into the index queue: whoever listens is told after the commit.
  void tell_index() { index_told_ = true; }

  // When this returns, everything done survives a power cut. On an error nothing was done, except after Error(io), when
  // the outcome is not known and the caller must look (Database::keeps_changes).
  void commit();

 private:
  friend class Database;
  Transaction(Database& database, Actor actor);
  std::int64_t last_identifier();
  core::Random& random();

  Database& database_;
  std::unique_lock<std::mutex> lock_;
  Actor actor_;
  core::Time now_;
  bool open_ = false;
  bool index_told_ = false;
  std::vector<std::function<void()>> after_commit_;
};

struct Integrity {
  bool sound = true;
  std::vector<std::string> findings;
};

// Thread-safe. One process has a database open for writing: whoever opens it holds DATA/lock (see DataDirectory).
class Database {
 public:
  // Opens or creates the file, checks that WAL and synchronous=FULL hold, and migrates an older schema step by step,
  // each step in its own transaction. Error(unavailable) for a file written by a newer Muniment.
  Database(const std::filesystem::path& file, const core::Clock& clock, core::Random& random);
  ~Database();
  Database(const Database&) = delete;

  // Waits for a free reading connection.
  ReadSession read();
  // Waits until no other transaction is open. Never open a second one on the same thread. Error(unavailable) once the
  // disk has failed to make a change durable.
  Transaction begin(Actor actor) { return Transaction(*this, std::move(actor)); }

  // What is called, on the committing thread, after every commit that put something into the index queue, for as long
  // as somebody keeps what is returned; a commit under way may call it a moment longer. Must not throw.
  using Listener = std::shared_ptr<const std::function<void()>>;
  [[nodiscard]] Listener on_index_queued(std::function<void()> action);

  // A consistent copy of everything committed, made while others read and write. `target` must not exist.
  void copy_to(const std::filesystem::path& target);
  // SQLite's own full check and the foreign keys. Minutes on a large file.
  Integrity check();
  // Writes the log back into the file and empties it, so that deleted bytes are in neither.
  void checkpoint();

  // False once the disk has failed to make a change durable. What it holds is not known then: asked again it would say
  // that all is well (the kernel forgets what it could not write), so nothing is changed until the next start.
  bool keeps_changes() const;

  int schema_version();
  const core::Clock& clock() const;

 private:
  friend class ReadSession;
  friend class Transaction;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::storage
