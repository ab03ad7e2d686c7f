#include "interests/works/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "interests/works/events.h"
#include "interests/works/policy.h"
#include "platform/events/events.h"

namespace braid::works {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

WorkForm good() {
    WorkForm form;
    form.title = "The Lamp Room";
    form.language = "en";
    form.rating = "everyone";
    form.licence = "cc_by_nc";
    form.visibility = "everyone";
    form.status = "ongoing";
    form.comments = "open";
    form.warnings_said = "none";
    return form;
}

std::vector<std::string> refused(const WorkForm& form) {
    const auto checked = check(form);
    std::vector<std::string> fields;
    if (checked.ok()) return fields;
    for (const auto& field : checked.error().fields)
        fields.push_back(field.field);
    return fields;
}

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

TEST(TagKey, FoldsCaseFormsAndSpaces) {
    EXPECT_EQ(tag_key("Ghost Stories "), "ghost stories");
    EXPECT_EQ(tag_key("  ghost \t stories"), "ghost stories");
    EXPECT_EQ(tag_key("#Lighthouses"), "lighthouses");
    EXPECT_EQ(tag_key("STRASSE"), tag_key("straße"));
    EXPECT_EQ(tag_key("ﬁne"), "fine");                  // a ligature
    EXPECT_EQ(tag_key("Cafe\u0301"), tag_key("café"));  // combining accent
    EXPECT_EQ(tag_key("slow\u00A0burn"), "slow burn");
    EXPECT_EQ(tag_key("sci-fi/fantasy"), "sci-fi fantasy");
    EXPECT_EQ(tag_key("zero\u200Bwidth"), "zerowidth");
}

TEST(TagKey, IsEmptyWhereNothingWouldMakeAnAddress) {
    for (const char* typed : {"", "  ", "#", "##", ".", "..", "/", "\u200B", "\t\n"})
        EXPECT_EQ(tag_key(typed), "") << typed;
    EXPECT_EQ(tag_key("a.b"), "a.b");
}

TEST(TagKey, IsItsOwnKey) {
    rc::check("a key folds to itself", [](const std::vector<char32_t>& text) {
        std::string utf8;
        for (const char32_t c : text) {
            const auto code = static_cast<std::uint32_t>(c) % 0x3000 + 1;
            if (code < 0x80) {
                utf8 += static_cast<char>(code);
            } else if (code < 0x800) {
                utf8 += static_cast<char>(0xC0 | code >> 6);
                utf8 += static_cast<char>(0x80 | (code & 63));
            } else {
                utf8 += static_cast<char>(0xE0 | code >> 12);
                utf8 += static_cast<char>(0x80 | (code >> 6 & 63));
                utf8 += static_cast<char>(0x80 | (code & 63));
            }
        }
        const std::string key = tag_key(utf8);
        RC_ASSERT(tag_key(key) == key);
    });
}

TEST(Cursor, SurvivesAnAddress) {
    const Cursor cursor{1'767'225'600'000'000, 123456789};
    EXPECT_EQ(Cursor::parse(cursor.text()), cursor);
    for (const char* bad : {"", "-", "1-", "-1", "abc", "1-2-3", "I-1", "1-O", "zzzzzzzzzzzzzzz-1"}) {
        EXPECT_FALSE(Cursor::parse(bad)) << bad;
    }
}

TEST(Details, AcceptsAGoodForm) {
    auto form = good();
    form.title = "  The \n Lamp   Room ";
    form.tags = "Ghost Stories, #lighthouses, ghost  stories, , found family";
    const auto details = check(form);
    ASSERT_TRUE(details.ok());
    EXPECT_EQ(details->title, "The Lamp Room");
    EXPECT_THAT(details->tags,
                ElementsAre(Tag{"ghost stories", "Ghost Stories"}, Tag{"lighthouses", "#lighthouses"},
                            Tag{"found family", "found family"}));
}

TEST(Details, ComesBackAsTheFormItWas) {
    auto form = good();
    form.tags = "a, b";
    form.summary = "Two\nlines";
    form.warnings_said = "some";
    form.warnings = {"death", "frightening"};
    form.warning_other = "spiders";
    const auto details = check(form);
    ASSERT_TRUE(details.ok());
    const auto again = check(form_of(*details));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again, *details);
}

TEST(Details, HoldsTitlesToTheirLength) {
    auto form = good();
    form.title = repeat("é", kMaxTitle);
    EXPECT_THAT(refused(form), IsEmpty());
    form.title += "é";
    EXPECT_THAT(refused(form), ElementsAre("title"));
    for (const char* nothing : {"", "   ", "\u200B\u200B", "\x01\x02"}) {
        form.title = nothing;
        EXPECT_THAT(refused(form), ElementsAre("title")) << nothing;
    }
    form.title = "…";
    EXPECT_THAT(refused(form), IsEmpty());
    form.title = "\xFF\xFE";
    EXPECT_THAT(refused(form), ElementsAre("title"));
}

TEST(Details, HoldsTagsToTheirNumberAndLength) {
    auto form = good();
    for (int i = 0; i < 25; ++i)
        form.tags += "tag" + std::to_string(i) + ",";
    EXPECT_THAT(refused(form), IsEmpty());
    EXPECT_THAT(refused([&] {
                    auto f = form;
                    f.tags += "one more";
                    return f;
                }()),
                ElementsAre("tags"));
    form.tags = repeat("x", 60);
    EXPECT_THAT(refused(form), IsEmpty());
    form.tags = repeat("x", 61);
    EXPECT_THAT(refused(form), ElementsAre("tags"));
    form.tags = "fine, ..";
    EXPECT_THAT(refused(form), ElementsAre("tags"));
}

TEST(Details, NamesEveryFieldThatIsWrong) {
    WorkForm form;
    form.rating = "adult";
    form.licence = "mine";
    EXPECT_THAT(refused(form), ElementsAre("title", "language", "rating", "warnings_said", "licence",
                                           "visibility", "status", "comments"));
}

TEST(Warnings, AreSaidInTheirThreeWays) {
    auto form = good();
    form.warnings_said = "some";
    EXPECT_THAT(refused(form), ElementsAre("warnings"));
    form.warning_other = "spiders";
    EXPECT_THAT(refused(form), IsEmpty());
    form.warnings = {"everything"};
    EXPECT_THAT(refused(form), ElementsAre("warnings"));
    form.warnings = {"violence"};
    form.warnings_said = "none";  // what was ticked before does not count
    const auto details = check(form);
    ASSERT_TRUE(details.ok());
    EXPECT_EQ(details->warnings, (Warnings{WarningsSaid::none, 0, ""}));
}

TEST(Defaults, KeepTheWorksOfMinorsToThemselves) {
    Actor teen;
    teen.person = PersonId{1};
    teen.band = access::AgeBand::teen;
    EXPECT_EQ(defaults_for(teen, "es").visibility, Visibility::me);
    EXPECT_EQ(defaults_for(teen, "es").language, "es");
    teen.band = access::AgeBand::adult;
    EXPECT_EQ(defaults_for(teen, "xx").visibility, Visibility::everyone);
    EXPECT_EQ(defaults_for(teen, "xx").language, "en");
}

TEST(Drafts, MayBeUnfinishedButNotBoundless) {
    const auto draft = check_draft({" A  title ", "one\r\ntwo\rthree", "  note  ", ""});
    ASSERT_TRUE(draft.ok());
    EXPECT_EQ(draft->title, "A title");
    EXPECT_EQ(draft->text, "one\ntwo\nthree");
    EXPECT_EQ(draft->notes_before, "note");
    EXPECT_TRUE(check_draft({"", "", "", ""}).ok());
    EXPECT_TRUE(check_draft({"", repeat("é", kMaxText), "", ""}).ok());
    EXPECT_FALSE(check_draft({"", repeat("é", kMaxText + 1), "", ""}).ok());
    EXPECT_FALSE(check_publishable({"", "text", "", ""}).ok());
    EXPECT_FALSE(check_publishable({"title", " \n ", "", ""}).ok());
    EXPECT_TRUE(check_publishable({"title", "text", "", ""}).ok());
}

TEST(Words, AreCountedAsReadersDo) {
    EXPECT_EQ(words_in(""), 0);
    EXPECT_EQ(words_in("one two\n three"), 3);
    EXPECT_EQ(words_in("don't stop"), 2);
    EXPECT_EQ(words_in("昔々あるところに"), 4);
    EXPECT_EQ(words_in("a 昔々 b"), 3);
    EXPECT_EQ(minutes_to_read(0), 1);
    EXPECT_EQ(minutes_to_read(220), 1);
    EXPECT_EQ(minutes_to_read(2200), 10);
}

TEST(Tags, PackForCards) {
    const std::vector<Tag> tags{{"a b", "A b"}, {"é", "É"}};
    EXPECT_EQ(unpack_tags(pack_tags(tags)), tags);
    EXPECT_THAT(unpack_tags(""), IsEmpty());
    EXPECT_THROW(unpack_tags("no tab\n"), sql::Failure);
}

// The rule of lists and counts is the rule of single works.
TEST(Visibility, OfListsIsThatOfThePolicy) {
    std::vector<Actor> actors(1);
    for (const auto band : {access::AgeBand::child, access::AgeBand::teen, access::AgeBand::adult}) {
        Actor actor;
        actor.person = PersonId{7};
        actor.band = band;
        actors.push_back(actor);
    }
    for (const Actor& actor : actors) {
        for (const auto visibility : {Visibility::me, Visibility::signed_in, Visibility::everyone}) {
            for (const auto rating : {Rating::everyone, Rating::teen, Rating::mature}) {
                for (const bool published : {false, true}) {
                    const bool policy =
                        decide(ViewWork{}, actor, WorkFacts{PersonId{1}, visibility, rating, published})
                            .allowed();
                    const int there = audience(visibility, published);
                    const bool sql = there > 0 && there >= least_audience(actor) &&
                                     static_cast<int>(rating) <= static_cast<int>(actor.rating_ceiling());
                    EXPECT_EQ(policy, sql);
                    EXPECT_EQ(policy, shows(circle_of(actor), there, static_cast<int>(rating)));
                }
            }
        }
    }
}

TEST(Policy, LeavesMatureToAdults) {
    Actor teen;
    teen.person = PersonId{1};
    teen.band = access::AgeBand::teen;
    EXPECT_TRUE(decide(ChooseRating{}, teen, RatingFacts{Rating::teen, Rating::everyone}).allowed());
    EXPECT_FALSE(decide(ChooseRating{}, teen, RatingFacts{Rating::mature, Rating::everyone}).allowed());
    EXPECT_TRUE(decide(ChooseRating{}, teen, RatingFacts{Rating::mature, Rating::mature}).allowed());
    teen.band = access::AgeBand::adult;
    EXPECT_TRUE(decide(ChooseRating{}, teen, RatingFacts{Rating::mature, Rating::everyone}).allowed());
}

TEST(Policy, TellsOnlyThoseWhoMayReadThatAWorkIsAnothers) {
    Actor other;
    other.person = PersonId{2};
    other.band = access::AgeBand::child;
    const auto code = [&](const WorkFacts& facts) { return decide(EditWork{}, other, facts).error().code; };
    EXPECT_EQ(code({PersonId{1}, Visibility::everyone, Rating::everyone, true}), ErrorCode::forbidden);
    EXPECT_EQ(code({PersonId{1}, Visibility::everyone, Rating::teen, true}), ErrorCode::not_found);
    EXPECT_EQ(code({PersonId{1}, Visibility::me, Rating::everyone, true}), ErrorCode::not_found);
}

TEST(Events, TravelAsJson) {
    const ChapterRevised event{"w", "c", "a", 3, {"1", "2a"}};
    const auto again =
        events::Codec<ChapterRevised>::from_json(events::Codec<ChapterRevised>::to_json(event));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->revision, 3);
    EXPECT_THAT(again->gone, ElementsAre("1", "2a"));
    for (const char* bad : {"", "{", "[]", "{\"work\":1}", "null"}) {
        EXPECT_FALSE(events::Codec<WorkDeleted>::from_json(bad).ok()) << bad;
    }
}

}  // namespace
}  // namespace braid::works
