// How the API's resources of records management show what they have in common.
#pragma once

#include "records/calculation.h"
#include "records/explanation.h"
#include "records/schedules.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

Json date_json(const std::optional<core::Date>& date);
Json trigger_json(const records::Trigger& trigger);
// Of the fields of ScheduleTerms. Error(invalid_argument).
records::ScheduleTerms schedule_terms(Fields& body);
Json terms_json(const records::ScheduleTerms& terms);
Json decision_json(const records::Decision& decision);
// {id, code as name} or null.
Json schedule_name_json(storage::Session& session, const std::optional<std::int64_t>& id);
// Of the query parameter `language`, which a link can carry, else of Accept-Language.
records::Language language_of(const Call& call);
// Of a field that must hold a date. Error(invalid_argument).
core::Date date_of(Fields& body, std::string_view field);
// Of the query parameter `on`, else today.
core::Date day_of(const Call& call, storage::Session& session, const Api& api);
// Of the field "documents": 1 to 10000 identifiers.
std::vector<std::int64_t> documents_of(Fields& body);

}  // namespace muniment::webui::api
