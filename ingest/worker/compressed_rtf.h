// Rich Text as Outlook keeps it in its messages ([MS-OXRTFCP]).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// The RTF, as far as the bytes go and at most `most` bytes of it; empty when they are no such thing.
std::string unpack_rtf(std::string_view bytes, std::size_t most);

// The text in it; empty when there is none that can be read.
std::string text_of_packed_rtf(std::string_view bytes);

}  // namespace muniment::ingest::worker
