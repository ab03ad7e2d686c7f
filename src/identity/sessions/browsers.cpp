#include "identity/sessions/browsers.h"

#include <sodium.h>

#include <vector>

#include "base/text.h"

namespace braid::sessions {

namespace {

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1'000'000;
constexpr std::size_t kNonceText = 16, kMacText = 22;  // base64url of 12 and of 16 bytes

struct Part {
    std::string_view whole, nonce, day, mac;
};

std::optional<Part> parse(std::string_view text, Timestamp now) {
    const auto pieces = split(text, '~');
    if (pieces.size() != 3 || pieces[0].size() != kNonceText || pieces[2].size() != kMacText)
        return std::nullopt;
    const auto day = parse_integer(pieces[1]);
    if (!day || pieces[1].size() > 6 || *day < 0 || *day > now.micros / kDay + 1) return std::nullopt;
    if (now.micros / kDay - *day > kBrowserLife.count() / kDay) return std::nullopt;
    return Part{text, pieces[0], pieces[1], pieces[2]};
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

KnownBrowsers::KnownBrowsers(std::string_view secret) {
    const std::string text = "known browsers:" + std::string(secret);
    crypto_generichash(key_.data(), key_.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), nullptr, 0);
}

std::string KnownBrowsers::mac(std::string_view account, std::string_view nonce, std::string_view day) const {
    std::string text(account);
    text.append("\n").append(nonce).append("\n").append(day);
    std::string out(16, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_.data(),
                       key_.size());
    return base64url(out);
}

std::optional<std::string> KnownBrowsers::known(std::string_view cookie, std::string_view account,
                                                Timestamp now) const {
    if (cookie.size() > 512) return std::nullopt;
    for (const std::string_view text : split(cookie, '.')) {
        const auto part = parse(text, now);
        if (part && equal(part->mac, mac(account, part->nonce, part->day))) return std::string(part->nonce);
    }
    return std::nullopt;
}

std::string KnownBrowsers::with(std::string_view cookie, std::string_view account, Random& random,
                                Timestamp now) const {
    const std::string nonce = random.token(12);
    const std::string day = std::to_string(now.micros / kDay);
    std::string fresh = nonce + "~" + day + "~" + mac(account, nonce, day);
    if (cookie.size() > 512) return fresh;
    std::size_t kept = 1;
    for (const std::string_view text : split(cookie, '.')) {
        const auto part = parse(text, now);
        if (!part || kept == kAccountsPerBrowser) continue;
        if (equal(part->mac, mac(account, part->nonce, part->day)))
            continue;  // the old entry of this account
        fresh.append(".").append(part->whole);
        ++kept;
    }
    return fresh;
}

}  // namespace braid::sessions
