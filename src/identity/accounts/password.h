// Password hashes: Argon2id (RFC 9106) by libsodium, in its modular text form, which carries its own cost and
// salt.
#pragma once

#include <chrono>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

#include "base/result.h"

namespace braid::accounts {

struct PasswordCost {
    int passes = 2;  // Argon2's t
    int memory_kib =
        19 << 10;  // Argon2's m; with t = 2 and p = 1 the second choice of OWASP's password storage sheet
};

// Thread-safe. At most `parallel` hashes run at once, so memory stays below parallel × memory_kib; who waits
// longer than `patience` is told to try again (unavailable). Blocks for tens of milliseconds: only on
// workers, never in a transaction.
class PasswordHasher {
  public:
    PasswordHasher(PasswordCost cost, int parallel,
                   std::chrono::milliseconds patience = std::chrono::seconds(5));

    Result<std::string> hash(std::string_view password);
    // Whether `password` is the one of `stored`. Without `stored` (no such account) it does the same work and
    // says no.
    Result<bool> verify(const std::optional<std::string>& stored, std::string_view password);
    // Made at another cost than today's: hash again at the next chance.
    [[nodiscard]] bool outdated(const std::string& stored) const;

  private:
    PasswordCost cost_;
    std::string nobody_;  // well-formed, of today's cost, of no password
    std::counting_semaphore<256> places_;
    std::chrono::milliseconds patience_;
};

}  // namespace braid::accounts
