// A decision in words: why something is kept, until when, by what rule, and what stands against its disposal.
#pragma once

#include <string>
#include <vector>

#include "records/calculation.h"

namespace muniment::records {

enum class Language { english, swedish };

// A few sentences, the most important first. `on` is the day that the assessment was made for.
std::vector<std::string> in_words(const Assessment& assessment, Date on, Language language);

}  // namespace muniment::records
