#include "identity/oidc/service.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "identity/accounts/module.h"
#include "identity/oidc/module.h"
#include "identity/oidc/signer_test.h"
#include "identity/sessions/module.h"
#include "support/databases.h"
#include "support/nobody_waits.h"

namespace braid::oidc {
namespace {

constexpr const char* kIssuer = "https://school.example";
constexpr const char* kPassword = "the lamp counts stairs";

// The provider: answers from what a test says, and counts what it was asked.
class FakeSchool final : public fetch::Client {
  public:
    Result<fetch::Answer> ask(const fetch::Request& request) override {
        asked[request.url] += 1;
        last = request;
        if (down) return unavailable("no route to the school");
        if (request.url == std::string(kIssuer) + "/.well-known/openid-configuration")
            return fetch::Answer{200, discovery};
        if (request.url == std::string(kIssuer) + "/keys") return fetch::Answer{200, keys};
        if (request.url == std::string(kIssuer) + "/token") return fetch::Answer{token_status, token};
        return fetch::Answer{404, ""};
    }
    bool down = false;
    int token_status = 200;
    std::string discovery =
        R"({"issuer":"https://school.example","authorization_endpoint":"https://school.example/auth?tenant=1","token_endpoint":"https://school.example/token","jwks_uri":"https://school.example/keys"})";
    std::string keys, token;
    std::map<std::string, int> asked;
    fetch::Request last;
};

class OidcTest : public braid::testing::OnBothEngines {
  protected:
    OidcTest() {
        deniz_ = *accounts().create_person(accounts::operator_actor(), {.handle = "deniz",
                                                                        .display_name = "Deniz",
                                                                        .password = kPassword,
                                                                        .birth_year = 1980,
                                                                        .birth_month = 1});
        school_->keys = signer_.key_set();
    }

    accounts::Accounts& accounts() { return accounts_module_.accounts(); }
    Service& service() { return module_.service(); }
    static access::Actor actor(access::PersonId person) {
        access::Actor actor;
        actor.person = person;
        actor.band = access::AgeBand::adult;
        return actor;
    }
    static std::string parameter(const std::string& url, const std::string& name) {
        const auto at = url.find("&" + name + "=");
        if (at == std::string::npos) return {};
        const auto from = at + name.size() + 2;
        return *percent_decode(url.substr(from, url.find('&', from) - from));
    }
    std::string token_for(const Departure& departure, std::string_view subject) {
        const std::int64_t now = clock_.now().micros / 1'000'000;
        return R"({"id_token":")" +
               signer_.sign(R"({"iss":")" + std::string(kIssuer) + R"(","aud":"braid","sub":")" +
                            std::string(subject) + R"(","exp":)" + std::to_string(now + 300) + R"(,"iat":)" +
                            std::to_string(now) + R"(,"nonce":")" + parameter(departure.url, "nonce") +
                            R"(","name":"Ada L"})") +
               "\"}";
    }
    Result<Arrival> travel(std::string_view subject, const access::Actor& who = {},
                           std::string_view next = "/library") {
        const auto departure = service().set_out(who, next);
        if (!departure.ok()) return departure.error();
        school_->token = token_for(*departure, subject);
        return service().come_back(who, departure->cookie, parameter(departure->url, "state"), "code-1",
                                   kIssuer, {});
    }
    void tie(std::string_view subject) {
        ASSERT_TRUE(service().tie(actor(deniz_), {.subject = std::string(subject)}).ok());
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blocks::migrations(), accounts::migrations(),
                                            sessions::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_module_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
    struct Asked final : sessions::SecondStep {
        bool asked_of(sql::Session&, access::PersonId person) const override {
            return people.contains(person);
        }
        std::set<access::PersonId> people;
    };
    Asked asked_;
    braid::testing::NobodyWaits nobody_waits_;
    sessions::SessionsModule sessions_module_{
        *database_, clock_,        ids_,
        random_,    outbox_,       accounts_module_.accounts(),
        asked_,     nobody_waits_, sessions::Settings{.secret = "a secret of the tests"}};
    Signer signer_{"k1"};
    FakeSchool* school_ = new FakeSchool;  // the module's
    OidcModule module_{*database_,
                       clock_,
                       random_,
                       accounts_module_.accounts(),
                       sessions_module_.doors(),
                       Settings{.issuer = kIssuer,
                                .client_id = "braid",
                                .client_secret = "s3cret",
                                .name = "Hill School",
                                .public_url = "https://braid.test",
                                .secret = "a secret of the tests"},
                       std::unique_ptr<fetch::Client>(school_)};
    access::PersonId deniz_;
};
BRAID_ON_BOTH_ENGINES(OidcTest);

TEST_P(OidcTest, SetsOutWithEverythingTheProviderMustBringBack) {
    const auto departure = service().set_out({}, "/read");
    ASSERT_TRUE(departure.ok());
    EXPECT_TRUE(departure->url.starts_with(
        "https://school.example/auth?tenant=1&response_type=code&client_id=braid&"));
    EXPECT_EQ(parameter(departure->url, "redirect_uri"), "https://braid.test/sign-in/school/back");
    EXPECT_EQ(parameter(departure->url, "code_challenge_method"), "S256");
    EXPECT_EQ(parameter(departure->url, "code_challenge").size(), 43U);
    EXPECT_EQ(departure->cookie.find(parameter(departure->url, "code_challenge")), std::string::npos);
}

TEST_P(OidcTest, BringsAStrangerBackAsAGuestAndATiedPersonInside) {
    const auto guest = travel("42");
    ASSERT_TRUE(guest.ok()) << guest.error().detail;
    ASSERT_TRUE(guest->guest);
    EXPECT_FALSE(guest->entry);
    EXPECT_EQ(guest->guest->name, "Ada L");
    EXPECT_EQ(school_->asked["https://school.example/token"], 1);
    tie("42");
    const auto entry = travel("42");
    ASSERT_TRUE(entry.ok()) << entry.error().detail;
    ASSERT_TRUE(entry->entry);
    EXPECT_EQ(entry->entry->person, deniz_);
    EXPECT_EQ(entry->entry->stage, sessions::Stage::inside);
    EXPECT_EQ(entry->next, "/library");
    EXPECT_EQ(school_->asked["https://school.example/keys"], 1) << "kept";
}

TEST_P(OidcTest, ShowsItsSecretAndTheVerifier) {
    ASSERT_TRUE(service().set_out({}, "").ok());
    school_->keys = R"({"keys":[]})";
    EXPECT_FALSE(travel("42").ok());
    school_->keys = signer_.key_set();
    clock_.advance(std::chrono::minutes(1));
    ASSERT_TRUE(travel("42").ok());
    EXPECT_EQ(school_->last.url, "https://school.example/keys") << "an unknown key: asked again";
}

TEST_P(OidcTest, AsksForASecondStepWhereOneIsSetUp) {
    tie("42");
    asked_.people.insert(deniz_);
    const auto arrival = travel("42");
    ASSERT_TRUE(arrival.ok());
    EXPECT_EQ(arrival->entry->stage, sessions::Stage::second_step);
    const auto step = database_->read(
        [&](sql::Reader& reader) { return sessions_module_.doors().step(reader, arrival->entry->token); });
    ASSERT_TRUE(step);
    EXPECT_EQ(step->next, "/library");
}

TEST_P(OidcTest, OpensNothingForAnotherBrowserOrAgainOrLate) {
    tie("42");
    const auto mine = service().set_out({}, ""), other = service().set_out({}, "");
    school_->token = token_for(*mine, "42");
    const auto come = [&](const std::string& cookie, const std::string& state,
                          std::string_view issuer = kIssuer) {
        return service().come_back({}, cookie, state, "code-1", issuer, {});
    };
    const std::string state = parameter(mine->url, "state");
    EXPECT_EQ(come(other->cookie, state).error().code, ErrorCode::gone) << "another's journey";
    EXPECT_EQ(come("", state).error().code, ErrorCode::gone);
    EXPECT_EQ(come(mine->cookie + "x", state).error().code, ErrorCode::gone);
    EXPECT_EQ(come(mine->cookie, "").error().code, ErrorCode::gone);
    EXPECT_EQ(come(service().pack({.subject = "42"}), state).error().code, ErrorCode::gone)
        << "packed as something else";
    EXPECT_EQ(come(mine->cookie, state, "https://evil.example").error().code, ErrorCode::forbidden);
    // The token of another journey: its nonce is not this one's.
    EXPECT_EQ(come(other->cookie, parameter(other->url, "state")).error().code, ErrorCode::forbidden);
    EXPECT_TRUE(come(mine->cookie, state).ok());
    clock_.advance(kJourneyLife);
    EXPECT_EQ(come(mine->cookie, state).error().code, ErrorCode::gone);
}

TEST_P(OidcTest, TakesNewKeysWhenTheProviderChangesThem) {
    tie("42");
    ASSERT_TRUE(travel("42").ok());
    signer_ = Signer("k2");
    school_->keys = signer_.key_set();
    EXPECT_FALSE(travel("42").ok()) << "asked a moment ago";
    clock_.advance(std::chrono::seconds(31));
    EXPECT_TRUE(travel("42").ok());
    EXPECT_EQ(school_->asked["https://school.example/keys"], 2);
}

TEST_P(OidcTest, SaysKindlyThatTheProviderIsNotThere) {
    school_->down = true;
    EXPECT_EQ(service().set_out({}, "").error().message_key, "oidc.not_there");
    school_->down = false;
    school_->discovery = R"({"issuer":"https://other.example"})";
    EXPECT_EQ(service().set_out({}, "").error().message_key, "oidc.not_there");
    school_->discovery = "<html>";
    EXPECT_EQ(service().set_out({}, "").error().message_key, "oidc.not_there");
    school_->discovery =
        R"({"issuer":"https://school.example","authorization_endpoint":"http://school.example/auth","token_endpoint":"https://school.example/token","jwks_uri":"https://school.example/keys"})";
    EXPECT_EQ(service().set_out({}, "").error().message_key, "oidc.not_there") << "plain http";
    school_->discovery = FakeSchool().discovery;
    school_->token_status = 400;
    EXPECT_EQ(travel("42").error().message_key, "oidc.refused");
    school_->token_status = 502;
    EXPECT_EQ(travel("42").error().message_key, "oidc.not_there");
}

TEST_P(OidcTest, MakesAnAccountAndTiesItInOne) {
    const Guest guest{.subject = "77"};
    accounts::SignUpForm form{
        .handle = "ada-l", .display_name = "Ada", .birth_year = "1990", .birth_month = "5", .birth_day = "3"};
    const auto entry = service().join({}, guest, form, {});
    ASSERT_TRUE(entry.ok()) << entry.error().detail;
    const auto arrival = travel("77");
    ASSERT_TRUE(arrival.ok());
    EXPECT_EQ(arrival->entry->person, entry->person);
    form.handle = "ada-m";
    EXPECT_EQ(service().join({}, guest, form, {}).error().code, ErrorCode::conflict) << "tied already";
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) { return accounts().by_handle(reader, "ada-m"); }))
        << "nothing half done";
}

TEST_P(OidcTest, AsksTheSameAgeQuestion) {
    accounts::SignUpForm form{.handle = "small-one",
                              .display_name = "Small",
                              .birth_year = "2099",
                              .birth_month = "5",
                              .birth_day = "3"};
    EXPECT_FALSE(service().join({}, {.subject = "78"}, form, {}).ok());
    form.birth_year = std::to_string(1970 + static_cast<int>(clock_.now().micros / 31'556'952'000'000) - 9);
    const auto young = service().join({}, {.subject = "78"}, form, {});
    EXPECT_EQ(young.error().message_key, "accounts.too_young");
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) { return store::person(reader, kIssuer, "78"); }));
}

TEST_P(OidcTest, TiesOneToOne) {
    tie("42");
    EXPECT_EQ(service().tie(actor(deniz_), {.subject = "43"}).error().code, ErrorCode::conflict);
    const auto abi = *accounts().create_person(accounts::operator_actor(), {.handle = "abigail",
                                                                            .display_name = "Abi",
                                                                            .password = kPassword,
                                                                            .birth_year = 1990,
                                                                            .birth_month = 1});
    EXPECT_EQ(service().tie(actor(abi), {.subject = "42"}).error().code, ErrorCode::conflict);
    EXPECT_EQ(travel("42", actor(abi)).error().code, ErrorCode::conflict) << "signed in as somebody else";
    EXPECT_EQ(service().link({}).error().code, ErrorCode::unauthenticated);
}

TEST_P(OidcTest, CutsOnlyWithThePassword) {
    tie("42");
    EXPECT_EQ(service().untie(actor(deniz_), "not this one", {}).error().code, ErrorCode::invalid);
    ASSERT_TRUE(service().untie(actor(deniz_), kPassword, {}).ok());
    EXPECT_FALSE(*service().link(actor(deniz_)));
    EXPECT_TRUE(travel("42")->guest) << "a stranger again";
    EXPECT_EQ(service().untie(actor(deniz_), kPassword, {}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace braid::oidc
