// Documents as JSON.
#include <algorithm>

#include "storage/check_outs.h"
#include "storage/custom_fields.h"
#include "storage/jobs.h"
#include "storage/mail_parts.h"
#include "storage/members.h"
#include "storage/page_origins.h"
#include "storage/serial_numbers.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using storage::Document;
using storage::DocumentState;

namespace {

Json problem_json(const Document& document) {
  if (!document.problem_code.empty()) return {{"code", document.problem_code}, {"detail", document.problem}};
  if (document.state != DocumentState::needs_password) return {};
  return {{"code", core::code_name(core::ErrorCode::password_needed)},
          {"detail", "The file is encrypted; it can be read with its password."}};
}

// The others are in the list that the container's page is.
constexpr std::size_t kMostMembers = 500;

Json message_json(const std::vector<storage::MessageHeader>& headers) {
  Json all = Json::array();
  for (const storage::MessageHeader& header : headers) {
    all.push_back({{"name", header.name}, {"value", header.value}});
  }
  return all;
}

Json members_json(const std::vector<storage::Member>& members) {
  Json all = Json::array();
  for (const storage::Member& member : members) {
    Json document;
    if (member.document_id) document = {{"id", *member.document_id}, {"title", member.title}};
    all.push_back({{"path", member.path},
                   {"document", std::move(document)},
                   {"problem", member.problem.empty() ? Json() : Json(member.problem)}});
  }
  return all;
}

Json attachments_json(const std::vector<storage::MailPart>& parts) {
  Json all = Json::array();
  for (const storage::MailPart& part : parts) {
    all.push_back({{"number", part.position},
                   {"filename", part.filename},
                   {"size", part.size},
                   {"first_page", part.first_page == 0 ? Json() : Json(part.first_page)},
                   {"page_count", part.page_count},
                   {"problem", part.problem.empty() ? Json() : Json(part.problem)}});
  }
  return all;
}

Json custom_fields_json(const std::vector<storage::CustomValue>& values) {
  Json all = Json::array();
  for (const storage::CustomValue& value : values) {
    const storage::CustomFieldTerms& terms = value.field.terms;
    all.push_back({{"key", value.field.key},
                   {"name", terms.name},
                   {"kind", storage::custom_field_kind_name(value.field.kind)},
                   {"choices", terms.choices},
                   {"required", value.required},
                   {"closed", terms.closed},
                   {"fill_from", terms.fill_from ? Json(storage::field_kind_name(*terms.fill_from)) : Json()},
                   {"value", value.value.empty() ? Json() : Json(value.value)},
                   {"shown", value.shown},
                   {"hidden", value.hidden}});
  }
  return all;
}

Json snippets_json(const std::vector<Snippet>& snippets) {
  Json all = Json::array();
  for (const Snippet& snippet : snippets) {
    Json parts = Json::array();
    for (const Snippet::Part& part : snippet.parts) parts.push_back({{"text", part.text}, {"hit", part.hit}});
    all.push_back({{"page", snippet.page}, {"parts", std::move(parts)}});
  }
  return all;
}

}  // namespace

Json DocumentView::list_json(const Document& document) {
  auto known = lists_.find(document.access_list);
  if (known == lists_.end()) {
    known =
        lists_.emplace(document.access_list, access_list_of_json(session_, std::nullopt, document.access_list)).first;
  }
  Json json = known->second;
  json["inherited"] = !document.own_access_list.has_value();
  return json;
}

void DocumentView::prepare(const std::vector<std::int64_t>& documents) {
  if (documents.empty()) return;
  const auto [first, last] = std::ranges::minmax_element(documents);
  prepared_from_ = *first;
  prepared_through_ = *last;
  check_outs_ = storage::check_outs_between(session_, *first, *last);
}

Json DocumentView::check_out_json(std::int64_t document_id) {
  if (document_id < prepared_from_ || document_id > prepared_through_) prepare({document_id});
  const auto found = check_outs_.find(document_id);
  if (found == check_outs_.end()) return Json();
  const storage::CheckOut& check_out = found->second;
  return {{"by", person_json(check_out.account_id, check_out.name)},
          {"since", core::to_rfc3339(check_out.since)},
          {"comment", check_out.comment}};
}

Json DocumentView::description(const Document& document) {
  Json tags = Json::array();
  for (const storage::NamedEntry& tag : document.tags) tags.push_back(named_json(tag.id, tag.name));
  Json class_json, folder_json, job;
  if (document.class_id) {
    class_json = {{"id", *document.class_id}, {"code", document.class_code}, {"title", document.class_title}};
  }
  if (document.folder_id) folder_json = {{"id", *document.folder_id}, {"title", document.folder_title}};
  if (document.state != DocumentState::ready) {
    const auto latest = storage::find_document_job(session_, document.id);
    if (latest && (latest->state == storage::JobState::queued || latest->state == storage::JobState::running ||
                   latest->state == storage::JobState::waiting)) {
      job = latest->id;
    }
  }
  // What is on paper only has none.
  const storage::Component file = document.components.empty() ? storage::Component() : document.components.front();
  return {{"id", document.id},
          {"version", document.version},
          {"title", document.title},
          {"public_title", nullable(document.public_title)},
          {"title_source", storage::source_name(document.title_source)},
          {"document_date", document.date ? Json(core::to_iso(*document.date)) : Json()},
          {"date_source", storage::source_name(document.date_source)},
          {"type", entry_json(document.type)},
          {"correspondent", entry_json(document.correspondent)},
          {"tags", std::move(tags)},
          {"language", document.language},
          {"language_source", storage::source_name(document.language_source)},
          {"class", class_json},
          {"folder", folder_json},
          {"access_list", list_json(document)},
          {"state", storage::state_name(document.state)},
          {"problem", problem_json(document)},
          {"is_record", document.is_record},
          {"on_hold", document.openly_held},
          {"has_text", document.has_text},
          {"low_confidence", document.low_confidence},
          {"page_count", document.page_count},
          {"medium", storage::medium_name(document.medium)},
          {"barcode", document.barcode.empty() ? Json() : Json(document.barcode)},
          {"filename", file.filename},
          {"media_type", file.media_type},
          {"size", file.size},
          {"sha256", document.components.empty() ? Json() : Json(file.hash.hex())},
          {"encrypted", file.encrypted},
          {"signed", file.is_signed},
          {"has_archive", document.has_read_pages},
          {"source", document.source},
          {"added_at", core::to_rfc3339(document.added_at)},
          {"added_by", person_json(document.added_by, document.added_by_name)},
          {"trashed_at", time_json(document.trashed_at)},
          {"trashed_by", person_json(document.trashed_by, document.trashed_by_name)},
          {"replaced_at", time_json(document.replaced_at)},
          {"checked_out", check_out_json(document.id)},
          {"may_change", who_.may_change(document.access_list)},
          {"job", job}};
}

Json DocumentView::item(const Document& document, const std::vector<Snippet>& snippets) {
  Json json = description(document);
  json["snippets"] = snippets_json(snippets);
  return json;
}

Json DocumentView::whole(const Document& document, const ingest::Renditions& renditions) {
  Json json = description(document);
  json["locked"] = document.state == DocumentState::needs_password || renditions.is_locked(document);
  Json candidates = Json::array();
  for (const storage::DateCandidate& candidate : storage::date_candidates(session_, document)) {
    candidates.push_back(
        {{"date", core::to_iso(candidate.date)}, {"page", candidate.page}, {"context", candidate.context}});
  }
  json["date_candidates"] = std::move(candidates);
  const auto serial = storage::serial_number(session_, document.id);
  json["serial_number"] = serial ? Json{{"number", nullable(serial->number)},
                                        {"label", serial->label},
                                        {"problem", serial->problem.empty() ? Json() : Json(serial->problem)}}
                                 : Json();
  std::vector<std::int64_t> origins;
  for (const storage::PageOrigin& page : storage::page_origins(session_, document.id)) {
    if (std::ranges::find(origins, page.document_id) != origins.end()) continue;
    if (storage::find_document(session_, who_, page.document_id)) origins.push_back(page.document_id);
  }
  json["made_from"] = origins;
  json["made_into"] = storage::documents_made_of(session_, who_, document.id);
  json["custom_fields"] =
      custom_fields_json(storage::custom_values(session_, who_, document, storage::list_custom_fields(session_)));
  json["message"] = message_json(storage::message_headers(session_, document.id));
  const std::int64_t file_id = document.components.empty() ? 0 : document.components.front().id;
  const storage::MemberList members = storage::members(session_, who_, file_id, kMostMembers);
  json["members"] = members_json(members.members);
  json["member_count"] = members.total;
  json["attachments"] = attachments_json(storage::mail_parts(session_, file_id));
  Json containers = Json::array();
  for (const storage::Container& container : storage::containers(session_, who_, document.id)) {
    containers.push_back({{"id", container.document_id}, {"title", container.title}});
  }
  json["came_in"] = std::move(containers);
  return json;
}

}  // namespace muniment::webui::api
