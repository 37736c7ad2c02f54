#include "ingest/intake.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "ingest/allowed_types.h"
#include "storage/unreferenced_blobs.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;

Intake::Reader from_text(std::string text, std::size_t piece = SIZE_MAX) {
  return [text = std::move(text), piece, at = std::size_t{0}](std::span<std::byte> buffer) mutable {
    const std::size_t count = std::min({buffer.size(), text.size() - at, piece});
    std::memcpy(buffer.data(), text.data() + at, count);
    at += count;
    return count;
  };
}

Arrival named(std::string_view filename) {
  Arrival arrival;
  arrival.document.filename = filename;
  arrival.document.source = "test";
  return arrival;
}

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was refused";
  return ErrorCode::internal;
}

class IntakeTest : public ::testing::Test {
 protected:
  std::size_t document_count() {
    auto session = archive_.database.read();
    return static_cast<std::size_t>(
        storage::list_documents(session, archive_.system(), {}, storage::DocumentOrder::oldest_first, 0, 1).total);
  }
  std::size_t blob_count() {
    std::size_t count = 0;
    archive_.blobs.for_each([&](const core::Sha256&, std::uint64_t) { ++count; });
    return count;
  }
  bool temp_is_empty() {
    const std::filesystem::directory_iterator entries(archive_.data.temp());
    return std::ranges::none_of(entries, [](const auto& entry) { return entry.is_regular_file(); });
  }

  testing::TestArchive archive_;
  std::atomic<int> queued_ = 0;
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [this] { ++queued_; }};
  storage::Principal staff_ = archive_.add_person("sara", storage::Role::staff);
};

// Between the storing of the bytes and the transaction.
TEST_F(IntakeTest, BytesThatAreRemovedAtThatMomentAreNotTakenForStored) {
  Arrival arrival = named("a.txt");
  arrival.filing = [this](storage::Session&, Arrival&) { archive_.blobs.remove(core::Sha256::of("hello")); };
  EXPECT_EQ(code_of([&] { intake_.accept(staff_, arrival, from_text("hello")); }), ErrorCode::unavailable);
  EXPECT_EQ(document_count(), 0U);
  const Receipt receipt = intake_.accept(staff_, named("a.txt"), from_text("hello"));
  EXPECT_FALSE(receipt.duplicate);
  EXPECT_EQ(archive_.blobs.damage(core::Sha256::of("hello"), 5), std::nullopt);
}

TEST_F(IntakeTest, WhatIsAcknowledgedWhileLeftoverFilesAreRemovedIsThere) {
  std::jthread sweeper([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      storage::note_unreferenced_blobs(archive_.database, archive_.blobs, [] {});
      storage::remove_unreferenced_blobs(archive_.database, archive_.blobs,
                                         archive_.clock.now() + std::chrono::hours(1), 10);
    }
  });
  for (int i = 0; i < 40; ++i) {
    const std::string bytes = "file number " + std::to_string(i);
    for (bool entered = false; !entered;) {
      try {
        intake_.accept(staff_, named("a.txt"), from_text(bytes));
        entered = true;
      } catch (const Error& error) {
        ASSERT_EQ(error.code(), ErrorCode::unavailable) << error.message();
      }
    }
  }
  sweeper.request_stop();
  sweeper.join();
  EXPECT_EQ(document_count(), 40U);
  for (int i = 0; i < 40; ++i) {
    const std::string bytes = "file number " + std::to_string(i);
    EXPECT_EQ(archive_.blobs.damage(core::Sha256::of(bytes), bytes.size()), std::nullopt) << i;
  }
}

TEST_F(IntakeTest, StoresBytesDocumentAndJobAndWakesThePipeline) {
  const std::string text(600'000, 'x');
  const Receipt receipt = intake_.accept(staff_, named("../letter.txt"), from_text(text, 1000));
  EXPECT_FALSE(receipt.duplicate);
  EXPECT_EQ(queued_, 1);

  auto session = archive_.database.read();
  const auto document = storage::find_document(session, staff_, receipt.document_id);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->components.at(0).filename, "letter.txt");
  EXPECT_EQ(document->components.at(0).size, text.size());
  EXPECT_EQ(document->components.at(0).hash, core::Sha256::of(text));
  EXPECT_EQ(document->added_by, staff_.account_id);
  EXPECT_FALSE(archive_.blobs.damage(core::Sha256::of(text), text.size()));
  const auto job = storage::find_job(session, receipt.job_id.value());
  ASSERT_TRUE(job);
  EXPECT_EQ(job->kind, "read");
  EXPECT_EQ(job->document_id, receipt.document_id);
  EXPECT_EQ(job->state, storage::JobState::queued);
  EXPECT_TRUE(temp_is_empty());
}

TEST_F(IntakeTest, AnswersADuplicateWithTheDocumentThatIsThere) {
  const Receipt first = intake_.accept(staff_, named("a.txt"), from_text("same"));
  const Receipt second = intake_.accept(staff_, named("b.txt"), from_text("same"));
  EXPECT_TRUE(second.duplicate);
  EXPECT_FALSE(second.in_trash);
  EXPECT_EQ(second.document_id, first.document_id);
  EXPECT_EQ(second.job_id, first.job_id);
  EXPECT_EQ(queued_, 1);
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::trash_document(tx, staff_, first.document_id);
    tx.commit();
  }
  const Receipt third = intake_.accept(staff_, named("c.txt"), from_text("same"));
  EXPECT_TRUE(third.duplicate);
  EXPECT_TRUE(third.in_trash);
  EXPECT_EQ(third.document_id, first.document_id);
  EXPECT_TRUE(temp_is_empty());
}

TEST_F(IntakeTest, WhatComesAgainMendsAnOriginalThatIsDamagedOrMissing) {
  const core::Sha256 hash = core::Sha256::of("same");
  intake_.accept(staff_, named("a.txt"), from_text("same"));
  const auto again = [&] { return intake_.accept(staff_, named("a.txt"), from_text("same")); };
  const auto another = [&] {
    Arrival arrival = named("a.txt");
    arrival.keep_duplicate = true;
    return intake_.accept(staff_, arrival, from_text("same"));
  };
  const auto in_a_batch = [&] {
    std::vector<Intake::BatchItem> items;
    items.push_back({named("a.txt"), from_text("same")});
    return std::get<Receipt>(intake_.accept_batch(staff_, std::move(items)).at(0));
  };
  const auto as_its_versions = [&] {
    std::vector<Intake::VersionFile> versions;
    versions.push_back({"a.txt", intake_.spool(from_text("same")), "", {}});
    return intake_.accept_versions(staff_, named("a.txt"), std::move(versions));
  };
  const std::function<void()> spoil = [&] {
    std::filesystem::permissions(archive_.blobs.path(hash), std::filesystem::perms::owner_all);
    std::ofstream(archive_.blobs.path(hash)) << "lame";
  };
  const std::function<void()> lose = [&] { std::filesystem::remove(archive_.blobs.path(hash)); };
  for (const auto& harm : {spoil, lose}) {
    for (const std::function<Receipt()>& take :
         std::vector<std::function<Receipt()>>{again, in_a_batch, as_its_versions, another}) {
      harm();
      take();
      EXPECT_EQ(archive_.blobs.damage(hash, 4), std::nullopt);
    }
  }
  EXPECT_EQ(document_count(), 3u);
  EXPECT_TRUE(temp_is_empty());
}

TEST_F(IntakeTest, MakesAnotherDocumentWhenAskedTo) {
  const Receipt first = intake_.accept(staff_, named("a.txt"), from_text("same"));
  Arrival again = named("a.txt");
  again.keep_duplicate = true;
  const Receipt second = intake_.accept(staff_, again, from_text("same"));
  EXPECT_FALSE(second.duplicate);
  EXPECT_NE(second.document_id, first.document_id);
  EXPECT_EQ(blob_count(), 1u);
}

TEST_F(IntakeTest, OneWithVersionsIsADuplicateOnlyOfWhatPassesAndIsLookedForAgainWhenItEnters) {
  const Receipt alone = intake_.accept(staff_, named("b.txt"), from_text("the new wording"));
  const auto both = [&] {
    std::vector<Intake::VersionFile> versions;
    versions.push_back({"a.txt", intake_.spool(from_text("a draft")), "", {}});
    versions.push_back({"b.txt", intake_.spool(from_text("the new wording")), "", {}});
    return versions;
  };
  Arrival arrival = named("b.txt");
  arrival.duplicate_test = [&](storage::Session&, const storage::Document& twin) {
    return twin.id != alone.document_id;
  };
  // Somebody takes in the same between the two times that it is looked for.
  Arrival late = arrival;
  std::optional<Receipt> meanwhile;
  late.duplicate_test = [&](storage::Session& session, const storage::Document& twin) {
    if (!meanwhile) meanwhile = intake_.accept_versions(staff_, arrival, both());
    return arrival.duplicate_test(session, twin);
  };
  const Receipt receipt = intake_.accept_versions(staff_, late, both());
  EXPECT_FALSE(meanwhile->duplicate);
  EXPECT_TRUE(receipt.duplicate);
  EXPECT_EQ(receipt.document_id, meanwhile->document_id);
  EXPECT_EQ(document_count(), 2u);
  // What is recorded with it is recorded with the duplicate.
  arrival.with = [](storage::Transaction& tx, const Receipt& entered) {
    EXPECT_TRUE(entered.duplicate);
    tx.audit({"test.noted", "document", entered.document_id});
  };
  EXPECT_TRUE(intake_.accept_versions(staff_, arrival, both()).duplicate);
  auto session = archive_.database.read();
  EXPECT_EQ(receipt.document_id,
            session.value<std::int64_t>("SELECT object_id FROM audit WHERE action = 'test.noted'").value_or(0));
}

TEST_F(IntakeTest, DoesNotBetrayADuplicateThatThePersonMayNotRead) {
  const storage::Principal other = archive_.add_person("olle", storage::Role::staff);
  std::int64_t list = 0;
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    list = storage::create_access_list(tx, "Olle only",
                                       {{storage::AccessEntry::Subject::account, other.account_id, true, ""}});
    tx.commit();
  }
  Arrival secret = named("secret.txt");
  secret.document.access_list = list;
  const Receipt hidden = intake_.accept(archive_.system(), secret, from_text("secret"));
  const Receipt mine = intake_.accept(staff_, named("mine.txt"), from_text("secret"));
  EXPECT_FALSE(mine.duplicate);
  EXPECT_NE(mine.document_id, hidden.document_id);
}

TEST_F(IntakeTest, WhatIsSentAgainToWhereItsSenderMayNotReadIsNotDoubled) {
  const storage::Principal other = archive_.add_person("olle", storage::Role::staff);
  Arrival arrival = named("scan.txt");
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    arrival.document.access_list = arrival.duplicate_list = storage::create_access_list(
        tx, "Olle only", {{storage::AccessEntry::Subject::account, other.account_id, true, ""}});
    tx.commit();
  }
  const Receipt first = intake_.accept(staff_, arrival, from_text("a scan"));
  const Receipt again = intake_.accept(staff_, arrival, from_text("a scan"));
  EXPECT_FALSE(first.duplicate);
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.document_id, first.document_id);
  EXPECT_EQ(document_count(), 1U);
}

TEST_F(IntakeTest, ATokenThatOnlyAddsDoublesNothingAndLearnsOfNothingElse) {
  storage::Principal device = staff_;
  device.scopes = storage::TokenScopes::of({"add"});
  const Receipt first = intake_.accept(device, named("scan.txt"), from_text("a scan"));
  const Receipt again = intake_.accept(device, named("again.txt"), from_text("a scan"));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.document_id, first.document_id);

  const storage::Principal other = archive_.add_person("olle", storage::Role::staff);
  const Receipt theirs = intake_.accept(other, named("letter.txt"), from_text("a letter"));
  const Receipt same = intake_.accept(device, named("letter.txt"), from_text("a letter"));
  EXPECT_FALSE(same.duplicate);
  EXPECT_NE(same.document_id, theirs.document_id);

  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::trash_document(tx, staff_, first.document_id);
    tx.commit();
  }
  EXPECT_FALSE(intake_.accept(device, named("scan.txt"), from_text("a scan")).duplicate)
      << "that one will be destroyed";
}

TEST_F(IntakeTest, ParallelUploadsOfOneFileMakeOneDocument) {
  constexpr int kThreads = 16;
  std::vector<Receipt> receipts(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        receipts[static_cast<std::size_t>(i)] = intake_.accept(staff_, named("one.txt"), from_text("the one", 2));
      });
    }
  }
  EXPECT_EQ(std::ranges::count(receipts, false, &Receipt::duplicate), 1);
  for (const Receipt& receipt : receipts) EXPECT_EQ(receipt.document_id, receipts.front().document_id);
  EXPECT_EQ(document_count(), 1u);
  EXPECT_EQ(blob_count(), 1u);
  EXPECT_TRUE(temp_is_empty());
}

TEST_F(IntakeTest, RefusesWhatIsOverTheLimitAndKeepsNothing) {
  IntakeOptions options = testing::roomy_intake();
  options.max_file_bytes = 1000;
  const Intake strict(archive_.database, archive_.blobs, options, [] {});
  EXPECT_EQ(code_of([&] { strict.accept(staff_, named("big"), from_text(std::string(1001, 'x'), 100)); }),
            ErrorCode::too_large);
  EXPECT_NO_THROW(strict.accept(staff_, named("fits"), from_text(std::string(1000, 'x'), 100)));
  EXPECT_EQ(document_count(), 1u);
  EXPECT_TRUE(temp_is_empty());
}

TEST_F(IntakeTest, RefusesBelowTheFreeDiskFloor) {
  IntakeOptions options = testing::roomy_intake();
  options.free_floor_bytes = UINT64_MAX / 2;
  const Intake strict(archive_.database, archive_.blobs, options, [] {});
  EXPECT_EQ(code_of([&] { strict.accept(staff_, named("a"), from_text("a")); }), ErrorCode::storage_full);
  EXPECT_EQ(document_count(), 0u);
  EXPECT_EQ(blob_count(), 0u);
}

TEST_F(IntakeTest, RefusesTypesThatAreNotAllowed) {
  IntakeOptions options = testing::roomy_intake();
  options.allowed_types = {"application/pdf", "image/*"};
  const Intake strict(archive_.database, archive_.blobs, options, [] {});
  EXPECT_EQ(code_of([&] { strict.accept(staff_, named("a.pdf"), from_text("only text")); }),
            ErrorCode::unsupported_type);
  EXPECT_NO_THROW(strict.accept(staff_, named("a.txt"), from_text("%PDF-1.7\n")));
  EXPECT_NO_THROW(strict.accept(staff_, named("b.txt"), from_text("GIF89a....")));
  EXPECT_EQ(document_count(), 2u);
}

TEST_F(IntakeTest, LeavesToTheReadingWhatFirstBytesDoNotTell) {
  IntakeOptions options = testing::roomy_intake();
  options.allowed_types = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "text/csv"};
  const Intake strict(archive_.database, archive_.blobs, options, [] {});
  EXPECT_NO_THROW(strict.accept(staff_, named("a.docx"), from_text("PK\x03\x04 whatever is in it")));
  EXPECT_NO_THROW(strict.accept(staff_, named("a.csv"), from_text("a;b\n1;2\n")));
  EXPECT_EQ(code_of([&] { strict.accept(staff_, named("a.docx"), from_text("%PDF-1.7\n")); }),
            ErrorCode::unsupported_type);
  options.allowed_types = {"application/x-7z-compressed", "application/gzip"};
  const Intake archives(archive_.database, archive_.blobs, options, [] {});
  EXPECT_NO_THROW(archives.accept(staff_, named("a.7z"), from_text("7z\xbc\xaf\x27\x1c....")));
  EXPECT_NO_THROW(archives.accept(staff_, named("a.gz"), from_text("\x1f\x8b....")));
  EXPECT_EQ(code_of([&] { archives.accept(staff_, named("a.zip"), from_text("PK\x03\x04....")); }),
            ErrorCode::unsupported_type);
  EXPECT_EQ(code_of([&] { archives.accept(staff_, named("a.csv"), from_text("a;b\n1;2\n")); }),
            ErrorCode::unsupported_type);
}

TEST(AllowedTypesTest, ATypeThatNoDocumentHasIsRefusedWithThoseThatThereAre) {
  EXPECT_NO_THROW(require_known_types({"application/pdf", "image/*", "message/rfc822", "application/vnd.ms-outlook"}));
  try {
    require_known_types({"application/pdf", "application/docx"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(error.message().find("\"application/docx\""), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("wordprocessingml.document"), std::string::npos) << error.message();
  }
  EXPECT_THROW(require_known_types({"picture/*"}), Error);
}

TEST_F(IntakeTest, RefusesAnEmptyFile) {
  EXPECT_EQ(code_of([&] { intake_.accept(staff_, named("a"), from_text("")); }), ErrorCode::invalid_argument);
}

TEST_F(IntakeTest, RefusesAReader) {
  const auto reader = archive_.add_person("rut", storage::Role::reader);
  EXPECT_EQ(code_of([&] { intake_.accept(reader, named("a"), from_text("a")); }), ErrorCode::forbidden);
}

TEST_F(IntakeTest, KeepsNothingOfASourceThatBreaks) {
  int calls = 0;
  const auto broken = [&](std::span<std::byte> buffer) -> std::size_t {
    if (++calls == 3) throw Error(ErrorCode::io, "the connection broke");
    std::memset(buffer.data(), 'x', buffer.size());
    return buffer.size();
  };
  EXPECT_EQ(code_of([&] { intake_.accept(staff_, named("a"), broken); }), ErrorCode::io);
  EXPECT_EQ(document_count(), 0u);
  EXPECT_EQ(blob_count(), 0u);
  EXPECT_TRUE(temp_is_empty());
}

TEST_F(IntakeTest, ABadFieldLeavesNoDocument) {
  Arrival arrival = named("a");
  arrival.document.class_id = 4711;
  EXPECT_EQ(code_of([&] { intake_.accept(staff_, arrival, from_text("a")); }), ErrorCode::invalid_argument);
  EXPECT_EQ(document_count(), 0u);
  EXPECT_EQ(queued_, 0);
}

TEST_F(IntakeTest, TakesACompleteFileWithoutTouchingItsName) {
  const auto path = archive_.data.temp() / "upload";
  std::ofstream(path) << "a complete upload";
  const Receipt receipt = intake_.accept_file(staff_, named("a.txt"), path);
  EXPECT_FALSE(receipt.duplicate);
  EXPECT_TRUE(std::filesystem::exists(path));
  std::filesystem::remove(path);
  EXPECT_FALSE(archive_.blobs.damage(core::Sha256::of("a complete upload"), 17));

  std::ofstream(path) << "a complete upload";
  EXPECT_TRUE(intake_.accept_file(staff_, named("a.txt"), path).duplicate);
  EXPECT_EQ(code_of([&] { intake_.accept_file(staff_, named("a"), archive_.data.temp() / "none"); }),
            ErrorCode::not_found);
}

TEST_F(IntakeTest, TakesABatchAndRefusesItsBadFilesAlone) {
  std::vector<Intake::BatchItem> items;
  for (int i = 0; i < 50; ++i) {
    items.push_back({named("f" + std::to_string(i)), from_text("text " + std::to_string(i / 2))});
  }
  items.push_back({named("empty"), from_text("")});
  const auto outcomes = intake_.accept_batch(staff_, std::move(items));
  ASSERT_EQ(outcomes.size(), 51u);
  for (std::size_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(std::holds_alternative<Receipt>(outcomes[i]));
    EXPECT_EQ(std::get<Receipt>(outcomes[i]).duplicate, i % 2 == 1);
  }
  ASSERT_TRUE(std::holds_alternative<Error>(outcomes[50]));
  EXPECT_EQ(std::get<Error>(outcomes[50]).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(document_count(), 25u);
  EXPECT_EQ(blob_count(), 25u);
  EXPECT_EQ(queued_, 1);
  EXPECT_TRUE(temp_is_empty());
  EXPECT_FALSE(archive_.blobs.damage(core::Sha256::of("text 7"), 6));
}

TEST(MediaTypeByMagicTest, KnowsTheCommonKinds) {
  const auto type = [](std::string_view head) {
    return media_type_by_magic(std::as_bytes(std::span(head.data(), head.size())));
  };
  EXPECT_EQ(type("\x0a\x0a%PDF-1.4"), "application/pdf");
  EXPECT_EQ(type("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(type("RIFF....WEBPVP8 "), "image/webp");
  EXPECT_EQ(type("P4\n8 8\n"), "image/x-portable-anymap");
  EXPECT_EQ(type("<!DOCTYPE html><html>"), "text/html");
  EXPECT_EQ(type("Hej p\xc3\xa5 dig"), "text/plain");
  EXPECT_EQ(type(std::string_view("\x01\x02\0", 3)), "application/octet-stream");
  EXPECT_EQ(type(""), "application/octet-stream");
}

}  // namespace
}  // namespace muniment::ingest
