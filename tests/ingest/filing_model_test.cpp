#include "ingest/filing_model.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace muniment::ingest {
namespace {

using storage::FilingExample;
using storage::FilingField;
using storage::FilingLabel;

constexpr FilingLabel kInvoice{FilingField::type, 1};
constexpr FilingLabel kLease{FilingField::type, 2};
constexpr FilingLabel kUrgent{FilingField::tag, 1};

FilingExample example(std::int64_t id, const std::string& text, std::vector<FilingLabel> labels,
                      std::int64_t access_list = 1) {
  return {id, access_list, features_of(text).counts, std::move(labels)};
}

void teach(FilingModel& model) {
  for (int i = 0; i < 5; ++i) {
    const std::string other = std::string("paper ") + static_cast<char>('a' + i) + "x";
    model.learn(example(10 + i, "invoice amount due payment bank " + other, {kInvoice}));
    model.learn(example(20 + i, "lease tenant rent apartment landlord " + other, {kLease, kUrgent}));
  }
}

double confidence(const std::vector<LearnedSuggestion>& suggestions, FilingLabel label) {
  const auto found =
      std::find_if(suggestions.begin(), suggestions.end(), [&](const auto& each) { return each.label == label; });
  return found == suggestions.end() ? 0 : found->confidence;
}

TEST(FilingModel, SaysWhatPeopleWouldSayAndWhy) {
  FilingModel model;
  teach(model);
  const std::int64_t readable[] = {1};
  const auto suggestions = model.suggest(features_of("The RENT of the apartment, dear tenant 2026"), readable);
  ASSERT_FALSE(suggestions.empty());
  EXPECT_EQ(suggestions[0].label, kLease);
  EXPECT_GT(suggestions[0].confidence, 0.7);
  EXPECT_EQ(std::set<std::string>(suggestions[0].words.begin(), suggestions[0].words.end()),
            (std::set<std::string>{"rent", "apartment", "tenant"}));
  EXPECT_GT(confidence(suggestions, kUrgent), 0.7);
  const auto invoice = model.suggest(features_of("amount due"), readable);
  EXPECT_GT(confidence(invoice, kInvoice), 0.7);
  EXPECT_LT(confidence(invoice, kUrgent), 0.3);
}

TEST(FilingModel, IsSureOfNothingThatItDoesNotKnow) {
  FilingModel model;
  const std::int64_t readable[] = {1};
  EXPECT_TRUE(model.suggest(features_of("rent"), readable).empty());
  teach(model);
  EXPECT_TRUE(model.suggest(features_of("completely different words"), readable).empty());
  EXPECT_TRUE(model.suggest(features_of(""), readable).empty());
  FilingModel once;
  once.learn(example(1, "invoice amount due", {kInvoice}));
  EXPECT_LE(confidence(once.suggest(features_of("invoice amount due"), readable), kInvoice), 0.5);
}

// Nothing that a reader is told rests on documents that the reader may not read.
TEST(FilingModel, SpeaksOnlyOfWhatIsReadable) {
  FilingModel model;
  teach(model);
  const FilingLabel secret{FilingField::type, 9};
  const std::int64_t all[] = {1, 2};
  const std::int64_t open[] = {1};
  const auto before = model.suggest(features_of("merger rent apartment"), open);
  for (int i = 0; i < 5; ++i) model.learn(example(30 + i, "merger secret negotiation rent", {secret}, 2));
  EXPECT_GT(confidence(model.suggest(features_of("merger negotiation"), all), secret), 0.5);
  EXPECT_TRUE(model.suggest(features_of("merger negotiation"), open).empty());
  const auto after = model.suggest(features_of("merger rent apartment"), open);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].label, before[i].label);
    EXPECT_DOUBLE_EQ(after[i].confidence, before[i].confidence);
    EXPECT_EQ(after[i].words, before[i].words);
  }
}

TEST(FilingModel, ForgetsExactly) {
  FilingModel model;
  teach(model);
  const std::int64_t readable[] = {1};
  const auto before = model.suggest(features_of("rent amount tenant"), readable);
  const FilingExample wrong = example(99, "rent amount tenant tenant letter", {kInvoice, kUrgent});
  model.learn(wrong);
  EXPECT_NE(confidence(model.suggest(features_of("rent amount tenant"), readable), kLease), confidence(before, kLease));
  model.forget(wrong);
  const auto after = model.suggest(features_of("rent amount tenant"), readable);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_DOUBLE_EQ(after[i].confidence, before[i].confidence);
  EXPECT_EQ(model.examples(), 10U);
}

// Short texts are added to long sums in another way than long texts to short ones.
TEST(FilingModel, TheOrderOfExamplesChangesNothing) {
  std::string many;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'd'; ++b) many += std::string("w") + a + b + " ";
  }
  std::vector<FilingExample> examples = {example(1, many + "rent", {kLease}), example(2, "waa rent tenant", {kLease}),
                                         example(3, "wza due amount", {kInvoice}), example(4, "abc wbd", {kInvoice})};
  const FilingExample passing = example(5, "waa zebra", {kLease});
  FilingModel forwards, backwards;
  for (const FilingExample& one : examples) forwards.learn(one);
  forwards.learn(passing);
  forwards.forget(passing);
  backwards.learn(passing);
  std::reverse(examples.begin(), examples.end());
  for (const FilingExample& one : examples) backwards.learn(one);
  backwards.forget(passing);
  const std::int64_t readable[] = {1};
  for (const char* text : {"waa wab rent", "due amount", "abc", "zebra"}) {
    const auto one = forwards.suggest(features_of(text), readable);
    const auto other = backwards.suggest(features_of(text), readable);
    ASSERT_EQ(one.size(), other.size()) << text;
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].label, other[i].label) << text;
      EXPECT_DOUBLE_EQ(one[i].confidence, other[i].confidence) << text;
    }
  }
}

TEST(FilingModel, FeaturesAreWordsWithoutNumbers) {
  const TextFeatures features = features_of("Faktura FAKTURA, nr 123 ab12 å: Överlåtelse a");
  std::vector<std::string> words = features.words;
  std::sort(words.begin(), words.end());
  EXPECT_EQ(words, (std::vector<std::string>{"faktura", "nr", "å", "överlåtelse"}));
  for (std::size_t i = 0; i < features.words.size(); ++i) {
    EXPECT_EQ(features.counts[i].second, features.words[i] == "faktura" ? 2 : 1);
  }
  std::string many;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) many += std::string("w") + a + b + " ";
  }
  EXPECT_EQ(features_of(many).counts.size(), kMostFeatures);
}

}  // namespace
}  // namespace muniment::ingest
