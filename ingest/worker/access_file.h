// The text of Access databases (.mdb, .accdb; Jet 3 and 4, ACE).
#pragma once

#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// Whether the bytes begin as such a file does.
bool is_access(std::string_view bytes);

// The tables that people made, in the order of its catalogue, each after a form feed but the first: its name, the names
// of its columns and a line for every row, cells divided by tabs. Pictures and other binary cells are left out, as is
// what is behind the first 20 MiB of text. UTF-8. Error(bad_file) when no catalogue can be read: the database is
// damaged or encrypted. Only in a child, whose end libmdb may be.
std::string access_text(std::string_view bytes);

}  // namespace muniment::ingest::worker
