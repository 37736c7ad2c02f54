// What a change of schedules, or of the place of a class, would do to the dates of records, asked before it is made.
// Reads only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "records/explanation.h"
#include "records/schedules.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// What is supposed to be otherwise.
struct OtherTerms {
  std::int64_t schedule_id = 0;
  ScheduleTerms terms;
};
struct OtherClassSchedule {
  std::int64_t class_id = 0;
  std::optional<std::int64_t> schedule_id;  // empty: that of the class above
};
struct OtherFolderSchedule {
  std::int64_t folder_id = 0;
  std::optional<std::int64_t> schedule_id;  // empty: that of the class
};
// The class with all that is below it. Of folders there is none: one with records in it is not moved.
struct OtherClassPlace {
  std::int64_t class_id = 0;
  std::optional<std::int64_t> parent_id;  // empty: the top
};
using Supposition = std::variant<OtherTerms, OtherClassSchedule, OtherFolderSchedule, OtherClassPlace>;

// A record whose date, deadline, action or standing would differ.
struct Move {
  std::int64_t document_id = 0;
  std::string title;
  Decision before;
  Decision after;
  std::string reason;  // in words: by what rule now, and by what rule then
};
struct PreviewFigures {
  std::int64_t examined = 0;  // records that go by what would change
  std::int64_t moved = 0;
  std::int64_t sooner = 0;  // could be disposed of, or would have to be gone, earlier than now
};
struct Preview {
  std::optional<PreviewFigures> figures;  // with the first page only: they take a pass over all of these records
  std::vector<Move> moves;                // ascending by document
  bool more = false;                      // to be asked for with the last one's document as `after`
};
struct PreviewPage {
  std::int64_t after = 0;  // documents above this number
  std::size_t limit = 50;
  Language language = Language::english;
};
// Counts and names only what `who` may read. Error(not_found) for what is to change, Error(invalid_argument) for the
// schedule or the class above that it is to get and for terms that are not clear.
Preview preview_change(storage::Session& session, const storage::Principal& who, const Supposition& supposition,
                       Date today, const PreviewPage& page);

}  // namespace muniment::records
