// Everybody a policy tells apart asks for every route there is, pages and API, with ids of her own, of
// another and of nobody. What the policies forbid is not reached, and what one may not see cannot be told
// from what is not there: not by status, headers or body, and not by the time it takes. The routes come from
// the router and the rules from the policies, so a route that is added is met here without a word; only a new
// kind of parameter (crawl/world.cpp) and a body that neither a page nor the API's document shows
// (crawl/crawler.cpp) have to be taught, and a test says which.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>

#include "crawl/crawler.h"

namespace braid::testing {
namespace {

using crawl::Crawler;
using crawl::Things;
using crawl::Viewer;
using crawl::World;
using test::Reply;

std::string lines(const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& one : all)
        text += "\n* " + one;
    return text;
}

class EveryDoor : public OnBothEngines {
  protected:
    // Nothing works but what is asked for.
    void SetUp() override { site.program().jobs().stop(); }

    Statements statements;
    TestSite site{GetParam(), World::options(statements)};
    World world{site};
    Crawler crawler{site, world, statements};
};
BRAID_ON_BOTH_ENGINES(EveryDoor);

TEST_P(EveryDoor, opens_to_whom_the_policies_say_and_hides_what_is_not_theirs) {
    std::vector<Viewer> viewers = world.viewers();
    EXPECT_GE(viewers.size(), 8U) << "a visitor and adults of every role";
    const std::string before = world.kept();
    for (Viewer& viewer : viewers)
        crawler.anothers(viewer);
    EXPECT_EQ(crawl::difference(world.kept(), before), "") << "something of another's was changed";
    // Staff last: what they are let do changes what others have.
    std::stable_partition(viewers.begin(), viewers.end(),
                          [](const Viewer& viewer) { return !viewer.actor.staff(); });
    for (Viewer& viewer : viewers)
        crawler.own(viewer);
    std::vector<Viewer> insiders = world.insiders();
    for (Viewer& viewer : insiders)
        crawler.own(viewer);
    EXPECT_EQ(lines(crawler.problems()), "");
    EXPECT_EQ(lines(crawler.never_seen()), "")
        << "nobody is shown these, so that nothing is known of who is not";
    const auto& seen = crawler.seen();
    std::cout << "[   seen   ] " << viewers.size() << " viewers, " << seen.asked << " requests, "
              << seen.compared << " times hidden beside missing, " << seen.forbidden << " forbidden, "
              << seen.went_well.size() << " rows that went well for somebody\n";
}

TEST_P(EveryDoor, has_a_body_to_send) {
    EXPECT_EQ(lines(crawler.unknown_bodies()), "")
        << "nothing is known to send there: teach it in crawl/crawler.cpp";
}

TEST_P(EveryDoor, asks_the_database_the_same_for_what_is_hidden_as_for_what_is_missing) {
    std::vector<Viewer> viewers = world.viewers();
    for (Viewer& viewer : viewers)
        crawler.count(viewer);
    EXPECT_EQ(lines(crawler.problems()), "");
    std::cout << "[   seen   ] " << crawler.seen().counted << " pairs of addresses, " << crawler.seen().asked
              << " requests\n";
}

TEST_P(EveryDoor, takes_as_long_for_what_is_hidden_as_for_what_is_missing) {
    std::vector<Viewer> viewers;
    viewers.push_back(world.visitor());
    viewers.push_back(world.viewer(access::Role::learner, 15));
    viewers.push_back(world.viewer(access::Role::administrator, 40));
    for (Viewer& viewer : viewers)
        crawler.clock(viewer);
    EXPECT_EQ(lines(crawler.problems()), "");
    std::cout << "[   seen   ] " << crawler.seen().timed << " pairs of addresses timed, "
              << crawler.seen().asked << " requests\n";
    for (const std::string& line : crawler.seen().slowest)
        std::cout << "[   seen   ] " << line << "\n";
}

// ---- the crawler itself: it can fail

Reply reply(int status, std::string body, test::Pairs headers = {}) {
    return {status, std::move(headers), std::move(body)};
}

TEST(Crawling, TellsAnswersApartThatDifferAndNoOthers) {
    const Things hidden{{"work:id", "1c4gzk0e5mabc"}}, missing{{"work:id", "1c4gzk0e5mabd"}};
    const auto gap = [&](const Reply& one, const Reply& other) {
        return crawl::difference(crawl::told(one, hidden), crawl::told(other, missing));
    };
    const Reply there =
        reply(404, "Nothing at /works/1c4gzk0e5mabc <i nonce=\"oY7c7BsOYJrUaZEK7WLo3A\">",
              {{"x-request-id", "17"}, {"vary", "cookie"}, {"set-cookie", "c=VCMnU9MKkUmnulSdGoGftQ"}});
    const Reply absent =
        reply(404, "Nothing at /works/1c4gzk0e5mabd <i nonce=\"VCMnU9MKkUmnulSdGoGftQ\">",
              {{"x-request-id", "18"}, {"vary", "cookie"}, {"set-cookie", "c=oY7c7BsOYJrUaZEK7WLo3A"}});
    EXPECT_EQ(gap(there, absent), "");
    Reply other = absent;
    other.status = 403;
    EXPECT_NE(gap(there, other), "") << "status";
    other = absent;
    other.body += " ";
    EXPECT_NE(gap(there, other), "") << "one sign of the body";
    other = absent;
    other.headers.emplace_back("cache-control", "no-store");
    EXPECT_NE(gap(there, other), "") << "a header";
}

TEST(Crawling, RefusesParametersItWasNotTaught) {
    EXPECT_THROW((void)World::things_in("/boats/{boat:id}"), std::logic_error);
    EXPECT_THROW((void)World::things_in("/works/{work:text}"), std::logic_error)
        << "another type is another kind";
    EXPECT_EQ(World::address("/works/{work:id}/copies/{copy:text}", {{"work:id", "7"}}),
              "/works/7/copies/window");
}

TEST(Crawling, ReadsFormsAsABrowserFillsThemIn) {
    const auto forms = crawl::forms_of(
        "<form method=\"get\"><input name=\"q\"></form><form method=\"post\" action=\"/a\"><input "
        "type=\"hidden\" "
        "name=\"_csrf\" value=\"x\"><input name=\"title\"><textarea name=\"text\">\n</textarea><select "
        "name=\"rating\"><option value=\"everyone\">E</option><option value=\"teen\" "
        "selected>T</option></select><input "
        "type=\"radio\" name=\"who\" value=\"me\"><input type=\"radio\" name=\"who\" value=\"all\" "
        "checked></form>",
        "/here");
    ASSERT_EQ(forms.size(), 1U);
    EXPECT_EQ(forms[0].action, "/a");
    const test::Pairs expected{
        {"title", "Words of a crawler"}, {"text", "Words of a crawler"}, {"rating", "teen"}, {"who", "all"}};
    EXPECT_EQ(forms[0].fields, expected);
}

// Answers of a busy machine: most quick, some very late.
class Busy {
  public:
    double operator()(double about) {
        const double late = chance_(random_) < 0.15 ? 3000 * chance_(random_) : 0;
        return about + 120 * noise_(random_) * noise_(random_) + late;
    }

  private:
    std::mt19937 random_{4711};
    std::uniform_real_distribution<double> chance_{0, 1};
    std::normal_distribution<double> noise_{0, 1};
};

TEST(Crawling, IsNotMisledByABusyMachineAndFindsWhatTakesLonger) {
    Busy busy;
    for (int i = 0; i < 2000; ++i)
        EXPECT_FALSE(crawl::timed([&](bool) { return busy(900); }).apart);
    int found = 0;
    for (int i = 0; i < 100; ++i)
        found += crawl::timed([&](bool hidden) { return busy(hidden ? 1300 : 900); }).apart ? 1 : 0;
    EXPECT_GE(found, 95);
}

}  // namespace
}  // namespace braid::testing
