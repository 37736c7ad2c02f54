#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.h"
#include "ingest/guesses.h"

namespace muniment::ingest {

using storage::Line;
using storage::PageLayer;
using storage::Word;

namespace {

constexpr std::size_t kShortestTitle = 4;
constexpr std::size_t kLongestTitle = 120;
constexpr std::size_t kMostWords = 14;
constexpr int kLeastConfidence = 60;

bool contains_any(std::string_view text, std::span<const std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

// Bytes of UTF-8 beyond ASCII count as letters: good enough for telling words from numbers.
std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
  }));
}

// Titles that programs put in by themselves say nothing about the document.
bool says_nothing(std::string_view title, std::string_view filename) {
  static constexpr std::array<std::string_view, 13> kMarks = {"untitled",
                                                              "namnlös",
                                                              "microsoft word -",
                                                              "microsoft powerpoint -",
                                                              "microsoft excel -",
                                                              "powerpoint presentation",
                                                              "untitled document",
                                                              ".doc",
                                                              ".xls",
                                                              ".ppt",
                                                              ".pdf",
                                                              ".indd",
                                                              "scanned"};
  const std::string folded = core::fold_case(title);
  const std::string file = core::fold_case(filename);
  return contains_any(folded, kMarks) || folded == file || file.starts_with(folded + ".") ||
         folded.starts_with("scan") || folded.starts_with("document") || folded.starts_with("img_");
}

// Addresses, telephone numbers and page numbers stand at the top in large type often enough.
bool looks_like_letterhead(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kMarks = {
      "@", "www.", "http", "tel.", "tel:", "phone", "fax", "org.nr", "vat no"};
  return contains_any(core::fold_case(text), kMarks);
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Word& word : line.words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

int height_of(const Line& line) {
  std::vector<int> heights;
  for (const Word& word : line.words) heights.push_back(word.box.height);
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
  return heights[heights.size() / 2];
}

bool is_readable(const Line& line) {
  int sum = 0;
  for (const Word& word : line.words) sum += word.confidence;
  return sum >= kLeastConfidence * static_cast<int>(line.words.size());
}

bool could_be_title(const Line& line, const std::string& text) {
  if (text.size() < kShortestTitle || text.size() > kLongestTitle || line.words.size() > kMostWords) return false;
  return 2 * letters_in(text) > text.size() && is_readable(line) && !looks_like_letterhead(text);
}

// What follows a word like "Subject:"; empty when the line does not begin with one.
std::string subject_of(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kLabels = {"subject:",  "re:",    "ämne:",  "ang:",    "ang.",
                                                              "angående:", "title:", "titel:", "betreff:"};
  const std::string folded = core::fold_case(text);
  for (const std::string_view label : kLabels) {
    if (!folded.starts_with(label)) continue;
    const std::string rest(core::trim(text.substr(label.size())));
    if (rest.size() >= kShortestTitle && rest.size() <= kLongestTitle) return rest;
  }
  return "";
}

// Without the marks of Markdown and leading punctuation.
std::string tidy(std::string_view text) {
  while (!text.empty() && (text.front() == '#' || text.front() == '*' || text.front() == '=' || text.front() == ' ')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == '#' || text.back() == '*' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::string guess_title(std::string_view embedded_title, std::string_view filename, const PageLayer& first_page) {
  const std::string embedded = core::collapse_space(core::to_nfc(embedded_title));
  if (embedded.size() >= kShortestTitle && embedded.size() <= 300 && letters_in(embedded) >= 3 &&
      !says_nothing(embedded, filename)) {
    return embedded;
  }

  std::vector<int> heights;
  for (const Line& line : first_page.lines) {
    if (!line.words.empty()) heights.push_back(height_of(line));
  }
  if (heights.empty()) return "";
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
  const double usual = std::max(1, heights[heights.size() / 2]);

  std::string best;
  double best_score = 0;
  std::size_t seen = 0;
  for (const Line& line : first_page.lines) {
    if (line.words.empty()) continue;
    const std::string text = tidy(text_of(line));
    if (const std::string subject = subject_of(text); !subject.empty()) return subject;
    if (!could_be_title(line, text)) continue;
    const double size = height_of(line) / usual;
    const double down = static_cast<double>(line.words.front().box.top) / std::max(1, first_page.height);
    // Large type counts most; then standing high on the page and being among the first lines.
    const double score = size - 0.5 * down - 0.02 * static_cast<double>(seen) + (line.words.size() > 1 ? 0.1 : 0);
    ++seen;
    if (score > best_score) {
      best_score = score;
      best = text;
    }
  }
  return best;
}

void LanguageVote::add(const PageLayer& page) {
  if (page.language.empty()) return;
  std::size_t& count = characters_[page.language];
  for (const Line& line : page.lines) {
    for (const Word& word : line.words) count += word.text.size();
  }
}

std::string LanguageVote::winner() const {
  const auto best = std::max_element(characters_.begin(), characters_.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return best == characters_.end() ? "" : best->first;
}

}  // namespace muniment::ingest
