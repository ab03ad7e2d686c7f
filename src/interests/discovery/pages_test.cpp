// The pages a reader sees, asked for through the router with everything below them real but the library and
// the people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "interests/discovery/module.h"
#include "interests/discovery/steps.h"
#include "interests/feedback/module.h"
#include "interests/reading/module.h"
#include "platform/http/security.h"
#include "platform/jobs/jobs.h"
#include "shell/shell.h"
#include "support/databases.h"
#include "support/fake_library.h"
#include "support/guard.h"

namespace braid::feedback {
std::span<const sql::Migration> migrations();
}
namespace braid::reading {
std::span<const sql::Migration> migrations();
}

namespace braid::discovery {
namespace {

using access::Actor;
using access::AgeBand;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using works::ChapterId;
using works::CommentsPolicy;
using works::WorkId;

Actor person(std::int64_t id, AgeBand band = AgeBand::teen) {
    Actor actor;
    actor.person = access::PersonId{id};
    actor.band = band;
    return actor;
}

// What guidance says, whoever asks.
struct Suggesting final : guidance::Guide {
    std::vector<guidance::Suggestion> list;
    std::vector<guidance::Suggestion> for_you(sql::Session&, const Actor&, i18n::Language) const override {
        return list;
    }
};

struct Answer {
    int status = 0;
    std::string body, location, etag;
};

// Abi cares about ghost stories and shows it; about lamps, and does not.
class FakeInterests : public topics::Interests {
  public:
    std::vector<topics::TopicId> topics_of(sql::Session&, access::PersonId) const override { return {}; }
    std::vector<topics::ShownInterest> shown_to(sql::Session&, const Actor& actor, access::PersonId person,
                                                std::string_view) const override {
        if (person.value != 11 || !actor.signed_in()) return {};
        std::vector<topics::ShownInterest> list{{topics::TopicId{500}, "Ghost tales"}};
        if (actor.is(person)) list.push_back({topics::TopicId{501}, "Lamp making"});
        return list;
    }
    std::vector<topics::NewInTopic> news(sql::Session&, const Actor&, std::string_view,
                                         std::size_t) const override {
        return fresh;
    }
    std::vector<topics::MeantTopic> meaning_of(sql::Session&, const Actor& actor, const works::Tag& tag,
                                               std::string_view, std::string_view) const override {
        if (tag.key != "ghost stories") return {};
        return {{topics::TopicId{500}, "Ghost tales", "en", actor.is(access::PersonId{11})}};
    }
    std::string label(topics::TopicId, std::string_view) const override { return "Ghost tales"; }
    std::vector<topics::NewInTopic> fresh;
};

class ReadersSide : public ::testing::Test {
  protected:
    ReadersSide() {
        people_.add({.id = *abi_.person,
                     .handle = "abi",
                     .display_name = "Abi <3",
                     .band = AgeBand::teen,
                     .bio_html = "<p>Lamps.</p>"});
        people_.add({.id = *deniz_.person,
                     .handle = "deniz",
                     .display_name = "Deniz",
                     .band = AgeBand::adult,
                     .listed = true});
        auto& work = library_.shelf[kWork];
        work.id = kWork;
        work.author = *abi_.person;
        work.tags = {{"ghost stories", "Ghost Stories"}};
        work.updated_at = clock_.now();
        work.chapters.push_back({.id = kFirst,
                                 .title = "The lamp",
                                 .published_at = clock_.now(),
                                 .paragraphs = {{"a1", "<p>One.</p>"}}});
        work.chapters.push_back({.id = kSecond,
                                 .title = "The stairs & the sea",
                                 .published_at = clock_.now(),
                                 .paragraphs = {{"b1", "<p>The storm.</p>"}, {"b2", "<p>The radio.</p>"}}});
        work.chapters.push_back({.id = kDraft, .title = "Unfinished", .published = false, .words = 321});
        for (auto* describe : {&feedback_described_, &reading_described_, &discovery_described_})
            describe->routes(router_);
    }

    Answer ask(const Actor& actor, http::Method method, std::string_view target, http::Fields form = {},
               bool fragment = false) {
        http::Request request;
        request.method = method;
        request.target = target;
        const auto question = target.find('?');
        request.path = target.substr(0, question);
        if (question != std::string_view::npos) {
            for (const auto pair : split(target.substr(question + 1), '&')) {
                const auto equals = pair.find('=');
                request.query.add(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
            }
        }
        request.form.fields = std::move(form);
        request.received = clock_.now();
        request.attach(http::CsrfToken{random_.token(32)});  // masked anew for every request
        if (fragment) request.headers.emplace_back("hx-request", "true");
        auto match = router_.find(method, request.path);
        EXPECT_NE(match.route, nullptr) << target;
        if (match.route == nullptr) return {};
        request.path_parameters = std::move(match.parameters);
        request.route = match.route->pattern;
        const http::Response response = context_(request, [&](http::Request& inner) {
            inner.attach(actor);
            if (actor.person)
                inner.attach(shell::Viewer{.id = actor.person->text(), .handle = "me", .display_name = "Me"});
            auto handled = match.route->handler(inner);
            return handled.ok() ? std::move(*handled) : shell::error_page(inner, handled.error());
        });
        Answer answer{.status = response.status};
        if (const auto* body = std::get_if<std::string>(&response.body)) answer.body = *body;
        for (const auto& [name, value] : response.headers) {
            if (ascii_iequals(name, "location")) answer.location = value;
            if (ascii_iequals(name, "etag")) answer.etag = value;
        }
        return answer;
    }
    Answer get(const Actor& actor, std::string_view target, bool fragment = false) {
        return ask(actor, http::Method::get, target, {}, fragment);
    }
    Answer post(const Actor& actor, std::string_view target,
                std::initializer_list<std::pair<std::string, std::string>> form, bool fragment = false) {
        http::Fields fields;
        for (const auto& [name, value] : form)
            fields.add(name, value);
        return ask(actor, http::Method::post, target, std::move(fields), fragment);
    }

    static constexpr WorkId kWork{100};
    static constexpr ChapterId kFirst{200}, kSecond{201}, kDraft{202};
    const Actor abi_ = person(11), deniz_ = person(12, AgeBand::adult), visitor_{};
    const std::string work_ = "/works/" + kWork.text(), chapter_ = work_ + "/chapters/" + kSecond.text();

    testing::TestDatabase database_{
        sql::Engine::sqlite,
        {feedback::migrations(), reading::migrations(), jobs::migrations(), blocks::migrations()}};
    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{1};
    events::Outbox outbox_{ids_, clock_};
    testing::FakeLibrary library_;
    testing::FakePeople people_;
    braid::testing::NobodyGuards guard_;
    feedback::FeedbackModule feedback_{*database_, clock_,  ids_,   random_, outbox_,
                                       library_,   people_, guard_, {}};
    reading::ReadingModule reading_{*database_,          clock_, outbox_, library_, people_,
                                    feedback_.answers(), guard_};
    FakeInterests interests_;
    Suggesting guide_;
    DiscoveryModule discovery_{*database_, library_, feedback_.answers(), reading_.progress(), people_,
                               interests_, guide_};
    access::Module feedback_described_ = feedback_.describe(), reading_described_ = reading_.describe(),
                   discovery_described_ = discovery_.describe();
    http::Router router_;
    http::Middleware context_ = shell::page_context(clock_);
};

TEST_F(ReadersSide, TheChapterPageHasItsTextMarginAndWayOn) {
    const auto first = get(deniz_, work_ + "/chapters/" + kFirst.text());
    EXPECT_EQ(first.status, 200);
    EXPECT_THAT(first.body, HasSubstr("rel=\"next\" href=\"" + chapter_ + "\""));
    const auto page = get(deniz_, chapter_);
    EXPECT_THAT(page.body, AllOf(HasSubstr("id=\"p-b1\""), HasSubstr("<p>The storm.</p>"),
                                 HasSubstr("class=\"mark none\""), HasSubstr("The stairs &amp; the sea"),
                                 HasSubstr("Abi &lt;3"), HasSubstr("Chapter 2 of 2"), HasSubstr("<noscript>"),
                                 Not(HasSubstr("/edit\""))));
    EXPECT_FALSE(page.etag.empty());
    EXPECT_EQ(get(deniz_, chapter_).etag, page.etag);
    EXPECT_THAT(get(abi_, chapter_).body, HasSubstr(chapter_ + "/edit"));
    EXPECT_THAT(get(visitor_, chapter_).body, Not(HasSubstr("<noscript>")));
}

TEST_F(ReadersSide, HomeSaysWhatIsForHerAndWhy) {
    EXPECT_THAT(get(deniz_, "/").body, HasSubstr("href=\"/interests\""));
    guidance::Suggestion one;
    one.line.card.id = kWork;
    one.line.card.title = "The <Lamp> Room";
    guidance::Reason reason;
    reason.act = guidance::Act::finished;
    reason.title = "Salt & Road";
    reason.amount = 0.5;
    one.reasons = {reason};
    guide_.list = {one};
    const auto page = get(deniz_, "/");
    EXPECT_THAT(page.body,
                AllOf(HasSubstr("The &lt;Lamp&gt; Room"), HasSubstr("Because you finished Salt &amp; Road."),
                      HasSubstr(work_ + "/not-for-me\"")));
    EXPECT_THAT(get(visitor_, "/").body, Not(HasSubstr("not-for-me")));
}

TEST_F(ReadersSide, AWorkThatEndsLeadsToWhatIsNext) {
    EXPECT_THAT(get(deniz_, chapter_).body, HasSubstr("data-hx-get=\"" + chapter_ + "/next\""));
    const auto first = work_ + "/chapters/" + kFirst.text();
    // Beside a next chapter too, as one small thing.
    EXPECT_THAT(get(deniz_, first).body,
                AllOf(HasSubstr("href=\"" + first + "/next\""), HasSubstr("class=\"after-chapter aside\""),
                      HasSubstr("data-hx-get=\"" + first + "/next\"")));
    EXPECT_THAT(get(deniz_, chapter_).body, Not(HasSubstr("after-chapter aside")));
    EXPECT_THAT(get(abi_, work_ + "/chapters/" + kDraft.text()).body, Not(HasSubstr("/next\"")));
}

TEST_F(ReadersSide, ACommentWithoutScriptIsShownInItsThread) {
    const auto before = get(deniz_, chapter_).etag;
    EXPECT_THAT(get(deniz_, chapter_ + "/comments?paragraph=b1").body,
                AllOf(HasSubstr("The storm."), HasSubstr("name=\"token\""), HasSubstr("textarea")));
    const auto posted = post(deniz_, chapter_ + "/comments",
                             {{"paragraph", "b1"}, {"text", "Made *me* stop <b>"}, {"token", "t"}});
    EXPECT_EQ(posted.status, 303);
    EXPECT_THAT(posted.location, HasSubstr(chapter_ + "/comments?paragraph=b1#c-"));
    const auto page = get(visitor_, chapter_);
    EXPECT_THAT(page.body, AllOf(HasSubstr("class=\"mark\""), HasSubstr(">1</a>")));
    EXPECT_NE(get(deniz_, chapter_).etag, before);
    EXPECT_THAT(get(visitor_, chapter_ + "/comments?paragraph=b1").body,
                AllOf(HasSubstr("/people/deniz"), HasSubstr("/sign-in?next="), Not(HasSubstr("textarea"))));
    EXPECT_THAT(get(visitor_, chapter_ + "/comments").body, HasSubstr(chapter_ + "#p-b1"));
}

TEST_F(ReadersSide, ACommentWithScriptSwapsItsThread) {
    const auto thread =
        post(deniz_, chapter_ + "/comments", {{"paragraph", "b2"}, {"text", "Oh"}, {"token", "t"}}, true);
    EXPECT_EQ(thread.status, 200);
    EXPECT_THAT(thread.body, AllOf(HasSubstr("data-thread"), HasSubstr("data-count=\"1\""),
                                   HasSubstr("hx-post"), Not(HasSubstr("<html"))));
    const auto refused =
        post(deniz_, chapter_ + "/comments", {{"paragraph", "b2"}, {"text", " "}, {"token", "u"}}, true);
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, AllOf(HasSubstr("field-error"), HasSubstr("value=\"u\"")));
    const auto on_chapter =
        post(abi_, chapter_ + "/comments", {{"paragraph", ""}, {"text", "All"}, {"token", "v"}}, true);
    EXPECT_THAT(on_chapter.body, HasSubstr("author"));
    EXPECT_EQ(get(abi_, chapter_ + "/comments?on=chapter", true).status, 200);
}

TEST_F(ReadersSide, EditingHidingAndDeletingLeadBackToTheComment) {
    post(deniz_, chapter_ + "/comments", {{"paragraph", "b1"}, {"text", "Frist"}, {"token", "t"}});
    const auto recent =
        database_->read([&](sql::Reader& reader) { return feedback_.answers().for_author(reader, abi_, 1); });
    const std::string id = recent.at(0).id.text(), comment = "/comments/" + id;
    EXPECT_THAT(get(deniz_, comment + "/edit").body, HasSubstr("Frist"));
    EXPECT_EQ(get(abi_, comment + "/edit").status, 404);
    EXPECT_EQ(post(deniz_, comment + "/edit", {{"text", "First"}}).location,
              chapter_ + "/comments?paragraph=b1#c-" + id);
    EXPECT_EQ(post(deniz_, comment + "/edit", {{"text", ""}}).status, 422);
    EXPECT_EQ(post(deniz_, comment + "/hide", {}).status, 404);
    EXPECT_THAT(post(abi_, comment + "/hide", {}, true).body, HasSubstr("comment hidden"));
    EXPECT_THAT(get(visitor_, chapter_ + "/comments?paragraph=b1").body, Not(HasSubstr("First")));
    EXPECT_EQ(post(abi_, comment + "/show", {}).status, 303);
    EXPECT_THAT(post(deniz_, comment + "/delete", {}, true).body, HasSubstr("data-count=\"0\""));
}

TEST_F(ReadersSide, AnEarlierVersionsCommentsAreKeptWithTheirQuote) {
    post(deniz_, chapter_ + "/comments", {{"paragraph", "b1"}, {"text", "Lovely"}, {"token", "t"}});
    library_.shelf.at(kWork).chapters[1].paragraphs.erase(
        library_.shelf.at(kWork).chapters[1].paragraphs.begin());
    EXPECT_THAT(get(visitor_, chapter_ + "/comments").body,
                AllOf(HasSubstr("earlier version"), HasSubstr("The storm.")));
    EXPECT_THAT(get(deniz_, chapter_ + "/comments?paragraph=b1").body,
                AllOf(HasSubstr("earlier version"), HasSubstr("Lovely")));
    EXPECT_EQ(get(deniz_, chapter_ + "/comments?paragraph=zz").status, 404);
}

TEST_F(ReadersSide, KudosAndBookmarksToggle) {
    EXPECT_THAT(post(deniz_, work_ + "/kudos", {}, true).body, HasSubstr("aria-pressed=\"true\""));
    EXPECT_THAT(post(deniz_, work_ + "/kudos", {{"undo", "1"}}, true).body,
                HasSubstr("aria-pressed=\"false\""));
    EXPECT_EQ(post(abi_, work_ + "/kudos", {}).status, 403);
    EXPECT_EQ(post(deniz_, work_ + "/bookmark", {{"next", chapter_}}).location, chapter_);
    EXPECT_EQ(post(deniz_, work_ + "/bookmark", {{"next", "//evil.example"}}).location, work_);
    EXPECT_THAT(get(deniz_, "/library?show=saved").body, HasSubstr("The Lamp Room"));
    EXPECT_THAT(get(visitor_, work_).body, HasSubstr("/sign-in?next="));
}

TEST_F(ReadersSide, TheWorkPageStartsAndResumes) {
    EXPECT_THAT(get(visitor_, work_).body,
                AllOf(HasSubstr("Start reading"), HasSubstr("The lamp"), Not(HasSubstr("Unfinished"))));
    EXPECT_EQ(post(deniz_, chapter_ + "/progress", {{"paragraph", "b2"}, {"percent", "40"}}).status, 204);
    EXPECT_THAT(get(deniz_, work_).body, AllOf(HasSubstr("Resume chapter 2"), HasSubstr(chapter_ + "#p-b2")));
    EXPECT_THAT(get(deniz_, chapter_).body, HasSubstr("data-resume=\"b2\""));
    EXPECT_THAT(get(deniz_, "/library").body, HasSubstr("Resume"));
    EXPECT_THAT(get(deniz_, "/").body, HasSubstr("Resume"));
    EXPECT_EQ(post(visitor_, chapter_ + "/progress", {{"percent", "40"}}).status, 204);
    EXPECT_EQ(post(deniz_, chapter_ + "/progress", {{"percent", "x"}}).status, 422);
    EXPECT_EQ(get(deniz_, chapter_ + "/opened").status, 204);
}

TEST_F(ReadersSide, WhatIsNotForTheViewerIsNotFoundAnywhere) {
    post(deniz_, chapter_ + "/comments", {{"paragraph", "b1"}, {"text", "Secret"}, {"token", "t"}});
    library_.shelf.at(kWork).rating = access::Rating::mature;
    const Actor teen = person(14);
    for (const Actor& actor : {visitor_, teen}) {
        for (const std::string& path :
             {work_, chapter_, chapter_ + "/comments", chapter_ + "/comments?paragraph=b1",
              chapter_ + "/live", std::string("/tags/ghost%20stories")}) {
            EXPECT_EQ(get(actor, path).status, 404) << path;
        }
        EXPECT_THAT(get(actor, "/read").body, Not(HasSubstr("Lamp Room")));
        EXPECT_THAT(get(actor, "/").body, Not(AllOf(HasSubstr("Lamp Room"), HasSubstr("Ghost Stories"))));
    }
    EXPECT_EQ(get(deniz_, chapter_).status, 200);
}

TEST_F(ReadersSide, ClosedCommentsLeaveNoTraceForOthers) {
    post(deniz_, chapter_ + "/comments", {{"paragraph", "b1"}, {"text", "Before"}, {"token", "t"}});
    library_.shelf.at(kWork).comments = CommentsPolicy::closed;
    EXPECT_THAT(get(deniz_, chapter_).body,
                AllOf(Not(HasSubstr("class=\"mark")), Not(HasSubstr("id=\"comments\""))));
    EXPECT_EQ(get(deniz_, chapter_ + "/comments").status, 404);
    EXPECT_EQ(get(deniz_, chapter_ + "/live").status, 404);
    EXPECT_THAT(get(abi_, chapter_).body, HasSubstr("class=\"mark\""));
    library_.shelf.at(kWork).comments = CommentsPolicy::frozen;
    EXPECT_THAT(get(deniz_, chapter_).body, AllOf(HasSubstr("class=\"mark\""), Not(HasSubstr("mark none"))));
    EXPECT_THAT(get(deniz_, chapter_ + "/comments?paragraph=b1").body, Not(HasSubstr("textarea")));
}

TEST_F(ReadersSide, HomeSaysWhatBraidIsAndWhatWaits) {
    EXPECT_THAT(get(visitor_, "/").body,
                AllOf(HasSubstr("/sign-up"), HasSubstr("The Lamp Room"), HasSubstr("Ghost Stories")));
    post(deniz_, chapter_ + "/comments", {{"paragraph", "b1"}, {"text", "Made me stop"}, {"token", "t"}});
    const auto home = get(abi_, "/");
    EXPECT_THAT(home.body,
                AllOf(HasSubstr("Unfinished"), HasSubstr("Answer Deniz"), HasSubstr("Made me stop"),
                      HasSubstr("The storm."), HasSubstr("1 reader left you something")));
    EXPECT_EQ(get(person(15), "/").status, 200);
}

TEST_F(ReadersSide, ProfilesThatAreNotListedDoNotExistForVisitors) {
    const auto hidden = get(visitor_, "/people/abi"), absent = get(visitor_, "/people/nobody");
    EXPECT_EQ(hidden.status, 404);
    EXPECT_EQ(absent.status, 404);
    EXPECT_THAT(get(deniz_, "/people/abi").body,
                AllOf(HasSubstr("<p>Lamps.</p>"), HasSubstr("The Lamp Room")));
    EXPECT_EQ(get(visitor_, "/people/deniz").status, 200);
    EXPECT_EQ(get(visitor_, "/people/deniz?after=nonsense").status, 404);
}

TEST_F(ReadersSide, ListsFilterByTagAndLanguageAndPage) {
    for (std::int64_t i = 0; i < 45; ++i) {
        auto work = library_.shelf.at(kWork);
        work.id = WorkId{1000 + i};
        work.title = "Number " + std::to_string(i);
        work.language = i % 2 == 0 ? "en" : "es";
        work.updated_at = clock_.now() + std::chrono::seconds(i + 1);
        library_.shelf[work.id] = work;
    }
    EXPECT_THAT(get(visitor_, "/read").body,
                AllOf(HasSubstr(">Number 44<"), HasSubstr("after="), Not(HasSubstr(">Number 24<"))));
    EXPECT_THAT(get(visitor_, "/read?language=es").body,
                AllOf(HasSubstr(">Number 43<"), Not(HasSubstr(">Number 44<"))));
    EXPECT_EQ(get(visitor_, "/read?language=xx").status, 404);
    EXPECT_THAT(get(visitor_, "/tags/ghost stories").body, HasSubstr("46 works"));
    EXPECT_EQ(get(visitor_, "/tags/nothing").status, 404);
}

TEST_F(ReadersSide, InterestsStandOnAProfileAsFarAsTheyAreShown) {
    EXPECT_THAT(get(abi_, "/people/abi").body, AllOf(HasSubstr("Ghost tales"), HasSubstr("Lamp making")));
    EXPECT_THAT(get(deniz_, "/people/abi").body,
                AllOf(HasSubstr("Ghost tales"), Not(HasSubstr("Lamp making"))));
    EXPECT_THAT(get(abi_, "/people/deniz").body, Not(HasSubstr("interests-title")));
}

TEST_F(ReadersSide, HomeShowsWhatIsNewInHerTopicsAndWhy) {
    EXPECT_THAT(get(deniz_, "/").body, HasSubstr("href=\"/interests\""));
    interests_.fresh = {{kWork.value, topics::TopicId{500}, "Ghost tales", "en"},
                        {999'999, topics::TopicId{500}, "Ghost tales", "en"}};
    const auto home = get(abi_, "/").body;
    const std::string hub = "/topics/" + topics::TopicId{500}.text();
    EXPECT_THAT(home, AllOf(HasSubstr("Because you follow"), HasSubstr(hub)));
    EXPECT_THAT(get(visitor_, "/").body, Not(HasSubstr("Because you follow")));
}

TEST_F(ReadersSide, ATagLeadsToItsTopicWhichCanBeFollowed) {
    const std::string hub = "/topics/" + topics::TopicId{500}.text();
    EXPECT_THAT(get(deniz_, "/tags/ghost stories").body, HasSubstr("action=\"" + hub + "/follow\""));
    EXPECT_THAT(get(abi_, "/tags/ghost stories").body,
                AllOf(HasSubstr("href=\"" + hub + "\""), Not(HasSubstr("/follow"))));
    EXPECT_THAT(get(visitor_, "/tags/ghost stories").body,
                AllOf(HasSubstr("href=\"" + hub + "\""), Not(HasSubstr("/follow"))));
}

TEST_F(ReadersSide, AChipOfAChapterGoesOnToTheTopic) {
    const auto led = get(abi_, "/tags/ghost stories?topic=en");
    EXPECT_EQ(led.status, 303);
    EXPECT_EQ(led.location, "/topics/" + topics::TopicId{500}.text());
    EXPECT_EQ(get(abi_, "/tags/ghost stories").status, 200);
}

TEST(Steps, SayOnlyWhatIsTrue) {
    EXPECT_TRUE(next_steps({.writes = true}).empty());
    const auto first = next_steps({});
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].kind, NextStep::Kind::begin_writing);
    works::OpenDraft draft;
    draft.title = "The sea";
    reading::WorkLine newest;
    works::WorkCard finished;
    EXPECT_EQ(next_steps({.draft = &draft, .newest = &newest}).size(), 2U);
    EXPECT_EQ(next_steps({.draft = &draft, .finished = &finished, .newest = &newest}).size(),
              2U);  // no tag, no more of it
    EXPECT_EQ(greeting_key(8), "discovery.good_morning");
    EXPECT_EQ(greeting_key(20), "discovery.good_evening");
}

}  // namespace
}  // namespace braid::discovery
