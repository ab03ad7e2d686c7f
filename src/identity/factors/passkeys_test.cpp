#include "identity/factors/passkeys.h"

#include <gmock/gmock.h>

#include "identity/factors/site_test.h"
#include "identity/factors/soft_authenticator_test.h"

namespace braid::factors {
namespace {

using Kind = SoftAuthenticator::Kind;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class PasskeysTest : public SiteTest {
  protected:
    using Form = std::vector<std::pair<std::string, std::string>>;

    static std::string attribute(const std::string& page, const std::string& form, const std::string& name) {
        const auto from = page.find("data-passkey=\"" + form + "\"");
        if (from == std::string::npos) return "(no such form)";
        const std::string mark = name + "=\"";
        const auto at = page.find(mark, from) + mark.size();
        return page.substr(at, page.find('"', at) - at);
    }
    static Form made(const SoftAuthenticator& device, const std::string& challenge) {
        return {{"name", "my phone"},
                {"password", kPassword},
                {"client_data", base64url(device.client_data("webauthn.create", challenge))},
                {"attestation", base64url(device.attestation())}};
    }
    static Form shown(SoftAuthenticator& device, const std::string& challenge, const std::string& user = "") {
        ++device.count;
        const std::string client = device.client_data("webauthn.get", challenge);
        return {{"credential", base64url(device.credential)},
                {"client_data", base64url(client)},
                {"authenticator_data", base64url(device.authenticator_data(false))},
                {"signature", base64url(device.signature(client))},
                {"user_handle", user}};
    }
    http::Response add(Browser& browser, const SoftAuthenticator& device) {
        const std::string page = body(browser.get("/settings/second-factor/passkeys"));
        user_ = attribute(page, "create", "data-user-id");
        return browser.post("/settings/second-factor/passkeys",
                            made(device, attribute(page, "create", "data-challenge")));
    }
    std::string challenge_at(Browser& browser, const std::string& path) {
        return attribute(body(browser.get(path)), "get", "data-challenge");
    }
    std::string first_passkey(const std::string& handle) {
        return factors_module_.passkeys().list(actor_of(handle))->front().id.text();
    }
    std::string user_;
    SoftAuthenticator device_{Kind::es256};
};
BRAID_ON_BOTH_ENGINES(PasskeysTest);

TEST_P(PasskeysTest, OneIsAddedAndOpensTheDoorAlone) {
    Browser browser = signed_in("abigail");
    const auto added = add(browser, device_);
    EXPECT_EQ(added.status, 200) << body(added);
    EXPECT_THAT(codes_on(body(added)), SizeIs(kRecoveryCodes)) << "the first factor brings recovery codes";
    EXPECT_THAT(body(added), HasSubstr("my phone"));

    Browser other(*this);
    const auto entered =
        other.post("/sign-in/passkey", shown(device_, challenge_at(other, "/sign-in/passkey"), user_));
    EXPECT_EQ(entered.status, 303) << body(entered);
    EXPECT_EQ(other.get("/settings").status, 200);
    const auto identity = sessions_module_.service().by_cookie(other.cookies["session"]);
    EXPECT_TRUE(identity->actor.is(abi_));
    EXPECT_EQ(identity->current.assurance, sessions::Assurance::second_factor);
    EXPECT_THAT(mails().back().text, HasSubstr("a passkey opens your account"));
}

TEST_P(PasskeysTest, WhoIsKeptOutIsToldWhyAlsoHere) {
    Browser browser = signed_in("abigail");
    ASSERT_EQ(add(browser, device_).status, 200);
    const auto come_in = [&] {
        Browser other(*this);
        auto answer =
            other.post("/sign-in/passkey", shown(device_, challenge_at(other, "/sign-in/passkey"), user_));
        EXPECT_TRUE(answer.status == 303 || other.cookies["session"].empty());
        return answer;
    };
    const auto guard = [&](bool paused) {
        return database_->write([&](sql::Tx& tx) -> Result<void> {
            const auto permit =
                TRY(access::permit<accounts::GuardPerson>(accounts::operator_actor(), {.decided = true}));
            accounts().set_guarded(tx, permit, abi_, {{}, paused});
            return {};
        });
    };
    ASSERT_TRUE(guard(true).ok());
    const auto paused = come_in();
    EXPECT_EQ(paused.status, 403);
    EXPECT_THAT(body(paused), HasSubstr("Your guardian has taken back their yes"));
    ASSERT_TRUE(guard(false).ok());
    EXPECT_EQ(come_in().status, 303);
    ASSERT_TRUE(database_
                    ->write([&](sql::Tx& tx) {
                        return accounts().suspend(tx, accounts::operator_actor(), abi_,
                                                  clock_.now() + std::chrono::hours(1), "/appeals/why");
                    })
                    .ok());
    const auto suspended = come_in();
    EXPECT_EQ(suspended.status, 403);
    EXPECT_THAT(body(suspended), HasSubstr("/appeals/why"));
}

TEST_P(PasskeysTest, ItIsASecondStepToo) {
    Browser browser = signed_in("sam");
    EXPECT_EQ(browser.get("/desk").status, 303);
    ASSERT_EQ(add(browser, device_).status, 200);
    EXPECT_EQ(browser.get("/desk").status, 200);
    Browser other(*this);
    EXPECT_EQ(header(other.sign_in("sam"), "location"), "/sign-in/second-step");
    device_.flags = 1;  // present, not verified: enough beside a password
    const auto entered =
        other.post("/sign-in/second-step", shown(device_, challenge_at(other, "/sign-in/second-step")));
    EXPECT_EQ(entered.status, 303) << body(entered);
    EXPECT_EQ(other.get("/desk").status, 200);
    Browser alone(*this);
    EXPECT_EQ(alone.post("/sign-in/passkey", shown(device_, challenge_at(alone, "/sign-in/passkey"))).status,
              422)
        << "alone it must have verified who holds it";
}

TEST_P(PasskeysTest, AChallengeIsAnsweredOnce) {
    Browser browser = signed_in("abigail");
    ASSERT_EQ(add(browser, device_).status, 200);
    Browser one(*this), two(*this);
    const Form form = shown(device_, challenge_at(one, "/sign-in/passkey"));
    EXPECT_EQ(one.post("/sign-in/passkey", form).status, 303);
    EXPECT_NE(two.post("/sign-in/passkey", form).status, 303) << "the same answer again";
    device_.count = 0;  // an authenticator that does not count
    SoftAuthenticator uncounted(Kind::eddsa, "another credential");
    uncounted.count = 0;
    ASSERT_EQ(add(browser, uncounted).status, 303);
    const std::string challenge = challenge_at(two, "/sign-in/passkey");
    const auto sign = [&] {
        Form answer = shown(uncounted, challenge);
        uncounted.count = 0;
        const std::string client = uncounted.client_data("webauthn.get", challenge);
        answer[2].second = base64url(uncounted.authenticator_data(false));
        answer[3].second = base64url(uncounted.signature(client));
        return answer;
    };
    EXPECT_EQ(two.post("/sign-in/passkey", sign()).status, 303);
    Browser three(*this);
    EXPECT_EQ(three.post("/sign-in/passkey", sign()).status, 422) << "a challenge that was answered";
}

TEST_P(PasskeysTest, ChallengesAreForWhatTheyWereMadeForAndRunOut) {
    Browser browser = signed_in("abigail");
    ASSERT_EQ(add(browser, device_).status, 200);
    Browser other(*this);
    const std::string again = challenge_at(browser, "/settings/second-factor/again");
    EXPECT_EQ(other.post("/sign-in/passkey", shown(device_, again)).status, 422);
    const std::string late = challenge_at(other, "/sign-in/passkey");
    clock_.advance(kChallengeLife);
    EXPECT_EQ(other.post("/sign-in/passkey", shown(device_, late)).status, 422);
    EXPECT_EQ(other.post("/sign-in/passkey", shown(device_, base64url(std::string(40, 'x')))).status, 422);
    other.sign_in("abigail");
    const std::string hers = challenge_at(other, "/sign-in/second-step");
    Browser thief(*this);
    thief.sign_in("abigail");
    EXPECT_EQ(thief.post("/sign-in/second-step", shown(device_, hers)).status, 422) << "of another step";
}

TEST_P(PasskeysTest, AnothersPasskeyOpensNotHerStep) {
    Browser sams = signed_in("sam");
    SoftAuthenticator his(Kind::es256, "sam's credential");
    ASSERT_EQ(add(sams, his).status, 200);
    Browser browser = signed_in("abigail");
    ASSERT_EQ(add(browser, device_).status, 200);
    Browser thief(*this);
    thief.sign_in("abigail");
    EXPECT_EQ(
        thief.post("/sign-in/second-step", shown(his, challenge_at(thief, "/sign-in/second-step"))).status,
        422);
    Browser alone(*this);
    EXPECT_EQ(
        alone.post("/sign-in/passkey", shown(his, challenge_at(alone, "/sign-in/passkey"), user_)).status,
        422)
        << "it says it is hers";
}

TEST_P(PasskeysTest, ACopyIsRefused) {
    Browser browser = signed_in("abigail");
    device_.count = 10;
    ASSERT_EQ(add(browser, device_).status, 200);
    device_.count = 4;
    Browser copy(*this);
    const auto refused =
        copy.post("/sign-in/passkey", shown(device_, challenge_at(copy, "/sign-in/passkey")));
    EXPECT_EQ(refused.status, 409);
}

TEST_P(PasskeysTest, AddingNeedsThePasswordAndAFreshKey) {
    Browser browser = signed_in("abigail");
    const std::string page = body(browser.get("/settings/second-factor/passkeys"));
    const std::string challenge = attribute(page, "create", "data-challenge");
    Form form = made(device_, challenge);
    form[1].second = "another password";
    EXPECT_EQ(browser.post("/settings/second-factor/passkeys", form).status, 422);
    form = made(device_, challenge);
    form[0].second = "";
    EXPECT_EQ(browser.post("/settings/second-factor/passkeys", form).status, 422);
    EXPECT_EQ(add(browser, device_).status, 200);
    EXPECT_THAT(body(browser.get("/settings/second-factor/passkeys")),
                HasSubstr(base64url(device_.credential)))
        << "left out next time";
    EXPECT_EQ(add(browser, device_).status, 422) << "it is here already";
    Browser sams = signed_in("sam");
    EXPECT_EQ(add(sams, device_).status, 422) << "and nobody else's";
}

TEST_P(PasskeysTest, OneIsRenamedAndRemoved) {
    Browser browser = signed_in("abigail");
    ASSERT_EQ(add(browser, device_).status, 200);
    const std::string path = "/settings/second-factor/passkeys/" + first_passkey("abigail");
    EXPECT_EQ(browser.post(path + "/rename", {{"name", "  the <grey> key "}}).status, 303);
    EXPECT_THAT(body(browser.get(path)), AllOf(HasSubstr("the &lt;grey&gt; key"), Not(HasSubstr("<grey>"))));
    EXPECT_EQ(browser.post(path + "/rename", {{"name", std::string(41, 'x')}}).status, 422);
    EXPECT_EQ(browser.post(path + "/remove", {{"password", "another password"}}).status, 422);

    Browser sams = signed_in("sam");
    SoftAuthenticator his(Kind::rs256, "sam's credential");
    ASSERT_EQ(add(sams, his).status, 200);
    EXPECT_EQ(sams.get(path).status, 404) << "somebody else's";
    EXPECT_EQ(sams.post(path + "/rename", {{"name", "x"}}).status, 404);
    EXPECT_EQ(sams.post(path + "/remove", {{"password", kPassword}}).status, 403) << "his own last one stays";

    EXPECT_EQ(browser.post(path + "/remove", {{"password", kPassword}}).status, 303);
    EXPECT_FALSE(service().overview(actor_of("abigail"))->any());
    Browser other(*this);
    EXPECT_NE(other.post("/sign-in/passkey", shown(device_, challenge_at(other, "/sign-in/passkey"))).status,
              303);
    EXPECT_EQ(header(other.sign_in("abigail"), "location"), "/");
}

TEST_P(PasskeysTest, ShowingOneAgainMakesTheProofFresh) {
    Browser browser = signed_in("abigail");
    ASSERT_EQ(add(browser, device_).status, 200);
    clock_.advance(std::chrono::hours(1));
    Form form = shown(device_, challenge_at(browser, "/settings/second-factor/again?next=%2Fread"));
    form.emplace_back("next", "/read");
    EXPECT_EQ(header(browser.post("/settings/second-factor/again", form), "location"), "/read");
    EXPECT_EQ(sessions_module_.service().by_cookie(browser.cookies["session"])->current.proved_at,
              clock_.now());
}

TEST(PasskeysArePossible, ForNamesOverHttpsAndForLocalhost) {
    EXPECT_TRUE(passkeys_possible("https://braid.example"));
    EXPECT_TRUE(passkeys_possible("https://braid.example:8443"));
    EXPECT_TRUE(passkeys_possible("http://localhost:8080"));
    for (const char* no :
         {"http://braid.example", "https://192.0.2.7", "http://127.0.0.1:8080", "https://[2001:db8::1]:8443"})
        EXPECT_FALSE(passkeys_possible(no)) << no;
}

}  // namespace
}  // namespace braid::factors
