#include "storage/filing_rules.h"

#include <gtest/gtest.h>

#include "storage/catalogue.h"
#include "storage/documents.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::kTester;
using testing::TestArchive;

struct FilingRulesTest : ::testing::Test {
  std::int64_t create_class(Transaction& tx, std::string_view code, std::optional<std::int64_t> parent) {
    return tx.insert("INSERT INTO class (parent_id, code, title, created_at) VALUES ($1, $2, 'Title', $3)", parent,
                     code, tx.now());
  }
  Document apply(const std::vector<FilingRule>& matching) {
    auto tx = archive.database.begin(Actor::system("pipeline"));
    apply_filing_rules(tx, id, matching);
    tx.commit();
    auto session = archive.database.read();
    return find_document(session, archive.system(), id).value();
  }

  TestArchive archive;
  std::int64_t id = archive.add_document(kTester, "letter.txt", "a lease");
};

TEST_F(FilingRulesTest, NothingIsFiledBelowAClosedClassAndNothingElseIsLost) {
  std::int64_t above = 0;
  {
    auto tx = archive.database.begin(kTester);
    above = create_class(tx, "3", std::nullopt);
    const auto below = create_class(tx, "3.2", above);
    const auto type = ensure_name(tx, Vocabulary::type, "Lease").id;
    create_filing_rule(tx, {FilingField::class_, below, RuleKind::any, "lease", true});
    create_filing_rule(tx, {FilingField::type, type, RuleKind::any, "lease", true});
    tx.commit();
  }
  // As they matched, before the class was closed.
  const auto matching = [&] {
    auto session = archive.database.read();
    return list_filing_rules(session);
  }();
  {
    auto tx = archive.database.begin(kTester);
    tx.execute("UPDATE class SET status = 'closed' WHERE id = $1", above);
    EXPECT_FALSE(list_filing_rules(tx).at(0).usable);
    EXPECT_TRUE(list_filing_rules(tx).at(1).usable);
    tx.commit();
  }
  const Document filed = apply(matching);
  EXPECT_EQ(filed.class_id, std::nullopt);
  EXPECT_EQ(filed.type->name, "Lease");
}

TEST_F(FilingRulesTest, ARestrictedDocumentIsReadAndLeftAsItIs) {
  std::vector<FilingRule> rules;
  {
    auto tx = archive.database.begin(kTester);
    const auto type = ensure_name(tx, Vocabulary::type, "Lease").id;
    create_filing_rule(tx, {FilingField::type, type, RuleKind::any, "lease", true});
    rules = list_filing_rules(tx);
    tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2)", id, tx.now());
    ReadingResult reading;
    reading.title = "A lease";
    record_reading(tx, id, reading);
    tx.commit();
  }
  const Document read = apply(rules);
  EXPECT_EQ(read.state, DocumentState::ready);
  EXPECT_EQ(read.title, "letter");
  EXPECT_FALSE(read.type);
}

TEST_F(FilingRulesTest, ARuleThatIsGoneByNowDoesNothing) {
  std::vector<FilingRule> rules;
  {
    auto tx = archive.database.begin(kTester);
    const auto type = ensure_name(tx, Vocabulary::type, "Lease").id;
    create_filing_rule(tx, {FilingField::type, type, RuleKind::any, "lease", true});
    rules = list_filing_rules(tx);
    remove_name(tx, Vocabulary::type, type);
    tx.commit();
  }
  EXPECT_FALSE(apply(rules).type);
}

}  // namespace
}  // namespace muniment::storage
