#include "index/search_index.h"

#include <gtest/gtest.h>
#include <xapian.h>

#include "core/files.h"
#include "tests/support/test_archive.h"

namespace muniment::index {
namespace {

using testing::TempDirectory;

struct Library {
  TempDirectory directory;
  SearchIndex index{directory.path() / "index", {{"eng", "swe"}, 2}};
  std::map<std::int64_t, storage::IndexableDocument> documents;

  storage::IndexableDocument& add(std::int64_t id, const std::string& title, std::vector<std::string> pages,
                                  const std::string& language = "eng", std::int64_t access_list = 1) {
    storage::IndexableDocument& document = documents[id];
    document.id = id;
    document.title = title;
    document.language = language;
    document.access_list = access_list;
    document.state = "ready";
    document.has_text = !pages.empty();
    document.added_at = core::from_microseconds(id * 1'000'000);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      document.pages.push_back({static_cast<std::int64_t>(i) + 1, pages[i]});
    }
    return document;
  }
  void apply() {
    std::vector<SearchIndex::Change> changes;
    for (const auto& [id, document] : documents) changes.push_back({id, document});
    index.apply(std::move(changes));
    index.learn_spelling();
  }
  PageText texts() {
    return [this](std::int64_t id, std::int64_t page) -> std::optional<std::string> {
      const auto& pages = documents.at(id).pages;
      if (page < 1 || page > static_cast<std::int64_t>(pages.size())) return std::nullopt;
      return pages[static_cast<std::size_t>(page) - 1].text;
    };
  }
  SearchAnswer search(const std::string& query, std::vector<std::int64_t> readable = {1}) {
    SearchRequest request;
    request.query = parse_query(query);
    request.readable = std::move(readable);
    request.facets = {"type", "tag", "year"};
    return index.search(request, texts());
  }
  std::vector<std::int64_t> ids(const std::string& query, std::vector<std::int64_t> readable = {1}) {
    std::vector<std::int64_t> all;
    for (const SearchHit& hit : search(query, std::move(readable)).hits) all.push_back(hit.document_id);
    std::sort(all.begin(), all.end());
    return all;
  }
};

using Ids = std::vector<std::int64_t>;

TEST(SearchIndex, FindsAsPeopleType) {
  Library library;
  library.add(1, "Lease agreement", {"The rent is due within thirty days of invoicing."});
  library.add(2, "Faktura", {"Faktura INV-2024/0042 från org.nr 556677-8899, summa 1 234,50 kr, tel +46 8 123."},
              "swe");
  library.add(3, "Protokoll", {"Styrelsen beslutade om räntorna på öarna."}, "swe");
  library.add(4, "Café notes", {"naïve idea"});
  library.apply();
  for (const auto& [query, expected] : std::vector<std::pair<std::string, Ids>>{{"rent", {1}},
                                                                                {"invoice", {1}},
                                                                                {"\"thirty days\"", {1}},
                                                                                {"\"days thirty\"", {}},
                                                                                {"faktura", {2}},
                                                                                {"fakturor", {2}},
                                                                                {"INV-2024/0042", {2}},
                                                                                {"inv20240042", {2}},
                                                                                {"0042", {2}},
                                                                                {"2024 0042", {2}},
                                                                                {"042", {}},
                                                                                {"556677-8899", {2}},
                                                                                {"5566778899", {2}},
                                                                                {"1234,50", {2}},
                                                                                {"+46 8 123", {2}},
                                                                                {"ränta", {3}},
                                                                                {"ö", {}},
                                                                                {"öarna", {3}},
                                                                                {"oar", {}},
                                                                                {"cafe", {4}},
                                                                                {"naive", {4}},
                                                                                {"prot*", {3}},
                                                                                {"rent OR ränta", {1, 3}},
                                                                                {"title:lease", {1}},
                                                                                {"title:rent", {}},
                                                                                {"title:agreements", {1}},
                                                                                {"title:fakturor", {2}},
                                                                                {"title:\"agreements\"", {}},
                                                                                {"language:swe", {2, 3}},
                                                                                {"-language:swe", {1, 4}},
                                                                                {"id:3", {3}},
                                                                                {"has:text", {1, 2, 3, 4}},
                                                                                {"rent -thirty", {}}}) {
    EXPECT_EQ(library.ids(query), expected) << query;
  }
}

// Xapian refuses terms of more than 245 bytes, and the whole document with them.
TEST(SearchIndex, WhatIsTooLongForATermIsCutAlikeInDocumentsAndQuestions) {
  Library library;
  for (const std::string& letter : {std::string("x"), std::string("å"), std::string("漢")}) {
    std::string word;
    while (word.size() < 3000) word += letter;
    const std::int64_t id = static_cast<std::int64_t>(library.documents.size()) + 1;
    auto& document = library.add(id, word, {"before " + word + " 1-" + word + " behind"});
    document.filename = word + ".pdf";
    document.type = word;
    document.correspondent = word;
    document.tags = {word};
    document.folder = word;
    document.class_codes = {word};
    document.sender = word;
    document.version_labels = {word};
    document.notes = {word};
    document.custom = {{"key", word, {}, ""}};
    library.apply();
    for (const char* field : {"", "title:", "type:", "correspondent:", "tag:", "filename:", "class:"}) {
      EXPECT_EQ(library.ids(field + word), Ids{id}) << field << letter;
    }
    EXPECT_EQ(library.ids("type:\"" + word + "\" behind"), Ids{id}) << letter;
  }
}

TEST(SearchIndex, FindsRecordsAndWhatIsOpenlyHeld) {
  Library library;
  library.add(1, "Lease", {"rent"});
  library.add(2, "Letter", {"rent"}).is_record = true;
  storage::IndexableDocument& held = library.add(3, "Claim", {"rent"});
  held.is_record = true;
  held.openly_held = true;
  library.apply();
  EXPECT_EQ(library.ids("rent is:record"), (Ids{2, 3}));
  EXPECT_EQ(library.ids("is:held"), (Ids{3}));
  EXPECT_EQ(library.ids("rent -is:record"), (Ids{1}));
}

TEST(SearchIndex, FindsNumbersWithinARange) {
  Library library;
  const std::vector<std::string> numbers{"-1000.5", "-3", "0", "0.000001", "99.99", "100", "1234.5", "999999999999999"};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    library.add(static_cast<std::int64_t>(i) + 1, "", {}).custom = {
        {"amount", numbers[i] + " SEK", std::nullopt, numbers[i]}};
  }
  library.add(9, "", {}).custom = {{"other", "100", std::nullopt, "100"},
                                   {"amount", "2026-03-05", core::parse_iso_date("2026-03-05"), ""}};
  library.apply();
  for (const auto& [range, expected] : std::vector<std::pair<std::string, Ids>>{{"100", {6}},
                                                                                {"100,00", {6}},
                                                                                {"100..", {6, 7, 8}},
                                                                                {"0..100", {3, 4, 5, 6}},
                                                                                {"-3..0,000001", {2, 3, 4}},
                                                                                {"..-3", {1, 2}},
                                                                                {"..99", {1, 2, 3, 4}},
                                                                                {"-1000.49..-4", {}},
                                                                                {"99.99..99.99", {5}},
                                                                                {"100..99", {}},
                                                                                {"2026..2027", {9}}}) {
    EXPECT_EQ(library.ids("field.amount:" + range), expected) << range;
  }
  EXPECT_EQ(library.ids("field.amount:100.. -field.amount:sek"), Ids{});
}

TEST(SearchIndex, FindsLabelsOfVersionsAndWhatIsCheckedOut) {
  Library library;
  library.add(1, "Lease", {"rent"}).version_labels = {"Sent to the court", "Signed"};
  library.add(2, "Signed letter", {"rent"}).checked_out = true;
  library.apply();
  EXPECT_EQ(library.ids("label:signed"), Ids{1});
  EXPECT_EQ(library.ids("label:\"to the court\""), Ids{1});
  EXPECT_EQ(library.ids("has:labels"), Ids{1});
  EXPECT_EQ(library.ids("is:checked-out"), Ids{2});
  EXPECT_EQ(library.ids("signed"), (Ids{1, 2}));
}

TEST(SearchIndex, FindsHowDocumentsCameInAndWhoSentThem) {
  Library library;
  library.add(1, "Lease", {"rent"}).source = "watch";
  storage::IndexableDocument& collected = library.add(2, "Letter", {"rent From Åke Berg <ake.berg@example.org>"});
  collected.source = "mailbox";
  collected.sender = "Åke Berg <ake.berg@example.org>";
  library.add(3, "Åke Berg", {"rent"}).source = "smtp";
  library.add(4, "Plan", {"rent"}).source = "dav";
  library.apply();
  EXPECT_EQ(library.ids("source:watch"), Ids{1});
  EXPECT_EQ(library.ids("source:mail"), (Ids{2, 3}));
  EXPECT_EQ(library.ids("Source:WebDAV"), Ids{4});
  EXPECT_EQ(library.ids("rent -source:mail"), (Ids{1, 4}));
  EXPECT_EQ(library.ids("sender:berg"), Ids{2});
  EXPECT_EQ(library.ids("sender:\"åke berg\" rent"), Ids{2});
  EXPECT_EQ(library.ids("sender:ake.berg@example.org"), Ids{2});
  EXPECT_EQ(library.ids("sender:ber*"), Ids{2});
  EXPECT_EQ(library.ids("source:pigeon"), Ids{});
  EXPECT_EQ(parse_query("source:pigeon").warnings, std::vector<std::string>{"unknown_value"});
}

TEST(SearchIndex, IsMadeAnewBesideTheOneThatAnswers) {
  Library library;
  const auto& first = library.add(1, "Lease", {"rent"});
  const auto& second = library.add(2, "Letter", {"rent and heron"});
  library.apply();
  library.index.begin_rebuild();
  library.index.add_to_rebuilt({{1, first}});
  EXPECT_EQ(library.ids("rent"), (Ids{1, 2})) << "the old one answers";
  // One that is in the new one already, and one that comes there later.
  auto changed = first;
  changed.pages = {{1, "egret"}};
  library.index.apply({{1, changed}});
  library.documents[3] = second;
  library.index.apply({{3, second}});
  library.index.add_to_rebuilt({{2, second}, {3, second}});
  library.index.finish_rebuild();
  EXPECT_EQ(library.ids("egret"), (Ids{1}));
  EXPECT_EQ(library.ids("heron"), (Ids{2, 3}));
}

TEST(SearchIndex, ARebuildThatIsGivenUpLeavesTheOneThatAnswers) {
  Library library;
  library.add(1, "Lease", {"rent"});
  library.apply();
  library.index.begin_rebuild();
  library.index.add_to_rebuilt({{1, library.documents.at(1)}});
  library.index.abandon_rebuild();
  EXPECT_FALSE(std::filesystem::exists(library.directory.path() / "index/rebuilt"));
  library.add(2, "Letter", {"rent"});
  library.apply();
  EXPECT_EQ(library.ids("rent"), (Ids{1, 2}));
}

TEST(SearchIndex, NamesThePageAndShowsTheWords) {
  Library library;
  library.add(1, "Long", {"nothing here", "nor here", "but the treasure is here"});
  library.apply();
  const SearchAnswer answer = library.search("treasure");
  ASSERT_EQ(answer.hits.size(), 1u);
  ASSERT_EQ(answer.hits[0].snippets.size(), 1u);
  EXPECT_EQ(answer.hits[0].snippets[0].page, 3);
  EXPECT_TRUE(std::any_of(answer.hits[0].snippets[0].parts.begin(), answer.hits[0].snippets[0].parts.end(),
                          [](const SnippetPart& part) { return part.hit && part.text == "treasure"; }));
  std::vector<std::string> many(200, "filler words on a page");
  many[150] = "the pearl";
  library.add(2, "Huge", many);
  library.apply();
  EXPECT_EQ(library.search("pearl").hits.at(0).snippets.at(0).page, 151);
  EXPECT_EQ(library.index.hit_pages(2, parse_query("pearl"), library.texts()),
            (std::vector<std::pair<std::int64_t, std::int64_t>>{{151, 1}}));
  EXPECT_EQ(library.ids("\"page filler\""), Ids{}) << "no phrase spans two pages";
}

TEST(SearchIndex, NothingLeaksOfWhatMayNotBeRead) {
  Library library;
  library.add(1, "Open", {"common words"}, "eng", 1);
  storage::IndexableDocument& secret = library.add(2, "Secret", {"common merger xylophone"}, "eng", 2);
  secret.type = "Memo";
  library.apply();
  EXPECT_EQ(library.ids("common", {1}), Ids{1});
  EXPECT_EQ(library.ids("common", {1, 2}), (Ids{1, 2}));
  EXPECT_EQ(library.search("common", {1}).total, 1);
  EXPECT_TRUE(library.search("common", {1}).facets["type"].empty());
  EXPECT_FALSE(library.search("common", {2}).facets["type"].empty());
  EXPECT_TRUE(library.index.suggest("xylo", {1}, 10).empty());
  EXPECT_EQ(library.index.suggest("xylo", {2}, 10), std::vector<std::string>{"xylophone"});
  EXPECT_EQ(library.search("xylophnoe", {1}).did_you_mean, "");
  EXPECT_EQ(library.search("xylophnoe", {2}).did_you_mean, "xylophone");
  EXPECT_TRUE(library.search("common", {}).hits.empty());
  EXPECT_TRUE(library.index.similar(2, {1}, 5).empty() || library.index.similar(2, {1}, 5)[0].document_id != 2);
}

TEST(SearchIndex, RelationsAreFoundAsFarAsTheirOtherEndsMayBeRead) {
  using storage::RelationKind;
  Library library;
  library.add(1, "Question", {"common words"}).relations = {{RelationKind::answers, true, 2, 1},
                                                            {RelationKind::supersedes, true, 3, 2}};
  library.add(2, "Answer", {"common words"}).relations = {{RelationKind::answers, false, 1, 1}};
  library.add(3, "Secret", {"common words"}, "eng", 2).relations = {{RelationKind::supersedes, false, 1, 1}};
  library.add(4, "Annex", {"common words"}).relations = {{RelationKind::belongs_to, false, 5, 1}};
  library.add(5, "Report", {"common words"}).relations = {{RelationKind::belongs_to, true, 4, 1}};
  library.add(6, "Aside", {"common words"}).relations = {{RelationKind::relates_to, false, 3, 2}};
  library.apply();
  struct Case {
    const char* query;
    Ids few, all;
  };
  for (const auto& [query, few, all] : std::vector<Case>{{"is:answer", {2}, {2}},
                                                         {"has:answers", {1}, {1}},
                                                         {"is:superseded", {}, {1}},
                                                         {"is:successor", {}, {3}},
                                                         {"is:part", {4}, {4}},
                                                         {"has:parts", {5}, {5}},
                                                         {"has:relations", {1, 2, 4, 5}, {1, 2, 3, 4, 5, 6}},
                                                         {"-has:relations common", {6}, {}},
                                                         {"related:1", {2}, {2, 3}},
                                                         {"related:0003", {}, {1, 6}},
                                                         {"related:99", {}, {}},
                                                         {"related:1-2", {}, {}},
                                                         {"related:1 OR is:part", {2, 4}, {2, 3, 4}}}) {
    EXPECT_EQ(library.ids(query, {1}), few) << query;
    EXPECT_EQ(library.ids(query, {1, 2}), all) << query;
    EXPECT_EQ(library.search(query, {1}).total, static_cast<std::int64_t>(few.size())) << query;
  }
}

TEST(SearchIndex, WhoMayReadEverythingIsToldFromTheListsOnce) {
  Library library;
  library.add(1, "Open", {"zebra crossing"});
  library.add(2, "Closed", {"zebra stripes"}, "eng", 2);
  library.apply();
  EXPECT_EQ(library.ids("zebra", {1, 2}), (Ids{1, 2}));
  EXPECT_EQ(library.ids("zebra", {2, 1, 99}), (Ids{1, 2}));
  EXPECT_EQ(library.ids("zebra", {1, 1}), Ids{1}) << "one list named twice is not two lists";
  EXPECT_EQ(library.ids("zebra", {}), Ids{});
}

TEST(SearchIndex, FacetsCountWithoutTheirOwnFilter) {
  Library library;
  for (std::int64_t id = 1; id <= 4; ++id) {
    storage::IndexableDocument& document = library.add(id, "Doc", {"word"});
    document.type = id <= 3 ? "Invoice" : "Letter";
    document.tags = id == 1 ? std::vector<std::string>{"a", "b"} : std::vector<std::string>{"b"};
    document.document_date = core::parse_iso_date(id == 1 ? "2023-05-05" : "2024-05-05");
  }
  library.apply();
  SearchRequest request;
  request.query = parse_query("word");
  request.readable = {1};
  request.facets = {"type", "tag", "year"};
  request.filters = {{"type", {"Invoice"}, {}}};
  const SearchAnswer answer = library.index.search(request, library.texts());
  EXPECT_EQ(answer.total, 3);
  ASSERT_EQ(answer.facets.at("type").size(), 2u);
  EXPECT_EQ(answer.facets.at("type")[0].count, 3);
  EXPECT_EQ(answer.facets.at("type")[1].count, 1);
  EXPECT_EQ(answer.facets.at("tag")[0].value, "b");
  EXPECT_EQ(answer.facets.at("tag")[0].count, 3);
  EXPECT_EQ(answer.facets.at("year").size(), 2u);
  EXPECT_EQ(library.ids("created:2024"), (Ids{2, 3, 4}));
  EXPECT_EQ(library.ids("created:2023-01..2023-06 type:invoice"), Ids{1});
  EXPECT_EQ(library.ids("tag:a"), Ids{1});
  request.filters = {{"tag", {}, {"a"}}, {"year", {"2024"}, {}}};
  EXPECT_EQ(library.index.search(request, library.texts()).total, 3);
  request.facets = {"month"};
  const auto months = library.index.search(request, library.texts()).facets.at("month");
  ASSERT_EQ(months.size(), 1u);
  EXPECT_EQ(months[0].value, "2024-05");
  EXPECT_EQ(months[0].count, 3);
  request.filters.clear();
  EXPECT_TRUE(library.index.search(request, library.texts()).facets.at("month").empty()) << "of one year only";
}

// Xapian 1.4 takes a word of every document for the list of all documents, and then finds that its end is missing.
TEST(SearchIndex, FindsWhatEveryDocumentHasWhereSomeAreGone) {
  Library library;
  for (std::int64_t id = 1; id <= 5000; ++id) {
    storage::IndexableDocument& document = library.add(id, "Doc", {"word"});
    document.type = "Invoice";
    document.document_date = core::parse_iso_date("2024-05-05");
  }
  library.apply();
  library.index.apply({{500, std::nullopt}, {3500, std::nullopt}});
  SearchRequest request;
  request.readable = {1};
  for (const auto& readable : std::vector<std::vector<std::int64_t>>{{1}, {1, 2}}) {
    request.readable = readable;
    for (const std::string query : {"", "word", "has:text", "is:ready", "type:invoice", "language:eng", "created:2024",
                                    "word OR other", "wor*", "word has:text", "type:invoice word is:ready language:eng",
                                    "has:text is:ready", "is:ready OR has:notes", "title:doc", "is:ready -has:notes"}) {
      for (const SortOrder order : {SortOrder::relevance, SortOrder::date_newest}) {
        request.query = parse_query(query);
        request.order = order;
        request.filters.clear();
        EXPECT_EQ(library.index.search(request, library.texts()).total, 4998) << query;
        request.filters = {{"type", {"Invoice"}, {}}};
        EXPECT_EQ(library.index.search(request, library.texts()).total, 4998) << query;
      }
    }
  }
  EXPECT_EQ(library.index.suggest("wor", {1}, 5), std::vector<std::string>{"word"});
}

TEST(SearchIndex, OrdersByRelevanceDateAndTitle) {
  Library library;
  library.add(1, "Beta", {"apple pear plum cherry and many other fruits of the garden"}).document_date =
      core::parse_iso_date("2020-01-01");
  library.add(2, "Alpha apple", {"apple"}).document_date = core::parse_iso_date("2024-01-01");
  library.apply();
  SearchRequest request;
  request.query = parse_query("apple");
  request.readable = {1};
  const auto first = [&](SortOrder order) {
    request.order = order;
    return library.index.search(request, library.texts()).hits.at(0).document_id;
  };
  EXPECT_EQ(first(SortOrder::relevance), 2);
  EXPECT_EQ(first(SortOrder::date_oldest), 1);
  EXPECT_EQ(first(SortOrder::date_newest), 2);
  EXPECT_EQ(first(SortOrder::added_newest), 2);
  EXPECT_EQ(first(SortOrder::title), 2);
}

TEST(SearchIndex, WordsThatNoDocumentHasTogetherFindSomeOfThem) {
  Library library;
  library.add(1, "A", {"how do I renew my passport"});
  library.add(2, "B", {"how do I apply for a licence"});
  library.apply();
  const SearchAnswer answer = library.search("renew licence passport");
  EXPECT_TRUE(answer.any_word);
  EXPECT_EQ(answer.hits.at(0).document_id, 1);
  EXPECT_TRUE(library.search("renew AND licence").hits.empty()) << "what is asked for explicitly is not weakened";
}

TEST(SearchIndex, ChangesAndRemovalsShowAtOnce) {
  Library library;
  library.add(1, "A", {"old words"});
  library.apply();
  library.documents[1].pages[0].text = "new words";
  library.apply();
  EXPECT_TRUE(library.ids("old").empty());
  EXPECT_EQ(library.ids("new"), Ids{1});
  library.index.apply({{1, std::nullopt}});
  EXPECT_TRUE(library.ids("new").empty());
  EXPECT_EQ(library.index.document_count(), 0);
}

TEST(SearchIndex, MoreLikeThis) {
  Library library;
  library.add(1, "A", {"sailing boats and harbour regulations for sailing"});
  library.add(2, "B", {"harbour dues for sailing boats"});
  library.add(3, "C", {"recipe for apple cake with cinnamon"});
  library.apply();
  const auto similar = library.index.similar(1, {1}, 5);
  ASSERT_FALSE(similar.empty());
  EXPECT_EQ(similar[0].document_id, 2);
}

TEST(SearchIndex, ListsWhatItHoldsForReconciling) {
  Library library;
  for (std::int64_t id = 1; id <= 7; ++id) library.add(id, "T", {"x"});
  library.apply();
  EXPECT_EQ(library.index.documents(0, 3), (Ids{1, 2, 3}));
  EXPECT_EQ(library.index.documents(3, 10), (Ids{4, 5, 6, 7}));
}

// Everything that the index's files say, as Xapian tells it and as bytes.
std::string all_that_is_left(const std::filesystem::path& index) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(index)) {
    if (entry.is_regular_file()) all += core::read_file(entry.path(), 64 * 1024 * 1024);
    if (!entry.is_directory() || !std::filesystem::exists(entry.path() / "iamglass")) continue;
    const Xapian::Database database(entry.path().string());
    for (auto term = database.allterms_begin(); term != database.allterms_end(); ++term) all += *term + "\n";
    for (auto word = database.spellings_begin(); word != database.spellings_end(); ++word) all += *word + "\n";
    for (auto key = database.synonym_keys_begin(); key != database.synonym_keys_end(); ++key) all += *key + "\n";
    for (auto key = database.metadata_keys_begin(); key != database.metadata_keys_end(); ++key) all += *key + "\n";
    for (Xapian::valueno slot = 0; slot < 10; ++slot) {
      all += database.get_value_lower_bound(slot) + "\n" + database.get_value_upper_bound(slot) + "\n";
    }
    for (auto posting = database.postlist_begin(""); posting != database.postlist_end(""); ++posting) {
      const Xapian::Document document = database.get_document(*posting);  // data and terms are compressed in the files
      all += document.get_data() + "\n";
      for (auto term = document.termlist_begin(); term != document.termlist_end(); ++term) all += *term + "\n";
      for (auto value = document.values_begin(); value != document.values_end(); ++value) all += *value + "\n";
    }
  }
  return all;
}

TEST(Search, NothingOfWhatWasPurgedIsLeftInTheFiles) {
  Library library;
  // Its title is the first of all: Xapian keeps that as a bound. Its words are in the spelling.
  library.add(1, "aaa zyqwarbleflux", {"an invoice about zyqwarbleflux"});
  library.documents[1].type = "zyqwarbleflux";
  library.documents[1].tags = {"zyqwarbleflux"};
  for (std::int64_t id = 2; id <= 40; ++id) library.add(id, "letter " + std::to_string(id), {"an ordinary page"});
  library.apply();
  const auto directory = library.directory.path() / "index";
  library.index.apply({{1, std::nullopt}});
  ASSERT_NE(std::string::npos, all_that_is_left(directory).find("zyqwarbleflux")) << "the test would find it";
  library.index.purge({1});
  EXPECT_EQ(std::string::npos, all_that_is_left(directory).find("zyqwarbleflux"));
  EXPECT_TRUE(library.ids("zyqwarbleflux").empty());
  EXPECT_EQ(39u, library.ids("ordinary").size());
  EXPECT_EQ("ordinary", library.search("ordinray").did_you_mean);
  // And it is written on as before.
  library.add(41, "letter 41", {"an ordinary page"});
  library.index.apply({{41, library.documents[41]}});
  EXPECT_EQ(40u, library.ids("ordinary").size());
}

TEST(Search, PurgingTheLastDocumentLeavesAnEmptyIndex) {
  Library library;
  library.add(1, "zyqwarbleflux", {"zyqwarbleflux"});
  library.apply();
  library.index.apply({{1, std::nullopt}});
  library.index.purge({1, 2});
  EXPECT_EQ(std::string::npos, all_that_is_left(library.directory.path() / "index").find("zyqwarbleflux"));
  EXPECT_EQ(0, library.index.document_count());
}

TEST(Search, WhatIsStillInTheIndexIsNotPurged) {
  Library library;
  library.add(1, "still here", {"a page"});
  library.apply();
  EXPECT_THROW(library.index.purge({1}), core::Error);
  EXPECT_EQ(Ids{1}, library.ids("still"));
  library.index.apply({{1, std::nullopt}});
  library.index.purge({1});
  EXPECT_TRUE(library.ids("still").empty());
}

}  // namespace
}  // namespace muniment::index
