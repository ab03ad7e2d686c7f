#include "app/asvs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/text.h"

namespace braid::app {
namespace {

using std::chrono::hours;

Settings good() {
    Settings settings;
    settings.http.public_url = "https://braid.example";
    settings.http.trusted_proxies = {"127.0.0.1"};
    settings.mail.url = "smtps://mail.example:465";
    return settings;
}

Evidence well() {
    return {.files = {{"/data", 0700}, {"/data/site.secret", 0600}},
            .staff = 2,
            .staff_without_factor = 0,
            .demo_accounts = 0,
            .backup_age = hours(5),
            .backups_named = true,
            .policy = "default-src 'none'; script-src 'self' 'nonce-x'; frame-ancestors 'none'",
            .strict_transport = true,
            .session_cookie = "__Host-session"};
}

std::map<std::string, Verdict> verdicts(const Settings& settings, const Evidence& evidence) {
    std::map<std::string, Verdict> all;
    for (const Judgement& one : judge(settings, evidence)) {
        EXPECT_FALSE(one.found.empty()) << one.items;
        EXPECT_EQ(one.advice.empty(), one.verdict == Verdict::pass) << one.items << ": what to do";
        all[one.items + " " + one.asks] = one.verdict;
    }
    return all;
}

// Which judgements differ from those of a good installation, by item.
std::vector<std::string> worse(const Settings& settings, const Evidence& evidence) {
    const auto before = verdicts(good(), well());
    std::vector<std::string> all;
    for (const auto& [item, verdict] : verdicts(settings, evidence)) {
        const auto there = before.find(item);
        if (there == before.end() || there->second != verdict)
            all.push_back(item.substr(0, item.find_first_of(", ")));
    }
    return all;
}

TEST(Asvs, AGoodInstallationFailsOnlyWhatIsAnAcceptedRisk) {
    std::vector<std::string> accepted;
    for (const Judgement& one : judge(good(), well())) {
        if (one.accepted) {
            accepted.push_back(one.items);
        } else {
            EXPECT_NE(one.verdict, Verdict::fail) << one.items << " " << one.found;
        }
    }
    EXPECT_THAT(accepted, ::testing::ElementsAre("3.3.2", "2.1.1")) << "decisions of this program";
}

TEST(Asvs, EachWeaknessIsNamedByItsItem) {
    using ::testing::ElementsAre;
    const auto with = [](auto change) {
        Settings settings = good();
        change(settings);
        return worse(settings, well());
    };
    EXPECT_THAT(with([](Settings& s) { s.http.trusted_proxies.clear(); }), ElementsAre("9.1.1"));
    EXPECT_THAT(with([](Settings& s) { s.mail.url = "smtp://mail.example"; }), ElementsAre("9.2.2"));
    EXPECT_THAT(with([](Settings& s) { s.mail.url = "smtp://127.0.0.1"; }), ElementsAre());
    EXPECT_THAT(with([](Settings& s) { s.database = "postgres://braid@db.example/braid"; }),
                ElementsAre("9.2.2"));
    EXPECT_THAT(with([](Settings& s) { s.accounts.password_passes = 1; }), ElementsAre("2.4.1"));
    EXPECT_THAT(with([](Settings& s) { s.rate_limits = false; }), ElementsAre("2.2.1"));
    EXPECT_THAT(with([](Settings& s) { s.accounts.staff_second_factor = false; }), ElementsAre("4.3.1"));
    EXPECT_THAT(with([](Settings& s) { s.development = true; }), ElementsAre("14.3.2"));
    EXPECT_THAT(with([](Settings& s) { s.http.admin_listen = "0.0.0.0:9"; }), ElementsAre("14.1.3"));
    EXPECT_THAT(with([](Settings& s) { s.log.level = "debug"; }), ElementsAre("7.1.1"));
    const auto seen = [](auto change) {
        Evidence evidence = well();
        change(evidence);
        return worse(good(), evidence);
    };
    EXPECT_THAT(seen([](Evidence& e) { e.files[1].mode = 0640; }), ElementsAre("2.10.3"));
    EXPECT_THAT(seen([](Evidence& e) { e.staff_without_factor = 1; }), ElementsAre("4.3.1"));
    EXPECT_THAT(seen([](Evidence& e) { e.staff.reset(); }), ElementsAre("4.3.1"));
    EXPECT_THAT(seen([](Evidence& e) { e.demo_accounts = 3; }), ElementsAre("2.5.4"));
    EXPECT_THAT(seen([](Evidence& e) { e.backup_age = hours(72); }), ElementsAre("14.1.4"));
    EXPECT_THAT(seen([](Evidence& e) { e.strict_transport = false; }), ElementsAre("14.4.5"));
    EXPECT_THAT(seen([](Evidence& e) { e.policy += "; style-src 'unsafe-inline'"; }), ElementsAre("14.4.3"));
    EXPECT_THAT(seen([](Evidence& e) { e.session_cookie = "session"; }), ElementsAre("3.4.1"));
}

TEST(Asvs, TheDatabaseIsAskedForTlsWhereItIsElsewhere) {
    const auto verdict = [](const std::string& address) {
        Settings settings = good();
        settings.database = address;
        for (const Judgement& one : judge(settings, well()))
            if (one.asks == "TLS to the database") return one.verdict;
        return Verdict::not_judged;
    };
    EXPECT_EQ(verdict("postgres://braid:secret@db.example/braid"), Verdict::fail);
    EXPECT_EQ(verdict("postgres://db.example/braid?sslmode=prefer"), Verdict::fail);
    EXPECT_EQ(verdict("postgres://db.example/braid?sslmode=verify-full"), Verdict::pass);
    EXPECT_EQ(verdict("postgres://db.example/braid?sslmode=require"), Verdict::pass);
    EXPECT_EQ(verdict("postgres://braid@127.0.0.1:5432/braid"), Verdict::pass);
    EXPECT_EQ(verdict("postgres:///braid?host=/run/postgresql"), Verdict::pass);
    EXPECT_EQ(verdict("postgres:///braid?host=db.example"), Verdict::fail);
    EXPECT_EQ(verdict("sqlite:/data/braid.sqlite"), Verdict::not_judged) << "there is no connection";
}

// Held against the table of version 4.0.3: each of these is asked for at level 2 or already at level 1.
TEST(Asvs, EveryNumberIsOneThatLevelTwoAsksFor) {
    const std::set<std::string> level_two{
        "2.1.1", "2.2.1",  "2.4.1",  "2.5.4",  "2.10.3", "3.3.2",  "3.4.1",  "3.4.2",  "3.4.3",
        "3.4.4", "3.4.5",  "4.3.1",  "6.4.1",  "7.1.1",  "7.1.2",  "9.1.1",  "9.1.2",  "9.1.3",
        "9.2.2", "11.1.4", "14.1.3", "14.1.4", "14.2.1", "14.3.2", "14.4.3", "14.4.5", "14.4.7"};
    std::set<std::string> named;
    for (const Judgement& one : judge(good(), well()))
        for (const std::string_view number : split(one.items, ','))
            named.emplace(trim(number));
    EXPECT_EQ(named, level_two) << "look a new number up in the standard before it is added here";
}

TEST(Asvs, PlainHttpFailsEverythingThatRestsOnTls) {
    Settings plain = good();
    plain.http.public_url = "http://braid.example";
    const auto bad = worse(plain, well());
    EXPECT_THAT(bad, ::testing::IsSupersetOf({"9.1.1", "3.4.1"}));
}

TEST(Asvs, ReadsWhatTheProgramReallySends) {
    Settings settings = good();
    settings.data = "/nonexistent";
    const Evidence evidence = gather(settings, {}, {});
    EXPECT_THAT(evidence.policy, ::testing::HasSubstr("default-src 'none'"));
    EXPECT_TRUE(evidence.strict_transport);
    EXPECT_TRUE(evidence.session_cookie.starts_with("__Host-"));
    EXPECT_FALSE(evidence.staff) << "there is no database";
    settings.http.public_url = "http://braid.example";
    EXPECT_FALSE(gather(settings, {}, {}).strict_transport);
}

}  // namespace
}  // namespace braid::app
