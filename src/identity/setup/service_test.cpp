#include "identity/setup/service.h"

#include <gtest/gtest.h>

#include <thread>

#include "identity/accounts/module.h"
#include "identity/setup/module.h"
#include "support/databases.h"

namespace braid::setup {
namespace {

class SetupTest : public braid::testing::OnBothEngines {
  protected:
    SetupTest() { clock_.set(Timestamp{std::int64_t{1'795'000'000} * 1'000'000}); }
    Service& service() { return module_.service(); }
    accounts::Accounts& accounts() { return accounts_.accounts(); }
    static Form form(const std::string& handle = "ada") {
        return {handle, "Ada", "the lamp counts stairs", "", "1980", "2"};
    }
    std::size_t administrators() {
        return accounts().find_people(accounts::operator_actor(), "", access::Role::administrator)->size();
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{
        GetParam(), {jobs::migrations(), blocks::migrations(), accounts::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{.password_cost = {1, 8}, .secret = "a secret of the tests"}};
    SetupModule module_{*database_, clock_, random_, accounts_.accounts(), {}};
};
BRAID_ON_BOTH_ENGINES(SetupTest);

TEST_P(SetupTest, TheLinkMakesTheAdministratorOnce) {
    const auto secret = service().open();
    ASSERT_TRUE(secret);
    EXPECT_TRUE(service().look({}, *secret).ok());
    EXPECT_EQ(service().look({}, "guessed").error().code, ErrorCode::not_found);
    EXPECT_EQ(service().look({}, "").error().code, ErrorCode::not_found);
    const auto made = service().finish({}, *secret, form());
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(administrators(), 1);
    EXPECT_EQ(**accounts().prove("ada", "the lamp counts stairs"), *made);
    EXPECT_EQ(service().look({}, *secret).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().finish({}, *secret, form("bob")).error().code, ErrorCode::not_found);
    EXPECT_FALSE(service().open()) << "there is an administrator";
}

TEST_P(SetupTest, ANewLinkReplacesTheOldOne) {
    const auto first = service().open();
    const auto second = service().open();
    EXPECT_EQ(service().look({}, *first).error().code, ErrorCode::not_found);
    EXPECT_TRUE(service().look({}, *second).ok());
}

TEST_P(SetupTest, WhatIsWrongLeavesTheLinkOpen) {
    const auto secret = service().open();
    Form weak = form();
    weak.password = "short";
    EXPECT_EQ(service().finish({}, *secret, weak).error().fields.front().field, "password");
    Form child = form();
    child.birth_year = "2012";
    EXPECT_EQ(service().finish({}, *secret, child).error().fields.front().field, "birth_year");
    Form blank = form();
    blank.birth_year = blank.birth_month = "";
    EXPECT_EQ(service().finish({}, *secret, blank).error().code, ErrorCode::invalid);
    EXPECT_EQ(administrators(), 0);
    EXPECT_TRUE(service().finish({}, *secret, form()).ok());
}

TEST_P(SetupTest, TheConsoleMakesAnAdministratorAndTheLinkEnds) {
    const auto secret = service().open();
    ASSERT_TRUE(accounts()
                    .create_person(accounts::operator_actor(), {.handle = "root",
                                                                .display_name = "Root",
                                                                .birth_year = 1980,
                                                                .birth_month = 1,
                                                                .roles = {access::Role::administrator}})
                    .ok());
    EXPECT_EQ(service().look({}, *secret).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().finish({}, *secret, form()).error().code, ErrorCode::not_found);
}

TEST_P(SetupTest, OfTwoAtOnceOneWins) {
    const auto secret = service().open();
    std::atomic<int> won = 0;
    {
        std::vector<std::jthread> both;
        for (const char* handle : {"ada", "bob", "cy", "dee"})
            both.emplace_back([&, handle] {
                Form one = form(std::string(handle) + "-one");
                if (service().finish({}, *secret, one).ok()) ++won;
            });
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(administrators(), 1);
}

}  // namespace
}  // namespace braid::setup
