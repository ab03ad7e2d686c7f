// A number from a text, the same for ever: what tints and covers are drawn from.
#pragma once

#include <cstdint>
#include <string_view>

namespace braid::shell {

// FNV-1a, 64 bits (Fowler, Noll, Vo), then the finaliser of splitmix64 so that near texts differ everywhere.
constexpr std::uint64_t seed_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    hash ^= hash >> 30U;
    hash *= 0xbf58476d1ce4e5b9ULL;
    hash ^= hash >> 27U;
    hash *= 0x94d049bb133111ebULL;
    return hash ^ (hash >> 31U);
}

}  // namespace braid::shell
