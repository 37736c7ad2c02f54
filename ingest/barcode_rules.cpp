#include "ingest/barcode_rules.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "storage/serial_numbers.h"

namespace muniment::ingest {

using core::is_digit;

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

// "ASN00123", "ASN 000123": the prefix, and then a number and nothing else.
std::optional<SerialLabel> serial_of(std::string_view barcode, const std::string& prefix) {
  if (prefix.empty() || !barcode.starts_with(prefix)) return std::nullopt;
  std::string digits;
  for (const char c : barcode.substr(prefix.size())) {
    if (is_digit(c)) {
      digits += c;
    } else if (std::string_view(" -.:#").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (digits.empty()) return std::nullopt;
  SerialLabel serial{std::string(barcode), {}};
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  constexpr std::size_t kMostDigits = 10;
  const auto number = digits.size() > kMostDigits ? std::nullopt : core::parse_integer(digits);
  if (number && *number <= storage::kLargestSerialNumber) serial.number = number;
  return serial;
}

void note_field(BarcodeMeaning& meaning, std::string_view key, std::string_view value) {
  if (key.empty() || value.empty()) return;
  const bool known = std::ranges::any_of(meaning.fields, [&](const auto& field) { return field.first == key; });
  if (!known) meaning.fields.emplace_back(key, value);
}

void note_fields(BarcodeMeaning& meaning, std::string_view barcode, const std::vector<FieldPattern>& patterns) {
  for (const FieldPattern& each : patterns) {
    const auto value = each.pattern.value_of(barcode);
    if (!value) continue;
    const auto equals = each.key.empty() ? value->find('=') : std::string::npos;
    if (!each.key.empty()) {
      note_field(meaning, each.key, *value);
    } else if (equals != std::string::npos) {
      const std::string_view said = *value;
      note_field(meaning, core::trim(said.substr(0, equals)), core::trim(said.substr(equals + 1)));
    }
  }
}

template <typename Use>
void each_value(const std::vector<BarcodePattern>& patterns, std::string_view barcode, Use use) {
  for (const BarcodePattern& pattern : patterns) {
    if (const auto value = pattern.value_of(barcode)) use(*value);
  }
}

}  // namespace

bool is_separator(std::string_view barcode, const BarcodeRules& rules) {
  return std::ranges::find(rules.separators, core::trim(barcode)) != rules.separators.end();
}

BarcodePattern BarcodePattern::parse(std::string_view text) {
  BarcodePattern pattern;
  pattern.text_ = core::trim(text);
  const auto equals = text.rfind('=');
  if (equals != std::string_view::npos) pattern.value_ = core::trim(text.substr(equals + 1));
  const std::string_view shape = core::trim(text.substr(0, equals));
  const auto star = shape.find('*');
  pattern.star_ = star != std::string_view::npos;
  pattern.before_ = shape.substr(0, star);
  if (pattern.star_) pattern.after_ = shape.substr(star + 1);
  const bool says_what = pattern.star_ || !pattern.value_.empty();
  if (!says_what || shape.empty() || pattern.after_.find('*') != std::string::npos) {
    throw core::Error(core::ErrorCode::invalid_argument,
                      "\"" + std::string(text) + "\" is no pattern of barcodes; use one like TAG:* or INV-*=Invoice");
  }
  return pattern;
}

std::optional<std::string> BarcodePattern::value_of(std::string_view barcode) const {
  const std::size_t fixed = before_.size() + after_.size();
  if (star_ ? barcode.size() <= fixed : barcode.size() != fixed) return std::nullopt;
  if (!same(barcode.substr(0, before_.size()), before_)) return std::nullopt;
  if (!same(barcode.substr(barcode.size() - after_.size()), after_)) return std::nullopt;
  if (!value_.empty()) return value_;
  const std::string value = core::collapse_space(barcode.substr(before_.size(), barcode.size() - fixed));
  return value.empty() ? std::nullopt : std::optional(value);
}

FieldPattern FieldPattern::parse(std::string_view text) {
  const auto arrow = text.rfind('>');
  if (arrow == std::string_view::npos) return {BarcodePattern::parse(text), ""};
  return {BarcodePattern::parse(core::trim(text.substr(0, arrow))), std::string(core::trim(text.substr(arrow + 1)))};
}

BarcodeMeaning meaning_of(std::span<const storage::Barcode> barcodes, const BarcodeRules& rules) {
  BarcodeMeaning meaning;
  for (const storage::Barcode& barcode : barcodes) {
    const std::string_view text = core::trim(barcode.text);
    const auto serial = serial_of(text, rules.serial_prefix);
    if (serial && (!meaning.serial || (!meaning.serial->number && serial->number))) meaning.serial = serial;
    each_value(rules.tags, text, [&](const std::string& value) {
      for (const std::string_view part : core::split(value, ',')) {
        std::string tag(core::trim(part));
        if (!tag.empty() && std::ranges::find(meaning.tags, tag) == meaning.tags.end()) meaning.tags.push_back(tag);
      }
    });
    each_value(rules.types, text, [&](const std::string& value) {
      if (meaning.type.empty()) meaning.type = value;
    });
    each_value(rules.classes, text, [&](const std::string& value) {
      if (meaning.class_code.empty()) meaning.class_code = value;
    });
    note_fields(meaning, text, rules.fields);
  }
  return meaning;
}

std::vector<std::vector<std::int32_t>> documents_in_stack(std::span<const PageMarks> pages, const BarcodeRules& rules) {
  std::vector<std::vector<std::int32_t>> documents;
  std::vector<std::int32_t> current;
  std::optional<std::int64_t> serial;  // of the document in hand
  bool left_out = false;
  bool behind_sheet = false;
  const auto end_document = [&] {
    if (!current.empty()) documents.push_back(std::move(current));
    current.clear();
    serial.reset();
  };
  std::int32_t number = 0;
  for (const PageMarks& page : pages) {
    ++number;
    const BarcodeMeaning meaning = meaning_of(page.barcodes, rules);
    const auto found = meaning.serial ? meaning.serial->number : std::nullopt;
    const bool starts = (found && found != serial) || (rules.tags_start_documents && !meaning.tags.empty());
    const bool separates = std::ranges::any_of(
        page.barcodes, [&](const storage::Barcode& barcode) { return is_separator(barcode.text, rules); });
    if (separates || starts) end_document();
    const bool sheet = separates && !starts && !rules.keep_separators;
    const bool back = page.blank && page.barcodes.empty() && (behind_sheet || rules.drop_blank_pages);
    behind_sheet = sheet;
    if (sheet || back) {
      left_out = true;
      continue;
    }
    if (found) serial = found;
    current.push_back(number);
  }
  end_document();
  if (documents.size() <= 1 && !left_out) documents.clear();
  return documents;
}

}  // namespace muniment::ingest
