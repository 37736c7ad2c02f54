// Conditions of a list that somebody may ask for or not.
#pragma once

#include <string>
#include <string_view>

namespace muniment::storage {

// Begins with AND. What is not asked for is true of every row, and its parameter is used all the same. Unlike
// "(column = $1 OR $1 = '')", which rules out every index of the column.
inline std::string when(bool asked, std::string_view condition, std::string_view parameter) {
  return asked ? " AND " + std::string(condition) : " AND CAST(" + std::string(parameter) + " AS TEXT) IS NOT NULL";
}

}  // namespace muniment::storage
