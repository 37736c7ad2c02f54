#include "storage/documents.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/index_queue.h"
#include "storage/pages.h"
#include "storage/serial_numbers.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using testing::kTester;
using testing::TestArchive;

PageLayer page_of(std::string_view word, int confidence = 90) {
  PageLayer layer;
  layer.width = 100;
  layer.height = 100;
  layer.source = TextSource::ocr;
  layer.mean_confidence = static_cast<std::uint8_t>(confidence);
  layer.language = "eng";
  layer.lines = {Line{{Word{{1, 1, 10, 10}, static_cast<std::uint8_t>(confidence), std::string(word)}}, true}};
  return layer;
}

struct Fixture : TestArchive {
  Principal ada = add_person("ada", Role::staff);
  std::int64_t id = add_document(ada.actor(), "Min rapport.pdf", "bytes");

  Document document() {
    auto session = database.read();
    return find_document(session, ada, id).value();
  }
  // Stores one page and ends the reading, as the pipeline does.
  void read(const PageLayer& page, const ReadingResult& result) {
    const Document before = document();
    auto tx = database.begin(Actor::system("pipeline"));
    record_inspection(tx, id, before.components.at(0).id, {"application/pdf", false, false, 1});
    store_page(tx, before.components.at(0).id, 1, page);
    record_reading(tx, id, result);
    tx.commit();
  }
};

TEST(Documents, IsCapturedWithEverythingThatIdentifiesIt) {
  Fixture archive;
  const Document document = archive.document();
  EXPECT_EQ(document.title, "Min rapport");
  EXPECT_EQ(document.title_source, ValueSource::filename);
  EXPECT_EQ(document.state, DocumentState::received);
  EXPECT_EQ(document.added_by, archive.ada.account_id);
  ASSERT_EQ(document.components.size(), 1u);
  EXPECT_EQ(document.components[0].size, 5u);
  EXPECT_EQ(document.components[0].hash, core::Sha256::of("bytes"));
  auto session = archive.database.read();
  EXPECT_EQ(changed_documents(session, 10).at(0).document_id, archive.id);
  EXPECT_EQ(list_audit(session, {}, 0, 1).at(0).action, "document.captured");
  EXPECT_TRUE(damaged_documents(session).empty());
}

TEST(Documents, GuessesNeverReplaceWhatAPersonSaid) {
  Fixture archive;
  const core::Date guessed = core::parse_iso_date("2024-03-05").value();
  archive.read(page_of("hej"), {"Guessed title", {{guessed, 1, "dated"}}, "swe"});
  EXPECT_EQ(archive.document().title, "Guessed title");
  EXPECT_EQ(archive.document().date, guessed);
  EXPECT_EQ(archive.document().language, "swe");
  EXPECT_TRUE(archive.document().has_text);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    DocumentChange change;
    change.title = "  My   title ";
    change.date = std::optional<core::Date>();
    change.language = "eng";
    change_document(tx, archive.ada, archive.id, archive.document().version, change);
    tx.commit();
  }
  archive.read(page_of("hej"), {"Another guess", {{guessed, 1, "dated"}}, "swe"});
  const Document after = archive.document();
  EXPECT_EQ(after.title, "My title");
  EXPECT_EQ(after.date, std::nullopt);
  EXPECT_EQ(after.language, "eng");
}

TEST(Documents, AStaleChangeIsRefusedAndAChangeIsAuditedOldAndNew) {
  Fixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  DocumentChange change;
  change.title = "New";
  EXPECT_EQ(change_document(tx, archive.ada, archive.id, 1, change), 2);
  try {
    change_document(tx, archive.ada, archive.id, 1, change);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::stale);
  }
  const auto entry = list_audit(tx, {}, 0, 1).at(0);
  EXPECT_EQ(entry.action, "document.changed");
  EXPECT_NE(entry.detail.find(R"("before":{"title":"Min rapport"})"), std::string::npos) << entry.detail;
  EXPECT_NE(entry.detail.find(R"("after":{"title":"New"})"), std::string::npos) << entry.detail;
}

TEST(Documents, APublicTitleThatHidesNothingIsNone) {
  Fixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  const auto public_title = [&](std::optional<std::string> wanted) {
    DocumentChange change;
    change.public_title = std::move(wanted);
    change_document(tx, archive.ada, archive.id, find_document(tx, archive.ada, archive.id)->version, change);
    return find_document(tx, archive.ada, archive.id)->public_title;
  };
  EXPECT_EQ(public_title("Min  *****"), "Min *****");
  EXPECT_NE(list_audit(tx, {}, 0, 1).at(0).detail.find(R"("before":{"public_title":null})"), std::string::npos);
  EXPECT_EQ(public_title("Min rapport"), std::nullopt);
  public_title("Min *****");
  EXPECT_EQ(public_title(std::nullopt), std::nullopt);
  EXPECT_THROW(public_title(""), Error);
}

TEST(Documents, ReferencesToNothingAreRefusedByName) {
  Fixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  DocumentChange change;
  change.type_id = 4711;
  try {
    change_document(tx, archive.ada, archive.id, 1, change);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_EQ(error.fields().at(0).pointer, "/type");
    EXPECT_EQ(error.message(), "there is no document type 4711");
  }
}

TEST(Documents, TrashAndRestore) {
  Fixture archive;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    trash_document(tx, archive.ada, archive.id);
    trash_document(tx, archive.ada, archive.id);
    tx.commit();
  }
  auto session = archive.database.read();
  EXPECT_EQ(load_indexable(session, archive.id)->access_list, 0) << "which nobody may read";
  EXPECT_EQ(list_documents(session, archive.ada, {}, DocumentOrder::title, 0, 10).total, 0);
  DocumentFilter trash;
  trash.trashed = true;
  EXPECT_EQ(list_documents(session, archive.ada, trash, DocumentOrder::title, 0, 10).total, 1);
  EXPECT_EQ(find_duplicate(session, archive.ada, core::Sha256::of("bytes")), archive.id);
  const auto stays = [](Session&, const Document& document) { return !document.trashed_at; };
  EXPECT_FALSE(find_duplicate(session, archive.ada, core::Sha256::of("bytes"), stays));
  const std::int64_t live = archive.add_document(archive.ada.actor(), "again.txt", "bytes");
  EXPECT_EQ(find_duplicate(session, archive.ada, core::Sha256::of("bytes")), live) << "though the other is older";
  auto tx = archive.database.begin(archive.ada.actor());
  restore_document(tx, archive.ada, archive.id);
  tx.commit();
  EXPECT_EQ(load_indexable(session, archive.id)->access_list, archive.document().access_list);
}

TEST(Documents, TheNumberOfADestroyedDocumentIsNotGivenAgain) {
  Fixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  record_serial_label(tx, archive.id, "", 7);
  EXPECT_EQ(next_serial_number(tx), 8);
  tx.execute(
      "INSERT INTO tombstone (document_id, access_list_id, class_code, captured_at, schedule_code, authority, "
      "components, executed_at, serial_number) VALUES (9999, 1, '', 0, '', '', '[]', 0, 41)");
  EXPECT_EQ(next_serial_number(tx), 42);
}

TEST(Documents, AHiddenDocumentIsNotACapturedDuplicateAndIdentifiersAreNeverReused) {
  Fixture archive;
  EXPECT_GT(archive.add_document(kTester, "b", "other"), archive.id);
}

TEST(Documents, CaptureFactsCannotBeChangedThroughTheDatabase) {
  Fixture archive;
  for (const char* statement :
       {"UPDATE document SET added_at = 0", "UPDATE document SET row_hash = ''", "UPDATE component SET sha256 = ''",
        "UPDATE blob SET size = 1", "UPDATE component SET filename = 'x'"}) {
    auto tx = archive.database.begin(kTester);
    EXPECT_THROW(tx.execute(statement), Error) << statement;
  }
}

TEST(Documents, DamageInACapturedRowIsFound) {
  Fixture archive;
  auto tx = archive.database.begin(kTester);
  tx.execute("DROP TRIGGER component_is_immutable");
  tx.execute("UPDATE component SET filename = 'x'");
  EXPECT_EQ(damaged_documents(tx).size(), 1u);
}

TEST(Documents, APictureIsKnownFromPagesOfTheSameDocumentOnly) {
  Fixture archive;
  const auto picture = core::Sha256::of("a picture");
  const std::int64_t other = archive.add_document(kTester, "other.pdf", "other bytes");
  const auto known = [&](std::int64_t document) {
    auto session = archive.database.read();
    const auto layer = find_layer_of_picture(session, document, picture);
    return layer ? layer->text() : "(unknown)";
  };
  archive.read(page_of("wrod"), {});
  EXPECT_EQ(known(archive.id), "(unknown)");
  {
    auto tx = archive.database.begin(archive.ada.actor());
    store_page(tx, archive.document().components.at(0).id, 1, page_of("wrod"), {}, picture);
    correct_page_text(tx, archive.ada, archive.id, archive.document().version, 1, "word");
    tx.commit();
  }
  EXPECT_EQ(known(archive.id), "wrod") << "as it was read, not as a person wrote it";
  EXPECT_EQ(known(other), "(unknown)") << "one file answers for no other";
  {
    auto tx = archive.database.begin(kTester);
    tx.execute("UPDATE page SET original_layer = layer");
    tx.commit();
  }
  EXPECT_EQ(known(archive.id), "(unknown)") << "damage does not spread";
}

// What is altered in the row of the one page, and put back by nobody.
TEST(Documents, DamageInAPageIsFoundWhateverOfItChanged) {
  Fixture archive;
  archive.read(page_of("hej"), {});
  const std::int64_t other = archive.add_document(kTester, "other.pdf", "other bytes");
  {
    auto tx = archive.database.begin(archive.ada.actor());
    correct_page_text(tx, archive.ada, archive.id, archive.document().version, 1, "hello");
    const auto component = tx.value<std::int64_t>("SELECT id FROM component WHERE document_id = $1", other).value();
    store_page(tx, component, 1, page_of("another"));
    tx.commit();
  }
  {
    auto session = archive.database.read();
    EXPECT_TRUE(damaged_pages(session).empty());
  }
  for (const char* statement :
       {"UPDATE page SET layer = CAST(substr(layer, 1, 20) || x'7a' || substr(layer, 22) AS BLOB)",
        "UPDATE page SET original_layer = x'00' WHERE source = 'corrected'",
        "UPDATE page SET layer = (SELECT layer FROM page WHERE source = 'ocr')", "UPDATE page SET row_hash = ''",
        "UPDATE page SET layer = (SELECT layer FROM page WHERE source = 'ocr'), source = 'ocr', confidence = 90, "
        "original_layer = NULL, row_hash = (SELECT row_hash FROM page WHERE source = 'ocr')",
        "UPDATE page SET confidence = 99", "UPDATE page SET language = 'swe'", "UPDATE page SET problem = 'none'"}) {
    auto tx = archive.database.begin(kTester);
    tx.execute(statement);
    const auto findings = damaged_pages(tx);
    ASSERT_FALSE(findings.empty()) << statement;
    EXPECT_NE(findings.front().find("document " + std::to_string(archive.id) + ", page 1"), std::string::npos)
        << findings.front();
  }
}

TEST(Documents, ReadingAgainDoesNotPassADamagedCorrectionOffAsSound) {
  Fixture archive;
  archive.read(page_of("wrod"), {});
  {
    auto tx = archive.database.begin(archive.ada.actor());
    correct_page_text(tx, archive.ada, archive.id, archive.document().version, 1, "word");
    tx.execute("UPDATE page SET layer = original_layer");
    tx.commit();
  }
  archive.read(page_of("reread"), {});
  auto session = archive.database.read();
  const auto findings = damaged_pages(session);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_NE(findings.front().find("correct the page anew"), std::string::npos) << findings.front();
}

TEST(Documents, AReadingWithLowConfidenceIsMarkedUntilItIsCorrected) {
  Fixture archive;
  archive.read(page_of("wrod", 30), {});
  EXPECT_TRUE(archive.document().low_confidence);
  auto tx = archive.database.begin(archive.ada.actor());
  correct_page_text(tx, archive.ada, archive.id, archive.document().version, 1, "word\n\nand more");
  tx.commit();
  const Document after = archive.document();
  EXPECT_FALSE(after.low_confidence);
  auto session = archive.database.read();
  EXPECT_EQ(find_page(session, after, 1)->text(), "word\n\nand more");
  EXPECT_EQ(find_page_as_read(session, after, 1)->text(), "wrod");
  EXPECT_EQ(load_indexable(session, archive.id)->pages.at(0).text, "word\n\nand more");
  archive.read(page_of("reread"), {});
  EXPECT_EQ(find_page(session, after, 1)->text(), "word\n\nand more") << "reading again keeps a person's text";
  EXPECT_EQ(find_page_as_read(session, after, 1)->text(), "reread");
}

TEST(Documents, MarkIndexedForgetsOnlyWhatDidNotChangeSince) {
  Fixture archive;
  auto session = archive.database.read();
  const auto seen = changed_documents(session, 10);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    add_note(tx, archive.ada, archive.id, "later");
    tx.commit();
  }
  auto tx = archive.database.begin(kTester);
  mark_indexed(tx, seen);
  EXPECT_EQ(changed_document_count(tx), 1);
  mark_indexed(tx, changed_documents(tx, 10));
  EXPECT_EQ(changed_document_count(tx), 0);
}

TEST(Documents, WhatFewerMayReadIsToldUntilTheIndexHasLearntItAndToNobodyWhoMay) {
  Fixture archive;
  const Principal bo = archive.add_person("bo", Role::staff);
  auto tx = archive.database.begin(kTester);
  mark_indexed(tx, changed_documents(tx, 10));
  const auto hidden = [&](const Principal& who) { return not_readable_any_more(tx, who); };
  EXPECT_TRUE(hidden(bo).empty());
  DocumentChange change;
  change.own_access_list =
      create_access_list(tx, "Ada alone", {{AccessEntry::Subject::account, archive.ada.account_id, true, {}}});
  const Principal system = system_principal(tx, "test");
  change_document(tx, system, archive.id, find_document(tx, system, archive.id)->version, change);
  const Principal ada = load_principal(tx, archive.ada.account_id, "").value();
  EXPECT_TRUE(hidden(ada).empty());
  EXPECT_EQ(hidden(bo), std::vector{archive.id});
  const auto seen = changed_documents(tx, 10);
  queue_for_indexing(tx, archive.id);
  mark_indexed(tx, seen);
  EXPECT_EQ(hidden(bo), std::vector{archive.id}) << "it changed again before it was indexed";
  trash_document(tx, ada, archive.id);
  EXPECT_EQ(hidden(ada), std::vector{archive.id});
  restore_document(tx, ada, archive.id);
  EXPECT_TRUE(hidden(ada).empty()) << "it is there again";
  EXPECT_EQ(hidden(bo), std::vector{archive.id});
  change.own_access_list.emplace(kEveryoneList);
  change_document(tx, system, archive.id, find_document(tx, system, archive.id)->version, change);
  EXPECT_TRUE(hidden(bo).empty()) << "bo may read it again";
  trash_document(tx, ada, archive.id);
  EXPECT_EQ(hidden(bo), std::vector{archive.id});
  mark_indexed(tx, changed_documents(tx, 10));
  EXPECT_TRUE(hidden(bo).empty());
}

// The first account is a person like any other, and a list may name people and groups.
TEST(Documents, TheListHoldsWhatItsReaderMayReadAndNothingElse) {
  Fixture archive;
  const Principal bo = archive.add_person("bo", Role::staff);
  const auto listed = [&](Session& session, const Principal& who) {
    return list_documents(session, who, {}, DocumentOrder::title, 0, 10).total;
  };
  auto tx = archive.database.begin(kTester);
  const auto give = [&](const std::vector<AccessEntry>& entries) {
    DocumentChange change;
    change.own_access_list = create_access_list(tx, "List " + std::to_string(entries.size()), entries);
    change_document(tx, system_principal(tx, "test"), archive.id,
                    find_document(tx, system_principal(tx, "test"), archive.id)->version, change);
  };
  EXPECT_EQ(listed(tx, archive.ada), 1);
  give({});
  EXPECT_EQ(archive.ada.account_id, 1);
  EXPECT_EQ(listed(tx, archive.ada), 0);
  EXPECT_EQ(listed(tx, system_principal(tx, "test")), 1);
  give({{AccessEntry::Subject::account, bo.account_id, false}});
  EXPECT_EQ(listed(tx, archive.ada), 0);
  EXPECT_EQ(listed(tx, bo), 1);
}

TEST(Documents, AStatementWhoseParametersAreOutOfOrderIsRefused) {
  Fixture archive;
  auto session = archive.database.read();
  EXPECT_THROW(session.value<std::int64_t>("SELECT id FROM document WHERE id = $2 AND id = $1", 1, 2), Error);
}

TEST(Documents, TagsTypesAndCorrespondentsAreSharedByFoldedName) {
  Fixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  const NamedEntry tag = ensure_name(tx, Vocabulary::tag, "Viktigt");
  EXPECT_EQ(ensure_name(tx, Vocabulary::tag, "VIKTIGT").id, tag.id);
  DocumentChange change;
  change.tag_ids = std::vector{tag.id};
  change_document(tx, archive.ada, archive.id, 1, change);
  EXPECT_EQ(load_indexable(tx, archive.id)->tags, std::vector<std::string>{"Viktigt"});
  remove_name(tx, Vocabulary::tag, tag.id);
  EXPECT_TRUE(load_indexable(tx, archive.id)->tags.empty());
  ensure_name(tx, Vocabulary::correspondent, "Beta AB");
  ensure_name(tx, Vocabulary::correspondent, "Alfabeta");
  const auto names = list_names(tx, Vocabulary::correspondent, "beta", 10);
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0].name, "Beta AB");
}

}  // namespace
}  // namespace muniment::storage
