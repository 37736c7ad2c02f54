// Random archives, random readers, random queries: the index against a model that looks at every document in turn.
#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "index/search_index.h"
#include "tests/support/test_archive.h"

namespace muniment::index {
namespace {

// No two have a stem in common in any language.
constexpr std::array<std::string_view, 8> kWords = {"zebra",  "quartz", "volt",  "hektar",
                                                    "kobolt", "tango",  "rubin", "fjord"};
constexpr std::array<std::string_view, 3> kTypes = {"Invoice", "Letter", "Report"};

struct ModelDocument {
  std::set<std::string_view> words;
  std::string_view type;
  std::int64_t access_list = 0;
};

class AccessTrimming : public ::testing::Test {
 protected:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  void put(std::int64_t id) {
    ModelDocument& model = model_[id];
    model = {};
    for (std::size_t i = 0; i < 4; ++i) model.words.insert(kWords[below(kWords.size())]);
    model.type = kTypes[below(kTypes.size())];
    model.access_list = static_cast<std::int64_t>(below(5)) + 1;
    storage::IndexableDocument document;
    document.id = id;
    document.access_list = model.access_list;
    document.language = id % 2 == 0 ? "eng" : "swe";
    document.type = model.type;
    document.has_text = true;
    std::string text;
    for (const auto word : model.words) text += std::string(word) + " ";
    document.pages = {{1, text}};
    changes_.push_back({id, std::move(document)});
  }

  void remove(std::int64_t id) {
    model_.erase(id);
    changes_.push_back({id, std::nullopt});
  }

  void apply() {
    index_.apply(std::move(changes_));
    changes_.clear();
    index_.learn_spelling();
  }

  void compare() {
    std::vector<std::int64_t> readable;
    for (std::int64_t list = 1; list <= 5; ++list) {
      if (below(2) == 0) readable.push_back(list);
    }
    std::vector<std::int64_t> hidden;
    if (below(2) == 0) {
      for (std::int64_t id = 1; id <= model_.rbegin()->first + 20; ++id) {
        if (below(4) == 0) hidden.push_back(id);
      }
    }
    const auto may_read = [&](std::int64_t id, const ModelDocument& document) {
      return std::ranges::find(readable, document.access_list) != readable.end() &&
             std::ranges::find(hidden, id) == hidden.end();
    };
    const std::string_view first = kWords[below(kWords.size())], second = kWords[below(kWords.size())];
    std::vector<std::int64_t> expected;
    std::map<std::string, std::int64_t> types;
    for (const auto& [id, document] : model_) {
      if (!may_read(id, document) || !document.words.contains(first) || !document.words.contains(second)) continue;
      expected.push_back(id);
      ++types[std::string(document.type)];
    }
    SearchRequest request;
    request.query = parse_query(std::string(first) + " AND " + std::string(second));
    request.readable = readable;
    request.hidden = hidden;
    request.limit = 1000;
    request.facets = {"type"};
    request.snippets = false;
    const SearchAnswer answer = index_.search(request, {});
    std::vector<std::int64_t> found;
    for (const SearchHit& hit : answer.hits) found.push_back(hit.document_id);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected);
    EXPECT_EQ(answer.total, static_cast<std::int64_t>(expected.size()));
    std::map<std::string, std::int64_t> counted;
    for (const FacetCount& count : answer.facets.at("type")) counted[count.value] = count.count;
    EXPECT_EQ(counted, types);

    const bool readable_word = std::any_of(model_.begin(), model_.end(), [&](const auto& entry) {
      return entry.second.words.contains(first) && may_read(entry.first, entry.second);
    });
    EXPECT_EQ(!index_.suggest(std::string(first.substr(0, 3)), readable, 5, hidden).empty(), readable_word);
    if (!expected.empty()) {
      for (const SearchHit& hit : index_.similar(expected.front(), readable, 10)) {
        const auto list = model_.at(hit.document_id).access_list;
        EXPECT_NE(std::find(readable.begin(), readable.end(), list), readable.end());
      }
    }
  }

  std::mt19937 random_{20240305};
  testing::TempDirectory directory_;
  SearchIndex index_{directory_.path() / "index", {}};
  std::map<std::int64_t, ModelDocument> model_;
  std::vector<SearchIndex::Change> changes_;
};

TEST_F(AccessTrimming, AgreesWithLookingAtEveryDocument) {
  for (std::int64_t id = 1; id <= 60; ++id) put(id);
  apply();
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 40; ++i) compare();
    std::set<std::int64_t> touched;
    while (touched.size() < 8) touched.insert(static_cast<std::int64_t>(below(80)) + 1);
    for (const std::int64_t id : touched) below(3) == 0 ? remove(id) : put(id);
    apply();
  }
}

TEST_F(AccessTrimming, AgreesWhereTheIndexHasSeveralParts) {
  for (std::int64_t id = 1; id <= 1200; ++id) put(id);  // so many at once are written as two parts
  apply();
  for (int i = 0; i < 20; ++i) compare();
}

}  // namespace
}  // namespace muniment::index
