#include "interests/topics/api_v1.h"

#include "base/text.h"
#include "interests/topics/policy.h"
#include "platform/i18n/i18n.h"
#include "shell/shell.h"

namespace braid::topics {

struct TopicHit {
    TopicId topic;
    std::string label, matched, reason;
    double score = 0;
};
BOOST_DESCRIBE_STRUCT(TopicHit, (), (topic, label, matched, reason, score))
constexpr auto api_fields(const TopicHit*) {
    return std::to_array<api::Field>({
        {.name = "label", .says = "Its preferred name in the language asked for."},
        {.name = "matched", .says = "The name that was met; empty when it is not one that is shown."},
        {.name = "reason",
         .says = "`exact`, `alias`, `plural`, `acronym`, `spelling`, `context`, `part` or `prefix`."},
        {.name = "score", .says = "0 to 1."},
    });
}

struct TopicHits {
    std::vector<TopicHit> items;
};
BOOST_DESCRIBE_STRUCT(TopicHits, (), (items))
constexpr auto api_fields(const TopicHits*) {
    return std::to_array<api::Field>({{.name = "items", .says = "The best first."}});
}

struct TopicName {
    TopicId topic;
    std::string label;
};
BOOST_DESCRIBE_STRUCT(TopicName, (), (topic, label))

struct TopicOut {
    TopicId topic;
    std::string uri, label;
    std::vector<std::string> names;
    std::vector<TopicName> broader, narrower, related;
    bool followed = false;
};
BOOST_DESCRIBE_STRUCT(TopicOut, (), (topic, uri, label, names, broader, narrower, related, followed))
constexpr auto api_fields(const TopicOut*) {
    return std::to_array<api::Field>({
        {.name = "topic", .says = "Of a topic that was merged: what it became."},
        {.name = "uri", .says = "Its name in the vocabulary it came from; may be empty."},
        {.name = "names", .says = "Its names in the language asked for, the preferred first."},
        {.name = "followed", .says = "Whether it is among the caller's interests."},
    });
}

struct TopicWork {
    works::WorkId work;
    std::string title, url, language;
};
BOOST_DESCRIBE_STRUCT(TopicWork, (), (work, title, url, language))
constexpr auto api_fields(const TopicWork*) {
    return std::to_array<api::Field>({{.name = "url", .says = "Its page, a path of this site."}});
}

struct InterestOut {
    InterestId interest;
    std::string typed, label;
    std::optional<TopicId> topic;
    Shown shown = Shown::me;
    int strength = 1;
    bool says_so = false;
};
BOOST_DESCRIBE_STRUCT(InterestOut, (), (interest, typed, label, topic, shown, strength, says_so))
constexpr auto api_fields(const InterestOut*) {
    return std::to_array<api::Field>({
        {.name = "typed", .says = "As the person wrote it."},
        {.name = "topic", .says = "Null: no topic answers to it yet."},
        {.name = "shown", .says = "Who sees it: `me`, or `signed_in` people."},
        {.name = "strength", .says = "How much it matters to the person, 1 to 3."},
        {.name = "says_so", .says = "False: the strength grows from what the person does."},
    });
}
struct InterestsOut {
    std::vector<InterestOut> items;
};
BOOST_DESCRIBE_STRUCT(InterestsOut, (), (items))

struct InterestIn {
    std::string typed;
    std::optional<TopicId> topic;
    std::optional<bool> as_typed;
};
BOOST_DESCRIBE_STRUCT(InterestIn, (), (typed, topic, as_typed))
constexpr auto api_fields(const InterestIn*) {
    return std::to_array<api::Field>({
        {.name = "typed", .says = "In the person's own words.", .min = 1, .max = 80},
        {.name = "topic", .says = "Which of the candidates of an earlier answer is meant."},
        {.name = "as_typed", .says = "True: none of them; it is kept in these words alone."},
    });
}
struct InterestAdded {
    std::string outcome;
    std::optional<InterestId> interest;
    std::vector<TopicHit> candidates;
};
BOOST_DESCRIBE_STRUCT(InterestAdded, (), (outcome, interest, candidates))
constexpr auto api_fields(const InterestAdded*) {
    return std::to_array<api::Field>({
        {.name = "outcome",
         .says = "`resolved`; `unknown`: kept as typed; `ambiguous`: not kept, ask which and send it again."},
        {.name = "candidates", .says = "What it may mean, the best first."},
    });
}
struct InterestChange {
    std::optional<Shown> shown;
    std::optional<int> strength;
};
BOOST_DESCRIBE_STRUCT(InterestChange, (), (shown, strength))
constexpr auto api_fields(const InterestChange*) {
    return std::to_array<api::Field>({
        {.name = "shown", .says = "Who sees it."},
        {.name = "strength", .says = "1 to 3; 0: as it grows from what the person does.", .min = 0, .max = 3},
    });
}

namespace {

std::string language_of(const http::Request& request) {
    const std::string_view asked = request.query.get("language");
    return std::string(asked.empty() ? i18n::tag(shell::context_of(request).language) : asked);
}

std::vector<TopicHit> hits_of(const std::vector<Candidate>& candidates) {
    std::vector<TopicHit> hits;
    for (const Candidate& one : candidates)
        hits.push_back({one.topic, one.label, one.matched, std::string(name(one.reason)), one.score});
    return hits;
}

std::vector<TopicName> names_of(const Vocabulary& vocabulary, const std::vector<TopicId>& topics,
                                std::string_view language) {
    std::vector<TopicName> names;
    for (const TopicId topic : topics)
        names.push_back({topic, vocabulary.label(topic, language)});
    return names;
}

std::string_view outcome_name(Outcome outcome) {
    return outcome == Outcome::resolved    ? "resolved"
           : outcome == Outcome::ambiguous ? "ambiguous"
                                           : "unknown";
}

void declare_topics(api::Api& api, sql::Database& database, Vocabularies& vocabularies, Service& service,
                    const works::Library& library) {
    const api::Parameter language{
        .name = "language", .says = "Of labels; else that of the request.", .max = 35};
    api.get("/api/v1/topics", access::action<SeeTopics>(), "findTopics", "Topics for what somebody types")
        .query({.name = "q", .says = "What is typed so far, or all of it.", .max = 80})
        .query({.name = "whole",
                .says = "`1`: all of it was typed; misspelt words and nicknames are understood.",
                .one_of = {"1"}})
        .query(language)
        .returns<TopicHits>(200, "Topics")
        .handle([&vocabularies](const http::Request& request) -> Result<TopicHits> {
            const auto vocabulary = vocabularies.current();
            const std::string_view typed = request.query.get("q");
            const std::string tag = language_of(request);
            return TopicHits{hits_of(request.query.get("whole") == "1"
                                         ? vocabulary->resolve(typed, tag).candidates
                                         : vocabulary->complete(typed, tag, 8))};
        });
    api.get("/api/v1/topics/{topic:id}", access::action<SeeTopics>(), "getTopic",
            "A topic and what is around it")
        .query(language)
        .returns<TopicOut>(200, "The topic")
        .handle([&database, &vocabularies, &service](const http::Request& request) -> Result<TopicOut> {
            const auto vocabulary = vocabularies.current();
            const auto topic = vocabulary->current(request.path_id<TopicId>("topic"));
            if (!topic) return not_found("no such topic");
            const std::string tag = language_of(request);
            return TopicOut{.topic = *topic,
                            .uri = std::string(vocabulary->uri(*topic)),
                            .label = vocabulary->label(*topic, tag),
                            .names = vocabulary->names(*topic, tag),
                            .broader = names_of(*vocabulary, vocabulary->broader(*topic), tag),
                            .narrower = names_of(*vocabulary, vocabulary->narrower(*topic), tag),
                            .related = names_of(*vocabulary, vocabulary->related(*topic), tag),
                            .followed = database.read([&](sql::Reader& reader) {
                                return service.follows(reader, access::actor_of(request), *topic);
                            })};
        });
    api.get("/api/v1/topics/{topic:id}/works", access::action<SeeTopics>(), "listTopicWorks",
            "Works of a topic and of all narrower ones, as the caller may see them")
        .returns_page<TopicWork>("Newest first")
        .handle([&database, &vocabularies,
                 &library](const http::Request& request) -> Result<api::Page<TopicWork>> {
            const auto topic = vocabularies.current()->current(request.path_id<TopicId>("topic"));
            if (!topic) return not_found("no such topic");
            const auto [after, limit] = api::page_of(request);
            works::Cursor position{INT64_MAX, INT64_MAX};
            if (!after.empty()) {
                const auto parsed = works::Cursor::parse(after);
                if (!parsed) return api::bad_cursor();
                position = *parsed;
            }
            api::Page<TopicWork> page;
            database.read([&, limit = limit](sql::Reader& reader) {
                const Actor& actor = access::actor_of(request);
                const auto lines = store::hub(reader, actor, *topic, position, limit + 1);
                std::vector<works::WorkId> ids;
                for (const store::HubLine& line : lines)
                    if (static_cast<int>(ids.size()) < limit) ids.push_back(line.work);
                for (const works::WorkCard& card : library.works(reader, actor, ids))
                    page.items.push_back({card.id, card.title, "/works/" + card.id.text(), card.language});
                if (static_cast<int>(lines.size()) > limit) {
                    const store::HubLine& last = lines[ids.size() - 1];
                    page.next = works::Cursor{last.updated_at, last.work.value}.text();
                }
            });
            return page;
        });
    api.put("/api/v1/topics/{topic:id}/follow", access::action<KeepInterests>(), "followTopic",
            "Make a topic one of the caller's interests")
        .returns<void>(204, "It is followed")
        .errors({409})
        .handle([&service](const http::Request& request) -> Result<void> {
            return service.follow(access::actor_of(request), request.path_id<TopicId>("topic"),
                                  How::followed);
        });
    api.del("/api/v1/topics/{topic:id}/follow", access::action<KeepInterests>(), "unfollowTopic",
            "Stop following a topic")
        .returns<void>(204, "It is not followed")
        .handle([&service](const http::Request& request) -> Result<void> {
            return service.unfollow(access::actor_of(request), request.path_id<TopicId>("topic"));
        });
}

void declare_interests(api::Api& api, sql::Database& database, Service& service) {
    api.get("/api/v1/interests", access::action<SeeInterests>(), "listInterests",
            "The caller's own interests")
        .returns<InterestsOut>(200, "Newest first, at most 200")
        .handle([&database, &service](const http::Request& request) -> Result<InterestsOut> {
            InterestsOut out;
            const auto mine = database.read([&](sql::Reader& reader) {
                return service.mine(reader, access::actor_of(request), language_of(request));
            });
            for (const Interest& one : mine)
                out.items.push_back({one.id, one.typed, one.label,
                                     one.topic ? std::optional(one.topic) : std::nullopt, one.shown,
                                     one.strength, one.said != 0});
            return out;
        });
    api.post("/api/v1/interests", access::action<KeepInterests>(), "addInterest",
             "Add an interest, in one's own words")
        .body<InterestIn>()
        .returns<InterestAdded>(200, "What it was taken for")
        .errors({404, 409})
        .handle([&service](const http::Request& request, const InterestIn& in) -> Result<InterestAdded> {
            const auto chosen = in.as_typed.value_or(false) ? std::optional(TopicId{}) : in.topic;
            const Added added =
                TRY(service.add(access::actor_of(request), in.typed, language_of(request), chosen));
            return InterestAdded{std::string(outcome_name(added.outcome)), added.interest,
                                 hits_of(added.candidates)};
        });
    api.patch("/api/v1/interests/{interest:id}", access::action<KeepInterests>(), "changeInterest",
              "Choose who sees an interest, and how much it matters")
        .body<InterestChange>()
        .returns<void>(204, "It is so")
        .handle([&service](const http::Request& request, const InterestChange& in) -> Result<void> {
            const auto interest = request.path_id<InterestId>("interest");
            if (in.shown) TRY(service.show(access::actor_of(request), interest, *in.shown));
            if (in.strength) TRY(service.set_strength(access::actor_of(request), interest, *in.strength));
            return success();
        });
    api.del("/api/v1/interests/{interest:id}", access::action<KeepInterests>(), "removeInterest",
            "Remove an interest")
        .returns<void>(204, "It is gone")
        .handle([&service](const http::Request& request) -> Result<void> {
            return service.remove(access::actor_of(request), request.path_id<InterestId>("interest"));
        });
}

}  // namespace

void declare_api(api::Api& api, sql::Database& database, Vocabularies& vocabularies, Service& service,
                 const works::Library& library) {
    declare_topics(api, database, vocabularies, service, library);
    declare_interests(api, database, service);
}

}  // namespace braid::topics
