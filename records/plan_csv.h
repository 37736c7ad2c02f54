// A file plan with its schedules as CSV (RFC 4180): to start from, to carry over, to print. One line a class:
//
//   code,parent,title,scope_note,schedule,schedule_title,triggers,combine,cutoff,fiscal_start,period,action,kind,authority,
//   status,access_list,declares_on_filing,schedule_status,tombstone_fields
//
// The last two, or five, may be missing. A schedule is described on the first line that names it; later ones need only
// its code; one that no class has stands on a line without a class's code. An access list stands by its name and must
// be there. Triggers are separated by semicolons, an event as event:NAME. docs/retention.md describes the columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// For whoever may not manage access lists their numbers stand there, and such a plan with lists is not taken in.
std::string export_plan(storage::Session& session, const storage::Principal& who);

struct ImportedPlan {
  std::int64_t classes = 0;    // made
  std::int64_t schedules = 0;  // made
  std::int64_t kept = 0;       // classes and schedules that were there already under their code, and stay as they are
};
// All or, with Error(invalid_argument) that names line and column, nothing: the transaction is then to be given up.
ImportedPlan import_plan(storage::Transaction& tx, std::string_view csv);

// The plans to start from: "general-en", "general-sv".
std::vector<std::string> ready_made_plans();
// The code of their class for certificates of destruction.
inline constexpr std::string_view kReadyMadeCertificateClass = "1.3";
// Error(not_found) for another name.
std::string_view ready_made_plan(std::string_view name);

}  // namespace muniment::records
