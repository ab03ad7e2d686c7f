#include "interests/search/passage.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

#include "interests/search/terms.h"

namespace braid::search {

namespace {

constexpr std::size_t kBefore = 14, kAfter = 26;  // words

struct Hit {
    std::size_t at = 0, words = 1;  // in words
    std::size_t group = 0;
    friend auto operator<=>(const Hit&, const Hit&) = default;
};

// The words of a text, made into terms only as far as they are asked for: stemming is what takes long, and
// most words are seen to be others by how they begin.
class Terms {
  public:
    explicit Terms(const Part& part) : text_(part.text), language_(part.language) {
        words_.reserve(kPiecesRead * kPieceWords);
        TokenWalk walk(text_);
        while (const auto place = walk.next())
            words_.push_back({*place, {}});
    }
    [[nodiscard]] std::size_t size() const { return words_.size(); }
    [[nodiscard]] const TokenWalk::Place& place(std::size_t word) const { return words_[word].place; }
    bool is(std::size_t word, std::string_view wanted, bool prefix) {
        if (word >= size() || differs(words_[word].place, wanted)) return false;
        const auto [from, end] = words_[word].place;
        std::string& term = words_[word].term;
        if (term.empty()) term = term_of(folded(text_.substr(from, end - from)), language_);
        return prefix ? term.starts_with(wanted) : term == wanted;
    }

  private:
    struct Word {
        TokenWalk::Place place;
        std::string term;  // "" until it is asked for
    };
    // Of a word whose first three letters are plain, stemming leaves the first two alone, but for a y (dying,
    // die).
    [[nodiscard]] bool differs(const TokenWalk::Place& place, std::string_view wanted) const {
        if (place.end - place.from < 3 || wanted.size() < 2) return false;
        const std::string_view word = text_.substr(place.from, 3);
        if (std::ranges::any_of(word, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
            return false;
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        return lower(word[0]) != wanted[0] || (lower(word[1]) != wanted[1] && lower(word[1]) != 'y');
    }

    std::string_view text_, language_;
    std::vector<Word> words_;
};

bool stands(Terms& terms, std::size_t at, const sql::FulltextPhrase& phrase, bool prefix) {
    for (std::size_t i = 0; i < phrase.size(); ++i)
        if (!terms.is(at + i, phrase[i], prefix && i + 1 == phrase.size())) return false;
    return true;
}

std::vector<Hit> hits_of(Terms& terms, std::span<const sql::FulltextGroup> groups) {
    std::vector<Hit> hits;
    for (std::size_t at = 0; at < terms.size(); ++at)
        for (std::size_t g = 0; g < groups.size(); ++g)
            for (const sql::FulltextPhrase& phrase : groups[g].any_of)
                if (stands(terms, at, phrase, groups[g].prefix)) hits.push_back({at, phrase.size(), g});
    std::ranges::sort(hits);
    return hits;
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

// FNV-1a, 32 bits.
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

void put(sql::Bytes& into, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8)
        into.push_back(static_cast<std::byte>(number >> static_cast<unsigned>(shift) & 0xffU));
}

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[at + i]); };
    return byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
}

void put_piece(sql::Bytes& into, std::vector<std::uint32_t>& hashes) {
    std::ranges::sort(hashes);
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    put(into, static_cast<std::uint32_t>(hashes.size()));
    for (const std::uint32_t hash : hashes)
        put(into, hash);
    hashes.clear();
}

// What to look for in a piece: the groups as hashes.
class Wanting {
  public:
    explicit Wanting(std::span<const sql::FulltextGroup> groups) : count_(groups.size()) {
        for (std::size_t g = 0; g < groups.size(); ++g) {
            for (const sql::FulltextPhrase& phrase : groups[g].any_of) {
                std::vector<std::uint32_t> hashes;
                // The hash of a beginning says nothing: its words are looked for in the text.
                for (std::size_t i = 0; i < phrase.size() - (groups[g].prefix ? 1 : 0); ++i)
                    hashes.push_back(hash_of(phrase[i]));
                if (!hashes.empty()) readings_.push_back({g, std::move(hashes)});
            }
        }
    }
    // A bit for each group that stands in the piece.
    [[nodiscard]] std::uint32_t in(std::span<const std::byte> piece) const {
        std::uint32_t there = 0;
        for (const Reading& reading : readings_)
            if (std::ranges::all_of(reading.hashes,
                                    [&](std::uint32_t hash) { return stands_in(piece, hash); }))
                there |= 1U << reading.group;
        return there;
    }
    [[nodiscard]] int groups() const { return static_cast<int>(count_); }

  private:
    struct Reading {
        std::size_t group = 0;
        std::vector<std::uint32_t> hashes;
    };
    static bool stands_in(std::span<const std::byte> piece, std::uint32_t hash) {
        std::size_t low = 0, high = piece.size() / 4;
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (number_at(piece, middle * 4) < hash)
                low = middle + 1;
            else
                high = middle;
        }
        return low < piece.size() / 4 && number_at(piece, low * 4) == hash;
    }

    std::size_t count_;
    std::vector<Reading> readings_;
};

std::vector<Piece> joined(std::vector<Piece> pieces) {
    std::vector<Piece> out;
    for (Piece& piece : pieces) {
        if (!out.empty() && out.back().hit == piece.hit) {
            out.back().text += piece.text;
        } else if (!piece.text.empty()) {
            out.push_back(std::move(piece));
        }
    }
    return out;
}

}  // namespace

std::vector<std::string_view> pieces_of(std::string_view body) {
    std::vector<std::string_view> pieces;
    TokenWalk walk(body);
    std::size_t begin = 0, words = 0;
    while (const auto place = walk.next()) {
        if (words > 0 && words % kPieceWords == 0) {
            pieces.push_back(body.substr(begin, place->from - begin));
            begin = place->from;
        }
        ++words;
    }
    if (begin < body.size()) pieces.push_back(body.substr(begin));
    return pieces;
}

sql::Bytes sketch_of(std::string_view terms) {
    sql::Bytes sketch;
    std::vector<std::uint32_t> hashes;
    std::size_t words = 0;
    for (std::size_t at = 0; at < terms.size(); ++words) {
        if (words > 0 && words % kPieceWords == 0) put_piece(sketch, hashes);
        const std::size_t end = std::min(terms.find(' ', at), terms.size());
        hashes.push_back(hash_of(terms.substr(at, end - at)));
        at = end + 1;
    }
    if (words <= kPiecesRead * kPieceWords) return {};
    put_piece(sketch, hashes);
    return sketch;
}

std::size_t best_piece(std::span<const std::byte> sketch, std::span<const sql::FulltextGroup> groups) {
    const Wanting wanting(groups);
    std::size_t best = 0, number = 0;
    int most = 0;
    std::uint32_t before = 0;  // what stands in the piece before
    // Twice what stands in the piece alone, and once what does with the next one.
    const auto weigh = [&](std::size_t piece, std::uint32_t here, std::uint32_t after) {
        const int found = 2 * std::popcount(here) + std::popcount(here | after);
        if (found > most) best = piece;
        most = std::max(most, found);
    };
    for (std::size_t at = 0; at + 4 <= sketch.size() && most < 3 * wanting.groups(); ++number) {
        const std::size_t bytes = std::size_t{4} * number_at(sketch, at);
        const std::uint32_t here =
            wanting.in(sketch.subspan(at + 4, std::min(bytes, sketch.size() - at - 4)));
        if (number > 0) weigh(number - 1, before, here);
        before = here;
        at += 4 + bytes;
    }
    if (number > 0 && most < 3 * wanting.groups()) weigh(number - 1, before, 0);
    return best > 0 ? best - 1 : 0;
}

std::vector<Piece> passage_of(const Part& part, std::span<const sql::FulltextGroup> groups) {
    Terms terms(part);
    if (terms.size() == 0) return {};
    auto hits = hits_of(terms, groups);
    const std::size_t first = best_of(hits, groups.size());
    const std::size_t begin = first > kBefore ? first - kBefore : 0;
    const std::size_t end = std::min(first + kAfter, terms.size() - 1);
    // Only the hits of this stretch are asked of each of its words.
    std::erase_if(hits, [&](const Hit& hit) { return hit.at + hit.words <= begin || hit.at > end; });
    std::vector<Piece> pieces;
    const bool opening = begin == 0 && part.begins;
    std::size_t done = opening ? 0 : terms.place(begin).from;
    if (!opening) pieces.push_back({"… ", false});
    for (std::size_t word = begin; word <= end; ++word) {
        const auto& place = terms.place(word);
        pieces.push_back({std::string(part.text.substr(done, place.from - done)), false});
        pieces.push_back(
            {std::string(part.text.substr(place.from, place.end - place.from)), marked(hits, word)});
        done = place.end;
    }
    const bool closing = end + 1 == terms.size() && part.ends;
    pieces.push_back({closing ? std::string(part.text.substr(done)) : std::string(" …"), false});
    return joined(std::move(pieces));
}

}  // namespace braid::search
