#include "identity/blocks/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/blocks/module.h"
#include "support/databases.h"

namespace braid::blocks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Actor person(std::int64_t id) {
    Actor actor;
    actor.person = PersonId{id};
    actor.band = access::AgeBand::teen;
    return actor;
}

const Actor kAbi = person(11), kNoor = person(12), kDeniz = person(13), kVisitor{};

const sql::Query kRows{"blocks_test.rows",
                       "SELECT (SELECT COUNT(*) FROM blocks) * 100 + (SELECT COUNT(*) FROM apart)"};
const sql::Query kSeen{"blocks_test.seen",
                       "SELECT p.id FROM (SELECT CAST(11 AS BIGINT) AS id UNION ALL SELECT 12 UNION ALL "
                       "SELECT 13) p WHERE " BRAID_NOT_APART("$1", "p.id") " ORDER BY p.id LIMIT 10"};
const sql::Query kUnseen{"blocks_test.unseen",
                         "SELECT p.id FROM (SELECT CAST(11 AS BIGINT) AS id UNION ALL SELECT 12 UNION ALL "
                         "SELECT 13) p WHERE p.id IN " BRAID_APART_FROM("$1") " ORDER BY p.id LIMIT 10"};

class BlocksTest : public braid::testing::OnBothEngines {
  protected:
    // Whom the actor sees, asked in every way there is.
    std::vector<std::int64_t> seen(const Actor& actor) {
        return database_->read([&](sql::Reader& reader) {
            const auto listed = reader.all<std::int64_t>(kSeen, viewer_of(actor));
            const auto unseen = reader.all<std::int64_t>(kUnseen, viewer_of(actor));
            const auto from = apart_from(reader, actor);
            EXPECT_EQ(unseen.size(), from.size());
            EXPECT_EQ(listed.size() + unseen.size(), 3U);
            for (const std::int64_t id : {11, 12, 13}) {
                const bool there = std::ranges::find(listed, id) != listed.end();
                EXPECT_EQ(apart(reader, actor, PersonId{id}), !there);
                EXPECT_EQ(std::ranges::find(from, PersonId{id}) == from.end(), there);
                if (actor.person) EXPECT_EQ(apart(reader, *actor.person, PersonId{id}), !there);
            }
            return listed;
        });
    }
    std::int64_t rows() {
        return database_->read([&](sql::Reader& reader) { return reader.one<std::int64_t>(kRows); });
    }
    std::vector<std::pair<std::int64_t, Kind>> own(const Actor& actor) {
        std::vector<std::pair<std::int64_t, Kind>> ties;
        const auto listed = service_.own(actor);
        EXPECT_TRUE(listed.ok());
        for (const Tie& tie : *listed)
            ties.emplace_back(tie.other.value, tie.kind);
        return ties;
    }

    FakeClock clock_;
    braid::testing::TestDatabase database_{GetParam(), {migrations()}};
    std::vector<std::int64_t> told_;  // whose streams were ended
    Service service_{*database_, clock_, [this](PersonId person) { told_.push_back(person.value); }};
};
BRAID_ON_BOTH_ENGINES(BlocksTest);

TEST_P(BlocksTest, EveryQueryOfTheModuleIsUnderstood) {
    for (const std::string& line : braid::testing::prepare_all(*database_)) {
        if (line.find("blocks.") != std::string::npos) ADD_FAILURE() << line;
    }
}

TEST_P(BlocksTest, AMuteHidesFromHerAlone) {
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::mute).ok());
    EXPECT_THAT(seen(kAbi), ElementsAre(11, 13));
    EXPECT_THAT(seen(kNoor), ElementsAre(11, 12, 13));
    EXPECT_THAT(seen(kDeniz), ElementsAre(11, 12, 13));
    EXPECT_THAT(seen(kVisitor), ElementsAre(11, 12, 13));
}

TEST_P(BlocksTest, ABlockHidesEachFromTheOther) {
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::block).ok());
    EXPECT_THAT(seen(kAbi), ElementsAre(11, 13));
    EXPECT_THAT(seen(kNoor), ElementsAre(12, 13));
    EXPECT_THAT(seen(kDeniz), ElementsAre(11, 12, 13));
    EXPECT_THAT(seen(kVisitor), ElementsAre(11, 12, 13));
    // Only who set it finds it in her list.
    EXPECT_THAT(own(kAbi), ElementsAre(std::pair(12, Kind::block)));
    EXPECT_THAT(own(kNoor), IsEmpty());
}

TEST_P(BlocksTest, OpenPagesOfBothAskAnew) {
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::mute).ok());
    EXPECT_THAT(told_, ElementsAre(11, 12));
    told_.clear();
    ASSERT_TRUE(service_.take_back(kAbi, *kNoor.person).ok());
    EXPECT_THAT(told_, ElementsAre(11, 12));
    told_.clear();
    EXPECT_FALSE(service_.take_back(kAbi, *kNoor.person).ok());
    EXPECT_FALSE(service_.keep_apart(kAbi, *kAbi.person, Kind::mute).ok());
    EXPECT_THAT(told_, IsEmpty());
}

TEST_P(BlocksTest, TheLaterWordOfOneHolds) {
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::block).ok());
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::mute).ok());
    EXPECT_THAT(own(kAbi), ElementsAre(std::pair(12, Kind::mute)));
    EXPECT_THAT(seen(kAbi), ElementsAre(11, 13));
    EXPECT_THAT(seen(kNoor), ElementsAre(11, 12, 13));
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::block).ok());
    EXPECT_THAT(seen(kNoor), ElementsAre(12, 13));
}

// Taking back is taking back one's own: what the other set stays, in every order.
TEST_P(BlocksTest, WhatTheOtherSetStays) {
    for (const Kind abis : {Kind::mute, Kind::block}) {
        for (const Kind noors : {Kind::mute, Kind::block}) {
            ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, abis).ok());
            ASSERT_TRUE(service_.keep_apart(kNoor, *kAbi.person, noors).ok());
            EXPECT_THAT(seen(kAbi), ElementsAre(11, 13));
            EXPECT_THAT(seen(kNoor), ElementsAre(12, 13));
            ASSERT_TRUE(service_.take_back(kAbi, *kNoor.person).ok());
            EXPECT_EQ(seen(kAbi).size(), noors == Kind::block ? 2U : 3U);
            EXPECT_THAT(seen(kNoor), ElementsAre(12, 13));
            ASSERT_TRUE(service_.take_back(kNoor, *kAbi.person).ok());
            EXPECT_THAT(seen(kAbi), ElementsAre(11, 12, 13));
            EXPECT_THAT(seen(kNoor), ElementsAre(11, 12, 13));
            EXPECT_EQ(rows(), 0);
        }
    }
}

TEST_P(BlocksTest, RefusesWhatMakesNoSense) {
    EXPECT_EQ(service_.keep_apart(kAbi, *kAbi.person, Kind::block).error().code, ErrorCode::forbidden);
    EXPECT_EQ(service_.keep_apart(kVisitor, *kAbi.person, Kind::block).error().code,
              ErrorCode::unauthenticated);
    EXPECT_EQ(service_.take_back(kAbi, *kNoor.person).error().code, ErrorCode::not_found);
    // That the other blocked her is not hers to take back.
    ASSERT_TRUE(service_.keep_apart(kNoor, *kAbi.person, Kind::block).ok());
    EXPECT_EQ(service_.take_back(kAbi, *kNoor.person).error().code, ErrorCode::not_found);
    EXPECT_THAT(seen(kAbi), ElementsAre(11, 13));
    EXPECT_EQ(service_.own(kVisitor).error().code, ErrorCode::unauthenticated);
}

TEST_P(BlocksTest, ListsTheNewestFirstAndEndsSomewhere) {
    ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::mute).ok());
    clock_.advance(std::chrono::seconds(1));
    ASSERT_TRUE(service_.keep_apart(kAbi, *kDeniz.person, Kind::block).ok());
    EXPECT_THAT(own(kAbi), ElementsAre(std::pair(13, Kind::block), std::pair(12, Kind::mute)));
    for (int i = 2; i < kMostTies; ++i)
        ASSERT_TRUE(service_.keep_apart(kAbi, PersonId{1'000 + i}, Kind::mute).ok());
    const auto full = service_.keep_apart(kAbi, PersonId{9}, Kind::mute);
    ASSERT_FALSE(full.ok());
    EXPECT_EQ(full.error().code, ErrorCode::conflict);
    EXPECT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::block).ok());  // she is on it already
}

TEST_P(BlocksTest, GoesWithEitherSide) {
    access::Module described = BlocksModule(*database_, clock_, {}, {}).describe();
    for (const Actor& gone : {kAbi, kNoor}) {
        ASSERT_TRUE(service_.keep_apart(kAbi, *kNoor.person, Kind::block).ok());
        ASSERT_TRUE(service_.keep_apart(kNoor, *kAbi.person, Kind::mute).ok());
        ASSERT_TRUE(service_.keep_apart(kDeniz, *kAbi.person, Kind::mute).ok());
        ASSERT_TRUE(
            database_->write([&](sql::Tx& tx) -> Result<void> { return described.forget(tx, *gone.person); })
                .ok());
        EXPECT_EQ(rows(), gone.is(*kAbi.person) ? 0 : 101);
    }
}

}  // namespace
}  // namespace braid::blocks
