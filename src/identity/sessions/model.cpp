#include "identity/sessions/model.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "base/text.h"

namespace braid::sessions {

bool is_alive(Timestamp last_seen, Timestamp expires, Timestamp now) {
    return now < expires && now - last_seen < kIdleLife;
}

Agent Agent::parse_stored(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return {std::string(text), {}};
    return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

Agent summarise_agent(std::string_view user_agent) {
    struct Sign {
        std::string_view sign, word;
    };
    // In this order: most browsers also claim to be those below them.
    static constexpr Sign kBrowsers[] = {
        {"Edg", "Edge"},         {"OPR/", "Opera"},         {"SamsungBrowser/", "Samsung Internet"},
        {"Vivaldi/", "Vivaldi"}, {"FxiOS/", "Firefox"},     {"Firefox/", "Firefox"},
        {"CriOS/", "Chrome"},    {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"},
        {"Epiphany/", "Web"},    {"Safari/", "Safari"},     {"curl/", "curl"}};
    static constexpr Sign kSystems[] = {
        {"iPhone", "iPhone"},   {"iPad", "iPad"},       {"Android", "Android"},
        {"CrOS", "ChromeOS"},   {"Windows", "Windows"}, {"Mac OS X", "macOS"},
        {"Macintosh", "macOS"}, {"Linux", "Linux"},     {"FreeBSD", "FreeBSD"}};
    Agent agent;
    for (const Sign& browser : kBrowsers) {
        if (user_agent.find(browser.sign) == std::string_view::npos) continue;
        agent.browser = browser.word;
        break;
    }
    for (const Sign& system : kSystems) {
        if (user_agent.find(system.sign) == std::string_view::npos) continue;
        agent.system = system.word;
        break;
    }
    return agent;
}

std::string network_of(std::string_view address) {
    const std::string text(address);
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
    // ::ffff:a.b.c.d is the IPv4 address itself.
    static constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (std::memcmp(bytes.data(), kMapped.data(), kMapped.size()) == 0) {
        std::array<char, INET_ADDRSTRLEN> plain{};
        inet_ntop(AF_INET, bytes.data() + 12, plain.data(), plain.size());
        return plain.data();
    }
    return hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), 8)) + "/64";
}

std::optional<std::uint8_t> parse_scopes(std::string_view words) {
    std::uint8_t scopes = 0;
    for (const std::string_view word : split(words, ' ')) {
        if (word.empty()) continue;
        if (word == "read") {
            scopes |= static_cast<std::uint8_t>(access::Scope::read);
        } else if (word == "write") {
            scopes |= static_cast<std::uint8_t>(access::Scope::write);
        } else if (word == "account") {
            scopes |= static_cast<std::uint8_t>(access::Scope::account);
        } else {
            return std::nullopt;
        }
    }
    if (scopes == 0) return std::nullopt;
    return scopes;
}

std::string scope_words(std::uint8_t scopes) {
    std::string words;
    const auto add = [&](access::Scope scope, std::string_view word) {
        if ((scopes & static_cast<std::uint8_t>(scope)) == 0) return;
        if (!words.empty()) words += ' ';
        words += word;
    };
    add(access::Scope::read, "read");
    add(access::Scope::write, "write");
    add(access::Scope::account, "account");
    return words;
}

}  // namespace braid::sessions
