#include "ingest/guesses.h"

#include <gtest/gtest.h>

namespace muniment::ingest {
namespace {

using storage::Line;
using storage::PageLayer;
using storage::Word;

const core::Date kToday = core::parse_iso_date("2026-11-24").value();

std::vector<std::string> dates_in(const std::string& text) {
  const PageOfText page{1, text};
  std::vector<std::string> dates;
  for (const auto& candidate : guess_dates(std::span(&page, 1), kToday)) dates.push_back(core::to_iso(candidate.date));
  return dates;
}

std::string first_date(const std::string& text) {
  const auto dates = dates_in(text);
  return dates.empty() ? "" : dates.front();
}

TEST(GuessDates, ReadsTheFormsThatPeopleWrite) {
  for (const auto& [text, expected] :
       std::vector<std::pair<std::string, std::string>>{{"2024-03-05", "2024-03-05"},
                                                        {"Stockholm den 5 mars 2024", "2024-03-05"},
                                                        {"den 5:e mars 2024.", "2024-03-05"},
                                                        {"5. März 2024", "2024-03-05"},
                                                        {"le 14 février 2023", "2023-02-14"},
                                                        {"05.03.2024", "2024-03-05"},
                                                        {"March 5, 2024", "2024-03-05"},
                                                        {"Mar. 5th, 2024", "2024-03-05"},
                                                        {"5th of March 2024", "2024-03-05"},
                                                        {"24-03-05", "2024-03-05"},
                                                        {"5/3 2024", "2024-03-05"},
                                                        {"13/02/2019", "2019-02-13"},
                                                        {"02/13/2019", "2019-02-13"},
                                                        {"20240305", "2024-03-05"},
                                                        {"31.12.99", "1999-12-31"},
                                                        {"(2024-03-05)", "2024-03-05"}}) {
    EXPECT_EQ(first_date(text), expected) << text;
  }
}

TEST(GuessDates, FindsNoneWhereThereIsNone) {
  for (const char* text : {"", "2024-13-05", "30 februari 2024", "INV-2024-03-05-17", "1.2.3", "19900229",
                           "556677-8899", "850101-1234", "20240305-1234", "May I ask 3 things"}) {
    EXPECT_TRUE(dates_in(text).empty()) << text << " " << first_date(text);
  }
}

TEST(GuessDates, ALabelledDateGoesBeforeADueDateAndADateOfBirth) {
  EXPECT_EQ(first_date("Förfallodatum 2024-04-04\nFakturadatum 2024-03-05\nFödd 1985-01-01"), "2024-03-05");
  EXPECT_EQ(first_date("Due: 2024-04-04\nInvoice date: 2024-03-05"), "2024-03-05");
  const auto all = dates_in("Förfallodatum 2024-04-04\nFakturadatum 2024-03-05\nFödd 1985-01-01");
  EXPECT_EQ(all.size(), 3u) << "the others stay to be chosen";
}

TEST(GuessDates, DatesToComeGoLastAndTheFirstPageFirst) {
  EXPECT_EQ(first_date("The meeting is on 2031-01-01.\nWritten 2026-05-06"), "2026-05-06");
  const std::vector<PageOfText> pages{{1, "no date"}, {2, "2020-01-01"}, {3, "Date: 2021-01-01"}};
  EXPECT_EQ(core::to_iso(guess_dates(pages, kToday).at(0).date), "2021-01-01");
  EXPECT_EQ(guess_dates(pages, kToday).at(0).page, 3);
}

TEST(GuessDates, AYearOfTwoDigitsIsReadBothWays) {
  struct Case {
    const char* text;
    std::vector<std::string> dates;
  };
  for (const auto& [text, expected] :
       std::vector<Case>{{"24-03-18", {"2024-03-18", "2018-03-24"}},
                         {"Fakturadatum: 24-03-18", {"2024-03-18", "2018-03-24"}},
                         {"24.03.18", {"2018-03-24", "2024-03-18"}},
                         {"24/03/18", {"2018-03-24", "2024-03-18"}},
                         {"31-12-99", {"1999-12-31"}},
                         {"24-02-31", {"2031-02-24"}},
                         {"24-13-31", {}},
                         {"11-11-11", {"2011-11-11"}},
                         {"Datum 24-03-18\nSenast 2024-04-17", {"2024-03-18", "2024-04-17", "2018-03-24"}}}) {
    EXPECT_EQ(dates_in(text), expected) << text;
  }
  const PageOfText page{1, "24-03-18"};
  EXPECT_EQ(core::to_iso(guess_dates(std::span(&page, 1), kToday, "swe").at(0).date), "2024-03-18");
  EXPECT_EQ(core::to_iso(guess_dates(std::span(&page, 1), kToday, "eng").at(0).date), "2018-03-24");
  EXPECT_EQ(core::to_iso(guess_dates(std::span(&page, 1), kToday, "eng").at(1).date), "2024-03-18");
}

TEST(GuessDates, ShowsTheWordsAround) {
  const PageOfText page{1, "Er referens Fakturadatum 2024-03-05 Kundnr 17"};
  const auto candidate = guess_dates(std::span(&page, 1), kToday).at(0);
  EXPECT_NE(candidate.context.find("Fakturadatum 2024-03-05"), std::string::npos) << candidate.context;
}

TEST(GuessDates, ATableOfDatesStaysShort) {
  std::string text;
  for (int day = 1; day <= 28; ++day)
    text += "2024-02-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "\n";
  EXPECT_EQ(dates_in(text).size(), kMostDates);
}

Line line(const std::string& text, int top, int height, int confidence = 95) {
  Line made;
  int left = 50;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ') {
      word += c;
      continue;
    }
    const int width = static_cast<int>(word.size()) * height / 2;
    made.words.push_back({{left, top, width, height}, static_cast<std::uint8_t>(confidence), word});
    left += width + height / 2;
    word.clear();
  }
  return made;
}

PageLayer page(std::vector<Line> lines) {
  PageLayer layer;
  layer.width = 2000;
  layer.height = 3000;
  layer.language = "eng";
  layer.lines = std::move(lines);
  return layer;
}

TEST(GuessTitle, TheLargestLineNearTheTopWins) {
  const PageLayer layer =
      page({line("Acme AB", 100, 30), line("Lease agreement for premises", 300, 60),
            line("This agreement is made between", 450, 30), line("the parties named below and", 500, 30),
            line("holds until further notice", 550, 30)});
  EXPECT_EQ(guess_title("", "scan_001.pdf", layer), "Lease agreement for premises");
}

TEST(GuessTitle, TheFilesOwnTitleIsUsedWhereItSaysSomething) {
  const PageLayer layer = page({line("A heading of the page", 100, 60), line("text", 400, 30)});
  EXPECT_EQ(guess_title("Annual report 2024", "x.pdf", layer), "Annual report 2024");
  for (const char* nothing : {"Microsoft Word - draft3.doc", "untitled", "x", "scan0001", "report.indd", "my_file"}) {
    EXPECT_EQ(guess_title(nothing, "my_file.pdf", layer), "A heading of the page") << nothing;
  }
}

TEST(GuessTitle, ASubjectLineIsATitle) {
  EXPECT_EQ(guess_title("", "a.txt", page({line("Hej", 10, 30), line("Ämne: Höstens schema", 50, 30)})),
            "Höstens schema");
  EXPECT_EQ(guess_title("", "a.md", page({line("# Minutes of the board", 10, 30), line("We met.", 50, 30)})),
            "Minutes of the board");
}

TEST(GuessTitle, NumbersAddressesAndNoiseAreNone) {
  EXPECT_EQ(guess_title("", "a.pdf", page({line("070-123 45 67", 10, 90), line("info@example.com", 50, 60)})), "");
  EXPECT_EQ(guess_title("", "a.pdf", page({line("qzx wvb", 10, 90, 20)})), "");
  EXPECT_EQ(guess_title("", "a.pdf", PageLayer{}), "");
}

TEST(GuessTitle, TheSenderAndItsNumbersAreNotWhatTheLetterIsCalled) {
  EXPECT_EQ(guess_title("", "a.pdf",
                        page({line("Västerö Bygg AB", 100, 80), line("Organisationsnummer 556677-8899", 220, 60),
                              line("Fakturakopia 1017", 400, 50), line("Antal timmar", 600, 30), line("Summa", 700, 30),
                              line("att betala", 800, 30)})),
            "Fakturakopia 1017");
  EXPECT_EQ(guess_title("", "a.txt",
                        page({line("Skatteverket", 100, 30), line("Till den det berör", 200, 30),
                              line("Beslut om preliminär skatt", 300, 30)})),
            "Beslut om preliminär skatt");
  EXPECT_EQ(guess_title("", "a.pdf", page({line("Acme Ltd", 100, 30), line("Tel. 070-123 45 67", 200, 20)})),
            "Acme Ltd")
      << "better than nothing";
}

TEST(GuessTitle, ALabelIsNoHeading) {
  struct Case {
    const char* language;
    std::vector<const char*> lines;
    const char* number;
    const char* title;
  };
  for (const Case& each : std::vector<Case>{
           {"swe",
            {"Nordic Wood AB", "FAKTURA", "Fakturanummer: 20458", "Fakturadatum: 2024-03-05", "Antal timmar"},
            "20458",
            "FAKTURA 20458 Nordic Wood AB"},
           {"swe",
            {"Fakturanummer: 20458", "Nordic Wood AB", "Fakturadatum: 2024-03-05"},
            "20458",
            "Faktura 20458 Nordic Wood AB"},
           {"swe", {"Faktura 20458", "Fakturadatum 2024-03-05", "Nordic Wood AB"}, "20458", "Faktura 20458"},
           {"swe", {"Faktura nr 20458", "Förfallodatum 2024-04-05"}, "20458", "Faktura nr 20458"},
           {"swe", {"Kund:", "Holms Bygg AB", "Faktura", "Nordic Wood AB"}, "20458", "Faktura 20458 Nordic Wood AB"},
           {"eng",
            {"Northern Wood Ltd", "Invoice number: A-17", "Invoice date: 5 March 2024", "Bill to", "Acme Ltd"},
            "A-17",
            "Invoice A-17 Northern Wood Ltd"},
           {"eng", {"INVOICE NO : A-17", "Thank you for your custom"}, "A-17", "Invoice A-17"},
           {"eng", {"INVOICE", "Invoice No: A-17", "Due date 2024-04-05"}, "A-17", "INVOICE A-17"},
           {"eng", {"Report number: 12", "The state of the harbour wall"}, "", "The state of the harbour wall"},
           {"swe", {"Protokollnr 12", "Årsmöte i föreningen"}, "", "Årsmöte i föreningen"}}) {
    std::vector<Line> lines;
    for (const char* text : each.lines) lines.push_back(line(text, 100 + 60 * static_cast<int>(lines.size()), 30));
    PageLayer layer = page(std::move(lines));
    layer.language = each.language;
    EXPECT_EQ(guess_title("", "a.pdf", layer, each.number), each.title);
  }
}

TEST(GuessTitle, WhatALetterIsAboutStandsBesideTheGreeting) {
  const std::string paragraph = "The present lease of the premises ends in the spring, and we should like to";
  EXPECT_EQ(guess_title("", "a.pdf",
                        page({line("Anna Holm", 100, 30), line("Storgatan 1", 150, 30), line("Dear Ms Holm,", 400, 30),
                              line("Renewal of your lease", 460, 30), line(paragraph, 520, 30)})),
            "Renewal of your lease");
  EXPECT_EQ(guess_title("", "a.pdf",
                        page({line("Till Anna Holm", 100, 30), line("Lund den 5 mars 2024", 300, 30),
                              line("Ny taxa för sophämtning", 380, 30), line("Hej Anna!", 440, 30),
                              line("Från april gäller nya priser för alla hushåll i", 500, 30)})),
            "Ny taxa för sophämtning");
  EXPECT_EQ(guess_title("", "a.pdf",
                        page({line("Northern Wood Ltd", 100, 60), line("Dear Ms Holm,", 400, 30),
                              line("We write to tell you", 460, 30), line("that we move.", 520, 30)})),
            "Northern Wood Ltd")
      << "a paragraph that begins there is none";
}

TEST(GuessTitle, ALongTitleGoesOnInTheNextLineAndAParagraphDoesNot) {
  EXPECT_EQ(guess_title(
                "", "a.pdf",
                page({line("Rules for the use of", 100, 60), line("the common laundry room", 175, 60),
                      line("One books a time", 400, 30), line("on the list", 450, 30), line("by the door", 500, 30)})),
            "Rules for the use of the common laundry room");
  EXPECT_EQ(guess_title("", "a.txt", page({line("Dear all", 100, 30), line("please come", 135, 30)})), "Dear all");
}

TEST(GuessTitle, AKeyIsNoTitle) {
  EXPECT_EQ(guess_title("NFY5f7Ft2DWMkxLhXwxvFf7eWR2KeK3vEDcd", "a.pdf", PageLayer{}), "");
}

TEST(LanguageVote, MostOfTheTextDecides) {
  LanguageVote vote;
  EXPECT_EQ(vote.winner(), "");
  PageLayer english = page({line("short", 1, 10)});
  PageLayer swedish = page({line("en mycket längre rad på svenska", 1, 10)});
  swedish.language = "swe";
  vote.add(english);
  vote.add(swedish);
  EXPECT_EQ(vote.winner(), "swe");
}

}  // namespace
}  // namespace muniment::ingest
