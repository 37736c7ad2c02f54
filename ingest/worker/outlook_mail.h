// Outlook's own files ([MS-OXMSG], .msg): an OLE compound file, read by libgsf.
#pragma once

#include <string_view>

#include "ingest/worker/mail_message.h"

namespace muniment::ingest::worker {

// Error(bad_file) when nothing of it can be read. A message within it is part of the text; `read_mail` must be ready.
Mail read_outlook_mail(std::string_view bytes);

}  // namespace muniment::ingest::worker
