#include "interests/search/passage.h"

#include <algorithm>
#include <optional>

#include "interests/search/terms.h"

namespace braid::search {

namespace {

constexpr std::size_t kBefore = 14, kAfter = 26;  // words
constexpr std::size_t kMostHits = 400;            // of a group; later ones are not looked at

struct Hit {
    std::size_t at = 0, words = 1;  // in terms
    std::size_t group = 0;
    friend auto operator<=>(const Hit&, const Hit&) = default;
};

// Whether the phrase stands from `at` on, whole terms each.
bool stands(std::string_view terms, std::size_t at, const sql::FulltextPhrase& phrase, bool prefix) {
    if (at > 0 && terms[at - 1] != ' ') return false;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        if (terms.substr(at, phrase[i].size()) != phrase[i]) return false;
        at += phrase[i].size();
        const bool last = i + 1 == phrase.size();
        if (last && prefix) return true;
        if (at < terms.size() && terms[at] != ' ') return false;
        if (last) return true;
        ++at;
    }
    return true;
}

// Where they stand, by the bytes of `terms`; turned into words by number_words.
std::vector<Hit> hits_of(std::string_view terms, std::span<const sql::FulltextGroup> groups) {
    std::vector<Hit> hits;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        for (const sql::FulltextPhrase& phrase : groups[g].any_of) {
            std::size_t found = 0;
            for (std::size_t at = terms.find(phrase.front());
                 at != std::string_view::npos && found < kMostHits; at = terms.find(phrase.front(), at + 1)) {
                if (!stands(terms, at, phrase, groups[g].prefix)) continue;
                hits.push_back({at, phrase.size(), g});
                ++found;
            }
        }
    }
    std::ranges::sort(hits);
    return hits;
}

void number_words(std::string_view terms, std::vector<Hit>& hits) {
    std::size_t word = 0, at = 0;
    for (Hit& hit : hits) {
        word +=
            static_cast<std::size_t>(std::count(terms.begin() + static_cast<std::ptrdiff_t>(at),
                                                terms.begin() + static_cast<std::ptrdiff_t>(hit.at), ' '));
        at = hit.at;
        hit.at = word;
    }
}

// The word to begin with: of the stretch that holds most groups.
std::size_t best_of(const std::vector<Hit>& hits, std::size_t groups) {
    std::size_t best = 0, most = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        std::vector<bool> there(groups, false);
        std::size_t here = 0;
        for (std::size_t j = i; j < hits.size() && hits[j].at <= hits[i].at + kAfter; ++j) {
            if (there[hits[j].group]) continue;
            there[hits[j].group] = true;
            ++here;
        }
        if (here <= most) continue;
        most = here;
        best = hits[i].at;
        if (most == groups) break;
    }
    return best;
}

bool marked(const std::vector<Hit>& hits, std::size_t word) {
    return std::ranges::any_of(hits,
                               [&](const Hit& hit) { return hit.at <= word && word < hit.at + hit.words; });
}

}  // namespace

std::vector<Piece> passage_of(std::string_view body, std::string_view terms,
                              std::span<const sql::FulltextGroup> groups) {
    auto hits = hits_of(terms, groups);
    number_words(terms, hits);
    const std::size_t first = best_of(hits, groups.size());
    const std::size_t begin = first > kBefore ? first - kBefore : 0;
    const std::size_t end = first + kAfter;
    // Only the hits of this stretch are asked of each of its words.
    std::erase_if(hits, [&](const Hit& hit) { return hit.at + hit.words <= begin || hit.at > end; });
    std::vector<Piece> pieces;
    TokenWalk walk(body);
    std::size_t word = 0, done = 0;
    std::optional<TokenWalk::Place> place;
    for (; (place = walk.next()) && word <= end; ++word) {
        if (word < begin) continue;
        if (word == begin) {
            done = begin == 0 ? 0 : place->from;
            if (begin > 0) pieces.push_back({"… ", false});
        }
        if (place->from > done) pieces.push_back({std::string(body.substr(done, place->from - done)), false});
        pieces.push_back(
            {std::string(body.substr(place->from, place->end - place->from)), marked(hits, word)});
        done = place->end;
    }
    if (pieces.empty()) return first > 0 ? passage_of(body, {}, groups) : pieces;
    pieces.push_back({place ? std::string(" …") : std::string(body.substr(done)), false});
    // Neighbours of the same sort are one.
    std::vector<Piece> joined;
    for (Piece& piece : pieces) {
        if (!joined.empty() && joined.back().hit == piece.hit) {
            joined.back().text += piece.text;
        } else if (!piece.text.empty()) {
            joined.push_back(std::move(piece));
        }
    }
    return joined;
}

}  // namespace braid::search
