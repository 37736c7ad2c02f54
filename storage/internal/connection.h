// One connection to the database, with its prepared statements. The only header that knows SOCI.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <soci/soci.h>

#include "storage/sql.h"

namespace muniment::storage {

class PreparedStatement;

class Connection {
 public:
  enum class Mode { read, write };

  // A writing connection creates the file when missing, and asserts WAL and synchronous=FULL.
  Connection(const std::filesystem::path& file, Mode mode);
  ~Connection();

  std::vector<std::vector<sql::Value>> fetch(std::string_view statement, std::span<const sql::Value> arguments,
                                             std::span<const sql::Kind> columns);
  // Rows changed.
  std::int64_t run(std::string_view statement, std::span<const sql::Value> arguments);
  // Statements without parameters or results, several of them: migrations and pragmas.
  void script(std::string_view statements);
  std::int64_t last_identifier();
  // True while SQLite is inside BEGIN ... COMMIT.
  bool in_transaction();
  // True when the last statement failed because the disk did not make durable what was written.
  bool failed_to_sync();

 private:
  PreparedStatement& prepared(std::string_view statement, std::span<const sql::Value> arguments,
                              std::span<const sql::Kind> columns);
  void forget(std::string_view statement);

  soci::session session_;
  std::unordered_map<std::string, std::unique_ptr<PreparedStatement>> statements_;
};

}  // namespace muniment::storage
