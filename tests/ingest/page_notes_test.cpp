// What people noted on the pages of PDFs.
#include "ingest/worker/page_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using storage::Box;
using storage::TextSource;

// One A4 page of this content, with these annotations. There is no table of objects: it is found out.
std::string pdf_with_notes(const std::string& content, const std::string& annotations) {
  return "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 "
         "R>>>>/Annots[" +
         annotations + "]>>endobj\n4 0 obj<</Length " + std::to_string(content.size()) + ">>stream\n" + content +
         "\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
         "trailer<</Root 1 0 R>>\n%%EOF\n";
}

class PageNotesTest : public FormatsTest {};

TEST_F(PageNotesTest, ANoteIsReadBehindThePageWhereItsMarkIs) {
  const auto page = read(pdf_with_notes("BT /F 12 Tf 72 700 Td (an offer) Tj ET",
                                        "<</Type/Annot/Subtype/Text/Rect[100 742 120 762]/Contents(far\\r\\ntoo dear)>>"
                                        "<</Type/Annot/Subtype/Link/Rect[200 742 220 762]/Contents(elsewhere)>>"
                                        "<</Type/Annot/Subtype/Text/Rect[300 742 310 752]>>"))
                        .at(0);
  EXPECT_EQ(page.text(), "an offer\n\nfar too dear");
  ASSERT_EQ(page.lines.size(), 2U);
  constexpr int kNear = 20;  // MuPDF draws the mark a little smaller
  for (const auto& word : page.lines[1].words) {
    EXPECT_NEAR(word.box.left, 1000, kNear) << word.text;
    EXPECT_NEAR(word.box.top, 800, kNear) << word.text;
    EXPECT_NEAR(word.box.width, 200, kNear) << word.text;
    EXPECT_NEAR(word.box.height, 200, kNear) << word.text;
  }
}

TEST_F(PageNotesTest, APageWithNothingButANoteIsNotBlank) {
  const std::string note = "<</Type/Annot/Subtype/Text/Rect[100 742 120 762]/Contents(signed elsewhere)>>";
  const auto page = read(pdf_with_notes("", note)).at(0);
  EXPECT_NE(page.source, TextSource::blank);
  EXPECT_EQ(page.text(), "signed elsewhere");
}

TEST(PageNotes, StandWhereTheMarkIsWhenThePageIsTurnedAndAreAddedOnce) {
  storage::PageLayer layer;
  layer.width = 8420;
  layer.height = 5950;
  layer.rotation = 90;
  const std::vector<worker::PageNote> notes{{"too dear", {1000, 800, 200, 100}}};
  worker::add_notes(layer, notes);
  worker::add_notes(layer, notes);
  ASSERT_EQ(layer.lines.size(), 1U);
  EXPECT_EQ(layer.lines[0].words[1].box, (Box{7520, 1000, 100, 200}));
}

}  // namespace
}  // namespace muniment::ingest
