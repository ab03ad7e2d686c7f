#include "platform/http/security.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace braid::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(RateLimiter, GivesABurstThenARate) {
    FakeClock clock;
    SeededRandom random(1);
    RateLimiter limiter(clock, random);
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(limiter.take("a", 6), 0);
    EXPECT_EQ(limiter.take("a", 6), 10);
    EXPECT_EQ(limiter.take("b", 6), 0);
    clock.advance(9s);
    EXPECT_EQ(limiter.take("a", 6), 1);
    clock.advance(1s);
    EXPECT_EQ(limiter.take("a", 6), 0);
    EXPECT_EQ(limiter.take("a", 6), 10);
    clock.advance(1h);
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(limiter.take("a", 6), 0);  // never more than full
    EXPECT_GT(limiter.take("a", 6), 0);
    EXPECT_EQ(limiter.take("a", 0), 0);
}

TEST(RateLimiter, AClockSetBackGivesNothingAndTakesNothing) {
    FakeClock clock;
    SeededRandom random(1);
    RateLimiter limiter(clock, random);
    EXPECT_EQ(limiter.take("a", 1), 0);
    clock.advance(-24h);
    EXPECT_EQ(limiter.take("a", 1), 60);
    clock.advance(24h + 60s);
    EXPECT_EQ(limiter.take("a", 1), 0);
}

TEST(RateLimiter, RemembersABoundedNumberAndKeepsTheEmptiest) {
    FakeClock clock;
    SeededRandom random(1);
    RateLimiter limiter(clock, random, 1600);
    for (int i = 0; i < 60; ++i)
        (void)limiter.take("abuser", 60);
    for (int i = 0; i < 100'000; ++i)
        (void)limiter.take(std::to_string(i), 60);
    EXPECT_LE(limiter.size(), 1600U);
    EXPECT_GT(limiter.take("abuser", 60), 0);
}

class Chain {
  public:
    Chain() { request.host = "braid.example"; }
    Response run(const Middleware& middleware) {
        return middleware(request, [&](Request& r) {
            reached = !r.refusal.has_value();
            return Response::html(200, "page");
        });
    }
    Request request;
    bool reached = false;
};

TEST(Csrf, TheCookieGetsItsPrefixOnASecureSite) {
    SeededRandom random(1);
    const auto cookie = [&](const char* url) {
        Chain chain;
        return chain.run(csrf({"0123456789abcdef", url}, random)).cookies.at(0).name;
    };
    EXPECT_EQ(cookie("https://braid.example"), "__Host-braid_csrf");
    EXPECT_EQ(cookie("http://127.0.0.1:8080"), "braid_csrf");
    EXPECT_THROW((void)csrf({"short", ""}, random), std::logic_error);
}

class CsrfTest : public testing::Test {
  protected:
    // A visitor with cookie and token.
    void visit() {
        Chain chain;
        const Response response = chain.run(guard);
        cookie = response.cookies.at(0).value;
        token = chain.request.attached<CsrfToken>()->value;
    }
    bool passes(const std::function<void(Request&)>& change) {
        Chain chain;
        chain.request.method = Method::post;
        chain.request.secure = true;
        chain.request.headers = {{"cookie", "__Host-braid_csrf=" + cookie}};
        chain.request.form.fields.add("_csrf", token);
        change(chain.request);
        (void)chain.run(guard);
        return chain.reached;
    }
    SeededRandom random{7};
    Middleware guard = csrf({"0123456789abcdef", "https://braid.example"}, random);
    std::string cookie, token;
};

TEST_F(CsrfTest, PassesWithCookieAndTokenFromHere) {
    visit();
    EXPECT_TRUE(passes([](Request&) {}));
    EXPECT_TRUE(passes([](Request& r) { r.headers.emplace_back("origin", "https://braid.example"); }));
    EXPECT_TRUE(passes([](Request& r) { r.headers.emplace_back("sec-fetch-site", "none"); }));
    EXPECT_TRUE(passes([&](Request& r) {
        r.form = {};
        r.headers.emplace_back("x-csrf-token", token);
    }));
}

TEST_F(CsrfTest, RefusesEverythingElse) {
    visit();
    EXPECT_FALSE(passes([](Request& r) { r.form = {}; }));
    EXPECT_FALSE(passes([](Request& r) { r.headers.clear(); }));
    EXPECT_FALSE(
        passes([](Request& r) { r.headers[0].second = "__Host-braid_csrf=AAAAAAAAAAAAAAAAAAAAAA"; }));
    EXPECT_FALSE(passes([](Request& r) { r.headers.emplace_back("x-csrf-token", ""); }));
    for (const auto* site : {"cross-site", "same-site", "x"}) {
        EXPECT_FALSE(passes([&](Request& r) { r.headers.emplace_back("sec-fetch-site", site); })) << site;
    }
    for (const auto* origin :
         {"null", "https://evil.example", "http://braid.example", "https://braid.example.evil.example", ""}) {
        EXPECT_FALSE(passes([&](Request& r) { r.headers.emplace_back("origin", origin); })) << origin;
    }
    const std::string good = token;
    for (std::size_t i = 0; i + 1 < good.size();
         ++i) {  // the last character holds two bits that mean nothing
        token = good;
        token[i] = token[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(passes([](Request&) {})) << i;
    }
}

TEST_F(CsrfTest, ACallThatNoBrowserMadeByItselfNeedsNoToken) {
    visit();
    const auto call = [&](const char* path, const char* authorization, bool cookie) {
        return passes([&](Request& r) {
            r.path = path;
            r.form = {};
            if (!cookie) r.headers.clear();
            if (authorization != nullptr) r.headers.emplace_back("authorization", authorization);
        });
    };
    EXPECT_FALSE(call("/api/v1/works", nullptr, true)) << "our own pages send the token";
    EXPECT_TRUE(passes([&](Request& r) {
        r.path = "/api/v1/works";
        r.form = {};
        r.headers.emplace_back("x-csrf-token", token);
    }));
    EXPECT_TRUE(call("/api/v1/works", nullptr, false));
    for (const char* authorization : {"Bearer x", "bearer", "Basic eA==", ""}) {
        EXPECT_TRUE(call("/api/v1/works", authorization, true))
            << "its cookie is never looked at: " << authorization;
        EXPECT_FALSE(call("/sign-out", authorization, true))
            << "pages are answered by cookies: " << authorization;
        EXPECT_FALSE(call("/apiary", authorization, true)) << authorization;
    }
    EXPECT_FALSE(call("/sign-in", nullptr, false));
}

TEST_F(CsrfTest, AnotherSecretMakesAnotherToken) {
    visit();
    guard = csrf({"fedcba9876543210", "https://braid.example"}, random);
    EXPECT_FALSE(passes([](Request&) {}));
}

TEST(OriginOf, IsSchemeAndAuthority) {
    EXPECT_EQ(origin_of("https://Braid.Example/x?y"), "https://braid.example");
    EXPECT_EQ(origin_of("https://braid.example:443"), "https://braid.example");
    EXPECT_EQ(origin_of("http://braid.example:443"), "http://braid.example:443");
    EXPECT_EQ(origin_of("ftp://x"), "");
    EXPECT_EQ(origin_of("//x"), "");
    EXPECT_EQ(origin_of(""), "");
    EXPECT_EQ(origin_of("https://a@b"), "");
}

TEST(SecurityHeaders, LeaveWhatAHandlerSet) {
    SeededRandom random(1);
    Request request;
    const Response response = security_headers(random, false)(request, [](Request&) {
        return std::move(Response::html(200, "")
                             .set("Cache-Control", "public, max-age=60")
                             .set("Content-Security-Policy", "sandbox")
                             .etag("x"));
    });
    EXPECT_EQ(response.header("cache-control"), "public, max-age=60");
    EXPECT_EQ(response.header("content-security-policy"), "sandbox");
    EXPECT_FALSE(response.header("strict-transport-security"));
    Request second;
    const Response tagged = security_headers(random, true)(
        second, [](Request&) { return std::move(Response::html(200, "").etag("x")); });
    EXPECT_EQ(tagged.header("cache-control"), "private, no-cache");
    EXPECT_TRUE(tagged.header("strict-transport-security"));
}

TEST(RateLimits, CountPeopleAndAddresses) {
    FakeClock clock;
    SeededRandom random(1);
    RateLimiter limiter(clock, random);
    const Middleware limits = rate_limits(limiter, 0);
    Route route{Method::post, "/x", ActionRef{"a"}, nullptr, {.per_minute = 2}};
    const auto ask = [&](const char* address, const char* person) {
        Chain chain;
        chain.request.matched = &route;
        chain.request.remote_address = address;
        if (*person != '\0') chain.request.attach(Principal{person});
        (void)chain.run(limits);
        return chain.reached;
    };
    EXPECT_TRUE(ask("1", "ada"));
    EXPECT_TRUE(ask("2", "ada"));
    EXPECT_FALSE(ask("3", "ada"));  // the same person from elsewhere
    EXPECT_TRUE(ask("1", "bob"));
    EXPECT_FALSE(ask("1", "eve"));  // the same address
    EXPECT_TRUE(ask("4", ""));
}

}  // namespace
}  // namespace braid::http
