// What moderators do with the vocabulary, for programs.
#include <algorithm>

#include "interests/topics/api_v1.h"
#include "interests/topics/policy.h"
#include "platform/i18n/i18n.h"
#include "shell/shell.h"

namespace braid::topics {

struct SuggestedTopic {
    TopicId topic;
    std::string label, reason;
    double score = 0;
};
BOOST_DESCRIBE_STRUCT(SuggestedTopic, (), (topic, label, reason, score))
constexpr auto api_fields(const SuggestedTopic*) {
    return std::to_array<api::Field>({
        {.name = "reason", .says = "As in findTopics."},
        {.name = "score", .says = "0 to 1."},
    });
}

struct OpenTagOut {
    std::string tag, label;
    std::int64_t works = 0;
    std::vector<SuggestedTopic> suggestions;
};
BOOST_DESCRIBE_STRUCT(OpenTagOut, (), (tag, label, works, suggestions))
constexpr auto api_fields(const OpenTagOut*) {
    return std::to_array<api::Field>({
        {.name = "tag", .says = "Its key: how tags are compared."},
        {.name = "label", .says = "As somebody typed it."},
        {.name = "works", .says = "How many works the caller may see carry it."},
    });
}
struct OpenTagsOut {
    std::vector<OpenTagOut> items;
};
BOOST_DESCRIBE_STRUCT(OpenTagsOut, (), (items))
constexpr auto api_fields(const OpenTagsOut*) {
    return std::to_array<api::Field>({{.name = "items", .says = "What most works carry first, at most 50."}});
}

struct MeaningIn {
    std::vector<TopicId> topics;
};
BOOST_DESCRIBE_STRUCT(MeaningIn, (), (topics))
constexpr auto api_fields(const MeaningIn*) {
    return std::to_array<api::Field>(
        {{.name = "topics", .says = "One or several; none: it means nothing that is to be found by."}});
}

struct MergeIn {
    TopicId into;
};
BOOST_DESCRIBE_STRUCT(MergeIn, (), (into))
constexpr auto api_fields(const MergeIn*) {
    return std::to_array<api::Field>({{.name = "into", .says = "What the topic stands for from now on."}});
}

struct SplitIn {
    std::string name;
    std::vector<std::string> labels;
};
BOOST_DESCRIBE_STRUCT(SplitIn, (), (name, labels))
constexpr auto api_fields(const SplitIn*) {
    return std::to_array<api::Field>({
        {.name = "name", .says = "Of the new topic, in the language of the request.", .min = 1, .max = 80},
        {.name = "labels", .says = "Other names of the topic that go along."},
    });
}
struct SplitOut {
    TopicId topic;
};
BOOST_DESCRIBE_STRUCT(SplitOut, (), (topic))
constexpr auto api_fields(const SplitOut*) {
    return std::to_array<api::Field>({{.name = "topic", .says = "The new one."}});
}

using ChangeId = Id<struct ChangeTag>;
struct ChangeOut {
    ChangeId change;
    Timestamp at;
    std::string kind, tag;
    std::optional<TopicId> topic, other;
    bool undone = false;
};
BOOST_DESCRIBE_STRUCT(ChangeOut, (), (change, at, kind, tag, topic, other, undone))
constexpr auto api_fields(const ChangeOut*) {
    return std::to_array<api::Field>({
        {.name = "kind", .says = "`link`, `aside`, `merge`, `split` or `broader`."},
        {.name = "tag", .says = "Of `link` and `aside`."},
        {.name = "other",
         .says = "What it was merged into or put below, what was split off, or a second meaning."},
    });
}
struct ChangesOut {
    std::vector<ChangeOut> items;
};
BOOST_DESCRIBE_STRUCT(ChangesOut, (), (items))
constexpr auto api_fields(const ChangesOut*) {
    return std::to_array<api::Field>({{.name = "items", .says = "Newest first, at most 50."}});
}

namespace {

constexpr int kListed = 50;
constexpr std::size_t kSuggestions = 3;

std::string_view language_of(const http::Request& request) {
    return i18n::tag(shell::context_of(request).language);
}

std::vector<SuggestedTopic> suggestions_for(const Vocabulary& vocabulary, std::string_view label,
                                            std::string_view language) {
    std::vector<SuggestedTopic> list;
    for (Candidate& one : vocabulary.resolve(label, language).candidates)
        if (list.size() < kSuggestions)
            list.push_back({one.topic, std::move(one.label), std::string(name(one.reason)), one.score});
    return list;
}

std::optional<TopicId> some(TopicId topic) {
    return topic ? std::optional(topic) : std::nullopt;
}

void declare_tags(api::Api& api, sql::Database& database, Vocabularies& vocabularies, Wrangling& wrangling) {
    api.get("/api/v1/wrangling/tags", access::action<Wrangle>(), "listOpenTags",
            "Tags of works that no topic answers to")
        .returns<OpenTagsOut>(200, "Tags with what they may mean")
        .handle([&database, &vocabularies](const http::Request& request) -> Result<OpenTagsOut> {
            const auto vocabulary = vocabularies.current();
            OpenTagsOut out;
            const auto tags = database.read([&](sql::Reader& reader) {
                return store::open_tags(reader, access::actor_of(request), kListed);
            });
            for (const store::OpenTag& tag : tags)
                out.items.push_back({tag.tag, tag.label, tag.works,
                                     suggestions_for(*vocabulary, tag.label, language_of(request))});
            return out;
        });
    api.put("/api/v1/wrangling/tags/{tag:text}", access::action<Wrangle>(), "setTagMeaning",
            "Say which topics a tag means")
        .body<MeaningIn>()
        .returns<void>(204, "It is so")
        .errors({404})
        .handle([&wrangling](const http::Request& request, const MeaningIn& in) -> Result<void> {
            const std::string tag = works::tag_key(request.path_text("tag"));
            const Actor& actor = access::actor_of(request);
            return in.topics.empty() ? wrangling.set_aside(actor, tag)
                                     : wrangling.link(actor, tag, in.topics);
        });
}

void declare_changes(api::Api& api, sql::Database& database, Wrangling& wrangling) {
    api.get("/api/v1/wrangling/changes", access::action<Wrangle>(), "listTopicChanges",
            "What moderators changed in the vocabulary")
        .returns<ChangesOut>(200, "Changes")
        .handle([&database](const http::Request&) -> Result<ChangesOut> {
            ChangesOut out;
            for (const store::ChangeRow& row :
                 database.read([&](sql::Reader& reader) { return store::changes(reader, kListed); }))
                out.items.push_back({ChangeId{row.id}, row.at, row.kind, row.tag, some(row.topic),
                                     some(row.other), row.undone_at.micros != 0});
            return out;
        });
    api.post("/api/v1/wrangling/changes/{change:id}/undo", access::action<Wrangle>(), "undoTopicChange",
             "Put back what a change changed")
        .returns<void>(204, "It is undone")
        .errors({409})
        .handle([&wrangling](const http::Request& request) -> Result<void> {
            return wrangling.undo(access::actor_of(request), request.path_id<ChangeId>("change").value);
        });
}

}  // namespace

void declare_wrangling(api::Api& api, sql::Database& database, Vocabularies& vocabularies,
                       Wrangling& wrangling) {
    declare_tags(api, database, vocabularies, wrangling);
    declare_changes(api, database, wrangling);
    api.post("/api/v1/topics/{topic:id}/merge", access::action<Wrangle>(), "mergeTopic",
             "Let a topic stand for another")
        .body<MergeIn>()
        .returns<void>(204, "It stands for the other")
        .errors({409})
        .handle([&wrangling](const http::Request& request, const MergeIn& in) -> Result<void> {
            return wrangling.merge(access::actor_of(request), request.path_id<TopicId>("topic"), in.into);
        });
    api.post("/api/v1/topics/{topic:id}/split", access::action<Wrangle>(), "splitTopic",
             "Make a new topic of some of a topic's names")
        .body<SplitIn>()
        .returns<SplitOut>(201, "The new topic")
        .handle([&wrangling](const http::Request& request, const SplitIn& in) -> Result<SplitOut> {
            return SplitOut{TRY(wrangling.split(access::actor_of(request), request.path_id<TopicId>("topic"),
                                                in.name, language_of(request), in.labels))};
        });
    api.put("/api/v1/topics/{topic:id}/broader/{other:id}", access::action<Wrangle>(), "putTopicBelow",
            "Put a topic below a broader one")
        .returns<void>(204, "It stands below it")
        .errors({409})
        .handle([&wrangling](const http::Request& request) -> Result<void> {
            return wrangling.put_below(access::actor_of(request), request.path_id<TopicId>("topic"),
                                       request.path_id<TopicId>("other"));
        });
}

}  // namespace braid::topics
