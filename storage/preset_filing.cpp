#include "storage/preset_filing.h"

#include <algorithm>

#include "storage/documents.h"

namespace muniment::storage {

namespace {

constexpr const char* kTypeThere = "SELECT id FROM document_type WHERE id = $1";
constexpr const char* kCorrespondentThere = "SELECT id FROM correspondent WHERE id = $1";
constexpr const char* kTagThere = "SELECT id FROM tag WHERE id = $1";
constexpr const char* kClassThere = "SELECT id FROM class WHERE id = $1";
constexpr const char* kFolderThere = "SELECT id FROM folder WHERE id = $1";

bool is_missing(Session& session, const char* statement, const std::optional<std::int64_t>& id) {
  return id && !session.value<std::int64_t>(statement, *id);
}

}  // namespace

void PresetFiling::describe(NewDocument& document) const {
  document.type_id = type_id;
  document.correspondent_id = correspondent_id;
  document.tag_ids = tag_ids;
  document.class_id = class_id;
  document.folder_id = folder_id;
}

std::string put_in_order(Session& session, PresetFiling& filing) {
  std::ranges::sort(filing.tag_ids);
  filing.tag_ids.erase(std::unique(filing.tag_ids.begin(), filing.tag_ids.end()), filing.tag_ids.end());
  if (is_missing(session, kTypeThere, filing.type_id)) return "/type_id";
  if (is_missing(session, kCorrespondentThere, filing.correspondent_id)) return "/correspondent_id";
  if (is_missing(session, kClassThere, filing.class_id)) return "/class_id";
  if (is_missing(session, kFolderThere, filing.folder_id)) return "/folder_id";
  const bool has_all =
      std::ranges::none_of(filing.tag_ids, [&](std::int64_t tag) { return is_missing(session, kTagThere, tag); });
  return has_all ? "" : "/tag_ids";
}

void leave_out_missing(Session& session, PresetFiling& filing) {
  if (is_missing(session, kTypeThere, filing.type_id)) filing.type_id.reset();
  if (is_missing(session, kCorrespondentThere, filing.correspondent_id)) filing.correspondent_id.reset();
  if (is_missing(session, kClassThere, filing.class_id)) filing.class_id.reset();
  if (is_missing(session, kFolderThere, filing.folder_id)) filing.folder_id.reset();
  std::erase_if(filing.tag_ids, [&](std::int64_t tag) { return is_missing(session, kTagThere, tag); });
}

}  // namespace muniment::storage
