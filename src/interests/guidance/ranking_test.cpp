// Amounts, order, diversity and the place for works with few readers, without a database.
#include "interests/guidance/ranking.h"

#include <array>
#include <cstring>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "platform/i18n/i18n.h"

namespace braid::guidance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Source = Reason::Source;

constexpr Timestamp kNow{1'700'000'000'000'000};

Candidate candidate(std::int64_t work, std::int64_t author, double score, bool quiet = false) {
    return {.work = works::WorkId{work},
            .author = PersonId{author},
            .score = score,
            .fits = true,
            .quiet = quiet};
}
std::vector<std::int64_t> shown(const std::vector<Candidate>& candidates, std::size_t most = 6,
                                std::int64_t person = 1, Timestamp now = kNow) {
    std::vector<std::int64_t> list;
    for (const Chosen& one : choose(candidates, most, person, now))
        list.push_back(candidates[one.index].work.value);
    return list;
}
ModelPart finished(std::int64_t work, double weight) {
    ModelPart part;
    part.reason.work = works::WorkId{work};
    part.reason.act = Act::finished;
    part.reason.title = "The Salt Road";
    part.weight = weight;
    return part;
}

TEST(Ranking, AmountsAddUpToTheScoreAndNameWhatMovedIt) {
    const std::vector<ModelPart> parts{finished(7, 3), finished(8, 1)};
    const std::vector<TopicTaste> topics{{topics::TopicId{5}, kFollowed, {}, {}}};
    const auto reasons = reasons_of(1, parts, topics, kNow, kNow);
    ASSERT_EQ(reasons.size(), 4U);
    EXPECT_EQ(reasons[0].work, works::WorkId{7});
    EXPECT_NEAR(reasons[0].amount, kModelShare * 0.75, 1e-9);
    EXPECT_EQ(reasons[1].source, Source::topic);
    EXPECT_NEAR(reasons[1].amount, kTopicShare * kFollowed, 1e-9);
    EXPECT_NEAR(score_of(reasons), kModelShare + kTopicShare * kFollowed + kFreshShare, 1e-9);
}

TEST(Ranking, ATopicThatSpeaksInBothWaysIsOneReason) {
    ModelPart followed;
    followed.reason.source = Source::topic;
    followed.reason.topic = topics::TopicId{5};
    followed.weight = 1;
    const auto reasons =
        reasons_of(1, std::vector{followed}, std::vector<TopicTaste>{{topics::TopicId{5}, kFollowed, {}, {}}},
                   kNow, kNow);
    ASSERT_EQ(reasons.size(), 2U);
    EXPECT_NEAR(reasons[0].amount, kModelShare + kTopicShare * kFollowed, 1e-9);
}

TEST(Ranking, NewnessHalvesInFourWeeksAndNeverGrowsPastItsShare) {
    const auto fresh = [](Duration age) { return reasons_of(0, {}, {}, kNow - age, kNow).front().amount; };
    EXPECT_NEAR(fresh(Duration{0}), kFreshShare, 1e-12);
    EXPECT_NEAR(fresh(kFreshHalfLife), kFreshShare / 2, 1e-12);
    EXPECT_NEAR(fresh(-std::chrono::hours(5)), kFreshShare, 1e-12);  // of a clock that went back
}

TEST(Ranking, OneWorkAnAuthor) {
    EXPECT_THAT(
        shown({candidate(1, 10, .9), candidate(2, 10, .8), candidate(3, 11, .7), candidate(4, 12, .1)}),
        ElementsAre(1, 3, 4));
}

TEST(Ranking, TheThirdPlaceGoesToAWorkWithFewReaders) {
    std::vector<Candidate> all;
    for (std::int64_t i = 1; i <= 8; ++i)
        all.push_back(candidate(i, i, 1 - 0.1 * static_cast<double>(i)));
    EXPECT_THAT(shown(all), ElementsAre(1, 2, 3, 4, 5, 6));
    all[7].quiet = true;
    EXPECT_THAT(shown(all), ElementsAre(1, 2, 8, 3, 4, 5));
    // A list too short to have the place.
    EXPECT_THAT(shown(all, 2), ElementsAre(1, 2));
    // Its author has no other place.
    all[7].author = PersonId{1};
    EXPECT_THAT(shown(all), ElementsAre(2, 3, 8, 4, 5, 6));
    EXPECT_THAT(shown({all[7]}), ElementsAre(8));
    EXPECT_THAT(shown({}), IsEmpty());
}

TEST(Ranking, WhatOnlyIsNewStandsNowhereButInTheKeptPlaceAndAfterWhatFits) {
    Candidate fresh = candidate(9, 9, .05, true);
    fresh.fits = false;
    EXPECT_THAT(shown({candidate(1, 1, .5), candidate(2, 2, .4), candidate(3, 3, .3), fresh}),
                ElementsAre(1, 2, 9, 3));
    EXPECT_THAT(shown({candidate(1, 1, .5), candidate(2, 2, .06, true), fresh}), ElementsAre(1, 2));
    fresh.quiet = false;
    EXPECT_THAT(shown({candidate(1, 1, .5), fresh}), ElementsAre(1));
}

TEST(Ranking, QuietWorksShareTheKeptPlaceOverPeopleAndDays) {
    std::vector<Candidate> all;
    for (std::int64_t i = 1; i <= 6; ++i)
        all.push_back(candidate(i, i, .9));
    for (std::int64_t i = 20; i < 30; ++i)
        all.push_back(candidate(i, i, .5, true));
    std::map<std::int64_t, int> people, days;
    for (int i = 0; i < 1000; ++i) {
        ++people[shown(all, 6, i)[kKeptPlace]];
        ++days[shown(all, 6, 1, kNow + std::chrono::hours(24) * i)[kKeptPlace]];
    }
    for (const auto& counts : {people, days}) {
        EXPECT_EQ(counts.size(), 10U);
        for (const auto& [work, times] : counts)
            EXPECT_NEAR(times, 100, 50) << work;
    }
    EXPECT_EQ(shown(all, 6, 4), shown(all, 6, 4, kNow + std::chrono::minutes(1)));  // no dice within a day
}

// Whatever the candidates: no author twice, never more than asked for, by score but for the kept place.
TEST(Ranking, HoldsItsRulesOnManyLists) {
    SeededRandom random(7);
    const auto dice = [&random](unsigned below) {
        std::array<std::byte, 4> bytes{};
        random.fill(bytes);
        unsigned value = 0;
        std::memcpy(&value, bytes.data(), sizeof value);
        return value % below;
    };
    for (int round = 0; round < 500; ++round) {
        std::vector<Candidate> all;
        for (unsigned i = 0, n = dice(20); i < n; ++i) {
            all.push_back(candidate(i + 1, 1 + dice(8), dice(100) / 100.0, dice(3) == 0));
            all.back().fits = dice(4) != 0;
        }
        const auto chosen = choose(all, 6, round, kNow);
        ASSERT_LE(chosen.size(), 6U);
        std::set<PersonId> authors;
        double last = 2;
        for (const Chosen& one : chosen) {
            EXPECT_TRUE(authors.insert(all[one.index].author).second);
            if (one.kept_place) {
                EXPECT_TRUE(all[one.index].quiet);
                continue;
            }
            EXPECT_TRUE(all[one.index].fits);
            EXPECT_LE(all[one.index].score, last);
            last = all[one.index].score;
        }
    }
}

TEST(Sentence, SaysTheStrongestTwoThatDiffer) {
    const auto said = [](std::vector<Reason> reasons) { return sentence(reasons, i18n::Language::en); };
    Reason salt = finished(7, 1).reason;
    salt.amount = .4;
    Reason topic;
    topic.source = Source::topic;
    topic.topic = topics::TopicId{5};
    topic.label = "Ghost stories";
    topic.amount = .2;
    EXPECT_EQ(said({salt}), "Because you finished The Salt Road.");
    EXPECT_EQ(said({salt, topic}), "Because you finished The Salt Road, and you follow Ghost stories.");
    Reason weak = topic;
    weak.amount = .1;
    EXPECT_EQ(said({salt, weak}), "Because you finished The Salt Road.");
    Reason like = topic;
    like.source = Source::topic_of_work;
    like.work = salt.work;
    like.title = salt.title;
    EXPECT_EQ(said({salt, like}), "Because you finished The Salt Road.");  // the same work once
    EXPECT_EQ(said({like}), "Because it is about Ghost stories, like The Salt Road.");
    Reason few;
    few.source = Source::few_readers;
    EXPECT_EQ(said({salt, topic, few}),
              "Because you finished The Salt Road, and few people have read it yet.");
    EXPECT_EQ(said({few}), "Because few people have read it yet.");
    EXPECT_EQ(said({}), "");
    EXPECT_THAT(sentence({salt, topic}, i18n::Language::es),
                HasSubstr("Porque terminaste The Salt Road, y sigues"));
}

}  // namespace
}  // namespace braid::guidance
