#include "ingest/internal/member_intake.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "records/file_plan.h"
#include "storage/catalogue.h"
#include "storage/members.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;

// Files for FakeReader: a name, flags, and a line for each file in it, whose "|" end its lines.
class MemberIntakeTest : public ::testing::Test {
 protected:
  std::int64_t add(const std::string& text, std::optional<std::int64_t> access_list = {}) {
    Arrival arrival;
    arrival.document.filename = "letter.eml";
    arrival.document.source = "test";
    arrival.document.access_list = access_list;
    std::size_t at = 0;
    return intake_
        .accept(archive_.system(), arrival,
                [&](std::span<std::byte> buffer) {
                  const std::size_t count = std::min(buffer.size(), text.size() - at);
                  std::memcpy(buffer.data(), text.data() + at, count);
                  at += count;
                  return count;
                })
        .document_id;
  }
  storage::Document document(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_document(session, archive_.system(), id).value();
  }
  void take(std::int64_t id, const MemberLimits& limits = {}) {
    const storage::Document container = document(id);
    const core::FileDescriptor file = archive_.blobs.open(container.components.at(0).hash);
    MemberIntake(archive_.database, intake_, reader_, limits)
        .take(id, container.components.at(0).id, {file, container.components.at(0).size, "letter.eml"},
              storage::kInteractive, {});
  }
  ErrorCode refusal(std::int64_t id, const MemberLimits& limits) {
    try {
      take(id, limits);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  }
  std::vector<storage::Member> members_of(std::int64_t id) {
    const std::int64_t component = document(id).components.at(0).id;
    auto session = archive_.database.read();
    return storage::members(session, archive_.system(), component, 100).members;
  }
  std::vector<storage::Container> containers_of(const storage::Principal& who, std::int64_t id) {
    auto session = archive_.database.read();
    return storage::containers(session, who, id);
  }
  std::int64_t closed_list() {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto id = storage::create_access_list(tx, "Closed", {});
    tx.commit();
    return id;
  }
  std::int64_t documents() {
    auto session = archive_.database.read();
    return session.value<std::int64_t>("SELECT count(*) FROM document").value();
  }

  testing::TestArchive archive_;
  testing::FakeReader reader_;
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [] {}};
};

TEST_F(MemberIntakeTest, EachFileBecomesADocumentOfItsOwnOnce) {
  const auto mail = add("mail members\na |one\nb |two");
  take(mail);
  const auto found = members_of(mail);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].path, "in/a");
  EXPECT_EQ(document(found[0].document_id.value()).components.at(0).filename, "a");
  EXPECT_EQ(document(found[1].document_id.value()).source, "member");
  take(mail);  // as after a crash
  EXPECT_EQ(members_of(mail).size(), 2U);
  EXPECT_EQ(documents(), 3);
}

TEST_F(MemberIntakeTest, AFileInTwoMailsIsOneDocumentInTwoPlaces) {
  const auto first = add("mail members\na |one");
  const auto second = add("forwarded members\na |one");
  take(first);
  take(second);
  const auto shared = members_of(first).at(0).document_id.value();
  EXPECT_EQ(members_of(second).at(0).document_id, shared);
  EXPECT_EQ(containers_of(archive_.system(), shared).size(), 2U);
}

TEST_F(MemberIntakeTest, AFileIsAsOpenAsWhatItCameIn) {
  const auto list = closed_list();
  const auto closed = add("mail members\na |one", list);
  const auto open = add("forwarded members\na |one");
  take(closed);
  take(open);
  const auto secret = members_of(closed).at(0).document_id.value();
  const auto shown = members_of(open).at(0).document_id.value();
  EXPECT_NE(secret, shown);
  EXPECT_EQ(document(secret).access_list, list);
  EXPECT_EQ(document(shown).access_list, document(open).access_list);
  const auto person = archive_.add_person("sara", storage::Role::staff);
  EXPECT_TRUE(containers_of(person, secret).empty());
  EXPECT_EQ(containers_of(person, shown).size(), 1U);
}

TEST_F(MemberIntakeTest, AFileIsFiledAsWhatItCameInButForTheType) {
  const auto mail = add("mail members\na |one");
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::DocumentChange change;
    change.type_id = storage::ensure_name(tx, storage::Vocabulary::type, "Letter").id;
    change.correspondent_id = storage::ensure_name(tx, storage::Vocabulary::correspondent, "Acme").id;
    change.tag_ids = std::vector{storage::ensure_name(tx, storage::Vocabulary::tag, "post").id};
    const auto before = storage::find_document(tx, archive_.system(), mail);
    storage::change_document(tx, archive_.system(), mail, before->version, change);
    tx.commit();
  }
  take(mail);
  const auto attached = document(members_of(mail).at(0).document_id.value());
  EXPECT_FALSE(attached.type);
  EXPECT_EQ(attached.correspondent->name, "Acme");
  ASSERT_EQ(attached.tags.size(), 1U);
  EXPECT_EQ(attached.tags[0].name, "post");
}

TEST_F(MemberIntakeTest, AFileIsFiledAsWhatItCameInIsAtThatMoment) {
  const auto mail = add("mail members\na |one\nb |two\nc |three");
  std::int64_t tag = 0, place = 0;
  const auto change_mail = [&](storage::Transaction& tx, const storage::DocumentChange& change) {
    const auto before = storage::find_document(tx, storage::system_principal(tx, "test"), mail);
    storage::change_document(tx, storage::system_principal(tx, "test"), mail, before->version, change);
  };
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    tag = storage::ensure_name(tx, storage::Vocabulary::tag, "post").id;
    place = records::create_class(tx, {{}, "7", "Accounts"});
    storage::DocumentChange change;
    change.tag_ids = std::vector{tag};
    change.class_id = place;
    change_mail(tx, change);
    tx.commit();
  }
  std::int64_t list = 0;
  int taken = 0;
  const Intake intake(archive_.database, archive_.blobs, testing::roomy_intake(), [&] {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    if (++taken == 1) {
      storage::remove_name(tx, storage::Vocabulary::tag, tag);
      list = storage::create_access_list(tx, "Board only", {});
      storage::DocumentChange change;
      change.own_access_list = list;
      change_mail(tx, change);
    } else if (taken == 2) {
      records::ClassChange closed;
      closed.status = records::Status::closed;
      records::change_class(tx, place, records::find_class(tx, place)->version, closed);
    }
    tx.commit();
  });
  const storage::Document container = document(mail);
  const core::FileDescriptor file = archive_.blobs.open(container.components.at(0).hash);
  MemberIntake(archive_.database, intake, reader_, {})
      .take(mail, container.components.at(0).id, {file, container.components.at(0).size, "letter.eml"},
            storage::kInteractive, {});
  const auto found = members_of(mail);
  ASSERT_EQ(found.size(), 3U);
  const auto nth = [&](std::size_t index) { return document(found[index].document_id.value()); };
  EXPECT_TRUE(nth(1).tags.empty());
  EXPECT_EQ(nth(1).class_id, place);
  EXPECT_EQ(nth(1).access_list, list);
  EXPECT_EQ(nth(2).class_id, std::nullopt) << "the class is closed";
  EXPECT_EQ(nth(2).access_list, list);
}

TEST_F(MemberIntakeTest, WhatIsWithinCountsForTheOutermost) {
  const auto outer = add("outer members\nmiddle members|a |b \nmiddle2 members|c |d ");
  take(outer);
  const auto middle = members_of(outer).at(0).document_id.value();
  const auto second = members_of(outer).at(1).document_id.value();
  EXPECT_EQ(refusal(middle, {.depth = 1}), ErrorCode::too_large);
  EXPECT_TRUE(members_of(middle).empty());
  take(middle, {.depth = 2, .count = 4});
  EXPECT_EQ(members_of(middle).size(), 2U);
  EXPECT_EQ(refusal(second, {.depth = 2, .count = 5}), ErrorCode::too_large);
  EXPECT_TRUE(members_of(second).empty());
}

TEST_F(MemberIntakeTest, WhatIsRefusedIsThereWithItsReason) {
  const auto mail = add("mail members\na |" + std::string(200, 'x') + "\nb |two");
  IntakeOptions options = testing::roomy_intake();
  options.max_file_bytes = 100;
  const Intake small(archive_.database, archive_.blobs, options, [] {});
  const storage::Document container = document(mail);
  const core::FileDescriptor file = archive_.blobs.open(container.components.at(0).hash);
  MemberIntake(archive_.database, small, reader_, {})
      .take(mail, container.components.at(0).id, {file, container.components.at(0).size, "letter.eml"},
            storage::kInteractive, {});
  const auto found = members_of(mail);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].document_id);
  EXPECT_THAT(found[0].problem, ::testing::HasSubstr("larger than the limit"));
  EXPECT_TRUE(found[1].document_id);
}

}  // namespace
}  // namespace muniment::ingest
