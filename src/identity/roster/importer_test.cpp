#include "identity/roster/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "identity/accounts/module.h"
#include "identity/guardians/module.h"
#include "identity/roster/module.h"
#include "identity/roster/sheet.h"
#include "platform/mail/mail.h"
#include "support/databases.h"

namespace braid::roster {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Mailbox final : public mail::Sender {
  public:
    Result<void> send(const mail::Message& message) override {
        mails.push_back(message);
        return {};
    }
    std::vector<mail::Message> mails;
};

const sql::Query kConsents{"roster_test.consents",
                           "SELECT method, purpose, on_behalf FROM consents ORDER BY id LIMIT 10"};
const sql::Query kEverything{
    "roster_test.everything",
    "SELECT (SELECT COUNT(*) FROM persons), (SELECT COUNT(*) FROM person_roles), (SELECT COUNT(*) FROM "
    "roster_people), (SELECT COUNT(*) FROM roster_roles), (SELECT COUNT(*) FROM password_resets), (SELECT "
    "COUNT(*) FROM jobs) + (SELECT COUNT(*) FROM event_outbox)"};
using Everything = std::tuple<int, int, int, int, int, int>;

class RosterTest : public braid::testing::OnBothEngines {
  protected:
    RosterTest() {
        clock_.set(Timestamp{std::int64_t{1'795'000'000} * 1'000'000});  // November 2026
        for (access::Module& module : described_)
            if (module.background) module.background(subscribers_, runner_);
        mail::handle_jobs(runner_, mailbox_);
        manifest("1.1");
        file("orgs", "sourcedId,status,name,type,parentSourcedId\no1,,Sunny School,school,\n");
        file("demographics", "sourcedId,birthDate\nkid,2017-03-02\nteen,2011-03-02\n");
        file("classes", "sourcedId,title,classType,schoolSourcedId\nc1,Writing,scheduled,o1\n");
        users();
        file("enrollments",
             "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n"
             "e1,c1,o1,tea,teacher\ne2,c1,o1,teen,student\n");
    }

    void manifest(const std::string& version, const std::string& mode = "bulk") {
        std::string text = "propertyName,value\noneroster.version," + version + "\n";
        for (const char* name : {"orgs", "users", "classes", "enrollments", "demographics"})
            text += std::string("file.") + name + "," + mode + "\n";
        if (version == "1.2") text += "file.roles," + mode + "\n";
        file("manifest", text);
    }
    void file(const std::string& name, const std::string& text) {
        std::ofstream(folder_.path() / (name + ".csv"), std::ios::binary | std::ios::trunc) << text;
    }
    static constexpr std::string_view kUsersHead =
        "sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,"
        "agentSourcedIds\n";
    void users(const std::string& more = "", const std::string& teacher = "Tomás,López") {
        file("users", std::string(kUsersHead) + "tea,,true,o1,teacher,t.lopez," + teacher +
                          ",tomas@school.example,\n"
                          "teen,,true,o1,student,real.name,Real,Name,,\n" +
                          more);
    }
    void with_kid() {
        users("kid,,true,o1,student,,Kid,One,,gua\ngua,,true,o1,parent,,Gert,One,gert@example.org,\n");
    }

    Report run(const Options& options = {}, bool with_slips = false) {
        problems_.clear();
        waits_.clear();
        slips_.clear();
        Sinks sinks{.problem = [&](const Problem& problem) { problems_.push_back(problem); },
                    .waits = [&](const Waits& waits) { waits_.push_back(waits); },
                    .slip = {},
                    .progress = {}};
        if (with_slips) sinks.slip = [&](const Slip& slip) { slips_.push_back(slip); };
        auto report = module_.importer().run(accounts::operator_actor(), folder_.path(), options, sinks);
        EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().detail);
        return report.ok() ? *report : Report{};
    }
    std::vector<std::string> complaints() const {
        std::vector<std::string> all;
        for (const Problem& problem : problems_)
            all.push_back(problem.file + ":" + std::to_string(problem.line) + " " + problem.column);
        return all;
    }
    std::optional<PersonId> person(const std::string& sourced_id) {
        const auto row =
            database_->read([&](sql::Reader& reader) { return store::person(reader, "", sourced_id); });
        return row ? row->person : std::nullopt;
    }
    accounts::PersonCard card(const std::string& sourced_id) {
        return *database_->read(
            [&](sql::Reader& reader) { return accounts().card(reader, *person(sourced_id)); });
    }
    std::vector<std::string> roles(const std::string& sourced_id) {
        std::vector<std::string> all;
        database_->read([&](sql::Reader& reader) {
            for (const auto& grant : accounts().grants(reader, *person(sourced_id)))
                all.push_back(std::string(access::name(grant.role)) + " " +
                              grant.scope.text().substr(0, grant.scope.text().find(':')));
        });
        std::ranges::sort(all);
        return all;
    }
    Everything everything() {
        return database_->read([&](sql::Reader& reader) { return reader.one<Everything>(kEverything); });
    }
    const std::vector<mail::Message>& mails() {
        while (runner_.run_pending() > 0) {
        }
        return mailbox_.mails;
    }
    accounts::Accounts& accounts() { return accounts_module_.accounts(); }

    braid::testing::TempFolder folder_, blob_folder_;
    FakeClock clock_;
    IdMaker ids_{clock_, 1};
    SeededRandom random_{7};
    braid::testing::TestDatabase database_{GetParam(),
                                           {jobs::migrations(), blocks::migrations(), blobs::migrations(),
                                            accounts::migrations(), guardians::migrations(), migrations()}};
    events::Outbox outbox_{ids_, clock_};
    jobs::Queue queue_{ids_, clock_};
    blobs::Store blobs_{*database_, clock_, {blob_folder_.path(), std::int64_t{1} << 20}};
    accounts::AccountsModule accounts_module_{
        *database_,
        clock_,
        ids_,
        random_,
        outbox_,
        queue_,
        accounts::Settings{
            .password_cost = {1, 8}, .public_url = "https://braid.test", .secret = "a secret of the tests"}};
    guardians::GuardiansModule guardians_{
        *database_,
        clock_,
        ids_,
        outbox_,
        queue_,
        blobs_,
        accounts_module_.accounts(),
        guardians::Settings{.public_url = "https://braid.test", .secret = "a secret of the tests"}};
    RosterModule module_{*database_,          clock_, ids_, random_, accounts_module_.accounts(),
                         guardians_.service()};
    std::vector<access::Module> described_{accounts_module_.describe(), guardians_.describe()};
    events::Subscribers subscribers_;
    jobs::Runner runner_{*database_, subscribers_, ids_, clock_, random_, {}};
    Mailbox mailbox_;
    std::vector<Problem> problems_;
    std::vector<Waits> waits_;
    std::vector<Slip> slips_;
};
BRAID_ON_BOTH_ENGINES(RosterTest);

TEST_P(RosterTest, nobody_below_18_teaches) {
    run();
    file("enrollments",
         "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n"
         "e1,c1,o1,tea,teacher\ne2,c1,o1,teen,teacher\n");
    run();
    ASSERT_EQ(problems_.size(), 1U);
    EXPECT_EQ(problems_.front().file, "enrollments");
    EXPECT_EQ(problems_.front().line, 3U);
    EXPECT_THAT(problems_.front().expected, ::testing::HasSubstr("for adults"));
}

TEST_P(RosterTest, MakesAccountsWithTheirRolesAndInvitesWhoHasAnAddress) {
    const Report report = run();
    EXPECT_THAT(complaints(), IsEmpty());
    EXPECT_EQ(report.files.at("users").added, 2);
    EXPECT_EQ(report.files.at("enrollments").added, 2);
    EXPECT_THAT(roles("tea"), ElementsAre("educator organisation", "educator space"));
    EXPECT_THAT(roles("teen"), ElementsAre("learner organisation", "learner space"));
    EXPECT_EQ(card("tea").display_name, "Tomás López");
    EXPECT_EQ(card("tea").handle, "t-lopez");
    EXPECT_EQ(card("teen").display_name, card("teen").handle) << "a pupil's name stays at the school";
    EXPECT_EQ(card("teen").handle.find("real"), std::string::npos);
    ASSERT_THAT(mails(), SizeIs(1));
    EXPECT_EQ(mails()[0].to, "tomas@school.example");
    EXPECT_EQ(report.without_invitation, 1);
    const std::string before = "/password/reset/";
    const auto at = mails()[0].text.find(before) + before.size();
    const auto ready = accounts().prepare_reset({}, mails()[0].text.substr(at, 16), "the lamp counts stairs");
    ASSERT_TRUE(ready.ok()) << "the link of the mail is where she chooses a password";
    EXPECT_EQ(ready->person, *person("tea"));
}

TEST_P(RosterTest, ASecondReadingChangesNothing) {
    with_kid();
    run();
    mails();
    const auto before = everything();
    const Report again = run();
    EXPECT_EQ(everything(), before);
    for (const auto& [name, counts] : again.files)
        EXPECT_EQ(counts.added + counts.updated + counts.left + counts.refused, 0) << name;
}

TEST_P(RosterTest, ADryRunSaysTheSameAndChangesNothing) {
    with_kid();
    const auto before = everything();
    Options options;
    options.dry_run = true;
    const Report dry = run(options);
    EXPECT_EQ(everything(), before);
    const Report real = run();
    for (const auto& [name, counts] : real.files) {
        EXPECT_EQ(dry.files.at(name).added, counts.added) << name;
        EXPECT_EQ(dry.files.at(name).waiting, counts.waiting) << name;
    }
    EXPECT_EQ(dry.invited, real.invited);
}

TEST_P(RosterTest, ReportsALineThatIsWrongAndGoesOn) {
    file("users", std::string(kUsersHead) +
                      "a,,true,o1,pupil,,A,A,,\nb,,true,o9,student,,B,B,,\n"
                      "tea,,true,o1,teacher,t,T,L,,\ntea,,true,o1,teacher,t,T,L,,\n"
                      "c,maybe,true,o1,teacher,c,C,C,,\nd,,yes,o1,teacher,d,D,D,,\n"
                      "e,,true,o1,teacher,e,,,,\nf,,true,o1,teacher,f,F,F,no address,\n"
                      "g,,true,o1,student,g,G,G,,\nh,,true,o1,teacher,h,H,H,,nobody\n"
                      ",,true,o1,teacher,i,I,I,,\nteen,,true,o1,teacher,t,T,T,,\n"
                      "ok,,true,o1,teacher,ok,Okay,Person,,\n");
    const Report report = run();
    EXPECT_THAT(
        complaints(),
        ElementsAre("users.csv:2 role", "users.csv:3 orgSourcedIds", "users.csv:5 sourcedId",
                    "users.csv:6 status", "users.csv:7 enabledUser", "users.csv:8 givenName",
                    "users.csv:9 email", "users.csv:10 sourcedId", "users.csv:11 agentSourcedIds",
                    "users.csv:12 sourcedId", "users.csv:13 role", "enrollments.csv:3 userSourcedId"));
    EXPECT_EQ(report.files.at("users").added, 2);
    EXPECT_TRUE(person("ok"));
    EXPECT_FALSE(person("a"));
}

TEST_P(RosterTest, BelowTheAgeOfConsentAGuardianIsAsked) {
    with_kid();
    const Report report = run();
    EXPECT_EQ(report.files.at("users").waiting, 1);
    EXPECT_FALSE(person("kid")) << "nobody here yet";
    ASSERT_THAT(waits_, SizeIs(1));
    EXPECT_EQ(waits_[0].why, Waits::Why::asked);
    ASSERT_THAT(mails(), SizeIs(2));
    const auto& mail = mails()[0].to == "gert@example.org" ? mails()[0] : mails()[1];
    const std::string before = "/consent/";
    const auto at = mail.text.find(before) + before.size();
    const std::string token = mail.text.substr(at, mail.text.find_first_of("\n ", at) - at);
    const auto gert = *accounts().create_person(
        accounts::operator_actor(),
        {.handle = "gert", .display_name = "Gert", .birth_year = 1980, .birth_month = 1});
    Actor guardian;
    guardian.person = gert;
    guardian.band = access::AgeBand::adult;
    ASSERT_TRUE(
        guardians_.service().consent(guardian, token, {"2017", "3", guardians::narrow_choices()}).ok());
    run({}, true);
    ASSERT_TRUE(person("kid")) << "the consent is found by the next reading";
    EXPECT_THAT(roles("kid"), ElementsAre("learner organisation"));
    EXPECT_EQ(card("kid").band, access::AgeBand::child);
    EXPECT_TRUE(std::ranges::any_of(slips_, [](const Slip& slip) { return slip.name == "Kid One"; }));
}

TEST_P(RosterTest, WithoutAGuardiansAddressNothingIsKept) {
    users("kid,,true,o1,student,,Kid,One,kid@school.example,\n");
    run();
    ASSERT_THAT(waits_, SizeIs(1));
    EXPECT_EQ(waits_[0].why, Waits::Why::no_address);
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) { return store::person(reader, "", "kid"); }));
}

TEST_P(RosterTest, TheSchoolsConsentIsForEducationAndRecordedSo) {
    with_kid();
    Options options;
    options.school_consents = true;
    const Report report = run(options, true);
    EXPECT_EQ(report.files.at("users").added, 3);
    const auto consents = database_->read([&](sql::Reader& reader) {
        return reader.all<std::tuple<std::string, std::string, std::string>>(kConsents);
    });
    EXPECT_THAT(consents, ElementsAre(std::tuple("school", "education", "Sunny School")));
    EXPECT_TRUE(std::ranges::any_of(mails(), [](const mail::Message& mail) {
        return mail.to == "gert@example.org" && mail.text.find("/guardian/accept/") != std::string::npos;
    })) << "and the guardian may have a say";
    ASSERT_THAT(slips_, SizeIs(3));
    const fs::path sheet = folder_.path() / "slips.html";
    auto out = Sheet::create(sheet, i18n::Language::en, "Braid", {});
    ASSERT_TRUE(out.ok());
    out->add({.name = "<Kid>", .school = "S", .handle = "h", .link = "https://b/x", .secret = "x"});
    EXPECT_EQ(*out->finish(), 1);
    EXPECT_FALSE(Sheet::create(sheet, i18n::Language::en, "Braid", {}).ok()) << "never over a file";
    EXPECT_EQ(fs::status(sheet).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    std::stringstream text;
    text << std::ifstream(sheet).rdbuf();
    EXPECT_THAT(text.str(), HasSubstr("&lt;Kid&gt;"));
}

TEST_P(RosterTest, WhoIsMissingFromAWholeFileLeavesAndKeepsTheAccount) {
    run();
    file("users",
         std::string(kUsersHead) + "tea,,true,o1,teacher,t.lopez,Tomás,López,tomas@school.example,\n");
    file("enrollments",
         "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\ne1,c1,o1,tea,teacher\n");
    const Report report = run();
    EXPECT_EQ(report.files.at("users").left, 1);
    EXPECT_THAT(roles("teen"), IsEmpty());
    EXPECT_FALSE(card("teen").handle.empty());
    users();
    EXPECT_EQ(run().files.at("users").updated, 1) << "and comes back";
    EXPECT_THAT(roles("teen"), ElementsAre("learner organisation"));
}

TEST_P(RosterTest, NobodyLeavesByAFileThatIsBrokenOrHoldsChangesAlone) {
    run();
    file("users", std::string(kUsersHead) + "tea,,true,o1,teacher,\"broken\"quote,x,x,,\n");
    file("enrollments",
         "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n\"e\"1,c1,o1,tea,teacher\n");
    const Report broken = run();
    EXPECT_THAT(broken.not_ended, ElementsAre("users", "enrollments"));
    EXPECT_EQ(broken.files.at("users").left, 0);
    manifest("1.1", "delta");
    file("users", std::string(kUsersHead) + "teen,tobedeleted,true,o1,student,,R,N,,\n");
    file("enrollments", "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\n");
    const Report delta = run();
    EXPECT_EQ(delta.files.at("users").left, 1);
    EXPECT_THAT(roles("tea"), ElementsAre("educator organisation", "educator space"));
    EXPECT_THAT(roles("teen"), IsEmpty());
}

TEST_P(RosterTest, FollowsANameUntilSheChoseOne) {
    run();
    users("", "Tom,López");
    run();
    EXPECT_EQ(card("tea").display_name, "Tom López");
    Actor tea;
    tea.person = *person("tea");
    tea.band = access::AgeBand::adult;
    ASSERT_TRUE(accounts().edit_profile(tea, {.display_name = "El Profe"}).ok());
    users("", "Thomas,López");
    run();
    EXPECT_EQ(card("tea").display_name, "El Profe");
}

TEST_P(RosterTest, TakesNoRoleThatOthersGave) {
    run();
    const auto org =
        database_->read([&](sql::Reader& reader) { return store::organisation(reader, "", "o1"); });
    const accounts::RoleScope school{accounts::ScopeKind::organisation, org->id};
    ASSERT_TRUE(accounts().grant(accounts::operator_actor(), *person("tea"), Role::mentor, school, {}).ok());
    file("users", std::string(kUsersHead) + "teen,,true,o1,student,,R,N,,\n");
    run();
    EXPECT_THAT(roles("tea"), ElementsAre("mentor organisation"));
}

TEST_P(RosterTest, AnAdultWhoIsHereAlreadyIsKnownByHerAddress) {
    const auto there =
        *accounts().create_person(accounts::operator_actor(), {.handle = "tom",
                                                               .display_name = "Tom",
                                                               .password = "the lamp counts stairs",
                                                               .birth_year = 1980,
                                                               .birth_month = 1,
                                                               .email = "tomas@school.example"});
    run();
    EXPECT_EQ(*person("tea"), there);
    EXPECT_EQ(card("tea").display_name, "Tom");
    EXPECT_THAT(mails(), IsEmpty()) << "she has a password";
}

TEST_P(RosterTest, WhoWasErasedIsNotMadeAgain) {
    run();
    static const sql::Query kErase{"roster_test.erase",
                                   "UPDATE roster_people SET person = 0 WHERE sourced_id = 'teen'"};
    ASSERT_TRUE(database_
                    ->write([&](sql::Tx& tx) -> Result<void> {
                        tx.run(kErase);
                        return {};
                    })
                    .ok());
    const auto before = everything();
    users("", "Tom,López");
    run();
    EXPECT_EQ(std::get<0>(everything()), std::get<0>(before));
}

TEST_P(RosterTest, ReadsRolesOfTheirOwnFileInTheNewerVersion) {
    manifest("1.2");
    file("users",
         "sourcedId,status,enabledUser,username,givenName,familyName,email,agentSourcedIds\n"
         "tea,,true,t.lopez,Tomás,López,,\nteen,,true,real,Real,Name,,\nnone,,true,n,No,Role,,\n");
    file("roles",
         "sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n"
         "r1,tea,primary,teacher,,2027-06-30,o1\nr2,tea,secondary,principal,,,o1\n"
         "r3,teen,primary,student,,,o1\nr4,teen,secondary,king,,,o1\nr5,tea,secondary,teacher,,2020-01-01,"
         "o1\n");
    run();
    EXPECT_THAT(complaints(), ElementsAre("users.csv:4 sourcedId", "roles.csv:5 role"));
    EXPECT_THAT(roles("tea"),
                ElementsAre("coordinator organisation", "educator organisation", "educator space"));
    clock_.set(Timestamp{std::int64_t{1'815'000'000} * 1'000'000});  // July 2027
    EXPECT_THAT(roles("tea"), ElementsAre("coordinator organisation", "educator space"));
}

TEST_P(RosterTest, WhatIsNoRosterCannotBeRead) {
    const auto why = [&] {
        const auto report = module_.importer().run(accounts::operator_actor(), folder_.path(), {}, {});
        return report.ok() ? std::string("read") : report.error().detail;
    };
    manifest("1.0");
    EXPECT_THAT(why(), HasSubstr("1.1 and 1.2"));
    manifest("1.1", "maybe");
    EXPECT_THAT(why(), HasSubstr("absent, bulk or delta"));
    manifest("1.1");
    fs::remove(folder_.path() / "users.csv");
    EXPECT_THAT(why(), HasSubstr("users.csv is not there"));
    fs::remove(folder_.path() / "manifest.csv");
    EXPECT_THAT(why(), HasSubstr("no manifest.csv"));
    Actor learner;
    learner.person = PersonId{5};
    EXPECT_EQ(module_.importer().run(learner, folder_.path(), {}, {}).error().code, ErrorCode::not_found);
}

TEST_P(RosterTest, ReadsARosterOfAnotherProgram) {
    const fs::path there = fs::path(BRAID_SOURCE_DIR "/../shared/data") / "standards/oneroster_gpl2";
    const fs::path folder = there / "OneRosterv1p1BaseCSV";
    if (!fs::exists(folder)) GTEST_SKIP() << "no sample rosters here";
    Options options;
    options.students_born = BirthMonth{2011, 1};
    const auto report = module_.importer().run(accounts::operator_actor(), folder, options, {});
    ASSERT_TRUE(report.ok()) << report.error().detail;
    EXPECT_EQ(report->files.at("orgs").added, 2);
    EXPECT_EQ(report->files.at("users").added, 2);
    EXPECT_EQ(report->files.at("classes").added, 3);
    EXPECT_EQ(report->files.at("enrollments").added, 3);
    EXPECT_EQ(report->refused(), 0);
}

}  // namespace
}  // namespace braid::roster
