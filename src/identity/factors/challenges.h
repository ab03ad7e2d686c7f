// Challenges that nobody has to remember: each carries its end and a seal over what it is for. Whether one
// was answered already is for the table of used ones.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"

namespace braid::factors {

inline constexpr Duration kChallengeLife = std::chrono::minutes(10);

class Challenges {
  public:
    explicit Challenges(std::string_view site_secret);

    // 40 bytes: 16 random, the end in microseconds (8, big-endian), BLAKE2b-128 over purpose and both.
    // `purpose` names what is being done and for whom: "add 1c4gzk0e5m".
    [[nodiscard]] std::string make(std::string_view purpose, Random& random, Timestamp now) const;
    [[nodiscard]] bool holds(std::string_view challenge, std::string_view purpose, Timestamp now) const;
    // What a passkey calls its owner: 32 bytes that say nothing outside this site.
    [[nodiscard]] std::string user_handle(std::string_view person) const;

  private:
    [[nodiscard]] std::string seal(std::string_view purpose, std::string_view text, std::size_t size) const;
    std::array<unsigned char, 32> key_{};
};

}  // namespace braid::factors
