#include "webui/api/validity_json.h"

#include "webui/api/records_json.h"

namespace muniment::webui::api {

void add_validity(Json& json, const storage::Validity& validity, core::Date day) {
  json["first_day"] = date_json(validity.first_day);
  json["last_day"] = date_json(validity.last_day);
  json["state"] = storage::validity_state_name(validity.on(day));
}

storage::Validity validity_of(Fields& body, const storage::Validity& before) {
  return {body.nullable_date("first_day").value_or(before.first_day),
          body.nullable_date("last_day").value_or(before.last_day)};
}

}  // namespace muniment::webui::api
