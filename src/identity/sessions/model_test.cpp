#include "identity/sessions/model.h"

#include <gtest/gtest.h>

namespace braid::sessions {
namespace {

TEST(Session, EndsAfterThirtyDaysOrFourteenAlone) {
    const Timestamp start{1'767'225'600'000'000};
    const Timestamp end = start + kAbsoluteLife;
    const auto day = [&](int n) { return start + std::chrono::hours(24 * n); };
    EXPECT_TRUE(is_alive(start, end, start));
    EXPECT_TRUE(is_alive(day(0), end, day(14) - Duration(1)));
    EXPECT_FALSE(is_alive(day(0), end, day(14)));
    EXPECT_TRUE(is_alive(day(29), end, day(30) - Duration(1)));
    EXPECT_FALSE(is_alive(day(29), end, day(30)));
}

TEST(Agent, IsTwoWords) {
    const auto words = [](std::string_view user_agent) {
        const Agent agent = summarise_agent(user_agent);
        return agent.browser + " on " + agent.system;
    };
    EXPECT_EQ(words("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"),
              "Firefox on Android");
    EXPECT_EQ(words("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
                    "Chrome/126.0.0.0 Mobile Safari/537.36"),
              "Chrome on Android");
    EXPECT_EQ(words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
                    "like Gecko) Version/17.5 "
                    "Mobile/15E148 Safari/604.1"),
              "Safari on iPhone");
    EXPECT_EQ(words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                    "Chrome/126.0.0.0 Safari/537.36 "
                    "Edg/126.0.0.0"),
              "Edge on Windows");
    EXPECT_EQ(
        words("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"),
        "Chrome on ChromeOS");
    EXPECT_EQ(words("curl/7.88.1"), "curl on ");
    EXPECT_EQ(words(""), " on ");
    const Agent back = Agent::parse_stored(summarise_agent("curl/7.88.1").stored());
    EXPECT_EQ(back.browser, "curl");
    EXPECT_EQ(back.system, "");
}

TEST(Network, IsAnAddressOrAHousehold) {
    EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
    EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(network_of("unix"), "unix");
}

TEST(Scopes, AreWords) {
    EXPECT_EQ(parse_scopes("read write"), 3);
    EXPECT_EQ(parse_scopes("account"), 4);
    EXPECT_EQ(parse_scopes(""), std::nullopt);
    EXPECT_EQ(parse_scopes("read everything"), std::nullopt);
    EXPECT_EQ(scope_words(7), "read write account");
    EXPECT_EQ(scope_words(2), "write");
}

}  // namespace
}  // namespace braid::sessions
