// What is found by whom, on both engines, with works written as authors write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "identity/blocks/service.h"
#include "interests/search/site_test.h"
#include "interests/search/terms.h"

namespace braid::search {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

BRAID_ON_BOTH_ENGINES(SearchSite);

TEST_P(SearchSite, FindsInflectedWordsInBothLanguages) {
    write(titled("Keepers"), "The lighthouses were burning.");
    auto spanish = titled("El faro");
    spanish.language = "es";
    write(spanish, "Los niños cantaban canciones.");
    told();
    EXPECT_THAT(titles(kVisitor, "lighthouse burned"), ElementsAre("Keepers"));
    EXPECT_THAT(titles(kVisitor, "cancion niño"), ElementsAre("El faro"));
    EXPECT_THAT(titles(kVisitor, "NIÑOS", {.filters = {.language = "en"}}), IsEmpty());
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
    EXPECT_EQ(count(search(kVisitor, "marmalade"), "chapter"), 1);
    EXPECT_EQ(count(search(kTeen, "marmalade"), "chapter"), 3);
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
    EXPECT_EQ(count(search(kTeen, "cinnamon"), "chapter"), 0);
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
    EXPECT_EQ(count(search(kAdult, "obsidian"), "chapter"), 0);
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
        std::vector<std::string> words;
        for (std::string& word : database_->read([&](sql::Reader& reader) { return store::words(reader); }))
            if (word.starts_with(initial)) words.push_back(std::move(word));
        return words;
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

TEST_P(SearchSite, FindsTheSameInHoweverManyParts) {
    const auto [gone, chapter] = write(titled("Gone"), "A pewter spoon.");
    for (int i = 0; i < 12; ++i) {
        write(titled("Work " + std::to_string(i)), "A pewter bird.");
        told();
    }
    ASSERT_TRUE(writing_.delete_work(kOkafor, gone).ok());
    told();
    const auto before = titles(kVisitor, "pewter");
    ASSERT_EQ(before.size(), 12U);
    const auto join = [&](sql::FulltextParts parts) {
        bool more = false;
        const auto done = database_->write([&](sql::Tx& tx) -> Result<void> {
            more = store::join_parts(tx, 100, parts);
            return success();
        });
        EXPECT_TRUE(done.ok());
        return more;
    };
    EXPECT_EQ(join(sql::FulltextParts::alike), database_->engine() == sql::Engine::sqlite);
    EXPECT_EQ(titles(kVisitor, "pewter"), before);
    indexer_.join_parts(sql::FulltextParts::all);
    EXPECT_EQ(titles(kVisitor, "pewter"), before);
    EXPECT_FALSE(join(sql::FulltextParts::alike)) << "nothing is left to join";
}

// The same texts in the same order on both engines: what decides is told here.
TEST_P(SearchSite, RanksAlikeOnBothEngines) {
    write(titled("Twice in a long one"),
          "A walnut, a walnut and many other things that are told at length here.");
    write(titled("Walnut"), "Nothing else.");
    write(titled("Thrice"), "Walnut, walnut, walnut.");
    write(titled("Once"), "One walnut.");
    write(titled("Both"), "Walnut walnut and elder elder.");
    told();
    EXPECT_THAT(titles(kVisitor, "walnut", {.kind = "chapter"}),
                ElementsAre("Thrice", "Both", "Twice in a long one", "Once"));
    EXPECT_EQ(titles(kVisitor, "walnut").front(), "Walnut");
    EXPECT_THAT(titles(kVisitor, "walnut elder"), ElementsAre("Both"));
}

TEST_P(SearchSite, AKnownWordStandsWhenAnotherIsMisspelt) {
    write(titled("One"), "The marble stood by a garble of lamps.");
    write(titled("Two"), "The garble, lanterns and a garble.");
    write(titled("Three"), "Lanterns of garble.");
    told();
    EXPECT_EQ(search(kVisitor, "marble lampz").shown_for, "marble lamps");
    EXPECT_EQ(search(kVisitor, "marble lanternz").shown_for, "garble lanterns")
        << "when nothing else is there";
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

TEST_P(SearchSite, FiltersByWhatTheWorkIsLike) {
    auto ghosts = titled("Ghosts");
    ghosts.tags = "ghost stories, Lamps";
    ghosts.status = "complete";
    write(ghosts, "A velvet night.");
    auto lamps = titled("Lamps", Visibility::everyone, Rating::teen);
    lamps.tags = "lamps";
    write(lamps, "A velvet lamp.");
    auto spanish = titled("Noche");
    spanish.language = "es";
    spanish.tags = "";
    write(spanish, "La noche velvet.");
    told();
    using ::testing::UnorderedElementsAre;
    EXPECT_THAT(titles(kTeen, "velvet"), UnorderedElementsAre("Ghosts", "Lamps", "Noche"));
    EXPECT_THAT(titles(kTeen, "velvet tag:lamps"), UnorderedElementsAre("Ghosts", "Lamps"));
    EXPECT_THAT(titles(kTeen, "tag:\"Ghost Stories\" velvet"), ElementsAre("Ghosts"));
    EXPECT_THAT(titles(kTeen, "velvet etiqueta:lamps status:complete"), ElementsAre("Ghosts"));
    EXPECT_THAT(titles(kTeen, "velvet rating:teen"), ElementsAre("Lamps"));
    EXPECT_THAT(titles(kVisitor, "velvet rating:teen"), IsEmpty()) << "a filter opens nothing";
    EXPECT_THAT(titles(kTeen, "velvet idioma:es"), ElementsAre("Noche"));
    EXPECT_THAT(titles(kTeen, "velvet", {.filters = {.tags = {"lamps"}, .status = works::Status::ongoing}}),
                ElementsAre("Lamps"));
    // Without words: the newest works and chapters that are so.
    const Results lone = search(kTeen, "tag:lamps kind:work");
    EXPECT_TRUE(lone.asked);
    EXPECT_EQ(lone.found.size(), 2U);
    EXPECT_EQ(count(lone, "work"), 2);
    EXPECT_THAT(titles(kTeen, "velvet tag:nothing"), IsEmpty());
}

TEST_P(SearchSite, AFilterFollowsTheWorkAtOnce) {
    auto typed = titled("Changing");
    typed.tags = "lamps";
    const works::WorkId work = write(typed, "A velvet night.").first;
    told();
    ASSERT_THAT(titles(kTeen, "velvet tag:lamps"), ElementsAre("Changing"));
    typed.tags = "ghosts";
    typed.rating = "teen";
    ASSERT_TRUE(writing_.edit_work(kOkafor, work, typed).ok());
    EXPECT_THAT(titles(kTeen, "velvet tag:lamps"), IsEmpty()) << "before the index knows";
    EXPECT_THAT(titles(kTeen, "velvet rating:everyone"), IsEmpty());
    EXPECT_THAT(titles(kChild, "velvet"), IsEmpty());
    told();
    EXPECT_THAT(titles(kTeen, "velvet tag:ghosts rating:teen"), ElementsAre("Changing"));
}

TEST_P(SearchSite, FindsAnAuthorsWorksByHandle) {
    const auto noor = join("noor", "Noor", 1980);
    const auto kid = join("kid", "Kid", 2011);
    access::Actor author = kOkafor;
    author.person = noor;
    write(titled("By Noor"), "A velvet night.", author);
    author.person = kid;
    write(titled("By Kid"), "A velvet night.", author);
    told();
    EXPECT_THAT(titles(kVisitor, "velvet by:noor"), ElementsAre("By Noor"));
    EXPECT_THAT(titles(kTeen, "velvet by:kid"), ElementsAre("By Kid"));
    EXPECT_THAT(titles(kVisitor, "velvet by:kid"), IsEmpty()) << "her profile is not shown to visitors";
    EXPECT_THAT(titles(kVisitor, "velvet by:nobody"), IsEmpty());
}

TEST_P(SearchSite, WhatIsAboutAWordIsFoundHoweverOldItIs) {
    write(titled("The Cinnabar Book"), "Cinnabar, and cinnabar again, and once more cinnabar.");
    write(titled("Often"), "Cinnabar here, cinnabar there, all the cinnabar of the world.");
    for (int i = 0; i < store::kCandidates + 20; ++i)
        write(titled("Newer " + std::to_string(i)), "Many other words stand around cinnabar in this text.");
    told();
    const Results results = search(kVisitor, "cinnabar");
    ASSERT_GE(results.found.size(), 3U);
    EXPECT_EQ(results.found[0].work_title, "The Cinnabar Book");
    EXPECT_EQ(results.found[2].work_title, "Often");
    EXPECT_TRUE(results.of_kind[1].more);
    EXPECT_GE(results.of_kind[1].count, store::kCandidates);
}

TEST_P(SearchSite, OfTwoMeaningsItTakesTheOneThatFindsMore) {
    write(titled("One"), "The marble stood.");
    write(titled("Two"), "A garble of marbles; one more marble.");
    write(titled("Three"), "A marble hall.");
    told();
    EXPECT_EQ(search(kVisitor, "xarble").shown_for, "marble") << "also when the first letter is wrong";
    EXPECT_EQ(search(kVisitor, "marbel stod").shown_for, "marble stood");
    EXPECT_EQ(search(kVisitor, "marbel zzzzzz").shown_for, "");
}

TEST_P(SearchSite, OffersTitlesWhileTyping) {
    write(titled("The Amber Door"), "Words.");
    write(titled("Amber Secrets", Visibility::me), "Words.");
    write(titled("Amber Nights", Visibility::everyone, Rating::mature), "Words.");
    join("amber", "Amber", 1980);
    told();
    const auto offered = [&](const access::Actor& actor, std::string_view typed) {
        std::vector<std::string> titles;
        const auto suggested =
            database_->read([&](sql::Reader& reader) { return finder_.suggest(reader, actor, typed, "en"); });
        for (const Match& match : suggested.topics)
            titles.push_back(match.title);
        for (const Match& match : suggested.works)
            titles.push_back(match.title);
        return titles;
    };
    EXPECT_THAT(offered(kVisitor, "amb"), ElementsAre("The Amber Door"));
    EXPECT_THAT(offered(kAdult, "amber"), ElementsAre("Amber Nights", "The Amber Door"));
    EXPECT_THAT(offered(kVisitor, ""), IsEmpty());
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
