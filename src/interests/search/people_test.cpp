// Who is found by whom: the high-privacy defaults of minors hold in search.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/blocks/service.h"
#include "interests/search/site_test.h"

namespace braid::search {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PeopleSearch : public SearchSite {
  protected:
    access::Actor as(access::PersonId id, access::AgeBand band) {
        return works::testing::person(id.value, band);
    }
};
BRAID_ON_BOTH_ENGINES(PeopleSearch);

TEST_P(PeopleSearch, AdultsAreFoundUnlessTheyChooseOtherwise) {
    const auto noor = join("noor-a", "Noor Haddad", 1980);
    join("mina", "Mina", 1990, false);
    told();
    for (const auto& actor : {kVisitor, kChild, kTeen, kAdult}) {
        EXPECT_THAT(people(actor, "noor"), ElementsAre("Noor Haddad"));
        EXPECT_THAT(people(actor, "mina"), IsEmpty());
    }
    ASSERT_TRUE(accounts().edit_profile(as(noor, access::AgeBand::adult), {.listed = false}).ok());
    EXPECT_THAT(people(kAdult, "noor"), IsEmpty()) << "before the index knows";
    told();
    EXPECT_THAT(people(kAdult, "noor"), IsEmpty());
}

TEST_P(PeopleSearch, AMinorIsFoundByOtherMinorsAndOnlyWhenSheChoseToBe) {
    join("wren", "Wren", 2010);
    join("abigail", "Abi", 2010, true);
    told();
    for (const auto& actor : {kVisitor, kChild, kTeen, kAdult})
        EXPECT_THAT(people(actor, "wren"), IsEmpty());
    EXPECT_THAT(people(kTeen, "abi"), ElementsAre("Abi"));
    EXPECT_THAT(people(kChild, "abigail"), ElementsAre("Abi")) << "by her handle too";
    EXPECT_THAT(people(kVisitor, "abi"), IsEmpty()) << "never in public search";
    EXPECT_THAT(people(kAdult, "abi"), IsEmpty()) << "no adult finds a minor";
    auto moderator = kAdult;
    moderator.roles = 1U << static_cast<unsigned>(access::Role::moderator);
    EXPECT_THAT(people(moderator, "abi"), IsEmpty())
        << "moderators have pages of their own, which are logged";
    EXPECT_EQ(count(search(kAdult, "abi"), "person"), 0) << "nor is she counted";
    EXPECT_EQ(count(search(kTeen, "abi"), "person"), 1);
}

TEST_P(PeopleSearch, ComingOfAgeMovesHerAcrossByItself) {
    join("abigail", "Abi", 2010, true);
    told();
    clock_.advance(std::chrono::hours(24 * 365 * 4));
    EXPECT_THAT(people(kAdult, "abi"), ElementsAre("Abi"));
    EXPECT_THAT(people(kVisitor, "abi"), ElementsAre("Abi"));
}

TEST_P(PeopleSearch, WhoIsSuspendedHiddenOrCalledOtherwiseIsNotFoundAtOnce) {
    const auto by = accounts::operator_actor();
    const auto noor = join("noor", "Noor", 1980), mina = join("mina", "Mina", 1980),
               theo = join("theo", "Theo", 1980);
    told();
    const auto suspended = database_->write([&](sql::Tx& tx) -> Result<void> {
        TRY(accounts().suspend(tx, by, noor, clock_.now() + std::chrono::hours(1), "/notices/1"));
        return accounts().set_face(tx, by, mina, accounts::Face::hidden);
    });
    ASSERT_TRUE(suspended.ok());
    ASSERT_TRUE(accounts().edit_profile(as(theo, access::AgeBand::adult), {.display_name = "Zeno"}).ok());
    EXPECT_THAT(people(kAdult, "noor"), IsEmpty());
    EXPECT_THAT(people(kAdult, "mina"), IsEmpty());
    EXPECT_THAT(people(kAdult, "theo"), IsEmpty());
    told();
    EXPECT_THAT(people(kAdult, "zeno"), ElementsAre("Zeno"));
    EXPECT_THAT(people(kAdult, "theo"), ElementsAre("Zeno")) << "it is her handle still";
    clock_.advance(std::chrono::hours(2));
    EXPECT_THAT(people(kAdult, "noor"), ElementsAre("Noor")) << "a suspension that has ended";
}

TEST_P(PeopleSearch, WhoWantsNothingOfHerIsNotFound) {
    const auto noor = join("noor", "Noor", 1980);
    told();
    blocks::Service blocks(*database_, clock_);
    ASSERT_TRUE(blocks.keep_apart(kAdult, noor, blocks::Kind::block).ok());
    EXPECT_THAT(people(kAdult, "noor"), IsEmpty());
    EXPECT_EQ(count(search(kAdult, "noor"), "person"), 0);
    EXPECT_THAT(people(as(noor, access::AgeBand::adult), "noor"), ElementsAre("Noor"));
    EXPECT_THAT(people(kTeen, "noor"), ElementsAre("Noor"));
}

TEST_P(PeopleSearch, NamesAreUnderstoodWithoutAccentsAndWithASlip) {
    join("ines", "Inés Núñez", 1980);
    join("okafor", "Mr Okafor", 1970);
    told();
    EXPECT_THAT(people(kVisitor, "NUNEZ ine"), ElementsAre("Inés Núñez"));
    EXPECT_THAT(people(kVisitor, "okaffor"), ElementsAre("Mr Okafor"));
    EXPECT_THAT(people(kVisitor, "o"), IsEmpty());
    EXPECT_THAT(people(kVisitor, "okafor nunez"), IsEmpty());
    EXPECT_THAT(people(kVisitor, "okafor tag:lamps"), IsEmpty()) << "filters are of works";
    EXPECT_EQ(catch_up_names(*database_, 10), 0);
}

TEST_P(PeopleSearch, WhoWasThereBeforeTheIndexIsCaughtUpWith) {
    join("noor", "Noor", 1980);
    EXPECT_THAT(people(kVisitor, "noor"), IsEmpty());
    EXPECT_EQ(catch_up_names(*database_, 10), 1);
    EXPECT_THAT(people(kVisitor, "noor"), ElementsAre("Noor"));
}

}  // namespace
}  // namespace braid::search
