#include "storage/version_comparison.h"

#include <string_view>
#include <unordered_map>

#include "core/diff.h"
#include "core/error.h"
#include "storage/pages.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

struct PlacedWord {
  std::string text;
  std::int64_t page = 0;
  bool starts_paragraph = false;
};

struct VersionText {
  std::vector<PlacedWord> words;
  bool complete = true;
};

VersionText text_of(Session& session, const DocumentVersion& version) {
  const auto pages = version.file ? stored_pages(session, version.file->id) : std::vector<std::int64_t>();
  if (pages.empty()) {
    throw Error(ErrorCode::conflict, "version " + std::to_string(version.number) +
                                         " has no text that was read; compare versions whose pages have text");
  }
  VersionText text;
  for (const std::int64_t page : pages) {
    for (Line& line : find_component_page(session, version.file->id, page).value_or(PageLayer()).lines) {
      bool starts_paragraph = line.starts_paragraph;
      for (Word& word : line.words) {
        if (text.words.size() == kMostComparedWords) {
          text.complete = false;
          return text;
        }
        text.words.push_back({std::move(word.text), page, starts_paragraph});
        starts_paragraph = false;
      }
    }
  }
  return text;
}

// Equal words get equal numbers.
class WordNumbers {
 public:
  std::vector<std::uint32_t> of(const VersionText& text) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(text.words.size());
    for (const PlacedWord& word : text.words) {
      numbers.push_back(numbers_.try_emplace(word.text, static_cast<std::uint32_t>(numbers_.size())).first->second);
    }
    return numbers;
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

class Pages {
 public:
  void add(TextRun::Kind kind, std::int64_t page, std::int64_t older_page, const PlacedWord& word) {
    if (pages_.empty() || pages_.back().number != page) pages_.push_back({page, {}});
    std::vector<TextRun>& runs = pages_.back().runs;
    const bool goes_on = !runs.empty() && runs.back().kind == kind;
    if (!goes_on) runs.push_back({kind, {}, older_page});
    const bool first_of_page = runs.size() == 1 && runs.back().text.empty();
    if (word.starts_paragraph && !first_of_page) {
      runs.back().text += '\n';
    } else if (!runs.back().text.empty()) {
      runs.back().text += ' ';
    }
    runs.back().text += word.text;
  }
  std::vector<ComparedPage> take() { return std::move(pages_); }

 private:
  std::vector<ComparedPage> pages_;
};

}  // namespace

VersionComparison compare_versions(Session& session, const DocumentVersion& older, const DocumentVersion& newer) {
  const VersionText before = text_of(session, older);
  const VersionText after = text_of(session, newer);
  WordNumbers numbers;
  const auto before_numbers = numbers.of(before);
  const core::Diff found = core::diff(before_numbers, numbers.of(after));

  VersionComparison comparison;
  comparison.complete = before.complete && after.complete && found.complete;
  Pages pages;
  std::size_t a = 0, b = 0;
  bool in_change = false;
  for (const core::DiffRun& run : found.runs) {
    const bool differs = run.kind != core::DiffRun::Kind::equal;
    if (differs && !in_change) ++comparison.changes;
    in_change = differs;
    for (std::size_t i = 0; i < run.count; ++i) {
      if (run.kind == core::DiffRun::Kind::deleted) {
        const std::size_t next = b < after.words.size() ? b : b - 1;
        const std::int64_t page = after.words.empty() ? 1 : after.words[next].page;
        pages.add(TextRun::Kind::deleted, page, before.words[a].page, before.words[a]);
        ++a;
        continue;
      }
      if (differs) {
        pages.add(TextRun::Kind::inserted, after.words[b].page, 0, after.words[b]);
      } else {
        pages.add(TextRun::Kind::equal, after.words[b].page, before.words[a++].page, after.words[b]);
      }
      ++b;
    }
  }
  comparison.pages = pages.take();
  return comparison;
}

}  // namespace muniment::storage
