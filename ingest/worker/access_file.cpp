#include "ingest/worker/access_file.h"

#include <memory>
#include <set>
#include <span>
#include <vector>

#include <mdbtools.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/laid_out_document.h"

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;
using core::Error;
using core::ErrorCode;

// The most characters that Access takes in one cell, each of three bytes, and the end.
constexpr std::size_t kLongestCell = 3 * 65'536 + 1;

template <class T>
std::span<T* const> items_of(const GPtrArray* array) {
  if (array == nullptr) return {};
  return {reinterpret_cast<T* const*>(array->pdata), array->len};
}

bool holds_text(const MdbColumn& column) {
  switch (column.col_type) {
    case MDB_TEXT:
    case MDB_MEMO:
    case MDB_BYTE:
    case MDB_INT:
    case MDB_LONGINT:
    case MDB_MONEY:
    case MDB_FLOAT:
    case MDB_DOUBLE:
    case MDB_NUMERIC:
    case MDB_DATETIME:
      return true;
    default:
      return false;
  }
}

// One that was cut may end within a character.
std::string one_line(const char* text) {
  return core::to_nfc(core::collapse_space(core::to_utf8(text)));
}

void append_line(const std::vector<std::string>& cells, std::string& text) {
  std::string line;
  for (const std::string& cell : cells) line += cell + '\t';
  const auto last = line.find_last_not_of('\t');
  if (last != std::string::npos) text.append(line, 0, last + 1) += '\n';
}

using Definition = std::unique_ptr<MdbTableDef, decltype(&mdb_free_tabledef)>;

// Nothing for one that does not say where its rows are: libmdb would look for that in nothing.
Definition definition_of(MdbCatalogEntry* entry) {
  Definition definition(mdb_read_table(entry), mdb_free_tabledef);
  if (definition != nullptr && definition->usage_map == nullptr) definition.reset();
  return definition;
}

class Table {
 public:
  explicit Table(MdbCatalogEntry* entry) : definition_(definition_of(entry)) {
    if (definition_ == nullptr || mdb_read_columns(definition_.get()) == nullptr) return;
    int number = 0;
    for (MdbColumn* column : items_of<MdbColumn>(definition_->columns)) {
      ++number;
      if (!holds_text(*column)) continue;
      auto cell = std::make_unique_for_overwrite<char[]>(kLongestCell);
      cell[0] = '\0';
      mdb_bind_column(definition_.get(), number, cell.get(), nullptr);
      names_.push_back(one_line(column->name));
      cells_.push_back(std::move(cell));
    }
  }

  // Until there is `most` of the text.
  void append_to(std::string& text, std::size_t most) {
    append_line(names_, text);
    if (cells_.empty()) return;
    mdb_rewind_table(definition_.get());
    while (text.size() < most && mdb_fetch_row(definition_.get()) != 0) {
      std::vector<std::string> row;
      for (const auto& cell : cells_) row.push_back(one_line(cell.get()));
      append_line(row, text);
    }
  }

 private:
  Definition definition_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<char[]>> cells_;  // where libmdb puts what it fetches
};

// False when there is none.
bool read_catalogue(MdbHandle* database) {
  MdbCatalogEntry itself{};
  itself.mdb = database;
  itself.object_type = MDB_TABLE;
  itself.table_pg = 2;  // in every database
  if (definition_of(&itself) == nullptr) return false;
  return mdb_read_catalog(database, MDB_TABLE) != nullptr && database->num_catalog > 0;
}

}  // namespace

bool is_access(std::string_view bytes) {
  return bytes.starts_with("\0\1\0\0Standard Jet DB\0"sv) || bytes.starts_with("\0\1\0\0Standard ACE DB\0"sv);
}

std::string access_text(std::string_view bytes) {
  // Not written to: it is opened for reading.
  const std::unique_ptr<MdbHandle, decltype(&mdb_close)> database(
      mdb_open_buffer(const_cast<char*>(bytes.data()), bytes.size(), MDB_NOFLAGS), mdb_close);
  if (database == nullptr || !read_catalogue(database.get())) {
    throw Error(ErrorCode::bad_file, "this database is damaged or encrypted: no table is found in it");
  }
  mdb_set_bind_size(database.get(), kLongestCell);
  mdb_set_date_fmt(database.get(), "%Y-%m-%d %H:%M:%S");
  mdb_set_shortdate_fmt(database.get(), "%Y-%m-%d");
  std::string text;
  std::set<unsigned long> seen;
  for (MdbCatalogEntry* entry : items_of<MdbCatalogEntry>(database->catalog)) {
    if (mdb_is_user_table(entry) == 0 || !seen.insert(entry->table_pg).second || text.size() >= kMaxTextBytes) continue;
    if (!text.empty()) text += '\f';
    text += one_line(entry->object_name) + '\n';
    Table(entry).append_to(text, kMaxTextBytes);
  }
  return text;
}

}  // namespace muniment::ingest::worker
