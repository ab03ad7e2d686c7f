#include "access/policy.h"

#include <concepts>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace braid::access {
namespace {

using testing::HasSubstr;
using testing::Not;

// A story that belongs to somebody; adults only unless it is one's own.
struct StoryFacts {
    PersonId author;
};
struct ReadStory {
    static constexpr std::string_view kName = "test.read_story";
    static constexpr Needs kNeeds = Needs::nobody;
    static constexpr Scope kScope = Scope::read;
    using Facts = StoryFacts;
};
Decision decide(const ReadStory&, const Actor& actor, const StoryFacts& story) {
    if (actor.is(story.author) || !actor.minor()) return Decision::allow();
    return Decision::hide("for adults");
}
struct EditStory {
    static constexpr std::string_view kName = "test.edit_story";
    static constexpr Needs kNeeds = Needs::signed_in;
    static constexpr Scope kScope = Scope::write;
    using Facts = StoryFacts;
};
Decision decide(const EditStory&, const Actor& actor, const StoryFacts& story) {
    return actor.is(story.author) ? Decision::allow() : Decision::refuse("test.not_yours", "somebody else's");
}
struct HideStory {
    static constexpr std::string_view kName = "test.hide_story";
    static constexpr Needs kNeeds = Needs::staff;
    static constexpr Scope kScope = Scope::write;
    using Facts = std::monostate;
};
Decision decide(const HideStory&, const Actor&, std::monostate) {
    return Decision::allow();
}

Actor person(std::int64_t id, AgeBand band = AgeBand::adult, std::uint32_t roles = 0) {
    Actor actor;
    actor.person = PersonId{id};
    actor.band = band;
    actor.roles = roles;
    return actor;
}
constexpr std::uint32_t bit(Role role) {
    return 1U << static_cast<unsigned>(role);
}

PolicyBook book_of_stories() {
    PolicyBook book;
    book.add<ReadStory>(
        {{"her own", [](const Actor& a) { return StoryFacts{a.person.value_or(PersonId{7})}; }},
         {"somebody else's", [](const Actor&) { return StoryFacts{PersonId{99}}; }}});
    book.add<EditStory>({{"somebody else's", [](const Actor&) { return StoryFacts{PersonId{99}}; }}});
    book.add<HideStory>({{"any", [](const Actor&) { return std::monostate{}; }}});
    return book;
}

http::Handler says(std::string words) {
    return [words = std::move(words)](const http::Request&) -> Result<http::Response> {
        http::Response response;
        response.body = words;
        return response;
    };
}

// --- what must not compile

template <class R>
concept RouteWithoutAction = requires(http::Handler handler) {
    R{http::Method::get, "/works", handler};
};
template <class R>
concept RouteWithAction = requires(http::Handler handler) {
    R{http::Method::get, "/works", http::ActionRef("a"), handler};
};
static_assert(!RouteWithoutAction<http::Route>, "a route without an action must not compile");
static_assert(RouteWithAction<http::Route>);
static_assert(!std::default_initializable<http::Route>);
static_assert(!std::default_initializable<http::ActionRef>);
static_assert(!std::convertible_to<const char*, http::ActionRef>, "a route cannot slip in a bare string");
template <class R>
concept GetWithoutAction = requires(R router, http::Handler handler) {
    router.get("/works", handler);
};
static_assert(!GetWithoutAction<http::Router>);

// A permit is made by permit() only.
static_assert(!std::default_initializable<Permit<EditStory>>);
static_assert(!std::constructible_from<Permit<EditStory>, Actor>);
static_assert(!std::convertible_to<Permit<ReadStory>, Permit<EditStory>>,
              "one action's permit is not another's");

static_assert(std::convertible_to<Permit<ReadStory>, AnyPermit<EditStory, ReadStory>>);
static_assert(!std::convertible_to<Permit<HideStory>, AnyPermit<EditStory, ReadStory>>);

// --- needs and scopes

TEST(Needs, VisitorMayWhatNeedsNobody) {
    EXPECT_TRUE(check_needs(Needs::nobody, Scope::read, Actor{}).ok());
    EXPECT_EQ(check_needs(Needs::signed_in, Scope::read, Actor{}).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(check_needs(Needs::staff, Scope::read, Actor{}).error().code, ErrorCode::unauthenticated);
}

TEST(Needs, StaffActionsAreNotFoundForOthers) {
    EXPECT_EQ(check_needs(Needs::staff, Scope::read, person(1)).error().code, ErrorCode::not_found);
    EXPECT_EQ(
        check_needs(Needs::staff, Scope::read, person(1, AgeBand::adult, bit(Role::educator))).error().code,
        ErrorCode::not_found);
    EXPECT_TRUE(check_needs(Needs::staff, Scope::read, person(1, AgeBand::adult, bit(Role::moderator))).ok());
    EXPECT_TRUE(
        check_needs(Needs::staff, Scope::read, person(1, AgeBand::adult, bit(Role::administrator))).ok());
}

TEST(Needs, WithoutItsSecondFactorATrustedAccountReachesOnlyWhatSaysSo) {
    Actor staff = person(1, AgeBand::adult, bit(Role::moderator));
    EXPECT_TRUE(staff.trusted());
    staff.standing = Standing::factor_missing;
    for (const Needs needs : {Needs::nobody, Needs::signed_in, Needs::staff}) {
        const auto refused = check_needs(needs, Scope::read, staff);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().message_key, "access.factor_missing");
        EXPECT_TRUE(check_needs(needs, Scope::read, staff, Reach::before_factor).ok());
    }
    EXPECT_EQ(reach_of<ReadStory>(), Reach::after_factor) << "closed unless it says otherwise";
}

TEST(Needs, TokenWithoutTheScopeIsToldWhichOne) {
    Actor token = person(1);
    token.scopes = static_cast<std::uint8_t>(Scope::read);
    EXPECT_TRUE(check_needs(Needs::signed_in, Scope::read, token).ok());
    const auto write = check_needs(Needs::signed_in, Scope::write, token);
    ASSERT_FALSE(write.ok());
    EXPECT_EQ(write.error().code, ErrorCode::forbidden);
    EXPECT_EQ(write.error().arguments.at(0).second, "write");
    EXPECT_FALSE(check_needs(Needs::nobody, Scope::account, token).ok());
}

// --- permits

TEST(Permit, CarriesTheActorItWasGivenTo) {
    const auto permit = access::permit<EditStory>(person(5), StoryFacts{PersonId{5}});
    ASSERT_TRUE(permit.ok());
    EXPECT_TRUE(permit->actor().is(PersonId{5}));
}

TEST(Permit, RefusalKeepsItsReason) {
    const auto permit = access::permit<EditStory>(person(5), StoryFacts{PersonId{6}});
    ASSERT_FALSE(permit.ok());
    EXPECT_EQ(permit.error().code, ErrorCode::forbidden);
    EXPECT_EQ(permit.error().message_key, "test.not_yours");
    EXPECT_EQ(permit.error().detail, "somebody else's");
}

TEST(Permit, NeedsComeBeforeThePolicy) {
    EXPECT_EQ(access::permit<EditStory>(Actor{}, StoryFacts{PersonId{6}}).error().code,
              ErrorCode::unauthenticated);
    EXPECT_EQ(access::permit<HideStory>(person(5), {}).error().code, ErrorCode::not_found);
}

TEST(Actor, RatingCeilingFollowsTheBand) {
    EXPECT_EQ(Actor{}.rating_ceiling(), Rating::everyone);
    EXPECT_EQ(person(1, AgeBand::child).rating_ceiling(), Rating::everyone);
    EXPECT_EQ(person(1, AgeBand::teen).rating_ceiling(), Rating::teen);
    EXPECT_EQ(person(1, AgeBand::adult).rating_ceiling(), Rating::mature);
}

// --- the book

TEST(PolicyBook, RouteWhoseActionHasNoPolicyStopsTheStart) {
    const PolicyBook book = book_of_stories();
    http::Router router;
    router.get("/stories/{story:id}", action<ReadStory>(), says("story"));
    EXPECT_NO_THROW(book.require_all(router));
    router.post("/stories/{story:id}/burn", http::ActionRef("test.burn_story"), says("ashes"));
    router.get("/stories", http::ActionRef("test.list_stories"), says("list"));
    try {
        book.require_all(router);
        FAIL() << "must not start";
    } catch (const std::logic_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("POST /stories/{story:id}/burn: test.burn_story"));
        EXPECT_THAT(error.what(), HasSubstr("GET /stories: test.list_stories"));
        EXPECT_THAT(error.what(), Not(HasSubstr("test.read_story")));
    }
}

TEST(PolicyBook, RefusesTwoPoliciesForOneAction) {
    PolicyBook book = book_of_stories();
    EXPECT_THROW(book.add<ReadStory>({}), std::logic_error);
}

TEST(PolicyBook, TableShowsRolesBandsAndReasons) {
    const std::string table = book_of_stories().table();
    EXPECT_THAT(table, HasSubstr("| `test.read_story` | nobody | read | her own | not found | yes |"));
    EXPECT_THAT(
        table,
        HasSubstr(
            "| `test.read_story` | nobody | read | somebody else's | not found | child: not found, teen: not "
            "found, adult: yes |"));
    EXPECT_THAT(table, HasSubstr("| for adults |"));
    EXPECT_THAT(table,
                HasSubstr("| `test.edit_story` | a person | write | somebody else's | sign in | no |"));
    EXPECT_THAT(table, HasSubstr("test.not_yours"));
    EXPECT_THAT(
        table,
        HasSubstr(
            "| `test.hide_story` | staff | write | any | sign in | not found | not found | not found | not "
            "found | not found | yes | yes | staff only |"));
    EXPECT_LT(table.find("test.edit_story"), table.find("test.read_story")) << "ordered by name";
}

// --- the middleware

class RequireNeeds : public testing::Test {
  protected:
    RequireNeeds() : book_(book_of_stories()) {
        router_.get("/stories/{story:id}", action<ReadStory>(), says("story"));
        router_.post("/stories/{story:id}", action<EditStory>(), says("saved"));
        router_.post("/stories/{story:id}/hide", action<HideStory>(), says("hidden"));
        middleware_ = require_needs(book_, router_, [](const http::Request&, const Error& error) {
            http::Response response;
            response.status = error.code == ErrorCode::unauthenticated ? 401
                              : error.code == ErrorCode::forbidden     ? 403
                                                                       : 404;
            return response;
        });
    }
    int ask(http::Method method, std::string_view path, std::optional<Actor> actor = std::nullopt) {
        http::Request request;
        request.method = method;
        request.matched = router_.find(method, path).route;
        if (actor) request.attach(*actor);
        ran_ = false;
        return middleware_(request,
                           [&](http::Request&) {
                               ran_ = true;
                               return http::Response{};
                           })
            .status;
    }

    PolicyBook book_;
    http::Router router_;
    http::Middleware middleware_;
    bool ran_ = false;
};

TEST_F(RequireNeeds, StopsVisitorsBeforeTheHandler) {
    EXPECT_EQ(ask(http::Method::post, "/stories/7"), 401);
    EXPECT_FALSE(ran_);
    EXPECT_EQ(ask(http::Method::get, "/stories/7"), 200);
    EXPECT_TRUE(ran_);
    EXPECT_EQ(ask(http::Method::head, "/stories/7"), 200);
}

TEST_F(RequireNeeds, StopsPeopleFromStaffActions) {
    EXPECT_EQ(ask(http::Method::post, "/stories/7/hide", person(1)), 404);
    EXPECT_FALSE(ran_);
    EXPECT_EQ(ask(http::Method::post, "/stories/7/hide", person(1, AgeBand::adult, bit(Role::moderator))),
              200);
}

TEST_F(RequireNeeds, StopsTokensWithoutTheScope) {
    Actor token = person(1);
    token.scopes = static_cast<std::uint8_t>(Scope::read);
    EXPECT_EQ(ask(http::Method::post, "/stories/7", token), 403);
    EXPECT_FALSE(ran_);
    EXPECT_EQ(ask(http::Method::get, "/stories/7", token), 200);
}

TEST_F(RequireNeeds, RefusesARouteItDoesNotKnow) {
    router_.get("/secret", http::ActionRef("test.secret"), says("secret"));  // after the middleware was made
    EXPECT_EQ(ask(http::Method::get, "/secret", person(1, AgeBand::adult, bit(Role::administrator))), 404);
    EXPECT_FALSE(ran_);
    EXPECT_EQ(ask(http::Method::get, "/nothing"), 200);  // no route at all: the server answers 404 itself
    EXPECT_TRUE(ran_);
}

}  // namespace
}  // namespace braid::access
