#include "interests/guidance/api_v1.h"

#include <cmath>

#include "interests/guidance/policy.h"
#include "platform/i18n/i18n.h"
#include "shell/shell.h"

namespace braid::guidance {

struct ReasonOut {
    std::string source, says;
    std::optional<works::WorkId> work;
    std::optional<topics::TopicId> topic;
    double amount = 0;
};
BOOST_DESCRIBE_STRUCT(ReasonOut, (), (source, says, work, topic, amount))
constexpr auto api_fields(const ReasonOut*) {
    return std::to_array<api::Field>({
        {.name = "source",
         .says =
             "`act`: something the caller did with `work`; `topic`: she follows it; `topic_of_work`: it has "
             "`topic`, as has `work`; `reading`: she is in `work`; `fresh`: it is new; `few_readers`: it has "
             "the place that is kept for such works."},
        {.name = "says", .says = "The same as a clause, in the caller's language."},
        {.name = "amount", .says = "Of the score, in hundredths."},
    });
}

struct SuggestionOut {
    std::string kind;
    works::WorkId work;
    std::string title, author, language, url, because;
    std::vector<ReasonOut> reasons;
};
BOOST_DESCRIBE_STRUCT(SuggestionOut, (), (kind, work, title, author, language, url, because, reasons))
constexpr auto api_fields(const SuggestionOut*) {
    return std::to_array<api::Field>({
        {.name = "kind", .says = "`work`."},
        {.name = "author", .says = "The name it appears under."},
        {.name = "url", .says = "Its page, a path of this site."},
        {.name = "because", .says = "The strongest reasons as a sentence, in the caller's language."},
        {.name = "reasons", .says = "The strongest first."},
    });
}

struct GuidanceOut {
    std::vector<SuggestionOut> items;
};
BOOST_DESCRIBE_STRUCT(GuidanceOut, (), (items))

struct NextOut {
    std::optional<works::ChapterId> chapter;
    std::vector<SuggestionOut> items;
};
BOOST_DESCRIBE_STRUCT(NextOut, (), (chapter, items))
constexpr auto api_fields(const NextOut*) {
    return std::to_array<api::Field>({
        {.name = "chapter", .says = "The next one of the same work; null when there is none yet."},
        {.name = "items", .says = "Other works, at most 3."},
    });
}

struct DeclinedOut {
    works::WorkId work;
    std::string title, url;
};
BOOST_DESCRIBE_STRUCT(DeclinedOut, (), (work, title, url))
constexpr auto api_fields(const DeclinedOut*) {
    return std::to_array<api::Field>({{.name = "url", .says = "Its page, a path of this site."}});
}
struct DeclinedListOut {
    std::vector<DeclinedOut> items;
};
BOOST_DESCRIBE_STRUCT(DeclinedListOut, (), (items))

namespace {

std::string_view source_name(Reason::Source source) {
    switch (source) {
        case Reason::Source::act:
            return "act";
        case Reason::Source::topic:
            return "topic";
        case Reason::Source::topic_of_work:
            return "topic_of_work";
        case Reason::Source::reading:
            return "reading";
        case Reason::Source::fresh:
            return "fresh";
        case Reason::Source::few_readers:
            return "few_readers";
    }
    return {};
}

std::vector<SuggestionOut> written(const std::vector<Suggestion>& suggestions, i18n::Language language) {
    std::vector<SuggestionOut> out;
    for (const Suggestion& one : suggestions) {
        const works::WorkCard& card = one.line.card;
        SuggestionOut item{.kind = std::string(sql::EnumNames<Kind>::names[0]),
                           .work = card.id,
                           .title = card.title,
                           .author = one.line.author,
                           .language = card.language,
                           .url = "/works/" + card.id.text(),
                           .because = sentence(one.reasons, language)};
        for (const Reason& reason : one.reasons) {
            item.reasons.push_back({.source = std::string(source_name(reason.source)),
                                    .says = clause(reason, language),
                                    .work = reason.work ? std::optional(reason.work) : std::nullopt,
                                    .topic = reason.topic ? std::optional(reason.topic) : std::nullopt,
                                    // Finer, one more person's acts could be read off it.
                                    .amount = std::round(reason.amount * 100) / 100});
        }
        out.push_back(std::move(item));
    }
    return out;
}

i18n::Language language_of(const http::Request& request) {
    return shell::context_of(request).language;
}

void declare_declined(api::Api& api, sql::Database& database, Service& service) {
    api.get("/api/v1/guidance/declined", access::action<SeeGuidance>(), "listDeclined",
            "Works that are not for the caller")
        .returns<DeclinedListOut>(200, "Newest first, at most 200")
        .handle([&database, &service](const http::Request& request) -> Result<DeclinedListOut> {
            DeclinedListOut out;
            const auto lines = database.read(
                [&](sql::Reader& reader) { return service.declined(reader, access::actor_of(request)); });
            for (const reading::WorkLine& line : lines)
                out.items.push_back({line.card.id, line.card.title, "/works/" + line.card.id.text()});
            return out;
        });
    api.put("/api/v1/guidance/declined/{work:id}", access::action<Decline>(), "declineWork",
            "Say that a work is not for the caller")
        .returns<void>(204, "It is not suggested to her any more")
        .handle([&service](const http::Request& request) -> Result<void> {
            return service.decline(access::actor_of(request), request.path_id<works::WorkId>("work"));
        });
    api.del("/api/v1/guidance/declined/{work:id}", access::action<Decline>(), "takeBackDeclined",
            "Let a work be suggested again")
        .returns<void>(204, "It may be suggested")
        .handle([&service](const http::Request& request) -> Result<void> {
            return service.take_back(access::actor_of(request), request.path_id<works::WorkId>("work"));
        });
}

}  // namespace

void declare_api(api::Api& api, sql::Database& database, Service& service) {
    api.get("/api/v1/guidance", access::action<SeeGuidance>(), "getGuidance",
            "What the caller may like next, and why")
        .returns<GuidanceOut>(200, "At most 6")
        .handle([&database, &service](const http::Request& request) -> Result<GuidanceOut> {
            const i18n::Language language = language_of(request);
            return GuidanceOut{written(database.read([&](sql::Reader& reader) {
                return service.for_you(reader, access::actor_of(request), language);
            }),
                                       language)};
        });
    api.get("/api/v1/works/{work:id}/chapters/{chapter:id}/next", access::action<SeeNext>(), "getNext",
            "What to read after a chapter")
        .returns<NextOut>(200, "The next chapter, and other works")
        .handle([&database, &service](const http::Request& request) -> Result<NextOut> {
            const i18n::Language language = language_of(request);
            const Next next = TRY(database.read([&](sql::Reader& reader) {
                return service.next_after(reader, access::actor_of(request),
                                          request.path_id<works::WorkId>("work"),
                                          request.path_id<works::ChapterId>("chapter"), language);
            }));
            return NextOut{next.chapter, written(next.suggestions, language)};
        });
    declare_declined(api, database, service);
}

}  // namespace braid::guidance
