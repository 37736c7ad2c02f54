#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

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

// A key or a number of some program: one long word with digits in it.
bool is_code(std::string_view text) {
  constexpr std::size_t kLongestWord = 20;
  return text.size() > kLongestWord && text.find(' ') == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// Titles that programs put in by themselves say nothing about the document.
bool says_nothing(std::string_view title, std::string_view filename) {
  static constexpr std::array<std::string_view, 15> kMarks = {"untitled",
                                                              "adobe photoshop",
                                                              ".pages",
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
         folded.starts_with("scan") || folded.starts_with("document") || folded.starts_with("img_") || is_code(title);
}

// Addresses, telephone, registration and account numbers stand at the top in large type often enough.
bool looks_like_letterhead(std::string_view folded) {
  static constexpr std::array<std::string_view, 3> kAddresses = {"@", "www.", "http"};
  static constexpr std::array<std::string_view, 10> kNumbers = {"tel",   "phone", "fax",      "org.",     "orgnr",
                                                                "organ", "vat",   "bankgiro", "plusgiro", "iban"};
  const bool numbered = folded.find_first_of("0123456789") != std::string_view::npos;
  return contains_any(folded, kAddresses) || (numbered && contains_any(folded, kNumbers));
}

bool has_word(std::string_view folded, bool (*matches)(std::string_view)) {
  constexpr std::size_t kMostWordsOfAName = 6;
  const auto words = core::split(folded, ' ');
  return words.size() <= kMostWordsOfAName && std::any_of(words.begin(), words.end(), matches);
}

// The sender tops a letter, often larger than what the letter is about: a company tells itself by its legal form, a
// public body by what such bodies are called.
bool names_a_sender(std::string_view folded) {
  return has_word(folded, [](std::string_view word) {
    static constexpr std::array<std::string_view, 18> kWords = {"ab",   "hb",   "kb",  "ltd", "ltd.",   "limited",
                                                                "inc",  "inc.", "llc", "plc", "corp",   "corp.",
                                                                "gmbh", "ag",   "oy",  "a/s", "kommun", "university"};
    static constexpr std::array<std::string_view, 5> kEndings = {"aktiebolag", "verket", "myndigheten", "universitet",
                                                                 "förening"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
           std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return word.ends_with(ending); });
  });
}

// "Faktura 1017", "Hyresavtal", "Minutes of the board": which kind of paper it is, in so many words.
bool names_a_kind(std::string_view text, std::string_view folded) {
  const bool capital = text.substr(0, 2) != folded.substr(0, 2);
  return capital && text.back() != '.' && text.back() != ':' && has_word(folded, [](std::string_view word) {
           static constexpr std::array<std::string_view, 28> kKinds = {
               "faktura",  "invoice",     "avtal",     "agreement",  "kontrakt",    "contract",    "protokoll",
               "minutes",  "rapport",     "report",    "beslut",     "decision",    "offert",      "quotation",
               "kvitto",   "receipt",     "intyg",     "påminnelse", "beställning", "certificate", "ansökan",
               "kallelse", "redovisning", "statement", "fullmakt",   "rechnung",    "vertrag",     "bescheid"};
           return std::any_of(kKinds.begin(), kKinds.end(),
                              [&](auto kind) { return word.starts_with(kind) || word.ends_with(kind); });
         });
}

// "Fakturanummer: 20458", "Invoice date 2024-03-05", "Faktura nr: 17": a field of a form, however much like a heading.
// "Faktura nr 20458" and "Invoice no. 20458" are headings.
bool is_labelled_value(std::string_view folded) {
  static constexpr std::array<std::string_view, 3> kEndings = {"nummer", "datum", "nr"};
  static constexpr std::array<std::string_view, 4> kWhole = {"number", "nummer", "date", "datum"};
  static constexpr std::array<std::string_view, 5> kWithColon = {"nr", "no", "#", "id", "ref"};
  const auto is_one_of = [](std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  std::string text(folded);
  if (const auto colon = text.find(" :"); colon != std::string::npos) text.erase(colon, 1);
  const auto words = core::split(text, ' ');
  for (std::size_t i = 0; i < words.size() && i < 3; ++i) {
    std::string_view word = words[i];
    const bool colon = word.ends_with(':');
    while (word.ends_with(':') || word.ends_with('.')) word.remove_suffix(1);
    const bool compound = std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
      return word.size() > ending.size() && word.ends_with(ending);
    });
    // "Minutes number 3 of the board" says more than a value.
    const bool alone = colon || words.size() <= i + 2;
    if (compound || (i > 0 && alone && is_one_of(kWhole, word)) || (colon && is_one_of(kWithColon, word))) return true;
    if (colon) return false;
  }
  return false;
}

std::string text_of(const Line& line) {
  return core::joined(line.words, " ", &Word::text);
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
  const std::string folded = core::fold_case(text);
  if (!is_readable(line) || is_code(text) || looks_like_letterhead(folded)) return false;
  // "Faktura 2024-00117" is a title with more digits than letters.
  return 2 * letters_in(text) > text.size() || names_a_kind(text, folded);
}

// A space and the line below, where a title in large type goes on there; else empty.
std::string continuation(const Line& line, const Line& below, const std::string& text) {
  if (below.words.empty()) return "";
  const std::string more = text_of(below);
  const int height = height_of(line);
  const int gap = below.words.front().box.top - line.words.front().box.top - height;
  const bool same_type = 10 * std::abs(height - height_of(below)) <= height;
  const bool goes_on = same_type && 2 * gap > -height && gap < height && could_be_title(below, more) &&
                       text.size() + more.size() < kLongestTitle;
  return goes_on ? " " + more : "";
}

bool is_greeting(std::string_view folded) {
  static constexpr std::array<std::string_view, 9> kBegins = {"dear ",  "hej ",   "hej!",    "hej,",        "hejsan",
                                                              "bästa ", "bäste ", "to whom", "sehr geehrte"};
  return std::any_of(kBegins.begin(), kBegins.end(), [&](std::string_view word) { return folded.starts_with(word); });
}

int right_of(const Line& line) {
  return line.words.back().box.left + line.words.back().box.width;
}

bool begins_in_capitals(std::string_view text) {
  return core::fold_case(text).substr(0, 2) != text.substr(0, 2);
}

// What a letter is about, where no word says so: a line of its own before "Hej Anna!" or after "Dear Ms Holm,". A
// paragraph that begins there fills its line, or goes on in small letters.
bool is_subject_by_greeting(const std::vector<Line>& lines, std::size_t at, const std::string& folded) {
  static constexpr std::array<std::string_view, 5> kTo = {"till ", "to ", "att ", "attn", "att."};
  const std::size_t words = lines[at].words.size();
  const bool goes_on = folded.ends_with(',') || folded.ends_with('.');
  if (words < 2 || goes_on || core::is_digit(folded.front()) || folded.find(": ") != std::string::npos) return false;
  if (at + 1 < lines.size() && !lines[at + 1].words.empty() && is_greeting(core::fold_case(text_of(lines[at + 1])))) {
    // A name stands there too, or a place with the date.
    return words > 2 && folded.find_first_of("0123456789") == std::string::npos &&
           std::none_of(kTo.begin(), kTo.end(), [&](auto word) { return folded.starts_with(word); });
  }
  if (at == 0 || at + 1 >= lines.size() || lines[at - 1].words.empty() || lines[at + 1].words.empty()) return false;
  if (!is_greeting(core::fold_case(text_of(lines[at - 1])))) return false;
  int widest = 0;
  for (const Line& line : lines) {
    if (!line.words.empty()) widest = std::max(widest, right_of(line) - line.words.front().box.left);
  }
  const int width = right_of(lines[at]) - lines[at].words.front().box.left;
  return 10 * width < 8 * widest && begins_in_capitals(text_of(lines[at])) &&
         begins_in_capitals(text_of(lines[at + 1]));
}

// The first company or public body that the page names in a line of its own, but for whom the paper is sent to.
std::string sender_of(const PageLayer& page) {
  static constexpr std::array<std::string_view, 7> kCustomer = {
      "kund", "faktureringsadress", "leveransadress", "bill to", "ship to", "customer", "invoice to"};
  bool to_customer = false;
  for (const Line& line : page.lines) {
    if (line.words.empty()) continue;
    const std::string text = text_of(line);
    const std::string folded = core::fold_case(text);
    const bool sender = is_readable(line) && names_a_sender(folded) && folded.find(':') == std::string::npos &&
                        folded.find_first_of("0123456789") == std::string::npos;
    if (sender && !to_customer) return text;
    to_customer = std::any_of(kCustomer.begin(), kCustomer.end(), [&](auto word) { return folded.starts_with(word); });
  }
  return "";
}

// "Faktura" alone tells it from no other: with its number, and who sent it.
std::string told_apart(std::string title, const PageLayer& page, std::string_view invoice_number) {
  if (!invoice_number.empty() && title.find(invoice_number) == std::string::npos) {
    title += " " + std::string(invoice_number);
  }
  const std::string sender = sender_of(page);
  if (!sender.empty() && title.find(sender) == std::string::npos && title.size() + sender.size() < kLongestTitle) {
    title += " " + sender;
  }
  return title;
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

std::string guess_title(std::string_view embedded_title, std::string_view filename, const PageLayer& first_page,
                        std::string_view invoice_number) {
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

  constexpr double kLarge = 1.3;  // what has the usual size is a paragraph, or a form's fields
  std::string best;
  double best_score = 0;
  bool own_heading = false, bare_kind = false;  // of the best
  std::size_t seen = 0;
  for (std::size_t i = 0; i < first_page.lines.size(); ++i) {
    const Line& line = first_page.lines[i];
    if (line.words.empty()) continue;
    const std::string text = tidy(text_of(line));
    if (const std::string subject = subject_of(text); !subject.empty()) return subject;
    if (!could_be_title(line, text)) continue;
    const std::string folded = core::fold_case(text);
    const double size = height_of(line) / usual;
    const bool large = size > kLarge;
    const bool labelled = !large && text.find(": ") != std::string::npos;  // "Our reference: P. Ashby"
    const double down = static_cast<double>(line.words.front().box.top) / std::max(1, first_page.height);
    // Large type counts most; then standing high on the page and being among the first lines.
    double score = size - 0.5 * down - 0.02 * static_cast<double>(seen) + (line.words.size() > 1 ? 0.1 : 0);
    const bool kind = names_a_kind(text, folded) && !is_labelled_value(folded);
    const bool subject = !kind && is_subject_by_greeting(first_page.lines, i, folded);
    const bool minor = !kind && !subject && (labelled || is_labelled_value(folded) || names_a_sender(folded));
    if (kind || subject) score += 0.6;
    if (minor) score /= 2;
    ++seen;
    if (score <= best_score) continue;
    best_score = score;
    best = text;
    own_heading = kind || subject || (large && !minor);
    bare_kind = kind && line.words.size() == 1;
    if (large && i + 1 < first_page.lines.size()) best += continuation(line, first_page.lines[i + 1], text);
  }
  if (bare_kind) return told_apart(best, first_page, invoice_number);
  if (!own_heading && !invoice_number.empty()) {
    return told_apart(first_page.language == "swe" ? "Faktura" : "Invoice", first_page, invoice_number);
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
