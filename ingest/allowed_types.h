// Which kinds of files are taken in: intake.allowed_types. A file is looked at twice: at the door by its first bytes,
// which settle what a PDF or a picture is but not what is in a ZIP file or a text, and when it is inspected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace muniment::ingest {

// Patterns are media types as documents have them ("application/pdf"), or all of a kind ("image/*"); none: every type.
using TypePatterns = std::vector<std::string>;

// The source of what the service itself makes: patterns are for what comes from elsewhere.
inline constexpr std::string_view kMadeHere = "disposition";

// Error(invalid_argument) for a pattern that no document can meet, which names those that one can.
void require_known_types(const TypePatterns& patterns);

bool is_allowed(const TypePatterns& patterns, std::string_view media_type);
// Whether what media_type_by_magic says of a file leaves room for a type that is allowed.
bool may_be_allowed(const TypePatterns& patterns, std::string_view type_by_magic);
// Error(unsupported_type): what is said of a file that is not.
core::Error not_allowed(const TypePatterns& patterns, std::string_view media_type);

}  // namespace muniment::ingest
