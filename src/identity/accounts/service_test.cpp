#include "identity/accounts/service.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/accounts/events.h"
#include "identity/accounts/module.h"
#include "identity/blocks/service.h"
#include "platform/mail/mail.h"
#include "support/databases.h"

namespace braid::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr const char* kPassword = "the lamp counts stairs";

class Mailbox final : public mail::Sender {
  public:
    Result<void> send(const mail::Message& message) override {
        mails.push_back(message);
        return {};
    }
    // What follows `before` in the newest mail, up to white space.
    std::string link_after(std::string_view before) const {
        for (auto mail = mails.rbegin(); mail != mails.rend(); ++mail) {
            const auto at = mail->text.find(before);
            if (at == std::string::npos) continue;
            const auto from = at + before.size();
            return mail->text.substr(from, mail->text.find_first_of(" \n", from) - from);
        }
        return {};
    }
    std::vector<mail::Message> mails;
};

class AccountsTest : public braid::testing::OnBothEngines {
  protected:
    AccountsTest() { make_runner(); }

    void make_runner() {
        auto described = module_.describe();
        described.background(subscribers_, runner_);
        mail::handle_jobs(runner_, mailbox_);
        for (const std::string_view type :
             {PersonJoined::kType, ProfileChanged::kType, RolesChanged::kType, PasswordChanged::kType}) {
            subscribers_.add("test.note_" + std::string(type), type,
                             [this](sql::Tx&, const events::Envelope& event) -> Result<void> {
                                 events_.push_back(event.type + " " + event.json);
                                 return {};
                             });
        }
    }

    // Abigail was born on 15 June 2010; the clock stands at 2026-01-01.
    SignUpForm abigail() const {
        SignUpForm form;
        form.handle = "Abigail";
        form.display_name = "Abi";
        form.password = kPassword;
        form.birth_year = "2010";
        form.birth_month = "6";
        form.birth_day = "15";
        return form;
    }
    Result<PersonId> join(const SignUpForm& form) {
        const ReadyAccount account = TRY(accounts().prepare_sign_up(Actor{}, form));
        return database_->write([&](sql::Tx& tx) { return accounts().sign_up(tx, account); });
    }
    Actor actor(PersonId person) const {
        Actor actor;
        actor.person = person;
        actor.band = AgeBand::teen;
        return actor;
    }
    Accounts& accounts() { return module_.accounts(); }
    std::optional<PersonCard> card(PersonId id) {
        return database_->read([&](sql::Reader& reader) { return accounts().card(reader, id); });
    }
    OwnAccount own(PersonId id) {
        return *database_->read([&](sql::Reader& reader) { return accounts().own(reader, actor(id)); });
    }
    Result<void> store(const ReadyPassword& password) {
        return database_->write([&](sql::Tx& tx) { return accounts().store_password(tx, password); });
    }

    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blocks::migrations(), migrations()}};
    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    AccountsModule module_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
    Mailbox mailbox_;
    std::vector<std::string> events_;
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
};
BRAID_ON_BOTH_ENGINES(AccountsTest);

// --- joining

TEST_P(AccountsTest, WhoIsApartIsNotFound) {
    const auto id = join(abigail());
    ASSERT_TRUE(id.ok());
    const PersonId other{991};
    blocks::Service blocks(*database_, clock_);
    const auto found = [&](const Actor& by) {
        return database_->read([&](sql::Reader& reader) {
            EXPECT_TRUE(accounts().by_handle(reader, "abigail"));  // for pages of duty
            return accounts().found_by(reader, by, "@Abigail").has_value();
        });
    };
    EXPECT_TRUE(found(actor(other)));
    ASSERT_TRUE(blocks.keep_apart(actor(*id), other, blocks::Kind::block).ok());
    EXPECT_FALSE(found(actor(other)));
    EXPECT_TRUE(found(actor(*id)));
    EXPECT_TRUE(found(Actor{}) && found(actor(PersonId{992})));
}

TEST_P(AccountsTest, JoiningMakesAPersonWithPrivateDefaults) {
    const auto id = join(abigail());
    ASSERT_TRUE(id.ok());
    const auto abi = card(*id);
    ASSERT_TRUE(abi);
    EXPECT_EQ(abi->handle, "abigail");
    EXPECT_EQ(abi->display_name, "Abi");
    EXPECT_EQ(abi->band, AgeBand::teen);
    EXPECT_FALSE(abi->listed) << "a minor's profile is not shown to visitors until she chooses";
    EXPECT_EQ(own(*id).email, std::nullopt);
    runner_.run_pending();
    EXPECT_THAT(events_,
                ElementsAre(HasSubstr("accounts.person_joined.v1 {\"person_id\":\"" + id->text() + "\"")));
    EXPECT_THAT(mailbox_.mails, IsEmpty());
}

TEST_P(AccountsTest, AdultsAreListedUntilTheyChooseOtherwise) {
    SignUpForm form = abigail();
    form.birth_year = "1980";
    EXPECT_TRUE(card(*join(form))->listed);
}

TEST_P(AccountsTest, BelowTheAgeOfConsentNothingIsKept) {
    SignUpForm form = abigail();
    form.birth_year = "2013";
    form.birth_month = "1";
    form.birth_day = "2";  // thirteen tomorrow
    form.email = "abi@example.org";
    form.password = "short";  // and nothing else is looked at
    const auto refused = join(form);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_EQ(refused.error().message_key, "accounts.too_young");
    EXPECT_THAT(refused.error().fields, IsEmpty());
    EXPECT_FALSE(
        database_->read([&](sql::Reader& reader) { return accounts().by_handle(reader, "abigail"); }));
    runner_.run_pending();
    EXPECT_THAT(mailbox_.mails, IsEmpty());
    EXPECT_THAT(events_, IsEmpty());
}

TEST_P(AccountsTest, OnTheBirthdayEverywhereOnEarthSheMayJoin) {
    SignUpForm form = abigail();
    form.birth_year = "2013";
    form.birth_month = "1";
    form.birth_day = "1";
    EXPECT_FALSE(join(form).ok()) << "it is 2026-01-01T00:00Z, still December in places";
    clock_.advance(std::chrono::hours(12));
    const auto id = join(form);
    ASSERT_TRUE(id.ok());
    EXPECT_EQ(card(*id)->band, AgeBand::child) << "only the month is kept, so the band follows in February";
    clock_.advance(std::chrono::hours(24 * 31));
    EXPECT_EQ(card(*id)->band, AgeBand::teen);
}

TEST_P(AccountsTest, AFormComesBackOnceWithEverythingWrong) {
    SignUpForm form;
    form.handle = "x";
    form.password = "short";
    form.email = "nowhere";
    const auto refused = join(form);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    std::vector<std::string> fields;
    for (const FieldError& field : refused.error().fields)
        fields.push_back(field.field);
    EXPECT_THAT(fields, UnorderedElementsAre("handle", "display_name", "password", "email", "birth_day"));
}

TEST_P(AccountsTest, ATakenHandleIsAConflictBesideItsField) {
    ASSERT_TRUE(join(abigail()).ok());
    SignUpForm form = abigail();
    form.handle = "ABIGAIL";
    const auto refused = join(form);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_EQ(refused.error().fields.at(0).field, "handle");
    EXPECT_EQ(refused.error().fields.at(0).message_key, "accounts.handle_taken");
}

TEST_P(AccountsTest, OfTwoWhoWantOneHandleExactlyOneGetsIt) {
    // Both passed every check before either stored anything.
    const auto one = accounts().prepare_sign_up(Actor{}, abigail());
    const auto two = accounts().prepare_sign_up(Actor{}, abigail());
    ASSERT_TRUE(one.ok() && two.ok());
    std::optional<Result<PersonId>> first, second;
    const auto store = [&](const ReadyAccount& account, std::optional<Result<PersonId>>& out) {
        out = database_->write([&](sql::Tx& tx) { return accounts().sign_up(tx, account); });
    };
    std::thread a([&] { store(*one, first); });
    std::thread b([&] { store(*two, second); });
    a.join();
    b.join();
    EXPECT_NE(first->ok(), second->ok());
    const Error& error = first->ok() ? second->error() : first->error();
    EXPECT_EQ(error.code, ErrorCode::conflict);
    EXPECT_EQ(error.fields.at(0).field, "handle");
}

TEST_P(AccountsTest, AnAddressCountsOnlyOnceItsOwnerFollowedTheLink) {
    SignUpForm form = abigail();
    form.email = "Abi@Example.org";
    const PersonId id = *join(form);
    EXPECT_EQ(own(id).email, std::nullopt);
    EXPECT_EQ(own(id).pending_email, "abi@example.org");
    EXPECT_EQ(*accounts().prove("abi@example.org", kPassword), std::nullopt) << "not hers yet";
    runner_.run_pending();
    ASSERT_THAT(mailbox_.mails, SizeIs(1));
    EXPECT_EQ(mailbox_.mails[0].to, "abi@example.org");
    const std::string token = mailbox_.link_after("https://braid.test/settings/account/confirm/");
    ASSERT_TRUE(accounts().confirm_email(Actor{}, token).ok());
    EXPECT_EQ(own(id).email, "abi@example.org");
    EXPECT_EQ(own(id).pending_email, std::nullopt);
    EXPECT_EQ(*accounts().prove("ABI@example.org", kPassword), id);
    EXPECT_EQ(accounts().confirm_email(Actor{}, token).error().code, ErrorCode::gone) << "used up";
}

TEST_P(AccountsTest, AConfirmationRunsOut) {
    SignUpForm form = abigail();
    form.email = "abi@example.org";
    const PersonId id = *join(form);
    runner_.run_pending();
    const std::string token = mailbox_.link_after("/confirm/");
    clock_.advance(kEmailChangeLife);
    EXPECT_EQ(accounts().confirm_email(Actor{}, token).error().code, ErrorCode::gone);
    EXPECT_EQ(own(id).pending_email, std::nullopt);
}

// --- proving

TEST_P(AccountsTest, ProvesByHandleInAnyCase) {
    const PersonId id = *join(abigail());
    EXPECT_EQ(*accounts().prove("abigail", kPassword), id);
    EXPECT_EQ(*accounts().prove(" @ABIGAIL ", kPassword), id);
    EXPECT_EQ(*accounts().prove("abigail", "the lamp counts stars"), std::nullopt);
    EXPECT_EQ(*accounts().prove("nobody-here", kPassword), std::nullopt);
    EXPECT_EQ(*accounts().prove("", ""), std::nullopt);
}

TEST_P(AccountsTest, AnAccountWithoutAPasswordLetsNobodyIn) {
    ASSERT_TRUE(
        accounts()
            .create_person(operator_actor(),
                           {.handle = "imported", .display_name = "I", .birth_year = 1980, .birth_month = 1})
            .ok());
    EXPECT_EQ(*accounts().prove("imported", ""), std::nullopt);
}

TEST_P(AccountsTest, AttemptsOnOneAccountCountTogetherWhicheverNameIsTyped) {
    ASSERT_TRUE(accounts()
                    .create_person(operator_actor(), {.handle = "noor",
                                                      .display_name = "Noor",
                                                      .password = kPassword,
                                                      .birth_year = 1980,
                                                      .birth_month = 1,
                                                      .email = "noor@example.org"})
                    .ok());
    EXPECT_EQ(accounts().attempt_key("noor"), accounts().attempt_key("NOOR@example.org"));
    EXPECT_NE(accounts().attempt_key("noor"), accounts().attempt_key("deniz"));
}

TEST_P(AccountsTest, SigningInRenewsAHashOfAnotherCost) {
    const PersonId id = *join(abigail());
    AccountsModule dearer(*database_, clock_, ids_, random_, outbox_, queue_,
                          Settings{.password_cost = {2, 16}});
    EXPECT_EQ(*dearer.accounts().prove("abigail", kPassword), id);
    EXPECT_EQ(*dearer.accounts().prove("abigail", kPassword), id);
    EXPECT_EQ(*accounts().prove("abigail", kPassword), id) << "the cost travels with the hash";
}

// --- passwords

class ResetTest : public AccountsTest {
  protected:
    ResetTest() {
        id_ = *accounts().create_person(operator_actor(), {.handle = "abigail",
                                                           .display_name = "Abi",
                                                           .password = kPassword,
                                                           .birth_year = 1990,
                                                           .birth_month = 6,
                                                           .email = "abi@example.org"});
    }
    std::string ask() {
        EXPECT_TRUE(accounts().request_reset(Actor{}, " ABI@example.org").ok());
        runner_.run_pending();
        return mailbox_.link_after("https://braid.test/password/reset/");
    }
    PersonId id_;
};
BRAID_ON_BOTH_ENGINES(ResetTest);

TEST_P(ResetTest, ALinkByMailSetsANewPasswordOnce) {
    const std::string token = ask();
    ASSERT_THAT(mailbox_.mails, SizeIs(1));
    EXPECT_TRUE(database_->read([&](sql::Reader& reader) { return accounts().reset_open(reader, token); }));
    EXPECT_EQ(accounts().prepare_reset(Actor{}, token, "short").error().fields.at(0).field, "password");
    const auto ready = accounts().prepare_reset(Actor{}, token, "a kite of paper moons");
    ASSERT_TRUE(ready.ok());
    ASSERT_TRUE(store(*ready).ok());
    EXPECT_EQ(*accounts().prove("abigail", "a kite of paper moons"), id_);
    EXPECT_EQ(*accounts().prove("abigail", kPassword), std::nullopt);
    EXPECT_EQ(store(*ready).error().code, ErrorCode::gone) << "two who followed it at once: one wins";
    EXPECT_EQ(accounts().prepare_reset(Actor{}, token, "another paper moon").error().code, ErrorCode::gone);
    runner_.run_pending();
    ASSERT_THAT(mailbox_.mails, SizeIs(2));
    EXPECT_THAT(mailbox_.mails[1].text, HasSubstr("just changed"));
    EXPECT_THAT(events_.back(), HasSubstr("\"by_reset\":true"));
}

TEST_P(ResetTest, ALinkRunsOutAfterAnHour) {
    const std::string token = ask();
    clock_.advance(kResetLife);
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) { return accounts().reset_open(reader, token); }));
    EXPECT_EQ(accounts().prepare_reset(Actor{}, token, "a kite of paper moons").error().code,
              ErrorCode::gone);
}

TEST_P(ResetTest, AnUnknownAddressGetsTheSameAnswerAndNoMail) {
    EXPECT_TRUE(accounts().request_reset(Actor{}, "nobody@example.org").ok());
    EXPECT_EQ(runner_.run_pending(), 2)
        << "the operator's account made an event for the test's subscriber, and the job ran";
    EXPECT_THAT(mailbox_.mails, IsEmpty());
    EXPECT_EQ(accounts().request_reset(Actor{}, "nowhere").error().code, ErrorCode::invalid);
    EXPECT_EQ(accounts().request_reset(Actor{}, "").error().fields.at(0).message_key,
              "accounts.email_missing");
}

TEST_P(ResetTest, NobodyFloodsAMailbox) {
    for (int i = 0; i < 10; ++i)
        ask();
    EXPECT_THAT(mailbox_.mails, SizeIs(kResetsPerHour));
    clock_.advance(std::chrono::hours(1));
    ask();
    EXPECT_THAT(mailbox_.mails, SizeIs(kResetsPerHour + 1));
}

TEST_P(ResetTest, ChangingAPasswordNeedsTheCurrentOne) {
    const auto wrong = accounts().prepare_change(actor(id_), "not it", "a kite of paper moons");
    EXPECT_EQ(wrong.error().fields.at(0).field, "current");
    EXPECT_EQ(accounts().prepare_change(Actor{}, kPassword, "a kite of paper moons").error().code,
              ErrorCode::unauthenticated);
    ASSERT_TRUE(store(*accounts().prepare_change(actor(id_), kPassword, "a kite of paper moons")).ok());
    EXPECT_EQ(*accounts().prove("abigail", "a kite of paper moons"), id_);
}

TEST_P(ResetTest, ChangingAPasswordEndsOpenLinks) {
    const std::string token = ask();
    ASSERT_TRUE(store(*accounts().prepare_change(actor(id_), kPassword, "a kite of paper moons")).ok());
    EXPECT_EQ(accounts().prepare_reset(Actor{}, token, "another paper moon").error().code, ErrorCode::gone);
}

TEST_P(ResetTest, ANewAddressIsConfirmedAndTheOldOneTold) {
    EXPECT_EQ(accounts().change_email(actor(id_), "new@example.org", "not it").error().fields.at(0).field,
              "password");
    ASSERT_TRUE(accounts().change_email(actor(id_), "new@example.org", kPassword).ok());
    runner_.run_pending();
    std::vector<std::string> to;
    for (const auto& mail : mailbox_.mails)
        to.push_back(mail.to);
    EXPECT_THAT(to, UnorderedElementsAre("new@example.org", "abi@example.org"));
    EXPECT_EQ(own(id_).email, "abi@example.org") << "until the link is followed";
    EXPECT_EQ(own(id_).pending_email, "new@example.org");
}

TEST_P(ResetTest, WhenTheNewAddressCountsTheOldOneIsToldAndOpensNothing) {
    const std::string reset = ask();
    ASSERT_TRUE(accounts().change_email(actor(id_), "new@example.org", kPassword).ok());
    runner_.run_pending();
    const std::string token = mailbox_.link_after("/confirm/");
    mailbox_.mails.clear();
    ASSERT_TRUE(accounts().confirm_email(Actor{}, token).ok());
    runner_.run_pending();
    ASSERT_THAT(mailbox_.mails, SizeIs(1));
    EXPECT_EQ(mailbox_.mails.front().to, "abi@example.org");
    EXPECT_EQ(own(id_).email, "new@example.org");
    EXPECT_EQ(accounts().prepare_reset(Actor{}, reset, "another paper moon").error().code, ErrorCode::gone)
        << "a link that went to the old mailbox";
}

TEST_P(ResetTest, TheMailCanBeSentAgainFiveTimesAnHour) {
    EXPECT_EQ(accounts().resend_confirmation(actor(id_)).error().code, ErrorCode::not_found) << "none waits";
    ASSERT_TRUE(accounts().change_email(actor(id_), "new@example.org", kPassword).ok());
    runner_.run_pending();
    const std::string first = mailbox_.link_after("/confirm/");
    int sent = 1;
    while (sent < 20 && accounts().resend_confirmation(actor(id_)).ok())
        ++sent;
    EXPECT_LE(sent, kConfirmationsPerHour);
    EXPECT_EQ(accounts().change_email(actor(id_), "third@example.org", kPassword).error().code,
              ErrorCode::too_many_requests)
        << "nor can another address be mailed";
    EXPECT_EQ(own(id_).pending_email, "new@example.org");
    ASSERT_TRUE(accounts().confirm_email(Actor{}, first).ok()) << "every link that was sent works";
    clock_.advance(std::chrono::hours(2));
    EXPECT_TRUE(accounts().change_email(actor(id_), "third@example.org", kPassword).ok());
}

TEST_P(ResetTest, AnAddressThatWaitsCanBeForgotten) {
    ASSERT_TRUE(accounts().change_email(actor(id_), "new@example.org", kPassword).ok());
    runner_.run_pending();
    const std::string token = mailbox_.link_after("/confirm/");
    ASSERT_TRUE(accounts().cancel_email(actor(id_)).ok());
    EXPECT_EQ(own(id_).pending_email, std::nullopt);
    EXPECT_EQ(accounts().confirm_email(Actor{}, token).error().code, ErrorCode::gone);
    EXPECT_EQ(accounts().cancel_email(Actor{}).error().code, ErrorCode::unauthenticated);
}

TEST_P(ResetTest, AnAddressCanBeRemoved) {
    ASSERT_TRUE(accounts().change_email(actor(id_), "", kPassword).ok());
    EXPECT_EQ(own(id_).email, std::nullopt);
    runner_.run_pending();
    EXPECT_THAT(mailbox_.mails, SizeIs(1)) << "a notice to the old one";
}

TEST_P(ResetTest, AnAddressInUseIsSaidOnlyToItsOwner) {
    SignUpForm form = abigail();
    form.handle = "other";
    form.email = "abi@example.org";
    ASSERT_TRUE(join(form).ok()) << "signing up tells nothing";
    runner_.run_pending();
    const std::string token = mailbox_.link_after("/confirm/");
    EXPECT_EQ(accounts().confirm_email(Actor{}, token).error().code, ErrorCode::conflict);
}

// --- profile and roles

TEST_P(ResetTest, EditsAProfileAndSanitisesIt) {
    ASSERT_TRUE(accounts()
                    .edit_profile(actor(id_), {.display_name = "Abi W.",
                                               .bio = "I write *ghosts* <script>alert(1)</script>",
                                               .listed = true,
                                               .language = i18n::Language::es})
                    .ok());
    const auto abi = card(id_);
    EXPECT_EQ(abi->display_name, "Abi W.");
    EXPECT_THAT(abi->bio_html, HasSubstr("<em>ghosts</em>"));
    EXPECT_THAT(abi->bio_html, ::testing::Not(HasSubstr("<script")));
    EXPECT_TRUE(abi->listed);
    EXPECT_EQ(own(id_).language, "es");
    ASSERT_TRUE(accounts().edit_profile(actor(id_), {.listed = false}).ok());
    EXPECT_FALSE(card(id_)->listed) << "a wider choice can be undone";
    EXPECT_EQ(card(id_)->display_name, "Abi W.") << "what is absent stays";
    EXPECT_EQ(accounts().edit_profile(actor(id_), {.display_name = ""}).error().fields.at(0).field,
              "display_name");
    EXPECT_EQ(accounts().edit_profile(Actor{}, {.listed = true}).error().code, ErrorCode::unauthenticated);
}

TEST_P(ResetTest, AMinorsProfileHoldsNoWayToReachHerOutside) {
    Actor minor = actor(id_);
    minor.band = access::AgeBand::teen;
    const auto field = [&](const ProfileEdit& edit) {
        const auto edited = accounts().edit_profile(minor, edit);
        return edited.ok() ? std::string() : edited.error().fields.at(0).field;
    };
    EXPECT_EQ(field({.bio = "Write to wren@example.org"}), "bio");
    EXPECT_EQ(field({.bio = "wr*en*&#64;example.org"}), "bio") << "as it is read";
    EXPECT_EQ(field({.display_name = "call 0151 496 0123"}), "display_name");
    EXPECT_EQ(field({.bio = "I write about lighthouses."}), "");
    minor.band = access::AgeBand::adult;
    EXPECT_EQ(field({.bio = "Write to wren@example.org"}), "");
}

TEST_P(ResetTest, RolesAreGivenByAdministratorsOnly) {
    EXPECT_EQ(accounts().set_role(actor(id_), id_, Role::administrator, true).error().code,
              ErrorCode::not_found);
    ASSERT_TRUE(accounts().set_role(operator_actor(), id_, Role::mentor, true).ok());
    ASSERT_TRUE(accounts().set_role(operator_actor(), id_, Role::moderator, true).ok());
    ASSERT_TRUE(accounts().set_role(operator_actor(), id_, Role::mentor, false).ok());
    EXPECT_THAT(database_->read([&](sql::Reader& reader) { return accounts().roles(reader, id_); }),
                ElementsAre(Role::moderator));
    EXPECT_EQ(accounts().set_role(operator_actor(), PersonId{42}, Role::mentor, true).error().code,
              ErrorCode::not_found);
    EXPECT_EQ(accounts().create_person(actor(id_), {}).error().code, ErrorCode::not_found);
}

TEST_P(ResetTest, RolesAreHeldInAPlaceAndUntilADay) {
    const RoleScope club{ScopeKind::organisation, 7}, other{ScopeKind::organisation, 8};
    const auto holds = [&](Role role, const RoleScope& scope) {
        return database_->read(
            [&](sql::Reader& reader) { return accounts().holds(reader, id_, role, scope); });
    };
    const Timestamp tomorrow = clock_.now() + std::chrono::hours(24);
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::mentor, club, tomorrow).ok());
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::educator, {}, tomorrow).ok());
    EXPECT_TRUE(holds(Role::mentor, club));
    EXPECT_FALSE(holds(Role::mentor, other));
    EXPECT_FALSE(holds(Role::mentor, {}));
    EXPECT_EQ(
        accounts().grant(operator_actor(), id_, Role::mentor, club, clock_.now()).error().fields.at(0).field,
        "until");
    EXPECT_EQ(accounts().grant(operator_actor(), id_, Role::moderator, club, {}).error().code,
              ErrorCode::forbidden);
    clock_.set(tomorrow);
    EXPECT_FALSE(holds(Role::mentor, club)) << "at once, whatever the timer does";
    EXPECT_THAT(database_->read([&](sql::Reader& reader) { return accounts().roles(reader, id_); }),
                IsEmpty());
    EXPECT_THAT(database_->read([&](sql::Reader& reader) { return accounts().grants(reader, id_); }),
                IsEmpty());
    runner_.run_pending();
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::mentor, club, {}).ok());
    EXPECT_TRUE(holds(Role::mentor, club));
    ASSERT_TRUE(accounts().revoke(operator_actor(), id_, Role::mentor, club).ok());
    EXPECT_FALSE(holds(Role::mentor, club));
}

TEST_P(ResetTest, WhoCoordinatesAPlaceGivesRolesInItAlone) {
    const RoleScope club{ScopeKind::organisation, 7}, other{ScopeKind::organisation, 8};
    const PersonId mina = *accounts().create_person(
        operator_actor(), {.handle = "mina", .display_name = "Mina", .birth_year = 1990, .birth_month = 1});
    EXPECT_EQ(accounts().grant(actor(id_), mina, Role::mentor, club, {}).error().code, ErrorCode::not_found);
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::coordinator, club, {}).ok());
    EXPECT_TRUE(accounts().grant(actor(id_), mina, Role::mentor, club, {}).ok());
    EXPECT_EQ(accounts().grant(actor(id_), mina, Role::mentor, other, {}).error().code, ErrorCode::not_found);
    EXPECT_EQ(accounts().grant(actor(id_), mina, Role::mentor, {}, {}).error().code, ErrorCode::not_found);
    EXPECT_EQ(accounts().grant(actor(id_), id_, Role::mentor, club, {}).error().code, ErrorCode::forbidden)
        << "not to herself";
    const auto grants = database_->read([&](sql::Reader& reader) { return accounts().grants(reader, mina); });
    ASSERT_THAT(grants, SizeIs(1));
    EXPECT_EQ(grants.front().granted_by, id_);
    EXPECT_EQ(accounts().revoke(actor(mina), id_, Role::coordinator, club).error().code,
              ErrorCode::not_found);
    EXPECT_TRUE(accounts().revoke(actor(mina), mina, Role::mentor, club).ok()) << "she may step down";
    ASSERT_TRUE(accounts().revoke(operator_actor(), id_, Role::coordinator, club).ok());
    EXPECT_EQ(accounts().grant(actor(id_), mina, Role::mentor, club, {}).error().code, ErrorCode::not_found);
}

TEST_P(ResetTest, TheLastAdministratorStays) {
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::administrator, {}, {}).ok());
    Actor admin = actor(id_);
    admin.roles = 1U << static_cast<unsigned>(Role::administrator);
    EXPECT_EQ(accounts().revoke(admin, id_, Role::administrator, {}).error().code, ErrorCode::forbidden);
    const PersonId mina = *accounts().create_person(
        operator_actor(), {.handle = "mina", .display_name = "Mina", .birth_year = 1990, .birth_month = 1});
    ASSERT_TRUE(accounts().grant(admin, mina, Role::administrator, {}, {}).ok());
    EXPECT_TRUE(accounts().revoke(admin, id_, Role::administrator, {}).ok());
    EXPECT_TRUE(accounts().revoke(operator_actor(), mina, Role::administrator, {}).ok()) << "at the console";
}

TEST_P(ResetTest, WhoAnswersForOthersIsOfAge) {
    const auto born = [&](const std::string& handle, int year) {
        return *accounts().create_person(
            operator_actor(), {.handle = handle, .display_name = "P", .birth_year = year, .birth_month = 1});
    };
    const PersonId child = born("child", 2016), teen = born("teen", 2010);
    const auto give = [&](PersonId person, Role role) {
        const auto given = accounts().grant(operator_actor(), person, role, {}, {});
        return given.ok() ? std::string() : given.error().message_key;
    };
    for (const Role role :
         {Role::educator, Role::coordinator, Role::guardian, Role::moderator, Role::administrator}) {
        EXPECT_EQ(give(teen, role), "accounts.role_for_adults") << access::name(role);
        EXPECT_EQ(give(child, role), "accounts.role_for_adults") << access::name(role);
        EXPECT_EQ(give(id_, role), "") << access::name(role);
        NewPerson made{.handle = "made", .display_name = "M", .birth_year = 2010, .birth_month = 1};
        made.roles = {role};
        EXPECT_EQ(accounts().create_person(operator_actor(), made).error().fields.at(0).field, "roles");
    }
    EXPECT_EQ(give(child, Role::mentor), "accounts.role_not_for_children");
    EXPECT_EQ(give(teen, Role::mentor), "") << "an older peer";
    EXPECT_EQ(give(child, Role::learner), "");
    // In one place as on the site.
    EXPECT_EQ(accounts()
                  .grant(operator_actor(), teen, Role::coordinator, {ScopeKind::space, 3}, {})
                  .error()
                  .message_key,
              "accounts.role_for_adults");
}

TEST_P(ResetTest, ABirthMonthPutRightTakesWhatSheIsTooYoungFor) {
    const RoleScope club{ScopeKind::organisation, 7};
    for (const Role role : {Role::mentor, Role::learner, Role::moderator})
        ASSERT_TRUE(accounts().grant(operator_actor(), id_, role, {}, {}).ok());
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::coordinator, club, {}).ok());
    const auto correct = [&](int year) {
        ASSERT_TRUE(database_
                        ->write([&](sql::Tx& tx) -> Result<void> {
                            const auto permit =
                                TRY(access::permit<GuardPerson>(operator_actor(), {.decided = true}));
                            return accounts().correct(tx, permit, id_, "Abi", {year, 1});
                        })
                        .ok());
    };
    const auto left = [&] {
        std::vector<Role> roles;
        for (const Grant& grant :
             database_->read([&](sql::Reader& reader) { return accounts().grants(reader, id_); }))
            roles.push_back(grant.role);
        return roles;
    };
    correct(1991);
    EXPECT_THAT(left(), SizeIs(4)) << "as old as ever";
    correct(2010);
    EXPECT_THAT(left(), ::testing::UnorderedElementsAre(Role::mentor, Role::learner));
    correct(2016);
    EXPECT_THAT(left(), ElementsAre(Role::learner));
    EXPECT_THAT(database_->read([&](sql::Reader& reader) { return accounts().roles(reader, id_); }),
                ElementsAre(Role::learner));
    correct(1990);
    EXPECT_THAT(left(), ElementsAre(Role::learner)) << "nothing comes back by itself";
}

TEST_P(ResetTest, PeopleAreFoundByAdministrators) {
    EXPECT_EQ(accounts().find_people(actor(id_), "abi", {}).error().code, ErrorCode::not_found);
    const auto handles = [&](std::string_view words, std::optional<Role> role = {}) {
        std::vector<std::string> found;
        const auto people = accounts().find_people(operator_actor(), words, role);
        for (const PersonFound& one : *people)
            found.push_back(one.card.handle);
        return found;
    };
    EXPECT_THAT(handles("@Abi"), ElementsAre("abigail"));
    EXPECT_THAT(handles("abi@example.org"), ElementsAre("abigail"));
    EXPECT_THAT(handles("bigail"), IsEmpty());
    EXPECT_THAT(handles("a%"), IsEmpty());
    EXPECT_THAT(handles(""), IsEmpty()) << "nobody holds a role";
    ASSERT_TRUE(accounts().grant(operator_actor(), id_, Role::mentor, {ScopeKind::space, 3}, {}).ok());
    EXPECT_THAT(handles(""), ElementsAre("abigail"));
    EXPECT_THAT(handles("", Role::mentor), ElementsAre("abigail"));
    EXPECT_THAT(handles("", Role::moderator), IsEmpty());
}

TEST_P(ResetTest, CardsComeForManyAtOnceAndLeaveOutTheMissing) {
    std::vector<PersonId> ids{id_, PersonId{999}};
    for (int i = 0; i < 40; ++i) {
        ids.push_back(*accounts().create_person(operator_actor(), {.handle = "reader-" + std::to_string(i),
                                                                   .display_name = "R",
                                                                   .birth_year = 1990,
                                                                   .birth_month = 1}));
    }
    const auto cards = database_->read([&](sql::Reader& reader) { return accounts().cards(reader, ids); });
    EXPECT_THAT(cards, SizeIs(41));
    EXPECT_THAT(database_->read([&](sql::Reader& reader) { return accounts().cards(reader, {}); }),
                IsEmpty());
    EXPECT_TRUE(
        database_->read([&](sql::Reader& reader) { return accounts().by_handle(reader, "@Reader-7"); }));
}

TEST_P(ResetTest, TheAgeMarkIsSigned) {
    EXPECT_TRUE(accounts().age_mark_band(accounts().age_mark(access::AgeBand::child)) ==
                access::AgeBand::child);
    EXPECT_FALSE(accounts().age_mark_band("later.forged"));
    EXPECT_FALSE(accounts().age_mark_band(""));
}

TEST_P(ResetTest, EveryQueryIsPrepared) {
    EXPECT_THAT(braid::testing::prepare_all(*database_), IsEmpty());
}

}  // namespace
}  // namespace braid::accounts
