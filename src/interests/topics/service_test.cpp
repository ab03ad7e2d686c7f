// Importing, interests, and works under their topics, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"
#include "identity/accounts/module.h"
#include "identity/blocks/service.h"
#include "interests/feedback/events.h"
#include "interests/reading/events.h"
#include "interests/topics/import.h"
#include "interests/topics/module.h"
#include "interests/topics/starter_for_tests.h"
#include "interests/works/site_for_tests.h"

namespace braid::audit {
std::span<const sql::Migration> migrations();
}

namespace braid::topics {

std::span<const sql::Migration> migrations();

namespace {

using access::Rating;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using works::Visibility;
using works::testing::form;
using works::testing::kAbi;
using works::testing::kAdult;
using works::testing::kChild;
using works::testing::kOkafor;
using works::testing::kTeen;
using works::testing::kVisitor;

class TopicsSite : public braid::testing::OnBothEngines {
  protected:
    TopicsSite() { add_subscribers(subscribers_, service_); }

    ImportReport import(std::string_view turtle, ImportOptions options = {}) {
        auto file = read_turtle(
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix dct: "
            "<http://purl.org/dc/terms/> .\n@prefix t: <urn:t:> .\n" +
            std::string(turtle));
        EXPECT_TRUE(file.ok()) << (file.ok() ? "" : file.error().detail);
        auto report = import_vocabulary(*database_, ids_, clock_, std::move(*file), options);
        vocabularies_.refresh();
        return report;
    }
    TopicId named(const std::string& name) {
        return vocabularies_.current()->by_uri("urn:t:" + name).value();
    }
    works::WorkId write(std::string tags, Visibility visibility = Visibility::everyone,
                        Rating rating = Rating::everyone) {
        const auto work = writing_.create_work(kOkafor, form("A work", visibility, rating, std::move(tags)));
        EXPECT_TRUE(work.ok());
        const auto chapter = writing_.add_chapter(kOkafor, *work);
        EXPECT_TRUE(chapter.ok());
        const auto version = database_->read(
            [&](sql::Reader& reader) { return works::store::chapter(reader, *work, *chapter)->version; });
        EXPECT_TRUE(writing_
                        .publish_chapter(kOkafor, *work, *chapter,
                                         works::ChapterDraft{"One", "Words.", {}, {}}, version, "window")
                        .ok());
        return *work;
    }
    void told() {
        jobs::Runner runner(*database_, subscribers_, ids_, clock_, random_, {});
        runner.run_pending();
    }
    std::vector<works::WorkId> hub(const Actor& actor, TopicId topic) {
        std::vector<works::WorkId> list;
        database_->read([&](sql::Reader& reader) {
            for (const auto& line : store::hub(reader, actor, topic, {INT64_MAX, INT64_MAX}, 50))
                list.push_back(line.work);
        });
        std::ranges::sort(list);
        return list;
    }
    std::vector<std::string> mine(const Actor& actor) {
        std::vector<std::string> list;
        database_->read([&](sql::Reader& reader) {
            for (const auto& one : service_.mine(reader, actor, "en"))
                list.push_back(one.typed + " = " + (one.topic ? one.label : "?"));
        });
        std::ranges::sort(list);
        return list;
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    braid::testing::TempFolder folder_;
    braid::testing::TestDatabase database_{
        GetParam(),
        {jobs::migrations(), accounts::migrations(), blocks::migrations(), blobs::migrations(),
         works::migrations(), audit::migrations(), migrations()}};
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    braid::testing::NobodyGuards guard_;
    works::Writing writing_{*database_, clock_, ids_, outbox_, blobs_, guard_};
    Vocabularies vocabularies_{*database_};
    Service service_{*database_, clock_, ids_, outbox_, vocabularies_};
    Wrangling wrangling_{*database_, clock_, ids_, vocabularies_, service_};
    events::Subscribers subscribers_;
    SystemRandom random_;
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
};
BRAID_ON_BOTH_ENGINES(TopicsSite);

constexpr std::string_view kSmall = R"(
t:music a skos:Concept ; skos:prefLabel "Music"@en, "Música"@es ; skos:scopeNote "All \"sounds\"."@en .
t:rock a skos:Concept ; skos:prefLabel "Rock"@en ; skos:altLabel 'rock & roll'@en ; skos:broader t:music .
t:punk skos:prefLabel """Punk"""@en ; skos:hiddenLabel "pnuk"@en ; skos:broader t:rock ; skos:related t:zines .
t:zines skos:prefLabel "Zines"@en ; skos:altLabel "John"@en . # a comment
t:lennon skos:prefLabel "John Lennon"@en ; skos:altLabel "John"@en ; skos:broader t:rock .
)";

TEST_P(TopicsSite, ImportsTwiceAndChangesNothingTheSecondTime) {
    const auto first = import(kSmall);
    EXPECT_EQ(first.added, 5);
    EXPECT_THAT(first.conflicts, IsEmpty());
    const auto again = import(kSmall);
    EXPECT_EQ(again.unchanged, 5);
    EXPECT_EQ(again.added + again.updated, 0);
    EXPECT_EQ(vocabularies_.current()->label(named("music"), "es"), "Música");
    EXPECT_THAT(vocabularies_.current()->with_broader(named("punk")),
                ElementsAre(named("punk"), named("rock"), named("music")));
}

TEST_P(TopicsSite, DryRunWritesNothing) {
    EXPECT_EQ(import(kSmall, {.run = Run::dry}).added, 5);
    EXPECT_EQ(vocabularies_.current()->size(), 0U);
}

TEST_P(TopicsSite, FollowsAFileThatChangedAndKeepsWhatIsGoneFromIt) {
    import(kSmall);
    const auto report = import(R"(t:rock skos:prefLabel "Rock music"@en ; skos:altLabel "rock & roll"@en .)");
    EXPECT_EQ(report.updated, 1);
    EXPECT_EQ(vocabularies_.current()->label(named("rock"), "en"), "Rock music");
    EXPECT_THAT(vocabularies_.current()->broader(named("rock")), IsEmpty());
    EXPECT_EQ(vocabularies_.current()->size(), 5U);
}

TEST_P(TopicsSite, ReportsConflictsAndGoesOn) {
    import(kSmall);
    const auto report = import(R"(
t:other skos:prefLabel "music"@en ; skos:broader t:nowhere .
t:a skos:prefLabel "A one"@en, "A two"@en ; skos:broader t:b .
t:b skos:prefLabel "Bee"@en ; skos:broader t:a .
t:self skos:prefLabel "Self"@en ; skos:related t:self .)");
    EXPECT_EQ(report.added, 4);
    EXPECT_THAT(report.conflicts, Contains(HasSubstr("is also the name of urn:t:music")));
    EXPECT_THAT(report.conflicts, Contains(HasSubstr("urn:t:nowhere is nowhere")));
    EXPECT_THAT(report.conflicts, Contains(HasSubstr("two preferred labels")));
    EXPECT_THAT(report.conflicts, Contains(HasSubstr("would make a circle")));
    EXPECT_THAT(report.conflicts, Contains(HasSubstr("related to itself")));
}

TEST_P(TopicsSite, JoinsTopicsOfTheSameNameWhenAsked) {
    import(kSmall);
    import(R"(t:theirs skos:prefLabel "Music"@en ; skos:altLabel "tunes"@en .)",
           {.same_names = SameNames::join});
    EXPECT_EQ(vocabularies_.current()->resolve("tunes", "en").topic, named("music"));
    EXPECT_EQ(vocabularies_.current()->size(), 5U);
}

TEST_P(TopicsSite, KeepsInterestsWhenTopicsMergeMoveAndSplit) {
    import(kSmall);
    ASSERT_TRUE(service_.add(kAbi, "pnuk", "en").ok());
    ASSERT_TRUE(service_.follow(kTeen, named("punk"), How::followed).ok());
    import(R"(t:punk skos:prefLabel "Punk"@en ; dct:isReplacedBy t:rock . t:rock skos:prefLabel "Rock"@en .
t:oi skos:prefLabel "Oi"@en ; skos:broader t:rock .)");
    EXPECT_THAT(mine(kAbi), ElementsAre("pnuk = Rock"));
    EXPECT_THAT(mine(kTeen), ElementsAre("Punk = Rock"));
    database_->read(
        [&](sql::Reader& reader) { EXPECT_TRUE(service_.follows(reader, kTeen, named("rock"))); });
}

TEST_P(TopicsSite, AsksOnceWhatAWordMeans) {
    import(kSmall);
    const auto asked = service_.add(kAbi, "John", "en");
    ASSERT_TRUE(asked.ok());
    EXPECT_EQ(asked->outcome, Outcome::ambiguous);
    EXPECT_FALSE(asked->interest);
    EXPECT_EQ(asked->candidates.size(), 2U);
    EXPECT_THAT(mine(kAbi), IsEmpty());
    ASSERT_TRUE(service_.add(kAbi, "John", "en", named("lennon")).ok());
    const auto again = service_.add(kAbi, "john", "en");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->outcome, Outcome::resolved);
    EXPECT_THAT(mine(kAbi), ElementsAre("john = John Lennon"));
    // Beside what she cares about there is nothing to ask.
    ASSERT_TRUE(service_.follow(kTeen, named("rock"), How::picked).ok());
    EXPECT_EQ(service_.add(kTeen, "John", "en")->outcome, Outcome::resolved);
}

TEST_P(TopicsSite, KeepsWordsNothingAnswersToUntilSomethingDoes) {
    import(kSmall);
    ASSERT_TRUE(service_.add(kAbi, "Fermenting kombucha", "en").ok());
    EXPECT_THAT(mine(kAbi), ElementsAre("Fermenting kombucha = ?"));
    service_.catch_up(10);
    import(R"(t:ferment skos:prefLabel "Fermenting"@en ; skos:altLabel "fermenting kombucha"@en .)");
    service_.catch_up(10);
    EXPECT_THAT(mine(kAbi), ElementsAre("Fermenting kombucha = Fermenting"));
}

TEST_P(TopicsSite, ShowsInterestsToNobodyButBySayingSo) {
    import(kSmall);
    ASSERT_TRUE(service_.add(kAbi, "punk", "en").ok());
    ASSERT_TRUE(service_.add(kAbi, "zines", "en").ok());
    const auto shown = [&](const Actor& actor) {
        return database_->read(
            [&](sql::Reader& reader) { return service_.shown_to(reader, actor, *kAbi.person, "en").size(); });
    };
    EXPECT_EQ(shown(kAbi), 2U);
    EXPECT_EQ(shown(kTeen), 0U);
    const auto id =
        database_->read([&](sql::Reader& reader) { return service_.mine(reader, kAbi, "en")[0].id; });
    EXPECT_FALSE(service_.show(kTeen, id, Shown::signed_in).ok());
    ASSERT_TRUE(service_.show(kAbi, id, Shown::signed_in).ok());
    EXPECT_EQ(shown(kTeen), 1U);
    EXPECT_EQ(shown(kVisitor), 0U);
    EXPECT_FALSE(service_.remove(kTeen, id).ok());
    ASSERT_TRUE(service_.remove(kAbi, id).ok());
    EXPECT_EQ(shown(kTeen), 0U);
    EXPECT_FALSE(service_.add(kVisitor, "punk", "en").ok());
    EXPECT_FALSE(service_.add(kAbi, "  ", "en").ok());
    EXPECT_FALSE(service_.add(kAbi, std::string(200, 'x'), "en").ok());
}

TEST_P(TopicsSite, HubsShowWhatEachMaySeeAndRollUp) {
    import(kSmall);
    const auto open = write("Punk, something else");
    const auto members = write("rock & roll", Visibility::signed_in);
    const auto older = write("punks", Visibility::everyone, Rating::teen);
    const auto private_one = write("punk", Visibility::me);
    told();
    EXPECT_THAT(hub(kVisitor, named("punk")), ElementsAre(open));
    EXPECT_THAT(hub(kChild, named("music")), ElementsAre(open, members));
    EXPECT_THAT(hub(kTeen, named("music")), ElementsAre(open, members, older));
    EXPECT_THAT(hub(kAdult, named("zines")), IsEmpty());
    EXPECT_EQ(database_->read([&](sql::Reader& reader) {
        return store::count_hub(reader, kVisitor, named("music"), 100);
    }),
              1);
    // At once, whatever the rows here still say.
    ASSERT_TRUE(writing_.edit_work(kOkafor, open, form("A work", Visibility::me)).ok());
    ASSERT_TRUE(writing_.delete_work(kOkafor, members).ok());
    EXPECT_THAT(hub(kTeen, named("music")), ElementsAre(older));
    (void)private_one;
}

TEST_P(TopicsSite, HubsShowNothingOfWhomOneIsApartFrom) {
    import(kSmall);
    const auto work = write("punk");
    told();
    blocks::Service blocks(*database_, clock_);
    const auto counted = [&](const Actor& actor) {
        return database_->read(
            [&](sql::Reader& reader) { return store::count_hub(reader, actor, named("music"), 100); });
    };
    ASSERT_TRUE(blocks.keep_apart(kTeen, *kOkafor.person, blocks::Kind::mute).ok());
    EXPECT_THAT(hub(kTeen, named("punk")), IsEmpty());
    EXPECT_THAT(hub(kTeen, named("music")), IsEmpty());
    EXPECT_EQ(counted(kTeen), 0);
    EXPECT_THAT(hub(kAdult, named("music")), ElementsAre(work));
    ASSERT_TRUE(blocks.take_back(kTeen, *kOkafor.person).ok());
    EXPECT_THAT(hub(kTeen, named("music")), ElementsAre(work));
    EXPECT_EQ(counted(kTeen), 1);
}

TEST_P(TopicsSite, SortsWorksAnewWhenTheVocabularyChanges) {
    const auto work = write("hardcore");
    told();
    import(kSmall);
    service_.catch_up(10);
    EXPECT_THAT(hub(kVisitor, named("punk")), IsEmpty());
    const auto open = [&] {
        return database_->read([](sql::Reader& reader) { return store::open_tags(reader, kOkafor, 10); });
    };
    ASSERT_EQ(open().size(), 1U);
    EXPECT_EQ(open()[0].tag, "hardcore");
    ASSERT_TRUE(
        writing_.edit_work(kOkafor, work, form("A work", Visibility::me, Rating::everyone, "hardcore")).ok());
    EXPECT_TRUE(open().empty()) << "tags of what the wrangler may not see, in the same second";
    ASSERT_TRUE(
        writing_.edit_work(kOkafor, work, form("A work", Visibility::everyone, Rating::everyone, "hardcore"))
            .ok());
    import(R"(t:punk skos:prefLabel "Punk"@en ; skos:altLabel "hardcore"@en ; skos:broader t:rock .)");
    EXPECT_EQ(service_.catch_up(10), 1);
    EXPECT_EQ(service_.catch_up(10), 0);
    EXPECT_THAT(hub(kVisitor, named("music")), ElementsAre(work));
}

TEST_P(TopicsSite, TellsWhatATagMeansByTheOthersOfTheWork) {
    import(kSmall);
    const auto work = write("John, rock");
    told();
    EXPECT_THAT(hub(kVisitor, named("lennon")), ElementsAre(work));
    EXPECT_THAT(hub(kVisitor, named("zines")), IsEmpty());
}

TEST_P(TopicsSite, WritesWhatItReads) {
    import(kSmall);
    const auto exported_now =
        database_->read([](sql::Reader& reader) { return exported(reader, "https://braid.example"); });
    const std::string turtle = to_turtle(exported_now);
    const auto read = read_turtle(turtle);
    ASSERT_TRUE(read.ok()) << read.error().detail << "\n" << turtle;
    ASSERT_EQ(read->topics.size(), 5U);
    EXPECT_THAT(turtle, HasSubstr("https://braid.example/topics/" + named("punk").text()));
    EXPECT_THAT(turtle, HasSubstr("\"All \\\"sounds\\\".\"@en"));
    EXPECT_THAT(to_json_ld(exported_now),
                HasSubstr("\"hiddenLabel\":[{\"@value\":\"pnuk\",\"@language\":\"en\"}]"));
}

Actor moderator() {
    Actor actor = kAdult;
    actor.roles = 1U << static_cast<unsigned>(access::Role::moderator);
    return actor;
}

TEST_P(TopicsSite, ModeratorsLinkTagsAndTakeItBack) {
    import(kSmall);
    const auto work = write("hardcore");
    told();
    const auto last = [&] {
        return database_->read([](sql::Reader& reader) { return store::changes(reader, 1).at(0).id; });
    };
    EXPECT_FALSE(wrangling_.link(kAdult, "hardcore", std::vector{named("punk")}).ok());
    ASSERT_TRUE(wrangling_.link(moderator(), "hardcore", std::vector{named("punk")}).ok());
    EXPECT_THAT(hub(kVisitor, named("music")), ElementsAre(work));
    EXPECT_EQ(vocabularies_.current()->resolve("Hardcore", "en").topic, named("punk"));
    const auto first = last();
    ASSERT_TRUE(wrangling_.set_aside(moderator(), "hardcore").ok());
    EXPECT_THAT(hub(kVisitor, named("music")), IsEmpty());
    // What was said before comes back.
    ASSERT_TRUE(wrangling_.undo(moderator(), last()).ok());
    EXPECT_THAT(hub(kVisitor, named("music")), ElementsAre(work));
    ASSERT_TRUE(wrangling_.undo(moderator(), first).ok());
    EXPECT_THAT(hub(kVisitor, named("music")), IsEmpty());
    EXPECT_EQ(vocabularies_.current()->resolve("Hardcore", "en").outcome, Outcome::unknown);
    EXPECT_FALSE(wrangling_.undo(moderator(), first).ok());
    EXPECT_FALSE(wrangling_.undo(moderator(), 1).ok());
}

TEST_P(TopicsSite, ModeratorsMergeAndMoveAndImportsLeaveItSo) {
    import(kSmall);
    ASSERT_TRUE(service_.add(kAbi, "zines", "en").ok());
    EXPECT_FALSE(wrangling_.put_below(moderator(), named("music"), named("punk")).ok());
    ASSERT_TRUE(wrangling_.put_below(moderator(), named("punk"), named("music")).ok());
    import(kSmall);
    EXPECT_THAT(vocabularies_.current()->broader(named("punk")), ElementsAre(named("music")));
    const auto zines = named("zines"), punk = named("punk");
    EXPECT_FALSE(wrangling_.merge(moderator(), punk, punk).ok());
    ASSERT_TRUE(wrangling_.merge(moderator(), zines, punk).ok());
    import(kSmall);
    EXPECT_EQ(vocabularies_.current()->current(zines), punk);
    EXPECT_THAT(mine(kAbi), ElementsAre("zines = Punk"));
    const auto changes = database_->read([](sql::Reader& reader) { return store::changes(reader, 10); });
    ASSERT_EQ(changes.size(), 2U);
    for (const auto& change : changes)
        ASSERT_TRUE(wrangling_.undo(moderator(), change.id).ok());
    EXPECT_THAT(mine(kAbi), ElementsAre("zines = Zines"));
    EXPECT_THAT(vocabularies_.current()->broader(punk), ElementsAre(named("rock")));
}

TEST_P(TopicsSite, ATagMayBelongToSeveralTopics) {
    import(kSmall);
    const auto work = write("punk zine");
    told();
    const auto both = std::vector{named("punk"), named("zines")};
    ASSERT_TRUE(wrangling_.link(moderator(), "punk zine", both).ok());
    EXPECT_THAT(hub(kVisitor, named("punk")), ElementsAre(work));
    EXPECT_THAT(hub(kVisitor, named("zines")), ElementsAre(work));
    const auto asked = service_.add(kAbi, "Punk Zine", "en");
    ASSERT_TRUE(asked.ok());
    EXPECT_EQ(asked->outcome, Outcome::ambiguous) << "who types it is asked which";
    EXPECT_NE(asked->candidates.at(0).reason, Reason::part);
    const auto first =
        database_->read([](sql::Reader& reader) { return store::changes(reader, 1).at(0).id; });
    ASSERT_TRUE(wrangling_.link(moderator(), "punk zine", std::vector{named("zines")}).ok());
    EXPECT_THAT(hub(kVisitor, named("punk")), IsEmpty());
    const auto second =
        database_->read([](sql::Reader& reader) { return store::changes(reader, 1).at(0).id; });
    ASSERT_TRUE(wrangling_.undo(moderator(), second).ok());
    EXPECT_THAT(hub(kVisitor, named("punk")), ElementsAre(work));
    ASSERT_TRUE(wrangling_.undo(moderator(), first).ok());
    EXPECT_THAT(hub(kVisitor, named("zines")), IsEmpty());
    EXPECT_EQ(vocabularies_.current()->resolve("Punk Zine", "en").candidates.at(0).reason, Reason::part);
    EXPECT_FALSE(wrangling_.link(moderator(), "punk zine", std::vector<TopicId>{}).ok());
    EXPECT_FALSE(wrangling_.link(moderator(), "punk zine", std::vector{TopicId{1}}).ok());
}

TEST_P(TopicsSite, ModeratorsSplitATopicAndTakeItBack) {
    import(R"(t:music a skos:Concept ; skos:prefLabel "Music"@en .
t:john skos:prefLabel "John"@en ; skos:altLabel "Johnny"@en, "Lennon"@en ; skos:broader t:music .)");
    const auto john = named("john");
    EXPECT_FALSE(wrangling_.split(kAdult, john, "John Lennon", "en", {}).ok());
    EXPECT_FALSE(wrangling_.split(moderator(), john, "  ", "en", {}).ok());
    const auto work = write("Lennon");
    told();
    const std::vector<std::string> along{"Lennon", "John"};
    const auto fresh = wrangling_.split(moderator(), john, "John Lennon", "en", along);
    ASSERT_TRUE(fresh.ok());
    service_.catch_up(10);
    const auto now = vocabularies_.current();
    EXPECT_EQ(now->label(*fresh, "en"), "John Lennon");
    EXPECT_EQ(now->resolve("lennon", "en").topic, *fresh);
    EXPECT_EQ(now->resolve("john", "en").topic, john) << "its preferred name stays";
    EXPECT_THAT(now->broader(*fresh), ElementsAre(named("music")));
    EXPECT_THAT(now->related(*fresh), ElementsAre(john));
    EXPECT_THAT(hub(kVisitor, *fresh), ElementsAre(work));
    EXPECT_THAT(hub(kVisitor, john), IsEmpty());
    ASSERT_TRUE(service_.follow(kAbi, *fresh, How::followed).ok());
    const auto change =
        database_->read([](sql::Reader& reader) { return store::changes(reader, 1).at(0).id; });
    ASSERT_TRUE(wrangling_.undo(moderator(), change).ok());
    service_.catch_up(10);
    EXPECT_EQ(vocabularies_.current()->resolve("lennon", "en").topic, john);
    EXPECT_THAT(hub(kVisitor, john), ElementsAre(work));
    EXPECT_THAT(mine(kAbi), ElementsAre("John Lennon = John")) << "nobody loses an interest";
}

TEST_P(TopicsSite, ImportsLeaveNamesWhereASplitPutThem) {
    constexpr std::string_view kFile = R"(t:john skos:prefLabel "John"@en ; skos:altLabel "Johnny"@en,
"Lennon"@en ; skos:hiddenLabel "Jonh"@en .)";
    import(kFile);
    const auto john = named("john");
    ASSERT_TRUE(service_.add(kAbi, "Lennon", "en").ok());
    const std::vector<std::string> along{"Lennon", "Jonh"};
    const auto fresh = wrangling_.split(moderator(), john, "John Lennon", "en", along);
    ASSERT_TRUE(fresh.ok());
    const auto labels = [&](TopicId topic) {
        std::vector<std::string> list;
        database_->read([&](sql::Reader& reader) {
            for (const LabelRow& row : store::labels(reader))
                if (row.topic == topic) list.push_back(row.label);
        });
        std::ranges::sort(list);
        return list;
    };
    for (int time = 0; time < 2; ++time) {
        const ImportReport report = import(kFile);
        EXPECT_EQ(report.unchanged, 1);
        EXPECT_EQ(report.updated, 0);
        EXPECT_THAT(report.conflicts, Contains(HasSubstr("“Lennon” to a topic of its own")));
        EXPECT_THAT(labels(john), ElementsAre("John", "Johnny"));
        EXPECT_THAT(labels(*fresh), ElementsAre("John Lennon", "Jonh", "Lennon"));
        EXPECT_EQ(vocabularies_.current()->resolve("lennon", "en").topic, *fresh);
    }
    EXPECT_THAT(mine(kAbi), ElementsAre("Lennon = John")) << "it stays what she was told it is";
    // Undone, the file has its names again.
    const auto change =
        database_->read([](sql::Reader& reader) { return store::changes(reader, 1).at(0).id; });
    ASSERT_TRUE(wrangling_.undo(moderator(), change).ok());
    EXPECT_THAT(import(kFile).conflicts, IsEmpty());
    EXPECT_THAT(labels(john), ElementsAre("John", "Johnny", "Jonh", "Lennon"));
}

TEST_P(TopicsSite, WhatSheReadsAndSavesMakesAnInterestGrowUntilSheTakesItBack) {
    import(kSmall);
    const auto first = write("punk"), second = write("punk");
    told();
    ASSERT_TRUE(service_.follow(kTeen, named("music"), How::followed).ok());
    const auto interest = [&] {
        told();
        return database_->read([&](sql::Reader& reader) { return service_.mine(reader, kTeen, "en"); })[0];
    };
    const std::string person = kTeen.person->text();
    const auto say = [&](const auto& event) {
        ASSERT_TRUE(database_
                        ->write([&](sql::Tx& tx) -> Result<void> {
                            outbox_.append(tx, event);
                            return success();
                        })
                        .ok());
    };
    say(feedback::BookmarkAdded{first.text(), person});
    EXPECT_EQ(interest().acts, 1);
    say(reading::ChapterFinished{first.text(), "1", person});
    say(reading::ChapterFinished{first.text(), "2", person});
    EXPECT_EQ(interest().acts, 2) << "however many chapters";
    say(reading::WorkFinished{first.text(), person});
    say(reading::WorkFinished{first.text(), person});
    EXPECT_EQ(interest().acts, 3);
    EXPECT_EQ(interest().strength, 2);
    say(feedback::KudosGiven{second.text(), person, kOkafor.person->text()});
    EXPECT_EQ(interest().acts, 4);
    say(feedback::KudosWithdrawn{second.text(), person});
    say(feedback::BookmarkRemoved{first.text(), person});
    EXPECT_EQ(interest().acts, 2);
    EXPECT_EQ(interest().strength, 1);
}

TEST_P(TopicsSite, AnInterestGrowsWithWhatSheDoesUnlessSheSaysOtherwise) {
    import(kSmall);
    ASSERT_TRUE(service_.follow(kAbi, named("music"), How::followed).ok());
    const auto strength = [&] {
        return database_->read([&](sql::Reader& reader) { return service_.mine(reader, kAbi, "en").at(0); });
    };
    EXPECT_EQ(strength().strength, 1);
    for (int i = 0; i < 3; ++i) {
        const auto work = write("punk");
        const auto liked = database_->write([&](sql::Tx& tx) -> Result<void> {
            outbox_.append(tx,
                           feedback::KudosGiven{work.text(), kAbi.person->text(), kOkafor.person->text()});
            return success();
        });
        ASSERT_TRUE(liked.ok());
    }
    told();
    EXPECT_EQ(strength().acts, 3) << "a narrower topic counts for the broader one";
    EXPECT_EQ(strength().strength, 2);
    ASSERT_TRUE(service_.set_strength(kAbi, strength().id, 1).ok());
    EXPECT_EQ(strength().strength, 1) << "what she says goes before what she does";
    EXPECT_FALSE(service_.set_strength(kTeen, strength().id, 3).ok());
    EXPECT_FALSE(service_.set_strength(kAbi, strength().id, 4).ok());
    ASSERT_TRUE(service_.set_strength(kAbi, strength().id, 0).ok());
    EXPECT_EQ(strength().strength, 2);
    // A work that is gone counts no more.
    ASSERT_TRUE(writing_.delete_work(kOkafor, hub(kAdult, named("punk")).front()).ok());
    told();
    EXPECT_EQ(strength().strength, 1);
    EXPECT_EQ(grown_strength(8), 3);
}

TEST_P(TopicsSite, NewsAreOfHerTopicsAndOfWhatSheMaySee) {
    import(kSmall);
    ASSERT_TRUE(service_.follow(kTeen, named("music"), How::followed).ok());
    const auto open = write("punk");
    clock_.advance(std::chrono::seconds(1));
    const auto older = write("rock & roll", Visibility::everyone, Rating::teen);
    write("punk", Visibility::everyone, Rating::mature);
    write("zines");
    const auto hidden = write("punk");
    told();
    ASSERT_TRUE(writing_.edit_work(kOkafor, hidden, form("A work", Visibility::me)).ok());
    const auto news = [&](const Actor& actor) {
        std::vector<works::WorkId> list;
        for (const NewInTopic& one :
             database_->read([&](sql::Reader& reader) { return service_.news(reader, actor, "en", 10); }))
            list.push_back(works::WorkId{one.work});
        return list;
    };
    EXPECT_THAT(news(kTeen), ElementsAre(older, open));
    EXPECT_THAT(news(kAdult), IsEmpty());
    EXPECT_THAT(news(kVisitor), IsEmpty());
    ASSERT_TRUE(service_.follow(kOkafor, named("music"), How::followed).ok());
    EXPECT_THAT(news(kOkafor), IsEmpty()) << "her own are no news to her";
}

TEST_P(TopicsSite, AHubShowsPeopleOfTheSameSideOfEighteen) {
    import(kSmall);
    const auto join = [&](std::string handle, int born, bool listed, Shown shown) {
        const auto id =
            accounts_.accounts().create_person(accounts::operator_actor(), {.handle = handle,
                                                                            .display_name = handle,
                                                                            .birth_year = born,
                                                                            .birth_month = 6,
                                                                            .listed = listed});
        EXPECT_TRUE(id.ok());
        Actor actor;
        actor.person = *id;
        actor.band = born > 2008 ? access::AgeBand::teen : access::AgeBand::adult;
        EXPECT_TRUE(service_.follow(actor, named("punk"), How::followed).ok());
        const auto interest =
            database_->read([&](sql::Reader& reader) { return service_.mine(reader, actor, "en").at(0).id; });
        EXPECT_TRUE(service_.show(actor, interest, shown).ok());
        return actor;
    };
    const Actor abi = join("abi", 2010, true, Shown::signed_in);
    const Actor wren = join("wren", 2011, true, Shown::signed_in);
    join("not-listed", 2010, false, Shown::signed_in);
    join("not-shown", 2010, true, Shown::me);
    const Actor noor = join("noor", 1980, true, Shown::signed_in);
    const Actor theo = join("theo", 1985, true, Shown::signed_in);
    const auto people = [&](const Actor& actor, TopicId topic) {
        std::vector<std::string> handles;
        for (const auto& one : database_->read([&](sql::Reader& reader) {
                 const auto topics = vocabularies_.current()->with_narrower(topic, 50);
                 return store::people(reader, actor, clock_.now(), topics, 10);
             }))
            handles.push_back(one.handle);
        return handles;
    };
    EXPECT_THAT(people(abi, named("punk")), ElementsAre("wren"));
    EXPECT_THAT(people(abi, named("music")), ElementsAre("wren")) << "rolled up";
    EXPECT_THAT(people(noor, named("punk")), ElementsAre("theo"));
    EXPECT_THAT(people(kVisitor, named("punk")), IsEmpty());
    blocks::Service blocks(*database_, clock_);
    ASSERT_TRUE(blocks.keep_apart(abi, *wren.person, blocks::Kind::mute).ok());
    EXPECT_THAT(people(abi, named("punk")), IsEmpty()) << "whom she mutes";
    ASSERT_TRUE(blocks.take_back(abi, *wren.person).ok());
    ASSERT_TRUE(accounts_.accounts().edit_profile(wren, {.listed = false}).ok());
    EXPECT_THAT(people(abi, named("punk")), IsEmpty()) << "at once";
    ASSERT_TRUE(wrangling_.merge(moderator(), named("punk"), named("zines")).ok());
    EXPECT_THAT(people(theo, named("zines")), ElementsAre("noor")) << "through a merge";
}

TEST_P(TopicsSite, TagsLeadToTheTopicTheyMean) {
    import(kSmall);
    const auto hub_of = [&](std::string label) {
        return database_->read([&](sql::Reader& reader) {
            // Whatever stands beside it, and more than are asked for at once.
            std::vector<works::Tag> tags(9, {"nothing", "nothing"});
            tags.push_back({works::tag_key(label), label});
            return service_.hubs_of(reader, tags, "en").back();
        });
    };
    EXPECT_EQ(hub_of("Punks"), "/topics/" + named("punk").text());
    EXPECT_EQ(hub_of("John"), "") << "means two things";
    EXPECT_EQ(hub_of("whatever"), "");
    ASSERT_TRUE(wrangling_.link(moderator(), "whatever", std::vector{named("punk")}).ok());
    EXPECT_EQ(hub_of("whatever"), "/topics/" + named("punk").text());
    ASSERT_TRUE(wrangling_.set_aside(moderator(), "punks").ok());
    EXPECT_EQ(hub_of("Punks"), "");
}

TEST(Turtle, SaysWhatIsWrongAndWhere) {
    const auto wrong = [](std::string_view text) {
        const auto read = read_turtle(text);
        return read.ok() ? std::string("read") : read.error().detail;
    };
    EXPECT_THAT(wrong("\n\nx:a x:b x:c ."), HasSubstr("line 3: the prefix `x:` is not declared"));
    EXPECT_THAT(wrong("<a:b> <c:d> \"never"), HasSubstr("does not end"));
    EXPECT_THAT(wrong("<a:b> <c:d> <e:f>"), HasSubstr("line 1"));
    EXPECT_THAT(wrong("<a:b> <c:d> (1 2) ."), HasSubstr("not read"));
    EXPECT_THAT(wrong("@prefix"), HasSubstr("line"));
    EXPECT_THAT(wrong(std::string(500, '[')), HasSubstr("line"));
    EXPECT_EQ(wrong("<a:b> <c:d> [ <e:f> 12.5 ; <g:h> true ] , _:x .\n# the end"), "read");
}

TEST(Formats, LeavesOutWhatIsForAdultsWithAllBelow) {
    const auto read = read_vocabulary(
        "taxonomy.tsv",
        "id\tparent\tname\ttier1\n1\t\tFood & Drink\tx\n2\t1\tAlcoholic Beverages\tx\n"
        "3\t2\tMeads\tx\n4\t1\tNon-Alcoholic Beverages\tx\n5\t9\tUnder\tx\n9\t\tSensitive Topics\tx\n");
    ASSERT_TRUE(read.ok());
    std::vector<std::string> names;
    for (const auto& topic : read->topics)
        names.push_back(topic.labels[0].text);
    EXPECT_THAT(names, ElementsAre("Food & Drink", "Non-Alcoholic Beverages"));
    EXPECT_EQ(read->left_out.size(), 4U);
}

TEST(Formats, ReadsEveryVocabularyAtHand) {
    const char* elsewhere = std::getenv("BRAID_SHARED_DATA");
    const auto folder =
        std::filesystem::path(elsewhere != nullptr ? elsewhere : BRAID_SOURCE_DIR "/../shared/data") /
        "vocab";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "no vocabularies at " << folder
                     << " (BRAID_SHARED_DATA names the folder of shared data)";
    const auto count = [&](const char* name) {
        const auto read = read_vocabulary(std::filesystem::path(name).filename().string(),
                                          testing::file_text(folder / name));
        EXPECT_TRUE(read.ok()) << name;
        return read.ok() ? read->topics.size() : 0;
    };
    EXPECT_EQ(count("unesco/concepts.tsv"), 4414U);
    EXPECT_EQ(count("unesco/groups.tsv"), 95U);
    EXPECT_GT(count("iab/content_taxonomy_3_1.tsv"), 600U);
    EXPECT_EQ(count("corpora/music_genres.json"), 369U);
    EXPECT_GT(count("corpora/sports_sports.json"), 900U);
    EXPECT_GT(count("corpora/technology_programming_languages.json"), 690U);
}

}  // namespace
}  // namespace braid::topics
