#include <gmock/gmock.h>

#include "identity/sessions/site_test.h"

namespace braid::sessions {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PagesTest : public SiteTest {
  protected:
    using Form = std::vector<std::pair<std::string, std::string>>;
    static Form joining() {
        return {{"handle", "noor"},  {"display_name", "Noor"}, {"password", kPassword},
                {"birth_day", "15"}, {"birth_month", "6"},     {"birth_year", "2010"},
                {"email", ""},       {"language", "en"},       {"next", "/works/new"}};
    }
    static Form with(Form form, std::string_view name, std::string value) {
        for (auto& [key, old] : form) {
            if (key == name) old = value;
        }
        return form;
    }
    Browser signed_in(std::string_view name = "abigail") {
        Browser browser(*this);
        browser.post("/sign-in", {{"name", std::string(name)}, {"password", kPassword}});
        return browser;
    }
};
BRAID_ON_BOTH_ENGINES(PagesTest);

// --- attackers

TEST_P(PagesTest, AnAttackerWithAThousandAddressesIsSlowedAndTheVictimComesIn) {
    Browser hers = signed_in();
    hers.post("/sign-out");
    const auto guess = [&](int i) {
        Browser stranger(*this);
        stranger.address = "10." + std::to_string(i / 250) + ".0." + std::to_string(i % 250);
        return stranger.post("/sign-in", {{"name", "abigail"}, {"password", "guess " + std::to_string(i)}})
            .status;
    };
    int tried = 0;
    for (int i = 0; i < 1000; ++i)
        tried += guess(i) == 422 ? 1 : 0;
    EXPECT_EQ(tried, 99) << "all strangers together have a hundred, and her first time here was one of them";
    clock_.advance(std::chrono::minutes(10));
    for (int i = 1000; i < 2000; ++i)
        tried += guess(i) == 422 ? 1 : 0;
    EXPECT_EQ(tried, 199) << "and ten a minute later on";

    EXPECT_EQ(hers.post("/sign-in", {{"name", "abigail"}, {"password", kPassword}}).status, 303)
        << "her own browser is not in their queue";
    hers.post("/sign-out");
    EXPECT_EQ(hers.post("/sign-in", {{"name", "abi@example.org"}, {"password", kPassword}}).status, 303)
        << "whichever name she types";
    Browser others(*this);
    EXPECT_EQ(others.post("/sign-in", {{"name", "deniz"}, {"password", kPassword}}).status, 303);
}

TEST_P(PagesTest, AnAttackerInHerOwnNetworkDoesNotLockHerOut) {
    Browser hers = signed_in();
    hers.post("/sign-out");
    for (int i = 0; i < 200; ++i) {
        Browser neighbour(*this);
        neighbour.post("/sign-in", {{"name", i % 2 == 0 ? "abigail" : "nobody" + std::to_string(i)},
                                    {"password", "guess " + std::to_string(i)}});
    }
    Browser neighbour(*this);
    EXPECT_EQ(neighbour.post("/sign-in", {{"name", "deniz"}, {"password", kPassword}}).status, 429);
    EXPECT_EQ(hers.post("/sign-in", {{"name", "abigail"}, {"password", kPassword}}).status, 303);
}

TEST_P(PagesTest, AKnownBrowserHasItsOwnLimit) {
    Browser hers = signed_in();
    hers.post("/sign-out");
    int tried = 0;
    for (int i = 0; i < 50; ++i)
        tried += hers.post("/sign-in", {{"name", "abigail"}, {"password", "guess"}}).status == 422 ? 1 : 0;
    EXPECT_LT(tried, 10) << "who finds it unlocked cannot guess for ever";
    Browser elsewhere(*this);
    EXPECT_EQ(elsewhere.post("/sign-in", {{"name", "abigail"}, {"password", kPassword}}).status, 303);
}

TEST_P(PagesTest, ANewPasswordByMailMakesTheBrowserKnown) {
    Browser fresh(*this);
    fresh.post("/password/forgot", {{"email", "abi@example.org"}});
    runner_.run_pending();
    const std::string text = mailbox_.mails.back().text;
    const auto at = text.find("/password/reset/");
    ASSERT_NE(at, std::string::npos);
    fresh.post(text.substr(at, text.find_first_of(" \n", at) - at),
               {{"password", "harbour lights and tide"}});
    ASSERT_TRUE(fresh.cookies.contains("browser"));
    for (int i = 0; i < 300; ++i) {
        Browser stranger(*this);
        stranger.address = "10.0." + std::to_string(i / 200) + "." + std::to_string(i % 200);
        stranger.post("/sign-in", {{"name", "abigail"}, {"password", "guess"}});
    }
    EXPECT_EQ(fresh.post("/sign-in", {{"name", "abigail"}, {"password", "harbour lights and tide"}}).status,
              303);
}

// --- joining

TEST_P(PagesTest, AVisitorJoinsAndIsSignedInWhereSheWanted) {
    Browser browser(*this);
    const auto form = browser.get("/sign-up");
    EXPECT_EQ(form.status, 200);
    EXPECT_THAT(body(form),
                AllOf(HasSubstr("name=\"birth_day\""), HasSubstr("name=\"_csrf\""), Not(HasSubstr(" older")),
                      Not(HasSubstr("13 ")), Not(HasSubstr("at least 13"))))
        << "the question is neutral: no limit is named";
    const auto joined = browser.post("/sign-up", joining());
    EXPECT_EQ(joined.status, 303);
    EXPECT_EQ(header(joined, "location"), "/works/new");
    ASSERT_TRUE(browser.cookies.contains("session"));
    const auto settings = browser.get("/settings");
    EXPECT_EQ(settings.status, 200);
    EXPECT_THAT(body(settings), HasSubstr("@noor"));
}

TEST_P(PagesTest, AFormThatCameBackKeepsWhatWasTypedButNotThePassword) {
    Browser browser(*this);
    const auto response = browser.post("/sign-up", with(joining(), "handle", "Abigail"));
    EXPECT_EQ(response.status, 409);
    const std::string page = body(response);
    EXPECT_THAT(page, AllOf(HasSubstr("value=\"Abigail\""), HasSubstr("value=\"Noor\""),
                            HasSubstr("value=\"2010\"")));
    EXPECT_THAT(page, AllOf(HasSubstr("id=\"e-handle\""), HasSubstr("aria-invalid=\"true\""),
                            HasSubstr("href=\"#f-handle\"")));
    EXPECT_THAT(page, Not(HasSubstr(kPassword)));
    EXPECT_FALSE(browser.cookies.contains("session"));
}

TEST_P(PagesTest, AnAnswerBelowTheAgeOfConsentIsRemembered) {
    Browser browser(*this);
    const auto refused = browser.post("/sign-up", with(joining(), "birth_year", "2016"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(body(refused), HasSubstr("First, a grown-up says yes"));
    EXPECT_EQ(browser.post("/sign-up", joining()).status, 403) << "another answer does not help";
    EXPECT_THAT(body(browser.get("/sign-up")), Not(HasSubstr("birth_year")));
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) { return accounts().by_handle(reader, "noor"); }));
    Browser forged(*this);
    forged.cookies["age_answer"] = "later-child.forged";
    EXPECT_EQ(forged.get("/sign-up").status, 200);
    Browser other(*this);
    EXPECT_EQ(other.post("/sign-up", joining()).status, 303);
}

TEST_P(PagesTest, SpanishIsComplete) {
    Browser browser(*this);
    browser.headers.emplace_back("accept-language", "es");
    for (const char* path : {"/sign-up", "/sign-in", "/password/forgot", "/password/reset/x"}) {
        const std::string page = body(browser.get(path));
        EXPECT_THAT(page, HasSubstr("lang=\"es\"")) << path;
        EXPECT_THAT(page,
                    Not(AnyOf(HasSubstr(">sessions."), HasSubstr(">accounts."), HasSubstr("\"sessions."))))
            << path;
    }
}

// --- signing in and out

TEST_P(PagesTest, APageThatNeedsSomebodyLeadsToSignInAndBack) {
    Browser browser(*this);
    const auto away = browser.get("/settings/sessions");
    EXPECT_EQ(away.status, 303);
    EXPECT_EQ(header(away, "location"), "/sign-in?next=%2Fsettings%2Fsessions");
    EXPECT_THAT(body(browser.get("/sign-in?next=%2Fsettings%2Fsessions")),
                HasSubstr("value=\"/settings/sessions\""));
    const auto back = browser.post(
        "/sign-in", {{"name", "abigail"}, {"password", kPassword}, {"next", "/settings/sessions"}});
    EXPECT_EQ(back.status, 303);
    EXPECT_EQ(header(back, "location"), "/settings/sessions");
    EXPECT_THAT(body(browser.get("/settings/sessions")), HasSubstr("Firefox on Android"));
}

TEST_P(PagesTest, NextNeverLeavesTheSite) {
    for (const char* next :
         {"https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"}) {
        Browser browser(*this);
        const auto response =
            browser.post("/sign-in", {{"name", "abigail"}, {"password", kPassword}, {"next", next}});
        EXPECT_EQ(header(response, "location"), "/") << next;
    }
}

TEST_P(PagesTest, AWrongPasswordComesBackWithoutIt) {
    Browser browser(*this);
    const auto response =
        browser.post("/sign-in", {{"name", "abigail"}, {"password", "the lamp counts stars"}});
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(body(response), AllOf(HasSubstr("do not belong together"), HasSubstr("value=\"abigail\""),
                                      Not(HasSubstr("stars"))));
    EXPECT_FALSE(browser.cookies.contains("session"));
}

TEST_P(PagesTest, TheCookieLivesAsLongAsSheAsked) {
    Browser browser(*this);
    auto response = browser.post("/sign-in", {{"name", "abigail"}, {"password", kPassword}});
    ASSERT_EQ(response.cookies.size(), 2U) << "hers, and the one by which this browser is known";
    EXPECT_EQ(response.cookies[0].max_age, Duration(0))
        << "a shared computer forgets her when the browser closes";
    EXPECT_TRUE(response.cookies[0].http_only);
    EXPECT_EQ(response.cookies[0].same_site, "Lax");
    Browser other(*this);
    response = other.post("/sign-in", {{"name", "abigail"}, {"password", kPassword}, {"remember", "1"}});
    EXPECT_EQ(response.cookies[0].max_age, std::chrono::hours(24 * 30));
}

TEST_P(PagesTest, SigningOutForgetsTheCookieAndTheSession) {
    Browser browser = signed_in();
    const std::string token = browser.cookies.at("session");
    EXPECT_EQ(browser.post("/sign-out").status, 303);
    EXPECT_FALSE(browser.cookies.contains("session"));
    EXPECT_FALSE(service().by_cookie(token));
    EXPECT_EQ(browser.get("/settings").status, 303);
}

TEST_P(PagesTest, ManyAttemptsAreAnsweredWith429AndTheForm) {
    Browser browser(*this);
    http::Response response;
    for (int i = 0; i < 9; ++i)
        response = browser.post("/sign-in", {{"name", "abigail"}, {"password", "wrong"}});
    EXPECT_EQ(response.status, 429);
    EXPECT_NE(header(response, "retry-after"), "");
    EXPECT_THAT(body(response), HasSubstr("name=\"password\""));
}

// --- passwords

TEST_P(PagesTest, AForgottenPasswordIsReplacedByMail) {
    Browser browser(*this);
    const std::string known = body(browser.post("/password/forgot", {{"email", "abi@example.org"}}));
    const std::string unknown = body(browser.post("/password/forgot", {{"email", "xyz@example.org"}}));
    EXPECT_THAT(known, HasSubstr("Look into your mailbox"));
    EXPECT_EQ(known.size(), unknown.size()) << "the same page";
    runner_.run_pending();
    ASSERT_EQ(mailbox_.mails.size(), 1U);
    const std::string& text = mailbox_.mails[0].text;
    const std::string path = text.substr(text.find("/password/reset/"), 16 + 43);
    EXPECT_EQ(browser.get(path).status, 200);
    EXPECT_EQ(browser.post(path, {{"password", "short"}}).status, 422);
    const auto done = browser.post(path, {{"password", "a kite of paper moons"}});
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(header(done, "location"), "/sign-in");
    EXPECT_EQ(browser.get(path).status, 410);
    EXPECT_EQ(browser.post("/sign-in", {{"name", "abigail"}, {"password", "a kite of paper moons"}}).status,
              303);
}

TEST_P(PagesTest, ChangingThePasswordKeepsThisBrowserIn) {
    Browser here = signed_in(), there = signed_in();
    EXPECT_EQ(
        here.post("/settings/password", {{"current", "wrong"}, {"password", "a kite of paper moons"}}).status,
        422);
    EXPECT_EQ(here.post("/settings/password", {{"current", kPassword}, {"password", "a kite of paper moons"}})
                  .status,
              303);
    EXPECT_EQ(here.get("/settings").status, 200);
    EXPECT_EQ(there.get("/settings").status, 303);
}

// --- settings

TEST_P(PagesTest, EverySettingsPageIsShownToItsOwner) {
    Browser browser = signed_in();
    for (const char* path : {"/settings", "/settings/profile", "/settings/account", "/settings/password",
                             "/settings/sessions", "/settings/tokens"}) {
        const auto response = browser.get(path);
        EXPECT_EQ(response.status, 200) << path;
        EXPECT_THAT(body(response), HasSubstr("aria-current=\"page\"")) << path;
        EXPECT_THAT(body(response), Not(AnyOf(HasSubstr(">sessions."), HasSubstr(">accounts.")))) << path;
    }
}

TEST_P(PagesTest, AProfileIsPreviewedAndSaved) {
    Browser browser = signed_in();
    const Form edit{
        {"display_name", "Abi W."}, {"bio", "I write *ghosts*"}, {"listed", "1"}, {"language", "en"}};
    const auto preview = browser.post("/settings/profile/preview", edit);
    EXPECT_EQ(preview.status, 200);
    EXPECT_THAT(body(preview), AllOf(HasSubstr("<em>ghosts</em>"), HasSubstr("Nothing is saved yet")));
    EXPECT_THAT(body(browser.get("/settings/profile")), Not(HasSubstr("ghosts")));
    EXPECT_EQ(browser.post("/settings/profile", edit).status, 303);
    EXPECT_THAT(body(browser.get("/settings/profile")), HasSubstr("<em>ghosts</em>"));
    EXPECT_EQ(browser.post("/settings/profile", with(edit, "display_name", "")).status, 422);
}

TEST_P(PagesTest, MinorsAreToldWhatSharingWiderMeans) {
    EXPECT_THAT(body(signed_in("abigail").get("/settings/profile")),
                HasSubstr("inside Braid until you choose otherwise"));
    EXPECT_THAT(body(signed_in("deniz").get("/settings/profile")),
                Not(HasSubstr("inside Braid until you choose otherwise")));
}

TEST_P(PagesTest, AnAddressIsChangedAndConfirmedByAButton) {
    Browser browser = signed_in();
    EXPECT_EQ(
        browser.post("/settings/account/email", {{"email", "new@example.org"}, {"password", "wrong"}}).status,
        422);
    EXPECT_EQ(browser.post("/settings/account/email", {{"email", "new@example.org"}, {"password", kPassword}})
                  .status,
              303);
    EXPECT_THAT(body(browser.get("/settings/account")), HasSubstr("We sent a link to new@example.org"));
    runner_.run_pending();
    std::string path;
    for (const auto& mail : mailbox_.mails) {
        if (mail.to == "new@example.org")
            path = mail.text.substr(mail.text.find("/settings/account/confirm/"), 26 + 43);
    }
    EXPECT_EQ(browser.get(path).status, 200) << "looking at it confirms nothing";
    EXPECT_THAT(body(browser.get("/settings/account")), HasSubstr("We write to abi@example.org"));
    EXPECT_EQ(browser.post(path).status, 303);
    EXPECT_THAT(body(browser.get("/settings/account")), HasSubstr("We write to new@example.org"));
    EXPECT_EQ(browser.post(path).status, 410);
}

TEST_P(PagesTest, SessionsAreEndedFromTheList) {
    Browser here = signed_in(), there = signed_in();
    const std::string page = body(here.get("/settings/sessions"));
    const auto at = page.find("/settings/sessions/");
    const std::string path = page.substr(page.find("action=\"/settings/sessions/") + 8);
    EXPECT_NE(at, std::string::npos);
    EXPECT_EQ(here.post(path.substr(0, path.find('"'))).status, 303);
    EXPECT_EQ(there.get("/settings").status, 303);
    EXPECT_EQ(here.get("/settings").status, 200);
}

TEST_P(PagesTest, ATokenIsShownOnce) {
    Browser browser = signed_in();
    const std::string made =
        body(browser.post("/settings/tokens", {{"name", "script"}, {"read", "1"}, {"days", "30"}}));
    EXPECT_THAT(made, HasSubstr("braid_"));
    EXPECT_THAT(body(browser.get("/settings/tokens")), AllOf(HasSubstr("script"), Not(HasSubstr("braid_"))));
    EXPECT_EQ(browser.post("/settings/tokens", {{"name", ""}, {"days", "30"}}).status, 422);
}

// --- the middleware

TEST_P(PagesTest, BearerTokensCountForTheApiOnly) {
    const auto made = service().create_token(actor(abi_), "script", 7, 30);
    router_.get("/api/v1/ping", access::action<ManageTokens>(),
                [](const http::Request& request) -> Result<http::Response> {
                    return http::Response::json(200, access::actor_of(request).person->text());
                });
    chain_.back() = access::require_needs(book_, router_, shell::error_page);
    Browser program(*this);
    program.headers.emplace_back("authorization", "Bearer " + made->token);
    EXPECT_EQ(body(program.get("/api/v1/ping")), abi_.text());
    EXPECT_EQ(program.get("/settings").status, 303) << "not on pages";
    Browser both = signed_in();
    EXPECT_EQ(body(both.get("/api/v1/ping")), abi_.text()) << "our own pages call with the cookie";
    for (const char* header : {"Bearer x", "Bearer ", "Bearer", "bearer\tx", "Basic YWJpOmFiaQ==", ""}) {
        both.headers = {{"authorization", header}};
        const auto refused = both.get("/api/v1/ping");
        EXPECT_EQ(refused.status, 401) << "never by the cookie: " << header;
        EXPECT_THAT(this->header(refused, "www-authenticate"), HasSubstr("invalid_token"));
        EXPECT_EQ(both.get("/settings").status, 200) << "pages are answered by the cookie: " << header;
    }
    const auto deniz = service().create_token(actor(deniz_), "script", 7, 30);
    both.headers = {{"authorization", "Bearer " + deniz->token}};
    EXPECT_EQ(body(both.get("/api/v1/ping")), deniz_.text()) << "the token's person, not the cookie's";
    ASSERT_TRUE(service().revoke_token(actor(deniz_), deniz->id).ok());
    EXPECT_EQ(both.get("/api/v1/ping").status, 401);
    Browser wrong(*this);
    wrong.headers.emplace_back("authorization", "Bearer braid_" + std::string(43, 'A'));
    const auto refused = wrong.get("/api/v1/ping");
    EXPECT_EQ(refused.status, 401);
    EXPECT_THAT(header(refused, "www-authenticate"), HasSubstr("invalid_token"));
    EXPECT_EQ(Browser(*this).get("/api/v1/ping").status, 401);
}

TEST_P(PagesTest, ACookieDoesNotCountWhereNothingGuardsAgainstForgery) {
    const auto whoami = [](const http::Request& request) -> Result<http::Response> {
        return http::Response::text(200, access::actor_of(request).signed_in() ? "somebody" : "nobody");
    };
    router_.add({http::Method::post, "/api/v1/open", access::action<SignIn>(), whoami, {.csrf = false}});
    router_.add({http::Method::get, "/api/v1/open", access::action<SignIn>(), whoami, {.csrf = false}});
    router_.add({http::Method::post, "/guarded", access::action<SignIn>(), whoami, {.csrf = true}});
    chain_.back() = access::require_needs(book_, router_, shell::error_page);
    Browser browser = signed_in();
    EXPECT_EQ(body(browser.post("/api/v1/open")), "nobody");
    EXPECT_EQ(body(browser.get("/api/v1/open")), "somebody");
    EXPECT_EQ(body(browser.post("/guarded")), "somebody");
}

TEST_P(PagesTest, AFragmentThatNeedsSomebodySendsTheWholePageToSignIn) {
    Browser browser(*this);
    browser.headers = {{"hx-request", "true"}, {"hx-current-url", "https://braid.test/works/7?page=2"}};
    const auto response = browser.get("/settings/sessions");
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(header(response, "hx-redirect"), "/sign-in?next=%2Fworks%2F7%3Fpage%3D2");
}

TEST_P(PagesTest, TheFrameShowsWhoIsSignedIn) {
    EXPECT_THAT(body(signed_in().get("/settings")), HasSubstr("Abi"));
    EXPECT_THAT(body(Browser(*this).get("/sign-in")), Not(HasSubstr("/people/abigail")));
}

TEST_P(PagesTest, EveryRouteHasAPolicyAndEveryTableItsColumns) {
    EXPECT_NO_THROW(book_.require_all(router_));
    EXPECT_THAT(book_.table(), AllOf(HasSubstr("accounts.sign_up"), HasSubstr("sessions.create_token")));
    EXPECT_EQ(described_.size(), 2U);
    EXPECT_EQ(described_[0].tables.size() + described_[1].tables.size(), 9U);
}

}  // namespace
}  // namespace braid::sessions
