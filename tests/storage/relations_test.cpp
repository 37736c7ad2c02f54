// What the index is given to know of relations, and when it is given it anew.
#include "storage/relations.h"

#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/index_queue.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

struct RelationsTest : ::testing::Test, testing::TestArchive {
  std::int64_t one = add_document(Actor::system("test"), "one.txt", "one");
  std::int64_t other = add_document(Actor::system("test"), "other.txt", "other");

  template <typename Change>
  void change(const Change& change) {
    auto tx = database.begin(Actor::system("test"));
    change(tx);
    tx.commit();
  }
  void index_all() {
    change([](auto& tx) { tx.execute("DELETE FROM index_queue"); });
  }
  bool is_queued(std::int64_t id) {
    auto session = database.read();
    return is_queued_for_indexing(session, id);
  }
  std::size_t known_relations(std::int64_t id) {
    auto session = database.read();
    return load_indexable(session, id)->relations.size();
  }
};

TEST_F(RelationsTest, AreIndexedAnewWithWhoMayReadTheOtherEnd) {
  change([&](auto& tx) { relate(tx, system_principal(tx, "test"), one, RelationKind::answers, other); });
  {
    auto session = database.read();
    const auto relations = load_indexable(session, other)->relations;
    ASSERT_EQ(relations.size(), 1u);
    EXPECT_TRUE(relations[0].reversed);
    EXPECT_EQ(relations[0].other_id, one);
  }
  index_all();
  change([&](auto& tx) {
    const std::int64_t list = tx.insert("INSERT INTO access_list (name) VALUES ('Few')");
    tx.execute("UPDATE document SET access_list_id = $1 WHERE id = $2", list, other);
  });
  EXPECT_TRUE(is_queued(one));
  index_all();
  change([&](auto& tx) { tx.execute("UPDATE document SET title = 'Another' WHERE id = $1", other); });
  EXPECT_FALSE(is_queued(one)) << "its title says nothing of that";
}

TEST_F(RelationsTest, ThatHaveNoDirectionAreThereOnce) {
  change([&](auto& tx) {
    for (const auto kind : {RelationKind::relates_to, RelationKind::answers}) {
      relate(tx, system_principal(tx, "test"), one, kind, other);
      relate(tx, system_principal(tx, "test"), other, kind, one);
    }
  });
  EXPECT_EQ(known_relations(one), 3u);
}

TEST_F(RelationsTest, OfWhatIsInTheTrashOrGoneAreNotKnown) {
  change([&](auto& tx) { relate(tx, system_principal(tx, "test"), one, RelationKind::belongs_to, other); });
  index_all();
  trash(system(), other);
  EXPECT_TRUE(is_queued(one));
  EXPECT_EQ(known_relations(one), 0u);
  EXPECT_EQ(known_relations(other), 1u);
  index_all();
  change([&](auto& tx) { tx.execute("DELETE FROM document_relation WHERE other_id = $1", other); });
  EXPECT_TRUE(is_queued(one));
  EXPECT_TRUE(is_queued(other));
}

}  // namespace
}  // namespace muniment::storage
