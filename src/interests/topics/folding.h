// How labels and what people type are compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace braid::topics {

// "K-Pop!" → "k pop", "Año nuevo" → "ano nuevo", "C++" → "c++", "Rock & Roll" → "rock and roll". Unicode NFKD
// without marks, case folded; apostrophes fall away, other signs part words, '+' and '#' stay where a letter
// stands before them; a '#' in front falls away. What is left of signs alone is kept as it is. `text` is
// valid UTF-8.
std::string fold(std::string_view text);

// The words of folded text without what people say around a thing: "i really love making comics" →
// "making comics", "comics"; the longest first. Never empty; the first is the text itself.
std::vector<std::string> without_filler(std::string_view folded);

// The same for a word's singular and its plural, English and Spanish alike ("stories", "story"; "luces",
// "luz"), and for some words that are neither: ask plural_of.
std::string plural_key(std::string_view folded);
// Whether two texts differ only in words that stand in the plural in one of them.
bool plural_of(std::string_view a, std::string_view b);

// Without its spaces: "k pop" → "kpop".
std::string compact(std::string_view folded);

// First letters of its words: "one direction" → "od", "1d" (number words as digits), with and without small
// words ("lord of the rings" → "lotr", "lr"). Empty for one word or more than eight.
std::vector<std::string> acronyms(std::string_view folded);

// Optimal string alignment (insertions, deletions, replacements, swapped neighbours), in code points; more
// than `most` is most + 1.
int distance(std::u32string_view a, std::u32string_view b, int most);

std::u32string code_points(std::string_view text);
// How many mistakes are taken for mistakes in a word of so many letters: none up to 3, one up to 7, else two.
int mistakes_allowed(std::size_t letters);

}  // namespace braid::topics
