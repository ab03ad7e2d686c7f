#include <gmock/gmock.h>

#include "identity/factors/site_test.h"
#include "identity/roles/module.h"

namespace braid::roles {
namespace {

using factors::kPassword;
using sessions::StaffFactor;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(LastDays, AreIncludedWhole) {
    const auto end = end_of_day("2027-01-31");
    ASSERT_TRUE(end);
    EXPECT_EQ(to_rfc3339(*end), "2027-02-01T00:00:00.000Z");
    EXPECT_EQ(last_day(*end), "2027-01-31");
    EXPECT_TRUE(end_of_day("2028-02-29"));
    for (const char* bad :
         {"", "2027-02-29", "2027-13-01", "2027-1-1", "31.01.2027", "2027-01-31 ", "20270-1-31"})
        EXPECT_FALSE(end_of_day(bad)) << bad;
}

class RolesTest : public factors::SiteTest {
  protected:
    explicit RolesTest(StaffFactor staff = StaffFactor::required) : SiteTest(staff) {
        std::vector<sql::Migration> all;
        for (const auto some : {jobs::migrations(), blocks::migrations(), accounts::migrations(),
                                sessions::migrations(), factors::migrations(), roles::migrations()})
            all.insert(all.end(), some.begin(), some.end());
        database_->migrate(all);
        access::Module module = module_.describe();
        module.policies(book_);
        module.routes(router_);
        chain_.back() = access::require_needs(book_, router_, shell::error_page);
        add("ada", 1975, {access::Role::administrator});
    }
    std::vector<std::string> roles_of(access::PersonId person) {
        std::vector<std::string> roles;
        for (const accounts::Grant& grant :
             database_->read([&](sql::Reader& reader) { return accounts().grants(reader, person); }))
            roles.push_back(std::string(access::name(grant.role)) + " " + grant.scope.text());
        return roles;
    }
    Browser administrator() {
        Browser browser = signed_in("ada");
        if (staff_ == StaffFactor::required) up_ = set_up(browser);
        return browser;
    }
    http::Response give(Browser& browser, std::string role, std::string scope = "", std::string until = "") {
        return browser.post(
            "/admin/people/abigail/grant",
            {{"role", std::move(role)}, {"scope", std::move(scope)}, {"until", std::move(until)}});
    }
    RolesModule module_{*database_, clock_, ids_, random_, accounts(), staff_, "https://braid.test"};
    Armed up_;
};
BRAID_ON_BOTH_ENGINES(RolesTest);

TEST_P(RolesTest, AnAdministratorFindsPeopleAndGivesRoles) {
    Browser ada = administrator();
    EXPECT_THAT(body(ada.get("/admin/people")),
                AllOf(HasSubstr("@sam"), HasSubstr("@ada"), Not(HasSubstr("@abigail"))));
    EXPECT_THAT(body(ada.get("/admin/people/abigail")), HasSubstr("No role yet"));
    EXPECT_EQ(header(give(ada, "mentor", "", "2026-06-30"), "location"), "/admin/people/abigail");
    EXPECT_EQ(header(give(ada, "coordinator", "space:1c4gzk0e5m"), "location"), "/admin/people/abigail");
    EXPECT_THAT(roles_of(abi_),
                ::testing::UnorderedElementsAre("mentor site", "coordinator space:1c4gzk0e5m"));
    EXPECT_THAT(body(ada.get("/admin/people/abigail")),
                AllOf(HasSubstr("30 June 2026"), HasSubstr("in the space 1c4gzk0e5m")));
    EXPECT_EQ(ada.post("/admin/people/abigail/revoke", {{"role", "mentor"}, {"scope", "site"}}).status, 303);
    EXPECT_THAT(roles_of(abi_), ::testing::ElementsAre("coordinator space:1c4gzk0e5m"));
}

TEST_P(RolesTest, WhatIsWrongComesBackWithTheForm) {
    Browser ada = administrator();
    EXPECT_EQ(give(ada, "queen").status, 422);
    EXPECT_EQ(give(ada, "mentor", "club:1").status, 422);
    EXPECT_EQ(give(ada, "mentor", "", "soon").status, 422);
    EXPECT_EQ(give(ada, "mentor", "", "2020-01-01").status, 422) << "a day that has passed";
    EXPECT_EQ(give(ada, "moderator", "space:1c4gzk0e5m").status, 403) << "held on the site alone";
    EXPECT_EQ(ada.get("/admin/people/nobody").status, 404);
    EXPECT_TRUE(roles_of(abi_).empty());
}

TEST_P(RolesTest, TheGravestAskForTheSecondStepAgain) {
    Browser ada = administrator();
    EXPECT_EQ(header(give(ada, "moderator"), "location"), "/admin/people/abigail") << "shown a minute ago";
    clock_.advance(std::chrono::minutes(11));
    EXPECT_EQ(header(ada.post("/admin/people/abigail/revoke", {{"role", "moderator"}, {"scope", "site"}}),
                     "location"),
              "/settings/second-factor/again?next=%2Fadmin%2Fpeople%2Fabigail");
    EXPECT_THAT(roles_of(abi_), ::testing::ElementsAre("moderator site")) << "nothing was done";
    EXPECT_EQ(header(give(ada, "mentor"), "location"), "/admin/people/abigail") << "a light one is given";
    const auto again = ada.post("/settings/second-factor/again",
                                {{"code", code_of(up_.secret)}, {"next", "/admin/people/abigail"}});
    EXPECT_EQ(header(again, "location"), "/admin/people/abigail");
    EXPECT_EQ(header(ada.post("/admin/people/abigail/revoke", {{"role", "moderator"}, {"scope", "site"}}),
                     "location"),
              "/admin/people/abigail");
    EXPECT_THAT(roles_of(abi_), ::testing::ElementsAre("mentor site"));
}

TEST_P(RolesTest, TokensGiveNothingGrave) {
    Browser ada = administrator();
    const sessions::Current token{.token = sessions::TokenId{5},
                                  .assurance = sessions::Assurance::second_factor};
    const auto actor = actor_of("ada");
    EXPECT_EQ(module_.service().grant(actor, token, "abigail", {"moderator", "", ""}).error().message_key,
              "roles.prove_first");
    EXPECT_TRUE(module_.service().grant(actor, token, "abigail", {"mentor", "", ""}).ok());
}

TEST_P(RolesTest, NobodyElseLearnsThatThePageExists) {
    Browser sam = signed_in("sam");
    set_up(sam);
    for (Browser browser : {sam, signed_in("abigail")}) {
        EXPECT_EQ(browser.get("/admin/people").status, 404);
        EXPECT_EQ(browser.get("/admin/people/abigail").status, 404);
        EXPECT_EQ(browser.post("/admin/people/sam/grant", {{"role", "administrator"}}).status, 404);
        EXPECT_EQ(browser.post("/admin/people/sam/revoke", {{"role", "moderator"}}).status, 404);
    }
    EXPECT_EQ(Browser(*this).get("/admin/people").status, 303) << "a visitor is asked to sign in";
}

TEST_P(RolesTest, NobodyRaisesHerselfNorTheLastAdministratorFalls) {
    Browser ada = administrator();
    EXPECT_EQ(ada.post("/admin/people/ada/grant", {{"role", "moderator"}}).status, 403);
    EXPECT_EQ(ada.post("/admin/people/ada/revoke", {{"role", "administrator"}, {"scope", "site"}}).status,
              403);
}

// --- invitations

std::string link_on(const std::string& page) {
    const std::string mark = "id=\"link\" href=\"";
    const auto from = page.find(mark);
    if (from == std::string::npos) return "(no link)";
    return page.substr(from + mark.size(), page.find('"', from + mark.size()) - from - mark.size());
}

TEST_P(RolesTest, AnInvitationGivesItsRoleOnce) {
    Browser ada = administrator();
    const std::string page =
        body(ada.post("/settings/invitations",
                      {{"role", "mentor"}, {"scope", ""}, {"until", "2026-06-30"}, {"note", "for <Abi>"}}));
    const std::string link = link_on(page);
    EXPECT_THAT(page, HasSubstr("for &lt;Abi&gt;"));
    EXPECT_THAT(body(ada.get("/settings/invitations")), Not(HasSubstr(link))) << "shown once";
    EXPECT_EQ(ada.post(link).status, 403) << "not for herself";
    EXPECT_THAT(body(Browser(*this).get(link)),
                AllOf(HasSubstr("ada invites you"), HasSubstr("/sign-up?next=")));
    Browser abi = signed_in("abigail");
    EXPECT_EQ(abi.get(link).status, 200);
    EXPECT_EQ(abi.post(link).status, 303);
    EXPECT_THAT(roles_of(abi_), ::testing::ElementsAre("mentor site"));
    Browser sam = signed_in("sam");
    EXPECT_EQ(sam.get(link).status, 410);
    EXPECT_EQ(sam.post(link).status, 410);
    EXPECT_EQ(sam.get("/invitations/nonsense").status, 410);
}

TEST_P(RolesTest, WhatIsForAdultsIsRefusedToATeenInWords) {
    Browser ada = administrator();
    add("wren", 2010, {});
    const auto given = ada.post("/admin/people/wren/grant", {{"role", "moderator"}, {"scope", ""}});
    EXPECT_EQ(given.status, 403);
    EXPECT_THAT(body(given), HasSubstr("This role is for adults"));
    EXPECT_EQ(header(ada.post("/admin/people/wren/grant", {{"role", "mentor"}}), "location"),
              "/admin/people/wren");
    const std::string link = link_on(body(ada.post("/settings/invitations", {{"role", "coordinator"}})));
    Browser wren = signed_in("wren");
    const auto refused = wren.post(link);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(body(refused), HasSubstr("This role is for adults"));
    Browser abi = signed_in("abigail");
    EXPECT_EQ(abi.post(link).status, 303) << "it is still there for an adult";
}

TEST_P(RolesTest, AnInvitationEndsWithTheRightToGiveIt) {
    Browser ada = administrator();
    const auto make = [&] { return link_on(body(ada.post("/settings/invitations", {{"role", "mentor"}}))); };
    const std::string late = make();
    clock_.advance(kInvitationLife);
    Browser abi = signed_in("abigail");
    EXPECT_EQ(abi.post(late).status, 410);
    Browser again = signed_in("ada");
    again.post("/sign-in/second-step", {{"code", code_of(up_.secret)}});
    const std::string link = link_on(body(again.post("/settings/invitations", {{"role", "mentor"}})));
    const auto ada_id = *actor_of("ada").person;
    ASSERT_TRUE(accounts().revoke(accounts::operator_actor(), ada_id, access::Role::administrator, {}).ok());
    ASSERT_NE(link, "(no link)");
    EXPECT_EQ(abi.post(link).status, 410);
    EXPECT_TRUE(roles_of(abi_).empty());
}

TEST_P(RolesTest, AnInvitationIsWithdrawnByWhoMadeItAlone) {
    Browser ada = administrator();
    const std::string link = link_on(body(ada.post("/settings/invitations", {{"role", "mentor"}})));
    const std::string id = module_.invitations().waiting(actor_of("ada"))->front().id.text();
    Browser abi = signed_in("abigail");
    EXPECT_EQ(abi.post("/settings/invitations/" + id + "/withdraw").status, 404);
    EXPECT_EQ(ada.post("/settings/invitations/" + id + "/withdraw").status, 303);
    EXPECT_EQ(abi.post(link).status, 410);
}

TEST_P(RolesTest, NobodyInvitesToWhatSheCannotGive) {
    Browser abi = signed_in("abigail");
    EXPECT_EQ(abi.post("/settings/invitations", {{"role", "mentor"}}).status, 403);
    const accounts::RoleScope club{accounts::ScopeKind::organisation, 7};
    ASSERT_TRUE(accounts().grant(accounts::operator_actor(), abi_, access::Role::coordinator, club, {}).ok());
    EXPECT_EQ(abi.post("/settings/invitations", {{"role", "mentor"}, {"scope", club.text()}}).status, 200);
    EXPECT_EQ(abi.post("/settings/invitations", {{"role", "mentor"}}).status, 403);
    EXPECT_EQ(abi.post("/settings/invitations", {{"role", "moderator"}, {"scope", "site"}}).status, 303)
        << "a second step first, whatever comes of it";
}

class FreeRolesTest : public RolesTest {
  protected:
    FreeRolesTest() : RolesTest(StaffFactor::not_asked) {}
};
BRAID_ON_BOTH_ENGINES(FreeRolesTest);

TEST_P(FreeRolesTest, WhereNoSecondStepIsAskedThePasswordIsEnough) {
    Browser ada = administrator();
    EXPECT_EQ(header(give(ada, "moderator"), "location"), "/admin/people/abigail");
    up_ = set_up(ada);
    clock_.advance(std::chrono::minutes(11));
    EXPECT_THAT(header(give(ada, "administrator"), "location"), HasSubstr("/again"))
        << "but who has one shows it";
}

}  // namespace
}  // namespace braid::roles
