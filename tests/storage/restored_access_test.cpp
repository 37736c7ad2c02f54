#include "storage/restored_access.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/accounts.h"
#include "storage/scan_stations.h"
#include "storage/sessions.h"
#include "storage/share_links.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

struct Restored : muniment::testing::TestArchive {
  Principal admin = add_person("anna", Role::admin);
  Principal staff = add_person("sven", Role::staff);
  std::int64_t document = add_document(admin.actor(), "letter.txt", "a letter");
  std::string token, link, revoked_link, cookie;
  IssuedStation station;

  Restored() {
    auto tx = database.begin(admin.actor());
    record_reading(tx, document, {});
    token = issue_token(tx, random, admin.account_id, "for a program", std::nullopt).secret;
    cookie = open_session(tx, random, admin.account_id, "a browser").cookie;
    station = create_scan_station(tx, random, "The tablet");
    ShareTerms terms;
    terms.expires_at = tx.now() + std::chrono::hours(24);
    link = create_share_link(tx, random, admin, document, terms, std::chrono::days(30)).token;
    const auto gone = create_share_link(tx, random, admin, document, terms, std::chrono::days(30));
    revoked_link = gone.token;
    revoke_share_link(tx, admin, gone.link.id);
    suspend_restored_access(tx);
    tx.commit();
  }
  bool account_works() {
    auto session = database.read();
    return load_principal(session, staff.account_id, "").has_value();
  }
  bool account_waits() {
    auto session = database.read();
    return is_suspended(session, staff.account_id);
  }
  void set_disabled(bool disabled) {
    auto tx = database.begin(admin.actor());
    AccountChange change;
    change.disabled = disabled;
    change_account(tx, staff.account_id, find_account(tx, staff.account_id).value().version, change);
    tx.commit();
  }
  bool token_works() {
    auto session = database.read();
    return find_token(session, token, clock.now()).has_value();
  }
  bool station_works() {
    auto session = database.read();
    return find_scan_station(session, station.secret, clock.now()).has_value();
  }
  bool link_works(const std::string& secret) {
    auto session = database.read();
    return find_shared_document(session, secret, clock.now()).has_value();
  }
};

TEST(RestoredAccess, NothingThatWasOpenWorksUntilSomebodySaysSo) {
  Restored archive;
  EXPECT_FALSE(archive.token_works());
  EXPECT_FALSE(archive.link_works(archive.link));
  EXPECT_FALSE(archive.station_works());
  EXPECT_FALSE(archive.account_works());
  EXPECT_TRUE(archive.account_waits());
  {
    auto session = archive.database.read();
    EXPECT_FALSE(find_session(session, archive.cookie, archive.clock.now(), {}));
    EXPECT_EQ(ShareState::closed, list_share_links(session, archive.admin, archive.clock.now()).back().state);
    EXPECT_TRUE(load_principal(session, archive.admin.account_id, "")) << "somebody has to decide";
    EXPECT_EQ(1, suspended_access(session).accounts) << "neither the administrator's nor the station's";
    EXPECT_EQ(1, suspended_access(session).tokens);
    EXPECT_EQ(1, suspended_access(session).share_links);
    EXPECT_EQ(1, suspended_access(session).scan_stations);
  }
  auto tx = archive.database.begin(archive.admin.actor());
  EXPECT_EQ(1, resume_restored_access(tx, archive.admin).tokens);
  EXPECT_EQ(0, suspended_access(tx).tokens);
  tx.commit();
  EXPECT_TRUE(archive.token_works());
  EXPECT_TRUE(archive.link_works(archive.link));
  EXPECT_TRUE(archive.station_works());
  EXPECT_TRUE(archive.account_works());
  EXPECT_FALSE(archive.link_works(archive.revoked_link));
}

TEST(RestoredAccess, IsRevokedForGoodAndWhatIsNewStays) {
  Restored archive;
  std::string newer;
  {
    auto tx = archive.database.begin(archive.admin.actor());
    newer = issue_token(tx, archive.random, archive.admin.account_id, "a newer one", std::nullopt).secret;
    revoke_restored_access(tx, archive.admin);
    EXPECT_EQ(0, suspended_access(tx).share_links);
    EXPECT_EQ(0, suspended_access(tx).scan_stations);
    tx.commit();
  }
  EXPECT_FALSE(archive.token_works());
  EXPECT_FALSE(archive.link_works(archive.link));
  EXPECT_FALSE(archive.account_works());
  EXPECT_FALSE(archive.account_waits()) << "it is disabled, as by an administrator";
  auto session = archive.database.read();
  EXPECT_TRUE(find_token(session, newer, archive.clock.now()));
}

TEST(RestoredAccess, AnAccountIsDecidedOnByItselfToo) {
  Restored archive;
  {
    auto tx = archive.database.begin(archive.admin.actor());
    issue_token(tx, archive.random, archive.staff.account_id, "for a program", std::nullopt);
    AccountChange change;
    change.display_name = "Sven Ek";
    change_account(tx, archive.staff.account_id, find_account(tx, archive.staff.account_id).value().version, change);
    EXPECT_EQ(1U, list_tokens(tx, archive.staff.account_id).size()) << "nothing is decided by another change";
    tx.commit();
  }
  EXPECT_TRUE(archive.account_waits());
  archive.set_disabled(true);
  EXPECT_FALSE(archive.account_waits());
  {
    auto tx = archive.database.begin(archive.admin.actor());
    EXPECT_EQ(0, resume_restored_access(tx, archive.admin).accounts);
    tx.commit();
  }
  EXPECT_FALSE(archive.account_works()) << "what was decided stays";
  archive.set_disabled(false);
  EXPECT_TRUE(archive.account_works());
}

TEST(RestoredAccess, AnAccountThatWasDisabledBeforeIsNotEnabledWithTheOthers) {
  Restored archive;
  auto tx = archive.database.begin(archive.admin.actor());
  resume_restored_access(tx, archive.admin);
  AccountChange change;
  change.disabled = true;
  change_account(tx, archive.staff.account_id, find_account(tx, archive.staff.account_id).value().version, change);
  suspend_restored_access(tx);
  EXPECT_EQ(0, suspended_access(tx).accounts);
  EXPECT_THROW(tx.execute("UPDATE account SET suspended_at = 1 WHERE disabled = 0"), core::Error);
}

TEST(ScanStations, GetNoOtherWayInAndEndWithTheirAccount) {
  Restored archive;
  auto tx = archive.database.begin(archive.admin.actor());
  resume_restored_access(tx, archive.admin);
  const std::int64_t id = archive.station.account_id;
  EXPECT_THROW(issue_token(tx, archive.random, id, "another way", std::nullopt), core::Error);
  AccountChange change;
  change.password_hash = "a hash";
  EXPECT_THROW(change_account(tx, id, find_account(tx, id).value().version, change), core::Error);
  change = {};
  change.disabled = true;
  change_account(tx, id, find_account(tx, id).value().version, change);
  change.disabled = false;
  change_account(tx, id, find_account(tx, id).value().version, change);
  tx.commit();
  EXPECT_FALSE(archive.station_works());
}

TEST(RestoredAccess, IsDecidedByWhoManagesAccounts) {
  Restored archive;
  const auto staff = archive.add_person("sten", Role::staff);
  auto tx = archive.database.begin(staff.actor());
  EXPECT_THROW(resume_restored_access(tx, staff), core::Error);
  EXPECT_THROW(revoke_restored_access(tx, staff), core::Error);
}

}  // namespace
}  // namespace muniment::storage
