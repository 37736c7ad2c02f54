// What the libraries print on stderr while they read a file. Some of them go on after an allocation failed and call it
// a success; the message is then the only sign that part of the page is missing.
#pragma once

#include <string>

#include "core/files.h"

namespace muniment::ingest::worker {

class Complaints {
 public:
  // Redirects this process's stderr to memory.
  Complaints();
  // Throws core::Error(bad_file) when something was printed since the last call that means lost content.
  void check();
  // The last of what was printed, for the log.
  std::string last() const;
  int descriptor() const { return file_.get(); }

 private:
  core::FileDescriptor file_;
  std::uint64_t seen_ = 0;
};

// Whether a line of Leptonica's or Tesseract's tells that something could not be done, known noise apart.
bool means_lost_content(std::string_view line);

}  // namespace muniment::ingest::worker
