#include "storage/internal/connection.h"

#include <charconv>

#include <soci/sqlite3/soci-sqlite3.h>

#include "core/error.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

// SOCI puts sqlite3's names into the namespace sqlite_api.
sqlite_api::sqlite3* handle(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

// What a trigger of ours says is written for people; SQLite's own words name columns.
std::optional<std::string> raised_by_a_trigger(const std::string& message) {
  if (message.find(" constraint failed") != std::string::npos) return std::nullopt;
  std::string rule = message.substr(0, message.find(" while executing \""));
  // "sqlite3_statement_backend::loadOne: " comes from SOCI; what follows is ours, its colons too.
  if (rule.starts_with("sqlite3_")) rule.erase(0, rule.find(": ") + 2);
  return rule;
}

Error translated(const soci::soci_error& error, std::string_view statement) {
  int result = SQLITE_ERROR;
  if (const auto* precise = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) result = precise->result();
  const std::string cause = std::string(error.what()) + " in: " + std::string(statement.substr(0, 300));
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return Error(ErrorCode::storage_full, "the disk is full; free some space and try again").because(cause);
    case SQLITE_CONSTRAINT:
      if (const auto rule = raised_by_a_trigger(error.what())) return Error(ErrorCode::conflict, *rule).because(cause);
      return Error(ErrorCode::conflict, "the change contradicts what is stored").because(cause);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(ErrorCode::unavailable, "the database is in use by another process").because(cause);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(ErrorCode::corrupt, "the database file is damaged; run \"muniment verify\" and restore a backup")
          .because(cause);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Error(ErrorCode::io, "the database file could not be read or written").because(cause);
    default:
      return Error(ErrorCode::internal, "a database statement failed").because(cause);
  }
}

// SQLite numbers $-parameters as they first appear, whatever their digits say: out of order they would be bound to each
// other's values.
void require_parameters_in_order(std::string_view statement) {
  std::size_t expected = 1;
  for (std::size_t at = statement.find('$'); at != std::string_view::npos; at = statement.find('$', at + 1)) {
    std::size_t number = 0;
    std::from_chars(statement.data() + at + 1, statement.data() + statement.size(), number);
    if (number > expected) {
      throw Error(ErrorCode::internal, "a statement's parameters do not first appear as $1, $2, ...")
          .because(std::string(statement));
    }
    if (number == expected) ++expected;
  }
}

// A parameter or column of a prepared statement: SOCI binds to its address once, so it stays put.
struct Slot {
  sql::Kind kind;
  soci::indicator indicator = soci::i_ok;
  long long integer = 0;
  double real = 0;
  std::string text;
  std::unique_ptr<soci::blob> blob;

  Slot(sql::Kind of, soci::session& session) : kind(of) {
    if (kind == sql::Kind::blob) blob = std::make_unique<soci::blob>(session);
  }

  void put(const sql::Value& value) {
    indicator = value.null ? soci::i_null : soci::i_ok;
    if (value.null) return;
    switch (kind) {
      case sql::Kind::integer:
        integer = value.integer;
        break;
      case sql::Kind::real:
        real = value.real;
        break;
      case sql::Kind::text:
        text = value.text;
        break;
      case sql::Kind::blob:
        blob->trim(0);
        blob->write(0, value.text.data(), value.text.size());
        break;
    }
  }

  sql::Value get() const {
    sql::Value value;
    value.kind = kind;
    value.null = indicator == soci::i_null;
    if (value.null) return value;
    switch (kind) {
      case sql::Kind::integer:
        value.integer = integer;
        break;
      case sql::Kind::real:
        value.real = real;
        break;
      case sql::Kind::text:
        value.text = text;
        break;
      case sql::Kind::blob:
        value.text.resize(blob->get_len());
        if (!value.text.empty()) blob->read(0, value.text.data(), value.text.size());
        break;
    }
    return value;
  }
};

void bind_column(soci::statement& statement, Slot& slot) {
  switch (slot.kind) {
    case sql::Kind::integer:
      statement.exchange(soci::into(slot.integer, slot.indicator));
      break;
    case sql::Kind::real:
      statement.exchange(soci::into(slot.real, slot.indicator));
      break;
    case sql::Kind::text:
      statement.exchange(soci::into(slot.text, slot.indicator));
      break;
    case sql::Kind::blob:
      statement.exchange(soci::into(*slot.blob, slot.indicator));
      break;
  }
}

// What soci::use returns refers to a temporary: it must be used up in the same expression.
void bind_parameter(soci::statement& statement, Slot& slot) {
  switch (slot.kind) {
    case sql::Kind::integer:
      statement.exchange(soci::use(slot.integer, slot.indicator));
      break;
    case sql::Kind::real:
      statement.exchange(soci::use(slot.real, slot.indicator));
      break;
    case sql::Kind::text:
      statement.exchange(soci::use(slot.text, slot.indicator));
      break;
    case sql::Kind::blob:
      statement.exchange(soci::use(*slot.blob, slot.indicator));
      break;
  }
}

std::string key_of(std::string_view statement, std::span<const sql::Value> arguments,
                   std::span<const sql::Kind> columns) {
  std::string key;
  key.reserve(statement.size() + arguments.size() + columns.size() + 2);
  for (const sql::Value& argument : arguments) key += static_cast<char>(argument.kind);
  key += '|';
  for (const sql::Kind column : columns) key += static_cast<char>(column);
  key += '|';
  key += statement;
  return key;
}

}  // namespace

class PreparedStatement {
 public:
  PreparedStatement(soci::session& session, std::string_view text, std::span<const sql::Value> arguments,
                    std::span<const sql::Kind> columns)
      : statement_(session) {
    for (const sql::Value& argument : arguments) parameters_.push_back(std::make_unique<Slot>(argument.kind, session));
    for (const sql::Kind column : columns) columns_.push_back(std::make_unique<Slot>(column, session));
    for (auto& slot : columns_) bind_column(statement_, *slot);
    for (auto& slot : parameters_) bind_parameter(statement_, *slot);
    statement_.alloc();
    require_parameters_in_order(text);
    statement_.prepare(std::string(text));
    statement_.define_and_bind();
  }

  template <typename OnRow>
  void execute(std::span<const sql::Value> arguments, OnRow on_row) {
    for (std::size_t i = 0; i < arguments.size(); ++i) parameters_[i]->put(arguments[i]);
    bool more = statement_.execute(true);
    if (columns_.empty()) return;
    while (more) {
      std::vector<sql::Value> row;
      row.reserve(columns_.size());
      for (const auto& slot : columns_) row.push_back(slot->get());
      on_row(std::move(row));
      more = statement_.fetch();
    }
  }

  std::int64_t affected_rows() { return statement_.get_affected_rows(); }

 private:
  soci::statement statement_;
  std::vector<std::unique_ptr<Slot>> parameters_;
  std::vector<std::unique_ptr<Slot>> columns_;
};

Connection::Connection(const std::filesystem::path& file, Mode mode) {
  try {
    std::string parameters = "dbname=\"" + file.string() + "\" timeout=30";
    if (mode == Mode::read) parameters += " readonly=1";
    session_.open(soci::sqlite3, parameters);
  } catch (const soci::soci_error& error) {
    throw translated(error, "open " + file.string());
  }
  script(
      "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
      "PRAGMA case_sensitive_like = ON; PRAGMA cache_size = -16384;");
  if (mode == Mode::read) return;
  // Recursive triggers: otherwise INSERT OR REPLACE deletes rows without asking the triggers that keep them.
  script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA recursive_triggers = "
      "ON;");
  const sql::Kind text[] = {sql::Kind::text};
  const sql::Kind integer[] = {sql::Kind::integer};
  if (fetch("PRAGMA journal_mode", {}, text).at(0).at(0).text != "wal" ||
      fetch("PRAGMA synchronous", {}, integer).at(0).at(0).integer != 2) {
    throw Error(ErrorCode::unavailable, "the database cannot be written durably here: " + file.string() +
                                            " must be on a local file system that supports SQLite's WAL mode");
  }
}

Connection::~Connection() = default;

PreparedStatement& Connection::prepared(std::string_view statement, std::span<const sql::Value> arguments,
                                        std::span<const sql::Kind> columns) {
  auto& entry = statements_[key_of(statement, arguments, columns)];
  if (!entry) entry = std::make_unique<PreparedStatement>(session_, statement, arguments, columns);
  return *entry;
}

void Connection::forget(std::string_view statement) {
  std::erase_if(statements_, [&](const auto& entry) { return !entry.second || entry.first.ends_with(statement); });
}

std::vector<std::vector<sql::Value>> Connection::fetch(std::string_view statement,
                                                       std::span<const sql::Value> arguments,
                                                       std::span<const sql::Kind> columns) {
  try {
    std::vector<std::vector<sql::Value>> result;
    prepared(statement, arguments, columns).execute(arguments, [&](std::vector<sql::Value> row) {
      result.push_back(std::move(row));
    });
    return result;
  } catch (const soci::soci_error& error) {
    // A statement that failed half way still holds its snapshot: give it up.
    forget(statement);
    throw translated(error, statement);
  }
}

std::int64_t Connection::run(std::string_view statement, std::span<const sql::Value> arguments) {
  try {
    PreparedStatement& ready = prepared(statement, arguments, {});
    ready.execute(arguments, [](std::vector<sql::Value>) {});
    return ready.affected_rows();
  } catch (const soci::soci_error& error) {
    forget(statement);
    throw translated(error, statement);
  }
}

void Connection::script(std::string_view statements) {
  char* message = nullptr;
  const int result =
      sqlite_api::sqlite3_exec(handle(session_), std::string(statements).c_str(), nullptr, nullptr, &message);
  if (result == SQLITE_OK) return;
  const std::string said = message ? message : "unknown";
  sqlite_api::sqlite3_free(message);
  throw translated(soci::sqlite3_soci_error(said, result), statements);
}

std::int64_t Connection::last_identifier() {
  return sqlite_api::sqlite3_last_insert_rowid(handle(session_));
}

bool Connection::in_transaction() {
  return sqlite_api::sqlite3_get_autocommit(handle(session_)) == 0;
}

bool Connection::failed_to_sync() {
  const int result = sqlite_api::sqlite3_extended_errcode(handle(session_));
  return result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC;
}

}  // namespace muniment::storage
