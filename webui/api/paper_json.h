// How the API's resources of paper files show what they have in common; made in paper.cpp.
#pragma once

#include <functional>

#include "records/loans.h"
#include "records/paper_disposal.h"
#include "records/physical_items.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

// The day that counts as today.
core::Date today(storage::Session& session, const Api& api);
// {id, path} or null.
Json place_json(const std::optional<records::Place>& place);
// {id, title} for who may read it.
Json document_name_json(storage::Session& session, const storage::Principal& who, std::int64_t document_id);
Json movements_json(const std::vector<records::Movement>& movements);
// Schema PaperItem: in a list.
Json paper_item_json(storage::Session& session, const storage::Principal& who, const records::PhysicalItem& item);
// Schema PaperFile: with its loan, reservations and checks.
Json paper_file_json(storage::Session& session, const storage::Principal& who, std::int64_t document_id,
                     core::Date day);

// Schema PaperDestruction, or null.
Json paper_destruction_json(const std::optional<records::PaperDestruction>& destruction);
// `day` decides whether it is overdue.
Json loan_json(storage::Session& session, const storage::Principal& who, const records::Loan& loan, core::Date day);
Json reservation_json(storage::Session& session, const storage::Principal& who, const records::Reservation& one);

// A route about the path's document, which is looked for before the body is read: of what somebody may not read nothing
// is told, not even which fields it would need.
void add_for_document(Router& router, Api& api, const char* method, const std::string& pattern, const Needs& needs,
                      void (*handler)(Call&, Api&));

// Changes the paper of the path's document in a transaction and answers with it.
void change_paper(Call& call, Api& api, const std::function<void(storage::Transaction&, std::int64_t document)>& act);

}  // namespace muniment::webui::api
