// What is found by whom, on both engines, with works written as authors write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "identity/blocks/service.h"
#include "interests/search/module.h"
#include "interests/search/query.h"
#include "interests/search/terms.h"
#include "interests/works/events.h"
#include "interests/works/site_for_tests.h"

namespace braid::search {

std::span<const sql::Migration> migrations();

namespace {

using access::Rating;
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

class SearchSite : public braid::testing::OnBothEngines {
  protected:
    SearchSite() { follow_works(subscribers_, runner_, queue_, indexer_); }

    works::WorkForm titled(std::string title, Visibility visibility = Visibility::everyone,
                           Rating rating = Rating::everyone) {
        auto typed = form(std::move(title), visibility, rating);
        typed.summary = "Nothing more.";
        return typed;
    }
    std::pair<works::WorkId, works::ChapterId> write(works::WorkForm typed, std::string text,
                                                     const access::Actor& author = kOkafor) {
        const auto work = writing_.create_work(author, typed);
        EXPECT_TRUE(work.ok());
        const auto chapter = writing_.add_chapter(author, *work);
        EXPECT_TRUE(chapter.ok());
        publish(*work, *chapter, std::move(text), author);
        return {*work, *chapter};
    }
    void publish(works::WorkId work, works::ChapterId chapter, std::string text,
                 const access::Actor& author = kOkafor) {
        const auto version = database_->read(
            [&](sql::Reader& reader) { return works::store::chapter(reader, work, chapter)->version; });
        const auto done = writing_.publish_chapter(author, work, chapter,
                                                   works::ChapterDraft{"Opening", std::move(text), {}, {}},
                                                   version, "window");
        ASSERT_TRUE(done.ok()) << (done.ok() ? "" : done.error().detail);
    }
    void told() {
        while (runner_.run_pending() > 0) {
        }
    }
    Results search(const access::Actor& actor, std::string text, Query more = {}) {
        more.text = std::move(text);
        return database_->read(
            [&](sql::Reader& reader) { return braid::search::search(reader, actor, more); });
    }
    std::vector<std::string> titles(const access::Actor& actor, std::string text, Query more = {}) {
        std::vector<std::string> titles;
        for (const auto& one : search(actor, std::move(text), std::move(more)).found)
            titles.push_back(one.work_title);
        return titles;
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    braid::testing::TempFolder folder_;
    braid::testing::TestDatabase database_{
        GetParam(),
        {jobs::migrations(), blocks::migrations(), blobs::migrations(), works::migrations(), migrations()}};
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    braid::testing::NobodyGuards guard_;
    works::Writing writing_{*database_, clock_, ids_, outbox_, blobs_, guard_};
    works::StoredLibrary library_;
    Indexer indexer_{*database_, library_};
    events::Subscribers subscribers_;
    SystemRandom random_;
    jobs::Queue queue_{ids_, clock_};
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
};
BRAID_ON_BOTH_ENGINES(SearchSite);

TEST_P(SearchSite, FindsInflectedWordsInBothLanguages) {
    write(titled("Keepers"), "The lighthouses were burning.");
    auto spanish = titled("El faro");
    spanish.language = "es";
    write(spanish, "Los niños cantaban canciones.");
    told();
    EXPECT_THAT(titles(kVisitor, "lighthouse burned"), ElementsAre("Keepers"));
    EXPECT_THAT(titles(kVisitor, "cancion niño"), ElementsAre("El faro"));
    EXPECT_THAT(titles(kVisitor, "NIÑOS", {.language = "en"}), IsEmpty());
}

TEST_P(SearchSite, ShowsEachReaderWhatListsWould) {
    write(titled("Open"), "A marmalade sky.");
    write(titled("Members", Visibility::signed_in), "A marmalade sea.");
    write(titled("Mine", Visibility::me), "A marmalade secret.");
    write(titled("Older", Visibility::everyone, Rating::teen), "A marmalade storm.");
    write(titled("Grown", Visibility::everyone, Rating::mature), "A marmalade war.");
    told();
    using ::testing::UnorderedElementsAre;
    EXPECT_THAT(titles(kVisitor, "marmalade"), UnorderedElementsAre("Open"));
    EXPECT_THAT(titles(kChild, "marmalade"), UnorderedElementsAre("Open", "Members"));
    EXPECT_THAT(titles(kTeen, "marmalade"), UnorderedElementsAre("Open", "Members", "Older"));
    EXPECT_THAT(titles(kAdult, "marmalade"), UnorderedElementsAre("Open", "Members", "Older", "Grown"));
    EXPECT_THAT(titles(kOkafor, "secret"), IsEmpty());
    EXPECT_THAT(search(kVisitor, "marmalade").of_kind, ElementsAre(0, 1));
    EXPECT_THAT(search(kTeen, "marmalade").of_kind, ElementsAre(0, 3));
    // What only others may see is not offered as what she meant.
    EXPECT_EQ(search(kVisitor, "secrat").shown_for, "");
}

TEST_P(SearchSite, FindsNothingOfWhomOneIsApartFrom) {
    write(titled("Hers"), "A cinnamon harbour.");
    told();
    blocks::Service blocks(*database_, clock_);
    EXPECT_THAT(titles(kTeen, "cinnamon"), ElementsAre("Hers"));
    ASSERT_TRUE(blocks.keep_apart(kTeen, *kOkafor.person, blocks::Kind::mute).ok());
    EXPECT_THAT(titles(kTeen, "cinnamon"), IsEmpty());
    EXPECT_EQ(search(kTeen, "cinnamon").of_kind, (std::vector<int>{0, 0}));
    EXPECT_EQ(search(kTeen, "cinamon").shown_for, "");
    EXPECT_THAT(titles(kAdult, "cinnamon"), ElementsAre("Hers"));
    ASSERT_TRUE(blocks.take_back(kTeen, *kOkafor.person).ok());
    EXPECT_THAT(titles(kTeen, "cinnamon"), ElementsAre("Hers"));
}

TEST_P(SearchSite, ForgetsAtOnceWhateverTheIndexHolds) {
    const auto [edited, edited_chapter] = write(titled("Edited"), "An obsidian door.");
    const auto [taken, taken_chapter] = write(titled("Taken back"), "An obsidian floor.");
    const auto [deleted, deleted_chapter] = write(titled("Deleted"), "An obsidian roof.");
    const auto [hidden, hidden_chapter] = write(titled("Hidden"), "An obsidian wall.");
    told();
    ASSERT_EQ(titles(kAdult, "obsidian").size(), 4U);
    publish(edited, edited_chapter, "A wooden door.");
    ASSERT_TRUE(writing_.unpublish_chapter(kOkafor, taken, taken_chapter).ok());
    ASSERT_TRUE(writing_.delete_work(kOkafor, deleted).ok());
    auto narrow = titled("Hidden", Visibility::me);
    ASSERT_TRUE(writing_.edit_work(kOkafor, hidden, narrow).ok());
    EXPECT_THAT(titles(kAdult, "obsidian"), IsEmpty());
    EXPECT_EQ(search(kAdult, "obsidian").of_kind, (std::vector<int>{0, 0}));
    told();
    EXPECT_THAT(titles(kAdult, "obsidian"), IsEmpty());
    EXPECT_THAT(titles(kAdult, "wooden"), ElementsAre("Edited"));
}

TEST_P(SearchSite, FindsPhrasesAndBeginnings) {
    write(titled("One"), "The silver fox crossed the river.");
    write(titled("Two"), "The fox wore silver.");
    told();
    EXPECT_EQ(titles(kVisitor, "silver fox").size(), 2U);
    EXPECT_THAT(titles(kVisitor, "\"silver fox\""), ElementsAre("One"));
    EXPECT_THAT(titles(kVisitor, "\"fox cross"), ElementsAre("One"));
    EXPECT_THAT(titles(kVisitor, "riv*"), ElementsAre("One"));
    EXPECT_THAT(titles(kVisitor, "riv", {.exact = true}), IsEmpty());
}

TEST_P(SearchSite, TakesWhatAWordMayHaveMeantAndSaysSo) {
    write(titled("Keepers"), "The lighthouse was burning.");
    told();
    const Results results = search(kVisitor, "lihgthouse", {.kind = "chapter"});
    ASSERT_EQ(results.found.size(), 1U);
    EXPECT_EQ(results.shown_for, "lighthouse");
    EXPECT_THAT(search(kVisitor, "lihgthouse", {.exact = true}).found, IsEmpty());
}

TEST_P(SearchSite, ForgetsTheWordsOfATextThatIsGone) {
    const auto [work, chapter] = write(titled("Keepers"), "The quillwort by the lighthouse.");
    write(titled("Others"), "One more lighthouse.");
    told();
    const auto suggested = [&](std::string_view initial) {
        return database_->read(
            [&](sql::Reader& reader) { return store::words_like(reader, initial, 1, 40); });
    };
    ASSERT_THAT(suggested("q"), ElementsAre("quillwort"));
    publish(work, chapter, "Nothing but a lighthouse.");
    told();
    EXPECT_THAT(suggested("q"), IsEmpty()) << "revised";
    EXPECT_THAT(suggested("l"), ::testing::Contains("lighthouse"));
    ASSERT_TRUE(writing_.delete_work(kOkafor, work).ok());
    told();
    EXPECT_THAT(suggested("k"), IsEmpty()) << "deleted";
    EXPECT_THAT(suggested("l"), ::testing::Contains("lighthouse")) << "stands in another";
}

TEST_P(SearchSite, PutsTitlesFirstAndMarksTheWords) {
    write(titled("Orchard"), "Nothing of it here.");
    write(titled("Other"), "She went <b>out</b> to the orchards at dawn & came back.");
    told();
    const Results results = search(kVisitor, "orchard");
    ASSERT_EQ(results.found.size(), 2U);
    EXPECT_EQ(results.found[0].work_title, "Orchard");
    std::string all, marked;
    for (const auto& piece : results.found[1].passage) {
        all += piece.text;
        if (piece.hit) marked += piece.text;
    }
    EXPECT_EQ(marked, "orchards");
    EXPECT_THAT(all, HasSubstr("dawn & came back"));
}

TEST_P(SearchSite, StaysCalmWhateverIsAsked) {
    write(titled("Calm"), "A plain text.");
    told();
    std::string long_one;
    for (int i = 0; i < 2000; ++i)
        long_one += "word ";
    for (const std::string& hostile :
         {std::string("\""), std::string("\"\"\"\""), std::string("' OR 1=1 --"),
          std::string("a AND OR NOT b"), std::string("NEAR(a b)"), std::string("title_terms:plain"),
          std::string("*"), std::string("(((("), std::string("a & | ! <-> b:*"), std::string("\\ \\' %_"),
          std::string("😀 ♥ —"), std::string("שלום עולם مرحبا"), std::string("ﬁ Ⅳ ½ ß İ"),
          std::string("3.14e5 1e9 a-b -x"), long_one}) {
        EXPECT_NO_THROW(search(kVisitor, hostile)) << hostile;
        EXPECT_NO_THROW(search(kVisitor, "\"" + hostile + "\"")) << hostile;
        EXPECT_NO_THROW(search(kVisitor, hostile + "*")) << hostile;
    }
    EXPECT_FALSE(search(kVisitor, "😀").asked);
    EXPECT_THAT(titles(kVisitor, "plain' text--"), ElementsAre("Calm"));
}

TEST_P(SearchSite, IsTheSameAfterIndexingTwiceAndFromNothing) {
    const works::WorkId work = write(titled("Twice"), "A copper kettle.").first;
    told();
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(indexer_.index(work, Indexer::Extent::everything).ok());
    EXPECT_THAT(titles(kVisitor, "copper"), ElementsAre("Twice"));
    EXPECT_EQ(indexer_.catch_up(10), 0);
    std::int64_t told_of = 0;
    indexer_.rebuild([&](std::int64_t done, std::int64_t total) {
        EXPECT_LE(done, total);
        told_of = done;
        // Nothing is missing while it runs.
        EXPECT_THAT(titles(kVisitor, "copper"), ElementsAre("Twice"));
    });
    EXPECT_EQ(told_of, 1);
    // As before there was an index: nobody was told.
    write(titled("Late"), "A copper spoon.");
    EXPECT_THAT(titles(kVisitor, "spoon"), IsEmpty());
    EXPECT_EQ(indexer_.catch_up(10), 1);
    EXPECT_EQ(indexer_.catch_up(10), 0);
    EXPECT_THAT(titles(kVisitor, "spoon"), ElementsAre("Late"));
}

TEST_P(SearchSite, TurnsPagesWithoutGapOrRepeat) {
    for (int i = 0; i < 25; ++i)
        write(titled("Work " + std::to_string(i)), "A cobalt bird.");
    told();
    std::set<std::string> urls;
    Query query;
    int pages = 0;
    do {
        const Results results = search(kVisitor, "cobalt", query);
        for (const auto& one : results.found)
            EXPECT_TRUE(urls.insert(one.url).second);
        query.after = results.next;
        ++pages;
    } while (query.after != 0 && pages < 5);
    EXPECT_EQ(urls.size(), 25U);
    EXPECT_EQ(pages, 2);
}

TEST(Terms, AreStemmedInTheirLanguageAndWithoutAccents) {
    EXPECT_EQ(term_of("running", "en"), term_of("runs", "en"));
    EXPECT_EQ(term_of("canciones", "es"), term_of("canción", "es"));
    EXPECT_EQ(term_of("éclair", "fr"), "eclair");
    EXPECT_EQ(distance("lihgthouse", "lighthouse", 2), 1);
    EXPECT_EQ(distance("abcd", "wxyz", 2), 3);
    EXPECT_EQ(plain_of("<p>One &amp; two</p><p>three</p>"), "One & two three ");
}

}  // namespace
}  // namespace braid::search
