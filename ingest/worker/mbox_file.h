// Files of many mails, one behind the other, each after a line "From ..." (RFC 4155).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muniment::ingest::worker {

// The mails in it, without the lines between them; pieces of `bytes`. At most `most` of them: then the last piece is
// all the rest. Empty when it is no such file.
std::vector<std::string_view> mails_in_mbox(std::string_view bytes, std::size_t most);

// A mail as it was before it was put there: a line of it that begins with "From " has a ">" in front in the file.
std::string unquoted(std::string_view mail);

}  // namespace muniment::ingest::worker
