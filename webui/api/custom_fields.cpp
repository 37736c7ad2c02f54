// Fields that the organisation adds to its documents.
#include "storage/custom_fields.h"

#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::CustomField;
using storage::CustomFieldTerms;
using storage::CustomFieldUse;
using storage::Permission;

namespace {

constexpr char kFoundKinds[] =
    "must be due_date, amount, organisation_number, invoice_number, reference, ocr_number, bankgiro, plusgiro or iban";

CustomField require_field(storage::Session& session, std::int64_t id) {
  auto field = storage::find_custom_field(session, id);
  if (!field) throw Error(ErrorCode::not_found, "there is no field " + std::to_string(id));
  return std::move(*field);
}

Json field_json(storage::Session& session, const CustomField& field) {
  Json uses = Json::array();
  for (const CustomFieldUse& use : field.terms.uses) {
    Json type;
    if (use.type_id) {
      type = named_json(*use.type_id, storage::find_name(session, storage::Vocabulary::type, *use.type_id)->name);
    }
    uses.push_back({{"type", std::move(type)}, {"required", use.required}, {"preset", use.preset}});
  }
  return {{"id", field.id},
          {"version", field.version},
          {"key", field.key},
          {"name", field.terms.name},
          {"kind", storage::custom_field_kind_name(field.kind)},
          {"choices", field.terms.choices},
          {"uses", std::move(uses)},
          {"closed", field.terms.closed},
          {"fill_from", field.terms.fill_from ? Json(storage::field_kind_name(*field.terms.fill_from)) : Json()}};
}

CustomFieldTerms custom_field_terms(Fields& body, CustomFieldTerms terms) {
  if (const auto name = body.maybe_text("name")) terms.name = *name;
  if (body.has("choices")) terms.choices = body.texts("choices");
  if (body.has("uses")) {
    terms.uses.clear();
    for (Fields& use : body.objects("uses")) {
      terms.uses.push_back({use.nullable_number("type").value_or(std::nullopt),
                            use.maybe_truth("required").value_or(false), use.maybe_text("preset").value_or("")});
      use.finish();
    }
  }
  if (const auto closed = body.maybe_truth("closed")) terms.closed = *closed;
  if (const auto found = body.nullable_text("fill_from")) {
    terms.fill_from =
        *found ? std::optional(one_of(**found, storage::parse_field_kind, "/fill_from", kFoundKinds)) : std::nullopt;
  }
  body.finish();
  return terms;
}

void create_field(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string key = body.text("key");
  const std::string kind_name = body.text("kind");
  body.text("name");
  const auto kind = storage::parse_custom_field_kind(kind_name);
  if (!kind) {
    throw Error(ErrorCode::invalid_argument, "there is no kind " + kind_name,
                {{"/kind", "must be text, number, amount, date, yes_no, choice, document or person"}});
  }
  const CustomFieldTerms terms = custom_field_terms(body, {});
  auto tx = api.services.database.begin(call.who.actor());
  const CustomField field = storage::create_custom_field(tx, call.who, key, *kind, terms);
  const Json json = field_json(tx, field);
  tx.commit();
  send_created(call.http, "/api/v1/custom-fields/" + std::to_string(field.id), field.version, json);
}

void change_field(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const CustomField before = require_field(tx, call.number("id"));
  const CustomField after =
      storage::change_custom_field(tx, call.who, before.id, version, custom_field_terms(body, before.terms));
  const Json json = field_json(tx, after);
  tx.commit();
  send_versioned(call.http, 200, after.version, json);
}

}  // namespace

void add_custom_fields(Router& router, Api& api) {
  const std::string all = "/api/v1/custom-fields";
  const std::string one = all + "/{id}";
  router.add("GET", all, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_custom_fields(session),
                [&](const CustomField& field) { return field_json(session, field); });
  });
  router.add("POST", all, Permission::manage_file_plan, [&api](Call& call) { create_field(call, api); });
  router.add("GET", one, Permission::read_documents,
             [&api](Call& call) { send_one(call, api, require_field, field_json); });
  router.add("PATCH", one, Permission::manage_file_plan, [&api](Call& call) { change_field(call, api); });
  router.add("DELETE", one, Permission::manage_file_plan, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    auto tx = api.services.database.begin(call.who.actor());
    storage::delete_custom_field(tx, call.who, call.number("id"), version);
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
