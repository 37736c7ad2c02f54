// What the parts of the file plan that change classes and folders share.
#pragma once

#include <cstdint>
#include <string>

#include "records/file_plan.h"

namespace muniment::records {

// All that can be changed of one, as JSON: for its history and the audit log.
std::string plan_state(const Class& node);
std::string plan_state(const Folder& folder, const std::string& reason = "");

// Error(invalid_argument), about the field that `pointer` names, for a class that is not there or takes nothing new.
void require_accepting(storage::Session& session, std::int64_t class_id, const std::string& pointer);

}  // namespace muniment::records
