// Bytes that are text, turned into UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// The name, as ICU knows it, of the encoding that these bytes are most likely text in; empty when they are not text.
// A byte order mark decides, then well-formed UTF-8, then the patterns of UTF-16 and UTF-32, then ICU's guess. What a
// document declares (`declared`, say in an HTML file) is believed where the bytes allow it.
std::string text_encoding(std::string_view bytes, std::string_view declared = {});

// Decoded, without byte order mark; what is malformed becomes U+FFFD. At most `most` bytes of the input are looked at.
std::string decode_text(std::string_view bytes, const std::string& encoding, std::size_t most);

}  // namespace muniment::ingest::worker
