// Where in the database a person's name may stand, column by column. tests/records/subject_columns_test.cpp fails when
// a migration adds a column of text that is neither looked into nor exempt here.
#pragma once

#include <span>
#include <string_view>

namespace muniment::records {

struct SubjectColumn {
  std::string_view table;
  std::string_view column;
  std::string_view object;  // what a find belongs to: "document", "folder", "hold" ...
  std::string_view number;  // SQL for its number; what gives NULL belongs to nothing that can be named
  std::string_view text{};  // SQL for what is to be read; empty: the column
};
std::span<const SubjectColumn> subject_columns();

struct ExemptColumn {
  std::string_view table;
  std::string_view columns;  // with spaces between
  std::string_view reason;
};
std::span<const ExemptColumn> exempt_columns();

}  // namespace muniment::records
