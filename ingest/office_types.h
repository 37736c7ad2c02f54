// The office files that get their pages from LibreOffice.
#pragma once

#include <span>
#include <string_view>

namespace muniment::ingest {

struct OfficeType {
  std::string_view media_type;
  std::string_view extension;  // without the dot; by it LibreOffice chooses between its readers where bytes leave doubt
};

std::span<const OfficeType> office_types();

// Null when it is none of them.
const OfficeType* find_office_type(std::string_view media_type);

}  // namespace muniment::ingest
