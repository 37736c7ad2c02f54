// The files of the page, held in memory with their compressed forms.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace muniment::webui {

class Exchange;

// Immutable after construction, so thread-safe.
class StaticFiles {
 public:
  // Reads every file below `directory`; .br and .gz beside a file are its compressed forms. Without the directory there
  // is no page.
  explicit StaticFiles(const std::filesystem::path& directory);

  // False when there is no such file. A path without an extension is answered with index.html: the page finds its own
  // way.
  bool send(Exchange& exchange) const;

 private:
  struct File {
    std::string bytes;
    std::string gzip;    // empty: none
    std::string brotli;  // empty: none
    std::string etag;
  };
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace muniment::webui
