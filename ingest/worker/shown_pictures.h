// The pictures that the HTML of a mail shows where it stands: they came with it, and are neither too many nor too
// large.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace muniment::ingest::worker {

inline constexpr std::size_t kMostShownPicture = 5 << 20;     // bytes, each
inline constexpr std::int64_t kMostShownPixels = 40'000'000;  // each

// What of pictures a mail may still show, all parts of it and the messages in it together.
struct PictureBudget {
  std::size_t count = 200;  // read, whether they are shown or not
  std::size_t bytes = 15 << 20;
  std::int64_t pixels = 100'000'000;
};

// The pictures of one message by their Content-IDs.
class ShownPictures {
 public:
  // `budget` must outlive it.
  explicit ShownPictures(PictureBudget& budget) : budget_(budget) {}

  // Of several with one Content-ID the first counts. `read` gives all bytes of it.
  void add(std::string_view content_id, std::function<std::string()> read);

  // The picture (PNG, JPEG or GIF) with this Content-ID, in lower case; empty when there is none, or when it is too
  // much. One that was refused is not read again.
  std::string take(std::string_view content_id);

 private:
  PictureBudget& budget_;
  std::map<std::string, std::function<std::string()>, std::less<>> pictures_;  // by Content-IDs in lower case
};

}  // namespace muniment::ingest::worker
