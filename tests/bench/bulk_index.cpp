// bulk_index FOLDER DIRECTORY [THREADS]: loads every file below FOLDER, one document each, as plain text into the index
// in the empty DIRECTORY, in groups as the service does. Prints documents a second of wall and of processor time, to be
// set against `omindex` on the same folder.
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "core/clock.h"
#include "index/search_index.h"

namespace {

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace muniment;
  constexpr std::size_t kGroup = 4000;
  if (argc < 3) {
    std::cerr << "usage: bulk_index FOLDER DIRECTORY [THREADS]\n";
    return 2;
  }
  index::IndexOptions options;
  options.threads = argc > 3 ? static_cast<std::size_t>(std::stoul(argv[3])) : std::thread::hardware_concurrency();
  index::SearchIndex search_index(argv[2], options);

  const core::Stopwatch watch;
  const double processor_before = processor_seconds();
  std::int64_t count = 0;
  std::vector<index::SearchIndex::Change> group;
  const auto apply = [&] {
    search_index.apply(std::move(group));
    group.clear();
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    storage::IndexableDocument document;
    document.id = ++count;
    document.access_list = 1;
    document.filename = entry.path().filename().string();
    document.title = entry.path().stem().string();
    document.language = "eng";
    document.has_text = true;
    document.pages = {{1, text.str()}};
    group.push_back({document.id, std::move(document)});
    if (group.size() == kGroup) apply();
  }
  if (!group.empty()) apply();
  const double wall = static_cast<double>(watch.elapsed().count()) / 1e6;
  const double processor = processor_seconds() - processor_before;
  std::cout << nlohmann::json{{"bench", "bulk_index"},
                              {"documents", count},
                              {"threads", options.threads},
                              {"seconds", wall},
                              {"cpu_seconds", processor},
                              {"documents_per_second", static_cast<double>(count) / wall},
                              {"documents_per_cpu_second", static_cast<double>(count) / processor}}
            << '\n';
  return 0;
}
