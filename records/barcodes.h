// Barcodes on paper files and on the places where they stand. A code is given once: one that was replaced still says
// what it was on, and none is given to anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// What wears a code: the paper of a document, or a place.
struct CodeBearer {
  enum class Kind { paper, location };
  Kind kind = Kind::paper;
  std::int64_t id = 0;  // of the document or the location
  bool operator==(const CodeBearer&) const = default;
};

struct Code {
  std::string code;
  CodeBearer bearer;      // a document may be destroyed since
  bool replaced = false;  // it wears another one now
};

// As scanned: spaces around it do not matter, nor small letters. Whether the asker may know of the document is the
// caller's question.
std::optional<Code> find_code(storage::Session& session, std::string_view scanned);
std::string code_of(storage::Session& session, const CodeBearer& bearer);

// Gives a code that others have printed, or, when `wished` is empty, the next number of our own ("M00000001"), instead
// of the one that it has. Error(conflict) for a code that is or was on something else, Error(invalid_argument) for one
// that is not 1 to 40 of A-Z, 0-9, ".", "-" and "_", or looks like a number of our own. For records' own use; people
// come through `give_other_code`.
std::string give_code(storage::Transaction& tx, const CodeBearer& bearer, std::string_view wished);
// Needs Permission::manage_paper. Error(not_found).
std::string give_other_code(storage::Transaction& tx, const storage::Principal& who, const CodeBearer& bearer,
                            std::string_view wished);

struct LabelText {
  CodeBearer bearer;
  std::string code;
  std::string title;
  std::string detail;     // class and folder of a file, where a place stands
  std::string condition;  // "none": no label yet, "good", "outdated": it says what is no longer true
};
// In the order asked; what `who` may not read, or what wears no code, is Error(not_found).
std::vector<LabelText> label_texts(storage::Session& session, const storage::Principal& who,
                                   const std::vector<CodeBearer>& bearers);
// Those that need a label, or another one (renumbering: Noark 5, 3.2.29), oldest code first; at most `limit`.
std::vector<LabelText> labels_to_print(storage::Session& session, const storage::Principal& who, std::size_t limit);
void note_printed(storage::Transaction& tx, const storage::Principal& who, const std::vector<LabelText>& labels);

}  // namespace muniment::records
