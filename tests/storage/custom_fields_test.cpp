#include "storage/custom_fields.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using muniment::testing::TestArchive;
using Values = std::vector<std::pair<std::string, std::optional<std::string>>>;

class CustomFieldsTest : public ::testing::Test {
 protected:
  CustomField make(const std::string& key, CustomFieldKind kind, CustomFieldTerms terms = {}) {
    auto tx = archive.database.begin(manager.actor());
    if (terms.name.empty()) terms.name = key;
    if (terms.uses.empty()) terms.uses = {{}};
    CustomField field = create_custom_field(tx, manager, key, kind, terms);
    tx.commit();
    return field;
  }
  void set(const Values& values, std::optional<std::int64_t> type = {}) {
    auto tx = archive.database.begin(manager.actor());
    DocumentChange change;
    change.custom_fields = values;
    if (type) change.type_id = type;
    change_document(tx, manager, document, find_document(tx, manager, document)->version, change);
    tx.commit();
  }
  std::vector<CustomValue> values(const Principal& who) {
    auto session = archive.database.read();
    return custom_values(session, who, find_document(session, who, document).value(), list_custom_fields(session));
  }
  std::string value(const std::string& key) {
    for (const CustomValue& one : values(manager)) {
      if (one.field.key == key) return one.value;
    }
    return "not carried";
  }
  // What setting it is refused for.
  std::string refusal(const std::string& key, const std::string& text) {
    try {
      set({{key, text}});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_EQ(error.fields().front().pointer, "/custom_fields/" + key);
      return error.message();
    }
    return "";
  }
  std::int64_t type(const std::string& name) {
    auto tx = archive.database.begin(manager.actor());
    const auto entry = ensure_name(tx, Vocabulary::type, name);
    tx.commit();
    return entry.id;
  }

  TestArchive archive;
  Principal manager = archive.add_person("maria", Role::records_manager);
  Principal clerk = archive.add_person("karin", Role::staff);
  std::int64_t document = archive.add_document(manager.actor(), "a.txt", "a");
};

TEST_F(CustomFieldsTest, ValuesAreKeptInOneForm) {
  struct Case {
    CustomFieldKind kind;
    const char* typed;
    const char* kept;
  };
  const std::vector<Case> cases = {
      {CustomFieldKind::text, "  Apollo  11 ", "Apollo 11"},
      {CustomFieldKind::number, "1 234,50", "1234.50"},
      {CustomFieldKind::number, "-007", "-7"},
      {CustomFieldKind::number, "0", "0"},
      {CustomFieldKind::number, "0,5", "0.5"},
      {CustomFieldKind::amount, "1 234,5 sek", "1234.50 SEK"},
      {CustomFieldKind::amount, "-12 EUR", "-12.00 EUR"},
      {CustomFieldKind::date, "2026-02-28", "2026-02-28"},
      {CustomFieldKind::yes_no, "yes", "yes"},
  };
  int number = 0;
  for (const Case& one : cases) {
    const std::string key = "f" + std::to_string(++number);
    make(key, one.kind);
    set({{key, one.typed}});
    EXPECT_EQ(value(key), one.kept) << one.typed;
  }
}

TEST_F(CustomFieldsTest, WhatDoesNotFitIsRefused) {
  make("number", CustomFieldKind::number);
  make("amount", CustomFieldKind::amount);
  make("day", CustomFieldKind::date);
  make("paid", CustomFieldKind::yes_no);
  make("status", CustomFieldKind::choice, {"Status", {"Open", "Done"}});
  make("answer-to", CustomFieldKind::document);
  make("owner", CustomFieldKind::person);
  for (const auto& [key, text] : std::vector<std::pair<std::string, std::string>>{{"number", "twelve"},
                                                                                  {"number", "1,2,3"},
                                                                                  {"number", "1."},
                                                                                  {"number", "-"},
                                                                                  {"number", "12345678901234567"},
                                                                                  {"amount", "12"},
                                                                                  {"amount", "12 kronor"},
                                                                                  {"amount", "12.345 SEK"},
                                                                                  {"day", "2026-02-30"},
                                                                                  {"paid", "perhaps"},
                                                                                  {"status", "Lost"},
                                                                                  {"answer-to", "9999"},
                                                                                  {"owner", "9999"},
                                                                                  {"nowhere", "x"}}) {
    EXPECT_NE(refusal(key, text), "") << key << " " << text;
  }
  set({{"status", "done"}});
  EXPECT_EQ(value("status"), "Done") << "as the list spells it";
}

TEST_F(CustomFieldsTest, ATypeBringsItsFieldsAndWhatTheyBeginWith) {
  const std::int64_t invoice = type("Invoice");
  make("cost-centre", CustomFieldKind::text, {"Cost centre", {}, {{invoice, true, "4000"}}});
  make("approved-by", CustomFieldKind::text, {"Approved by", {}, {{invoice, true, ""}}});
  EXPECT_EQ(value("cost-centre"), "not carried");
  set({}, invoice);
  EXPECT_EQ(value("cost-centre"), "4000");
  {
    auto session = archive.database.read();
    EXPECT_EQ(missing_custom_field(session, find_document(session, manager, document).value()), "Approved by");
  }
  set({{"approved-by", "Berit"}});
  {
    auto session = archive.database.read();
    EXPECT_EQ(missing_custom_field(session, find_document(session, manager, document).value()), std::nullopt);
  }
  EXPECT_NE(refusal("approved-by", ""), "") << "it is required";
}

TEST_F(CustomFieldsTest, AReferenceTellsNothingOfWhatOneMayNotRead) {
  const std::int64_t secret = archive.add_document(manager.actor(), "secret.txt", "secret");
  make("answers", CustomFieldKind::document);
  set({{"answers", std::to_string(secret)}});
  {
    auto tx = archive.database.begin(manager.actor());
    const std::int64_t list =
        create_access_list(tx, "Managers", {{AccessEntry::Subject::account, manager.account_id, true}});
    DocumentChange change;
    change.own_access_list = list;
    change_document(tx, archive.system(), secret, find_document(tx, archive.system(), secret)->version, change);
    tx.commit();
  }
  const auto seen = values(clerk);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen[0].hidden);
  EXPECT_EQ(seen[0].value + seen[0].shown, "");
}

TEST_F(CustomFieldsTest, WhatDocumentsHaveIsNotTakenFromThem) {
  CustomField status = make("status", CustomFieldKind::choice, {"Status", {"Open", "Done"}});
  set({{"status", "Done"}});
  auto tx = archive.database.begin(manager.actor());
  EXPECT_THROW(delete_custom_field(tx, manager, status.id, status.version), Error);
  EXPECT_THROW(change_custom_field(tx, manager, status.id, status.version, {"Status", {"Open"}}), Error);
  status = change_custom_field(tx, manager, status.id, status.version, {"State", {"Done"}, {}, true});
  tx.commit();
  EXPECT_EQ(value("status"), "Done");
  EXPECT_NE(refusal("status", "Done"), "") << "it is closed";
  set({{"status", std::nullopt}});
  EXPECT_EQ(value("status"), "not carried");
}

TEST_F(CustomFieldsTest, ARestrictedDocumentKeepsWhatItHas) {
  make("patient", CustomFieldKind::text);
  make("ward", CustomFieldKind::text);
  set({{"patient", "Anna"}});
  {
    auto tx = archive.database.begin(manager.actor());
    tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2)", document, tx.now());
    tx.commit();
  }
  for (const Values& values : {Values{{"patient", "Bo"}}, Values{{"ward", "7"}}, Values{{"patient", std::nullopt}}}) {
    try {
      set(values);
      ADD_FAILURE() << values[0].first << " was changed";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::conflict);
    }
  }
  EXPECT_EQ(value("patient"), "Anna");
  auto tx = archive.database.begin(manager.actor());
  const std::string refused =
      "INSERT INTO custom_value (document_id, field_id, value) SELECT $1, id, 'x' "
      "FROM custom_field WHERE key = 'ward'";
  EXPECT_THROW(tx.execute(refused, document), Error) << "the database itself refuses";
  EXPECT_THROW(tx.execute("UPDATE custom_value SET value = 'x' WHERE document_id = $1", document), Error);
  EXPECT_THROW(tx.execute("DELETE FROM custom_value WHERE document_id = $1", document), Error);
}

TEST_F(CustomFieldsTest, WhatIsFoundIsSuggestedForTheKindThatItFits) {
  CustomFieldTerms terms{"Sum"};
  terms.uses = {{}};
  terms.fill_from = FieldKind::amount;
  const CustomField sum = make("sum", CustomFieldKind::amount, terms);
  EXPECT_EQ(sum.terms.fill_from, FieldKind::amount);
  ASSERT_EQ(values(manager).size(), 1U);
  EXPECT_EQ(values(manager)[0].field.terms.fill_from, FieldKind::amount);
  {
    auto tx = archive.database.begin(manager.actor());
    store_document_fields(tx, document, {{FieldKind::amount, "1250.00 SEK", "1 250,00 SEK", 1, {}}});
    tx.commit();
  }
  EXPECT_EQ(value("sum"), "") << "nothing is filled in without a person";

  auto tx = archive.database.begin(manager.actor());
  terms.fill_from = FieldKind::due_date;
  EXPECT_THROW(change_custom_field(tx, manager, sum.id, sum.version, terms), Error);
  EXPECT_THROW(tx.execute("UPDATE custom_field SET fill_from = 'due_date' WHERE id = $1", sum.id), Error)
      << "the database itself refuses";
  terms.fill_from.reset();
  EXPECT_EQ(change_custom_field(tx, manager, sum.id, sum.version, terms).terms.fill_from, std::nullopt);
}

TEST_F(CustomFieldsTest, KeysAndNamesAreOfOneField) {
  make("project", CustomFieldKind::text, {"Project"});
  auto tx = archive.database.begin(manager.actor());
  for (const auto& [key, name] : std::vector<std::pair<std::string, std::string>>{
           {"project", "Other"}, {"other", "PROJECT"}, {"Other", "Other"}, {"9", "Other"}, {"å", "Other"}, {"o", ""}}) {
    EXPECT_THROW(create_custom_field(tx, manager, key, CustomFieldKind::text, {name}), Error) << key << " " << name;
  }
  EXPECT_THROW(create_custom_field(tx, clerk, "other", CustomFieldKind::text, {"Other"}), Error);
}

}  // namespace
}  // namespace muniment::storage
