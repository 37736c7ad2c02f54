// Reads every file of a folder through muniment-extract, as the pipeline does, and prints a JSON line a file and one
// for all: outcome, pages a second of wall clock, CPU milliseconds a page. Usage: extract_bench PROGRAM FOLDER
// [--archive DIR] [--images DIR] [--text DIR] [--threads N]
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/error.h"
#include "ingest/extractor.h"

namespace {

using namespace muniment;
namespace fs = std::filesystem;

struct Settings {
  fs::path folder, archive, images, text;
  unsigned threads = 2;
};

struct Totals {
  std::mutex mutex;
  std::map<std::string, int> outcomes;
  long pages = 0;
};

std::string name_for(const fs::path& path) {
  std::string name = path.string();
  for (char& c : name) c = c == '/' ? '_' : c;
  return name;
}

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

nlohmann::json run_one(const ingest::Extractor& extractor, const fs::path& path, const Settings& settings) {
  nlohmann::json line{{"file", path.string()}};
  const core::Stopwatch watch;
  int pages = 0;
  std::vector<std::int32_t> recognised;
  try {
    const auto file = core::open_for_reading(path);
    const ingest::Source source{file, core::size_of(file), path.filename().string()};
    const auto inspection = extractor.inspect(source);
    line["type"] = inspection.media_type;
    line["pages"] = inspection.page_count;
    std::string outcome = "read";
    if (inspection.kind == ingest::FileKind::other) outcome = "other";
    if (inspection.needs_password) outcome = "password_needed";
    if (outcome == "read") {
      std::map<std::int32_t, storage::PageLayer> layers;
      std::string text;
      extractor.read_pages(source, 1, inspection.page_count, {}, {[&](ingest::FileReader::ReadPage page) {
                             ++pages;
                             if (page.layer.source == storage::TextSource::ocr) recognised.push_back(page.number);
                             text += page.layer.text() + "\n\f";
                             layers.emplace(page.number, std::move(page.layer));
                           }});
      if (!settings.text.empty()) write(settings.text / (name_for(path) + ".txt"), text);
      if (!settings.images.empty()) {
        write(settings.images / (name_for(path) + ".webp"),
              extractor.render_page(source, 1, {.width = 800, .rotation = layers[1].rotation}));
      }
      if (!settings.archive.empty()) {
        const fs::path target = settings.archive / (name_for(path) + ".pdf");
        const core::FileDescriptor output(::open(target.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        const auto written = extractor.write_archive(
            source, [&](std::int32_t number) { return std::optional(layers.at(number)); }, output);
        line["archive_bytes"] =
            written == ingest::Extractor::Archive::written ? static_cast<long>(core::size_of(output)) : -1;
        line["original_bytes"] = source.size;
      }
    }
    line["outcome"] = outcome;
  } catch (const core::Error& error) {
    line["outcome"] = core::code_name(error.code());
    line["message"] = error.what();
  }
  line["read"] = pages;
  if (!recognised.empty()) line["recognised"] = recognised;
  line["ms"] = watch.elapsed().count() / 1000;
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: extract_bench PROGRAM FOLDER [--archive DIR] [--images DIR] [--text DIR] [--threads N]\n");
    return 2;
  }
  Settings settings;
  settings.folder = argv[2];
  for (int i = 3; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    if (option == "--archive") settings.archive = argv[i + 1];
    if (option == "--images") settings.images = argv[i + 1];
    if (option == "--text") settings.text = argv[i + 1];
    if (option == "--threads") settings.threads = static_cast<unsigned>(std::stoi(argv[i + 1]));
  }
  const core::SystemClock clock;
  core::Log log(clock, std::cerr);
  ingest::ExtractorOptions options;
  options.program = argv[1];
  const ingest::Extractor extractor(options, log);
  for (const auto& attempt : extractor.sandbox().attempts) {
    if (!attempt.blocked) std::cerr << "not blocked: " << attempt.name << ": " << attempt.outcome << "\n";
  }

  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(settings.folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  Totals totals;
  std::atomic<std::size_t> next{0};
  const core::Stopwatch watch;
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < settings.threads; ++i) {
      threads.emplace_back([&] {
        for (std::size_t n; (n = next++) < files.size();) {
          const auto line = run_one(extractor, files[n], settings);
          const std::scoped_lock lock(totals.mutex);
          std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
          ++totals.outcomes[line["outcome"].get<std::string>()];
          totals.pages += line["read"].get<long>();
        }
      });
    }
  }
  const double seconds = static_cast<double>(watch.elapsed().count()) / 1e6;
  std::cout << nlohmann::json{{"files", files.size()},
                              {"outcomes", totals.outcomes},
                              {"pages", totals.pages},
                              {"seconds", seconds},
                              {"pages_per_second", static_cast<double>(totals.pages) / seconds}}
                   .dump()
            << std::endl;
  return 0;
}
