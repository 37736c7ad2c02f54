#include "server/archive_import.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using core::Error;
using muniment::testing::TempDirectory;

class ArchiveImport : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    const auto path = directory.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::string refusal(const std::string& list) {
    write("list.csv", list);
    try {
      read_listed_archive(directory.path() / "list.csv");
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }

  TempDirectory directory;
};

TEST_F(ArchiveImport, AListSaysWhatIsKnownOfTheFiles) {
  write("2024/a.pdf", "a");
  write("b.pdf", "b");
  write("2024/forgotten.pdf", "c");
  write("list.csv",
        "\xEF\xBB\xBF"
        "file,title,date,tags,class,folder,serial_number,field.project\r\n"
        "2024/a.pdf,\"Rent, March\",2024-03-05,urgent; rent,3.1,2024,17,Apollo\r\n"
        "b.pdf,,,,,,,\r\n\r\n");
  const ImportedArchive archive = read_listed_archive(directory.path() / "list.csv");
  ASSERT_EQ(archive.documents.size(), 2U);
  const ImportedDocument& rent = archive.documents[0];
  EXPECT_EQ(rent.title, "Rent, March");
  EXPECT_EQ(rent.date, core::parse_iso_date("2024-03-05"));
  EXPECT_EQ(rent.tags, (std::vector<std::string>{"urgent", "rent"}));
  EXPECT_EQ(rent.folder, "2024");
  EXPECT_EQ(rent.serial_number, 17);
  EXPECT_EQ(rent.fields.at(0), std::pair(std::string("project"), std::string("Apollo")));
  EXPECT_TRUE(archive.documents[1].title.empty());
  EXPECT_EQ(archive.left_out, std::vector<std::string>{"2024/forgotten.pdf, which is not on the list"});
}

TEST_F(ArchiveImport, AListThatIsWrongIsRefusedWithItsLine) {
  write("a.pdf", "a");
  EXPECT_NE(refusal("title\nx\n").find("the column file is missing"), std::string::npos);
  EXPECT_NE(refusal("file,titel\na.pdf,x\n").find("\"titel\""), std::string::npos);
  EXPECT_NE(refusal("file,title,title\na.pdf,x,y\n").find("twice"), std::string::npos);
  EXPECT_NE(refusal("file,date\na.pdf,5 March\n").find("line 2"), std::string::npos);
  EXPECT_NE(refusal("file,title\na.pdf\n").find("line 2"), std::string::npos);
  EXPECT_NE(refusal("file\nmissing.pdf\n").find("missing.pdf"), std::string::npos);
  EXPECT_NE(refusal("file\n../outside.pdf\n").find("below"), std::string::npos);
  EXPECT_NE(refusal("file\n/etc/passwd\n").find("below"), std::string::npos);
  EXPECT_NE(refusal("file,folder\na.pdf,2024\n").find("class"), std::string::npos);
  EXPECT_NE(refusal("file\n\"a.pdf\n").find("quotation mark"), std::string::npos);
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

TEST_F(ArchiveImport, APaperlessExportKeepsWhatItKnew) {
  write("2024/invoice.pdf", "a");
  write("answer.pdf", "b");
  write("manifest.json", kManifest);
  const ImportedArchive archive = read_paperless_export(directory.path());
  ASSERT_EQ(archive.documents.size(), 2U);
  const ImportedDocument& crane = archive.documents[0];
  EXPECT_EQ(crane.title, "Crane");
  EXPECT_EQ(crane.date, core::parse_iso_date("2024-03-05"));
  EXPECT_EQ(crane.type, "Invoice");
  EXPECT_EQ(crane.correspondent, "Harbour Board");
  EXPECT_EQ(crane.tags, std::vector<std::string>{"urgent"});
  EXPECT_EQ(crane.serial_number, 77);
  EXPECT_EQ(crane.notes, std::vector<std::string>{"Ask Berit"});
  using Fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(crane.fields, (Fields{{"sum-total", "1250.50 SEK"}, {"status", "Paid"}}));
  EXPECT_EQ(archive.documents[1].links.at(0), std::pair(std::string("answers"), std::int64_t{12}));
  ASSERT_EQ(archive.fields.size(), 3U);
  EXPECT_EQ(archive.fields[1].choices, (std::vector<std::string>{"Open", "Paid"}));
  EXPECT_EQ(archive.left_out, std::vector<std::string>{"1 storagepath"});
}

TEST_F(ArchiveImport, AnExportThatIsNoneIsRefused) {
  EXPECT_THROW(read_paperless_export(directory.path()), Error);
  for (const char* manifest :
       {"{}", "[", "[1]", R"([{"model": "documents.document", "pk": 1, "fields": {}}])",
        R"([{"model": "documents.document", "pk": 1, "__exported_file_name__": "../x", "fields": {}}])",
        R"([{"model": "documents.document", "pk": 1, "__exported_file_name__": "gone.pdf", "fields": {}}])",
        R"([{"model": 7, "pk": "x", "fields": {"name": []}}])"}) {
    write("manifest.json", manifest);
    EXPECT_THROW(read_paperless_export(directory.path()), Error) << manifest;
  }
}

}  // namespace
}  // namespace muniment::server
