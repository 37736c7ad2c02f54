#include "index/internal/readers.h"

#include <gtest/gtest.h>

#include "tests/support/test_archive.h"

namespace muniment::index {
namespace {

class ReadersTest : public ::testing::Test {
 protected:
  void write(Xapian::docid id, const std::string& term) {
    shards_.apply({{id, false}}, [&](std::size_t, std::size_t) {
      Xapian::Document document;
      document.add_term(term);
      return document;
    });
  }

  testing::TempDirectory directory_;
  Shards shards_{directory_.path() / "shards", 1};
  Readers readers_{shards_, {"eng"}};
};

// Of a database that was written twice since it was opened Xapian may have overwritten what a reader needs.
TEST_F(ReadersTest, WhoIsOvertakenByWritingAsksTheNewestState) {
  write(1, "old");
  EXPECT_EQ(readers_.with([](Reader& reader) { return reader.database.get_doccount(); }), 1U);
  int asked = 0;
  const auto count = readers_.with([&](Reader& reader) {
    if (++asked == 1) {
      write(2, "new");
      write(3, "new");
      throw Xapian::DatabaseModifiedError("the revision being read has been discarded");
    }
    return reader.database.get_termfreq("new");
  });
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(count, 2U);
}

TEST_F(ReadersTest, ADatabaseThatCannotBeReadIsNotAskedForEver) {
  write(1, "a");
  int asked = 0;
  const auto ask = [&](Reader&) -> int {
    ++asked;
    throw Xapian::DatabaseCorruptError("always");
  };
  EXPECT_THROW(readers_.with(ask), Xapian::DatabaseCorruptError);
  EXPECT_EQ(asked, 5);
}

TEST_F(ReadersTest, NoReaderIsLentToTwoAtATime) {
  write(1, "a");
  readers_.with([&](Reader& outer) {
    return readers_.with([&](Reader& inner) {
      EXPECT_NE(&outer, &inner);
      return 0;
    });
  });
}

}  // namespace
}  // namespace muniment::index
