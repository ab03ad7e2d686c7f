#include "interests/feedback/service.h"
#include "interests/feedback/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <sstream>
#include <thread>

#include "identity/blocks/service.h"
#include "interests/feedback/events.h"
#include "interests/feedback/policy.h"
#include "interests/feedback/subscribers.h"
#include "interests/works/events.h"
#include "platform/html/richtext.h"
#include "platform/jobs/jobs.h"
#include "support/databases.h"
#include "support/fake_library.h"
#include "support/guard.h"

namespace braid::feedback {

std::span<const sql::Migration> migrations();

namespace {

using access::AgeBand;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using works::CommentsPolicy;

Actor person(std::int64_t id, AgeBand band = AgeBand::teen) {
    Actor actor;
    actor.person = PersonId{id};
    actor.band = band;
    return actor;
}

const sql::Query kEvents{"feedback_test.events", "SELECT type FROM event_outbox ORDER BY id LIMIT 1000"};
const sql::Query kVersions{"feedback_test.versions",
                           "SELECT text FROM comment_versions ORDER BY id LIMIT 100"};

class Answering : public braid::testing::OnBothEngines {
  protected:
    Answering() {
        auto& work = library_.shelf[kWork];
        work.id = kWork;
        work.author = *abi_.person;
        work.chapters.push_back(
            {.id = kChapter,
             .title = "The stairs that count back",
             .paragraphs = {{"a1", "<p>The storm arrived.</p>"}, {"b2", "<p>Below her the sea.</p>"}}});
        work.chapters.push_back({.id = kDraft,
                                 .title = "Unfinished",
                                 .published = false,
                                 .paragraphs = {{"d1", "<p>Not yet.</p>"}}});
    }

    static constexpr WorkId kWork{100};
    static constexpr ChapterId kChapter{200}, kDraft{201};
    const Actor abi_ = person(11), deniz_ = person(12), noor_ = person(13), visitor_{};

    Result<Answered> say(const Actor& actor, std::string paragraph, std::string text, std::string token = {},
                         std::optional<CommentId> reply_to = {}) {
        return service_.post_comment(actor, {.work = kWork,
                                             .chapter = kChapter,
                                             .paragraph = std::move(paragraph),
                                             .reply_to = reply_to,
                                             .text = std::move(text),
                                             .token = std::move(token)});
    }
    CommentId must_say(const Actor& actor, std::string paragraph, std::string text,
                       std::optional<CommentId> reply_to = {}) {
        auto said = say(actor, std::move(paragraph), std::move(text), {}, reply_to);
        EXPECT_TRUE(said.ok()) << said.error().detail << said.error().message_key;
        return said->comment.id;
    }
    works::ChapterFacts facts(ChapterId chapter = kChapter) {
        auto& work = library_.shelf.at(kWork);
        return {kWork, chapter, work.author, work.visibility, work.rating, work.comments, true};
    }
    ChapterCounts counts(const Actor& actor) {
        return database_->read([&](sql::Reader& reader) { return service_.counts(reader, actor, facts()); });
    }
    Service::Page on_paragraph(const Actor& actor, std::string_view key, std::optional<CommentId> from = {},
                               int limit = 20) {
        return database_->read([&](sql::Reader& reader) {
            return service_.on_paragraph(reader, actor, facts(), key, from, limit);
        });
    }
    std::vector<std::string> events() {
        return database_->read([&](sql::Reader& reader) { return reader.all<std::string>(kEvents); });
    }

    braid::testing::TestDatabase database_{GetParam(),
                                           {migrations(), jobs::migrations(), blocks::migrations()}};
    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    events::Outbox outbox_{ids_, clock_};
    braid::testing::FakeLibrary library_;
    std::mutex heard_mutex_;
    std::vector<std::pair<std::string, std::string>> heard_;
    std::vector<std::pair<std::string, std::string>> looks_;  // told without the number
    blocks::Service blocks_{*database_, clock_};
    braid::testing::NobodyGuards guard_;
    Service service_{*database_,
                     clock_,
                     ids_,
                     outbox_,
                     library_,
                     guard_,
                     [this](std::string_view channel, std::string_view event, std::string_view data) {
                         EXPECT_EQ(event, "comments");
                         const std::lock_guard lock(heard_mutex_);
                         (channel.ends_with(":look") ? looks_ : heard_).emplace_back(channel, data);
                     }};
};
BRAID_ON_BOTH_ENGINES(Answering);

// deniz wants nothing of noor; the work is abi's.
TEST_P(Answering, NothingIsSeenOrCountedOfWhomOneIsApartFrom) {
    const auto noors = must_say(noor_, "a1", "First.");
    must_say(abi_, "a1", "An answer to noor.", noors);
    const auto denizs = must_say(deniz_, "a1", "Mine.");
    must_say(noor_, "a1", "Noor again.", denizs);
    must_say(noor_, "b2", "Alone here.");
    must_say(noor_, "", "On the chapter.");
    must_say(abi_, "", "So did I.");
    ASSERT_TRUE(service_.give_kudos(noor_, kWork).ok());
    ASSERT_TRUE(service_.give_kudos(deniz_, kWork).ok());
    ASSERT_TRUE(blocks_.keep_apart(deniz_, *noor_.person, blocks::Kind::mute).ok());

    const ChapterCounts hers = counts(deniz_);
    EXPECT_THAT(hers.by_paragraph, UnorderedElementsAre(Pair("a1", 2)));
    EXPECT_EQ(hers.on_chapter, 1);
    EXPECT_EQ(hers.kudos, 1);
    EXPECT_TRUE(hers.gave_kudos);
    const ChapterCounts others = counts(abi_);
    EXPECT_THAT(others.by_paragraph, UnorderedElementsAre(Pair("a1", 4), Pair("b2", 1)));
    EXPECT_EQ(others.kudos, 2);
    EXPECT_EQ(counts(noor_).on_chapter, 2);  // a mute is not noticed
    EXPECT_EQ(
        database_->read([&](sql::Reader& reader) { return service_.work_counts(reader, deniz_, kWork); })
            .kudos,
        1);
    EXPECT_EQ(database_->read([&](sql::Reader& reader) {
        return store::paragraph_count(reader, deniz_, kChapter, "a1", false);
    }),
              2);

    // What noor began keeps its place for the answer under it, without words; what she answered is not there.
    const auto page = on_paragraph(deniz_, "a1");
    ASSERT_EQ(page.conversations.size(), 2U);
    EXPECT_TRUE(page.conversations[0].begin.apart);
    ASSERT_EQ(page.conversations[0].replies.size(), 1U);
    EXPECT_EQ(page.conversations[0].replies[0].author, *abi_.person);
    EXPECT_TRUE(page.conversations[1].replies.empty());
    EXPECT_TRUE(on_paragraph(deniz_, "b2").conversations.empty());
    EXPECT_EQ(on_paragraph(noor_, "a1").conversations[1].replies.size(), 1U);

    database_->read([&](sql::Reader& reader) {
        EXPECT_EQ(service_.comment(reader, deniz_, noors).error().code, ErrorCode::not_found);
        EXPECT_TRUE(service_.comment(reader, noor_, denizs).ok());
    });
    // Nor may she answer what she does not see.
    EXPECT_EQ(say(deniz_, "a1", "To noor.", {}, noors).error().code, ErrorCode::not_found);

    ASSERT_TRUE(blocks_.take_back(deniz_, *noor_.person).ok());
    EXPECT_THAT(counts(deniz_).by_paragraph, UnorderedElementsAre(Pair("a1", 4), Pair("b2", 1)));
    EXPECT_EQ(counts(deniz_).kudos, 2);
}

TEST_P(Answering, WhoIsBlockedReachesNothingOfTheAuthor) {
    const auto noors = must_say(noor_, "a1", "Before.");
    const auto abis = must_say(abi_, "a1", "Mine.");
    ASSERT_TRUE(blocks_.keep_apart(abi_, *noor_.person, blocks::Kind::block).ok());
    EXPECT_EQ(say(noor_, "a1", "After.").error().code, ErrorCode::not_found);
    EXPECT_EQ(say(noor_, "a1", "After.", {}, abis).error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.give_kudos(noor_, kWork).error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.add_bookmark(noor_, kWork).error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.edit_comment(noor_, noors, "Otherwise.").error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.hide_comment(abi_, noors).error().code, ErrorCode::not_found);
    // Nobody else notices, and what is hers she may take back.
    EXPECT_EQ(counts(deniz_).by_paragraph.at("a1"), 2);
    EXPECT_EQ(counts(abi_).by_paragraph.at("a1"), 1);
    EXPECT_TRUE(
        database_->read([&](sql::Reader& reader) { return service_.for_author(reader, abi_, 10); }).empty());
    EXPECT_TRUE(service_.delete_comment(noor_, noors).ok());
    EXPECT_EQ(counts(deniz_).by_paragraph.at("a1"), 1);
    EXPECT_EQ(counts(abi_).by_paragraph.at("a1"), 1);
}

TEST_P(Answering, WhoMayBeApartIsToldOfNoNumber) {
    Actor alone = deniz_;
    alone.may_be_apart = false;
    EXPECT_EQ(live_channel(visitor_, kChapter), "chapter:" + kChapter.text());
    EXPECT_EQ(live_channel(alone, kChapter), "chapter:" + kChapter.text());
    must_say(noor_, "a1", "Hello.");
    EXPECT_THAT(looks_, ElementsAre(Pair(live_channel(deniz_, kChapter), R"({"paragraph":"a1"})")));
}

TEST_P(Answering, ACommentOnAParagraphIsStoredCountedAndTold) {
    const auto said = say(deniz_, "a1", "  This line made me *stop*.\r\nCould he? ");
    ASSERT_TRUE(said.ok());
    const CommentRow& row = said->comment;
    EXPECT_EQ(row.text, "This line made me *stop*.\nCould he?");
    EXPECT_THAT(row.html, HasSubstr("<em>stop</em>"));
    EXPECT_EQ(row.quote, "The storm arrived.");
    EXPECT_EQ(row.thread, row.id);
    EXPECT_THAT(counts(visitor_).by_paragraph, UnorderedElementsAre(Pair("a1", 1)));
    EXPECT_THAT(events(), ElementsAre("feedback.comment_posted.v1"));
    EXPECT_THAT(heard_, ElementsAre(Pair("chapter:" + kChapter.text(), R"({"paragraph":"a1","count":1})")));

    const auto page = on_paragraph(visitor_, "a1");
    ASSERT_EQ(page.conversations.size(), 1U);
    EXPECT_EQ(page.conversations[0].begin.text, row.text);
    EXPECT_FALSE(page.next);
}

TEST_P(Answering, ACommentOnTheChapterAsAWhole) {
    must_say(deniz_, "", "All of it.");
    EXPECT_EQ(counts(noor_).on_chapter, 1);
    EXPECT_THAT(counts(noor_).by_paragraph, IsEmpty());
    EXPECT_EQ(on_paragraph(noor_, "").conversations.size(), 1U);
}

TEST_P(Answering, AReplyToAReplyJoinsTheSameConversation) {
    const auto first = must_say(deniz_, "a1", "One");
    const auto second = must_say(abi_, "", "Two", first);
    const auto third = must_say(noor_, "b2", "Three", second);  // the paragraph is the conversation's
    const auto page = on_paragraph(visitor_, "a1");
    ASSERT_EQ(page.conversations.size(), 1U);
    EXPECT_EQ(page.conversations[0].begin.id, first);
    ASSERT_EQ(page.conversations[0].replies.size(), 2U);
    EXPECT_EQ(page.conversations[0].replies[1].id, third);
    EXPECT_EQ(page.conversations[0].replies[1].thread, first);
    EXPECT_THAT(counts(visitor_).by_paragraph, UnorderedElementsAre(Pair("a1", 3)));
}

TEST_P(Answering, RefusesWhatIsEmptyTooLongOrOnNothing) {
    EXPECT_EQ(say(deniz_, "a1", " \n ").error().fields.at(0).message_key, "feedback.text_empty");
    std::string long_text;
    for (std::size_t i = 0; i < kMaxCodePoints; ++i)
        long_text += "é";
    EXPECT_TRUE(say(deniz_, "a1", long_text).ok());
    EXPECT_EQ(say(deniz_, "a1", long_text + "é").error().fields.at(0).message_key, "feedback.text_too_long");
    EXPECT_EQ(say(deniz_, "a1", "\xff").error().fields.at(0).message_key, "feedback.text_not_readable");
    EXPECT_EQ(say(deniz_, "zz", "Hm").error().fields.at(0).field, "paragraph");
    EXPECT_EQ(say(deniz_, "<b>", "Hm").error().code, ErrorCode::not_found);
    EXPECT_EQ(say(deniz_, "a1", "Hm", {}, CommentId{5}).error().code, ErrorCode::not_found);
    EXPECT_EQ(counts(deniz_).by_paragraph.at("a1"), 1);
}

TEST_P(Answering, AVisitorSignsInFirst) {
    EXPECT_EQ(say(visitor_, "a1", "Hi").error().code, ErrorCode::unauthenticated);
}

TEST_P(Answering, ATokenWithoutTheRightToWriteIsRefused) {
    Actor reader = deniz_;
    reader.scopes = static_cast<std::uint8_t>(access::Scope::read);
    EXPECT_EQ(say(reader, "a1", "Hi").error().code, ErrorCode::forbidden);
}

TEST_P(Answering, TheSameFormTwiceIsOneComment) {
    const auto first = say(deniz_, "a1", "Once", "t1");
    const auto again = say(deniz_, "a1", "Once", "t1");
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again->again);
    EXPECT_EQ(again->comment.id, first->comment.id);
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 1);
    EXPECT_EQ(heard_.size(), 1U);
    EXPECT_EQ(events().size(), 1U);

    // Gone back to and filled in anew: nothing that was written is lost.
    const auto other = say(deniz_, "a1", "Something else", "t1");
    ASSERT_TRUE(other.ok());
    EXPECT_FALSE(other->again);
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 2);
    // Another person's token of the same name is another form.
    EXPECT_FALSE(say(noor_, "a1", "Once", "t1")->again);
    // The same words somewhere else are said there.
    const auto elsewhere = say(deniz_, "", "Once", "t1");
    ASSERT_TRUE(elsewhere.ok());
    EXPECT_FALSE(elsewhere->again);
    EXPECT_EQ(elsewhere->comment.paragraph, "");
}

TEST_P(Answering, EditsWithinADayAreMarkedAndKeepWhatWasSaid) {
    const auto id = must_say(deniz_, "a1", "Frist");
    clock_.advance(std::chrono::hours(23));
    const auto edited = service_.edit_comment(deniz_, id, "First");
    ASSERT_TRUE(edited.ok());
    EXPECT_EQ(edited->comment.edited_at, clock_.now());
    EXPECT_EQ(on_paragraph(noor_, "a1").conversations.at(0).begin.text, "First");
    EXPECT_THAT(database_->read([](sql::Reader& reader) { return reader.all<std::string>(kVersions); }),
                ElementsAre("Frist"));

    EXPECT_EQ(service_.edit_comment(noor_, id, "Mine").error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.edit_comment(abi_, id, "Mine").error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.edit_comment(deniz_, id, "").error().code, ErrorCode::invalid);
    clock_.advance(std::chrono::hours(2));
    const auto late = service_.edit_comment(deniz_, id, "Later");
    EXPECT_EQ(late.error().code, ErrorCode::forbidden);
    EXPECT_EQ(late.error().message_key, "feedback.too_late_to_edit");
}

TEST_P(Answering, ADeletedCommentLeavesItsPlaceWhileItHasReplies) {
    const auto first = must_say(deniz_, "a1", "Gone soon");
    const auto reply = must_say(noor_, "", "Stays", first);
    EXPECT_EQ(service_.delete_comment(noor_, first).error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.delete_comment(abi_, first).error().code, ErrorCode::not_found);
    ASSERT_TRUE(service_.delete_comment(deniz_, first).ok());
    EXPECT_EQ(service_.delete_comment(deniz_, first).error().code, ErrorCode::not_found);

    auto page = on_paragraph(visitor_, "a1");
    ASSERT_EQ(page.conversations.size(), 1U);
    EXPECT_EQ(page.conversations[0].begin.state, State::deleted);
    EXPECT_EQ(page.conversations[0].begin.text, "");
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 1);

    ASSERT_TRUE(service_.delete_comment(noor_, reply).ok());
    EXPECT_THAT(on_paragraph(visitor_, "a1").conversations, IsEmpty());
    EXPECT_THAT(counts(visitor_).by_paragraph, IsEmpty());
    // Nobody answers what is not there.
    EXPECT_EQ(say(noor_, "", "Hello", {}, first).error().code, ErrorCode::not_found);
}

TEST_P(Answering, AHiddenCommentIsSeenByItsTwoAuthorsOnly) {
    const auto id = must_say(deniz_, "a1", "Spoiler");
    EXPECT_EQ(service_.hide_comment(deniz_, id).error().code, ErrorCode::not_found);
    EXPECT_EQ(service_.hide_comment(noor_, id).error().code, ErrorCode::not_found);
    ASSERT_TRUE(service_.hide_comment(abi_, id).ok());
    ASSERT_TRUE(service_.hide_comment(abi_, id).ok());  // twice is once

    EXPECT_THAT(on_paragraph(visitor_, "a1").conversations, IsEmpty());
    EXPECT_THAT(on_paragraph(noor_, "a1").conversations, IsEmpty());
    EXPECT_EQ(on_paragraph(deniz_, "a1").conversations.size(), 1U);
    EXPECT_EQ(on_paragraph(abi_, "a1").conversations.size(), 1U);
    EXPECT_THAT(counts(noor_).by_paragraph, IsEmpty());
    EXPECT_THAT(counts(abi_).by_paragraph, UnorderedElementsAre(Pair("a1", 1)));
    EXPECT_EQ(say(noor_, "", "What did it say", {}, id).error().code, ErrorCode::not_found);
    EXPECT_EQ(heard_.back().second, R"({"paragraph":"a1","count":0})");

    // With a visible reply its place stays.
    must_say(deniz_, "", "Sorry", id);
    EXPECT_EQ(on_paragraph(noor_, "a1").conversations.size(), 1U);

    ASSERT_TRUE(service_.show_comment(abi_, id).ok());
    EXPECT_EQ(counts(noor_).by_paragraph.at("a1"), 2);
    EXPECT_THAT(events(), ElementsAre("feedback.comment_posted.v1", "feedback.comment_changed.v1",
                                      "feedback.comment_posted.v1", "feedback.comment_changed.v1"));
}

TEST_P(Answering, FrozenShowsAndTakesNothing) {
    const auto id = must_say(deniz_, "a1", "Before");
    library_.shelf.at(kWork).comments = CommentsPolicy::frozen;
    EXPECT_EQ(say(noor_, "a1", "After").error().message_key, "feedback.frozen");
    EXPECT_EQ(say(noor_, "", "After", {}, id).error().message_key, "feedback.frozen");
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 1);
    EXPECT_TRUE(service_.delete_comment(deniz_, id).ok());
}

TEST_P(Answering, ClosedShowsNothingToOthersNotEvenCounts) {
    const auto id = must_say(deniz_, "a1", "Before");
    library_.shelf.at(kWork).comments = CommentsPolicy::closed;
    EXPECT_EQ(say(noor_, "a1", "After").error().message_key, "feedback.closed");
    EXPECT_THAT(counts(noor_).by_paragraph, IsEmpty());
    EXPECT_THAT(counts(deniz_).by_paragraph, IsEmpty());
    EXPECT_EQ(counts(abi_).by_paragraph.at("a1"), 1);
    EXPECT_FALSE(decide(ViewComments{}, noor_, facts()).allowed());
    EXPECT_TRUE(decide(ViewComments{}, abi_, facts()).allowed());
    EXPECT_EQ(service_.edit_comment(deniz_, id, "Mine").error().code, ErrorCode::not_found);
    EXPECT_TRUE(service_.delete_comment(deniz_, id).ok());
}

TEST_P(Answering, WhatIsNotForAnAgeBandHasNoCommentsForIt) {
    const auto id = must_say(deniz_, "a1", "For teens");
    library_.shelf.at(kWork).rating = access::Rating::mature;
    for (const Actor& actor : {visitor_, noor_, person(14, AgeBand::child)}) {
        EXPECT_EQ(say(actor, "a1", "Hi").error().code, ErrorCode::not_found);
        EXPECT_EQ(database_->read([&](sql::Reader& reader) { return service_.comment(reader, actor, id); })
                      .error()
                      .code,
                  ErrorCode::not_found);
        EXPECT_EQ(service_.give_kudos(actor, kWork).error().code, ErrorCode::not_found);
        EXPECT_EQ(service_.add_bookmark(actor, kWork).error().code, ErrorCode::not_found);
    }
    EXPECT_EQ(service_.edit_comment(deniz_, id, "Still mine").error().code, ErrorCode::not_found);
    EXPECT_TRUE(service_.delete_comment(deniz_, id).ok());  // what one wrote one can take back
    EXPECT_TRUE(service_.give_kudos(person(15, AgeBand::adult), kWork).ok());
}

TEST_P(Answering, DraftsAreNotAnswered) {
    const auto on_draft = [&](const Actor& actor) {
        return service_
            .post_comment(actor, {.work = kWork, .chapter = kDraft, .paragraph = "d1", .text = "Hi"})
            .error();
    };
    EXPECT_EQ(on_draft(deniz_).code, ErrorCode::not_found);
    EXPECT_EQ(on_draft(abi_).message_key, "feedback.not_on_drafts");
    EXPECT_EQ(
        service_.post_comment(deniz_, {.work = WorkId{7}, .chapter = kChapter, .text = "Hi"}).error().code,
        ErrorCode::not_found);
}

TEST_P(Answering, CommentsOnAParagraphThatWasRewrittenKeepItsWordsAndTakeReplies) {
    const auto id = must_say(deniz_, "a1", "Lovely");
    auto& paragraphs = library_.shelf.at(kWork).chapters[0].paragraphs;
    paragraphs.erase(paragraphs.begin());
    EXPECT_EQ(say(noor_, "a1", "New").error().fields.at(0).message_key, "feedback.paragraph_gone");
    must_say(noor_, "", "I miss it", id);
    const auto page = database_->read(
        [&](sql::Reader& reader) { return service_.on_chapter(reader, visitor_, facts(), {}, 20); });
    ASSERT_EQ(page.conversations.size(), 1U);
    EXPECT_EQ(page.conversations[0].begin.quote, "The storm arrived.");
    EXPECT_EQ(page.conversations[0].replies.size(), 1U);
}

TEST_P(Answering, PagesAreStable) {
    std::vector<CommentId> said;
    for (int i = 0; i < 7; ++i) {
        said.push_back(must_say(deniz_, i % 2 == 0 ? "a1" : "b2", "n" + std::to_string(i)));
        must_say(noor_, "", "reply", said.back());
    }
    std::vector<CommentId> seen;
    std::optional<CommentId> from;
    do {
        const auto page = on_paragraph(visitor_, "a1", from, 2);
        EXPECT_LE(page.conversations.size(), 2U);
        for (const auto& conversation : page.conversations) {
            seen.push_back(conversation.begin.id);
            EXPECT_EQ(conversation.replies.size(), 1U);
        }
        from = page.next;
    } while (from);
    EXPECT_THAT(seen, ElementsAre(said[0], said[2], said[4], said[6]));

    seen.clear();
    do {
        const auto page = database_->read(
            [&](sql::Reader& reader) { return service_.on_chapter(reader, visitor_, facts(), from, 3); });
        for (const auto& conversation : page.conversations)
            seen.push_back(conversation.begin.id);
        if (seen.size() == 3)
            must_say(noor_, "b2", "in between");  // newer than where the reader is: does not shift her pages
        from = page.next;
    } while (from);
    EXPECT_THAT(seen, ElementsAre(said[6], said[5], said[4], said[3], said[2], said[1], said[0]));
}

TEST_P(Answering, ALongConversationGoesOnOnItsOwnPage) {
    const auto first = must_say(deniz_, "a1", "Count with me");
    for (int i = 0; i < 5; ++i)
        must_say(noor_, "", std::to_string(i), first);
    auto part = database_->read(
        [&](sql::Reader& reader) { return service_.conversation(reader, visitor_, facts(), first, {}, 3); });
    ASSERT_TRUE(part.ok());
    EXPECT_EQ(part->replies.size(), 3U);
    EXPECT_TRUE(part->more_replies);
    auto rest = database_->read([&](sql::Reader& reader) {
        return service_.conversation(reader, visitor_, facts(), first, part->replies.back().id, 3);
    });
    EXPECT_EQ(rest->replies.size(), 2U);
    EXPECT_FALSE(rest->more_replies);
}

TEST_P(Answering, KudosAreGivenOncePerPersonAndCanBeTakenBack) {
    EXPECT_EQ(service_.give_kudos(deniz_, kWork)->kudos, 1);
    const auto twice = service_.give_kudos(deniz_, kWork);
    EXPECT_EQ(twice->kudos, 1);
    EXPECT_TRUE(twice->gave_kudos);
    EXPECT_EQ(service_.give_kudos(noor_, kWork)->kudos, 2);
    EXPECT_EQ(service_.give_kudos(abi_, kWork).error().message_key, "feedback.no_kudos_for_oneself");
    EXPECT_EQ(service_.give_kudos(visitor_, kWork).error().code, ErrorCode::unauthenticated);
    const auto back = service_.withdraw_kudos(deniz_, kWork);
    EXPECT_EQ(back->kudos, 1);
    EXPECT_FALSE(back->gave_kudos);
    EXPECT_EQ(service_.withdraw_kudos(deniz_, kWork)->kudos, 1);
    EXPECT_THAT(events(), ElementsAre("feedback.kudos_given.v1", "feedback.kudos_given.v1",
                                      "feedback.kudos_withdrawn.v1"));
    const auto seen = counts(noor_);
    EXPECT_EQ(seen.kudos, 1);
    EXPECT_TRUE(seen.gave_kudos);
    EXPECT_FALSE(seen.bookmarked);
}

TEST_P(Answering, BookmarksAreListedNewestFirst) {
    for (std::int64_t i = 1; i <= 5; ++i) {
        auto work = library_.shelf.at(kWork);
        work.id = WorkId{1000 + i};
        library_.shelf[work.id] = work;
        ASSERT_TRUE(service_.add_bookmark(deniz_, work.id).ok());
        ASSERT_TRUE(service_.add_bookmark(deniz_, work.id).ok());
        if (i != 3) clock_.advance(std::chrono::seconds(1));
    }
    std::vector<std::int64_t> seen;
    std::optional<works::Cursor> after, next;
    do {
        const auto page = database_->read(
            [&](sql::Reader& reader) { return service_.bookmarks(reader, deniz_, after, 2, next); });
        for (const auto id : page)
            seen.push_back(id.value);
        after = next;
    } while (after);
    EXPECT_THAT(seen, ElementsAre(1005, 1004, 1003, 1002, 1001));
    library_.shelf.erase(WorkId{1004});
    EXPECT_TRUE(service_.remove_bookmark(deniz_, WorkId{1004}).ok());  // also of what is no longer to be seen
    EXPECT_TRUE(service_.remove_bookmark(deniz_, WorkId{1004}).ok());  // again: nothing to tell
    EXPECT_EQ(service_.add_bookmark(visitor_, kWork).error().code, ErrorCode::unauthenticated);
    // One event for each change, however often it is asked for.
    const auto told = events();
    EXPECT_EQ(std::ranges::count(told, "feedback.bookmark_added.v1"), 5);
    EXPECT_EQ(std::ranges::count(told, "feedback.bookmark_removed.v1"), 1);
}

TEST_P(Answering, TheAuthorHearsWhatOthersSay) {
    const auto first = must_say(deniz_, "a1", "Made me stop");
    must_say(abi_, "", "Thanks", first);
    must_say(noor_, "", "Me too", first);
    const auto hidden = must_say(noor_, "", "Rude");
    ASSERT_TRUE(service_.hide_comment(abi_, hidden).ok());
    const auto recent =
        database_->read([&](sql::Reader& reader) { return service_.for_author(reader, abi_, 10); });
    ASSERT_EQ(recent.size(), 2U);
    EXPECT_EQ(recent[0].author, *noor_.person);
    EXPECT_EQ(recent[0].quote, "The storm arrived.");
    EXPECT_EQ(recent[0].chapter_title, "The stairs that count back");
    EXPECT_EQ(recent[0].chapter_number, 1);
    EXPECT_EQ(recent[1].id, first);
    EXPECT_THAT(
        database_->read([&](sql::Reader& reader) { return service_.for_author(reader, visitor_, 10); }),
        IsEmpty());
}

TEST_P(Answering, TwoKudosAtOnceAreOne) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { EXPECT_TRUE(service_.give_kudos(deniz_, kWork).ok()); });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(counts(visitor_).kudos, 1);
    EXPECT_EQ(events().size(), 1U);
}

TEST_P(Answering, TheSameFormSentByManyThreadsIsOneComment) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { EXPECT_TRUE(say(deniz_, "a1", "Once", "t").ok()); });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 1);
}

TEST_P(Answering, EightThreadsCommentingCountExactly) {
    constexpr int kEach = 25;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i) {
                EXPECT_TRUE(
                    say(person(500 + t), i % 2 == 0 ? "a1" : "b2", "Hello " + std::to_string(i)).ok());
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    const auto seen = counts(visitor_).by_paragraph;
    EXPECT_EQ(seen.at("a1") + seen.at("b2"), 8 * kEach);
    service_.rebuild_counts();
    EXPECT_EQ(counts(visitor_).by_paragraph, seen);
}

// Whatever people do in whatever order, the counts are those of a recount, for everybody and for the work's
// author, and those of the comments that are listed.
TEST_P(Answering, CountsEqualARecount) {
    rc::detail::TestParams params;
    params.maxSuccess = 25;
    params.maxSize = 40;
    std::int64_t next_chapter = 10'000;
    const auto result = rc::detail::checkTestable(
        [&](const std::vector<std::array<std::uint8_t, 3>>& steps) {
            const ChapterId chapter{next_chapter++};
            auto& work = library_.shelf.at(kWork);
            work.chapters[0].id = chapter;
            std::vector<CommentId> comments;
            for (const auto& [what, who, which] : steps) {
                const Actor actor = person(11 + who % 3);
                const auto some = [&]() { return comments[which % comments.size()]; };
                switch (comments.empty() ? 0 : what % 8) {
                    case 0:
                    case 1: {
                        const char* const places[] = {"", "a1", "b2"};
                        const auto said = service_.post_comment(actor, {.work = kWork,
                                                                        .chapter = chapter,
                                                                        .paragraph = places[which % 3],
                                                                        .text = "Hi"});
                        RC_ASSERT(said.ok());
                        comments.push_back(said->comment.id);
                        break;
                    }
                    case 2: {
                        const auto said = service_.post_comment(
                            actor, {.work = kWork, .chapter = chapter, .reply_to = some(), .text = "Re"});
                        if (said.ok()) comments.push_back(said->comment.id);
                        break;
                    }
                    case 3:
                        (void)service_.delete_comment(actor, some()).ok();
                        break;
                    case 4:
                        (void)service_.hide_comment(abi_, some()).ok();
                        break;
                    case 5:
                        (void)service_.show_comment(abi_, some()).ok();
                        break;
                    default: {  // a guardian takes consent back, or gives it again; or she outgrows him
                        const PersonId child{12 + who % 2};
                        database_->with_tx([&](sql::Tx& tx) {
                            CommentReach reach;
                            if (which % 5 == 0) reach.settle(tx, child);
                            reach.follow(tx, child, {access::Choices::all(), which % 2 == 0});
                            return true;
                        });
                        break;
                    }
                }
            }
            const auto kept = [&](const Actor& actor) {
                const auto counted = database_->read(
                    [&](sql::Reader& reader) { return service_.counts(reader, actor, facts(chapter)); });
                std::map<std::string, int> numbers(counted.by_paragraph.begin(), counted.by_paragraph.end());
                if (counted.on_chapter != 0) numbers[""] = counted.on_chapter;
                return numbers;
            };
            const auto listed = [&](const Actor& actor) {
                std::map<std::string, int> numbers;
                const auto page = database_->read([&](sql::Reader& reader) {
                    return service_.on_chapter(reader, actor, facts(chapter), {}, 1000);
                });
                for (const auto& conversation : page.conversations) {
                    const CommentFacts seen{.author = conversation.begin.author,
                                            .work_author = conversation.begin.work_author,
                                            .state = conversation.begin.state,
                                            .withheld = conversation.begin.withheld != Withheld::no};
                    if (may_see(actor, seen)) ++numbers[conversation.begin.paragraph];
                    for (const auto& reply : conversation.replies)
                        ++numbers[reply.paragraph];
                }
                return numbers;
            };
            const auto everybody = kept(visitor_), author = kept(abi_);
            RC_ASSERT(everybody == listed(visitor_));
            RC_ASSERT(author == listed(abi_));
            service_.rebuild_counts();
            RC_ASSERT(everybody == kept(visitor_));
            RC_ASSERT(author == kept(abi_));
            RC_ASSERT(everybody == listed(visitor_));
        },
        rc::detail::TestMetadata{"counts", "counts equal a recount"}, params);
    std::ostringstream message;
    rc::detail::printResultMessage(result, message);
    EXPECT_TRUE(result.is<rc::detail::SuccessResult>()) << message.str();
}

TEST_P(Answering, OfAPausedAccountAreNobodysButHersUntilSheIsBack) {
    const auto first = must_say(deniz_, "a1", "One");
    must_say(noor_, "a1", "Another");
    CommentReach reach;
    const auto decide = [&](bool paused) {
        database_->with_tx([&](sql::Tx& tx) {
            reach.follow(tx, *deniz_.person, {access::Choices::all(), paused});
            reach.follow(tx, *deniz_.person, {access::Choices::all(), paused});
            return true;
        });
    };
    const auto seen_by = [&](const Actor& actor) {
        return database_->read(
            [&](sql::Reader& reader) { return service_.comment(reader, actor, first).ok(); });
    };
    decide(true);
    for (const Actor& actor : {visitor_, noor_, abi_}) {
        EXPECT_FALSE(seen_by(actor));
        EXPECT_EQ(counts(actor).by_paragraph.at("a1"), 1);
    }
    EXPECT_TRUE(seen_by(deniz_));
    EXPECT_EQ(service_.hide_comment(abi_, first).error().code, ErrorCode::not_found);
    EXPECT_EQ(
        service_.post_comment(noor_, {.work = kWork, .chapter = kChapter, .reply_to = first, .text = "Re"})
            .error()
            .code,
        ErrorCode::not_found);
    decide(false);
    EXPECT_TRUE(seen_by(visitor_));
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 2);
    // Grown up while it was taken back: nothing comes out by itself.
    decide(true);
    database_->with_tx([&](sql::Tx& tx) {
        reach.settle(tx, *deniz_.person);
        return true;
    });
    decide(false);
    EXPECT_FALSE(seen_by(visitor_));
    EXPECT_TRUE(seen_by(deniz_));
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 1);
    ASSERT_TRUE(service_.delete_comment(deniz_, first).ok());
    EXPECT_EQ(counts(visitor_).by_paragraph.at("a1"), 1);
}

// Two people alone see what the work's author hid: an adult and a child could go on there.
TEST_P(Answering, OfAHiddenCommentNothingIsChangedAnyMore) {
    const auto id = must_say(noor_, "a1", "One");
    ASSERT_TRUE(service_.hide_comment(abi_, id).ok());
    EXPECT_EQ(service_.edit_comment(noor_, id, "Two").error().message_key, "feedback.hidden_stays");
    ASSERT_TRUE(service_.show_comment(abi_, id).ok());
    EXPECT_TRUE(service_.edit_comment(noor_, id, "Two").ok());
    ASSERT_TRUE(service_.hide_comment(abi_, id).ok());
    EXPECT_TRUE(service_.delete_comment(noor_, id).ok());
}

TEST_P(Answering, WhatIsGoneTakesItsAnswersAlongOnceAndAgain) {
    const auto id = must_say(deniz_, "a1", "One");
    ASSERT_TRUE(service_.edit_comment(deniz_, id, "Two").ok());
    ASSERT_TRUE(service_.give_kudos(deniz_, kWork).ok());
    ASSERT_TRUE(service_.add_bookmark(deniz_, kWork).ok());
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
    works::ChapterDeleted chapter{
        .work = kWork.text(), .chapter = kChapter.text(), .author = abi_.person->text()};
    deliver(works::ChapterDeleted::kType, events::Codec<works::ChapterDeleted>::to_json(chapter));
    EXPECT_THAT(on_paragraph(abi_, "a1").conversations, IsEmpty());
    EXPECT_THAT(counts(abi_).by_paragraph, IsEmpty());
    EXPECT_EQ(counts(deniz_).kudos, 1);

    must_say(deniz_, "b2", "Again");
    works::WorkDeleted work{.work = kWork.text(), .author = abi_.person->text()};
    deliver(works::WorkDeleted::kType, events::Codec<works::WorkDeleted>::to_json(work));
    const auto seen = counts(deniz_);
    EXPECT_EQ(seen.kudos, 0);
    EXPECT_FALSE(seen.bookmarked);
    EXPECT_THAT(seen.by_paragraph, IsEmpty());
}

TEST(FeedbackEvents, TravelAsJson) {
    const CommentPosted posted{"c", "w", "h", "a1", "p", "q", "t", "r"};
    const auto back = events::Codec<CommentPosted>::from_json(events::Codec<CommentPosted>::to_json(posted));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->paragraph, "a1");
    EXPECT_EQ(back->thread_author, "r");
    EXPECT_FALSE(events::Codec<CommentPosted>::from_json("{}").ok());
    EXPECT_FALSE(events::Codec<KudosGiven>::from_json("[1").ok());
    EXPECT_EQ(events::Codec<CommentChanged>::from_json(
                  events::Codec<CommentChanged>::to_json({"c", "w", "h", "hidden", "b"}))
                  ->what,
              "hidden");
}

TEST(FeedbackModel, ParagraphKeys) {
    EXPECT_TRUE(is_paragraph_key("a1"));
    EXPECT_FALSE(is_paragraph_key(""));
    EXPECT_FALSE(is_paragraph_key("A1"));
    EXPECT_FALSE(is_paragraph_key("0123456789abc"));
}

}  // namespace
}  // namespace braid::feedback
