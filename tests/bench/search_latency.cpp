// search_latency DIRECTORY [DOCUMENTS]: fills the index in DIRECTORY with synthetic one-page documents (200 000 unless
// told otherwise; a filled one is used as it is) and measures mixed queries with snippets and facets: as one who may
// read everything, as one who may read a fifth, and during a bulk load. Prints p50 and p99 in milliseconds.
//
// The words of the pages follow Zipf's law; page texts for snippets are made on demand from the document's number, at
// the cost of decoding a stored page.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <iostream>
#include <random>
#include <thread>

#include <nlohmann/json.hpp>
#include <time.h>

#include "core/clock.h"
#include "index/search_index.h"
#include "storage/page_layer.h"

namespace {

using namespace muniment;

constexpr std::int64_t kVocabulary = 60'000;
constexpr int kWordsPerPage = 220;
constexpr std::int64_t kLists = 10;

// A pronounceable word for a rank.
std::string word_of(std::int64_t rank) {
  static constexpr std::string_view kConsonants = "bdfghklmnprstv";
  static constexpr std::string_view kVowels = "aeiouy";
  std::string word;
  for (auto rest = static_cast<std::size_t>(rank) + 20; rest > 0; rest /= kConsonants.size() * kVowels.size()) {
    word += kConsonants[rest % kConsonants.size()];
    word += kVowels[rest / kConsonants.size() % kVowels.size()];
  }
  return word + "n";
}

std::int64_t zipf_rank(std::mt19937_64& random) {
  const double uniform = std::uniform_real_distribution<double>(0, 1)(random);
  return static_cast<std::int64_t>(std::pow(static_cast<double>(kVocabulary), uniform)) - 1;
}

std::string page_text(std::int64_t id) {
  std::mt19937_64 random(static_cast<std::uint64_t>(id));
  std::string text;
  for (int i = 0; i < kWordsPerPage; ++i) {
    text += word_of(zipf_rank(random));
    text += i % 12 == 11 ? '\n' : ' ';
  }
  return text + "INV-2024/" + std::to_string(10'000 + id);
}

storage::IndexableDocument document_of(std::int64_t id) {
  static constexpr std::array kTypes = {"Invoice", "Letter", "Contract", "Minutes", "Report"};
  storage::IndexableDocument document;
  document.id = id;
  document.access_list = id % kLists + 1;
  document.title = word_of(id % 5000) + " " + word_of(id % 777);
  document.filename = "scan_" + std::to_string(id) + ".pdf";
  document.type = kTypes[static_cast<std::size_t>(id) % kTypes.size()];
  document.correspondent = "Company " + std::to_string(id % 300);
  document.tags = {"tag" + std::to_string(id % 40), "tag" + std::to_string(id % 7)};
  document.class_codes = {std::to_string(id % 9) + "." + std::to_string(id % 30), std::to_string(id % 9)};
  document.language = id % 3 == 0 ? "eng" : "swe";
  document.has_text = true;
  document.document_date = core::Date(std::chrono::year(2000 + static_cast<int>(id % 25)) /
                                      static_cast<unsigned>(id % 12 + 1) / static_cast<unsigned>(id % 28 + 1));
  document.added_at = core::from_microseconds(1'600'000'000'000'000 + id * 1'000'000);
  document.pages = {{1, page_text(id)}};
  return document;
}

void load(index::SearchIndex& search_index, std::int64_t first, std::int64_t last, const std::atomic<bool>* stop) {
  constexpr std::int64_t kGroup = 4000;
  for (std::int64_t id = first; id <= last && !(stop && *stop); id += kGroup) {
    std::vector<index::SearchIndex::Change> group;
    for (std::int64_t i = id; i < std::min(last + 1, id + kGroup); ++i) group.push_back({i, document_of(i)});
    search_index.apply(std::move(group));
  }
}

std::string query_text(std::mt19937_64& random, std::size_t kind) {
  const auto common = [&] { return word_of(std::uniform_int_distribution<std::int64_t>(5, 200)(random)); };
  const auto rare = [&] { return word_of(std::uniform_int_distribution<std::int64_t>(200, 20'000)(random)); };
  switch (kind % 8) {
    case 0:
      return rare();
    case 1:
      return common() + " " + rare();
    case 2:
      return common() + " OR " + common() + " OR " + rare();
    case 3:
      return common() + " " + common();
    case 4:
      return "\"" + common() + " " + common() + "\"";
    case 5:
      return rare().substr(0, 4) + "*";
    case 6:
      return common() + " created:2010..2015 type:invoice";
    default:
      return "INV-2024/" + std::to_string(std::uniform_int_distribution<int>(10'001, 200'000)(random));
  }
}

void measure(const index::SearchIndex& search_index, const std::string& what, std::vector<std::int64_t> readable,
             int queries) {
  std::mt19937_64 random(7);
  std::vector<double> times;
  const index::PageText text = [](std::int64_t id, std::int64_t) { return std::optional(page_text(id)); };
  for (int i = 0; i < queries; ++i) {
    index::SearchRequest request;
    request.query = index::parse_query(query_text(random, static_cast<std::size_t>(i)));
    request.readable = readable;
    request.limit = 20;
    request.facets = {"type", "tag", "correspondent", "year", "language", "class"};
    const core::Stopwatch watch;
    (void)search_index.search(request, text);
    times.push_back(static_cast<double>(watch.elapsed().count()) / 1000);
    if (i < 8) times.pop_back();  // warming up
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](double part) {
    return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
  };
  std::cout << nlohmann::json{{"bench", "search_latency"}, {"what", what},
                              {"queries", times.size()},   {"p50_ms", at(0.5)},
                              {"p99_ms", at(0.99)},        {"documents", search_index.document_count()}}
            << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: search_latency DIRECTORY [DOCUMENTS]\n";
    return 2;
  }
  const std::int64_t documents = argc > 2 ? std::stoll(argv[2]) : 200'000;
  index::SearchIndex search_index(argv[1], {});
  load(search_index, search_index.document_count() + 1, documents, nullptr);
  search_index.learn_spelling();
  std::vector<std::int64_t> everything;
  for (std::int64_t list = 1; list <= kLists; ++list) everything.push_back(list);
  measure(search_index, "everything readable", everything, 800);
  measure(search_index, "a fifth readable", {3, 7}, 800);
  std::atomic<bool> stop = false;
  std::thread loader([&] { load(search_index, search_index.document_count() + 1, documents * 2, &stop); });
  measure(search_index, "during a bulk load", {3, 7}, 800);
  stop = true;
  loader.join();
  return 0;
}
