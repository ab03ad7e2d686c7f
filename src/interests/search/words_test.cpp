// What is typed, weighed, misspelt and shown: without a database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interests/search/passage.h"
#include "interests/search/query.h"
#include "interests/search/spelling.h"
#include "interests/search/weighing.h"

namespace braid::search {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Typed, FiltersAreTakenOutWhereverTheyStand) {
    const Understood all = understand(
        "lamp tag:ghosts \"salt road\" rating:Teen tag:\"Sea Stories\" estado:completa idioma:español "
        "by:@Abi "
        "tipo:obra oil*");
    EXPECT_EQ(all.words, "lamp \"salt road\" oil*");
    EXPECT_THAT(all.filters.tags, ElementsAre("ghosts", "sea stories"));
    EXPECT_EQ(all.filters.rating, access::Rating::teen);
    EXPECT_EQ(all.filters.status, works::Status::complete);
    EXPECT_EQ(all.filters.language, "es");
    EXPECT_EQ(all.filters.by, "abi");
    EXPECT_EQ(all.kind, "work");
}

TEST(Typed, WhatNamesNoFilterIsWords) {
    for (const std::string text : {"12:30", "rating:ten", "tag:", "status:\"\"", "nothing:here", ":", "a:b:c",
                                   "\"tag:ghosts\"", "http://x", "by:@"}) {
        const Understood plain = understand(text);
        EXPECT_EQ(plain.words, text);
        EXPECT_FALSE(plain.filters.any()) << text;
    }
    EXPECT_EQ(understand("tag:\"never closed").filters.tags.front(), "never closed");
    EXPECT_EQ(understand("tag:a tag:b tag:c tag:d").filters.tags.size(), kMostTags);
}

TEST(Weighing, GrowsWithTheWordAndShrinksWithTheText) {
    EXPECT_GT(weight(2, 1000), weight(1, 1000));
    EXPECT_GT(weight(2, 500), weight(2, 5000));
    EXPECT_LT(weight(1000, 1000), 2.2);
}

Weighed weighed(std::string_view title, std::string_view body, std::string_view labels = {}) {
    return weigh(tokens_of(title), tokens_of(body), tokens_of(labels), "en");
}

TEST(Weighing, MarksWhatATextIsAbout) {
    const Weighed made = weighed("The Road", "Lamps and lamps, a lamp. Once a kettle.", "ghosts");
    EXPECT_EQ(made.title_terms, "the road");
    EXPECT_THAT(made.body_terms, HasSubstr("kettl ghost"));
    EXPECT_THAT(made.weights, HasSubstr("lamp:3"));
    EXPECT_THAT(made.weights, Not(HasSubstr("kettl")));
    for (const std::string_view mark : {"zhroad", "zqroad", "zqlamp", "zqghost"})
        EXPECT_THAT(made.marks, HasSubstr(std::string(mark) + " "));
}

TEST(Weighing, RanksTitlesThenFrequency) {
    const auto groups = groups_of(parse("lamp"));
    const auto scored = [&](const Weighed& made) { return score(made.weights, made.length, groups); };
    const double title = scored(weighed("Lamp", "Nothing of it."));
    const double often = scored(weighed("Other", "Lamp lamp lamp here."));
    const double once = scored(weighed("Other", "One lamp here too."));
    EXPECT_GT(title, often);
    EXPECT_GT(often, once);
    const Weighed longer = weighed("Other", "lampoon lampoon lampoon");
    EXPECT_DOUBLE_EQ(scored(longer), scored(weighed("Other", "a b c"))) << "another word that begins so";
    EXPECT_GT(score(longer.weights, longer.length, groups_of(parse("lamp*"))), scored(longer));
}

TEST(Spelling, FindsTheNearestWords) {
    const Words words({"lighthouse", "marble", "garble", "marbles", "sea", "stone", "stove"});
    EXPECT_TRUE(words.knows("marble"));
    EXPECT_FALSE(words.knows("marbel"));
    EXPECT_THAT(words.near("lihgthouse", 4), ElementsAre("lighthouse"));
    EXPECT_THAT(words.near("ighthuose", 4), ElementsAre("lighthouse")) << "two mistakes in a long word";
    EXPECT_THAT(words.near("marbel", 4), ElementsAre("marble")) << "neighbours swapped";
    EXPECT_THAT(words.near("warble", 4), ElementsAre("garble", "marble"));
    EXPECT_THAT(words.near("stome", 4), ElementsAre("stone", "stove"));
    EXPECT_THAT(words.near("marble", 4), ElementsAre("marbles", "garble"))
        << "not the word itself; what begins otherwise comes after what is longer";
    EXPECT_THAT(words.near("sae", 4), IsEmpty()) << "short words are not guessed at";
}

// As of a chapter that is kept in pieces.
std::string shown(std::string_view body, std::string_view typed) {
    std::string terms, part, text;
    for (const Token& token : tokens_of(body))
        terms += (terms.empty() ? "" : " ") + term_of(token.word, "en");
    const auto groups = groups_of(parse(typed));
    const auto pieces = pieces_of(body);
    const std::size_t first = best_piece(sketch_of(terms), groups);
    const std::size_t end = std::min(first + kPiecesRead, pieces.size());
    for (std::size_t i = first; i < end; ++i)
        part += pieces[i];
    for (const Piece& piece : passage_of({part, "en", first == 0, end == pieces.size()}, groups))
        text += piece.hit ? "[" + piece.text + "]" : piece.text;
    return text;
}

TEST(Passage, ShowsTheStretchWithMostOfTheWords) {
    std::string filler;
    for (int i = 0; i < 60; ++i)
        filler += "word" + std::to_string(i) + " ";
    const std::string body =
        "A lamp stood alone. " + filler + "Then the lamps met a ghost; it hid. " + filler;
    EXPECT_THAT(shown(body, "ghost lamp"), HasSubstr("Then the [lamps] met a [ghost]; it hid."));
    EXPECT_THAT(shown(body, "lamp"), HasSubstr("A [lamp] stood alone."));
    EXPECT_THAT(shown(body, "\"met a\""), HasSubstr("lamps [met] [a] ghost"));
    EXPECT_THAT(shown(body, "gho*"), HasSubstr("a [ghost];"));
    EXPECT_EQ(shown("Short text.", "absent"), "Short text.");
    EXPECT_EQ(shown("", "absent"), "");
    EXPECT_EQ(shown("Über den Fluß — and back", "back"), "Über den Fluß — and [back]");
}

TEST(Passage, IsFoundAnywhereInALongText) {
    std::string filler;
    for (int i = 0; i < 500; ++i)
        filler += "word" + std::to_string(i % 90) + " ";
    const std::string body =
        "One lamp. " + filler + "He was dying. The lamps met a ghost. " + filler + "A ghost.";
    EXPECT_THAT(shown(body, "ghost lamp"), HasSubstr("The [lamps] met a [ghost]."));
    EXPECT_THAT(shown(body, "ghost lamp"), ::testing::StartsWith("… "));
    EXPECT_THAT(shown(body, "lamp"), ::testing::StartsWith("One [lamp]."));
    EXPECT_THAT(shown(body, "die"), HasSubstr("[dying]")) << "the stem has another second letter";
    EXPECT_THAT(shown(body, "\"lamp met\""), HasSubstr("[lamps] [met]"));
    EXPECT_THAT(shown(body, "absent"), ::testing::StartsWith("One lamp."));
}

TEST(Passage, PiecesAreTheText) {
    std::string body = "  «";
    for (int i = 0; i < 300; ++i)
        body += "wörd" + std::to_string(i) + ", ";
    std::string all;
    const auto pieces = pieces_of(body);
    for (const std::string_view piece : pieces)
        all += piece;
    EXPECT_EQ(all, body);
    EXPECT_EQ(pieces.size(), 5U);
    EXPECT_THAT(pieces_of(""), IsEmpty());
    EXPECT_EQ(pieces_of("—").size(), 1U);
}

TEST(Typed, BeginningsAreLookedForOnce) {
    EXPECT_EQ(groups_of(parse("stories*")).front().any_of.size(), 1U);
    EXPECT_EQ(groups_of(parse("stories")).front().any_of.size(), 2U) << "stori, stories";
}

TEST(Passage, WalksTheSameTokensAsTheIndex) {
    const std::string text = "3.14 naïve — ﬁne Ⅳ ½ x y '" + std::string(50, 'q') + "' 😀 שלום end";
    TokenWalk walk(text);
    for (const Token& token : tokens_of(text)) {
        const auto place = walk.next();
        ASSERT_TRUE(place);
        EXPECT_EQ(place->from, token.from);
        EXPECT_EQ(place->end, token.end);
    }
    EXPECT_FALSE(walk.next());
}

}  // namespace
}  // namespace braid::search
