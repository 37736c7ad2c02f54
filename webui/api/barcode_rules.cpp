// The rules for barcodes: what they are, what others would be, and what a barcode would do by them.
#include "core/error.h"
#include "core/text.h"
#include "ingest/barcode_setting.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using ingest::BarcodeRules;
using storage::Permission;

namespace {

template <typename Pattern>
Json patterns_json(const std::vector<Pattern>& patterns) {
  Json texts = Json::array();
  for (const Pattern& pattern : patterns) texts.push_back(pattern.text());
  return texts;
}

Json barcode_rules_json(const ingest::BarcodeSetting& setting) {
  const BarcodeRules& rules = setting.rules;
  return {{"version", setting.version},
          {"configured", !setting.is_set},
          {"read", rules.read},
          {"separators", rules.separators},
          {"keep_separators", rules.keep_separators},
          {"serial_prefix", rules.serial_prefix},
          {"tags", patterns_json(rules.tags)},
          {"tags_start_documents", rules.tags_start_documents},
          {"types", patterns_json(rules.types)},
          {"classes", patterns_json(rules.classes)},
          {"fields", patterns_json(rules.fields)},
          {"drop_blank_pages", rules.drop_blank_pages}};
}

template <typename Pattern>
void take_patterns(Fields& body, const std::string& name, std::vector<Pattern>& patterns) {
  if (!body.has(name)) return;
  patterns.clear();
  for (const std::string& text : body.texts(name)) {
    try {
      patterns.push_back(Pattern::parse(text));
    } catch (const Error& error) {
      throw Error(error.code(), error.message(), {{"/" + name, "must each be like TAG:* or INV-*=Invoice"}});
    }
  }
}

// The rules of the body; what it does not name stays as in `rules`.
BarcodeRules barcode_rules_of(Fields& body, BarcodeRules rules) {
  const auto take = [&](const char* name, bool& truth) { truth = body.maybe_truth(name).value_or(truth); };
  take("read", rules.read);
  if (body.has("separators")) {
    rules.separators.clear();
    for (const std::string& text : body.texts("separators")) rules.separators.emplace_back(core::trim(text));
  }
  take("keep_separators", rules.keep_separators);
  if (const auto prefix = body.maybe_text("serial_prefix")) rules.serial_prefix = core::trim(*prefix);
  take_patterns(body, "tags", rules.tags);
  take("tags_start_documents", rules.tags_start_documents);
  take_patterns(body, "types", rules.types);
  take_patterns(body, "classes", rules.classes);
  take_patterns(body, "fields", rules.fields);
  take("drop_blank_pages", rules.drop_blank_pages);
  body.finish();
  return rules;
}

void send_barcode_rules(Call& call, Api& api, storage::Session& session) {
  const auto setting = ingest::barcode_setting(session, api.options.barcodes);
  send_versioned(call.http, 200, setting.version, barcode_rules_json(setting));
}

void change_barcode_rules(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const BarcodeRules rules = barcode_rules_of(body, ingest::barcode_setting(tx, api.options.barcodes).rules);
  ingest::set_barcode_rules(tx, api.options.barcodes, version, rules);
  tx.commit();
  auto session = api.services.database.read();
  send_barcode_rules(call, api, session);
}

void reset_barcode_rules(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  auto tx = api.services.database.begin(call.who.actor());
  ingest::forget_barcode_rules(tx, api.options.barcodes, version);
  tx.commit();
  call.http.send_empty(204);
}

// What a barcode would do by the rules that hold, or by others that somebody thinks of; nothing is done.
void try_barcode(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string text = body.text("barcode");
  BarcodeRules rules = [&] {
    auto session = api.services.database.read();
    return ingest::barcode_setting(session, api.options.barcodes).rules;
  }();
  if (body.has("rules")) {
    Fields wanted = body.object("rules");
    rules = barcode_rules_of(wanted, std::move(rules));
  }
  body.finish();
  const storage::Barcode barcode{"", text};
  const ingest::BarcodeMeaning meaning = ingest::meaning_of(std::span(&barcode, 1), rules);
  const bool has_number = meaning.serial && meaning.serial->number;
  Json fields = Json::array();
  for (const auto& [key, value] : meaning.fields) fields.push_back({{"key", key}, {"value", value}});
  send_json(call.http, 200,
            {{"separates", ingest::is_separator(text, rules)},
             {"starts_document", has_number || (rules.tags_start_documents && !meaning.tags.empty())},
             {"serial_number", has_number ? Json(*meaning.serial->number) : Json()},
             {"serial_number_too_large", meaning.serial && !has_number},
             {"tags", meaning.tags},
             {"type", meaning.type.empty() ? Json() : Json(meaning.type)},
             {"class_code", meaning.class_code.empty() ? Json() : Json(meaning.class_code)},
             {"fields", std::move(fields)}});
}

}  // namespace

void add_barcode_rules(Router& router, Api& api) {
  const std::string rules = "/api/v1/barcode-rules";
  const auto add = [&](const char* method, const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, Permission::operate, [&api, handler](Call& call) { handler(call, api); });
  };
  router.add("GET", rules, Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    send_barcode_rules(call, api, session);
  });
  add("PATCH", rules, change_barcode_rules);
  add("DELETE", rules, reset_barcode_rules);
  add("POST", rules + "/try", try_barcode);
}

}  // namespace muniment::webui::api
