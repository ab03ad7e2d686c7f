#include "interests/search/service.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "interests/search/terms.h"
#include "interests/search/weighing.h"

namespace braid::search {

namespace {

constexpr std::size_t kMeanings = 4;  // that a misspelt word may have
constexpr std::size_t kSuggested = 5;

// The last word goes on.
std::vector<Wanted> begun(std::string_view typed) {
    auto wanted = parse(typed);
    if (!wanted.empty() && !wanted.back().phrase && !typed.ends_with(' ')) wanted.back().prefix = true;
    return wanted;
}

std::vector<sql::FulltextGroup> filter_marks(const Filters& filters, std::int64_t author,
                                             std::string_view kind) {
    std::vector<sql::FulltextGroup> marks;
    const auto add = [&](std::string mark) { marks.push_back({.any_of = {{std::move(mark)}}}); };
    add(kind_mark(kind));
    if (!filters.language.empty()) add(language_mark(filters.language));
    if (filters.status) add(status_mark(value_of(*filters.status)));
    if (filters.rating) add(rating_mark(static_cast<int>(*filters.rating)));
    if (author != 0) add(author_mark(author));
    for (const std::string& tag : filters.tags)
        add(tag_mark(tag));
    return marks;
}

Found found_of(store::Shown row, std::span<const sql::FulltextGroup> groups) {
    Found found{.kind = row.kind,
                .title = row.title,
                .work_title = row.work_title,
                .language = row.language,
                .number = row.number};
    found.url = "/works/" + row.work.text();
    if (row.kind == kKinds[1]) found.url += "/chapters/" + works::ChapterId{row.id}.text();
    found.passage = passage_of(row.body, row.body_terms, groups);
    return found;
}

// Typed filters go before chosen ones; tags are put together.
void put_together(Understood& typed, const Query& query) {
    if (typed.kind.empty()) typed.kind = query.kind;
    Filters& filters = typed.filters;
    if (!filters.rating) filters.rating = query.filters.rating;
    if (!filters.status) filters.status = query.filters.status;
    if (filters.language.empty()) filters.language = query.filters.language;
    if (filters.by.empty()) filters.by = query.filters.by;
    for (const std::string& tag : query.filters.tags)
        if (filters.tags.size() < kMostTags && std::ranges::find(filters.tags, tag) == filters.tags.end())
            filters.tags.push_back(tag);
}

}  // namespace

struct Finder::Ask {
    const access::Actor& actor;
    std::vector<Wanted> wanted;
    std::vector<sql::FulltextGroup> groups;
    Filters filters;
    store::Condition condition;
    bool possible = true;  // no filter names what is not there

    [[nodiscard]] std::string expression(sql::Session& session, std::string_view kind,
                                         std::span<const sql::FulltextGroup> more = {}) const {
        // The rarest first: marks of prominent words.
        std::vector<sql::FulltextGroup> all(more.begin(), more.end());
        all.insert(all.end(), groups.begin(), groups.end());
        for (auto& mark : filter_marks(filters, condition.author, kind))
            all.push_back(std::move(mark));
        return sql::fulltext_expression(session.engine(), all);
    }
};

bool Finder::knows(std::string_view kind) const {
    return std::ranges::find(kKinds, kind) != std::end(kKinds) ||
           std::ranges::any_of(sources_, [&](const Source* source) { return source->kind() == kind; });
}

bool Finder::find_author(sql::Session& session, const access::Actor& actor, std::string_view handle,
                         std::int64_t& author) const {
    const auto card = people_.found_by(session, actor, handle);
    if (!card || !decide(accounts::SeeProfile{}, actor, {card->id, card->listed, card->paused}).allowed())
        return false;
    author = card->id.value;
    return true;
}

std::vector<store::Candidate> Finder::of_kind(sql::Session& session, const Ask& ask, std::string_view kind,
                                              bool& more) const {
    std::vector<std::vector<sql::FulltextGroup>> classes;
    if (!ask.groups.empty()) {
        classes.push_back(prominent(ask.groups, Prominence::plain));
        classes.push_back(prominent(ask.groups, Prominence::some));
        if (ask.groups.size() > 1) {
            auto one = one_plain(ask.groups);
            if (!one.any_of.empty()) classes.push_back({std::move(one)});
        }
    }
    // Most questions find less than is ranked: then every class is in what matches at all.
    auto any = store::candidates(session, ask.actor, ask.expression(session, kind), ask.condition);
    more = any.size() == static_cast<std::size_t>(store::kCandidates);
    if (!more || classes.empty()) return any;
    std::vector<store::Candidate> rows;
    std::set<std::int64_t> seen;
    const auto take = [&](std::vector<store::Candidate> found) {
        for (store::Candidate& row : found)
            if (seen.insert(row.id).second) rows.push_back(std::move(row));
    };
    for (const auto& marks : classes) {
        take(store::candidates(session, ask.actor, ask.expression(session, kind, marks), ask.condition));
        if (rows.size() >= static_cast<std::size_t>(store::kCandidates)) return rows;
    }
    take(std::move(any));
    return rows;
}

std::vector<store::Candidate> Finder::documents(sql::Session& session, const Ask& ask,
                                                Results& results) const {
    std::vector<store::Candidate> rows;
    if (!ask.possible) return rows;
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
        bool more = false;
        auto found = of_kind(session, ask, kKinds[i], more);
        results.of_kind[i].count = static_cast<int>(found.size());
        results.of_kind[i].more = more;
        std::ranges::move(found, std::back_inserter(rows));
    }
    return rows;
}

// Puts what each word may have meant in its place; whether anything is found so.
bool Finder::reread(sql::Session& session, Ask& ask) const {
    const auto known = spelling_.current(session);
    std::vector<std::vector<std::string>> meanings(ask.wanted.size());
    Ask other = ask;
    bool changed = false;
    for (std::size_t i = 0; i < ask.wanted.size(); ++i) {
        const Wanted& one = ask.wanted[i];
        if (one.phrase || one.prefix) continue;
        const std::string word = without_accents(one.words.front());
        auto near = known->near(word, kMeanings);
        if (near.empty()) continue;
        changed = true;
        if (known->knows(word)) near.insert(near.begin(), one.words.front());
        other.groups[i] = group_of_any(near);
        meanings[i] = std::move(near);
    }
    if (!changed) return false;
    const auto found_for = [&](const Ask& meant, int limit) {
        std::size_t sum = 0;
        for (const std::string_view kind : kKinds)
            sum += store::candidates(session, meant.actor, meant.expression(session, kind), meant.condition,
                                     limit)
                       .size();
        return sum;
    };
    if (found_for(other, 1) == 0) return false;
    for (std::size_t i = 0; i < meanings.size(); ++i) {
        std::size_t most = 0;
        std::string best;
        for (const std::string& word : meanings[i]) {
            other.groups[i] = group_of_any({word});
            const std::size_t found = found_for(other, 20);
            if (found <= most) continue;
            most = found;
            best = word;
        }
        if (meanings[i].empty()) continue;
        other.groups[i] = group_of_any({best});
        other.wanted[i].words.front() = best;
    }
    ask.groups = std::move(other.groups);
    ask.wanted = std::move(other.wanted);
    return true;
}

void Finder::show(sql::Session& session, const Ask& ask, const Query& query,
                  const std::vector<store::Candidate>& rows, Results& results) const {
    struct Ranked {
        double score = 0;
        std::int64_t id = 0;
    };
    std::vector<Ranked> ranked;
    for (const auto& row : rows) {
        if (!results.understood.kind.empty() && results.understood.kind != row.kind) continue;
        ranked.push_back({score({row.title_terms, row.counts, row.length}, ask.groups), row.id});
    }
    std::ranges::sort(ranked, [](const Ranked& a, const Ranked& b) {
        return a.score != b.score ? a.score > b.score : a.id > b.id;
    });
    auto at = ranked.begin();
    if (query.after != 0) {
        at = std::ranges::find(ranked, query.after, &Ranked::id);
        if (at != ranked.end()) ++at;
    }
    for (; at != ranked.end() && results.found.size() < static_cast<std::size_t>(kPerPage); ++at) {
        if (auto row = store::shown(session, ask.actor, at->id))
            results.found.push_back(found_of(std::move(*row), ask.groups));
        results.next = at->id;
    }
    if (at == ranked.end()) results.next = 0;
}

void Finder::ask_sources(sql::Session& session, const Ask& ask, const Query& query, Results& results) const {
    const std::string& kind = results.understood.kind;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (ask.wanted.empty() || results.understood.filters.any()) continue;
        const Source& source = *sources_[i];
        const bool alone = kind == source.kind();
        Matches matches = source.find(session, ask.actor, clock_.now(), results.understood.words,
                                      query.labels_in, alone ? store::kCandidates : kAside);
        KindCount& count = results.of_kind[std::size(kKinds) + i];
        count.count = matches.count;
        count.more = matches.more;
        if (!matches.found.empty() && query.after == 0 && (kind.empty() || alone))
            results.aside.push_back({source.kind(), source.label(), std::move(matches.found)});
    }
}

Results Finder::search(sql::Session& session, const access::Actor& actor, const Query& query) const {
    Results results;
    results.of_kind = {{kKinds[0], _msg("search.works")}, {kKinds[1], _msg("search.chapters")}};
    for (const Source* source : sources_)
        results.of_kind.push_back({source->kind(), source->label()});
    results.understood = understand(query.text);
    put_together(results.understood, query);
    const Filters& filters = results.understood.filters;
    Ask ask{.actor = actor, .wanted = parse(results.understood.words)};
    if (ask.wanted.empty() && !filters.any()) return results;
    results.asked = true;
    ask.groups = groups_of(ask.wanted);
    ask.filters = filters;
    ask.condition = {.language = filters.language,
                     .status = filters.status ? std::string(value_of(*filters.status)) : std::string(),
                     .rating = filters.rating ? static_cast<int>(*filters.rating) : -1,
                     .tags = filters.tags};
    if (!filters.by.empty()) ask.possible = find_author(session, actor, filters.by, ask.condition.author);
    ask_sources(session, ask, query, results);
    auto rows = documents(session, ask, results);
    // Said only when it finds something: words of what she may not see are not for her.
    if (rows.empty() && ask.possible && !query.exact && reread(session, ask)) {
        rows = documents(session, ask, results);
        results.shown_for = text_of(ask.wanted);
    }
    show(session, ask, query, rows, results);
    return results;
}

Suggested Finder::suggest(sql::Session& session, const access::Actor& actor, std::string_view typed,
                          std::string_view language) const {
    Suggested suggested;
    const Understood understood = understand(typed);
    Ask ask{.actor = actor, .wanted = begun(understood.words)};
    if (ask.wanted.empty() || understood.filters.any()) return suggested;
    for (const Source* source : sources_)
        for (Match& match : source->suggest(session, actor, understood.words, language, kSuggested))
            suggested.topics.push_back(std::move(match));
    ask.groups = groups_of(ask.wanted);
    const auto titled = prominent(ask.groups, Prominence::plain);
    for (const auto& row :
         store::candidates(session, actor, ask.expression(session, kKinds[0], titled), {}, kSuggested))
        if (const auto shown = store::shown(session, actor, row.id))
            suggested.works.push_back(
                {.url = "/works/" + shown->work.text(), .title = shown->title, .language = shown->language});
    return suggested;
}

}  // namespace braid::search
