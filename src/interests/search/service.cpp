#include "interests/search/service.h"

#include <algorithm>

#include "base/text.h"
#include "interests/search/query.h"
#include "interests/search/terms.h"

namespace braid::search {

namespace {

constexpr double kK1 = 1.2, kB = 0.75, kUsualLength = 1000, kTitleWeight = 5;
constexpr std::size_t kAround = 120;  // bytes of a passage before and after its first hit

bool matches(std::string_view term, const sql::FulltextGroup& group, std::size_t at) {
    return std::ranges::any_of(group.any_of, [&](const sql::FulltextPhrase& phrase) {
        if (at >= phrase.size()) return false;
        return group.prefix && at + 1 == phrase.size() ? term.starts_with(phrase[at]) : term == phrase[at];
    });
}

// How often a group stands in the terms; of a phrase its first word counts.
int count(std::string_view terms, const sql::FulltextGroup& group) {
    int found = 0;
    for (std::size_t at = 0; at < terms.size();) {
        const auto end = std::min(terms.find(' ', at), terms.size());
        if (matches(terms.substr(at, end - at), group, 0)) ++found;
        at = end + 1;
    }
    return found;
}

double score(const store::Candidate& candidate, const std::vector<sql::FulltextGroup>& groups) {
    const double longer = 1 - kB + kB * static_cast<double>(candidate.length) / kUsualLength;
    double sum = 0;
    for (const auto& group : groups) {
        const double tf =
            count(candidate.opening, group) + kTitleWeight * count(candidate.title_terms, group);
        sum += tf * (kK1 + 1) / (tf + kK1 * longer);
    }
    return sum;
}

bool hit(const Token& token, std::string_view language, const std::vector<sql::FulltextGroup>& groups) {
    const std::string term = term_of(token.word, language);
    return std::ranges::any_of(groups, [&](const sql::FulltextGroup& group) {
        for (std::size_t at = 0; at < group.any_of.front().size(); ++at)
            if (matches(term, group, at)) return true;
        return false;
    });
}

std::vector<Piece> passage_of(std::string_view body, std::string_view language,
                              const std::vector<sql::FulltextGroup>& groups) {
    const auto tokens = tokens_of(body);
    const auto first =
        std::ranges::find_if(tokens, [&](const Token& token) { return hit(token, language, groups); });
    const std::size_t middle = first == tokens.end() ? 0 : first->from;
    const auto begin =
        std::ranges::find_if(tokens, [&](const Token& token) { return token.from + kAround >= middle; });
    std::vector<Piece> pieces;
    if (begin == tokens.end()) return pieces;
    std::size_t done = begin->from;
    if (begin != tokens.begin()) pieces.push_back({"… ", false});
    auto at = begin;
    for (; at != tokens.end() && at->from <= middle + kAround; ++at) {
        const bool marked = hit(*at, language, groups);
        if (at->from > done) pieces.push_back({std::string(body.substr(done, at->from - done)), false});
        pieces.push_back({std::string(body.substr(at->from, at->end - at->from)), marked});
        done = at->end;
    }
    pieces.push_back({at == tokens.end() ? std::string(body.substr(done)) : std::string(" …"), false});
    return pieces;
}

// One slip in a word of four letters or more, two from eight on; the nearest, then the first in the alphabet.
std::optional<std::string> meant(sql::Session& session, const std::string& typed) {
    const std::string word = without_accents(typed);
    if (word.size() < 4) return std::nullopt;
    const int most = word.size() < 8 ? 1 : 2;
    const auto slack = static_cast<std::size_t>(most);
    std::optional<std::string> best;
    int nearest = most + 1;
    for (auto& known :
         store::words_like(session, initial_of(word), word.size() - slack, word.size() + slack)) {
        const int far = distance(word, known, nearest - 1);
        if (far >= nearest) continue;
        nearest = far;
        best = std::move(known);
    }
    return nearest > 0 ? best : std::nullopt;
}

std::string expression_of(sql::Session& session, const std::vector<sql::FulltextGroup>& groups) {
    return sql::fulltext_expression(session.engine(), groups);
}

struct Ranked {
    double score = 0;
    const store::Candidate* candidate = nullptr;
};

Found found_of(store::Shown row, const std::vector<sql::FulltextGroup>& groups) {
    Found found{.kind = row.kind,
                .title = row.title,
                .work_title = row.work_title,
                .language = row.language,
                .number = row.number};
    found.url = "/works/" + row.work.text();
    if (row.kind == "chapter") found.url += "/chapters/" + works::ChapterId{row.id}.text();
    found.passage = passage_of(row.body, row.language, groups);
    return found;
}

}  // namespace

Results search(sql::Session& session, const access::Actor& actor, const Query& query) {
    Results results;
    results.of_kind.assign(std::size(kKinds), 0);
    auto wanted = parse(query.text);
    if (wanted.empty()) return results;
    results.asked = true;
    auto groups = groups_of(wanted);
    auto rows = store::candidates(session, actor, expression_of(session, groups), query.language);
    if (rows.empty() && !query.exact) {
        bool changed = false;
        for (Wanted& one : wanted) {
            if (one.phrase || one.prefix) continue;
            if (auto other = meant(session, one.words.front())) {
                one.words.front() = std::move(*other);
                changed = true;
            }
        }
        if (changed) {
            auto others = groups_of(wanted);
            rows = store::candidates(session, actor, expression_of(session, others), query.language);
            // Said only when it finds something: words of what she may not see are not for her.
            if (!rows.empty()) {
                groups = std::move(others);
                results.shown_for = text_of(wanted);
            }
        }
    }
    results.more_than_counted = rows.size() == static_cast<std::size_t>(store::kCandidates);
    std::vector<Ranked> ranked;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < std::size(kKinds); ++i)
            if (row.kind == kKinds[i]) ++results.of_kind[i];
        if (query.kind.empty() || query.kind == row.kind) ranked.push_back({score(row, groups), &row});
    }
    std::ranges::stable_sort(ranked, [](const Ranked& a, const Ranked& b) { return a.score > b.score; });
    auto at = ranked.begin();
    if (query.after != 0) {
        at =
            std::ranges::find_if(ranked, [&](const Ranked& one) { return one.candidate->id == query.after; });
        if (at != ranked.end()) ++at;
    }
    for (; at != ranked.end() && results.found.size() < static_cast<std::size_t>(kPerPage); ++at) {
        if (auto row = store::shown(session, actor, at->candidate->id))
            results.found.push_back(found_of(std::move(*row), groups));
        results.next = at->candidate->id;
    }
    if (at == ranked.end()) results.next = 0;
    return results;
}

}  // namespace braid::search
