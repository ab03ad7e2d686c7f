// What somebody typed, as groups that must all be there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/sql/fulltext.h"

namespace braid::search {

struct Wanted {
    std::vector<std::string> words;  // folded; more than one in a phrase
    bool phrase = false, prefix = false;
};

// Quotes make phrases, a star after a word what begins so; everything else parts words.
std::vector<Wanted> parse(std::string_view typed);
// Each in every language that we stem.
std::vector<sql::FulltextGroup> groups_of(const std::vector<Wanted>& wanted);
// As it would be typed.
std::string text_of(const std::vector<Wanted>& wanted);

}  // namespace braid::search
