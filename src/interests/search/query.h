// What somebody typed: words that must all be there, and what the works must be like.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "interests/works/api.h"
#include "platform/sql/fulltext.h"

namespace braid::search {

struct Wanted {
    std::vector<std::string> words;  // folded; more than one in a phrase
    bool phrase = false, prefix = false;
};

// What works must be like; chapters are as their work is.
struct Filters {
    std::vector<std::string> tags;  // keys; at most kMostTags
    std::optional<access::Rating> rating;
    std::optional<works::Status> status;
    std::string language;  // "" for all
    std::string by;        // a handle, "" for everybody
    // Whether anything is asked of works.
    [[nodiscard]] bool any() const {
        return !tags.empty() || rating || status || !language.empty() || !by.empty();
    }
    friend bool operator==(const Filters&, const Filters&) = default;
};
inline constexpr std::size_t kMostTags = 3;  // further ones are not looked at

struct Understood {
    std::string words;  // what was typed without its filters
    std::string kind;   // "" when no kind was named
    Filters filters;
};
// Takes filters out of what was typed: tag:ghosts, tag:"ghost stories", rating:teen, status:complete,
// language:es, by:abi, kind:work, and the same in Spanish (etiqueta:, edad:, estado:, idioma:, de:, tipo:).
// The last of a name counts, of tags all. What names no filter, or says nothing that it could be, is words.
Understood understand(std::string_view typed);
// One value of a filter, as typed in either language; nothing when it is none.
std::optional<access::Rating> rating_of(std::string_view value);
std::optional<works::Status> status_of(std::string_view value);
// As addresses and marks say it: "teen", "complete".
std::string_view value_of(access::Rating rating);
std::string_view value_of(works::Status status);

// Quotes make phrases, a star after a word what begins so; everything else parts words.
std::vector<Wanted> parse(std::string_view typed);
// Each in every language that we stem.
std::vector<sql::FulltextGroup> groups_of(const std::vector<Wanted>& wanted);
// The same for a word that may mean one of several.
sql::FulltextGroup group_of_any(const std::vector<std::string>& words);
// As it would be typed.
std::string text_of(const std::vector<Wanted>& wanted);

}  // namespace braid::search
