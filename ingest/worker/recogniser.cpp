#include "ingest/worker/recogniser.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <span>

#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>

#include "core/error.h"
#include "core/hash.h"
#include "ingest/tessdata.h"
#include "ingest/worker/recognition/language.h"
#include "ingest/worker/recognition/layout.h"
#include "ingest/worker/recognition/orientation.h"
#include "ingest/worker/recognition/page_picture.h"
#include "ingest/worker/recognition/skew.h"
#include "ingest/worker/recognition/uncompressed_lines.h"
#include "ingest/worker/recognition/words.h"

namespace muniment::ingest::worker {

namespace {

using storage::PageLayer;
using storage::TextSource;

// To be raised with every change after which a page may be read otherwise.
constexpr std::string_view kWayOfReading = "muniment 2, Tesseract ";

struct Model {
  std::string language;
  core::Sha256 hash;  // of its file
  std::unique_ptr<tesseract::TessBaseAPI> api;
};

Model load(const std::string& folder, const std::string& language) {
  Model model{language, {}, std::make_unique<tesseract::TessBaseAPI>()};
  if (model.api->Init(folder.c_str(), language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
    throw core::Error(core::ErrorCode::unavailable, "there is no model for the language " + language + " in " + folder);
  }
  model.hash =
      core::digest_of(core::open_for_reading(std::filesystem::path(folder) / (language + ".traineddata"))).hash;
  // Reading lines a second time as white on black costs an eighth and finds nothing on paper.
  model.api->SetVariable("tessedit_do_invert", "0");
  // Typewriter's fixed pitch is looked for to part words; the models part them by themselves. A fiftieth of the time.
  model.api->SetVariable("textord_disable_pitch_test", "1");
  return model;
}

// The page as it is read: turned upright, made level.
struct UprightPage {
  PagePicture picture;
  int rotation = 0;
  double skew = 0;
  bool sure = true;  // of the rotation

  void turn(int clockwise) {
    picture.turn(clockwise);
    rotation = (rotation + clockwise) % 360;
  }
};

UprightPage made_upright(PagePicture picture) {
  UprightPage page{std::move(picture)};
  std::optional<int> rotation = orientation_of(page.picture.ink.get());
  page.turn(rotation.value_or(0));
  page.skew = skew_of(page.picture.ink.get());
  make_level(page.picture, page.skew);
  if (!rotation && page.skew != 0) {
    rotation = orientation_of(page.picture.ink.get());
    page.turn(rotation.value_or(0));
  }
  page.sure = rotation.has_value();
  return page;
}

void read(tesseract::TessBaseAPI& api, Pix* picture, tesseract::PageSegMode mode) {
  // What the models take for usual. The file's own number is often wrong, and legible() has made letters that large.
  constexpr int kResolution = 300;
  api.Clear();
  api.SetPageSegMode(mode);
  api.SetImage(picture);
  api.SetSourceResolution(kResolution);
  const UncompressedLines lines;
  if (api.Recognize(nullptr) != 0) throw core::Error(core::ErrorCode::bad_file, "the page's text could not be read");
}

std::string text_of(tesseract::TessBaseAPI& api) {
  const std::unique_ptr<char[]> text(api.GetUTF8Text());
  return text == nullptr ? std::string() : text.get();
}

}  // namespace

struct Recogniser::State {
  std::vector<Model> models;
  std::vector<std::string> languages;

  tesseract::TessBaseAPI& model(const std::string& language) {
    const auto found = std::ranges::find(models, language, &Model::language);
    return *(found == models.end() ? models.front() : *found).api;
  }

  // Of the picture and of all that decides how it is read.
  core::Sha256 hash_of(Pix* picture, const RecogniseOptions& options) const {
    core::Sha256Stream stream;
    const auto add = [&](std::string_view text) {
      stream.add(std::as_bytes(std::span(text)));
      stream.add(std::as_bytes(std::span("", 1)));  // an end that no text has
    };
    add(kWayOfReading);
    add(tesseract::TessBaseAPI::Version());
    for (const Model& one : models) {
      add(one.language);
      stream.add(std::as_bytes(std::span(one.hash.bytes)));
    }
    add(options.language);
    const std::array<std::int32_t, 4> shape{pixGetWidth(picture), pixGetHeight(picture), pixGetDepth(picture),
                                            options.resolution};
    stream.add(std::as_bytes(std::span(shape)));
    pixSetPadBits(picture, 0);
    const auto words = static_cast<std::size_t>(pixGetWpl(picture)) * static_cast<std::size_t>(pixGetHeight(picture));
    stream.add(std::as_bytes(std::span(pixGetData(picture), words)));
    add(options.circumstances);
    return stream.finish();
  }

  std::optional<std::string> language_in(const UprightPage& page) {
    // On a shorter page the sample would be a good part of it: reading it whole and asking then costs less.
    constexpr std::size_t kWorthASample = 700;
    constexpr std::size_t kSamples = 2;  // the second where the first does not tell: it was a table, or a picture
    if (languages.size() == 1) return languages.front();
    if (page.picture.letters < kWorthASample) return std::nullopt;
    tesseract::TessBaseAPI& api = *models.front().api;
    std::optional<std::string> found;
    std::string text;
    for (PixPointer& sample : samples_of(page.picture, kSamples)) {
      const PixPointer ready = ready_to_read(page.picture, std::move(sample));
      read(api, ready.get(), tesseract::PSM_SINGLE_BLOCK);
      text += text_of(api);
      found = language_of(text, languages);
      if (found) break;
    }
    api.Clear();
    return found;
  }

  PageLayer read_page(UprightPage& page, const std::string& language, int page_width, int page_height) {
    tesseract::TessBaseAPI& api = model(language);
    const auto mode = is_single_column(page.picture) ? tesseract::PSM_SINGLE_BLOCK : tesseract::PSM_AUTO;
    const auto whole = [&] { return ready_to_read(page.picture, PixPointer(pixClone(page.picture.pixels.get()))); };
    read(api, whole().get(), mode);
    if (const int turn = page.sure ? 0 : turn_of(api); turn != 0) {
      page.turn(turn);
      read(api, whole().get(), mode);
    }
    Placement placement;
    placement.scale = page.picture.scale;
    placement.skew = page.skew;
    placement.squeeze = squeeze_of(page.picture);
    placement.picture_width = pixGetWidth(page.picture.pixels.get());
    placement.picture_height = pixGetHeight(page.picture.pixels.get());
    placement.page_width = page_width;
    placement.page_height = page_height;
    if (page.rotation % 180 != 0) std::swap(placement.page_width, placement.page_height);
    PageLayer layer = words_of(api, placement);
    api.Clear();
    layer.rotation = page.rotation;
    return layer;
  }

  // For a page that reads badly as it lies and whose letters do not tell which side is up: the turn with which a part
  // of it reads best.
  int best_turn(const UprightPage& page, const std::string& language) {
    constexpr double kEnoughText = 60;
    constexpr double kAsItLies = 1.1;
    tesseract::TessBaseAPI& api = model(language);
    double best_score = -1;
    int best = 0;
    for (const int turn : {0, 90, 180, 270}) {
      const PixPointer part = ready_to_read(page.picture, turned(middle_of(page.picture).get(), turn));
      read(api, part.get(), tesseract::PSM_SINGLE_BLOCK);
      const double enough = std::min(1.0, static_cast<double>(text_of(api).size()) / kEnoughText);
      const double score = api.MeanTextConf() * enough * (turn == 0 ? kAsItLies : 1);
      if (score > best_score) {
        best_score = score;
        best = turn;
      }
    }
    api.Clear();
    return best;
  }
};

Recogniser::Recogniser(const std::string& tessdata, const std::vector<std::string>& languages)
    : state_(std::make_unique<State>()) {
  const std::string folder = tessdata.empty() ? kUsualTessdata : tessdata;
  for (const auto& language : languages.empty() ? std::vector<std::string>{"eng"} : languages) {
    state_->models.push_back(load(folder, language));
    state_->languages.push_back(language);
  }
}

Recogniser::~Recogniser() = default;

const std::vector<std::string>& Recogniser::languages() const {
  return state_->languages;
}

Recognised Recogniser::recognise(Pix* page, const RecogniseOptions& options, const KnownPage& known) {
  constexpr int kReadsWell = 75;  // mean confidence
  const int width = pixGetWidth(page);
  const int height = pixGetHeight(page);
  PageLayer layer;
  layer.width = width;
  layer.height = height;
  layer.source = TextSource::blank;
  PixPointer picture = without_colour(page);
  if (!is_blank(picture.get())) {
    auto before = known ? known(state_->hash_of(picture.get(), options)) : std::nullopt;
    if (before) return {std::move(*before), true};
    UprightPage upright = made_upright(legible(std::move(picture)));
    const auto enabled = [&](const std::string& name) {
      return std::ranges::find(state_->languages, name) != state_->languages.end();
    };
    const bool told = enabled(options.language);
    std::optional<std::string> language = told                        ? options.language
                                          : enabled(options.expected) ? options.expected
                                                                      : state_->language_in(upright);
    const auto read_again = [&] {
      layer = state_->read_page(upright, language.value_or(state_->languages.front()), width, height);
    };
    read_again();
    if (!upright.sure && layer.mean_confidence < kReadsWell) {
      const int turn = state_->best_turn(upright, language.value_or(state_->languages.front()));
      if (turn != 0) {
        upright.turn(turn);
        read_again();
      }
    }
    // The whole text tells better than a sample or the page before.
    if (const auto found = told ? std::nullopt : language_of(layer.text(), state_->languages); found) {
      const std::string used = language.value_or(state_->languages.front());
      language = found;
      if (*language != used) read_again();
    }
    layer.language = language.value_or("");
    layer.source = TextSource::ocr;
  }
  layer.units_per_inch = options.resolution > 0 ? options.resolution : 72;
  return {std::move(layer), false};
}

}  // namespace muniment::ingest::worker
