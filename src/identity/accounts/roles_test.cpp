// Who may give what, without storage.
#include "identity/accounts/roles.h"

#include <gtest/gtest.h>

#include <vector>

namespace braid::accounts {
namespace {

const RoleScope kSite{}, kClub{ScopeKind::organisation, 7}, kOtherClub{ScopeKind::organisation, 8},
    kRoom{ScopeKind::space, 7};
constexpr Role kAll[] = {Role::learner,  Role::mentor,    Role::educator,     Role::coordinator,
                         Role::guardian, Role::moderator, Role::administrator};

Grantable by(Role own, const RoleScope& at, Role role, const RoleScope& scope,
             std::optional<Timestamp> own_until = {}, std::optional<Timestamp> until = {}) {
    const std::vector<Grant> grants{{own, at, {}, {}, own_until}};
    return may_grant(grants, role, scope, until);
}

TEST(MayGrant, AnAdministratorGivesEverythingWhereItCanBe) {
    for (const Role role : kAll) {
        EXPECT_EQ(by(Role::administrator, kSite, role, kSite), Grantable::yes);
        const bool site_alone =
            role == Role::guardian || role == Role::moderator || role == Role::administrator;
        EXPECT_EQ(by(Role::administrator, kSite, role, kClub),
                  site_alone ? Grantable::not_there : Grantable::yes);
        EXPECT_EQ(by(Role::administrator, kClub, role, kClub),
                  site_alone ? Grantable::not_there : Grantable::no)
            << "an administrator of a club is none";
    }
}

TEST(MayGrant, ACoordinatorGivesWhatTeachesAndNeverAboveHerself) {
    for (const Role role : {Role::learner, Role::mentor, Role::educator}) {
        EXPECT_EQ(by(Role::coordinator, kSite, role, kSite), Grantable::yes);
        EXPECT_EQ(by(Role::coordinator, kSite, role, kRoom), Grantable::yes);
        EXPECT_EQ(by(Role::coordinator, kClub, role, kClub), Grantable::yes);
        EXPECT_EQ(by(Role::coordinator, kClub, role, kOtherClub), Grantable::no);
        EXPECT_EQ(by(Role::coordinator, kClub, role, kRoom), Grantable::no)
            << "the same number, another kind";
        EXPECT_EQ(by(Role::coordinator, kClub, role, kSite), Grantable::no);
    }
    EXPECT_EQ(by(Role::coordinator, kSite, Role::coordinator, kSite), Grantable::no);
    EXPECT_EQ(by(Role::coordinator, kSite, Role::coordinator, kClub), Grantable::yes);
    EXPECT_EQ(by(Role::coordinator, kClub, Role::coordinator, kClub), Grantable::yes);
    for (const Role role : {Role::guardian, Role::moderator, Role::administrator})
        EXPECT_EQ(by(Role::coordinator, kSite, role, kSite), Grantable::no);
}

TEST(MayGrant, AnEducatorTakesLearnersIn) {
    EXPECT_EQ(by(Role::educator, kRoom, Role::learner, kRoom), Grantable::yes);
    EXPECT_EQ(by(Role::educator, kRoom, Role::mentor, kRoom), Grantable::no);
    EXPECT_EQ(by(Role::educator, kRoom, Role::learner, kClub), Grantable::no);
    EXPECT_EQ(by(Role::educator, kSite, Role::learner, kSite), Grantable::no);
}

TEST(MayGrant, OthersGiveNothing) {
    for (const Role own : {Role::learner, Role::mentor, Role::guardian, Role::moderator}) {
        for (const Role role : kAll) {
            EXPECT_EQ(by(own, kSite, role, kSite), Grantable::no);
            EXPECT_NE(by(own, kClub, role, kClub), Grantable::yes);
        }
    }
    EXPECT_EQ(may_grant({}, Role::learner, kSite, {}), Grantable::no);
}

TEST(MayGrant, NothingLastsLongerThanWhatItIsGivenBy) {
    const Timestamp june{1'000}, july{2'000};
    EXPECT_EQ(by(Role::coordinator, kClub, Role::mentor, kClub, june, june), Grantable::yes);
    EXPECT_EQ(by(Role::coordinator, kClub, Role::mentor, kClub, june, july), Grantable::not_so_long);
    EXPECT_EQ(by(Role::coordinator, kClub, Role::mentor, kClub, june, {}), Grantable::not_so_long);
    EXPECT_EQ(by(Role::coordinator, kClub, Role::mentor, kClub, {}, {}), Grantable::yes);
    const std::vector<Grant> two{{Role::coordinator, kClub, {}, {}, june},
                                 {Role::administrator, kSite, {}, {}, {}}};
    EXPECT_EQ(may_grant(two, Role::mentor, kClub, july), Grantable::yes) << "the longer of both";
}

TEST(Scopes, AreWrittenAndRead) {
    for (const RoleScope& scope : {kSite, kClub, kRoom})
        EXPECT_EQ(RoleScope::parse(scope.text()), scope) << scope.text();
    for (const char* bad : {"", "site:7", "club:7", "space:", "space:0", "space:7 ", "organisation"})
        EXPECT_FALSE(RoleScope::parse(bad)) << bad;
}

TEST(Weight, IsGraveWhereOthersDependOnIt) {
    EXPECT_TRUE(is_grave(Role::administrator, kSite));
    EXPECT_TRUE(is_grave(Role::moderator, kSite));
    EXPECT_TRUE(is_grave(Role::coordinator, kSite));
    EXPECT_FALSE(is_grave(Role::coordinator, kClub));
    EXPECT_FALSE(is_grave(Role::mentor, kSite));
}

}  // namespace
}  // namespace braid::accounts
