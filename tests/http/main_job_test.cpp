// One person writes a chapter, another reads it and comments on a paragraph.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_site.h"

namespace braid::testing {
namespace {

using test::HttpClient;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class MainJob : public OnBothEngines {
  protected:
    TestSite site{GetParam()};

    static test::Pairs work_form(const std::string& title, const std::string& visibility,
                                 const std::string& rating = "everyone") {
        return {{"title", title},           {"summary", "A lighthouse."},
                {"language", "en"},         {"tags", "ghost stories, sea"},
                {"rating", rating},         {"licence", "cc_by"},
                {"visibility", visibility}, {"status", "ongoing"},
                {"comments", "open"},       {"warnings_said", "none"}};
    }
    static std::string path_of(const test::Reply& reply) {
        const std::string location = reply.header("location");
        return location.substr(0, location.find('?'));
    }
};
BRAID_ON_BOTH_ENGINES(MainJob);

TEST_P(MainJob, a_person_joins_writes_and_another_reads_and_answers) {
    // Abi joins.
    HttpClient abi = site.visitor();
    abi.get("/sign-up");
    const auto joined = abi.post("/sign-up", {{"handle", "abi"},
                                              {"display_name", "Abi"},
                                              {"password", "harbour lights at night"},
                                              {"email", "abi@example.org"},
                                              {"birth_year", "2010"},
                                              {"birth_month", "3"},
                                              {"birth_day", "9"}});
    ASSERT_EQ(joined.status, 303) << joined.body;

    // She begins a work and writes in its first chapter.
    abi.get("/works/new");
    const auto made = abi.post("/works/new", work_form("The Lamp Room", "everyone"));
    ASSERT_EQ(made.status, 303) << made.body;
    const auto shelf = abi.get("/write");
    ASSERT_EQ(shelf.status, 200);
    EXPECT_THAT(shelf.body, HasSubstr("The Lamp Room"));
    const std::string location = made.header("location");
    ASSERT_THAT(location, StartsWith("/works/"));
    const std::string work = location.substr(0, location.find_first_of("/?", 7));
    const auto begun = abi.post(work + "/chapters/new");
    ASSERT_EQ(begun.status, 303) << begun.body;
    std::string chapter = path_of(begun);
    chapter = chapter.substr(0, chapter.rfind('/'));
    const auto editor = abi.get(chapter + "/edit");
    ASSERT_EQ(editor.status, 200);
    const std::string base = editor.attribute("name=\"base\"", "value");

    // Nobody else sees it before it is out.
    HttpClient visitor = site.visitor();
    EXPECT_EQ(visitor.get(chapter).status, 404);
    const auto out =
        abi.post(chapter + "/publish", {{"title", "The stairs"},
                                        {"text", "He counted *aloud*.\n\nThe lamp went out."},
                                        {"base", base},
                                        {"editor", editor.attribute("name=\"editor\"", "value")}});
    ASSERT_EQ(out.status, 303) << out.body;

    // A visitor finds it and reads it.
    EXPECT_THAT(visitor.get("/read").body, HasSubstr("The Lamp Room"));
    const auto read = visitor.get(chapter);
    ASSERT_EQ(read.status, 200);
    EXPECT_THAT(read.body, HasSubstr("He counted <em>aloud</em>."));
    EXPECT_THAT(visitor.post(chapter + "/comments", {{"text", "Who is he?"}}).header("location"),
                StartsWith("/sign-in"));

    // Deniz answers a paragraph.
    site.add_person("deniz");
    HttpClient deniz = site.signed_in("deniz");
    const auto page = deniz.get(chapter);
    const std::string paragraph = page.attribute("data-paragraph", "data-paragraph");
    ASSERT_FALSE(paragraph.empty());
    const auto said =
        deniz.post(chapter + "/comments",
                   {{"paragraph", paragraph}, {"text", "Could he lose count once?"}, {"token", "one"}});
    ASSERT_EQ(said.status, 303) << said.body;
    EXPECT_THAT(abi.get(chapter + "/comments?paragraph=" + paragraph).body,
                HasSubstr("Could he lose count once?"));
    // Sending the same form twice says it once.
    deniz.post(chapter + "/comments",
               {{"paragraph", paragraph}, {"text", "Could he lose count once?"}, {"token", "one"}});
    const std::string thread = abi.get(chapter + "/comments?paragraph=" + paragraph).body;
    EXPECT_EQ(thread.find("Could he lose count once?"), thread.rfind("Could he lose count once?"));

    // She takes it back: it is as if it had never been.
    ASSERT_EQ(abi.post(chapter + "/unpublish").status, 303);
    EXPECT_EQ(visitor.get(chapter).status, 404);
    EXPECT_EQ(deniz.get(chapter).status, 404);
    EXPECT_THAT(visitor.get("/read").body, Not(HasSubstr("The Lamp Room")));
}

TEST_P(MainJob, a_forgotten_password_is_set_anew_by_mail) {
    site.add_person("abi");
    HttpClient abi = site.visitor();
    abi.get("/password/forgot");
    ASSERT_LT(abi.post("/password/forgot", {{"email", "abi@example.org"}}).status, 400);
    const auto mails = site.mails(1);
    ASSERT_EQ(mails.size(), 1U);
    const auto at = mails[0].text.find("/password/reset/");
    ASSERT_NE(at, std::string::npos);
    const std::string link = mails[0].text.substr(at, mails[0].text.find_first_of(" \n\r", at) - at);
    EXPECT_EQ(abi.get(link).status, 200);
    ASSERT_EQ(abi.post(link, {{"password", "a wholly other phrase"}}).status, 303);
    HttpClient again = site.visitor();
    again.get("/sign-in");
    EXPECT_EQ(
        again.post("/sign-in", {{"name", "abi"}, {"password", std::string(TestSite::kPassword)}}).status,
        422);
    EXPECT_EQ(again.post("/sign-in", {{"name", "abi"}, {"password", "a wholly other phrase"}}).status, 303);
    EXPECT_EQ(abi.get(link).status, 410);  // once is all a link is good for
}

}  // namespace
}  // namespace braid::testing
