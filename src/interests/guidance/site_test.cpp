// Guidance over a site's real tables, on both engines: what is learnt, what is shown and why, and what is
// not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/blocks/api.h"
#include "interests/feedback/service.h"
#include "interests/guidance/module.h"
#include "interests/reading/service.h"
#include "interests/topics/import.h"
#include "interests/topics/module.h"
#include "interests/works/site_for_tests.h"
#include "support/fake_library.h"
#include "support/subscribers.h"

namespace braid::audit {
std::span<const sql::Migration> migrations();
}
namespace braid::feedback {
std::span<const sql::Migration> migrations();
}
namespace braid::reading {
std::span<const sql::Migration> migrations();
}
namespace braid::topics {
std::span<const sql::Migration> migrations();
}

namespace braid::guidance {

std::span<const sql::Migration> migrations();

namespace {

using access::AgeBand;
using access::Rating;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using works::Visibility;
using works::WorkId;
using works::testing::form;
using works::testing::kAdult;
using works::testing::kTeen;
using works::testing::kVisitor;
using works::testing::person;

constexpr std::string_view kTopics = R"(
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <urn:t:> .
t:stories a skos:Concept ; skos:prefLabel "Stories"@en .
t:ghosts skos:prefLabel "Ghost stories"@en, "Historias de fantasmas"@es ; skos:broader t:stories .
t:robots skos:prefLabel "Robots"@en .
t:n1 skos:prefLabel "Lakes"@en . t:n2 skos:prefLabel "Trains"@en . t:n3 skos:prefLabel "Bread"@en .
t:n4 skos:prefLabel "Chess"@en . t:n5 skos:prefLabel "Maps"@en . t:n6 skos:prefLabel "Birds"@en .
t:n7 skos:prefLabel "Kites"@en . t:n8 skos:prefLabel "Moss"@en . t:n9 skos:prefLabel "Drums"@en .
t:n10 skos:prefLabel "Knots"@en . t:n11 skos:prefLabel "Tides"@en . t:n12 skos:prefLabel "Clay"@en .
)";

// Counts what is asked of the database.
class Counted final : public sql::Session {
  public:
    explicit Counted(sql::Session& inner) : inner_(inner) {}
    [[nodiscard]] sql::Engine engine() const override { return inner_.engine(); }
    std::int64_t execute(const sql::Query& query, std::span<const sql::Param> params,
                         const sql::RowCallback& on_row) override {
        ++queries;
        return inner_.execute(query, params, on_row);
    }
    int queries = 0;

  private:
    sql::Session& inner_;
};

const sql::Query kActs{
    "guidance_test.list_acts",
    "SELECT person, kind, act FROM guidance_acts ORDER BY person, kind, item, act LIMIT 1000"};
const sql::Query kApart{"guidance_test.put_apart", "INSERT INTO apart (viewer, person) VALUES ($1, $2)"};
const sql::Query kTogether{"guidance_test.delete_apart", "DELETE FROM apart WHERE viewer = $1"};
const sql::Query kWipe{"guidance_test.wipe", "DELETE FROM guidance_acts"};
const sql::Query kErase{"guidance_test.erase", "DELETE FROM guidance_acts WHERE person = $1"};

class GuidanceSite : public braid::testing::OnBothEngines {
  protected:
    GuidanceSite() {
        auto file = topics::read_turtle(kTopics);
        EXPECT_TRUE(file.ok());
        topics::import_vocabulary(*database_, ids_, clock_, std::move(*file), {});
        topics_.vocabularies().refresh();
        add_subscribers(subscribers_);
        topics::add_subscribers(subscribers_, topics_.service());
    }

    // A work with one published chapter, by an author of its own unless named.
    struct Written {
        WorkId id;
        works::ChapterId chapter;
        Actor author;
    };
    Written write(std::string title, std::string tags = "", std::int64_t author = 0,
                  Rating rating = Rating::everyone, Visibility visibility = Visibility::everyone,
                  std::string language = "en") {
        Written written{.author = person(author != 0 ? author : next_author_++, AgeBand::adult)};
        auto typed = form(std::move(title), visibility, rating, std::move(tags));
        typed.language = std::move(language);
        const auto work = writing_.create_work(written.author, typed);
        EXPECT_TRUE(work.ok()) << work.error().detail;
        written.id = *work;
        const auto chapter = writing_.add_chapter(written.author, *work);
        written.chapter = *chapter;
        const auto version = database_->read(
            [&](sql::Reader& reader) { return works::store::chapter(reader, *work, *chapter)->version; });
        EXPECT_TRUE(writing_
                        .publish_chapter(written.author, *work, *chapter,
                                         works::ChapterDraft{"One", "It began.", {}, {}}, version, "window")
                        .ok());
        clock_.advance(std::chrono::seconds(1));
        return written;
    }
    void kudos(const Actor& actor, const Written& work) {
        const auto given = feedback_.give_kudos(actor, work.id);
        ASSERT_TRUE(given.ok()) << given.error().detail << given.error().message_key;
        clock_.advance(std::chrono::seconds(1));
    }
    void finish(const Actor& actor, const Written& work) {
        const auto read = reading_.record_progress(actor, work.id, work.chapter, "", 100);
        ASSERT_TRUE(read.ok()) << read.error().detail;
        clock_.advance(std::chrono::seconds(1));
    }
    void told() {
        jobs::Runner runner(*database_, subscribers_, ids_, clock_, random_, {});
        while (runner.run_pending() > 0) {
        }
    }
    topics::TopicId topic(const std::string& name) {
        return topics_.vocabularies().current()->by_uri("urn:t:" + name).value();
    }
    void follow(const Actor& actor, const std::string& name) {
        ASSERT_TRUE(topics_.service().follow(actor, topic(name), topics::How::followed).ok());
    }

    std::vector<Suggestion> suggested(const Actor& actor) {
        return database_->read(
            [&](sql::Reader& reader) { return guidance_.for_you(reader, actor, i18n::Language::en); });
    }
    std::vector<std::string> titles(const Actor& actor) {
        std::vector<std::string> list;
        for (const Suggestion& one : suggested(actor))
            list.push_back(one.line.card.title);
        return list;
    }
    std::string why(const Actor& actor, std::string_view title) {
        for (const Suggestion& one : suggested(actor)) {
            if (one.line.card.title == title) return sentence(one.reasons, i18n::Language::en);
        }
        return "not suggested";
    }
    Explanation explained(const Actor& actor, WorkId work) {
        return database_->read(
            [&](sql::Reader& reader) { return guidance_.explain(reader, actor, work, i18n::Language::en); });
    }
    Filter filter(const Actor& actor, WorkId work) { return explained(actor, work).looked.filter; }
    std::vector<std::string> acts() {
        return database_->read([](sql::Reader& reader) {
            std::vector<std::string> list;
            for (const auto& [who, kind, act] :
                 reader.all<std::tuple<std::int64_t, std::string, std::string>>(kActs))
                list.push_back(std::to_string(who) + " " + kind + " " + act);
            return list;
        });
    }
    // `count` people who finished both.
    void both(const Written& a, const Written& b, int count) {
        for (int i = 0; i < count; ++i) {
            const Actor actor = person(next_reader_++, AgeBand::teen);
            finish(actor, a);
            finish(actor, b);
        }
    }
    void learn() {
        told();
        guidance_models_.train();
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    SystemRandom random_;
    braid::testing::TempFolder folder_;
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blobs::migrations(), audit::migrations(),
                                            works::migrations(), blocks::migrations(), feedback::migrations(),
                                            reading::migrations(), topics::migrations(), migrations()}};
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    braid::testing::NobodyGuards guard_;
    braid::testing::FakePeople people_;
    works::Writing writing_{*database_, clock_, ids_, outbox_, blobs_, guard_};
    works::StoredLibrary library_;
    feedback::Service feedback_{*database_, clock_, ids_, outbox_, library_, guard_, {}};
    reading::Service reading_{*database_, clock_, outbox_, library_, people_, guard_};
    topics::TopicsModule topics_{*database_, clock_, ids_, outbox_, library_, people_, "https://braid.test"};
    Models guidance_models_{*database_, clock_, ids_};
    Service guidance_{*database_, clock_, library_, people_, topics_.service(), guard_, guidance_models_};
    events::Subscribers subscribers_;
    std::int64_t next_author_ = 1000, next_reader_ = 5000;
};
BRAID_ON_BOTH_ENGINES(GuidanceSite);

TEST_P(GuidanceSite, ActsFollowWhatPeopleDoAndTakeBack) {
    const auto salt = write("The Salt Road");
    kudos(kTeen, salt);
    finish(kTeen, salt);
    ASSERT_TRUE(feedback_.add_bookmark(kTeen, salt.id).ok());
    follow(kTeen, "ghosts");
    told();
    EXPECT_THAT(acts(), ElementsAre("22 topic follow", "22 work bookmark", "22 work finished",
                                    "22 work kudos", "22 work read"));
    ASSERT_TRUE(feedback_.withdraw_kudos(kTeen, salt.id).ok());
    ASSERT_TRUE(feedback_.remove_bookmark(kTeen, salt.id).ok());
    ASSERT_TRUE(topics_.service().unfollow(kTeen, topic("ghosts")).ok());
    told();
    EXPECT_THAT(acts(), ElementsAre("22 work finished", "22 work read"));
    ASSERT_TRUE(writing_.delete_work(salt.author, salt.id).ok());
    told();
    EXPECT_THAT(acts(), IsEmpty());
}

TEST_P(GuidanceSite, EventsMayComeTwice) {
    const auto salt = write("The Salt Road", "ghost stories");
    kudos(kTeen, salt);
    finish(kAdult, salt);
    follow(kAdult, "ghosts");
    ASSERT_TRUE(feedback_.withdraw_kudos(kTeen, salt.id).ok());
    EXPECT_THAT(braid::testing::run_subscribers_twice(database_, subscribers_), IsEmpty());
}

TEST_P(GuidanceSite, ARebuildMakesTheSameActsAgainAndDropsWhatIsNotTrue) {
    const auto salt = write("The Salt Road"), lamp = write("The Lamp Room");
    kudos(kTeen, salt);
    finish(kAdult, lamp);
    follow(kAdult, "robots");
    told();
    const auto kept = acts();
    ASSERT_EQ(kept.size(), 4U);
    const auto wiped = database_->write([](sql::Tx& tx) -> Result<void> {
        tx.run(kWipe);
        return success();
    });
    ASSERT_TRUE(wiped.ok());
    std::int64_t done = 0, total = -1;
    guidance_.rebuild([&](std::int64_t now, std::int64_t of) {
        done = now;
        total = of;
    });
    EXPECT_EQ(acts(), kept);
    EXPECT_EQ(done, total);
    EXPECT_EQ(total, 2);
}

TEST_P(GuidanceSite, WhatWasDoneBeforeThereWasGuidanceIsTakenOverOnce) {
    const auto salt = write("The Salt Road");
    kudos(kTeen, salt);
    guidance_.fill();
    EXPECT_THAT(acts(), ElementsAre("22 work kudos"));
    kudos(kAdult, salt);
    guidance_.fill();
    EXPECT_EQ(acts().size(), 1U);
}

TEST_P(GuidanceSite, SomebodyWhoDidNothingAndFollowsNothingIsSuggestedNothing) {
    write("The Salt Road", "ghost stories");
    told();
    EXPECT_THAT(titles(kTeen), IsEmpty());
    EXPECT_THAT(titles(kVisitor), IsEmpty());
    follow(kTeen, "ghosts");
    EXPECT_THAT(titles(kTeen), ElementsAre("The Salt Road"));
    EXPECT_THAT(why(kTeen, "The Salt Road"), HasSubstr("you follow Ghost stories"));
}

TEST_P(GuidanceSite, ABroaderTopicBringsWhatIsBelowIt) {
    write("The Salt Road", "ghost stories");
    told();
    follow(kTeen, "stories");
    EXPECT_THAT(titles(kTeen), ElementsAre("The Salt Road"));
}

TEST_P(GuidanceSite, AKudosChangesTheListWithoutLearning) {
    const auto salt = write("The Salt Road", "ghost stories");
    write("The Lamp Room", "ghost stories");
    write("Robots Don’t Whistle", "robots");
    told();
    EXPECT_THAT(titles(kTeen), IsEmpty());
    kudos(kTeen, salt);
    told();
    EXPECT_THAT(titles(kTeen), Contains("The Lamp Room"));
    EXPECT_THAT(titles(kTeen), Not(Contains("The Salt Road")));
    EXPECT_THAT(why(kTeen, "The Lamp Room"), HasSubstr("it is about Ghost stories, like The Salt Road"));
    ASSERT_TRUE(feedback_.withdraw_kudos(kTeen, salt.id).ok());
    told();
    EXPECT_THAT(titles(kTeen), IsEmpty());
}

TEST_P(GuidanceSite, TheModelSpeaksForWhatPeopleLikeHerFinished) {
    const auto salt = write("The Salt Road"), signal = write("Signal Fires");
    both(salt, signal, 5);
    for (int i = 0; i < 6; ++i)
        finish(person(next_reader_++, AgeBand::teen), write("Noise " + std::to_string(i)));
    learn();
    kudos(kTeen, salt);
    told();
    EXPECT_EQ(titles(kTeen).at(0), "Signal Fires");
    EXPECT_THAT(why(kTeen, "Signal Fires"), HasSubstr("you gave kudos to The Salt Road"));
    const auto found = explained(kTeen, signal.id);
    EXPECT_TRUE(found.asked_model);
    EXPECT_EQ(found.place, 0U);
    EXPECT_EQ(found.model.people, 5);
    EXPECT_EQ(found.model.items, 2);
    EXPECT_EQ(found.model.acts, 10);
    EXPECT_GT(found.model.weights, 0);
    EXPECT_EQ(found.looked.facts.readers, 5);
    EXPECT_NEAR(found.score, score_of(found.looked.reasons), 1e-12);
}

TEST_P(GuidanceSite, WhatFewerThanFiveDidTellsNothing) {
    const auto salt = write("The Salt Road"), signal = write("Signal Fires");
    both(salt, signal, 4);
    // Both have five readers; four have both.
    finish(person(next_reader_++, AgeBand::teen), salt);
    finish(person(next_reader_++, AgeBand::teen), signal);
    learn();
    EXPECT_EQ(guidance_models_.current()->row().weights, 0);
    kudos(kTeen, salt);
    told();
    EXPECT_FALSE(explained(kTeen, signal.id).looked.fits);
    both(salt, signal, 1);
    learn();
    EXPECT_GT(guidance_models_.current()->row().weights, 0);
    EXPECT_TRUE(explained(kTeen, signal.id).looked.fits);
}

TEST_P(GuidanceSite, AModelThatLearntFromAnErasedPersonIsAskedNoMore) {
    const auto salt = write("The Salt Road"), signal = write("Signal Fires");
    both(salt, signal, 5);
    learn();
    kudos(kTeen, salt);
    told();
    ASSERT_TRUE(explained(kTeen, signal.id).looked.fits);
    GuidanceModule module{*database_, clock_, ids_, library_, people_, topics_.service(), guard_};
    const auto described = module.describe();
    const PersonId erased{5000};
    const auto gone = database_->write([&](sql::Tx& tx) -> Result<void> {
        TRY(described.forget(tx, erased));
        tx.run(kErase, erased);
        return success();
    });
    ASSERT_TRUE(gone.ok());
    EXPECT_FALSE(explained(kTeen, signal.id).asked_model);
    EXPECT_FALSE(explained(kTeen, signal.id).looked.fits);
    EXPECT_TRUE(guidance_models_.refresh());  // at once, whatever the time
    EXPECT_TRUE(explained(kTeen, signal.id).asked_model);
    EXPECT_FALSE(explained(kTeen, signal.id).looked.fits);  // four are too few
    EXPECT_FALSE(guidance_models_.refresh());
}

TEST_P(GuidanceSite, LearnsWhenEnoughHasChangedAndSaysFromWhat) {
    const auto salt = write("The Salt Road"), signal = write("Signal Fires");
    EXPECT_TRUE(guidance_models_.refresh());
    EXPECT_FALSE(guidance_models_.refresh());
    const auto empty = guidance_models_.current()->row().version;
    both(salt, signal, 5);
    told();
    EXPECT_FALSE(guidance_models_.refresh());  // not yet a minute old
    clock_.advance(std::chrono::minutes(2));
    EXPECT_TRUE(guidance_models_.refresh());
    const auto row = guidance_models_.current()->row();
    EXPECT_NE(row.version, empty);
    const auto kept = database_->read([](sql::Reader& reader) { return store::newest_model(reader); });
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->version, row.version);
    EXPECT_EQ(kept->recipe, "blend");
    EXPECT_EQ(kept->people, 5);
    // Another node learns the same from the same tables.
    Models other(*database_, clock_, ids_);
    other.learn();
    EXPECT_EQ(other.current()->row().version, row.version);
}

TEST_P(GuidanceSite, LeavesOutWhatIsHersKnownOrNotForHer) {
    const auto own = write("Her own", "ghost stories", kTeen.person->value);
    const auto finished = write("Finished", "ghost stories"), saved = write("Saved", "ghost stories"),
               begun = write("Begun", "ghost stories"), left = write("Left", "ghost stories");
    finish(kTeen, finished);
    ASSERT_TRUE(feedback_.add_bookmark(kTeen, saved.id).ok());
    ASSERT_TRUE(reading_.record_progress(kTeen, begun.id, begun.chapter, "", 10).ok());
    follow(kTeen, "ghosts");
    told();
    EXPECT_THAT(titles(kTeen), ElementsAre("Left"));
    EXPECT_EQ(filter(kTeen, own.id), Filter::own);
    EXPECT_EQ(filter(kTeen, finished.id), Filter::begun);
    EXPECT_EQ(filter(kTeen, saved.id), Filter::taken_up);
    EXPECT_EQ(filter(kTeen, begun.id), Filter::begun);
    EXPECT_EQ(filter(kTeen, WorkId{12345}), Filter::missing);
    ASSERT_TRUE(guidance_.decline(kTeen, left.id).ok());
    ASSERT_TRUE(guidance_.decline(kTeen, left.id).ok());
    EXPECT_THAT(titles(kTeen), IsEmpty());
    EXPECT_EQ(filter(kTeen, left.id), Filter::declined);
    const auto declined =
        database_->read([&](sql::Reader& reader) { return guidance_.declined(reader, kTeen); });
    ASSERT_EQ(declined.size(), 1U);
    EXPECT_EQ(declined[0].card.title, "Left");
    ASSERT_TRUE(guidance_.take_back(kTeen, left.id).ok());
    EXPECT_THAT(titles(kTeen), ElementsAre("Left"));
    EXPECT_EQ(guidance_.decline(kVisitor, left.id).error().code, ErrorCode::unauthenticated);
    const auto hidden = write("Hidden", "", 0, Rating::everyone, Visibility::me);
    EXPECT_EQ(guidance_.decline(kTeen, hidden.id).error().code, ErrorCode::not_found);
}

// In the same transaction's end in which something is hidden or rated, it is in no list, reason, next or
// explanation: nothing is asked of an event.
TEST_P(GuidanceSite, WhatIsHiddenIsGoneAtOnceFromListsAndReasons) {
    const auto salt = write("The Salt Road", "ghost stories"), lamp = write("The Lamp Room", "ghost stories");
    both(salt, lamp, 5);
    learn();
    kudos(kTeen, salt);
    told();
    ASSERT_THAT(titles(kTeen), Contains("The Lamp Room"));
    ASSERT_THAT(why(kTeen, "The Lamp Room"), HasSubstr("The Salt Road"));
    const auto next = [&](const Actor& actor) {
        const auto after = database_->read([&](sql::Reader& reader) {
            return guidance_.next_after(reader, actor, salt.id, salt.chapter, i18n::Language::en);
        });
        std::vector<std::string> list;
        if (!after.ok()) return std::vector<std::string>{"not found"};
        for (const Suggestion& one : after->suggestions)
            list.push_back(one.line.card.title);
        return list;
    };
    EXPECT_THAT(next(kTeen), ElementsAre("The Lamp Room"));
    EXPECT_THAT(next(kVisitor), ElementsAre("The Lamp Room"));

    const auto change = [&](const Written& work, Visibility visibility, Rating rating) {
        auto typed =
            form(work.id == salt.id ? "The Salt Road" : "The Lamp Room", visibility, rating, "ghost stories");
        const auto changed = writing_.edit_work(work.author, work.id, typed);
        ASSERT_TRUE(changed.ok()) << changed.error().detail;
    };
    change(lamp, Visibility::everyone, Rating::mature);
    EXPECT_THAT(titles(kTeen), IsEmpty());
    EXPECT_THAT(next(kTeen), IsEmpty());
    EXPECT_EQ(filter(kTeen, lamp.id), Filter::hidden);
    change(lamp, Visibility::signed_in, Rating::everyone);
    EXPECT_THAT(titles(kTeen), Contains("The Lamp Room"));
    EXPECT_THAT(next(kVisitor), IsEmpty());

    // The work that is the reason: it speaks for nothing and is named nowhere.
    change(salt, Visibility::me, Rating::everyone);
    EXPECT_THAT(titles(kTeen), IsEmpty());
    EXPECT_THAT(next(kTeen), ElementsAre("not found"));
    follow(kTeen, "ghosts");
    EXPECT_THAT(why(kTeen, "The Lamp Room"), Not(HasSubstr("Salt Road")));
    EXPECT_THAT(why(kTeen, "The Lamp Room"), HasSubstr("you follow Ghost stories"));
    for (const Reason& reason : explained(kTeen, lamp.id).looked.reasons)
        EXPECT_NE(reason.work, salt.id);
    change(salt, Visibility::everyone, Rating::mature);
    EXPECT_THAT(why(kTeen, "The Lamp Room"), Not(HasSubstr("Salt Road")));
    ASSERT_TRUE(writing_.delete_work(salt.author, salt.id).ok());
    EXPECT_THAT(why(kTeen, "The Lamp Room"), Not(HasSubstr("Salt Road")));
}

TEST_P(GuidanceSite, WhoWantsNothingOfSomebodyIsNeitherLedToHerWorksNorRemindedOfThem) {
    const auto salt = write("The Salt Road", "ghost stories"), lamp = write("The Lamp Room", "ghost stories");
    both(salt, lamp, 5);
    learn();
    kudos(kTeen, salt);
    told();
    ASSERT_THAT(titles(kTeen), ElementsAre("The Lamp Room"));
    const auto apart = [&](const Written& from) {
        const auto done = database_->write([&](sql::Tx& tx) -> Result<void> {
            tx.run(kTogether, *kTeen.person);
            tx.run(kApart, *kTeen.person, *from.author.person);
            return success();
        });
        ASSERT_TRUE(done.ok());
    };
    apart(lamp);
    EXPECT_THAT(titles(kTeen), IsEmpty());
    EXPECT_EQ(filter(kTeen, lamp.id), Filter::hidden);
    const auto next = database_->read([&](sql::Reader& reader) {
        return guidance_.next_after(reader, kTeen, salt.id, salt.chapter, i18n::Language::en);
    });
    ASSERT_TRUE(next.ok());
    EXPECT_THAT(next->suggestions, IsEmpty());
    apart(salt);
    EXPECT_THAT(titles(kTeen), IsEmpty());  // nothing is left that speaks for it
    follow(kTeen, "ghosts");
    EXPECT_THAT(why(kTeen, "The Lamp Room"), HasSubstr("you follow Ghost stories"));
    EXPECT_THAT(why(kTeen, "The Lamp Room"), Not(HasSubstr("Salt Road")));
}

TEST_P(GuidanceSite, AWorkWithFewReadersIsLookedAtHoweverManyOthersFitBetter) {
    const auto salt = write("The Salt Road", "ghost stories, robots");
    std::vector<Written> loved;
    for (int i = 0; i < 30; ++i)
        loved.push_back(write("Loved " + std::to_string(i), "ghost stories, robots"));
    for (int reader = 0; reader < 5; ++reader) {
        const Actor actor = person(next_reader_++, AgeBand::teen);
        finish(actor, salt);
        for (const Written& one : loved)
            finish(actor, one);
    }
    const auto quiet = write("Quiet", "robots");
    learn();
    kudos(kTeen, salt);
    follow(kTeen, "ghosts");
    told();
    const auto list = suggested(kTeen);
    ASSERT_EQ(list.size(), kMostForYou);
    EXPECT_EQ(list[kKeptPlace].line.card.id, quiet.id);
    EXPECT_TRUE(list[kKeptPlace].kept_place);
    EXPECT_THAT(sentence(list[kKeptPlace].reasons, i18n::Language::en),
                HasSubstr("and few people have read it yet."));
    EXPECT_EQ(std::ranges::count(list, true, &Suggestion::kept_place), 1);
}

TEST_P(GuidanceSite, HoweverMuchSheCaresAboutAnAnswerIsAHandfulOfQueries) {
    const char* names[] = {"Lakes", "Trains", "Bread", "Chess", "Maps",  "Birds",
                           "Kites", "Moss",   "Drums", "Knots", "Tides", "Clay"};
    const char* languages[] = {"en", "es", "fr", "pt", "de"};
    for (int i = 1; i <= 12; ++i)
        follow(kTeen, "n" + std::to_string(i));
    std::vector<WorkId> of_topics, of_languages;
    for (const char* name : names) {
        for (int i = 0; i < 3; ++i)
            write(std::string(name) + " seen", name, 0, Rating::everyone, Visibility::me);
        of_topics.push_back(write(std::string(name) + " shown", name).id);
    }
    for (const char* language : languages) {
        finish(kTeen, write("Read", "", 0, Rating::everyone, Visibility::everyone, language));
        of_languages.push_back(write("New", "", 0, Rating::everyone, Visibility::everyone, language).id);
    }
    told();
    int queries = 0;
    const auto looked = database_->read([&](sql::Reader& reader) {
        Counted counted(reader);
        const auto found =
            answer(counted, {.actor = kTeen}, SiteModel(), topics_.service(), kMostForYou, clock_.now());
        queries = counted.queries;
        std::vector<WorkId> list;
        for (const Looked& one : found.looked) {
            if (one.filter == Filter::passed) list.push_back(one.facts.work);
        }
        return list;
    });
    EXPECT_LE(queries, 12);
    EXPECT_THAT(looked, ::testing::IsSupersetOf(of_topics));
    EXPECT_THAT(looked, ::testing::IsSupersetOf(of_languages));
}

TEST_P(GuidanceSite, OneWorkAnAuthorAndAtMostSix) {
    for (int i = 0; i < 4; ++i)
        write("Hers " + std::to_string(i), "ghost stories", 900);
    for (int i = 0; i < 7; ++i)
        write("Theirs " + std::to_string(i), "ghost stories");
    told();
    follow(kTeen, "ghosts");
    const auto list = suggested(kTeen);
    EXPECT_EQ(list.size(), kMostForYou);
    std::vector<PersonId> authors;
    for (const Suggestion& one : list)
        authors.push_back(one.line.card.author);
    std::ranges::sort(authors);
    EXPECT_EQ(std::ranges::adjacent_find(authors), authors.end());
}

TEST_P(GuidanceSite, ALanguageSheDoesNotReadIsLeftOutUnlessPeopleLikeHerReadIt) {
    const auto salt = write("The Salt Road", "ghost stories");
    const auto pan = write("La panadería", "ghost stories", 0, Rating::everyone, Visibility::everyone, "es");
    told();
    follow(kTeen, "ghosts");
    EXPECT_THAT(titles(kTeen), ElementsAre("The Salt Road"));
    EXPECT_EQ(filter(kTeen, pan.id), Filter::language);
    both(salt, pan, 5);
    learn();
    finish(kTeen, salt);
    told();
    EXPECT_THAT(titles(kTeen), ElementsAre("La panadería"));
}

TEST_P(GuidanceSite, AfterAChapterComesTheNextAndBesideItOtherWorks) {
    const auto salt = write("The Salt Road", "ghost stories"), lamp = write("The Lamp Room", "ghost stories");
    told();
    const auto second = writing_.add_chapter(salt.author, salt.id);
    const auto version = database_->read(
        [&](sql::Reader& reader) { return works::store::chapter(reader, salt.id, *second)->version; });
    const auto after = [&](works::ChapterId chapter, const Actor& actor) {
        return database_->read([&](sql::Reader& reader) {
            return guidance_.next_after(reader, actor, salt.id, chapter, i18n::Language::en);
        });
    };
    EXPECT_EQ(after(*second, salt.author).error().code, ErrorCode::not_found);  // a draft
    ASSERT_TRUE(writing_
                    .publish_chapter(salt.author, salt.id, *second, works::ChapterDraft{"Two", "On.", {}, {}},
                                     version, "window")
                    .ok());
    const auto first = after(salt.chapter, kVisitor);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->chapter, *second);
    EXPECT_EQ(first->number, 2);
    ASSERT_EQ(first->suggestions.size(), 1U);
    EXPECT_EQ(first->suggestions[0].line.card.id, lamp.id);
    EXPECT_THAT(sentence(first->suggestions[0].reasons, i18n::Language::en), HasSubstr("The Salt Road"));
    const auto last = after(*second, kTeen);
    ASSERT_TRUE(last.ok());
    EXPECT_FALSE(last->chapter);
    EXPECT_EQ(after(works::ChapterId{99}, kTeen).error().code, ErrorCode::not_found);
}

TEST_P(GuidanceSite, NobodyIsSuggestedAcrossTheLineOfEighteen) {
    const auto may = [](const Actor& actor, AgeBand band) {
        return access::permit<SuggestPerson>(actor, {PersonId{77}, band}).ok();
    };
    EXPECT_TRUE(may(kTeen, AgeBand::teen));
    EXPECT_TRUE(may(kTeen, AgeBand::child));
    EXPECT_FALSE(may(kTeen, AgeBand::adult));
    EXPECT_TRUE(may(kAdult, AgeBand::adult));
    EXPECT_FALSE(may(kAdult, AgeBand::teen));
    EXPECT_FALSE(may(kAdult, AgeBand::child));
    EXPECT_FALSE(may(kVisitor, AgeBand::child));
    EXPECT_FALSE(access::permit<SuggestPerson>(kTeen, {*kTeen.person, AgeBand::teen}).ok());
}

}  // namespace
}  // namespace braid::guidance
