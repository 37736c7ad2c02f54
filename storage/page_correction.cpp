#include "storage/page_correction.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/text.h"

namespace muniment::storage {

namespace {

constexpr std::size_t kUnmatched = static_cast<std::size_t>(-1);
// Beyond this many pairs to compare, only what is equal at both ends is matched.
constexpr std::size_t kMostComparisons = 4'000'000;

struct NewWord {
  std::string text;
  std::size_t line = 0;
};

std::vector<Word> words_of(const PageLayer& layer) {
  std::vector<Word> words;
  for (const Line& line : layer.lines) words.insert(words.end(), line.words.begin(), line.words.end());
  return words;
}

// For each new word the old word that it is, by the longest common subsequence (Hunt & Szymanski 1977, plain form).
std::vector<std::size_t> matched(const std::vector<Word>& old_words, const std::vector<NewWord>& new_words) {
  std::vector<std::size_t> match(new_words.size(), kUnmatched);
  std::size_t head = 0;
  while (head < old_words.size() && head < new_words.size() && old_words[head].text == new_words[head].text) {
    match[head] = head;
    ++head;
  }
  std::size_t old_end = old_words.size();
  std::size_t new_end = new_words.size();
  while (old_end > head && new_end > head && old_words[old_end - 1].text == new_words[new_end - 1].text) {
    match[--new_end] = --old_end;
  }
  const std::size_t rows = new_end - head;
  const std::size_t columns = old_end - head;
  if (rows == 0 || columns == 0 || rows > kMostComparisons / columns) return match;

  std::vector<std::uint32_t> length((rows + 1) * (columns + 1), 0);
  const auto at = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
    return length[row * (columns + 1) + column];
  };
  for (std::size_t row = rows; row-- > 0;) {
    for (std::size_t column = columns; column-- > 0;) {
      at(row, column) = new_words[head + row].text == old_words[head + column].text
                            ? at(row + 1, column + 1) + 1
                            : std::max(at(row + 1, column), at(row, column + 1));
    }
  }
  for (std::size_t row = 0, column = 0; row < rows && column < columns;) {
    if (new_words[head + row].text == old_words[head + column].text) {
      match[head + row++] = head + column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      ++row;
    } else {
      ++column;
    }
  }
  return match;
}

// The space that a run of new words gets, given the old words [first, last) that it replaces and its neighbours.
Box space_for(const std::vector<Word>& old_words, std::size_t first, std::size_t last, const PageLayer& page) {
  if (first < last) {
    // Words of one line share their line's extent; of several lines, the first line's.
    Box box = old_words[first].box;
    for (std::size_t i = first + 1; i < last; ++i) {
      const Box& next = old_words[i].box;
      if (std::abs(next.top - box.top) > box.height) break;
      const auto right = std::max(box.left + box.width, next.left + next.width);
      const auto bottom = std::max(box.top + box.height, next.top + next.height);
      box.left = std::min(box.left, next.left);
      box.top = std::min(box.top, next.top);
      box.width = right - box.left;
      box.height = bottom - box.top;
    }
    return box;
  }
  if (first > 0) {
    const Box& before = old_words[first - 1].box;
    const std::int32_t left = before.left + before.width;
    const bool followed = first < old_words.size() &&
                          std::abs(old_words[first].box.top - before.top) <= before.height &&
                          old_words[first].box.left > left;
    const std::int32_t right = followed ? old_words[first].box.left : std::max(left + 1, page.width);
    return {left, before.top, right - left, before.height};
  }
  if (!old_words.empty()) {
    const Box& after = old_words.front().box;
    return {0, after.top, std::max(1, after.left), after.height};
  }
  return {0, 0, std::max(1, page.width), std::max(1, page.height / 50)};
}

}  // namespace

PageLayer corrected(const PageLayer& read, std::string_view text) {
  PageLayer page = read;
  page.source = TextSource::corrected;
  page.mean_confidence = 100;
  page.lines.clear();

  std::vector<NewWord> new_words;
  bool paragraph = false;
  for (const std::string_view raw : core::split(text, '\n')) {
    const std::string line = core::collapse_space(core::to_nfc(raw));
    if (line.empty()) {
      paragraph = !page.lines.empty();
      continue;
    }
    page.lines.push_back({{}, paragraph});
    paragraph = false;
    for (const std::string_view word : core::split(line, ' ')) {
      new_words.push_back({std::string(word), page.lines.size() - 1});
    }
  }

  const std::vector<Word> old_words = words_of(read);
  const std::vector<std::size_t> match = matched(old_words, new_words);
  std::size_t old_next = 0;
  for (std::size_t i = 0; i < new_words.size();) {
    if (match[i] != kUnmatched) {
      page.lines[new_words[i].line].words.push_back({old_words[match[i]].box, 100, new_words[i].text});
      old_next = match[i] + 1;
      ++i;
      continue;
    }
    std::size_t end = i;
    std::size_t characters = 0;
    while (end < new_words.size() && match[end] == kUnmatched) characters += new_words[end++].text.size() + 1;
    const std::size_t old_end = end < new_words.size() ? match[end] : old_words.size();
    const Box space = space_for(old_words, old_next, old_end, read);
    std::size_t before = 0;
    for (; i < end; ++i) {
      const std::size_t size = new_words[i].text.size();
      Box box = space;
      box.left +=
          static_cast<std::int32_t>(space.width * static_cast<double>(before) / static_cast<double>(characters));
      box.width = std::max(
          1, static_cast<std::int32_t>(space.width * static_cast<double>(size) / static_cast<double>(characters)));
      before += size + 1;
      page.lines[new_words[i].line].words.push_back({box, 100, new_words[i].text});
    }
    old_next = old_end;
  }
  return page;
}

}  // namespace muniment::storage
