// Stacks through the pipeline: split by barcodes, once and not again, with nothing lost and nothing carried over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "records/file_plan.h"
#include "storage/accounts.h"
#include "storage/audit.h"
#include "storage/custom_fields.h"
#include "storage/index_queue.h"
#include "storage/members.h"
#include "storage/roles.h"
#include "storage/stack_passes.h"
#include "tests/ingest/stacks_fixture.h"

namespace muniment::ingest {
namespace {

using storage::DocumentState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(StacksTest, WhatAPersonJoinedStaysWhole) {
  const auto joined = add("joined", {"[ASN00012] first", "[PATCHT] sheet", "[ASN00013] second"});
  const auto other = add("other", {"[ASN00022] first", "[PATCHT] sheet", "[ASN00023] second"});
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::keep_whole(tx, joined);
    tx.commit();
  }
  pipeline_.start();
  settle();
  EXPECT_THAT(parts_of(joined), IsEmpty()) << "neither sheets nor serial numbers part what a person joined";
  EXPECT_EQ(document(joined).page_count, 3);
  EXPECT_EQ(serial(joined)->label, "ASN00012") << "its barcodes still describe it";
  EXPECT_EQ(parts_of(other).size(), 2U);
}

TEST_F(StacksTest, SheetsSplitAStackIntoDocuments) {
  const auto stack = add("scan", {"[ASN00012][TAG:tax] first", "more of it", "[PATCHT] sheet", "second", "its end"});
  pipeline_.start();
  settle();
  const auto parts = parts_of(stack);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_THAT(listed(), ElementsAre(parts[0], parts[1])) << "the stack is out of everyday lists";
  EXPECT_THAT(listed(true), ElementsAre(stack)) << "and not lost";

  const Document whole = document(stack);
  EXPECT_TRUE(whole.replaced_at);
  EXPECT_EQ(whole.state, DocumentState::ready);
  EXPECT_EQ(whole.page_count, 5) << "its file is as it came";
  EXPECT_EQ(serial(stack), std::nullopt);

  const Document first = document(parts[0]), second = document(parts[1]);
  EXPECT_EQ(first.components[0].filename, "scan (1).pdf");
  EXPECT_EQ(first.source, "watch");
  EXPECT_EQ(first.added_by, staff_.account_id) << "the parts come from whoever brought in the stack";
  EXPECT_EQ(first.page_count, 2);
  EXPECT_EQ(text(first.id, 1), "first");
  EXPECT_EQ(text(first.id, 2), "more of it");
  EXPECT_EQ(text(second.id, 1), "second");
  EXPECT_EQ(text(second.id, 2), "its end");
  for (int page = 1; page <= 5; ++page) EXPECT_EQ(reader_.times_read("\x01scan", page), 1);
  EXPECT_EQ(reader_.pages_read(), 5) << "no page is recognised twice";

  EXPECT_EQ(serial(first.id), (storage::SerialNumber{12, "ASN00012", ""}));
  EXPECT_THAT(tags(first), ElementsAre("tax"));
  EXPECT_EQ(serial(second.id), std::nullopt) << "nothing leaks from one part to the next";
  EXPECT_THAT(tags(second), IsEmpty());
  auto session = archive_.database.read();
  EXPECT_THAT(storage::page_origins(session, second.id),
              ElementsAre(storage::PageOrigin{stack, 4, 0}, storage::PageOrigin{stack, 5, 0}));
}

TEST_F(StacksTest, PartsInheritWhatTheSenderSaidAndTheirOwnBarcodesAdd) {
  storage::NewDocument described;
  {
    auto tx = archive_.database.begin(staff_.actor());
    described.tag_ids = {storage::ensure_name(tx, storage::Vocabulary::tag, "post").id};
    described.type_id = storage::ensure_name(tx, storage::Vocabulary::type, "Letter").id;
    records::create_class(tx, {{}, "7.1", "Accounts"});
    tx.commit();
  }
  const auto stack = add("scan", {"[CLASS:7.1][TAG:a] one", "[PATCHT]", "[TYPE:Invoice][CLASS:9.9] two"}, described);
  pipeline_.start();
  settle();
  const auto parts = parts_of(stack);
  ASSERT_EQ(parts.size(), 2U);
  const Document one = document(parts[0]), two = document(parts[1]);
  EXPECT_THAT(tags(one), ElementsAre("a", "post"));
  EXPECT_EQ(one.class_code, "7.1");
  EXPECT_THAT(tags(two), ElementsAre("post"));
  EXPECT_EQ(two.type->name, "Letter") << "the sender's word comes first";
  EXPECT_EQ(two.class_id, std::nullopt) << "there is no class 9.9, which stops nothing";
}

TEST_F(StacksTest, ASingleDocumentGetsItsValues) {
  const auto id = add("letter", {"[ASN7][TYPE:Letter][TAG:x,y] words", "more"});
  pipeline_.start();
  settle();
  const Document letter = document(id);
  EXPECT_FALSE(letter.replaced_at);
  EXPECT_EQ(letter.type->name, "Letter");
  EXPECT_THAT(tags(letter), ElementsAre("x", "y"));
  EXPECT_EQ(serial(id)->number, 7);
}

TEST_F(StacksTest, ABarcodeFillsACustomFieldOfItsOwnPartAndStopsNothing) {
  using storage::CustomFieldKind;
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto system = storage::system_principal(tx, "test");
    const auto create = [&](std::string_view key, CustomFieldKind kind, bool closed) {
      storage::CustomFieldTerms terms{std::string(key)};
      terms.uses = {{}};
      terms.closed = closed;
      storage::create_custom_field(tx, system, key, kind, terms);
    };
    create("paid-on", CustomFieldKind::date, false);
    create("sum", CustomFieldKind::amount, false);
    create("old", CustomFieldKind::text, true);
    create("answers", CustomFieldKind::document, false);
    tx.commit();
  }
  const auto stack = add("scan", {"[FIELD:paid-on=2026-03-01][FIELD:sum=12,5 sek] one", "[PATCHT]",
                                  "[FIELD:sum=much][FIELD:old=x][FIELD:none=x][FIELD:answers=1] two"});
  pipeline_.start();
  settle();
  const auto parts = parts_of(stack);
  ASSERT_EQ(parts.size(), 2U);
  auto session = archive_.database.read();
  const auto values = [&](std::int64_t id) {
    std::vector<std::string> found;
    for (const auto& value : storage::searchable_values(session, id)) found.push_back(value.key + "=" + value.text);
    return found;
  };
  EXPECT_THAT(values(parts[0]), ElementsAre("paid-on=2026-03-01", "sum=12.50 SEK"));
  EXPECT_THAT(values(parts[1]), IsEmpty()) << "no amount, a closed field, one that is not there, one that refers";
}

TEST_F(StacksTest, ANumberThatCannotBeHadIsNotedAndStopsNothing) {
  pipeline_.start();
  const auto first = add("a", {"[ASN5] one"});
  settle();
  const auto taken = add("b", {"[ASN5] two"});
  const auto large = add("c", {"[ASN4294967296] three"});
  const auto foreign = add("d", {"[ASN-NOT-OURS][4006381333931] four"});
  settle();
  EXPECT_EQ(serial(first)->number, 5);
  EXPECT_EQ(serial(taken), (storage::SerialNumber{{}, "ASN5", "taken"}));
  EXPECT_EQ(serial(large), (storage::SerialNumber{{}, "ASN4294967296", "too_large"}));
  EXPECT_EQ(serial(foreign), std::nullopt);
  for (const auto id : {taken, large, foreign}) EXPECT_EQ(document(id).state, DocumentState::ready);
}

TEST_F(StacksTest, ReadingAgainNeitherSplitsNorSetsAnything) {
  const auto id = add("letter", {"[TAG:x] words", "more"});
  pipeline_.start();
  settle();
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::DocumentChange change;
    change.tag_ids.emplace();
    storage::change_document(tx, staff_, id, document(id).version, change);
    storage::mark_indexed(tx, storage::changed_documents(tx, 10));
    tx.commit();
  }
  pipeline_.retry(staff_, id);
  settle();
  EXPECT_THAT(tags(document(id)), IsEmpty()) << "what a person took away stays away";
}

TEST_F(StacksTest, ACrashBetweenDoublesNothing) {
  const auto stack = add("scan", {"one", "[PATCHT]", "two"});
  pipeline_.start();
  settle();
  ASSERT_EQ(parts_of(stack).size(), 2U);
  {
    // As a process leaves it that died after writing the parts' files, and again after their transaction.
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    tx.execute("UPDATE job SET state = 'queued', stage = '' WHERE document_id = $1", stack);
    tx.commit();
  }
  pipeline_.wake();
  settle();
  EXPECT_EQ(parts_of(stack).size(), 2U);
  EXPECT_EQ(listed().size(), 2U);
}

TEST_F(StacksTest, ABarcodeThatKillsItsReaderCostsNothing) {
  const auto id = add("bad", {"fine", "!barcode", "also fine"});
  pipeline_.start();
  settle();
  EXPECT_EQ(document(id).state, DocumentState::ready);
  EXPECT_EQ(text(id, 2), "spared");
  EXPECT_NE(log_text_.str().find("page_read_without_barcodes"), std::string::npos);
  EXPECT_EQ(text(id, 3), "also fine");
}

TEST_F(StacksTest, PartsAreReadWhateverKindsMayComeIn) {
  const auto stack = add("scan", {"one", "[PATCHT]", "two"});
  {
    // As one of another kind that may come in.
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    tx.execute("UPDATE component SET media_type = 'image/tiff' WHERE document_id = $1", stack);
    tx.commit();
  }
  PipelineOptions strict = options();
  strict.intake.allowed_types = {"image/tiff"};
  Pipeline pipeline(archive_.database, archive_.blobs, reader_, renditions_, passwords_, archive_.random, log_, events_,
                    strict);
  pipeline.start();
  settle();
  const auto parts = parts_of(stack);
  ASSERT_EQ(parts.size(), 2U);
  for (const std::int64_t part : parts) EXPECT_EQ(document(part).state, DocumentState::ready);
}

TEST_F(StacksTest, WhatTheCatalogueRefusesStopsNothing) {
  storage::NewDocument described;
  {
    auto tx = archive_.database.begin(staff_.actor());
    described.class_id = records::create_class(tx, {{}, "7", "Accounts"});
    tx.commit();
  }
  const auto stack = add("scan", {"[TAG:a] one", "[PATCHT]", "two"}, described);
  {
    auto tx = archive_.database.begin(staff_.actor());
    tx.execute("UPDATE class SET status = 'closed'");
    tx.commit();
  }
  pipeline_.start();
  settle();
  EXPECT_EQ(document(stack).state, DocumentState::ready);
  EXPECT_FALSE(document(stack).replaced_at) << "nothing can be filed in the class, so the stack stays together";
  EXPECT_EQ(text(stack, 3), "two");
}

TEST_F(StacksTest, ABarcodeFilesOnlyWhereWhoeverSentItMayFile) {
  std::int64_t open = 0;
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto list = storage::create_access_list(tx, "Board only", {});
    records::create_class(tx, {{}, "9", "Board", list});
    open = records::create_class(tx, {{}, "8", "Everybody"});
    tx.commit();
  }
  const auto refused = add("a", {"[CLASS:9] one"});
  const auto stack = add("b", {"[CLASS:9] two", "[PATCHT]", "[CLASS:8] three"});
  const storage::Principal person = std::exchange(staff_, archive_.system());
  const auto by_machine = add("c", {"[CLASS:9] four"});
  pipeline_.start();
  settle();
  EXPECT_EQ(document(refused).class_id, std::nullopt);
  EXPECT_EQ(document(parts_of(stack).at(0)).class_id, std::nullopt);
  EXPECT_EQ(document(parts_of(stack).at(1)).class_id, open);
  EXPECT_EQ(document(by_machine).class_code, "9") << "a machine's way in is set up by who may";
  auto session = archive_.database.read();
  EXPECT_TRUE(storage::find_document(session, person, refused)) << "who sent it still sees it";
}

TEST_F(StacksTest, WhoMayOnlyBringDocumentsInFilesThemByBarcodeToo) {
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    records::create_class(tx, {{}, "9", "Post"});
    const auto role =
        storage::create_role(tx, storage::system_principal(tx, "test"), {"Scans", "", {storage::Permission::capture}});
    const auto account = storage::find_account(tx, staff_.account_id).value();
    storage::give_composed_role(tx, account.id, account.version, role);
    tx.commit();
  }
  const auto id = add("a", {"[CLASS:9] one"});
  pipeline_.start();
  settle();
  EXPECT_EQ(document(id).class_code, "9");
}

TEST_F(StacksTest, ABarcodeThatCannotBeFollowedCostsNoOtherAndIsNoted) {
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto above = records::create_class(tx, {{}, "3", "Three"});
    records::create_class(tx, {above, "3.2", "Below"});
    records::ClassChange closed;
    closed.status = records::Status::closed;
    records::change_class(tx, above, records::find_class(tx, above)->version, closed);
    tx.commit();
  }
  std::string name;
  for (int i = 0; i < 60; ++i) name += "\xE0\xA5\x98";  // three bytes each, six when normalised
  const auto id = add("letter", {"[ASN00123][CLASS:3.2][TAG:post][TYPE:" + name + "] words"});
  pipeline_.start();
  settle();
  const Document letter = document(id);
  EXPECT_EQ(serial(id)->number, 123);
  EXPECT_EQ(letter.class_id, std::nullopt);
  EXPECT_FALSE(letter.type);
  EXPECT_THAT(tags(letter), ElementsAre("post"));
  auto session = archive_.database.read();
  const auto detail = session.value<std::string>(
      "SELECT d.detail FROM audit a JOIN audit_detail d ON d.sequence = a.sequence "
      "WHERE a.action = 'document.barcodes_passed_over' AND a.object_id = $1",
      id);
  ASSERT_TRUE(detail);
  EXPECT_NE(detail->find("class: 3.2"), std::string::npos) << *detail;
  EXPECT_NE(detail->find("type: "), std::string::npos) << *detail;
}

TEST_F(StacksTest, PartsAreFoundByTheMailThatBroughtTheStack) {
  const auto stack = add("scan", {"one", "[PATCHT]", "two"});
  const std::vector<storage::MessageHeader> headers{{"From", "Copier <copier@example.org>"},
                                                    {"Date", "Tue, 5 Mar 2024 10:00:00 +0100"}};
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::record_carrier_headers(tx, stack, headers);
    tx.commit();
  }
  pipeline_.start();
  settle();
  ASSERT_EQ(parts_of(stack).size(), 2U);
  for (const std::int64_t part : parts_of(stack)) {
    auto session = archive_.database.read();
    EXPECT_EQ(storage::message_headers(session, part), headers);
    EXPECT_EQ(core::to_iso(document(part).date.value()), "2024-03-05");
  }
}

TEST_F(StacksTest, AStackWhosePartsLieInTheTrashIsTakenInAgain) {
  const auto again = [&] { return add("scan", {"one", "[PATCHT]", "two"}); };
  const auto equal = [&](std::int64_t id) {
    auto session = archive_.database.read();
    const Document stack = storage::find_document(session, staff_, id).value();
    return storage::find_equal_document(session, stack.components.at(0).hash, stack.access_list);
  };
  const auto stack = again();
  pipeline_.start();
  settle();
  const auto parts = parts_of(stack);
  ASSERT_EQ(parts.size(), 2U);
  archive_.trash(staff_, parts[0]);
  EXPECT_EQ(again(), stack) << "the other part is there";
  EXPECT_EQ(equal(stack), stack);
  archive_.trash(staff_, parts[1]);
  EXPECT_EQ(equal(stack), std::nullopt);
  const auto second = again();
  EXPECT_NE(second, stack);
  settle();
  EXPECT_EQ(listed(), parts_of(second));
}

TEST_F(StacksTest, ReplacementsCanBeUndone) {
  const auto stack = add("scan", {"one", "[PATCHT]", "two"});
  pipeline_.start();
  settle();
  auto tx = archive_.database.begin(staff_.actor());
  storage::undo_replacement(tx, stack);
  EXPECT_FALSE(storage::find_document(tx, staff_, stack)->replaced_at);
}

}  // namespace
}  // namespace muniment::ingest
