#include "records/tombstones.h"

#include <fstream>

#include <gtest/gtest.h>

#include "records/file_plan.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "storage/roles.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;

// Destroys records that somebody described, and keeps of them what is chosen.
struct Destroyer : RecordsArchive {
  explicit Destroyer(const std::set<TombstoneField>& fields) {
    auto tx = begin();
    choose_tombstone_fields(tx, manager, fields);
    tx.commit();
  }

  std::int64_t described(const std::string& title, std::int64_t list = 0) {
    const std::int64_t id = filed();
    auto tx = begin();
    storage::DocumentChange change;
    change.title = title;
    change.date = day("2020-05-10");
    change.correspondent_id = storage::ensure_name(tx, storage::Vocabulary::correspondent, "acme " + title).id;
    if (list != 0) change.own_access_list = list;
    storage::change_document(tx, manager, id, storage::find_document(tx, manager, id)->version, change);
    declare(tx, manager, id);
    tx.commit();
    return id;
  }
  void destroy(std::int64_t id) {
    const std::int64_t batch = proposed({id}, kDue);
    approve(batch);
    execute(batch, kDue);
    disposal.purge(kWindowOver);
  }
  DestroyedDocument destroyed(std::int64_t id) {
    auto session = database.read();
    return find_destroyed(session, manager, id).value();
  }
  std::vector<std::int64_t> found(const TombstoneFilter& filter, const storage::Principal& who) {
    auto session = database.read();
    std::vector<std::int64_t> ids;
    for (const auto& one : list_destroyed(session, who, filter, 0, 100).documents) {
      ids.push_back(one.tombstone.document_id);
    }
    return ids;
  }
};

using Ids = std::vector<std::int64_t>;

TEST(Tombstones, KeepWhatIsChosenAndNothingElse) {
  Destroyer minimal({});
  const std::int64_t bare = minimal.described("Zyqwarbleflux");
  minimal.destroy(bare);
  const DestroyedDocument least = minimal.destroyed(bare);
  EXPECT_EQ("", least.tombstone.title);
  EXPECT_FALSE(least.tombstone.document_date);
  EXPECT_EQ("", least.correspondent);
  EXPECT_EQ("3.1", least.tombstone.class_code);
  auto session = minimal.database.read();
  EXPECT_EQ(0,
            session.value<std::int64_t>("SELECT count(*) FROM audit_detail WHERE detail LIKE '%\"Zyqwarbleflux\"%'"));

  Destroyer choosing({TombstoneField::title, TombstoneField::date, TombstoneField::correspondent});
  const std::int64_t id = choosing.described("Zyqwarbleflux");
  choosing.destroy(id);
  const DestroyedDocument kept = choosing.destroyed(id);
  EXPECT_EQ("Zyqwarbleflux", kept.tombstone.title);
  EXPECT_EQ(day("2020-05-10"), kept.tombstone.document_date);
  EXPECT_EQ("acme Zyqwarbleflux", kept.correspondent);
  EXPECT_TRUE(kept.tombstone.purged_at);
  auto tx = choosing.begin();
  EXPECT_THROW(tx.execute("UPDATE tombstone SET correspondent = 'x' WHERE document_id = $1", id), core::Error);
}

TEST(Tombstones, KeepPublicTitlesInPlaceOfTitles) {
  Destroyer archive({TombstoneField::title, TombstoneField::folder});
  const std::int64_t id = archive.filed();
  {
    auto tx = archive.begin();
    const std::int64_t folder = create_folder(tx, archive.node, "The case of Zyqwarbleflux", std::nullopt);
    FolderChange hide;
    hide.public_title = "The case of *****";
    change_folder(tx, folder, 1, hide);
    const auto change = [&](const auto& describe) {
      storage::DocumentChange wanted;
      describe(wanted);
      const auto version = storage::find_document(tx, archive.manager, id)->version;
      storage::change_document(tx, archive.manager, id, version, wanted);
    };
    change([&](auto& wanted) { wanted.title = "Complaint of Zyqwarbleflux", wanted.folder_id = folder; });
    declare(tx, archive.manager, id);
    change([&](auto& wanted) { wanted.public_title = "Complaint of *****"; });
    tx.commit();
  }
  archive.destroy(id);
  const DestroyedDocument kept = archive.destroyed(id);
  EXPECT_EQ("Complaint of *****", kept.tombstone.title);
  EXPECT_EQ("The case of *****", kept.folder);
  EXPECT_EQ(Ids{}, archive.found({"Zyqwarbleflux", "", {}, {}}, archive.manager));
}

TEST(Tombstones, AreFoundByWhatWasKeptNumberClassAndDay) {
  Destroyer archive({TombstoneField::title, TombstoneField::correspondent});
  const std::int64_t first = archive.described("Invoice 100%");
  const std::int64_t second = archive.described("Letter");
  archive.destroy(first);
  archive.destroy(second);
  const auto& who = archive.manager;
  EXPECT_EQ((Ids{second, first}), archive.found({}, who));
  EXPECT_EQ(Ids{first}, archive.found({"INVOICE", "", {}, {}}, who));
  EXPECT_EQ(Ids{first}, archive.found({"100%", "", {}, {}}, who));
  EXPECT_EQ(Ids{}, archive.found({"1%0", "", {}, {}}, who)) << "what is typed is no pattern";
  EXPECT_EQ(Ids{second}, archive.found({"acme le", "", {}, {}}, who));
  EXPECT_EQ(Ids{second}, archive.found({std::to_string(second), "", {}, {}}, who));
  const std::string components = archive.destroyed(first).tombstone.components;
  const std::string hash = components.substr(components.find("sha256") + 9, 64);
  EXPECT_EQ(Ids{first}, archive.found({hash, "", {}, {}}, who));
  EXPECT_EQ((Ids{second, first}), archive.found({"", "3.1", {}, {}}, who));
  EXPECT_EQ(Ids{}, archive.found({"", "3.1.2", {}, {}}, who));
  EXPECT_EQ((Ids{second, first}), archive.found({"", "3", {}, {}}, who));
  const Date today = core::civil_date(archive.clock.now());
  EXPECT_EQ((Ids{second, first}), archive.found({"", "", today, today}, who));
  const Date later(std::chrono::sys_days(today) + std::chrono::days(1));
  EXPECT_EQ(Ids{}, archive.found({"", "", later, {}}, who));
}

TEST(Tombstones, OfWhatSomebodyMightNotReadAreNeitherListedNorCounted) {
  Destroyer archive({TombstoneField::title});
  const auto other = archive.add_person("olle", storage::Role::records_manager);
  std::int64_t list = 0;
  {
    auto tx = archive.begin();
    using Subject = storage::AccessEntry::Subject;
    list = storage::create_access_list(
        tx, "Board",
        {{Subject::account, archive.manager.account_id, true}, {Subject::account, archive.approver.account_id, false}});
    tx.commit();
  }
  {
    auto session = archive.database.read();
    archive.manager = storage::load_principal(session, archive.manager.account_id, "test").value();
    archive.approver = storage::load_principal(session, archive.approver.account_id, "test").value();
  }
  const std::int64_t id = archive.described("Secret", list);
  archive.destroy(id);
  auto session = archive.database.read();
  EXPECT_EQ(1, list_destroyed(session, archive.manager, {}, 0, 10).total);
  EXPECT_EQ(0, list_destroyed(session, other, {}, 0, 10).total);
  EXPECT_FALSE(find_destroyed(session, other, id));
}

TEST(Tombstones, KeepTitleDateAndTypeUntilSomebodyChooses) {
  RecordsArchive archive;
  const auto staff = archive.add_person("sten", storage::Role::staff);
  auto tx = archive.begin();
  EXPECT_EQ((std::set{TombstoneField::title, TombstoneField::date, TombstoneField::type}), tombstone_fields(tx));
  choose_tombstone_fields(tx, archive.manager, {});
  EXPECT_TRUE(tombstone_fields(tx).empty());
  EXPECT_THROW(choose_tombstone_fields(tx, staff, {}), core::Error);
}

// One that writes down what it purged, and one that was restored from a backup and reads it.
struct Journal {
  ::muniment::testing::TempDirectory directory;
  std::filesystem::path file = directory.path() / "tombstones.jsonl";
  std::unique_ptr<Disposal> of(RecordsArchive& archive) {
    return std::make_unique<Disposal>(archive.database, archive.blobs, archive.surroundings,
                                      DisposalOptions{30, true, file, {}});
  }
};

TEST(Tombstones, KeepWhatTheirScheduleSays) {
  Destroyer archive({TombstoneField::title, TombstoneField::correspondent});
  {
    auto tx = archive.begin();
    storage::create_custom_field(tx, archive.manager, "case-number", storage::CustomFieldKind::text,
                                 {"Case number", {}, {{std::nullopt}}});
    ScheduleTerms terms = find_schedule(tx, archive.schedule)->terms;
    EXPECT_FALSE(terms.tombstone_fields);
    terms.tombstone_fields = {TombstoneField::date, TombstoneField::custom_fields};
    change_schedule(tx, archive.schedule, find_schedule(tx, archive.schedule)->version, terms, "As decided");
    EXPECT_EQ(terms.tombstone_fields, find_schedule(tx, archive.schedule)->terms.tombstone_fields);
    tx.commit();
  }
  const std::int64_t id = archive.described("The lease");
  {
    auto tx = archive.begin();
    storage::DocumentChange change;
    change.custom_fields = {{"case-number", "12/2026"}};
    storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, change);
    tx.commit();
  }
  archive.destroy(id);
  const DestroyedDocument kept = archive.destroyed(id);
  EXPECT_EQ("", kept.tombstone.title);
  EXPECT_EQ("", kept.correspondent);
  EXPECT_EQ(day("2020-05-10"), kept.tombstone.document_date);
  EXPECT_EQ(R"([{"key":"case-number","name":"Case number","value":"12/2026"}])", kept.custom_fields);
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
}

TEST(Tombstones, ComeBackWholeWhenARestoredBackupIsDestroyedAgain) {
  Journal journal;
  Destroyer archive({TombstoneField::title, TombstoneField::correspondent});
  const std::int64_t id = archive.described("The lease");
  archive.clock.advance(std::chrono::hours(24));
  archive.destroy(id);
  EXPECT_EQ(std::vector<std::string>{}, journal.of(archive)->verify_purged());
  const DestroyedDocument first = archive.destroyed(id);

  // As it was before it was proposed.
  Destroyer restored({});
  ASSERT_EQ(id, restored.described("The lease"));
  restored.clock.advance(std::chrono::hours(24 * 90));
  ASSERT_EQ(1U, journal.of(restored)->replay_journal());
  const DestroyedDocument again = restored.destroyed(id);
  EXPECT_EQ("The lease", again.tombstone.title);
  EXPECT_EQ("acme The lease", again.correspondent);
  EXPECT_EQ(std::nullopt, again.tombstone.batch_id) << "the archive has lost the batch";
  EXPECT_EQ(first.tombstone.batch_id, again.tombstone.batch_number);
  EXPECT_EQ("Batch", again.tombstone.batch_title);
  EXPECT_EQ(std::vector<std::string>{"anders"}, again.tombstone.approved_by);
  EXPECT_EQ(first.tombstone.executed_at, again.tombstone.executed_at);
  EXPECT_EQ(first.tombstone.purged_at, again.tombstone.purged_at);
  EXPECT_EQ(first.tombstone.schedule_code, again.tombstone.schedule_code);
  EXPECT_EQ(first.tombstone.authority, again.tombstone.authority);
  EXPECT_EQ(first.tombstone.retain_through, again.tombstone.retain_through);
  EXPECT_EQ(first.tombstone.components, again.tombstone.components);

  // As it was when it had been proposed: the batch is the one that is there.
  Destroyer proposed({});
  ASSERT_EQ(id, proposed.described("The lease"));
  proposed.clock.advance(std::chrono::hours(24));
  const std::int64_t batch = proposed.proposed({id}, kDue);
  ASSERT_EQ(1U, journal.of(proposed)->replay_journal());
  EXPECT_EQ(batch, proposed.destroyed(id).tombstone.batch_id);
  EXPECT_EQ(Outcome::purged, proposed.item(batch, id).outcome);
  // And it is written down again as it was.
  EXPECT_EQ(std::vector<std::string>{}, journal.of(restored)->verify_purged());
  std::ifstream lines(journal.file);
  std::string one, other;
  ASSERT_TRUE(std::getline(lines, one) && std::getline(lines, other));
  EXPECT_EQ(one, other);
}

TEST(Tombstones, AreMadeOfTheDocumentWhereTheJournalIsOfAnEarlierVersion) {
  Journal journal;
  Destroyer archive({TombstoneField::title});
  const std::int64_t id = archive.described("The lease");
  std::ofstream(journal.file) << "{\"document_id\":" << id
                              << ",\"captured_at\":" << core::to_microseconds(archive.clock.now())
                              << ",\"components\":[],\"purged_at\":\"2026-11-30T00:00:00Z\"}\n{\"docum";
  archive.clock.advance(std::chrono::hours(24 * 90));
  ASSERT_EQ(1U, journal.of(archive)->replay_journal());
  const Tombstone made = archive.destroyed(id).tombstone;
  EXPECT_EQ("The lease", made.title);
  EXPECT_EQ(core::parse_rfc3339("2026-11-30T00:00:00Z"), made.purged_at);
  EXPECT_EQ(core::parse_rfc3339("2026-11-30T00:00:00Z"), made.executed_at);
}

TEST(Tombstones, AreListedWithAnExportForWhoeverMayProposeAndInBounds) {
  Destroyer archive({TombstoneField::title});
  const std::int64_t id = archive.described("Rent 2020");
  archive.destroy(id);
  storage::Principal exporter = archive.manager;
  exporter.role = storage::composed_of({storage::Permission::transfer_records});
  auto tx = archive.begin();
  EXPECT_EQ(destroyed_in(tx, archive.manager, {archive.node}, {}), Ids{id});
  EXPECT_TRUE(destroyed_in(tx, exporter, {archive.node}, {}).empty()) << "nor may they read the register";
  const auto add = [&](int many) {
    tx.execute(
        "INSERT INTO tombstone (document_id, access_list_id, class_code, captured_at, schedule_code, authority, "
        "components, executed_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT "
        "(SELECT max(document_id) FROM tombstone) + i, access_list_id, class_code, captured_at, schedule_code, "
        "authority, components, executed_at FROM n, tombstone WHERE document_id = $2",
        many, id);
  };
  add(9'999);
  EXPECT_EQ(destroyed_in(tx, archive.manager, {archive.node}, {}).size(), 10'000U);
  add(1);
  try {
    destroyed_in(tx, archive.manager, {archive.node}, {});
    FAIL() << "listed more than it may";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::invalid_argument);
    EXPECT_EQ(error.fields().front().pointer, "/classes");
  }
}

}  // namespace
}  // namespace muniment::records
