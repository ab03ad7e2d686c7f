// A child asks, a guardian consents, narrows, takes back: asked as people ask, with everything around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "identity/accounts/api.h"
#include "identity/guardians/service.h"
#include "interests/feedback/service.h"
#include "interests/works/module.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using access::Actor;
using access::Choice;
using access::Choices;
using test::HttpClient;
using test::Reply;
using ::testing::HasSubstr;
using ::testing::Not;

class Guardians : public OnBothEngines {
  protected:
    guardians::Service& guardians() { return site.program().modules().guardians(); }
    feedback::Service& feedback() { return site.program().modules().feedback(); }
    works::Writing& writing() { return site.program().modules().works().writing(); }
    // A child of ten with such choices, by the use cases.
    Actor child(const std::string& handle, const std::string& guardian, Choices choices) {
        const auto asked =
            guardians().ask({}, access::AgeBand::child,
                            {handle, std::string(TestSite::kPassword), guardian + "@example.org"});
        EXPECT_TRUE(asked.ok());
        const int year = 2016;
        const auto given = guardians().consent(site.actor(guardian), guardians().link_token(asked->id),
                                               {std::to_string(year), "3", choices});
        EXPECT_TRUE(given.ok());
        return site.actor(handle);
    }
    Result<feedback::Answered> comment(const Actor& actor, const TestSite::Story& story, std::string text) {
        feedback::NewCommentForm form;
        form.work = *works::WorkId::parse(story.work);
        form.chapter = *works::ChapterId::parse(story.chapter);
        form.text = std::move(text);
        return feedback().post_comment(actor, form);
    }
    TestSite site{GetParam()};
};
BRAID_ON_BOTH_ENGINES(Guardians);

std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto at = text.find(before);
    if (at == std::string::npos) return {};
    const auto from = at + before.size();
    return text.substr(from, text.find_first_of(after, from) - from);
}

TEST_P(Guardians, a_child_asks_waits_and_comes_in_once_her_guardian_agrees) {
    site.add_person("rosa", 40);
    HttpClient child = site.visitor();
    child.get("/sign-up");
    EXPECT_EQ(child.get("/waiting/new").status, 303) << "nobody asks who has not answered the question";
    const Reply below = child.post("/sign-up", {{"handle", "pip"},
                                                {"display_name", "Philippa Long"},
                                                {"password", std::string(TestSite::kPassword)},
                                                {"birth_year", "2017"},
                                                {"birth_month", "3"},
                                                {"birth_day", "4"}});
    EXPECT_EQ(below.status, 403);
    EXPECT_THAT(below.body, HasSubstr("/waiting/new"));
    ASSERT_EQ(child.get("/waiting/new").status, 200);
    const Reply wrong = child.post("/waiting/new", {{"handle", "pip"}, {"password", "x"}, {"email", "rosa"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(wrong.body, HasSubstr("id=\"e-password\""));
    const Reply asked = child.post(
        "/waiting/new",
        {{"handle", "pip"}, {"password", std::string(TestSite::kPassword)}, {"email", "rosa@example.org"}});
    EXPECT_EQ(asked.status, 303);
    EXPECT_THAT(child.get("/waiting").body, HasSubstr("rosa@example.org"));
    EXPECT_EQ(child.get("/waiting/new").status, 303) << "she has asked";
    // Waiting, she is a visitor everywhere.
    EXPECT_EQ(child.get("/write").status, 303);
    EXPECT_EQ(child.post("/works/new", {{"title", "No"}}).status, 303) << "asked to sign in";
    EXPECT_EQ(child.post("/waiting/again").status, 429);

    // From another browser, with handle and password.
    HttpClient elsewhere = site.visitor();
    elsewhere.get("/sign-in");
    EXPECT_EQ(elsewhere.post("/sign-in", {{"name", "pip"}, {"password", "not hers at all"}}).status, 422);
    const Reply back =
        elsewhere.post("/sign-in", {{"name", "pip"}, {"password", std::string(TestSite::kPassword)}});
    EXPECT_EQ(back.status, 303);
    EXPECT_EQ(back.header("location"), "/waiting");

    const auto mails = site.mails(1);
    ASSERT_FALSE(mails.empty());
    EXPECT_EQ(mails[0].to, "rosa@example.org");
    EXPECT_THAT(mails[0].text, Not(HasSubstr("Philippa"))) << "nothing else she typed was kept";
    const std::string path = "/consent/" + between(mails[0].text, "/consent/", "\n ");
    HttpClient rosa = site.signed_in("rosa");
    EXPECT_THAT(rosa.get("/guardian").body, HasSubstr("@pip"));
    ASSERT_EQ(rosa.get(path).status, 200);
    EXPECT_EQ(rosa.post(path, {{"birth_year", "2017"}, {"birth_month", ""}}).status, 422);
    const Reply agreed =
        rosa.post(path, {{"birth_year", "2017"}, {"birth_month", "3"}, {"choice_publish", "1"}});
    EXPECT_EQ(agreed.status, 303);
    EXPECT_THAT(child.get("/waiting").body, HasSubstr("/sign-in"));
    HttpClient inside = site.signed_in("pip");
    EXPECT_EQ(inside.get("/write").status, 200);
    EXPECT_THAT(inside.get("/settings/guardians").body, HasSubstr("rosa"));
    EXPECT_EQ(inside.get("/guardian").status, 404);
}

TEST_P(Guardians, what_is_narrowed_is_refused_with_its_reason) {
    site.add_person("rosa", 40);
    site.add_person("reader", 15);
    const auto story = site.add_story("reader", "The Salt Road");
    const Actor pip = child("pip", "rosa", Choices::all());
    const auto works = site.add_story("pip", "Paper Dragons");
    HttpClient visitor = site.visitor(), reader = site.signed_in("reader"), inside = site.signed_in("pip");
    EXPECT_EQ(visitor.get(works.work_path()).status, 200);
    EXPECT_TRUE(comment(pip, story, "I read it twice.").ok());

    ASSERT_TRUE(guardians().choose(site.actor("rosa"), *pip.person, Choices{}.with(Choice::publish)).ok());
    EXPECT_EQ(visitor.get(works.work_path()).status, 404) << "among signed-in people now";
    EXPECT_EQ(reader.get(works.work_path()).status, 200);
    EXPECT_THAT(visitor.get("/read").body, Not(HasSubstr("Paper Dragons")));
    EXPECT_EQ(comment(pip, story, "And a third time.").error().message_key, "accounts.guardian_decided");
    EXPECT_EQ(comment(site.actor("pip"), story, "And a third time.").error().message_key,
              "feedback.guardian_keeps_comments");
    EXPECT_EQ(inside.post(story.chapter_path() + "/comments", {{"text", "And a third time."}}).status, 403);
    works::WorkForm open;
    open.title = "Wide open";
    open.language = "en";
    open.rating = "everyone";
    open.licence = "all_rights_reserved";
    open.visibility = "everyone";
    open.status = "ongoing";
    open.comments = "open";
    open.warnings_said = "none";
    const auto refused = writing().create_work(site.actor("pip"), open);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fields.front().field, "visibility");

    ASSERT_TRUE(guardians().choose(site.actor("rosa"), *pip.person, Choices{}).ok());
    EXPECT_EQ(reader.get(works.work_path()).status, 404);
    EXPECT_EQ(inside.get(works.work_path()).status, 200) << "her own stay hers";
    ASSERT_TRUE(guardians().choose(site.actor("rosa"), *pip.person, Choices::all()).ok());
    EXPECT_EQ(visitor.get(works.work_path()).status, 200) << "and it is undone";
}

TEST_P(Guardians, consent_taken_back_pauses_and_hides_until_it_is_given_again) {
    site.add_person("rosa", 40);
    site.add_person("reader", 15);
    const Actor pip = child("pip", "rosa", Choices::all());
    const auto works = site.add_story("pip", "Paper Dragons");
    const auto salt = site.add_story("reader", "The Salt Road");
    ASSERT_TRUE(comment(site.actor("pip"), salt, "I kept the paper boat.").ok());
    HttpClient inside = site.signed_in("pip"), reader = site.signed_in("reader");
    HttpClient rosa = site.signed_in("rosa");
    const std::string page = "/guardian/children/" + pip.person->text();
    EXPECT_THAT(rosa.get(page).body, HasSubstr("Works, drafts included"));
    EXPECT_EQ(reader.get(page).status, 404);
    EXPECT_EQ(reader.post(page + "/withdraw").status, 404);
    ASSERT_EQ(rosa.post(page + "/withdraw").status, 303);

    EXPECT_EQ(inside.get("/write").status, 303) << "her open session is nobody's";
    EXPECT_EQ(inside.post(works.work_path() + "/edit", {{"title", "x"}}).status, 303) << "asked to sign in";
    HttpClient again = site.visitor();
    again.get("/sign-in");
    const Reply stopped =
        again.post("/sign-in", {{"name", "pip"}, {"password", std::string(TestSite::kPassword)}});
    EXPECT_EQ(stopped.status, 403);
    EXPECT_THAT(stopped.body, HasSubstr("paused"));
    EXPECT_TRUE(again.cookie("session").empty());
    EXPECT_EQ(reader.get(works.work_path()).status, 404);
    EXPECT_EQ(reader.get(works.chapter_path()).status, 404);
    EXPECT_EQ(reader.get("/people/pip").status, 404);
    const std::string api = "/api/v1/works/" + salt.work + "/chapters/" + salt.chapter + "/comments";
    for (const std::string& path : {salt.chapter_path() + "/comments", api})
        EXPECT_THAT(reader.get(path).body, Not(HasSubstr("paper boat"))) << path;
    EXPECT_THAT(reader.get("/read").body, Not(HasSubstr("Paper Dragons")));
    EXPECT_THAT(reader.get("/tags/ghost%20stories").body, Not(HasSubstr("Paper Dragons")));

    ASSERT_EQ(rosa.post(page + "/return").status, 303);
    EXPECT_EQ(inside.get("/write").status, 200);
    EXPECT_EQ(reader.get(works.work_path()).status, 200);
    for (const std::string& path : {salt.chapter_path() + "/comments", api})
        EXPECT_THAT(reader.get(path).body, HasSubstr("paper boat")) << path;
}

// A child writes while consent is taken back. Each of her writes either commits before the withdrawal does or
// not at all: once withdraw() has returned, nothing more gets in.
TEST_P(Guardians, nothing_of_her_gets_in_once_consent_is_taken_back) {
    site.add_person("rosa", 40);
    site.add_person("reader", 15);
    const auto story = site.add_story("reader", "The Salt Road");
    const Actor pip = child("pip", "rosa", Choices::all());
    const Actor rosa = site.actor("rosa");
    const auto comments = [&] {
        return site.program().database().read([&](sql::Reader& reader) {
            works::ChapterFacts facts;
            facts.work = *works::WorkId::parse(story.work);
            facts.chapter = *works::ChapterId::parse(story.chapter);
            facts.published = true;
            return feedback().counts(reader, site.actor("reader"), facts).on_chapter;
        });
    };
    int refused = 0;
    for (int round = 0; round < 15; ++round) {
        std::atomic<bool> go{false}, taken_back{false};
        std::atomic<int> in{0}, late{0}, out{0};
        std::vector<std::thread> writers;
        for (int writer = 0; writer < 3; ++writer) {
            writers.emplace_back([&, writer] {
                while (!go)
                    std::this_thread::yield();
                for (int i = 0; i < 6; ++i) {
                    const bool after = taken_back;
                    const auto posted = comment(pip, story,
                                                "Round " + std::to_string(round) + ", writer " +
                                                    std::to_string(writer) + ", " + std::to_string(i));
                    if (posted.ok()) {
                        ++in;
                        if (after) ++late;
                    } else {
                        EXPECT_EQ(posted.error().message_key, "accounts.paused");
                        ++out;
                    }
                }
            });
        }
        const int before = comments();
        int seen = 0;
        std::thread guardian([&] {
            while (!go)
                std::this_thread::yield();
            ASSERT_TRUE(guardians().withdraw(rosa, *pip.person).ok());
            taken_back = true;
            seen = comments();
        });
        go = true;
        guardian.join();
        for (std::thread& writer : writers)
            writer.join();
        EXPECT_EQ(late, 0);
        EXPECT_EQ(seen, 0) << "what she wrote is out of sight in the commit that takes consent back";
        EXPECT_EQ(comments(), 0) << "nothing came in after the withdrawal had committed";
        refused += out;
        ASSERT_TRUE(guardians().give_again(rosa, *pip.person).ok());
        EXPECT_EQ(comments(), before + in);
    }
    EXPECT_GT(refused, 0) << "the two never met";
}

TEST_P(Guardians, the_guardians_page_names_contacts_and_kinds_and_no_words) {
    site.add_person("rosa", 40);
    site.add_person("reader", 15);
    site.add_person("grown", 30);
    const auto story = site.add_story("reader", "The Salt Road");
    const Actor pip = child("pip", "rosa", Choices::all());
    const auto works = site.add_story("pip", "Paper Dragons");
    ASSERT_TRUE(comment(pip, story, "A secret between readers.").ok());
    ASSERT_TRUE(comment(site.actor("grown"), works, "What a fold.").ok());
    HttpClient rosa = site.signed_in("rosa");
    const std::string body = rosa.get("/guardian/children/" + pip.person->text()).body;
    EXPECT_THAT(body, HasSubstr("/people/reader"));
    EXPECT_THAT(body, HasSubstr("/people/grown"));
    EXPECT_THAT(body, Not(HasSubstr("secret between")));
    EXPECT_THAT(body, Not(HasSubstr("What a fold")));
}

TEST_P(Guardians, programs_do_what_the_page_does) {
    site.add_person("rosa", 40);
    site.add_person("reader", 30);
    const Actor pip = child("pip", "rosa", Choices::all());
    const std::string path = "/api/v1/guardian/children/" + pip.person->text();
    HttpClient rosa = site.signed_in("rosa"), reader = site.signed_in("reader"),
               inside = site.signed_in("pip");
    rosa.get("/guardian");
    reader.get("/guardian");
    EXPECT_THAT(rosa.get("/api/v1/guardian/children").body, HasSubstr("\"handle\":\"pip\""));
    EXPECT_EQ(inside.get("/api/v1/guardian/children").status, 404);
    EXPECT_EQ(reader.get(path).status, 404);
    const std::string narrow =
        R"({"publish":true,"publish_openly":false,"comment":false,"be_listed":false,"mentors":false})";
    EXPECT_EQ(reader.send_json("PUT", path + "/choices", narrow, {{"x-csrf-token", reader.csrf()}}).status,
              404);
    EXPECT_EQ(rosa.send_json("PUT", path + "/choices", R"({"publish":true})", {{"x-csrf-token", rosa.csrf()}})
                  .status,
              422);
    EXPECT_EQ(rosa.send_json("PUT", path + "/choices", narrow, {{"x-csrf-token", rosa.csrf()}}).status, 200);
    EXPECT_FALSE(site.actor("pip").may(Choice::comment));
    EXPECT_EQ(rosa.request("PUT", path + "/withdrawal", {{"x-csrf-token", rosa.csrf()}}, "").status, 204);
    EXPECT_THAT(rosa.get(path).body, HasSubstr("\"withdrawn\":true"));
    EXPECT_EQ(rosa.request("DELETE", path + "/withdrawal", {{"x-csrf-token", rosa.csrf()}}, "").status, 204);
    EXPECT_THAT(rosa.get(path).body, HasSubstr("\"paused\":false"));
}

// A signed form: staff upload what they were given, a picture is what is kept, and few may look at it.
TEST_P(Guardians, a_signed_form_is_kept_as_a_picture_for_staff) {
    site.add_person("rosa", 40);
    site.add_person("desk", 40, {access::Role::coordinator});
    site.add_person("sam", 40, {access::Role::moderator});
    const auto asked = guardians().ask({}, access::AgeBand::child,
                                       {"pip", std::string(TestSite::kPassword), "rosa@example.org"});
    ASSERT_TRUE(asked.ok());
    HttpClient desk = site.signed_in("desk"), rosa = site.signed_in("rosa"), sam = site.signed_in("sam");
    EXPECT_EQ(rosa.get("/consent-desk").status, 404);
    desk.get("/consent-desk");
    EXPECT_EQ(desk.post("/consent-desk", {{"number", asked->id.text()}, {"handle", "other"}}).status, 422);
    const Reply found = desk.post("/consent-desk", {{"number", asked->id.text()}, {"handle", "pip"}});
    EXPECT_EQ(found.status, 200);
    const std::string path = "/consent-desk/" + asked->id.text();
    const test::Pairs fields{{"handle", "pip"},
                             {"method", "signed_form"},
                             {"birth_year", "2016"},
                             {"birth_month", "3"},
                             {"choice_comment", "1"}};
    const auto upload = [&](std::string content, std::string type) {
        return desk.post_multipart(path, fields, {{"form", "form", std::move(type), std::move(content)}})
            .status;
    };
    EXPECT_EQ(upload("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"), 422);
    EXPECT_EQ(upload("<html><script>alert(1)</script></html>", "application/pdf"), 422);
    EXPECT_EQ(upload("%PDF-1.4\nnot really\n%%EOF", "application/pdf"), 422);
    EXPECT_EQ(rosa.post_multipart(path, fields, {{"form", "f.pdf", "application/pdf", "%PDF-1.4"}}).status,
              404);
    // One page with a square on it, and a script that must not survive.
    const std::string pdf =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 "
        "R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R>>endobj\n"
        "4 0 obj<</Length 32>>stream\n0.2 0.4 0.6 rg 20 20 60 60 re f\nendstream endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n";
    EXPECT_EQ(upload(pdf, "application/pdf"), 303);
    const Reply kept = sam.get(path + "/form");
    EXPECT_EQ(kept.status, 200);
    EXPECT_EQ(kept.header("content-type"), "image/webp");
    EXPECT_EQ(kept.body.substr(0, 4), "RIFF");
    EXPECT_THAT(kept.body, Not(HasSubstr("JavaScript")));
    EXPECT_EQ(desk.get(path + "/form").status, 404);
    EXPECT_EQ(rosa.get(path + "/form").status, 404);
    EXPECT_EQ(site.signed_in("pip").get("/write").status, 200);
}

}  // namespace
}  // namespace braid::testing
