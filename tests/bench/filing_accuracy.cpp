// How often the first suggestion is what people chose, by how much was learned.
//
//   filing_accuracy SAMPLES TESTED
//
// SAMPLES has a line for each document: its label, a tab, its text. The first TESTED lines are asked for, the others
// are learned in order. Prints one JSON line for each number of examples.
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/text.h"
#include "ingest/filing_model.h"

namespace {

using namespace muniment;
using nlohmann::ordered_json;

struct Sample {
  std::int64_t label = 0;
  ingest::TextFeatures features;
};

std::vector<Sample> read_samples(const char* file) {
  std::vector<Sample> samples;
  std::map<std::string, std::int64_t, std::less<>> labels;
  std::ifstream input(file);
  for (std::string line; std::getline(input, line);) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const auto label = labels.emplace(line.substr(0, tab), static_cast<std::int64_t>(labels.size()) + 1).first->second;
    samples.push_back({label, ingest::features_of(std::string_view(line).substr(tab + 1))});
  }
  return samples;
}

void measure(const ingest::FilingModel& model, std::span<const Sample> tested) {
  const std::int64_t readable[] = {1};
  std::size_t right = 0;
  std::array<std::array<std::size_t, 2>, 5> by_confidence{};  // asked, right
  model.suggest(tested[0].features, readable);                // lengths of sums are counted once
  const core::Stopwatch watch;
  for (const Sample& sample : tested) {
    const auto suggestions = model.suggest(sample.features, readable);
    if (suggestions.empty()) continue;
    const bool good = suggestions[0].label.value == sample.label;
    right += good ? 1 : 0;
    auto& bin = by_confidence[std::min<std::size_t>(4, static_cast<std::size_t>(suggestions[0].confidence * 5))];
    ++bin[0];
    bin[1] += good ? 1 : 0;
  }
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(watch.elapsed()).count();
  ordered_json line{{"examples", model.examples()},
                    {"top_1", static_cast<double>(right) / static_cast<double>(tested.size())},
                    {"microseconds_each", microseconds / static_cast<std::int64_t>(tested.size())}};
  for (std::size_t i = 0; i < by_confidence.size(); ++i) {
    const auto [asked, good] = by_confidence[i];
    line["from_" + std::to_string(20 * i)] = {asked,
                                              asked == 0 ? 0 : static_cast<double>(good) / static_cast<double>(asked)};
  }
  std::cout << line.dump() << std::endl;
}

}  // namespace

int main(int count, char** values) {
  if (count != 3) {
    std::cerr << "filing_accuracy SAMPLES TESTED\n";
    return 2;
  }
  const std::vector<Sample> samples = read_samples(values[1]);
  const auto tested = static_cast<std::size_t>(std::stoul(values[2]));
  if (samples.size() <= tested || tested == 0) return 1;
  ingest::FilingModel model;
  std::size_t next = 100;
  for (std::size_t i = tested; i < samples.size(); ++i) {
    model.learn({static_cast<std::int64_t>(i),
                 1,
                 samples[i].features.counts,
                 {{storage::FilingField::type, samples[i].label}}});
    if (model.examples() != next && i + 1 < samples.size()) continue;
    measure(model, std::span(samples).first(tested));
    next = next % 3 == 1 ? next * 3 : next / 3 * 10;
  }
  return 0;
}
