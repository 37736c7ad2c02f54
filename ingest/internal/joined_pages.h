// The pages of a mail that is one document with what is attached to it (storage/mail_parts.h).
#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "core/files.h"
#include "ingest/extraction.h"
#include "ingest/file_reader.h"
#include "storage/mail_parts.h"

namespace muniment::ingest {

// Writes a PDF to `output`, which is empty: the mail's own pages, then those of each attachment in its order, of
// archives and mails among them also those of what is in them. What has no pages, is encrypted or cannot be read is
// left out and says why. The same bytes give the same pages. Temporary files come to lie in `temporary`.
// Error(too_large) when a limit is passed; otherwise the errors of FileReader that are not one attachment's fault.
std::vector<storage::MailPart> write_joined_pages(const FileReader& reader, const Source& mail,
                                                  const MemberLimits& limits, const std::filesystem::path& temporary,
                                                  const core::FileDescriptor& output, std::stop_token stop);

}  // namespace muniment::ingest
