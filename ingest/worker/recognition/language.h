// The language that a text is written in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// One of `enabled` (ISO 639-3 as Tesseract names them), or nothing when the text does not tell. Mistakes of recognition
// do not matter much; a hundred letters are enough. UTF-8; malformed text is read as far as it goes.
std::optional<std::string> language_of(std::string_view text, std::span<const std::string> enabled);

// How surely the text is in some language, from 0 to 1: words that make no sense score low. UTF-8.
double language_certainty(std::string_view text);

}  // namespace muniment::ingest::worker
