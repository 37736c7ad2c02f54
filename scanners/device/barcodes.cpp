#include "scanners/device/barcodes.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "core/files.h"
#include "core/text.h"
#include "ingest/barcode_search.h"

namespace muniment::scanners::device {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBarcodes = 64;
constexpr std::size_t kLongest = 1000;  // bytes
constexpr unsigned kSeconds = 5;
// Dots per inch: printed codes are found at the lower, and what distorts them evens out; small ones need the higher.
constexpr int kResolutions[] = {100, 200};

ingest::GreyPicture grey(const Raster& picture) {
  ingest::GreyPicture grey{picture.width, picture.height, {}};
  if (picture.channels == 1) {
    grey.pixels = picture.pixels;
    return grey;
  }
  grey.pixels.reserve(picture.pixels.size() / 3);
  for (std::size_t at = 0; at + 2 < picture.pixels.size(); at += 3) {
    const unsigned sum = 306U * picture.pixels[at] + 601U * picture.pixels[at + 1] + 117U * picture.pixels[at + 2];
    grey.pixels.push_back(static_cast<std::uint8_t>(sum >> 10));
  }
  return grey;
}

void add_found(const Raster& picture, std::vector<std::string>& texts) {
  for (const ingest::FoundBarcode& found : ingest::find_barcodes(grey(picture), kMostBarcodes)) {
    std::string text(core::cut(found.text, kLongest));
    if (texts.size() >= kMostBarcodes) return;
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
}

// One line; the last that is whole counts.
void tell(const std::vector<std::string>& texts, int out) {
  const std::string answer = Json(texts).dump() + "\n";
  for (std::string_view left = answer; !left.empty();) {
    const ssize_t written = ::write(out, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
}

// In the child; never returns.
[[noreturn]] void look(const Raster& picture, int resolution, int out) {
  ::alarm(kSeconds);
  std::vector<std::string> texts;
  for (const int wanted : kResolutions) {
    const int factor = std::max(1, resolution / wanted);
    if (factor > 1) {
      add_found(reduced(picture, factor), texts);
    } else {
      add_found(picture, texts);
    }
    // Time may end before the next look does.
    tell(texts, out);
    if (factor == 1) break;
  }
  ::_exit(0);
}

std::string all_of(int in) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(in, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

std::vector<std::string> read_barcodes(const Raster& picture, int resolution) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  const core::FileDescriptor in(ends[0]);
  core::FileDescriptor out(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) look(picture, resolution, out.get());
  out = {};
  if (child < 0) return {};
  const std::string answer = all_of(in.get());
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  // After the last line feed comes what is not whole.
  const auto lines = core::split(answer, '\n');
  if (lines.size() < 2) return {};
  const Json texts = Json::parse(lines[lines.size() - 2], nullptr, false);
  if (!texts.is_array()) return {};
  return texts.get<std::vector<std::string>>();
}

}  // namespace muniment::scanners::device
