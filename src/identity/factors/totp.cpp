#include "identity/factors/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <stdexcept>

#include "base/text.h"

namespace braid::factors {

std::string base32(std::string_view bytes) {
    static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = held << 8 | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += kAlphabet[held >> bits & 31];
        }
    }
    if (bits > 0) text += kAlphabet[held << (5 - bits) & 31];
    return text;
}

std::string grouped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i != 0 && i % 4 == 0) out += ' ';
        out += text[i];
    }
    return out;
}

std::string hotp(std::string_view secret, std::uint64_t counter) {
    std::array<unsigned char, 8> message{};
    for (std::size_t i = 0; i < message.size(); ++i)
        message[i] = static_cast<unsigned char>(counter >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), message.data(), message.size(),
             mac.data(), &size) == nullptr ||
        size != 20) {
        throw std::runtime_error("HMAC-SHA-1 is not available");
    }
    const unsigned offset = mac[19] & 0x0fU;
    const std::uint32_t number = (mac[offset] & 0x7fU) << 24 |
                                 static_cast<std::uint32_t>(mac[offset + 1]) << 16 |
                                 static_cast<std::uint32_t>(mac[offset + 2]) << 8 | mac[offset + 3];
    std::string digits = std::to_string(number % 1'000'000);
    return std::string(kDigits - digits.size(), '0') + digits;
}

std::int64_t step_at(Timestamp now) {
    return now.micros / 1'000'000 / kStepSeconds;
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view typed, Timestamp now,
                                          std::int64_t last_step) {
    std::string code;
    for (const char c : typed) {
        if (c == ' ') continue;
        if (c < '0' || c > '9') return std::nullopt;
        code += c;
    }
    if (code.size() != static_cast<std::size_t>(kDigits)) return std::nullopt;
    std::optional<std::int64_t> found;
    // All three are compared whatever comes of it, so that time tells nothing.
    for (const std::int64_t shift : {-1, 0, 1}) {
        const std::int64_t step = step_at(now) + shift;
        if (step < 0) continue;
        const std::string right = hotp(secret, static_cast<std::uint64_t>(step));
        const bool same = sodium_memcmp(right.data(), code.data(), code.size()) == 0;
        if (same && step > last_step) found = step;
    }
    return found;
}

std::string otpauth_uri(std::string_view site, std::string_view handle, std::string_view secret) {
    const std::string issuer = percent_encode(site);
    return "otpauth://totp/" + issuer + ":" + percent_encode(handle) + "?secret=" + base32(secret) +
           "&issuer=" + issuer + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace braid::factors
