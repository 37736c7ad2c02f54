// A foreign archive (zip, tar, 7z, and files compressed by gzip, bzip2, xz or zstd), mapped into memory, read by
// libarchive. Nothing is ever written to where its paths lead.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/extraction.h"
#include "ingest/worker/format.h"

namespace muniment::ingest::worker {

class ArchiveFile {
 public:
  // `bytes` outlive this object. `filename` names what is in a file that is only compressed.
  ArchiveFile(std::string_view bytes, std::string filename, std::optional<std::string> password)
      : bytes_(bytes), filename_(std::move(filename)), password_(std::move(password)) {}

  struct Entry {
    std::string path;                   // UTF-8, for showing only
    std::optional<std::uint64_t> size;  // as it says, where it does
    bool taken = false;                 // a plain file with something in it, that people would want
    std::string left_out;               // why not, for people; empty for folders too
    bool encrypted = false;
  };
  // Everything in it but folders, without unpacking more than must be. Error(bad_file) when it is damaged.
  std::vector<Entry> entries() const;
  // Whether the password opens it; true as well where none is needed.
  bool opens() const;
  // Twice over where the limits say so: first to see that everything is sound and within them, then to give it.
  void read(const MemberLimits& limits, const MemberSink& sink) const;

 private:
  using Read = std::function<void(const std::function<void(std::string_view piece)>& each)>;
  void for_each(const std::function<void(const Entry& entry, const Read& read)>& each) const;
  // Gives what is wanted, while it stays within the limits.
  void go_through(const MemberLimits& limits, const MemberSink& sink) const;

  std::string_view bytes_;
  std::string filename_;
  std::optional<std::string> password_;
};

}  // namespace muniment::ingest::worker
