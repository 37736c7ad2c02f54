#include "ingest/office_types.h"

#include <algorithm>
#include <array>

namespace muniment::ingest {

std::span<const OfficeType> office_types() {
  static constexpr std::array kTypes = {
      OfficeType{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
      OfficeType{"application/vnd.openxmlformats-officedocument.wordprocessingml.template", "dotx"},
      OfficeType{"application/vnd.ms-word.document.macroenabled.12", "docm"},
      OfficeType{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
      OfficeType{"application/vnd.ms-excel.sheet.macroenabled.12", "xlsm"},
      OfficeType{"application/vnd.ms-excel.sheet.binary.macroenabled.12", "xlsb"},
      OfficeType{"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
      OfficeType{"application/vnd.ms-powerpoint.presentation.macroenabled.12", "pptm"},
      OfficeType{"application/vnd.oasis.opendocument.text", "odt"},
      OfficeType{"application/vnd.oasis.opendocument.spreadsheet", "ods"},
      OfficeType{"application/vnd.oasis.opendocument.presentation", "odp"},
      OfficeType{"application/vnd.oasis.opendocument.graphics", "odg"},
      OfficeType{"application/vnd.oasis.opendocument.text-flat-xml", "fodt"},
      OfficeType{"application/msword", "doc"},
      OfficeType{"application/vnd.ms-excel", "xls"},
      OfficeType{"application/vnd.ms-powerpoint", "ppt"},
      OfficeType{"application/rtf", "rtf"},
      OfficeType{"application/vnd.visio", "vsd"},
      OfficeType{"application/vnd.ms-visio.drawing.main+xml", "vsdx"},
      OfficeType{"application/x-mspublisher", "pub"},
      OfficeType{"application/vnd.ms-works", "wps"},
      OfficeType{"application/vnd.wordperfect", "wpd"},
      OfficeType{"application/vnd.apple.pages", "pages"},
      OfficeType{"application/vnd.apple.numbers", "numbers"},
      OfficeType{"application/vnd.apple.keynote", "key"},
  };
  return kTypes;
}

const OfficeType* find_office_type(std::string_view media_type) {
  const auto types = office_types();
  const auto found = std::ranges::find(types, media_type, &OfficeType::media_type);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace muniment::ingest
