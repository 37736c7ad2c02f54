// How a workflow's actions are kept.
#pragma once

#include <string>
#include <vector>

#include "storage/workflows.h"

namespace muniment::storage {

// A JSON array; what an action does not use is left out.
std::string actions_text(const std::vector<WorkflowAction>& actions);
// Of a text that actions_text wrote.
std::vector<WorkflowAction> actions_of(const std::string& text);

// What the secret of these web hooks is sealed for: nobody gets it used for another machine by altering the row.
std::string secret_purpose(const std::vector<WorkflowAction>& actions);

}  // namespace muniment::storage
