#include "interests/search/query.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "interests/search/service.h"
#include "interests/search/terms.h"

namespace braid::search {

namespace {

enum class Name { tag, rating, status, language, by, kind };
template <class Value>
struct Spelt {
    std::string_view word;
    Value value;
};

constexpr auto kNames = std::to_array<Spelt<Name>>({
    {"tag", Name::tag},
    {"etiqueta", Name::tag},
    {"rating", Name::rating},
    {"edad", Name::rating},
    {"status", Name::status},
    {"estado", Name::status},
    {"language", Name::language},
    {"lang", Name::language},
    {"idioma", Name::language},
    {"by", Name::by},
    {"de", Name::by},
    {"kind", Name::kind},
    {"tipo", Name::kind},
});
constexpr auto kRatings = std::to_array<Spelt<access::Rating>>({
    {"everyone", access::Rating::everyone},
    {"todos", access::Rating::everyone},
    {"teen", access::Rating::teen},
    {"teens", access::Rating::teen},
    {"adolescentes", access::Rating::teen},
    {"mature", access::Rating::mature},
    {"adultos", access::Rating::mature},
});
constexpr auto kStatuses = std::to_array<Spelt<works::Status>>({
    {"ongoing", works::Status::ongoing},
    {"abierta", works::Status::ongoing},
    {"complete", works::Status::complete},
    {"completa", works::Status::complete},
});
constexpr auto kLanguages = std::to_array<Spelt<std::string_view>>({
    {"en", "en"},
    {"english", "en"},
    {"inglés", "en"},
    {"es", "es"},
    {"spanish", "es"},
    {"español", "es"},
});
constexpr auto kKindWords = std::to_array<Spelt<std::string_view>>({
    {"work", "work"},
    {"works", "work"},
    {"obra", "work"},
    {"obras", "work"},
    {"chapter", "chapter"},
    {"chapters", "chapter"},
    {"capítulo", "chapter"},
    {"capítulos", "chapter"},
    {"topic", "topic"},
    {"topics", "topic"},
    {"tema", "topic"},
    {"temas", "topic"},
    {"person", "person"},
    {"people", "person"},
    {"persona", "person"},
    {"personas", "person"},
});

template <class Value, std::size_t N>
std::optional<Value> find(const std::array<Spelt<Value>, N>& words, std::string_view word) {
    const std::string folded = works::tag_key(word);
    for (const auto& one : words)
        if (one.word == folded) return one.value;
    return std::nullopt;
}

// Whether it said something.
bool take(Name name, std::string_view value, Understood& out) {
    const auto set = [](auto& into, auto found) {
        if (found) into = *found;
        return found.has_value();
    };
    switch (name) {
        case Name::tag: {
            std::string key = works::tag_key(value);
            if (key.empty()) return false;
            if (out.filters.tags.size() < kMostTags) out.filters.tags.push_back(std::move(key));
            return true;
        }
        case Name::rating:
            return set(out.filters.rating, rating_of(value));
        case Name::status:
            return set(out.filters.status, status_of(value));
        case Name::language:
            return set(out.filters.language, find(kLanguages, value));
        case Name::kind:
            return set(out.kind, find(kKindWords, value));
        case Name::by: {
            if (value.starts_with('@')) value.remove_prefix(1);
            if (value.empty()) return false;
            out.filters.by = ascii_lower(value);
            return true;
        }
    }
    return false;
}

constexpr std::string_view kSpaces = " \t\r\n";

}  // namespace

std::optional<access::Rating> rating_of(std::string_view value) {
    return find(kRatings, value);
}
std::optional<works::Status> status_of(std::string_view value) {
    return find(kStatuses, value);
}

std::string_view value_of(access::Rating rating) {
    return rating == access::Rating::everyone ? "everyone"
           : rating == access::Rating::teen   ? "teen"
                                              : "mature";
}
std::string_view value_of(works::Status status) {
    return sql::detail::enum_name(status);
}

Understood understand(std::string_view typed) {
    Understood out;
    for (std::size_t at = 0; at < typed.size();) {
        const std::size_t from = std::min(typed.find_first_not_of(kSpaces, at), typed.size());
        std::size_t end = std::min(typed.find_first_of(std::string(kSpaces) + '"', from), typed.size());
        const std::size_t colon = typed.substr(from, end - from).find(':');
        std::string_view value;
        if (end < typed.size() && typed[end] == '"') {  // words in quotes belong together
            const std::size_t close = typed.find('"', end + 1);
            const std::size_t stop = std::min(close, typed.size());
            value = typed.substr(end + 1, stop - end - 1);
            end = close == std::string_view::npos ? typed.size() : close + 1;
        } else if (colon != std::string_view::npos) {
            value = typed.substr(from + colon + 1, end - from - colon - 1);
        }
        const auto name =
            colon == std::string_view::npos ? std::nullopt : find(kNames, typed.substr(from, colon));
        if (!name || !take(*name, value, out)) {
            if (!out.words.empty()) out.words += ' ';
            out.words += typed.substr(from, end - from);
        }
        at = end;
    }
    return out;
}

std::vector<Wanted> parse(std::string_view typed) {
    std::vector<Wanted> wanted;
    bool quoted = false;
    std::size_t checked = 0;
    bool fresh = true;  // the next word of a phrase begins one
    for (const Token& token : tokens_of(typed)) {
        for (; checked < token.from; ++checked) {
            if (typed[checked] != '"') continue;
            quoted = !quoted;
            fresh = true;
        }
        if (quoted && !fresh) {
            if (wanted.back().words.size() < kMostGroups) wanted.back().words.push_back(token.word);
            continue;
        }
        if (wanted.size() == kMostGroups) break;
        const bool closed = typed.find('"', token.end) != std::string_view::npos;
        const bool phrase = quoted && closed;
        const bool prefix = !phrase && token.end < typed.size() && typed[token.end] == '*';
        wanted.push_back({{token.word}, phrase, prefix});
        if (phrase) fresh = false;
    }
    return wanted;
}

namespace {

// Whether all that begins with `longer` begins with `shorter`.
bool begins_so(const sql::FulltextPhrase& longer, const sql::FulltextPhrase& shorter) {
    return std::equal(longer.begin(), longer.end() - 1, shorter.begin(), shorter.end() - 1) &&
           longer.back().starts_with(shorter.back());
}

void add_reading(sql::FulltextGroup& group, sql::FulltextPhrase phrase) {
    if (std::ranges::find(group.any_of, phrase) != group.any_of.end()) return;
    if (group.prefix) {  // looking for beginnings costs, so for none twice
        for (const sql::FulltextPhrase& other : group.any_of)
            if (begins_so(phrase, other)) return;
        std::erase_if(group.any_of, [&](const auto& other) { return begins_so(other, phrase); });
    }
    group.any_of.push_back(std::move(phrase));
}

}  // namespace

std::vector<sql::FulltextGroup> groups_of(const std::vector<Wanted>& wanted) {
    std::vector<sql::FulltextGroup> groups;
    for (const Wanted& one : wanted) {
        sql::FulltextGroup group{.any_of = {}, .prefix = one.prefix};
        for (const std::string_view language : {"en", "es", ""}) {
            sql::FulltextPhrase phrase;
            for (const std::string& word : one.words)
                phrase.push_back(term_of(word, language));
            add_reading(group, std::move(phrase));
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

sql::FulltextGroup group_of_any(const std::vector<std::string>& words) {
    sql::FulltextGroup group;
    for (const std::string& word : words) {
        const auto readings = groups_of({{.words = {word}}});
        for (const sql::FulltextPhrase& phrase : readings.front().any_of)
            if (std::ranges::find(group.any_of, phrase) == group.any_of.end()) group.any_of.push_back(phrase);
    }
    return group;
}

std::string text_of(const std::vector<Wanted>& wanted) {
    std::string text;
    for (const Wanted& one : wanted) {
        if (!text.empty()) text += ' ';
        if (one.phrase) text += '"';
        for (std::size_t i = 0; i < one.words.size(); ++i)
            text += (i > 0 ? " " : "") + one.words[i];
        if (one.phrase) text += '"';
        if (one.prefix) text += '*';
    }
    return text;
}

}  // namespace braid::search
