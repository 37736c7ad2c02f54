// What the names mean that SANE's drivers give their sources and modes: each driver has its own.
#pragma once

#include <optional>
#include <string>

#include "scanners/scan_settings.h"

namespace muniment::scanners::device {

// Which of the plain sources it is; empty for what nobody chooses (transparency units, back sides alone).
std::optional<PaperSource> meaning(const std::string& source);
std::optional<ColourMode> meaning_of_mode(const std::string& mode);

}  // namespace muniment::scanners::device
