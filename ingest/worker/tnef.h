// What Outlook puts into "winmail.dat" ([MS-OXTNEF]): the text of a mail and what is attached to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muniment::ingest::worker {

bool is_tnef(std::string_view bytes);

struct Tnef {
  struct Attachment {
    std::string filename;  // UTF-8, one line; empty when it has none
    std::string_view bytes;
  };
  std::string text;  // UTF-8; empty when there is none
  std::vector<Attachment> attachments;
};

// As far as it goes: what is cut off or damaged is left out. Its attachments point into `bytes`.
Tnef read_tnef(std::string_view bytes);

}  // namespace muniment::ingest::worker
