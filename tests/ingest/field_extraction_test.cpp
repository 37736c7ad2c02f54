#include "ingest/field_extraction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text.h"
#include "ingest/check_digits.h"

namespace muniment::ingest {
namespace {

using storage::DocumentField;
using storage::FieldKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr core::Date kToday{std::chrono::year(2026), std::chrono::month(11), std::chrono::day(24)};

// Words of ten units a letter; a space is six wide, and more of them keep words apart.
storage::PageLayer page(std::string_view text) {
  storage::PageLayer layer;
  layer.width = 4000;
  layer.height = 4000;
  std::int32_t top = 0;
  for (const std::string_view row : core::split(text, '\n')) {
    storage::Line line;
    std::int32_t left = 0;
    for (const std::string_view word : core::split(row, ' ')) {
      const auto width = static_cast<std::int32_t>(word.size()) * 10;
      if (!word.empty()) line.words.push_back({{left, top, width, 20}, 100, std::string(word)});
      left += width + 6;
    }
    layer.lines.push_back(std::move(line));
    top += 30;
  }
  return layer;
}

std::vector<std::pair<FieldKind, std::string>> found(std::string_view text) {
  std::vector<std::pair<FieldKind, std::string>> values;
  for (const DocumentField& field : fields_of_page(page(text), 1, kToday)) values.emplace_back(field.kind, field.value);
  return values;
}

TEST(FieldExtraction, CheckDigits) {
  EXPECT_TRUE(passes_luhn("5560160680"));
  EXPECT_FALSE(passes_luhn("5560160681"));
  EXPECT_FALSE(passes_luhn("0"));
  EXPECT_FALSE(passes_luhn("55601606 80"));
  EXPECT_TRUE(passes_mod_97("SE4550000000058398257466"));
  EXPECT_TRUE(passes_mod_97("DE89370400440532013000"));
  EXPECT_FALSE(passes_mod_97("SE4550000000058398257467"));
  EXPECT_FALSE(passes_mod_97("SE455000000005839825746"));
  EXPECT_FALSE(passes_mod_97(""));
}

TEST(FieldExtraction, PunctuationAroundAnAmountIsNotPartOfIt) {
  EXPECT_THAT(found("a rent of GBP 12,400.00, due in January"), ElementsAre(Pair(FieldKind::amount, "12400.00 GBP")));
  EXPECT_THAT(found("in all (1 200 kr)"), ElementsAre(Pair(FieldKind::amount, "1200 SEK")));
  EXPECT_THAT(found("of 100, 200 kr"), ElementsAre(Pair(FieldKind::amount, "200 SEK")));
}

TEST(FieldExtraction, OrganisationNumbersButNotThoseOfPersons) {
  EXPECT_THAT(found("Org.nr: 556016-0680"), ElementsAre(Pair(FieldKind::organisation_number, "556016-0680")));
  EXPECT_THAT(found("556016-0680"), ElementsAre(Pair(FieldKind::organisation_number, "556016-0680")));
  EXPECT_THAT(found("Org nr 5560160680"), ElementsAre(Pair(FieldKind::organisation_number, "556016-0680")));
  EXPECT_THAT(found("VAT SE556016068001"), ElementsAre(Pair(FieldKind::organisation_number, "556016-0680")));
  EXPECT_THAT(found("556016-0681 5560160680"), IsEmpty());
  EXPECT_THAT(found("811218-9876"), IsEmpty());  // a birthday
}

TEST(FieldExtraction, AmountsNeedACurrency) {
  EXPECT_THAT(found("Att betala: 1 234,50 kr"), ElementsAre(Pair(FieldKind::amount, "1234.50 SEK")));
  EXPECT_THAT(found("SEK 1.234,50"), ElementsAre(Pair(FieldKind::amount, "1234.50 SEK")));
  EXPECT_THAT(found("Total $1,234.50"), ElementsAre(Pair(FieldKind::amount, "1234.50 USD")));
  EXPECT_THAT(found("EUR 99 or 100 €"),
              ElementsAre(Pair(FieldKind::amount, "99 EUR"), Pair(FieldKind::amount, "100 EUR")));
  EXPECT_THAT(found("500:- kr"), ElementsAre(Pair(FieldKind::amount, "500 SEK")));
  EXPECT_THAT(found("1 234,50"), IsEmpty());
  EXPECT_THAT(found("Antal 2     300 kr"), ElementsAre(Pair(FieldKind::amount, "300 SEK")));  // two columns
  EXPECT_THAT(found("12.34.56 kr"), IsEmpty());
}

TEST(FieldExtraction, PaymentsInSweden) {
  EXPECT_THAT(found("Bankgiro 5050-1055"), ElementsAre(Pair(FieldKind::bankgiro, "5050-1055")));
  EXPECT_THAT(found("Bankgiro 5050-1056"), IsEmpty());
  EXPECT_THAT(found("Plusgiro: 90 20 01-8"), IsEmpty());
  EXPECT_THAT(found("PG 90 20 01-7"), ElementsAre(Pair(FieldKind::plusgiro, "902001-7")));
  EXPECT_THAT(found("OCR-nummer: 1234567897"), ElementsAre(Pair(FieldKind::ocr_number, "1234567897")));
  EXPECT_THAT(found("OCR 12345 67897"), ElementsAre(Pair(FieldKind::ocr_number, "1234567897")));
  EXPECT_THAT(found("OCR 1234567890"), IsEmpty());
  EXPECT_THAT(found("# 1234567897 # 1200 00 5 > 50501055#41#"),
              ElementsAre(Pair(FieldKind::ocr_number, "1234567897"), Pair(FieldKind::amount, "1200.00 SEK"),
                          Pair(FieldKind::bankgiro, "5050-1055")));
  EXPECT_THAT(found("# 1234567897 # 1200 00 6 > 50501055#41#"), IsEmpty());
}

TEST(FieldExtraction, IbanInGroups) {
  EXPECT_THAT(found("IBAN SE45 5000 0000 0583 9825 7466 BIC"),
              ElementsAre(Pair(FieldKind::iban, "SE4550000000058398257466")));
  EXPECT_THAT(found("SE45 5000 0000 0583 9825 7467"), IsEmpty());
}

TEST(FieldExtraction, NumbersAndDatesBesideOrBelowTheirLabels) {
  EXPECT_THAT(found("Invoice number: INV-2026/7"), ElementsAre(Pair(FieldKind::invoice_number, "INV-2026/7")));
  EXPECT_THAT(found("Fakturanr   Kundnr\n10045       778"),
              ElementsAre(Pair(FieldKind::invoice_number, "10045"), Pair(FieldKind::reference, "778")));
  EXPECT_THAT(found("Förfallodatum: 2026-03-31"), ElementsAre(Pair(FieldKind::due_date, "2026-03-31")));
  EXPECT_THAT(found("Payment due\n31 March 2026"), ElementsAre(Pair(FieldKind::due_date, "2026-03-31")));
  EXPECT_THAT(found("Invoice number below"), IsEmpty());
  EXPECT_THAT(found("Tax Invoice# 1/A-42210"), ElementsAre(Pair(FieldKind::invoice_number, "1/A-42210")));
  EXPECT_THAT(found("Inv. No: 5512"), ElementsAre(Pair(FieldKind::invoice_number, "5512")));
  for (const char* label : {"Förfallodag:", "Forfallodag:", "Férfallodag:"}) {
    EXPECT_THAT(found(std::string(label) + " 2026-03-31"), ElementsAre(Pair(FieldKind::due_date, "2026-03-31")))
        << label;
  }
  EXPECT_THAT(found("Kvittonr 0042"), ElementsAre(Pair(FieldKind::reference, "0042")));
  EXPECT_THAT(found("2026-03-31 10045"), IsEmpty());
}

// Words of each text at its place, as columns of a form are: lines of their own.
storage::PageLayer form(const std::vector<std::tuple<int, int, std::string>>& texts) {
  storage::PageLayer layer;
  for (const auto& [left, top, text] : texts) {
    storage::Line line = page(text).lines.at(0);
    for (storage::Word& word : line.words) {
      word.box.left += left;
      word.box.top += top;
    }
    layer.lines.push_back(std::move(line));
  }
  return layer;
}

TEST(FieldExtraction, ValuesInAnotherColumn) {
  const storage::PageLayer beside = form({{0, 0, "Datum:"},
                                          {400, 2, "2026-03-01"},
                                          {0, 30, "Faktnr:"},
                                          {400, 32, "F10045"},
                                          {0, 60, "Att betala senast:"},
                                          {400, 62, "2026-03-31"},
                                          {0, 90, "Bankgironr"},
                                          {400, 92, "5050-1055"}});
  std::vector<std::pair<FieldKind, std::string>> values;
  for (const DocumentField& field : fields_of_page(beside, 1, kToday)) values.emplace_back(field.kind, field.value);
  EXPECT_THAT(values, ElementsAre(Pair(FieldKind::invoice_number, "F10045"), Pair(FieldKind::due_date, "2026-03-31"),
                                  Pair(FieldKind::bankgiro, "5050-1055")));
  EXPECT_THAT(fields_of_page(form({{0, 0, "Fakturanr"}, {900, 0, "10045"}}), 1, kToday), IsEmpty()) << "too far";
  EXPECT_THAT(fields_of_page(form({{0, 0, "Fakturanr"}, {200, 0, "Sida"}, {300, 0, "10045"}}), 1, kToday), IsEmpty())
      << "something else stands between";
}

TEST(FieldExtraction, AValueStandsBelowTheWholePhrase) {
  const auto fields = fields_of_page(form({{0, 0, "Payment reference (OCR)"}, {0, 30, "1234567897"}}), 1, kToday);
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].value, "1234567897");
}

TEST(FieldExtraction, DatesThatTheLayoutTells) {
  const auto dates = labelled_dates(
      form({{0, 0, "Förfallodatum"}, {400, 0, "Fakturadatum"}, {0, 30, "2026-03-31"}, {400, 30, "2026-03-01"}}),
      kToday);
  EXPECT_EQ(core::to_iso(dates.own.value()), "2026-03-01");
  ASSERT_EQ(dates.due.size(), 1U);
  EXPECT_EQ(core::to_iso(dates.due[0]), "2026-03-31");
  EXPECT_FALSE(labelled_dates(page("Delivery date 2026-03-31"), kToday).own) << "a date of something else";
  const PageOfText text{1, "2026-03-31\n2026-03-01"};
  EXPECT_EQ(core::to_iso(guess_dates(std::span(&text, 1), kToday).at(0).date), "2026-03-31");
  EXPECT_EQ(core::to_iso(guess_dates(std::span(&text, 1), kToday, "", dates).at(0).date), "2026-03-01");
}

TEST(FieldExtraction, EachHasItsPlace) {
  const auto fields = fields_of_page(page("\nAtt betala 1 234,50 kr"), 7, kToday);
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].page, 7);
  EXPECT_EQ(fields[0].text, "1 234,50 kr");
  EXPECT_EQ(fields[0].box, (storage::Box{102, 30, 102, 20}));
}

}  // namespace
}  // namespace muniment::ingest
