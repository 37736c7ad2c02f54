#include "ingest/imported_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::ingest {
namespace {

using core::Error;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImportedArchiveTest : public ::testing::Test {
 protected:
  void add(const std::string& path, const std::string& text = "x") {
    core::Sha256Stream hash;
    hash.add(std::as_bytes(std::span(text)));
    contents.files[path] = {text.size(), hash.finish()};
    if (may_describe(path, text)) contents.texts[path] = text;
  }
  std::string refusal(const std::string& list) {
    add("list.csv", list);
    contents.texts["list.csv"] = list;
    try {
      read_export(contents);
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }
  std::string problem(const std::string& list) {
    add("list.csv", list);
    return read_export(contents).documents.at(0).problem;
  }

  ExportContents contents;
};

TEST_F(ImportedArchiveTest, AListSaysWhatIsKnownOfTheFiles) {
  add("2024/a.pdf");
  add("b.pdf");
  add("2024/forgotten.pdf");
  add("list.csv",
      "\xEF\xBB\xBF"
      "file,title,date,tags,class,folder,serial_number,field.project,colour\r\n"
      "2024\\a.pdf,\"Rent, March\",2024-03-05,urgent; rent,3.1,2024,17,Apollo,red\r\n"
      "b.pdf,,,,,,,,\r\n\r\n");
  const ImportedArchive archive = read_export(contents);
  ASSERT_EQ(archive.documents.size(), 2U);
  const ImportedDocument& rent = archive.documents[0];
  EXPECT_EQ(rent.file, "2024/a.pdf");
  EXPECT_EQ(rent.title, "Rent, March");
  EXPECT_EQ(rent.date, core::parse_iso_date("2024-03-05"));
  EXPECT_THAT(rent.tags, ElementsAre("urgent", "rent"));
  EXPECT_EQ(rent.folder, "2024");
  EXPECT_EQ(rent.serial_number, 17);
  EXPECT_EQ(rent.fields.at(0), std::pair(std::string("project"), std::string("Apollo")));
  EXPECT_TRUE(archive.documents[1].title.empty());
  EXPECT_THAT(archive.unknown_columns, ElementsAre("colour"));
  EXPECT_THAT(archive.left_out, ElementsAre("2024/forgotten.pdf, which is not on the list"));
  const ImportedDocument again = imported_document(to_json(rent));
  EXPECT_EQ(to_json(again), to_json(rent));
  EXPECT_EQ(again.date, rent.date);
}

TEST_F(ImportedArchiveTest, WhatIsNoListIsRefused) {
  EXPECT_THAT(refusal("title\nx\n"), HasSubstr("the column file is missing"));
  EXPECT_THAT(refusal("file,title,title\na.pdf,x,y\n"), HasSubstr("twice"));
  EXPECT_THAT(refusal("file\n\"a.pdf\n"), HasSubstr("quotation mark"));
  EXPECT_THAT(refusal("file\n" + std::string(1000, ',')), HasSubstr("line 2: it has more than 1000 fields"));
  contents = {};
  add("a.pdf");
  EXPECT_THROW(read_export(contents), Error);
}

TEST_F(ImportedArchiveTest, ALineThatIsWrongDoesNotStopTheOthers) {
  add("a.pdf");
  EXPECT_THAT(problem("file,date\na.pdf,5 March\n"), HasSubstr("date must be"));
  EXPECT_THAT(problem("file,title\na.pdf\n"), HasSubstr("1 fields stand under 2 columns"));
  EXPECT_THAT(problem("file\nmissing.pdf\n"), HasSubstr("missing.pdf"));
  EXPECT_THAT(problem("file\n../outside.pdf\n"), HasSubstr("below"));
  EXPECT_THAT(problem("file\n/etc/passwd\n"), HasSubstr("below"));
  EXPECT_THAT(problem("file,folder\na.pdf,2024\n"), HasSubstr("class"));
  add("list.csv", "file\nmissing.pdf\na.pdf\na.pdf\n");
  const auto documents = read_export(contents).documents;
  ASSERT_EQ(documents.size(), 3U);
  EXPECT_EQ(documents[1].where, "line 3");
  EXPECT_EQ(documents[1].problem, "");
  EXPECT_THAT(documents[2].problem, HasSubstr("the same file"));
}

TEST_F(ImportedArchiveTest, TheListThatLiesHighestCounts) {
  add("old/a.pdf");
  add("old/list.csv", "file\na.pdf\n");
  add("old/more/figures.csv", "file,sum\nb,7\n");
  add("old/more/sums.csv", "sum\n7\n");
  EXPECT_EQ(read_export(contents).documents.at(0).file, "old/a.pdf");
  add("old/second.csv", "file\nb.pdf\n");
  EXPECT_EQ(read_export(contents).documents.at(0).file, "old/a.pdf");
  contents.texts.erase("old/list.csv");
  add("old/third.csv", "file\nb.pdf\n");
  EXPECT_THROW(read_export(contents), Error);
  EXPECT_EQ(read_export(contents, "old/second.csv").documents.size(), 1U);
}

constexpr char kManifest[] = R"([
  {"model": "documents.tag", "pk": 1, "fields": {"name": "urgent"}},
  {"model": "documents.correspondent", "pk": 2, "fields": {"name": "Harbour Board"}},
  {"model": "documents.documenttype", "pk": 3, "fields": {"name": "Invoice"}},
  {"model": "documents.storagepath", "pk": 9, "fields": {"name": "By year"}},
  {"model": "documents.customfield", "pk": 4, "fields": {"name": "Sum total", "data_type": "monetary"}},
  {"model": "documents.customfield", "pk": 5, "fields": {"name": "Status", "data_type": "select",
    "extra_data": {"select_options": [{"id": "x1", "label": "Open"}, {"id": "x2", "label": "Paid"}]}}},
  {"model": "documents.customfield", "pk": 6, "fields": {"name": "Answers", "data_type": "documentlink"}},
  {"model": "documents.document", "pk": 12, "__exported_file_name__": "2024/invoice.pdf", "fields":
    {"title": "Crane", "created": "2024-03-05T00:00:00+01:00", "correspondent": 2, "document_type": 3, "tags": [1],
     "archive_serial_number": 77}},
  {"model": "documents.document", "pk": 13, "__exported_file_name__": "answer.pdf", "fields":
    {"title": "Answer", "created": "2024-04-01", "correspondent": null, "document_type": null, "tags": []}},
  {"model": "documents.note", "pk": 1, "fields": {"note": "Ask Berit", "document": 12}},
  {"model": "documents.customfieldinstance", "pk": 1, "fields":
    {"document": 12, "field": 4, "value_text": null, "value_monetary": "SEK1250.50"}},
  {"model": "documents.customfieldinstance", "pk": 2, "fields": {"document": 12, "field": 5, "value_select": "x2"}},
  {"model": "documents.customfieldinstance", "pk": 3, "fields": {"document": 13, "field": 6, "value_document_ids": [12]}}
])";

TEST_F(ImportedArchiveTest, APaperlessExportKeepsWhatItKnew) {
  add("export/2024/invoice.pdf");
  add("export/answer.pdf");
  add("export/manifest.json", kManifest);
  const ImportedArchive archive = read_export(contents);
  EXPECT_TRUE(archive.from_paperless);
  ASSERT_EQ(archive.documents.size(), 2U);
  const ImportedDocument& crane = archive.documents[0];
  EXPECT_EQ(crane.file, "export/2024/invoice.pdf");
  EXPECT_EQ(crane.title, "Crane");
  EXPECT_EQ(crane.date, core::parse_iso_date("2024-03-05"));
  EXPECT_EQ(crane.type, "Invoice");
  EXPECT_EQ(crane.correspondent, "Harbour Board");
  EXPECT_THAT(crane.tags, ElementsAre("urgent"));
  EXPECT_EQ(crane.serial_number, 77);
  EXPECT_THAT(crane.notes, ElementsAre("Ask Berit"));
  using Fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(crane.fields, (Fields{{"sum-total", "1250.50 SEK"}, {"status", "Paid"}}));
  EXPECT_EQ(archive.documents[1].links.at(0), std::pair(std::string("answers"), std::int64_t{12}));
  ASSERT_EQ(archive.fields.size(), 3U);
  EXPECT_THAT(archive.fields[1].choices, ElementsAre("Open", "Paid"));
  EXPECT_THAT(archive.left_out, ElementsAre("1 storagepath"));
}

TEST_F(ImportedArchiveTest, FieldsOfOneKeyGetKeysOfTheirOwn) {
  const std::string longest(60, 'a');
  const auto field = [&](int number, const std::string& ending) {
    return R"({"model": "documents.customfield", "pk": )" + std::to_string(number) + R"(, "fields": {"name": ")" +
           longest + ending + R"(", "data_type": "string", "extra_data": null}})";
  };
  add("manifest.json", "[" + field(1, "x") + "," + field(2, "y") + "," + field(3, "z") + "]");
  const auto fields = read_export(contents).fields;
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0].key, std::string(40, 'a'));
  EXPECT_EQ(fields[1].key, std::string(38, 'a') + "-2");
  EXPECT_EQ(fields[2].key, std::string(38, 'a') + "-3");
}

TEST_F(ImportedArchiveTest, AnExportThatSaysTooMuchIsRefusedWhileItIsRead) {
  std::string names = R"([{"model": "documents.tag", "pk": 1, "fields": {"name": ")" + std::string(8 << 20, 'a') +
                      R"("}}, {"model": "documents.document", "pk": 1, "fields": {"tags": [1)";
  for (int i = 0; i < 60; ++i) names += ",1";
  add("manifest.json", names + "]}}]");
  try {
    read_export(contents);
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::too_large);
  }
}

TEST_F(ImportedArchiveTest, AnExportThatIsNoneIsRefused) {
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  for (const std::string& manifest : {std::string("{}"), std::string("["), std::string("[1]"),
                                      std::string(R"([{"model": 7, "pk": "x", "fields": {"name": []}}])"), deep}) {
    add("manifest.json", manifest);
    EXPECT_THROW(read_export(contents), Error) << manifest;
  }
  for (const char* name : {"", R"("__exported_file_name__": "../x", )", R"("__exported_file_name__": "gone.pdf", )"}) {
    add("manifest.json", std::string(R"([{"model": "documents.document", "pk": 1, )") + name + R"("fields": {}}])");
    EXPECT_NE(read_export(contents).documents.at(0).problem, "") << name;
  }
}

}  // namespace
}  // namespace muniment::ingest
