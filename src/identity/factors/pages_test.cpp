#include <gmock/gmock.h>

#include "identity/factors/site_test.h"

namespace braid::factors {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class FactorsTest : public SiteTest {};
BRAID_ON_BOTH_ENGINES(FactorsTest);

// --- setting up

TEST_P(FactorsTest, AnAppIsSetUpWithItsFirstCodeAndThePassword) {
    Browser browser = signed_in("abigail");
    EXPECT_EQ(header(browser.post("/settings/second-factor/app"), "location"), "/settings/second-factor/app");
    const std::string page = body(browser.get("/settings/second-factor/app"));
    EXPECT_THAT(page, AllOf(HasSubstr("<svg class=\"qr\""), HasSubstr("id=\"key\"")));
    const std::string secret = key_on(page);
    EXPECT_EQ(secret.size(), kSecretBytes);
    const auto confirm = [&](std::string code, std::string password) {
        return browser.post("/settings/second-factor/app/confirm",
                            {{"code", std::move(code)}, {"password", std::move(password)}});
    };
    EXPECT_EQ(confirm("000000", kPassword).status, 422);
    EXPECT_EQ(confirm(code_of(secret), "another password").status, 422);
    EXPECT_FALSE(service().overview(actor_of("abigail"))->any()) << "nothing counts yet";
    const auto done = confirm(code_of(secret), kPassword);
    EXPECT_EQ(done.status, 200);
    EXPECT_THAT(codes_on(body(done)), SizeIs(kRecoveryCodes));
    EXPECT_THAT(body(browser.get("/settings/second-factor")),
                AllOf(HasSubstr("10 codes"), Not(HasSubstr("<pre"))))
        << "shown once";
    ASSERT_THAT(mails(), SizeIs(1));
    EXPECT_EQ(mails().front().to, "abigail@example.org");
    EXPECT_THAT(mails().front().text, HasSubstr("https://braid.test/settings/second-factor"));
}

TEST_P(FactorsTest, SettingUpEndsEveryOtherSession) {
    Browser here = signed_in("abigail");
    Browser elsewhere = signed_in("abigail");
    EXPECT_EQ(elsewhere.get("/settings").status, 200);
    set_up(here);
    EXPECT_EQ(here.get("/settings").status, 200);
    EXPECT_EQ(header(elsewhere.get("/settings"), "location"), "/sign-in?next=%2Fsettings");
}

TEST_P(FactorsTest, ASetUpThatWasLeftRunsOut) {
    Browser browser = signed_in("abigail");
    browser.post("/settings/second-factor/app");
    const std::string secret = key_on(body(browser.get("/settings/second-factor/app")));
    clock_.advance(std::chrono::minutes(61));
    EXPECT_EQ(browser.get("/settings/second-factor/app").status, 303);
    EXPECT_EQ(
        browser
            .post("/settings/second-factor/app/confirm", {{"code", code_of(secret)}, {"password", kPassword}})
            .status,
        404);
}

// --- signing in

TEST_P(FactorsTest, APasswordAloneOpensOnlyTheStep) {
    Browser phone = signed_in("abigail");
    const Armed up = set_up(phone);
    Browser browser(*this);
    const auto first = browser.post(
        "/sign-in", {{"name", "abigail"}, {"password", kPassword}, {"next", "/read"}, {"remember", "1"}});
    EXPECT_EQ(header(first, "location"), "/sign-in/second-step");
    EXPECT_FALSE(browser.cookies.contains("session"));
    EXPECT_EQ(browser.get("/settings").status, 303) << "not in yet";
    EXPECT_EQ(browser.get("/sign-in/second-step").status, 200);
    EXPECT_EQ(browser.post("/sign-in/second-step", {{"code", "000000"}}).status, 422);
    const auto second = browser.post("/sign-in/second-step", {{"code", code_of(up.secret)}});
    EXPECT_EQ(second.status, 303);
    EXPECT_EQ(header(second, "location"), "/read");
    EXPECT_EQ(second.cookies.front().max_age, std::chrono::hours(24 * 30)) << "the wish to stay was kept";
    EXPECT_FALSE(browser.cookies.contains("sign-in-step"));
    EXPECT_EQ(browser.get("/settings").status, 200);
}

TEST_P(FactorsTest, ACodeWorksOnce) {
    Browser phone = signed_in("abigail");
    const Armed up = set_up(phone);
    const std::string code = code_of(up.secret);
    Browser one(*this), two(*this);
    one.sign_in("abigail");
    two.sign_in("abigail");
    EXPECT_EQ(one.post("/sign-in/second-step", {{"code", code}}).status, 303);
    EXPECT_EQ(two.post("/sign-in/second-step", {{"code", code}}).status, 422);
    EXPECT_EQ(two.post("/sign-in/second-step", {{"code", code_of(up.secret, -1)}}).status, 422)
        << "nor an older one after it";
    EXPECT_EQ(two.post("/sign-in/second-step", {{"code", code_of(up.secret, 1)}}).status, 303);
}

TEST_P(FactorsTest, AStepEndsAfterTenMinutesAndWorksOnce) {
    Browser phone = signed_in("abigail");
    const Armed up = set_up(phone);
    Browser late(*this);
    late.sign_in("abigail");
    clock_.advance(std::chrono::minutes(11));
    EXPECT_EQ(header(late.post("/sign-in/second-step", {{"code", code_of(up.secret)}}), "location"),
              "/sign-in");
    EXPECT_FALSE(late.cookies.contains("session"));

    Browser browser(*this);
    browser.sign_in("abigail");
    const auto step = browser.cookies["sign-in-step"];
    ASSERT_EQ(browser.post("/sign-in/second-step", {{"code", code_of(up.secret)}}).status, 303);
    Browser thief(*this);
    thief.cookies["sign-in-step"] = step;
    EXPECT_EQ(header(thief.post("/sign-in/second-step", {{"code", code_of(up.secret, 1)}}), "location"),
              "/sign-in");
    EXPECT_FALSE(thief.cookies.contains("session"));
}

TEST_P(FactorsTest, ARecoveryCodeOpensOnceAndIsTold) {
    Browser phone = signed_in("abigail");
    const Armed up = set_up(phone);
    ASSERT_THAT(up.codes, SizeIs(kRecoveryCodes));
    mails().clear();
    Browser one(*this), two(*this);
    one.sign_in("abigail");
    two.sign_in("abigail");
    std::string shouted = up.codes.front();
    for (char& c : shouted)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(one.post("/sign-in/second-step", {{"code", shouted}}).status, 303);
    EXPECT_EQ(two.post("/sign-in/second-step", {{"code", up.codes.front()}}).status, 422);
    EXPECT_THAT(body(one.get("/settings/second-factor")), HasSubstr("9 codes"));
    ASSERT_THAT(mails(), SizeIs(1));
    EXPECT_THAT(mails().front().text, HasSubstr("recovery codes was used"));
}

TEST_P(FactorsTest, RenewingCodesEndsTheOldOnes) {
    Browser browser = signed_in("abigail");
    EXPECT_EQ(browser.post("/settings/second-factor/codes", {{"password", kPassword}}).status, 409)
        << "nothing that they could stand in for";
    const Armed up = set_up(browser);
    EXPECT_EQ(browser.post("/settings/second-factor/codes", {{"password", "another password"}}).status, 422);
    const auto fresh =
        codes_on(body(browser.post("/settings/second-factor/codes", {{"password", kPassword}})));
    ASSERT_THAT(fresh, SizeIs(kRecoveryCodes));
    Browser other(*this);
    other.sign_in("abigail");
    EXPECT_EQ(other.post("/sign-in/second-step", {{"code", up.codes.at(3)}}).status, 422);
    EXPECT_EQ(other.post("/sign-in/second-step", {{"code", fresh.at(3)}}).status, 303);
}

TEST_P(FactorsTest, RemovingNeedsThePasswordAndACode) {
    Browser browser = signed_in("abigail");
    const Armed up = set_up(browser);
    const auto remove = [&](std::string code, std::string password) {
        return browser.post("/settings/second-factor/app/remove",
                            {{"code", std::move(code)}, {"password", std::move(password)}});
    };
    EXPECT_EQ(remove(code_of(up.secret), "another password").status, 422);
    EXPECT_EQ(remove("000000", kPassword).status, 422);
    EXPECT_EQ(remove(code_of(up.secret), kPassword).status, 303);
    EXPECT_FALSE(service().overview(actor_of("abigail"))->any());
    EXPECT_EQ(service().overview(actor_of("abigail"))->codes_left, 0);
    Browser other(*this);
    EXPECT_EQ(header(other.sign_in("abigail"), "location"), "/");
}

TEST_P(FactorsTest, MovingToAnotherAppEndsTheOldOneAndKeepsTheCodes) {
    Browser browser = signed_in("abigail");
    const Armed old = set_up(browser);
    browser.post("/settings/second-factor/app");
    const std::string secret = key_on(body(browser.get("/settings/second-factor/app")));
    EXPECT_NE(secret, old.secret);
    EXPECT_EQ(
        browser
            .post("/settings/second-factor/app/confirm", {{"code", code_of(secret)}, {"password", kPassword}})
            .status,
        303);
    clock_.advance(std::chrono::minutes(1));
    Browser other(*this);
    other.sign_in("abigail");
    EXPECT_EQ(other.post("/sign-in/second-step", {{"code", code_of(old.secret)}}).status, 422);
    EXPECT_EQ(other.post("/sign-in/second-step", {{"code", code_of(secret)}}).status, 303);
    EXPECT_THAT(body(other.get("/settings/second-factor")), HasSubstr("10 codes"));
}

TEST_P(FactorsTest, ANewPasswordDoesNotOpenWhatASecondStepCloses) {
    Browser browser = signed_in("abigail");
    const Armed up = set_up(browser);
    EXPECT_EQ(
        browser.post("/settings/password", {{"current", kPassword}, {"password", "harbour lights and tide"}})
            .status,
        303);
    Browser other(*this);
    EXPECT_EQ(header(other.sign_in("abigail", "harbour lights and tide"), "location"),
              "/sign-in/second-step");
}

TEST_P(FactorsTest, GuessingCodesIsSlowedAndHerOwnBrowserIsNot) {
    Browser hers = signed_in("abigail");
    const Armed up = set_up(hers);
    // Somebody who has the password, from a new address for every guess.
    int taken = 0;
    for (int i = 0; i < 60; ++i) {
        Browser thief(*this, "198.51.100." + std::to_string(i));
        thief.sign_in("abigail");
        taken += thief.post("/sign-in/second-step", {{"code", "111111"}}).status == 422 ? 1 : 0;
    }
    EXPECT_LE(taken, 21) << "all strangers together";
    hers.cookies.erase("session");
    ASSERT_EQ(header(hers.sign_in("abigail"), "location"), "/sign-in/second-step");
    EXPECT_EQ(hers.post("/sign-in/second-step", {{"code", code_of(up.secret)}}).status, 303);
}

// --- proving again

TEST_P(FactorsTest, ShowingACodeAgainMakesTheProofFresh) {
    Browser browser = signed_in("abigail");
    EXPECT_EQ(header(browser.get("/settings/second-factor/again?next=%2Fread"), "location"),
              "/settings/second-factor")
        << "nothing to show yet";
    const Armed up = set_up(browser);
    clock_.advance(std::chrono::hours(1));
    EXPECT_EQ(browser.get("/settings/second-factor/again?next=%2Fread").status, 200);
    EXPECT_EQ(browser.post("/settings/second-factor/again", {{"code", "000000"}, {"next", "/read"}}).status,
              422);
    const auto again =
        browser.post("/settings/second-factor/again", {{"code", code_of(up.secret)}, {"next", "/read"}});
    EXPECT_EQ(header(again, "location"), "/read");
    const auto identity = sessions_module_.service().by_cookie(browser.cookies["session"]);
    EXPECT_EQ(identity->current.proved_at, clock_.now());
    const auto away = browser.post("/settings/second-factor/again",
                                   {{"code", code_of(up.secret, 1)}, {"next", "//elsewhere.example"}});
    EXPECT_EQ(header(away, "location"), "/settings/second-factor");
}

// --- staff

TEST_P(FactorsTest, StaffWithoutAFactorReachNothingButTheirSettings) {
    Browser browser = signed_in("sam");
    EXPECT_EQ(header(browser.get("/"), "location"), "/settings/second-factor");
    const std::string page = body(browser.get("/settings/second-factor"));
    EXPECT_THAT(page, HasSubstr("Set up a second step, then everything else opens"));
    for (const http::Route& route : router_.routes()) {
        if (route.pattern.find('{') != std::string::npos) continue;
        const auto* entry = book_.find(route.action.name());
        if (entry->reach == access::Reach::before_factor || route.method != http::Method::get) continue;
        EXPECT_EQ(browser.get(route.pattern).status, 303) << route.pattern;
    }
    EXPECT_EQ(browser.post("/settings/tokens", {{"name", "x"}, {"read", "1"}, {"days", "30"}}).status, 403)
        << "no token is a way round";
    for (const char* path : {"/settings", "/settings/profile", "/settings/account", "/settings/password",
                             "/settings/sessions", "/settings/second-factor"}) {
        EXPECT_EQ(browser.get(path).status, 200) << path;
    }
    set_up(browser);
    EXPECT_EQ(browser.get("/desk").status, 200);
    EXPECT_EQ(browser.get("/").status, 200);
}

TEST_P(FactorsTest, CoordinatorsAndAdministratorsMustAndTheOthersNeedNot) {
    const std::pair<access::Role, int> roles[] = {
        {access::Role::coordinator, 303}, {access::Role::administrator, 303}, {access::Role::moderator, 303},
        {access::Role::mentor, 200},      {access::Role::educator, 200},      {access::Role::guardian, 200},
        {access::Role::learner, 200}};
    for (const auto& [role, status] : roles) {
        const std::string handle = "the-" + std::string(access::name(role));
        add(handle, 1980, {role});
        EXPECT_EQ(signed_in(handle).get("/read").status, status) << handle;
    }
}

TEST_P(FactorsTest, ARoleGivenLaterAsksAtTheNextRequest) {
    Browser browser = signed_in("abigail");
    EXPECT_EQ(browser.get("/read").status, 200);
    ASSERT_TRUE(accounts().set_role(accounts::operator_actor(), abi_, access::Role::coordinator, true).ok());
    EXPECT_EQ(browser.get("/read").status, 303);
    set_up(browser);
    EXPECT_EQ(browser.get("/read").status, 200);
}

TEST_P(FactorsTest, StaffKeepTheirLastFactor) {
    Browser browser = signed_in("sam");
    const Armed up = set_up(browser);
    EXPECT_THAT(body(browser.get("/settings/second-factor")), Not(HasSubstr("/app/remove")));
    EXPECT_EQ(browser
                  .post("/settings/second-factor/app/remove",
                        {{"code", code_of(up.secret)}, {"password", kPassword}})
                  .status,
              403);
    EXPECT_EQ(browser.get("/desk").status, 200);
}

TEST_P(FactorsTest, WhoRemovedHerFactorMustSetOneUpWhenSheBecomesStaff) {
    Browser browser = signed_in("abigail");
    const Armed up = set_up(browser);
    ASSERT_EQ(browser
                  .post("/settings/second-factor/app/remove",
                        {{"code", code_of(up.secret)}, {"password", kPassword}})
                  .status,
              303);
    ASSERT_TRUE(accounts().set_role(accounts::operator_actor(), abi_, access::Role::moderator, true).ok());
    EXPECT_EQ(browser.get("/desk").status, 303) << "that this session once showed a code is forgotten";
}

TEST_P(FactorsTest, ATokenIsAsWeakAsTheSessionThatMadeIt) {
    // Made while she was nobody special, without a second step.
    Browser browser = signed_in("abigail");
    const std::string page =
        body(browser.post("/settings/tokens", {{"name", "x"}, {"read", "1"}, {"days", "30"}}));
    const auto from = page.find("braid_");
    ASSERT_NE(from, std::string::npos);
    const std::string token = page.substr(from, 49);
    EXPECT_EQ(sessions_module_.service().by_bearer(token)->actor.standing, access::Standing::complete);
    ASSERT_TRUE(accounts().set_role(accounts::operator_actor(), abi_, access::Role::moderator, true).ok());
    EXPECT_EQ(sessions_module_.service().by_bearer(token)->actor.standing, access::Standing::factor_missing);
    const Armed up = set_up(browser);
    EXPECT_EQ(sessions_module_.service().by_bearer(token)->actor.standing, access::Standing::factor_missing)
        << "the old token stays as it was made";
    const std::string later =
        body(browser.post("/settings/tokens", {{"name", "y"}, {"read", "1"}, {"days", "30"}}));
    EXPECT_EQ(sessions_module_.service().by_bearer(later.substr(later.find("braid_"), 49))->actor.standing,
              access::Standing::complete);
}

TEST_P(FactorsTest, OfOthersDoNotExist) {
    set_up(*std::make_unique<Browser>(signed_in("abigail")));
    const Actor sam = actor_of("sam");
    EXPECT_EQ(access::permit<SeeFactors>(sam, {abi_}).error().code, ErrorCode::not_found);
    EXPECT_EQ(access::permit<RemoveFactor>(sam, {abi_, false, false}).error().code, ErrorCode::not_found);
    EXPECT_FALSE(service().overview(sam)->any());
}

TEST_P(FactorsTest, AnOperatorClearsWhatWasLost) {
    Browser browser = signed_in("sam");
    EXPECT_EQ(service().clear(accounts::operator_actor(), sam_).error().code, ErrorCode::not_found);
    set_up(browser);
    EXPECT_EQ(service().clear(actor_of("abigail"), sam_).error().code, ErrorCode::not_found);
    ASSERT_TRUE(service().clear(accounts::operator_actor(), sam_).ok());
    EXPECT_EQ(header(browser.get("/desk"), "location"), "/sign-in?next=%2Fdesk");
    EXPECT_EQ(header(browser.sign_in("sam"), "location"), "/");
    EXPECT_EQ(header(browser.get("/desk"), "location"), "/settings/second-factor")
        << "he sets up another first";
}

class FreeFactorsTest : public SiteTest {
  protected:
    FreeFactorsTest() : SiteTest(sessions::StaffFactor::not_asked) {}
};
BRAID_ON_BOTH_ENGINES(FreeFactorsTest);

TEST_P(FreeFactorsTest, WhereTheSiteDoesNotAskStaffWorkWithAPassword) {
    Browser browser = signed_in("sam");
    EXPECT_EQ(browser.get("/desk").status, 200);
    EXPECT_THAT(mails(), IsEmpty());
}

}  // namespace
}  // namespace braid::factors
