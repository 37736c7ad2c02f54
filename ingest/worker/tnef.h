// What Outlook puts into "winmail.dat" ([MS-OXTNEF]): a mail and what is attached to it.
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
    bool is_message = false;  // of the same format
    bool has_data = false;    // came as a file, or as one too
  };
  // UTF-8; empty when there is none.
  std::string subject;
  std::string from;
  std::string to;
  std::string cc;
  std::string text;
  std::vector<Attachment> attachments;
  bool whole = true;  // nothing is damaged, cut off, or of a kind that cannot be read
};

// As far as it goes: what cannot be read is left out, and it is not whole. Its attachments point into `bytes`.
Tnef read_tnef(std::string_view bytes);

}  // namespace muniment::ingest::worker
