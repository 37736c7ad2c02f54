// Mails that are one document with what is attached to them: its pages are the mail's own, then those of each
// attachment. The file is the mail as it came; everything here but that it is joined can be found out from it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "storage/database.h"

namespace muniment::storage {

bool is_mail(std::string_view media_type);  // as it travelled, or as Outlook keeps it

struct MailPart {
  std::int64_t position = 0;  // from 1, always the same for the same bytes
  std::string filename;       // as the mail names it: for showing only
  std::uint64_t size = 0;
  std::int64_t first_page = 0;  // 0: it has none
  std::int64_t page_count = 0;
  std::string problem;                    // why it has no pages, or not all; empty when all is well
  std::optional<core::Sha256> hash = {};  // empty: it was read before this was noted
};

// The document is one with what is attached to its mail. To be called in the transaction that makes it; means nothing
// for what is no mail. Doing it twice is not an error.
void join_mail(Transaction& tx, std::int64_t document_id);
bool is_joined_mail(Session& session, std::int64_t component_id);

// Whether it was read; it may have no attachments.
bool knows_mail_parts(Session& session, std::int64_t component_id);
// Replaces what is there, of a mail that is joined.
void record_mail_parts(Transaction& tx, std::int64_t component_id, const std::vector<MailPart>& parts);
// Of a part that has none yet.
void note_mail_part_hash(Transaction& tx, std::int64_t component_id, std::int64_t position, const core::Sha256& hash);
// By position; empty for what is no joined mail, or was not read yet.
std::vector<MailPart> mail_parts(Session& session, std::int64_t component_id);

}  // namespace muniment::storage
