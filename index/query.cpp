#include "index/query.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "core/decimal.h"
#include "core/text.h"
#include "index/internal/tokens.h"
#include "index/terms.h"

namespace muniment::index {

namespace {

constexpr std::size_t kMostLexemes = 128;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kShortestPrefix = 2;
constexpr std::string_view kCustomField = "field";

struct Lexeme {
  enum class Kind { text, open, close, and_, or_, not_ };
  Kind kind = Kind::text;
  std::string text;    // value, without quotes, field and "-"
  std::string source;  // as typed
  std::string field;
  std::string key;  // of a custom field
  bool quoted = false;
  bool negated = false;
  bool prefix = false;
};

std::optional<QueryField> field_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, QueryField>, 19> kFields = {
      {{"title", QueryField::title},
       {"type", QueryField::type},
       {"tag", QueryField::tag},
       {"correspondent", QueryField::correspondent},
       {"filename", QueryField::filename},
       {"label", QueryField::label},
       {"barcode", QueryField::barcode},
       {"source", QueryField::source},
       {"sender", QueryField::sender},
       {"asn", QueryField::serial_number},
       {"language", QueryField::language},
       {"class", QueryField::class_code},
       {"folder", QueryField::folder},
       {"id", QueryField::id},
       {"related", QueryField::related},
       {"has", QueryField::has},
       {"is", QueryField::is},
       {"created", QueryField::created},
       {"added", QueryField::added}}};
  const std::string folded = core::fold_case(name);
  for (const auto& [known, field] : kFields) {
    if (known == folded) return field;
  }
  return std::nullopt;
}

// Function words of Swedish and English, folded.
bool is_common_word(std::string_view word) {
  static constexpr auto kCommon = std::to_array<std::string_view>(
      {"a",    "about", "all",  "alla",  "an",    "and",   "any",   "are",   "as",     "at",     "att",   "av",
       "be",   "been",  "blir", "but",   "by",    "can",   "could", "de",    "dem",    "den",    "deras", "dess",
       "det",  "detta", "did",  "do",    "does",  "du",    "där",   "eller", "en",     "ett",    "finns", "for",
       "from", "får",   "för",  "ha",    "had",   "han",   "har",   "has",   "have",   "hon",    "how",   "hur",
       "i",    "if",    "in",   "inte",  "into",  "is",    "it",    "its",   "jag",    "kan",    "man",   "me",
       "med",  "mig",   "min",  "mitt",  "my",    "må",    "ni",    "not",   "nu",     "när",    "något", "några",
       "och",  "of",    "om",   "on",    "or",    "our",   "out",   "på",    "ska",    "skall",  "som",   "så",
       "than", "that",  "the",  "their", "them",  "there", "these", "they",  "this",   "till",   "to",    "upp",
       "ut",   "vad",   "var",  "vara",  "vem",   "vi",    "vid",   "vilka", "vilken", "vilket", "was",   "we",
       "were", "what",  "when", "where", "which", "who",   "why",   "will",  "with",   "would",  "you",   "your",
       "är",   "även",  "åt"});
  return std::find(kCommon.begin(), kCommon.end(), word) != kCommon.end();
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_key_sign(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || core::is_digit(c) || c == '-';
}

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<std::string>& warnings) : text_(text), warnings_(warnings) {}

  std::vector<Lexeme> all() {
    std::vector<Lexeme> lexemes;
    for (;;) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ >= text_.size()) return lexemes;
      if (lexemes.size() >= kMostLexemes) {
        warnings_.push_back("too_long");
        return lexemes;
      }
      if (auto lexeme = next()) lexemes.push_back(std::move(*lexeme));
    }
  }

 private:
  std::optional<Lexeme> next() {
    const std::size_t start = at_;
    Lexeme lexeme;
    if (text_[at_] == '(' || text_[at_] == ')') {
      lexeme.kind = text_[at_] == '(' ? Lexeme::Kind::open : Lexeme::Kind::close;
      ++at_;
      return lexeme;
    }
    if (text_[at_] == '-' && at_ + 1 < text_.size() && !is_space(text_[at_ + 1]) && text_[at_ + 1] != '-') {
      lexeme.negated = true;
      ++at_;
    }
    read_field(lexeme);
    if (at_ < text_.size() && text_[at_] == '"') {
      read_quoted(lexeme);
    } else {
      read_plain(lexeme);
    }
    lexeme.source = std::string(text_.substr(start, at_ - start));
    if (at_ == start) ++at_;  // a sign that means nothing here
    if (lexeme.field.empty() && !lexeme.quoted && !lexeme.negated) {
      if (lexeme.text == "AND") lexeme.kind = Lexeme::Kind::and_;
      if (lexeme.text == "OR") lexeme.kind = Lexeme::Kind::or_;
      if (lexeme.text == "NOT") lexeme.kind = Lexeme::Kind::not_;
    }
    if (lexeme.kind == Lexeme::Kind::text && lexeme.text.empty() && lexeme.field.empty()) return std::nullopt;
    return lexeme;
  }

  void read_field(Lexeme& lexeme) {
    std::size_t end = at_;
    while (end < text_.size() &&
           ((text_[end] >= 'a' && text_[end] <= 'z') || (text_[end] >= 'A' && text_[end] <= 'Z'))) {
      ++end;
    }
    const std::string_view name = text_.substr(at_, end - at_);
    if (read_custom_field(lexeme, name, end)) return;
    if (end == at_ || end >= text_.size() || text_[end] != ':') return;
    if (!field_named(name)) {
      // "http://..." and "12:30" are words; "frm:x" is more likely a slip.
      if (end + 1 < text_.size() && text_[end + 1] != '/') warnings_.push_back("unknown_field");
      return;
    }
    lexeme.field = core::fold_case(name);
    at_ = end + 1;
  }

  // "field.project:"
  bool read_custom_field(Lexeme& lexeme, std::string_view name, std::size_t end) {
    if (core::fold_case(name) != kCustomField || end >= text_.size() || text_[end] != '.') return false;
    const std::size_t begin = ++end;
    while (end < text_.size() && is_key_sign(text_[end])) ++end;
    if (end == begin || end >= text_.size() || text_[end] != ':') return false;
    lexeme.key = core::fold_case(text_.substr(begin, end - begin));
    lexeme.field = std::string(kCustomField) + "." + lexeme.key;
    at_ = end + 1;
    return true;
  }

  void read_quoted(Lexeme& lexeme) {
    lexeme.quoted = true;
    ++at_;
    const auto end = text_.find('"', at_);
    if (end == std::string_view::npos) {
      warnings_.push_back("unbalanced");
      lexeme.text = std::string(text_.substr(at_));
      at_ = text_.size();
      return;
    }
    lexeme.text = std::string(text_.substr(at_, end - at_));
    at_ = end + 1;
  }

  void read_plain(Lexeme& lexeme) {
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '(' && text_[at_] != ')' && text_[at_] != '"' &&
           !is_slash_between_words(start)) {
      ++at_;
    }
    lexeme.text = std::string(text_.substr(start, at_ - start));
    if (lexeme.text.size() > 1 && lexeme.text.back() == '*') {
      lexeme.prefix = true;
      lexeme.text.pop_back();
    }
  }

  // "vaccination/vaccinering" is two words, where "INV-2024/0042" is one code.
  bool is_slash_between_words(std::size_t start) const {
    if (text_[at_] != '/' || at_ == start || at_ + 1 >= text_.size()) return false;
    std::size_t end = at_;
    while (end < text_.size() && !is_space(text_[end])) ++end;
    return !has_digit(text_.substr(start, end - start)) && text_[at_ - 1] != ':' && text_[at_ - 1] != '/';
  }

  std::string_view text_;
  std::vector<std::string>& warnings_;
  std::size_t at_ = 0;
};

// "2024", "2024-03" or "2024-03-05": its first and its last day.
std::optional<std::pair<core::Date, core::Date>> date_span(std::string_view text) {
  using namespace std::chrono;
  if (const auto day = core::parse_iso_date(text)) return std::pair(*day, *day);
  if (text.size() == 7) {
    const auto first = core::parse_iso_date(std::string(text) + "-01");
    if (first) return std::pair(*first, core::Date(first->year() / first->month() / last));
  }
  if (text.size() == 4) {
    const auto first = core::parse_iso_date(std::string(text) + "-01-01");
    if (first) return std::pair(*first, core::Date(first->year() / December / 31));
  }
  return std::nullopt;
}

class Parser {
 public:
  Parser(std::vector<Lexeme> lexemes, ParsedQuery& result) : lexemes_(std::move(lexemes)), result_(result) {
    join_numbers();
  }

  void parse() {
    result_.root = any_of(0);
    while (at_ < lexemes_.size()) {
      // A closing bracket that nothing opened: what follows counts too.
      result_.warnings.push_back("unbalanced");
      ++at_;
      auto rest = any_of(0);
      if (!rest) continue;
      if (!result_.root) {
        result_.root = std::move(rest);
      } else {
        result_.root = combined(QueryNode::Kind::all_of, std::move(*result_.root), std::move(*rest));
      }
    }
    result_.implicit_words = implicit_ && !explicit_;
    if (result_.implicit_words) mark_common_words();
  }

 private:
  // "+46 8 123" and "1 234,50": numbers one after the other are one code.
  void join_numbers() {
    const auto is_numeric = [](const Lexeme& lexeme) {
      return lexeme.kind == Lexeme::Kind::text && lexeme.field.empty() && !lexeme.quoted && !lexeme.negated &&
             !lexeme.prefix && has_digit(lexeme.text) &&
             lexeme.text.find_first_not_of("0123456789+-.,/ ") == std::string::npos;
    };
    std::vector<Lexeme> joined;
    for (Lexeme& lexeme : lexemes_) {
      if (!joined.empty() && is_numeric(joined.back()) && is_numeric(lexeme)) {
        joined.back().text += " " + lexeme.text;
        joined.back().source += " " + lexeme.source;
      } else {
        joined.push_back(std::move(lexeme));
      }
    }
    lexemes_ = std::move(joined);
  }

  // "Who may approve an invoice" asks for documents on approving invoices: words that nearly every text has count for
  // little when others remain. Between quotes or operators they count.
  void mark_common_words() {
    auto& children = result_.root->children;
    const auto is_common = [](const QueryNode& node) {
      return node.kind == QueryNode::Kind::words && node.field == QueryField::none && !node.quoted &&
             node.words.size() == 1 && is_common_word(node.words.front());
    };
    const auto is_wanted = [&](const QueryNode& node) {
      return (node.kind == QueryNode::Kind::words || node.kind == QueryNode::Kind::prefix) && !is_common(node);
    };
    if (!std::any_of(children.begin(), children.end(), is_wanted)) return;
    for (QueryNode& child : children) child.common = is_common(child);
  }

  const Lexeme* peek() const { return at_ < lexemes_.size() ? &lexemes_[at_] : nullptr; }
  bool next_is(Lexeme::Kind kind) const { return peek() && peek()->kind == kind; }

  static QueryNode combined(QueryNode::Kind kind, QueryNode a, QueryNode b) {
    QueryNode node;
    node.kind = kind;
    // Combinations of the same kind are one: brackets around a part of a sentence change nothing.
    for (QueryNode* part : {&a, &b}) {
      if (part->kind == kind) {
        std::move(part->children.begin(), part->children.end(), std::back_inserter(node.children));
      } else {
        node.children.push_back(std::move(*part));
      }
    }
    return node;
  }

  std::optional<QueryNode> any_of(std::size_t depth) {
    auto left = all_of(depth);
    while (next_is(Lexeme::Kind::or_)) {
      ++at_;
      explicit_ = true;
      auto right = all_of(depth);
      if (!right) continue;
      left = left ? combined(QueryNode::Kind::any_of, std::move(*left), std::move(*right)) : std::move(*right);
    }
    return left;
  }

  std::optional<QueryNode> all_of(std::size_t depth) {
    std::optional<QueryNode> left;
    while (peek() && !next_is(Lexeme::Kind::or_) && !next_is(Lexeme::Kind::close)) {
      if (next_is(Lexeme::Kind::and_)) {
        ++at_;
        explicit_ = true;
        continue;
      }
      auto right = one(depth);
      if (!right) continue;
      if (left) implicit_ = true;
      left = left ? combined(QueryNode::Kind::all_of, std::move(*left), std::move(*right)) : std::move(*right);
    }
    return left;
  }

  std::optional<QueryNode> one(std::size_t depth) {
    if (next_is(Lexeme::Kind::not_)) {
      ++at_;
      explicit_ = true;
      if (!peek() || next_is(Lexeme::Kind::close)) return std::nullopt;
      const bool outer = std::exchange(negated_, true);
      auto inner = one(depth);
      negated_ = outer;
      return inner ? std::optional(negation(std::move(*inner))) : std::nullopt;
    }
    if (next_is(Lexeme::Kind::open)) {
      ++at_;
      if (depth >= kDeepest) return std::nullopt;
      auto inner = any_of(depth + 1);
      if (next_is(Lexeme::Kind::close)) {
        ++at_;
      } else {
        result_.warnings.push_back("unbalanced");
      }
      return inner;
    }
    const Lexeme lexeme = lexemes_[at_++];
    auto node = condition(lexeme);
    if (!node) return std::nullopt;
    result_.chips.push_back({lexeme.source, lexeme.field, lexeme.text, lexeme.negated || negated_});
    return lexeme.negated ? negation(std::move(*node)) : std::move(*node);
  }

  static QueryNode negation(QueryNode inner) {
    QueryNode node;
    node.kind = QueryNode::Kind::none_of;
    node.children.push_back(std::move(inner));
    return node;
  }

  std::optional<QueryNode> condition(const Lexeme& lexeme) {
    if (!lexeme.key.empty()) return custom(lexeme);
    const QueryField field = lexeme.field.empty() ? QueryField::none : field_named(lexeme.field).value();
    if (field == QueryField::created || field == QueryField::added) {
      if (auto node = dates(field, lexeme)) return node;
      result_.warnings.push_back("bad_date");
      return words(QueryField::none, lexeme);
    }
    auto node = words(field, lexeme);
    const bool named = field == QueryField::has || field == QueryField::is || field == QueryField::source ||
                       field == QueryField::related;
    if (node && named && !is_known(*node)) {
      result_.warnings.push_back("unknown_value");
    }
    return node;
  }

  static bool is_known(const QueryNode& node) {
    const std::string value = core::joined(node.words, "-");
    const auto known = [&](const auto& values) {
      return std::find(std::begin(values), std::end(values), value) != std::end(values);
    };
    if (node.field == QueryField::source) {
      return std::ranges::find(kSourceNames, value, &SourceName::typed) != std::end(kSourceNames);
    }
    if (node.field == QueryField::related) return core::parse_integer(value).has_value();
    return node.field == QueryField::has ? known(kHasValues) || known(kHasRelationValues)
                                         : known(kIsValues) || known(kIsRelationValues);
  }

  // The field may hold dates, numbers or words: nothing here knows.
  std::optional<QueryNode> custom(const Lexeme& lexeme) {
    auto node = words(QueryField::custom, lexeme);
    if (!node) return std::nullopt;
    node->key = lexeme.key;
    if (const auto days = dates(QueryField::custom, lexeme)) {
      node->from = days->from;
      node->through = days->through;
    }
    std::tie(node->least, node->most) = numbers(lexeme.text);
    return node;
  }

  // "100..250,50", "100..", "100", as its ends; none when it is no such thing.
  static std::pair<std::optional<std::string>, std::optional<std::string>> numbers(std::string_view text) {
    const auto dots = text.find("..");
    const std::string_view first = text.substr(0, dots);
    const std::string_view last = dots == std::string_view::npos ? first : text.substr(dots + 2);
    const std::string least = core::to_decimal(first);
    const std::string most = core::to_decimal(last);
    if ((least.empty() && !first.empty()) || (most.empty() && !last.empty())) return {};
    return {least.empty() ? std::nullopt : std::optional(least), most.empty() ? std::nullopt : std::optional(most)};
  }

  static std::optional<QueryNode> dates(QueryField field, const Lexeme& lexeme) {
    QueryNode node;
    node.kind = QueryNode::Kind::dates;
    node.field = field;
    node.text = lexeme.text;
    const auto dots = lexeme.text.find("..");
    if (dots == std::string::npos) {
      const auto span = date_span(lexeme.text);
      if (!span) return std::nullopt;
      node.from = span->first;
      node.through = span->second;
      return node;
    }
    const std::string first = lexeme.text.substr(0, dots);
    const std::string last = lexeme.text.substr(dots + 2);
    const auto from = date_span(first);
    const auto through = date_span(last);
    if ((!from && !first.empty()) || (!through && !last.empty()) || (!from && !through)) return std::nullopt;
    if (from) node.from = from->first;
    if (through) node.through = through->second;
    return node;
  }

  std::optional<QueryNode> words(QueryField field, const Lexeme& lexeme) {
    QueryNode node;
    node.field = field;
    node.text = lexeme.text;
    node.quoted = lexeme.quoted;
    const std::vector<Token> tokens = tokenise(lexeme.text);
    for (const Token& token : tokens) node.words.push_back(token.word);
    if (node.words.empty()) return std::nullopt;
    std::string code;
    for (const std::string& word : node.words) code += word;
    if (node.words.size() > 1 && has_digit(code) && !lexeme.quoted) node.code = code;
    if (lexeme.prefix) {
      if (node.words.size() == 1 && node.words[0].size() >= kShortestPrefix) {
        node.kind = QueryNode::Kind::prefix;
      } else if (node.words.size() == 1) {
        result_.warnings.push_back("prefix_too_short");
      }
    }
    return node;
  }

  std::vector<Lexeme> lexemes_;
  ParsedQuery& result_;
  std::size_t at_ = 0;
  bool implicit_ = false;
  bool explicit_ = false;
  bool negated_ = false;
};

}  // namespace

ParsedQuery parse_query(std::string_view text) {
  ParsedQuery result;
  if (text.size() > kLongestQuery) {
    text = core::cut(text, kLongestQuery);
    result.warnings.push_back("too_long");
  }
  const std::string clean = core::to_utf8(text);
  Parser(Lexer(clean, result.warnings).all(), result).parse();
  std::sort(result.warnings.begin(), result.warnings.end());
  result.warnings.erase(std::unique(result.warnings.begin(), result.warnings.end()), result.warnings.end());
  return result;
}

}  // namespace muniment::index
