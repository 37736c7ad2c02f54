#include "storage/saved_views.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using muniment::testing::TestArchive;

class SavedViewsTest : public ::testing::Test {
 protected:
  // The code of what it is refused with.
  template <typename Act>
  std::optional<ErrorCode> refusal(const Principal& who, const Act& act) {
    auto tx = archive.database.begin(who.actor());
    try {
      act(tx);
    } catch (const Error& error) {
      return error.code();
    }
    tx.commit();
    return std::nullopt;
  }
  SavedView save(const Principal& who, const SavedViewTerms& terms) {
    auto tx = archive.database.begin(who.actor());
    SavedView made = create_saved_view(tx, who, terms);
    tx.commit();
    return made;
  }
  std::vector<std::string> names(const Principal& who) {
    auto session = archive.database.read();
    std::vector<std::string> all;
    for (const SavedView& view : list_saved_views(session, who)) all.push_back(view.terms.name);
    return all;
  }

  TestArchive archive;
  Principal karin = archive.add_person("karin", Role::staff);
  Principal rolf = archive.add_person("rolf", Role::reader);
  Principal maria = archive.add_person("maria", Role::records_manager);
};

TEST_F(SavedViewsTest, OnesOwnAndWhatIsShared) {
  save(karin, {"Rent", "q=rent", true});
  save(karin, {"Drafts", "q=draft"});
  save(rolf, {"Boats", "q=boat"});
  EXPECT_EQ(names(karin), (std::vector<std::string>{"Drafts", "Rent"}));
  EXPECT_EQ(names(rolf), (std::vector<std::string>{"Boats", "Rent"}));
  EXPECT_EQ(names(maria), (std::vector<std::string>{"Rent"}));
}

TEST_F(SavedViewsTest, OnlyItsOwnerChangesIt) {
  const SavedView shared = save(karin, {"Rent", "q=rent", true});
  const SavedView own = save(karin, {"Drafts", "q=draft"});
  EXPECT_EQ(refusal(rolf,
                    [&](auto& tx) {
                      change_saved_view(tx, rolf, shared.id, 1, {"X", ""});
                    }),
            ErrorCode::forbidden);
  EXPECT_EQ(refusal(rolf, [&](auto& tx) { delete_saved_view(tx, rolf, shared.id, 1); }), ErrorCode::forbidden);
  EXPECT_EQ(refusal(maria, [&](auto& tx) { delete_saved_view(tx, maria, own.id, 1); }), ErrorCode::not_found);
  EXPECT_EQ(refusal(maria, [&](auto& tx) { delete_saved_view(tx, maria, shared.id, 1); }), std::nullopt);
  EXPECT_EQ(refusal(karin, [&](auto& tx) { change_saved_view(tx, karin, own.id, 7, {"X", ""}); }), ErrorCode::stale);
}

TEST_F(SavedViewsTest, ANameIsTakenOnceByEach) {
  save(karin, {"Rent", "q=rent"});
  save(rolf, {"rent", "q=rent"});
  EXPECT_EQ(refusal(karin, [&](auto& tx) { create_saved_view(tx, karin, {" RENT ", "q=x"}); }), ErrorCode::conflict);
  EXPECT_EQ(refusal(karin, [&](auto& tx) { create_saved_view(tx, karin, {" ", "q=x"}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal(rolf,
                    [&](auto& tx) {
                      create_saved_view(tx, rolf, {"Boats", "", true});
                    }),
            ErrorCode::forbidden)
      << "a reader shares nothing";
  EXPECT_EQ(refusal(archive.system(),
                    [&](auto& tx) {
                      create_saved_view(tx, archive.system(), {"A", ""});
                    }),
            ErrorCode::forbidden);
}

}  // namespace
}  // namespace muniment::storage
