// Two passes of a stack through the pipeline: joined once both are read, or told why not.
#include "storage/stack_passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit.h"
#include "storage/jobs.h"
#include "tests/ingest/stacks_fixture.h"

namespace muniment::ingest {
namespace {

using storage::DocumentState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PassesTest : public StacksTest {
 protected:
  void pair(std::int64_t fronts, std::int64_t backs) {
    auto tx = archive_.database.begin(staff_.actor());
    storage::record_stack_passes(tx, {fronts, backs});
    tx.commit();
  }
  // A pass that comes by itself, as drop folders take them.
  std::int64_t send(const std::string& name, const std::vector<std::string>& pages,
                    const std::string& drop_folder = "copier") {
    const auto id = add(name, pages);
    auto tx = archive_.database.begin(staff_.actor());
    storage::record_sent_pass(tx, id, {staff_.account_id, drop_folder}, std::chrono::minutes(30));
    tx.commit();
    return id;
  }
  storage::JobState reading_of(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_document_job(session, id)->state;
  }
  // In order; "(none)" where there is no text.
  std::vector<std::string> texts(std::int64_t id) {
    std::vector<std::string> all;
    for (std::int64_t page = 1; page <= document(id).page_count; ++page) all.push_back(text(id, page));
    return all;
  }
  std::vector<storage::AuditEntry> told(std::int64_t id) {
    auto session = archive_.database.read();
    storage::AuditFilter filter;
    filter.object = "document";
    filter.object_id = id;
    filter.action = "document.passes_not_joined";
    return storage::list_audit(session, filter, 0, 10);
  }
  bool are_paired(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::stack_passes_of(session, id).has_value();
  }
};

TEST_F(PassesTest, FrontsAndBacksBecomeOneDocument) {
  const auto fronts = add("fronts", {"one", "three", "five"});
  const auto backs = add("backs", {"six", "four", "two"});
  pair(fronts, backs);
  pipeline_.start();
  settle();
  const auto made = parts_of(fronts);
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(parts_of(backs), made);
  EXPECT_THAT(texts(made[0]), ElementsAre("one", "two", "three", "four", "five", "six"));
  EXPECT_EQ(document(made[0]).components[0].filename, "fronts.pdf");
  EXPECT_EQ(document(made[0]).added_by, staff_.account_id);
  EXPECT_THAT(listed(), ElementsAre(made[0]));
  EXPECT_THAT(listed(true), ElementsAre(fronts, backs)) << "both files are kept";
  EXPECT_EQ(reader_.pages_read(), 6) << "no page is recognised twice";
  EXPECT_FALSE(are_paired(fronts));
  EXPECT_THAT(told(fronts), IsEmpty());
}

TEST_F(PassesTest, BarcodesPartTheWholeAndNoSideOfIt) {
  const auto fronts = add("fronts", {"[ASN00012] one", "[ASN00013] three"});
  const auto backs = add("backs", {"four", "[TAG:tax] two"});
  pair(fronts, backs);
  pipeline_.start();
  settle();
  const auto made = parts_of(fronts);
  ASSERT_EQ(made.size(), 2U);
  EXPECT_THAT(texts(made[0]), ElementsAre("one", "two"));
  EXPECT_EQ(serial(made[0])->number, 12);
  EXPECT_EQ(serial(made[1])->number, 13);
  EXPECT_THAT(texts(made[1]), ElementsAre("three", "four"));
  EXPECT_THAT(tags(document(made[0])), ElementsAre("tax"));
  EXPECT_THAT(tags(document(made[1])), IsEmpty());
  EXPECT_EQ(serial(fronts), std::nullopt);
}

TEST_F(PassesTest, OneThatIsReadMuchLaterIsJoinedToo) {
  const auto fronts = add("fronts", {"one", "three"});
  const auto backs = add("backs hang", {"four", "two"});
  pair(fronts, backs);
  pipeline_.start();
  const core::Deadline deadline(std::chrono::seconds(60));
  while (!deadline.passed() && document(fronts).state != DocumentState::ready) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_THAT(parts_of(fronts), IsEmpty());
  EXPECT_TRUE(are_paired(fronts));
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::DocumentChange change;
    change.title = "Lease of the barn";
    storage::change_document(tx, staff_, fronts, storage::find_document(tx, staff_, fronts)->version, change);
    tx.commit();
  }
  reader_.let_go();
  settle();
  const auto made = parts_of(fronts);
  ASSERT_EQ(made.size(), 1U);
  EXPECT_THAT(texts(made[0]), ElementsAre("one", "two", "three", "four"));
  EXPECT_EQ(document(made[0]).title, "Lease of the barn") << "what a person called it meanwhile";
}

TEST_F(PassesTest, OneThatIsFiledWithoutTextIsNotWaitedForAnyMore) {
  const auto fronts = add("fronts", {"one"});
  const auto backs = add("backs crash", {"two"});
  pair(fronts, backs);
  pipeline_.start();
  settle();
  EXPECT_TRUE(are_paired(fronts)) << "it may be read when that is tried again";
  pipeline_.file_without_text(staff_, backs);
  EXPECT_FALSE(are_paired(fronts));
  for (const std::int64_t id : {fronts, backs}) {
    const auto entries = told(id);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_NE(entries[0].detail.find("was filed without text"), std::string::npos) << entries[0].detail;
  }
  EXPECT_THAT(listed(), ElementsAre(fronts, backs));
}

TEST_F(PassesTest, SidesThatDoNotFitStayTwoDocumentsAndSayWhy) {
  const auto fronts = add("fronts", {"one", "three"});
  const auto backs = add("backs", {"two"});
  pair(fronts, backs);
  pipeline_.start();
  settle();
  EXPECT_THAT(listed(), ElementsAre(fronts, backs));
  EXPECT_FALSE(are_paired(backs));
  for (const std::int64_t id : {fronts, backs}) {
    const auto entries = told(id);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_NE(entries[0].detail.find("there are 2 front and 1 back sides"), std::string::npos) << entries[0].detail;
  }
}

TEST_F(PassesTest, ATextIsNoSideOfAStack) {
  Arrival arrival;
  arrival.document.filename = "notes.txt";
  arrival.document.source = "watch";
  const std::string bytes = "notes text\nwords";
  bool given = false;
  const auto notes = intake_
                         .accept(staff_, arrival,
                                 [&](std::span<std::byte> buffer) -> std::size_t {
                                   if (std::exchange(given, true)) return 0;
                                   std::ranges::copy(std::as_bytes(std::span(bytes)), buffer.begin());
                                   return bytes.size();
                                 })
                         .document_id;
  const auto backs = add("backs", {"two"});
  pair(notes, backs);
  pipeline_.start();
  settle();
  EXPECT_FALSE(are_paired(backs));
  EXPECT_EQ(told(notes).size(), 1U);
  EXPECT_EQ(told(backs).size(), 1U);
  EXPECT_THAT(listed(), ElementsAre(notes, backs));
}

TEST_F(PassesTest, WhatWasThrownAwayMeanwhileIsNotJoined) {
  const auto fronts = add("fronts", {"one"});
  const auto backs = add("backs", {"two"});
  pair(fronts, backs);
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::trash_document(tx, staff_, fronts);
    tx.commit();
  }
  pipeline_.start();
  settle();
  EXPECT_THAT(parts_of(backs), IsEmpty());
  EXPECT_EQ(document(backs).state, DocumentState::ready);
  EXPECT_FALSE(are_paired(backs));
}

TEST_F(PassesTest, PassesThatAreSentGoTwoAndTwo) {
  const auto fronts = send("fronts", {"one"});
  const auto elsewhere = send("elsewhere", {"nine"}, "scanner");
  const auto backs = send("backs", {"two"});
  const auto next = send("next", {"five"});
  EXPECT_TRUE(are_paired(fronts) && are_paired(backs));
  EXPECT_FALSE(are_paired(elsewhere) || are_paired(next));
  pipeline_.start();
  const auto is_made = [&] {
    const auto made = parts_of(fronts);
    return !made.empty() && document(made[0]).state == DocumentState::ready;
  };
  const core::Deadline deadline(std::chrono::seconds(60));
  while (!deadline.passed() && !is_made()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const auto made = parts_of(fronts);
  ASSERT_EQ(made.size(), 1U);
  EXPECT_THAT(texts(made[0]), ElementsAre("one", "two"));
  EXPECT_EQ(reading_of(elsewhere), storage::JobState::queued) << "it waits for its other side";
  EXPECT_EQ(reading_of(next), storage::JobState::queued);
}

TEST_F(PassesTest, AFirstOneThatWasThrownAwayIsNoSideOfTheNextStack) {
  const auto crooked = send("crooked", {"one"});
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::trash_document(tx, staff_, crooked);
    tx.commit();
  }
  const auto fronts = send("fronts", {"one, straight"});
  EXPECT_FALSE(are_paired(crooked) || are_paired(fronts));
  EXPECT_EQ(told(crooked).size(), 1U);
  const auto backs = send("backs", {"two"});
  EXPECT_TRUE(are_paired(fronts) && are_paired(backs));
  EXPECT_EQ(told(crooked).size(), 1U);
}

TEST_F(PassesTest, ASentOneThatStaysAloneIsReadWhenItHasWaited) {
  const auto alone = send("alone", {"[ASN00012] one", "[ASN00013] three"});
  archive_.clock.advance(std::chrono::minutes(31));
  const auto next = send("next", {"two"});
  EXPECT_FALSE(are_paired(next)) << "it came too late";
  ASSERT_EQ(told(alone).size(), 1U);
  EXPECT_NE(told(alone)[0].detail.find("its other side had not come"), std::string::npos);
  archive_.clock.advance(std::chrono::minutes(31));
  pipeline_.start();
  settle();
  EXPECT_EQ(parts_of(alone).size(), 2U) << "its barcodes count, as in any other stack";
  EXPECT_EQ(document(next).state, DocumentState::ready);
  EXPECT_EQ(told(alone).size(), 1U);
  EXPECT_EQ(told(next).size(), 1U);
}

}  // namespace
}  // namespace muniment::ingest
