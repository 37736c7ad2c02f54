#include "ingest/worker/recogniser.h"

#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::ingest::worker {

struct Recogniser::State {
  tesseract::TessBaseAPI api;
};

Recogniser::Recogniser(const std::string& tessdata, const std::vector<std::string>& languages)
    : state_(std::make_unique<State>()) {
  const std::string folder = tessdata.empty() ? "/usr/share/tesseract-ocr/5/tessdata" : tessdata;
  const std::string language = languages.empty() ? "eng" : languages.front();
  if (state_->api.Init(folder.c_str(), language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
    throw core::Error(core::ErrorCode::unavailable, "there is no model for the language " + language + " in " + folder);
  }
}

Recogniser::~Recogniser() = default;

storage::PageLayer Recogniser::recognise(Pix* page, const RecogniseOptions& options) {
  tesseract::TessBaseAPI& api = state_->api;
  api.SetImage(page);
  if (options.resolution > 0) api.SetSourceResolution(options.resolution);
  api.Recognize(nullptr);
  storage::PageLayer layer;
  layer.width = pixGetWidth(page);
  layer.height = pixGetHeight(page);
  layer.units_per_inch = options.resolution > 0 ? options.resolution : 72;
  layer.source = storage::TextSource::ocr;
  const std::unique_ptr<tesseract::ResultIterator> words(api.GetIterator());
  if (words == nullptr) return layer;
  do {
    const std::unique_ptr<char[]> text(words->GetUTF8Text(tesseract::RIL_WORD));
    int left = 0, top = 0, right = 0, bottom = 0;
    if (text == nullptr || !words->BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom)) continue;
    if (words->IsAtBeginningOf(tesseract::RIL_TEXTLINE)) {
      layer.lines.emplace_back().starts_paragraph = words->IsAtBeginningOf(tesseract::RIL_PARA);
    }
    storage::Word word;
    word.text = core::to_nfc(core::trim(text.get()));
    word.box = {left, top, right - left, bottom - top};
    word.confidence = static_cast<std::uint8_t>(words->Confidence(tesseract::RIL_WORD));
    if (!word.text.empty() && !layer.lines.empty()) layer.lines.back().words.push_back(std::move(word));
  } while (words->Next(tesseract::RIL_WORD));
  std::erase_if(layer.lines, [](const storage::Line& line) { return line.words.empty(); });
  layer.mean_confidence = static_cast<std::uint8_t>(api.MeanTextConf());
  return layer;
}

}  // namespace muniment::ingest::worker
