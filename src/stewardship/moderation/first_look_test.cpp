// What waits for a moderator, or is brought before one, without a report: first posts, listed words, contact
// details.
#include "stewardship/moderation/site_test.h"

namespace braid::moderation {
namespace {

// ---- First posts

class Reviewing : public Moderating {
  protected:
    Reviewing() : Moderating(2) {}
    CaseId first_case(std::string_view kind, std::int64_t object) {
        runner_.run_pending();
        const auto found = read([&](sql::Reader& reader) { return store::open_case(reader, kind, object); });
        EXPECT_TRUE(found);
        return found ? found->id : CaseId{};
    }
};
BRAID_ON_BOTH_ENGINES(Reviewing);

TEST_P(Reviewing, ANewcomersFirstWorkWaitsUntilItIsLetThrough) {
    const auto [work, chapter] = story(abi_);
    for (const Actor& actor : {deniz_, visitor_, ortega_})
        EXPECT_FALSE(sees_work(actor, work));
    EXPECT_TRUE(sees_work(abi_, work));
    const CaseId id = first_case("work", work.value);
    EXPECT_EQ(row(id).origin, Origin::first_post);
    decided(ortega_, id, "dismiss");
    EXPECT_TRUE(sees_work(visitor_, work));
    EXPECT_TRUE(lists_work(visitor_));
    EXPECT_THAT(notices(abi_), IsEmpty());
}

TEST_P(Reviewing, SoManyFirstPostsAndNoMore) {
    const auto [work, chapter] = story(ortega_);  // staff do not wait
    EXPECT_TRUE(sees_work(visitor_, work));
    for (int i = 0; i < 2; ++i) {
        const auto said = comment(deniz_, work, chapter, "Nice " + std::to_string(i));
        EXPECT_FALSE(sees_comment(abi_, said));
        EXPECT_TRUE(sees_comment(deniz_, said));
        EXPECT_EQ(comments_counted(visitor_, chapter), i);
        decided(silva_, first_case("comment", said.value), "dismiss");
        EXPECT_TRUE(sees_comment(abi_, said));
        EXPECT_EQ(comments_counted(visitor_, chapter), i + 1);
    }
    EXPECT_TRUE(sees_comment(abi_, comment(deniz_, work, chapter, "Third")));
    feedback_.service().rebuild_counts();
    EXPECT_EQ(comments_counted(visitor_, chapter), 3);
}

TEST_P(Reviewing, AFirstPostMayBeHiddenAndPeopleWhoAreHereLongerDoNotWait) {
    const auto [work, chapter] = story(ortega_);
    const auto said = comment(deniz_, work, chapter);
    decided(silva_, first_case("comment", said.value), "hide");
    EXPECT_FALSE(sees_comment(abi_, said));
    EXPECT_EQ(comments_counted(visitor_, chapter), 0);
    clock_.advance(hours(24 * 31));
    EXPECT_TRUE(sees_comment(abi_, comment(deniz_, work, chapter, "Later")));
}

TEST_P(Reviewing, AWorkThatIsShownLaterWaitsThen) {
    works::WorkForm form;
    form.title = "Mine first";
    form.language = "en";
    form.rating = "everyone";
    form.licence = "cc_by";
    form.visibility = "me";
    form.status = "ongoing";
    form.comments = "open";
    form.warnings_said = "none";
    const auto work = works_.writing().create_work(abi_, form);
    const auto chapter = works_.writing().add_chapter(abi_, *work);
    EXPECT_EQ(publish(abi_, *work, *chapter).hold, Hold::none) << "nobody else sees it";
    form.visibility = "everyone";
    ASSERT_TRUE(works_.writing().edit_work(abi_, *work, form).ok());
    EXPECT_FALSE(sees_work(deniz_, *work));
    decided(silva_, first_case("work", work->value), "dismiss");
    EXPECT_TRUE(sees_work(deniz_, *work));
}

// ---- Contact details

words::Lists some_lists() {
    words::Lists lists;
    lists.add("en", "# for English\nmoist\nold goat\n");
    lists.add("es", "culo\n");
    lists.add("", "zut\n");
    return lists;
}

class Listing : public Moderating {
  protected:
    Listing() : Moderating(0, false, some_lists()) {}
    std::optional<CaseRow> flagged(std::string_view kind, std::int64_t object) {
        runner_.run_pending();
        return read([&](sql::Reader& reader) { return store::open_case(reader, kind, object); });
    }
    std::vector<std::string> words_in(CaseId id) {
        std::vector<std::string> found;
        for (const Listed& one : service().open_case(silva_, id)->listed)
            found.push_back(one.word);
        return found;
    }
};
BRAID_ON_BOTH_ENGINES(Listing);

TEST_P(Listing, AWordIsShownToModeratorsAndNothingIsHidden) {
    const auto [work, chapter] = story(abi_);
    EXPECT_FALSE(flagged("work", work.value)) << "nothing listed in it";
    const auto said = comment(deniz_, work, chapter, "What a MOIST cellar, you Old Goat. Culo!");
    const auto found = flagged("comment", said.value);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->origin, Origin::words);
    EXPECT_EQ(found->subject, deniz_.person);
    EXPECT_EQ(found->reports, 0);
    EXPECT_THAT(words_in(found->id), ElementsAre("MOIST", "Old Goat")) << "the Spanish list is for Spanish";
    EXPECT_TRUE(sees_comment(visitor_, said));
    EXPECT_EQ(comments_counted(abi_, chapter), 1);
    EXPECT_THAT(outgoing_.mails, IsEmpty());
    EXPECT_THAT(service().notices(deniz_, {}, 10).value(), IsEmpty());
}

TEST_P(Listing, WhatWasLetPassIsNotFlaggedAgain) {
    const auto [work, chapter] = story(abi_);
    ASSERT_TRUE(try_publish(abi_, work, chapter, "The moist stones.\n\nAnd the sea, far below them.").ok());
    const auto first = flagged("work", work.value);
    ASSERT_TRUE(first);
    EXPECT_TRUE(lists_work(visitor_));
    decided(silva_, first->id, "dismiss");
    EXPECT_FALSE(flagged("work", work.value));
    EXPECT_THAT(service().notices(abi_, {}, 10).value(), IsEmpty()) << "she knows nothing of it";
    // Published again, changed elsewhere, told of twice.
    ASSERT_TRUE(
        try_publish(abi_, work, chapter,
                    "The moist stones.\n\nAnd the sea, far below them.\n\nA gull that cried all night "
                    "long over the roofs of the town.")
            .ok());
    service().flag_listed("work", work.value);
    service().flag_listed("work", work.value);
    EXPECT_FALSE(flagged("work", work.value));
    // Another place is another question.
    ASSERT_TRUE(
        try_publish(abi_, work, chapter, "The moist stones.\n\nZut, said the keeper of the lamp.").ok());
    const auto second = flagged("work", work.value);
    ASSERT_TRUE(second);
    EXPECT_NE(second->id, first->id);
}

TEST_P(Listing, OneCaseIsEnoughAndAReportJoinsIt) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter, "zut");
    const auto found = flagged("comment", said.value);
    ASSERT_TRUE(found);
    ASSERT_TRUE(feedback_.service().edit_comment(deniz_, said, "zut alors, how moist").ok());
    EXPECT_EQ(flagged("comment", said.value)->id, found->id);
    EXPECT_EQ(reported(child_, "comment", said.value), found->id);
}

TEST_P(Listing, NobodyLooksIntoWhatIsItsAuthorsAlone) {
    const auto [work, chapter] = story(abi_);
    works::WorkForm form;
    form.title = "The moist room";
    form.language = "en";
    form.rating = "everyone";
    form.licence = "cc_by_nc";
    form.status = "ongoing";
    form.comments = "open";
    form.warnings_said = "none";
    form.visibility = "me";
    ASSERT_TRUE(works_.writing().edit_work(abi_, work, form).ok());
    EXPECT_FALSE(flagged("work", work.value));
    form.visibility = "signed_in";
    ASSERT_TRUE(works_.writing().edit_work(abi_, work, form).ok());
    EXPECT_TRUE(flagged("work", work.value)) << "now others read it";
}

TEST_P(Listing, AProfileIsReadAsWell) {
    ASSERT_TRUE(accounts().edit_profile(deniz_, {.bio = "I like moist cake."}).ok());
    const auto found = flagged("profile", deniz_.person->value);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->origin, Origin::words);
}

class Guarding : public Moderating {
  protected:
    Guarding() : Moderating(0, true) {}
    std::optional<CaseRow> waiting_case(std::string_view kind, std::int64_t object) {
        runner_.run_pending();
        return read([&](sql::Reader& reader) { return store::open_case(reader, kind, object); });
    }
    Result<void> edit(const Actor& actor, works::WorkId work, const std::string& summary,
                      const std::string& visibility) {
        works::WorkForm form;
        form.title = "The Lamp Room";
        form.summary = summary;
        form.language = "en";
        form.tags = "ghost stories";
        form.rating = "everyone";
        form.licence = "cc_by_nc";
        form.visibility = visibility;
        form.status = "ongoing";
        form.comments = "open";
        form.warnings_said = "none";
        return works_.writing().edit_work(actor, work, form);
    }
};
BRAID_ON_BOTH_ENGINES(Guarding);

constexpr const char* kWithNumber = "I loved it! Call me on 0151 496 0123 tonight.";

TEST_P(Guarding, WhatAMinorWritesWithContactDetailsWaitsAndSaysWhich) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter, kWithNumber);
    for (const Actor& other : {abi_, child_, visitor_, ortega_})
        EXPECT_FALSE(sees_comment(other, said));
    EXPECT_TRUE(sees_comment(deniz_, said));
    EXPECT_EQ(comments_counted(abi_, chapter), 0);
    const auto found = waiting_case("comment", said.value);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->origin, Origin::contact);
    EXPECT_EQ(found->subject, *deniz_.person);
    const auto file = service().open_case(ortega_, found->id);
    ASSERT_TRUE(file.ok());
    ASSERT_EQ(file->contact.size(), 1U);
    EXPECT_EQ(file->contact[0].detail.kind, contact::Kind::phone);
    EXPECT_EQ(file->contact[0].detail.words, "0151 496 0123");
    decided(silva_, found->id, "dismiss");
    EXPECT_TRUE(sees_comment(abi_, said));
    EXPECT_EQ(comments_counted(abi_, chapter), 1);
}

TEST_P(Guarding, SoDoesWhatAnAdultWritesToOneAndNothingAmongAdults) {
    const auto [hers, chapter] = story(abi_);
    EXPECT_FALSE(sees_comment(abi_, comment(silva_, hers, chapter, "Write to silva@example.org, please.")));
    const auto [grown, grown_chapter] = story(ortega_);
    EXPECT_TRUE(
        sees_comment(ortega_, comment(silva_, grown, grown_chapter, "Write to silva@example.org, please.")));
    const auto begun = comment(deniz_, grown, grown_chapter, "Who wrote this?");
    const auto answer =
        feedback_.service().post_comment(silva_, {.work = grown,
                                                  .chapter = grown_chapter,
                                                  .paragraph = "",
                                                  .reply_to = begun,
                                                  .text = "I did: find me on discord.gg/lamps"});
    ASSERT_TRUE(answer.ok());
    EXPECT_FALSE(sees_comment(deniz_, answer->comment.id)) << "an answer to a minor";
}

TEST_P(Guarding, WhatMarkdownHidesIsFoundWhereItIsRead) {
    const auto [work, chapter] = story(abi_);
    EXPECT_FALSE(sees_comment(abi_, comment(deniz_, work, chapter, "deniz&#64;example&#46;org")));
    EXPECT_FALSE(sees_comment(abi_, comment(deniz_, work, chapter, "de*niz*@exam**ple**.org")));
}

TEST_P(Guarding, AnEditCannotSlipThemIn) {
    const auto [work, chapter] = story(abi_);
    const auto said = comment(deniz_, work, chapter, "Lovely.");
    ASSERT_TRUE(sees_comment(abi_, said));
    EXPECT_EQ(comments_counted(abi_, chapter), 1);
    ASSERT_TRUE(feedback_.service().edit_comment(deniz_, said, kWithNumber).ok());
    EXPECT_FALSE(sees_comment(abi_, said));
    EXPECT_EQ(comments_counted(abi_, chapter), 0);
    ASSERT_TRUE(waiting_case("comment", said.value));
    feedback_.service().rebuild_counts();
    EXPECT_EQ(comments_counted(abi_, chapter), 0);
    // Once let through, the same words stay so.
    decided(silva_, waiting_case("comment", said.value)->id, "dismiss");
    ASSERT_TRUE(feedback_.service().edit_comment(deniz_, said, std::string(kWithNumber) + " Or not.").ok());
    EXPECT_TRUE(sees_comment(abi_, said));
    EXPECT_EQ(comments_counted(abi_, chapter), 1);
}

TEST_P(Guarding, AChapterHoldsItsWorkUntilSomebodyHasLooked) {
    const auto [work, chapter] = story(abi_);
    ASSERT_TRUE(sees_work(visitor_, work));
    const auto published = try_publish(abi_, work, chapter, "It began.\n\nText me: abi at gmail dot com.");
    ASSERT_TRUE(published.ok());
    EXPECT_EQ(published->hold, Hold::waiting);
    EXPECT_TRUE(published->contact);
    for (const Actor& other : {deniz_, visitor_, ortega_})
        EXPECT_FALSE(sees_work(other, work));
    EXPECT_TRUE(sees_work(abi_, work));
    const auto found = waiting_case("work", work.value);
    ASSERT_TRUE(found);
    const auto file = service().open_case(ortega_, found->id);
    ASSERT_TRUE(file.ok());
    ASSERT_EQ(file->contact.size(), 1U);
    EXPECT_EQ(file->contact[0].chapter, "One");
    decided(silva_, found->id, "dismiss");
    EXPECT_TRUE(sees_work(visitor_, work));
    // What was let through does not wait again; what is new does.
    EXPECT_EQ(try_publish(abi_, work, chapter, "It began again.\n\nText me: abi at gmail dot com.")->hold,
              Hold::none);
    EXPECT_EQ(try_publish(abi_, work, chapter, "It began.\n\nOr wren@example.org.")->hold, Hold::waiting);
}

TEST_P(Guarding, NothingComesOutByShowingAWorkLater) {
    const auto [work, chapter] = story(abi_);
    ASSERT_TRUE(edit(abi_, work, "", "me").ok());
    EXPECT_EQ(try_publish(abi_, work, chapter, "Mine: wren@example.org.")->hold, Hold::none) << "hers alone";
    ASSERT_TRUE(edit(abi_, work, "", "everyone").ok());
    EXPECT_FALSE(sees_work(visitor_, work));
    decided(silva_, waiting_case("work", work.value)->id, "dismiss");
    EXPECT_TRUE(sees_work(visitor_, work));
    ASSERT_TRUE(edit(abi_, work, "More on www.example.org/wren", "everyone").ok());
    EXPECT_FALSE(sees_work(visitor_, work));
}

TEST_P(Guarding, NorByCommentsOnIt) {
    const auto [work, chapter] = story(abi_);
    ASSERT_TRUE(edit(abi_, work, "", "me").ok());
    const auto said = comment(abi_, work, chapter, kWithNumber);
    ASSERT_TRUE(edit(abi_, work, "", "everyone").ok());
    EXPECT_TRUE(sees_work(deniz_, work));
    EXPECT_FALSE(sees_comment(deniz_, said));
}

TEST_P(Guarding, AdultsPublishAsTheyLike) {
    const auto [work, chapter] = story(ortega_);
    EXPECT_EQ(try_publish(ortega_, work, chapter, "Write to me: ortega@example.org.")->hold, Hold::none);
    EXPECT_TRUE(edit(ortega_, work, "More on www.example.org", "everyone").ok());
    EXPECT_TRUE(sees_work(visitor_, work));
}

}  // namespace
}  // namespace braid::moderation
