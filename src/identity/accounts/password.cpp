#include "identity/accounts/password.h"

#include <algorithm>
#include <stdexcept>

#include <sodium.h>

#include "base/text.h"
#include "identity/accounts/api.h"

namespace braid::accounts {

namespace {

std::string keyed_hash(std::string_view key, std::string_view value) {
    std::string digest(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                       reinterpret_cast<const unsigned char*>(value.data()), value.size(),
                       key.empty() ? nullptr : reinterpret_cast<const unsigned char*>(key.data()),
                       std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX));
    return digest;
}

// Gives the place back whatever happens.
template <class Semaphore>
struct Place {
    Semaphore& semaphore;
    explicit Place(Semaphore& taken) : semaphore(taken) {}
    ~Place() { semaphore.release(); }
};

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost, int parallel, std::chrono::milliseconds patience)
    : cost_(cost), places_(std::clamp(parallel, 1, 256)), patience_(patience) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium has no source of randomness");
    cost_.passes = std::max(cost_.passes, 1);
    cost_.memory_kib = std::max(cost_.memory_kib, 8);
    // 16 bytes of salt and 32 of hash, all zero, in the encoding of the reference implementation.
    nobody_ = "$argon2id$v=19$m=" + std::to_string(cost_.memory_kib) + ",t=" + std::to_string(cost_.passes) +
              ",p=1$" + std::string(22, 'A') + "$" + std::string(43, 'A');
}

Result<std::string> PasswordHasher::hash(std::string_view password) {
    if (!places_.try_acquire_for(patience_)) return unavailable("too many passwords at once", 2);
    const Place place{places_};
    char text[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(
            text, password.data(), password.size(), static_cast<unsigned long long>(cost_.passes),
            static_cast<std::size_t>(cost_.memory_kib) << 10, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return unavailable("no memory for a password hash", 2);
    }
    return std::string(text);
}

Result<bool> PasswordHasher::verify(const std::optional<std::string>& stored, std::string_view password) {
    if (!places_.try_acquire_for(patience_)) return unavailable("too many passwords at once", 2);
    const Place place{places_};
    // An account without a password (made by an import) costs as much as any other.
    const bool real = stored && !stored->empty();
    const std::string& text = real ? *stored : nobody_;
    return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0 && real;
}

bool PasswordHasher::outdated(const std::string& stored) const {
    return crypto_pwhash_str_needs_rehash(stored.c_str(), static_cast<unsigned long long>(cost_.passes),
                                          static_cast<std::size_t>(cost_.memory_kib) << 10) != 0;
}

std::string token_hash(std::string_view token) {
    return base64url(keyed_hash({}, token));
}

std::string seal(std::string_view key, std::string_view value) {
    return base64url(keyed_hash(key, value));
}

bool seal_holds(std::string_view key, std::string_view value, std::string_view seal) {
    const std::string expected = accounts::seal(key, value);
    return expected.size() == seal.size() && sodium_memcmp(expected.data(), seal.data(), seal.size()) == 0;
}

}  // namespace braid::accounts
