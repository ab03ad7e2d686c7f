#include "interests/search/pages.h"

#include <algorithm>

#include "base/text.h"
#include "interests/search/policy.h"
#include "interests/search/search.html.h"
#include "interests/search/views.h"
#include "platform/i18n/i18n.h"

namespace braid::search {

namespace {

constexpr std::size_t kLongest = 200;  // code points looked at

std::string url_of(const Query& query) {
    std::string url = "/search?q=" + percent_encode(query.text);
    if (!query.kind.empty()) url += "&kind=" + query.kind;
    if (!query.language.empty()) url += "&language=" + query.language;
    if (query.exact) url += "&exact=1";
    if (query.after != 0) url += "&after=" + works::WorkId{query.after}.text();
    return url;
}

Result<Query> query_of(const http::Request& request) {
    Query query;
    query.text = trim(request.query.get("q"));
    if (!is_valid_utf8(query.text)) return not_found("not text");
    if (count_code_points(query.text) > kLongest) query.text = ellipsis(query.text, kLongest);
    query.kind = request.query.get("kind");
    if (!query.kind.empty() && std::ranges::find(kKinds, query.kind) == std::end(kKinds))
        return not_found("no such kind");
    query.language = request.query.get("language");
    if (!query.language.empty() && std::ranges::none_of(i18n::kLanguages, [&](auto known) {
            return i18n::tag(known) == query.language;
        }))
        return not_found("no works in such a language");
    query.exact = request.query.get("exact") == "1";
    if (const auto after = request.query.find("after")) {
        const auto id = works::WorkId::parse(*after);
        if (!id) return not_found("malformed position");
        query.after = id->value;
    }
    return query;
}

std::string_view label_of(std::string_view kind) {
    return kind == "work" ? _msg("search.works") : _msg("search.chapters");
}

std::vector<Tab> tabs_of(const Query& query, const Results& results) {
    std::vector<Tab> tabs;
    const auto add = [&](std::string_view kind, std::string_view label, int count) {
        Query of = query;
        of.kind = kind;
        of.after = 0;
        tabs.push_back(
            {std::string(label), url_of(of), count, results.more_than_counted, query.kind == kind});
    };
    int all = 0;
    for (const int count : results.of_kind)
        all += count;
    add("", _msg("search.everything"), all);
    for (std::size_t i = 0; i < std::size(kKinds); ++i)
        add(kKinds[i], label_of(kKinds[i]), results.of_kind[i]);
    return tabs;
}

}  // namespace

void Pages::add_routes(http::Router& router) {
    router.get("/search", access::action<Search>(),
               [this](const http::Request& request) { return page(request); });
}

Result<http::Response> Pages::page(const http::Request& request) const {
    SearchPage page;
    page.query = TRY(query_of(request));
    page.results = database_.read(
        [&](sql::Reader& reader) { return search(reader, access::actor_of(request), page.query); });
    page.tabs = tabs_of(page.query, page.results);
    Query other = page.query;
    if (other.after != 0) {
        other.after = 0;
        page.first_url = url_of(other);
    }
    if (page.results.next != 0) {
        other.after = page.results.next;
        page.next_url = url_of(other);
    }
    page.exact_url = url_of({.text = page.query.text, .exact = true});
    if (!page.query.kind.empty() || !page.query.language.empty())
        page.everywhere_url = url_of({.text = page.query.text});
    page.frame = shell::frame(request, shell::text(request, _msg("search.title")), shell::Place::none);
    return shell::page(request, 200, [&](html::Out& out) { search_page(out, page); });
}

}  // namespace braid::search
