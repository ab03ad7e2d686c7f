#include "identity/factors/challenges.h"

#include <sodium.h>

#include <span>

namespace braid::factors {

namespace {

constexpr std::size_t kNonce = 16, kEnd = 8, kSeal = 16;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Challenges::Challenges(std::string_view site_secret) {
    const std::string text = "challenges of passkeys:" + std::string(site_secret);
    crypto_generichash(key_.data(), key_.size(), bytes(text), text.size(), nullptr, 0);
}

std::string Challenges::seal(std::string_view purpose, std::string_view text, std::size_t size) const {
    std::string all(purpose);
    all.append("\n").append(text);
    std::string out(size, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), bytes(all), all.size(),
                       key_.data(), key_.size());
    return out;
}

std::string Challenges::make(std::string_view purpose, Random& random, Timestamp now) const {
    std::string text(kNonce, '\0');
    random.fill(std::as_writable_bytes(std::span(text)));
    const auto end = static_cast<std::uint64_t>((now + kChallengeLife).micros);
    for (std::size_t i = 0; i < kEnd; ++i)
        text += static_cast<char>(end >> (56 - 8 * i) & 255);
    return text + seal(purpose, text, kSeal);
}

bool Challenges::holds(std::string_view challenge, std::string_view purpose, Timestamp now) const {
    if (challenge.size() != kNonce + kEnd + kSeal) return false;
    const std::string_view text = challenge.substr(0, kNonce + kEnd);
    const std::string right = seal(purpose, text, kSeal);
    if (sodium_memcmp(right.data(), challenge.data() + text.size(), kSeal) != 0) return false;
    std::uint64_t end = 0;
    for (const char c : text.substr(kNonce))
        end = end << 8 | static_cast<unsigned char>(c);
    return now.micros < static_cast<std::int64_t>(end);
}

std::string Challenges::user_handle(std::string_view person) const {
    return seal("user handle", person, 32);
}

}  // namespace braid::factors
