// The compiled catalogue: what tools/catalogue makes of the .po files of all modules.
#pragma once

#include <span>
#include <string_view>

namespace braid::i18n {

struct Row {
    std::string_view key;
    struct Texts {
        std::string_view one,
            other;  // a message without plural has `one` alone; both empty: missing in this language
    } texts[2];     // by Language
};

// Sorted by key.
std::span<const Row> catalogue();

}  // namespace braid::i18n
