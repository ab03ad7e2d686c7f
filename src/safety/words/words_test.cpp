#include "safety/words/words.h"

#include <gtest/gtest.h>

#include <string>

namespace braid::words {
namespace {

std::string found(const WordList& list, const std::string& text) {
    std::string out;
    for (const Hit& hit : list.find(text))
        out += "[" + text.substr(hit.begin_byte, hit.end_byte - hit.begin_byte) + "]";
    return out;
}

TEST(Words, WholeWordsWhateverCaseAndAccents) {
    WordList list;
    list.add("# fruit, which nobody minds\nPlum\n\nmelón\n");
    EXPECT_EQ(list.size(), 2U);
    EXPECT_EQ(found(list, "A PLUM, a plúm, a plumber; two plums. Melon? MELÓN!"),
              "[PLUM][plúm][Melon][MELÓN]");
    EXPECT_EQ(found(list, "nothing # fruit"), "");
}

TEST(Words, PhrasesAndTheLongerOfTwo) {
    WordList list;
    list.add("sour plum\nplum\nplum tree\nplum tree leaf");
    EXPECT_EQ(found(list, "plum tree, sour-plum, plum Tree leaf; sour"),
              "[plum tree][sour-plum][plum Tree leaf]");
    EXPECT_EQ(found(list, "plum"), "[plum]");
}

TEST(Words, OffsetsAreCodePointsAndAnyBytesMayCome) {
    WordList list;
    list.add("plum\nplum\n***");
    EXPECT_EQ(list.size(), 1U);
    const auto hits = list.find("a\xC3\xB1o \xFF plum");
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(hits[0].begin, 6U);
    EXPECT_EQ(hits[0].end, 10U);
    EXPECT_EQ(count_words("one two-three \xFF"), 3U);
}

TEST(Lists, AreForTheirLanguageAndThoseWithoutOneForAll) {
    Lists lists;
    EXPECT_TRUE(lists.empty());
    lists.add("en", "bar\nfoo bar\n");
    lists.add("es", "sol\n");
    lists.add("", "foo\n");
    EXPECT_FALSE(lists.empty());
    const auto places = [&](std::string_view language, std::string_view text) {
        std::vector<std::size_t> begins;
        for (const Hit& hit : lists.find(language, text))
            begins.push_back(hit.begin);
        return begins;
    };
    EXPECT_EQ(places("en", "sol bar foo bar"), (std::vector<std::size_t>{4, 8, 12}));
    EXPECT_EQ(places("es", "sol bar foo"), (std::vector<std::size_t>{0, 8}));
    EXPECT_EQ(places("", "sol bar foo"), (std::vector<std::size_t>{8}));
}

}  // namespace
}  // namespace braid::words
