#include "ingest/worker/complaints.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::uint64_t kMostRead = 64 * 1024;

std::string read_from(const core::FileDescriptor& file, std::uint64_t offset) {
  std::string text(kMostRead, '\0');
  text.resize(core::read_at(file, offset, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace

bool means_lost_content(std::string_view line) {
  // Printed for ordinary pages: an empty region was looked at. And by decoders that then return nothing, which is seen.
  constexpr std::array<std::string_view, 5> kNoise = {"pixScanForForeground", "boxClipToRectangle",
                                                      "pixGenHalftoneMask", "pixaGetBox", "pixRead"};
  if (std::ranges::any_of(kNoise, [&](auto name) { return line.find(name) != std::string_view::npos; })) return false;
  constexpr std::array<std::string_view, 4> kSigns = {"Error in pix", "not made", "alloc fail", "bad_alloc"};
  return std::ranges::any_of(kSigns, [&](auto sign) { return line.find(sign) != std::string_view::npos; });
}

Complaints::Complaints() : file_(::memfd_create("stderr", MFD_CLOEXEC)) {
  if (!file_ || ::dup2(file_.get(), STDERR_FILENO) < 0) throw core::system_error("keep what libraries print", errno);
}

void Complaints::check() {
  const std::uint64_t size = core::size_of(file_);
  if (size <= seen_) return;
  const std::string text = read_from(file_, seen_);
  seen_ = size;
  for (const auto line : core::split(text, '\n')) {
    if (!means_lost_content(line)) continue;
    throw core::Error(core::ErrorCode::bad_file, "part of a page could not be read; it may need too much memory")
        .because(std::string(core::cut(line, 200)));
  }
}

std::string Complaints::last() const {
  constexpr std::uint64_t kShown = 500;
  const std::uint64_t size = core::size_of(file_);
  return core::collapse_space(core::to_utf8(read_from(file_, size > kShown ? size - kShown : 0)));
}

}  // namespace muniment::ingest::worker
