#include "ingest/page_organiser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit.h"
#include "storage/custom_fields.h"
#include "storage/relations.h"
#include "tests/ingest/stacks_fixture.h"

namespace muniment::ingest {
namespace {

using ::testing::ElementsAre;

class PageOrganiserTest : public StacksTest {
 protected:
  std::int64_t read(const std::string& name, const std::vector<std::string>& pages) {
    const auto id = add(name, pages);
    settle();
    return id;
  }
  std::vector<std::int64_t> put_together(const std::vector<PageOrganiser::Wanted>& documents) {
    auto made = organiser_.put_together(staff_, documents);
    settle();
    return made;
  }
  std::optional<std::int64_t> number(std::int64_t id) {
    const auto found = serial(id);
    return found ? found->number : std::nullopt;
  }

  PageOrganiser organiser_{archive_.database, archive_.blobs, reader_, renditions_, [this] { pipeline_.wake(); }};
};

TEST_F(PageOrganiserTest, ASerialNumberGoesWithItsPageAndComesBack) {
  const auto letter = add("letter", {"first", "[ASN00123] second"});
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::keep_whole(tx, letter);
    tx.commit();
  }
  pipeline_.start();
  settle();
  const auto other = read("other", {"[ASN00124] third"});
  const auto made = put_together({{"", {{letter, 1, 0}}}, {"", {{letter, 2, 90}, {other, 1, 0}}}});
  EXPECT_EQ(number(made[0]), std::nullopt);
  EXPECT_EQ(serial(made[1]), (storage::SerialNumber{123, "ASN00123", ""}));
  EXPECT_EQ(number(letter), std::nullopt);
  EXPECT_EQ(number(other), 124) << "a document has one number: this one stays where it was";
  {
    auto session = archive_.database.read();
    const auto left_out = storage::left_out_numbers(session, made[1]);
    ASSERT_EQ(left_out.size(), 1U);
    EXPECT_EQ(left_out[0].document_id, other);
    EXPECT_EQ(left_out[0].number, 124);
    EXPECT_TRUE(storage::left_out_numbers(session, made[0]).empty());
    storage::AuditFilter told;
    told.action = "document.serial_number_left_out";
    const auto entries = storage::list_audit(session, told, 0, 10);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].object_id, made[1]);
    EXPECT_NE(entries[0].detail.find("124"), std::string::npos) << entries[0].detail;
  }
  organiser_.undo(staff_, made[1]);
  EXPECT_EQ(number(letter), 123);
  EXPECT_EQ(number(other), 124);
  EXPECT_EQ(number(made[1]), std::nullopt);
}

TEST_F(PageOrganiserTest, UndoingASplitGivesTheStackTheNumberOfItsFirstPart) {
  pipeline_.start();
  const auto stack = read("scan", {"[ASN41] one", "[PATCHT]", "[ASN42] two"});
  const auto parts = parts_of(stack);
  ASSERT_EQ(parts.size(), 2U);
  const auto merged = put_together({{"", {{parts[0], 1, 0}, {parts[1], 1, 0}}}}).at(0);
  EXPECT_EQ(number(merged), 41);
  organiser_.undo(staff_, merged);
  EXPECT_EQ(number(parts[0]), 41);
  EXPECT_EQ(number(parts[1]), 42);
  organiser_.undo(staff_, parts[0]);
  EXPECT_EQ(number(stack), 41);
}

TEST_F(PageOrganiserTest, WhatPeopleSaidGoesWithThePages) {
  pipeline_.start();
  const auto letter = read("letter", {"first", "second"});
  const auto annex = read("annex", {"third"});
  const auto answer = read("answer", {"fourth"});
  {
    auto tx = archive_.database.begin(staff_.actor());
    const auto system = archive_.system();
    storage::CustomFieldTerms terms{"Project"};
    terms.uses = {{}};
    storage::create_custom_field(tx, system, "project", storage::CustomFieldKind::text, terms);
    storage::DocumentChange change;
    change.title = "The lease";
    change.public_title = std::optional<std::string>("The *****");
    change.custom_fields = {{"project", "North"}};
    storage::change_document(tx, staff_, letter, storage::find_document(tx, staff_, letter)->version, change);
    storage::add_note(tx, staff_, letter, "Ask about the roof");
    storage::add_note(tx, staff_, annex, "Copy is with Bo");
    storage::relate(tx, staff_, answer, storage::RelationKind::answers, letter);
    tx.commit();
  }
  const auto made = put_together({{"", {{letter, 2, 90}, {letter, 1, 0}, {annex, 1, 0}}}}).at(0);
  EXPECT_EQ(document(made).title, "The lease");
  EXPECT_EQ(document(made).public_title, "The *****");
  {
    auto session = archive_.database.read();
    EXPECT_EQ(storage::searchable_values(session, made).at(0).text, "North");
    std::vector<std::string> texts;
    for (const auto& note : storage::notes(session, document(made))) texts.push_back(note.text);
    EXPECT_THAT(texts, ElementsAre("Ask about the roof", "Copy is with Bo"));
    EXPECT_EQ(storage::notes(session, document(made)).at(0).created_by, staff_.account_id);
    const auto related = storage::relations(session, staff_, answer);
    ASSERT_EQ(related.size(), 1U) << "not to what was replaced as well";
    EXPECT_EQ(related.at(0).other_id, made);
  }
  organiser_.undo(staff_, made);
  {
    auto session = archive_.database.read();
    EXPECT_EQ(storage::relations(session, staff_, answer).at(0).other_id, letter);
  }
  const auto halves = put_together({{"", {{letter, 1, 0}}}, {"", {{letter, 2, 0}}}});
  for (const std::int64_t half : halves) {
    EXPECT_NE(document(half).title, "The lease") << "each is called as its own text says";
    EXPECT_EQ(document(half).public_title, "The *****") << "which may be what was hidden";
    auto session = archive_.database.read();
    EXPECT_THAT(storage::notes(session, document(half)), ::testing::SizeIs(1));
  }
}

}  // namespace
}  // namespace muniment::ingest
