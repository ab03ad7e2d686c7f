#include "identity/guardians/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/guardians/site_test.h"

namespace braid::guardians {
namespace {

using access::AgeBand;
using access::Role;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::uint32_t bit(Role role) {
    return 1U << static_cast<unsigned>(role);
}

class Asking : public SiteTest {};
BRAID_ON_BOTH_ENGINES(Asking);

const sql::Query kRows{
    "guardians_test.rows",
    "SELECT handle, guardian_email, birth_year, birth_month FROM consent_requests ORDER BY "
    "id LIMIT 10"};

TEST_P(Asking, KeepsAHandleABandAndAnAddressAndMailsALink) {
    const auto asked = ask();
    const auto rows = database_->read([&](sql::Reader& reader) {
        return reader.all<std::tuple<std::string, std::string, int, int>>(kRows);
    });
    EXPECT_THAT(rows, ElementsAre(std::tuple("pip", "rosa@example.org", 0, 0)));
    ASSERT_THAT(mails(), SizeIs(1));
    EXPECT_EQ(mails()[0].to, "rosa@example.org");
    EXPECT_EQ(token_in_mail("/consent/"), service().link_token(asked.id));
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) { return accounts().by_handle(reader, "pip"); }))
        << "she is nobody here yet";
    const auto waited = service().waited(asked.cookie);
    ASSERT_TRUE(waited.ok());
    EXPECT_EQ(waited->outcome, Outcome::waiting);
    EXPECT_EQ(waited->request.handle, "pip");
}

TEST_P(Asking, NamesEveryFieldThatIsWrong) {
    const auto wrong = service().ask({}, AgeBand::child, {"p!", "short", "nowhere"});
    ASSERT_FALSE(wrong.ok());
    std::vector<std::string> fields;
    for (const auto& field : wrong.error().fields)
        fields.push_back(field.field);
    EXPECT_THAT(fields, ElementsAre("handle", "password", "email"));
    EXPECT_FALSE(service().ask({}, AgeBand::adult, {"pip", kPassword, "rosa@example.org"}).ok());
    EXPECT_FALSE(service().ask(rosa_, AgeBand::child, {"pip", kPassword, "rosa@example.org"}).ok());
}

TEST_P(Asking, KeepsTheHandleFromEverybodyElse) {
    ask();
    const auto again = service().ask({}, AgeBand::child, {"pip", kPassword, "other@example.org"});
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::conflict);
    const auto joined = accounts().create_person(
        accounts::operator_actor(),
        {.handle = "pip", .display_name = "Pip", .birth_year = 1990, .birth_month = 1});
    EXPECT_FALSE(joined.ok());
    // And an adult's is not free either.
    EXPECT_FALSE(service().ask({}, AgeBand::child, {"rosa", kPassword, "other@example.org"}).ok());
}

TEST_P(Asking, ReachesOneAddressAFewTimesAtMost) {
    for (const char* handle : {"pip1", "pip2", "pip3", "pip4", "pip5"})
        ask(handle);
    const auto sixth = service().ask({}, AgeBand::child, {"pip6", kPassword, "ROSA@example.org"});
    ASSERT_FALSE(sixth.ok());
    EXPECT_EQ(sixth.error().fields.front().field, "email");
}

TEST_P(Asking, TheMailIsSentAgainAFewTimesAndNotAtOnce) {
    const auto asked = ask();
    EXPECT_EQ(service().send_again(asked.cookie).error().code, ErrorCode::too_many_requests);
    for (int i = 0; i < 3; ++i) {
        clock_.advance(hours(1));
        EXPECT_TRUE(service().send_again(asked.cookie).ok()) << i;
    }
    clock_.advance(hours(1));
    EXPECT_EQ(service().send_again(asked.cookie).error().code, ErrorCode::too_many_requests);
    EXPECT_THAT(mails(), SizeIs(4));
    EXPECT_EQ(service().send_again("forged.cookie").error().code, ErrorCode::not_found);
}

TEST_P(Asking, SheComesBackWithHerPassword) {
    const auto asked = ask();
    EXPECT_TRUE(service().knows("@Pip"));
    EXPECT_FALSE(service().knows("rosa"));
    EXPECT_EQ(*service().come_back("pip", kPassword), asked.cookie);
    EXPECT_FALSE(*service().come_back("pip", "something else entirely"));
    EXPECT_FALSE(*service().come_back("nobody", kPassword));
}

TEST_P(Asking, WithdrawnNothingIsLeft) {
    const auto asked = ask();
    ASSERT_TRUE(service().stop_waiting(asked.cookie).ok());
    EXPECT_EQ(service().waited(asked.cookie)->outcome, Outcome::ended);
    EXPECT_EQ(service().open_link({}, service().link_token(asked.id)).error().code, ErrorCode::gone);
    EXPECT_THAT(database_->read([&](sql::Reader& reader) {
        return reader.all<std::tuple<std::string, std::string, int, int>>(kRows);
    }),
                IsEmpty());
    ask();  // the handle is free
}

TEST_P(Asking, NobodyAnswersRemindedAndThenDeleted) {
    const auto asked = ask();
    EXPECT_EQ(service().remind(), 0);
    clock_.advance(hours(24 * 4 + 1));
    EXPECT_EQ(service().remind(), 1);
    EXPECT_EQ(service().remind(), 0) << "once";
    clock_.advance(hours(24 * 4));
    EXPECT_EQ(service().remind(), 1);
    clock_.advance(hours(24 * 4));
    EXPECT_EQ(service().remind(), 0) << "twice at most";
    EXPECT_EQ(service().expire(), 0);
    clock_.advance(hours(24 * 3));
    EXPECT_EQ(service().expire(), 1);
    EXPECT_FALSE(service().knows("pip"));
    EXPECT_EQ(service().waited(asked.cookie)->outcome, Outcome::ended);
    EXPECT_THAT(mails(), SizeIs(3));
    ask();  // and the handle is free again
}

class Consenting : public SiteTest {};
BRAID_ON_BOTH_ENGINES(Consenting);

TEST_P(Consenting, FromAnAccountCountsAtOnce) {
    const auto asked = ask();
    const auto given =
        service().consent(rosa_, service().link_token(asked.id), form(Choices{}.with(Choice::comment)));
    ASSERT_TRUE(given.ok());
    EXPECT_EQ(*given, Given::now);
    const Actor pip = child("pip");
    EXPECT_EQ(pip.band, AgeBand::child);
    EXPECT_TRUE(pip.may(Choice::comment));
    EXPECT_FALSE(pip.may(Choice::publish));
    EXPECT_TRUE(confirm(pip).ok());
    EXPECT_TRUE(*accounts().prove("pip", kPassword)) << "with the password she chose";
    EXPECT_EQ(service().waited(asked.cookie)->outcome, Outcome::consented);
    EXPECT_FALSE(service().knows("pip"));
    const auto overview = service().overview(rosa_);
    ASSERT_THAT(overview->children, SizeIs(1));
    EXPECT_EQ(overview->children[0].tie.method, Method::account);
    EXPECT_TRUE(database_->read(
        [&](sql::Reader& reader) { return service().guards(reader, *rosa_.person, *pip.person); }));
}

TEST_P(Consenting, ByMailAloneNeedsTheSecondMail) {
    const auto asked = ask();
    const auto given = service().consent({}, service().link_token(asked.id), form());
    ASSERT_TRUE(given.ok());
    EXPECT_EQ(*given, Given::confirm_by_mail);
    EXPECT_TRUE(service().waited(asked.cookie)->request.said);
    EXPECT_THAT(mails(), SizeIs(1)) << "the second mail waits";
    clock_.advance(hours(25));
    EXPECT_THAT(mails(), SizeIs(2));
    const std::string token = token_in_mail("/consent/confirm/");
    ASSERT_FALSE(token.empty());
    EXPECT_EQ(service().confirm({}, service().link_token(asked.id)).error().code, ErrorCode::not_found)
        << "the first link is not the second";
    ASSERT_TRUE(service().open_confirmation({}, token).ok());
    ASSERT_TRUE(service().confirm({}, token).ok());
    EXPECT_EQ(service().confirm({}, token).error().code, ErrorCode::gone) << "once";
    const Actor pip = child("pip");
    EXPECT_FALSE(standing(pip).paused);
    const auto link = service().open_link({}, service().link_token(asked.id));
    ASSERT_TRUE(link.ok() && link->tie);
    EXPECT_EQ(link->tie->method, Method::email_plus);
    EXPECT_EQ(link->tie->guardian_email, "rosa@example.org");
}

TEST_P(Consenting, AYesSaidAnewEndsTheLinkOfTheOneBefore) {
    const auto asked = ask();
    ASSERT_TRUE(service().consent({}, service().link_token(asked.id), form()).ok());
    clock_.advance(hours(25));
    mails();
    const std::string first = token_in_mail("/consent/confirm/");
    ASSERT_TRUE(service().consent({}, service().link_token(asked.id), form(Choices{})).ok());
    EXPECT_EQ(service().confirm({}, first).error().code, ErrorCode::gone);
    clock_.advance(hours(25));
    mails();
    EXPECT_TRUE(service().confirm({}, token_in_mail("/consent/confirm/")).ok());
}

TEST_P(Consenting, IsForAdultsWithTheLink) {
    const auto asked = ask();
    const Actor sister = teen("sister");
    EXPECT_EQ(service().consent(sister, service().link_token(asked.id), form()).error().code,
              ErrorCode::forbidden);
    EXPECT_EQ(service().consent(rosa_, asked.cookie, form()).error().code, ErrorCode::not_found)
        << "the child's cookie is no guardian's link";
    EXPECT_EQ(service().open_link({}, "x").error().code, ErrorCode::not_found);
    auto grown = form();
    grown.birth_year = "1999";
    EXPECT_EQ(service().consent(rosa_, service().link_token(asked.id), grown).error().fields.front().field,
              "birth_year");
    EXPECT_TRUE(service().knows("pip")) << "nothing happened";
}

TEST_P(Consenting, RefusedEverythingIsDeleted) {
    const auto asked = ask();
    ASSERT_TRUE(service().refuse({}, service().link_token(asked.id)).ok());
    EXPECT_FALSE(service().knows("pip"));
    EXPECT_EQ(service().waited(asked.cookie)->outcome, Outcome::ended);
}

TEST_P(Consenting, ByStaffOnPaperAndBySchoolsForEducation) {
    const Actor coordinator = adult("ms-ortega", bit(Role::coordinator));
    const Actor educator = adult("mr-lee", bit(Role::educator));
    const auto asked = ask();
    EXPECT_EQ(service().find_request(rosa_, asked.id.text(), "pip").error().code, ErrorCode::not_found);
    EXPECT_EQ(service().find_request(coordinator, asked.id.text(), "other").error().code,
              ErrorCode::not_found);
    ASSERT_TRUE(service().find_request(educator, asked.id.text(), "@Pip").ok());
    RecordForm paper{Method::signed_form, "2016", "3", {}, Choices::all(), {}};
    EXPECT_EQ(service().record(educator, asked.id, paper).error().code, ErrorCode::not_found)
        << "educators record for their school alone";
    EXPECT_EQ(service().record(coordinator, asked.id, paper).error().fields.front().field, "form");
    RecordForm school{Method::school, "2016", "3", "Harbour School", Choices::all(), {}};
    ASSERT_TRUE(service().record(educator, asked.id, school).ok());
    const Actor pip = child("pip");
    EXPECT_TRUE(pip.may(Choice::publish));
    EXPECT_FALSE(pip.may(Choice::publish_openly)) << "a school cannot allow more than lessons need";
    EXPECT_FALSE(pip.may(Choice::mentors));
    const auto tie = database_->read([&](sql::Reader& reader) { return store::tie(reader, asked.id); });
    EXPECT_EQ(tie->purpose, Purpose::education);
    EXPECT_EQ(tie->on_behalf, "Harbour School");
    EXPECT_EQ(tie->recorded_by, educator.person);

    const auto second = ask("pop");
    paper.form = *blobs_.put("a picture", "image/webp");
    ASSERT_TRUE(service().record(coordinator, second.id, paper).ok());
    EXPECT_EQ(service().tie_with_form(coordinator, second.id).error().code, ErrorCode::not_found)
        << "moderators and administrators alone";
    EXPECT_EQ(service().tie_with_form(adult("sam", bit(Role::moderator)), second.id)->form,
              paper.form->digest);
}

class Deciding : public SiteTest {};
BRAID_ON_BOTH_ENGINES(Deciding);

TEST_P(Deciding, ChoicesCountAtOnceAndOldActorsAreTurnedAway) {
    const Actor pip = consented(rosa_);
    ASSERT_TRUE(pip.may(Choice::comment));
    ASSERT_TRUE(service().choose(rosa_, *pip.person, Choices{}).ok());
    EXPECT_EQ(confirm(pip).error().message_key, "accounts.guardian_decided")
        << "an actor made before the decision writes nothing";
    EXPECT_FALSE(child("pip").may(Choice::comment));
    EXPECT_TRUE(confirm(child("pip")).ok());
    EXPECT_EQ(followed_.verdicts.back().second, (Verdict{Choices{}, false}));
    const auto seen = service().child(rosa_, *pip.person);
    EXPECT_EQ(seen->log.front().what, What::choices);
    EXPECT_EQ(seen->log.front().by, "rosa");
}

TEST_P(Deciding, TakingConsentBackPausesAndCanBeUndone) {
    const Actor pip = consented(rosa_);
    ASSERT_TRUE(service().withdraw(rosa_, *pip.person).ok());
    EXPECT_TRUE(standing(pip).paused);
    EXPECT_EQ(confirm(pip).error().message_key, "accounts.paused");
    EXPECT_TRUE(followed_.verdicts.back().second.paused);
    EXPECT_TRUE(
        database_->read([&](sql::Reader& reader) { return accounts().card(reader, *pip.person); })->paused);
    ASSERT_TRUE(service().withdraw(rosa_, *pip.person).ok()) << "twice is once";
    ASSERT_TRUE(service().give_again(rosa_, *pip.person).ok());
    EXPECT_FALSE(standing(pip).paused);
    EXPECT_TRUE(confirm(pip).ok());
    const auto child = service().child(rosa_, *pip.person);
    std::vector<What> log;
    for (const auto& entry : child->log)
        log.push_back(entry.what);
    EXPECT_THAT(log, ElementsAre(What::returned, What::withdrew, What::consented));
}

TEST_P(Deciding, IsNobodyElsesBusiness) {
    const Actor pip = consented(rosa_);
    const Actor other = adult("other"), mentor = adult("mentor", bit(Role::mentor) | bit(Role::guardian));
    for (const Actor& who : {other, mentor, child("pip"), adult("sam", bit(Role::moderator))}) {
        EXPECT_EQ(service().child(who, *pip.person).error().code, ErrorCode::not_found);
        EXPECT_EQ(service().choose(who, *pip.person, Choices{}).error().code, ErrorCode::not_found);
        EXPECT_EQ(service().withdraw(who, *pip.person).error().code, ErrorCode::not_found);
        EXPECT_EQ(service().correct(who, *pip.person, "X", "2010", "1").error().code, ErrorCode::not_found);
    }
    EXPECT_EQ(service().invite(child("pip"), *pip.person, "a@example.org").error().code,
              ErrorCode::forbidden);
    EXPECT_EQ(service().overview(child("pip")).error().code, ErrorCode::not_found);
}

TEST_P(Deciding, AGuardianWhoIsAMentorGuardsByTheTieAlone) {
    const Actor mentor = adult("mentor", bit(Role::mentor));
    const Actor pip = consented(mentor);
    EXPECT_TRUE(service().child(mentor, *pip.person).ok());
    const Actor other = consented(rosa_, "other");
    EXPECT_EQ(service().child(mentor, *other.person).error().code, ErrorCode::not_found);
}

TEST_P(Deciding, OneGuardianSeesAllHerChildrenAndRequests) {
    consented(rosa_, "pip");
    consented(rosa_, "pop");
    ask("pup");
    const auto overview = service().overview(rosa_);
    EXPECT_THAT(overview->children, SizeIs(2));
    ASSERT_THAT(overview->requests, SizeIs(1));
    EXPECT_EQ(overview->requests[0].handle, "pup");
    EXPECT_THAT(service().overview(adult("other"))->requests, IsEmpty());
}

TEST_P(Deciding, CorrectsNameAndMonth) {
    const Actor pip = consented(rosa_);
    EXPECT_EQ(service().correct(rosa_, *pip.person, "", "2016", "4").error().fields.front().field,
              "display_name");
    EXPECT_EQ(service().correct(rosa_, *pip.person, "Pip", "2016", "13").error().fields.front().field,
              "birth_month");
    ASSERT_TRUE(service().correct(rosa_, *pip.person, "Pip of the pier", "2015", "4").ok());
    const auto seen = service().child(rosa_, *pip.person);
    EXPECT_EQ(seen->card.display_name, "Pip of the pier");
    EXPECT_EQ(seen->birth, (accounts::BirthMonth{2015, 4}));
    EXPECT_EQ(seen->log.front().what, What::corrected);
}

// ---- put right by staff

const sql::Query kAudited{"guardians_test.audited",
                          "SELECT action, reason FROM audit_log ORDER BY seq LIMIT 10"};

TEST_P(Deciding, AnAdultWhoTurnsOutToBeAMinorIsOneFromThatCommitOn) {
    const Actor boss = adult("boss", bit(Role::administrator));
    const Actor noor = adult("noor");
    const BirthForm right{"2011", "2", "She told her teacher.", ""};
    EXPECT_EQ(service().put_birth_right(rosa_, "noor", right).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().put_birth_right(boss, "boss", right).error().code, ErrorCode::forbidden);
    EXPECT_EQ(service().put_birth_right(boss, "nobody", right).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().put_birth_right(boss, "noor", {"2011", "2", " ", ""}).error().fields.front().field,
              "reason");
    ASSERT_TRUE(service().put_birth_right(boss, "noor", right).ok());
    EXPECT_EQ(child("noor").band, AgeBand::teen);
    EXPECT_FALSE(standing(noor).paused);
    ASSERT_THAT(followed_.settled, ElementsAre(*noor.person)) << "narrow as her own choice";
    EXPECT_EQ(followed_.verdicts.front().second.allowed, Choices{}) << "everything was narrow first";
    EXPECT_EQ(followed_.verdicts.back().second.allowed, Choices::all()) << "and she may choose wider";
    EXPECT_THAT(mails().back().text, HasSubstr("She told her teacher."));
    const auto audited = database_->read(
        [&](sql::Reader& reader) { return reader.all<std::tuple<std::string, std::string>>(kAudited); });
    EXPECT_THAT(audited, ElementsAre(std::tuple("guardians.correct_birth",
                                                "1984-02 -> 2011-02: She told her teacher.")));
    EXPECT_EQ(service().own(child("noor"))->log.front().what, What::corrected);
}

TEST_P(Deciding, StaffNeverMakeAMinorOlder) {
    const Actor boss = adult("boss", bit(Role::administrator));
    const Actor abi = teen("abi");
    for (const char* year : {"1990", "2008", "2010"}) {
        const auto done = service().put_birth_right(boss, "abi", {year, "2", "She says so.", ""});
        ASSERT_FALSE(done.ok()) << year;
        EXPECT_EQ(done.error().fields.at(0).message_key, "guardians.birth_not_older") << year;
    }
    EXPECT_EQ(child("abi").band, AgeBand::teen);
    EXPECT_TRUE(service().put_birth_right(boss, "abi", {"2012", "2", "She says so.", ""}).ok()) << "younger";
    EXPECT_TRUE(service().put_birth_right(boss, "rosa", {"1980", "2", "She says so.", ""}).ok())
        << "among adults it changes nothing";
    EXPECT_THAT(followed_.settled, IsEmpty()) << "nobody changed her band";
}

TEST_P(Deciding, WhoTurnsOutToNeedAGuardianIsPausedUntilOneAgrees) {
    const Actor boss = adult("boss", bit(Role::administrator));
    const Actor noor = adult("noor");
    EXPECT_EQ(
        service().put_birth_right(boss, "noor", {"2016", "2", "A teacher.", ""}).error().fields[0].field,
        "email");
    EXPECT_EQ(child("noor").band, AgeBand::adult) << "nothing of it happened";
    ASSERT_TRUE(
        service().put_birth_right(boss, "noor", {"2016", "2", "A teacher.", "rosa@example.org"}).ok());
    EXPECT_TRUE(standing(noor).paused);
    const std::string token = token_in_mail("/guardian/accept/");
    ASSERT_EQ(*service().accept(rosa_, token), *noor.person);
    EXPECT_FALSE(standing(noor).paused);
}

TEST_P(Deciding, WithoutAnAccountTheLinkOfTheMailDecides) {
    const auto asked = ask();
    const std::string token = service().link_token(asked.id);
    ASSERT_TRUE(service().consent({}, token, form()).ok());
    clock_.advance(hours(25));
    mails();
    ASSERT_TRUE(service().confirm({}, token_in_mail("/consent/confirm/")).ok());
    const Actor pip = child("pip");
    ASSERT_TRUE(service().withdraw_by_link({}, token).ok());
    EXPECT_TRUE(standing(pip).paused);
    ASSERT_TRUE(service().return_by_link({}, token).ok());
    EXPECT_FALSE(standing(pip).paused);
    ASSERT_EQ(*service().connect(rosa_, token), *pip.person);
    EXPECT_EQ(service().withdraw_by_link({}, token).error().code, ErrorCode::forbidden)
        << "from now on the account decides, not who has the mail";
    EXPECT_EQ(service().connect(adult("thief"), token).error().code, ErrorCode::forbidden);
    EXPECT_TRUE(service().child(rosa_, *pip.person).ok());
}

class Together : public SiteTest {};
BRAID_ON_BOTH_ENGINES(Together);

TEST_P(Together, TwoGuardiansNarrowAloneAndWidenTogether) {
    const Actor pip = consented(rosa_, "pip", Choices::all());
    const Actor ben = adult("ben");
    ASSERT_TRUE(service().invite(rosa_, *pip.person, "ben@example.org").ok());
    mails();
    const std::string token = token_in_mail("/guardian/accept/");
    EXPECT_EQ(service().accept(teen("sister"), token).error().code, ErrorCode::forbidden);
    EXPECT_EQ(service().accept(ben, "x").error().code, ErrorCode::not_found);
    ASSERT_TRUE(service().accept(ben, token).ok());
    EXPECT_EQ(service().accept(ben, token).error().code, ErrorCode::not_found) << "once";
    EXPECT_EQ(child("pip").denied, Choices{}) << "nothing changes by coming";

    ASSERT_TRUE(service().choose(ben, *pip.person, Choices::all().without(Choice::mentors)).ok());
    EXPECT_FALSE(child("pip").may(Choice::mentors));
    ASSERT_TRUE(service().choose(rosa_, *pip.person, Choices::all()).ok());
    EXPECT_FALSE(child("pip").may(Choice::mentors)) << "the narrower choice holds";
    ASSERT_TRUE(service().choose(ben, *pip.person, Choices::all()).ok());
    EXPECT_TRUE(child("pip").may(Choice::mentors));

    ASSERT_TRUE(service().withdraw(ben, *pip.person).ok());
    EXPECT_TRUE(standing(pip).paused);
    ASSERT_TRUE(service().give_again(rosa_, *pip.person).ok());
    EXPECT_TRUE(standing(pip).paused) << "who took it back gives it again";
    ASSERT_TRUE(service().give_again(ben, *pip.person).ok());
    EXPECT_FALSE(standing(pip).paused);
    EXPECT_THAT(service().child(rosa_, *pip.person)->ties, SizeIs(2));
}

TEST_P(Together, TheLastGuardianWhoLeavesPausesTheAccount) {
    const Actor pip = consented(rosa_);
    const auto tie = service().child(rosa_, *pip.person)->mine.id;
    EXPECT_EQ(service().end_tie(child("pip"), tie).error().code, ErrorCode::forbidden);
    ASSERT_TRUE(service().end_tie(rosa_, tie).ok());
    EXPECT_TRUE(standing(pip).paused);
    EXPECT_EQ(service().child(rosa_, *pip.person).error().code, ErrorCode::not_found);
}

TEST_P(Together, ATeenKeepsAGuardianByHerOwnAcceptance) {
    const Actor abi = teen("abi");
    EXPECT_FALSE(database_->read([&](sql::Reader& reader) {
        return service().may(reader, *abi.person, Choice::mentors);
    })) << "no mentors without a guardian who has said so";
    ASSERT_TRUE(service().invite(abi, *abi.person, "rosa@example.org").ok());
    mails();
    ASSERT_TRUE(service().accept(rosa_, token_in_mail("/guardian/accept/")).ok());
    EXPECT_EQ(service().withdraw(rosa_, *abi.person).error().code, ErrorCode::forbidden);
    EXPECT_EQ(service().correct(rosa_, *abi.person, "X", "2011", "1").error().code, ErrorCode::forbidden);
    ASSERT_TRUE(service().choose(rosa_, *abi.person, Choices{}).ok());
    EXPECT_EQ(child("abi").denied, Choices{}.with(Choice::mentors)) << "only the word on mentors counts";
    ASSERT_TRUE(service().choose(rosa_, *abi.person, Choices{}.with(Choice::mentors)).ok());
    EXPECT_TRUE(database_->read(
        [&](sql::Reader& reader) { return service().may(reader, *abi.person, Choice::mentors); }));
    const auto own = service().own(child("abi"));
    ASSERT_THAT(own->ties, SizeIs(1));
    ASSERT_TRUE(service().end_tie(child("abi"), own->ties[0].tie.id).ok());
    EXPECT_EQ(service().child(rosa_, *abi.person).error().code, ErrorCode::not_found);
    EXPECT_FALSE(standing(abi).paused);
}

class Growing : public SiteTest {
  protected:
    void until(int year, unsigned month) {
        clock_.set(Timestamp{std::chrono::sys_time<Duration>(
                                 std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} /
                                                       std::chrono::day{2}})
                                 .time_since_epoch()
                                 .count()});
    }
};
BRAID_ON_BOTH_ENGINES(Growing);

TEST_P(Growing, PastTheAgeOfConsentSheDecidesAndNothingWidensByItself) {
    const Actor pip = consented(rosa_, "pip", Choices{}.with(Choice::comment));  // born March 2016
    EXPECT_EQ(service().grow(), 0);
    until(2029, 4);
    EXPECT_EQ(service().grow(), 1);
    EXPECT_EQ(service().grow(), 0) << "once";
    EXPECT_THAT(followed_.settled, ElementsAre(*pip.person)) << "what was narrow becomes her own choice";
    EXPECT_TRUE(child("pip").may(Choice::publish_openly));
    EXPECT_FALSE(child("pip").may(Choice::mentors)) << "her guardian is still asked about mentors";
    EXPECT_EQ(service().withdraw(rosa_, *pip.person).error().code, ErrorCode::forbidden);
    EXPECT_TRUE(service().child(rosa_, *pip.person).ok());
    EXPECT_THAT(mails().back().subject, HasSubstr("age of consent"));
    EXPECT_EQ(service().own(child("pip"))->log.front().what, What::past_consent);
}

TEST_P(Growing, IsToldAMonthAhead) {
    const Actor abi = teen("abi");  // born February 2011: of age from March 2029
    ASSERT_TRUE(service().invite(abi, *abi.person, "rosa@example.org").ok());
    mails();
    ASSERT_TRUE(service().accept(rosa_, token_in_mail("/guardian/accept/")).ok());
    const std::size_t before = mails().size();  // what she was told of coming is sent
    until(2028, 12);
    EXPECT_EQ(service().foretell(), 0) << "too early";
    until(2029, 2);
    EXPECT_EQ(service().foretell(), 1);
    EXPECT_EQ(service().foretell(), 0) << "once";
    EXPECT_EQ(service().grow(), 0);
    std::vector<std::string> to;
    for (std::size_t i = before; i < mails().size(); ++i) {
        to.push_back(mails()[i].to);
        EXPECT_THAT(mails()[i].text, HasSubstr("1 March 2029"));
    }
    EXPECT_THAT(to, ElementsAre("rosa@example.org", "abi@example.org"));
    EXPECT_EQ(service().child(rosa_, *abi.person)->log.front().what, What::foretold);
    EXPECT_EQ(service().child(rosa_, *abi.person)->stage, Stage::company) << "nothing has changed yet";
    until(2029, 3);
    EXPECT_EQ(service().grow(), 1);
    EXPECT_EQ(service().foretell(), 0);
}

TEST_P(Growing, PausedSheComesBackWhenSheDecidesHerself) {
    const Actor pip = consented(rosa_);
    ASSERT_TRUE(service().withdraw(rosa_, *pip.person).ok());
    until(2029, 4);
    EXPECT_EQ(service().grow(), 1);
    EXPECT_FALSE(standing(pip).paused);
}

TEST_P(Growing, OfAgeEveryTieEnds) {
    const Actor abi = teen("abi");  // born February 2011
    ASSERT_TRUE(service().invite(abi, *abi.person, "rosa@example.org").ok());
    mails();
    ASSERT_TRUE(service().accept(rosa_, token_in_mail("/guardian/accept/")).ok());
    const std::size_t before = mails().size();
    until(2029, 3);
    EXPECT_EQ(service().grow(), 1);
    EXPECT_EQ(service().child(rosa_, *abi.person).error().code, ErrorCode::not_found);
    EXPECT_THAT(service().overview(rosa_)->children, IsEmpty());
    std::vector<std::string> to;
    for (std::size_t i = before; i < mails().size(); ++i)
        to.push_back(mails()[i].to);
    EXPECT_THAT(to, ElementsAre("rosa@example.org", "abi@example.org")) << "both are told";
}

TEST_P(Growing, AMonthPutRightCountsAtOnce) {
    const Actor pip = consented(rosa_);
    ASSERT_TRUE(service().correct(rosa_, *pip.person, "Pip", "2012", "3").ok());
    EXPECT_EQ(service().child(rosa_, *pip.person)->stage, Stage::company);
    EXPECT_EQ(service().correct(rosa_, *pip.person, "Pip", "2016", "3").error().code, ErrorCode::forbidden);
}

TEST_P(Growing, EveryQueryIsPrepared) {
    EXPECT_THAT(braid::testing::prepare_all(*database_), IsEmpty());
}

}  // namespace
}  // namespace braid::guardians
