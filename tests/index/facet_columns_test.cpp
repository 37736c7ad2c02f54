#include "index/internal/facet_columns.h"

#include <map>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

#include "index/internal/document_terms.h"
#include "index/internal/questions.h"
#include "tests/support/test_archive.h"

namespace muniment::index {
namespace {

using testing::TempDirectory;

// Facets as they are compared: name, value, count, in their order.
using Counted = std::vector<std::tuple<std::string, std::string, std::int64_t>>;

class FacetColumnsTest : public ::testing::Test {
 protected:
  std::int64_t below(std::int64_t count) { return std::uniform_int_distribution<std::int64_t>(0, count - 1)(random_); }

  storage::IndexableDocument some_document(std::int64_t id) {
    storage::IndexableDocument document;
    document.id = id;
    document.access_list = below(3) + 1;
    document.title = "zebra";
    document.language = below(2) == 0 ? "eng" : "swe";
    if (below(4) > 0) document.type = "type" + std::to_string(below(5));
    if (below(4) > 0) document.correspondent = "Company " + std::to_string(below(90));
    for (auto tag = below(4); tag > 0; --tag) document.tags.push_back("tag" + std::to_string(tag * below(9)));
    if (below(4) > 0) document.class_codes = {"3." + std::to_string(below(7)), "3"};
    if (below(4) > 0) document.document_date = core::parse_iso_date(std::to_string(2000 + below(9)) + "-05-05");
    if (below(3) == 0) document.title += " quartz";
    return document;
  }

  void write(std::int64_t first, std::int64_t last) {
    std::vector<Shards::Change> changes;
    std::vector<storage::IndexableDocument> documents;
    for (std::int64_t id = first; id <= last; ++id) {
      changes.push_back({static_cast<Xapian::docid>(id), false});
      documents.push_back(some_document(id));
    }
    shards_.apply(changes, [&](std::size_t change, std::size_t thread) {
      return index_document(documents[change], thread == 0 ? first_stems_ : second_stems_, "eng");
    });
  }

  void take_out(std::int64_t first, std::int64_t last) {
    std::vector<Shards::Change> changes;
    for (std::int64_t id = first; id <= last; ++id) changes.push_back({static_cast<Xapian::docid>(id), true});
    shards_.apply(changes, [](std::size_t, std::size_t) { return Xapian::Document(); });
  }

  static Counted counted(Reader& reader, const SearchRequest& request, const FacetColumns::Held& columns) {
    Counted all;
    for (const auto& [name, counts] : ask(reader, request, columns).facets) {
      for (const FacetCount& count : counts) all.emplace_back(name, count.value, count.count);
    }
    return all;
  }

  static SearchRequest request_of(const std::string& query, std::vector<std::int64_t> readable) {
    SearchRequest request;
    request.query = parse_query(query);
    request.readable = std::move(readable);
    request.facets = {"type", "tag", "correspondent", "year", "language", "class"};
    return request;
  }

  // That counting by the columns and by the shards themselves comes to the same.
  static void expect_the_same(Reader& reader, const FacetColumns::Held& columns) {
    for (const auto& readable : std::vector<std::vector<std::int64_t>>{{1, 2, 3}, {2}, {}}) {
      for (const std::string query : {"", "zebra", "quartz", "-quartz", "zebra OR quartz", "tag:tag4"}) {
        SearchRequest request = request_of(query, readable);
        for (const SortOrder order : {SortOrder::relevance, SortOrder::date_newest}) {
          request.order = order;
          const Counted by_shards = counted(reader, request, {});
          if (query == "zebra") {
            EXPECT_EQ(by_shards.empty(), readable.empty());
          }
          EXPECT_EQ(counted(reader, request, columns), by_shards) << query;
        }
        request.filters = {{"type", {"type1", "type2"}, {}}, {"tag", {}, {"tag4"}}};
        EXPECT_EQ(counted(reader, request, columns), counted(reader, request, {})) << query;
      }
    }
  }

  // With all columns made, for what is there now.
  void expect_the_same_now() {
    shards_.wait_until_merged();
    readers_.with([&](Reader& reader) { return columns_.of(reader).size(); });
    columns_.wait_until_made();
    readers_.with([&](Reader& reader) {
      const auto columns = columns_.of(reader);
      EXPECT_EQ(columns.size(), reader.parts.size());
      for (std::size_t part = 0; part < columns.size(); ++part) {
        EXPECT_EQ(columns[part] != nullptr, reader.parts[part].shard.documents > 0) << reader.parts[part].shard.name;
      }
      expect_the_same(reader, columns);
      return 0;
    });
  }

  std::mt19937_64 random_{7};
  TempDirectory directory_;
  Stems first_stems_{{"eng", "swe"}}, second_stems_{{"eng", "swe"}};
  Shards shards_{directory_.path(), 2};
  Readers readers_{shards_, {"eng", "swe"}};
  FacetColumns columns_{directory_.path()};
};

TEST_F(FacetColumnsTest, CountAsTheShardsDoWhateverIsChangedTakenOutAndMerged) {
  write(1, 20);
  write(21, 1300);
  expect_the_same_now();
  write(10, 30);
  take_out(100, 180);
  take_out(1300, 1300);
  write(1295, 1310);
  expect_the_same_now();
  const std::size_t before = shards_.layout().shards.size();
  for (std::int64_t first = 1311; first < 8000; first += 1000) write(first, first + 999);
  shards_.wait_until_merged();
  EXPECT_LT(shards_.layout().shards.size(), before + 14) << "nothing was merged";
  expect_the_same_now();
  shards_.rewrite_without({150});
  take_out(700, 720);
  write(701, 702);
  expect_the_same_now();
}

TEST_F(FacetColumnsTest, AreOfTheRevisionThatTheReaderHasOpen) {
  write(1, 50);
  expect_the_same_now();
  readers_.with([&](Reader& older) {
    const SearchRequest request = request_of("zebra", {1, 2, 3});
    const Counted before = counted(older, request, columns_.of(older));
    write(1, 50);
    expect_the_same_now();
    EXPECT_EQ(counted(older, request, columns_.of(older)), before);
    return 0;
  });
}

TEST_F(FacetColumnsTest, AreNotMadeForWhatNobodyAsks) {
  write(1, 50);
  columns_.wait_until_made();
  readers_.with([&](Reader& reader) {
    EXPECT_EQ(columns_.of(reader).front(), nullptr);
    expect_the_same(reader, columns_.of(reader));
    return 0;
  });
}

TEST_F(FacetColumnsTest, HaveNothingOfDocumentsThatAreNotThere) {
  write(5, 9);
  take_out(6, 7);
  const FacetColumn column(Xapian::Database((directory_.path() / shards_.layout().shards.front().name).string()));
  for (const Xapian::docid id : {0u, 4u, 6u, 7u, 10u, 4000u}) EXPECT_TRUE(column.of(id).empty()) << id;
  for (const Xapian::docid id : {5u, 8u, 9u}) EXPECT_FALSE(column.of(id).empty()) << id;
  EXPECT_GT(column.bytes(), 0u);
}

}  // namespace
}  // namespace muniment::index
