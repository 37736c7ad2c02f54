// The notes under slides: read from the package, and added to the PDF that is made of it.
#include "ingest/worker/speaker_notes.h"

#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/worker/page_notes.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using worker::speaker_notes;

using NamedParts = std::vector<std::pair<std::string, std::string>>;

std::string package_of(const NamedParts& parts) {
  const auto file = memory_file();
  archive* const out = ::archive_write_new();
  EXPECT_EQ(::archive_write_set_format_zip(out), ARCHIVE_OK);
  EXPECT_EQ(::archive_write_open_fd(out, file.get()), ARCHIVE_OK);
  for (const auto& [path, text] : parts) {
    archive_entry* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, path.c_str());
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_perm(entry, 0644);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    EXPECT_EQ(::archive_write_header(out, entry), ARCHIVE_OK) << ::archive_error_string(out);
    ::archive_write_data(out, text.data(), text.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(out);
  ::archive_write_free(out);
  return content(file);
}

std::string relation(const std::string& id, const std::string& kind, const std::string& target) {
  return "<Relationship Id=\"" + id + "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" +
         kind + "\" Target=\"" + target + "\"/>";
}

std::string relations(const std::string& all) {
  return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + all +
         "</Relationships>";
}

std::string placeholder(const std::string& type, const std::string& paragraphs) {
  return "<p:sp><p:nvSpPr><p:nvPr><p:ph type=\"" + type + "\"/></p:nvPr></p:nvSpPr><p:txBody>" + paragraphs +
         "</p:txBody></p:sp>";
}

std::string paragraph(const std::string& text) {
  return "<a:p><a:r><a:t>" + text + "</a:t></a:r></a:p>";
}

// The notes under one slide, among the other things that a page of notes has.
std::string notes_part(const std::string& paragraphs, const std::string& before = "") {
  return before + "<p:notes xmlns:p=\"p\" xmlns:a=\"a\"><p:cSld><p:spTree>" + placeholder("hdr", paragraph("Header")) +
         placeholder("body", paragraphs) + placeholder("dt", paragraph("5 May")) +
         placeholder("sldNum", "<a:p><a:fld type=\"slidenum\"><a:t>7</a:t></a:fld></a:p>") +
         "</p:spTree></p:cSld></p:notes>";
}

// Slides that refer to these notes, or to none; slide n is named 100 - n, as they are when they were moved.
NamedParts presentation(const std::vector<std::string>& notes) {
  std::string list, targets;
  NamedParts parts;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const std::string id = "rId" + std::to_string(i), name = std::to_string(100'000 - i) + ".xml";
    list += "<p:sldId id=\"256\" r:id=\"" + id + "\"/>";
    targets += relation(id, "slide", "slides/slide" + name);
    if (notes[i].empty()) continue;
    parts.emplace_back("ppt/slides/_rels/slide" + name + ".rels",
                       relations(relation("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml") +
                                 relation("rId2", "notesSlide", "../notesSlides/notesSlide" + name)));
    parts.emplace_back("ppt/notesSlides/notesSlide" + name, notes[i]);
  }
  parts.emplace_back("ppt/presentation.xml", "<p:presentation xmlns:p=\"p\" xmlns:r=\"r\"><p:sldIdLst>" + list +
                                                 "</p:sldIdLst></p:presentation>");
  parts.emplace_back("ppt/_rels/presentation.xml.rels", relations(targets));
  return parts;
}

const std::string kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

TEST(SpeakerNotes, AreTheBodysParagraphsInTheOrderOfTheSlides) {
  const auto parts = presentation({notes_part(paragraph("Greet &amp; thank") + paragraph("then wait")), "",
                                   notes_part(paragraph("Not about money"))});
  EXPECT_THAT(speaker_notes(package_of(parts)), ElementsAre("Greet & thank then wait", "", "Not about money"));
}

TEST(SpeakerNotes, AreFoundWhereverATargetIsWrittenFrom) {
  auto parts = presentation({notes_part(paragraph("Smile"))});
  parts[0].second = relations(relation("rId2", "notesSlide", "/ppt/notesSlides/notesSlide100000.xml"));
  EXPECT_THAT(speaker_notes(package_of(parts)), ElementsAre("Smile"));
}

TEST(SpeakerNotes, LackWhatIsNotThere) {
  auto parts =
      presentation({notes_part(paragraph("one")), notes_part(paragraph("two")), notes_part(paragraph("three"))});
  std::erase_if(parts, [](const auto& part) {
    return part.first == "ppt/slides/_rels/slide100000.xml.rels" ||  // the first slide's relations
           part.first == "ppt/notesSlides/notesSlide99999.xml";      // the second one's notes
  });
  EXPECT_THAT(speaker_notes(package_of(parts)), ElementsAre("", "", "three"));
  std::erase_if(parts, [](const auto& part) { return part.first == "ppt/_rels/presentation.xml.rels"; });
  EXPECT_THAT(speaker_notes(package_of(parts)), ElementsAre("", "", ""));
  EXPECT_THAT(speaker_notes(package_of({{"word/document.xml", "<w/>"}})), IsEmpty());
  EXPECT_THAT(speaker_notes("none"), IsEmpty());
  EXPECT_THROW(speaker_notes("PK\x03\x04"), core::Error);
}

TEST(SpeakerNotes, OfOpenDocumentsAreTheirClassAndThoseOfHiddenSlidesCount) {
  const auto frame = [](const std::string& kind, const std::string& text) {
    return "<draw:frame presentation:class=\"" + kind + "\"><draw:text-box>" + text + "</draw:text-box></draw:frame>";
  };
  const std::string notes =
      "<presentation:notes><draw:page-thumbnail presentation:class=\"page\"/>" +
      frame("notes",
            "<text:p>Greet<text:tab/>all</text:p><text:list><text:list-item><text:p>then wait</text:p>"
            "</text:list-item></text:list>") +
      frame("page-number", "<text:p>7</text:p>") + frame("header", "<text:p>Header</text:p>") + "</presentation:notes>";
  const std::string pages = "<draw:page>" + frame("title", "<text:p>Shown</text:p>") + "</draw:page>" +
                            "<draw:page draw:style-name=\"hidden\">" + notes + "</draw:page>";
  EXPECT_THAT(
      speaker_notes(package_of(
          {{"content.xml", "<c xmlns:draw=\"d\" xmlns:presentation=\"p\" xmlns:text=\"t\">" + pages + "</c>"}})),
      ElementsAre("", "Greet all then wait"));
}

TEST(SpeakerNotes, OfAPartWithADocumentTypeAreNone) {
  std::string entities = "<!ENTITY e0 \"laugh\">";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "&e" + std::to_string(i - 1) + ";";
    entities += "<!ENTITY e" + std::to_string(i) + " \"" + before + before + "\">";
  }
  const auto parts =
      presentation({notes_part(paragraph("before &e29;"), kDeclaration + "<!DOCTYPE p:notes [" + entities + "]>"),
                    notes_part(paragraph("sound"))});
  EXPECT_THAT(speaker_notes(package_of(parts)), ElementsAre("", "sound"));
}

TEST(SpeakerNotes, AreTakenOnceHoweverManySlidesShareThem) {
  constexpr std::size_t kSlides = 10'000;
  auto parts = presentation(std::vector<std::string>(kSlides));
  for (auto& [path, text] : parts) {
    for (auto at = text.find("\"slides/"); at != std::string::npos; at = text.find("\"slides/", at + 1)) {
      text.replace(at, text.find('"', at + 1) - at, "\"slides/one.xml");
    }
  }
  parts.emplace_back("ppt/slides/_rels/one.xml.rels",
                     relations(relation("rId1", "notesSlide", "../notesSlides/one.xml")));
  parts.emplace_back("ppt/notesSlides/one.xml", notes_part(paragraph(std::string(100'000, 'a'))));
  const auto notes = speaker_notes(package_of(parts));
  ASSERT_EQ(notes.size(), kSlides);
  std::size_t bytes = 0;
  for (const std::string& text : notes) bytes += text.size();
  EXPECT_EQ(bytes, 100'000U);
}

TEST(SpeakerNotes, OfManySlidesKeepTheirPlaces) {
  std::vector<std::string> written;
  for (int i = 0; i < 1'000; ++i) written.push_back(notes_part(paragraph("note " + std::to_string(i))));
  const auto notes = speaker_notes(package_of(presentation(written)));
  ASSERT_EQ(notes.size(), 1'000U);
  EXPECT_EQ(notes[987], "note 987");
}

class AddedNotesTest : public FormatsTest {
 protected:
  // What is read of a page that says "Slide" when these are added to it.
  static storage::PageLayer page_with(const std::vector<std::string>& notes) {
    const std::string pdf = pdf_with("BT /F 12 Tf 72 700 Td (Slide) Tj ET");
    const auto file = memory_file(pdf);
    const worker::MupdfContext mupdf;
    worker::append_notes(mupdf.get(), pdf, notes, file);
    EXPECT_EQ(content(file).substr(0, pdf.size()), pdf);
    return read(content(file)).at(0);
  }
};

TEST_F(AddedNotesTest, StandBehindWhatThePageShowsAtItsFoot) {
  const auto page = page_with({"Räksmörgås (first) — then wait"});
  EXPECT_EQ(page.text(), "Slide\n\nRäksmörgås (first) — then wait");
  ASSERT_EQ(page.lines.size(), 2U);
  const storage::Box& box = page.lines[1].words.at(0).box;
  EXPECT_GE(box.top, page.height - 500);
  EXPECT_LE(box.top + box.height, page.height);
}

TEST_F(AddedNotesTest, AreNotSeen) {
  const std::string pdf = pdf_with("");
  const auto with = memory_file(pdf);
  const worker::MupdfContext mupdf;
  worker::append_notes(mupdf.get(), pdf, {"secret"}, with);
  File without(pdf), noted(content(with));
  const RenderOptions how{400, 0};
  EXPECT_EQ(extractor_->render_page(noted.source, 1, how), extractor_->render_page(without.source, 1, how));
}

TEST_F(AddedNotesTest, AllGoToTheLastPageWhenNobodyKnowsWhichIsWhose) {
  EXPECT_EQ(page_with({"one", "", "three"}).text(), "Slide\n\none three");
}

TEST_F(AddedNotesTest, AreCutWhereTheyAreLongerThanAPage) {
  std::string endless;
  while (endless.size() < (3U << 20)) endless += "word ";
  EXPECT_LE(page_with({endless}).text().size(), (1U << 20) + 100);
}

TEST_F(AddedNotesTest, AreNotAddedToWhatIsNoPdf) {
  const worker::MupdfContext mupdf;
  const auto file = memory_file("none");
  EXPECT_THROW(worker::append_notes(mupdf.get(), "none", {"one"}, file), core::Error);
}

}  // namespace
}  // namespace muniment::ingest
