#include "interests/search/api_v1.h"

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
        {.name = "kind", .says = "`work` or `chapter`."},
        {.name = "url", .says = "Its page, a path of this site."},
        {.name = "work_title", .says = "Of the work that it is or belongs to."},
        {.name = "passage", .says = "The words around the first hit, in pieces."},
    });
}

struct SearchOut {
    std::vector<SearchHit> items;
    std::int64_t works = 0, chapters = 0;
    bool more_than_counted = false;
    std::string shown_for;
    std::optional<works::WorkId> next;
};
BOOST_DESCRIBE_STRUCT(SearchOut, (), (items, works, chapters, more_than_counted, shown_for, next))
constexpr auto api_fields(const SearchOut*) {
    return std::to_array<api::Field>({
        {.name = "items", .says = "The best first."},
        {.name = "works", .says = "How many of this kind the caller may see."},
        {.name = "chapters", .says = "How many of this kind the caller may see."},
        {.name = "more_than_counted", .says = "There are more; only the newest were counted and ranked."},
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

}  // namespace

void declare_api(api::Api& api, sql::Database& database) {
    api.get("/api/v1/search", access::action<Search>(), "search", "Find works and chapters by their words")
        .query({.name = "q", .says = "Words, \"a phrase\", begin*; all of them must be there.", .max = 200})
        .query({.name = "kind", .says = "Only of this kind.", .one_of = {"work", "chapter"}})
        .query({.name = "language", .says = "Only works in this language.", .max = 35})
        .query({.name = "exact", .says = "`1`: not what a misspelt word may have meant.", .one_of = {"1"}})
        .query({.name = "after", .says = "`next` of the page before.", .type = api::Parameter::Type::id})
        .returns<SearchOut>(200, "What the caller may see, the best first")
        .handle([&database](const http::Request& request) -> Result<SearchOut> {
            Query query;
            query.text = request.query.get("q");
            query.kind = request.query.get("kind");
            query.language = request.query.get("language");
            query.exact = request.query.get("exact") == "1";
            if (const auto after = request.query.find("after"))
                query.after = works::WorkId::parse(*after).value_or(works::WorkId{}).value;
            Results results = database.read(
                [&](sql::Reader& reader) { return search(reader, access::actor_of(request), query); });
            SearchOut out{.works = results.of_kind.empty() ? 0 : results.of_kind[0],
                          .chapters = results.of_kind.empty() ? 0 : results.of_kind[1],
                          .more_than_counted = results.more_than_counted,
                          .shown_for = std::move(results.shown_for)};
            for (Found& found : results.found)
                out.items.push_back(hit_of(std::move(found)));
            if (results.next != 0) out.next = works::WorkId{results.next};
            return out;
        });
}

}  // namespace braid::search
