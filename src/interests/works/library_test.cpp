#include "interests/works/library.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "identity/blocks/service.h"
#include "interests/works/policy.h"
#include "interests/works/site_for_tests.h"

namespace braid::works {
namespace {

using namespace works::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class LibraryTest : public Site {};
BRAID_ON_BOTH_ENGINES(LibraryTest);

TEST_P(LibraryTest, EveryQueryOfTheModuleIsUnderstood) {
    for (const std::string& line : braid::testing::prepare_all(*database_)) {
        if (line.find("works.") != std::string::npos) ADD_FAILURE() << line;
    }
}

// Visitor, child, teen, adult, author × visibility × rating × published: through lists, single works,
// chapters, facts, several at once and the counts of tags, and always what the policy says.
TEST_P(LibraryTest, ShowsToEachWhatIsForThem) {
    struct Case {
        WorkId work;
        ChapterId chapter;
        WorkFacts facts;
        std::string tag;
    };
    std::vector<Case> cases;
    for (const auto visibility : {Visibility::me, Visibility::signed_in, Visibility::everyone}) {
        for (const auto rating : {Rating::everyone, Rating::teen, Rating::mature}) {
            for (const bool published : {false, true}) {
                const std::string tag = "t" + std::to_string(cases.size());
                const auto work =
                    new_work(kOkafor, form("Work " + tag, visibility, rating, tag + ", shared"));
                const auto chapter = new_chapter(kOkafor, work);
                if (published) publish(kOkafor, work, chapter, "One", "Words.");
                clock_.advance(std::chrono::seconds(1));
                cases.push_back({work, chapter, {*kOkafor.person, visibility, rating, published}, tag});
            }
        }
    }
    std::vector<WorkId> all;
    for (const Case& one : cases)
        all.push_back(one.work);

    for (const Actor& actor : {kVisitor, kChild, kTeen, kAdult, kOkafor}) {
        std::vector<WorkId> may, in_lists;
        Actor as_reader = actor;  // lists show an author what others of her age find
        if (actor.is(*kOkafor.person)) as_reader = kAdult;
        for (const Case& one : cases) {
            if (decide(ViewWork{}, actor, one.facts).allowed()) may.push_back(one.work);
            if (decide(ViewWork{}, as_reader, one.facts).allowed()) in_lists.push_back(one.work);
        }
        const std::vector<WorkId> newest(in_lists.rbegin(), in_lists.rend());
        EXPECT_EQ(listed(actor), newest);
        EXPECT_EQ(listed(actor, {.tag = "shared"}), newest);
        EXPECT_EQ(listed(actor, {.author = kOkafor.person}), newest);
        EXPECT_EQ(listed(actor, {.language = "en"}), newest);
        EXPECT_EQ(listed(actor, {.tag = "shared", .author = kOkafor.person, .language = "en"}), newest);
        EXPECT_THAT(listed(actor, {.language = "es"}), IsEmpty());
        read([&](sql::Reader& reader) {
            std::vector<WorkId> several;
            for (const auto& card : library_.works(reader, actor, all))
                several.push_back(card.id);
            EXPECT_EQ(several, may);

            std::map<std::string, int> counts;
            for (const auto& tag : library_.popular_tags(reader, actor, 100))
                counts[tag.key] = tag.works;
            EXPECT_EQ(counts["shared"], static_cast<int>(in_lists.size()));
            EXPECT_EQ(counts.size(), in_lists.size() + (in_lists.empty() ? 1U : 1U));
            for (const Case& one : cases) {
                const bool visible = std::find(may.begin(), may.end(), one.work) != may.end();
                const bool found = std::find(in_lists.begin(), in_lists.end(), one.work) != in_lists.end();
                EXPECT_EQ(library_.work(reader, actor, one.work).ok(), visible);
                EXPECT_EQ(library_.view(reader, actor, one.work).ok(), visible);
                EXPECT_EQ(library_.chapter(reader, actor, one.work, one.chapter).ok(), visible);
                EXPECT_EQ(library_.chapter_facts(reader, actor, one.chapter).ok(), visible);
                EXPECT_EQ(library_.tag(reader, actor, one.tag).has_value(), found);
                EXPECT_EQ(counts.contains(one.tag), found);
                if (!visible) {
                    EXPECT_EQ(library_.chapter(reader, actor, one.work, one.chapter).error().code,
                              ErrorCode::not_found);
                }
            }
            return 0;
        });
    }
}

TEST_P(LibraryTest, ShowsAChapterWithItsNeighbours) {
    const auto work = new_work();
    std::vector<ChapterId> chapters;
    for (int i = 1; i <= 3; ++i) {
        chapters.push_back(new_chapter(kAbi, work));
        publish(kAbi, work, chapters.back(), "Chapter " + std::to_string(i), "One.\n\nTwo & *three*.");
    }
    const auto view = chapter(kVisitor, work, chapters[1]);
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(view->number, 2);
    EXPECT_EQ(view->chapters, 3);
    EXPECT_EQ(view->previous, chapters[0]);
    EXPECT_EQ(view->next, chapters[2]);
    EXPECT_EQ(view->work_title, "The Lamp Room");
    EXPECT_EQ(view->chapter_title, "Chapter 2");
    EXPECT_EQ(view->words, 4);
    EXPECT_EQ(view->revision, 1);
    EXPECT_EQ(view->published_at, view->revised_at);
    EXPECT_FALSE(view->draft);
    ASSERT_EQ(view->text.paragraphs.size(), 2U);
    EXPECT_EQ(view->text.paragraphs[0], (Paragraph{"1", "<p>One.</p>"}));
    EXPECT_EQ(view->text.paragraphs[1].key, "2");
    EXPECT_FALSE(chapter(kVisitor, work, chapters[0])->previous);
    EXPECT_FALSE(chapter(kVisitor, work, chapters[2])->next);
    // A chapter belongs to its work.
    EXPECT_FALSE(chapter(kVisitor, WorkId{12345}, chapters[0]).ok());
    const auto contents = read([&](sql::Reader& reader) { return library_.contents(reader, work); });
    ASSERT_EQ(contents.size(), 3U);
    EXPECT_EQ(contents[2].number, 3);
    EXPECT_EQ(contents[2].id, chapters[2]);
    read([&](sql::Reader& reader) {
        EXPECT_EQ(library_.paragraph_text(reader, chapters[1], "2"), "Two & three.");
        EXPECT_EQ(library_.paragraph_text(reader, chapters[1], "9"), std::nullopt);
        return 0;
    });
}

TEST_P(LibraryTest, ShowsADraftToItsAuthorAlone) {
    const auto [work, first] = published_work();
    const auto draft = new_chapter(kAbi, work);
    ASSERT_TRUE(writing_.save_draft(kAbi, work, draft, {"Unfinished", "And then", "", ""}, 1, "w").ok());
    const auto hers = chapter(kAbi, work, draft);
    ASSERT_TRUE(hers.ok());
    EXPECT_TRUE(hers->draft);
    EXPECT_EQ(hers->chapter_title, "Unfinished");
    ASSERT_EQ(hers->text.paragraphs.size(), 1U);
    for (const Actor& actor : {kVisitor, kTeen, kAdult})
        EXPECT_FALSE(chapter(actor, work, draft).ok());
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.view(reader, kAbi, work); })->drafts, 1);
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.view(reader, kTeen, work); })->drafts, 0);
}

TEST_P(LibraryTest, PagesStayStableWhileWorksAreAdded) {
    std::set<WorkId> expected;
    for (int i = 0; i < 23; ++i) {
        // Some at the same moment, so that the id decides.
        const auto work = new_work(kAbi, form("Work " + std::to_string(i)));
        publish(kAbi, work, new_chapter(kAbi, work), "One", "Words.");
        if (i % 3 == 0) clock_.advance(std::chrono::seconds(1));
        expected.insert(work);
    }
    for (const bool by_tag : {false, true}) {
        WorkQuery query;
        query.limit = 5;
        if (by_tag) query.tag = "lighthouses";
        std::vector<WorkId> seen;
        const auto before = expected;
        for (;;) {
            const auto page =
                read([&](sql::Reader& reader) { return library_.list(reader, kVisitor, query); });
            for (const auto& card : page.works)
                seen.push_back(card.id);
            if (!page.next) break;
            query.after = Cursor::parse(page.next->text());
            expected.insert(published_work(kAbi, form("Meanwhile")).first);
        }
        EXPECT_THAT(seen, UnorderedElementsAreArray(before)) << "each once, none left out";
        // Now newest first includes the new ones.
        EXPECT_EQ(read([&](sql::Reader& reader) {
                      return library_.list(reader, kVisitor, {.limit = 100});
                  }).works.size(),
                  expected.size());
    }
}

TEST_P(LibraryTest, CountsTagsExactlyThroughEveryChange) {
    const auto count = [&](const Actor& actor, std::string_view tag) {
        const auto found = read([&](sql::Reader& reader) { return library_.tag(reader, actor, tag); });
        return found ? found->works : 0;
    };
    const auto [work, chapter] =
        published_work(kOkafor, form("A", Visibility::everyone, Rating::everyone, "Moths, night"));
    published_work(kAbi, form("B", Visibility::everyone, Rating::everyone, "moths"));
    EXPECT_EQ(count(kVisitor, "moths"), 2);
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.popular_tags(reader, kVisitor, 1); })[0].label,
              "Moths");
    // Re-rated, hidden, retagged, taken back, published again, deleted.
    ASSERT_TRUE(
        writing_.edit_work(kOkafor, work, form("A", Visibility::everyone, Rating::teen, "Moths, night"))
            .ok());
    EXPECT_EQ(count(kVisitor, "moths"), 1);
    EXPECT_EQ(count(kChild, "moths"), 1);
    EXPECT_EQ(count(kTeen, "moths"), 2);
    ASSERT_TRUE(
        writing_.edit_work(kOkafor, work, form("A", Visibility::me, Rating::teen, "Moths, night")).ok());
    EXPECT_EQ(count(kTeen, "moths"), 1);
    EXPECT_EQ(count(kTeen, "night"), 0);
    ASSERT_TRUE(
        writing_.edit_work(kOkafor, work, form("A", Visibility::signed_in, Rating::everyone, "night, dawn"))
            .ok());
    EXPECT_EQ(count(kChild, "dawn"), 1);
    EXPECT_EQ(count(kVisitor, "dawn"), 0);
    EXPECT_EQ(count(kChild, "moths"), 1);
    ASSERT_TRUE(writing_.unpublish_chapter(kOkafor, work, chapter).ok());
    EXPECT_EQ(count(kAdult, "dawn"), 0);
    publish(kOkafor, work, chapter, "One", "It began again.");
    EXPECT_EQ(count(kAdult, "dawn"), 1);
    ASSERT_TRUE(writing_.delete_work(kOkafor, work).ok());
    EXPECT_EQ(count(kAdult, "dawn"), 0);
    EXPECT_EQ(count(kAdult, "night"), 0);
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.popular_tags(reader, kAdult, 10); }).size(),
              1U);
}

// Apart from an author: her works are in no list, no count and not found, and the policy says the same.
TEST_P(LibraryTest, ShowsNothingOfWhomOneIsApartFrom) {
    const auto [hers, her_chapter] =
        published_work(kOkafor, form("Hers", Visibility::everyone, Rating::everyone, "moths, night"));
    const auto [other, other_chapter] =
        published_work(kAbi, form("Other", Visibility::everyone, Rating::everyone, "moths"));
    blocks::Service blocks(*database_, clock_);
    const std::vector<WorkId> both{hers, other};
    const auto expect = [&](const Actor& actor, bool seen) {
        const std::vector<WorkId> all = seen ? std::vector{other, hers} : std::vector{other};
        EXPECT_EQ(listed(actor), all);
        EXPECT_EQ(listed(actor, {.tag = "moths"}), all);
        EXPECT_EQ(listed(actor, {.language = "en"}), all);
        EXPECT_EQ(listed(actor, {.author = kOkafor.person}).size(), seen ? 1U : 0U);
        read([&](sql::Reader& reader) {
            EXPECT_EQ(library_.work(reader, actor, hers).ok(), seen);
            EXPECT_EQ(library_.view(reader, actor, hers).ok(), seen);
            EXPECT_EQ(library_.chapter(reader, actor, hers, her_chapter).ok(), seen);
            EXPECT_EQ(library_.chapter_facts(reader, actor, her_chapter).ok(), seen);
            EXPECT_EQ(library_.works(reader, actor, both).size(), seen ? 2U : 1U);
            EXPECT_EQ(library_.tag(reader, actor, "moths")->works, seen ? 2 : 1);
            EXPECT_EQ(library_.tag(reader, actor, "night").has_value(), seen);
            EXPECT_EQ(library_.popular_tags(reader, actor, 1).at(0).key, "moths");
            EXPECT_EQ(library_.popular_tags(reader, actor, 10).size(), seen ? 2U : 1U);
            EXPECT_EQ(decide(ViewWork{}, actor, store::work(reader, actor, hers)->facts()).allowed(), seen);
        });
        // That it is another's is said to who may read it alone.
        EXPECT_EQ(writing_.edit_work(actor, hers, form("Mine now")).error().code,
                  seen ? ErrorCode::forbidden : ErrorCode::not_found);
    };
    expect(kTeen, true);
    ASSERT_TRUE(blocks.keep_apart(kTeen, *kOkafor.person, blocks::Kind::mute).ok());
    expect(kTeen, false);
    expect(kChild, true);
    ASSERT_TRUE(blocks.keep_apart(kOkafor, *kChild.person, blocks::Kind::block).ok());
    expect(kChild, false);
    EXPECT_EQ(listed(kOkafor), (std::vector{other, hers}));
    EXPECT_EQ(listed(kVisitor), (std::vector{other, hers}));
    ASSERT_TRUE(blocks.take_back(kTeen, *kOkafor.person).ok());
    ASSERT_TRUE(blocks.take_back(kOkafor, *kChild.person).ok());
    expect(kTeen, true);
    expect(kChild, true);
}

TEST_P(LibraryTest, KeepsTheOrderOfManyIds) {
    std::vector<WorkId> ids;
    for (int i = 0; i < 45; ++i)
        ids.push_back(published_work(kAbi, form("Work " + std::to_string(i))).first);
    std::reverse(ids.begin(), ids.end());
    auto asked = ids;
    asked.insert(asked.begin() + 7, WorkId{999});
    std::vector<WorkId> found;
    for (const auto& card :
         read([&](sql::Reader& reader) { return library_.works(reader, kVisitor, asked); }))
        found.push_back(card.id);
    EXPECT_EQ(found, ids);
}

TEST_P(LibraryTest, GivesEveryWorkACover) {
    const auto [work, chapter] = published_work();
    const auto card = read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); });
    EXPECT_EQ(card->cover_url, "/covers/" + work.text() + ".svg?v=1");
    EXPECT_EQ(card->cover_small_url, card->cover_url);
    EXPECT_EQ(card->summary_plain, "Wren keeps a lighthouse.");
}

}  // namespace
}  // namespace braid::works
