// What the tests of this module share: children, guardians, a clock that stands still, and their mails.
#pragma once

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "identity/accounts/module.h"
#include "identity/guardians/module.h"
#include "platform/mail/mail.h"
#include "support/databases.h"

namespace braid::audit {
std::span<const sql::Migration> migrations();
}

namespace braid::guardians {

inline constexpr const char* kPassword = "the lamp counts stairs";

class Mailbox final : public mail::Sender {
  public:
    Result<void> send(const mail::Message& message) override {
        mails.push_back(message);
        return {};
    }
    std::vector<mail::Message> mails;
};

// Another module's side of a decision.
class Followed final : public Reach {
  public:
    void follow(sql::Tx&, PersonId child, const Verdict& verdict) override {
        verdicts.emplace_back(child, verdict);
    }
    void settle(sql::Tx&, PersonId child) override { settled.push_back(child); }
    std::vector<std::pair<PersonId, Verdict>> verdicts;
    std::vector<PersonId> settled;
};

class SiteTest : public braid::testing::OnBothEngines {
  protected:
    SiteTest() {
        clock_.set(Timestamp{std::int64_t{1'795'000'000} * 1'000'000});  // November 2026
        for (access::Module& module : described_)
            module.background(subscribers_, runner_);
        mail::handle_jobs(runner_, mailbox_);
        service().watch(followed_);
        rosa_ = adult("rosa");
    }

    Service& service() { return module_.service(); }
    accounts::Accounts& accounts() { return accounts_module_.accounts(); }
    static Actor actor(PersonId person, access::AgeBand band, std::uint32_t roles = 0) {
        Actor actor;
        actor.person = person;
        actor.band = band;
        actor.roles = roles;
        return actor;
    }
    Actor adult(const std::string& handle, std::uint32_t roles = 0) {
        const auto id =
            accounts().create_person(accounts::operator_actor(), {.handle = handle,
                                                                  .display_name = handle,
                                                                  .birth_year = 1984,
                                                                  .birth_month = 2,
                                                                  .email = handle + "@example.org"});
        EXPECT_TRUE(id.ok());
        return actor(*id, access::AgeBand::adult, roles);
    }
    // Somebody old enough to join by herself.
    Actor teen(const std::string& handle, int birth_year = 2011) {
        const auto id =
            accounts().create_person(accounts::operator_actor(), {.handle = handle,
                                                                  .display_name = handle,
                                                                  .birth_year = birth_year,
                                                                  .birth_month = 2,
                                                                  .email = handle + "@example.org"});
        EXPECT_TRUE(id.ok());
        return actor(*id, access::AgeBand::teen);
    }
    Service::Asked ask(const std::string& handle = "pip", const std::string& email = "rosa@example.org") {
        const auto asked = service().ask({}, access::AgeBand::child, {handle, kPassword, email});
        EXPECT_TRUE(asked.ok()) << (asked.ok() ? "" : asked.error().fields.front().message_key);
        return *asked;
    }
    static ConsentForm form(Choices choices = narrow_choices()) { return {"2016", "3", choices}; }
    // A child with the consent of `guardian`.
    Actor consented(const Actor& guardian, const std::string& handle = "pip",
                    Choices choices = narrow_choices()) {
        const auto asked = ask(handle);
        const auto given = service().consent(guardian, service().link_token(asked.id), form(choices));
        EXPECT_TRUE(given.ok());
        return child(handle);
    }
    Actor child(const std::string& handle) {
        return database_->read([&](sql::Reader& reader) {
            const auto card = accounts().by_handle(reader, handle);
            EXPECT_TRUE(card);
            Actor actor =
                SiteTest::actor(card ? card->id : PersonId{}, card ? card->band : access::AgeBand::child);
            actor.denied = accounts().guarded(reader, *actor.person).denied;
            return actor;
        });
    }
    accounts::Guarded standing(const Actor& actor) {
        return database_->read(
            [&](sql::Reader& reader) { return accounts().guarded(reader, *actor.person); });
    }
    Result<void> confirm(const Actor& actor) {
        return database_->write([&](sql::Tx& tx) { return accounts().confirm(tx, actor); });
    }
    const std::vector<mail::Message>& mails() {
        while (runner_.run_pending() > 0) {
        }
        return mailbox_.mails;
    }
    // The part after `before` of the newest link that has it.
    std::string token_in_mail(const std::string& before) {
        const auto& all = mails();
        for (auto mail = all.rbegin(); mail != all.rend(); ++mail) {
            const auto at = mail->text.find(before);
            if (at == std::string::npos) continue;
            const auto from = at + before.size();
            return mail->text.substr(from, mail->text.find_first_of("\n ", from) - from);
        }
        return {};
    }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blocks::migrations(), blobs::migrations(),
                                            audit::migrations(), accounts::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    braid::testing::TempFolder folder_;
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    accounts::AccountsModule accounts_module_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
    GuardiansModule module_{*database_,
                            clock_,
                            ids_,
                            outbox_,
                            queue_,
                            blobs_,
                            accounts_module_.accounts(),
                            Settings{.public_url = "https://braid.test", .secret = "a secret of the tests"}};
    std::vector<access::Module> described_{accounts_module_.describe(), module_.describe()};
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
    Mailbox mailbox_;
    Followed followed_;
    Actor rosa_;
};

}  // namespace braid::guardians
