#include "ingest/worker/shown_pictures.h"

#include <algorithm>
#include <utility>

#include <leptonica/allheaders.h>

#include "core/text.h"
#include "ingest/worker/reduced_html.h"

namespace muniment::ingest::worker {

namespace {

// As its header says, so that nothing is decoded; 0 when it says nothing, or for what is not shown.
std::int64_t pixels_of(std::string_view picture) {
  const std::string_view type = shown_type(picture);
  const auto* data = reinterpret_cast<const l_uint8*>(picture.data());
  if (type == "image/gif") {  // which Leptonica would decode
    constexpr std::size_t kHeader = 10;
    if (picture.size() < kHeader) return 0;
    return std::int64_t{data[6] | data[7] << 8} * (data[8] | data[9] << 8);
  }
  l_int32 format = 0, width = 0, height = 0, bits = 0, samples = 0, colour_map = 0;
  const bool known = !type.empty() && pixReadHeaderMem(data, picture.size(), &format, &width, &height, &bits, &samples,
                                                       &colour_map) == 0;
  return known ? std::int64_t{width} * height : 0;
}

}  // namespace

void ShownPictures::add(std::string_view content_id, std::function<std::string()> read) {
  pictures_.emplace(core::fold_case(content_id), std::move(read));
}

std::string ShownPictures::take(std::string_view content_id) {
  if (budget_.count == 0 || budget_.bytes == 0 || budget_.pixels == 0) return "";
  const auto found = pictures_.find(content_id);
  if (found == pictures_.end()) return "";
  --budget_.count;
  std::string bytes = found->second();
  const std::int64_t pixels = pixels_of(bytes);
  if (bytes.size() > std::min(kMostShownPicture, budget_.bytes) || pixels <= 0 ||
      pixels > std::min(kMostShownPixels, budget_.pixels)) {
    pictures_.erase(found);
    return "";
  }
  budget_.bytes -= bytes.size();
  budget_.pixels -= pixels;
  return bytes;
}

}  // namespace muniment::ingest::worker
