// Reporting, deciding, appealing: every outcome.
#include "identity/blocks/service.h"
#include "stewardship/moderation/site_test.h"

namespace braid::moderation {
namespace {

BRAID_ON_BOTH_ENGINES(Moderating);

// ---- Reporting

TEST_P(Moderating, ReportsOfOneThingAreOneCaseUnderTheGravestAndFirstDue) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter);
    const CaseId id = reported(abi_, "comment", said.value, "spam");
    EXPECT_EQ(row(id).due_at, clock_.now() + hours(24));
    clock_.advance(hours(1));
    EXPECT_EQ(reported(child_, "comment", said.value, "grooming"), id);
    EXPECT_EQ(row(id).category, Category::grooming);
    EXPECT_EQ(row(id).due_at, clock_.now() + hours(4));
    EXPECT_EQ(reported(visitor_, "comment", said.value, "imminent_harm"), id);
    EXPECT_EQ(row(id).due_at, clock_.now() + hours(1));
    EXPECT_EQ(reported(abi_, "comment", said.value, "other"), id);
    EXPECT_EQ(row(id).category, Category::imminent_harm) << "a milder report takes nothing back";
    EXPECT_EQ(row(id).reports, 4);
    EXPECT_EQ(row(id).words, "You write like a machine.");
    EXPECT_EQ(row(id).subject, *deniz_.person);
}

TEST_P(Moderating, WhatOneMayNotSeeCannotBeReported) {
    const auto [work, chapter] = story(abi_);
    ASSERT_TRUE(works_.writing().unpublish_chapter(abi_, work, chapter).ok());
    for (const Actor& actor : {deniz_, child_, visitor_}) {
        EXPECT_EQ(service().report(actor, {"work", work.value, "spam", "", {}}).error().code,
                  ErrorCode::not_found);
        EXPECT_EQ(service().report(actor, {"chapter", chapter.value, "spam", "", {}}).error().code,
                  ErrorCode::not_found);
    }
    EXPECT_EQ(service().report(visitor_, {"profile", abi_.person->value, "spam", "", {}}).error().code,
              ErrorCode::not_found)
        << "a minor's profile is not there for a visitor";
    EXPECT_EQ(service().report(deniz_, {"boat", 7, "spam", "", {}}).error().code, ErrorCode::not_found);
}

TEST_P(Moderating, WhatIsReportedOfSomebodyOneKeepsApartFromIsItsOwnCaseAndIsShownToNobody) {
    const auto [work, chapter] = story(abi_);
    const auto [others, one] = story(deniz_);
    const auto said = comment(deniz_, work, chapter);
    blocks::Service blocks(*database_, clock_);
    ASSERT_TRUE(blocks.keep_apart(abi_, *deniz_.person, blocks::Kind::block).ok());
    const std::int64_t deniz = deniz_.person->value;
    EXPECT_EQ(service().report(abi_, {"comment", said.value, "bullying", "", {}}).error().code,
              ErrorCode::not_found)
        << "by its id it is not there";
    const auto at = [&](const std::string& address) {
        EXPECT_TRUE(service().report(abi_, {"profile", deniz, "bullying", "It hurts.", address}).ok());
    };
    at("/works/" + work.text() + "/chapters/" + chapter.text() + "/comments?thread=" + said.text() + "#c-" +
       said.text());
    at("/works/" + others.text());
    const auto open = [&](std::string_view kind, std::int64_t object) {
        return read([&](sql::Reader& reader) { return store::open_case(reader, kind, object); });
    };
    ASSERT_TRUE(open("comment", said.value));
    ASSERT_TRUE(open("work", others.value));
    EXPECT_FALSE(open("profile", deniz));
    const CaseId about = open("work", others.value)->id;
    EXPECT_EQ(row(about).subject, *deniz_.person);
    ASSERT_TRUE(service().claim_case(ortega_, about).ok());
    (void)decided(ortega_, about, "hide");
    const auto told = service().notices(abi_, {}, 20);
    ASSERT_TRUE(told.ok());
    ASSERT_EQ(told->size(), 1U);
    EXPECT_EQ(told->front().title, "") << "what she turned away from is not named to her";
    // Nothing of hers, nothing that is there, nothing that others may see: about the person, in words.
    at("/works/" + work.text());
    at("/works/" + ids_.make<works::WorkId>().text());
    at("It was on her page");
    ASSERT_TRUE(works_.writing().unpublish_chapter(deniz_, others, one).ok());
    at("/works/" + others.text());
    EXPECT_FALSE(open("work", work.value));
    ASSERT_TRUE(open("profile", deniz));
    EXPECT_EQ(open("profile", deniz)->reports, 4) << "each of them";
    // Who is blocked reports nothing of hers this way either.
    EXPECT_EQ(service()
                  .report(deniz_, {"profile", abi_.person->value, "spam", "", "/works/" + work.text()})
                  .error()
                  .code,
              ErrorCode::not_found);
}

TEST(Places, AreReadFromAddressesOfTheSite) {
    const std::string site = "https://braid.example";
    const auto at = [&](std::string_view address) {
        const auto place = thing_at(address, site);
        return place ? std::string(place->kind) + " " + id_to_text(place->object) : std::string("nowhere");
    };
    EXPECT_EQ(at("https://braid.example/works/1c4gzk0e5mabc"), "work 1c4gzk0e5mabc");
    EXPECT_EQ(at(" /works/1c4gzk0e5mabc?from=home "), "work 1c4gzk0e5mabc");
    EXPECT_EQ(at("/works/1c4gzk0e5mabc/chapters/7#p-3"), "chapter 7");
    EXPECT_EQ(at("/works/1c4gzk0e5mabc/chapters/7/comments?thread=5"), "comment 5");
    EXPECT_EQ(at("/works/1c4gzk0e5mabc/chapters/7/comments?thread=5#c-6"), "comment 6");
    EXPECT_EQ(at("/works/1c4gzk0e5mabc/chapters/7/comments?paragraph=ab#c-6"), "comment 6");
    for (const char* address : {"", "/", "/people/abi", "https://elsewhere.example/works/7", "/works/",
                                "/works/!", "//works/7", "javascript:7"})
        EXPECT_EQ(at(address), "nowhere") << address;
}

TEST_P(Moderating, AReportNeedsACategoryAndElsewhereNeedsWords) {
    EXPECT_EQ(service().report(child_, {"elsewhere", 0, "", "x", {}}).error().fields.at(0).field, "category");
    EXPECT_EQ(service().report(child_, {"elsewhere", 0, "other", " ", {}}).error().fields.at(0).field,
              "words");
    EXPECT_EQ(service()
                  .report(child_, {"elsewhere", 0, "other", std::string(4001, 'x'), {}})
                  .error()
                  .fields.at(0)
                  .message_key,
              "moderation.words_long");
    EXPECT_TRUE(service().report(visitor_, {"elsewhere", 0, "other", "A man at the door.", "/read"}).ok());
    EXPECT_TRUE(service().report(visitor_, {"elsewhere", 0, "other", "Another thing.", "//evil"}).ok());
    const auto permit = access::permit<SeeQueue>(ortega_, {});
    const auto queue = read([&](sql::Reader& reader) {
        return store::queue(reader, *permit, store::Whose::anybodys, {}, {}, 10);
    });
    ASSERT_EQ(queue.size(), 2U) << "each is a case of its own";
    EXPECT_EQ(queue[0].href, "/read");
    EXPECT_EQ(queue[1].href, "");
}

TEST_P(Moderating, ASixthReportOfOneThingIsTakenAndKeptNoMore) {
    const auto [work, chapter] = story(abi_);
    CaseId id;
    for (int i = 0; i < 7; ++i)
        id = reported(deniz_, "work", work.value);
    EXPECT_EQ(row(id).reports, kReportsEach);
}

// ---- The queue

TEST_P(Moderating, TheQueueIsForStaffAndNotForWhomItIsAbout) {
    const auto [work, chapter] = story(ortega_);
    const CaseId id = reported(abi_, "work", work.value);
    EXPECT_EQ(service().open_case(deniz_, id).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().open_case(visitor_, id).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(service().open_case(ortega_, id).error().code, ErrorCode::not_found) << "about herself";
    EXPECT_TRUE(service().open_case(silva_, id).ok());
    const auto in_queue = [&](const Actor& actor) {
        const auto permit = access::permit<SeeQueue>(actor, {});
        return read([&](sql::Reader& reader) {
            return std::pair(store::queue(reader, *permit, store::Whose::anybodys, {}, {}, 10).size(),
                             store::queue_counts(reader, *permit, clock_.now()).open);
        });
    };
    EXPECT_EQ(in_queue(ortega_), std::pair(std::size_t{0}, 0));
    EXPECT_EQ(in_queue(silva_), std::pair(std::size_t{1}, 1));
}

TEST_P(Moderating, WhoReportedLeavesTheDecisionToOthers) {
    const auto [work, chapter] = story(abi_);
    const CaseId id = reported(ortega_, "work", work.value);
    EXPECT_EQ(service().claim_case(ortega_, id).error().message_key, "moderation.you_reported");
    EXPECT_EQ(service().decide_case(ortega_, id, {"hide", "x", "", 0, 0, false}).error().message_key,
              "moderation.you_reported");
    EXPECT_EQ(service().assign_case(silva_, id, "ortega").error().fields.at(0).message_key,
              "moderation.own_affair");
    EXPECT_FALSE(service().open_case(ortega_, id)->may_handle);
}

TEST_P(Moderating, ACaseIsClaimedReleasedAndAssigned) {
    const auto [work, chapter] = story(abi_);
    const CaseId id = reported(deniz_, "work", work.value);
    ASSERT_TRUE(service().claim_case(ortega_, id).ok());
    EXPECT_EQ(service().claim_case(silva_, id).error().code, ErrorCode::conflict);
    EXPECT_EQ(service().decide_case(silva_, id, {"hide", "x", "", 0, 0, false}).error().message_key,
              "moderation.claimed_by_other");
    EXPECT_EQ(service().release_case(silva_, id).error().code, ErrorCode::conflict);
    EXPECT_TRUE(service().claim_case(admin_, id).ok()) << "an administrator takes over";
    EXPECT_TRUE(service().release_case(admin_, id).ok());
    EXPECT_EQ(service().assign_case(ortega_, id, "deniz").error().fields.at(0).message_key,
              "moderation.no_moderator");
    ASSERT_TRUE(service().assign_case(ortega_, id, "silva").ok());
    EXPECT_EQ(row(id).claimed_by, *silva_.person);
    EXPECT_TRUE(service().add_note(silva_, id, "Looked at it twice.").ok());
    EXPECT_EQ(service().open_case(silva_, id)->notes.at(0).text, "Looked at it twice.");
    EXPECT_EQ(service().claim_case(deniz_, id).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().add_note(deniz_, id, "x").error().code, ErrorCode::not_found);
}

TEST_P(Moderating, ACaseShowsTheHistoryOfBothSides) {
    const auto [work, chapter] = story(abi_);
    const auto first = comment(deniz_, work, chapter);
    decided(ortega_, reported(abi_, "comment", first.value), "warn");
    const auto second = comment(deniz_, work, chapter, "Still a machine.");
    const CaseId id = reported(abi_, "comment", second.value);
    const auto file = service().open_case(silva_, id);
    ASSERT_TRUE(file.ok());
    ASSERT_EQ(file->about_subject.size(), 1U);
    EXPECT_EQ(file->about_subject[0].measure, Measure::warn);
    ASSERT_EQ(file->reporters.size(), 1U);
    EXPECT_EQ(file->reporters[0].history.reports, 1);
    EXPECT_EQ(file->reporters[0].history.acted_on, 1);
}

// ---- Decisions about things

TEST_P(Moderating, AHiddenCommentIsForItsAuthorAloneAndComesBack) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter);
    EXPECT_EQ(comments_counted(visitor_, chapter), 1);
    const auto made = decided(ortega_, reported(abi_, "comment", said.value), "hide");
    EXPECT_EQ(made.state, DecisionState::in_force);
    for (const Actor& actor : {abi_, child_, visitor_, ortega_})
        EXPECT_FALSE(sees_comment(actor, said));
    EXPECT_TRUE(sees_comment(deniz_, said));
    EXPECT_EQ(comments_counted(visitor_, chapter), 0);
    EXPECT_EQ(comments_counted(abi_, chapter), 0);
    ASSERT_TRUE(service().lift_decision(silva_, made.id, "It was a quotation.").ok());
    EXPECT_TRUE(sees_comment(child_, said));
    EXPECT_EQ(comments_counted(visitor_, chapter), 1);
    feedback_.service().rebuild_counts();
    EXPECT_EQ(comments_counted(visitor_, chapter), 1);
    EXPECT_THAT(notices(deniz_), ElementsAre(NoticeKind::taken_back, NoticeKind::decided));
}

TEST_P(Moderating, ItsAuthorsStateComesBackWithAComment) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter);
    ASSERT_TRUE(feedback_.service().hide_comment(abi_, said).ok());
    const auto made = decided(ortega_, reported(abi_, "comment", said.value), "remove");
    EXPECT_EQ(made.state, DecisionState::in_force) << "a comment takes one moderator";
    EXPECT_FALSE(sees_comment(deniz_, said)) << "removed for its author too";
    EXPECT_EQ(feedback_.service().show_comment(abi_, said).error().code, ErrorCode::not_found);
    ASSERT_TRUE(service().lift_decision(silva_, made.id, "Wrong one.").ok());
    EXPECT_TRUE(sees_comment(abi_, said));
    EXPECT_FALSE(sees_comment(child_, said)) << "still hidden by the work's author";
    EXPECT_EQ(comments_counted(abi_, chapter), 1);
    EXPECT_EQ(comments_counted(visitor_, chapter), 0);
}

TEST_P(Moderating, AHiddenWorkIsNowhereButWithItsAuthor) {
    const auto [work, chapter] = story(abi_);
    const auto made = decided(ortega_, reported(deniz_, "chapter", chapter.value), "hide");
    EXPECT_EQ(made.kind, "work") << "a chapter is judged with its work";
    for (const Actor& actor : {deniz_, child_, visitor_, ortega_}) {
        EXPECT_FALSE(sees_work(actor, work));
        EXPECT_FALSE(lists_work(actor));
    }
    EXPECT_TRUE(sees_work(abi_, work));
    EXPECT_EQ(comments_counted(deniz_, chapter), -1);
    EXPECT_EQ(
        read([&](sql::Reader& reader) { return works_.library().popular_tags(reader, deniz_, 10).size(); }),
        0U);
    ASSERT_TRUE(service().lift_decision(silva_, made.id, "Fine after all.").ok());
    EXPECT_TRUE(sees_work(visitor_, work));
    EXPECT_TRUE(lists_work(visitor_));
}

TEST_P(Moderating, RemovingAWorkTakesTwo) {
    const auto [work, chapter] = story(abi_);
    const CaseId id = reported(deniz_, "work", work.value);
    const auto made = decided(ortega_, id, "remove");
    EXPECT_EQ(made.state, DecisionState::proposed);
    EXPECT_EQ(row(id).state, CaseState::proposed);
    EXPECT_TRUE(sees_work(visitor_, work)) << "nothing happens before the second";
    EXPECT_THAT(notices(abi_), IsEmpty());
    EXPECT_EQ(service().confirm_decision(ortega_, made.id).error().message_key, "moderation.second_person");
    EXPECT_EQ(service().confirm_decision(deniz_, made.id).error().code, ErrorCode::not_found);
    EXPECT_EQ(service().decide_case(silva_, id, {"hide", "x", "", 0, 0, false}).error().message_key,
              "moderation.proposed_already");
    ASSERT_TRUE(service().confirm_decision(silva_, made.id).ok());
    EXPECT_FALSE(sees_work(visitor_, work));
    EXPECT_FALSE(sees_work(abi_, work)) << "gone for its author too";
    EXPECT_FALSE(works_.writing().outline(abi_, work).ok());
    EXPECT_FALSE(works_.writing().delete_work(abi_, work).ok()) << "what is removed is kept for the appeal";
    EXPECT_EQ(row(id).state, CaseState::closed);
    EXPECT_EQ(service().confirm_decision(admin_, made.id).error().message_key, "moderation.not_proposed");
}

TEST_P(Moderating, TheSecondPersonMaySayNoAndTheFirstTakeBack) {
    const auto [work, chapter] = story(abi_);
    const CaseId id = reported(deniz_, "work", work.value);
    auto made = decided(ortega_, id, "remove");
    ASSERT_TRUE(service().refuse_decision(silva_, made.id, "Hiding is enough.").ok());
    EXPECT_EQ(decision(made.id).state, DecisionState::refused);
    EXPECT_EQ(row(id).state, CaseState::open);
    made = decided(ortega_, id, "remove");
    ASSERT_TRUE(service().refuse_decision(ortega_, made.id, "Right.").ok());
    EXPECT_TRUE(sees_work(visitor_, work));
    EXPECT_EQ(service().refuse_decision(silva_, made.id, "x").error().message_key, "moderation.not_proposed");
}

TEST_P(Moderating, StaffsRatingIsAFloorUntilItIsTakenBack) {
    const auto [work, chapter] = story(deniz_);
    EXPECT_EQ(service()
                  .decide_case(ortega_, reported(abi_, "work", work.value), {"rerate", "x", "", 0, 0, false})
                  .error()
                  .fields.at(0)
                  .field,
              "rating");
    const auto made = decided(ortega_, reported(abi_, "work", work.value), "rerate", 0, "teen");
    EXPECT_FALSE(sees_work(child_, work));
    EXPECT_FALSE(sees_work(visitor_, work));
    EXPECT_TRUE(sees_work(abi_, work));
    works::WorkForm form = works::form_of(works_.writing().outline(deniz_, work)->work.details());
    form.rating = "everyone";
    EXPECT_EQ(works_.writing().edit_work(deniz_, work, form).error().fields.at(0).message_key,
              "works.rating_by_staff");
    ASSERT_TRUE(service().lift_decision(silva_, made.id, "Everyone is fine.").ok());
    EXPECT_TRUE(sees_work(child_, work));
}

TEST_P(Moderating, AHiddenProfileShowsTheHandleAlone) {
    const auto made = decided(ortega_, reported(deniz_, "profile", abi_.person->value), "hide", 7);
    auto card = read([&](sql::Reader& reader) { return accounts().card(reader, *abi_.person); });
    EXPECT_EQ(card->display_name, "abi");
    clock_.advance(hours(24 * 8));
    EXPECT_EQ(service().end_expired(10), 1);
    card = read([&](sql::Reader& reader) { return accounts().card(reader, *abi_.person); });
    EXPECT_EQ(card->display_name, "abi-name");
    EXPECT_EQ(decision(made.id).state, DecisionState::ended);
}

TEST_P(Moderating, WhatRanOutEndsByItselfOnceAndTheOtherDecisionStays) {
    const auto [work, chapter] = story(abi_);
    decided(ortega_, reported(deniz_, "work", work.value), "hide", 2);
    decided(ortega_, reported(abi_, "work", work.value), "hide",
            5);  // its author reports her own: a case like others
    clock_.advance(hours(24 * 3));
    EXPECT_EQ(service().end_expired(10), 1);
    EXPECT_EQ(service().end_expired(10), 0);
    EXPECT_FALSE(sees_work(visitor_, work)) << "the longer one holds";
    clock_.advance(hours(24 * 3));
    EXPECT_EQ(service().end_expired(10), 1);
    EXPECT_TRUE(sees_work(visitor_, work));
    EXPECT_THAT(log(), Contains("moderation.lift_decision its time is over"));
}

// ---- Decisions about people

TEST_P(Moderating, APauseStopsWhatOthersWouldReadAndNothingElse) {
    const auto [work, chapter] = story(abi_);
    const auto [hers, page] = story(deniz_);
    const std::string token = sign_in("deniz");
    const auto said = comment(deniz_, work, chapter);
    decided(ortega_, reported(abi_, "comment", said.value), "quiet", 2);
    const Actor paused = again(deniz_, token);
    ASSERT_TRUE(paused.quiet_until);
    const auto refused = feedback_.service().post_comment(
        paused, {.work = work, .chapter = chapter, .paragraph = "", .text = "But"});
    EXPECT_EQ(refused.error().message_key, "access.quiet");
    EXPECT_THAT(refused.error().arguments,
                Contains(std::pair(std::string("until"), std::to_string((clock_.now() + hours(48)).micros))));
    EXPECT_FALSE(feedback_.service().give_kudos(paused, work).ok());
    // Her own drafts, what takes back, and asking for help.
    const auto drafts =
        works_.writing().save_draft(paused, hers, page, {"One", "Another beginning.", {}, {}},
                                    works_.writing().editing(paused, hers, page)->chapter.version, "window");
    EXPECT_TRUE(drafts.ok());
    EXPECT_EQ(try_publish(paused, hers, page, "Another beginning.").error().message_key, "access.quiet");
    EXPECT_TRUE(feedback_.service().delete_comment(paused, said).ok());
    EXPECT_TRUE(service().report(paused, {"work", work.value, "spam", "", {}}).ok());
    // Over by itself, whether the timer ran or not.
    clock_.advance(hours(49));
    const Actor after = again(deniz_, token);
    EXPECT_FALSE(after.quiet_until);
    EXPECT_TRUE(feedback_.service().give_kudos(after, work).ok());
}

TEST_P(Moderating, ASuspensionEndsSessionsAtOnceAndByItself) {
    const std::string token = sign_in("deniz");
    const auto made = decided(ortega_, reported(abi_, "profile", deniz_.person->value), "suspend", 30);
    EXPECT_EQ(made.state, DecisionState::in_force) << "thirty days take one";
    EXPECT_FALSE(sessions_.service().by_cookie(token)) << "before any job ran";
    EXPECT_EQ(sign_in("deniz"), "refused: sessions.suspended");
    runner_.run_pending();
    ASSERT_TRUE(service().lift_decision(silva_, made.id, "Enough.").ok());
    EXPECT_FALSE(sessions_.service().by_cookie(token)) << "she signs in anew";
    EXPECT_TRUE(sessions_.service().by_cookie(sign_in("deniz")));
    decided(ortega_, reported(abi_, "profile", deniz_.person->value), "suspend", 1);
    clock_.advance(hours(25));
    EXPECT_TRUE(sessions_.service().by_cookie(sign_in("deniz"))) << "over, though no timer ran";
}

TEST_P(Moderating, ALongSuspensionTakesTwoAndItsTimeBeginsWhenItIsConfirmed) {
    const auto made = decided(ortega_, reported(abi_, "profile", deniz_.person->value), "suspend", 31);
    EXPECT_EQ(made.state, DecisionState::proposed);
    EXPECT_TRUE(sessions_.service().by_cookie(sign_in("deniz")));
    clock_.advance(hours(10));
    ASSERT_TRUE(service().confirm_decision(silva_, made.id).ok());
    EXPECT_EQ(decision(made.id).ends_at, clock_.now() + hours(24 * 31));
    EXPECT_EQ(sign_in("deniz"), "refused: sessions.suspended");
    // Without an end: two as well.
    EXPECT_EQ(decided(ortega_, reported(deniz_, "profile", abi_.person->value), "suspend").state,
              DecisionState::proposed);
}

TEST_P(Moderating, AClosedAccountTakesEverythingAlongAndBringsItBack) {
    const auto [work, chapter] = story(deniz_);
    const auto [hers, other] = story(abi_);
    const auto said = comment(deniz_, hers, other);
    const auto hidden = comment(deniz_, hers, other, "Hidden before.");
    decided(ortega_, reported(abi_, "comment", hidden.value), "hide");
    const auto made = decided(ortega_, reported(abi_, "profile", deniz_.person->value), "remove_account");
    EXPECT_EQ(made.state, DecisionState::proposed);
    EXPECT_EQ(service().confirm_decision(ortega_, made.id).error().message_key, "moderation.second_person");
    ASSERT_TRUE(service().confirm_decision(silva_, made.id).ok());
    EXPECT_EQ(sign_in("deniz"), "refused: sessions.suspended_for_good");
    EXPECT_FALSE(read([&](sql::Reader& reader) { return accounts().by_handle(reader, "deniz"); }));
    runner_.run_pending();
    runner_.run_pending();
    EXPECT_FALSE(sees_work(abi_, work));
    EXPECT_FALSE(sees_comment(abi_, said));
    ASSERT_TRUE(service().lift_decision(silva_, made.id, "It was somebody else.").ok());
    runner_.run_pending();
    runner_.run_pending();
    EXPECT_TRUE(sees_work(abi_, work));
    EXPECT_TRUE(sees_comment(abi_, said));
    EXPECT_FALSE(sees_comment(abi_, hidden)) << "what was hidden for itself stays so";
    EXPECT_TRUE(sessions_.service().by_cookie(sign_in("deniz")));
}

TEST_P(Moderating, StaffIsForAdministratorsToDecideAbout) {
    const CaseId id = reported(abi_, "profile", silva_.person->value);
    EXPECT_EQ(service().decide_case(ortega_, id, {"suspend", "x", "", 3, 0, false}).error().message_key,
              "accounts.staff_by_administrators");
    EXPECT_THAT(log(), Not(Contains(HasSubstr("suspend")))) << "nothing happened, nothing is recorded";
    EXPECT_TRUE(service().decide_case(admin_, id, {"suspend", "x", "", 3, 0, false}).ok());
}

TEST_P(Moderating, AFormThatDoesNotFitSaysWhere) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter);
    const CaseId id = reported(abi_, "comment", said.value);
    const auto field = [&](const DecisionForm& form) {
        const auto made = service().decide_case(ortega_, id, form);
        return made.ok() ? std::string() : made.error().fields.at(0).field;
    };
    EXPECT_EQ(field({"", "x", "", 0, 0, false}), "measure");
    EXPECT_EQ(field({"rerate", "x", "teen", 0, 0, false}), "measure");
    EXPECT_EQ(field({"hide", " ", "", 0, 0, false}), "reason");
    EXPECT_EQ(field({"quiet", "x", "", 0, 0, false}), "days");
    EXPECT_EQ(field({"hide", "x", "", -1, 0, false}), "days");
    EXPECT_EQ(field({"hide", "x", "", 99'999, 0, false}), "days");
    EXPECT_EQ(row(id).state, CaseState::open);
}

// ---- The other side

TEST_P(Moderating, BothSidesAreToldAndTheReportedNeverWhoReported) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter);
    const CaseId id = reported(child_, "comment", said.value, "bullying", "He is mean to Abi.");
    decided(ortega_, id, "hide", 7);
    EXPECT_THAT(notices(child_), ElementsAre(NoticeKind::report_acted));
    EXPECT_THAT(notices(deniz_), ElementsAre(NoticeKind::decided));
    runner_.run_pending();
    ASSERT_EQ(outgoing_.mails.size(), 2U);
    for (const auto& mail : outgoing_.mails) {
        if (mail.to != "deniz@example.org") continue;
        EXPECT_THAT(mail.text, HasSubstr("Because of the third sentence."));
        EXPECT_THAT(mail.text, HasSubstr("/appeals/"));
        EXPECT_THAT(mail.text, Not(HasSubstr("pip")));
        EXPECT_THAT(mail.text, Not(HasSubstr("mean to Abi")));
    }
    const auto told = service().notices(deniz_, {}, 10);
    EXPECT_EQ(told->at(0).decision->reason, "Because of the third sentence.");
    EXPECT_TRUE(told->at(0).may_appeal);
    EXPECT_EQ(service().notices(visitor_, {}, 10).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(service().told(child_, told->at(0).decision->id).error().code, ErrorCode::not_found);
}

TEST_P(Moderating, ADismissalTellsTheReporterAndNotTheReported) {
    const auto [work, chapter] = story(abi_);
    decided(ortega_, reported(deniz_, "work", work.value), "dismiss");
    EXPECT_THAT(notices(deniz_), ElementsAre(NoticeKind::report_no_breach));
    EXPECT_THAT(notices(abi_), IsEmpty());
    EXPECT_TRUE(sees_work(visitor_, work));
}

TEST_P(Moderating, AnAppealGoesToSomebodyElseAndUndoes) {
    const auto [work, chapter] = story(abi_);
    const auto made = decided(ortega_, reported(deniz_, "work", work.value), "hide");
    EXPECT_EQ(service().appeal(deniz_, made.id, "x").error().code, ErrorCode::not_found);
    EXPECT_EQ(service().appeal(abi_, made.id, " ").error().fields.at(0).field, "words");
    const auto appeal = service().appeal(abi_, made.id, "It is a quotation from a book.");
    ASSERT_TRUE(appeal.ok());
    const Error again = service().appeal(abi_, made.id, "Again").error();
    EXPECT_EQ(again.code, ErrorCode::conflict);
    EXPECT_EQ(again.message_key, "moderation.appealed_already");
    EXPECT_EQ(service().decide_appeal(ortega_, *appeal, AppealState::overturned, "x").error().message_key,
              "moderation.appeal_to_another");
    EXPECT_FALSE(service().open_appeal(ortega_, *appeal)->may_decide);
    EXPECT_EQ(service().decide_appeal(abi_, *appeal, AppealState::overturned, "x").error().code,
              ErrorCode::not_found);
    EXPECT_FALSE(sees_work(visitor_, work));
    ASSERT_TRUE(service().decide_appeal(silva_, *appeal, AppealState::overturned, "You are right.").ok());
    EXPECT_TRUE(sees_work(visitor_, work));
    EXPECT_EQ(decision(made.id).state, DecisionState::overturned);
    EXPECT_THAT(notices(abi_), ElementsAre(NoticeKind::appeal_overturned, NoticeKind::decided));
    EXPECT_EQ(service().decide_appeal(admin_, *appeal, AppealState::upheld, "x").error().message_key,
              "moderation.appeal_decided");
}

TEST_P(Moderating, WhoConfirmedDoesNotAnswerTheAppealEither) {
    const auto [work, chapter] = story(abi_);
    const auto made = decided(ortega_, reported(deniz_, "work", work.value), "remove");
    ASSERT_TRUE(service().confirm_decision(silva_, made.id).ok());
    const auto appeal = service().appeal(abi_, made.id, "No.");
    ASSERT_TRUE(appeal.ok());
    for (const Actor& actor : {ortega_, silva_})
        EXPECT_EQ(service().decide_appeal(actor, *appeal, AppealState::upheld, "x").error().message_key,
                  "moderation.appeal_to_another");
    EXPECT_TRUE(service().decide_appeal(admin_, *appeal, AppealState::upheld, "It stays removed.").ok());
    EXPECT_FALSE(sees_work(abi_, work));
    EXPECT_THAT(notices(abi_), ElementsAre(NoticeKind::appeal_upheld, NoticeKind::decided));
}

TEST_P(Moderating, ASuspendedPersonAppealsWithHerLinkAndNobodyGuessesIt) {
    const auto made = decided(ortega_, reported(abi_, "profile", deniz_.person->value), "suspend", 10);
    const auto standing =
        read([&](sql::Reader& reader) { return accounts().restrictions(reader, *deniz_.person); });
    ASSERT_TRUE(standing->suspension_path.starts_with("/appeals/"));
    const std::string token = standing->suspension_path.substr(9);
    EXPECT_EQ(service().told_by_link(visitor_, token)->decision->id, made.id);
    for (const std::string& guess :
         {made.id.text(), made.id.text() + ".", made.id.text() + ".AAAAAAAAAAAAAAAAAAAAAA", token + "x",
          std::string("x.y"), std::string()})
        EXPECT_EQ(service().told_by_link(visitor_, guess).error().code, ErrorCode::not_found) << guess;
    const auto appeal = service().appeal_by_link(visitor_, token, "It was my brother.");
    ASSERT_TRUE(appeal.ok());
    EXPECT_EQ(service().appeal_by_link(visitor_, token, "Again").error().message_key,
              "moderation.appealed_already");
    ASSERT_TRUE(service().decide_appeal(silva_, *appeal, AppealState::overturned, "Right.").ok());
    EXPECT_TRUE(sessions_.service().by_cookie(sign_in("deniz")));
}

TEST_P(Moderating, EveryLookAndActionIsInTheAuditLog) {
    const auto [work, chapter] = story(abi_);
    const CaseId id = reported(deniz_, "work", work.value);
    ASSERT_TRUE(service().open_case(ortega_, id).ok());
    ASSERT_TRUE(service().claim_case(ortega_, id).ok());
    ASSERT_TRUE(service().add_note(ortega_, id, "Hm.").ok());
    const auto made = decided(ortega_, id, "remove");
    ASSERT_TRUE(service().confirm_decision(silva_, made.id).ok());
    const auto appeal = service().appeal(abi_, made.id, "No.");
    ASSERT_TRUE(service().open_appeal(admin_, *appeal).ok());
    ASSERT_TRUE(service().decide_appeal(admin_, *appeal, AppealState::overturned, "Right.").ok());
    EXPECT_THAT(log(), ElementsAre("moderation.open_case ", "moderation.handle_case claim",
                                   "moderation.handle_case note",
                                   "moderation.decide proposed remove: Because of the third sentence.",
                                   "moderation.confirm_decision remove: Because of the third sentence.",
                                   "moderation.open_case ", "moderation.decide_appeal overturned: Right."));
    EXPECT_TRUE(audit::verify(*database_, {}, {}).good());
}

// ---- Pure

TEST(TheRules, SayHowFastSomebodyLooksAndWhatTakesTwo) {
    EXPECT_EQ(time_to_look(Category::imminent_harm), hours(1));
    EXPECT_EQ(time_to_look(Category::grooming), hours(4));
    for (int i = 2; i < static_cast<int>(kCategories); ++i)
        EXPECT_EQ(time_to_look(static_cast<Category>(i)), hours(24));
    EXPECT_TRUE(needs_two("comment", Measure::remove_account, hours(1)));
    EXPECT_TRUE(needs_two("work", Measure::remove, {}));
    EXPECT_FALSE(needs_two("comment", Measure::remove, {}));
    EXPECT_TRUE(needs_two("profile", Measure::suspend, {}));
    EXPECT_TRUE(needs_two("profile", Measure::suspend, hours(24 * 30) + Duration{1}));
    EXPECT_FALSE(needs_two("profile", Measure::suspend, hours(24 * 30)));
    EXPECT_FALSE(needs_two("work", Measure::hide, {}));
}

TEST(TheRules, SayTheTimeThatIsLeft) {
    const Timestamp now{1'767'225'600'000'000};
    EXPECT_EQ(time_left(i18n::Language::en, now + std::chrono::minutes(40), now), "40 min left");
    EXPECT_EQ(time_left(i18n::Language::en, now - hours(2), now), "2 hours late");
    EXPECT_EQ(time_left(i18n::Language::es, now + hours(1), now), "queda 1 hora");
    EXPECT_EQ(time_left(i18n::Language::en, now + hours(71), now), "2 days left");
}

// What moderators asked to pause may still do: a reviewed list, so that nothing is added to it unseen.
TEST(TheRules, ArePlainAboutWhatAPauseLeavesOpen) {
    access::PolicyBook book;
    works::add_policies(book);
    feedback::add_policies(book);
    add_policies(book);
    std::vector<std::string> open;
    for (const auto& entry : book.entries()) {
        if (entry.scope == access::Scope::write && entry.needs != access::Needs::staff &&
            entry.quiet == access::WhileQuiet::allowed)
            open.emplace_back(entry.name);
    }
    std::ranges::sort(open);
    EXPECT_THAT(open, ElementsAre("feedback.delete_comment", "feedback.hide_comment",
                                  "feedback.keep_bookmark", "moderation.appeal", "moderation.appeal_by_link",
                                  "moderation.report", "works.choose_rating", "works.choose_visibility",
                                  "works.delete_work", "works.edit_chapter", "works.unpublish_chapter"));
}

}  // namespace
}  // namespace braid::moderation
