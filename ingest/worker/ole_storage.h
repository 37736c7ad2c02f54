// The names in the root of an OLE compound file ([MS-CFB]), by which Word, Excel and PowerPoint files of before 2007
// and encrypted ones of today are told apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muniment::ingest::worker {

// Whether the bytes begin as such a file does.
bool is_ole_storage(std::string_view bytes);

// The ASCII names of the streams and storages directly in its root; empty when it is damaged. Accepts any bytes.
std::vector<std::string> names_in_root(std::string_view bytes);

}  // namespace muniment::ingest::worker
