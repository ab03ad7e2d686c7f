#include "identity/guardians/model.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "identity/guardians/links.h"

namespace braid::guardians {
namespace {

using accounts::BirthMonth;

Timestamp at(int year, unsigned month, unsigned day, int hour = 0) {
    const std::chrono::sys_time<Duration> when =
        std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} +
        std::chrono::hours(hour);
    return Timestamp{when.time_since_epoch().count()};
}

TEST(Stage, FollowsTheAgeThatIsCertain) {
    const BirthMonth birth{2013, 5};
    EXPECT_EQ(stage_at(birth, 13, at(2026, 5, 31)), Stage::consent);
    EXPECT_EQ(stage_at(birth, 13, at(2026, 6, 2)), Stage::company);
    EXPECT_EQ(stage_at(birth, 16, at(2026, 6, 2)), Stage::consent);
    EXPECT_EQ(stage_at(birth, 13, at(2031, 6, 2)), Stage::none);
}

// The moment is the very first in which the stage is the next one, for every month of birth.
TEST(Stage, ChangesAtTheMomentThatIsForetold) {
    const Timestamp now = at(2026, 11, 26);
    for (int year = 2005; year <= 2026; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (const int consent_age : {13, 14, 16, 18}) {
                const BirthMonth birth{year, month};
                if (accounts::certain_age(birth, now) < 0) continue;
                const Stage stage = stage_at(birth, consent_age, now);
                const Timestamp next = next_stage_at(birth, consent_age, now);
                if (stage == Stage::none) {
                    EXPECT_EQ(next.micros, 0);
                    continue;
                }
                EXPECT_EQ(stage_at(birth, consent_age, Timestamp{next.micros - 1}), stage);
                EXPECT_NE(stage_at(birth, consent_age, next), stage);
            }
        }
    }
}

TEST(Verdict, TheNarrowerChoiceHolds) {
    const Choices wide = Choices::all(), narrow = Choices{}.with(Choice::comment).with(Choice::mentors);
    const std::vector<Say> both{{wide}, {narrow}};
    EXPECT_EQ(verdict_of(Stage::consent, both), (Verdict{narrow, false}));
    // One of them alone cannot widen what the other keeps narrow, whichever comes first.
    const std::vector<Say> turned{{narrow}, {wide}};
    EXPECT_EQ(verdict_of(Stage::consent, turned), verdict_of(Stage::consent, both));
}

TEST(Verdict, OneWhoTakesConsentBackPausesTheAccount) {
    const std::vector<Say> says{{Choices::all()}, {Choices::all(), true}};
    EXPECT_TRUE(verdict_of(Stage::consent, says).paused);
    EXPECT_TRUE(verdict_of(Stage::consent, {}).paused) << "nobody consents";
    EXPECT_FALSE(verdict_of(Stage::company, says).paused) << "she decides herself";
    EXPECT_FALSE(verdict_of(Stage::none, {}).paused);
}

TEST(Verdict, InCompanyOnlyTheWordOnMentorsCounts) {
    const std::vector<Say> nothing{{Choices{}}};
    const Verdict verdict = verdict_of(Stage::company, nothing);
    EXPECT_TRUE(verdict.allowed.has(Choice::publish_openly));
    EXPECT_FALSE(verdict.allowed.has(Choice::mentors));
    EXPECT_EQ(verdict_of(Stage::none, nothing).allowed, Choices::all());
}

// Whatever guardians say: more of them never allows more.
TEST(Verdict, IsNeverWiderThanAnySay) {
    for (std::uint32_t a = 0; a <= Choices::all().bits; ++a) {
        for (std::uint32_t b = 0; b <= Choices::all().bits; ++b) {
            const std::vector<Say> says{{Choices{a}}, {Choices{b}}};
            const Choices allowed = verdict_of(Stage::consent, says).allowed;
            EXPECT_EQ(allowed.bits & ~(a & b), 0U);
            EXPECT_TRUE(!allowed.has(Choice::publish_openly) || allowed.has(Choice::publish));
        }
    }
}

TEST(Methods, ASchoolConsentsForEducationAlone) {
    for (const MethodRules& rules : methods())
        EXPECT_EQ(rules_of(rules.method).method, rules.method);
    const MethodRules& school = rules_of(Method::school);
    EXPECT_EQ(school.purpose, Purpose::education);
    EXPECT_FALSE(school.widest.has(Choice::publish_openly));
    EXPECT_FALSE(school.widest.has(Choice::be_listed));
    EXPECT_FALSE(school.widest.has(Choice::mentors));
    EXPECT_EQ(narrow_choices() & school.widest, narrow_choices());
}

TEST(Links, AreSignedForOnePurpose) {
    const std::string link = seal_link("a secret", "guardian", "1c4gzk0e5m");
    EXPECT_EQ(open_link("a secret", "guardian", link), "1c4gzk0e5m");
    EXPECT_FALSE(open_link("a secret", "waiting", link));
    EXPECT_FALSE(open_link("another", "guardian", link));
    EXPECT_FALSE(open_link("a secret", "guardian", "1c4gzk0e5n" + link.substr(10)));
    EXPECT_FALSE(open_link("a secret", "guardian", link.substr(0, link.size() - 1)));
    EXPECT_FALSE(open_link("a secret", "guardian", ""));
    EXPECT_FALSE(open_link("a secret", "guardian", "."));
}

}  // namespace
}  // namespace braid::guardians
