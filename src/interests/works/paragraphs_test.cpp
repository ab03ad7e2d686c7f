#include "interests/works/paragraphs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

namespace braid::works {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A chapter whose text changes again and again.
struct Chapter {
    std::vector<KeyedText> now, retired;
    std::int64_t next_key = 1;

    std::vector<std::string> write(const std::vector<std::string>& texts) {
        std::vector<html::Block> blocks;
        for (const std::string& text : texts)
            blocks.push_back({"<p>" + text + "</p>", text});
        const Alignment alignment = align(now, retired, blocks, next_key);
        for (const std::string& key : alignment.revived) {
            std::erase_if(retired, [&](const KeyedText& text) { return text.key == key; });
        }
        retired.insert(retired.end(), alignment.retired.begin(), alignment.retired.end());
        now.clear();
        for (std::size_t i = 0; i < texts.size(); ++i)
            now.push_back({alignment.keys[i], texts[i]});
        next_key = alignment.next_key;
        return alignment.keys;
    }
};

const std::string kStorm =
    "The storm came in from the west, and nobody in Harbour had expected it before Friday.";
const std::string kLamp =
    "In the lamp room Wren counted the stairs again, although she knew how many there were.";
const std::string kRadio =
    "The radio had not spoken since spring. It was a beautiful radio, brown and rounded as a loaf.";

TEST(Alignment, NumbersAFirstText) {
    Chapter chapter;
    EXPECT_THAT(chapter.write({"a", "b", "b"}), ElementsAre("1", "2", "3"));
    EXPECT_EQ(chapter.next_key, 4);
}

TEST(Alignment, KeepsWhatStaysAroundAnInsertion) {
    Chapter chapter;
    chapter.write({kStorm, kLamp, kRadio});
    EXPECT_THAT(chapter.write({kStorm, "A new paragraph about moths.", kLamp, kRadio}),
                ElementsAre("1", "4", "2", "3"));
    EXPECT_THAT(chapter.write({kStorm, kRadio}), ElementsAre("1", "3"));
    EXPECT_EQ(chapter.retired.size(), 2U);
}

TEST(Alignment, KeepsTheKeyOfAnEditedParagraph) {
    Chapter chapter;
    chapter.write({kStorm, kLamp, kRadio});
    EXPECT_THAT(
        chapter.write(
            {kStorm,
             "In the lamp room Wren counted the stairs once more, though she knew how many there were.",
             kRadio}),
        ElementsAre("1", "2", "3"));
    // Two edited neighbours and one new between them.
    EXPECT_THAT(
        chapter.write(
            {"The storm came in from the west at last; nobody in Harbour had expected it before Friday.",
             "Moths.",
             "In the lamp room Wren counted the stairs once more, because she knew how many there were.",
             kRadio}),
        ElementsAre("1", "4", "2", "3"));
}

TEST(Alignment, GivesAnotherParagraphAnotherKey) {
    Chapter chapter;
    chapter.write({kStorm, kLamp, kRadio});
    EXPECT_THAT(chapter.write({kStorm, "Zzz 123 xyz!", kRadio}), ElementsAre("1", "4", "3"));
}

TEST(Alignment, FollowsAParagraphThatMoved) {
    Chapter chapter;
    chapter.write({kStorm, kLamp, kRadio});
    EXPECT_THAT(chapter.write({kRadio, kStorm, kLamp}), ElementsAre("3", "1", "2"));
}

TEST(Alignment, BringsBackAKeyOnlyWithItsWords) {
    Chapter chapter;
    chapter.write({kStorm, kLamp});
    chapter.write({kStorm});
    EXPECT_THAT(chapter.write({kStorm, kRadio}), ElementsAre("1", "3"));
    EXPECT_THAT(chapter.write({kStorm, kRadio, kLamp}), ElementsAre("1", "3", "2"));
    EXPECT_THAT(chapter.retired, IsEmpty());
}

TEST(Alignment, TellsRepeatedLinesApartByTheirNeighbours) {
    Chapter chapter;
    chapter.write({kStorm, "* * *", kLamp, "* * *", kRadio});
    EXPECT_THAT(chapter.write({kStorm, "* * *", "New scene.", kLamp, "* * *", kRadio}),
                ElementsAre("1", "2", "6", "3", "4", "5"));
}

TEST(Alignment, NeverGivesAKeyTwice) {
    rc::check("over any sequence of edits", [] {
        const std::vector<std::string> words{"",     "a",   "b",   "the moths came", "the moths went",
                                             kStorm, kLamp, kRadio};
        Chapter chapter;
        std::map<std::string, std::set<std::string>>
            meant;  // every text a key has stood for, in order of revisions
        std::set<std::string> given;
        const int revisions = *rc::gen::inRange(1, 8);
        std::map<std::string, std::string> retired_with;
        for (int revision = 0; revision < revisions; ++revision) {
            const auto picks = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
            std::vector<std::string> texts;
            for (const int pick : picks)
                texts.push_back(words[static_cast<std::size_t>(pick)]);
            const auto before = chapter;
            const auto keys = chapter.write(texts);
            RC_ASSERT(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size());
            for (std::size_t i = 0; i < keys.size(); ++i) {
                RC_ASSERT(is_paragraph_key(keys[i]));
                const auto was = std::find_if(before.now.begin(), before.now.end(),
                                              [&](const auto& t) { return t.key == keys[i]; });
                if (was != before.now.end()) continue;  // carried on
                const auto gone = std::find_if(before.retired.begin(), before.retired.end(),
                                               [&](const auto& t) { return t.key == keys[i]; });
                if (gone != before.retired.end()) {
                    RC_ASSERT(gone->plain == texts[i]);  // came back, with its words
                } else {
                    RC_ASSERT(given.insert(keys[i]).second);  // new: never seen before
                }
            }
            // Every key ever given is either in the text or among the retired.
            RC_ASSERT(given.size() == chapter.now.size() + chapter.retired.size());
        }
    });
}

TEST(Alignment, KeepsEveryUntouchedParagraphAroundOneEdit) {
    rc::check("replacing, inserting or removing one of many distinct paragraphs", [] {
        const int count = *rc::gen::inRange(1, 40);
        std::vector<std::string> texts;
        for (int i = 0; i < count; ++i)
            texts.push_back("Paragraph number " + std::to_string(i * 7919) + " of the tale");
        Chapter chapter;
        const auto keys = chapter.write(texts);
        const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, count));
        auto changed = texts;
        auto expected = keys;
        switch (*rc::gen::inRange(0, 3)) {
            case 0:
                changed[at] = "Qq ww zz";
                expected[at] = paragraph_key(count + 1);
                break;
            case 1:
                changed.insert(changed.begin() + static_cast<long>(at), "Qq ww zz");
                expected.insert(expected.begin() + static_cast<long>(at), paragraph_key(count + 1));
                break;
            default:
                changed.erase(changed.begin() + static_cast<long>(at));
                expected.erase(expected.begin() + static_cast<long>(at));
        }
        RC_ASSERT(chapter.write(changed) == expected);
    });
}

TEST(Alignment, TakesAHostileTextInItsStride) {
    // The longest chapter there can be, in the smallest paragraphs, all different, then all changed.
    std::vector<std::string> first, second;
    for (int i = 0; i < 60'000; ++i) {
        first.push_back(std::to_string(i));
        second.push_back("x" + std::to_string(i));
    }
    Chapter chapter;
    chapter.write(first);
    const auto start = std::chrono::steady_clock::now();
    chapter.write(second);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Packing, GoesThereAndBack) {
    rc::check("any paragraphs", [](const std::vector<std::pair<int, std::string>>& texts) {
        std::vector<Paragraph> paragraphs;
        for (const auto& [number, html] : texts)
            paragraphs.push_back({paragraph_key(std::abs(number % 100'000)), html});
        RC_ASSERT(unpack(pack(paragraphs)) == paragraphs);
    });
}

TEST(Packing, RefusesWhatIsNotPacked) {
    for (const char* bad :
         {"a", "a 5", "a 5\nabc", "a x\n", "a 99999999999999999999\n", "a -1\n", "a 3\nabcd"}) {
        EXPECT_THROW(unpack(bad), sql::Failure) << bad;
    }
    EXPECT_THAT(unpack(""), IsEmpty());
}

TEST(PlainText, DropsTagsAndFoldsSpaces) {
    EXPECT_EQ(plain_of("<p>She said <em>no</em>thing &amp; left.<br>Then  he\ndid.</p>"),
              "She said nothing & left. Then he did.");
    EXPECT_EQ(plain_of("<ul><li><p>one</p></li><li>two</li></ul>"), "one two");
    EXPECT_EQ(plain_of("<hr>"), "");
    EXPECT_EQ(plain_of("a &lt;b&gt; &quot;c&#39;&nbsp;d &copy;"), "a <b> \"c' d &copy;");
    EXPECT_EQ(plain_of("<p>unclosed <a href="), "unclosed");
}

TEST(Keys, AreShortAndPlain) {
    EXPECT_EQ(paragraph_key(1), "1");
    EXPECT_EQ(paragraph_key(35), "z");
    EXPECT_EQ(paragraph_key(36), "10");
    EXPECT_TRUE(is_paragraph_key("1z"));
    for (const char* bad : {"", "A", "1-2", "0123456789abc", "é"})
        EXPECT_FALSE(is_paragraph_key(bad)) << bad;
}

}  // namespace
}  // namespace braid::works
