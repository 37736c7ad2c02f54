// Operations of the API that contract_test.cpp has done by the test of what they belong to.
#pragma once

#include <string>

#include "tests/webui/running_server.h"

namespace muniment::testing {

// `admin` is the token of an administrator.
void tour_attachments(RunningServer& server, const std::string& admin);
void tour_mail_listener(RunningServer& server, const std::string& admin);
void tour_mailboxes(RunningServer& server, const std::string& admin);
void tour_bulk_changes(RunningServer& server, const std::string& admin);
void tour_intake_folders(RunningServer& server, const std::string& admin);
void tour_versions(RunningServer& server, const std::string& admin);
// `document` has a file and a searchable PDF.
void tour_sharing(RunningServer& server, const std::string& admin, std::int64_t document);
void tour_second_factor(RunningServer& server, const std::string& admin);
void tour_notifications(RunningServer& server, const std::string& admin, std::int64_t document);
void tour_roles(RunningServer& server, const std::string& admin);
void tour_plan_moves(RunningServer& server, const std::string& admin);
// With SANE's own test scanner.
void tour_scanning(RunningServer& server, const std::string& admin);
// After the tour of the records, which destroys some.
void tour_tombstones(RunningServer& server, const std::string& admin);
void tour_restored_access(RunningServer& server, const std::string& admin);
void tour_retention(RunningServer& server, const std::string& admin);
void tour_workflows(RunningServer& server, const std::string& admin);

}  // namespace muniment::testing
