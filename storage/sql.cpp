#include "storage/sql.h"

#include "core/error.h"
#include "storage/internal/connection.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace sql {

void unexpected_null(std::string_view statement, std::size_t column) {
  throw Error(ErrorCode::internal, "the database holds nothing where a value is required")
      .because("column " + std::to_string(column) + " of: " + std::string(statement.substr(0, 300)));
}

core::Date Stored<core::Date>::get(const Value& value) {
  const auto date = core::parse_iso_date(value.text);
  if (!date) throw Error(ErrorCode::corrupt, "the database holds a damaged date");
  return *date;
}

core::Sha256 Stored<core::Sha256>::get(const Value& value) {
  const auto hash = core::Sha256::from_hex(value.text);
  if (!hash) throw Error(ErrorCode::corrupt, "the database holds a damaged hash");
  return *hash;
}

}  // namespace sql

std::vector<Session::Row> Session::fetch(std::string_view statement, std::span<const sql::Value> arguments,
                                         std::span<const sql::Kind> columns) {
  return connection_->fetch(statement, arguments, columns);
}

std::int64_t Session::run(std::string_view statement, std::span<const sql::Value> arguments) {
  return connection_->run(statement, arguments);
}

}  // namespace muniment::storage
