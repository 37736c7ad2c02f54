// What drivers call their sources and modes, as SANE's own sources and reports of people have it.
#include "scanners/device/sane_names.h"

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace muniment::scanners::device {
namespace {

TEST(SaneNames, SourcesOfManyDriversAreUnderstood) {
  using enum PaperSource;
  const std::pair<const char*, std::optional<PaperSource>> kSources[] = {
      {"Flatbed", flatbed},                   // most
      {"FlatBed", flatbed},                   // fujitsu, hp
      {"Normal", flatbed},                    // brother
      {"Document Table", flatbed},            // epkowa
      {"Platen", flatbed},                    // airscan of some versions
      {"Automatic Document Feeder", feeder},  // avision, pixma, test
      {"ADF", feeder},                        // airscan, hpaio
      {"ADF Front", feeder},                  // fujitsu, canon_dr
      {"ADF Simplex", feeder},                // epsonscan2
      {"Sheetfed Scanner", feeder},           // gt68xx
      {"Automatic Document Feeder(left aligned)", feeder},
      {"Automatic Document Feeder(centrally aligned,Duplex)", feeder_duplex},
      {"ADF Duplex", feeder_duplex},  // airscan, fujitsu, canon_dr
      {"Duplex", feeder_duplex},      // hpaio
      {"ADF - Both sides", feeder_duplex},
      {"Double feeder", feeder_duplex},
      {"ADF Back", std::nullopt},  // back sides alone
      {"ADF Rear", std::nullopt},
      {"Transparency Unit", std::nullopt},
      {"Transparency Adapter", std::nullopt},
      {"Negative", std::nullopt},
      {"Slide", std::nullopt},
      {"Film Adapter", std::nullopt},
      {"Card Front", std::nullopt},  // fujitsu
      {"", std::nullopt},
      {"Something else", std::nullopt},
  };
  for (const auto& [name, source] : kSources) EXPECT_EQ(meaning(name), source) << name;
}

TEST(SaneNames, ModesOfManyDriversAreUnderstood) {
  using enum ColourMode;
  const std::pair<const char*, std::optional<ColourMode>> kModes[] = {
      {"Lineart", black_white},      {"Binary", black_white},   {"Black & White", black_white},
      {"Monochrome", black_white},   {"Halftone", black_white}, {"Gray", grey},
      {"Grayscale", grey},           {"True Gray", grey},       {"24bit Color", colour},
      {"24bit Color[Fast]", colour}, {"Color", colour},         {"Colour", colour},
      {"Infrared", std::nullopt},    {"", std::nullopt},
  };
  for (const auto& [name, mode] : kModes) EXPECT_EQ(meaning_of_mode(name), mode) << name;
}

}  // namespace
}  // namespace muniment::scanners::device
