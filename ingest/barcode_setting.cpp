#include "ingest/barcode_setting.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/custom_fields.h"
#include "storage/settings.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kBarcodeRules = "barcodes.rules";
constexpr std::size_t kMostPatterns = 100;
constexpr std::size_t kLongestPattern = 200;  // bytes

template <typename Pattern>
Json texts_of(const std::vector<Pattern>& patterns) {
  Json texts = Json::array();
  for (const Pattern& pattern : patterns) texts.push_back(pattern.text());
  return texts;
}

Json rules_detail(const BarcodeRules& rules) {
  return {{"read", rules.read},
          {"separators", rules.separators},
          {"keep_separators", rules.keep_separators},
          {"serial_prefix", rules.serial_prefix},
          {"tags", texts_of(rules.tags)},
          {"tags_start_documents", rules.tags_start_documents},
          {"types", texts_of(rules.types)},
          {"classes", texts_of(rules.classes)},
          {"fields", texts_of(rules.fields)},
          {"drop_blank_pages", rules.drop_blank_pages}};
}

template <typename Pattern>
std::vector<Pattern> patterns_in(const Json& texts) {
  std::vector<Pattern> patterns;
  for (const Json& text : texts) patterns.push_back(Pattern::parse(text.get<std::string>()));
  return patterns;
}

BarcodeRules rules_in(const Json& json) {
  BarcodeRules rules;
  rules.read = json.at("read");
  rules.separators = json.at("separators").get<std::vector<std::string>>();
  rules.keep_separators = json.at("keep_separators");
  rules.serial_prefix = json.at("serial_prefix");
  rules.tags = patterns_in<BarcodePattern>(json.at("tags"));
  rules.tags_start_documents = json.at("tags_start_documents");
  rules.types = patterns_in<BarcodePattern>(json.at("types"));
  rules.classes = patterns_in<BarcodePattern>(json.at("classes"));
  rules.fields = patterns_in<FieldPattern>(json.at("fields"));
  rules.drop_blank_pages = json.at("drop_blank_pages");
  return rules;
}

[[noreturn]] void refuse_rules(const std::string& field, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "barcodes cannot be followed so: " + field + " " + right,
              {{"/" + field, right}});
}

void require_short(const char* field, const std::vector<std::string>& texts) {
  if (texts.size() > kMostPatterns) refuse_rules(field, "may be at most " + std::to_string(kMostPatterns));
  const bool all_right = std::ranges::all_of(texts, [](const std::string& text) {
    return !core::trim(text).empty() && text.size() <= kLongestPattern &&
           std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  });
  if (!all_right) refuse_rules(field, "must each have 1 to " + std::to_string(kLongestPattern) + " bytes in one line");
}

void require_reasonable(const BarcodeRules& rules) {
  require_short("separators", rules.separators);
  if (!rules.serial_prefix.empty()) require_short("serial_prefix", {rules.serial_prefix});
  require_short("tags", texts_of(rules.tags).get<std::vector<std::string>>());
  require_short("types", texts_of(rules.types).get<std::vector<std::string>>());
  require_short("classes", texts_of(rules.classes).get<std::vector<std::string>>());
  require_short("fields", texts_of(rules.fields).get<std::vector<std::string>>());
}

// Whose barcodes would be passed over for ever. What was set before stays, whatever became of its field.
void require_fields(storage::Session& session, const std::vector<FieldPattern>& before,
                    const std::vector<FieldPattern>& wanted) {
  const auto fields = storage::list_custom_fields(session);
  for (const FieldPattern& pattern : wanted) {
    const bool is_known = pattern.key.empty() ||
                          std::ranges::find(before, pattern.key, &FieldPattern::key) != before.end() ||
                          std::ranges::find(fields, pattern.key, &storage::CustomField::key) != fields.end();
    if (!is_known) refuse_rules("fields", "must name fields that there are, by their keys");
  }
}

// `rules` null: those of the configuration hold.
void put_rules(storage::Transaction& tx, const BarcodeRules& configured, std::int64_t expected_version, Json rules) {
  const BarcodeSetting before = barcode_setting(tx, configured);
  if (before.version != expected_version) {
    throw Error(ErrorCode::stale, "the rules were changed meanwhile; read them again and repeat the change")
        .now_at(before.version);
  }
  const Json after = rules.is_null() ? rules_detail(configured) : rules;
  storage::put_setting(tx, kBarcodeRules, Json{{"version", before.version + 1}, {"rules", std::move(rules)}}.dump());
  tx.audit({"barcodes.rules_set", "setting", 0, rules_detail(before.rules).dump(), after.dump()});
}

}  // namespace

BarcodeSetting barcode_setting(storage::Session& session, const BarcodeRules& configured) {
  const auto kept = storage::find_setting(session, kBarcodeRules);
  if (!kept) return {configured, 1, false};
  const Json json = Json::parse(*kept);
  const bool is_set = !json.at("rules").is_null();
  return {is_set ? rules_in(json.at("rules")) : configured, json.at("version").get<std::int64_t>(), is_set};
}

void set_barcode_rules(storage::Transaction& tx, const BarcodeRules& configured, std::int64_t expected_version,
                       const BarcodeRules& rules) {
  require_reasonable(rules);
  require_fields(tx, barcode_setting(tx, configured).rules.fields, rules.fields);
  put_rules(tx, configured, expected_version, rules_detail(rules));
}

void forget_barcode_rules(storage::Transaction& tx, const BarcodeRules& configured, std::int64_t expected_version) {
  put_rules(tx, configured, expected_version, Json());
}

}  // namespace muniment::ingest
