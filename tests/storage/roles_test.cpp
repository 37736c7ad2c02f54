#include "storage/roles.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/accounts.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using testing::TestArchive;

template <typename Change>
ErrorCode refusal_of(const Change& change) {
  try {
    change();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

class RolesTest : public ::testing::Test {
 protected:
  std::int64_t compose(const std::string& name, const std::vector<Permission>& permissions) {
    auto tx = archive_.database.begin(admin_.actor());
    const std::int64_t id = create_role(tx, admin_, {name, "", permissions});
    tx.commit();
    return id;
  }
  void give(std::int64_t account, std::int64_t role) {
    auto tx = archive_.database.begin(admin_.actor());
    give_composed_role(tx, account, find_account(tx, account).value().version, role);
    tx.commit();
  }
  Principal principal(std::int64_t account) {
    auto session = archive_.database.read();
    return load_principal(session, account, "test").value();
  }

  TestArchive archive_;
  const Principal admin_ = archive_.add_person("root", Role::admin);
};

TEST_F(RolesTest, EveryPermissionHasANameOfItsOwn) {
  for (const Permission permission : kPermissions) {
    EXPECT_EQ(parse_permission(permission_name(permission)), permission);
  }
  EXPECT_FALSE(parse_permission("do_everything"));
  EXPECT_EQ(kPermissions.size(), static_cast<std::size_t>(Permission::operate) + 1) << "each is listed";
}

TEST_F(RolesTest, AComposedRoleAllowsItsPermissionsAndReading) {
  const Role role = composed_of({Permission::manage_holds, Permission::operate});
  for (const Permission permission : kPermissions) {
    const bool named = permission == Permission::manage_holds || permission == Permission::operate ||
                       permission == Permission::read_documents;
    EXPECT_EQ(allows(role, permission), named) << permission_name(permission);
  }
  for (const Role standing : {Role::reader, Role::staff, Role::records_manager, Role::admin}) {
    EXPECT_FALSE(is_composed(standing));
    EXPECT_NE(composed_of(permissions_of(standing)), standing);
    EXPECT_EQ(permissions_of(composed_of(permissions_of(standing))), permissions_of(standing));
    EXPECT_EQ(least_standing_role(composed_of(permissions_of(standing))), standing) << "each allows more than the last";
  }
  EXPECT_EQ(least_standing_role(composed_of({Permission::manage_accounts})), Role::admin);
}

TEST_F(RolesTest, WhoHasOneMayWhatItAllowsFromTheNextRequestOn) {
  const Principal ada = archive_.add_person("ada", Role::staff);
  const std::int64_t role = compose("Holds", {Permission::manage_holds});
  give(ada.account_id, role);
  EXPECT_TRUE(principal(ada.account_id).may(Permission::manage_holds));
  EXPECT_FALSE(principal(ada.account_id).may(Permission::capture)) << "in place of what she had";
  EXPECT_THROW(principal(ada.account_id).require(Permission::capture), Error);
  auto tx = archive_.database.begin(admin_.actor());
  EXPECT_EQ(role_name_of(tx, ada.account_id), "Holds");
  EXPECT_EQ(find_composed_role(tx, role)->accounts, 1);
  change_role(tx, admin_, role, 1, {"Capturing", "brings in", {Permission::capture}});
  EXPECT_TRUE(load_principal(tx, ada.account_id, "test")->may(Permission::capture));
  EXPECT_FALSE(load_principal(tx, ada.account_id, "test")->may(Permission::manage_holds));
  AccountChange back;
  back.role = Role::staff;
  change_account(tx, ada.account_id, find_account(tx, ada.account_id)->version, back);
  EXPECT_EQ(role_name_of(tx, ada.account_id), "staff");
  EXPECT_TRUE(find_account(tx, ada.account_id)->role == Role::staff);
}

TEST_F(RolesTest, AnotherChangeLeavesTheRole) {
  const Principal ada = archive_.add_person("ada", Role::staff);
  give(ada.account_id, compose("Holds", {Permission::manage_holds}));
  auto tx = archive_.database.begin(admin_.actor());
  AccountChange change;
  change.display_name = "Ada L.";
  change_account(tx, ada.account_id, find_account(tx, ada.account_id)->version, change);
  EXPECT_EQ(role_name_of(tx, ada.account_id), "Holds");
}

TEST_F(RolesTest, NamesAreTakenOnceAndTheStandingOnesStay) {
  const std::int64_t role = compose("Auditor", {Permission::read_audit});
  auto tx = archive_.database.begin(admin_.actor());
  const auto refused = [&](const std::string& name) {
    return refusal_of([&] { create_role(tx, admin_, {name, "", {}}); });
  };
  EXPECT_EQ(refused("AUDITOR"), ErrorCode::conflict);
  EXPECT_EQ(refused("Admin"), ErrorCode::conflict);
  EXPECT_EQ(refused("records-manager"), ErrorCode::conflict);
  EXPECT_EQ(refused("  "), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_of([&] { change_role(tx, admin_, role, 1, {"staff", "", {}}); }), ErrorCode::conflict);
  EXPECT_NO_THROW(change_role(tx, admin_, role, 1, {"auditor", "", {}}));
  EXPECT_EQ(refusal_of([&] { delete_role(tx, admin_, role, 1); }), ErrorCode::stale);
  EXPECT_EQ(refusal_of([&] { delete_role(tx, admin_, 99, 1); }), ErrorCode::not_found);
}

TEST_F(RolesTest, OneThatIsHadIsNotDeleted) {
  const Principal ada = archive_.add_person("ada", Role::staff);
  const std::int64_t role = compose("Holds", {Permission::manage_holds});
  give(ada.account_id, role);
  auto tx = archive_.database.begin(admin_.actor());
  EXPECT_EQ(refusal_of([&] { delete_role(tx, admin_, role, 1); }), ErrorCode::conflict);
}

TEST_F(RolesTest, NobodyGrantsWhatTheyLack) {
  const std::int64_t keeper = compose("Keeper", {Permission::manage_holds});
  const Principal maria = archive_.add_person("maria", Role::records_manager);
  auto tx = archive_.database.begin(maria.actor());
  const auto refused = [&](const std::vector<Permission>& permissions) {
    return refusal_of([&] { create_role(tx, maria, {"New", "", permissions}); });
  };
  EXPECT_EQ(refused({Permission::operate}), ErrorCode::forbidden);
  EXPECT_EQ(refusal_of([&] {
              change_role(tx, maria, keeper, 1, {"Keeper", "", {Permission::operate}});
            }),
            ErrorCode::forbidden);
  EXPECT_NO_THROW(create_role(tx, maria, {"Holder", "", {Permission::manage_holds}}));
  Principal represented = admin_;
  represented.represented = true;
  EXPECT_EQ(refusal_of([&] {
              create_role(tx, represented, {"Approver", "", {Permission::approve_disposition}});
            }),
            ErrorCode::forbidden)
      << "nor by a token that somebody else issued";
}

TEST_F(RolesTest, AnAdministratorIsLeft) {
  const std::int64_t role = compose("Everything", {kPermissions.begin(), kPermissions.end()});
  auto tx = archive_.database.begin(admin_.actor());
  EXPECT_EQ(refusal_of([&] { give_composed_role(tx, admin_.account_id, 1, role); }), ErrorCode::conflict);
}

TEST_F(RolesTest, TheDatabaseHoldsToIt) {
  auto tx = archive_.database.begin(admin_.actor());
  EXPECT_THROW(tx.execute("INSERT INTO composed_role (name, folded_name) VALUES ('x', 'admin')"), Error);
  const std::int64_t role = create_role(tx, admin_, {"Holds", "", {Permission::manage_holds}});
  EXPECT_THROW(tx.execute("UPDATE account SET composed_role_id = $1 WHERE id = $2", role, admin_.account_id), Error)
      << "a reader to everything that does not know of it";
}

TEST_F(RolesTest, EveryChangeIsInTheAuditLog) {
  const std::int64_t role = compose("Holds", {Permission::manage_holds});
  auto tx = archive_.database.begin(admin_.actor());
  change_role(tx, admin_, role, 1, {"Holds", "places holds", {Permission::manage_holds}});
  delete_role(tx, admin_, role, 2);
  std::vector<std::string> actions;
  for (const auto& [action] : tx.rows<std::string>("SELECT action FROM audit WHERE object = 'role' ORDER BY 1")) {
    actions.push_back(action);
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"role.changed", "role.created", "role.deleted"}));
}

}  // namespace
}  // namespace muniment::storage
