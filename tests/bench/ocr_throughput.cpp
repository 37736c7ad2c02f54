// What a page costs: bare libtesseract and Recogniser read the same pages in turn, one process, the same models, CPU
// time.
//   ocr_throughput LANGUAGE[,LANGUAGE...] PICTURES
// Bare = the decoded picture, page segmentation mode 3, text taken out, with the one model that ours found to be right
// (which bare has for nothing; the cache that ours has warmed too). One JSON line a page and one for all: seconds of
// both, and `times` = bare / ours, the pages that ours reads while bare reads one.
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
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

template <typename Work>
double cost_of(Work work) {
  const double before = cpu_seconds();
  work();
  return cpu_seconds() - before;
}

void show(nlohmann::json line, double bare, double ours) {
  line["bare_cpu_seconds"] = bare;
  line["ours_cpu_seconds"] = ours;
  line["times"] = ours > 0 ? bare / ours : 0;
  std::cout << line.dump() << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: ocr_throughput LANGUAGE[,LANGUAGE...] PICTURES\n";
    return 2;
  }
  std::vector<std::string> languages;
  for (const auto language : core::split(argv[1], ',')) languages.emplace_back(language);
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(argv[2])) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  const MupdfContext mupdf;
  Recogniser recogniser("", languages);
  std::map<std::string, tesseract::TessBaseAPI> bare_models;
  for (const auto& language : languages) {
    if (bare_models[language].Init(nullptr, language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) return 1;
    bare_models[language].SetPageSegMode(tesseract::PSM_AUTO);
  }

  double bare_total = 0;
  double ours_total = 0;
  int pages = 0;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto media_type = picture_media_type(bytes);
    if (media_type.empty()) continue;
    const PictureDecoder decoder(bytes, media_type, mupdf.get());
    std::string language;
    for (std::int32_t number = 1; number <= decoder.page_count(); ++number) {
      const DecodedPicture picture = decoder.decode(number, kMaxRecognisedPixels);
      const double ours_cost = cost_of([&] {
        RecogniseOptions options;
        options.expected = language;
        language = recogniser.recognise(picture.pix.get(), options).layer.language;
      });
      auto& bare = bare_models[language.empty() ? languages.front() : language];
      const double bare_cost = cost_of([&] {
        bare.SetImage(picture.pix.get());
        const std::unique_ptr<char[]> text(bare.GetUTF8Text());
        bare.Clear();
      });
      show({{"page", path.lexically_relative(argv[2]).string() + "#" + std::to_string(number)}}, bare_cost, ours_cost);
      bare_total += bare_cost;
      ours_total += ours_cost;
      ++pages;
    }
  }
  show({{"pages", pages}}, bare_total, ours_total);
  return 0;
}
