// What a person who asks about themselves is given on paper: where they occur, and what became of their request.
#pragma once

#include <string>
#include <vector>

#include "records/explanation.h"
#include "records/privacy.h"

namespace muniment::webui {

struct SubjectReport {
  std::vector<std::string> queries;
  std::vector<records::WeighedDocument> documents;
  records::SubjectTraces traces;
  bool audit_searched = false;
  bool complete = true;  // false: there are more documents than are listed
};
std::string subject_report_pdf(const SubjectReport& report, records::Language language, core::Time made_at);

// The answer to a closed request (GDPR art. 12(3), (4)): what was erased, refused and restricted, on which grounds, and
// where to complain. It tells numbers of documents and never their titles, which may name others.
std::string erasure_letter_pdf(const records::ErasureRequest& request, const std::vector<records::ErasureItem>& items,
                               records::Language language, core::Time made_at);

}  // namespace muniment::webui
