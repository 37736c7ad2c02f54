// A decision in words: why something is kept, until when, by what rule, and what stands against its disposal.
#pragma once

#include <string>
#include <vector>

#include "records/calculation.h"

namespace muniment::records {

enum class Language { english, swedish };

// A few sentences, the most important first. `on` is the day that the assessment was made for.
std::vector<std::string> in_words(const Assessment& assessment, Date on, Language language);

// By what rules a record is kept now, and by what rules if something were changed.
std::string basis_in_words(const Assessment& now, const Assessment& then, Language language);

// What stands against its disposal beside its rules and holds: a batch under way, paper on loan.
std::vector<std::string> obstacles_in_words(storage::Session& session, std::int64_t document_id, Language language);
// That what is here is a copy, and who has custody; nothing of anything else.
std::vector<std::string> custody_in_words(storage::Session& session, std::int64_t document_id, Language language);

// What a schedule asks for: "2 years from its capture after the end of that calendar year, then destroyed".
std::string in_words(const ScheduleTerms& terms, Language language);

}  // namespace muniment::records
