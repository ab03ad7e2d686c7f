#include "identity/sessions/browsers.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace braid::sessions {
namespace {

class KnownBrowsersTest : public ::testing::Test {
  protected:
    FakeClock clock;
    SeededRandom random{3};
    KnownBrowsers browsers{"a secret of the tests"};
    std::string with(std::string_view cookie, std::string_view account) {
        return browsers.with(cookie, account, random, clock.now());
    }
    bool known(std::string_view cookie, std::string_view account) {
        return browsers.known(cookie, account, clock.now()).has_value();
    }
};

TEST_F(KnownBrowsersTest, KnowTheAccountsTheyWereMadeFor) {
    std::string cookie = with("", "person a");
    EXPECT_TRUE(known(cookie, "person a"));
    EXPECT_FALSE(known(cookie, "person b"));
    cookie = with(cookie, "person b");
    EXPECT_TRUE(known(cookie, "person a")) << "a family has one computer";
    EXPECT_TRUE(known(cookie, "person b"));
    EXPECT_EQ(cookie.find("person"), std::string::npos) << "nobody is named";
}

TEST_F(KnownBrowsersTest, CannotBeMadeElsewhere) {
    const std::string cookie = with("", "person a");
    EXPECT_FALSE(KnownBrowsers("another secret").known(cookie, "person a", clock.now()));
    for (std::size_t i = 0; i < cookie.size(); ++i) {
        std::string changed = cookie;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(known(changed, "person a")) << i;
    }
    for (const char* bad : {"", ".", "~~", "a~b~c", "AAAAAAAAAAAAAAAA~20000~AAAAAAAAAAAAAAAAAAAAAA"})
        EXPECT_FALSE(known(bad, "person a")) << bad;
    EXPECT_FALSE(known(std::string(100'000, '.'), "person a"));
}

TEST_F(KnownBrowsersTest, AreForgottenAfterHalfAYearWithoutAVisit) {
    std::string cookie = with("", "person a");
    clock.advance(std::chrono::hours(24 * 179));
    EXPECT_TRUE(known(cookie, "person a"));
    const std::string again = with(cookie, "person a");
    EXPECT_EQ(split(again, '.').size(), 1U) << "the old entry is replaced";
    clock.advance(std::chrono::hours(24 * 3));
    EXPECT_FALSE(known(cookie, "person a"));
    EXPECT_TRUE(known(again, "person a"));
    cookie = with(cookie, "person b");
    EXPECT_EQ(split(cookie, '.').size(), 1U) << "what has ended is left out";
}

TEST_F(KnownBrowsersTest, RememberTheLastFive) {
    std::string cookie;
    for (int i = 0; i < 7; ++i)
        cookie = with(cookie, "person " + std::to_string(i));
    for (int i = 0; i < 7; ++i)
        EXPECT_EQ(known(cookie, "person " + std::to_string(i)), i >= 2) << i;
    EXPECT_LT(cookie.size(), 512U);
}

}  // namespace
}  // namespace braid::sessions
