// What can be printed, as PDF in English or Swedish: the same facts that the API tells as JSON, laid out for paper.
#pragma once

#include <string>
#include <vector>

#include "records/certificate.h"
#include "records/explanation.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "records/schedules.h"

namespace muniment::webui {

// Pure: the same facts make the same bytes.
std::string certificate_pdf(const records::Certificate& certificate, records::Language language);
// The JSON of the API (schema Certificate), for filing beside it. Pure too.
std::string certificate_json(const records::Certificate& certificate);

// `schedules` are all that the classes name.
std::string file_plan_pdf(const std::vector<records::Class>& classes, const std::vector<records::Schedule>& schedules,
                          records::Language language, core::Time made_at);
std::string schedules_pdf(const std::vector<records::Schedule>& schedules, records::Language language,
                          core::Time made_at);

struct HoldReport {
  records::Hold hold;
  records::HeldCounts counts;
  std::vector<std::string> folders;  // titles of those that the asker may know of
  std::vector<records::HoldItem> items;
};
std::string hold_report_pdf(const HoldReport& report, records::Language language, core::Time made_at);

}  // namespace muniment::webui
