// From a child's report to an answer, asked as people ask: forms without script, and programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <regex>

#include "base/text.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using test::HttpClient;
using test::Reply;
using ::testing::HasSubstr;
using ::testing::Not;

std::string first_match(const std::string& body, const std::string& pattern) {
    std::smatch found;
    return std::regex_search(body, found, std::regex(pattern)) ? found[1].str() : std::string();
}

class ModerationPages : public OnBothEngines {
  protected:
    ModerationPages() {
        site.add_person("author", 16);
        site.add_person("pip", 10);
        site.add_person("sam", 40, {access::Role::moderator});
        site.add_person("kwame", 40, {access::Role::moderator});
        site.add_person("boss", 40, {access::Role::administrator});
        story = site.add_story("author", "The Lamp Room");
    }
    std::string report_path() const { return "/report?kind=work&id=" + story.work; }
    // The case's address, as the queue links it.
    static std::string case_in(const Reply& queue) {
        return first_match(queue.body, "href=\"(/moderation/cases/[0-9a-z]+)\"");
    }
    TestSite site{GetParam()};
    TestSite::Story story;
};
BRAID_ON_BOTH_ENGINES(ModerationPages);

TEST_P(ModerationPages, a_report_goes_from_a_child_to_resolved_and_appealed) {
    HttpClient pip = site.signed_in("pip");
    EXPECT_THAT(pip.get(story.work_path()).body, HasSubstr("/report?kind=work&amp;id=" + story.work));
    const Reply form = pip.get(report_path());
    EXPECT_EQ(form.status, 200);
    EXPECT_THAT(form.body, HasSubstr("The Lamp Room"));
    EXPECT_THAT(form.body, HasSubstr("/help/now"));
    // Without a category the form comes back with what was typed.
    const Reply back =
        pip.post("/report", {{"kind", "work"}, {"id", story.work}, {"words", "It scares me."}});
    EXPECT_EQ(back.status, 422);
    EXPECT_THAT(back.body, HasSubstr("It scares me."));
    const Reply sent = pip.post(
        "/report",
        {{"kind", "work"}, {"id", story.work}, {"category", "violence"}, {"words", "It scares me."}});
    EXPECT_EQ(sent.status, 303);
    EXPECT_EQ(pip.get(sent.header("location")).status, 200);

    HttpClient sam = site.signed_in("sam");
    const Reply queue = sam.get("/moderation");
    EXPECT_THAT(queue.body, HasSubstr("The Lamp Room"));
    const std::string path = case_in(queue);
    ASSERT_NE(path, "");
    const Reply open = sam.get(path);
    EXPECT_THAT(open.body, HasSubstr("It scares me."));
    EXPECT_THAT(open.body, HasSubstr("@pip"));
    EXPECT_EQ(sam.post(path + "/claim").status, 303);
    EXPECT_EQ(sam.post(path + "/decide", {{"measure", "hide"}}).status, 422) << "a reason is needed";
    EXPECT_EQ(sam.post(path + "/decide", {{"measure", "hide"}, {"reason", "Too cruel for everyone."}}).status,
              303);

    EXPECT_EQ(site.visitor().get(story.work_path()).status, 404);
    EXPECT_EQ(pip.get(story.work_path()).status, 404);
    EXPECT_THAT(pip.get("/notices").body, HasSubstr("did something about it"));
    HttpClient author = site.signed_in("author");
    EXPECT_THAT(author.get(story.work_path()).body, HasSubstr("hid this work"));
    const Reply notices = author.get("/notices");
    EXPECT_THAT(notices.body, HasSubstr("Too cruel for everyone."));
    EXPECT_THAT(notices.body, Not(HasSubstr("pip")));
    const std::string appeal = first_match(notices.body, "href=\"(/notices/[0-9a-z]+/appeal)\"");
    ASSERT_NE(appeal, "");
    EXPECT_EQ(author.get(appeal).status, 200);
    EXPECT_EQ(pip.get(appeal).status, 404);
    EXPECT_EQ(author.post(appeal, {{"words", "It is a fairy tale."}}).status, 303);

    const Reply appeals = sam.get("/moderation?tab=appeals");
    const std::string one = first_match(appeals.body, "href=\"(/moderation/appeals/[0-9a-z]+)\"");
    ASSERT_NE(one, "");
    EXPECT_THAT(sam.get(one).body, HasSubstr("goes to somebody else"));
    EXPECT_EQ(sam.post(one, {{"state", "upheld"}, {"answer", "No."}}).status, 403);
    HttpClient kwame = site.signed_in("kwame");
    EXPECT_EQ(kwame.get(one).status, 200);
    EXPECT_EQ(kwame.post(one, {{"state", "overturned"}, {"answer", "You are right."}}).status, 303);
    EXPECT_EQ(site.visitor().get(story.work_path()).status, 200);
    EXPECT_THAT(author.get("/notices").body, HasSubstr("You are right."));

    // Who looked and who acted, for administrators alone.
    HttpClient boss = site.signed_in("boss");
    const Reply log = boss.get("/admin/audit");
    EXPECT_EQ(log.status, 200);
    for (const char* there :
         {"moderation.open_case", "moderation.decide", "moderation.decide_appeal", "@kwame"})
        EXPECT_THAT(log.body, HasSubstr(there));
    EXPECT_THAT(boss.get("/admin/audit?actor=kwame").body, Not(HasSubstr("Too cruel")));
    EXPECT_EQ(boss.get("/admin/audit?actor=nobody-here").status, 422);
    EXPECT_EQ(sam.get("/admin/audit").status, 404);
}

TEST_P(ModerationPages, the_moderators_rooms_are_not_there_for_others) {
    HttpClient pip = site.signed_in("pip");
    pip.post("/report", {{"kind", "work"}, {"id", story.work}, {"category", "spam"}});
    const std::string path = case_in(site.signed_in("sam").get("/moderation"));
    ASSERT_NE(path, "");
    for (const char* who : {"pip", "author"}) {
        HttpClient client = site.signed_in(who);
        for (const std::string& there : {std::string("/moderation"), path, std::string("/admin/audit"),
                                         std::string("/moderation/appeals/1c4gzk0e5m")})
            EXPECT_EQ(client.get(there).status, 404) << who << " " << there;
        client.get("/");
        for (const char* action : {"/claim", "/release", "/assign", "/notes", "/decide"})
            EXPECT_EQ(client.post(path + action, {{"measure", "hide"}, {"reason", "x"}}).status, 404)
                << action;
    }
    EXPECT_EQ(site.visitor().get("/moderation").status, 303) << "a visitor is asked to sign in";
    EXPECT_EQ(site.visitor().get(story.work_path()).status, 200);
}

TEST_P(ModerationPages, a_visitor_reports_and_finds_help) {
    HttpClient visitor = site.visitor();
    EXPECT_THAT(visitor.get("/").body, HasSubstr("href=\"/help/now\""));
    EXPECT_EQ(visitor.get("/help/now").status, 200);
    EXPECT_EQ(visitor.get(report_path()).status, 200);
    const Reply sent = visitor.post(
        "/report", {{"kind", "work"}, {"id", story.work}, {"category", "imminent_harm"}, {"words", "Now."}});
    EXPECT_EQ(sent.header("location"), "/report/sent?grave=1");
    EXPECT_EQ(visitor.get("/report?kind=work&id=1c4gzk0e5m").status, 404);
    EXPECT_EQ(visitor.get("/report?kind=boat&id=" + story.work).status, 404);
    EXPECT_EQ(visitor.get("/report").status, 200) << "something that is nowhere";
    // With script: the same form in a dialog.
    const Reply part = visitor.get(report_path(), {{"hx-request", "true"}});
    EXPECT_THAT(part.body, Not(HasSubstr("<html")));
    EXPECT_THAT(part.body, HasSubstr("data-close"));
}

TEST_P(ModerationPages, a_suspended_person_reads_why_and_appeals_without_signing_in) {
    HttpClient author = site.signed_in("author");
    HttpClient pip = site.signed_in("pip");
    pip.get("/");
    const std::string id = site.actor("author").person->text();
    pip.post("/report", {{"kind", "profile"}, {"id", id}, {"category", "grooming"}});
    HttpClient sam = site.signed_in("sam");
    const std::string path = case_in(sam.get("/moderation"));
    sam.post(path + "/decide",
             {{"measure", "suspend"}, {"days", "7"}, {"reason", "You asked for an address."}});
    EXPECT_EQ(author.get("/write").status, 303) << "her session has ended";
    author.get("/sign-in");
    const Reply refused =
        author.post("/sign-in", {{"name", "author"}, {"password", std::string(TestSite::kPassword)}});
    EXPECT_EQ(refused.status, 403);
    const std::string link = first_match(refused.body, "href=\"(/appeals/[^\"]+)\"");
    ASSERT_NE(link, "");
    EXPECT_THAT(author.get(link).body, HasSubstr("You asked for an address."));
    EXPECT_EQ(author.post(link, {{"words", "I asked for a mail address."}}).status, 303);
    EXPECT_EQ(author.get("/appeals/x.y").status, 404);
    EXPECT_EQ(author.post("/sign-in", {{"name", "author"}, {"password", "wrong"}}).status, 422)
        << "who does not know the password learns nothing";
}

TEST_P(ModerationPages, a_pause_is_told_with_its_end) {
    HttpClient author = site.signed_in("author");
    HttpClient pip = site.signed_in("pip");
    pip.get("/");
    pip.post("/report", {{"kind", "work"}, {"id", story.work}, {"category", "bullying"}});
    HttpClient sam = site.signed_in("sam");
    const std::string path = case_in(sam.get("/moderation"));
    sam.post(path + "/decide", {{"measure", "quiet"}, {"days", "2"}, {"reason", "Take a breath."}});
    author.get(story.chapter_path());
    const Reply refused =
        author.post(story.chapter_path() + "/comments", {{"text", "But"}, {"paragraph", ""}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("asked you to pause until"));
    EXPECT_THAT(refused.body, HasSubstr("href=\"/notices\""));
    EXPECT_EQ(author.get(story.chapter_path() + "/edit").status, 200) << "drafts stay open";
}

TEST_P(ModerationPages, first_posts_wait_where_the_site_says_so) {
    TestSite strict(GetParam(),
                    {.adjust = [](app::Settings& settings) { settings.moderation.review_first_posts = 1; }});
    strict.add_person("newcomer", 15);
    strict.add_person("sam", 40, {access::Role::moderator});
    const auto first = strict.add_story("newcomer", "My first");
    EXPECT_EQ(strict.visitor().get(first.work_path()).status, 404);
    HttpClient newcomer = strict.signed_in("newcomer");
    EXPECT_THAT(newcomer.get(first.work_path()).body, HasSubstr("looks at this before others"));
    HttpClient sam = strict.signed_in("sam");
    // A subscriber opens the case, run here or by the site's own workers.
    std::string path;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while ((path = case_in(sam.get("/moderation"))).empty() && std::chrono::steady_clock::now() < patience)
        strict.program().jobs().run_pending();
    ASSERT_NE(path, "");
    EXPECT_EQ(sam.post(path + "/decide", {{"measure", "dismiss"}}).status, 303);
    EXPECT_EQ(strict.visitor().get(first.work_path()).status, 200);
}

}  // namespace
}  // namespace braid::testing
