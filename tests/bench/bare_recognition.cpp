// What recognition alone takes: libtesseract as anybody would call it, with the C library's allocator and one thread.
// Reads lines "LANGUAGE<tab>PICTURE" (LANGUAGE as Tesseract takes it, so also eng+swe) and recognises every page of
// each picture as Leptonica decodes it, page segmentation mode 3, one model for each LANGUAGE, loaded once. One JSON
// line at the end: pages, and processor seconds without the loading of models. service_bench.py runs one a core. With
// the argument "each" there is such a line for each picture instead, as soon as it is read, for ocr_throughput.
#include <ctime>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <leptonica/allheaders.h>
#include <nlohmann/json.hpp>
#include <tesseract/baseapi.h>

namespace {

struct PixaDeleter {
  void operator()(Pixa* pages) const { pixaDestroy(&pages); }
};
struct PixDeleter {
  void operator()(Pix* page) const { pixDestroy(&page); }
};

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::unique_ptr<Pixa, PixaDeleter> pages_of(const std::string& path) {
  if (path.ends_with(".tif") || path.ends_with(".tiff")) {
    return std::unique_ptr<Pixa, PixaDeleter>(pixaReadMultipageTiff(path.c_str()));
  }
  std::unique_ptr<Pixa, PixaDeleter> pages(pixaCreate(1));
  if (Pix* page = pixRead(path.c_str()); page != nullptr) pixaAddPix(pages.get(), page, L_INSERT);
  return pages;
}

}  // namespace

int main(int argc, char** argv) {
  const bool each = argc > 1 && argv[1] == std::string_view("each");
  const auto show = [](int pages, double seconds) {
    std::cout << nlohmann::ordered_json{{"pages", pages}, {"cpu_seconds", seconds}}.dump() << std::endl;
  };
  std::map<std::string, tesseract::TessBaseAPI> models;
  int pages_read = 0;
  double seconds = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) {
      std::cerr << "a line must be LANGUAGE<tab>PICTURE: " << line << '\n';
      return 2;
    }
    const std::string language = line.substr(0, tab);
    auto [model, is_new] = models.try_emplace(language);
    tesseract::TessBaseAPI& api = model->second;
    if (is_new && api.Init(nullptr, language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) return 1;
    api.SetPageSegMode(tesseract::PSM_AUTO);
    const double begin = cpu_seconds();
    const auto pages = pages_of(line.substr(tab + 1));
    for (int i = 0; i < (pages == nullptr ? 0 : pixaGetCount(pages.get())); ++i) {
      const std::unique_ptr<Pix, PixDeleter> page(pixaGetPix(pages.get(), i, L_CLONE));
      api.SetImage(page.get());
      const std::unique_ptr<char[]> text(api.GetUTF8Text());
      api.Clear();
      ++pages_read;
    }
    seconds += cpu_seconds() - begin;
    if (each) show(std::exchange(pages_read, 0), std::exchange(seconds, 0));
  }
  if (!each) show(pages_read, seconds);
  return 0;
}
