// What is kept secret at rest: the secrets of apps, encrypted; recovery codes, hashed. Keys are made from the
// site's secret, so a copy of the database alone gives neither.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "access/actor.h"
#include "base/random.h"

namespace braid::factors {

using access::PersonId;

// Thread-safe: nothing changes after construction.
class Vault {
  public:
    explicit Vault(std::string_view site_secret);

    // libsodium's secretbox (XSalsa20-Poly1305) under a random nonce, which stands before it. The person is
    // inside, so that a box moved to another's row does not open.
    [[nodiscard]] sql::Bytes close(PersonId person, std::string_view secret, Random& random) const;
    // Nothing when it was changed, is another's, or was closed under another site's secret.
    [[nodiscard]] std::optional<std::string> open(PersonId person, const sql::Bytes& box) const;

    // BLAKE2b-256 of the code, keyed, with the person in it: 50 random bits need no slow hash when the key is
    // elsewhere.
    [[nodiscard]] std::string hash_code(PersonId person, std::string_view normal_code) const;

  private:
    std::array<unsigned char, 32> box_key_{}, code_key_{};
};

inline constexpr int kRecoveryCodes = 10;

// Ten letters and digits without look-alikes (Crockford base 32), written "k3v9m-2xq7t".
std::string make_recovery_code(Random& random);
// As typed → ten characters in lower case, look-alikes set right (o → 0, i and l → 1); nothing when it cannot
// be one.
std::optional<std::string> normal_recovery_code(std::string_view typed);

}  // namespace braid::factors
