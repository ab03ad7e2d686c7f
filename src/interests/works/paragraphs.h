// Paragraphs and the keys that comments hang on.
//
// A key belongs to one paragraph of one chapter for ever. When the text changes, paragraphs that are still
// there keep their keys, changed ones keep them while they are recognisably the same, new ones get keys never
// given before. A key that fell away comes back only with exactly the words it had.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/works/api.h"
#include "platform/html/plain.h"
#include "platform/html/richtext.h"

namespace braid::works {

// A key with the words it stood for (spaces folded).
struct KeyedText {
    std::string key;
    std::string plain;
    friend bool operator==(const KeyedText&, const KeyedText&) = default;
};

struct Alignment {
    std::vector<std::string> keys;     // one per block of the new text, in order
    std::vector<KeyedText> retired;    // of the old text: no block carries them now
    std::vector<std::string> revived;  // of the retired ones: a block carries them again
    std::int64_t next_key = 1;
};

// Gives the blocks of a new text their keys. `old`: the paragraphs it replaces, in order; `retired`: keys
// that fell away in earlier revisions; `next_key`: the first number never given. In steps:
//   1. equal words in equal order: common head and tail, then words that occur once in both (longest
//   increasing run), then equal
//      neighbours of those;
//   2. between those anchors the most similar pairs in order (character trigrams, Dice ≥ 0.4), and a pair
//   that is alone between its anchors from 0.2;
//   3. equal words that moved elsewhere;
//   4. equal words among the retired;
//   5. a new key.
// O(n log n) in the text but for step 2, which compares at most 10,000 pairs between two anchors and beyond
// that only near neighbours.
Alignment align(std::span<const KeyedText> old, std::span<const KeyedText> retired,
                std::span<const html::Block> blocks, std::int64_t next_key);

// 1 → "1", 36 → "10": base 36, lower case.
std::string paragraph_key(std::int64_t number);
bool is_paragraph_key(std::string_view text);  // [0-9a-z]{1,12}

// How paragraphs are stored: for each one "key length LF html", without separators. Read in one pass.
std::string pack(std::span<const Paragraph> paragraphs);
// Throws sql::Failure{corrupt} when the text is not packed paragraphs.
std::vector<Paragraph> unpack(std::string_view packed);
using html::plain_of;

}  // namespace braid::works
