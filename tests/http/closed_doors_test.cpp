// What nobody gets: other people's work, what is not for one's age, forms from elsewhere, other hosts,
// redirects to elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "base/text.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using test::HttpClient;
using test::Reply;
using ::testing::HasSubstr;
using ::testing::Not;

class ClosedDoors : public OnBothEngines {
  protected:
    TestSite site{GetParam()};
};
BRAID_ON_BOTH_ENGINES(ClosedDoors);

// Everything of a page that differs from visit to visit, taken out.
std::string shape(std::string body) {
    for (const char* varying :
         {"nonce=\"[^\"]*\"", "value=\"[A-Za-z0-9_.-]{20,}\"", "content=\"[A-Za-z0-9_.-]{20,}\"",
          "/works/[0-9a-z/]+", "[?]next=[^\"]*", "<p class=\"small\">[^<]*</p>"}) {
        body = std::regex_replace(body, std::regex(varying), "");
    }
    return body;
}

TEST_P(ClosedDoors, what_one_may_not_see_looks_like_what_is_not_there) {
    site.add_person("abi");
    site.add_person("deniz");
    const auto mine = site.add_story("abi", "Mine alone", "me");
    HttpClient deniz = site.signed_in("deniz");
    HttpClient visitor = site.visitor();
    for (HttpClient* who : {&deniz, &visitor}) {
        const Reply hidden = who->get(mine.work_path());
        const Reply absent = who->get("/works/1c4gzk0e5m");
        EXPECT_EQ(hidden.status, 404);
        EXPECT_EQ(absent.status, 404);
        EXPECT_EQ(shape(hidden.body), shape(absent.body));
        EXPECT_EQ(who->get(mine.chapter_path()).status, 404);
    }
    EXPECT_EQ(deniz.get(mine.work_path() + "/edit").status, 404);
    EXPECT_EQ(deniz.post(mine.chapter_path() + "/publish").status, 404);
    EXPECT_EQ(deniz.post(mine.work_path() + "/delete").status, 404);
    HttpClient abi = site.signed_in("abi");
    EXPECT_EQ(abi.get(mine.work_path()).status, 200);
}

TEST_P(ClosedDoors, a_rating_is_a_wall_for_who_is_younger) {
    site.add_person("adult", 40);
    site.add_person("teen", 15);
    const auto teen_story = site.add_story("adult", "For teens", "everyone", "teen");
    const auto mature_story = site.add_story("adult", "For adults", "everyone", "mature");
    HttpClient teen = site.signed_in("teen");
    HttpClient visitor = site.visitor();
    EXPECT_EQ(teen.get(teen_story.chapter_path()).status, 200);
    EXPECT_EQ(teen.get(mature_story.chapter_path()).status, 404);
    EXPECT_EQ(visitor.get(teen_story.chapter_path()).status, 404);
    EXPECT_EQ(visitor.get(mature_story.chapter_path()).status, 404);
    for (const char* list : {"/read", "/", "/tags/ghost%20stories", "/people/adult", "/api/v1/works"}) {
        EXPECT_THAT(teen.get(list).body, Not(HasSubstr("For adults"))) << list;
        EXPECT_THAT(visitor.get(list).body, Not(HasSubstr("For teens"))) << list;
    }
}

TEST_P(ClosedDoors, a_form_from_elsewhere_is_refused) {
    site.add_person("abi");
    const auto story = site.add_story("abi", "A story");
    HttpClient abi = site.signed_in("abi");
    abi.get(story.work_path());
    EXPECT_EQ(abi.post(story.work_path() + "/kudos", {{"_csrf", ""}}).status, 403);
    EXPECT_EQ(abi.post(story.work_path() + "/kudos", {{"_csrf", "made up"}}).status, 403);
    EXPECT_EQ(abi.post(story.work_path() + "/kudos", {}, {{"sec-fetch-site", "cross-site"}}).status, 403);
    EXPECT_EQ(abi.post(story.work_path() + "/kudos", {}, {{"origin", "https://evil.example"}}).status, 403);
}

TEST_P(ClosedDoors, redirects_stay_on_the_site) {
    site.add_person("abi");
    for (const char* next : {"https://evil.example/", "//evil.example/", "/\\evil.example",
                             "javascript:alert(1)", "/%5cevil.example"}) {
        HttpClient abi = site.visitor();
        abi.get("/sign-in");
        const Reply reply = abi.post(
            "/sign-in", {{"name", "abi"}, {"password", std::string(TestSite::kPassword)}, {"next", next}});
        EXPECT_EQ(reply.status, 303);
        const std::string location = reply.header("location");
        EXPECT_TRUE(location.starts_with("/") && !location.starts_with("//") && !location.starts_with("/\\"))
            << next << " → " << location;
    }
}

TEST(ClosedHosts, other_names_are_not_answered_to) {
    TestSite site(sql::Engine::sqlite, {.adjust = [](app::Settings& settings) {
                      settings.http.public_url = "http://braid.example";
                  }});
    const auto status = [&](const std::string& host) {
        test::Wire wire("127.0.0.1", site.port());
        wire.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        return test::read_reply(wire).status;
    };
    EXPECT_EQ(status("braid.example"), 200);
    EXPECT_EQ(status("evil.example"), 421);
    EXPECT_EQ(status("braid.example.evil.example"), 421);
}

TEST(ClosedDevelopment, its_pages_are_not_there_on_a_site) {
    TestSite site(sql::Engine::sqlite, {.development = false});
    HttpClient visitor = site.visitor();
    EXPECT_EQ(visitor.get("/dev/mail").status, 404);
    EXPECT_EQ(visitor.get("/styleguide").status, 404);
}

}  // namespace
}  // namespace braid::testing
