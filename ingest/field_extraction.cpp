#include "ingest/field_extraction.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

#include "core/text.h"
#include "ingest/check_digits.h"
#include "ingest/guesses.h"
#include "ingest/internal/field_values.h"

namespace muniment::ingest {

using core::is_digit;
using storage::Box;
using storage::DocumentField;
using storage::FieldKind;
using storage::Line;
using storage::PageLayer;
using storage::Word;

namespace {

// A label and its value are not further apart than so many heights of a line.
constexpr std::int32_t kLinesBelow = 3;
constexpr std::int32_t kHeightsBeside = 25;
// A page of nothing but labels is none that people made: each costs a look at the whole page.
constexpr std::size_t kMostLabels = 400;
constexpr std::size_t kMostWordsOfValue = 6;

// A run of words of one line.
struct Run {
  std::span<const Word> words;

  std::string text() const { return core::joined(words, " ", &Word::text); }
  Box box() const {
    std::int64_t left = words.front().box.left, top = words.front().box.top, right = left, bottom = top;
    for (const Word& word : words) {
      left = std::min<std::int64_t>(left, word.box.left);
      top = std::min<std::int64_t>(top, word.box.top);
      right = std::max<std::int64_t>(right, std::int64_t{word.box.left} + word.box.width);
      bottom = std::max<std::int64_t>(bottom, std::int64_t{word.box.top} + word.box.height);
    }
    return {static_cast<std::int32_t>(left), static_cast<std::int32_t>(top), static_cast<std::int32_t>(right - left),
            static_cast<std::int32_t>(bottom - top)};
  }
};

struct Found {
  std::string value;
  Run run;
};

// Whether the words stand as near to each other as the groups of one number do.
bool is_close(const Word& left, const Word& right) {
  const std::int64_t gap = std::int64_t{right.box.left} - left.box.left - left.box.width;
  return gap * 3 <= std::int64_t{2} * std::max(left.box.height, right.box.height);
}

// The longest amount that ends with the word before `end`: "1 234,50" is of two words.
std::optional<Found> amount_before(std::span<const Word> words, std::size_t end) {
  std::optional<Found> found;
  for (std::size_t count = 1; count <= 4 && count <= end; ++count) {
    const Run run{words.subspan(end - count, count)};
    if (count > 1 && !is_close(run.words[0], run.words[1])) break;
    if (const auto value = plain_amount(std::string(bare(run.text())))) found = {*value, run};
  }
  return found;
}

std::optional<Found> amount_after(std::span<const Word> words, std::size_t begin) {
  std::optional<Found> found;
  for (std::size_t count = 1; count <= 4 && begin + count <= words.size(); ++count) {
    const Run run{words.subspan(begin, count)};
    if (count > 1 && !is_close(run.words[count - 2], run.words[count - 1])) break;
    if (const auto value = plain_amount(std::string(bare(run.text())))) found = {*value, run};
  }
  return found;
}

std::optional<Found> iban_from(std::span<const Word> words, std::size_t begin) {
  std::string value;
  for (std::size_t count = 1; begin + count <= words.size() && count <= 10 && value.size() <= 34; ++count) {
    const std::string_view word = bare(words[begin + count - 1].text);
    const bool good = std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || is_capital(c); });
    if (!good) return std::nullopt;
    value += word;
    if (passes_mod_97(value)) return Found{value, {words.subspan(begin, count)}};
  }
  return std::nullopt;
}

// --- Labels ---

struct Label {
  FieldKind kind;
  std::string_view words;  // folded, without marks
};
// Those of several words before those that begin them.
constexpr std::array kLabels = {Label{FieldKind::due_date, "forfallodatum"},
                                Label{FieldKind::due_date, "forfallodag"},
                                Label{FieldKind::due_date, "forfaller"},
                                Label{FieldKind::due_date, "sista betalningsdag"},
                                Label{FieldKind::due_date, "sista betalningsdatum"},
                                Label{FieldKind::due_date, "oss tillhanda senast"},
                                Label{FieldKind::due_date, "oss tillhanda"},
                                Label{FieldKind::due_date, "betalas senast"},
                                Label{FieldKind::due_date, "betala senast"},
                                Label{FieldKind::due_date, "payment due date"},
                                Label{FieldKind::due_date, "payment due"},
                                Label{FieldKind::due_date, "due date"},
                                Label{FieldKind::due_date, "due by"},
                                Label{FieldKind::due_date, "pay by"},
                                Label{FieldKind::due_date, "payable by"},
                                Label{FieldKind::due_date, "pay before"},
                                Label{FieldKind::due_date, "due on"},
                                Label{FieldKind::due_date, "due"},
                                Label{FieldKind::due_date, "betalningsdatum"},
                                Label{FieldKind::organisation_number, "organisationsnummer"},
                                Label{FieldKind::organisation_number, "organisationsnr"},
                                Label{FieldKind::organisation_number, "org.nr"},
                                Label{FieldKind::organisation_number, "org nr"},
                                Label{FieldKind::organisation_number, "orgnr"},
                                Label{FieldKind::organisation_number, "momsreg.nr"},
                                Label{FieldKind::invoice_number, "fakturanummer"},
                                Label{FieldKind::invoice_number, "fakturanr"},
                                Label{FieldKind::invoice_number, "faktura nr"},
                                Label{FieldKind::invoice_number, "faktnr"},
                                Label{FieldKind::invoice_number, "invoice number"},
                                Label{FieldKind::invoice_number, "invoice no"},
                                Label{FieldKind::invoice_number, "invoice nr"},
                                Label{FieldKind::invoice_number, "invoice #"},
                                Label{FieldKind::invoice_number, "invoice#"},
                                Label{FieldKind::invoice_number, "inv no"},
                                Label{FieldKind::invoice_number, "invoice id"},
                                Label{FieldKind::ocr_number, "ocr-nummer"},
                                Label{FieldKind::ocr_number, "ocr nummer"},
                                Label{FieldKind::ocr_number, "ocr-nr"},
                                Label{FieldKind::ocr_number, "ocr nr"},
                                Label{FieldKind::ocr_number, "ocr/referens"},
                                Label{FieldKind::ocr_number, "ocr"},
                                Label{FieldKind::bankgiro, "bankgironummer"},
                                Label{FieldKind::bankgiro, "bankgironr"},
                                Label{FieldKind::bankgiro, "bankgiro"},
                                Label{FieldKind::bankgiro, "bg"},
                                Label{FieldKind::plusgiro, "plusgiro"},
                                Label{FieldKind::plusgiro, "postgiro"},
                                Label{FieldKind::plusgiro, "pg"},
                                Label{FieldKind::reference, "referensnummer"},
                                Label{FieldKind::reference, "er referens"},
                                Label{FieldKind::reference, "var referens"},
                                Label{FieldKind::reference, "ordernummer"},
                                Label{FieldKind::reference, "ordernr"},
                                Label{FieldKind::reference, "kundnummer"},
                                Label{FieldKind::reference, "kundnr"},
                                Label{FieldKind::reference, "diarienummer"},
                                Label{FieldKind::reference, "dnr"},
                                Label{FieldKind::reference, "arendenummer"},
                                Label{FieldKind::reference, "your reference"},
                                Label{FieldKind::reference, "our reference"},
                                Label{FieldKind::reference, "reference number"},
                                Label{FieldKind::reference, "order number"},
                                Label{FieldKind::reference, "receipt number"},
                                Label{FieldKind::reference, "receipt no"},
                                Label{FieldKind::reference, "kvittonummer"},
                                Label{FieldKind::reference, "kvittonr"},
                                Label{FieldKind::reference, "order no"},
                                Label{FieldKind::reference, "customer number"},
                                Label{FieldKind::reference, "customer no"},
                                Label{FieldKind::reference, "purchase order"}};

// Folded words without what stands around them and without marks, so that "Faktura nr:" is "faktura nr".
struct PreparedLine {
  std::span<const Word> words;
  std::vector<std::string> folded;
};

PreparedLine prepared(const Line& line) {
  PreparedLine result{line.words, {}};
  for (const Word& word : line.words) result.folded.push_back(without_marks(core::fold_case(bare(word.text))));
  return result;
}

// How many words of the line the label takes up from `at` on; 0: it does not stand there.
std::size_t length_of(const Label& label, const PreparedLine& line, std::size_t at) {
  if (line.folded[at].empty() || !label.words.starts_with(line.folded[at])) return 0;
  std::size_t count = 0;
  for (const std::string_view word : core::split(label.words, ' ')) {
    if (at + count >= line.folded.size() || line.folded[at + count] != word) return 0;
    ++count;
  }
  return count;
}

struct Page {
  std::vector<PreparedLine> lines;
  core::Date today;
  std::string_view language;
};

std::optional<Found> date_from(Run run, const Page& page) {
  // The word before tells that a date may lie ahead.
  const PageOfText text{1, "Date: " + run.text()};
  const auto dates = guess_dates(std::span(&text, 1), page.today, page.language);
  if (dates.empty()) return std::nullopt;
  // As few words as have the same date.
  while (run.words.size() > 1) {
    const PageOfText fewer{1, "Date: " + Run{run.words.first(run.words.size() - 1)}.text()};
    const auto again = guess_dates(std::span(&fewer, 1), page.today, page.language);
    if (again.empty() || again.front().date != dates.front().date) break;
    run.words = run.words.first(run.words.size() - 1);
  }
  return Found{core::to_iso(dates.front().date), run};
}

// A number whose digits may stand in groups, with a right check digit.
std::optional<Found> checked_digits(std::span<const Word> words, std::size_t least) {
  std::optional<Found> found;
  std::string digits;
  for (std::size_t count = 1; count <= words.size() && count <= kMostWordsOfValue; ++count) {
    const std::string_view word = bare(words[count - 1].text);
    if (!only(word, "")) break;
    digits += word;
    if (digits.size() > kLongestNumber) break;
    if (digits.size() >= least && passes_luhn(digits)) found = {digits, {words.first(count)}};
  }
  return found;
}

std::optional<Found> giro_from(std::span<const Word> words, FieldKind kind) {
  for (std::size_t count = std::min<std::size_t>(words.size(), 4); count > 0; --count) {
    const Run run{words.first(count)};
    if (const auto value = giro_value(run.text(), kind)) return Found{*value, run};
  }
  return std::nullopt;
}

// What stands first in these words, if it is of that kind.
std::optional<Found> value_at(FieldKind kind, std::span<const Word> words, const Page& page) {
  if (words.empty()) return std::nullopt;
  const Run first{words.first(1)};
  const auto one = [&](const std::optional<std::string>& value) {
    return value ? std::optional(Found{*value, first}) : std::nullopt;
  };
  switch (kind) {
    case FieldKind::due_date:
      return date_from({words.first(std::min(words.size(), kMostWordsOfValue))}, page);
    case FieldKind::organisation_number:
      return one(organisation_number(words[0].text, true));
    case FieldKind::invoice_number:
    case FieldKind::reference:
      return one(number_value(words[0].text));
    case FieldKind::ocr_number:
      return checked_digits(words, 2);
    case FieldKind::bankgiro:
    case FieldKind::plusgiro:
      return giro_from(words, kind);
    case FieldKind::amount:
    case FieldKind::iban:
      return std::nullopt;
  }
  return std::nullopt;
}

// The words of a line that stand under a label: from the first that overlaps it on.
std::span<const Word> below(const PreparedLine& line, const Box& label) {
  for (std::size_t at = 0; at < line.words.size(); ++at) {
    const Box& box = line.words[at].box;
    const std::int64_t vertical = std::int64_t{box.top} - label.top - label.height;
    if (vertical < -std::int64_t{label.height} / 2 || vertical > std::int64_t{kLinesBelow} * label.height) continue;
    const std::int64_t right = std::min(std::int64_t{box.left} + box.width, std::int64_t{label.left} + label.width);
    if (right > std::max(box.left, label.left)) return line.words.subspan(at);
  }
  return {};
}

// What stands to the right of a label, at its height but in a line of its own, as the columns of a form do: the
// nearest.
std::span<const Word> beside(const Page& page, const Box& label) {
  std::span<const Word> nearest;
  std::int64_t least = std::int64_t{kHeightsBeside} * label.height;
  for (const PreparedLine& line : page.lines) {
    for (std::size_t at = 0; at < line.words.size(); ++at) {
      const Box& box = line.words[at].box;
      const std::int64_t lower = std::int64_t{box.top} + box.height / 2 - label.top;
      const std::int64_t gap = std::int64_t{box.left} - label.left - label.width;
      if (lower < 0 || lower > label.height || gap < 0) continue;
      if (gap <= least) {
        least = gap;
        nearest = line.words.subspan(at);
      }
      break;
    }
  }
  return nearest;
}

// The phrase that the words belong to: "Please pay by" of "pay by". A sentence is none.
Box phrase_around(std::span<const Word> words, std::size_t first, std::size_t count) {
  constexpr std::size_t kMostWordsOfPhrase = 4;
  const std::size_t label = first;
  std::size_t end = first + count;
  const auto goes_on = [&](const Word& left, const Word& right, const Word& next) {
    return end - first <= kMostWordsOfPhrase && is_close(left, right) && digits_of(next.text).empty();
  };
  while (first > 0 && goes_on(words[first - 1], words[first], words[first - 1])) --first;
  while (end < words.size() && goes_on(words[end - 1], words[end], words[end])) ++end;
  if (end - first > kMostWordsOfPhrase) return Run{words.subspan(label, count)}.box();
  return Run{words.subspan(first, end - first)}.box();
}

// The value of a label of `count` words: after it, past a short word such as "nr", beside it, or below it.
std::optional<Found> value_of(const Page& page, FieldKind kind, std::size_t line, std::size_t at, std::size_t count) {
  const auto& words = page.lines[line].words;
  const std::size_t after = at + count;
  for (std::size_t skip = 0; skip <= 2 && after + skip < words.size(); ++skip) {
    if (const auto found = value_at(kind, words.subspan(after + skip), page)) return found;
    // What has digits is a value, though not of this kind.
    if (!digits_of(words[after + skip].text).empty()) break;
  }
  const Box phrase = phrase_around(words, at, count);
  if (const auto found = value_at(kind, beside(page, phrase), page)) return found;
  for (std::size_t next = line + 1; next < page.lines.size() && next <= line + 6; ++next) {
    const auto under = below(page.lines[next], phrase);
    if (!under.empty()) return value_at(kind, under, page);
  }
  return std::nullopt;
}

// "# 1234567897 # 1200 00 8 > 50501055#41#": reference, kronor and öre with a check digit, and the giro with its kind.
struct PaymentLine {
  std::string reference, kronor, ore, check, giro, kind;
};

std::optional<PaymentLine> payment_line(std::string_view text) {
  const auto parts = core::split(text, '#');
  for (std::size_t at = 0; at + 3 < parts.size(); ++at) {
    const std::string_view sum = parts[at + 1];
    const auto arrow = sum.find('>');
    if (arrow == std::string_view::npos) continue;
    std::vector<std::string> groups;
    for (const std::string_view group : core::split(core::trim(sum.substr(0, arrow)), ' ')) {
      if (!group.empty()) groups.emplace_back(group);
    }
    PaymentLine line{
        digits_of(parts[at]), "", "", "", digits_of(sum.substr(arrow)), std::string(core::trim(parts[at + 2]))};
    if (groups.size() != 3 || !only(core::trim(parts[at]), " ")) continue;
    line.kronor = groups[0];
    line.ore = groups[1];
    line.check = groups[2];
    if (line.ore.size() == 2 && line.check.size() == 1 && line.kronor.size() <= 8 && only(line.kronor + line.ore, "") &&
        passes_luhn(line.kronor + line.ore + line.check) && passes_luhn(line.reference)) {
      return line;
    }
  }
  return std::nullopt;
}

class Collector {
 public:
  Collector(std::int64_t page, std::vector<DocumentField>& fields) : page_(page), fields_(fields) {}

  // Whether one more label is looked at.
  bool takes_label() { return labels_++ < kMostLabels; }

  // Once of each value.
  void add(FieldKind kind, const Found& found) {
    const bool known = std::any_of(fields_.begin(), fields_.end(), [&](const DocumentField& field) {
      return field.kind == kind && field.value == found.value;
    });
    if (known || fields_.size() >= kMostFieldsOfPage) return;
    fields_.push_back({kind, found.value, std::string(core::cut(found.run.text(), 200)), page_, found.run.box()});
  }

 private:
  std::int64_t page_;
  std::vector<DocumentField>& fields_;
  std::size_t labels_ = 0;
};

void add_amounts(std::span<const Word> words, std::size_t at, Collector& fields) {
  // "$120" and "120kr" are one word.
  const std::string& text = words[at].text;
  for (const std::string_view sign : {"$", "€", "£"}) {
    if (!text.starts_with(sign) || text.size() == sign.size()) continue;
    const auto value = plain_amount(std::string(bare(std::string_view(text).substr(sign.size()))));
    if (value) fields.add(FieldKind::amount, {*value + " " + *currency_of(sign), {words.subspan(at, 1)}});
  }
  const auto currency = currency_of(text);
  if (!currency) return;
  auto amount = amount_before(words, at);
  const bool before = amount.has_value();
  if (!before) amount = amount_after(words, at + 1);
  if (!amount) return;
  const std::size_t count = amount->run.words.size() + 1;
  fields.add(FieldKind::amount,
             {amount->value + " " + *currency, {words.subspan(before ? at + 1 - count : at, count)}});
}

void add_of_line(const Page& page, std::size_t number, Collector& fields) {
  const PreparedLine& line = page.lines[number];
  for (std::size_t at = 0; at < line.words.size(); ++at) {
    const Run word{line.words.subspan(at, 1)};
    if (const auto value = organisation_number(word.words[0].text, false)) {
      fields.add(FieldKind::organisation_number, {*value, word});
    }
    if (const auto iban = iban_from(line.words, at)) fields.add(FieldKind::iban, *iban);
    add_amounts(line.words, at, fields);
    for (const Label& label : kLabels) {
      const std::size_t length = length_of(label, line, at);
      if (length == 0) continue;
      if (!fields.takes_label()) break;
      if (const auto found = value_of(page, label.kind, number, at, length)) fields.add(label.kind, *found);
      break;
    }
  }
  if (line.words.empty()) return;
  const Run whole{line.words};
  if (const auto payment = payment_line(whole.text())) {
    fields.add(FieldKind::ocr_number, {payment->reference, whole});
    if (const auto kronor = plain_amount(payment->kronor)) {
      fields.add(FieldKind::amount, {*kronor + "." + payment->ore + " SEK", whole});
    }
    const FieldKind kind = payment->kind == "41" ? FieldKind::bankgiro : FieldKind::plusgiro;
    const std::string giro = kind == FieldKind::plusgiro && payment->giro.size() > 1
                                 ? payment->giro.substr(0, payment->giro.size() - 1) + "-" + payment->giro.back()
                                 : payment->giro;
    if (const auto value = giro_value(giro, kind)) fields.add(kind, {*value, whole});
  }
}

Page prepared(const PageLayer& layer, core::Date today) {
  Page page{{}, today, layer.language};
  for (const Line& line : layer.lines) page.lines.push_back(prepared(line));
  return page;
}

// What begins a phrase is not "date" of "delivery date".
bool begins_phrase(std::span<const Word> words, std::size_t at) {
  return at == 0 || words[at - 1].text.ends_with(':') || !is_close(words[at - 1], words[at]);
}

}  // namespace

LabelledDates labelled_dates(const PageLayer& layer, core::Date today) {
  static constexpr std::array<std::string_view, 18> kOwn = {
      "fakturadatum", "fakturadag",    "utskriftsdatum", "brevdatum", "avtalsdatum",    "beslutsdatum",
      "datum",        "kvittodatum",   "utfardad",       "utfardat",  "invoice date",   "date of invoice",
      "issue date",   "date of issue", "date issued",    "issued",    "statement date", "date"};
  const Page page = prepared(layer, today);
  LabelledDates dates;
  std::size_t labels = 0;
  const auto date_at = [&](std::size_t line, std::size_t at, std::size_t length) {
    const auto found = value_of(page, FieldKind::due_date, line, at, length);
    return found ? core::parse_iso_date(found->value) : std::nullopt;
  };
  for (std::size_t number = 0; number < page.lines.size(); ++number) {
    const PreparedLine& line = page.lines[number];
    for (std::size_t at = 0; at < line.words.size(); ++at) {
      if (!begins_phrase(line.words, at)) continue;
      const auto length = [&](std::string_view words) { return length_of({FieldKind::due_date, words}, line, at); };
      const auto own =
          std::find_if(kOwn.begin(), kOwn.end(), [&](std::string_view words) { return length(words) > 0; });
      if (own == kOwn.end() || dates.own || labels++ >= kMostLabels) continue;
      dates.own = date_at(number, at, length(*own));
    }
  }
  for (const DocumentField& field : fields_of_page(layer, 1, today)) {
    if (field.kind != FieldKind::due_date) continue;
    if (const auto date = core::parse_iso_date(field.value)) dates.due.push_back(*date);
  }
  return dates;
}

std::vector<DocumentField> fields_of_page(const PageLayer& layer, std::int64_t number, core::Date today) {
  const Page page = prepared(layer, today);
  std::vector<DocumentField> fields;
  Collector collector(number, fields);
  for (std::size_t line = 0; line < page.lines.size(); ++line) add_of_line(page, line, collector);
  return fields;
}

}  // namespace muniment::ingest
