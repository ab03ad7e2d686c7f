#include "interests/search/weighing.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace braid::search {

namespace {

constexpr double kK1 = 1.2, kB = 0.75, kUsualLength = 1000;
constexpr std::string_view kProminentMark = "zq", kPlainMark = "zh";

// Adds each token's term to `terms`, and to the counts what `each` says.
template <class Each>
std::string terms_of(std::span<const Token> tokens, std::string_view language, const Each& each) {
    std::string terms;
    for (const Token& token : tokens) {
        std::string term = term_of(token.word, language);
        if (!terms.empty()) terms += ' ';
        terms += term;
        each(std::move(term));
    }
    return terms;
}

// How often a word was counted: 0 when it was not. What it begins, all together.
int counted(std::string_view weights, std::string_view word, bool prefix) {
    int sum = 0;
    for (std::size_t at = weights.find(word); at != std::string_view::npos; at = weights.find(word, at + 1)) {
        if (at > 0 && weights[at - 1] != ' ') continue;
        const std::size_t colon = weights.find(':', at);
        if (colon == std::string_view::npos || (!prefix && colon != at + word.size())) continue;
        std::size_t digits = colon + 1;
        int number = 0;
        while (digits < weights.size() && weights[digits] != ' ')
            number = number * 10 + (weights[digits++] - '0');
        sum += number;
        if (!prefix) break;
    }
    return sum;
}

int frequency(std::string_view weights, const sql::FulltextGroup& group) {
    int most = 1;
    for (const sql::FulltextPhrase& phrase : group.any_of) {
        int least = 0;
        for (std::size_t i = 0; i < phrase.size(); ++i) {
            const int tf = counted(weights, phrase[i], group.prefix && i + 1 == phrase.size());
            least = i == 0 ? tf : std::min(least, tf);
        }
        most = std::max(most, least);
    }
    return most;
}

// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

std::string hex(std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += digits[number >> static_cast<unsigned>(shift) & 15U];
    return text;
}

std::string mark(std::string_view name, std::string_view value) {
    std::string text(name);
    for (const char c : value)
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) text += c;
    return text;
}

}  // namespace

double weight(double frequency, std::int64_t length) {
    const double longer = 1 - kB + kB * static_cast<double>(length) / kUsualLength;
    return frequency * (kK1 + 1) / (frequency + kK1 * longer);
}

Weighed weigh(std::span<const Token> title, std::span<const Token> body, std::span<const Token> labels,
              std::string_view language) {
    struct Count {
        int body = 0, title = 0;
        bool label = false;
    };
    std::map<std::string, Count> counts;
    Weighed made;
    made.title_terms = terms_of(title, language, [&](std::string term) { ++counts[std::move(term)].title; });
    made.body_terms = terms_of(body, language, [&](std::string term) { ++counts[std::move(term)].body; });
    const std::string more = terms_of(labels, language, [&](std::string term) {
        Count& count = counts[std::move(term)];
        ++count.body;
        count.label = true;
    });
    if (!more.empty()) made.body_terms += (made.body_terms.empty() ? "" : " ") + more;
    made.length = static_cast<std::int64_t>(body.size() + labels.size());

    std::vector<std::pair<std::string_view, Count>> frequent(counts.begin(), counts.end());
    std::ranges::stable_sort(frequent, [](const auto& a, const auto& b) {
        const auto rank = [](const Count& c) { return std::pair(c.title > 0 || c.label, c.body); };
        return rank(a.second) > rank(b.second);
    });
    std::size_t prominent = 0, counted = 0;
    for (const auto& [term, count] : frequent) {
        const double heavy = weight(count.body, made.length);
        if ((count.title > 0 || count.label || heavy >= kProminent) && prominent < kMostProminent) {
            ++prominent;
            made.marks += std::string(kProminentMark) + std::string(term) + ' ';
            if (count.title > 0 || heavy >= kPlain)
                made.marks += std::string(kPlainMark) + std::string(term) + ' ';
        }
        const int times = count.body + kTitleWeight * count.title;
        if (times > 1 && counted < kMostCounted) {
            made.weights += (counted++ > 0 ? " " : "") + std::string(term) + ':' + std::to_string(times);
        }
    }
    return made;
}

double score(std::string_view weights, std::int64_t length, std::span<const sql::FulltextGroup> groups) {
    double sum = 0;
    for (const auto& group : groups)
        sum += weight(frequency(weights, group), length);
    return sum;
}

std::vector<sql::FulltextGroup> prominent(std::span<const sql::FulltextGroup> groups, Prominence prominence) {
    const std::string_view mark = prominence == Prominence::plain ? kPlainMark : kProminentMark;
    std::vector<sql::FulltextGroup> marked;
    for (const sql::FulltextGroup& group : groups) {
        // A phrase's words one by one: marks stand in no order. That the phrase is there is asked beside
        // this.
        const std::size_t words = group.any_of.front().size();
        for (std::size_t i = 0; i < words; ++i) {
            sql::FulltextGroup word{.any_of = {}, .prefix = group.prefix && i + 1 == words};
            for (const sql::FulltextPhrase& phrase : group.any_of)
                word.any_of.push_back({std::string(mark) + phrase[i]});
            marked.push_back(std::move(word));
        }
    }
    return marked;
}

sql::FulltextGroup one_plain(std::span<const sql::FulltextGroup> groups) {
    sql::FulltextGroup any{.any_of = {}, .prefix = false};
    for (const sql::FulltextGroup& group : prominent(groups, Prominence::plain)) {
        if (group.prefix) continue;  // a prefix holds for every phrase of a group
        any.any_of.insert(any.any_of.end(), group.any_of.begin(), group.any_of.end());
    }
    return any;
}

std::string kind_mark(std::string_view kind) {
    return mark("zk", kind);
}
std::string language_mark(std::string_view language) {
    return mark("zl", ascii_lower(language));
}
std::string status_mark(std::string_view status) {
    return mark("zs", status);
}
std::string rating_mark(int rating) {
    return mark("zr", std::to_string(rating));
}
std::string tag_mark(std::string_view key) {
    return "zt" + hex(hash_of(key));
}
std::string author_mark(std::int64_t person) {
    return "za" + hex(static_cast<std::uint64_t>(person));
}

}  // namespace braid::search
