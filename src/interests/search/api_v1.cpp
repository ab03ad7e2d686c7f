#include "interests/search/api_v1.h"

#include "interests/search/pages.h"
#include "interests/search/policy.h"

namespace braid::search {

struct PassagePiece {
    std::string text;
    bool hit = false;
};
BOOST_DESCRIBE_STRUCT(PassagePiece, (), (text, hit))
constexpr auto api_fields(const PassagePiece*) {
    return std::to_array<api::Field>(
        {{.name = "hit", .says = "Whether these are the words that were looked for."}});
}

struct SearchHit {
    std::string kind, url, title, work_title, language;
    std::vector<PassagePiece> passage;
};
BOOST_DESCRIBE_STRUCT(SearchHit, (), (kind, url, title, work_title, language, passage))
constexpr auto api_fields(const SearchHit*) {
    return std::to_array<api::Field>({
        {.name = "kind", .says = "`work` or `chapter`; `topic`, `person` and others."},
        {.name = "url", .says = "Its page, a path of this site."},
        {.name = "work_title", .says = "Of the work that it is or belongs to; empty for other kinds."},
        {.name = "passage", .says = "The words around the first hit, in pieces."},
    });
}

struct SearchCount {
    std::string kind;
    std::int64_t count = 0;
    bool more = false;
};
BOOST_DESCRIBE_STRUCT(SearchCount, (), (kind, count, more))
constexpr auto api_fields(const SearchCount*) {
    return std::to_array<api::Field>({
        {.name = "count", .says = "How many of this kind the caller may see."},
        {.name = "more", .says = "There are more than were counted and ranked."},
    });
}

struct SearchOut {
    std::vector<SearchHit> items, aside;
    std::vector<SearchCount> counts;
    std::int64_t works = 0, chapters = 0;
    bool more_than_counted = false;
    std::string shown_for;
    std::optional<works::WorkId> next;
};
BOOST_DESCRIBE_STRUCT(SearchOut, (),
                      (items, aside, counts, works, chapters, more_than_counted, shown_for, next))
constexpr auto api_fields(const SearchOut*) {
    return std::to_array<api::Field>({
        {.name = "items", .says = "Works and chapters, the best first."},
        {.name = "aside", .says = "A few of each other kind; all that were looked at when `kind` names it."},
        {.name = "works", .says = "How many of this kind the caller may see."},
        {.name = "chapters", .says = "How many of this kind the caller may see."},
        {.name = "more_than_counted",
         .says = "There are more works or chapters than were counted and ranked."},
        {.name = "shown_for",
         .says = "What was looked for instead of a misspelt question; empty: what was asked."},
        {.name = "next", .says = "For `after`, to have the next page."},
    });
}

namespace {

SearchHit hit_of(Found found) {
    SearchHit hit{std::move(found.kind),       std::move(found.url),      std::move(found.title),
                  std::move(found.work_title), std::move(found.language), {}};
    for (Piece& piece : found.passage)
        hit.passage.push_back({std::move(piece.text), piece.hit});
    return hit;
}

SearchOut out_of(Results results) {
    SearchOut out{.shown_for = std::move(results.shown_for)};
    for (const KindCount& one : results.of_kind)
        out.counts.push_back({std::string(one.kind), one.count, one.more});
    out.works = out.counts[0].count;
    out.chapters = out.counts[1].count;
    out.more_than_counted = out.counts[0].more || out.counts[1].more;
    for (Found& found : results.found)
        out.items.push_back(hit_of(std::move(found)));
    for (Aside& aside : results.aside)
        for (Match& match : aside.found)
            out.aside.push_back({std::string(aside.kind),
                                 std::move(match.url),
                                 std::move(match.title),
                                 {},
                                 std::move(match.language),
                                 {}});
    if (results.next != 0) out.next = works::WorkId{results.next};
    return out;
}

}  // namespace

void declare_api(api::Api& api, sql::Database& database, const Finder& finder) {
    api.get("/api/v1/search", access::action<Search>(), "search",
            "Find works, chapters, topics and people by words")
        .query({.name = "q",
                .says = "Words, \"a phrase\", begin*; all of them must be there. Also filters: tag:ghosts, "
                        "rating:teen, status:complete, language:es, by:abi, kind:work.",
                .max = 200})
        .query(
            {.name = "kind", .says = "Only of this kind.", .one_of = {"work", "chapter", "topic", "person"}})
        .query({.name = "tag", .says = "Only works with these tags: at most three, with commas.", .max = 200})
        .query({.name = "rating", .says = "Only works rated so.", .one_of = {"everyone", "teen", "mature"}})
        .query({.name = "status", .says = "Only works that are so.", .one_of = {"ongoing", "complete"}})
        .query({.name = "by", .says = "Only works of this person, by handle.", .max = 30})
        .query({.name = "language", .says = "Only works in this language.", .one_of = {"en", "es"}})
        .query({.name = "exact", .says = "`1`: not what a misspelt word may have meant.", .one_of = {"1"}})
        .query({.name = "after", .says = "`next` of the page before.", .type = api::Parameter::Type::id})
        .returns<SearchOut>(200, "What the caller may see, the best first")
        .handle([&database, &finder](const http::Request& request) -> Result<SearchOut> {
            const Query query = TRY(query_of(request, finder));
            return out_of(database.read([&](sql::Reader& reader) {
                return finder.search(reader, access::actor_of(request), query);
            }));
        });
}

}  // namespace braid::search
