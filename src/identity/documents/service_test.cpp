#include "identity/documents/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/accounts/module.h"
#include "identity/documents/module.h"
#include "identity/documents/pages.h"
#include "platform/html/richtext.h"
#include "support/databases.h"

namespace braid::audit {
std::span<const sql::Migration> migrations();
}

namespace braid::documents {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const sql::Query kLogged{"documents_test.logged",
                         "SELECT action, reason FROM audit_log ORDER BY seq LIMIT 10"};

class DocumentsTest : public braid::testing::OnBothEngines {
  protected:
    DocumentsTest() {
        for (access::Module& module : described_)
            if (module.background) module.background(subscribers_, runner_);
        ada_ = person("ada");
        ada_.roles = 1U << static_cast<unsigned>(access::Role::administrator);
        abi_ = person("abigail");
    }
    Actor person(const std::string& handle) {
        Actor actor;
        actor.person = *accounts_.accounts().create_person(
            accounts::operator_actor(),
            {.handle = handle, .display_name = handle, .birth_year = 1990, .birth_month = 1});
        actor.band = access::AgeBand::adult;
        return actor;
    }
    Service& service() { return module_.service(); }
    static Version next(const std::string& text = "New words.") {
        Version version;
        version.en = {text, "Short.", "Only this."};
        version.es = {"Palabras nuevas.", "Corto.", "Solo esto."};
        return version;
    }
    static Version important() {
        Version version = next();
        version.important = true;
        return version;
    }
    Version current(Kind kind) { return *service().read(kind, std::nullopt); }

    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blocks::migrations(), audit::migrations(),
                                            accounts::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    accounts::AccountsModule accounts_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{.password_cost = {1, 8}, .secret = "a secret of the tests"}};
    DocumentsModule module_{*database_, clock_, accounts_.people()};
    std::vector<access::Module> described_{accounts_.describe(), module_.describe()};
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
    Actor ada_, abi_;
};
BRAID_ON_BOTH_ENGINES(DocumentsTest);

TEST_P(DocumentsTest, TheProgramBringsTextsThatLeadOn) {
    for (const Kind kind : kKinds) {
        const Version version = current(kind);
        EXPECT_EQ(version.number, 1);
        EXPECT_TRUE(Service::check(version).ok()) << name(kind);
        for (const auto language : i18n::kLanguages) {
            const Words& words = version.in(language);
            EXPECT_FALSE(words.brief.empty());
            EXPECT_EQ(words.text.find("\n# "), std::string::npos) << "the page has its title";
        }
    }
    const auto privacy =
        std::string(html::render(current(Kind::privacy).en.text, html::Dialect::prose).view());
    EXPECT_THAT(privacy, HasSubstr("href=\"/privacy/retention\""));
}

TEST_P(DocumentsTest, PublishingMakesAVersionAndTheLogSaysWho) {
    EXPECT_EQ(*service().publish(ada_, Kind::terms, next(), 1), 2);
    EXPECT_EQ(current(Kind::terms).en.text, "New words.");
    EXPECT_EQ(service().read(Kind::terms, 1)->en.text, built_in(Kind::terms).en.text) << "the old stays";
    EXPECT_EQ(current(Kind::privacy).number, 1);
    EXPECT_EQ(service().read(Kind::terms, 3).error().code, ErrorCode::not_found);
    const auto history = service().history(Kind::terms);
    ASSERT_EQ(history.size(), 2);
    EXPECT_EQ(history[0].published_by, *ada_.person);
    const auto logged = database_->read(
        [&](sql::Reader& reader) { return reader.all<std::tuple<std::string, std::string>>(kLogged); });
    EXPECT_THAT(logged, ElementsAre(std::tuple("documents.publish", "terms 2")));
}

TEST_P(DocumentsTest, OfTwoWhoPublishOneWins) {
    ASSERT_TRUE(service().publish(ada_, Kind::terms, next("first"), 1).ok());
    EXPECT_EQ(service().publish(ada_, Kind::terms, next("second"), 1).error().code, ErrorCode::conflict);
    EXPECT_EQ(current(Kind::terms).en.text, "first");
}

TEST_P(DocumentsTest, OnlyAdministratorsPublish) {
    EXPECT_EQ(service().publish(abi_, Kind::terms, next(), 1).error().code, ErrorCode::not_found);
    Actor moderator = abi_;
    moderator.roles = 1U << static_cast<unsigned>(access::Role::moderator);
    EXPECT_EQ(service().publish(moderator, Kind::terms, next(), 1).error().code, ErrorCode::not_found);
}

TEST_P(DocumentsTest, NamesWhatIsMissing) {
    Version version = important();
    version.es.text = " ";
    version.en.changed.clear();
    version.en.brief = std::string(kShortMax + 1, 'x');
    const auto done = service().publish(ada_, Kind::terms, version, 1);
    std::vector<std::string> fields;
    for (const FieldError& field : done.error().fields)
        fields.push_back(field.field);
    EXPECT_THAT(fields, ElementsAre("text_es", "short_en", "changed_en"));
}

TEST_P(DocumentsTest, AnImportantVersionIsAskedForOnce) {
    EXPECT_FALSE(service().anything_important());
    ASSERT_TRUE(service().publish(ada_, Kind::terms, next(), 1).ok());
    EXPECT_THAT(service().pending(*abi_.person), IsEmpty()) << "a small change troubles nobody";
    ASSERT_TRUE(service().publish(ada_, Kind::terms, important(), 2).ok());
    EXPECT_TRUE(service().anything_important());
    EXPECT_THAT(service().pending(*abi_.person), ElementsAre(Kind::terms));
    EXPECT_THAT(service().pending(*ada_.person), IsEmpty()) << "who published it has read it";
    ASSERT_TRUE(service().accept(abi_).ok());
    EXPECT_THAT(service().pending(*abi_.person), IsEmpty());
    ASSERT_TRUE(service().publish(ada_, Kind::terms, next(), 3).ok());
    EXPECT_THAT(service().pending(*abi_.person), IsEmpty());
    ASSERT_TRUE(service().publish(ada_, Kind::privacy, important(), 1).ok());
    EXPECT_THAT(service().pending(*abi_.person), ElementsAre(Kind::privacy));
}

TEST_P(DocumentsTest, JoiningAcceptsWhatIsCurrent) {
    ASSERT_TRUE(service().publish(ada_, Kind::terms, important(), 1).ok());
    const auto ready = accounts_.accounts().prepare_sign_up({}, {.handle = "newcomer",
                                                                 .display_name = "New",
                                                                 .password = "the lamp counts stairs",
                                                                 .birth_year = "1990",
                                                                 .birth_month = "2",
                                                                 .birth_day = "3"});
    ASSERT_TRUE(ready.ok());
    const auto joined =
        database_->write([&](sql::Tx& tx) { return accounts_.accounts().sign_up(tx, *ready); });
    ASSERT_TRUE(joined.ok());
    EXPECT_THAT(service().pending(*joined), ElementsAre(Kind::terms));
    while (runner_.run_pending() > 0) {
    }
    EXPECT_THAT(service().pending(*joined), IsEmpty());
    EXPECT_THAT(service().pending(*abi_.person), ElementsAre(Kind::terms)) << "made by others: is asked";
}

TEST_P(DocumentsTest, AfterSigningInThePageThatAsksComesFirst) {
    const auto ask = ask_after_sign_in(service());
    const auto where = [&](std::string path, std::string location) {
        http::Request request;
        request.path = std::move(path);
        const auto response =
            ask(request, [&](http::Request&) { return http::Response::see_other(location); });
        return std::string(*response.header("location"));
    };
    EXPECT_EQ(where("/sign-in", "/library"), "/library") << "there is nothing to ask";
    ASSERT_TRUE(service().publish(ada_, Kind::terms, important(), 1).ok());
    EXPECT_EQ(where("/sign-in", "/library?x=1"), "/documents/accept?next=%2Flibrary%3Fx%3D1");
    EXPECT_EQ(where("/sign-in", "/sign-in/second-step"), "/sign-in/second-step");
    EXPECT_EQ(where("/sign-in/second-step", "/"), "/documents/accept?next=%2F");
    EXPECT_EQ(where("/sign-in", "/waiting"), "/waiting");
    EXPECT_EQ(where("/works/7", "/works/8"), "/works/8");
}

}  // namespace
}  // namespace braid::documents
