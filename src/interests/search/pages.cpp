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

std::string joined(const std::vector<std::string>& tags) {
    std::string text;
    for (const std::string& tag : tags)
        text += (text.empty() ? "" : ", ") + tag;
    return text;
}

std::string url_of(const Query& query) {
    std::string url = "/search?q=" + percent_encode(query.text);
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) url += "&" + std::string(name) + "=" + percent_encode(value);
    };
    add("kind", query.kind);
    add("tag", joined(query.filters.tags));
    if (query.filters.rating) add("rating", value_of(*query.filters.rating));
    if (query.filters.status) add("status", value_of(*query.filters.status));
    add("language", query.filters.language);
    add("by", query.filters.by);
    if (query.exact) url += "&exact=1";
    if (query.after != 0) add("after", works::WorkId{query.after}.text());
    return url;
}

bool is_language(std::string_view language) {
    return std::ranges::any_of(i18n::kLanguages, [&](auto known) { return i18n::tag(known) == language; });
}

Result<Filters> filters_of(const http::Request& request) {
    Filters filters;
    filters.language = request.query.get("language");
    if (!filters.language.empty() && !is_language(filters.language))
        return not_found("no works in such a language");
    if (const auto rating = request.query.get("rating"); !rating.empty()) {
        filters.rating = rating_of(rating);
        if (!filters.rating) return not_found("no such rating");
    }
    if (const auto status = request.query.get("status"); !status.empty()) {
        filters.status = status_of(status);
        if (!filters.status) return not_found("no such status");
    }
    for (const std::string_view text : request.query.all("tag")) {
        if (!is_valid_utf8(text)) return not_found("not text");
        for (const std::string_view one : split(text, ','))
            if (std::string key = works::tag_key(one); !key.empty() && filters.tags.size() < kMostTags)
                filters.tags.push_back(std::move(key));
    }
    const auto by = request.query.get("by");
    if (!is_valid_utf8(by)) return not_found("not text");
    filters.by = ascii_lower(by);
    return filters;
}

std::vector<Tab> tabs_of(const Query& query, const Results& results) {
    std::vector<Tab> tabs;
    const auto add = [&](std::string_view kind, std::string_view label, int count, bool more) {
        Query of = query;
        of.kind = kind;
        of.after = 0;
        tabs.push_back({std::string(label), url_of(of), count, more, query.kind == kind});
    };
    int all = 0;
    bool more = false;
    for (const KindCount& one : results.of_kind) {
        all += one.count;
        more = more || one.more;
    }
    add("", _msg("search.everything"), all, more);
    for (const KindCount& one : results.of_kind)
        add(one.kind, one.label, one.count, one.more);
    return tabs;
}

std::string_view label_of(access::Rating rating) {
    return rating == access::Rating::everyone ? _msg("search.for_everyone")
           : rating == access::Rating::teen   ? _msg("search.for_teens")
                                              : _msg("search.for_adults");
}

std::string_view label_of(works::Status status) {
    return status == works::Status::complete ? _msg("search.complete") : _msg("search.ongoing");
}

std::vector<FilterChip> chips_of(const Query& query) {
    std::vector<FilterChip> chips;
    const auto add = [&](std::string_view label, std::string value, const auto& take_away) {
        Query of = query;
        of.after = 0;
        take_away(of.filters);
        chips.push_back({std::string(label), std::move(value), url_of(of)});
    };
    const Filters& filters = query.filters;
    for (const std::string& tag : filters.tags)
        add("", tag, [&](Filters& of) { std::erase(of.tags, tag); });
    if (filters.rating) add(label_of(*filters.rating), {}, [](Filters& of) { of.rating.reset(); });
    if (filters.status) add(label_of(*filters.status), {}, [](Filters& of) { of.status.reset(); });
    for (const auto known : i18n::kLanguages)
        if (filters.language == i18n::tag(known))
            add("", std::string(i18n::own_name(known)), [](Filters& of) { of.language.clear(); });
    if (!filters.by.empty()) add("", "@" + filters.by, [](Filters& of) { of.by.clear(); });
    return chips;
}

}  // namespace

Result<Query> query_of(const http::Request& request, const Finder& finder) {
    Query query;
    query.text = trim(request.query.get("q"));
    if (!is_valid_utf8(query.text)) return not_found("not text");
    if (count_code_points(query.text) > kLongest) query.text = ellipsis(query.text, kLongest);
    query.kind = request.query.get("kind");
    if (!query.kind.empty() && !finder.knows(query.kind)) return not_found("no such kind");
    query.filters = TRY(filters_of(request));
    query.labels_in = i18n::tag(shell::context_of(request).language);
    query.exact = request.query.get("exact") == "1";
    if (const auto after = request.query.find("after")) {
        const auto id = works::WorkId::parse(*after);
        if (!id) return not_found("malformed position");
        query.after = id->value;
    }
    return query;
}

void Pages::add_routes(http::Router& router) {
    router.get("/search", access::action<Search>(),
               [this](const http::Request& request) { return page(request); });
    router.get("/search/suggest", access::action<Search>(),
               [this](const http::Request& request) { return suggest(request); });
}

Result<http::Response> Pages::page(const http::Request& request) const {
    SearchPage page;
    page.query = TRY(query_of(request, finder_));
    page.results = database_.read(
        [&](sql::Reader& reader) { return finder_.search(reader, access::actor_of(request), page.query); });
    // From here on filters stand where they can be seen and taken away.
    page.query.text = page.results.understood.words;
    page.query.kind = page.results.understood.kind;
    page.query.filters = page.results.understood.filters;
    page.tags = joined(page.query.filters.tags);
    page.tabs = tabs_of(page.query, page.results);
    page.filters = chips_of(page.query);
    Query other = page.query;
    if (other.after != 0) {
        other.after = 0;
        page.first_url = url_of(other);
    }
    if (page.results.next != 0) {
        other.after = page.results.next;
        page.next_url = url_of(other);
    }
    other = page.query;
    other.after = 0;
    other.exact = true;
    page.exact_url = url_of(other);
    if (!page.query.kind.empty() || page.query.filters.any())
        page.everywhere_url = url_of({.text = page.query.text});
    page.frame = shell::frame(request, shell::text(request, _msg("search.title")), shell::Place::none);
    page.frame.searching = true;
    return shell::page(request, 200, [&](html::Out& out) { search_page(out, page); });
}

Result<http::Response> Pages::suggest(const http::Request& request) const {
    const std::string_view typed = trim(request.query.get("q"));
    if (!is_valid_utf8(typed)) return not_found("not text");
    if (!request.header("hx-request")) return http::Response::see_other("/search?q=" + percent_encode(typed));
    const std::string text = ellipsis(typed, kLongest);
    const Suggested found = database_.read([&](sql::Reader& reader) {
        return finder_.suggest(reader, access::actor_of(request), text,
                               i18n::tag(shell::context_of(request).language));
    });
    return shell::fragment(request, 200, [&](html::Out& out) { suggestions(out, found); });
}

}  // namespace braid::search
