#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/office_types.h"
#include "ingest/worker/office_text.h"
#include "ingest/worker/ole_storage.h"
#include "ingest/worker/zip_file.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {

namespace {

using OfficeFormatsTest = FormatsTest;

void put(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

// A compound file with these streams in its root, and one named "Inner" in a storage.
std::string ole_with(const std::vector<std::string>& names) {
  constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::string bytes(512 * 4, '\0');
  bytes.replace(0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  bytes[30] = 9;
  put(bytes, 48, 1);  // the directory begins in sector 1 and goes on in sector 2
  put(bytes, 76, 0);  // the allocation table is sector 0
  put(bytes, 512 + 4, 2);
  put(bytes, 512 + 8, 0xFFFFFFFE);
  const auto entry = [&](std::uint32_t number, const std::string& name, std::uint32_t right, std::uint32_t child) {
    const std::size_t at = 1024 + number * 128;
    for (std::size_t i = 0; i < name.size(); ++i) bytes[at + 2 * i] = name[i];
    put(bytes, at + 68, kNone);
    put(bytes, at + 72, right);
    put(bytes, at + 76, child);
  };
  entry(0, "Root Entry", kNone, 1);
  const auto count = static_cast<std::uint32_t>(names.size());
  for (std::uint32_t i = 1; i <= count; ++i) entry(i, names[i - 1], i + 1, kNone);
  entry(count + 1, "Storage", kNone, count + 2);
  entry(count + 2, "Inner", kNone, kNone);
  return bytes;
}

TEST_F(OfficeFormatsTest, OldFilesAreToldApartByWhatIsInTheirRoot) {
  EXPECT_EQ("application/msword", type_of(ole_with({"1Table", "WordDocument"})));
  EXPECT_EQ("application/msword", type_of(ole_with({"1TABLE", "WORDDOCUMENT"})));
  EXPECT_EQ("application/vnd.ms-excel", type_of(ole_with({"Workbook"})));
  EXPECT_EQ("application/vnd.ms-excel", type_of(ole_with({"Book"})));
  EXPECT_EQ("application/vnd.ms-powerpoint", type_of(ole_with({"Pictures", "PowerPoint Document"})));
  EXPECT_EQ("application/vnd.visio", type_of(ole_with({"VisioDocument"})));
  EXPECT_EQ("application/x-mspublisher", type_of(ole_with({"Contents", "Escher", "Quill"})));
  EXPECT_EQ("application/vnd.ms-works", type_of(ole_with({"MatOST"})));
  EXPECT_EQ("application/vnd.ms-works", type_of(ole_with({"CONTENTS"}) + "CHNKWKS"));
  EXPECT_EQ("application/x-ole-storage", type_of(ole_with({"Contents"})));
  EXPECT_EQ("application/x-ole-storage", type_of(ole_with({"Something"})));
  const std::string encrypted = ole_with({"EncryptionInfo", "EncryptedPackage"});
  EXPECT_EQ(find_office_type(type_of(encrypted, "Budget.XLSX"))->extension, "xlsx");
  EXPECT_EQ(find_office_type(type_of(encrypted, "letter"))->extension, "docx");
  File file(encrypted);
  EXPECT_TRUE(extractor_->inspect(file.source).encrypted);
}

TEST_F(OfficeFormatsTest, NamesOfStoragesWithinOthersDoNotCount) {
  const auto names = worker::names_in_root(ole_with({"A", "B"}));
  EXPECT_EQ(std::vector<std::string>({"A", "B", "Storage"}), names);
}

TEST_F(OfficeFormatsTest, DamagedDirectoriesEnd) {
  std::string loops = ole_with({"A"});
  put(loops, 1024 + 128 + 72, 1);  // an entry that is its own neighbour
  put(loops, 512 + 8, 1);          // sectors in a circle
  EXPECT_EQ(std::vector<std::string>({"A"}), worker::names_in_root(loops));
  EXPECT_TRUE(worker::names_in_root(loops.substr(0, 600)).empty());
  EXPECT_TRUE(worker::names_in_root("").empty());
  EXPECT_TRUE(worker::names_in_zip("PK\x05\x06").empty());
}

TEST_F(OfficeFormatsTest, RichTextGivesItsText) {
  EXPECT_EQ("application/rtf", type_of("{\\rtf1 a}", "a.txt"));
  EXPECT_EQ("Some bold text.\nNext\tcell\n",
            worker::rtf_text("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\*\\generator X;}Some {\\b bold} text.\\par\r\n"
                             "Next\\cell cell\\row}"));
  EXPECT_EQ("Blåbär €", worker::rtf_text("{\\rtf1\\ansicpg1252 Bl\\'e5b\\'e4r \\'80}"));
  EXPECT_EQ("Čapek 😀!", worker::rtf_text("{\\rtf1\\ansicpg1250\\uc1 \\'c8apek \\u-10179?\\u-8704?!}"));
  EXPECT_EQ("ab", worker::rtf_text("{\\rtf1 a{\\pict\\bin5 }}}}}}b}"));
}

TEST_F(OfficeFormatsTest, WithoutLibreOfficeTextBecomesPages) {
  const std::string flat =
      "<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
      "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text><text:p>Two"
      "<text:s/>words</text:p><text:p>and more</text:p></office:text></office:body></office:document>";
  File file(flat, "a.fodt");
  const Inspection inspection = extractor_->inspect(file.source);
  EXPECT_EQ(FileKind::office, inspection.kind);
  EXPECT_EQ("application/vnd.oasis.opendocument.text-flat-xml", inspection.media_type);
  const auto pdf = memory_file();
  extractor_->write_pages(file.source, inspection.media_type, pdf);
  const auto pages = read(content(pdf));
  ASSERT_EQ(1U, pages.size());
  EXPECT_EQ("Two words\nand more", pages[0].text());
}

TEST_F(OfficeFormatsTest, NoEntityIsReplacedAndNoFileFetched) {
  const std::filesystem::path secret = std::filesystem::path(::testing::TempDir()) / "muniment-entity.txt";
  core::write_durably(secret, "secret");
  const std::string entities = "<!ENTITY file SYSTEM \"file://" + secret.string() + "\"><!ENTITY own \"laugh\">";
  for (const char* named : {"&file;", "&own;"}) {
    const std::string text = worker::office_text(
        "<?xml version=\"1.0\"?><!DOCTYPE office:document [" + entities +
            "]><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
            "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text><text:p>before " +
            named + " behind</text:p></office:text></office:body></office:document>",
        "application/vnd.oasis.opendocument.text-flat-xml");
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_EQ(text.find("laugh"), std::string::npos);
    EXPECT_EQ(text.substr(0, 6), "before");
  }
  std::filesystem::remove(secret);
}

TEST_F(OfficeFormatsTest, WithoutLibreOfficeOldFilesSayWhyTheyAreNotRead) {
  File file(ole_with({"WordDocument"}));
  const auto pdf = memory_file();
  try {
    extractor_->write_pages(file.source, "application/msword", pdf);
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(core::ErrorCode::unsupported_type, error.code());
  }
}

TEST_F(OfficeFormatsTest, ALibreOfficeThatDoesNotStartIsNamedAndStopsNothingElse) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "muniment-no-libreoffice";
  std::filesystem::create_directories(folder / "program");
  core::write_durably(folder / "program" / "libmergedlo.so", "none");
  ExtractorOptions options;
  options.program = MUNIMENT_EXTRACT;
  options.office_program = "/bin/false";
  options.libreoffice = folder;
  const Extractor extractor(options, *log_);
  File file("{\\rtf1 a}");
  const auto pdf = memory_file();
  try {
    extractor.write_pages(file.source, "application/rtf", pdf);
    ADD_FAILURE() << "nothing can have been written";
  } catch (const core::Error& error) {
    EXPECT_EQ(core::ErrorCode::unsupported_type, error.code());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace

}  // namespace muniment::ingest
