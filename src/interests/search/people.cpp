#include "interests/search/people.h"

#include <algorithm>
#include <set>

#include "interests/search/query.h"
#include "interests/search/terms.h"
#include "platform/i18n/i18n.h"

namespace braid::search {

namespace {

constexpr int kMostNames = 200;  // looked at

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (const Token& token : tokens_of(text))
        words.push_back(without_accents(token.word));
    return words;
}

std::vector<std::string> words_of(const store::Name& name) {
    auto words = words_of(name.name);
    for (std::string& word : words_of(name.handle))
        words.push_back(std::move(word));
    return words;
}

std::string head_of(std::string_view word) {
    const std::size_t first = initial_of(word).size();
    const std::size_t second = initial_of(word.substr(first)).size();
    return std::string(word.substr(0, first + second));
}

bool slip(std::string_view word, std::string_view other) {
    return word.size() >= 4 && distance(word, other, 1) <= 1;
}

enum class Spelt { right, nearly };

// Each of the words must begin one of hers.
bool is_called(const store::Name& name, const std::vector<std::string>& asked, Spelt spelt) {
    const auto hers = words_of(name);
    return std::ranges::all_of(asked, [&](const std::string& word) {
        return std::ranges::any_of(hers, [&](const std::string& one) {
            return one.starts_with(word) || (spelt == Spelt::nearly && slip(word, one));
        });
    });
}

}  // namespace

std::string_view PeopleSource::label() const {
    return _msg("search.people");
}

Matches PeopleSource::find(sql::Session& session, const access::Actor& actor, Timestamp now,
                           std::string_view words, std::string_view, std::size_t limit) const {
    Matches matches;
    const auto asked = words_of(words);
    if (asked.empty()) return matches;
    // By the longest word; the others are compared.
    const auto longest = std::ranges::max_element(asked, {}, &std::string::size);
    const std::string head = head_of(*longest);
    if (head.size() == initial_of(*longest).size()) return matches;  // one letter is no name
    std::vector<store::Name> found;
    for (const Spelt spelt : {Spelt::right, Spelt::nearly}) {
        const auto rows = store::names_like(
            session, actor, now, head, spelt == Spelt::right ? std::string_view(*longest) : head, kMostNames);
        std::set<access::PersonId> seen;
        for (const store::Name& name : rows)
            if (is_called(name, asked, spelt) && seen.insert(name.person).second) found.push_back(name);
        matches.more = rows.size() == static_cast<std::size_t>(kMostNames);
        if (!found.empty()) break;
    }
    matches.more = matches.more && !found.empty();
    matches.count = static_cast<int>(found.size());
    for (const store::Name& name : found) {
        if (matches.found.size() == limit) break;
        matches.found.push_back({.url = "/people/" + name.handle,
                                 .title = name.name,
                                 .note = "@" + name.handle,
                                 .seed = name.person.text()});
    }
    return matches;
}

void index_name(sql::Tx& tx, access::PersonId person) {
    store::remove_names(tx, person);
    const auto name = store::findable(tx, person);
    if (!name) return;
    for (const std::string& word : words_of(*name))
        store::put_name(tx, head_of(word), word, *name);
}

int catch_up_names(sql::Database& database, int limit) {
    const auto ids =
        database.read([&](sql::Reader& reader) { return store::names_out_of_date(reader, limit); });
    if (ids.empty()) return 0;
    const auto done = database.write([&](sql::Tx& tx) -> Result<void> {
        for (const auto id : ids)
            index_name(tx, id);
        return success();
    });
    return done.ok() ? static_cast<int>(ids.size()) : 0;
}

}  // namespace braid::search
