// What differs between the texts of two versions of a document, word by word.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/document_versions.h"

namespace muniment::storage {

struct TextRun {
  enum class Kind { equal, deleted, inserted };
  Kind kind = Kind::equal;
  std::string text;             // words with spaces between them; a new paragraph begins after a line break
  std::int64_t older_page = 0;  // where it begins in the older version; 0 for what was inserted
};
struct ComparedPage {
  std::int64_t number = 0;  // in the newer version; what was deleted stands on the page on which it would be missed
  std::vector<TextRun> runs;
};
struct VersionComparison {
  std::vector<ComparedPage> pages;  // every page of the newer version that has a run, ascending
  std::int64_t changes = 0;         // stretches that differ
  bool complete = true;             // false: too long, or too different, to be compared throughout
};

// At most so many words of each version are compared.
inline constexpr std::size_t kMostComparedWords = 300'000;

// Both are versions of one document that the asker may read. Error(conflict) when one has no pages that were read.
VersionComparison compare_versions(Session& session, const DocumentVersion& older, const DocumentVersion& newer);

}  // namespace muniment::storage
