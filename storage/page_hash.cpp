#include "storage/internal/page_hash.h"

#include "core/error.h"
#include "core/hash.h"
#include "storage/pages.h"

namespace muniment::storage {

namespace {

// Pages in one transaction of the upgrade, and in memory at once when all are looked at.
constexpr std::int64_t kPagesAtOnce = 500;
// Where one's hash is wrong all the others' may be, and nobody reads more lines than these.
constexpr std::size_t kMostDamagedPages = 1000;

constexpr std::string_view kPageColumns =
    "p.component_id, p.number, p.source, p.confidence, p.language, p.problem, p.layer, p.original_layer, p.row_hash";

// A row of kPageColumns.
using PageRow = std::tuple<std::int64_t, std::int64_t, std::string, std::int64_t, std::string, std::string, Blob,
                           std::optional<Blob>, std::string>;

std::string page_row_hash(const PageRow& row) {
  const auto& [component, number, source, confidence, language, problem, layer, as_read, stored] = row;
  std::string lines;
  for (const std::string& line :
       {std::to_string(component), std::to_string(number), source, std::to_string(confidence), language, problem,
        core::Sha256::of(layer.bytes).hex(), as_read ? core::Sha256::of(as_read->bytes).hex() : std::string()}) {
    lines += line + "\n";
  }
  return core::Sha256::of(lines).hex();
}

std::vector<PageRow> page_rows(Session& session, const std::string& which, const auto&... arguments) {
  return session.rows<std::int64_t, std::int64_t, std::string, std::int64_t, std::string, std::string, Blob,
                      std::optional<Blob>, std::string>(
      "SELECT " + std::string(kPageColumns) + " FROM page p WHERE " + which, arguments...);
}

void write_hash(Transaction& tx, const PageRow& row) {
  tx.execute("UPDATE page SET row_hash = $1 WHERE component_id = $2 AND number = $3", page_row_hash(row),
             std::get<0>(row), std::get<1>(row));
}

}  // namespace

void seal_page(Transaction& tx, std::int64_t component_id, std::int64_t number) {
  const auto rows = page_rows(tx, "p.component_id = $1 AND p.number = $2", component_id, number);
  if (rows.empty()) throw core::Error(core::ErrorCode::internal, "a page to be sealed is not there");
  write_hash(tx, rows.front());
}

bool is_page_sound(Session& session, std::int64_t component_id, std::int64_t number) {
  const auto rows = page_rows(session, "p.component_id = $1 AND p.number = $2", component_id, number);
  return !rows.empty() && page_row_hash(rows.front()) == std::get<8>(rows.front());
}

bool seal_older_pages(Transaction& tx) {
  const auto rows = page_rows(tx, "p.row_hash = '' LIMIT $1", kPagesAtOnce);
  for (const PageRow& row : rows) write_hash(tx, row);
  return !rows.empty();
}

std::vector<std::string> damaged_pages(Session& session) {
  std::vector<std::string> findings;
  std::int64_t component = 0;
  std::int64_t number = 0;
  for (;;) {
    const auto rows =
        page_rows(session, "(p.component_id, p.number) > ($1, $2) ORDER BY p.component_id, p.number LIMIT $3",
                  component, number, kPagesAtOnce);
    if (rows.empty()) return findings;
    for (const PageRow& row : rows) {
      std::tie(component, number) = std::tie(std::get<0>(row), std::get<1>(row));
      if (page_row_hash(row) == std::get<8>(row)) continue;
      const auto document =
          session.value<std::int64_t>("SELECT document_id FROM component WHERE id = $1", component).value_or(0);
      // A correction is no reading: reading the document again leaves it as it is.
      findings.push_back("document " + std::to_string(document) + ", page " + std::to_string(number) +
                         ": its stored text does not agree with its hash; restore it from a backup, or " +
                         (std::get<2>(row) == "corrected" ? "correct the page anew" : "have the document read again"));
      if (findings.size() == kMostDamagedPages) {
        findings.push_back("the pages after that one were not looked at");
        return findings;
      }
    }
  }
}

}  // namespace muniment::storage
