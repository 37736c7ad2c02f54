// What a document is called, dated and written in, as far as that can be told without a person.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "ingest/extraction.h"
#include "ingest/guesses.h"
#include "storage/document_fields.h"
#include "storage/documents.h"
#include "storage/message_header.h"

namespace muniment::ingest {

// A mail says itself what it is about and when it was written; of other files it is guessed from their text. `carrier`:
// headers of the mail that the file was attached to, whose subject and day count where nothing better is found.
storage::ReadingResult described(const Inspection& inspection, const std::vector<storage::MessageHeader>& carrier,
                                 const std::string& filename, const storage::PageLayer& first_page,
                                 std::span<const PageOfText> texts, std::span<const storage::DocumentField> fields,
                                 const LanguageVote& vote, core::Time now);

}  // namespace muniment::ingest
