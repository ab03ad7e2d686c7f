// What the tests of moderation share: a site with writers, readers and staff, on real tables of accounts,
// works and feedback, on both engines.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/service.h"
#include "audit/store.h"
#include "base/random.h"
#include "identity/accounts/module.h"
#include "identity/sessions/module.h"
#include "interests/feedback/module.h"
#include "interests/works/module.h"
#include "platform/mail/mail.h"
#include "stewardship/moderation/module.h"
#include "stewardship/moderation/words.h"
#include "support/databases.h"
#include "support/guard.h"
#include "support/nobody_waits.h"

namespace braid::works {
std::span<const sql::Migration> migrations();
}
namespace braid::feedback {
std::span<const sql::Migration> migrations();
}
namespace braid::audit {
std::span<const sql::Migration> migrations();
}

namespace braid::moderation {

std::span<const sql::Migration> migrations();

using access::Role;
using std::chrono::hours;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

inline constexpr const char* kPassword = "the lamp counts stairs";

class Outgoing final : public mail::Sender {
  public:
    Result<void> send(const mail::Message& message) override {
        mails.push_back(message);
        return {};
    }
    std::vector<mail::Message> mails;
};

class Moderating : public braid::testing::OnBothEngines {
  protected:
    explicit Moderating(int review_first_posts = 0, bool screens_contact = false, words::Lists lists = {})
        : review_(review_first_posts), screens_contact_(screens_contact), lists_(std::move(lists)) {
        for (access::Module* module : {&accounts_described_, &sessions_described_, &works_described_,
                                       &feedback_described_, &described_})
            if (module->background) module->background(subscribers_, runner_);
        mail::handle_jobs(runner_, outgoing_);
        abi_ = person("abi", 2011, {});
        deniz_ = person("deniz", 2010, {});
        child_ = person("pip", 2015, {});
        ortega_ = person("ortega", 1980, {Role::moderator});
        silva_ = person("silva", 1980, {Role::moderator});
        admin_ = person("admin", 1980, {Role::administrator});
        runner_.run_pending();
        outgoing_.mails.clear();
    }

    template <class Body>
    auto read(Body&& body) {
        return database_->read(std::forward<Body>(body));
    }
    Actor person(const std::string& handle, int year, const std::vector<Role>& roles) {
        accounts::NewPerson made;
        made.handle = handle;
        made.display_name = handle + "-name";
        made.password = kPassword;
        made.birth_year = year;
        made.birth_month = 1;
        made.email = handle + "@example.org";
        made.roles = roles;
        const auto id = accounts().create_person(accounts::operator_actor(), made);
        EXPECT_TRUE(id.ok());
        Actor actor;
        actor.person = *id;
        actor.band = accounts::band_at({year, 1}, clock_.now());
        for (const Role role : roles)
            actor.roles |= 1U << static_cast<unsigned>(role);
        return actor;
    }
    // As the next request sees her.
    Actor again(const Actor& actor, const std::string& token) {
        const auto identity = sessions_.service().by_cookie(token);
        return identity ? identity->actor : Actor{.roles = actor.roles & 0U};
    }
    std::string sign_in(const std::string& handle) {
        const auto entry = sessions_.service().sign_in(Actor{}, handle, kPassword, {"192.0.2.7", "", {}});
        return entry.ok() ? entry->token : "refused: " + entry.error().message_key;
    }

    std::pair<works::WorkId, works::ChapterId> story(const Actor& author) {
        works::WorkForm form;
        form.title = "The Lamp Room";
        form.summary = "Wren keeps a lighthouse.";
        form.language = "en";
        form.tags = "ghost stories";
        form.rating = "everyone";
        form.licence = "cc_by_nc";
        form.visibility = "everyone";
        form.status = "ongoing";
        form.comments = "open";
        form.warnings_said = "none";
        const auto work = works_.writing().create_work(author, form);
        EXPECT_TRUE(work.ok());
        const auto chapter = works_.writing().add_chapter(author, *work);
        publish(author, *work, *chapter);
        return {*work, *chapter};
    }
    Result<works::Published> try_publish(const Actor& author, works::WorkId work, works::ChapterId chapter,
                                         const std::string& text) {
        const auto editing = works_.writing().editing(author, work, chapter);
        if (!editing.ok()) return editing.error();
        return works_.writing().publish_chapter(author, work, chapter,
                                                works::ChapterDraft{"One", text, {}, {}},
                                                editing->chapter.version, "window");
    }
    works::Published publish(const Actor& author, works::WorkId work, works::ChapterId chapter) {
        const auto published = try_publish(author, work, chapter, "It began.\n\nIt went on.");
        EXPECT_TRUE(published.ok());
        return published.ok() ? *published : works::Published{};
    }
    feedback::CommentId comment(const Actor& actor, works::WorkId work, works::ChapterId chapter,
                                const std::string& text = "You write like a machine.") {
        const auto said = feedback_.service().post_comment(
            actor, {.work = work, .chapter = chapter, .paragraph = "", .text = text});
        EXPECT_TRUE(said.ok()) << (said.ok() ? "" : said.error().message_key + said.error().detail);
        return said.ok() ? said->comment.id : feedback::CommentId{};
    }

    CaseId reported(const Actor& by, std::string_view kind, std::int64_t object,
                    std::string_view category = "bullying", const std::string& words = "It is unkind.") {
        const auto made = service().report(by, {std::string(kind), object, std::string(category), words, {}});
        EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message_key + made.error().detail);
        return read([&](sql::Reader& reader) { return store::open_case(reader, kind, object)->id; });
    }
    CaseRow row(CaseId id) {
        return *read([&](sql::Reader& reader) { return store::find_case(reader, id); });
    }
    DecisionRow decision(DecisionId id) {
        return *read([&](sql::Reader& reader) { return store::decision(reader, id); });
    }
    DecisionRow decided(const Actor& by, CaseId id, std::string_view measure, std::int64_t days = 0,
                        std::string_view rating = "") {
        const auto made = service().decide_case(
            by, id,
            {std::string(measure), "Because of the third sentence.", std::string(rating), days, 0, false});
        EXPECT_TRUE(made.ok()) << measure << ": "
                               << (made.ok() ? ""
                                             : made.error().message_key + made.error().detail +
                                                   (made.error().fields.empty()
                                                        ? ""
                                                        : made.error().fields[0].message_key));
        return made.ok() ? *made : DecisionRow{};
    }
    bool sees_work(const Actor& actor, works::WorkId id) {
        return read([&](sql::Reader& reader) { return works_.library().work(reader, actor, id).ok(); });
    }
    bool lists_work(const Actor& actor) {
        return read(
            [&](sql::Reader& reader) { return !works_.library().list(reader, actor, {}).works.empty(); });
    }
    bool sees_comment(const Actor& actor, feedback::CommentId id) {
        return read([&](sql::Reader& reader) { return feedback_.service().comment(reader, actor, id).ok(); });
    }
    int comments_counted(const Actor& actor, works::ChapterId chapter) {
        return read([&](sql::Reader& reader) {
            const auto facts = works_.library().chapter_facts(reader, actor, chapter);
            return facts.ok() ? feedback_.service().counts(reader, actor, *facts).on_chapter : -1;
        });
    }
    std::vector<NoticeKind> notices(const Actor& actor) {
        std::vector<NoticeKind> kinds;
        const auto told = service().notices(actor, {}, 20);
        if (told.ok())
            for (const Told& one : *told)
                kinds.push_back(one.notice.what);
        return kinds;
    }
    // What the audit log says, as "action reason".
    std::vector<std::string> log() {
        std::vector<std::string> lines;
        for (const auto& line :
             read([](sql::Reader& reader) { return audit::store::after(reader, 0, 1000); }))
            lines.push_back(line.action + " " + line.reason);
        return lines;
    }
    Service& service() { return moderation_.service(); }
    accounts::Accounts& accounts() { return accounts_.accounts(); }
    accounts::Settings account_settings() const {
        accounts::Settings settings;
        settings.password_cost = {1, 64};
        settings.secret = std::string(40, 's');
        settings.review_first_posts = review_;
        return settings;
    }
    works::Screen screen() {
        works::Screen screen;
        if (review_ != 0) {
            screen.newcomer = [this](sql::Session& session, PersonId id) {
                return accounts().first_posts_wait(session, id);
            };
        }
        if (screens_contact_) {
            screen.minor = [this](sql::Session& session, PersonId id) {
                const auto card = accounts_.people().card(session, id);
                return card && card->band != access::AgeBand::adult;
            };
        }
        return screen;
    }

    const int review_;
    const bool screens_contact_;
    const words::Lists lists_;
    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{1};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    braid::testing::TempFolder folder_;
    braid::testing::TestDatabase database_{
        GetParam(),
        {jobs::migrations(), blocks::migrations(), blobs::migrations(), audit::migrations(),
         accounts::migrations(), sessions::migrations(), works::migrations(), feedback::migrations(),
         migrations()}};
    blobs::Store blobs_{*database_, clock_, {folder_.path(), std::int64_t{1} << 20}};
    accounts::AccountsModule accounts_{*database_,        clock_, ids_, random_, outbox_, queue_,
                                       account_settings()};
    braid::testing::NobodyGuards guard_;
    braid::testing::NobodyWaits nobody_waits_;
    // Nobody here has a second factor.
    class NoSecondStep final : public sessions::SecondStep {
      public:
        bool asked_of(sql::Session&, PersonId) const override { return false; }
    } no_second_step_;
    sessions::SessionsModule sessions_{
        *database_,      clock_,        ids_,
        random_,         outbox_,       accounts_.accounts(),
        no_second_step_, nobody_waits_, {.staff_factor = sessions::StaffFactor::not_asked}};
    works::WorksModule works_{*database_, clock_, ids_, random_, outbox_, blobs_, guard_, screen()};
    feedback::FeedbackModule feedback_{*database_,         clock_, ids_, random_, outbox_, works_.library(),
                                       accounts_.people(), guard_, {},   screen()};
    ModerationModule moderation_{*database_,
                                 clock_,
                                 ids_,
                                 outbox_,
                                 queue_,
                                 accounts_.accounts(),
                                 works_.library(),
                                 works_.oversight(),
                                 feedback_.oversight(),
                                 {.secret = std::string(40, 's'), .lists = lists_}};
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
    Outgoing outgoing_;
    access::Module accounts_described_ = accounts_.describe(), sessions_described_ = sessions_.describe(),
                   works_described_ = works_.describe(), feedback_described_ = feedback_.describe(),
                   described_ = moderation_.describe();
    const Actor visitor_{};
    Actor abi_, deniz_, child_, ortega_, silva_, admin_;
};

}  // namespace braid::moderation
