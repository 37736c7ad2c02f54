// A foreign zip file, mapped into memory, read by libarchive within limits.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::ingest::worker {

struct ZipLimits {
  std::size_t entries = 150'000;
  std::size_t path_bytes = 1000;
  std::size_t depth = 16;
  std::uint64_t least_total = 1ULL << 30;  // that may come out of it, however small it is
  std::uint64_t ratio = 100;               // and for each byte of it
};

class ZipFile {
 public:
  explicit ZipFile(std::string_view bytes, ZipLimits limits = {}) : bytes_(bytes), limits_(limits) {}

  class Entry {
   public:
    virtual ~Entry() = default;
    virtual const std::string& path() const = 0;
    // The bytes, in pieces. At most once.
    virtual void read(const std::function<void(std::string_view piece)>& each) = 0;
  };
  // Every file in it; folders are left out. core::Error(bad_file) for anything but plain files with plain paths, for a
  // path that occurs twice, and for what is over a limit.
  void for_each(const std::function<void(Entry& entry)>& each) const;

 private:
  std::string_view bytes_;
  ZipLimits limits_;
};

// The names in its directory, without reading anything else; of a damaged one, those before the damage.
std::vector<std::string> names_in_zip(std::string_view bytes);

// Whether it is relative and stays where it is: no "..", no empty parts, no backslash, no control characters, UTF-8.
bool is_plain_path(std::string_view path, std::size_t most_bytes, std::size_t most_parts);

}  // namespace muniment::ingest::worker
