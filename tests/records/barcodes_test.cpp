#include "records/barcodes.h"

#include <gtest/gtest.h>

#include "records/file_plan.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::PaperArchive;

TEST(Barcodes, AreGivenOnceOverFilesAndPlaces) {
  PaperArchive archive;
  const std::int64_t id = archive.paper({}, "kn-17");
  const CodeBearer bearer{CodeBearer::Kind::paper, id};
  {
    auto session = archive.database.read();
    EXPECT_EQ(find_code(session, " KN-17\r\n")->bearer, bearer);
    EXPECT_FALSE(find_code(session, "KN-18"));
  }
  const CodeBearer box{CodeBearer::Kind::location, archive.box};
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "KN-17"); });
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "M00000099"); },
                  core::ErrorCode::invalid_argument);
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "KN 18"); },
                  core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) { EXPECT_EQ(give_other_code(tx, archive.manager, bearer, ""), "M00000006"); });
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "KN-17"); });
  auto session = archive.database.read();
  EXPECT_TRUE(find_code(session, "KN-17")->replaced) << "it still says what it was on";
  EXPECT_EQ(code_of(session, bearer), "M00000006");
}

TEST(Barcodes, ARenumberedClassAsksForNewLabels) {
  PaperArchive archive;
  const std::int64_t id = archive.paper();
  archive.change([&](auto& tx) { note_printed(tx, archive.clerk, labels_to_print(tx, archive.manager, 100)); });
  archive.change([&](auto& tx) {
    ClassChange change;
    change.code = "3.7";
    change_class(tx, archive.node, find_class(tx, archive.node)->version, change);
  });
  EXPECT_EQ(archive.item_of(id).label, "outdated");
  auto session = archive.database.read();
  EXPECT_EQ(label_texts(session, archive.manager, {{CodeBearer::Kind::paper, id}})[0].detail, "3.7");
}

TEST(Barcodes, ALabelSaysThePublicTitleAndIsPrintedAnewForAnother) {
  PaperArchive archive;
  const std::int64_t id = archive.paper();
  const auto print = [&] {
    archive.change([&](auto& tx) { note_printed(tx, archive.clerk, labels_to_print(tx, archive.manager, 100)); });
  };
  const auto text = [&] {
    auto session = archive.database.read();
    return label_texts(session, archive.manager, {{CodeBearer::Kind::paper, id}}).at(0);
  };
  const auto change = [&](const storage::DocumentChange& wanted) {
    archive.change([&](auto& tx) {
      storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version,
                               wanted);
    });
  };
  std::int64_t folder = 0;
  archive.change([&](auto& tx) { folder = create_folder(tx, archive.node, "Eva Ek", std::nullopt); });
  storage::DocumentChange filed, masked;
  filed.folder_id = folder;
  masked.public_title.emplace("Personnel *****");
  change(filed);
  print();
  EXPECT_EQ(text().condition, "good");
  change(masked);
  EXPECT_EQ(text().condition, "outdated");
  EXPECT_EQ(text().title, "Personnel *****");
  print();
  archive.change([&](auto& tx) {
    FolderChange hidden;
    hidden.public_title.emplace("Eva *****");
    change_folder(tx, folder, find_folder(tx, folder)->version, hidden);
  });
  EXPECT_EQ(text().condition, "outdated");
  EXPECT_TRUE(text().detail.ends_with("Eva *****")) << text().detail;
}

TEST(Barcodes, NumbersOfOurOwnNeverRepeat) {
  PaperArchive archive;
  std::set<std::string> codes;
  for (int i = 0; i < 50; ++i) {
    const std::int64_t id = archive.paper();
    EXPECT_TRUE(codes.insert(archive.item_of(id).barcode).second);
    archive.change([&](auto& tx) {
      EXPECT_TRUE(codes.insert(give_other_code(tx, archive.manager, {CodeBearer::Kind::paper, id}, "")).second);
    });
  }
}

}  // namespace
}  // namespace muniment::records
