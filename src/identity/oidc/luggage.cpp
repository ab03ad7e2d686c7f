#include "identity/oidc/luggage.h"

#include "base/text.h"
#include "identity/accounts/api.h"

namespace braid::oidc {

Luggage::Luggage(std::string_view site_secret, std::string_view kind)
    // Hashed, so that the key has one length whatever the secret.
    : key_(accounts::token_hash("sign-in provider, " + std::string(kind) + ":" + std::string(site_secret))) {}

std::string Luggage::pack(const std::vector<std::string>& things, Timestamp until) const {
    std::string text = std::to_string(until.micros);
    for (const std::string& thing : things)
        text.append(".").append(base64url(thing));
    return text + "." + accounts::seal(key_, text);
}

std::optional<std::vector<std::string>> Luggage::unpack(std::string_view cookie, std::size_t count,
                                                        Timestamp now) const {
    const auto end = cookie.rfind('.');
    if (end == std::string_view::npos || cookie.size() > 4096) return std::nullopt;
    const std::string_view text = cookie.substr(0, end);
    if (!accounts::seal_holds(key_, text, cookie.substr(end + 1))) return std::nullopt;
    const auto parts = split(text, '.');
    if (parts.size() != count + 1 || parse_integer(parts[0]).value_or(0) <= now.micros) return std::nullopt;
    std::vector<std::string> things;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        auto thing = from_base64url(parts[i]);
        if (!thing) return std::nullopt;
        things.push_back(*std::move(thing));
    }
    return things;
}

}  // namespace braid::oidc
