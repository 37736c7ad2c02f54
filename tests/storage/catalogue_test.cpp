#include "storage/catalogue.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/custom_fields.h"
#include "storage/filing_rules.h"
#include "storage/index_queue.h"
#include "storage/mailboxes.h"
#include "storage/scans.h"
#include "storage/tag_tree.h"
#include "storage/workflows.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using muniment::testing::TestArchive;

class MergedNames : public ::testing::Test {
 protected:
  NamedEntry name(Vocabulary vocabulary, const std::string& text) {
    auto tx = archive.database.begin(manager.actor());
    NamedEntry entry = ensure_name(tx, vocabulary, text);
    tx.commit();
    return entry;
  }
  std::int64_t document(const DocumentChange& change) {
    const std::int64_t id = archive.add_document(manager.actor(), "a.txt", std::to_string(++documents));
    auto tx = archive.database.begin(manager.actor());
    change_document(tx, manager, id, find_document(tx, manager, id)->version, change);
    tx.commit();
    return id;
  }
  Document read(std::int64_t id) {
    auto session = archive.database.read();
    return find_document(session, manager, id).value();
  }
  std::int64_t merge(Vocabulary vocabulary, const NamedEntry& from, const NamedEntry& into) {
    auto tx = archive.database.begin(manager.actor());
    const std::int64_t changed = merge_names(tx, vocabulary, from.id, into.id);
    tx.commit();
    return changed;
  }

  TestArchive archive;
  Principal manager = archive.add_person("maria", Role::records_manager);
  int documents = 0;
};

TEST_F(MergedNames, DocumentsRulesAndFieldsFollow) {
  const NamedEntry bill = name(Vocabulary::type, "Bill");
  const NamedEntry invoice = name(Vocabulary::type, "Invoice");
  DocumentChange change;
  change.type_id = bill.id;
  const std::int64_t one = document(change);
  change.type_id = invoice.id;
  const std::int64_t other = document(change);
  std::int64_t rule = 0;
  CustomField field;
  {
    auto tx = archive.database.begin(manager.actor());
    rule = create_filing_rule(tx, {FilingField::type, bill.id, RuleKind::any, "bill", false});
    field = create_custom_field(tx, manager, "payer", CustomFieldKind::text, {"Payer", {}, {{bill.id}, {invoice.id}}});
    tx.commit();
  }
  EXPECT_EQ(merge(Vocabulary::type, bill, invoice), 1);
  EXPECT_EQ(read(one).type->id, invoice.id);
  EXPECT_EQ(read(other).type->id, invoice.id);
  auto session = archive.database.read();
  EXPECT_FALSE(find_name(session, Vocabulary::type, bill.id));
  EXPECT_EQ(find_filing_rule(session, rule)->terms.value, invoice.id);
  EXPECT_EQ(find_custom_field(session, field.id)->terms.uses.size(), 1U);
  EXPECT_EQ(carrier_counts(session, manager, Vocabulary::type, {invoice}), std::vector<std::int64_t>{2});
}

TEST_F(MergedNames, WhatGivesThemToDocumentsFollows) {
  const NamedEntry bill = name(Vocabulary::type, "Bill"), invoice = name(Vocabulary::type, "Invoice");
  const NamedEntry acme = name(Vocabulary::correspondent, "Acme"),
                   limited = name(Vocabulary::correspondent, "Acme Ltd");
  const NamedEntry express = name(Vocabulary::tag, "express"), urgent = name(Vocabulary::tag, "urgent");
  const Principal admin = archive.add_person("root", Role::admin);
  const SealingKey key(archive.data.keys(), archive.random);
  WorkflowTerms wanted{"File", true, WorkflowOccasion::arrived};
  wanted.actions.push_back({.kind = WorkflowAction::Kind::set,
                            .type_id = bill.id,
                            .correspondent_id = acme.id,
                            .tag_ids = {express.id, urgent.id}});
  MailboxTerms terms;
  terms.name = "Office";
  terms.host = "mail.example.org";
  terms.login = "archive";
  MailRule ruled;
  ruled.filing = {.type_id = bill.id, .correspondent_id = acme.id, .tag_ids = {express.id}};
  terms.rules = {ruled};
  const std::int64_t filed = document({});
  std::int64_t workflow = 0, mailbox = 0, profile = 0;
  {
    auto tx = archive.database.begin(admin.actor());
    workflow = create_workflow(tx, admin, key, wanted, {});
    begin_run(tx, find_workflow(tx, workflow).value(), {filed, core::Date()}, true);
    mailbox = create_mailbox(tx, key, terms, "secret");
    ScanProfile bills;
    bills.name = "Bills";
    bills.plan =
        R"({"drop_blank":true,"type":)" + std::to_string(bill.id) + R"(,"tags":[)" + std::to_string(express.id) + "]}";
    profile = create_scan_profile(tx, bills);
    tx.commit();
  }
  merge(Vocabulary::type, bill, invoice);
  merge(Vocabulary::correspondent, acme, limited);
  merge(Vocabulary::tag, express, urgent);
  auto session = archive.database.read();
  const Workflow changed = find_workflow(session, workflow).value();
  EXPECT_EQ(changed.version, 4) << "whoever has it open must look again";
  for (const WorkflowAction& action :
       {changed.terms.actions.at(0), list_runs(session, admin, workflow, 1).at(0).actions.at(0)}) {
    EXPECT_EQ(action.type_id, invoice.id);
    EXPECT_EQ(action.correspondent_id, limited.id);
    EXPECT_EQ(action.tag_ids, std::vector<std::int64_t>{urgent.id});
  }
  const PresetFiling filing = find_mailbox(session, mailbox)->terms.rules.at(0).filing;
  EXPECT_EQ(filing.type_id, invoice.id);
  EXPECT_EQ(filing.correspondent_id, limited.id);
  EXPECT_EQ(filing.tag_ids, std::vector<std::int64_t>{urgent.id});
  EXPECT_EQ(find_scan_profile(session, profile)->plan, R"({"drop_blank":true,"type":)" + std::to_string(invoice.id) +
                                                           R"(,"tags":[)" + std::to_string(urgent.id) + "]}");
}

TEST_F(MergedNames, WhatIsDeletedIsGivenToNoDocument) {
  const NamedEntry bill = name(Vocabulary::type, "Bill");
  const NamedEntry express = name(Vocabulary::tag, "express"), urgent = name(Vocabulary::tag, "urgent");
  const Principal admin = archive.add_person("root", Role::admin);
  const SealingKey key(archive.data.keys(), archive.random);
  WorkflowTerms wanted{"File", true, WorkflowOccasion::arrived};
  wanted.actions.push_back({.kind = WorkflowAction::Kind::set, .type_id = bill.id, .tag_ids = {express.id, urgent.id}});
  auto tx = archive.database.begin(admin.actor());
  const std::int64_t workflow = create_workflow(tx, admin, key, wanted, {});
  ScanProfile bills;
  bills.name = "Bills";
  bills.plan = R"({"type":)" + std::to_string(bill.id) + R"(,"tags":[)" + std::to_string(express.id) + "]}";
  const std::int64_t profile = create_scan_profile(tx, bills);
  remove_name(tx, Vocabulary::type, bill.id);
  remove_name(tx, Vocabulary::tag, express.id);
  EXPECT_EQ(find_scan_profile(tx, profile)->plan, R"({"type":null,"tags":[]})");
  const WorkflowAction left = find_workflow(tx, workflow)->terms.actions.at(0);
  EXPECT_FALSE(left.type_id);
  EXPECT_EQ(left.tag_ids, std::vector<std::int64_t>{urgent.id});
  tx.commit();
}

TEST_F(MergedNames, ATagIsCarriedOnce) {
  const NamedEntry urgent = name(Vocabulary::tag, "urgent");
  const NamedEntry express = name(Vocabulary::tag, "express");
  DocumentChange change;
  change.tag_ids = {urgent.id, express.id};
  const std::int64_t both = document(change);
  change.tag_ids = {express.id};
  const std::int64_t one = document(change);
  EXPECT_EQ(merge(Vocabulary::tag, express, urgent), 2);
  for (const std::int64_t id : {both, one}) {
    ASSERT_EQ(read(id).tags.size(), 1U);
    EXPECT_EQ(read(id).tags[0].id, urgent.id);
  }
}

TEST_F(MergedNames, ADeletedNameStaysInTheLogOfItsDocuments) {
  const NamedEntry acme = name(Vocabulary::correspondent, "Acme");
  DocumentChange change;
  change.correspondent_id = acme.id;
  const std::int64_t one = document(change);
  auto tx = archive.database.begin(manager.actor());
  remove_name(tx, Vocabulary::correspondent, acme.id);
  const auto detail = tx.value<std::string>(
      "SELECT d.detail FROM audit a JOIN audit_detail d ON d.sequence = a.sequence WHERE a.object = 'document' AND "
      "a.object_id = $1 AND a.action = 'document.changed' ORDER BY a.sequence DESC LIMIT 1",
      one);
  EXPECT_NE(detail.value().find("{\"correspondent\":\"Acme\"}"), std::string::npos) << *detail;
}

TEST_F(MergedNames, NothingChangesOfWhatIsUnderHold) {
  const NamedEntry acme = name(Vocabulary::correspondent, "Acme");
  const NamedEntry other = name(Vocabulary::correspondent, "Acme Ltd");
  DocumentChange change;
  change.correspondent_id = acme.id;
  const std::int64_t held = document(change);
  auto tx = archive.database.begin(manager.actor());
  tx.execute("INSERT INTO hold (title, reason, query, placed_at) VALUES ('Dispute', 'A claim', '', $1)", tx.now());
  tx.execute("INSERT INTO hold_item (hold_id, document_id, origin, added_at) VALUES (1, $1, 'hand', $2)", held,
             tx.now());
  EXPECT_THROW(rename(tx, Vocabulary::correspondent, acme.id, "Other"), core::Error);
  EXPECT_THROW(remove_name(tx, Vocabulary::correspondent, acme.id), core::Error);
  EXPECT_THROW(merge_names(tx, Vocabulary::correspondent, acme.id, other.id), core::Error);
}

TEST_F(MergedNames, NothingIsMergedIntoItselfOrIntoNothing) {
  const NamedEntry acme = name(Vocabulary::correspondent, "Acme");
  EXPECT_THROW(merge(Vocabulary::correspondent, acme, acme), core::Error);
  EXPECT_THROW(merge(Vocabulary::correspondent, acme, {acme.id + 1, ""}), core::Error);
}

class TagTree : public MergedNames {
 protected:
  NamedEntry tag(const std::string& text, const NamedEntry* parent = nullptr) {
    const NamedEntry entry = name(Vocabulary::tag, text);
    if (parent != nullptr) move(entry, parent->id);
    return entry;
  }
  void move(const NamedEntry& tag, std::optional<std::int64_t> parent) {
    auto tx = archive.database.begin(manager.actor());
    move_tag(tx, tag.id, parent);
    tx.commit();
  }
  std::string path(const NamedEntry& tag) {
    auto session = archive.database.read();
    return tag_places(session, {tag}).at(0).path;
  }
  std::vector<std::string> found_by(std::int64_t document) {
    auto session = archive.database.read();
    return load_indexable(session, document).value().tags;
  }
};

TEST_F(TagTree, WhatCarriesATagIsFoundByThoseAboveIt) {
  const NamedEntry money = tag("Money");
  const NamedEntry rent = tag("Rent", &money);
  const NamedEntry lund = tag("Lund", &rent);
  EXPECT_EQ(path(lund), "Money / Rent / Lund");
  DocumentChange change;
  change.tag_ids = {lund.id};
  const std::int64_t id = document(change);
  EXPECT_EQ(found_by(id), (std::vector<std::string>{"Lund", "Money", "Rent"}));
  EXPECT_EQ(read(id).tags.size(), 1U);
  {
    auto tx = archive.database.begin(manager.actor());
    mark_indexed(tx, changed_documents(tx, 100, 0));
    move_tag(tx, rent.id, std::nullopt);
    EXPECT_TRUE(is_queued_for_indexing(tx, id));
    tx.commit();
  }
  EXPECT_EQ(found_by(id), (std::vector<std::string>{"Lund", "Rent"}));
}

TEST_F(TagTree, NoTagStandsUnderItself) {
  const NamedEntry a = tag("A");
  const NamedEntry b = tag("B", &a);
  const NamedEntry c = tag("C", &b);
  EXPECT_THROW(move(a, c.id), core::Error);
  EXPECT_THROW(move(a, a.id), core::Error);
  EXPECT_THROW(move(a, 999), core::Error);
  auto tx = archive.database.begin(Actor::system("test"));
  EXPECT_THROW(tx.execute("UPDATE tag SET parent_id = $1 WHERE id = $2", c.id, a.id), core::Error)
      << "the database itself keeps it a tree";
}

TEST_F(TagTree, HasAtMostFiveLevels) {
  NamedEntry above = tag("1");
  const NamedEntry other = tag("other");
  const NamedEntry below = tag("below", &other);
  for (const char* text : {"2", "3", "4"}) above = tag(text, &above);
  EXPECT_THROW(move(other, above.id), core::Error) << "it has one below it";
  const NamedEntry five = tag("5", &above);
  EXPECT_THROW(move(below, five.id), core::Error);
  EXPECT_THROW(merge(Vocabulary::tag, other, five), core::Error);
}

TEST_F(TagTree, TagsBelowOneThatGoesComeUp) {
  const NamedEntry money = tag("Money");
  const NamedEntry rent = tag("Rent", &money);
  const NamedEntry lund = tag("Lund", &rent);
  const NamedEntry other = tag("Leases");
  merge(Vocabulary::tag, rent, other);
  EXPECT_EQ(path(lund), "Leases / Lund");
  merge(Vocabulary::tag, other, lund);
  EXPECT_EQ(path(lund), "Lund") << "one below takes the place of the one above";
  move(lund, money.id);
  auto tx = archive.database.begin(manager.actor());
  remove_name(tx, Vocabulary::tag, money.id);
  EXPECT_EQ(child_tags(tx, std::nullopt).at(0).id, lund.id);
}

TEST_F(TagTree, TwoThousandAreListedAtOnce) {
  {
    auto tx = archive.database.begin(manager.actor());
    std::optional<std::int64_t> parent;
    for (int i = 0; i < 2000; ++i) {
      const NamedEntry entry = ensure_name(tx, Vocabulary::tag, "tag " + std::to_string(i));
      if (i % 4 != 0) move_tag(tx, entry.id, parent);
      parent = entry.id;
    }
    tx.commit();
  }
  auto session = archive.database.read();
  const auto entries = list_names(session, Vocabulary::tag, "tag 19", 50);
  const auto places = tag_places(session, entries);
  ASSERT_EQ(places.size(), 50U);
  EXPECT_EQ(child_tags(session, std::nullopt).size(), 500U);
}

}  // namespace
}  // namespace muniment::storage
