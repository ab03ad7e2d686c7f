#include "interests/reading/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interests/reading/subscribers.h"
#include "interests/works/events.h"
#include "platform/jobs/jobs.h"
#include "support/databases.h"
#include "support/fake_library.h"
#include "support/guard.h"

namespace braid::reading {

std::span<const sql::Migration> migrations();

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Actor person(std::int64_t id, access::AgeBand band = access::AgeBand::teen) {
    Actor actor;
    actor.person = PersonId{id};
    actor.band = band;
    return actor;
}

const sql::Query kEvents{"reading_test.events", "SELECT type FROM event_outbox ORDER BY id LIMIT 1000"};

class Reading : public braid::testing::OnBothEngines {
  protected:
    Reading() {
        people_.add({.id = *noor_.person,
                     .handle = "noor",
                     .display_name = "Noor A.",
                     .band = access::AgeBand::teen});
        add_work(kSalt, 3);
    }
    void add_work(WorkId id, int chapters) {
        auto& work = library_.shelf[id];
        work.id = id;
        work.author = *noor_.person;
        work.title = "The Salt Road";
        for (int i = 1; i <= chapters; ++i)
            add_chapter(id, i);
    }
    void add_chapter(WorkId id, int number) {
        library_.shelf[id].chapters.push_back({.id = chapter(id, number),
                                               .title = "Chapter",
                                               .published_at = clock_.now(),
                                               .words = 2200,
                                               .paragraphs = {{"a", "<p>One</p>"}, {"b", "<p>Two</p>"}}});
    }
    static ChapterId chapter(WorkId work, int number) { return {work.value * 100 + number}; }

    void read(const Actor& actor, WorkId work, int number, std::string_view paragraph, int percent) {
        clock_.advance(std::chrono::seconds(1));
        const auto done = service_.record_progress(actor, work, chapter(work, number), paragraph, percent);
        EXPECT_TRUE(done.ok()) << done.error().detail;
    }
    std::vector<OpenWork> open(const Actor& actor) {
        return database_->read([&](sql::Reader& reader) { return service_.keep_reading(reader, actor, 10); });
    }
    std::vector<WorkId> finished(const Actor& actor, int limit = 10) {
        std::vector<WorkId> ids;
        std::optional<works::Cursor> after, next;
        do {
            for (const auto& card : database_->read([&](sql::Reader& reader) {
                     return service_.finished(reader, actor, after, limit, next);
                 })) {
                ids.push_back(card.id);
            }
            after = next;
        } while (after);
        return ids;
    }

    std::vector<std::string> events() {
        return database_->read([](sql::Reader& reader) { return reader.all<std::string>(kEvents); });
    }

    static constexpr WorkId kSalt{7};
    const Actor abi_ = person(11), noor_ = person(13), visitor_{};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), migrations(), blocks::migrations()}};
    FakeClock clock_;
    braid::testing::FakeLibrary library_;
    braid::testing::FakePeople people_;
    braid::testing::NobodyGuards guard_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    Service service_{*database_, clock_, outbox_, library_, people_, guard_};
};
BRAID_ON_BOTH_ENGINES(Reading);

TEST_P(Reading, GoesOnWhereTheReaderWas) {
    read(abi_, kSalt, 2, "b", 50);
    const auto now = open(abi_);
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now[0].number, 2);
    EXPECT_EQ(now[0].paragraph, "b");
    EXPECT_EQ(now[0].percent, 50);  // a chapter and a half of three
    EXPECT_EQ(now[0].minutes_left, 5);
    EXPECT_EQ(now[0].line.author, "Noor A.");
    EXPECT_EQ(now[0].url(), "/works/7/chapters/" + chapter(kSalt, 2).text() + "#p-b");
    EXPECT_FALSE(now[0].fresh);
    EXPECT_THAT(open(noor_), IsEmpty());
}

TEST_P(Reading, TheFurthestIsKept) {
    read(abi_, kSalt, 1, "b", 60);
    read(abi_, kSalt, 1, "a", 10);
    EXPECT_EQ(open(abi_).at(0).paragraph, "b");
    EXPECT_EQ(open(abi_).at(0).percent, 20);
}

TEST_P(Reading, OpeningTheNextChapterFinishesTheOneBefore) {
    read(abi_, kSalt, 1, "a", 30);
    read(abi_, kSalt, 2, "", 0);
    const auto marks =
        database_->read([&](sql::Reader& reader) { return store::marks(reader, *abi_.person, kSalt); });
    ASSERT_EQ(marks.size(), 2U);
    EXPECT_TRUE(marks[0].finished());
    EXPECT_FALSE(marks[1].finished());
    // Jumping ahead finishes nothing that was skipped.
    read(person(12), kSalt, 3, "", 0);
    EXPECT_EQ(database_->read([&](sql::Reader& reader) { return store::marks(reader, PersonId{12}, kSalt); })
                  .size(),
              1U);
}

TEST_P(Reading, AFinishedChapterLeadsToTheNextAndTheLastToTheEnd) {
    read(abi_, kSalt, 1, "b", 96);
    EXPECT_EQ(open(abi_).at(0).number, 2);
    EXPECT_EQ(open(abi_).at(0).paragraph, "");
    read(abi_, kSalt, 3, "b", 100);
    EXPECT_THAT(open(abi_), IsEmpty());
    EXPECT_THAT(finished(abi_), ElementsAre(kSalt));

    clock_.advance(std::chrono::hours(24));
    add_chapter(kSalt, 4);
    const auto again = open(abi_);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].number, 4);
    EXPECT_TRUE(again[0].fresh);
}

TEST_P(Reading, WhatIsFinishedIsToldOnce) {
    read(abi_, kSalt, 1, "a", 40);
    EXPECT_THAT(events(), IsEmpty());
    read(abi_, kSalt, 2, "", 0);  // being there finishes the one before
    read(abi_, kSalt, 1, "b", 100);
    EXPECT_THAT(events(), ElementsAre("reading.chapter_finished.v1"));
    read(abi_, kSalt, 3, "b", 100);
    read(abi_, kSalt, 3, "b", 100);
    EXPECT_THAT(events(), ElementsAre("reading.chapter_finished.v1", "reading.chapter_finished.v1",
                                      "reading.work_finished.v1"));
    clock_.advance(std::chrono::hours(24));
    add_chapter(kSalt, 4);
    read(abi_, kSalt, 4, "b", 100);
    EXPECT_EQ(std::ranges::count(events(), "reading.work_finished.v1"), 2);
    read(visitor_, kSalt, 1, "b", 100);
    EXPECT_EQ(events().size(), 5U);
}

TEST_P(Reading, VisitorsAndDraftsLeaveNoTrace) {
    read(visitor_, kSalt, 1, "a", 50);
    EXPECT_THAT(open(visitor_), IsEmpty());
    library_.shelf[kSalt].chapters[0].published = false;
    read(noor_, kSalt, 1, "a", 50);
    EXPECT_THAT(open(noor_), IsEmpty());
    EXPECT_EQ(service_.record_progress(abi_, kSalt, chapter(kSalt, 1), "a", 50).error().code,
              ErrorCode::not_found);
    EXPECT_EQ(service_.record_progress(abi_, WorkId{8}, chapter(kSalt, 2), "a", 50).error().code,
              ErrorCode::not_found);
}

TEST_P(Reading, WhatIsNoLongerForTheReaderIsNotOnHerShelf) {
    read(abi_, kSalt, 1, "a", 50);
    library_.shelf[kSalt].rating = access::Rating::mature;
    EXPECT_THAT(open(abi_), IsEmpty());
    EXPECT_EQ(service_.record_progress(abi_, kSalt, chapter(kSalt, 1), "b", 70).error().code,
              ErrorCode::not_found);
    library_.shelf[kSalt].rating = access::Rating::everyone;
    EXPECT_EQ(open(abi_).at(0).paragraph, "a");
}

TEST_P(Reading, AChapterThatWasTakenBackGivesWayToTheOneInItsPlace) {
    read(abi_, kSalt, 2, "b", 50);
    library_.shelf[kSalt].chapters[1].published = false;
    const auto now = open(abi_);
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now[0].chapter, chapter(kSalt, 3));
    EXPECT_EQ(now[0].number, 2);
}

TEST_P(Reading, UnknownParagraphsAndOddPercentagesAreTaken) {
    read(abi_, kSalt, 1, "nope", 400);
    EXPECT_EQ(open(abi_).at(0).number, 2);
    read(abi_, kSalt, 2, "<b>", -5);
    EXPECT_EQ(open(abi_).at(0).paragraph, "");
}

TEST_P(Reading, FinishedWorksArePagedNewestFirst) {
    for (std::int64_t id = 20; id < 25; ++id) {
        add_work(WorkId{id}, 1);
        read(abi_, WorkId{id}, 1, "b", 100);
    }
    EXPECT_THAT(finished(abi_, 2), ElementsAre(WorkId{24}, WorkId{23}, WorkId{22}, WorkId{21}, WorkId{20}));
}

TEST_P(Reading, WhatIsGoneTakesThePlacesInItAlongOnceAndAgain) {
    read(abi_, kSalt, 1, "b", 50);
    read(abi_, kSalt, 2, "b", 50);
    events::Subscribers subscribers;
    add_subscribers(subscribers);
    const auto deliver = [&](std::string_view type, const std::string& json) {
        for (const auto& entry : subscribers.entries()) {
            if (entry.type != type) continue;
            for (int i = 0; i < 2; ++i) {
                EXPECT_TRUE(database_
                                ->write([&](sql::Tx& tx) {
                                    return entry.handler(
                                        tx, {events::EventId{1}, std::string(type), json, clock_.now()});
                                })
                                .ok());
            }
        }
    };
    const auto marks = [&] {
        return database_->read([&](sql::Reader& reader) { return store::marks(reader, *abi_.person, kSalt); })
            .size();
    };
    works::ChapterDeleted gone{.work = kSalt.text(), .chapter = chapter(kSalt, 2).text(), .author = "1"};
    deliver(works::ChapterDeleted::kType, events::Codec<works::ChapterDeleted>::to_json(gone));
    EXPECT_EQ(marks(), 1U);
    works::WorkDeleted work{.work = kSalt.text(), .author = "1"};
    deliver(works::WorkDeleted::kType, events::Codec<works::WorkDeleted>::to_json(work));
    EXPECT_EQ(marks(), 0U);
    EXPECT_THAT(open(abi_), IsEmpty());
}

}  // namespace
}  // namespace braid::reading
