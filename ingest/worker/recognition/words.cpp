#include "ingest/worker/recognition/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include "core/text.h"

namespace muniment::ingest::worker {

storage::Box Placement::on_page(int left, int top, int right, int bottom) const {
  const double cosine = std::cos(skew) / scale;
  const double sine = std::sin(skew) / scale;
  std::array<double, 4> across{};
  std::array<double, 4> down{};
  for (std::size_t corner = 0; corner < across.size(); ++corner) {
    const double x = (corner % 2 == 0 ? left : right) / squeeze - picture_width / 2.0;
    const double y = (corner < 2 ? top : bottom) - picture_height / 2.0;
    across[corner] = x * cosine + y * sine + page_width / 2.0;
    down[corner] = y * cosine - x * sine + page_height / 2.0;
  }
  const auto within = [](double value, int most) { return std::clamp(static_cast<int>(std::lround(value)), 0, most); };
  const auto [first_x, last_x] = std::ranges::minmax(across);
  const auto [first_y, last_y] = std::ranges::minmax(down);
  const int x = within(first_x, page_width - 1);
  const int y = within(first_y, page_height - 1);
  return {x, y, std::max(1, within(last_x, page_width) - x), std::max(1, within(last_y, page_height) - y)};
}

storage::PageLayer words_of(tesseract::TessBaseAPI& api, const Placement& placement) {
  storage::PageLayer layer;
  layer.width = placement.page_width;
  layer.height = placement.page_height;
  const std::unique_ptr<tesseract::ResultIterator> words(api.GetIterator());
  if (words == nullptr) return layer;
  do {
    const std::unique_ptr<char[]> text(words->GetUTF8Text(tesseract::RIL_WORD));
    int left = 0, top = 0, right = 0, bottom = 0;
    if (text == nullptr || !words->BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom)) continue;
    if (layer.lines.empty() || words->IsAtBeginningOf(tesseract::RIL_TEXTLINE)) {
      layer.lines.emplace_back().starts_paragraph = words->IsAtBeginningOf(tesseract::RIL_PARA);
    }
    storage::Word word;
    word.text = core::to_nfc(core::trim(text.get()));
    std::erase(word.text, ' ');
    if (word.text.empty()) continue;
    word.box = placement.on_page(left, top, right, bottom);
    word.confidence = static_cast<std::uint8_t>(std::clamp(words->Confidence(tesseract::RIL_WORD), 0.0F, 100.0F));
    layer.lines.back().words.push_back(std::move(word));
  } while (words->Next(tesseract::RIL_WORD));
  std::erase_if(layer.lines, [](const storage::Line& line) { return line.words.empty(); });
  if (!layer.lines.empty()) layer.mean_confidence = static_cast<std::uint8_t>(std::clamp(api.MeanTextConf(), 0, 100));
  return layer;
}

int turn_of(tesseract::TessBaseAPI& api) {
  const std::unique_ptr<tesseract::ResultIterator> lines(api.GetIterator());
  if (lines == nullptr) return 0;
  std::array<int, 4> votes{};
  do {
    tesseract::Orientation top = tesseract::ORIENTATION_PAGE_UP;
    tesseract::WritingDirection direction{};
    tesseract::TextlineOrder order{};
    float angle = 0;
    lines->Orientation(&top, &direction, &order, &angle);
    ++votes.at(top);
  } while (lines->Next(tesseract::RIL_TEXTLINE));
  const auto most = std::ranges::max_element(votes) - votes.begin();
  return static_cast<int>((4 - most) % 4) * 90;
}

}  // namespace muniment::ingest::worker
