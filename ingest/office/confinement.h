// What keeps LibreOffice from everything but its own installation and a folder of its own in memory.
#pragma once

#include <cstdint>
#include <filesystem>

namespace muniment::ingest::office {

inline constexpr const char* kScratch = "/tmp";

struct Confinement {
  std::filesystem::path libreoffice;
  std::uint64_t memory_bytes = 0;  // address space, on top of what LibreOffice's libraries take
  std::uint64_t output_bytes = 0;
};

// Goes on in new namespaces, as another process: the one that called waits outside and ends with it. There is no
// network; the root holds the installation, fonts and libraries, read-only, and kScratch. Then limits, and a system
// call filter that refuses sockets, processes and all that LibreOffice does not use. Then everything that was to be
// impossible is tried. For a process with one thread. Throws core::Error(unavailable) where one of these cannot be had
// or does not hold.
void confine(const Confinement& confinement);

}  // namespace muniment::ingest::office
