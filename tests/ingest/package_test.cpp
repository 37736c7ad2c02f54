// What muniment-extract understands of packages; whole packages go through tests/integration/transfer_test.py.
#include "ingest/worker/package.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/worker/package_catalogue.h"

namespace muniment::ingest::worker {
namespace {

using core::Error;

TEST(PackagePaths, AreRelativeAndStayWhereTheyAre) {
  for (const char* good : {"METS.xml", "a/b/c.txt", "räksmörgås.pdf", "a..b", ".hidden"}) {
    EXPECT_TRUE(is_plain_path(good, 100, 4)) << good;
  }
  for (const char* bad :
       {"", "/etc/passwd", "../a", "a/../b", "a/..", "a//b", "a/", "./a", "a\\b", "a\nb", "\xff", "1/2/3/4/5"}) {
    EXPECT_FALSE(is_plain_path(bad, 100, 4)) << bad;
  }
  EXPECT_FALSE(is_plain_path(std::string(101, 'a'), 100, 4));
}

TEST(PackageXml, RefusesDocumentTypesAndWhatIsNotWellFormed) {
  const std::string bomb =
      "<!DOCTYPE mets [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><mets OBJID=\"&b;\"/>";
  EXPECT_THROW(read_mets(bomb), Error);
  EXPECT_THROW(read_mets("<!DOCTYPE mets SYSTEM \"file:///etc/passwd\"><mets/>"), Error);
  EXPECT_THROW(read_mets("<mets>"), Error);
  EXPECT_THROW(read_mets("<other/>"), Error);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_THROW(read_mets(deep), Error);
  EXPECT_TRUE(read_erms("<other/>").empty());
}

TEST(PackageXml, FindsWhatMetsLists) {
  const Mets mets = read_mets(
      "<mets xmlns=\"http://www.loc.gov/METS/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" OBJID=\"uuid-1\">"
      "<dmdSec><mdRef xlink:href=\"ERMS.xml\" CHECKSUM=\"ab\" CHECKSUMTYPE=\"SHA-256\" SIZE=\"7\"/></dmdSec>"
      "<fileSec><fileGrp><fileGrp><file CHECKSUM=\"cd\" CHECKSUMTYPE=\"SHA-256\" SIZE=\"8\">"
      "<FLocat xlink:href=\"data/1.txt\"/></file></fileGrp></fileGrp></fileSec></mets>");
  EXPECT_EQ("uuid-1", mets.id);
  ASSERT_EQ(2U, mets.references.size());
  EXPECT_TRUE(mets.references[0].descriptive);
  EXPECT_EQ("data/1.txt", mets.references[1].href);
  EXPECT_EQ("cd", mets.references[1].checksum);
  EXPECT_FALSE(mets.references[1].descriptive);
}

TEST(PackageXml, HandsDownClassAndFolder) {
  const auto documents = read_erms(
      "<erms><aggregations><aggregation aggregationType=\"caseFile\">"
      "<classification classificationCode=\"3.1\">Minutes</classification><title>Pier &amp; quay</title>"
      "<record><objectId>17</objectId><keywords><keyword>harbour</keyword></keywords><title>A</title>"
      "<agents><agent agentType=\"counterpart\"><name>Ltd</name></agent></agents>"
      "<dates><date dateType=\"created\">2020-05-10T00:00:00</date></dates><notes><note>Seen</note></notes>"
      "<additionalInformation><appendix name=\"a.pdf\" description=\"original\" path=\"data/17-1.pdf\"/>"
      "<appendix name=\"A\" description=\"searchable PDF\" path=\"archive/17.pdf\"/></additionalInformation>"
      "</record></aggregation></aggregations></erms>");
  ASSERT_EQ(1U, documents.size());
  const ListedDocument& one = documents.front();
  EXPECT_EQ("17", one.id);
  EXPECT_EQ("data/17-1.pdf", one.path);
  EXPECT_EQ("a.pdf", one.filename);
  EXPECT_EQ("3.1", one.class_code);
  EXPECT_EQ("Minutes", one.class_title);
  EXPECT_EQ("Pier & quay", one.folder);
  EXPECT_EQ("Ltd", one.correspondent);
  EXPECT_EQ("2020-05-10", one.date);
  EXPECT_EQ(std::vector<std::string>{"harbour"}, one.tags);
  EXPECT_EQ(std::vector<std::string>{"Seen"}, one.notes);
}

TEST(PackageXml, ListsFieldsEventsAndRelations) {
  const auto documents = read_erms(
      "<erms><records><record><objectId>17</objectId><additionalInformation>"
      "<appendix name=\"b.pdf\" description=\"original\" path=\"data/17-1.pdf\"/>"
      "<ownElement><ownElement name=\"publicTitle\"><value>A letter</value></ownElement>"
      "<ownElement name=\"publicFolderTitle\"><value>Case *****</value></ownElement><ownElement "
      "name=\"fields\"><ownElement name=\"field\"><value>12/2026</value>"
      "<ownElement name=\"key\"><value>case-number</value></ownElement>"
      "<ownElement name=\"title\"><value>Case number</value></ownElement>"
      "<ownElement name=\"kind\"><value>text</value></ownElement></ownElement></ownElement>"
      "<ownElement name=\"events\"><ownElement name=\"event\"><value>case closed</value>"
      "<ownElement name=\"date\"><value>2026-01-31</value></ownElement></ownElement></ownElement>"
      "<ownElement name=\"relations\"><ownElement name=\"relation\"><value>answers</value>"
      "<ownElement name=\"document\"><value>16</value></ownElement></ownElement></ownElement></ownElement>"
      "</additionalInformation></record></records></erms>");
  ASSERT_EQ(1U, documents.size());
  const ListedDocument& one = documents.front();
  EXPECT_EQ((std::vector<ListedField>{{"case-number", "Case number", "text", "12/2026"}}), one.fields);
  EXPECT_EQ("A letter", one.public_title);
  EXPECT_EQ("Case *****", one.public_folder);
  EXPECT_EQ((std::vector<ListedEvent>{{"case closed", "2026-01-31"}}), one.events);
  EXPECT_EQ((std::vector<ListedRelation>{{"answers", "16"}}), one.relations);
}

TEST(PackageXml, ListsTheVersionsThatHaveAFile) {
  const auto documents = read_erms(
      "<erms><records><record><objectId>17</objectId><additionalInformation>"
      "<appendix name=\"b.pdf\" description=\"original\" path=\"data/17-1.pdf\"/>"
      "<appendix name=\"a.txt\" description=\"version 2\" path=\"data/17-v2-1.txt\"/>"
      "<ownElement><ownElement name=\"versions\"><ownElement name=\"version\"><value>1</value></ownElement>"
      "<ownElement name=\"version\"><value>2</value><ownElement name=\"path\"><value>data/17-v2-1.txt</value>"
      "</ownElement><ownElement name=\"created\"><value>2026-11-24T08:00:00Z</value></ownElement>"
      "<ownElement name=\"comment\"><value>A draft</value></ownElement>"
      "<ownElement name=\"label\"><value>Sent</value></ownElement></ownElement>"
      "<ownElement name=\"version\"><value>3</value><ownElement name=\"path\"><value>data/17-1.pdf</value>"
      "</ownElement></ownElement></ownElement></ownElement></additionalInformation></record></records></erms>");
  ASSERT_EQ(1U, documents.size());
  EXPECT_EQ("data/17-1.pdf", documents.front().path);
  const std::vector<ListedVersion> expected{{"data/17-v2-1.txt", "a.txt", "2026-11-24T08:00:00Z", "A draft", {"Sent"}},
                                            {"data/17-1.pdf", "b.pdf", "", "", {}}};
  EXPECT_EQ(expected, documents.front().versions);
}

TEST(Package, RefusesWhatIsNoZipFile) {
  EXPECT_THROW(Package("this is no package"), Error);
  EXPECT_THROW(Package(""), Error);
}

TEST(PackageMessages, ComeBackAsTheyWere) {
  const ListedFile file{"a/b", core::Sha256::of("x"), 12};
  EXPECT_EQ(file, decode_listed_file(encode(file)));
  ListedDocument document;
  document.id = "17";
  document.title = "A title";
  document.public_title = "A *****";
  document.public_folder = "Case *****";
  document.captured = "2026-11-24T08:00:00Z";
  document.tags = {"one", "two"};
  document.notes = {"a note"};
  document.fields = {{"case-number", "Case number", "text", "12/2026"}};
  document.events = {{"case closed", "2026-01-31"}};
  document.relations = {{"answers", "16"}};
  document.versions = {{"data/1", "a.txt", "2026-11-24T08:00:00Z", "A draft", {"Sent", "Signed"}},
                       {"data/2", "b.txt", "", "", {}}};
  EXPECT_EQ(document, decode_listed_document(encode(document)));
  EXPECT_THROW(decode_listed_file("nonsense"), Error);
  EXPECT_THROW(decode_listed_document(encode(document) + "x"), Error);
}

TEST(PackageMessages, SayWhatOfALongListDoesNotComeAlong) {
  ListedDocument document;
  document.notes = {"a note"};
  document.fields.resize(250);
  document.relations.resize(201);
  const ListedDocument got = decode_listed_document(encode(document));
  EXPECT_EQ(200U, got.fields.size());
  const std::vector<std::string> notes{
      "Left out: of 250 fields there, all after the first 200; of 201 relations there, all after the first 200.",
      "a note"};
  EXPECT_EQ(notes, got.notes);
}

TEST(PackageMessages, SayThatLabelsOrALongNoteDoNotComeAlong) {
  ListedDocument document;
  document.notes = {std::string(20'000, 'n'), std::string(20'001, 'n')};
  document.versions.resize(2);
  document.versions[1].labels.assign(201, "a label");
  const ListedDocument got = decode_listed_document(encode(document));
  ASSERT_EQ(3U, got.notes.size());
  EXPECT_EQ(
      "Left out: of 201 labels of a version there, all after the first 200; of 20001 bytes of a note there, all after "
      "the first 20000.",
      got.notes[0]);
  EXPECT_EQ(document.notes[0], got.notes[1]);
  EXPECT_EQ(200U, got.versions[1].labels.size());
}

}  // namespace
}  // namespace muniment::ingest::worker
