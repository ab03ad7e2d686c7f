#include <algorithm>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

// Sorted. Top levels that people use and that are no word of English or Spanish and no ending of a file.
constexpr std::string_view kStrong[] = {
    "app",    "ar",   "art",  "at",      "au",     "bg",    "biz",  "blog", "br",   "ca", "ch",  "chat",
    "cl",     "club", "co",   "com",     "cy",     "cz",    "de",   "dev",  "dk",   "ec", "edu", "ee",
    "es",     "eu",   "fi",   "fr",      "games",  "gg",    "gl",   "gov",  "gr",   "gt", "hk",  "hr",
    "hu",     "ie",   "il",   "info",    "io",     "jp",    "kr",   "link", "live", "lt", "lu",  "lv",
    "mx",     "net",  "nl",   "nz",      "online", "org",   "page", "pe",   "ph",   "pt", "ro",  "ru",
    "school", "si",   "site", "sk",      "social", "store", "tk",   "tn",   "tr",   "tv", "tw",  "ua",
    "uk",     "uy",   "ve",   "website", "xyz",    "za"};
constexpr std::string_view kWeak[] = {"ai", "am", "be", "cc", "cn", "do", "id", "in", "is", "it", "la", "ly",
                                      "md", "me", "my", "no", "pl", "py", "rs", "se", "sh", "so", "to", "us"};
constexpr std::string_view kProviders[] = {
    "aol",     "fastmail", "gmail",      "gmx",      "googlemail", "hotmail", "icloud", "live", "mail",
    "outlook", "proton",   "protonmail", "tutanota", "yahoo",      "yandex",  "ymail",  "zoho"};
constexpr std::string_view kHosts[] = {
    "bit.ly",        "discord.com", "discord.gg",   "facebook.com", "fb.me",         "goo.gl",
    "instagram.com", "linktr.ee",   "snapchat.com", "t.co",         "t.me",          "telegram.me",
    "tiktok.com",    "tinyurl.com", "twitch.tv",    "twitter.com",  "vm.tiktok.com", "wa.me",
    "x.com",         "youtu.be",    "youtube.com"};
constexpr std::string_view kPlatforms[] = {
    "discord",  "disc",    "facebook", "fb",       "gmail",  "ig",     "insta",    "instagram",
    "kik",      "line",    "roblox",   "sc",       "skype",  "snap",   "snapchat", "steam",
    "telegram", "tg",      "threads",  "tiktok",   "tumblr", "twitch", "twitter",  "viber",
    "vsco",     "wattpad", "wechat",   "whatsapp", "wp",     "yt",     "youtube"};

template <std::size_t Size>
bool holds(const std::string_view (&list)[Size], std::string_view word) {
    return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

}  // namespace

Tld tld_of(std::string_view label) {
    if (holds(kStrong, label)) return Tld::strong;
    return holds(kWeak, label) ? Tld::weak : Tld::none;
}

bool is_mail_provider(std::string_view name) {
    return holds(kProviders, name);
}

bool is_known_host(std::string_view host) {
    if (host.starts_with("www.")) host.remove_prefix(4);
    return holds(kHosts, host);
}

bool is_platform(std::string_view word) {
    return holds(kPlatforms, word);
}

}  // namespace braid::contact
