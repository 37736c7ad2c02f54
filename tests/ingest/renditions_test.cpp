#include "ingest/renditions.h"

#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/mail_parts.h"
#include "storage/pages.h"
#include "tests/ingest/fake_reader.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;

std::string content(const core::FileDescriptor& file) {
  std::string text(core::size_of(file), '\0');
  core::read_at(file, 0, std::as_writable_bytes(std::span(text.data(), text.size())));
  return text;
}

class RenditionsTest : public ::testing::Test {
 protected:
  // A document that was read, with one word of text on its first page.
  storage::Document add(const std::string& text, std::int64_t pages, std::int32_t rotation = 0) {
    const auto id = archive_.add_document(storage::Actor::system("test"), "a.pdf", text);
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    auto document = storage::find_document(tx, storage::system_principal(tx, "test"), id).value();
    storage::record_inspection(tx, id, document.components.at(0).id, {"application/pdf", false, false, pages});
    storage::PageLayer layer;
    layer.source = storage::TextSource::ocr;
    layer.mean_confidence = 90;
    layer.rotation = rotation;
    layer.lines = {{{{{0, 0, 10, 10}, 90, "read"}}, true}};
    storage::store_page(tx, document.components.at(0).id, 1, layer);
    document = storage::find_document(tx, storage::system_principal(tx, "test"), id).value();
    tx.commit();
    return document;
  }

  std::unique_ptr<Renditions> make(std::uint64_t limit) {
    return std::make_unique<Renditions>(archive_.data.renditions(), archive_.database, archive_.blobs, reader_,
                                        passwords_, log_, RenditionOptions{limit, 2});
  }

  testing::TestArchive archive_;
  testing::FakeReader reader_;
  Passwords passwords_;
  std::ostringstream log_text_;
  core::Log log_{archive_.clock, log_text_};
  std::unique_ptr<Renditions> renditions_ = make(1 << 20);
};

TEST_F(RenditionsTest, RendersAPageOnceAndUpright) {
  const auto document = add("f\na\nb", 2, 90);
  EXPECT_TRUE(content(renditions_->page_image(document, 1, 1100)).starts_with("f page 1 width 1200 turned 90"));
  EXPECT_TRUE(content(renditions_->page_image(document, 1, 1200)).starts_with("f page 1 width 1200"));
  EXPECT_EQ(reader_.rendered(), 1);
  EXPECT_TRUE(content(renditions_->page_image(document, 2, 90'000)).starts_with("f page 2 width 2400 turned 0"));
  EXPECT_EQ(reader_.rendered(), 2);
  EXPECT_EQ(renditions_->page_image_bytes(), 2000u);
}

TEST_F(RenditionsTest, RefusesPagesThatAreNotThere) {
  const auto document = add("f\na", 1);
  for (const std::int64_t page : {0, 2, -1}) {
    try {
      renditions_->page_image(document, page, 800);
      FAIL() << "page " << page;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::not_found);
    }
  }
}

TEST_F(RenditionsTest, FindsWhatIsAttachedThoughItIsNamedOtherwiseNow) {
  const auto document = add(
      "mail members\nlogo.png \nattachment~2 one\nattachment~3 two\nnotes.txt |some\nattachment~5 three\nnew.txt four",
      1);
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::join_mail(tx, document.id);
    // As they were known when those that have a number were counted otherwise.
    storage::record_mail_parts(tx, document.components.at(0).id,
                               {{1, "attachment 1", 16, 0, 0, ""},
                                {2, "message 2.eml", 16, 0, 0, ""},
                                {3, "notes.txt", 15, 0, 0, ""},
                                {4, "attachment 4", 18, 0, 0, "", core::Sha256::of("attachment~5 three")},
                                {5, "old.txt", 12, 0, 0, "", core::Sha256::of("new.txt four")},
                                {6, "other.txt", 16, 0, 0, ""}});
    tx.commit();
  }
  const auto part = [&](std::int64_t position) {
    return content(renditions_->mail_part(document, position).descriptor());
  };
  for (int time = 0; time < 2; ++time) {  // at first by name and size, then by the bytes
    EXPECT_EQ(part(1), "attachment~2 one");
    EXPECT_EQ(part(2), "attachment~3 two");
    EXPECT_EQ(part(3), "notes.txt \nsome");
  }
  EXPECT_EQ(part(4), "attachment~5 three");
  EXPECT_EQ(part(5), "new.txt four") << "by its bytes alone";
  EXPECT_THROW(part(6), Error) << "a name that somebody gave says what it is";
}

TEST_F(RenditionsTest, EvictsWhatWasNotUsedForLongest) {
  renditions_ = make(10'000);  // ten pictures of the fake's
  const auto document = add("f\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl", 12);
  for (int page = 1; page <= 10; ++page) renditions_->page_image(document, page, 800);
  renditions_->page_image(document, 1, 800);  // used again
  EXPECT_EQ(reader_.rendered(), 10);
  renditions_->thumbnail(document);
  renditions_->page_image(document, 11, 800);
  EXPECT_LE(renditions_->page_image_bytes(), 10'000u);
  const int before = reader_.rendered();
  renditions_->page_image(document, 1, 800);
  renditions_->thumbnail(document);
  EXPECT_EQ(reader_.rendered(), before);
  renditions_->page_image(document, 2, 800);
  EXPECT_EQ(reader_.rendered(), before + 1);
}

TEST_F(RenditionsTest, KnowsWhetherAnythingIsLeftOfAFile) {
  const auto document = add("f\na", 1);
  const core::Sha256 hash = document.components.at(0).hash;
  EXPECT_FALSE(renditions_->has(hash));
  renditions_->thumbnail(document);
  EXPECT_TRUE(renditions_->has(hash));
  renditions_->forget(hash);
  EXPECT_FALSE(renditions_->has(hash));
}

TEST_F(RenditionsTest, KnowsAfterARestartWhatIsCached) {
  const auto document = add("f\na", 1);
  renditions_->page_image(document, 1, 800);
  renditions_ = make(1 << 20);
  EXPECT_EQ(renditions_->page_image_bytes(), 1000u);
}

TEST_F(RenditionsTest, MakesTheArchiveOnceUntilItsTextChanges) {
  const auto document = add("f\na", 1);
  EXPECT_EQ(content(renditions_->archive(document).value()), "read\f");
  renditions_->archive(document);
  EXPECT_EQ(reader_.archived(), 1);
  renditions_->forget_archive(document);
  EXPECT_TRUE(renditions_->archive(document));
  EXPECT_EQ(reader_.archived(), 2);
}

TEST_F(RenditionsTest, RemembersThatTheOriginalIsEnough) {
  const auto document = add("f native\na", 1);
  EXPECT_FALSE(renditions_->archive(document));
  EXPECT_FALSE(renditions_->archive(document));
  EXPECT_EQ(reader_.archived(), 1);
  EXPECT_FALSE(renditions_->archive(add("other", 0)));
  EXPECT_EQ(reader_.archived(), 1);
}

TEST_F(RenditionsTest, ThoseWhoWaitForOneArchiveShareIt) {
  const auto document = add("f\na", 1);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(renditions_->archive(document)); });
  }
  EXPECT_EQ(reader_.archived(), 1);
}

TEST_F(RenditionsTest, CanBeDeletedAltogether) {
  const auto document = add("f\na", 1);
  renditions_->page_image(document, 1, 800);
  renditions_->archive(document);
  renditions_->forget(document);
  EXPECT_TRUE(renditions_->archive(document));
  EXPECT_TRUE(content(renditions_->page_image(document, 1, 800)).starts_with("f page 1"));
}

}  // namespace
}  // namespace muniment::ingest
