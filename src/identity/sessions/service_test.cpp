#include "identity/sessions/service.h"

#include <gmock/gmock.h>

#include "identity/blocks/service.h"
#include "identity/sessions/model.h"
#include "identity/sessions/site_test.h"

namespace braid::sessions {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SessionsTest : public SiteTest {
  protected:
    std::int64_t count_sessions(access::PersonId person) {
        return static_cast<std::int64_t>(service().sessions(actor(person), std::nullopt)->size());
    }
    Result<Entry> try_in(std::string_view name, std::string_view password,
                         std::string_view address = "192.0.2.7") {
        return service().sign_in(access::Actor{}, name, password, {std::string(address), kFirefox, {}});
    }
};
BRAID_ON_BOTH_ENGINES(SessionsTest);

TEST_P(SessionsTest, ATokenTellsWhoIsAsking) {
    const Entry entry = enter();
    const auto identity = service().by_cookie(entry.token);
    ASSERT_TRUE(identity);
    EXPECT_TRUE(identity->actor.is(abi_));
    EXPECT_EQ(identity->actor.band, access::AgeBand::teen);
    EXPECT_EQ(identity->actor.scopes, 7);
    EXPECT_EQ(identity->handle, "abigail");
    EXPECT_EQ(identity->display_name, "Abi");
    EXPECT_EQ(identity->current.session, entry.session);
    EXPECT_FALSE(service().by_cookie(""));
    EXPECT_FALSE(service().by_cookie(std::string(43, 'A')));
    EXPECT_FALSE(service().by_cookie(accounts::token_hash(entry.token))) << "what is stored opens nothing";
}

TEST_P(SessionsTest, RolesAreSeenAtOnce) {
    const Entry entry = enter("deniz");
    EXPECT_FALSE(service().by_cookie(entry.token)->actor.staff());
    ASSERT_TRUE(accounts().set_role(accounts::operator_actor(), deniz_, access::Role::moderator, true).ok());
    EXPECT_TRUE(service().by_cookie(entry.token)->actor.staff());
}

TEST_P(SessionsTest, ARoleThatHasEndedIsGoneAtOnce) {
    const Entry entry = enter("deniz");
    const Timestamp soon = clock_.now() + std::chrono::hours(1);
    ASSERT_TRUE(accounts().grant(accounts::operator_actor(), deniz_, access::Role::mentor, {}, soon).ok());
    ASSERT_TRUE(accounts().grant(accounts::operator_actor(), deniz_, access::Role::educator, {}, {}).ok());
    EXPECT_TRUE(service().by_cookie(entry.token)->actor.has(access::Role::mentor));
    clock_.set(soon);
    EXPECT_FALSE(service().by_cookie(entry.token)->actor.has(access::Role::mentor))
        << "before the timer came by";
    EXPECT_TRUE(service().by_cookie(entry.token)->actor.has(access::Role::educator));
    runner_.run_pending();
    EXPECT_FALSE(service().by_cookie(entry.token)->actor.has(access::Role::mentor));
    EXPECT_TRUE(service().by_cookie(entry.token)->actor.has(access::Role::educator));
}

// So that everybody else is spared looking for people she does not see.
TEST_P(SessionsTest, WhetherSheIsApartFromSomebodyIsKnownAtOnce) {
    const Entry entry = enter();
    EXPECT_FALSE(service().by_cookie(entry.token)->actor.may_be_apart);
    blocks::Service blocks(*database_, clock_);
    const PersonId other{991};
    ASSERT_TRUE(blocks.keep_apart(actor(abi_), other, blocks::Kind::mute).ok());
    EXPECT_TRUE(service().by_cookie(entry.token)->actor.may_be_apart);
    ASSERT_TRUE(blocks.take_back(actor(abi_), other).ok());
    EXPECT_FALSE(service().by_cookie(entry.token)->actor.may_be_apart);
    // Blocked by another she does not know it, and is as apart.
    ASSERT_TRUE(blocks.keep_apart(actor(other), abi_, blocks::Kind::mute).ok());
    EXPECT_FALSE(service().by_cookie(entry.token)->actor.may_be_apart);
    ASSERT_TRUE(blocks.keep_apart(actor(other), abi_, blocks::Kind::block).ok());
    EXPECT_TRUE(service().by_cookie(entry.token)->actor.may_be_apart);
}

// Whatever is stored, by an old version or by hand.
const sql::Query kAllRoles{"test.hold_every_role", "UPDATE persons SET role_bits = 127 WHERE id = $1"};

TEST_P(SessionsTest, NobodyActsAsWhatSheIsTooYoungFor) {
    const Entry teen = enter(), adult = enter("deniz");
    database_->with_tx([&](sql::Tx& tx) {
        tx.run(kAllRoles, abi_);
        tx.run(kAllRoles, deniz_);
        return true;
    });
    EXPECT_EQ(service().by_cookie(adult.token)->actor.roles, 127U);
    const access::Actor actor = service().by_cookie(teen.token)->actor;
    EXPECT_FALSE(actor.trusted());
    EXPECT_FALSE(actor.has(access::Role::educator));
    EXPECT_TRUE(actor.has(access::Role::mentor));
}

TEST_P(SessionsTest, TheBandGrowsUpInTheMiddleOfASession) {
    clock_.set({1'846'368'000'000'000});  // 2028-07-04, she was born in June 2010
    const Entry entry = enter();
    EXPECT_EQ(service().by_cookie(entry.token)->actor.band, access::AgeBand::adult);
}

TEST_P(SessionsTest, EndsAfterThirtyDaysHoweverBusy) {
    const Entry entry = enter();
    for (int day = 0; day < 29; ++day) {
        clock_.advance(std::chrono::hours(24));
        ASSERT_TRUE(service().by_cookie(entry.token)) << day;
        service().flush_seen();
    }
    clock_.advance(std::chrono::hours(24));
    EXPECT_FALSE(service().by_cookie(entry.token));
    service().sweep();
    EXPECT_EQ(count_sessions(abi_), 0);
}

TEST_P(SessionsTest, EndsAfterFourteenDaysAlone) {
    const Entry entry = enter();
    clock_.advance(kIdleLife);
    EXPECT_FALSE(service().by_cookie(entry.token));
}

TEST_P(SessionsTest, LastSeenIsWrittenLaterAndSeldom) {
    const Entry entry = enter();
    const Timestamp start = clock_.now();
    const auto seen = [&] { return service().sessions(actor(abi_), std::nullopt)->at(0).last_seen_at; };
    clock_.advance(std::chrono::minutes(9));
    ASSERT_TRUE(service().by_cookie(entry.token));
    service().flush_seen();
    EXPECT_EQ(seen(), start) << "less than ten minutes ago";
    clock_.advance(std::chrono::minutes(1));
    ASSERT_TRUE(service().by_cookie(entry.token));
    EXPECT_EQ(seen(), start) << "nothing is written while answering";
    runner_.run_pending();
    EXPECT_EQ(seen(), start + std::chrono::minutes(10));
}

// --- signing in

TEST_P(SessionsTest, AWrongPasswordAndNoAccountSoundAlike) {
    const auto wrong = try_in("abigail", "the lamp counts stars");
    const auto nobody = try_in("nobody-here", kPassword);
    ASSERT_FALSE(wrong.ok());
    ASSERT_FALSE(nobody.ok());
    EXPECT_EQ(wrong.error().code, nobody.error().code);
    EXPECT_EQ(wrong.error().message_key, nobody.error().message_key);
    EXPECT_EQ(wrong.error().fields.size(), nobody.error().fields.size());
}

TEST_P(SessionsTest, ManyAttemptsFromOnePlaceAreSlowedAndNobodyElseIs) {
    int tries = 0;
    while (tries < 50 &&
           try_in("abigail", "wrong " + std::to_string(tries)).error().code != ErrorCode::too_many_requests)
        ++tries;
    EXPECT_EQ(tries, 8);
    const auto blocked = try_in("abigail", kPassword);
    ASSERT_FALSE(blocked.ok()) << "from there not even the right one";
    EXPECT_GT(blocked.error().retry_after_seconds, 0);
    EXPECT_TRUE(try_in("abigail", kPassword, "198.51.100.4").ok()) << "she herself is not locked out";
    EXPECT_TRUE(try_in("deniz", kPassword).ok()) << "nor who shares the attacker's network";
    EXPECT_EQ(try_in("abi@example.org", kPassword).error().code, ErrorCode::too_many_requests)
        << "another name of the same account";
    clock_.advance(std::chrono::minutes(1));
    EXPECT_TRUE(try_in("abigail", kPassword).ok());
}

TEST_P(SessionsTest, OnePlaceCannotTryEveryAccount) {
    int tries = 0;
    while (tries < 500 &&
           try_in("person" + std::to_string(tries), "x").error().code != ErrorCode::too_many_requests)
        ++tries;
    EXPECT_EQ(tries, 90);
}

TEST_P(SessionsTest, SigningInEndsTheSessionTheBrowserCameWith) {
    const Entry first = enter();
    const auto second =
        service().sign_in(access::Actor{}, "deniz", kPassword, {"192.0.2.7", kFirefox, first.token});
    ASSERT_TRUE(second.ok());
    EXPECT_NE(second->token, first.token);
    EXPECT_FALSE(service().by_cookie(first.token));
    EXPECT_TRUE(service().by_cookie(second->token)->actor.is(deniz_));
}

// An attacker plants a token of her own making in a victim's browser and waits for her to sign in.
TEST_P(SessionsTest, APlantedTokenStaysWorthless) {
    const std::string planted(43, 'z');
    const auto entry =
        service().sign_in(access::Actor{}, "abigail", kPassword, {"192.0.2.7", kFirefox, planted});
    ASSERT_TRUE(entry.ok());
    EXPECT_NE(entry->token, planted);
    EXPECT_FALSE(service().by_cookie(planted));
}

TEST_P(SessionsTest, SigningOutEndsTheSessionOnTheServer) {
    const Entry entry = enter();
    service().sign_out(entry.token);
    EXPECT_FALSE(service().by_cookie(entry.token));
    service().sign_out(entry.token);
    service().sign_out("'; DROP TABLE sessions; --");
}

// --- passwords

TEST_P(SessionsTest, ChangingThePasswordKeepsOneNewSession) {
    const Entry here = enter(), elsewhere = enter();
    const auto fresh = service().change_password(actor(abi_), kPassword, "a kite of paper moons",
                                                 {"192.0.2.7", kFirefox, here.token});
    ASSERT_TRUE(fresh.ok());
    EXPECT_FALSE(service().by_cookie(here.token));
    EXPECT_FALSE(service().by_cookie(elsewhere.token));
    EXPECT_TRUE(service().by_cookie(fresh->token));
}

TEST_P(SessionsTest, ResettingThePasswordEndsEverySessionAndToken) {
    const Entry entry = enter();
    const auto token = service().create_token(actor(abi_), "script", 1, 30);
    ASSERT_TRUE(accounts().request_reset(access::Actor{}, "abi@example.org").ok());
    runner_.run_pending();
    ASSERT_THAT(mailbox_.mails, SizeIs(1));
    const std::string& text = mailbox_.mails[0].text;
    const auto at = text.find("/password/reset/") + 16;
    const std::string reset = text.substr(at, 43);
    EXPECT_EQ(service().reset_password(access::Actor{}, "wrong", "a kite of paper moons").error().code,
              ErrorCode::gone);
    EXPECT_TRUE(service().by_cookie(entry.token)) << "a wrong link ends nothing";
    ASSERT_TRUE(service().reset_password(access::Actor{}, reset, "a kite of paper moons").ok());
    EXPECT_FALSE(service().by_cookie(entry.token));
    EXPECT_FALSE(service().by_bearer(token->token));
    EXPECT_TRUE(try_in("abigail", "a kite of paper moons").ok());
}

// --- one's own sessions

TEST_P(SessionsTest, ListsAndEndsOnesOwn) {
    const Entry here = enter(), there = enter();
    const Entry others = enter("deniz");
    const auto lines = service().sessions(actor(abi_), here.session);
    ASSERT_TRUE(lines.ok());
    ASSERT_THAT(*lines, SizeIs(2));
    for (const SessionLine& line : *lines) {
        EXPECT_EQ(line.browser, "Firefox");
        EXPECT_EQ(line.system, "Android");
        EXPECT_EQ(line.current, line.id == here.session);
    }
    EXPECT_EQ(service().end_session(actor(abi_), others.session).error().code, ErrorCode::not_found);
    EXPECT_TRUE(service().by_cookie(others.token)) << "somebody else's";
    ASSERT_TRUE(service().end_session(actor(abi_), there.session).ok());
    EXPECT_FALSE(service().by_cookie(there.token));
    enter();
    EXPECT_EQ(*service().end_other_sessions(actor(abi_), here.session), 1);
    EXPECT_TRUE(service().by_cookie(here.token));
    EXPECT_EQ(service().sessions(access::Actor{}, std::nullopt).error().code, ErrorCode::unauthenticated);
}

// --- tokens

TEST_P(SessionsTest, ATokenMayDoWhatItsScopesSay) {
    const auto made = service().create_token(actor(abi_), " my script ", 1, 30);
    ASSERT_TRUE(made.ok());
    EXPECT_TRUE(made->token.starts_with("braid_"));
    const auto identity = service().by_bearer(made->token);
    ASSERT_TRUE(identity);
    EXPECT_TRUE(identity->actor.is(abi_));
    EXPECT_TRUE(identity->actor.allows(access::Scope::read));
    EXPECT_FALSE(identity->actor.allows(access::Scope::write));
    EXPECT_EQ(
        access::check_needs(access::Needs::signed_in, access::Scope::write, identity->actor).error().code,
        ErrorCode::forbidden);
    EXPECT_FALSE(service().by_cookie(made->token)) << "a token is no cookie";
    EXPECT_FALSE(service().by_bearer(enter().token)) << "a cookie is no token";
    EXPECT_FALSE(service().by_bearer("braid_" + std::string(43, 'A')));
}

TEST_P(SessionsTest, ATokenRunsOutAndCanBeRevoked) {
    const auto made = service().create_token(actor(abi_), "script", 3, 7);
    EXPECT_EQ(service().revoke_token(actor(deniz_), made->id).error().code, ErrorCode::not_found);
    EXPECT_TRUE(service().by_bearer(made->token));
    clock_.advance(std::chrono::hours(24 * 7));
    EXPECT_FALSE(service().by_bearer(made->token));
    const auto other = service().create_token(actor(abi_), "script", 3, 7);
    ASSERT_TRUE(service().revoke_token(actor(abi_), other->id).ok());
    EXPECT_FALSE(service().by_bearer(other->token));
}

TEST_P(SessionsTest, ATokenCannotMakeAWiderOne) {
    access::Actor token = actor(abi_);
    token.scopes = static_cast<std::uint8_t>(access::Scope::account);
    EXPECT_EQ(service().create_token(token, "wider", 7, 365).error().message_key, "sessions.token_wider");
    EXPECT_TRUE(service().create_token(token, "same", 4, 365).ok());
    token.scopes = 3;
    EXPECT_EQ(service().create_token(token, "x", 1, 7).error().code, ErrorCode::forbidden);
}

TEST_P(SessionsTest, TokensAreCheckedAndCounted) {
    EXPECT_EQ(service().create_token(actor(abi_), "  ", 1, 30).error().fields.at(0).field, "name");
    EXPECT_EQ(service().create_token(actor(abi_), "x", 0, 30).error().fields.at(0).field, "scopes");
    EXPECT_EQ(service().create_token(actor(abi_), "x", 1, 31).error().fields.at(0).field, "days");
    for (int i = 0; i < kTokensPerPerson; ++i)
        ASSERT_TRUE(service().create_token(actor(abi_), "x", 1, 30).ok());
    EXPECT_EQ(service().create_token(actor(abi_), "x", 1, 30).error().fields.at(0).message_key,
              "sessions.token_too_many");
}

TEST_P(SessionsTest, ATokensLastUseIsNoted) {
    const auto made = service().create_token(actor(abi_), "script", 1, 30);
    EXPECT_EQ(service().tokens(actor(abi_))->at(0).last_used_at, std::nullopt);
    ASSERT_TRUE(service().by_bearer(made->token));
    service().flush_seen();
    EXPECT_EQ(service().tokens(actor(abi_))->at(0).last_used_at, clock_.now());
}

TEST_P(SessionsTest, EveryQueryIsPrepared) {
    for (const auto& line : braid::testing::prepare_all(*database_))
        ADD_FAILURE() << line;
}

}  // namespace
}  // namespace braid::sessions
