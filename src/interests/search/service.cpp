#include "interests/search/service.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "interests/search/terms.h"
#include "interests/search/weighing.h"

namespace braid::search {

namespace {

constexpr std::size_t kMeanings = 4;  // that a misspelt word may have
constexpr std::size_t kMost = store::kCandidates;
constexpr std::size_t kCompared = 8;  // what is found for each of them is counted so far
constexpr std::size_t kSuggested = 5;

// The last word goes on.
std::vector<Wanted> begun(std::string_view typed) {
    auto wanted = parse(typed);
    if (!wanted.empty() && !wanted.back().phrase && !typed.ends_with(' ')) wanted.back().prefix = true;
    return wanted;
}

// Chapters are most of what there is: their mark would say little and cost much.
std::vector<sql::FulltextGroup> filter_marks(const Filters& filters, const store::Condition& condition) {
    std::vector<sql::FulltextGroup> marks;
    const auto add = [&](std::string mark) { marks.push_back({.any_of = {{std::move(mark)}}}); };
    if (condition.kind == kKinds[0]) add(kind_mark(condition.kind));
    if (!filters.language.empty()) add(language_mark(filters.language));
    if (filters.status) add(status_mark(value_of(*filters.status)));
    if (filters.rating) add(rating_mark(static_cast<int>(*filters.rating)));
    if (condition.author != 0) add(author_mark(condition.author));
    for (const std::string& tag : filters.tags)
        add(tag_mark(tag));
    return marks;
}

// Of a chapter a few pieces around its best place are read. What goes on after a beginning stands in no
// sketch, so then all.
std::vector<Piece> passage(sql::Session& session, const store::Shown& row,
                           std::span<const sql::FulltextGroup> groups) {
    if (row.kind == kKinds[0]) return passage_of({row.summary, row.terms_in}, groups);
    if (std::ranges::any_of(groups, &sql::FulltextGroup::prefix)) {
        const auto all = store::pieces(session, row.id, 0, store::kAllPieces);
        return passage_of({all.text, row.terms_in}, groups);
    }
    const auto first = static_cast<std::int64_t>(best_piece(row.sketch, groups));
    const auto some = store::pieces(session, row.id, first, kPiecesRead);
    return passage_of({some.text, row.terms_in, first == 0, some.ends}, groups);
}

Found found_of(sql::Session& session, const store::Shown& row, std::span<const sql::FulltextGroup> groups) {
    Found found{.kind = row.kind,
                .title = row.title,
                .work_title = row.work_title,
                .language = row.language,
                .number = row.number};
    found.url = "/works/" + row.work.text();
    if (row.kind == kKinds[1]) found.url += "/chapters/" + works::ChapterId{row.id}.text();
    found.passage = passage(session, row, groups);
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

    // What each of a class says beside the marks in `more`: of their words what marks say already, all but
    // phrases, is left out, since every list of places that is walked through costs.
    enum class Said { all, phrases };
    [[nodiscard]] std::string expression(sql::Session& session, std::span<const sql::FulltextGroup> more = {},
                                         Said said = Said::all) const {
        // The rarest first: marks of prominent words.
        std::vector<sql::FulltextGroup> every(more.begin(), more.end());
        for (const sql::FulltextGroup& group : groups)
            if (said == Said::all || group.any_of.front().size() > 1) every.push_back(group);
        for (auto& mark : filter_marks(filters, condition))
            every.push_back(std::move(mark));
        return sql::fulltext_expression(session.engine(), every);
    }
    [[nodiscard]] Ask only(std::string_view kind) const {
        Ask narrower = *this;
        narrower.condition.kind = kind;
        return narrower;
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

std::vector<store::Candidate> Finder::by_class(sql::Session& session, const Ask& ask,
                                               std::vector<store::Candidate> any) {
    std::vector<std::string> classes;
    if (!ask.groups.empty()) {
        const auto in_marks = [&](Prominence how) {
            classes.push_back(ask.expression(session, prominent(ask.groups, how), Ask::Said::phrases));
        };
        in_marks(Prominence::plain);
        // Each question for beginnings costs much more than one for words.
        if (std::ranges::none_of(ask.groups, &sql::FulltextGroup::prefix)) {
            in_marks(Prominence::some);
            if (ask.groups.size() > 1) classes.push_back(ask.expression(session, {{one_plain(ask.groups)}}));
        }
    }
    std::vector<store::Candidate> rows;
    std::set<std::int64_t> seen;
    const auto take = [&](std::vector<store::Candidate> found) {
        for (store::Candidate& row : found)
            if (seen.insert(row.id).second) rows.push_back(std::move(row));
    };
    for (const std::string& expression : classes) {
        take(store::candidates(session, ask.actor, expression, ask.condition, store::kCandidates));
        if (rows.size() >= kMost) return rows;
    }
    take(std::move(any));
    return rows;
}

std::vector<store::Candidate> Finder::documents(sql::Session& session, const Ask& ask, Results& results) {
    if (!ask.possible) return {};
    const auto newest = [&](const Ask& some, int limit) {
        return store::candidates(session, ask.actor, some.expression(session), some.condition, limit);
    };
    const auto all = newest(ask, store::kCandidates + 1);
    // Most questions find less than is ranked: then one query has said it all.
    const bool whole = all.size() <= kMost;
    std::vector<store::Candidate> rows;
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
        std::vector<store::Candidate> found;
        std::ranges::copy_if(all, std::back_inserter(found),
                             [&](const store::Candidate& row) { return row.kind == kKinds[i]; });
        const Ask only = ask.only(kKinds[i]);
        if (!whole && found.size() < kMost) found = newest(only, store::kCandidates);
        results.of_kind[i].more = !whole && found.size() >= kMost;
        if (results.of_kind[i].more) found = by_class(session, only, std::move(found));
        results.of_kind[i].count = static_cast<int>(found.size());
        std::ranges::move(found, std::back_inserter(rows));
    }
    return rows;
}

std::vector<Finder::Meanings> Finder::meanings(const Ask& ask, const Words& known, bool of_known) {
    std::vector<Meanings> meanings;
    for (std::size_t i = 0; i < ask.wanted.size(); ++i) {
        const Wanted& one = ask.wanted[i];
        if (one.phrase || one.prefix) continue;
        const std::string word = without_accents(one.words.front());
        const bool is_known = known.knows(word);
        if (is_known && !of_known) continue;
        auto near = known.near(word, kMeanings);
        if (near.empty()) continue;
        if (is_known) near.insert(near.begin(), one.words.front());
        meanings.push_back({i, std::move(near)});
    }
    return meanings;
}

// Word by word, while those that follow stand for any of what they may have meant.
bool Finder::choose(sql::Session& session, const std::vector<Meanings>& meanings, Ask& ask) {
    const auto found_for = [&](int limit) {
        return store::count(session, ask.actor, ask.expression(session), ask.condition, limit);
    };
    for (const Meanings& one : meanings)
        ask.groups[one.word] = group_of_any(one.near);
    if (meanings.size() > 1 && found_for(1) == 0) return false;
    for (const Meanings& one : meanings) {
        std::size_t most = 0;
        std::string best;
        if (one.near.size() == 1) best = one.near.front();
        for (const std::string& word : one.near) {
            if (one.near.size() == 1 || most >= kCompared) break;  // no other can find more
            ask.groups[one.word] = group_of_any({word});
            const std::size_t found = found_for(static_cast<int>(kCompared));
            if (found <= most) continue;
            most = found;
            best = word;
        }
        if (best.empty()) return false;
        ask.groups[one.word] = group_of_any({best});
        ask.wanted[one.word].words.front() = best;
    }
    return true;
}

std::vector<store::Candidate> Finder::reread(sql::Session& session, Ask& ask, Results& results) const {
    const auto known = spelling_.current();
    for (const bool of_known : {false, true}) {
        const auto meant = meanings(ask, *known, of_known);
        if (meant.empty() || (of_known && std::ranges::none_of(meant, [&](const Meanings& one) {
                                  return one.near.front() == ask.wanted[one.word].words.front();
                              })))
            continue;
        Ask other = ask;
        if (!choose(session, meant, other)) continue;
        auto rows = documents(session, other, results);
        if (rows.empty()) continue;
        ask.groups = std::move(other.groups);
        ask.wanted = std::move(other.wanted);
        return rows;
    }
    return {};
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
        ranked.push_back({score(row.weights, row.length, ask.groups), row.id});
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
        if (const auto row = store::shown(session, ask.actor, at->id))
            results.found.push_back(found_of(session, *row, ask.groups));
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
    if (rows.empty() && ask.possible && !query.exact) {
        rows = reread(session, ask, results);
        if (!rows.empty()) results.shown_for = text_of(ask.wanted);
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
    ask.condition.kind = kKinds[0];
    const auto titled = ask.expression(session, prominent(ask.groups, Prominence::plain), Ask::Said::phrases);
    for (const auto& row : store::candidates(session, actor, titled, ask.condition, kSuggested))
        if (const auto shown = store::shown(session, actor, row.id))
            suggested.works.push_back(
                {.url = "/works/" + shown->work.text(), .title = shown->title, .language = shown->language});
    return suggested;
}

}  // namespace braid::search
