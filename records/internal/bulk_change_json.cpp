#include "records/internal/bulk_change_json.h"

#include <nlohmann/json.hpp>

namespace muniment::records {

namespace {

using Json = nlohmann::ordered_json;

template <typename T>
void put(Json& json, const char* name, const std::optional<std::optional<T>>& value) {
  if (value) json[name] = *value ? Json(**value) : Json();
}

std::optional<std::optional<std::int64_t>> changed_number(const Json& json, const char* name) {
  if (!json.contains(name)) return std::nullopt;
  return json[name].is_null() ? std::optional<std::int64_t>() : json[name].get<std::int64_t>();
}

std::optional<std::optional<Date>> changed_date(const Json& json, const char* name) {
  if (!json.contains(name)) return std::nullopt;
  return json[name].is_null() ? std::optional<Date>() : core::parse_iso_date(json[name].get<std::string>()).value();
}

}  // namespace

std::string to_json(const BulkChange& change) {
  Json json = Json::object();
  if (!change.add_tags.empty()) json["add_tags"] = change.add_tags;
  if (!change.remove_tags.empty()) json["remove_tags"] = change.remove_tags;
  put(json, "type", change.type_id);
  put(json, "correspondent", change.correspondent_id);
  if (change.date) json["document_date"] = *change.date ? Json(core::to_iso(**change.date)) : Json();
  put(json, "class", change.class_id);
  put(json, "folder", change.folder_id);
  for (const auto& [key, value] : change.custom_fields) {
    json["custom_fields"].push_back({{"key", key}, {"value", value ? Json(*value) : Json()}});
  }
  if (change.declare) json["declare"] = true;
  put(json, "access_list", change.access_list);
  if (change.event) json["event"] = {{"name", change.event->name}, {"date", core::to_iso(change.event->date)}};
  if (change.withdraw_event) json["withdraw_event"] = *change.withdraw_event;
  if (change.trash) json["trash"] = true;
  if (change.restore) json["restore"] = true;
  if (change.read_again) json["read_again"] = true;
  return json.dump();
}

BulkChange from_json(const std::string& text) {
  const Json json = Json::parse(text);
  BulkChange change;
  change.add_tags = json.value("add_tags", std::vector<std::int64_t>());
  change.remove_tags = json.value("remove_tags", std::vector<std::int64_t>());
  change.type_id = changed_number(json, "type");
  change.correspondent_id = changed_number(json, "correspondent");
  change.date = changed_date(json, "document_date");
  change.class_id = changed_number(json, "class");
  change.folder_id = changed_number(json, "folder");
  for (const Json& field : json.value("custom_fields", Json::array())) {
    change.custom_fields.emplace_back(
        field["key"].get<std::string>(),
        field["value"].is_null() ? std::optional<std::string>() : std::optional(field["value"].get<std::string>()));
  }
  change.declare = json.value("declare", false);
  change.access_list = changed_number(json, "access_list");
  if (json.contains("event")) {
    change.event = {json["event"]["name"].get<std::string>(),
                    core::parse_iso_date(json["event"]["date"].get<std::string>()).value()};
  }
  if (json.contains("withdraw_event")) change.withdraw_event = json["withdraw_event"].get<std::int64_t>();
  change.trash = json.value("trash", false);
  change.restore = json.value("restore", false);
  change.read_again = json.value("read_again", false);
  return change;
}

}  // namespace muniment::records
