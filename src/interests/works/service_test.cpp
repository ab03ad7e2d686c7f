#include "interests/works/service.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "interests/works/events.h"
#include "interests/works/site_for_tests.h"

namespace braid::works {
namespace testing {

const sql::Query kEvents{"works_test.events", "SELECT type FROM event_outbox ORDER BY id LIMIT 10000"};
const sql::Query kAge{"works_test.age_texts",
                      "UPDATE chapter_texts SET sanitiser = 0, paragraphs = '1 2\nxx'"};
const sql::Query kAgeSummaries{"works_test.age_summaries",
                               "UPDATE works SET sanitiser = 0, summary_html = 'old'"};

std::vector<std::string> Site::events() {
    return database_->read([&](sql::Reader& reader) { return reader.all<std::string>(kEvents); });
}

}  // namespace testing

namespace {

using namespace works::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WritingTest : public Site {
  protected:
    std::vector<std::string> keys(WorkId work, ChapterId id) {
        std::vector<std::string> keys;
        const auto view = chapter(kAbi, work, id);
        if (view.ok()) {
            for (const auto& paragraph : view->text.paragraphs)
                keys.push_back(paragraph.key);
        }
        return keys;
    }
    Editing editing(WorkId work, ChapterId chapter) { return *writing_.editing(kAbi, work, chapter); }
};
BRAID_ON_BOTH_ENGINES(WritingTest);

TEST_P(WritingTest, CreatesAWork) {
    const auto work = new_work();
    const auto outline = writing_.outline(kAbi, work);
    ASSERT_TRUE(outline.ok());
    EXPECT_EQ(outline->work.title, "The Lamp Room");
    EXPECT_EQ(outline->work.summary_html, "<p>Wren keeps a <em>lighthouse</em>.</p>");
    EXPECT_THAT(outline->chapters, IsEmpty());
    EXPECT_THAT(events(), IsEmpty());  // nothing is there for readers yet
    EXPECT_EQ(writing_.create_work(kVisitor, form()).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(writing_.create_work(kAbi, form("")).error().fields.front().field, "title");
}

TEST_P(WritingTest, LetsOnlyAdultsChooseMature) {
    const auto refused = writing_.create_work(kAbi, form("M", Visibility::me, Rating::mature));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fields.front().field, "rating");
    const auto work = new_work();
    EXPECT_FALSE(writing_.edit_work(kAbi, work, form("M", Visibility::me, Rating::mature)).ok());
    EXPECT_TRUE(writing_.create_work(kOkafor, form("M", Visibility::me, Rating::mature)).ok());
}

TEST_P(WritingTest, LeavesAWorkToItsAuthor) {
    const auto [work, chapter] = published_work();
    const auto hidden = new_work(kAbi, form("Secret", Visibility::me));
    for (const Actor& actor : {kTeen, kAdult}) {
        EXPECT_EQ(writing_.edit_work(actor, work, form()).error().code, ErrorCode::forbidden);
        EXPECT_EQ(writing_.edit_work(actor, hidden, form()).error().code, ErrorCode::not_found);
        EXPECT_EQ(writing_.edit_work(actor, hidden, form("")).error().code, ErrorCode::not_found);
        EXPECT_FALSE(writing_.delete_work(actor, work).ok());
        EXPECT_FALSE(writing_.set_cover(actor, work, std::nullopt).ok());
        EXPECT_FALSE(writing_.add_chapter(actor, work).ok());
        EXPECT_FALSE(writing_.reorder_chapters(actor, work, {chapter}).ok());
        EXPECT_FALSE(writing_.delete_chapter(actor, work, chapter).ok());
        EXPECT_FALSE(writing_.editing(actor, work, chapter).ok());
        EXPECT_FALSE(writing_.outline(actor, work).ok());
        EXPECT_FALSE(writing_.save_draft(actor, work, chapter, {"x", "y", "", ""}, 2, "w").ok());
        EXPECT_FALSE(
            writing_.publish_chapter(actor, work, chapter, ChapterDraft{"x", "y", "", ""}, 2, "w").ok());
        EXPECT_FALSE(writing_.unpublish_chapter(actor, work, chapter).ok());
        EXPECT_EQ(writing_.revisions(actor, work, chapter, std::nullopt, 10).error().code,
                  ErrorCode::not_found);
        EXPECT_FALSE(writing_.old_text(actor, work, chapter, 1).ok());
        EXPECT_FALSE(writing_.restore_revision(actor, work, chapter, 1).ok());
        EXPECT_FALSE(writing_.discard_draft(actor, work, chapter).ok());
        EXPECT_FALSE(writing_.take_copy(actor, work, chapter, "w").ok());
    }
    EXPECT_EQ(writing_.edit_work(kVisitor, work, form()).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(writing_.shelf(kVisitor, std::nullopt, 5).error().code, ErrorCode::unauthenticated);
}

TEST_P(WritingTest, PublishesAndTellsOnce) {
    const auto work = new_work();
    const auto first = new_chapter(kAbi, work);
    const auto published = publish(kAbi, work, first, "One", "It began.");
    EXPECT_EQ(published.number, 1);
    EXPECT_TRUE(published.first);
    EXPECT_THAT(events(), ElementsAre("works.chapter_published.v1", "works.work_published.v1"));
    const auto second = new_chapter(kAbi, work);
    clock_.advance(std::chrono::hours(1));
    EXPECT_EQ(publish(kAbi, work, second, "Two", "It went on.").number, 2);
    EXPECT_THAT(events(), SizeIs(3));
    const auto card = read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); });
    EXPECT_EQ(card->chapters, 2);
    EXPECT_EQ(card->words, 5);
    EXPECT_EQ(card->updated_at, clock_.now());
}

TEST_P(WritingTest, PublishesNothingEmpty) {
    const auto work = new_work();
    const auto chapter = new_chapter(kAbi, work);
    const auto refused = writing_.publish_chapter(kAbi, work, chapter, ChapterDraft{"", "", "", ""}, 1, "w");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    // What was written is kept all the same.
    EXPECT_FALSE(
        writing_.publish_chapter(kAbi, work, chapter, ChapterDraft{"", "Words.", "", ""}, 1, "w").ok());
    EXPECT_EQ(editing(work, chapter).draft.text, "Words.");
    EXPECT_THAT(events(), IsEmpty());
}

TEST_P(WritingTest, RevisesAndKeepsKeysAndEarlierTexts) {
    const auto work = new_work();
    const auto id = new_chapter(kAbi, work);
    publish(kAbi, work, id, "One",
            "The first paragraph of the tale.\n\nThe second paragraph, about moths.\n\nThe third.");
    EXPECT_THAT(keys(work, id), ElementsAre("1", "2", "3"));
    clock_.advance(std::chrono::hours(1));
    const auto revised = publish(
        kAbi, work, id, "One", "The first paragraph of the tale.\n\nNew.\n\nThe second paragraph, on moths.");
    EXPECT_EQ(revised.revision, 2);
    EXPECT_FALSE(revised.first);
    EXPECT_THAT(keys(work, id), ElementsAre("1", "4", "2"));
    EXPECT_EQ(events().back(), "works.chapter_revised.v1");
    const auto view = chapter(kVisitor, work, id);
    EXPECT_EQ(view->revision, 2);
    EXPECT_EQ(view->revised_at, clock_.now());
    EXPECT_LT(view->published_at, view->revised_at);
    // A correction does not put the work on top of the lists again.
    EXPECT_LT(read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); })->updated_at,
              clock_.now());
    // The same text again is no revision.
    EXPECT_EQ(publish(kAbi, work, id, "One",
                      "The first paragraph of the tale.\n\nNew.\n\nThe second paragraph, on moths.")
                  .revision,
              2);

    const auto page = writing_.revisions(kAbi, work, id, std::nullopt, 1);
    ASSERT_TRUE(page.ok());
    ASSERT_THAT(page->lines, SizeIs(1));
    EXPECT_EQ(page->next, 2);
    EXPECT_EQ(writing_.revisions(kAbi, work, id, page->next, 1)->lines.front().revision, 1);
    EXPECT_THAT(writing_.old_text(kAbi, work, id, 1)->text.text, ::testing::EndsWith("The third."));
    EXPECT_FALSE(writing_.old_text(kAbi, work, id, 3).ok());

    // Restored and published, the paragraph that was gone has its key again.
    ASSERT_TRUE(writing_.restore_revision(kAbi, work, id, 1).ok());
    EXPECT_EQ(chapter(kVisitor, work, id)->revision, 2);  // not before it is published
    const auto back = writing_.publish_chapter(kAbi, work, id, std::nullopt, version(work, id), "w");
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->revision, 3);
    EXPECT_THAT(keys(work, id), ElementsAre("1", "2", "3"));
}

TEST_P(WritingTest, KeepsBothWhenTwoWindowsWrite) {
    const auto work = new_work();
    const auto id = new_chapter(kAbi, work);
    const auto first = writing_.save_draft(kAbi, work, id, {"T", "From the desk", "", ""}, 1, "desk");
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->version, 2);
    const auto late = writing_.save_draft(kAbi, work, id, {"T", "From the bus", "", ""}, 1, "bus");
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().code, ErrorCode::conflict);
    // The bus goes on typing: one copy, its newest words.
    EXPECT_FALSE(writing_.save_draft(kAbi, work, id, {"T", "From the bus, more", "", ""}, 1, "bus").ok());
    auto now = editing(work, id);
    EXPECT_EQ(now.draft.text, "From the desk");
    ASSERT_THAT(now.copies, SizeIs(1));
    EXPECT_EQ(now.copies[0].text, "From the bus, more");
    // Taking the copy keeps what the desk wrote.
    ASSERT_TRUE(writing_.take_copy(kAbi, work, id, "bus").ok());
    now = editing(work, id);
    EXPECT_EQ(now.draft.text, "From the bus, more");
    ASSERT_THAT(now.copies, SizeIs(1));
    EXPECT_EQ(now.copies[0].text, "From the desk");
    ASSERT_TRUE(writing_.drop_copy(kAbi, work, id, now.copies[0].editor).ok());
    EXPECT_THAT(editing(work, id).copies, IsEmpty());
    // Saving what is there already is no conflict, from whatever version.
    EXPECT_TRUE(writing_.save_draft(kAbi, work, id, {"T", "From the bus, more", "", ""}, 1, "desk").ok());
    // Publishing over what moved on publishes nothing and loses nothing.
    const auto stale =
        writing_.publish_chapter(kAbi, work, id, ChapterDraft{"T", "Stale", "", ""}, 1, "desk");
    EXPECT_EQ(stale.error().code, ErrorCode::conflict);
    EXPECT_EQ(editing(work, id).copies.front().text, "Stale");
}

TEST_P(WritingTest, LosesNothingWhenManySaveAtOnce) {
    const auto work = new_work();
    const auto id = new_chapter(kAbi, work);
    constexpr int kWindows = 8;
    std::atomic<int> kept{0}, conflicts{0};
    std::vector<std::thread> windows;
    for (int i = 0; i < kWindows; ++i) {
        windows.emplace_back([&, i] {
            const auto saved = writing_.save_draft(
                kAbi, work, id, {"T", "window " + std::to_string(i), "", ""}, 1, "w" + std::to_string(i));
            saved.ok() ? ++kept : ++conflicts;
        });
    }
    for (auto& window : windows)
        window.join();
    EXPECT_EQ(kept, 1);
    EXPECT_EQ(conflicts, kWindows - 1);
    const auto now = editing(work, id);
    std::set<std::string> texts{now.draft.text};
    for (const auto& copy : now.copies)
        texts.insert(copy.text);
    EXPECT_THAT(texts, SizeIs(kWindows));
}

TEST_P(WritingTest, BoundsTheCopiesItKeeps) {
    const auto work = new_work();
    const auto id = new_chapter(kAbi, work);
    ASSERT_TRUE(writing_.save_draft(kAbi, work, id, {"T", "x", "", ""}, 1, "w").ok());
    for (int i = 0; i < 30; ++i) {
        clock_.advance(std::chrono::seconds(1));
        EXPECT_FALSE(
            writing_.save_draft(kAbi, work, id, {"T", std::to_string(i), "", ""}, 1, "w" + std::to_string(i))
                .ok());
    }
    const auto copies = editing(work, id).copies;
    EXPECT_THAT(copies, SizeIs(kMaxCopies));
    EXPECT_EQ(copies.front().text, "29");
}

TEST_P(WritingTest, TakesBackAndPublishesAgain) {
    const auto [work, first] = published_work();
    const auto second = new_chapter(kAbi, work);
    publish(kAbi, work, second, "Two", "More.");
    ASSERT_TRUE(writing_.unpublish_chapter(kAbi, work, first).ok());
    EXPECT_EQ(events().back(), "works.chapter_unpublished.v1");
    EXPECT_FALSE(chapter(kVisitor, work, first).ok());
    EXPECT_TRUE(chapter(kAbi, work, first)->draft);
    EXPECT_EQ(chapter(kVisitor, work, second)->number, 1);
    EXPECT_EQ(editing(work, first).draft.text, "It began.\n\nIt went on.");
    const auto again = writing_.publish_chapter(kAbi, work, first, std::nullopt, version(work, first), "w");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->number, 1);
    EXPECT_EQ(again->revision, 1);
    EXPECT_FALSE(again->first);
    EXPECT_THAT(keys(work, first), ElementsAre("1", "2"));
    EXPECT_EQ(chapter(kVisitor, work, second)->number, 2);
    // The last chapter taken back takes the work out of the lists.
    ASSERT_TRUE(writing_.unpublish_chapter(kAbi, work, first).ok());
    ASSERT_TRUE(writing_.unpublish_chapter(kAbi, work, second).ok());
    EXPECT_THAT(listed(kAdult), IsEmpty());
    EXPECT_FALSE(read([&](sql::Reader& reader) { return library_.work(reader, kAdult, work); }).ok());
}

TEST_P(WritingTest, DropsADraftForThePublishedText) {
    const auto [work, id] = published_work();
    ASSERT_TRUE(writing_.save_draft(kAbi, work, id, {"One", "Changed", "", ""}, version(work, id), "w").ok());
    EXPECT_EQ(chapter(kAbi, work, id)->text.paragraphs.size(),
              2U);  // readers, and she on the page, see what is published
    ASSERT_TRUE(writing_.discard_draft(kAbi, work, id).ok());
    EXPECT_EQ(editing(work, id).draft.text, "It began.\n\nIt went on.");
    const auto draft = new_chapter(kAbi, work);
    ASSERT_TRUE(writing_.save_draft(kAbi, work, draft, {"", "x", "", ""}, 1, "w").ok());
    EXPECT_EQ(writing_.discard_draft(kAbi, work, draft).error().code, ErrorCode::conflict);
}

TEST_P(WritingTest, OrdersChapters) {
    const auto work = new_work();
    std::vector<ChapterId> ids;
    for (int i = 0; i < 4; ++i) {
        ids.push_back(new_chapter(kAbi, work));
        if (i == 1) {
            ASSERT_TRUE(writing_.save_draft(kAbi, work, ids[1], {"", "draft", "", ""}, 1, "w").ok());
        } else {
            publish(kAbi, work, ids[static_cast<std::size_t>(i)], "C" + std::to_string(i), "Words.");
        }
    }
    const auto titles = [&] {
        std::vector<std::string> titles;
        for (const auto& line : read([&](sql::Reader& reader) { return library_.contents(reader, work); })) {
            titles.push_back(std::to_string(line.number) + line.title);
        }
        return titles;
    };
    EXPECT_THAT(titles(), ElementsAre("1C0", "2C2", "3C3"));
    ASSERT_TRUE(writing_.move_chapter(kAbi, work, ids[3], Writing::Direction::up).ok());
    EXPECT_THAT(titles(), ElementsAre("1C0", "2C3", "3C2"));
    ASSERT_TRUE(
        writing_.move_chapter(kAbi, work, ids[0], Writing::Direction::up).ok());  // at the top already
    ASSERT_TRUE(writing_.reorder_chapters(kAbi, work, {ids[2], ids[3], ids[1], ids[0]}).ok());
    EXPECT_THAT(titles(), ElementsAre("1C2", "2C3", "3C0"));
    EXPECT_EQ(writing_.reorder_chapters(kAbi, work, {ids[2], ids[3]}).error().code, ErrorCode::conflict);
    EXPECT_EQ(writing_.reorder_chapters(kAbi, work, {ids[2], ids[2], ids[1], ids[0]}).error().code,
              ErrorCode::conflict);
    ASSERT_TRUE(writing_.delete_chapter(kAbi, work, ids[2]).ok());
    EXPECT_THAT(titles(), ElementsAre("1C3", "2C0"));
    EXPECT_EQ(events().back(), "works.chapter_deleted.v1");
    EXPECT_EQ(chapter(kVisitor, work, ids[0])->previous, ids[3]);
}

TEST_P(WritingTest, AddsOneEmptyChapterAtATime) {
    const auto work = new_work();
    const auto first = new_chapter(kAbi, work);
    EXPECT_EQ(new_chapter(kAbi, work), first);
    ASSERT_TRUE(writing_.save_draft(kAbi, work, first, {"", "x", "", ""}, 1, "w").ok());
    EXPECT_NE(new_chapter(kAbi, work), first);
}

TEST_P(WritingTest, DeletesAWorkWithEverything) {
    const auto [work, id] = published_work();
    publish(kAbi, work, id, "One", "Quite another text.");
    ASSERT_TRUE(writing_.save_draft(kAbi, work, id, {"One", "Changed", "", ""}, version(work, id), "w").ok());
    EXPECT_FALSE(writing_.save_draft(kAbi, work, id, {"One", "Copy", "", ""}, 1, "w2").ok());
    ASSERT_TRUE(writing_.delete_work(kAbi, work).ok());
    EXPECT_EQ(events().back(), "works.work_deleted.v1");
    EXPECT_EQ(writing_.outline(kAbi, work).error().code, ErrorCode::not_found);
    EXPECT_FALSE(chapter(kAbi, work, id).ok());
}

TEST_P(WritingTest, ShowsAShelfWithWhatWaits) {
    const auto [work, id] = published_work();
    const auto draft = new_chapter(kAbi, work);
    ASSERT_TRUE(writing_.save_draft(kAbi, work, draft, {"The ending", "And then", "", ""}, 1, "w").ok());
    new_work(kOkafor);
    clock_.advance(std::chrono::seconds(1));
    const auto newest = new_work(kAbi, form("Newer", Visibility::me));
    const auto shelf = writing_.shelf(kAbi, std::nullopt, 1);
    ASSERT_TRUE(shelf.ok());
    ASSERT_THAT(shelf->works, SizeIs(1));
    EXPECT_EQ(shelf->works[0].card.id, newest);
    ASSERT_THAT(shelf->waiting, SizeIs(1));
    EXPECT_EQ(shelf->waiting[0].title, "The ending");
    EXPECT_EQ(shelf->waiting[0].place, 2);
    const auto rest = writing_.shelf(kAbi, shelf->next, 1);
    EXPECT_EQ(rest->works[0].card.id, work);
    EXPECT_FALSE(rest->next);
}

TEST_P(WritingTest, KeepsCoversWithinTheQuota) {
    const auto [work, id] = published_work();
    const CoverFiles files{*blobs_.put("large", "image/webp"), *blobs_.put("small", "image/webp")};
    ASSERT_TRUE(writing_.set_cover(kAbi, work, files).ok());
    auto card = read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); });
    EXPECT_EQ(card->cover_url, "/covers/" + work.text() + ".webp?v=2");
    EXPECT_EQ(card->cover_small_url, "/covers/" + work.text() + "-small.webp?v=2");
    const CoverFiles huge{*blobs_.put(std::string(3 << 20, 'x'), "image/webp"), files.small};
    EXPECT_EQ(writing_.set_cover(kAbi, work, huge).error().code, ErrorCode::too_large);
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); })->cover_url,
              card->cover_url);
    ASSERT_TRUE(writing_.set_cover(kAbi, work, std::nullopt).ok());
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); })->cover_url,
              "/covers/" + work.text() + ".svg?v=3");
    EXPECT_EQ(read([&](sql::Reader& reader) { return blobs_.used_by(reader, kAbi.person->value); }), 0);
}

TEST_P(WritingTest, RendersAnewAfterTheSanitiserChanged) {
    const auto [work, id] = published_work();
    const auto before = keys(work, id);
    ASSERT_TRUE(database_
                    ->write([&](sql::Tx& tx) -> Result<void> {
                        tx.run(kAge);
                        tx.run(kAgeSummaries);
                        return success();
                    })
                    .ok());
    EXPECT_EQ(writing_.render_again(100), 2);
    EXPECT_EQ(writing_.render_again(100), 0);
    EXPECT_EQ(chapter(kVisitor, work, id)->text.paragraphs.size(), 2U);
    EXPECT_EQ(read([&](sql::Reader& reader) { return library_.view(reader, kVisitor, work); })->summary_html,
              "<p>Wren keeps a <em>lighthouse</em>.</p>");
}

TEST_P(WritingTest, HoldsHostileTextWhole) {
    const auto work = new_work(kAbi, form("'; DROP TABLE works; --", Visibility::everyone, Rating::everyone,
                                          "<script>alert(1)</script>, 100% \"real\""));
    const auto id = new_chapter(kAbi, work);
    std::string deep;
    for (int i = 0; i < 2000; ++i)
        deep += "> ";
    publish(kAbi, work, id, "<b>Title</b>", deep + "x\n\n\u202Ereversed\u202C \U0001F9F5");
    const auto view = chapter(kVisitor, work, id);
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(view->work_title, "'; DROP TABLE works; --");
    EXPECT_EQ(view->chapter_title, "<b>Title</b>");
    EXPECT_THAT(listed(kVisitor, {.tag = tag_key("<script>alert(1)</script>")}), ElementsAre(work));
    EXPECT_THAT(listed(kVisitor, {.tag = "' OR 1=1 --"}), IsEmpty());
    EXPECT_FALSE(
        writing_.save_draft(kAbi, work, id, {"T", std::string("\xC3", 1), "", ""}, version(work, id), "w")
            .ok());
    EXPECT_FALSE(
        writing_.save_draft(kAbi, work, id, {"T", std::string("a\0b", 3), "", ""}, version(work, id), "w")
            .ok());
}

}  // namespace
}  // namespace braid::works
