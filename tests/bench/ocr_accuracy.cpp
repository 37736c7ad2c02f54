// Reads every picture below a folder and writes its text to the same place below another, for a scorer to compare.
//   ocr_accuracy [--plain] [--only PART-OF-PATH] LANGUAGE,LANGUAGE... PICTURES TEXTS
// --plain reads with bare Tesseract, all languages' first, page segmentation mode 3. One JSON line a file.
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <leptonica/allheaders.h>
#include <nlohmann/json.hpp>
#include <tesseract/baseapi.h>

#include "core/text.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/picture_decoder.h"
#include "ingest/worker/picture_limits.h"
#include "ingest/worker/recogniser.h"

namespace {

namespace fs = std::filesystem;
using namespace muniment;
using namespace muniment::ingest::worker;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string media_type_of(const fs::path& path) {
  const std::string extension = core::fold_case(path.extension().string());
  if (extension == ".jpg" || extension == ".jpeg") return "image/jpeg";
  if (extension == ".png") return "image/png";
  if (extension == ".tif" || extension == ".tiff") return "image/tiff";
  return "";
}

std::string read_plainly(tesseract::TessBaseAPI& api, const fs::path& path) {
  std::string text;
  const std::string bytes = contents(path);
  const bool tiff = media_type_of(path) == "image/tiff";
  std::size_t offset = 0;
  do {
    const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
    const PixPointer page(tiff ? pixReadMemFromMultipageTiff(data, bytes.size(), &offset)
                               : pixReadMem(data, bytes.size()));
    if (page == nullptr) break;
    api.SetPageSegMode(tesseract::PSM_AUTO);
    api.SetImage(page.get());
    const std::unique_ptr<char[]> read(api.GetUTF8Text());
    text.append(read == nullptr ? "" : read.get());
  } while (tiff && offset != 0);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool plain = std::erase(arguments, "--plain") > 0;
  std::string only;
  if (const auto found = std::ranges::find(arguments, "--only");
      found != arguments.end() && found + 1 != arguments.end()) {
    only = found[1];
    arguments.erase(found, found + 2);
  }
  if (arguments.size() != 3) {
    std::cerr << "usage: ocr_accuracy [--plain] [--only PART-OF-PATH] LANGUAGE,LANGUAGE... PICTURES TEXTS\n";
    return 2;
  }
  std::vector<std::string> languages;
  for (const auto language : core::split(arguments[0], ',')) languages.emplace_back(language);
  const fs::path pictures = arguments[1];
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(pictures)) {
    if (!media_type_of(entry.path()).empty() && entry.path().string().find(only) != std::string::npos)
      paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  const MupdfContext mupdf;
  Recogniser recogniser("", languages);
  tesseract::TessBaseAPI bare;
  if (bare.Init(nullptr, languages.front().c_str(), tesseract::OEM_LSTM_ONLY) != 0) return 1;
  for (const auto& path : paths) {
    const auto place = path.lexically_relative(pictures);
    nlohmann::json line = {{"file", place.string()}};
    std::string text;
    const double before = cpu_seconds();
    if (plain) {
      text = read_plainly(bare, path);
    } else {
      const std::string bytes = contents(path);
      PictureDecoder decoder(bytes, picture_media_type(bytes), mupdf.get());
      std::string language;
      for (std::int32_t number = 1; number <= decoder.page_count(); ++number) {
        const DecodedPicture picture = decoder.decode(number, kMaxRecognisedPixels);
        const auto layer = recogniser.recognise(picture.pix.get(), {.expected = language}).layer;
        language = layer.language;
        text.append(layer.text()).append("\n");
        line["language"] = language;
        line["rotation"].push_back(layer.rotation);
        line["confidence"].push_back(layer.mean_confidence);
      }
    }
    line["cpu_seconds"] = cpu_seconds() - before;
    std::cout << line.dump() << std::endl;
    const auto target = fs::path(arguments[2]) / place.parent_path() / (place.stem().string() + ".txt");
    fs::create_directories(target.parent_path());
    std::ofstream(target) << text;
  }
  return 0;
}
