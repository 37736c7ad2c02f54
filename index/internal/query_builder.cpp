#include "index/internal/query_builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/text.h"
#include "index/internal/document_terms.h"
#include "index/internal/number_terms.h"
#include "index/internal/tokens.h"
#include "index/internal/unweighted.h"
#include "index/terms.h"

namespace muniment::index {

using Xapian::Query;

namespace {

constexpr Xapian::termcount kMostExpansions = 200;
// What a function word of a sentence counts: enough to tell "how" from "who" where little else differs.
constexpr double kCommonWordWeight = 0.8;
// What the very form of a word counts beside its stem.
constexpr double kExactFormWeight = 0.3;

std::string with(std::string_view prefix, std::string_view value) {
  return std::string(prefix) + std::string(value);
}

std::string prefix_of(const QueryNode& node) {
  switch (node.field) {
    case QueryField::title:
      return std::string(prefix::kTitle);
    case QueryField::type:
      return std::string(prefix::kType);
    case QueryField::tag:
      return std::string(prefix::kTag);
    case QueryField::correspondent:
      return std::string(prefix::kCorrespondent);
    case QueryField::filename:
      return std::string(prefix::kFilename);
    case QueryField::label:
      return std::string(prefix::kLabel);
    case QueryField::barcode:
      return std::string(prefix::kBarcode);
    case QueryField::sender:
      return std::string(prefix::kSender);
    case QueryField::folder:
      return std::string(prefix::kFolder);
    case QueryField::created:
      return std::string(prefix::kCreated);
    case QueryField::added:
      return std::string(prefix::kAdded);
    case QueryField::custom:
      return custom_field_prefix(node.key);
    default:
      return "";
  }
}

// A serial number as it is indexed: "asn:00123" finds 123.
std::string without_leading_zeros(const std::string& digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string::npos ? "0" : digits.substr(first);
}

// A few names of languages, so that people need not know codes.
std::string language_code(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kNames = {{{"en", "eng"},
                                                                                            {"english", "eng"},
                                                                                            {"engelska", "eng"},
                                                                                            {"sv", "swe"},
                                                                                            {"swedish", "swe"},
                                                                                            {"svenska", "swe"},
                                                                                            {"de", "deu"},
                                                                                            {"german", "deu"},
                                                                                            {"tyska", "deu"},
                                                                                            {"fr", "fra"},
                                                                                            {"french", "fra"},
                                                                                            {"franska", "fra"}}};
  for (const auto& [known, code] : kNames) {
    if (known == name) return std::string(code);
  }
  return name;
}

class DateTerms {
 public:
  DateTerms(std::string_view prefix, core::Date from, core::Date through) : prefix_(prefix) {
    using namespace std::chrono;
    sys_days day = from;
    const sys_days last = through;
    while (day <= last) {
      const core::Date date(day);
      const std::string iso = core::to_iso(date);
      const bool month_begins = date.day() == std::chrono::day(1);
      const bool year_begins = month_begins && date.month() == January;
      const sys_days month_end = core::Date(date.year() / date.month() / std::chrono::last);
      const sys_days year_end = core::Date(date.year() / December / 31);
      const sys_days decade_end = core::Date((date.year() + years(9)) / December / 31);
      if (year_begins && static_cast<int>(date.year()) % 10 == 0 && decade_end <= last) {
        add(iso.substr(0, 3));
        day = decade_end + days(1);
      } else if (year_begins && year_end <= last) {
        add(iso.substr(0, 4));
        day = year_end + days(1);
      } else if (month_begins && month_end <= last) {
        add(iso.substr(0, 4) + iso.substr(5, 2));
        day = month_end + days(1);
      } else {
        add(iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2));
        day += days(1);
      }
    }
  }

  Query query() const { return Query(Query::OP_OR, terms_.begin(), terms_.end()); }

 private:
  void add(const std::string& digits) { terms_.emplace_back(with(prefix_, digits)); }
  std::string_view prefix_;
  std::vector<Query> terms_;
};

class Builder {
 public:
  Builder(Stems& stems, Implicit implicit, const std::vector<std::int64_t>& readable)
      : stems_(stems), implicit_(implicit), readable_(readable) {}

  Query build(const QueryNode& node, bool top) {
    switch (node.kind) {
      case QueryNode::Kind::words:
        return words(node);
      case QueryNode::Kind::prefix:
        return Query(Query::OP_WILDCARD, with(prefix_of(node), node.words.front()), kMostExpansions,
                     Query::WILDCARD_LIMIT_MOST_FREQUENT);
      case QueryNode::Kind::dates:
        return dates(node);
      case QueryNode::Kind::none_of:
        return Query(Query::OP_AND_NOT, Query::MatchAll, build(node.children.front(), false));
      case QueryNode::Kind::any_of:
        return combined(Query::OP_OR, node.children);
      case QueryNode::Kind::all_of:
        return top && implicit_ == Implicit::any ? weakened(node) : all_of(node.children);
    }
    return Query::MatchNothing;
  }

 private:
  Query combined(Query::op op, const std::vector<QueryNode>& children) {
    std::vector<Query> parts;
    for (const QueryNode& child : children) parts.push_back(build(child, false));
    return Query(op, parts.begin(), parts.end());
  }

  // What is excluded is taken away from the rest, and conditions on fields do not count for the order of the hits.
  Query all_of(const std::vector<QueryNode>& children) {
    std::vector<Query> wanted, filters, excluded;
    for (const QueryNode& child : children) {
      if (!child.common) sort_in(child, wanted, filters, excluded);
    }
    return put_together(Query(Query::OP_AND, wanted.begin(), wanted.end()), wanted.empty(), filters, excluded);
  }

  // Any of the words, those that have more of them first; the other conditions stay.
  Query weakened(const QueryNode& node) {
    std::vector<Query> wanted, filters, excluded;
    for (const QueryNode& child : node.children) sort_in(child, wanted, filters, excluded);
    return put_together(Query(Query::OP_OR, wanted.begin(), wanted.end()), wanted.empty(), filters, excluded);
  }

  void sort_in(const QueryNode& child, std::vector<Query>& wanted, std::vector<Query>& filters,
               std::vector<Query>& excluded) {
    if (child.kind == QueryNode::Kind::none_of) {
      excluded.push_back(build(child.children.front(), false));
    } else if (child.kind == QueryNode::Kind::dates ||
               (child.kind == QueryNode::Kind::words && child.field != QueryField::none &&
                child.field != QueryField::title)) {
      filters.push_back(build(child, false));
    } else if (child.common) {
      wanted.emplace_back(Query::OP_SCALE_WEIGHT, build(child, false), kCommonWordWeight);
    } else {
      wanted.push_back(build(child, false));
    }
  }

  static Query put_together(Query wanted, bool none_wanted, const std::vector<Query>& filters,
                            const std::vector<Query>& excluded) {
    Query query = none_wanted ? Query::MatchAll : std::move(wanted);
    if (!filters.empty()) {
      query = Query(Query::OP_FILTER, query, condition(Query(Query::OP_AND, filters.begin(), filters.end())));
    }
    if (!excluded.empty()) {
      query = Query(Query::OP_AND_NOT, query, Query(Query::OP_OR, excluded.begin(), excluded.end()));
    }
    return query;
  }

  Query dates(const QueryNode& node) {
    using namespace std::chrono;
    const std::string prefix = prefix_of(node) + std::string(node.field == QueryField::custom ? prefix::kOwnDate : "");
    const core::Date from = node.from.value_or(core::Date(year(1000) / January / 1));
    const core::Date through = node.through.value_or(core::Date(year(2999) / December / 31));
    return DateTerms(prefix, from, through).query();
  }

  Query words(const QueryNode& node) {
    switch (node.field) {
      case QueryField::id:
        return Query(with(prefix::kId, node.words.front()));
      case QueryField::serial_number:
        return Query(with(prefix::kSerialNumber, without_leading_zeros(node.words.front())));
      case QueryField::has:
        return flag(prefix::kHas, core::joined(node.words, "-"), kHasRelationValues);
      case QueryField::is:
        return flag(prefix::kIs, core::joined(node.words, "-"), kIsRelationValues);
      case QueryField::related:
        return relation(std::string(kOtherEnd) + without_leading_zeros(core::joined(node.words, "-")));
      case QueryField::source:
        return source(core::joined(node.words, "-"));
      case QueryField::language:
        return Query(with(prefix::kLanguage, language_code(node.words.front())));
      case QueryField::class_code:
        return Query(with(prefix::kClassCode, folded_value(node.text)));
      case QueryField::folder:
        if (node.words.size() == 1 && has_digit(node.words.front())) {
          return Query(Query::OP_OR, Query(with(prefix::kFolderId, node.words.front())), phrase(node, prefix::kFolder));
        }
        return phrase(node, prefix::kFolder);
      case QueryField::none:
        return plain(node);
      case QueryField::title:
        return title(node);
      case QueryField::custom: {
        const std::string own_prefix = prefix_of(node);
        // What is a range of numbers or days is no phrase.
        const bool range =
            node.text.find("..") != std::string::npos && (node.from || node.through || node.least || node.most);
        Query query = range ? Query::MatchNothing : phrase(node, own_prefix);
        if (node.from || node.through) query |= dates(node);
        if (node.least || node.most) query |= number_range(own_prefix, node.least, node.most);
        return query;
      }
      default:
        return phrase(node, prefix_of(node));
    }
  }

  template <std::size_t n>
  Query flag(std::string_view own_prefix, const std::string& value, const std::string_view (&relations)[n]) {
    const bool tells_of_relations = std::find(std::begin(relations), std::end(relations), value) != std::end(relations);
    return tells_of_relations ? relation(value) : Query(with(own_prefix, value));
  }

  // To a document that the asker may read.
  Query relation(const std::string& name) {
    std::vector<Query> visible;
    for (const std::int64_t list : readable_) visible.emplace_back(relation_term(name, list));
    return Query(Query::OP_OR, visible.begin(), visible.end());
  }

  static Query source(const std::string& typed) {
    const auto name = std::ranges::find(kSourceNames, typed, &SourceName::typed);
    if (name == std::end(kSourceNames)) return Query::MatchNothing;
    std::vector<Query> sources;
    for (const std::string_view each : name->sources) {
      if (!each.empty()) sources.emplace_back(with(prefix::kSource, each));
    }
    return Query(Query::OP_OR, sources.begin(), sources.end());
  }

  Query plain(const QueryNode& node) {
    if (node.words.size() > 1) {
      Query query = phrase(node, "");
      return node.code.empty() ? query : Query(Query::OP_OR, query, Query(node.code));
    }
    const std::string& word = node.words.front();
    if (node.quoted) return Query(word);
    // A document has the stems of one language only, so that adding the weights counts each document's word once, and
    // the very form that was typed a little more. (OP_MAX would say it plainer, but Xapian 1.4 crashes on it below
    // OP_OR.)
    std::vector<Query> forms;
    for (const std::string& stem : stems_.terms(word)) forms.emplace_back(stem);
    if (forms.empty()) return Query(word);
    forms.emplace_back(Query::OP_SCALE_WEIGHT, Query(word), kExactFormWeight);
    return Query(Query::OP_OR, forms.begin(), forms.end());
  }

  Query title(const QueryNode& node) {
    if (node.words.size() > 1 || node.quoted) return phrase(node, prefix::kTitle);
    std::vector<Query> forms{Query(with(prefix::kTitle, node.words.front()))};
    for (const std::string& stem : stems_.terms(node.words.front())) forms.emplace_back(Stems::of_title(stem));
    return Query(Query::OP_OR, forms.begin(), forms.end());
  }

  static Query phrase(const QueryNode& node, std::string_view prefix) {
    std::vector<std::string> terms;
    for (const std::string& word : node.words) terms.push_back(with(prefix, word));
    if (terms.size() == 1) return Query(terms.front());
    return Query(Query::OP_PHRASE, terms.begin(), terms.end(), static_cast<Xapian::termcount>(terms.size()));
  }

  Stems& stems_;
  Implicit implicit_;
  const std::vector<std::int64_t>& readable_;
};

}  // namespace

Query build_query(const ParsedQuery& query, Stems& stems, Implicit implicit,
                  const std::vector<std::int64_t>& readable) {
  if (!query.root) return Query::MatchAll;
  return Builder(stems, query.implicit_words ? implicit : Implicit::all, readable).build(*query.root, true);
}

}  // namespace muniment::index
