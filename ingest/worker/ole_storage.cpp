#include "ingest/worker/ole_storage.h"

#include <cstdint>
#include <set>

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMark = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;
constexpr std::size_t kHeaderBytes = 512;
constexpr std::size_t kEntryBytes = 128;
constexpr std::uint32_t kLastSector = 0xFFFFFFFA;  // numbers from here on are no sectors
constexpr std::uint32_t kNoEntry = 0xFFFFFFFF;
constexpr std::size_t kMostSectors = 4096;  // of the directory
constexpr std::size_t kMostNames = 1000;

std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
  if (bytes.size() < 4 || offset > bytes.size() - 4) return kNoEntry;
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

class Directory {
 public:
  explicit Directory(std::string_view bytes)
      : bytes_(bytes), sector_bytes_(std::size_t{1} << (static_cast<unsigned char>(bytes[30]) == 12 ? 12 : 9)) {
    constexpr std::size_t kFirstDirectorySector = 48;
    std::set<std::uint32_t> seen;
    for (auto sector = number_at(bytes_, kFirstDirectorySector);
         sector < kLastSector && seen.size() < kMostSectors && seen.insert(sector).second; sector = next(sector)) {
      sectors_.push_back(sector);
    }
  }

  // Nothing behind the end of the directory or of the file.
  std::string_view entry(std::uint32_t number) const {
    const std::size_t in_a_sector = sector_bytes_ / kEntryBytes;
    const std::size_t index = number / in_a_sector;
    if (index >= sectors_.size()) return {};
    const std::size_t offset = offset_of(sectors_[index]) + number % in_a_sector * kEntryBytes;
    if (offset >= bytes_.size() || bytes_.size() - offset < kEntryBytes) return {};
    return bytes_.substr(offset, kEntryBytes);
  }

 private:
  std::size_t offset_of(std::uint32_t sector) const { return (std::size_t{sector} + 1) * sector_bytes_; }

  // By the allocation table, whose sectors the header names as far as they fit there (109): of larger files the
  // directory is where the first of them reach, but for odd ones.
  std::uint32_t next(std::uint32_t sector) const {
    constexpr std::size_t kTableInHeader = 76;
    constexpr std::size_t kMostInHeader = 109;
    const std::size_t in_a_sector = sector_bytes_ / 4;
    const std::size_t index = sector / in_a_sector;
    if (index >= kMostInHeader) return kNoEntry;
    const std::uint32_t table = number_at(bytes_, kTableInHeader + 4 * index);
    return table < kLastSector ? number_at(bytes_, offset_of(table) + sector % in_a_sector * 4) : kNoEntry;
  }

  std::string_view bytes_;
  std::size_t sector_bytes_;
  std::vector<std::uint32_t> sectors_;
};

std::string name_of(std::string_view entry) {
  constexpr std::size_t kNameBytes = 64;
  std::string name;
  for (std::size_t i = 0; i < kNameBytes && (entry[i] != 0 || entry[i + 1] != 0); i += 2) {
    name += entry[i + 1] == 0 ? entry[i] : '?';
  }
  return name;
}

}  // namespace

bool is_ole_storage(std::string_view bytes) {
  return bytes.size() >= kHeaderBytes && bytes.starts_with(kMark);
}

std::vector<std::string> names_in_root(std::string_view bytes) {
  std::vector<std::string> names;
  if (!is_ole_storage(bytes)) return names;
  constexpr std::size_t kLeft = 68;
  constexpr std::size_t kRight = 72;
  constexpr std::size_t kChild = 76;
  const Directory directory(bytes);
  const auto root = directory.entry(0);
  if (root.empty()) return names;
  std::set<std::uint32_t> seen;
  std::vector<std::uint32_t> open{number_at(root, kChild)};
  while (!open.empty() && names.size() < kMostNames) {
    const std::uint32_t number = open.back();
    open.pop_back();
    if (number == kNoEntry || !seen.insert(number).second) continue;
    const auto entry = directory.entry(number);
    if (entry.empty()) continue;
    names.push_back(name_of(entry));
    open.push_back(number_at(entry, kLeft));
    open.push_back(number_at(entry, kRight));
  }
  return names;
}

}  // namespace muniment::ingest::worker
