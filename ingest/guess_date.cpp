#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"
#include "ingest/guesses.h"

namespace muniment::ingest {

using core::is_digit;

namespace {

using core::Date;

// A word, a number or a single sign of one line. No regular expressions: the text is foreign, and may be huge.
struct Token {
  enum class Kind { word, number, sign };
  Kind kind;
  std::string_view text;
  std::string folded;   // of words
  int value = 0;        // of numbers of up to 8 digits, else -1
  bool spaced = false;  // white space stands before it
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<Token> tokens_of(std::string_view line) {
  std::vector<Token> tokens;
  std::size_t i = 0;
  bool spaced = false;
  while (i < line.size()) {
    if (line[i] == ' ' || line[i] == '\t') {
      spaced = true;
      ++i;
      continue;
    }
    const std::size_t start = i;
    Token token{Token::Kind::sign, {}, {}, -1, spaced};
    if (is_digit(line[i])) {
      while (i < line.size() && is_digit(line[i])) ++i;
      token.kind = Token::Kind::number;
      if (i - start <= 8) token.value = static_cast<int>(*core::parse_integer(line.substr(start, i - start)));
    } else if (is_letter(line[i])) {
      while (i < line.size() && is_letter(line[i])) ++i;
      token.kind = Token::Kind::word;
      token.folded = core::fold_case(line.substr(start, i - start));
    } else {
      ++i;
    }
    token.text = line.substr(start, i - start);
    tokens.push_back(std::move(token));
    spaced = false;
  }
  return tokens;
}

int month_of(std::string_view word) {
  struct Name {
    std::string_view text;
    int month;
  };
  // English, Swedish, German and French; each may be cut to its first three letters where that is usual.
  static constexpr std::array kNames = {
      Name{"january", 1},   Name{"januari", 1},   Name{"januar", 1},    Name{"janvier", 1},   Name{"jan", 1},
      Name{"february", 2},  Name{"februari", 2},  Name{"februar", 2},   Name{"février", 2},   Name{"feb", 2},
      Name{"march", 3},     Name{"mars", 3},      Name{"märz", 3},      Name{"mar", 3},       Name{"april", 4},
      Name{"avril", 4},     Name{"apr", 4},       Name{"may", 5},       Name{"maj", 5},       Name{"mai", 5},
      Name{"june", 6},      Name{"juni", 6},      Name{"juin", 6},      Name{"jun", 6},       Name{"july", 7},
      Name{"juli", 7},      Name{"juillet", 7},   Name{"jul", 7},       Name{"august", 8},    Name{"augusti", 8},
      Name{"août", 8},      Name{"aug", 8},       Name{"september", 9}, Name{"septembre", 9}, Name{"sep", 9},
      Name{"sept", 9},      Name{"october", 10},  Name{"oktober", 10},  Name{"octobre", 10},  Name{"oct", 10},
      Name{"okt", 10},      Name{"november", 11}, Name{"novembre", 11}, Name{"nov", 11},      Name{"december", 12},
      Name{"dezember", 12}, Name{"décembre", 12}, Name{"dec", 12},      Name{"dez", 12}};
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& name) { return name.text == word; });
  return found == kNames.end() ? 0 : found->month;
}

std::optional<Date> date_from(int year, int month, int day) {
  if (year < 100) year += year < 70 ? 2000 : 1900;
  if (year < 1800 || year > 2199) return std::nullopt;
  const Date date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                  std::chrono::day(static_cast<unsigned>(day))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

struct Match {
  Date date;
  std::size_t length = 0;          // in tokens
  double score = 0;                // how surely this is a date at all
  std::optional<Date> other = {};  // what it is when two digits for the year stand at its other end
};

// Reads tokens from `at`, and knows where they end.
class Reader {
 public:
  Reader(const std::vector<Token>& tokens, std::size_t at, bool year_first)
      : tokens_(tokens), at_(at), year_first_(year_first) {}

  // How 24-03-18 is read.
  bool year_first() const { return year_first_; }
  const Token* peek(std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? &tokens_[at_ + ahead] : nullptr;
  }
  bool is_number(std::size_t ahead, std::size_t least_digits, std::size_t most_digits) const {
    const Token* token = peek(ahead);
    return token && token->kind == Token::Kind::number && token->text.size() >= least_digits &&
           token->text.size() <= most_digits;
  }
  bool is_sign(std::size_t ahead, std::string_view signs) const {
    const Token* token = peek(ahead);
    return token && token->kind == Token::Kind::sign && signs.find(token->text) != std::string_view::npos;
  }
  bool is_spaced(std::size_t ahead) const {
    const Token* token = peek(ahead);
    return token && token->spaced;
  }
  int value(std::size_t ahead) const { return peek(ahead)->value; }

 private:
  const std::vector<Token>& tokens_;
  std::size_t at_;
  bool year_first_;
};

// 2024-03-05, 2024.03.05, 05.03.2024, 5/3/2024, 24-03-05, and never a part of a longer code such as 2024-03-05-17.
std::optional<Match> match_three_numbers(const Reader& in) {
  if (!in.is_number(0, 1, 4) || !in.is_sign(1, "-./") || !in.is_number(2, 1, 2) || !in.is_sign(3, "-./") ||
      !in.is_number(4, 1, 4) || in.peek(1)->text != in.peek(3)->text) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i <= 4; ++i) {
    if (in.is_spaced(i)) return std::nullopt;
  }
  if (in.is_sign(5, "-/") && !in.is_spaced(5) && in.is_number(6, 1, 8)) return std::nullopt;
  const int a = in.value(0), b = in.value(2), c = in.value(4);
  const std::size_t a_digits = in.peek(0)->text.size();
  const std::size_t c_digits = in.peek(4)->text.size();
  std::optional<Date> date, other;
  double score = 1;
  if (a_digits == 4 && c_digits <= 2) {
    date = date_from(a, b, c);
    score = 2;
  } else if (c_digits == 4 && a_digits <= 2) {
    // Day first, as everywhere but in the United States; where only the other order is a date, that one.
    date = date_from(c, b, a);
    if (!date) date = date_from(c, a, b);
    score = 1.5;
  } else if (a_digits <= 2 && c_digits == 2) {
    const auto day_first = date_from(c, b, a);
    const auto year_first = a_digits == 2 ? date_from(a, b, c) : std::nullopt;
    const bool by_year = in.year_first() && in.peek(1)->text == "-";
    date = by_year ? year_first : day_first;
    other = by_year ? day_first : year_first;
    if (!date) std::swap(date, other);
    if (other == date) other.reset();
    score = 0.5;
  }
  if (!date) return std::nullopt;
  return Match{*date, 5, score, other};
}

// 5/3 2024
std::optional<Match> match_swedish_short(const Reader& in) {
  if (!in.is_number(0, 1, 2) || !in.is_sign(1, "/") || !in.is_number(2, 1, 2) || !in.is_number(3, 4, 4) ||
      !in.is_spaced(3)) {
    return std::nullopt;
  }
  const auto date = date_from(in.value(3), in.value(2), in.value(0));
  if (!date) return std::nullopt;
  return Match{*date, 4, 1};
}

// 20240305
std::optional<Match> match_compact(const Reader& in) {
  if (!in.is_number(0, 8, 8) || (in.is_sign(1, "-") && !in.is_spaced(1))) return std::nullopt;
  const int value = in.value(0);
  if (value < 19000000) return std::nullopt;
  const auto date = date_from(value / 10000, value / 100 % 100, value % 100);
  if (!date) return std::nullopt;
  return Match{*date, 1, 0};
}

// 5 mars 2024, 5. März 2024, 5:e mars 2024, 5th of March, 2024
std::optional<Match> match_day_month(const Reader& in) {
  if (!in.is_number(0, 1, 2)) return std::nullopt;
  std::size_t next = 1;
  if (in.is_sign(next, ":.")) ++next;
  static constexpr std::array<std::string_view, 8> kOrdinals = {"st", "nd", "rd", "th", "e", "a", "of", "de"};
  for (int i = 0; i < 2; ++i) {
    const Token* token = in.peek(next);
    if (token && std::find(kOrdinals.begin(), kOrdinals.end(), token->folded) != kOrdinals.end()) ++next;
  }
  const Token* month = in.peek(next);
  if (!month || month->kind != Token::Kind::word || month_of(month->folded) == 0) return std::nullopt;
  ++next;
  if (in.is_sign(next, ".,")) ++next;
  if (!in.is_number(next, 4, 4)) return std::nullopt;
  const auto date = date_from(in.value(next), month_of(month->folded), in.value(0));
  if (!date) return std::nullopt;
  return Match{*date, next + 1, 2};
}

// March 5, 2024
std::optional<Match> match_month_day(const Reader& in) {
  const Token* month = in.peek();
  if (!month || month->kind != Token::Kind::word || month_of(month->folded) == 0) return std::nullopt;
  std::size_t next = in.is_sign(1, ".") ? 2 : 1;
  if (!in.is_number(next, 1, 2)) return std::nullopt;
  const int day = in.value(next++);
  static constexpr std::array<std::string_view, 4> kOrdinals = {"st", "nd", "rd", "th"};
  if (const Token* token = in.peek(next);
      token && std::find(kOrdinals.begin(), kOrdinals.end(), token->folded) != kOrdinals.end()) {
    ++next;
  }
  if (in.is_sign(next, ",")) ++next;
  if (!in.is_number(next, 4, 4)) return std::nullopt;
  const auto date = date_from(in.value(next), month_of(month->folded), day);
  if (!date) return std::nullopt;
  return Match{*date, next + 1, 2};
}

std::optional<Match> match_at(const std::vector<Token>& tokens, std::size_t at, bool year_first) {
  // A number that hangs on to what stands before it ("A-2024-03-05", "1.5/3 2024") is part of a code.
  if (at > 0 && !tokens[at].spaced && tokens[at - 1].kind != Token::Kind::word &&
      std::string_view("-/.,").find(tokens[at - 1].text) != std::string_view::npos) {
    return std::nullopt;
  }
  const Reader in(tokens, at, year_first);
  for (const auto matcher :
       {match_three_numbers, match_swedish_short, match_day_month, match_month_day, match_compact}) {
    if (auto match = matcher(in)) return match;
  }
  return std::nullopt;
}

// What the words before a date on its line, or at the end of the line before, say of it.
double label_score(const std::vector<Token>& tokens, std::size_t at) {
  static constexpr std::array<std::string_view, 14> kOwn = {
      "datum",  "date",       "dated",       "fakturadatum", "brevdatum",      "utfärdad",  "utfärdat",
      "issued", "dagtecknad", "avtalsdatum", "beslutsdatum", "rechnungsdatum", "upprättad", "signed"};
  static constexpr std::array<std::string_view, 22> kOther = {
      "due",           "förfallodatum", "förfallodag", "förfaller", "senast", "betalas", "född",   "födelsedatum",
      "birth",         "born",          "expires",     "expiry",    "until",  "tom",     "giltig", "valid",
      "leveransdatum", "delivery",      "orderdatum",  "fällig",    "from",   "revised"};
  double score = 0;
  const std::size_t first = at > 5 ? at - 5 : 0;
  for (std::size_t i = first; i < at; ++i) {
    const std::string& word = tokens[i].folded;
    if (std::find(kOwn.begin(), kOwn.end(), word) != kOwn.end()) score = std::max(score, 4.0);
    if (std::find(kOther.begin(), kOther.end(), word) != kOther.end()) return -4;
  }
  return score;
}

std::string context_of(std::string_view line, const std::vector<Token>& tokens, std::size_t at, std::size_t length) {
  const std::size_t first = at > 4 ? at - 4 : 0;
  const std::size_t last = std::min(tokens.size() - 1, at + length + 1);
  const char* begin = tokens[first].text.data();
  const char* end = tokens[last].text.data() + tokens[last].text.size();
  return std::string(core::cut(
      line.substr(static_cast<std::size_t>(begin - line.data()), static_cast<std::size_t>(end - begin)), 120));
}

struct Ranked {
  storage::DateCandidate candidate;
  double score = 0;
  std::size_t order = 0;
};

void note(std::vector<Ranked>& found, storage::DateCandidate candidate, double score) {
  const auto same = std::find_if(found.begin(), found.end(),
                                 [&](const Ranked& ranked) { return ranked.candidate.date == candidate.date; });
  if (same == found.end()) {
    const std::size_t order = found.size();
    found.push_back({std::move(candidate), score, order});
    return;
  }
  if (score > same->score) {
    same->candidate = std::move(candidate);
    same->score = score;
  }
  same->score += 0.1;
}

// Documents are seldom written in the future, or before 1950.
double likelihood(Date date, Date today) {
  return (std::chrono::sys_days(date) > std::chrono::sys_days(today) ? -6 : 0) +
         (date.year() < std::chrono::year(1950) ? -3 : 0);
}

}  // namespace

std::vector<storage::DateCandidate> guess_dates(std::span<const PageOfText> pages, Date today,
                                                std::string_view language, const LabelledDates& labelled) {
  const bool year_first = language.empty() || language == "swe";
  constexpr std::size_t kMostFound = 500;  // a table of dates is not worth ranking to its end
  constexpr double kOtherReading = -20;
  constexpr double kOwnLabel = 4;
  std::vector<Ranked> found;
  for (const PageOfText& page : pages) {
    double line_number = 0;
    for (const std::string_view line : core::split(page.text, '\n')) {
      ++line_number;
      const std::vector<Token> tokens = tokens_of(line);
      for (std::size_t at = 0; at < tokens.size() && found.size() < kMostFound; ++at) {
        const auto match = match_at(tokens, at, year_first);
        if (!match) continue;
        const std::string context = context_of(line, tokens, at, match->length);
        const bool due = std::find(labelled.due.begin(), labelled.due.end(), match->date) != labelled.due.end();
        const double layout = match->date == labelled.own ? kOwnLabel : due ? -kOwnLabel : 0;
        const double place = (page.number == 1 ? 3 : 0) - 0.01 * std::min(line_number, 100.0);
        note(found, {match->date, page.number, context},
             match->score + label_score(tokens, at) + layout + place + likelihood(match->date, today));
        if (match->other) {
          note(found, {*match->other, page.number, context}, kOtherReading + place + likelihood(*match->other, today));
        }
        at += match->length - 1;
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const Ranked& a, const Ranked& b) {
    return a.score != b.score ? a.score > b.score : a.order < b.order;
  });
  if (found.size() > kMostDates) found.resize(kMostDates);
  std::vector<storage::DateCandidate> dates;
  for (Ranked& ranked : found) dates.push_back(std::move(ranked.candidate));
  return dates;
}

}  // namespace muniment::ingest
